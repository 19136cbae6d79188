"""Scores against gold quotations, and the quotes gained and lost between two runs.

Both sides are dicts as ``onrecord extract`` prints them; gold may name several mentions, aliases of a name
and quotes that are optional. Rows:

    direct.span     runs in quotation marks: found, that is overlapping by half of the longer of the two
    direct.mention  … and the mention of the source overlaps the gold one, or shares a capitalised name
    direct.entity   … and the resolved name denotes the same person or body (where gold has names)
    all.span        whole quotations of every kind: characters shared over characters in either, half or more
    all.mention     … and the mention as above
    all.chars       characters of quotations

Runs, not quotations, are the unit of the direct rows: “A,” he said. “B.” counts as two however it is cut.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.lexicon import PRONOUNS
from ingest.records import Article, ExplainedError, Quote

Quotes = Sequence[Mapping[str, Any]]
Span = tuple[int, int]
Run = tuple[Span, Mapping[str, Any]]

_MARK = re.compile(r"[“”\"]|''|``")
_EDGES = "“”\"'`’‘ \n\t"
_TITLES = frozenset(
    [
        "the",
        "mr",
        "mrs",
        "ms",
        "miss",
        "sir",
        "dr",
        "lord",
        "lady",
        "dame",
        "president",
        "senator",
        "sen",
        "gov",
        "rep",
        "prof",
        "professor",
        "of",
        "for",
        "a",
        "an",
        "and",
        "de",
        "van",
        "von",
    ]
)


class GoldError(ExplainedError):
    """A gold folder cannot be used; the message names the file and what is needed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of scores: of ``gold`` units ``recalled`` were found, of ``predicted`` ones ``right`` hold."""

    name: str
    recalled: int
    gold: int
    right: int
    predicted: int

    @property
    def precision(self) -> float:
        """Percent of the predicted units that are right."""
        return 100 * self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Percent of the gold units that were found."""
        return 100 * self.recalled / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, in percent."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class MentionRow:
    """How often the name is right where gold mentions the source in one way.

    ``mention`` is name (in full), surname (one word of several), role (any other words), pronoun or none.
    Counted are the direct runs of gold that were found. No name is right where gold has none, else open.
    """

    mention: str
    right: int
    wrong: int
    left_open: int


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article's text with its gold quotations."""

    id: str
    text: str
    quotes: Quotes


@dataclass(frozen=True, slots=True)
class Change:
    """A gold quotation that one run gets wholly right and another does not."""

    article: str
    words: str
    speaker: str
    gained: bool


def as_dict(quote: Quote, text: str) -> dict[str, Any]:
    """A quote in extract's format, which other programs read: its keys are stable.

    ``“Go,” said Ms Lee`` → ``{"kind": "direct", "spans": [[0, 5]], "text": "“Go,”", "speaker": [11, 17], …}``
    """
    source, cue, speaker = quote.attribution.source, quote.quotation.cue, quote.speaker
    return {
        "kind": quote.quotation.kind,
        "spans": [list(part) for part in quote.quotation.parts],
        "text": quote.text(text),
        "speaker": list(source) if source else None,
        "name": speaker.name if speaker else None,
        "speaker_id": speaker.id if speaker else None,
        "role": speaker.role if speaker else None,
        "affiliation": speaker.affiliation if speaker else None,
        "cue": list(cue) if cue else None,
        "confidence": quote.attribution.confidence,
    }


def extracted(article: Article, quotes: Iterable[Quote]) -> dict[str, Any]:
    """An article's line of ``extract``."""
    return {"id": article.id, "quotes": [as_dict(quote, article.text) for quote in quotes]}


def read_gold(folder: Path) -> list[GoldArticle]:
    """The gold articles of a folder with ``gold.jsonl`` and the texts in ``text/`` or beside it.

    Raises GoldError where a file is missing or a line is not such an article.
    """
    path = folder / "gold.jsonl"
    texts = folder / "text" if (folder / "text").is_dir() else folder
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines if line.strip()]
        return [
            GoldArticle(r["id"], (texts / f"{r['id']}.txt").read_text(encoding="utf-8"), r["quotes"])
            for r in records
        ]
    except OSError as error:
        raise GoldError(
            f"{error.filename}: {error.strerror}; a gold folder holds gold.jsonl and text/<id>.txt"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise GoldError(f"{path}: not gold quotations ({error}); see the README for the format") from error


def read_predictions(path: Path) -> dict[str, Quotes]:
    """An earlier run's quotes by article, from the JSON lines that extract or ``--save`` wrote."""
    try:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {record["id"]: record["quotes"] for record in records}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GoldError(f"{path}: not a run's quotes ({error}); give a file that --save wrote") from error


def scores(gold: Sequence[GoldArticle], predicted: Mapping[str, Quotes]) -> list[Row]:
    """The rows of the module's docstring for some gold articles and a run's quotes of them."""
    tally: dict[str, list[int]] = {}
    named = any("name" in q for article in gold for q in article.quotes)
    for article in gold:
        for name, *counts in _article_counts(article, predicted.get(article.id, ()), named):
            total = tally.setdefault(name, [0, 0, 0, 0])
            tally[name] = [a + b for a, b in zip(total, counts, strict=True)]
    return [Row(name, *counts) for name, counts in tally.items()]


def by_mention(gold: Sequence[GoldArticle], predicted: Mapping[str, Quotes]) -> list[MentionRow]:
    """How often names are right, wrong and left open, for each kind of mention; for gold that has names.

    Gold ``“Go,” said Ms Lee`` with name Ann Lee, found and named Ann Lee → one more right for ``surname``.
    """
    tally = {mention: Counter[str]() for mention in ("name", "surname", "role", "pronoun", "none")}
    for article in gold:
        asked, runs = _direct_runs(article, predicted.get(article.id, ()))
        for span, quote in asked:
            found = [p for other, p in runs if _half(span, other)]
            if found:
                right = any(_same_entity(p, quote) for p in found)
                named = any(p.get("name") for p in found)
                tally[_mention(article.text, quote)]["right" if right else "wrong" if named else "open"] += 1
    return [MentionRow(mention, n["right"], n["wrong"], n["open"]) for mention, n in tally.items()]


def changes(
    gold: Sequence[GoldArticle], before: Mapping[str, Quotes], after: Mapping[str, Quotes]
) -> Iterator[Change]:
    """The gold quotations whose words and source only one of two runs has right: gained first, in order."""
    found = []
    for article in gold:
        for quote in _asked(article.quotes):
            was, now = (_has(article.text, quote, run.get(article.id, ())) for run in (before, after))
            if was != now:
                words = " ".join(article.text[a:b] for a, b in quote["spans"])
                speaker = " / ".join(article.text[a:b] for a, b in _spans(quote.get("speaker")))
                found.append(Change(article.id, words, quote.get("name") or speaker, now))
    yield from sorted(found, key=lambda change: not change.gained)


def _article_counts(
    article: GoldArticle, predicted: Quotes, named: bool
) -> Iterator[tuple[str, int, int, int, int]]:
    text = article.text
    gold, run = _asked(article.quotes), _answers(article, predicted)
    gold_runs, runs = _direct_runs(article, predicted)
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "direct.span": lambda p, g: True,
        "direct.mention": lambda p, g: _same_mention(text, p, g),
    }
    if named:
        tests["direct.entity"] = _same_entity
    for name, right in tests.items():
        recalled = sum(any(_half(u, v) and right(p, g) for v, p in runs) for u, g in gold_runs)
        true = sum(any(_half(u, v) and right(p, g) for u, g in gold_runs) for v, p in runs)
        yield name, recalled, len(gold_runs), true, len(runs)

    for name in ("all.span", "all.mention"):
        right = tests["direct" + name[3:]]
        recalled = sum(any(_alike(p, g) and right(p, g) for p in run) for g in gold)
        true = sum(any(_alike(p, g) and right(p, g) for g in gold) for p in run)
        yield name, recalled, len(gold), true, len(run)

    ours, theirs = (set().union(*map(_characters, side)) if side else set() for side in (run, gold))
    yield "all.chars", len(ours & theirs), len(theirs), len(ours & theirs), len(ours)


def _asked(quotes: Quotes) -> list[Mapping[str, Any]]:
    return [quote for quote in quotes if not quote.get("optional")]


def _answers(article: GoldArticle, predicted: Quotes) -> Quotes:
    """A run's quotes, without those of words that gold leaves free."""
    free = [span for q in article.quotes if q.get("optional") for span in _spans(q["spans"])]
    return [q for q in predicted if not any(_overlap(a, b) for a in _spans(q["spans"]) for b in free)]


def _direct_runs(article: GoldArticle, predicted: Quotes) -> tuple[list[Run], list[Run]]:
    """The runs in marks of gold and of a run's quotes, each with its quote."""
    asked, answers = _asked(article.quotes), _answers(article, predicted)
    gold, ours = ([(run, q) for q in quotes for run in _runs(article.text, q)] for quotes in (asked, answers))
    return gold, ours


def _has(text: str, gold: Mapping[str, Any], run: Quotes) -> bool:
    return any(_touch(p, gold) and _same_mention(text, p, gold) for p in run)


def _touch(p: Mapping[str, Any], g: Mapping[str, Any]) -> bool:
    a, b = _characters(p), _characters(g)
    return 2 * len(a & b) >= len(b)


def _alike(p: Mapping[str, Any], g: Mapping[str, Any]) -> bool:
    a, b = _characters(p), _characters(g)
    return bool(a | b) and 2 * len(a & b) >= len(a | b)


def _characters(quote: Mapping[str, Any]) -> set[int]:
    return {i for a, b in _spans(quote["spans"]) for i in range(a, b)}


def _spans(value: Any) -> list[Span]:
    """A span, a list of spans or none, as a list of spans."""
    if not value:
        return []
    return [tuple(value)] if isinstance(value[0], int) else [tuple(span) for span in value]


def _overlap(a: Span, b: Span) -> bool:
    return min(a[1], b[1]) > max(a[0], b[0])


def _half(a: Span, b: Span) -> bool:
    shared = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return 2 * shared >= max(a[1] - a[0], b[1] - b[0], 1)


def _runs(text: str, quote: Mapping[str, Any]) -> list[Span]:
    """The runs in marks of a quotation, without the marks: from an opening one to the next, or to its end."""
    found: list[Span] = []
    for start, end in _spans(quote["spans"]):
        marks = [m.start() for m in _MARK.finditer(text[start:end])]
        if not marks:
            before = text[max(0, start - 2) : start].rstrip()[-1:]
            after = text[end : end + 2].lstrip()[:1]
            if (before and before in '“"”') or (after and after in '”"'):
                found.append((start, end))
            continue
        if marks[0] > 3 and text[start + marks[0]] == "”":  # opened before the span
            found.append((start, start + marks[0]))
            marks = marks[1:]
        edges = [*marks, end - start]
        found += [(start + a, start + b) for a, b in zip(edges[::2], edges[1::2], strict=False) if b - a > 3]
    trimmed = (_trim(text, span) for span in found)
    return [(a, b) for a, b in trimmed if b - a >= 2]


def _trim(text: str, span: Span) -> Span:
    a, b = span
    while a < b and text[a] in _EDGES:
        a += 1
    while b > a and text[b - 1] in _EDGES + ",.":
        b -= 1
    return a, b


def _same_mention(text: str, p: Mapping[str, Any], g: Mapping[str, Any]) -> bool:
    if g.get("speaker") is None:
        return p.get("speaker") is None and not p.get("name")
    wanted, mine = _spans(g["speaker"]), _spans(p.get("speaker"))
    if any(_overlap(a, b) for a in mine for b in wanted):
        return True
    named = p.get("name") or " ".join(text[a:b] for a, b in mine[:1])
    asked = _capitalised(" ".join(text[a:b] for a, b in wanted)) - {"The", "Mr", "Mrs", "Ms", "Sir"}
    return bool(asked & _capitalised(named))


def _mention(text: str, gold: Mapping[str, Any]) -> str:
    """How gold mentions a source: ``Mr Blair``, whose name is Tony Blair → ``surname``."""
    spans = _spans(gold.get("speaker"))
    if not spans:
        return "none"
    words = set(_name_words(" ".join(text[a:b] for a, b in spans)))
    if words and words <= PRONOUNS:
        return "pronoun"
    names = [set(_name_words(name)) for name in (gold.get("name"), *gold.get("aliases", ()))]
    if any(name and (name <= words or len(name & words) > 1) for name in names):
        return "name"
    return "surname" if any(name & words for name in names) else "role"


def _capitalised(words: str) -> set[str]:
    return set(re.findall(r"\b[A-Z][\w’'-]+", words))


def _same_entity(p: Mapping[str, Any], g: Mapping[str, Any]) -> bool:
    mine = _name_words(p.get("name"))
    if not p.get("name") and not g.get("name"):
        return True
    for name in (g.get("name"), *g.get("aliases", ())):
        theirs = _name_words(name)
        if not mine or not theirs:
            continue
        if (
            mine[-1] == theirs[-1]
            or set(theirs) <= set(mine)
            or (set(mine) <= set(theirs) and len(mine[-1]) > 2)
        ):
            return True
    return False


def _name_words(name: str | None) -> list[str]:
    plain = (name or "").replace("’s", "").replace("'s", "").lower()
    return [word for word in re.findall(r"[^\W\d_][\w’'-]*", plain) if word not in _TITLES]
