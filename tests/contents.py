"""What databases hold, to be compared."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_TIMES = {"retrieved", "noticed", "started", "finished"}


def content(path: Path, *, leave_out: tuple[str, ...] = ()) -> list[tuple]:
    """Every row of every table, those of the indexes included, but for the times at which it was made."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
        ).fetchall()
        found: list[tuple] = []
        for (table,) in tables:
            if table not in leave_out:
                rows = connection.execute(f"SELECT * FROM {table}")
                kept = [index for index, column in enumerate(rows.description) if column[0] not in _TIMES]
                found += [(table, *(row[index] for index in kept)) for row in rows]
        return found
