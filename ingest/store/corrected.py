"""What people correct, in the database: what they look at, an article as it was read, what came of a row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from ingest.corrections import COLUMNS, METHOD, Correction, Outcome
from ingest.records import Article, Attribution, Quotation, Quote, Speaker, TextSpan
from ingest.store.schema import explained, path_of
from ingest.store.search import fold

_REVIEWED = (
    "SELECT quotes.id, quotes.text, quotes.kind, confidence, article_id, title, articles.outlet,"
    " articles.published, speakers.name AS speaker, contexts.* FROM quotes"
    " JOIN contexts ON quote_id = quotes.id JOIN articles ON articles.id = article_id"
    " LEFT JOIN speakers ON speakers.id = speaker_id WHERE "
)


def quote_row(db: Database, id: str) -> dict[str, Any] | None:
    """A quote for a person to look at, with its context, article and speaker; none where there is no such.

    → id, text, kind, confidence, article_id, title, outlet, published, speaker (as all articles together tell
    it) and the columns of ``contexts`` (as the article alone does).
    """
    return next(_query(db, f"{_REVIEWED} quotes.id = :id", {"id": id}), None)


def uncertain(db: Database, *, below: float, speaker_id: str | None = None) -> Iterator[dict[str, Any]]:
    """The quotes of less confidence, or without a speaker, that nobody corrected; the least certain first.

    → the columns of ``quote_row``.
    """
    sql = (
        f"{_REVIEWED} (confidence < :below OR speaker_id IS NULL) AND method <> :method"
        " AND (:speaker_id IS NULL OR speaker_id = :speaker_id) ORDER BY confidence, quotes.id"
    )
    return _query(db, sql, {"below": below, "method": METHOD, "speaker_id": speaker_id})


def bearers(db: Database, name: str) -> list[dict[str, Any]]:
    """The speakers with an id, or else a name, or else an alias, the most quoted first → id, name, quotes."""
    values = {"name": name, "folded": fold(name)}
    for where in (
        "id = :name COLLATE NOCASE",
        "id IN (SELECT speaker_id FROM aliases WHERE folded = :folded AND alias = speakers.name)",
        "id IN (SELECT speaker_id FROM aliases WHERE folded = :folded)",
    ):
        sql = f"SELECT id, name, quotes FROM speakers WHERE {where} ORDER BY quotes DESC, id"
        if found := list(_query(db, sql, values)):
            return found
    return []


def stored_articles(db: Database, ids: Iterable[str]) -> Iterator[Article]:
    """The articles with these ids that the database has with their text, as they were saved."""
    sql = (
        "SELECT articles.*, text FROM articles JOIN texts ON article_id = articles.id WHERE articles.id = :id"
    )
    for id in sorted(ids):
        for row in _query(db, sql, {"id": id}):
            facts = ("id", "text", "url", "title", "outlet", "author", "published")
            yield Article(**{fact: row[fact] for fact in facts})


def stored_quotes(db: Database, article_id: str) -> list[Quote]:
    """The quotes of an article as they were saved, before settle told who their speakers are."""
    sql = (
        "SELECT contexts.*, quotes.kind, confidence FROM quotes JOIN contexts ON quote_id = quotes.id"
        " WHERE article_id = :id ORDER BY position"
    )
    return [_quote(row) for row in _query(db, sql, {"id": article_id})]


def _quote(row: dict[str, Any]) -> Quote:
    mention, cue = (
        TextSpan(row[f"{words}_start"], row[f"{words}_end"]) if row[words] is not None else None
        for words in ("mention", "cue")
    )
    quotation = Quotation(row["kind"], tuple(TextSpan(*part) for part in json.loads(row["parts"])), cue)
    attribution = Attribution(quotation, mention, row["confidence"], row["method"])
    if row["name"] is None:
        return Quote(attribution)
    told = (row[fact] for fact in ("name", "person_kind", "role", "affiliation", "description"))
    return Quote(attribution, Speaker(row["person"], *told))


def write_outcomes(db: Database, outcomes: Iterable[Outcome]) -> None:
    """Put these in place of the table of corrections. For use inside a transaction."""
    db.execute("DELETE FROM corrections")
    db.table("corrections").insert_all(
        {name: getattr(outcome.correction, name) for name in ("line", *COLUMNS)} | {"outcome": outcome.result}
        for outcome in outcomes
    )


def outcomes(db: Database) -> list[Outcome]:
    """What became of each correction when the database was last brought up to date."""
    rows = _query(db, "SELECT * FROM corrections ORDER BY line", {})
    return [Outcome(result=row.pop("outcome"), correction=Correction(**row)) for row in rows]


def _query(db: Database, sql: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with explained(path_of(db)):
        yield from db.query(sql, values)
