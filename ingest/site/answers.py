"""Which quotes answer a question: how many there are of each, one page of them, and all of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingest.site.archive import Archive
from ingest.site.question import SURE, Question
from ingest.store import MATCH_MARKS, RANK, tally

PAGE = 20
# Ranking ends there: nobody turns so many pages, and each must be ranked anew.
DEEPEST = 500
CHOICES = 30

_FACETS = {
    "speaker": ("Speaker", "speaker_id"),
    "affiliation": ("Affiliation", "affiliation"),
    "outlet": ("Outlet", "outlet"),
    "year": ("Year", "year"),
    "kind": ("Kind", "kind"),
}
_KINDS = {"direct": "in quotation marks", "mixed": "partly in marks", "indirect": "reported"}

WORDS = "quotes_fts CROSS JOIN quotes ON quotes.number = quotes_fts.rowid"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow down to, with the number of quotes that would be left."""

    value: str
    label: str
    quotes: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The choices under one name, those with most quotes first; ``more`` of them are not listed."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of quotes, and what leads to the next: a page's number (best) or a quote's id (by date)."""

    quotes: list[dict[str, Any]]
    next: str


def count(archive: Archive, question: Question) -> int:
    """How many quotes answer."""
    for row in _tallied(archive, question, ""):
        return int(row["quotes"])
    if question.words and not question.filters():
        sql = "SELECT count(*) FROM quotes_fts WHERE quotes_fts MATCH :match"
    else:
        sql = f"SELECT count(*) FROM {_from(question)}"
    return int(archive.value(sql, question.values()))


def facets(archive: Archive, question: Question) -> list[Facet]:
    """What the answers can be narrowed down to. A facet that is chosen also counts its other values."""
    counts = _hits(archive, question) if question.words else _stored(archive, question)
    labels = {"kind": _KINDS, "speaker": names(archive, [value for value, _ in counts["speaker"][:CHOICES]])}
    found = []
    for name, (title, _) in _FACETS.items():
        chosen, values = getattr(question, name), counts[name]
        shown = sorted(values[:CHOICES], reverse=True) if name == "year" else values[:CHOICES]
        choices = tuple(
            Choice(str(value), labels.get(name, {}).get(value, str(value)), quotes, str(value) == chosen)
            for value, quotes in shown
        )
        found.append(Facet(name, title, choices, len(values) > CHOICES))
    sure = dict(counts["sure"])
    choices = tuple(
        Choice(least, f"{least}% or more", sure[least], question.sure == least)
        for least in SURE
        if sure.get(least)
    )
    return [*found, Facet("sure", "Confidence", choices, False)]


def _stored(archive: Archive, question: Question) -> dict[str, list[tuple[Any, int]]]:
    """Each facet's values, most quotes first, from an index, or from counts made beforehand."""
    found = {name: counted(archive, question.but(**{name: ""}), name) for name in _FACETS}
    others = question.but(sure="")
    found["sure"] = [(row["value"], row["quotes"]) for row in _tallied(archive, others, "sure")]
    if not found["sure"]:
        sums = ", ".join(f"sum(quotes.confidence >= {int(least) / 100}) AS '{least}'" for least in SURE)
        found["sure"] = list(
            dict(archive.rows(f"SELECT {sums} FROM {_from(others)}", others.values())[0]).items()
        )
    return found


def counted(archive: Archive, question: Question, facet: str) -> list[tuple[Any, int]]:
    """The values of a facet among the answers to a question without words, most quotes first."""
    column = _FACETS[facet][1]
    rows = _tallied(archive, question, facet) or archive.rows(
        f"SELECT quotes.{column} AS value, count(*) AS quotes FROM {_from(question)}"
        f" AND quotes.{column} IS NOT NULL GROUP BY 1 ORDER BY quotes DESC, value LIMIT {CHOICES + 1}",
        question.values(),
    )
    return [(row["value"], row["quotes"]) for row in rows]


def _hits(archive: Archive, question: Question) -> dict[str, list[tuple[Any, int]]]:
    """The same of what words find, looked up once for all facets."""
    bare = Question(words=question.words, since=question.since, until=question.until)
    columns = ", ".join(f"quotes.{column}" for _, column in _FACETS.values())
    counts = []
    for name, (_, column) in _FACETS.items():
        where = question.but(since="", until="", **{name: ""}).clauses()
        counts.append(
            f"SELECT * FROM (SELECT '{name}' AS by, {column} AS value, count(*) AS quotes FROM hits AS quotes"
            f" WHERE {where} AND {column} IS NOT NULL GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT {CHOICES + 1})"
        )
    where = question.but(since="", until="", sure="").clauses()
    counts += [
        f"SELECT 'sure', '{percent}', count(*) FROM hits AS quotes"
        f" WHERE {where} AND confidence >= {int(percent) / 100}"
        for percent in SURE
    ]
    rows = archive.rows(
        f"WITH hits AS MATERIALIZED (SELECT {columns}, quotes.confidence FROM {_from(bare)})"
        f" {' UNION ALL '.join(counts)}",
        question.values(),
    )
    found: dict[str, list[tuple[Any, int]]] = {name: [] for name in (*_FACETS, "sure")}
    for name, value, quotes in rows:
        found[name].append((value, quotes))
    return found


def _tallied(archive: Archive, question: Question, by: str) -> list[sqlite3.Row]:
    """Counts made beforehand: there are some where few filters leave many quotes, or none."""
    if question.words or question.since or question.until or len(question.filters()) > 2:
        return []
    return archive.rows(
        "SELECT value, quotes FROM tallies WHERE filters = :key AND by = :by ORDER BY quotes DESC, value",
        {"key": tally.key(question.filters()), "by": by},
    )


def _from(question: Question) -> str:
    if question.words:
        return f"{WORDS} WHERE quotes_fts MATCH :match AND {question.clauses()}"
    return f"quotes WHERE {question.clauses()}"


def names(archive: Archive, ids: Iterable[str]) -> dict[str, str]:
    """The names of speakers, by id."""
    rows = archive.rows(
        "SELECT id, name FROM speakers WHERE id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(list(ids))},
    )
    return {row["id"]: row["name"] for row in rows}


def best(archive: Archive, question: Question, page: int) -> Page:
    """The best matches of the words, ``page`` counted from 1. Words must have been asked for."""
    offset = min((page - 1) * PAGE, DEEPEST - PAGE)
    rows = archive.rows(
        f"SELECT quotes_fts.rowid, {RANK} AS rank FROM {_from(question)}"
        f" ORDER BY rank, quotes_fts.rowid LIMIT {PAGE + 1} OFFSET {offset}",
        question.values(),
    )
    more = len(rows) > PAGE and offset + PAGE < DEEPEST
    return Page(quotes(archive, [row[0] for row in rows[:PAGE]], question), str(page + 1) if more else "")


def by_date(
    archive: Archive, question: Question, *, after: str = "", oldest_first: bool = False, size: int = PAGE
) -> Page:
    """The newest answers, or the oldest, from the one ``after`` (an id) on; undated ones come last."""
    beyond, order = (">", "ASC") if oldest_first else ("<", "DESC")
    begin = (
        archive.row("SELECT published, number FROM quotes WHERE id = :id", {"id": after}) if after else None
    )
    values = {**question.values(), **(dict(begin) if begin else {})}
    rows: list[sqlite3.Row] = []
    # Without a date nothing is before or after; so the two kinds are asked for one after the other.
    for dated in (True, False):
        where = "quotes.published > ''" if dated else "quotes.published IS NULL"
        if begin and bool(begin["published"]) < dated:
            continue
        if begin and dated:
            where = f"(quotes.published, quotes.number) {beyond} (:published, :number)"
        elif begin and not begin["published"]:
            where += f" AND quotes.number {beyond} :number"
        sort = f"quotes.published {order}, quotes.number {order}" if dated else f"quotes.number {order}"
        rows += archive.rows(
            f"SELECT quotes.number FROM {_from(question)} AND {where}"
            f" ORDER BY {sort} LIMIT {size + 1 - len(rows)}",
            values,
        )
        if len(rows) > size:
            break
    found = quotes(archive, [row["number"] for row in rows[:size]], question)
    return Page(found, found[-1]["id"] if len(rows) > size else "")


_QUOTES = (
    "SELECT quotes.number, quotes.id, quotes.text AS quote, quotes.speaker_id, speakers.name AS speaker,"
    " contexts.role, quotes.affiliation, contexts.mention, quotes.kind, quotes.outlet, quotes.published,"
    " articles.title, articles.url, quotes.article_id, quotes.position, quotes.confidence"
    " FROM json_each(:numbers) AS wanted CROSS JOIN quotes ON quotes.number = wanted.value"
    " LEFT JOIN articles ON articles.id = quotes.article_id"
    " LEFT JOIN contexts ON contexts.quote_id = quotes.id"
    " LEFT JOIN speakers ON speakers.id = quotes.speaker_id ORDER BY wanted.key"
)


def quotes(archive: Archive, numbers: list[int], question: Question | None = None) -> list[dict[str, Any]]:
    """These quotes in this order, as lists show them; ``snippet`` where words were asked for."""
    found = [dict(row) for row in archive.rows(_QUOTES, {"numbers": json.dumps(numbers)})]
    if question and question.words:
        begin, end = MATCH_MARKS
        snippets = {
            row[0]: row[1]
            for row in archive.rows(
                f"SELECT rowid, snippet(quotes_fts, 0, '{begin}', '{end}', '…', 60) FROM quotes_fts"
                " WHERE quotes_fts MATCH :match AND rowid IN (SELECT value FROM json_each(:numbers))",
                {"match": question.values()["match"], "numbers": json.dumps(numbers)},
            )
        }
        found = [{**row, "snippet": snippets.get(row["number"])} for row in found]
    return found
