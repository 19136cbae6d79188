"""The SQLite database: its schema, one transaction an article, full-text search, export.

The file is derived from articles, so it is rebuilt rather than migrated. Ids come from
content, so a rebuild keeps every permalink, and a second run with the same input writes
nothing. This module knows the records and SQL; it does not know how a quote is found.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypedDict, Unpack

from sqlite_utils import Database

from ingest.records import Article, ExplainedError, Failure, Quote, TextSpan

APPLICATION_ID = 0x6F6E7263  # "onrc": tells our files from other people's databases
VERSION = 1  # raise it with every change of SCHEMA
BUSY_SECONDS = 5.0

# ``snippet`` puts these around the words that matched; they hardly occur in news, and are no markup.
MATCH_MARKS = ("⟪", "⟫")

# A name that matches counts for less than what was said.
RANK = "bm25(quotes_fts, 1.0, 0.5)"

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
    quotes INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE aliases (
    speaker_id TEXT NOT NULL REFERENCES speakers(id),
    alias TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (speaker_id, alias)
);
CREATE INDEX aliases_folded ON aliases(folded);
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
    role TEXT, affiliation TEXT,
    method TEXT NOT NULL
);
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
    UPDATE speakers SET quotes = quotes + 1 WHERE id = new.speaker_id;
END;
CREATE TRIGGER quotes_deleted AFTER DELETE ON quotes BEGIN
    INSERT INTO quotes_fts(quotes_fts, rowid, quote, speaker)
        VALUES ('delete', old.number, old.text, (SELECT name FROM speakers WHERE id = old.speaker_id));
    UPDATE speakers SET quotes = quotes - 1 WHERE id = old.speaker_id;
END;
CREATE TRIGGER quotes_updated AFTER UPDATE OF text, speaker_id, number ON quotes BEGIN
    INSERT INTO quotes_fts(quotes_fts, rowid, quote, speaker)
        VALUES ('delete', old.number, old.text, (SELECT name FROM speakers WHERE id = old.speaker_id));
    INSERT INTO quotes_fts(rowid, quote, speaker)
        VALUES (new.number, new.text, (SELECT name FROM speakers WHERE id = new.speaker_id));
    UPDATE speakers SET quotes = quotes - 1 WHERE id = old.speaker_id;
    UPDATE speakers SET quotes = quotes + 1 WHERE id = new.speaker_id;
END;
CREATE TRIGGER speakers_renamed AFTER UPDATE OF name ON speakers WHEN old.name <> new.name BEGIN
    INSERT INTO quotes_fts(quotes_fts, rowid, quote, speaker)
        SELECT 'delete', number, text, old.name FROM quotes WHERE speaker_id = new.id;
    INSERT INTO quotes_fts(rowid, quote, speaker)
        SELECT number, text, new.name FROM quotes WHERE speaker_id = new.id;
END;
""" + "".join(  # a page filtered by one facet counts all the others: each index answers that alone
    f"CREATE INDEX quotes_by_{first} ON quotes({', '.join(columns)});\n"
    for first, columns in [("published", ("published", *FACETS))]
    + [(facet, (facet, *(f for f in FACETS if f != facet), "published")) for facet in FACETS]
)

CITATION = (
    "citations.id, citations.published, citations.outlet, citations.speaker, citations.speaker_id, "
    "citations.role, citations.affiliation, citations.kind, citations.quote, citations.mention, "
    "citations.title, citations.url, citations.article_id, citations.confidence"
)

# Mentions under which a quote is found, but nobody is looked up.
PRONOUNS = frozenset(
    (
        "i",
        "we",
        "he",
        "she",
        "it",
        "they",
        "who",
        "you",
        "one",
        "his",
        "her",
        "hers",
        "him",
        "them",
        "this",
        "that",
    )
)


class Filters(TypedDict, total=False):
    """What ``search`` and ``rows`` can be narrowed to; ``None`` leaves a filter out.

    ``speaker`` is an id, a name or an alias, in any case and with or without accents. Dates are ISO,
    whole or their beginning: ``since="2025"``, ``until="2025-07"`` (all of July).
    """

    speaker: str | None
    outlet: str | None
    since: str | None
    until: str | None
    kind: str | None


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
    with _explained(path):
        db = Database(sqlite3.connect(path, timeout=BUSY_SECONDS))
    try:
        with _explained(path):
            db.execute("PRAGMA foreign_keys = ON")
            fresh = _is_fresh(db, path)
        if fresh and not create:
            raise StoreError(f"{path} is empty; fill it with “onrecord ingest”")
        if fresh:
            with _transaction(db):
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


def is_current(db: Database, article: Article, *, recipe: str) -> bool:
    """Whether this very article, read with this recipe, is in the database: then there is nothing to do."""
    with _explained(_path(db)):
        stored = next(db.query("SELECT * FROM articles WHERE id = ?", [article.id]), None)
    return stored is not None and all(stored[key] == value for key, value in _facts(article, recipe).items())


def save(db: Database, article: Article, quotes: Sequence[Quote], *, recipe: str) -> bool:
    """Store an article and its quotes in one transaction, in place of what the article had before.

    → whether anything was written: the same article and quotes again are not. ``recipe`` is a short
    string that changes with whatever the quotes depend on (version, model, register).
    """
    quotes = sorted(quotes, key=lambda quote: quote.quotation.parts)
    quote_rows, context_rows = _quote_rows(article, quotes), []
    for quote, row in zip(quotes, quote_rows, strict=True):
        context_rows.append({"quote_id": row["id"], **_context(article.text, quote)})
    facts = _facts(article, recipe) | {
        "characters": len(article.text),
        "quotes": len(quotes),
        "attributed": sum(quote.speaker is not None for quote in quotes),
    }
    with _transaction(db):
        db.execute("DELETE FROM failures WHERE source = ?", [article.id])
        if _stored(db, article.id) == ([facts], quote_rows, context_rows):
            return False
        dropped = _drop_quotes(db, article.id)
        row = {"id": article.id, **facts, "retrieved": _now()}
        db.table("articles").upsert(row, pk="id")
        db.table("texts").upsert({"article_id": article.id, "text": article.text}, pk="article_id")
        dropped |= _save_speakers(db, quotes, article.text)
        number = db.execute("SELECT coalesce(max(number), 0) FROM quotes").fetchone()[0]
        db.table("quotes").insert_all(
            {**row, "number": number + index} for index, row in enumerate(quote_rows, start=1)
        )
        db.table("contexts").insert_all(context_rows)
        _tidy_speakers(db, dropped)
    return True


def save_failure(db: Database, failure: Failure) -> bool:
    """Keep an input that was left out, and why. → whether it was news; a later ``save`` clears it by id."""
    row = {"source": failure.source, "stage": failure.stage, "error": failure.error}
    with _transaction(db):
        if next(
            db.query("SELECT 1 FROM failures WHERE source=:source AND stage=:stage AND error=:error", row),
            None,
        ):
            return False
        db.table("failures").upsert({**row, "noticed": _now()}, pk="source")
    return True


def clear_failures(db: Database, sources: Iterable[str], *, keep: Iterable[str] = ()) -> None:
    """Forget the failures of these files, and of files in these folders, but for those in ``keep``.

    ``clear_failures(db, ["news/"], keep=["news/broken.html"])`` after a run over ``news/``: what failed
    once and is well now, or gone, is no longer listed.
    """
    kept = set(keep)
    roots = [Path(source) for source in sources]
    with _transaction(db):
        for (source,) in db.execute("SELECT source FROM failures").fetchall():
            # "feed.jsonl:3" is a line of a file.
            inside = any(Path(source).is_relative_to(r) or source.startswith(f"{r}:") for r in roots)
            if inside and source not in kept:
                db.execute("DELETE FROM failures WHERE source = ?", [source])


def record_run(
    db: Database,
    *,
    started: str,
    version: str,
    model: str,
    recipe: str,
    articles: int,
    quotes: int,
    failures: int,
) -> None:
    """Add a line to the table of runs. A run that stored no article leaves none: it changed nothing."""
    if articles:
        made_by = {"version": version, "model": model, "recipe": recipe}
        counts = {"articles": articles, "quotes": quotes, "failures": failures}
        with _transaction(db):
            db.table("runs").insert({"started": started, "finished": _now(), **made_by, **counts})


def finish(db: Database) -> None:
    """Tidy the full-text index and the planner's statistics, where this run, or one cut short, left some."""
    if db.conn.total_changes or not db.table("sqlite_stat1").exists():
        with _transaction(db):
            db.execute("INSERT INTO quotes_fts(quotes_fts) VALUES ('optimize')")
            db.execute("ANALYZE")


def search(
    db: Database, words: str, *, limit: int | None = 20, **filters: Unpack[Filters]
) -> Iterator[dict[str, Any]]:
    """The quotes that hold these words, or whose speaker's name does, best first.

    Words between quotation marks are a phrase. → the columns of ``rows``; ``snippet``, with MATCH_MARKS
    around what matched; and ``rank``, which is bm25: the lower, the better.
    """
    where, values = _where(words, filters)
    snippet = f"snippet(quotes_fts, 0, '{MATCH_MARKS[0]}', '{MATCH_MARKS[1]}', '…', 40)"
    sql = (
        f"SELECT {CITATION}, {snippet} AS snippet, {RANK} AS rank"
        " FROM quotes_fts JOIN citations ON citations.number = quotes_fts.rowid"
        f" WHERE quotes_fts MATCH :match AND {where} ORDER BY {RANK}, citations.id LIMIT :limit"
    )
    return _query(db, sql, {**values, "limit": -1 if limit is None else limit})


def rows(db: Database, words: str | None = None, **filters: Unpack[Filters]) -> Iterator[dict[str, Any]]:
    """Every quote under the filters of ``search``, however many, by date and place in the article.

    → id, published, outlet, speaker, speaker_id, role, affiliation, kind, quote, mention, title, url,
    article_id, confidence.
    """
    where, values = _where(words, filters)
    if words is not None:
        where = (
            f"citations.number IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH :match) AND {where}"
        )
    sql = (
        f"SELECT {CITATION} FROM quotes JOIN citations ON citations.id = quotes.id WHERE {where}"
        " ORDER BY quotes.sequence"
    )
    return _query(db, sql, values)


def speakers(db: Database) -> Iterator[dict[str, Any]]:
    """Who is quoted, most quoted first → id, name, kind, latest role and affiliation, quotes, articles."""
    # Role and affiliation come from one quote: never the title of one job with the employer of another.
    latest = (
        "(SELECT contexts.{} FROM quotes JOIN contexts ON contexts.quote_id = quotes.id"
        " WHERE quotes.speaker_id = speakers.id AND coalesce(contexts.role, contexts.affiliation) IS NOT NULL"
        " ORDER BY quotes.published DESC, quotes.article_id DESC, quotes.position LIMIT 1)"
    )
    articles = "(SELECT count(DISTINCT article_id) FROM quotes WHERE speaker_id = speakers.id)"
    sql = (
        f"SELECT id, name, kind, {latest.format('role')} AS role,"
        f" {latest.format('affiliation')} AS affiliation,"
        f" quotes, {articles} AS articles FROM speakers ORDER BY quotes DESC, name, id"
    )
    return _query(db, sql, {})


def match_query(words: str) -> str:
    """A reader's words as FTS5 syntax that never fails: ``net-zero "we will`` → ``"net-zero" "we" "will"``.

    Words must all occur, in any order; words between marks, straight or curly, as a phrase.
    """
    words = re.sub("[“”„«»]", '"', words.replace("\0", " "))
    terms = [phrase or word for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', words)]
    # FTS5 takes '""' for nothing found, but no words at all for a syntax error.
    return " ".join(f'"{term}"' for term in terms if re.search(r"\w", term)) or '""'


def fold(name: str) -> str:
    """A name as it is looked up, without case and accents: ``Zoë  Ångström`` → ``zoe angstrom``."""
    letters = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


def _path(db: Database) -> Path:
    return Path(db.execute("PRAGMA database_list").fetchone()[2])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
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
def _transaction(db: Database) -> Iterator[None]:
    """All or nothing. Unlike ``db.atomic()`` it takes the write lock first, so that what is read
    before writing still holds when writing, and waiting for another writer works."""
    with _explained(_path(db)):
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


def _facts(article: Article, recipe: str) -> dict[str, Any]:
    return {
        "url": article.url,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "published": article.published,
        "text_hash": sha256(article.text.encode()).hexdigest(),
        "recipe": recipe,
        "sequence": f"{article.published or '0000'} {article.id}",
    }


def _quote_rows(article: Article, quotes: Sequence[Quote]) -> list[dict[str, Any]]:
    """Rows of ``quotes``, in reading order.

    The id is made of the article's id, the words, and how often the same words were quoted before
    in it: neither the model's version nor the marks around the words change a permalink.
    """
    year = article.published[:4] if article.published else ""
    seen: Counter[str] = Counter()
    found = []
    for position, quote in enumerate(quotes, start=1):
        text = quote.text(article.text)
        words = " ".join(re.findall(r"\w+", text))
        seen[words] += 1
        identity = "\0".join((article.id, words, str(seen[words])))
        found.append(
            {
                "id": sha256(identity.encode()).hexdigest()[:16],
                "text": text,
                "speaker_id": quote.speaker.id if quote.speaker else None,
                "affiliation": quote.speaker.affiliation if quote.speaker else None,
                "kind": quote.quotation.kind,
                "outlet": article.outlet,
                "year": int(year) if year.isdecimal() else None,
                "published": article.published,
                "article_id": article.id,
                "position": position,
                "confidence": quote.attribution.confidence,
                "sequence": f"{article.published or '0000'} {article.id} {position:05}",
            }
        )
    return found


def _context(text: str, quote: Quote) -> dict[str, Any]:
    parts = quote.quotation.parts
    paragraph = _paragraph(text, TextSpan(parts[0].start, parts[-1].end))
    return {
        "paragraph": paragraph.of(text),
        "paragraph_start": paragraph.start,
        "parts": json.dumps(parts),
        **_words("mention", text, quote.attribution.source),
        **_words("cue", text, quote.quotation.cue),
        "role": quote.speaker.role if quote.speaker else None,
        "affiliation": quote.speaker.affiliation if quote.speaker else None,
        "method": quote.attribution.method,
    }


def _words(name: str, text: str, span: TextSpan | None) -> dict[str, Any]:
    if span is None:
        return {name: None, f"{name}_start": None, f"{name}_end": None}
    return {name: span.of(text), f"{name}_start": span.start, f"{name}_end": span.end}


def _paragraph(text: str, span: TextSpan) -> TextSpan:
    """The paragraph, or paragraphs, that the span lies in.

    A blank line ends a paragraph; where the article has none, every line is one.
    """
    end_of_paragraph = "\n\n" if "\n\n" in text else "\n"
    start = text.rfind(end_of_paragraph, 0, span.start)
    end = text.find(end_of_paragraph, span.end)
    return TextSpan(0 if start < 0 else start + len(end_of_paragraph), len(text) if end < 0 else end)


def _stored(db: Database, article_id: str) -> tuple[list[dict[str, Any]], ...]:
    """What ``save`` would write for the article, as it stands in the database now."""
    quotes = (
        "SELECT {} FROM quotes JOIN contexts ON quote_id = quotes.id WHERE article_id = ? ORDER BY position"
    )
    stored = (
        list(db.query("SELECT * FROM articles WHERE id = ?", [article_id])),
        list(db.query(quotes.format("quotes.*"), [article_id])),
        list(db.query(quotes.format("contexts.*"), [article_id])),
    )
    for row in stored[0]:
        del row["id"], row["retrieved"]
    for row in stored[1]:
        del row["number"]
    return stored


def _drop_quotes(db: Database, article_id: str) -> set[tuple[str, str]]:
    """Remove an article's quotes → the speakers and mentions that they had."""
    of_article = "FROM quotes JOIN contexts ON quote_id = quotes.id WHERE article_id = ?"
    had = db.execute(
        f"SELECT DISTINCT speaker_id, coalesce(mention, '') {of_article} AND speaker_id IS NOT NULL",
        [article_id],
    ).fetchall()
    db.execute(
        "DELETE FROM contexts WHERE quote_id IN (SELECT id FROM quotes WHERE article_id = ?)", [article_id]
    )
    db.execute("DELETE FROM quotes WHERE article_id = ?", [article_id])
    return set(had)


def _save_speakers(db: Database, quotes: Iterable[Quote], text: str) -> set[tuple[str, str]]:
    """Write the speakers and the names they go by here → former names, to be tidied away."""
    renamed = set()
    aliases = {}
    for quote in quotes:
        speaker = quote.speaker
        if speaker is not None and speaker.id is not None:
            former = db.execute("SELECT name FROM speakers WHERE id = ?", [speaker.id]).fetchone()
            if former and former[0] != speaker.name:
                renamed.add((speaker.id, former[0]))
            row = {"id": speaker.id, "name": speaker.name, "kind": speaker.kind}
            db.table("speakers").upsert(row, pk="id")
            source = quote.attribution.source
            for alias in (speaker.name, source.of(text) if source else ""):
                # A mention with a comma is a name and more: The council's leader, Amina Okafor.
                if alias and "," not in alias and fold(alias) not in PRONOUNS:
                    aliases[speaker.id, alias] = fold(alias)
    db.table("aliases").insert_all(
        ({"speaker_id": id, "alias": alias, "folded": folded} for (id, alias), folded in aliases.items()),
        ignore=True,
    )
    return renamed


def _tidy_speakers(db: Database, candidates: Iterable[tuple[str, str]]) -> None:
    """Remove the aliases, among these, that no quote has any more, and speakers left without quotes."""
    for speaker_id, alias in candidates:
        db.execute(
            "DELETE FROM aliases WHERE speaker_id = :id AND alias = :alias"
            " AND alias <> (SELECT name FROM speakers WHERE id = :id)"
            " AND NOT EXISTS (SELECT 1 FROM quotes JOIN contexts ON quote_id = quotes.id"
            "                 WHERE speaker_id = :id AND mention = :alias)",
            {"id": speaker_id, "alias": alias},
        )
        silent = db.execute("SELECT quotes = 0 FROM speakers WHERE id = ?", [speaker_id]).fetchone()
        if silent and silent[0]:
            db.execute("DELETE FROM aliases WHERE speaker_id = ?", [speaker_id])
            db.execute("DELETE FROM speakers WHERE id = ?", [speaker_id])


def _where(words: str | None, filters: Filters) -> tuple[str, dict[str, Any]]:
    """The filters as SQL over ``citations``, and its parameters."""
    for date in (filters.get("since"), filters.get("until")):
        if date is not None and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", date):
            raise StoreError(f"“{date}” is not a date to search by; write it as 2025, 2025-07 or 2025-07-10")
    # "~" sorts after every digit: until 2025-07 takes the whole of July in.
    clauses = {
        "speaker": "citations.speaker_id IN (SELECT id FROM speakers WHERE id = :speaker COLLATE NOCASE"
        " UNION SELECT speaker_id FROM aliases WHERE folded = :folded)",
        "outlet": "citations.outlet = :outlet COLLATE NOCASE",
        "since": "citations.published >= :since",
        "until": "citations.published < :until || '~'",
        "kind": "citations.kind = :kind",
    }
    used = [clause for name, clause in clauses.items() if filters.get(name) is not None]
    values = {**filters, "folded": fold(filters.get("speaker") or ""), "match": match_query(words or "")}
    return " AND ".join(used) or "1", values


def _query(db: Database, sql: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with _explained(_path(db)):
        yield from db.query(sql, values)
