"""The SQLite database: what every command reads and writes.

schema  the tables, opening a file, transactions
save    one article and its quotes at a time
settle  what only all articles together tell: who is who, what is repeated, the counts
search  asking
"""

from ingest.store.save import clear_failures, is_current, record_run, save, save_failure
from ingest.store.schema import FACETS, StoreError, open_store
from ingest.store.search import (
    CITATION,
    MATCH_MARKS,
    RANK,
    Filters,
    fold,
    match_query,
    rows,
    search,
    speakers,
)
from ingest.store.settle import settle

__all__ = [
    "CITATION",
    "FACETS",
    "MATCH_MARKS",
    "RANK",
    "Filters",
    "StoreError",
    "clear_failures",
    "fold",
    "is_current",
    "match_query",
    "open_store",
    "record_run",
    "rows",
    "save",
    "save_failure",
    "search",
    "settle",
    "speakers",
]
