"""The SQLite database: what every command reads and writes.

schema  the tables, opening a file, transactions
save    one article and its quotes at a time
search  asking

``settle``, which tells what only all articles together can, and ``corrected`` are not imported here: the
published site does without the stages that they need.
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
    "speakers",
]
