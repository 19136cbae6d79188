"""An article's bibliographic facts, cleaned: they come from strangers and end on a public page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from dateutil import parser

from ingest.records import Article

Facts = Mapping[str, Any]

_LONGEST = 500
_LONGEST_URL = 2_000
_MOST_AUTHORS = 20
# Marks that turn the direction of writing, with which one name can be made to look like another.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def article(text: str, facts: Facts, article_id: str) -> Article:
    """Make an Article of a text and whatever facts there are, known by ``article_id`` unless they say."""
    return Article(
        id=_line(facts.get("id")) or article_id,
        text=text,
        url=_url(facts.get("url")),
        title=_line(facts.get("title")),
        outlet=_line(facts.get("outlet")),
        author=_line(facts.get("author")),
        published=_date(facts.get("published")),
    )


def _line(value: object) -> str | None:
    """Return a string, a number or a list of them as one line: ``["Ann Lee", "Bo"]`` → ``"Ann Lee; Bo"``."""
    if isinstance(value, list):
        names = [_line(part) for part in value[:_MOST_AUTHORS] if not isinstance(part, list)]
        value = "; ".join(name for name in names if name)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    words = " ".join(_TURNS.sub("", str(value)[: 10 * _LONGEST]).split())
    visible = "".join(letter for letter in words if unicodedata.category(letter) not in ("Cc", "Cs"))
    return visible[:_LONGEST].strip() or None


def _url(value: object) -> str | None:
    """Return a web address, or None for anything else: ``"javascript:alert(1)"`` → None."""
    if not isinstance(value, str) or len(value) > _LONGEST_URL:
        return None
    url = value.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and bool(parts.netloc)
    return url if is_web and url.isprintable() and not re.search(r"[\s<>\"\\]", url) else None


def _date(value: object) -> str | None:
    """Return an ISO date, or None where year, month or day is missing or open to doubt.

    ``"10 July 2025"`` → ``"2025-07-10"``; ``"10/07/2025"`` and ``"July 2025"`` → None.
    """
    text = _line(value)
    if text is None or len(text) > 60:
        return None
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
