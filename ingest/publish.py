"""A folder that anybody can serve: the database without what is private, and all that Datasette needs.

    publish("data/quotes.db", "public")  →  public/quotes.db, public/README.md, public/Dockerfile, …

The folder needs neither this checkout nor the reader: the site comes as a wheel of its own, without the
trained model and what that depends on.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import distribution, entry_points
from pathlib import Path, PurePath
from zipfile import ZIP_DEFLATED, ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ingest import __version__, packaged_file
from ingest.records import ExplainedError
from ingest.store.schema import APPLICATION_ID, explained, open_store

DATABASE = "quotes.db"  # metadata.yml describes a database of this name

# What ``ingest.site`` imports, besides Datasette's plugins that this package requires.
NEEDS = ("datasette", "sqlite-utils", "pyyaml")

# Files that a host's own tools or people change: publishing again leaves them as they are.
_THEIRS = ("Dockerfile", "Procfile", "fly.toml")

_DOCKERFILE = """\
FROM python:{python}-slim
WORKDIR /site
COPY requirements.txt *.whl ./
RUN pip install --no-cache-dir --requirement requirements.txt
COPY . .
USER nobody
# The proxy in front says whether a page was asked for by https; permalinks and citations repeat it.
ENV PORT=8080 FORWARDED_ALLOW_IPS=*
EXPOSE 8080
CMD ["sh", "-c", "exec datasette serve . --host 0.0.0.0 --port $PORT"]
"""

_PROCFILE = "web: FORWARDED_ALLOW_IPS='*' datasette serve . --host 0.0.0.0 --port $PORT\n"

_FLY = """\
# fly launch --copy-config --name YOUR-NAME
[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = "stop"
  auto_start_machines = true
  min_machines_running = 0

[[vm]]
  size = "shared-cpu-1x"
  memory = "512mb"
"""

_README = """\
# An archive of quotes

Made by onrecord {version}: {quotes:,} quotes by {speakers:,} speakers in {articles:,} articles.
{texts} Nothing in here can be changed by those who look at it, and nothing else is needed to show it:

```sh
python3 -m venv .venv
.venv/bin/python -m pip install --requirement requirements.txt
.venv/bin/datasette serve . --port 8001
```

Then open <http://127.0.0.1:8001/>. Python {python} is what the versions were tried with.

In a container: `docker build --tag quotes . && docker run --publish 8080:8080 quotes`. On Fly:
`fly launch --copy-config --name YOUR-NAME`. On hosts that read a Procfile: push this folder.
Behind a proxy of your own that speaks https, set FORWARDED_ALLOW_IPS to its address: permalinks
and citations then say https too.

`onrecord publish` into this folder again brings it up to date. Dockerfile, Procfile, fly.toml
and files of your own stay as they are.
"""


class PublishError(ExplainedError):
    """The folder cannot be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, and how large the database is, in bytes."""

    folder: Path
    quotes: int
    size: int


def publish(db: str | Path, out: str | Path, *, with_text: bool = False) -> Published:
    """Make a folder that serves the database to the public, whole or not at all.

    Left out are the articles' texts and the words that articles have withdrawn, unless ``with_text`` (they
    are the publishers' to show or to take back; the paragraph around each quote stays), the list of failures,
    and where on this machine anything was. A folder that was published before is brought up to date. Raises
    ``PublishError`` for one that is anything else, and ``StoreError`` for a database that cannot be used.
    """
    out = Path(out)
    if out.exists() and not _is_published(out):
        raise PublishError(f"{out} is there already and was not published by onrecord; give another name")
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.absolute().parent)
    except OSError as error:
        raise PublishError(f"{out} cannot be made ({error.strerror}); give another name") from error
    made = Path(folder)
    try:
        made.chmod(0o755)
        published = _fill(Path(db), made, with_text)
        _put(made, out)
    except OSError as error:
        raise PublishError(
            f"{out} cannot be written ({error.strerror}); make room, or give another name"
        ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Published(out, published, (out / DATABASE).stat().st_size)


def _is_published(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    if not any(folder.iterdir()):
        return True
    try:
        with (folder / DATABASE).open("rb") as file:
            ours = int.from_bytes(file.read(72)[68:72], "big") == APPLICATION_ID
    except OSError:
        return False
    return ours and (folder / "inspect-data.json").exists()


def _fill(db: Path, made: Path, with_text: bool) -> int:
    counts = _copy(db, made / DATABASE, with_text)
    wheel = _wheel(made)
    from ingest.site import SETTINGS

    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    texts = "The articles' texts are in it." if with_text else "The articles' texts are not in it."
    for name, content in {
        "metadata.yml": packaged_file("metadata.yml").read_text("utf-8"),
        "settings.json": json.dumps(SETTINGS, indent=2) + "\n",
        "requirements.txt": "\n".join([f"./{wheel.name}", *_pinned()]) + "\n",
        "Dockerfile": _DOCKERFILE.format(python=python),
        "Procfile": _PROCFILE,
        "fly.toml": _FLY,
        ".dockerignore": ".venv\n.git\n",
        "README.md": _README.format(version=__version__, python=python, texts=texts, **counts),
    }.items():
        (made / name).write_text(content, encoding="utf-8")
    # By its own name alone: the folder may be moved.
    inspected = subprocess.run(
        [sys.executable, "-m", "datasette", "inspect", DATABASE, "--inspect-file", "inspect-data.json"],
        cwd=made, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if inspected.returncode:
        raise PublishError(
            f"Datasette cannot look into {db}: {inspected.stderr.strip()[-300:]}; ingest again"
        )
    return counts["quotes"]


def _copy(db: Path, to: Path, with_text: bool) -> dict[str, int]:
    """The database as one compact file, without what is not for the public. → how much it holds."""
    with open_store(db, create=False) as source, explained(db):
        if not source.execute("SELECT count(*) FROM settled").fetchone()[0]:
            raise PublishError(
                f"{db} was left half-made by a run that was stopped; run “onrecord ingest” again"
            )
        source.execute("VACUUM INTO ?", [str(to)])
    with open_store(to, create=False) as copy, explained(to):
        copy.execute("PRAGMA journal_mode = OFF")
        private = [
            "DELETE FROM failures",
            "UPDATE articles SET url = NULL WHERE url LIKE 'file:%'",
            "DELETE FROM changes WHERE what = 'url' AND (before LIKE 'file:%' OR after LIKE 'file:%')",
        ]
        if not with_text:
            private += [
                "DELETE FROM texts",
                "UPDATE changes SET before = '' WHERE what = 'quote' AND before IS NOT NULL",
            ]
        for sql in private:
            copy.execute(sql)
        # A model may be a folder of this machine.
        for (model,) in copy.execute("SELECT DISTINCT model FROM runs").fetchall():
            name = PurePath(model.replace("\\", "/")).name
            if name != model:
                copy.execute("UPDATE runs SET model = ? WHERE model = ?", [name, model])
                for table in ("articles", "runs", "settled"):
                    copy.execute(f"UPDATE {table} SET recipe = replace(recipe, ?, ?)", [model, name])
        copy.conn.commit()
        copy.execute("VACUUM")
        return {
            table: copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("quotes", "speakers", "articles")
        }


def _wheel(folder: Path) -> Path:
    """This package as a wheel, of its model only the card: Datasette finds the site by its entry point."""
    package = Path(__file__).parent
    version = f"{__version__}{'.' if '+' in __version__ else '+'}site"
    about = f"onrecord-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {name}\n" for name in _needs())
    files = {
        f"ingest/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and path.suffix != ".pyc" and (path.parent.name != "model" or path.suffix == ".md")
    } | {
        "ingest/metadata.yml": packaged_file("metadata.yml").read_bytes(),
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: onrecord\nVersion: {version}\n{needs}".encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": b"[datasette]\nonrecord = ingest.site\n",
    }
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n".encode()
    path = folder / f"onrecord-{version}-py3-none-any.whl"
    with ZipFile(path, "w", ZIP_DEFLATED) as wheel:
        for name, data in files.items():
            wheel.writestr(name, data)
    return path


def _digest(data: bytes) -> str:
    return urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()


def _needs() -> list[str]:
    """The distributions that the site needs itself."""
    plugins = {entry.dist.name for entry in entry_points(group="datasette") if entry.dist}
    required = {canonicalize_name(Requirement(line).name) for line in distribution("onrecord").requires or ()}
    return [*NEEDS, *sorted({canonicalize_name(name) for name in plugins} & required)]


def _pinned() -> Iterator[str]:
    """All that the site needs, and what that needs, in the versions that are installed here."""
    found: dict[str, str] = {}
    wanted = list(_needs())
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in found or name == "pip":  # which reads the list
            continue
        there = distribution(name)
        found[name] = there.version
        for line in there.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(requirement.name)
    return (f"{name}=={version}" for name, version in sorted(found.items()))


def _put(made: Path, out: Path) -> None:
    """Put the finished folder in its place; what was there besides comes along."""
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=made.parent)) / "old"
    if out.exists():
        out.rename(old)
    made.rename(out)
    if old.exists():
        for path in old.iterdir():
            generated = path.name in {file.name for file in out.iterdir()} or path.suffix == ".whl"
            if path.name in _THEIRS or not generated:
                path.replace(out / path.name)
    shutil.rmtree(old.parent)
