"""What only all the articles together tell: who is who, what is repeated, how much there is of each.

Everything here is derived from what ``save`` wrote, and is made again whenever that has changed; so the
result does not depend on the order in which the articles came, or on how many runs brought them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from ingest.company import Company, names_in
from ingest.corrections import Corrections, Outcome, redirect
from ingest.identity import Appearance, identify
from ingest.names import plain_name
from ingest.register import Register
from ingest.repeats import Sighting, repeats
from ingest.store.corrected import outcomes, write_outcomes
from ingest.store.schema import transaction
from ingest.store.search import fold
from ingest.store.tally import tally

# Mentions under which a quote is found, but nobody is looked up.
_PRONOUNS = frozenset(
    "i we he she it they who you one his her hers him them this that".split()  # noqa: SIM905
)

_NONE = Corrections()
_SAMPLE = 2_000  # articles, to tell rare names from common ones


def settle(
    db: Database,
    register: Register,
    corrections: Corrections = _NONE,
    *,
    made: Iterable[Outcome] = (),
    recipe: str,
) -> bool:
    """Bring all that depends on several articles up to date, in one transaction.

    → whether there was anything to do. ``made`` is what became of the corrections of single articles in this
    run; ``recipe`` a short string that changes with what else decides the result (version, register).
    """
    recipe = f"{recipe} {corrections.version}".strip()
    if db.execute("SELECT recipe FROM settled").fetchall() == [(recipe,)]:
        return False
    with transaction(db):
        of_speakers = _identify(db, register, corrections)
        _name_affiliations(db, register)
        _describe_speakers(db, register)
        _list_aliases(db, register)
        _list_roles(db, register)
        _list_repeats(db)
        tally(db)
        write_outcomes(db, corrections.outcomes([*made, *of_speakers], outcomes(db)))
        db.execute("DELETE FROM settled")
        db.execute("INSERT INTO settled VALUES (?)", [recipe])
        db.execute("INSERT INTO quotes_fts(quotes_fts) VALUES ('optimize')")
        db.execute("ANALYZE")
    return True


def _identify(db: Database, register: Register, corrections: Corrections) -> list[Outcome]:
    """Give each quote the speaker that its person is among all articles, or whom people say it is."""
    # With min(), SQLite takes the other columns from the row of the minimum: where the article says most.
    rows = db.execute(
        "SELECT quotes.article_id, person, name, person_kind, role, contexts.affiliation, description,"
        " published, speaker_id,"
        " min(position + 100000 * (role IS NULL) + 100000 * (contexts.affiliation IS NULL))"
        " FROM quotes JOIN contexts ON quote_id = quotes.id WHERE person IS NOT NULL"
        " GROUP BY quotes.article_id, person"
    ).fetchall()
    appearances = (Appearance(*row[:8]) for row in rows)
    identities = identify(appearances, register.entries, _company(db))
    identities, of_speakers = redirect(identities, corrections.speakers, register)
    db.conn.executemany(
        "INSERT INTO speakers (id, name, kind) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind"
        " WHERE name <> excluded.name OR kind <> excluded.kind",
        sorted(set(identities.values())),  # a set has another order in every process
    )
    db.conn.executemany(
        "UPDATE quotes SET speaker_id = ? WHERE article_id = ?"
        " AND id IN (SELECT quote_id FROM contexts WHERE person = ?)",
        [
            (identities[row[0], row[1]].id, row[0], row[1])
            for row in rows
            if identities[row[0], row[1]].id != row[8]
        ],
    )
    return of_speakers


def _company(db: Database) -> Company:
    """Whom and what each article names."""
    sql = "SELECT outlet, text FROM articles JOIN texts ON article_id = articles.id"

    def names(article: str) -> frozenset[str]:
        row = db.execute(f"{sql} WHERE articles.id = ?", [article]).fetchone()
        return names_in(row[1]) - names_in(f"the {row[0]}") if row else frozenset()

    sample = db.execute(f"{sql} ORDER BY articles.id LIMIT {_SAMPLE}").fetchall()
    return Company(names, (names_in(text) for _, text in sample))


def _name_affiliations(db: Database, register: Register) -> None:
    """Write each affiliation in one way, the register's or else the commonest: the Labour party, Labour."""
    counted = db.execute(
        "SELECT affiliation, count(*) FROM contexts WHERE affiliation IS NOT NULL GROUP BY 1 ORDER BY 2, 1"
    ).fetchall()
    commonest = {_body(name): name for name, _ in counted}
    entries = {name: register.by_name(name) for name, _ in counted}
    db.execute("CREATE TEMP TABLE written (said TEXT PRIMARY KEY, name TEXT)")
    db.conn.executemany(
        "INSERT INTO written VALUES (?, ?)",
        [(name, entry.name if entry else commonest[_body(name)]) for name, entry in entries.items()],
    )
    db.execute(
        "UPDATE quotes SET affiliation = written.name FROM contexts JOIN written"
        " ON written.said = contexts.affiliation"
        " WHERE contexts.quote_id = quotes.id AND quotes.affiliation IS NOT written.name"
    )
    db.execute("DROP TABLE temp.written")


def _body(name: str) -> str:
    return plain_name(name).removesuffix(" party")


def _describe_speakers(db: Database, register: Register) -> None:
    db.execute("DELETE FROM aliases")
    db.execute("DELETE FROM roles")
    db.execute(
        "DELETE FROM speakers WHERE NOT EXISTS (SELECT 1 FROM quotes WHERE quotes.speaker_id = speakers.id)"
    )
    db.execute(
        "UPDATE speakers SET (quotes, articles, first, latest) ="
        " (SELECT count(*), count(DISTINCT article_id), min(published), max(published)"
        "  FROM quotes WHERE quotes.speaker_id = speakers.id)"
    )
    db.conn.executemany(
        "UPDATE speakers SET wikidata = ? WHERE id = ?",
        [(entry.wikidata, entry.id) for entry in register.entries if entry.wikidata],
    )


def _list_aliases(db: Database, register: Register) -> None:
    """The names and descriptions that a speaker goes by, in articles and in the register."""

    def names() -> Iterator[tuple[str, str]]:
        yield from db.execute("SELECT id, name FROM speakers ORDER BY id").fetchall()
        quoted = {id for (id,) in db.execute("SELECT id FROM speakers").fetchall()}
        for entry in register.entries:
            if entry.id in quoted:
                yield from ((entry.id, alias) for alias in entry.aliases)
        yield from db.execute(
            "SELECT speaker_id, mention FROM quotes JOIN contexts ON quote_id = quotes.id"
            " WHERE speaker_id IS NOT NULL AND mention IS NOT NULL"
            " UNION SELECT speaker_id, name FROM quotes JOIN contexts ON quote_id = quotes.id"
            " WHERE speaker_id IS NOT NULL"
        ).fetchall()

    # A mention with a comma is a name and more: The council's leader, Amina Okafor.
    found = ((id, name, fold(name)) for id, name in names() if "," not in name)
    db.conn.executemany(
        "INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", (row for row in found if row[2] not in _PRONOUNS)
    )


def _list_roles(db: Database, register: Register) -> None:
    """What a speaker was at which time: as the register knows, and as articles said."""
    quoted = {id for (id,) in db.execute("SELECT id FROM speakers").fetchall()}
    db.conn.executemany(
        "INSERT INTO roles VALUES (?, ?, ?, ?, ?, 0, 'register')",
        [
            (entry.id, office.title, office.affiliation, office.start, office.end)
            for entry in register.entries
            if entry.id in quoted
            for office in entry.offices
        ],
    )
    db.execute(
        "INSERT INTO roles SELECT speaker_id, role, contexts.affiliation, min(published), max(published),"
        " count(*), 'articles' FROM quotes JOIN contexts ON quote_id = quotes.id"
        " WHERE speaker_id IS NOT NULL AND coalesce(role, contexts.affiliation) IS NOT NULL"
        " GROUP BY speaker_id, role, contexts.affiliation ORDER BY 1, 4, 2, 3"
    )


def _list_repeats(db: Database) -> None:
    """The same words in several articles: which quote is the fullest, and which was printed first."""
    rows = db.execute("SELECT id, text, kind, speaker_id, published FROM quotes")
    db.execute("DELETE FROM repeats")
    db.conn.executemany(
        "INSERT INTO repeats (quote_id, canonical_id, relation, likeness, first) VALUES (?, ?, ?, ?, ?)",
        (
            (repeat.quote, repeat.canonical, repeat.relation, round(repeat.likeness, 3), repeat.first)
            for repeat in repeats(Sighting(*row) for row in rows)
        ),
    )
