"""What people corrected, as the database knows it: articles as they were read, what became of each row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from ingest.corrections import COLUMNS, Correction, Outcome
from ingest.records import Article, Attribution, Quotation, Quote, Speaker, TextSpan
from ingest.store.schema import explained, path_of


def stored_articles(db: Database, ids: Iterable[str]) -> Iterator[Article]:
    """The articles with these ids that the database has with their text, as they were saved."""
    sql = "SELECT articles.*, text FROM articles JOIN texts ON article_id = articles.id WHERE articles.id = ?"
    for id in sorted(ids):
        with explained(path_of(db)):
            row = next(db.query(sql, [id]), None)
        if row is not None:
            facts = ("id", "text", "url", "title", "outlet", "author", "published")
            yield Article(**{fact: row[fact] for fact in facts})


def stored_quotes(db: Database, article_id: str) -> list[Quote]:
    """The quotes of an article as they were saved, before settle told who their speakers are."""
    sql = (
        "SELECT contexts.*, quotes.kind, confidence FROM quotes JOIN contexts ON quote_id = quotes.id"
        " WHERE article_id = ? ORDER BY position"
    )
    with explained(path_of(db)):
        return [_quote(row) for row in db.query(sql, [article_id])]


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
    with explained(path_of(db)):
        rows = list(db.query("SELECT * FROM corrections ORDER BY line"))
    return [Outcome(result=row.pop("outcome"), correction=Correction(**row)) for row in rows]
