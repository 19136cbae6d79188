"""Showing the database to others."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from ingest.cli.app import DB, Db, app, err, errors_explained, fail


@app.command()
def serve(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder made by publish; without one, the database is shown.")
    ] = None,
    db: Db = DB,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = 8001,
) -> None:
    """Show the database, or a published folder, in a browser, with Datasette. Stop it with Ctrl-C."""
    from ingest.store import open_store

    if folder and not (folder / "settings.json").exists():
        fail(f"{folder} is no published folder; make one with “onrecord publish”, or show a file with --db")
    with errors_explained():
        open_store(folder / "quotes.db" if folder else db, create=False).close()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"{host}:{port} cannot be listened on ({error.strerror}); give another --port")
    with nullcontext() if folder else tempfile.TemporaryDirectory() as temporary:
        shown = [str(folder)] if folder else _as_it_is(db, Path(str(temporary)))
        err.print(f"Serving {folder or db} at http://{host}:{port}/ (Ctrl-C to stop)")
        command = [sys.executable, "-m", "datasette", "serve", *shown, "-h", host, "-p", str(port)]
        # Who ends this command, as a container's host does, means the server too.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            status = subprocess.run(command, check=False).returncode
        except KeyboardInterrupt:
            status = 0
        finally:
            signal.signal(signal.SIGTERM, before)
    raise typer.Exit(status)


def _as_it_is(db: Path, temporary: Path) -> list[str]:
    """Datasette's arguments for a database that may still change."""
    from ingest.site import SETTINGS, metadata

    facts = temporary / "metadata.json"
    facts.write_text(json.dumps(metadata(db.stem), default=str), encoding="utf-8")
    arguments = [str(db), "-m", str(facts)]
    for name, value in SETTINGS.items():
        arguments += ["--setting", name, json.dumps(value)]
    return arguments


@app.command()
def publish(
    out: Annotated[Path, typer.Argument(help="The folder to make, or to bring up to date.")],
    db: Db = DB,
    with_text: Annotated[
        bool,
        typer.Option("--with-text", help="Show the articles' texts too; they belong to their publishers."),
    ] = False,
) -> None:
    """Make a folder that shows the database anywhere: a server, a container, a host's free tier.

    Look at it first with `onrecord serve OUT`. Its README has the rest.
    """
    from ingest.publish import publish as make

    with errors_explained():
        made = make(db, out, with_text=with_text)
    err.print(
        f"{made.quotes} quotes, {made.size / 1e6:.1f} MB → {out}; look at it with: onrecord serve {out}"
    )
