"""Settle the decoding on articles held out of training: joins, how eager to be, and what confidence means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from ingest.attribute import attribute
from ingest.evaluate import GoldArticle as Scored
from ingest.evaluate import Row, as_dict, scores
from ingest.find import find
from ingest.marks import Page, paragraphs
from ingest.reader import Reader, Scan
from ingest.reader.decode import (
    DEFAULTS,
    best_source,
    confidence_features,
    content,
    find_groups,
    find_spans,
    join_features,
)
from ingest.records import Quote
from ingest.train.coref import PRONOUNS, Document
from ingest.train.gold import GoldArticle, GoldQuote, Span

Scans = Sequence[tuple[Scan, GoldArticle]]

_CHOICES = {
    "bias": (-0.6, -0.4, -0.2, 0.0, 0.2),
    "none": (0.6, 0.8, 1.0, 1.2),
    "floor": (0.0, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6),
}
_UNTAUGHT = [0.0] * 6  # a network that finds nothing: nothing is sure


def settle_decoding(model: Path, articles: Sequence[GoldArticle]) -> Reader:
    """Write the settings that serve ``articles`` best into the ``reader.json`` of the folder ``model``.

    With them goes a version, made of the weights and the settings, by which the model is told from others.
    Gives back the reader with these settings.
    """
    reader = Reader.load(model)
    scans = [(reader.scan(article.text), article) for article in articles]
    settings: dict[str, float] = dict(DEFAULTS)
    settings |= fit_join(scans, settings)
    for name, values in _CHOICES.items():
        settings[name] = max(values, key=lambda v: (f1(scans, settings | {name: v}), -abs(v)))
    facts = {
        "links": reader.meta["links"],
        "decoding": settings,
        "confidence": fit_confidence(scans, settings),
    }
    digest = sha256((model / "reader.onnx").read_bytes() + json.dumps(facts, sort_keys=True).encode())
    facts["version"] = f"reader-{digest.hexdigest()[:8]}"
    (model / "reader.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return replace(reader, meta=facts)


def logistic(rows: list[list[float]], right: list[bool], *, ridge: float = 1.0) -> list[float]:
    """Weights of a logistic regression, the constant last, by Newton's method."""
    x = np.column_stack([np.array(rows), np.ones(len(rows))])
    y = np.array(right, dtype=float)
    w = np.zeros(x.shape[1])
    damping = np.diag([ridge] * (x.shape[1] - 1) + [1e-6])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        slope = x.T @ (y - p) - damping @ w
        w = w + np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + damping, slope)
    return [round(float(v), 4) for v in w]


def fit_join(scans: Scans, settings: dict[str, float]) -> dict[str, float]:
    """Weights by which neighbouring spans are taken to be one attribution."""
    rows, right = [], []
    for scan, article in scans:
        spans = find_spans(scan, settings)
        owners = []
        for span in spans:
            at = scan.span_of(*span)
            shared = [sum(_shared(at, part) for part in quote.parts) for quote in article.quotes]
            owners.append(int(np.argmax(shared)) if shared and max(shared) * 2 > at[1] - at[0] else -1)
        for before, after, one, two in zip(spans, spans[1:], owners, owners[1:], strict=False):
            if one >= 0 and two >= 0:
                rows.append(join_features(scan, before, after))
                right.append(one == two)
    names = ["join_tag", "join_cue", "join_source", "join_near", "join_base"]
    return dict(zip(names, logistic(rows, right), strict=True)) if rows else {}


def fit_confidence(scans: Scans, settings: dict[str, float]) -> list[float]:
    """Weights by which a reading is taken to be right: what was said, and by whom."""
    rows, right = [], []
    for scan, article in scans:
        for group in find_groups(scan, settings):
            best = best_source(scan, group, settings)
            rows.append(confidence_features(scan, group, best, content(scan, group)))
            right.append(bool(_matches([scan.span_of(*span) for span in group], best.span, article)))
    return logistic(rows, right) if rows else _UNTAUGHT


def f1(scans: Scans, settings: dict[str, float]) -> float:
    """F1 of whole attributions with the right source."""
    found = gold = right = recalled = 0
    for scan, article in scans:
        hits: set[int] = set()
        for group in find_groups(scan, settings):
            source = best_source(scan, group, settings).span
            matches = _matches([scan.span_of(*span) for span in group], source, article)
            hits.update(matches)
            right += bool(matches)
            found += 1
        recalled += len(hits)
        gold += len(article.quotes)
    return Row("", recalled, gold, right, found).f1


def held_scores(
    reader: Reader, articles: Sequence[GoldArticle], texts: tuple[list[Document], list[Document]]
) -> list[Row]:
    """The rows of ``ingest.evaluate`` for articles held out, before names are resolved, and one for pronouns.

    The last, ``pronoun``, asks which name each pronoun of ``texts`` stands for.
    """
    gold, run = [], {}
    for article in articles:
        page = Page(article.text, paragraphs(article.text))
        scan = reader.scan(article.text)
        attributions = attribute(page, scan, find(page, scan))
        run[article.id] = [as_dict(Quote(attribution), article.text) for attribution in attributions]
        quotes = [
            {
                "spans": [list(part) for part in quote.parts],
                "speaker": [list(s) for s in quote.source] or None,
            }
            for quote in article.quotes
        ]
        gold.append(Scored(article.id, article.text, quotes))
    return [*scores(gold, run), _pronoun_row(reader, [document for side in texts for document in side])]


def _pronoun_row(reader: Reader, documents: Iterable[Document]) -> Row:
    asked = recalled = found = right = 0
    for document in documents:
        scan = reader.scan(document.text)
        for mention, names in document.mentions:
            if document.text[slice(*mention)].lower() in PRONOUNS:
                best = next((candidate.span for candidate in scan.antecedents(mention)), None)
                hit = best is not None and any(_shared(best, name) for name in names)
                asked, recalled = asked + bool(names), recalled + hit
                found, right = found + (best is not None), right + hit
    return Row("pronoun", recalled, asked, right, found)


def _matches(parts: list[Span], source: Span | None, article: GoldArticle) -> list[int]:
    """The numbers of the gold quotes that have mostly the same characters and the same source."""
    return [
        number
        for number, quote in enumerate(article.quotes)
        if _alike(parts, quote) >= 0.5 and _right_source(source, quote)
    ]


def _shared(a: Span, b: Span) -> int:
    """How many characters two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _alike(parts: list[Span], gold: GoldQuote) -> float:
    """Characters in both over characters in either."""
    both = sum(_shared(a, b) for a in parts for b in gold.parts)
    either = sum(b - a for a, b in [*parts, *gold.parts]) - both
    return both / either if either else 0.0


def _right_source(source: Span | None, gold: GoldQuote) -> bool:
    """Whether a source shares a character with gold's, or neither names one."""
    if source is None or not gold.source:
        return source is None and not gold.source
    return any(_shared(source, span) > 0 for span in gold.source)
