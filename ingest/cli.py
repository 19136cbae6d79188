"""The command ``onrecord``. Nothing else in the package prints or exits."""

from __future__ import annotations

import csv
import json
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from ingest import __version__
from ingest.records import Article, ExplainedError, Failure, Quote

# The reader takes a moment to import: commands that only look things up in a database start without it.
if TYPE_CHECKING:
    from ingest.evaluate import Row
    from ingest.pipeline import Pipeline
    from ingest.store import Filters

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
    help="""Who said what, where and when.

    News articles go in; a SQLite database of quotes, each with its speaker, comes out;
    Datasette publishes it.

    **Begin with** `onrecord ingest data/articles` and `onrecord serve`.

    **Look at one article** with `onrecord show FILE`;
    **search** with `onrecord search "net zero" --speaker Starmer`.

    Every command that reads articles goes on past a bad one, says at the end what was wrong with it and
    what to do, and then exits with status 1.
    """,
)
_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)


class Kind(StrEnum):
    """The kinds of quote."""

    direct = "direct"
    mixed = "mixed"
    indirect = "indirect"


class Format(StrEnum):
    """What export writes."""

    csv = "csv"
    jsonl = "jsonl"


Sources = Annotated[
    list[str],
    typer.Argument(help=".txt, .md, .html and .jsonl files, folders of them, or - for standard input."),
]
Db = Annotated[Path, typer.Option("--db", help="The database.", envvar="ONRECORD_DB")]
Model = Annotated[
    str | None,
    typer.Option("--model", help="Take the names of people and bodies from this spaCy model's entities."),
]
Speaker = Annotated[str | None, typer.Option(help="A speaker's id, name or alias.")]
Outlet = Annotated[str | None, typer.Option(help="An outlet's name.")]
Since = Annotated[
    str | None, typer.Option(help="From this day, month or year on: 2025-07-10, 2025-07, 2025.")
]
Until = Annotated[str | None, typer.Option(help="Up to and with this day, month or year.")]
KindOption = Annotated[Kind | None, typer.Option("--kind", help="Only quotes of this kind.")]

_DB = Path("data/quotes.db")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"onrecord {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """The options of every command."""


@app.command()
def ingest(sources: Sources, db: Db = _DB, model: Model = None) -> None:
    """Read articles and store their quotes.

    A second run over the same articles changes nothing; a changed article replaces its own quotes. The run
    may be stopped at any moment: what is stored is whole, and the next run does the rest.
    """
    from ingest.read import read
    from ingest.store import clear_failures, finish, is_current, open_store, record_run, save, save_failure

    started = datetime.now(UTC).isoformat(timespec="seconds")
    kinds: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    failures: list[Failure] = []
    with _errors_explained(), open_store(db) as store:
        pipeline = _pipeline(model)
        recipe = pipeline.recipe

        def new(articles: Iterable[Article | Failure]) -> Iterator[Article | Failure]:
            for article in articles:
                if isinstance(article, Article) and is_current(store, article, recipe=recipe):
                    counts["unchanged"] += 1
                else:
                    yield article

        with _progress() as progress:
            task = progress.add_task("Reading", total=None)
            for result in pipeline.results(new(read(sources))):
                if isinstance(result, Failure):
                    failures.append(result)
                    save_failure(store, result)
                else:
                    article, quotes = result
                    save(store, article, quotes, recipe=recipe)
                    counts["stored"] += 1
                    kinds.update(quote.quotation.kind for quote in quotes)
                    counts["named"] += sum(quote.speaker is not None for quote in quotes)
                progress.update(task, advance=1)
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
        finish(store)
    _summary(db, counts, kinds)
    _report(failures)


def _summary(db: Path, counts: Counter[str], kinds: Counter[str]) -> None:
    total = kinds.total()
    named = f", {100 * counts['named'] / total:.0f}% with a named speaker" if total else ""
    by_kind = ", ".join(f"{kinds[kind]} {kind}" for kind in ("direct", "mixed", "indirect"))
    unchanged = f" ({counts['unchanged']} unchanged)" if counts["unchanged"] else ""
    articles, quotes = _counted(counts["stored"], "article"), _counted(total, "quote")
    _err.print(f"{articles}{unchanged}, {quotes}: {by_kind}{named} → {db}", soft_wrap=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@app.command()
def show(
    file: Annotated[str, typer.Argument(help="An article, or - for standard input.")], model: Model = None
) -> None:
    """Show an article's quotes in reading order, with speaker, mention and cue."""
    from ingest.read import read

    failures: list[Failure] = []
    with _errors_explained():
        for result in _pipeline(model).results(read([file])):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                _show(*result)
    _report(failures)


def _show(article: Article, quotes: list[Quote]) -> None:
    facts = " · ".join(filter(None, (article.outlet, article.published, article.url)))
    _out.print(Text(article.title or article.id, style="bold"))
    if facts:
        _out.print(Text(facts, style="dim"))
    for quote in quotes:
        _out.print()
        speaker, source = quote.speaker, quote.attribution.source
        line = Text(speaker.name if speaker else "no name", style="bold green" if speaker else "bold red")
        if speaker is not None:
            details = ", ".join(filter(None, (speaker.role, speaker.affiliation)))
            line.append(f"  {details}" if details else "", style="green")
        line.append(f"  [{quote.quotation.kind}, {quote.attribution.confidence:.2f}]", style="dim")
        _out.print(line)
        _out.print(Text(quote.text(article.text), style="italic"))
        cue = quote.quotation.cue
        words = [
            f"{label}: {span.of(article.text)}" for label, span in (("mention", source), ("cue", cue)) if span
        ]
        _out.print(Text("   ".join([*words, f"by: {quote.attribution.method}"]), style="dim"))
    _out.print()
    _out.print(Text(f"{len(quotes)} quotes", style="dim"))


@app.command()
def extract(sources: Sources, model: Model = None) -> None:
    """Print each article's quotes as a line of JSON; no database is touched.

    `{"id", "quotes": [{"kind", "spans", "text", "speaker", "name", "speaker_id", "role", "affiliation",
    "cue", "confidence"}]}`: spans are offsets in characters of the article's text.
    """
    from ingest.evaluate import extracted
    from ingest.read import read

    failures: list[Failure] = []
    with _errors_explained():
        for result in _pipeline(model).results(read(sources)):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                typer.echo(json.dumps(extracted(*result), ensure_ascii=False))
    _report(failures)


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="Words that all occur, in any order; “in marks”, a phrase.")],
    db: Db = _DB,
    speaker: Speaker = None,
    outlet: Outlet = None,
    since: Since = None,
    until: Until = None,
    kind: KindOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many quotes at most.")] = 20,
) -> None:
    """Find quotes by their words, best first."""
    from ingest.store import MATCH_MARKS, open_store
    from ingest.store import search as find

    filters = _filters(speaker, outlet, since, until, kind)
    with _errors_explained(), open_store(db, create=False) as store:
        found = list(find(store, words, limit=limit, **filters))
    for row in found:
        head = Text(row["speaker"] or row["mention"] or "unattributed", style="bold green")
        where = " · ".join(filter(None, (row["outlet"], row["published"], row["title"])))
        head.append(f"  {where}", style="dim")
        _out.print(head)
        snippet = Text()
        for i, piece in enumerate(
            row["snippet"].replace(MATCH_MARKS[1], MATCH_MARKS[0]).split(MATCH_MARKS[0])
        ):
            snippet.append(piece, style="bold" if i % 2 else "")
        _out.print(snippet)
        _out.print(Text(" · ".join(filter(None, (row["kind"], row["id"], row["url"]))), style="dim"))
        _out.print()
    if not found:
        _err.print(f"No quote in {db} has these words; try fewer words or filters.")
        raise typer.Exit(1)


@app.command()
def export(
    db: Db = _DB,
    words: Annotated[str | None, typer.Option(help="Only quotes with these words.")] = None,
    speaker: Speaker = None,
    outlet: Outlet = None,
    since: Since = None,
    until: Until = None,
    kind: KindOption = None,
    format: Annotated[Format, typer.Option(help="csv or jsonl.")] = Format.csv,
) -> None:
    """Print all quotes, or those under the filters, as CSV or JSON lines."""
    from ingest.store import CITATION, open_store, rows

    columns = [name.split(".")[1] for name in CITATION.split(", ")]
    with _errors_explained(), open_store(db, create=False) as store:
        found = rows(store, words, **_filters(speaker, outlet, since, until, kind))
        if format is Format.jsonl:
            for row in found:
                typer.echo(json.dumps(row, ensure_ascii=False))
            return
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _harmless(value) for key, value in row.items()} for row in found)


def _harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: ``=1+1`` → ``'=1+1``."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


@app.command()
def speakers(
    db: Db = _DB, limit: Annotated[int, typer.Option(min=1, help="How many speakers at most.")] = 50
) -> None:
    """List who is quoted, most quoted first."""
    from ingest.store import open_store
    from ingest.store import speakers as quoted

    with _errors_explained(), open_store(db, create=False) as store:
        found = list(quoted(store))
    table = Table(
        "quotes", "articles", "speaker", "kind", "role", "affiliation", "id", box=None, pad_edge=False
    )
    for row in found[:limit]:
        names = ("speaker", "kind", "role", "affiliation", "id")
        cells = [str(row["name" if name == "speaker" else name] or "") for name in names]
        table.add_row(str(row["quotes"]), str(row["articles"]), *map(Text, cells))
    _out.print(table)
    if len(found) > limit:
        _err.print(f"{len(found) - limit} more; give --limit {len(found)} to see all.")


@app.command()
def serve(
    db: Db = _DB,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = 8001,
) -> None:
    """Show the database in a browser, with Datasette. Stop it with Ctrl-C."""
    from ingest.site import SETTINGS, metadata
    from ingest.store import open_store

    with _errors_explained():
        open_store(db, create=False).close()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            _fail(f"{host}:{port} cannot be listened on ({error.strerror}); give another --port")
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder, "metadata.json")
        facts.write_text(json.dumps(metadata(db.stem), default=str), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "datasette",
            "serve",
            str(db),
            "-m",
            str(facts),
            "-h",
            host,
            "-p",
            str(port),
        ]
        for name, value in SETTINGS.items():
            command += [
                "--setting",
                name,
                {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value),
            ]
        _err.print(f"Serving {db} at http://{host}:{port}/ (Ctrl-C to stop)")
        try:
            status = subprocess.run(command, check=False).returncode
        except KeyboardInterrupt:
            status = 0
    raise typer.Exit(status)


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

    with _errors_explained():
        articles = scorer.read_gold(gold)
        earlier = scorer.read_predictions(against) if against else {}
        pipeline = _pipeline(model)
        run: dict[str, Any] = {}
        failures: list[Failure] = []
        with _progress() as progress:
            task = progress.add_task("Reading", total=len(articles))
            for result in pipeline.results(Article(article.id, article.text) for article in articles):
                if isinstance(result, Failure):
                    failures.append(result)
                else:
                    run[result[0].id] = scorer.extracted(*result)["quotes"]
                progress.update(task, advance=1)
    for row in scorer.scores(articles, run):
        typer.echo(_row(row))
    if against:
        for change in scorer.changes(articles, earlier, run):
            mark = "gained" if change.gained else "lost"
            typer.echo(f"{mark}  {change.article}  {change.speaker}: {' '.join(change.words.split())[:100]}")
    if save:
        lines = [json.dumps({"id": id, "quotes": quotes}, ensure_ascii=False) for id, quotes in run.items()]
        try:
            save.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except OSError as error:
            _fail(f"{save} cannot be written ({error.strerror}); give --save another file")
    _report(failures)


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

    with _errors_explained(), _progress() as progress:
        tasks: dict[str, TaskID] = {}

        def note(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage.capitalize())
            progress.update(tasks[stage], completed=done, total=total)

        trained = teach(shared, out, run=run, epochs=epochs, seed=seed, threads=threads, note=note)
    for row in trained.scores:
        typer.echo(_row(row))
    _err.print(f"{trained.seconds / 60:.0f} minutes of training → {out}", soft_wrap=True)


# --- what the commands share --------------------------------------------------------------------------


def _pipeline(model: str | None) -> Pipeline:
    from ingest.pipeline import Pipeline

    pipeline = Pipeline(model)
    _ = pipeline.nlp, pipeline.reader, pipeline.register  # a missing model is said before any article is read
    return pipeline


def _filters(
    speaker: str | None, outlet: str | None, since: str | None, until: str | None, kind: Kind | None
) -> Filters:
    return {"speaker": speaker, "outlet": outlet, "since": since, "until": until, "kind": kind and kind.value}


def _progress() -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=_err, transient=True)


@contextmanager
def _errors_explained() -> Iterator[None]:
    """Turn the errors that say themselves what to do into one line and exit status 1."""
    try:
        yield
    except ExplainedError as error:
        _fail(str(error))


def _report(failures: list[Failure]) -> None:
    """List what was left out and, if anything was, exit with status 1."""
    for failure in failures:
        _err.print(Text(f"left out: {failure.error}", style="red"), soft_wrap=True)
    if failures:
        raise typer.Exit(1)


def _fail(message: str) -> None:
    _err.print(Text(f"error: {message}", style="red"), soft_wrap=True)
    raise typer.Exit(1)
