"""All that a page's filter finds, however much, as CSV or JSON: streamed, and whole or visibly broken off.

First the numbers of all quotes are collected, eight bytes each, so that they can be sorted by date at any
size; then the quotes are fetched in batches. Each query is within the time that a request may take.
"""

from __future__ import annotations

import csv
import io
import json
from array import array
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from datasette.utils.asgi import AsgiStream

from ingest.site.answers import WORDS, quotes
from ingest.site.archive import Archive, TooSlow, consult
from ingest.site.frame import Links, absolute
from ingest.site.question import Question

COLUMNS = (
    *("link", "id", "published", "outlet", "speaker", "speaker_id", "role", "affiliation", "kind", "quote"),
    *("mention", "title", "url", "article_id", "position", "confidence"),
)
_BATCH = 500
_NUMBER = 2**36  # more than there are numbers; a day's number times this, and it, fit in 63 bits


async def numbers(datasette: Any, question: Question) -> Sequence[int]:
    """The numbers of all quotes that answer, newest first and in an article's order within a day."""
    start, end = await consult(datasette, _ends)
    found = array("q")
    step = end - start + 1
    while start <= end:
        try:
            found.extend(await consult(datasette, _keys, question, start, start + step - 1))
        except TooSlow:
            # A smaller part takes less time; a single quote that does not is beyond help.
            if step == 1:
                raise
            step = max(1, step // 4)
        else:
            start += step
    return array("q", (key % _NUMBER for key in sorted(found)))


def _ends(archive: Archive) -> tuple[int, int]:
    row = archive.rows("SELECT coalesce(min(number), 1), coalesce(max(number), 0) FROM quotes")[0]
    return row[0], row[1]


def _keys(archive: Archive, question: Question, first: int, last: int) -> list[int]:
    values = {**question.values(), "first": first, "last": last}
    if question.words:
        rows = archive.rows(
            f"SELECT quotes.number, quotes.published FROM {WORDS} WHERE quotes_fts MATCH :match"
            f" AND quotes_fts.rowid BETWEEN :first AND :last AND {question.clauses()}",
            values,
        )
    else:
        rows = archive.rows(
            "SELECT number, published FROM quotes"
            f" WHERE number BETWEEN :first AND :last AND {question.clauses()}",
            values,
        )
    days: dict[str | None, int] = {}
    return [days.setdefault(day, _NUMBER * _before(day)) + number for number, day in rows]


def _before(published: str | None) -> int:
    """Days until the last of all days: newer days give smaller numbers, unknown ones the greatest."""
    try:
        return date.max.toordinal() - date.fromisoformat((published or "")[:10]).toordinal()
    except ValueError:
        return date.max.toordinal()


async def batches(
    datasette: Any, keys: Sequence[int], fetch: Callable[[Archive, Sequence[int]], list[dict[str, Any]]]
) -> AsyncIterator[list[dict[str, Any]]]:
    """What ``fetch`` makes of all keys, some at a time."""
    start, size = 0, _BATCH
    while start < len(keys):
        try:
            rows = await consult(datasette, fetch, keys[start : start + size])
        except TooSlow:
            if size == 1:
                raise
            size = max(1, size // 4)
        else:
            yield rows
            start += size


async def quote_batches(
    datasette: Any, request: Any, keys: Sequence[int]
) -> AsyncIterator[list[dict[str, Any]]]:
    """The rows of an export, with the columns ``COLUMNS``; each has the link to its quote's page."""
    page = absolute(datasette, request, Links(datasette).quote(""))

    def fetch(archive: Archive, some: Sequence[int]) -> list[dict[str, Any]]:
        rows = quotes(archive, list(some))
        return [{**{name: row.get(name) for name in COLUMNS}, "link": page + row["id"]} for row in rows]

    async for rows in batches(datasette, keys, fetch):
        yield rows


def as_csv(name: str, columns: Sequence[str], rows: AsyncIterator[list[dict[str, Any]]]) -> AsgiStream:
    """A response that is a file ``name.csv``; ``guard`` sees to it that a spreadsheet runs none of it."""

    async def write(writer: Any) -> None:
        await writer.write(_lines([columns]))
        async for batch in rows:
            await writer.write(_lines([row[column] for column in columns] for row in batch))

    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return AsgiStream(write, headers=headers, content_type="text/csv; charset=utf-8")


def as_json(
    head: Mapping[str, Any], rows: AsyncIterator[list[dict[str, Any]]], name: str = "quotes"
) -> AsgiStream:
    """A response that is one object: what ``head`` holds, and a list ``name`` of all rows."""

    async def write(writer: Any) -> None:
        begun = json.dumps(dict(head), ensure_ascii=False)
        await writer.write(begun[:-1] + (", " if head else "") + f'"{name}": [')
        between = "\n"
        async for batch in rows:
            for row in batch:
                await writer.write(between + json.dumps(row, ensure_ascii=False))
                between = ",\n"
        await writer.write("\n]}\n")

    return AsgiStream(write, content_type="application/json; charset=utf-8")


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
