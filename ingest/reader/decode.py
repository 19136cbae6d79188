"""Tags and links → readings.

A span of speech keeps to its paragraph, and a run in quotation marks is one unit: it is speech as a whole or
not at all. Spans become parts of one attribution ("X," he said, "Y") when the network tags the second as a
continuation and both point at the same cue.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.reader.features import CLOSE, OPEN, OUTSIDE
from ingest.reader.labels import BEGIN, CONTINUE, CUE, INSIDE, NAME_KINDS, NONE, SOURCE
from ingest.reader.scan import Candidate, Scan, Span
from ingest.records import Name, TextSpan

Range = tuple[int, int]
DEFAULTS = {
    "bias": 0.0,
    "fill": 0.5,
    "none": 1.0,
    "floor": 0.0,
    "source_floor": 0.25,
    "join_tag": 1.0,
    "join_cue": 3.0,
    "join_source": 0.0,
    "join_near": 0.0,
    "join_base": -1.5,
}


@dataclass(frozen=True, slots=True)
class Speech:
    """Something said, as the network sees it: its parts and its cue, spans of characters, half-open."""

    parts: tuple[Span, ...]
    cue: Span | None


def find_speeches(scan: Scan) -> list[Speech]:
    """All that is said in an article, in marks or not, in reading order."""
    if not len(scan.pieces):
        return []
    groups = find_groups(scan, DEFAULTS | scan.settings)
    return [Speech(tuple(scan.span_of(a, b) for a, b in group), find_cue(scan, group)) for group in groups]


def source_of(scan: Scan, parts: Sequence[Span], *, named: bool = False) -> tuple[Span | None, float]:
    """The words that name the source of some parts, if any do, and how surely all of this is right.

    ``named`` says that some words certainly do, as behind “…,” where a cue stands.
    """
    group = [pieces for part in parts if (pieces := scan.pieces_of(part))[1] > pieces[0]]
    if not group:
        return None, 0.0
    best = best_source(scan, group, DEFAULTS | scan.settings, named=named)
    return best.span, confidence(scan, group, best, content(scan, group))


def antecedents(scan: Scan, mention: TextSpan) -> list[tuple[TextSpan, float]]:
    """The names that a pronoun or a role may stand for, each with its probability, likeliest first."""
    return [(TextSpan(*c.span), c.probability) for c in scan.antecedents(mention) if c.span is not None]


def find_groups(scan: Scan, settings: dict[str, float]) -> list[list[Range]]:
    """The parts of each attribution, as runs of pieces."""
    groups = join(scan, find_spans(scan, settings), settings)
    return [group for group in groups if content(scan, group) >= settings["floor"]]


def best_source(
    scan: Scan, group: Sequence[Range], settings: dict[str, float], *, named: bool = False
) -> Candidate:
    """The likeliest source of a group, none being one of the candidates unless it is certainly named."""
    candidates = scan.sources_of(list(group), 5)
    if named and any(c.span for c in candidates):
        candidates = [c for c in candidates if c.span]
    return max(candidates, key=lambda c: c.probability * (settings["none"] if c.span is None else 1.0))


def content(scan: Scan, group: Sequence[Range]) -> float:
    """How likely a group is something said: the mean over its parts."""
    return float(np.mean([scan.speech[a:b].mean() for a, b in group]))


def find_names(scan: Scan) -> list[Name]:
    """The names in the article, in order: neighbouring words of one kind are one name."""
    if not len(scan.pieces):
        return []
    scores = scan.names[:, 1:].reshape(len(scan.pieces), len(NAME_KINDS), 2).sum(axis=2)
    best = scores.argmax(axis=1)
    kinds = np.where(scores.max(axis=1) > scan.names[:, 0], best, -1)
    breaks = np.flatnonzero((np.diff(kinds) != 0) | (np.diff(scan.pieces.paragraph) != 0)) + 1
    found: list[Name] = []
    for low, high in zip([0, *breaks.tolist()], [*breaks.tolist(), len(kinds)], strict=True):
        kind = int(kinds[low])
        if kind < 0 or (found and scan.span_of(low, high)[0] < found[-1].span[1]):
            continue
        first, last = scan.trim(*scan.words(low, high))
        found.append(Name(TextSpan(*scan.span_of(first, last)), NAME_KINDS[kind]))
    return found


def mark_runs(scan: Scan) -> list[Range]:
    """Runs of pieces from an opening mark to its closing one, or to the end of the paragraph."""
    states = scan.pieces.quote
    paragraph = scan.pieces.paragraph
    runs: list[Range] = []
    opened = -1
    for at in np.flatnonzero((states == OPEN) | (states == CLOSE)):
        if opened >= 0 and paragraph[at] != paragraph[opened]:
            runs.append((opened, int(np.searchsorted(paragraph, paragraph[opened], side="right"))))
            opened = -1
        if states[at] == OPEN:
            opened = int(at) if opened < 0 else opened
        elif opened >= 0:
            runs.append((opened, int(at) + 1))
            opened = -1
        elif runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], int(at) + 1)
    if opened >= 0:
        runs.append((opened, int(np.searchsorted(paragraph, paragraph[opened], side="right"))))
    return runs


def find_spans(scan: Scan, settings: dict[str, float]) -> list[Range]:
    """The likeliest sequence of tags, kept to paragraphs and marks, as runs of pieces."""
    labels = _viterbi(scan, settings["bias"])
    for first, last in mark_runs(scan):
        said = np.isin(labels[first:last], (BEGIN, CONTINUE, INSIDE))
        if said.mean() >= settings["fill"]:
            before = first > 0 and labels[first - 1] in (BEGIN, CONTINUE, INSIDE)
            same = first > 0 and scan.pieces.paragraph[first - 1] == scan.pieces.paragraph[first]
            head = labels[first]
            labels[first:last] = INSIDE
            if head in (BEGIN, CONTINUE) or not (before and same):
                tags = scan.tags[first]
                labels[first] = (
                    head
                    if head in (BEGIN, CONTINUE)
                    else (BEGIN if tags[BEGIN] >= tags[CONTINUE] else CONTINUE)
                )
    spans: list[Range] = []
    begun = -1
    paragraph = scan.pieces.paragraph
    for at, label in enumerate(labels.tolist()):
        fresh = label in (BEGIN, CONTINUE) or (label == INSIDE and at and paragraph[at] != paragraph[at - 1])
        if begun >= 0 and (label in (NONE, SOURCE, CUE) or fresh):
            spans.append((begun, at))
            begun = -1
        if fresh:
            begun = at
    if begun >= 0:
        spans.append((begun, len(labels)))
    return [s for s in spans if any(character.isalnum() for character in scan.text[slice(*scan.span_of(*s))])]


def _viterbi(scan: Scan, bias: float) -> np.ndarray:
    logs = np.log(scan.tags + 1e-9)
    logs[:, [BEGIN, CONTINUE, INSIDE]] += bias
    outside = logs[:, [NONE, SOURCE, CUE]].max(axis=1).tolist()
    paragraph = scan.pieces.paragraph
    fresh = np.append(True, paragraph[1:] != paragraph[:-1]).tolist()
    scores = [0.0, -1e9, -1e9, -1e9]
    back: list[tuple[int, int]] = []
    for n, b, c, i, f in zip(
        outside, *(logs[:, t].tolist() for t in (BEGIN, CONTINUE, INSIDE)), fresh, strict=True
    ):
        said = max((1, 2, 3), key=scores.__getitem__)
        anything = said if scores[said] > scores[0] else 0
        top = scores[anything]
        scores = [top + n, top + b, top + c, (-1e9 if f else scores[said] + i)]
        back.append((anything, said))
    at = max(range(4), key=scores.__getitem__)
    path = []
    for anything, said in reversed(back):
        path.append(at)
        at = said if at == 3 else anything
    return np.array(path[::-1], dtype=np.int64)


def join_features(scan: Scan, before: Range, after: Range) -> list[float]:
    """What speaks for two neighbouring spans being parts of one attribution."""
    tags = scan.tags[after[0]]
    odds = math.log((tags[CONTINUE] + 1e-4) / (tags[BEGIN] + 1e-4))
    same = {}
    for kind in ("cue", "source"):
        low, left = scan.link(kind, *before)
        other, right = scan.link(kind, *after)
        start, stop = max(low, other), min(low + len(left), other + len(right)) - 1
        stop = max(start, stop)  # windows that do not meet share nothing
        both = np.minimum(left[start - low + 1 : stop - low + 1], right[start - other + 1 : stop - other + 1])
        same[kind] = float(both.sum()) + (min(float(left[0]), float(right[0])) if kind == "source" else 0.0)
    gap = after[0] - before[1]
    apart = scan.pieces.paragraph[after[0]] - scan.pieces.paragraph[before[1] - 1]
    return [odds, same["cue"], same["source"], math.log1p(max(gap, 0)) + 2.0 * float(apart)]


def join(scan: Scan, spans: list[Range], settings: dict[str, float]) -> list[list[Range]]:
    """Group spans into attributions."""
    groups: list[list[Range]] = []
    weights = [settings[f"join_{name}"] for name in ("tag", "cue", "source", "near")]
    for span in spans:
        if groups:
            seen = join_features(scan, groups[-1][-1], span)
            if sum(w * x for w, x in zip(weights, seen, strict=True)) + settings["join_base"] > 0:
                groups[-1].append(span)
                continue
        groups.append([span])
    return groups


def find_cue(scan: Scan, group: list[Range]) -> tuple[int, int] | None:
    """The words that announce the speech."""
    base, mass, _ = scan.mass("cue", group)
    if mass.max() * len(group) < 0.1:
        return None
    return scan.span_of(*scan.grow(base + int(mass.argmax()), CUE, 0.25))


def confidence_features(scan: Scan, group: Sequence[Range], best: Candidate, content: float) -> list[float]:
    """What the confidence is made of."""

    def odds(p: float) -> float:
        p = min(max(p, 1e-3), 1 - 1e-3)
        return math.log(p / (1 - p))

    start = scan.tags[group[0][0]]
    marked = float(np.mean([(scan.pieces.quote[a:b] != OUTSIDE).mean() for a, b in group]))
    return [
        odds(best.probability),
        odds(content),
        odds(float(start[BEGIN] + start[CONTINUE])),
        marked,
        float(best.span is None),
    ]


def confidence(scan: Scan, group: Sequence[Range], best: Candidate, content: float) -> float:
    """The probability that these words were said and that their source is the one given."""
    weights = scan.meta.get("confidence", [0.6, 0.3, 0.3, 0.5, 0.0, 0.0])
    seen = [*confidence_features(scan, group, best, content), 1.0]
    return 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, seen, strict=True))))
