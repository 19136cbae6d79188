"""Asking the database: ranked search, everything under a filter, who is quoted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, TypedDict, Unpack

from sqlite_utils import Database

from ingest.store.schema import StoreError, explained, path_of

# ``snippet`` puts these around the words that matched; they hardly occur in news, and are no markup.
MATCH_MARKS = ("⟪", "⟫")

# A name that matches counts for less than what was said. bm25 alone puts the shortest first, which often are
# what cannot be cited: so what is doubtful, in others’ words or by nobody with a name counts for less, too.
RANK = (
    "bm25(quotes_fts, 1.0, 0.5) * confidence"
    " * iif(kind = 'indirect', 0.7, 1) * iif(speaker_id IS NULL, 0.7, 1)"
)

CITATION = (
    "citations.id, citations.published, citations.outlet, citations.speaker, citations.speaker_id, "
    "citations.role, citations.affiliation, citations.kind, citations.quote, citations.mention, "
    "citations.title, citations.url, citations.article_id, citations.confidence"
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


def search(
    db: Database, words: str, *, limit: int | None = 20, **filters: Unpack[Filters]
) -> Iterator[dict[str, Any]]:
    """The quotes that hold these words, or whose speaker's name does, best first.

    Words between quotation marks are a phrase. → the columns of ``rows``; ``snippet``, with MATCH_MARKS
    around what matched; and ``rank``, by RANK: the lower, the better.
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
    sql = (
        f"SELECT id, name, kind, {latest.format('role')} AS role,"
        f" {latest.format('affiliation')} AS affiliation,"
        " quotes, articles FROM speakers ORDER BY quotes DESC, name, id"
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
    letters = name.replace("’", "'")
    if not letters.isascii():
        letters = "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


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
    with explained(path_of(db)):
        yield from db.query(sql, values)
