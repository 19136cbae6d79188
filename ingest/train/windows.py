"""Articles → training windows: piece ids, facts, tags, and the spans whose source and cue are to be found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.reader.features import Ints, Pieces, distance_bucket, step_bucket
from ingest.reader.labels import BEGIN, CONTINUE, CUE, INSIDE, NONE, SOURCE, name_label
from ingest.reader.network import CLS, SEP
from ingest.train.gold import UNKNOWN, GoldArticle, Names, Span


@dataclass(frozen=True, slots=True)
class Window:
    """One window with ``[CLS]`` and ``[SEP]`` round it.

    ``spans`` [n, 2] are first and last pieces; ``targets`` name the link, ``gold`` [n, length] marks its
    right pieces (``[CLS]`` where there is none) and ``bias`` [n, length, 4] holds the distances.
    """

    ids: Ints
    facts: Ints
    tags: Ints
    names: Ints
    spans: Ints
    targets: list[str]
    gold: NDArray[np.bool_]
    bias: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one kind in a batch: ``spans`` [n, 3] are row, first and last piece."""

    spans: Ints
    gold: NDArray[np.bool_]
    bias: Ints


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one length; padded pieces have id 0 and tag -100."""

    ids: Ints
    facts: Ints
    tags: Ints
    names: Ints
    links: dict[str, Links]


def collate(windows: list[Window]) -> Batch:
    """Put windows together."""
    length = max(len(w.ids) for w in windows)
    free = [length - len(w.ids) for w in windows]
    rows = list(zip(windows, free, strict=True))
    links: dict[str, Links] = {}
    for kind in sorted({target for w in windows for target in w.targets}):
        spans, gold, bias = [], [], []
        for row, (w, n) in enumerate(rows):
            at = [i for i, target in enumerate(w.targets) if target == kind]
            spans.append(np.pad(w.spans[at], ((0, 0), (1, 0)), constant_values=row))
            gold.append(np.pad(w.gold[at], ((0, 0), (0, n))))
            bias.append(np.pad(w.bias[at], ((0, 0), (0, n), (0, 0))))
        links[kind] = Links(
            np.concatenate(spans), np.concatenate(gold), np.concatenate(bias).astype(np.int64)
        )
    return Batch(
        ids=np.stack([np.pad(w.ids, (0, n)) for w, n in rows]),
        facts=np.stack([np.pad(w.facts, ((0, n), (0, 0))) for w, n in rows]),
        tags=np.stack([np.pad(w.tags, (0, n), constant_values=-100) for w, n in rows]),
        names=np.stack([np.pad(w.names, (0, n), constant_values=-100) for w, n in rows]),
        links=links,
    )


def piece_range(pieces: Pieces, span: Span) -> tuple[int, int]:
    """Pieces that a character span touches: first and one past the last."""
    first = int(np.searchsorted(pieces.ends, span[0], side="right"))
    last = int(np.searchsorted(pieces.starts, span[1], side="left"))
    return first, max(first, last)


def tag_pieces(article: GoldArticle, pieces: Pieces) -> Ints:
    """The gold tag of every piece; where attributions overlap, what was said wins over who said it."""
    tags = np.full(len(pieces), NONE, dtype=np.int64)
    for quote in article.quotes:
        for spans, tag in ((quote.cue, CUE), (quote.source, SOURCE)):
            for span in spans:
                first, last = piece_range(pieces, span)
                tags[first:last] = tag
    for quote in article.quotes:
        for number, span in enumerate(quote.parts):
            first, last = piece_range(pieces, span)
            tags[first:last] = INSIDE
            if last > first:
                tags[first] = CONTINUE if number else BEGIN
    return tags


def label_names(pieces: Pieces, names: Names | None) -> Ints:
    """The name label of every piece: -100 where it is not known."""
    if names is None:
        return np.full(len(pieces), -100, dtype=np.int64)
    labels = np.zeros(len(pieces), dtype=np.int64)
    for start, end, kind in names:
        first, last = piece_range(pieces, (start, end))
        if kind == UNKNOWN:
            labels[first:last] = -100
        elif last > first:
            labels[first:last] = name_label(kind, first=False)
            labels[first] = name_label(kind, first=True)
    return labels


def span_bias(pieces: Pieces, first: int, last: int, low: int, high: int) -> Ints:
    """Distances from the span ``first``…``last`` to the pieces ``low``…``high``: four buckets a piece.

    From its first piece, from its last piece, in sentences from its first, in paragraphs from its first.
    """
    at = np.arange(low, high)
    return np.stack(
        [
            distance_bucket(at - first),
            distance_bucket(at - last),
            step_bucket(pieces.sentence[low:high] - pieces.sentence[first]),
            step_bucket(pieces.paragraph[low:high] - pieces.paragraph[first]),
        ],
        axis=-1,
    )


def cut(
    article: GoldArticle, pieces: Pieces, *, length: int, overlap: int, rng: random.Random
) -> Iterator[Window]:
    """Cut an article into overlapping windows at random borders."""
    tags = tag_pieces(article, pieces)
    names = label_names(pieces, article.names)
    quotes = []
    for quote in article.quotes:
        ranges = [
            [piece_range(pieces, span) for span in spans] for spans in (quote.parts, quote.source, quote.cue)
        ]
        quotes.append(ranges)
    body = length - 2
    start = 0
    first = True
    while True:
        end = min(start + body, len(pieces))
        if first and len(pieces) > body:
            end = rng.randint(min(body, overlap * 2), body)
        yield _window(pieces, tags, names, quotes, start, end, rng)
        if end >= len(pieces):
            return
        start = max(end - overlap, start + 1)
        first = False


def _window(
    pieces: Pieces,
    tags: Ints,
    names: Ints,
    quotes: list[list[list[tuple[int, int]]]],
    start: int,
    end: int,
    rng: random.Random,
) -> Window:
    size = end - start + 2
    spans, targets, gold, bias = [], [], [], []
    for parts, source, cue in quotes:
        for first, last in parts:
            if first < start or last > end or last <= first:
                continue
            a, b = first, last - 1
            if rng.random() < 0.3:
                a = min(max(start, a + rng.randint(-2, 2)), b)
                b = max(min(end - 1, b + rng.randint(-2, 2)), a)
            for name, wanted in (("source", source), ("cue", cue)):
                marks = np.zeros(size, dtype=bool)
                for low, high in wanted:
                    marks[max(low, start) - start + 1 : max(min(high, end) - start + 1, 0)] = True
                marks[0] = not wanted
                if not marks.any():
                    continue
                spans.append((a - start + 1, b - start + 1))
                targets.append(name)
                gold.append(marks)
                bias.append(np.pad(span_bias(pieces, a, b, start, end), ((1, 1), (0, 0))))
    facts = np.stack([pieces.quote, pieces.start, pieces.shape], axis=-1)[start:end]
    return Window(
        ids=np.concatenate([[CLS], pieces.ids[start:end], [SEP]]),
        facts=np.pad(facts, ((1, 1), (0, 0))),
        tags=np.concatenate([[-100], tags[start:end], [-100]]),
        names=np.concatenate([[-100], names[start:end], [-100]]),
        spans=np.array(spans, dtype=np.int64).reshape(-1, 2),
        targets=targets,
        gold=np.array(gold, dtype=bool).reshape(-1, size),
        bias=np.array(bias, dtype=np.int8).reshape(-1, size, 4),
    )
