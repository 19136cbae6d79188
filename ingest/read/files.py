"""Files, folders, standard input and web addresses as articles; what cannot be read as a Failure, and on."""

from __future__ import annotations

import gzip
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from ingest.read import parse
from ingest.read.archives import read_warc
from ingest.read.errors import ReadError
from ingest.read.facts import Columns
from ingest.read.feeds import is_comment, only_addresses, sort_of
from ingest.read.online import from_address, from_listing
from ingest.read.tables import read_csv, read_parquet
from ingest.read.web import Web
from ingest.records import Article, Failure

SINGLE: dict[str, parse.Kind] = {".txt": "text", ".md": "markdown", ".html": "page", ".htm": "page"}
# Files of articles. Each may be gzipped as well: .jsonl.gz
SUFFIXES = (*SINGLE, ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".warc")
# Files of addresses. They are followed only where the file itself is named: whoever names a folder has
# not asked for anything from the web.
LISTS = (".urls", ".xml", ".rss", ".atom")
# Whether standard input is lines of JSON, its first character tells; after so many blank lines it is none.
_MOST_BLANK_LINES = 1_000
_REMEMBERED = 250_000
_GZIP = b"\x1f\x8b"
_ADDRESS = ("http://", "https://")
_OTHER_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def read(
    sources: Iterable[str | Path], *, columns: Columns | None = None, web: Web | None = None
) -> Iterator[Article | Failure]:
    """Yield an Article, or a Failure, for each article in files, folders, web addresses and ``-``.

    ``-`` is standard input. A web address is that of a page, a feed or a sitemap; nothing is fetched but
    what is given so, or stands in a file of addresses that is named itself. ``columns`` says which column
    of a table or field of a line of JSON holds what, ``web`` how things are fetched.

    Lazily, in the order given, a folder's files sorted by name, in memory that does not grow with the
    input. The same article met twice comes once. Another article under an id already used is a Failure.
    """
    met = _Met()
    with Web() if web is None else nullcontext(web) as client:
        reader = _Reader(columns or Columns(), client)
        for source in sources:
            for item in reader.articles(source):
                before = None if isinstance(item, Failure) else met.before(item)
                if isinstance(item, Failure) or before is None:
                    yield item
                elif before != hash(item):
                    problem = f"two articles have the id {item.id!r}; give each an id of its own"
                    yield ReadError(source, problem).failure()


class _Met:
    """The articles met lately: the last quarter of a million, and up to as many before them.

    There may be more than memory holds. Two of one id that are further apart are the store's to tell.
    """

    def __init__(self) -> None:
        self._late: dict[int, int] = {}
        self._early: dict[int, int] = {}

    def before(self, article: Article) -> int | None:
        """Note an article; return the hash of the one met before under its id, if any."""
        key = hash(article.id)
        known = self._late.get(key, self._early.get(key))
        if known is None:
            if len(self._late) >= _REMEMBERED:
                self._early, self._late = self._late, {}
            self._late[key] = hash(article)
        return known


@dataclass(frozen=True)
class _Reader:
    columns: Columns
    web: Web

    def articles(self, source: str | Path) -> Iterator[Article | Failure]:
        """Yield what one source holds, whatever it is."""
        name = str(source)
        if name == "-":
            yield from _guarded("standard input", self._from_stdin)
        elif name.lower().startswith(_ADDRESS):
            yield from _under(name, from_address(name, self.web))
        elif _OTHER_ADDRESS.match(name):
            problem = (
                "not an address of the web; give one that begins with http:// or https://, or a file's path"
            )
            yield ReadError(source, problem).failure()
        else:
            yield from _guarded(source, partial(self._from_path, Path(source)))

    def _from_path(self, path: Path) -> Iterator[Article | Failure]:
        if path.is_dir():
            yield from self._from_folder(path)
        elif suffix_and_stem(path)[0] in LISTS:
            yield from self._from_list(path)
        else:
            yield from self._from_file(path, suffix_and_stem(path)[1], follow=True)

    def _from_folder(self, folder: Path) -> Iterator[Article | Failure]:
        """Walk a folder in order, past hidden names, other kinds of file and links to folders."""
        refused: list[OSError] = []
        empty = True
        for parent, folders, names in os.walk(folder, onerror=refused.append):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(parent, name)
                suffix, stem = suffix_and_stem(path)
                if suffix in SUFFIXES and not name.startswith("."):
                    empty = False
                    known_as = path.relative_to(folder).with_name(stem).as_posix()
                    yield from _guarded(path, partial(self._from_file, path, known_as, follow=False))
        for error in refused:
            problem = f"cannot open this folder ({error.strerror}); check its permissions"
            yield ReadError(error.filename, problem).failure()
        if empty and not refused:
            raise ReadError(folder, f"nothing to read in this folder; put {_listed(SUFFIXES)} files in it")

    def _from_file(self, path: Path, known_as: str, *, follow: bool) -> Iterator[Article | Failure]:
        """Yield the article of one file, or each article of a file of many."""
        suffix, _ = suffix_and_stem(path)
        if suffix not in SUFFIXES and path.exists():
            kinds = _listed((*SUFFIXES, *LISTS))
            raise ReadError(path, f"not a kind of file that can be read; rename it to one of {kinds}")
        with opened(path) as file:
            if suffix in SINGLE:
                data = file.read(parse.MAX_BYTES + 1)
                yield from self._from_bytes(data, SINGLE[suffix], path, known_as, follow=follow)
            elif suffix == ".warc":
                yield from read_warc(file, path)
            elif suffix == ".parquet":
                yield from read_parquet(path, known_as, self.columns)
            elif suffix in (".csv", ".tsv"):
                yield from read_csv(file, path, known_as, self.columns)
            else:
                yield from self._from_json_lines(_bounded_lines(file), path, known_as)

    def _from_bytes(
        self, data: bytes, kind: parse.Kind, where: str | Path, known_as: str, *, follow: bool
    ) -> Iterator[Article | Failure]:
        """Yield the article of one file; of a text that is only addresses, the articles that they lead to."""
        article = parse.parse(data, kind, where, known_as)
        addresses = only_addresses(article.text) if kind == "text" else []
        if addresses and not follow:
            raise ReadError(where, "only web addresses in it; name the file itself to have them fetched")
        if not addresses:
            yield article
        for address in addresses:
            yield from _under(where, from_address(address, self.web))

    def _from_list(self, path: Path) -> Iterator[Article | Failure]:
        """Yield the article of each address in a file of addresses, a saved feed or a saved sitemap."""
        with opened(path) as file:
            if suffix_and_stem(path)[0] == ".urls":
                yield from self._from_addresses(_bounded_lines(file), path)
            else:
                data = file.read(parse.MAX_BYTES + 1)
                parse.refuse_non_text(data, path)
                yield from _under(path, from_listing(data, str(path), self.web))

    def _from_addresses(self, lines: Iterable[bytes], path: Path) -> Iterator[Article | Failure]:
        empty = True
        for number, line in enumerate(lines, start=1):
            address = line.decode("utf-8", "replace").lstrip("\ufeff").strip()
            if is_comment(address):
                continue
            empty = False
            if address.lower().startswith(_ADDRESS):
                yield from _under(path, from_address(address, self.web))
            else:
                problem = "no web address; write one a line that begins with http:// or https://"
                yield ReadError(f"{path}:{number}", problem).failure()
        if empty:
            raise ReadError(path, "empty; write one web address a line into it, or leave it out")

    def _from_stdin(self) -> Iterator[Article | Failure]:
        """Yield what standard input holds: lines of JSON if a brace comes first, a page, a list or a text."""
        stream, name = _unzipped(sys.stdin.buffer), "standard input"
        lines = _bounded_lines(stream)
        head: list[bytes] = []
        for line in lines:
            head.append(line)
            if line.strip() or len(head) > _MOST_BLANK_LINES:
                break
        if head and head[-1].lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
            yield from self._from_json_lines(chain(head, lines), name, "stdin")
        else:
            data = b"".join(head) + stream.read(parse.MAX_BYTES + 1)
            sort = sort_of(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else None
            if sort in ("feed", "sitemap"):
                parse.refuse_non_text(data, name)
                yield from _under(name, from_listing(data, name, self.web))
            else:
                kind: parse.Kind = "page" if sort == "page" else "text"
                yield from self._from_bytes(data, kind, name, "stdin", follow=True)

    def _from_json_lines(
        self, lines: Iterable[bytes], source: str | Path, stem: str
    ) -> Iterator[Article | Failure]:
        """Yield the article of each line; one without id or address is known by its line: ``wire-3``."""
        empty = True
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            empty = False
            try:
                yield parse.parse_json(line, self.columns, f"{source}:{number}", f"{stem}-{number}")
            except ReadError as error:
                yield error.failure()
        if empty:
            raise ReadError(source, "empty; write one article a line into it, or leave it out")


def _under(source: str | Path, items: Iterable[Article | Failure]) -> Iterator[Article | Failure]:
    """Yield items, each Failure of a page named after the list that led to it, so that both can be found."""
    for item in items:
        if isinstance(item, Failure) and item.source != str(source):
            item = replace(item, source=f"{source}: {item.source}")
        yield item


def _guarded(
    source: str | Path, articles: Callable[[], Iterator[Article | Failure]]
) -> Iterator[Article | Failure]:
    """Yield articles until the source itself fails, and then that as a Failure."""
    try:
        yield from articles()
    except ReadError as error:
        yield error.failure()
    except FileNotFoundError:
        yield ReadError(source, "no such file or folder; check the name").failure()
    except (EOFError, zlib.error, gzip.BadGzipFile):
        problem = "its compressed content is cut short or damaged; what came before is read"
        yield ReadError(source, f"{problem}: fetch or compress it again").failure()
    except (OSError, ValueError) as error:  # a ValueError: no file system can hold such a name
        reason = getattr(error, "strerror", None) or str(error)
        yield ReadError(source, f"cannot be opened ({reason}); check its name and permissions").failure()


def opened(path: Path) -> BinaryIO:
    """Open a file, whatever gzip has to do with it."""
    if path.exists() and not path.is_file():  # a pipe would make us wait for ever
        raise ReadError(path, "not a regular file; pipe its content in and give - as the source")
    with path.open("rb") as file:
        is_zipped = file.read(2) == _GZIP
    return cast(BinaryIO, gzip.open(path)) if is_zipped else path.open("rb")


def _unzipped(stream: BinaryIO) -> BinaryIO:
    """Return standard input, of a compressed one what it holds."""
    is_zipped = isinstance(stream, BufferedReader) and stream.peek(2)[:2] == _GZIP
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if is_zipped else stream


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines, of an overlong one only so much that its length shows."""
    while line := stream.readline(parse.MAX_BYTES + 1):
        yield line
        while len(line) > parse.MAX_BYTES and not line.endswith(b"\n"):
            line = stream.readline(parse.MAX_BYTES + 1)


def suffix_and_stem(path: Path) -> tuple[str, str]:
    """``"wire.JSONL.gz"`` → ``(".jsonl", "wire")``."""
    if path.suffix.lower() == ".gz":
        path = path.with_suffix("")
    return path.suffix.lower(), path.stem


def _listed(suffixes: tuple[str, ...]) -> str:
    """``(".txt", ".md")`` → ``".txt, .md"``."""
    return ", ".join(suffixes)
