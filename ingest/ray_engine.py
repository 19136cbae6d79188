"""A folder of articles into shards on a Ray cluster, with Ray Data. Needs the extra [ray].

Ray reads the files, spreads their rows over actors that each hold a reader, and writes the shards; it starts
again what is lost with a machine. The folders must be within reach of every machine.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.pipeline import Pipeline
from ingest.read import Columns, ReadError
from ingest.read.parse import parse_json, parse_record
from ingest.records import Article, Failure
from ingest.shards import MadeBy, ShardError, batch, row_of, shards_in

_ROWS_A_BATCH = 64


@dataclass
class Extractor:
    """What each actor runs: a table of articles in, a table of a shard's rows out."""

    model: str | None
    as_lines: bool

    def __post_init__(self) -> None:
        self._pipeline = Pipeline(self.model, threads=1).loaded()
        name = self._pipeline.model or self._pipeline.reader.version
        self._made_by = MadeBy(self._pipeline.recipe, name)

    def __call__(self, table: Any) -> Any:
        """``pyarrow.Table`` → ``pyarrow.Table``."""
        import pyarrow as pa

        results = self._pipeline.results(self._article(row) for row in table.to_pylist())
        return pa.Table.from_batches([batch([row_of(result, self._made_by) for result in results])])

    def _article(self, row: dict[str, Any]) -> Article | Failure:
        path = Path(row.pop("path"))
        # Nobody knows which row of its file this is: without an id or an address it is known by its content.
        own = sha256(repr(sorted(row.items(), key=str)).encode("utf-8", "replace")).hexdigest()[:16]
        where, known_as = f"{path}:{own}", f"{path.name.split('.')[0]}-{own}"
        try:
            if self.as_lines:
                return parse_json(row["text"].encode(), Columns(), where, known_as)
            return parse_record(row, Columns(), where, known_as)
        except ReadError as error:
            return error.failure()


def extract_with_ray(
    source: Path, target: Path, *, address: str | None = None, model: str | None = None
) -> None:
    """Make Parquet shards of the files of articles in a folder.

    The cluster is the one at an address, or else one made here for the time.

    Raises ShardError where ray is not installed, where the folder mixes Parquet and lines of JSON, and where
    there are shards in the other folder: nobody would know which rows are there twice.
    """
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ShardError("Ray is not installed; run pip install 'onrecord[ray]'") from error
    paths = [str(path.resolve()) for path in shards_in(source)]
    tables = [path for path in paths if path.endswith(".parquet")]
    if tables and len(tables) < len(paths):
        raise ShardError(f"{source}: Parquet and lines of JSON; give each a folder of its own")
    if target.is_dir() and any(target.iterdir()):
        raise ShardError(f"{target} is not empty; give a new folder, or empty it")
    Pipeline(model).loaded()  # what is missing is said here, not by each actor
    ray.init(address=address, log_to_driver=False, logging_level="warning", ignore_reinit_error=True)
    logging.getLogger("ray.data").setLevel(logging.WARNING)
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    articles = (
        ray.data.read_parquet(tables, include_paths=True)
        if tables
        else ray.data.read_text(paths, include_paths=True)
    )
    cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
    articles.map_batches(
        Extractor,
        fn_constructor_args=(model, not tables),
        batch_size=_ROWS_A_BATCH,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=cores),
        num_cpus=1,
    ).write_parquet(str(target.resolve()))
