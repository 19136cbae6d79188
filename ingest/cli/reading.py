"""Reading articles: into the database, or onto the screen."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

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

from ingest.cli.app import (
    DB,
    Db,
    Model,
    Sources,
    app,
    err,
    errors_explained,
    list_failures,
    out,
    pipeline_of,
    report,
)
from ingest.cli.building import Build, building
from ingest.cli.correcting import CorrectionsFile
from ingest.cli.scaling import Engine, Workers, extract_folder
from ingest.cli.stopping import finishing
from ingest.records import Article, Failure, Quote
from ingest.workers import cores

# The reader takes a moment to import: commands that only look things up in a database start without it.
if TYPE_CHECKING:
    from ingest.read import Columns, Web
    from ingest.watch import Update

ColumnNames = Annotated[
    str | None,
    typer.Option("--columns", help="Which column or field of a table holds what: text=body,date=day."),
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Also fetch from addresses on the local network.")
]


@app.command()
def ingest(
    sources: Sources,
    db: Db = DB,
    model: Model = None,
    workers: Workers = None,
    corrections: CorrectionsFile = None,
    columns: ColumnNames = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Read articles and store their quotes.

    Sources are files, folders, web addresses of pages, feeds and sitemaps, or - for standard input. A second
    run over the same articles changes nothing; a changed article replaces its own quotes. The run may be
    stopped at any moment: what is stored is whole, and the next run does the rest.
    """
    from ingest.read import count, read

    with errors_explained(), finishing() as stop, _web(allow_private) as web:
        with building(db, model, workers, corrections) as build, _progress() as progress:
            task = progress.add_task("Reading", total=None)
            # Reading does not wait for the length of large files to be known.
            Thread(target=lambda: progress.update(task, total=count(sources)), daemon=True).start()

            def advance() -> None:
                progress.advance(task)
                if stop.asked:
                    progress.update(task, description="Finishing what is in hand")

            build.store(stop.until(read(sources, columns=_columns(columns), web=web)), advance)
            if not stop.asked:  # what was not reached may still fail
                build.recall(stop, advance)
                build.clear(sources)
            progress.update(task, description="Settling who is who")
            build.finish()
        _summary(db, build)
        report(build.failures)


@app.command()
def watch(
    feeds: Annotated[
        Path, typer.Argument(help="A file with the addresses of feeds or sitemaps, one a line.")
    ],
    db: Db = DB,
    every: Annotated[
        float | None, typer.Option(min=1, help="Look again after so many minutes, until stopped.")
    ] = None,
    model: Model = None,
    workers: Workers = None,
    corrections: CorrectionsFile = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Look at feeds and store what is new or changed: once, as for cron, or again and again.

    What was seen is remembered beside the database, so that only what is new is fetched. An article that
    its outlet has changed replaces its own quotes; those that still stand keep their addresses.
    """
    from ingest.watch import State, feed_addresses, load_state, save_state
    from ingest.watch import watch as look

    remembered = db.with_suffix(".watch.json")
    with errors_explained(), finishing() as stop, _web(allow_private) as web:
        addresses = feed_addresses(feeds)
        while True:
            with building(db, model, workers, corrections) as build:
                fetched: list[Article | Failure] = []
                for item in stop.until(look(addresses, load_state(remembered), web)):
                    if isinstance(item, State):
                        build.store(fetched)
                        fetched = []
                        save_state(remembered, item)  # all that came before is stored
                    elif isinstance(item, Failure):
                        fetched.append(item)
                    else:
                        _announce(item)
                        fetched.append(item.article)
                build.store(fetched)
                if not stop.asked:
                    build.clear(addresses)
                build.finish()
            _summary(db, build)
            if every is None or stop.asked:
                report(build.failures)
                return
            list_failures(build.failures)
            if not stop.pause(60 * every):
                return


def _announce(update: Update) -> None:
    article = update.article
    copy = f", a copy of {update.copy_of}" if update.copy_of else ""
    err.print(Text(f"{update.change}: {article.title or article.id}{copy}"), soft_wrap=True)


def _web(allow_private: bool) -> Web:
    from ingest.read import Web

    return Web(allow_private=allow_private)


def _columns(given: str | None) -> Columns | None:
    from ingest.read import Columns

    return Columns.parse(given) if given else None


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
        disable=not err.is_terminal,  # where it would only leave a blank line
    )


class _Rate(ProgressColumn):
    """Articles a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f} a second" if task.speed else "")


def _summary(db: Path, build: Build) -> None:
    counts, kinds = build.counts, build.kinds
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
    file: Annotated[str, typer.Argument(help="An article, its web address, or - for standard input.")],
    model: Model = None,
    columns: ColumnNames = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Show an article's quotes in reading order, with speaker, mention and cue."""
    from ingest.read import read

    failures: list[Failure] = []
    with errors_explained(), _web(allow_private) as web:
        for result in pipeline_of(model).results(read([file], columns=_columns(columns), web=web)):
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
    out.print(Text(_counted(len(quotes), "quote"), style="dim"))


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
    columns: ColumnNames = None,
    allow_private: AllowPrivate = False,
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
    with errors_explained(), finishing() as stop, _web(allow_private) as web:
        pipeline = Pipeline(model, threads=workers).loaded()
        articles = stop.until(read(sources, columns=_columns(columns), web=web))
        for result in pipeline.results(articles, workers=workers or cores()):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                typer.echo(json.dumps(extracted(*result), ensure_ascii=False))
        report(failures)
