"""The frozen records that the stages hand to each other.

    Article      a text with its bibliographic facts
    Quotation    what was said, and with which words that is announced
    Attribution  which words name the source
    Quote        which person or body those words mean
    Failure      an input that could not be read or understood, and why

Every offset counts characters of ``Article.text``, half-open: ``text[start:end]``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, NamedTuple

QuoteKind = Literal["direct", "mixed", "indirect"]
NameKind = Literal["person", "body", "group", "place"]
SpeakerKind = Literal["person", "body", "group", "unknown"]


class TextSpan(NamedTuple):
    """A half-open range of characters of an article's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words themselves: ``TextSpan(0, 3).of("She said")`` → ``"She"``."""
        return text[self.start : self.end]

    def overlaps(self, other: TextSpan) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: TextSpan) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    """One article. ``published`` is an ISO date (``2025-07-10``), or unknown."""

    id: str
    text: str
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text and what kind of thing bears it; a group is Republicans or Britons."""

    span: TextSpan
    kind: NameKind


@dataclass(frozen=True, slots=True)
class Quotation:
    """What was said. ``“We will,” she said, “win.”`` is one, with two parts.

    ``parts`` are in reading order and do not overlap; marks belong to them.
    ``cue`` is the verb or phrase that announces the speech ("said", "according to").
    """

    kind: QuoteKind
    parts: tuple[TextSpan, ...]
    cue: TextSpan | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Which words name the source of a quotation, how surely, and by which method."""

    quotation: Quotation
    source: TextSpan | None
    confidence: float
    method: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person or body. ``role``, ``affiliation`` and ``description`` are as the article at hand gives them.

    ``description`` is the article's own words beside the name: “a pitcher for the Herons”.

    ``id`` is none for a bare surname that neither the article nor the register fills out: such a name
    may be anybody's, so it never becomes a speaker of the database.
    """

    id: str | None
    name: str
    kind: SpeakerKind = "unknown"
    role: str | None = None
    affiliation: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, its attribution and the speaker, or no speaker where that is not certain."""

    attribution: Attribution
    speaker: Speaker | None = None

    @property
    def quotation(self) -> Quotation:
        """What was said."""
        return self.attribution.quotation

    def text(self, article_text: str) -> str:
        """The words of all parts, joined by a space."""
        return " ".join(part.of(article_text) for part in self.quotation.parts)


def quote_id(article_id: str, words: str, nth: int = 1) -> str:
    """A lasting name for a quote: of its article and its words, the ``nth`` time that these are quoted there.

    Neither the model's version nor the marks around the words change it, nor, with it, a permalink.
    """
    return _id(article_id, _plain(words), nth)


def quote_ids(article: Article, quotes: Sequence[Quote]) -> list[str]:
    """The ids of an article's quotes, given in reading order."""
    seen: Counter[str] = Counter()
    ids = []
    for quote in quotes:
        plain = _plain(quote.text(article.text))
        seen[plain] += 1
        ids.append(_id(article.id, plain, seen[plain]))
    return ids


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", words))


def _id(article_id: str, plain: str, nth: int) -> str:
    return sha256("\0".join((article_id, plain, str(nth))).encode()).hexdigest()[:16]


class ExplainedError(Exception):
    """An error whose message is for the user: it names the file and the next thing to do."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that was left out: its name, the stage that refused it, and what to do about it."""

    source: str
    stage: str
    error: str
