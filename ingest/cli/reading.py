"""Reading articles: into the database, or onto the screen."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ingest import __version__
from ingest.cli.app import (
    DB,
    Db,
    Model,
    Sources,
    app,
    err,
    errors_explained,
    out,
    pipeline_of,
    report,
)
from ingest.cli.scaling import Engine, Workers, extract_folder
from ingest.cli.stopping import finishing
from ingest.records import Article, Failure, Quote
from ingest.workers import cores

# The reader takes a moment to import: commands that only look things up in a database start without it.

# Files of these kinds hold one article each; how many others hold is known when they have been read.
_SINGLE = (".txt", ".md", ".html", ".htm")


@app.command()
def ingest(sources: Sources, db: Db = DB, model: Model = None, workers: Workers = None) -> None:
    """Read articles and store their quotes.

    A second run over the same articles changes nothing; a changed article replaces its own quotes. The run
    may be stopped at any moment: what is stored is whole, and the next run does the rest.
    """
    from ingest.pipeline import Pipeline
    from ingest.read import read
    from ingest.store import clear_failures, is_current, open_store, record_run, save, save_failure
    from ingest.store.settle import settle

    started = datetime.now(UTC).isoformat(timespec="seconds")
    kinds: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    failures: list[Failure] = []
    with errors_explained(), finishing() as stop:
        with open_store(db) as store, _progress() as progress:
            task = progress.add_task("Reading", total=_total(sources))
            pipeline = Pipeline(model, threads=workers).loaded()
            recipe = pipeline.recipe

            def new() -> Iterator[Article | Failure]:
                for article in stop.until(read(sources)):
                    if isinstance(article, Article) and is_current(store, article, recipe=recipe):
                        counts["unchanged"] += 1
                        progress.advance(task)
                    else:
                        yield article

            for result in pipeline.results(new(), workers=workers or cores()):
                if isinstance(result, Failure):
                    failures.append(result)
                    save_failure(store, result)
                else:
                    article, quotes = result
                    save(store, article, quotes, recipe=recipe)
                    counts["stored"] += 1
                    kinds.update(quote.quotation.kind for quote in quotes)
                    counts["named"] += sum(quote.speaker is not None for quote in quotes)
                progress.advance(task)
                if stop.asked:
                    progress.update(task, description="Finishing what is in hand")
            if not stop.asked:  # what was not reached may still fail
                clear_failures(store, sources, keep=[failure.source for failure in failures])
            record_run(
                store,
                started=started,
                version=__version__,
                model=model or pipeline.reader.version,
                recipe=recipe,
                articles=counts["stored"],
                quotes=kinds.total(),
                failures=len(failures),
            )
            progress.update(task, description="Settling who is who")
            settle(store, pipeline.register, recipe=recipe)
        _summary(db, counts, kinds)
        report(failures)


def _progress() -> Progress:
    """How far the reading is and how fast, on standard error; gone when the work is done."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )


class _Rate(ProgressColumn):
    """Articles a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f} a second" if task.speed else "")


def _total(sources: list[str]) -> int | None:
    """How many articles there are, where each is a file of its own; else only reading them tells."""
    from ingest.read import SUFFIXES

    total = 0
    for source in sources:
        for parent, folders, names in os.walk(source) if Path(source).is_dir() else [("", [], [source])]:
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                kind = Path(parent, name).suffix.lower()
                if kind in _SINGLE:
                    total += not name.startswith(".")
                elif not parent or kind in SUFFIXES or kind == ".gz":
                    return None
    return total


def _summary(db: Path, counts: Counter[str], kinds: Counter[str]) -> None:
    total = kinds.total()
    named = f", {100 * counts['named'] / total:.0f}% with a named speaker" if total else ""
    by_kind = ", ".join(f"{kinds[kind]} {kind}" for kind in ("direct", "mixed", "indirect"))
    unchanged = f" ({counts['unchanged']} unchanged)" if counts["unchanged"] else ""
    articles, quotes = _counted(counts["stored"], "article"), _counted(total, "quote")
    err.print(f"{articles}{unchanged}, {quotes}: {by_kind}{named} → {db}", soft_wrap=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@app.command()
def show(
    file: Annotated[str, typer.Argument(help="An article, or - for standard input.")], model: Model = None
) -> None:
    """Show an article's quotes in reading order, with speaker, mention and cue."""
    from ingest.read import read

    failures: list[Failure] = []
    with errors_explained():
        for result in pipeline_of(model).results(read([file])):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                _show(*result)
    report(failures)


def _show(article: Article, quotes: list[Quote]) -> None:
    facts = " · ".join(filter(None, (article.outlet, article.published, article.url)))
    out.print(Text(article.title or article.id, style="bold"))
    if facts:
        out.print(Text(facts, style="dim"))
    for quote in quotes:
        out.print()
        speaker, source = quote.speaker, quote.attribution.source
        line = Text(speaker.name if speaker else "no name", style="bold green" if speaker else "bold red")
        if speaker is not None:
            details = ", ".join(filter(None, (speaker.role, speaker.affiliation)))
            line.append(f"  {details}" if details else "", style="green")
        line.append(f"  [{quote.quotation.kind}, {quote.attribution.confidence:.2f}]", style="dim")
        out.print(line)
        out.print(Text(quote.text(article.text), style="italic"))
        cue = quote.quotation.cue
        words = [
            f"{label}: {span.of(article.text)}" for label, span in (("mention", source), ("cue", cue)) if span
        ]
        out.print(Text("   ".join([*words, f"by: {quote.attribution.method}"]), style="dim"))
    out.print()
    out.print(Text(f"{len(quotes)} quotes", style="dim"))


@app.command()
def extract(
    sources: Sources,
    model: Model = None,
    workers: Workers = None,
    engine: Annotated[
        Engine | None, typer.Option(help="Make shards of a folder of them instead, with these workers.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="The Ray cluster for --engine ray; by default one made here.")
    ] = None,
) -> None:
    """Print each article's quotes as a line of JSON; no database is touched.

    `{"id", "quotes": [{"kind", "spans", "text", "speaker", "name", "speaker_id", "role", "affiliation",
    "cue", "confidence"}]}`: spans are offsets in characters of the article's text.

    `onrecord extract IN OUT --engine processes` prints nothing: it makes a shard in the folder OUT of each
    file in the folder IN, for `onrecord load`.
    """
    if engine is not None:
        extract_folder(sources, engine, address, model, workers)
        return
    from ingest.evaluate import extracted
    from ingest.pipeline import Pipeline
    from ingest.read import read

    failures: list[Failure] = []
    with errors_explained(), finishing() as stop:
        pipeline = Pipeline(model, threads=workers).loaded()
        for result in pipeline.results(stop.until(read(sources)), workers=workers or cores()):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                typer.echo(json.dumps(extracted(*result), ensure_ascii=False))
        report(failures)
