"""Tables of articles, one a row: CSV and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO

from ingest.read import parse
from ingest.read.errors import ReadError
from ingest.read.facts import Columns
from ingest.records import Article, Failure

_ROWS_AT_ONCE = 32  # of Parquet: as many articles as memory has to hold
_DELIMITERS = ",;\t|"
_PIECE = 1 << 16


def read_csv(
    stream: BinaryIO, source: Path | str, stem: str, columns: Columns
) -> Iterator[Article | Failure]:
    """Yield the article of each row; one without id and address is known by file and line: ``wire-3``.

    The first line names the columns; commas, semicolons, tabs or bars part them, whichever it has most
    of. Raises ReadError where there is no column of texts.
    """
    records = _records(stream)
    _, first = next(records, (1, None))
    names = parse.decode(first, source).removeprefix("\ufeff") if first else ""
    delimiter = max(_DELIMITERS, key=names.count)
    header = [name.strip() for row in _cells(names, delimiter) for name in row]
    if not header:
        raise ReadError(source, "empty; name the columns in the first line, one article a row below")
    _refuse_without(header, source, columns)
    empty = True
    for line, data in records:
        where, known_as = f"{source}:{line}", f"{stem}-{line}"
        try:
            for row in _rows(data, delimiter, where):
                empty = False
                if len(row) > len(header):
                    problem = f"{len(row)} cells for {len(header)} columns"
                    raise ReadError(where, f'{problem}; put texts that hold {delimiter!r} between "marks"')
                record = dict(zip(header, row, strict=False))
                yield parse.parse_record(record, columns, where, known_as)
        except ReadError as error:
            empty = False
            yield error.failure()
    if empty:
        raise ReadError(source, "no rows below the names of its columns; add one article a row")


def _rows(data: bytes | None, delimiter: str, where: str) -> list[list[str]]:
    if data is None:
        problem = f'a row larger than {parse.MAX_BYTES / 1_000_000:g} MB, or a mark (") that is never closed'
        raise ReadError(where, f"{problem}; mend it")
    try:
        return _cells(parse.decode(data, where), delimiter)
    except csv.Error as error:
        raise ReadError(where, f"not a row of CSV ({error}); mend it") from error


def read_parquet(path: Path, stem: str, columns: Columns) -> Iterator[Article | Failure]:
    """Yield the article of each row; one without id and address is known by file and row: ``wire-3``.

    Only columns that hold a fact are read, a few rows at a time. Raises ReadError where there is no
    column of texts, the file is broken, or pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ReadError(path, "Parquet needs pyarrow; run pip install 'onrecord[parquet]'") from error
    row = 0
    try:
        # A buffer and no prefetching: a row group of any size is read piece by piece.
        with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
            names = file.schema_arrow.names
            _refuse_without(names, path, columns)
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=columns.wanted(names), use_threads=False):
                for record in batch.to_pylist():
                    row += 1
                    yield _article(record, columns, f"{path}:{row}", f"{stem}-{row}")
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ReadError(path, f"broken after row {row} ({reason}); write it again") from error
    if not row:
        raise ReadError(path, "no rows in it; add one article a row")


def _article(record: dict[str, Any], columns: Columns, where: str, known_as: str) -> Article | Failure:
    try:
        return parse.parse_record(record, columns, where, known_as)
    except ReadError as error:
        return error.failure()


def _refuse_without(names: list[str], source: Path | str, columns: Columns) -> None:
    missing = columns.missing(names)
    if missing:
        there = ", ".join(names)[:500]
        problem = f"no column {', '.join(missing)}; it has {there}"
        raise ReadError(source, f"{problem}: say which holds the text, e.g. --columns text=NAME")


def _records(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield each row's first line and its bytes; none of an overlong one, or where a mark is never closed.

    A row goes on to the next line while one of its marks is open.
    """
    row, size, is_open = bytearray(), 0, False
    start = number = 1
    while piece := stream.readline(_PIECE):
        size += len(piece)
        if size <= parse.MAX_BYTES:
            row += piece
        is_open ^= piece.count(b'"') % 2 == 1
        number += piece.endswith(b"\n")
        if piece.endswith(b"\n") and not is_open:
            if row.strip():
                yield start, bytes(row) if size <= parse.MAX_BYTES else None
            row, size, start = bytearray(), 0, number
    if row.strip():
        yield start, None if is_open or size > parse.MAX_BYTES else bytes(row)


def _cells(text: str, delimiter: str) -> list[list[str]]:
    # The module's own limit, of 131,072 characters, is shorter than some articles.
    csv.field_size_limit(max(csv.field_size_limit(), parse.MAX_BYTES))
    return [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if any(row)]
