"""Files, folders and standard input as articles; whatever cannot be read as a Failure, and on."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from ingest.read.facts import Facts, article
from ingest.read.pages import PageError, parse_html, parse_markdown
from ingest.records import Article, ExplainedError, Failure

SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl")
# One article: a file, or a line of a .jsonl file. A long newspaper article is 0.1 MB.
MAX_BYTES = 20_000_000
MAX_CHARACTERS = 1_000_000  # of one article: five hours of reading aloud
# Standard input is text unless a brace comes first; after so many blank lines it is text.
_MOST_BLANK_LINES = 1_000


class ReadError(ExplainedError):
    """A source that cannot be read. The message names it, what is wrong and what to do next."""

    def __init__(self, source: str | Path, problem: str) -> None:
        super().__init__(f"{source}: {problem}")
        self.source = str(source)

    def failure(self) -> Failure:
        """The same as a record."""
        return Failure(self.source, "read", str(self))


def read(sources: Iterable[str | Path]) -> Iterator[Article | Failure]:
    """Yield an Article, or a Failure, for each article in files, folders and ``-`` (standard input).

    Lazily, in the order given, a folder's files sorted by name. The same article named twice
    comes once. Another article under an id already used is a Failure.
    """
    seen: dict[str, int] = {}
    for source in sources:
        for item in _from_stdin() if str(source) == "-" else _from_path(Path(source)):
            if isinstance(item, Failure):
                yield item
            elif item.id not in seen:
                seen[item.id] = hash(item)
                yield item
            elif seen[item.id] != hash(item):
                problem = f"two articles have the id {item.id!r}; give each an id of its own"
                yield ReadError(source, problem).failure()


def _from_path(path: Path, article_id: str | None = None) -> Iterator[Article | Failure]:
    """Yield what a file or a folder holds. A file's article is known by its stem unless told."""
    try:
        if path.is_dir():
            yield from _from_folder(path)
        else:
            yield from _from_file(path, article_id or path.stem)
    except ReadError as error:
        yield error.failure()
    except FileNotFoundError:
        yield ReadError(path, "no such file or folder; check the name").failure()
    except (OSError, ValueError) as error:  # a ValueError: no file system can hold such a name
        reason = getattr(error, "strerror", None) or str(error)
        yield ReadError(path, f"cannot be opened ({reason}); check its name and permissions").failure()


def _from_folder(folder: Path) -> Iterator[Article | Failure]:
    """Walk a folder in order, past hidden names, other kinds of file and links to folders."""
    refused: list[OSError] = []
    empty = True
    for parent, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith("."):
                empty = False
                yield from _from_path(path, path.relative_to(folder).with_suffix("").as_posix())
    for error in refused:
        problem = f"cannot open this folder ({error.strerror}); check its permissions"
        yield ReadError(error.filename, problem).failure()
    if empty and not refused:
        raise ReadError(folder, f"nothing to read in this folder; put {_listed(SUFFIXES)} files in it")


def _from_file(path: Path, article_id: str) -> Iterator[Article | Failure]:
    """Yield the article of one file, or each article of a .jsonl file."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES and path.exists():
        raise ReadError(path, f"not a kind of file that can be read; rename it to one of {_listed(SUFFIXES)}")
    if path.exists() and not path.is_file():  # a pipe would make us wait for ever
        raise ReadError(path, "not a regular file; pipe its content in and give - as the source")
    with path.open("rb") as file:
        if suffix == ".jsonl":
            yield from _from_json_lines(_bounded_lines(file), path, article_id)
        else:
            yield _parse(file.read(MAX_BYTES + 1), suffix, path, article_id)


def _from_stdin() -> Iterator[Article | Failure]:
    """Yield the article on standard input, or one a line when the first character is a brace."""
    stream, name = sys.stdin.buffer, "standard input"
    lines = _bounded_lines(stream)
    head: list[bytes] = []
    for line in lines:
        head.append(line)
        if line.strip() or len(head) > _MOST_BLANK_LINES:
            break
    if head and head[-1].lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
        yield from _from_json_lines(chain(head, lines), name, "stdin")
        return
    try:
        yield _parse(b"".join(head) + stream.read(MAX_BYTES + 1), ".txt", name, "stdin")
    except ReadError as error:
        yield error.failure()


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines, of an overlong one only so much that its length shows."""
    while line := stream.readline(MAX_BYTES + 1):
        yield line
        while len(line) > MAX_BYTES and not line.endswith(b"\n"):
            line = stream.readline(MAX_BYTES + 1)


def _from_json_lines(lines: Iterable[bytes], source: str | Path, stem: str) -> Iterator[Article | Failure]:
    """Yield the article of each line; one without an id is known by its file and line: ``wire-3``."""
    empty = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        empty = False
        where = f"{source}:{number}"
        try:
            yield _parse(line, ".jsonl", where, f"{stem}-{number}")
        except ReadError as error:
            yield error.failure()
    if empty:
        raise ReadError(source, "empty; write one article a line into it, or leave it out")


def _parse(data: bytes, suffix: str, where: str | Path, article_id: str) -> Article:
    """Make an Article of one article's bytes, or raise a ReadError.

    Plain text is kept to the character, so that offsets count the characters of the decoded file.
    Only a byte order mark becomes a space: no tool downstream should take it for a word.
    """
    _refuse_non_text(data, where)
    try:
        if suffix in (".html", ".htm"):
            text, facts = parse_html(data)
        elif suffix == ".md":
            text, facts = parse_markdown(_decode(data, where).removeprefix("\ufeff"))
        elif suffix == ".jsonl":
            text, facts = _parse_json(_decode(data, where).removeprefix("\ufeff"))
        else:
            text, facts = _decode(data, where), {}
            if text.startswith("\ufeff"):
                text = " " + text[1:]
    except PageError as error:
        raise ReadError(where, str(error)) from error
    if "\0" in text:  # an escape of JSON may bring one in
        raise ReadError(where, "not text (it holds NUL characters); convert it to plain text first")
    if not text.strip():
        raise ReadError(where, "no text in it; add the article's text, or leave it out")
    if len(text) > MAX_CHARACTERS:
        problem = f"{len(text):,} characters are too many for one article"
        raise ReadError(where, f"{problem}; split it into its articles (.jsonl takes one a line)")
    return article(text, facts, article_id)


def _parse_json(line: str) -> tuple[str, Facts]:
    """Return the text and the facts of one line of JSON."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise PageError(f"not valid JSON ({error}); write one article a line, as an object") from error
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise PageError('no "text" in this line; each needs one, a string that is not blank')
    # An escape may spell half a character, which no file can hold.
    return re.sub("[\ud800-\udfff]", "\ufffd", text), record


def _refuse_non_text(data: bytes, where: str | Path) -> None:
    """Raise a ReadError for what is empty, too large, or not text at all."""
    if not data.strip():
        raise ReadError(where, "empty; put the article's text in it, or leave it out")
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        raise ReadError(where, f"larger than {limit}; split it into its articles (.jsonl takes one a line)")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadError(where, "UTF-16, not UTF-8; convert it, e.g. iconv -f UTF-16 -t UTF-8")
    sample = data[:10_000]
    controls = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in sample)
    if b"\0" in data or controls > len(sample) / 20:
        raise ReadError(where, "binary, not text; convert it to plain text or HTML first")


def _decode(data: bytes, where: str | Path) -> str:
    """Decode UTF-8, newlines untouched; or raise a ReadError that says where it goes wrong."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 (byte {error.start} is 0x{data[error.start]:02x}); convert it, "
        raise ReadError(where, problem + "e.g. iconv -f WINDOWS-1252 -t UTF-8") from error


def _listed(suffixes: tuple[str, ...]) -> str:
    """``(".txt", ".md")`` → ``".txt, .md"``."""
    return ", ".join(suffixes)
