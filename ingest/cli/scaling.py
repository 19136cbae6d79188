"""More articles than one machine reads: shards of them, and loading what comes of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ingest import __version__
from ingest.cli.app import DB, Db, Model, app, err, errors_explained, report
from ingest.cli.correcting import CorrectionsFile, corrections_file, refusals
from ingest.records import Article, Failure, Quote
from ingest.workers import cores

Workers = Annotated[
    int | None,
    typer.Option(min=1, help="How many processes read at the same time; by default, one for each core."),
]


class Engine(StrEnum):
    """What works on a folder of shards."""

    processes = "processes"
    ray = "ray"


@app.command("extract-shard")
def extract_shard(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A .jsonl, .jsonl.gz or .parquet file.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The shard: a file of one of these kinds.")],
    model: Model = None,
    workers: Workers = None,
) -> None:
    """Read a file of articles into a shard: the articles with their quotes, for `onrecord load`.

    The shard appears only when it is whole. One that is there, newer than its articles and made in the same
    way, is left alone, so a run that was stopped can just be started again.
    """
    from ingest import shards
    from ingest.pipeline import Pipeline

    with errors_explained():
        pipeline = Pipeline(model, threads=workers).loaded()
        shard = shards.extract_shard(source, target, pipeline, workers=workers or cores())
    _say(shard.path, shard.articles, shard.quotes, shard.failures, skipped=shard.skipped)


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(metavar="SHARDS…", help="Shards, or folders of them.")],
    db: Db = DB,
    corrections: CorrectionsFile = None,
) -> None:
    """Load shards into the database, all of them or, if that fails, none.

    The database is that which `onrecord ingest` makes of the same articles. Where two shards differ in what
    they hold of an article, the later one counts.
    """
    from ingest.corrections import Corrections, Outcome, correct
    from ingest.register import Register
    from ingest.shards import read_shards, shards_in
    from ingest.store import bulk, open_store, record_run, save, save_failure
    from ingest.store.settle import settle

    started = datetime.now(UTC).isoformat(timespec="seconds")
    failures: list[Failure] = []
    corrected: list[tuple[Article, Sequence[Quote]]] = []
    outcomes: list[Outcome] = []
    with errors_explained():
        by_hand_file = corrections_file(db, corrections)
        by_hand = Corrections.load(by_hand_file)
        register = Register.load()
        paths = [path for file in files for path in (shards_in(file) if file.is_dir() else [file])]
        made_by, results = read_shards(paths)

        def articles() -> Iterator[tuple[Article, Sequence[Quote]]]:
            for result in results:
                if isinstance(result, Failure):
                    failures.append(result)
                elif by_hand.of(result[0].id):
                    corrected.append(result)
                else:
                    yield result

        loaded = bulk.load(db, articles(), recipe=made_by.recipe)
        articles_stored, quotes_stored = loaded.articles, loaded.quotes
        with open_store(db) as store:
            for failure in failures:
                save_failure(store, failure)
            for article, quotes in corrected:
                right, made = correct(article, quotes, by_hand.of(article.id), register)
                outcomes += made
                recipe = f"{made_by.recipe} corrected {by_hand.digest(article.id)}"
                if save(store, article, right, recipe=recipe):
                    articles_stored += 1
                    quotes_stored += len(right)
            record_run(
                store,
                started=started,
                version=__version__,
                model=made_by.model,
                recipe=made_by.recipe,
                articles=articles_stored,
                quotes=quotes_stored,
                failures=len(failures),
            )
            settle(store, register, by_hand, made=outcomes, recipe=made_by.recipe)
            failures += refusals(store, by_hand_file)
    _say(db, articles_stored, quotes_stored, len(failures))
    report(failures)


def extract_folder(
    sources: Sequence[str], engine: Engine, address: str | None, model: str | None, workers: int | None
) -> None:
    """What ``onrecord extract IN OUT --engine …`` does."""
    if len(sources) != 2:
        raise typer.BadParameter("with --engine give two folders: of articles, and for their shards")
    if address and engine is not Engine.ray:
        raise typer.BadParameter("--address is that of a Ray cluster: it needs --engine ray")
    source, target = map(Path, sources)
    with errors_explained():
        if engine is Engine.ray:
            from ingest.ray_engine import extract_with_ray

            extract_with_ray(source, target, address=address, model=model)
            err.print(f"done → {target}", soft_wrap=True)
            return
        from ingest import shards

        failures: list[Failure] = []
        for shard in shards.extract_folder(source, target, workers=workers or cores(), model=model):
            if isinstance(shard, Failure):
                failures.append(shard)
            else:
                _say(shard.path, shard.articles, shard.quotes, shard.failures, skipped=shard.skipped)
        report(failures)


def _say(path: Path, articles: int, quotes: int, failures: int, *, skipped: bool = False) -> None:
    left_out = f", {failures} left out" if failures else ""
    what = "is done already" if skipped else f"{articles} articles, {quotes} quotes{left_out}"
    err.print(f"{path}: {what}", soft_wrap=True)
