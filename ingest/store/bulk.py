"""Loading very many articles at once: the rows that ``save`` would write, in one transaction.

What keeps single writes right makes many slow: triggers, indexes and the full-text index, kept up row by
row. Here they are taken away first and made again after the last row, just as the file itself describes
them. SQLite undoes all of it when the load fails or is killed, so there is never half a load.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlite_utils import Database

from ingest.records import Article, Quote
from ingest.store.save import drop_quotes, is_stored, now, record_changes, table_rows
from ingest.store.schema import open_store, transaction

ARTICLES_AT_ONCE = 1_000
ROWS_A_STATEMENT = 100
CACHE_KIB = 512 * 1024

# How ``save`` finds what an article had before.
_KEPT = "quotes_article_id"
_TABLES = ("articles", "texts", "speakers", "quotes", "contexts")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load wrote, and its seconds: for rows, for indexes, and for the full-text index."""

    articles: int
    quotes: int
    rows_seconds: float
    index_seconds: float
    words_seconds: float


def load(path: str | Path, results: Iterable[tuple[Article, Sequence[Quote]]], *, recipe: str) -> Loaded:
    """Store articles and their quotes in a new or existing database, all of them or, if that fails, none.

    The result is that of ``save`` for each: an article that is there already, or comes twice, is replaced
    if it differs. Other programs can read the database again when the load has ended; a small addition to a
    large database is faster by ``save``, as all indexes are made anew here. ``settle`` comes after, as ever.
    """
    with open_store(path) as db:
        db.execute("PRAGMA foreign_keys = OFF")  # no row comes without those that it refers to
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        with _no_collection(), transaction(db):
            begun = perf_counter()
            taken = _take_away(db)
            articles, quotes = _write(db, results, recipe)
            written = perf_counter()
            for sql in taken:
                db.execute(sql)
            indexed = perf_counter()
            db.execute("INSERT INTO quotes_fts(quotes_fts) VALUES ('rebuild')")
            ended = perf_counter()
    return Loaded(articles, quotes, written - begun, indexed - written, ended - indexed)


def _take_away(db: Database) -> list[str]:
    """Drop what can be made again from the rows → the SQL that makes it again."""
    made = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> ? AND"
        f" (type = 'trigger' OR type = 'index' AND tbl_name IN ({', '.join('?' * len(_TABLES))}))",
        [_KEPT, *_TABLES],
    ).fetchall()
    for type, name, _ in made:
        db.execute(f"DROP {type} {name}")
    return [sql for _, _, sql in made]


def _write(db: Database, results: Iterable[tuple[Article, Sequence[Quote]]], recipe: str) -> tuple[int, int]:
    """→ how many articles were new or different, and the quotes of these."""
    articles = quotes = 0
    number = db.execute("SELECT coalesce(max(number), 0) FROM quotes").fetchone()[0]
    retrieved = now()
    for batch in _batches(results):
        ids = json.dumps([article.id for article, _ in batch])
        db.execute("DELETE FROM failures WHERE source IN (SELECT value FROM json_each(?))", [ids])
        known = {
            id
            for (id,) in db.execute(
                "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))", [ids]
            ).fetchall()
        }
        found: dict[str, list[dict[str, Any]]] = {table: [] for table in _TABLES}
        for article, said in batch:
            rows = table_rows(article, said, recipe=recipe)
            if article.id in known:
                if is_stored(db, rows):
                    continue
                record_changes(db, article, rows)
                drop_quotes(db, article.id)
                db.execute("DELETE FROM texts WHERE article_id = ?", [article.id])
                db.execute("DELETE FROM articles WHERE id = ?", [article.id])
            rows["articles"][0]["retrieved"] = retrieved
            for row in rows["quotes"]:
                number += 1
                row["number"] = number
            for table in _TABLES:
                found[table] += rows[table]
        for table in _TABLES:
            _insert(db, table, found[table])
        articles += len(found["articles"])
        quotes += len(found["quotes"])
    if articles:
        db.execute("DELETE FROM settled")
    return articles, quotes


def _batches(
    results: Iterable[tuple[Article, Sequence[Quote]]],
) -> Iterator[list[tuple[Article, Sequence[Quote]]]]:
    """Some articles at a time, none of them twice."""
    batch: dict[str, tuple[Article, Sequence[Quote]]] = {}
    for article, quotes in results:
        if len(batch) == ARTICLES_AT_ONCE or article.id in batch:
            yield list(batch.values())
            batch = {}
        batch[article.id] = article, quotes
    yield list(batch.values())


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of rows, none in a cycle: looking for garbage among them would take a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _insert(db: Database, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Many rows a statement: each costs more in going to and fro than in SQLite itself.

    OR FAIL, as the whole load is undone anyway: SQLite then keeps no second journal for each statement.
    """
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        blanks = ", ".join([f"({', '.join('?' * len(some[0]))})"] * len(some))
        db.execute(
            f"INSERT OR {'IGNORE' if table == 'speakers' else 'FAIL'} INTO {table}"
            f" ({', '.join(some[0])}) VALUES {blanks}",
            list(chain.from_iterable(row.values() for row in some)),
        )
