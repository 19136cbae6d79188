"""Scoring the reader, and training it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import TaskID

from ingest.cli.app import (
    Model,
    app,
    err,
    errors_explained,
    fail,
    pipeline_of,
    progress_bar,
    report,
)
from ingest.records import Article, Failure

# The reader takes a moment to import: commands that only look things up in a database start without it.
if TYPE_CHECKING:
    from ingest.evaluate import Row


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="A folder with gold.jsonl and text/<id>.txt.")],
    model: Model = None,
    save: Annotated[
        Path | None, typer.Option(help="Keep this run's quotes here, for a later --against.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="A run kept before: print the quotes gained and lost.")
    ] = None,
) -> None:
    """Score the quotes found in gold articles, and compare with an earlier run."""
    from ingest import evaluate as scorer

    with errors_explained():
        articles = scorer.read_gold(gold)
        earlier = scorer.read_predictions(against) if against else {}
        pipeline = pipeline_of(model)
        run: dict[str, Any] = {}
        failures: list[Failure] = []
        with progress_bar() as progress:
            task = progress.add_task("Reading", total=len(articles))
            for result in pipeline.results(Article(article.id, article.text) for article in articles):
                if isinstance(result, Failure):
                    failures.append(result)
                else:
                    run[result[0].id] = scorer.extracted(*result)["quotes"]
                progress.update(task, advance=1)
    for row in scorer.scores(articles, run):
        typer.echo(_row(row))
    if any("name" in quote for article in articles for quote in article.quotes):
        typer.echo(f"\n{'mention':10} right  wrong   open")
        for kind in scorer.by_mention(articles, run):
            typer.echo(f"{kind.mention:10} {kind.right:5}  {kind.wrong:5}  {kind.left_open:5}")
    if against:
        for change in scorer.changes(articles, earlier, run):
            mark = "gained" if change.gained else "lost"
            typer.echo(f"{mark}  {change.article}  {change.speaker}: {' '.join(change.words.split())[:100]}")
    if save:
        lines = [json.dumps({"id": id, "quotes": quotes}, ensure_ascii=False) for id, quotes in run.items()]
        try:
            save.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except OSError as error:
            fail(f"{save} cannot be written ({error.strerror}); give --save another file")
    report(failures)


def _row(row: Row) -> str:
    shares = f"p {row.precision:.1f}  r {row.recall:.1f}  f1 {row.f1:.1f}"
    return f"{row.name:15} {shares}  gold {row.gold}  pred {row.predicted}"


@app.command()
def train(
    shared: Annotated[Path, typer.Argument(help="A folder with polnear/train and coref.")],
    out: Annotated[Path, typer.Option(help="The folder that the model is written to.")] = Path(
        "ingest/model"
    ),
    run: Annotated[
        Path, typer.Option(help="Checkpoints and a log; a training that was stopped goes on from here.")
    ] = Path("run"),
    epochs: Annotated[int, typer.Option(min=1, help="How often the articles are read.")] = 5,
    seed: Annotated[int, typer.Option(help="What chance depends on.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="How many cores work on it.")] = 2,
) -> None:
    """Train the reader anew from gold articles, and score it on some held out. Takes hours.

    Needs `pip install 'onrecord[train]'`.
    """
    from ingest.train import train as teach

    with errors_explained(), progress_bar() as progress:
        tasks: dict[str, TaskID] = {}

        def note(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage.capitalize())
            progress.update(tasks[stage], completed=done, total=total)

        trained = teach(shared, out, run=run, epochs=epochs, seed=seed, threads=threads, note=note)
    for row in trained.scores:
        typer.echo(_row(row))
    err.print(f"{trained.seconds / 60:.0f} minutes of training → {out}", soft_wrap=True)
