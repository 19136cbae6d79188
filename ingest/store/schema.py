"""The SQLite file: its schema, opening it, transactions, and errors that say what to do.

The file is derived from articles, so it is rebuilt rather than migrated.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from ingest.records import ExplainedError

APPLICATION_ID = 0x6F6E7263  # "onrc": tells our files from other people's databases
VERSION = 4  # raise it with every change of SCHEMA
BUSY_SECONDS = 5.0

FACETS = ("speaker_id", "kind", "outlet", "year", "affiliation")

# ``sequence`` sorts by date and has no two alike: Datasette loses rows between the pages of a
# table that is sorted by a column with ties, as dates have.
# The rollback journal (SQLite's default), not WAL: after every commit the database is one
# complete file, to be copied or served immutable as it is, even when a run was killed.
SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    url TEXT, title TEXT, outlet TEXT, author TEXT, published TEXT,
    retrieved TEXT NOT NULL, text_hash TEXT NOT NULL, recipe TEXT NOT NULL,
    characters INTEGER NOT NULL, quotes INTEGER NOT NULL, attributed INTEGER NOT NULL,
    sequence TEXT NOT NULL UNIQUE
);
CREATE TABLE texts (
    article_id TEXT PRIMARY KEY REFERENCES articles(id),
    text TEXT NOT NULL
);
CREATE TABLE speakers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    wikidata TEXT,
    quotes INTEGER NOT NULL DEFAULT 0,
    articles INTEGER NOT NULL DEFAULT 0,
    first TEXT, latest TEXT
);
CREATE INDEX speakers_by_quotes ON speakers(quotes DESC, name);
CREATE INDEX speakers_by_name ON speakers(name COLLATE NOCASE);
CREATE TABLE aliases (
    speaker_id TEXT NOT NULL REFERENCES speakers(id),
    alias TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (speaker_id, alias)
);
CREATE INDEX aliases_folded ON aliases(folded);
CREATE TABLE roles (
    speaker_id TEXT NOT NULL REFERENCES speakers(id),
    role TEXT, affiliation TEXT,
    since TEXT, until TEXT,
    quotes INTEGER NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX roles_speaker_id ON roles(speaker_id);
CREATE TABLE quotes (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    speaker_id TEXT REFERENCES speakers(id),
    affiliation TEXT,
    kind TEXT NOT NULL,
    outlet TEXT, year INTEGER, published TEXT,
    article_id TEXT NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    confidence REAL NOT NULL,
    sequence TEXT NOT NULL UNIQUE,
    number INTEGER NOT NULL UNIQUE
);
CREATE INDEX quotes_article_id ON quotes(article_id, position);
CREATE TABLE contexts (
    quote_id TEXT PRIMARY KEY REFERENCES quotes(id),
    paragraph TEXT NOT NULL, paragraph_start INTEGER NOT NULL,
    parts TEXT NOT NULL,
    mention TEXT, mention_start INTEGER, mention_end INTEGER,
    cue TEXT, cue_start INTEGER, cue_end INTEGER,
    person TEXT, person_kind TEXT, name TEXT, role TEXT, affiliation TEXT, description TEXT,
    method TEXT NOT NULL
);
CREATE INDEX contexts_person ON contexts(person);
CREATE TABLE repeats (
    quote_id TEXT PRIMARY KEY REFERENCES quotes(id),
    canonical_id TEXT NOT NULL REFERENCES quotes(id),
    relation TEXT NOT NULL,
    likeness REAL NOT NULL,
    first INTEGER NOT NULL
);
CREATE INDEX repeats_canonical_id ON repeats(canonical_id);
-- Counts made beforehand: see tally.py.
CREATE TABLE tallies (
    filters TEXT NOT NULL, by TEXT NOT NULL, value TEXT NOT NULL, quotes INTEGER NOT NULL,
    PRIMARY KEY (filters, by, quotes DESC, value)
) WITHOUT ROWID;
CREATE TABLE coverage (outlet TEXT, year INTEGER, quotes INTEGER NOT NULL, articles INTEGER NOT NULL);
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE settled (
    recipe TEXT NOT NULL
);
CREATE TABLE corrections (
    line INTEGER PRIMARY KEY,
    action TEXT NOT NULL,
    article TEXT, quote TEXT, words TEXT, speaker TEXT, value TEXT, note TEXT,
    outcome TEXT NOT NULL
);
-- How an article had changed each time that it was read anew: of this alone no rebuild knows.
CREATE TABLE changes (
    article_id TEXT NOT NULL REFERENCES articles(id),
    noticed TEXT NOT NULL,
    what TEXT NOT NULL,
    quote_id TEXT,
    before TEXT, after TEXT
);
CREATE INDEX changes_article_id ON changes(article_id);
CREATE TABLE failures (
    source TEXT PRIMARY KEY,
    stage TEXT NOT NULL,
    error TEXT NOT NULL,
    noticed TEXT NOT NULL
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL, finished TEXT NOT NULL,
    version TEXT NOT NULL, model TEXT NOT NULL, recipe TEXT NOT NULL,
    articles INTEGER NOT NULL, quotes INTEGER NOT NULL, failures INTEGER NOT NULL
);
CREATE VIEW citations AS
SELECT quotes.id, quotes.published, quotes.outlet, speakers.name AS speaker, quotes.speaker_id,
       contexts.role, quotes.affiliation, quotes.kind, quotes.text AS quote, contexts.mention,
       articles.title, articles.url, quotes.article_id, quotes.confidence, quotes.number
FROM quotes
LEFT JOIN articles ON articles.id = quotes.article_id
LEFT JOIN contexts ON contexts.quote_id = quotes.id
LEFT JOIN speakers ON speakers.id = quotes.speaker_id;

-- The index holds no copy of the words. quotes.number, not the rowid, joins the two: VACUUM may
-- change the rowids of a table whose key is text.
CREATE VIRTUAL TABLE quotes_fts USING fts5(
    quote, speaker, content='citations', content_rowid='number',
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER quotes_inserted AFTER INSERT ON quotes BEGIN
    INSERT INTO quotes_fts(rowid, quote, speaker)
        VALUES (new.number, new.text, (SELECT name FROM speakers WHERE id = new.speaker_id));
END;
CREATE TRIGGER quotes_deleted AFTER DELETE ON quotes BEGIN
    INSERT INTO quotes_fts(quotes_fts, rowid, quote, speaker)
        VALUES ('delete', old.number, old.text, (SELECT name FROM speakers WHERE id = old.speaker_id));
END;
CREATE TRIGGER quotes_updated AFTER UPDATE OF text, speaker_id, number ON quotes BEGIN
    INSERT INTO quotes_fts(quotes_fts, rowid, quote, speaker)
        VALUES ('delete', old.number, old.text, (SELECT name FROM speakers WHERE id = old.speaker_id));
    INSERT INTO quotes_fts(rowid, quote, speaker)
        VALUES (new.number, new.text, (SELECT name FROM speakers WHERE id = new.speaker_id));
END;
CREATE TRIGGER speakers_renamed AFTER UPDATE OF name ON speakers WHEN old.name <> new.name BEGIN
    INSERT INTO quotes_fts(quotes_fts, rowid, quote, speaker)
        SELECT 'delete', number, text, old.name FROM quotes WHERE speaker_id = new.id;
    INSERT INTO quotes_fts(rowid, quote, speaker)
        SELECT number, text, new.name FROM quotes WHERE speaker_id = new.id;
END;
""" + "".join(  # a page filtered by one facet counts the others, newest first: each index answers that alone
    f"CREATE INDEX quotes_by_{first} ON quotes({', '.join(columns)});\n"
    for first, columns in [
        ("published", ("published", "number", *FACETS, "confidence")),
        ("number", ("number", *FACETS, "published", "confidence")),
        *(
            (facet, (facet, "published", "number", *(f for f in FACETS if f != facet), "confidence"))
            for facet in FACETS
        ),
    ]
)


class StoreError(ExplainedError):
    """A database that cannot be used. The message names the file and what to do next."""


def open_store(path: str | Path, *, create: bool = True) -> Database:
    """Open ``data/quotes.db``, made with its whole schema when it is new.

    With ``create=False`` (search, export) a missing database is an error, not an empty answer.
    Raises ``StoreError`` for a file that is not ours, of another schema, locked or out of reach.
    """
    path = Path(path)
    if path.is_dir():
        raise StoreError(
            f"{path} is a folder; give --db the name of a file in it, such as {path / 'quotes.db'}"
        )
    if not create and not path.exists():
        raise StoreError(f"{path} does not exist; make it with “onrecord ingest”, or give another --db")
    if path.is_file() and _is_other_file(path):
        raise StoreError(f"{path} is not a SQLite database; give another --db or move it away")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path} cannot be made ({error.strerror}); give another --db") from error
    with explained(path):
        db = Database(sqlite3.connect(path, timeout=BUSY_SECONDS))
    try:
        with explained(path):
            db.execute("PRAGMA foreign_keys = ON")
            fresh = _is_fresh(db, path)
        if fresh and not create:
            raise StoreError(f"{path} is empty; fill it with “onrecord ingest”")
        if fresh:
            with transaction(db):
                # Another process may have made the tables since we looked.
                if _is_fresh(db, path):
                    db.executescript(SCHEMA)
                    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                    db.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        db.close()
        raise
    return db


def _is_other_file(path: Path) -> bool:
    """Whether a file is no database; SQLite itself takes a short one for an empty database."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return False  # SQLite says why it cannot be opened
    return bool(head) and head != b"SQLite format 3\0"


def path_of(db: Database) -> Path:
    """The file that a database is in."""
    return Path(db.execute("PRAGMA database_list").fetchone()[2])


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors, in words that say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error)
        for sign, advice in {
            "not a database": "is not a SQLite database; give another --db or move it away",
            "malformed": "is damaged; delete it and ingest again",
            "locked": f"is in use by another program (waited {BUSY_SECONDS:g} s); close it and try again",
            "readonly": "cannot be written; change its permissions or give another --db",
            "unable to open": "cannot be opened; check that its folder can be written, or give another --db",
            "disk is full": "cannot grow, as the disk is full; make room and run again",
        }.items():
            if sign in said:
                raise StoreError(f"{path} {advice}") from error
        raise StoreError(f"{path}: {said}; if that stays so, delete it and ingest again") from error


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All or nothing. Unlike ``db.atomic()`` it takes the write lock first, so that what is read
    before writing still holds when writing, and waiting for another writer works."""
    with explained(path_of(db)):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            db.rollback()
            raise
        try:
            db.commit()
        except BaseException:
            db.rollback()
            raise


def _is_fresh(db: Database, path: Path) -> bool:
    """Whether the file is yet without tables. Anything but that or our own schema is an error."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    empty = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application == APPLICATION_ID and not empty and version == VERSION:
        return False
    if application == APPLICATION_ID and not empty:
        age = "an older" if version < VERSION else "a newer"
        raise StoreError(
            f"{path} was made by {age} version of onrecord (schema {version}, this one has {VERSION}); "
            "it is derived, so delete it and ingest again, or give another --db"
        )
    if not empty:
        raise StoreError(f"{path} is the database of something else; give another --db or move it away")
    return True
