"""Counts made beforehand, for what an index cannot answer fast enough.

A page counts what its quotes can be narrowed down to. Few quotes are counted when it is asked for; where one
or two filters leave very many, as “direct” or “2024” do, the answer is looked up here instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

from sqlite_utils import Database

# The filters by their names in a URL, in the order of a key, and the columns that they are about.
FILTERS = {
    "speaker": "speaker_id",
    "affiliation": "affiliation",
    "outlet": "outlet",
    "kind": "kind",
    "year": "year",
    "sure": "confidence",
}
SURE = (50, 80, 90, 95)  # percent: the least confidence that can be asked for

BUSY = 10_000  # fewer quotes are counted when they are asked for
SAMPLE = 200_000  # quotes that the words are counted in

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def tally(db: Database) -> None:
    """Make all counts anew. Belongs in the transaction of ``settle``, after speakers are known."""
    for table in ("tallies", "coverage", "vocabulary"):
        db.execute(f"DELETE FROM {table}")
    if db.execute("SELECT count(*) FROM quotes").fetchone()[0] > BUSY:
        # Imported here: the published site reads these names, and does without numpy.
        from ingest.store.crosstab import counts

        rows = db.execute(f"SELECT {', '.join(FILTERS.values())} FROM quotes")
        facets = dict(zip(FILTERS, zip(*rows, strict=True), strict=True))
        db.conn.executemany(
            "INSERT INTO tallies VALUES (?, ?, ?, ?)",
            ((key(filters), by, value, quotes) for filters, by, value, quotes in counts(facets, BUSY, SURE)),
        )
    db.execute(
        "INSERT INTO coverage SELECT outlet, year, count(*), count(DISTINCT article_id) FROM quotes"
        " GROUP BY outlet, year"
    )
    db.conn.executemany("INSERT INTO vocabulary VALUES (?, ?)", sorted(_vocabulary(db).items()))


def key(filters: Mapping[str, str]) -> str:
    """What filters are listed under: ``{"year": "2024", "kind": "direct"}`` → ``kind=direct&year=2024``."""
    return urlencode({name: filters[name] for name in FILTERS if filters.get(name)})


def words(text: str) -> list[str]:
    """The words of a text as they are counted: ``We’ll see. Won't we?`` → we'll, see, won't, we."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def _vocabulary(db: Database) -> dict[str, int]:
    """How often each word is said in an even sample of direct quotes; words said once are left out."""
    step = 1 + db.execute("SELECT count(*) FROM quotes").fetchone()[0] // SAMPLE
    counts: Counter[str] = Counter()
    for (text,) in db.execute("SELECT text FROM quotes WHERE kind = 'direct' AND number % ? = 0", [step]):
        counts.update(words(text))
    return {word: uses for word, uses in counts.items() if uses > 1}
