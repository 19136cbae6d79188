"""Gold articles: who said what in them, and how every offset moves along when the text is edited."""

from __future__ import annotations

import bisect
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest import evaluate

Span = tuple[int, int]
Edit = tuple[int, int, str]
Names = tuple[tuple[int, int, str], ...]
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """One attribution: the parts said, and the words that name source and cue (either may be empty)."""

    parts: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article's text and every attribution in it; its names (start, end, kind) where they are known."""

    id: str
    text: str
    quotes: tuple[GoldQuote, ...]
    names: Names | None = None


def read_gold(folder: Path) -> list[GoldArticle]:
    """Read ``gold.jsonl`` and ``text/<id>.txt`` of a folder. Raises GoldError where one is broken."""
    return [
        GoldArticle(
            article.id,
            article.text,
            tuple(
                GoldQuote(_spans(quote["spans"]), _spans(quote.get("speaker")), _spans(quote.get("cue")))
                for quote in article.quotes
            ),
        )
        for article in evaluate.read_gold(folder)
    ]


def _spans(value: list[int] | list[list[int]] | None) -> tuple[Span, ...]:
    if not value:
        return ()
    many = value if isinstance(value[0], list) else [value]
    return tuple(sorted((a, b) for a, b in many))


def split(articles: list[GoldArticle], *, seed: int = 7) -> tuple[list[GoldArticle], list[GoldArticle]]:
    """The articles to learn from, and those held out for the settings: a tenth, at most forty."""
    order = list(range(len(articles)))
    random.Random(seed).shuffle(order)
    held = min(40, -(-len(articles) // 10))
    return [articles[i] for i in sorted(order[held:])], [articles[i] for i in sorted(order[:held])]


def edit(article: GoldArticle, edits: Iterable[Edit], *, renames: bool = False) -> GoldArticle:
    """Apply replacements ``(start, end, new)`` to the text and move every span along.

    An edit that overlaps an earlier one is left out, as is one that crosses the border of a span. Names in a
    place that was rewritten are no longer known, unless the edit ``renames`` only.
    """
    borders = sorted({at for quote in article.quotes for span in _all(quote) for at in span})
    kept: list[Edit] = []
    for start, end, new in sorted(edits, key=lambda item: item[:2]):
        inside = bisect.bisect_left(borders, end) > bisect.bisect_right(borders, start)
        if (not kept or start >= kept[-1][1]) and not inside:
            kept.append((start, end, new))
    text: list[str] = []
    at = 0
    for start, end, new in kept:
        text += [article.text[at:start], new]
        at = end
    text.append(article.text[at:])
    ends = [end for _, end, _ in kept]
    shift = [0]
    for start, end, new in kept:
        shift.append(shift[-1] + len(new) - (end - start))

    def move(span: Span) -> Span:
        # an insertion at a span's first character goes before it, one at its end goes after it
        first = bisect.bisect_right(ends, span[0])
        last = bisect.bisect_right(ends, span[1])
        while last and kept[last - 1][0] == kept[last - 1][1] == span[1]:
            last -= 1
        return span[0] + shift[first], span[1] + shift[last]

    quotes = tuple(
        GoldQuote(tuple(map(move, q.parts)), tuple(map(move, q.source)), tuple(map(move, q.cue)))
        for q in article.quotes
    )
    names = None
    if article.names is not None:
        moved = [(*move((start, end)), kind) for start, end, kind in article.names]
        if not renames:
            new_at = [
                (start + shift[i], start + shift[i] + len(new)) for i, (start, _, new) in enumerate(kept)
            ]
            moved += [(start, end, UNKNOWN) for start, end in new_at if end - start > 2]
        names = tuple(name for name in moved if name[1] > name[0])
    return GoldArticle(article.id, "".join(text), quotes, names)


def _all(quote: GoldQuote) -> list[Span]:
    return [*quote.parts, *quote.source, *quote.cue]
