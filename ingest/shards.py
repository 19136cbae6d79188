"""Shards: what the work is cut into where one machine is not enough.

A file of articles goes in, a file of these articles with their quotes comes out; one writer then loads all
of them. Nothing but files is shared, so whatever can run a command on each file can do the work.

A row is an article with its quotes, or an input that was left out and why: all that the database is made
of, so that loading shards gives the database that reading the same articles at one place gives.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TextIO, cast

from ingest.pipeline import Pipeline
from ingest.read import read
from ingest.records import (
    Article,
    Attribution,
    ExplainedError,
    Failure,
    Quotation,
    Quote,
    Speaker,
    TextSpan,
)
from ingest.workers import Team

Result = tuple[Article, Sequence[Quote]] | Failure

KINDS = (".jsonl", ".jsonl.gz", ".parquet")
_ARTICLE = tuple(field.name for field in fields(Article))
_SPEAKER = tuple(field.name for field in fields(Speaker))
_FAILURE = tuple(field.name for field in fields(Failure))
# Of Parquet: enough for its compression to find likeness in, and little for memory to hold.
_CHARACTERS_A_GROUP = 8_000_000


class ShardError(ExplainedError):
    """A shard that cannot be read or written; the message names it and what to do next."""


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made a shard: see ``Pipeline.recipe``; the model by the name that a run is recorded with."""

    recipe: str
    model: str


@dataclass(frozen=True, slots=True)
class Shard:
    """A finished shard: how much it holds, or nothing counted where it was there already."""

    path: Path
    articles: int = 0
    quotes: int = 0
    failures: int = 0
    skipped: bool = False


def row_of(result: Result, made_by: MadeBy) -> dict[str, Any]:
    """A result as a row, of nothing but texts, numbers, lists and tables of these.

    ``{"id", "text", …, "quotes": [{"kind", "parts": [[0, 13]], "cue", "mention", "confidence", "method",
    "speaker"}], "source", "stage", "error", "recipe", "model"}``
    """
    article, quotes, failure = (None, (), result) if isinstance(result, Failure) else (*result, None)
    return {
        **{name: getattr(article, name, None) for name in _ARTICLE},
        "quotes": [_quote_row(quote) for quote in quotes],
        **{name: getattr(failure, name, None) for name in _FAILURE},
        **asdict(made_by),
    }


def _quote_row(quote: Quote) -> dict[str, Any]:
    return {
        "kind": quote.quotation.kind,
        "parts": [list(part) for part in quote.quotation.parts],
        "cue": list(quote.quotation.cue) if quote.quotation.cue else None,
        "mention": list(quote.attribution.source) if quote.attribution.source else None,
        "confidence": quote.attribution.confidence,
        "method": quote.attribution.method,
        "speaker": {name: getattr(quote.speaker, name) for name in _SPEAKER} if quote.speaker else None,
    }


def result_of(row: dict[str, Any]) -> Result:
    """The result that a row was made of. Raises KeyError, TypeError or ValueError for any other row."""
    if row["error"] is not None:
        return Failure(*(row[name] for name in _FAILURE))
    if not isinstance(row["id"], str) or not isinstance(row["text"], str):
        raise TypeError("no id or no text")
    return Article(**{name: row[name] for name in _ARTICLE}), [_quote(quote) for quote in row["quotes"]]


def _quote(row: dict[str, Any]) -> Quote:
    def span(value: Sequence[int] | None) -> TextSpan | None:
        return None if value is None else TextSpan(*value)

    parts = tuple(TextSpan(*part) for part in row["parts"])
    quotation = Quotation(row["kind"], parts, span(row["cue"]))
    attribution = Attribution(quotation, span(row["mention"]), row["confidence"], row["method"])
    speaker = row["speaker"]
    return Quote(attribution, Speaker(**{name: speaker[name] for name in _SPEAKER}) if speaker else None)


# One shard


def extract_shard(source: Path, target: Path, pipeline: Pipeline, *, workers: int = 1) -> Shard:
    """Read a file of articles into a shard, unless that is there already, newer and of the same recipe.

    The shard appears under its name only when it is whole. Raises ShardError where that cannot be.
    """
    _kind(source)
    _kind(target)
    made_by = MadeBy(pipeline.recipe, pipeline.model or pipeline.reader.version)
    if _is_done(source, target, made_by):
        return Shard(target, skipped=True)
    counts: Counter[str] = Counter()

    def rows() -> Iterator[dict[str, Any]]:
        for result in pipeline.results(read([source]), workers=workers):
            counts["failures" if isinstance(result, Failure) else "articles"] += 1
            counts["quotes"] += 0 if isinstance(result, Failure) else len(result[1])
            yield row_of(result, made_by)

    _write(target, rows())
    return Shard(target, counts["articles"], counts["quotes"], counts["failures"])


def _is_done(source: Path, target: Path, made_by: MadeBy) -> bool:
    try:
        if target.stat().st_mtime < source.stat().st_mtime:
            return False
        first = next(_rows(target), None)
    except (OSError, ShardError):
        return False
    return first is not None and first.get("recipe") == made_by.recipe


def _kind(path: Path) -> str:
    """The kind of file, by its name; raises ShardError for a kind that shards are not of."""
    for kind in KINDS:
        if path.name.lower().endswith(kind):
            return kind
    raise ShardError(f"{path}: no kind of file for shards; name it something{', something'.join(KINDS)}")


def _write(target: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows to a file that has its name from the moment on at which it is whole."""
    write = _write_parquet if _kind(target) == ".parquet" else _write_lines
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(handle)
        part = Path(name)
        try:
            write(part, rows, _kind(target))
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.chmod(0o666 & ~_umask())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        problem = error.strerror or str(error)
        raise ShardError(f"{target} cannot be written ({problem}); see to that and run again") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_lines(part: Path, rows: Iterable[dict[str, Any]], kind: str) -> None:
    with _opened(part, "wt", zipped=kind.endswith(".gz")) as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _opened(path: Path, mode: str, *, zipped: bool) -> TextIO:
    return cast(TextIO, (gzip.open if zipped else open)(path, mode, encoding="utf-8"))


def _write_parquet(part: Path, rows: Iterable[dict[str, Any]], _: str) -> None:
    pq = _parquet(part)
    with pq.ParquetWriter(part, schema(), compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_batch(batch(group))


def _groups(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += 1_000 + len(row["text"] or "")
        if characters >= _CHARACTERS_A_GROUP:
            yield group
            group, characters = [], 0
    if group:
        yield group


def batch(rows: list[dict[str, Any]]) -> Any:
    """Rows as a ``pyarrow.RecordBatch``."""
    import pyarrow as pa

    return pa.RecordBatch.from_pylist(rows, schema=schema())


def schema() -> Any:
    """The columns of a shard, as a ``pyarrow.Schema``."""
    import pyarrow as pa

    span = pa.list_(pa.int32())
    quote = {
        "kind": pa.string(),
        "parts": pa.list_(span),
        "cue": span,
        "mention": span,
        "confidence": pa.float64(),
        "method": pa.string(),
        "speaker": pa.struct([(name, pa.string()) for name in _SPEAKER]),
    }
    texts = [*_ARTICLE, *_FAILURE, *(field.name for field in fields(MadeBy))]
    columns = [(name, pa.string()) for name in texts]
    columns.insert(len(_ARTICLE), ("quotes", pa.list_(pa.struct(list(quote.items())))))
    return pa.schema(columns)


def _parquet(path: Path) -> Any:
    try:
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ShardError(f"{path}: Parquet needs pyarrow; run pip install 'onrecord[parquet]'") from error
    return pq


# Reading them again


def read_shards(paths: Iterable[Path]) -> tuple[MadeBy, Iterator[Result]]:
    """What made some shards, and their results in order. Raises ShardError, for no shards too.

    So it does, as the results are read, where a shard is broken or is of another recipe than the first.
    """
    rows = ((path, row) for path in paths for row in _rows(path))
    first = next(rows, None)
    if first is None:
        raise ShardError("no rows in any shard; make them with “onrecord extract-shard”")
    path, row = first
    if not all(isinstance(row.get(field.name), str) for field in fields(MadeBy)):
        raise ShardError(f"{path}: not a shard; make it with “onrecord extract-shard”")
    made_by = MadeBy(row["recipe"], row["model"])
    return made_by, (_result(path, row, made_by) for path, row in chain([first], rows))


def _result(path: Path, row: dict[str, Any], made_by: MadeBy) -> Result:
    if row.get("recipe") != made_by.recipe:
        others = f"made by {row.get('recipe')!r}, the first shard by {made_by.recipe!r}"
        raise ShardError(f"{path}: {others}; extract it again, so that all are of one recipe")
    try:
        return result_of(row)
    except (KeyError, TypeError, ValueError) as error:
        raise ShardError(f"{path}: a row that is not of a shard ({error!r}); extract it again") from error


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from _parquet_rows(path) if _kind(path) == ".parquet" else _line_rows(path)
    except ShardError:
        raise
    except (OSError, EOFError, ValueError) as error:  # pyarrow's errors, zlib's and JSON's are among them
        problem = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise ShardError(f"{path} cannot be read ({problem}); extract it again") from error


def _line_rows(path: Path) -> Iterator[dict[str, Any]]:
    with _opened(path, "rt", zipped=_kind(path).endswith(".gz")) as file:
        for line in file:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("a line that is no object")
            yield row


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    pq = _parquet(path)
    with pq.ParquetFile(path) as file:
        for group in file.iter_batches(256, use_threads=False):
            yield from group.to_pylist()


# A folder of them


def shards_in(folder: Path) -> list[Path]:
    """The files of a folder that may be shards, by name. Raises ShardError where there are none."""
    found = []
    with suppress(OSError):
        found = sorted(
            path
            for path in folder.iterdir()
            if path.name.lower().endswith(KINDS) and not path.name.startswith(".")
        )
    if not found:
        raise ShardError(f"{folder}: no folder of {', '.join(KINDS)} files; give one that holds some")
    return found


def extract_folder(
    source: Path, target: Path, *, workers: int, model: str | None = None
) -> Iterator[Shard | Failure]:
    """Make a shard of each file of articles in a folder, by several processes, each a file at a time."""
    tasks = [(path, target / path.name) for path in shards_in(source)]
    make: Callable[[], Callable[[tuple[Path, Path]], Shard | Failure]] = partial(_worker, model)
    with Team(make, workers=min(workers, len(tasks)), lost=_lost) as team:
        for _, shard in team.results(tasks):
            yield shard


def _worker(model: str | None) -> Callable[[tuple[Path, Path]], Shard | Failure]:
    pipeline = Pipeline(model, threads=1).loaded()

    def extract(task: tuple[Path, Path]) -> Shard | Failure:
        source, target = task
        try:
            return extract_shard(source, target, pipeline)
        except Exception as error:  # the other shards can do without this one
            problem = str(error) if isinstance(error, ExplainedError) else f"{source}: {error!r}"
            return Failure(str(source), "quotes", problem)

    return extract


def _lost(task: tuple[Path, Path]) -> Failure:
    problem = "two processes in turn were killed while they read it, perhaps for want of memory"
    return Failure(str(task[0]), "quotes", f"{task[0]}: {problem}; run again with a smaller --workers")
