"""Showing the database to others."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.app import (
    DB,
    Db,
    app,
    err,
    errors_explained,
    fail,
)

# The reader takes a moment to import: commands that only look things up in a database start without it.
if TYPE_CHECKING:
    pass


@app.command()
def serve(
    db: Db = DB,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = 8001,
) -> None:
    """Show the database in a browser, with Datasette. Stop it with Ctrl-C."""
    from ingest.site import SETTINGS, metadata
    from ingest.store import open_store

    with errors_explained():
        open_store(db, create=False).close()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"{host}:{port} cannot be listened on ({error.strerror}); give another --port")
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
        err.print(f"Serving {db} at http://{host}:{port}/ (Ctrl-C to stop)")
        try:
            status = subprocess.run(command, check=False).returncode
        except KeyboardInterrupt:
            status = 0
    raise typer.Exit(status)
