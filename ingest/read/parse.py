"""One article's bytes, of a kind that is known, as an Article."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from ingest.read.addresses import article_id, web_address
from ingest.read.errors import ContentError, ReadError
from ingest.read.facts import Columns, Facts, article, is_english
from ingest.read.pages import parse_html, parse_markdown
from ingest.records import Article

Kind = Literal["text", "markdown", "page"]

# One article: a file, a line, a row, a page. A long newspaper article is 0.1 MB.
MAX_BYTES = 20_000_000
MAX_CHARACTERS = 1_000_000  # of one article: five hours of reading aloud
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


def parse(data: bytes, kind: Kind, where: str | Path, known_as: str) -> Article:
    """Make an Article of one file's bytes, or raise a ReadError.

    Plain text is kept to the character, so that offsets count the characters of the decoded file.
    Only a byte order mark becomes a space: no tool downstream should take it for a word.
    """
    refuse_non_text(data, where)
    facts: Facts = {}
    try:
        if kind == "page":
            text, facts = parse_html(data)
        elif kind == "markdown":
            source = decode(data, where).removeprefix("\ufeff")
            _refuse_too_long(source, where)  # before: of brackets alone, a million take half a minute
            text, facts = parse_markdown(source)
        else:
            text = decode(data, where)
            if text.startswith("\ufeff"):
                text = " " + text[1:]
    except ContentError as error:
        raise ReadError(where, str(error)) from error
    return checked(text, facts, where, known_as)


def parse_page(data: bytes, address: str, facts: Facts, content_type: str = "") -> Article:
    """Make an Article of a page from the web, known by its own address, or raise a ReadError.

    ``facts`` are those that a feed or a sitemap gives: they fill what the page itself leaves blank.
    """
    data = _in_utf8(data, content_type)
    refuse_non_text(data, address)
    try:
        text, found = parse_html(data, address)
    except ContentError as error:
        raise ReadError(address, str(error)) from error
    known = {**facts, **{name: value for name, value in found.items() if value}}
    return checked(text, known, address, article_id(known["url"]))


def _in_utf8(data: bytes, content_type: str) -> bytes:
    """Return a page in UTF-8 if its server says what else it is in; otherwise the page says so itself."""
    named = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.IGNORECASE)
    if named is None:
        return data
    # As browsers do: what calls itself Latin-1 is nearly always its Windows sibling, curly marks and all.
    charset = "cp1252" if named[1].lower() in ("iso-8859-1", "latin1", "latin-1", "us-ascii") else named[1]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        with suppress(LookupError, ValueError):
            return data.decode(charset, "replace").encode("utf-8", "replace")
    return data


def parse_json(line: bytes, columns: Columns, where: str, known_as: str) -> Article:
    """Make an Article of a line of JSON, or raise a ReadError."""
    refuse_non_text(line, where)
    try:
        record = json.loads(decode(line, where).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        problem = f"not valid JSON ({error}); write one article a line, as an object"
        raise ReadError(where, problem) from error
    if not isinstance(record, dict):
        raise ReadError(where, 'no "text" in this line; write one article a line, as an object')
    return parse_record(record, columns, where, known_as)


def parse_record(record: Mapping[Any, Any], columns: Columns, where: str, known_as: str) -> Article:
    """Make an Article of a line of JSON or a row of a table, or raise a ReadError.

    It is known by its id, else by its web address, so that an article has one id in every dump,
    else by ``known_as``.
    """
    facts = columns.facts(record)
    text = facts.pop("text", None)
    if not isinstance(text, str) or not text.strip():
        there = ", ".join(str(name) for name in record)[:200] or "nothing"
        problem = f'no "{columns.text or "text"}" in this line, which has {there}'
        advice = "each needs a text that is not blank (--columns text=NAME)"
        if web_address(facts.get("url")):  # a list of articles, as GDELT's are
            advice += "; to have the pages fetched, write their addresses into a .urls file"
        raise ReadError(where, f"{problem}; {advice}")
    if not is_english(facts):
        language = str(facts["language"])[:40]
        raise ReadError(where, f"not in English (language: {language}); only English is read, leave it out")
    url = web_address(facts.get("url"))
    # An escape may spell half a character, which no file can hold.
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    return checked(text, facts, where, article_id(url) if url else known_as)


def checked(text: str, facts: Facts, where: str | Path, known_as: str) -> Article:
    """Make an Article of a text that is one, or raise a ReadError."""
    if "\0" in text:  # an escape of JSON may bring one in
        raise ReadError(where, "not text (it holds NUL characters); convert it to plain text first")
    if not text.strip():
        raise ReadError(where, "no text in it; add the article's text, or leave it out")
    _refuse_too_long(text, where)
    return article(text, facts, known_as)


def _refuse_too_long(text: str, where: str | Path) -> None:
    if len(text) > MAX_CHARACTERS:
        problem = f"{len(text):,} characters are too many for one article"
        raise ReadError(where, f"{problem}; split it into its articles (.jsonl takes one a line)")


def refuse_non_text(data: bytes, where: str | Path) -> None:
    """Raise a ReadError for what is empty, too large, or not text at all."""
    if not data.strip():
        raise ReadError(where, "empty; put the article's text in it, or leave it out")
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        raise ReadError(where, f"larger than {limit}; split it into its articles (.jsonl takes one a line)")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadError(where, "UTF-16, not UTF-8; convert it, e.g. iconv -f UTF-16 -t UTF-8")
    sample = data[:10_000]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if b"\0" in data or controls > len(sample) / 20:
        raise ReadError(where, "binary, not text; convert it to plain text or HTML first")


def decode(data: bytes, where: str | Path) -> str:
    """Decode UTF-8, newlines untouched; or raise a ReadError that says where it goes wrong."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 (byte {error.start} is 0x{data[error.start]:02x}); convert it, "
        raise ReadError(where, problem + "e.g. iconv -f WINDOWS-1252 -t UTF-8") from error
