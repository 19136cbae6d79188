"""What the commands share: their options, their two streams, and how errors become words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from ingest import __version__
from ingest.records import ExplainedError, Failure

# The reader takes a moment to import: commands that only look things up in a database start without it.
if TYPE_CHECKING:
    from ingest.pipeline import Pipeline

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
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


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
    typer.Argument(
        help="Files, folders, web addresses of pages, feeds and sitemaps, or - for standard input."
    ),
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

DB = Path("data/quotes.db")


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


def pipeline_of(model: str | None) -> Pipeline:
    """The pipeline, with all that it needs loaded: what is missing is said before any article is read."""
    from ingest.pipeline import Pipeline

    pipeline = Pipeline(model)
    _ = pipeline.nlp, pipeline.reader, pipeline.register
    return pipeline


def progress_bar() -> Progress:
    """A bar on standard error, gone when the work is done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=err, transient=True)


@contextmanager
def errors_explained() -> Iterator[None]:
    """Turn the errors that say themselves what to do into one line and exit status 1."""
    try:
        yield
    except ExplainedError as error:
        fail(str(error))


def report(failures: list[Failure]) -> None:
    """List what was left out and, if anything was, exit with status 1."""
    list_failures(failures)
    if failures:
        raise typer.Exit(1)


def list_failures(failures: list[Failure]) -> None:
    """Say what was left out and why."""
    for failure in failures:
        err.print(Text(f"left out: {failure.error}", style="red"), soft_wrap=True)


def fail(message: str) -> None:
    """Say what went wrong and what to do, and exit with status 1."""
    err.print(Text(f"error: {message}", style="red"), soft_wrap=True)
    raise typer.Exit(1)
