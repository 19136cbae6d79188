"""What the network knows of one article, to be asked about any span.

It gives every word piece a tag, a name label, and four vectors for each kind of link. Here those become
probabilities: that a span is speech, that these words name its source, that a pronoun means this name. All of
it is plain numpy, so a span that a rule has found can be asked about too.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.reader.features import CAPITALISED, CAPITALS, Pieces, distance_bucket, step_bucket
from ingest.reader.labels import BEGIN, CONTINUE, INSIDE, SOURCE

Floats = NDArray[np.float32]
_NEAR = 8  # windows that may hold some of a span
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may name a source, or ``None`` for no source in reach, with a probability."""

    span: Span | None
    probability: float


@dataclass(frozen=True, slots=True)
class View:
    """The network's output for one window: pieces ``low``…``high``; links begin with the one for "none"."""

    low: int
    high: int
    tags: Floats
    names: Floats
    links: Floats


@dataclass(frozen=True, slots=True)
class LinkTable:
    """Where a kind of link lies in the network's output, and what it has learnt of distance."""

    offset: int
    dim: int
    reach: int
    first: Floats
    last: Floats
    sentence: Floats
    paragraph: Floats


def link_tables(meta: dict[str, Any], *, reach: int = 512) -> dict[str, LinkTable]:
    """The tables of a model's ``reader.json``, distances spelt out from ``-reach`` to ``reach``."""
    tables: dict[str, LinkTable] = {}
    offset = 0
    buckets = distance_bucket(np.arange(-reach, reach + 1))
    for name, link in meta["links"].items():
        first, last, sentence, paragraph = (
            np.array(link[key], dtype=np.float32) for key in ("first", "last", "sentence", "paragraph")
        )
        tables[name] = LinkTable(
            offset, link["dim"], reach, first[buckets], last[buckets], sentence, paragraph
        )
        offset += 4 * link["dim"]
    return tables


class Scan:
    """All that the model knows of one article."""

    def __init__(self, text: str, pieces: Pieces, views: list[View], meta: dict[str, Any]) -> None:
        self.text = text
        self.pieces = pieces
        self.views = views
        self.meta = meta
        self.settings: dict[str, float] = meta.get("decoding", {})
        self._tables = link_tables(meta)
        self._lows = [view.low for view in views]
        self._links: dict[tuple[str, int, int], tuple[int, Floats]] = {}

    @cached_property
    def _own(self) -> list[tuple[View, int, int]]:
        """Each window with the pieces that lie more centrally in it than in its neighbours."""
        cuts = [0]
        for before, after in zip(self.views, self.views[1:], strict=False):
            cuts.append((before.high + after.low) // 2)
        cuts.append(len(self.pieces))
        return list(zip(self.views, cuts, cuts[1:], strict=False))

    @cached_property
    def tags(self) -> Floats:
        """Tag probabilities [pieces, 6]."""
        return _softmax(np.concatenate([v.tags[low - v.low : high - v.low] for v, low, high in self._own]))

    @cached_property
    def names(self) -> Floats:
        """Name-label probabilities [pieces, 9]."""
        return _softmax(np.concatenate([v.names[low - v.low : high - v.low] for v, low, high in self._own]))

    @cached_property
    def speech(self) -> Floats:
        """The probability that each piece is something said."""
        speech: Floats = self.tags[:, [BEGIN, CONTINUE, INSIDE]].sum(axis=1)
        return speech

    def link(self, kind: str, first: int, last: int) -> tuple[int, Floats]:
        """Where a span of pieces points: the window's first piece, and probabilities with "none" in front."""
        key = (kind, first, last)
        if key not in self._links:
            at = bisect_left(self._lows, last)
            near = self.views[max(0, at - _NEAR) : at]
            view = max(near, key=lambda v: self._room(v, first, last))
            self._links[key] = view.low, self._link(view, kind, first, last)
        return self._links[key]

    def _link(self, view: View, kind: str, first: int, last: int) -> Floats:
        low, high = view.low, view.high
        a, b = max(first, low), min(last, high) - 1
        table = self._tables[kind]
        dim, at = table.dim, table.offset
        query = view.links[a - low + 1, at : at + dim] + view.links[b - low + 1, at + dim : at + 2 * dim]
        query = query + view.links[a - low + 1 : b - low + 2, at + 2 * dim : at + 3 * dim].mean(axis=0)
        scores = view.links[:, at + 3 * dim : at + 4 * dim] @ query / math.sqrt(dim)
        sentence, paragraph = self.pieces.sentence, self.pieces.paragraph
        scores[1:] += table.first[table.reach + low - a : table.reach + high - a]
        scores[1:] += table.last[table.reach + low - b : table.reach + high - b]
        scores[1:] += table.sentence[step_bucket(sentence[low:high] - sentence[a])]
        scores[1:] += table.paragraph[step_bucket(paragraph[low:high] - paragraph[a])]
        raised: Floats = np.exp(scores - scores.max())
        raised /= raised.sum()
        return raised

    def sources_of(self, ranges: list[tuple[int, int]], best: int) -> list[Candidate]:
        """The words that most likely name the source of what was said in some parts, likeliest first."""
        base, mass, none = self.mass("source", ranges)
        found = [Candidate(None, none)]
        rest = mass.copy()
        floor = self.settings.get("source_floor", 0.25)
        while len(found) <= best and rest.max() > 0.02:
            first, last = self.grow(base + int(rest.argmax()), SOURCE, floor)
            own = slice(max(0, first - base), last - base)
            found.append(Candidate(self.span_of(first, last), float(mass[own].sum())))
            rest[own] = 0.0
        return sorted(found, key=lambda c: -c.probability)[:best]

    def mass(self, kind: str, ranges: Sequence[tuple[int, int]]) -> tuple[int, Floats, float]:
        """What a kind of link from some parts points at: the first piece in reach, mean probabilities, none.

        What points into the parts themselves counts as none.
        """
        links = [self.link(kind, first, last) for first, last in ranges]
        base = min(low for low, _ in links)
        end = max(low + len(given) for low, given in links)
        mass = np.zeros(max(end, max(last for _, last in ranges)) - base, dtype=np.float32)
        for low, given in links:
            mass[low - base : low - base + len(given) - 1] += given[1:] / len(links)
        none = sum(float(given[0]) for _, given in links) / len(links)
        for first, last in ranges:
            own = slice(max(0, first - base), max(0, last - base))
            none += float(mass[own].sum())
            mass[own] = 0.0
        return base, mass, none

    def antecedents(self, mention: Span, *, best: int = 5) -> list[Candidate]:
        """The names that a pronoun or role may stand for, likeliest first; ``None``: no name in reach.

        Names with the same last word count as one; the span is that of its likeliest mention.
        """
        first, last = self.pieces_of(mention)
        if last <= first:
            return []
        base, rest, none = self.mass("antecedent", [(first, last)])
        found: dict[str | None, Candidate] = {None: Candidate(None, none)}
        while rest.max() > 0.01:
            peak = base + int(rest.argmax())
            a, b = self._run(peak, self._has_capital)
            own = slice(max(0, a - base), b - base)
            if self._has_capital(peak):
                span = self.span_of(a, b)
                name = self.text[slice(*span)].split()[-1]
                before = found.get(name, Candidate(span, 0.0))
                found[name] = Candidate(before.span, before.probability + float(rest[own].sum()))
            rest[own] = 0.0
        return sorted(found.values(), key=lambda c: -c.probability)[:best]

    def _has_capital(self, piece: int) -> bool:
        return int(self.pieces.shape[piece]) in (CAPITALISED, CAPITALS)

    def _run(self, peak: int, fits: Callable[[int], bool]) -> tuple[int, int]:
        """The run of pieces of one sentence round ``peak`` that all fit."""
        sentence = self.pieces.sentence
        first, last = peak, peak + 1
        while first and sentence[first - 1] == sentence[peak] and fits(first - 1):
            first -= 1
        while last < len(sentence) and sentence[last] == sentence[peak] and fits(last):
            last += 1
        return first, last

    def grow(self, peak: int, tag: int, floor: float) -> tuple[int, int]:
        """The run of whole words round ``peak`` that share a tag, within a sentence."""
        chances = self.tags[:, tag]
        run = self._run(peak, lambda piece: bool(chances[piece] >= floor))
        return self.trim(*self.words(*run))

    def trim(self, first: int, last: int) -> tuple[int, int]:
        """A run of pieces without the punctuation at its edges."""
        text, starts = self.text, self.pieces.starts
        while first < last - 1 and text[starts[first]] in ".,;:)]”’'–—-":
            first += 1
        while first < last - 1 and text[starts[last - 1]] in ",;:–—-":
            last -= 1
        return first, last

    def words(self, first: int, last: int) -> tuple[int, int]:
        """A run of pieces made longer until it begins and ends with whole words."""
        while first and self._joined(first):
            first -= 1
        while last < len(self.pieces) and self._joined(last):
            last += 1
        return first, last

    def _joined(self, at: int) -> bool:
        """Whether a piece goes on with the word of the piece before it."""
        start, end = int(self.pieces.starts[at]), int(self.pieces.ends[at - 1])
        return start == end and self.text[end - 1 : start + 1].isalnum()

    def _room(self, view: View, first: int, last: int) -> int:
        """How much a window shows before and after a span; less than nothing where it cuts the span."""
        inside = min(last, view.high) - max(first, view.low)
        if inside <= 0:
            return -(10**9)
        left = 10**6 if view.low == 0 else first - view.low
        right = 10**6 if view.high == len(self.pieces) else view.high - last
        return min(left, right)

    def pieces_of(self, span: Span) -> tuple[int, int]:
        """The pieces that a span of characters touches: the first, and one past the last."""
        first = int(np.searchsorted(self.pieces.ends, span[0], side="right"))
        last = int(np.searchsorted(self.pieces.starts, span[1], side="left"))
        return first, max(first, last)

    def span_of(self, first: int, last: int) -> Span:
        """The characters of the pieces from ``first`` up to ``last``."""
        return int(self.pieces.starts[first]), int(self.pieces.ends[last - 1])


def _softmax(scores: Floats) -> Floats:
    raised: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    total: Floats = raised.sum(axis=1, keepdims=True)
    return raised / total
