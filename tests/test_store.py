"""The database: its schema, what a second run does, what a kill leaves, what search finds."""

from __future__ import annotations

import random
import re
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.db import Table

from ingest import store
from ingest.records import Article, Attribution, Failure, Quotation, Quote, Speaker, TextSpan, quote_ids
from ingest.register import Register
from ingest.store import (
    StoreError,
    fold,
    is_current,
    match_query,
    open_store,
    rows,
    save,
    schema,
    search,
    speakers,
)
from ingest.store.schema import path_of
from ingest.store.settle import settle

ONO = Speaker("mara-ono", "Mara Ono", "person", "harbour master", "Port of Lund")
VELD = Speaker("piet-veld", "Piet Véld", "person", "mayor", None)


def span(text: str, words: str) -> TextSpan:
    start = text.index(words)
    return TextSpan(start, start + len(words))


def quote(text, *parts, speaker=None, mention=None, cue=None, kind="direct", confidence=0.9) -> Quote:
    """Words of the text → a quote of them."""
    quotation = Quotation(kind, tuple(span(text, part) for part in parts), span(text, cue) if cue else None)
    source = span(text, mention) if mention else None
    return Quote(Attribution(quotation, source, confidence, "cue"), speaker)


HARBOUR = Article(
    id="harbour",
    text=(
        "The harbour is to close.\n\n“We will,” Ms Ono said, “reopen it in spring.”\n\n"
        "Mayor Piet Véld warned that the ferries would stop. A sign read “no entry here”."
    ),
    url="https://example.org/harbour",
    title="Harbour to close",
    outlet="The Lund Courier",
    author="A. Writer",
    published="2025-07-10",
)
HARBOUR_QUOTES = [
    quote(
        HARBOUR.text,
        "“We will,”",
        "“reopen it in spring.”",
        speaker=ONO,
        mention="Ms Ono",
        cue="said",
    ),
    quote(
        HARBOUR.text,
        "that the ferries would stop",
        speaker=VELD,
        mention="Mayor Piet Véld",
        cue="warned",
        kind="indirect",
        confidence=0.7,
    ),
    quote(HARBOUR.text, "“no entry here”", kind="mixed", confidence=0.3),
]


def simple(id: str, said: str, speaker: Speaker | None = ONO, **facts: str) -> tuple[Article, list[Quote]]:
    """An article of one sentence, and its one quote."""
    mention = f"Ms {speaker.name.split()[-1]}" if speaker else "A man"
    text = f"“{said}” {mention} said."
    article = Article(id=id, text=text, **{"outlet": "The Lund Courier", "published": "2025-01-02", **facts})
    return article, [quote(text, f"“{said}”", speaker=speaker, mention=mention, cue="said")]


@pytest.fixture
def db(tmp_path):
    with open_store(tmp_path / "quotes.db") as db:
        yield db


@pytest.fixture
def filled(db):
    save(db, HARBOUR, HARBOUR_QUOTES, recipe="r1")
    save(db, *simple("tax", "We will cut the harbour tax", published="2024-11-30"), recipe="r1")
    save(
        db, *simple("dog", "My dog is fine", VELD, outlet="Evening Veld", published="2025-08-01"), recipe="r1"
    )
    settled(db)
    return db


def settled(db: Database) -> None:
    settle(db, Register.of([]), recipe="1")
    check_index(db)
    counted = "SELECT id, quotes, (SELECT count(*) FROM quotes WHERE speaker_id = speakers.id) FROM speakers"
    assert [(id, n) for id, n, _ in db.execute(counted)] == [(id, n) for id, _, n in db.execute(counted)]


def dump(db: Database) -> dict[str, list[tuple]]:
    """All that is stored, but for the time of reading."""
    kept = {}
    for name in ("articles", "texts", "speakers", "aliases", "roles", "quotes", "contexts", "failures"):
        columns = ", ".join(c for c in db.table(name).columns_dict if c not in ("retrieved", "noticed"))
        kept[name] = sorted(db.execute(f"SELECT {columns} FROM {name}").fetchall(), key=repr)
    return kept


def check_index(db: Database) -> None:
    """FTS5's own comparison of its index with the words that it stands for; raises where they differ."""
    db.execute("INSERT INTO quotes_fts(quotes_fts, rank) VALUES ('integrity-check', 1)")


# The schema


def test_whole_schema(db):
    assert {
        table.name: list(table.columns_dict) for table in db.tables if not table.name.startswith("quotes_fts")
    } == {
        "articles": [
            *("id", "url", "title", "outlet", "author", "published", "retrieved", "text_hash"),
            *("recipe", "characters", "quotes", "attributed", "sequence"),
        ],
        "texts": ["article_id", "text"],
        "speakers": ["id", "name", "kind", "wikidata", "quotes", "articles", "first", "latest"],
        "aliases": ["speaker_id", "alias", "folded"],
        "quotes": [
            *("id", "text", "speaker_id", "affiliation", "kind", "outlet", "year", "published"),
            *("article_id", "position", "confidence", "sequence", "number"),
        ],
        "contexts": [
            *("quote_id", "paragraph", "paragraph_start", "parts", "mention", "mention_start", "mention_end"),
            *("cue", "cue_start", "cue_end", "person", "person_kind", "name"),
            *("role", "affiliation", "description", "method"),
        ],
        "roles": ["speaker_id", "role", "affiliation", "since", "until", "quotes", "source"],
        "repeats": ["quote_id", "canonical_id", "relation", "likeness", "first"],
        "corrections": ["line", "action", "article", "quote", "words", "speaker", "value", "note", "outcome"],
        "tallies": ["filters", "by", "value", "quotes"],
        "coverage": ["outlet", "year", "quotes", "articles"],
        "vocabulary": ["word", "uses"],
        "settled": ["recipe"],
        "changes": ["article_id", "noticed", "what", "quote_id", "before", "after"],
        "failures": ["source", "stage", "error", "noticed"],
        "runs": [
            *("id", "started", "finished", "version", "model", "recipe", "articles", "quotes", "failures"),
        ],
    }
    assert {
        (table.name, key.column, key.other_table, key.other_column)
        for table in db.tables
        for key in table.foreign_keys
    } == {
        ("texts", "article_id", "articles", "id"),
        ("aliases", "speaker_id", "speakers", "id"),
        ("roles", "speaker_id", "speakers", "id"),
        ("repeats", "quote_id", "quotes", "id"),
        ("repeats", "canonical_id", "quotes", "id"),
        ("quotes", "speaker_id", "speakers", "id"),
        ("quotes", "article_id", "articles", "id"),
        ("changes", "article_id", "articles", "id"),
        ("contexts", "quote_id", "quotes", "id"),
    }
    indexes = {index.name: index.columns for index in db.table("quotes").indexes if index.origin == "c"}
    assert indexes.pop("quotes_article_id") == ["article_id", "position"]
    assert set(indexes) == {f"quotes_by_{first}" for first in (*store.FACETS, "published", "number")}
    for name, columns in indexes.items():  # a page filtered by one counts the others from its index alone
        assert columns[0] == name.removeprefix("quotes_by_")
        assert set(columns) == {*store.FACETS, "published", "number", "confidence"}
        if columns[0] in store.FACETS:  # newest first, without sorting
            assert columns[1:3] == ["published", "number"]
    assert db.view_names() == ["citations"]
    assert "porter unicode61 remove_diacritics 2" in db.table("quotes_fts").schema
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_quotes_and_contexts_hold_what_the_article_says(filled):
    first, second, third = filled.query("SELECT * FROM quotes WHERE article_id = 'harbour' ORDER BY position")
    assert first["text"] == "“We will,” “reopen it in spring.”"
    assert (first["speaker_id"], first["affiliation"], first["year"]) == ("mara-ono", "Port of Lund", 2025)
    assert (second["kind"], second["confidence"]) == ("indirect", 0.7)
    assert third["speaker_id"] is None
    context = filled.table("contexts").get(first["id"])
    assert context["paragraph"] == "“We will,” Ms Ono said, “reopen it in spring.”"
    assert HARBOUR.text[context["paragraph_start"] :].startswith(context["paragraph"])
    assert HARBOUR.text[context["mention_start"] : context["mention_end"]] == context["mention"] == "Ms Ono"
    assert HARBOUR.text[context["cue_start"] : context["cue_end"]] == context["cue"] == "said"
    assert context["parts"] == "[[26, 36], [50, 72]]"
    assert (context["role"], context["method"]) == ("harbour master", "cue")
    article = filled.table("articles").get("harbour")
    assert (article["quotes"], article["attributed"], article["characters"]) == (3, 2, len(HARBOUR.text))
    assert filled.table("texts").get("harbour")["text"] == HARBOUR.text


def test_without_blank_lines_every_line_is_a_paragraph(db):
    text = "One line.\n“We go,” she said.\nAnother."
    save(db, Article("a", text), [quote(text, "“We go,”")], recipe="r")
    assert [row["paragraph"] for row in db.table("contexts").rows] == ["“We go,” she said."]


# Ids


def test_an_id_does_not_depend_on_speaker_confidence_marks_or_kind(db):
    text = "“We go,” Ms Ono said."
    save(db, Article("a", text), [quote(text, "“We go,”", speaker=ONO)], recipe="r1")
    before = [row["id"] for row in db.table("quotes").rows]
    save(db, Article("a", text), [quote(text, "We go", kind="mixed", confidence=0.1)], recipe="r2")
    assert [row["id"] for row in db.table("quotes").rows] == before


def test_the_same_words_twice_in_an_article_or_in_two_are_different_quotes(db):
    text = "“No,” he said. “No,” he said again."
    twice = [
        Quote(Attribution(Quotation("direct", (TextSpan(at, at + 5),)), None, 0.5, "cue")) for at in (0, 15)
    ]
    save(db, Article("a", text), twice, recipe="r")
    save(db, Article("b", text), twice, recipe="r")
    assert len({row["id"] for row in db.table("quotes").rows}) == 4


# Second runs and changes


def test_a_second_run_writes_nothing(tmp_path):
    path = tmp_path / "quotes.db"
    before = b""
    for run in (1, 2):
        with open_store(path) as db:
            stored = save(db, HARBOUR, HARBOUR_QUOTES, recipe="r1")
            failed = store.save_failure(db, Failure("bad.txt", "read", "bad.txt: is empty; leave it out"))
            store.clear_failures(db, ["bad.txt"], keep=["bad.txt"])
            store.record_run(
                db,
                started="2025-01-01",
                version="1",
                model="m",
                recipe="r1",
                articles=stored,
                quotes=3,
                failures=1,
            )
            settle(db, Register.of([]), recipe="1")
            assert (stored, failed) == ((True, True) if run == 1 else (False, False))
            if run == 2:
                assert db.conn.total_changes == 0
                assert path.read_bytes() == before
                assert db.table("runs").count == 1
        before = path.read_bytes()
    assert not [p.name for p in tmp_path.iterdir() if p != path]


def test_is_current_knows_text_facts_and_recipe(filled):
    assert is_current(filled, HARBOUR, recipe="r1")
    assert not is_current(filled, HARBOUR, recipe="r2")
    for change in ({"text": HARBOUR.text + " "}, {"title": "Other"}, {"id": "other"}, {"published": None}):
        facts = {name: getattr(HARBOUR, name) for name in HARBOUR.__slots__}
        assert not is_current(filled, Article(**{**facts, **change}), recipe="r1")


def test_a_changed_article_replaces_its_own_quotes_only(filled):
    before = {row["id"] for row in filled.query("SELECT id FROM quotes WHERE article_id <> 'harbour'")}
    assert save(filled, HARBOUR, HARBOUR_QUOTES[:1], recipe="r1")
    after = {row["id"]: row["article_id"] for row in filled.table("quotes").rows}
    assert before < set(after)
    assert list(after.values()).count("harbour") == 1
    assert list(search(filled, "ferries")) == []
    check_index(filled)


def test_what_an_article_says_otherwise_now_is_noted(db):
    """The new headline, and the words withdrawn and added."""
    old, withdrawn = simple("tax", "We will cut the harbour tax", title="Tax to be cut")
    new, added = simple("tax", "We will keep the harbour tax", title="Tax to stay", author="Bo Ray")
    save(db, old, withdrawn, recipe="r")
    save(db, new, added, recipe="r")
    assert [
        tuple(row.values()) for row in db.query("SELECT article_id, what, before, after FROM changes")
    ] == [
        ("tax", "title", "Tax to be cut", "Tax to stay"),
        ("tax", "text", sha256(old.text.encode()).hexdigest(), sha256(new.text.encode()).hexdigest()),
        ("tax", "quote", "“We will cut the harbour tax”", None),
        ("tax", "quote", None, "“We will keep the harbour tax”"),
    ]
    ids = [id for (id,) in db.execute("SELECT quote_id FROM changes WHERE what = 'quote'")]
    assert ids == [quote_ids(old, withdrawn)[0], quote_ids(new, added)[0]]


def test_what_is_found_in_the_same_words_is_no_change_of_the_article(db):
    article, quotes = simple("tax", "We will cut the harbour tax")
    longer = replace(article, text=article.text + " It rained.")
    for each, found in ((article, quotes), (article, []), (article, quotes), (longer, [])):
        save(db, each, found, recipe="r")
    assert [row["what"] for row in db.table("changes").rows] == ["text"]


def test_speakers_without_quotes_and_names_without_use_go(filled):
    assert {row["alias"] for row in filled.table("aliases").rows} == {
        *("Mara Ono", "Ms Ono", "Piet Véld", "Mayor Piet Véld", "Ms Véld"),
    }
    save(filled, *simple("dog", "My dog is well", None), recipe="r1")
    save(filled, HARBOUR, HARBOUR_QUOTES[:1], recipe="r1")
    settled(filled)
    assert [row["id"] for row in filled.table("speakers").rows] == ["mara-ono"]
    assert {row["alias"] for row in filled.table("aliases").rows} == {"Mara Ono", "Ms Ono"}
    check_index(filled)


def test_a_renamed_speaker_is_found_by_the_new_name_alone(filled):
    save(filled, *simple("tax", "We will cut it", Speaker("mara-ono", "Mara Lind", "person")), recipe="r2")
    save(filled, HARBOUR, [], recipe="r2")
    settled(filled)
    assert list(search(filled, "mara", speaker="Mara Ono")) == []
    assert len(list(search(filled, "lind"))) == 1


def test_two_people_of_one_name_have_two_pages_whatever_came_first(tmp_path):
    articles = [
        simple("cup", "We will win it", Speaker("jo-smith", "Jo Smith", "person", "striker", "Ostrey Town")),
        simple(
            "tax", "We will cut it", Speaker("jo-smith", "Jo Smith", "person", "councillor", "Lund Council")
        ),
        simple("row", "We will see", Speaker("jo-smith", "Jo Smith", "person")),
    ]
    dumps = []
    for order in (articles, articles[::-1]):
        with open_store(tmp_path / f"{order[0][0].id}.db") as db:
            for number, (article, quotes) in enumerate(order):
                save(db, article, quotes, recipe="r")
                if number == 1:
                    settled(db)  # as a run that brought only these would
            settled(db)
            dumps.append({row["article_id"]: row["speaker_id"] for row in db.table("quotes").rows})
            assert len(list(search(db, "smith"))) == 3
            assert [row["quote"] for row in rows(db, speaker="jo-smith-lund-council")] == ["“We will cut it”"]
            assert not save(db, *articles[0], recipe="r"), "settling is no change of the article"
    assert (
        dumps[0]
        == dumps[1]
        == {
            "cup": "jo-smith-ostrey-town",
            "tax": "jo-smith-lund-council",
            "row": "jo-smith",
        }
    )


def test_a_body_is_written_in_one_way(db):
    for id, body in (("a", "Labour"), ("b", "the Labour party"), ("c", "Labour")):
        save(db, *simple(id, f"We go {id}", Speaker("jo", "Jo Li", "person", "MP", body)), recipe="r")
    settled(db)
    assert {row["affiliation"] for row in db.table("quotes").rows} == {"Labour"}
    assert {row["affiliation"] for row in db.table("contexts").rows} == {"Labour", "the Labour party"}


def test_a_pronoun_is_no_alias(db):
    text = "“We go,” she said."
    save(db, Article("a", text), [quote(text, "“We go,”", speaker=ONO, mention="she")], recipe="r")
    settled(db)
    assert [row["alias"] for row in db.table("aliases").rows] == ["Mara Ono"]


@pytest.mark.parametrize("change", ["text = 'a walrus'", "speaker_id = 'piet-veld'", "number = number + 100"])
def test_the_index_follows_every_update(filled, change):
    filled.execute(f"UPDATE quotes SET {change} WHERE article_id = 'tax'")
    check_index(filled)


def test_vacuum_keeps_the_index_right(filled):
    filled.execute(
        "DELETE FROM contexts WHERE quote_id IN (SELECT id FROM quotes WHERE article_id = 'harbour')"
    )
    filled.execute("DELETE FROM quotes WHERE article_id = 'harbour'")
    filled.vacuum()
    check_index(filled)
    assert [row["article_id"] for row in search(filled, "tax")] == ["tax"]


def test_an_error_half_way_leaves_the_article_as_it_was(filled, monkeypatch):
    before = dump(filled)
    monkeypatch.setattr(Table, "insert_all", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(filled, HARBOUR, HARBOUR_QUOTES[:1], recipe="r2")
    assert dump(filled) == before
    assert not filled.conn.in_transaction


def test_failures_are_kept_until_their_source_is_well(db):
    for source in ("in/a.txt", "in/b.txt", "in.txt", "feed.jsonl:3", "harbour"):
        assert store.save_failure(db, Failure(source, "read", "broken"))
    assert store.save_failure(db, Failure("in/a.txt", "read", "still broken"))
    store.clear_failures(db, ["in/", "feed.jsonl"], keep=["in/a.txt"])
    save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")
    assert [(row["source"], row["error"]) for row in db.table("failures").rows_where(order_by="source")] == [
        ("in.txt", "broken"),
        ("in/a.txt", "still broken"),
    ]


# A kill

KILLED = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
from test_store import simple, ONO, VELD
from ingest.register import Register
from ingest.store import open_store, save, is_current
from ingest.store.settle import settle
print("ready", flush=True)
with open_store({path!r}) as db:
    for n in range(150):
        article, quotes = simple(f"a{{n}}", f"Sentence {{n}} of many words " * 20, (ONO, VELD)[n % 2])
        if not is_current(db, article, recipe="r"):
            save(db, article, quotes, recipe="r")
    settle(db, Register.of([]), recipe="1")
"""


def test_a_kill_at_any_moment_leaves_a_database_that_the_next_run_completes(tmp_path):
    here = Path(__file__).parent
    chance = random.Random(7)

    def run(path: Path) -> subprocess.Popen[str]:
        code = KILLED.format(tests=str(here), root=str(here.parent), path=str(path))
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    whole = tmp_path / "whole.db"
    began = time.monotonic()
    with run(whole) as process:
        assert process.wait() == 0
    takes = time.monotonic() - began
    path = tmp_path / "killed.db"
    for _ in range(6):
        with run(path) as process:
            time.sleep(chance.uniform(0, takes / 3))
            process.kill()
        if path.exists() and path.stat().st_size:
            with open_store(path) as db:
                assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert db.execute("PRAGMA foreign_key_check").fetchall() == []
                check_index(db)
    with run(path) as process:
        assert process.wait() == 0
    with open_store(path) as killed, open_store(whole) as uninterrupted:
        check_index(killed)
        assert dump(killed) == dump(uninterrupted)
        assert killed.table("articles").count == 150


def test_the_file_can_be_opened_immutable_between_any_two_articles(filled):
    path = path_of(filled)
    immutable = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    assert immutable.execute("SELECT count(*) FROM quotes").fetchone() == (5,)
    immutable.close()


# What cannot be opened


@pytest.mark.parametrize("times", [1, 100])  # SQLite itself takes a short file for an empty database
def test_not_a_database(tmp_path, times):
    path = tmp_path / "notes.db"
    path.write_text("Dear diary, " * times)
    with pytest.raises(
        StoreError, match=r"notes\.db is not a SQLite database; give another --db or move it away"
    ):
        open_store(path)
    assert path.read_text().startswith("Dear diary")


def test_the_database_of_something_else(tmp_path):
    path = tmp_path / "birds.db"
    with Database(path) as birds:
        birds.table("birds").insert({"name": "wren"})
    with pytest.raises(StoreError, match=r"birds\.db is the database of something else; give another --db"):
        open_store(path)
    with Database(path) as birds:
        assert birds.table_names() == ["birds"]


@pytest.mark.parametrize(("version", "age"), [(0, "an older"), (99, "a newer")])
def test_another_schema(tmp_path, version, age):
    path = tmp_path / "quotes.db"
    open_store(path).close()
    with Database(path) as db:
        db.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(StoreError, match=rf"made by {age} version .* delete it and ingest again"):
        open_store(path)


def test_locked(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.1)
    path = tmp_path / "quotes.db"
    with open_store(path) as db:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        in_use = r"quotes\.db is in use by another program \(waited 0\.1 s\); close it and try again"
        for attempt in (
            lambda: open_store(path),
            lambda: save(db, HARBOUR, [], recipe="r"),
            lambda: is_current(db, HARBOUR, recipe="r"),
            lambda: list(rows(db)),
        ):
            with pytest.raises(StoreError, match=in_use):
                attempt()
        other.execute("ROLLBACK")
        other.close()
        assert save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")


def test_a_folder_and_a_place_that_cannot_be(tmp_path):
    with pytest.raises(StoreError, match="is a folder; give --db the name of a file in it"):
        open_store(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/quotes\.db cannot be made"):
        open_store(tmp_path / "file" / "quotes.db")


def test_read_only_says_so(tmp_path):
    with open_store(tmp_path / "quotes.db") as db:
        db.execute("PRAGMA query_only = 1")
        with pytest.raises(StoreError, match=r"quotes\.db cannot be written"):
            save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")


def test_reading_makes_no_file(tmp_path):
    with pytest.raises(StoreError, match=r"none\.db does not exist; make it with “onrecord ingest”"):
        open_store(tmp_path / "none.db", create=False)
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match=r"empty\.db is empty; fill it with “onrecord ingest”"):
        open_store(tmp_path / "empty.db", create=False)
    assert (tmp_path / "empty.db").stat().st_size == 0
    assert not (tmp_path / "none.db").exists()


def test_folders_on_the_way_are_made(tmp_path):
    open_store(tmp_path / "new" / "data" / "quotes.db").close()
    open_store(tmp_path / "new" / "data" / "quotes.db", create=False).close()


# Search and export


def articles_of(found) -> list[str]:
    return [row["article_id"] for row in found]


def test_search_ranks_and_marks(filled):
    assert articles_of(search(filled, "harbour")) == ["tax"]
    found = next(search(filled, "HARBOURS Tax"))
    assert found["snippet"] == "“We will cut the ⟪harbour⟫ ⟪tax⟫”"
    assert found["rank"] < 0
    assert found["speaker"] == "Mara Ono"
    assert articles_of(search(filled, "will")) == ["harbour", "tax"]
    assert set(next(rows(filled))) == set(found) - {"snippet", "rank"}


def test_search_by_phrase_name_and_without_accents(filled):
    assert articles_of(search(filled, '"we will cut"')) == ["tax"]
    assert articles_of(search(filled, "“we cut”")) == []
    assert set(articles_of(search(filled, "veld"))) == {"dog", "harbour"}
    assert len(list(search(filled, "veld", limit=1))) == 1
    assert len(list(search(filled, "veld", limit=None))) == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"speaker": "mara-ono"}, ["tax", "harbour"]),
        ({"speaker": "MARA ONO"}, ["tax", "harbour"]),
        ({"speaker": "ms  ono"}, ["tax", "harbour"]),
        ({"speaker": "piet veld"}, ["harbour", "dog"]),
        ({"speaker": "nobody"}, []),
        ({"outlet": "the lund courier"}, ["tax", "harbour", "harbour", "harbour"]),
        ({"since": "2025-07-10"}, ["harbour", "harbour", "harbour", "dog"]),
        ({"since": "2025"}, ["harbour", "harbour", "harbour", "dog"]),
        ({"until": "2025-07"}, ["tax", "harbour", "harbour", "harbour"]),
        ({"until": "2024-11-30"}, ["tax"]),
        ({"until": "2024-11-29"}, []),
        ({"kind": "indirect"}, ["harbour"]),
        ({"words": "we will", "since": "2025"}, ["harbour"]),
        ({"words": ""}, []),
        ({}, ["tax", "harbour", "harbour", "harbour", "dog"]),
    ],
)
def test_rows_are_what_the_filters_leave(filled, filters, expected):
    assert articles_of(rows(filled, **filters)) == expected
    words = filters.pop("words", "ono OR")
    assert set(articles_of(search(filled, words, **filters))) <= set(expected)


def test_a_date_that_is_none_is_refused(filled):
    with pytest.raises(StoreError, match="“last week” is not a date to search by; write it as 2025, 2025-07"):
        rows(filled, since="last week")


@pytest.mark.parametrize(
    "words",
    [
        '"',
        '""',
        "'",
        "a OR",
        "AND",
        "NOT x",
        "NEAR(a b)",
        "a*",
        "^a",
        "quote:x",
        "(",
        "-",
        "{a}",
        "a\0b",
        "—",
        "",
        "٭",
    ],
)
def test_no_words_ever_fail(filled, words):
    assert list(search(filled, words)) == list(search(filled, words))
    assert isinstance(list(rows(filled, words)), list)


def test_match_query_and_fold():
    assert match_query('net-zero "we will') == '"net-zero" "we" "will"'
    assert match_query("say “we will” now") == '"say" "we will" "now"'
    assert match_query(" — ") == '""'
    assert fold("Zoë  Ångström’S") == "zoe angstrom's"


def test_export_is_complete_at_any_size(db):
    text = "\n".join(f"“Sentence number {n}.”" for n in range(2500))
    quotes, at = [], 0
    for line in text.split("\n"):
        quotation = Quotation("direct", (TextSpan(at, at + len(line)),))
        quotes.append(Quote(Attribution(quotation, None, 0.5, "cue"), ONO))
        at += len(line) + 1
    save(db, Article("long", text), quotes, recipe="r")
    assert [row["quote"] for row in rows(db)] == text.split("\n")
    assert len(list(rows(db, "sentence"))) == 2500


def test_speakers_by_number_of_quotes_with_their_latest_role(filled):
    later = Speaker("mara-ono", "Mara Ono", "person", None, "Lund Council")
    save(filled, *simple("later", "I have moved", later, published="2025-12-01"), recipe="r1")
    settled(filled)
    assert list(speakers(filled)) == [
        {
            **{"id": "mara-ono", "name": "Mara Ono", "kind": "person"},
            **{"role": None, "affiliation": "Lund Council", "quotes": 3, "articles": 3},
        },
        {
            **{"id": "piet-veld", "name": "Piet Véld", "kind": "person"},
            **{"role": "mayor", "affiliation": None, "quotes": 2, "articles": 2},
        },
    ]


def test_the_store_knows_no_reader_of_texts():
    allowed = {"company", "corrections", "identity", "names", "records", "register", "repeats", "store"}
    for module in Path(store.__file__).parent.glob("*.py"):
        source = module.read_text()
        assert set(re.findall(r"^from ingest\.(\w+)", source, re.MULTILINE)) <= allowed
        assert "spacy" not in source
