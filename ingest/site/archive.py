"""Asking the database that is served, within the time that one request may take."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic, thread_time
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from datasette.utils.asgi import Base400, NotFound

from ingest.store.schema import APPLICATION_ID, VERSION

P = ParamSpec("P")
T = TypeVar("T")

# What one request may take of the machine: seconds of a core, so that a busy machine answers late rather than
# not at all; and seconds by the clock, for a disk that is slow.
SECONDS, PATIENCE = 2.0, 10.0

# SQLite asks after so many of its steps whether the time is up; some hundred thousand make a second.
_STEPS = 2000


class TooSlow(Base400):  # type: ignore[misc]
    """A question that would have held the machine for too long."""

    status = 503


class OtherVersion(Base400):  # type: ignore[misc]
    """A database of ours that this version cannot read."""

    status = 500


class Archive:
    """A connection to our database, for one page: all its queries hold a core for ``seconds`` at most.

    Every row is a ``sqlite3.Row``. A query that would take longer raises ``TooSlow``. For one thread only.
    """

    def __init__(self, connection: sqlite3.Connection, seconds: float) -> None:
        self._connection = connection
        self._ends = thread_time() + seconds
        self._gives_up = monotonic() + PATIENCE

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """A part of the page that may fail: what is left of the time is for the rest."""
        ends, self._ends = self._ends, min(self._ends, thread_time() + seconds)
        try:
            yield
        finally:
            self._ends = ends

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[sqlite3.Row]:
        """All rows of a query. Parameters are named, ``:so``."""
        if self._is_over():
            raise TooSlow("This takes too long")
        self._connection.set_progress_handler(self._is_over, _STEPS)
        try:
            return self._connection.execute(sql, values or {}).fetchall()
        except sqlite3.OperationalError as error:
            if error.args == ("interrupted",):
                raise TooSlow("This takes too long") from None
            raise
        finally:
            self._connection.set_progress_handler(None, 0)

    def _is_over(self) -> bool:
        return thread_time() > self._ends or monotonic() > self._gives_up

    def row(self, sql: str, values: Mapping[str, Any] | None = None) -> sqlite3.Row | None:
        """The first row, if there is one."""
        return next(iter(self.rows(sql, values)), None)

    def value(self, sql: str, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, if there is one."""
        row = self.row(sql, values)
        return row[0] if row else None


async def consult(
    datasette: Any, function: Callable[Concatenate[Archive, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """``function(archive, …)``, run in one of Datasette's threads, with the time that a query may take.

    Raises ``NotFound`` where no database of ours is served.
    """
    name = await store(datasette)
    if name is None:
        raise NotFound("No archive of quotes is served here.")

    def in_thread(connection: sqlite3.Connection) -> T:
        return function(Archive(connection, SECONDS), *args, **kwargs)

    result: T = await datasette.databases[name].execute_fn(in_thread)
    return result


_STORES: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


async def store(datasette: Any) -> str | None:
    """The name under which our database is served, if it is. Raises ``OtherVersion``."""

    def marks(connection: sqlite3.Connection) -> tuple[int, int]:
        return (
            connection.execute("PRAGMA application_id").fetchone()[0],
            connection.execute("PRAGMA user_version").fetchone()[0],
        )

    if (name := _STORES.get(datasette)) in datasette.databases:
        return name
    for name, database in datasette.databases.items():
        application, version = await database.execute_fn(marks)
        if application == APPLICATION_ID and version != VERSION:
            raise OtherVersion(
                "The database was made by another version of onrecord."
                " It is derived: delete it and ingest again."
            )
        if application == APPLICATION_ID:
            _STORES[datasette] = name
            return str(name)
    return None
