"""Asking the database: search, export, who is quoted."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from ingest.cli.app import (
    DB,
    Db,
    Format,
    Kind,
    KindOption,
    Outlet,
    Since,
    Speaker,
    Until,
    app,
    err,
    errors_explained,
    out,
    progress_bar,
)

# The reader takes a moment to import: commands that only look things up in a database start without it.
if TYPE_CHECKING:
    from ingest.store import Filters


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="Words that all occur, in any order; “in marks”, a phrase.")],
    db: Db = DB,
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
    with errors_explained(), open_store(db, create=False) as store:
        found = list(find(store, words, limit=limit, **filters))
    for row in found:
        head = Text(row["speaker"] or row["mention"] or "unattributed", style="bold green")
        where = " · ".join(filter(None, (row["outlet"], row["published"], row["title"])))
        head.append(f"  {where}", style="dim")
        out.print(head)
        snippet = Text()
        for i, piece in enumerate(
            row["snippet"].replace(MATCH_MARKS[1], MATCH_MARKS[0]).split(MATCH_MARKS[0])
        ):
            snippet.append(piece, style="bold" if i % 2 else "")
        out.print(snippet)
        out.print(Text(" · ".join(filter(None, (row["kind"], row["id"], row["url"]))), style="dim"))
        out.print()
    if not found:
        err.print(f"No quote in {db} has these words; try fewer words or filters.")
        raise typer.Exit(1)


@app.command()
def export(
    db: Db = DB,
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
    with errors_explained(), open_store(db, create=False) as store:
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
    db: Db = DB,
    limit: Annotated[int, typer.Option(min=1, help="How many speakers at most.")] = 50,
    suggest: Annotated[
        Path | None,
        typer.Option(help="Print entries for the register with ids from this file of Wikidata, instead."),
    ] = None,
) -> None:
    """List who is quoted, most quoted first.

    With `--suggest`, those without a Wikidata id are looked for in a table from query.wikidata.org (.csv:
    item, itemLabel, itemAltLabel, itemDescription, genderLabel, positionLabel, start, end) or in a dump
    (.json, .json.gz, .json.bz2). Look at each before you copy it into `data/speakers.yml`: a name alone
    proves nothing.
    """
    from ingest.store import open_store
    from ingest.store import speakers as quoted

    with errors_explained(), open_store(db, create=False) as store:
        found = list(quoted(store))
    if suggest is not None:
        _suggest(found, suggest)
        return
    table = Table(
        "quotes", "articles", "speaker", "kind", "role", "affiliation", "id", box=None, pad_edge=False
    )
    for row in found[:limit]:
        names = ("speaker", "kind", "role", "affiliation", "id")
        cells = [str(row["name" if name == "speaker" else name] or "") for name in names]
        table.add_row(str(row["quotes"]), str(row["articles"]), *map(Text, cells))
    out.print(table)
    if len(found) > limit:
        err.print(f"{len(found) - limit} more; give --limit {len(found)} to see all.")


def _suggest(speakers: list[dict[str, Any]], file: Path) -> None:
    from ingest.register import Register
    from ingest.suggest import as_yaml, read_items, wanted
    from ingest.suggest import suggest as bearers

    without = wanted(speakers, Register.load().entries)
    with errors_explained(), progress_bar() as progress:
        suggestions = bearers(without, progress.track(read_items(file), description="Looking"))
    typer.echo(as_yaml(suggestions), nl=False)
    several = sum(len(suggestion.items) > 1 for suggestion in suggestions)
    share = f"{len(suggestions)} of {len(without)} speakers without an id"
    err.print(f"Wikidata items found for {share}, {several} of them with several bearers", soft_wrap=True)


def _filters(
    speaker: str | None, outlet: str | None, since: str | None, until: str | None, kind: Kind | None
) -> Filters:
    return {"speaker": speaker, "outlet": outlet, "since": since, "until": until, "kind": kind and kind.value}
