"""An article's bibliographic facts, cleaned: they come from strangers and end on a public page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from dateutil import parser

from ingest.read.addresses import web_address
from ingest.records import Article, ExplainedError

Facts = Mapping[str, Any]

_LONGEST = 500
_MOST_AUTHORS = 20
# Marks that turn the direction of writing, with which one name can be made to look like another.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

# How dumps of news call each fact, the likeliest first: news-please and Common Crawl, GDELT, NewsAPI,
# Fundus, schema.org and what spreadsheets have.
_USUAL = {
    "text": "text maintext plaintext body articlebody articletext fulltext content bodytext story article",
    "id": "id",
    "url": "url canonicalurl canonical link sourceurl requestedurl articleurl webpageurl weburl address",
    "title": "title headline articletitle webtitle pagetitle",
    "outlet": "outlet publication publisher newspaper sitename source sourcename sourcedomain domain",
    "author": "author authors byline creator writer",
    "published": "published date datepublish datepublished publishdate publisheddate publishedat"
    " publishedtime publicationdate publicationtime pubdate datetime day seendate",
    "language": "language lang languages contentlanguages",
}
_ENGLISH = re.compile(r"(?:en|eng|english)(?![a-z])", re.IGNORECASE)


class ColumnError(ExplainedError):
    """A choice of columns that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table, or field of a line of JSON, holds what; none: whichever usual name is there.

    >>> Columns(text="story").facts({"Story": "The dam held.", "Headline": "Dam", "Date": "2025-03-04"})
    {'text': 'The dam held.', 'title': 'Dam', 'published': '2025-03-04'}
    """

    text: str | None = None
    id: str | None = None
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None

    @classmethod
    def parse(cls, choice: str) -> Columns:
        """Return what ``"text=story,date=day"`` chooses. Raises ColumnError for what means nothing."""
        usual = {name: fact for fact, names in _USUAL.items() for name in names.split()}
        chosen = {}
        for pair in choice.split(","):
            fact, equals, column = (part.strip() for part in pair.partition("="))
            if not equals or not column or _plain(fact) not in usual:
                facts = ", ".join(_USUAL)
                problem = (
                    f"columns cannot be chosen by {pair!r}; write text=NAME,url=NAME with any of {facts}"
                )
                raise ColumnError(problem)
            chosen[usual[_plain(fact)]] = column
        return cls(**chosen)

    def facts(self, record: Mapping[Any, Any]) -> dict[str, Any]:
        """Return the text and the facts of one record, those that are there and not empty."""
        named = {_plain(str(name)): value for name, value in list(record.items())[::-1]}
        found = {}
        for fact, names in _names(self).items():
            values = (named.get(name) for name in names)
            value = next((value for value in values if value not in (None, "", [])), None)
            if value is not None:
                found[fact] = value
        return found

    def missing(self, columns: Iterable[str]) -> list[str]:
        """Return the chosen columns that a table does not have, and ``text`` if it has no such column."""
        there = {_plain(name) for name in columns}
        chosen = [getattr(self, field.name) for field in fields(self)]
        missing = [name for name in chosen if name is not None and _plain(name) not in there]
        if self.text is None and there.isdisjoint(_USUAL["text"].split()):
            missing.append("text")
        return missing

    def wanted(self, columns: Iterable[str]) -> list[str]:
        """Return those of a table's columns that hold a fact."""
        names = {name for names in _names(self).values() for name in names}
        return [column for column in columns if _plain(column) in names]


@lru_cache(maxsize=100)
def _names(columns: Columns) -> dict[str, list[str]]:
    chosen = {fact: getattr(columns, fact) for fact in _USUAL}
    return {fact: [_plain(name)] if name else _USUAL[fact].split() for fact, name in chosen.items()}


def _plain(name: str) -> str:
    """``"Date_Publish"`` → ``"datepublish"``."""
    return re.sub(r"[\W_]+", "", name).lower() or name


def article(text: str, facts: Facts, known_as: str) -> Article:
    """Make an Article of a text and whatever facts there are; its id is ``known_as`` unless they give one."""
    return Article(
        id=_line(facts.get("id")) or known_as,
        text=text,
        url=web_address(facts.get("url")),
        title=_line(facts.get("title")),
        outlet=_line(facts.get("outlet")),
        author=_line(facts.get("author")),
        published=day(facts.get("published")),
    )


def is_english(facts: Facts) -> bool:
    """Whether the facts say so, or say nothing: ``{"language": "en-GB"}`` → True."""
    language = _line(facts.get("language"))
    return language is None or bool(_ENGLISH.match(language))


def _line(value: object) -> str | None:
    """Return a string, a number or a list of them as one line: ``["Ann Lee", "Bo"]`` → ``"Ann Lee; Bo"``.

    Of an object, its name: ``{"name": "Ann Lee"}`` → ``"Ann Lee"``.
    """
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list):
        names = [_line(part) for part in value[:_MOST_AUTHORS] if not isinstance(part, list)]
        value = "; ".join(name for name in names if name)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    words = " ".join(_TURNS.sub("", str(value)[: 10 * _LONGEST]).split())
    visible = "".join(letter for letter in words if unicodedata.category(letter) not in ("Cc", "Cs"))
    return visible[:_LONGEST].strip() or None


def day(value: object) -> str | None:
    """Return an ISO date, or None where year, month or day is missing or open to doubt.

    ``"10 July 2025"`` → ``"2025-07-10"``; ``"10/07/2025"`` and ``"July 2025"`` → None.
    """
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = _line(value)
    if text is None or len(text) > 60:
        return None
    if re.fullmatch(r"\d{14}", text):  # as GDELT and Common Crawl write a moment
        text = text[:8]
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        if text.isdigit():  # seconds since 1970, or nothing known
            return None
    try:
        # What the text leaves out comes from the default, what it leaves open from the order:
        # a full date is the same with both.
        one = parser.parse(text, default=datetime(2000, 1, 1), dayfirst=False, ignoretz=True)
        other = parser.parse(text, default=datetime(2001, 2, 2), dayfirst=True, ignoretz=True)
    except (ValueError, OverflowError):
        return None
    return one.date().isoformat() if one.date() == other.date() else None
