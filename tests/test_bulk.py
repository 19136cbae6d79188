"""Loading many articles at once gives just what saving each gives; and the counts made beforehand are right."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from itertools import combinations
from pathlib import Path

import pytest
from bench_site import COMMON, archive
from sqlite_utils import Database
from test_store import HARBOUR, HARBOUR_QUOTES, ONO, VELD, check_index, simple

from ingest.records import Article, Failure, Quote
from ingest.register import Register
from ingest.store import open_store, save, save_failure, tally
from ingest.store.bulk import load
from ingest.store.settle import settle

TABLES = (
    "articles",
    "texts",
    "speakers",
    "quotes",
    "contexts",
    "changes",
    "failures",
    "settled",
    "tallies",
    "coverage",
)


@pytest.fixture(scope="module")
def articles() -> list[tuple[Article, list[Quote]]]:
    return list(archive(3000, seed=7))


def content(db: Database, *, numbers: bool = True) -> dict[str, list[tuple]]:
    """Every row of every table, but for the time of reading."""
    kept = {}
    for table in TABLES:
        without = ("retrieved", "noticed") if numbers else ("retrieved", "noticed", "number")
        columns = ", ".join(column for column in db.table(table).columns_dict if column not in without)
        kept[table] = sorted(db.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
    return kept


def schema(db: Database) -> list[tuple]:
    return sorted(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall(), key=repr)


def found(db: Database, word: str) -> list[int]:
    return [row[0] for row in db.execute("SELECT rowid FROM quotes_fts(?) ORDER BY rowid", [word])]


@pytest.fixture(scope="module")
def saved(articles, tmp_path_factory):
    """The same articles, saved one by one."""
    with open_store(tmp_path_factory.mktemp("saved") / "quotes.db") as db:
        for article, quotes in articles:
            save(db, article, quotes, recipe="r")
        yield db


# The same as save


def test_load_stores_what_save_stores(articles, saved, tmp_path):
    loaded = load(tmp_path / "quotes.db", articles, recipe="r")
    assert (loaded.articles, loaded.quotes) == (len(articles), 3000)
    with open_store(tmp_path / "quotes.db") as db:
        assert content(db) == content(saved)
        assert schema(db) == schema(saved)
        assert found(db, COMMON) == found(saved, COMMON) != []
        check_index(db)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_loaded_database_settles_and_takes_more_by_save(articles, tmp_path):
    path = tmp_path / "quotes.db"
    load(path, articles[:50], recipe="r")
    with open_store(path) as db:
        assert settle(db, Register.of([]), recipe="1")
        assert save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")
        assert settle(db, Register.of([]), recipe="1")
        assert len(found(db, "ferries")) == 1
        check_index(db)


def test_loading_the_same_again_changes_nothing(articles, tmp_path):
    path = tmp_path / "quotes.db"
    load(path, articles[:200], recipe="r")
    with open_store(path) as db:
        settle(db, Register.of([]), recipe="1")
        before, settled = content(db), db.execute("SELECT count(*) FROM settled").fetchone()
        numbers = found(db, COMMON)
    again = load(path, articles[:200], recipe="r")
    assert (again.articles, again.quotes) == (0, 0)
    with open_store(path) as db:
        assert content(db) == before
        assert db.execute("SELECT count(*) FROM settled").fetchone() == settled
        assert found(db, COMMON) == numbers


def test_a_changed_article_replaces_its_quotes_in_a_database_that_is_there(articles, tmp_path):
    changed = [simple("tax", "We will keep the harbour tax"), *articles[:30]]
    for name, into in (("one", save), ("many", None)):
        path = tmp_path / f"{name}.db"
        with open_store(path) as db:
            save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")
            save(db, *simple("tax", "We will cut the harbour tax"), recipe="r")
            for article, quotes in changed if into else ():
                save(db, article, quotes, recipe="r")
        if not into:
            assert load(path, changed, recipe="r").articles == 31
    with open_store(tmp_path / "one.db") as one, open_store(tmp_path / "many.db") as many:
        assert content(many, numbers=False) == content(one, numbers=False)
        assert found(many, '"keep the harbour"')
        assert not found(many, '"cut the harbour"')
        check_index(many)


def test_an_article_that_comes_twice_is_stored_as_it_came_last(tmp_path):
    path = tmp_path / "quotes.db"
    load(path, [simple("dog", "My dog is fine"), simple("dog", "My dog is unwell", VELD)], recipe="r")
    with open_store(path) as db:
        assert db.execute("SELECT text, speaker_id FROM quotes").fetchall() == [
            ("“My dog is unwell”", "piet-veld")
        ]
        assert db.execute("SELECT count(*) FROM texts").fetchone() == (1,)
        check_index(db)


def test_an_article_that_can_be_read_now_is_no_failure_any_more(tmp_path):
    path = tmp_path / "quotes.db"
    with open_store(path) as db:
        save_failure(db, Failure("dog", "read", "dog: is empty"))
        save_failure(db, Failure("cat", "read", "cat: is empty"))
    load(path, [simple("dog", "My dog is fine")], recipe="r")
    with open_store(path) as db:
        assert db.execute("SELECT source FROM failures").fetchall() == [("cat",)]


def test_no_articles_are_no_error(tmp_path):
    assert load(tmp_path / "quotes.db", [], recipe="r").quotes == 0


# All or nothing


def test_a_load_that_fails_leaves_the_database_as_it_was(articles, tmp_path):
    def broken():
        yield from articles[:400]
        raise RuntimeError("the shard is damaged")

    path = tmp_path / "quotes.db"
    with open_store(path) as db:
        save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")
        before = content(db), schema(db)
    with pytest.raises(RuntimeError, match="the shard is damaged"):
        load(path, broken(), recipe="r")
    with open_store(path) as db:
        assert (content(db), schema(db)) == before
        check_index(db)


KILLED = """
import sys
from bench_site import archive
from ingest.store import bulk
bulk.ARTICLES_AT_ONCE, bulk.CACHE_KIB = 50, 64  # so that it writes to the file at once

def slow():
    for number, pair in enumerate(archive(6000, seed=3)):
        if number == 500:
            print("half", flush=True)
        yield pair

bulk.load(sys.argv[1], slow(), recipe="r")
"""


@pytest.mark.parametrize("there", [False, True], ids=["new", "existing"])
def test_a_load_that_is_killed_leaves_the_database_as_it_was(tmp_path, there):
    path = tmp_path / "quotes.db"
    with open_store(path) as db:
        if there:
            save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")
        before = content(db), schema(db)
    if not there:
        path.unlink()
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE, cwd=Path(__file__).parent
    )
    assert process.stdout
    assert process.stdout.readline() == b"half\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with open_store(path) as db:
        assert (content(db), schema(db)) == before
        check_index(db)
    load(path, [simple("tax", "We will keep the tax", ONO)], recipe="r")


# Counts made beforehand


@pytest.fixture(scope="module")
def counted(articles, tmp_path_factory):
    """A settled database, in which 60 quotes are many."""
    path = tmp_path_factory.mktemp("counted") / "quotes.db"
    load(path, articles, recipe="r")
    with pytest.MonkeyPatch.context() as patch, open_store(path) as db:
        patch.setattr(tally, "BUSY", 60)
        settle(db, Register.of([]), recipe="1")
        yield db


CLAUSES = {name: f"{column} = :{name}" for name, column in tally.FILTERS.items()}
CLAUSES["sure"] = "confidence >= :sure / 100.0"


def values(db: Database, name: str) -> list:
    if name == "sure":
        return list(tally.SURE)
    column = tally.FILTERS[name]
    return [
        row[0]
        for row in db.execute(
            f"SELECT {column} FROM quotes WHERE {column} IS NOT NULL GROUP BY 1 HAVING count(*) > 60"
        )
    ]


def expected(db: Database, filters: dict) -> dict[tuple[str, str], int]:
    """The same counts by the plainest SQL."""
    where = " AND ".join(CLAUSES[name] for name in filters) or "1"
    counts = {}
    for name, column in tally.FILTERS.items():
        if name in filters:
            continue
        if name == "sure":
            for least in tally.SURE:
                sql = f"SELECT count(*) FROM quotes WHERE {where} AND confidence >= {least} / 100.0"
                counts[name, str(least)] = db.execute(sql, filters).fetchone()[0]
        else:
            sql = f"SELECT {column}, count(*) FROM quotes WHERE {where} AND {column} IS NOT NULL GROUP BY 1"
            ranked = sorted(db.execute(sql, filters), key=lambda row: (-row[1], row[0]))
            counts |= {(name, str(value)): count for value, count in ranked[:50]}
    return {key: count for key, count in counts.items() if count}


def test_every_large_set_of_quotes_is_counted_and_no_other(counted):
    wanted = {}
    sets = [{}, *({name: value} for name in tally.FILTERS for value in values(counted, name))]
    sets += [
        {one: a, other: b}
        for one, other in combinations(tally.FILTERS, 2)
        for a in values(counted, one)
        for b in values(counted, other)
    ]
    for filters in sets:
        where = " AND ".join(CLAUSES[name] for name in filters) or "1"
        total = counted.execute(f"SELECT count(*) FROM quotes WHERE {where}", filters).fetchone()[0]
        if total > 60:
            key = tally.key({name: str(value) for name, value in filters.items()})
            wanted[key] = {("", ""): total, **expected(counted, filters)}
    got: dict[str, dict] = {}
    for filters, by, value, quotes in counted.execute("SELECT filters, by, value, quotes FROM tallies"):
        got.setdefault(filters, {})[by, value] = quotes
    assert got.keys() == wanted.keys()
    assert len(got) > 50
    for key, counts in wanted.items():
        assert got[key] == counts, key


def test_a_small_archive_is_counted_when_it_is_asked(tmp_path):
    load(tmp_path / "quotes.db", [simple("dog", "My dog is fine")], recipe="r")
    with open_store(tmp_path / "quotes.db") as db:
        settle(db, Register.of([]), recipe="1")
        assert db.execute("SELECT count(*) FROM tallies").fetchone() == (0,)
        assert db.execute("SELECT * FROM coverage").fetchall() == [("The Lund Courier", 2025, 1, 1)]


def test_coverage_counts_quotes_and_articles_by_outlet_and_year(counted):
    assert counted.execute("SELECT sum(quotes) FROM coverage").fetchone() == (3000,)
    outlet, year, quotes, articles = counted.execute(
        "SELECT * FROM coverage ORDER BY quotes DESC LIMIT 1"
    ).fetchone()
    said = counted.execute(
        "SELECT count(*), count(DISTINCT article_id) FROM quotes WHERE outlet = ? AND year = ?",
        [outlet, year],
    ).fetchone()
    assert said == (quotes, articles)


def test_a_filter_is_listed_as_in_a_url():
    assert tally.key({"year": "2024", "kind": "direct", "outlet": ""}) == "kind=direct&year=2024"
    assert tally.key({"outlet": "The Ångström & Co"}) == "outlet=The+%C3%85ngstr%C3%B6m+%26+Co"
    assert tally.key({}) == ""


def test_words_are_counted_as_they_are_said():
    assert tally.words("We’ll see. Won't we? 24 boats") == ["we'll", "see", "won't", "we", "boats"]


def test_vocabulary_counts_the_words_of_direct_quotes(tmp_path):
    load(
        tmp_path / "quotes.db",
        [simple("a", "The dam, the old dam"), simple("b", "No dam will hold the sea")],
        recipe="r",
    )
    with open_store(tmp_path / "quotes.db") as db:
        settle(db, Register.of([]), recipe="1")
        assert dict(db.execute("SELECT word, uses FROM vocabulary")) == {"dam": 3, "the": 3}
