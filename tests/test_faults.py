"""What goes wrong in the middle of a run: nothing is lost, nothing is there twice, and it says what to do.

The command runs in processes of its own, and is killed, starved and interrupted in earnest.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from textwrap import dedent, indent

import pytest

from ingest.store import open_store
from tests.contents import content

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs Linux")

PEOPLE = ("Helen Marsh", "Tom Calder", "Priya Lowe", "Emeka Rosenthal")
ARTICLES = 24
# The command with the reader's own method replaced: what each of its processes imports, and so all do.
TAMPERED = """
import os, signal, time
from pathlib import Path
import ingest.pipeline
from ingest.reader import Reader

def once(name):
    try:
        (Path(__file__).parent / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True

def wait_for(name):
    while not (Path(__file__).parent / name).exists():
        time.sleep(0.01)

def tampered(self, text, scan=Reader.scan):
{}
    return scan(self, text)

Reader.scan = tampered
ingest.pipeline._ENOUGH = 0  # several processes from the second article on
ingest.pipeline.Team.ready = lambda self: {}

if __name__ == "__main__":
    from ingest.cli import app
    app()
"""


def article(number: int) -> str:
    """An article, invented."""
    name = PEOPLE[number % len(PEOPLE)]
    return (
        f"Northmere Council met for the {number}th time.\n\n“Bridge {number} will be mended,” said {name}, leader "
        f"of Northmere Council.\n\nShe called plan {number} “a mortgage on our grandchildren”.\n\n"
        f"Mr Calder said that the {number} contracts would be published.\n"
    )


@pytest.fixture(scope="module")
def news(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    for number in range(ARTICLES):
        (folder / f"{number:02}.txt").write_text(article(number), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(news, tmp_path_factory) -> list[tuple]:
    """What the database holds after a run that nothing befell. Runs are not compared: there may be two."""
    path = tmp_path_factory.mktemp("db") / "quotes.db"
    assert start("ingest", news, "--db", path).wait() == 0
    return without_order(path)


def without_order(path: Path) -> list[tuple]:
    """All content but the list of runs, and how the full-text index is laid out in its pages."""
    return content(path, leave_out=("runs", "sqlite_stat1", "quotes_fts_data", "quotes_fts_idx"))


def tampered(folder: Path, code: str, *, begun: bool = True) -> list[object]:
    """How to start the command so that ``code`` is run with every ``text`` before that is read.

    ``begun``: whether the workers have, as far as the command knows; until then it reads on itself.
    """
    script = folder / "tampered.py"
    script.write_text(TAMPERED.format(indent(dedent(code), "    "), begun), encoding="utf-8")
    return [script]


def start(
    *words: object, code: Sequence[object] = ("-c", "from ingest.cli import app; app()"), **more
) -> subprocess.Popen:
    """Start the command in a session of its own."""
    return subprocess.Popen(
        [sys.executable, *map(str, code), *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **more,
    )


def stored(path: Path) -> int:
    """How many articles a database holds that is just being written."""
    if path.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=0.2)) as connection:
            return connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    return 0


def wait_until(true, *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.01)


# Killed


@pytest.fixture
def forks(news) -> Iterator[subprocess.Popen]:
    """A process with the reader loaded that forks at every line and runs the command there.

    → the number of the new process; that of loading it all just to be killed is saved.
    """
    code = (
        "import os, sys\n"
        "from functools import cache\n"
        "import ingest.evaluate, ingest.read, ingest.store.settle, ingest.pipeline\n"
        "from ingest.reader import Reader\n"
        "from ingest.cli import app\n"
        "Reader.load = cache(Reader.load)\n"
        "Reader.load(threads=1)\n"
        "print('ready', flush=True)\n"
        "for line in sys.stdin:\n"
        "    pid = os.fork()\n"
        "    if not pid:\n"
        "        try:\n"
        "            app(line.split())\n"
        "        except SystemExit as end:\n"
        "            os._exit(end.code or 0)\n"  # no tidying up of what the parent still needs
        "    print(pid, flush=True)\n"
        "    print(os.waitpid(pid, 0)[1], flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


def test_killed_at_twenty_moments_nothing_is_lost_and_nothing_is_twice(news, undisturbed, tmp_path, forks):
    path = tmp_path / "quotes.db"
    chance = random.Random(3)
    killed, seen = 0, set()

    def run(*, for_seconds: float | None) -> int:
        forks.stdin.write(f"ingest {news} --db {path} --workers 1\n")
        forks.stdin.flush()
        pid = int(forks.stdout.readline())
        if for_seconds is not None:
            time.sleep(for_seconds)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return int(forks.stdout.readline())

    begun = time.monotonic()
    assert run(for_seconds=None) == 0
    whole = time.monotonic() - begun
    path.unlink()
    while killed < 20 or (len(seen) < 4 and killed < 60):
        killed += run(for_seconds=chance.uniform(0.0, 0.9 * whole)) == signal.SIGKILL
        seen.add(stored(path))
        if stored(path) == ARTICLES:  # nothing is left to be interrupted: once more from the beginning
            path.unlink()
    assert len(seen) >= 4, "it was always killed at the same place"
    assert run(for_seconds=None) == 0
    assert without_order(path) == undisturbed


def test_a_killed_worker_is_replaced_and_its_article_read_again(news, undisturbed, tmp_path):
    code = tampered(
        tmp_path,
        """
        if "Bridge 7 " in text and once("killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    path = tmp_path / "quotes.db"
    run = start("ingest", news, "--db", path, "--workers", 2, code=code)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 0, said
    assert (tmp_path / "killed").exists()
    assert without_order(path) == undisturbed


def test_an_article_that_kills_every_worker_is_left_out_and_named(news, tmp_path):
    """As one does that needs more memory than there is: the system kills the process that asks for it."""
    code = tampered(
        tmp_path,
        """
        if "Bridge 7 " in text:
            os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    path = tmp_path / "quotes.db"
    run = start("ingest", news, "--db", path, "--workers", 2, code=code)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 1, said
    assert "left out: 07: two processes in turn were killed while they read it" in said
    assert "run again with a smaller --workers" in said
    assert stored(path) == ARTICLES - 1


# Interrupted


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_finishes_what_is_in_hand_and_the_next_run_goes_on(news, undisturbed, tmp_path, workers):
    code = tampered(
        tmp_path,
        """
        if "Bridge 7 " in text and once("in hand"):
            wait_for("interrupted")
        """,
    )
    path = tmp_path / "quotes.db"
    run = start("ingest", news, "--db", path, "--workers", workers, code=code)
    wait_until((tmp_path / "in hand").exists)
    os.killpg(run.pid, signal.SIGINT)  # to the whole group, as a terminal does
    (tmp_path / "interrupted").touch()
    _, said = run.communicate(timeout=120)
    assert run.returncode == 130, said
    assert "Traceback" not in said
    assert said.splitlines()[-1] == "stopped; the same command again does the rest"
    read_before_it, waiting_with_it = 8, 0 if workers == 1 else 3
    assert read_before_it <= stored(path) <= read_before_it + waiting_with_it
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM settled").fetchone() == (1,)
    run = start("ingest", news, "--db", path)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 0
    assert "unchanged" in said
    assert without_order(path) == undisturbed


def test_ctrl_c_while_it_waits_for_standard_input(tmp_path):
    path = tmp_path / "quotes.db"
    run = start("ingest", "-", "--db", path, stdin=subprocess.PIPE)
    assert run.stdin is not None
    run.stdin.write('{"id": "a", "text": "“Go,” said Ann Lee."}\n')
    run.stdin.flush()
    wait_until(lambda: stored(path) == 1)
    time.sleep(0.2)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 130, said
    assert "Traceback" not in said
    assert stored(path) == 1


def test_ctrl_c_while_processes_begin_is_no_traceback(news, tmp_path):
    """The first articles are read by the command itself while they do."""
    code = tampered(
        tmp_path,
        """
        if "Bridge 1 " in text and once("in hand"):
            wait_for("interrupted")
        """,
        begun=False,
    )
    run = start("ingest", news, "--db", tmp_path / "quotes.db", "--workers", 2, code=code)
    wait_until((tmp_path / "in hand").exists)
    os.killpg(run.pid, signal.SIGINT)
    (tmp_path / "interrupted").touch()
    _, said = run.communicate(timeout=120)
    assert run.returncode == 130, said
    assert "Traceback" not in said


# Starved


@pytest.fixture(scope="module")
def bulky(tmp_path_factory) -> tuple[Path, Path, int]:
    """Articles that take some room, their database, and the bytes into which about half of them go."""
    folder = tmp_path_factory.mktemp("bulky")
    (folder / "news").mkdir()
    for number in range(ARTICLES):
        (folder / "news" / f"{number:02}.txt").write_text(article(number) + "\n" * 20_000, encoding="utf-8")
    open_store(folder / "empty.db").close()
    full = folder / "full.db"
    assert start("ingest", folder / "news", "--db", full).wait(timeout=120) == 0
    return folder / "news", full, ((folder / "empty.db").stat().st_size + full.stat().st_size) // 2


def test_a_full_disk_is_said_and_the_database_is_whole(bulky, tmp_path):
    """A small disk of its own, in memory, with a database and its journal on it."""
    news, full, most = bulky
    disk, path = tmp_path / "disk", tmp_path / "quotes.db"
    disk.mkdir()
    script = (
        f"mount -t tmpfs -o size={most} none {disk} || exit 77\n"
        f"{sys.executable} -c 'from ingest.cli import app; app()' ingest {news} --db {disk}/q.db --workers 1\n"
        f"status=$?; cp {disk}/q.db {path}; exit $status"
    )
    if not shutil.which("unshare"):
        pytest.skip("a small disk needs unshare")
    ran = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if ran.returncode == 77 or "unshare" in ran.stderr:
        pytest.skip(f"no small disk can be had here: {ran.stderr.strip()}")
    assert ran.returncode == 1
    assert f"{disk}/q.db cannot grow, as the disk is full; make room and run again" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert 0 < stored(path) < ARTICLES
    assert start("ingest", news, "--db", path).wait(timeout=120) == 0
    assert without_order(path) == without_order(full)


def test_a_limit_to_the_size_of_files_is_said_and_the_database_is_whole(bulky, tmp_path):
    news, full, most = bulky
    path = tmp_path / "quotes.db"

    def starve() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that writing fails instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    run = start("ingest", news, "--db", path, "--workers", 1, preexec_fn=starve)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 1
    assert f"error: {path}" in said
    assert "Traceback" not in said
    assert 0 < stored(path) < ARTICLES
    assert start("ingest", news, "--db", path).wait(timeout=120) == 0
    assert without_order(path) == without_order(full)


def test_an_article_that_makes_the_model_raise_is_left_out_in_a_worker_too(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(article(number), encoding="utf-8")
    code = tampered(
        tmp_path,
        """
        if "Bridge 5 " in text:
            raise RuntimeError("the model has choked")
        """,
    )
    path = tmp_path / "quotes.db"
    run = start("ingest", folder, "--db", path, "--workers", 2, code=code)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 1
    assert "left out: 05: RuntimeError: the model has choked" in said
    assert stored(path) == 11
    assert [row[1] for row in content(path) if row[0] == "failures"] == ["05"]


# Two at once, and from another time


def test_two_runs_at_once_both_finish_or_say_what_to_do(news, undisturbed, tmp_path):
    path = tmp_path / "quotes.db"
    runs = [start("ingest", news, "--db", path) for _ in range(2)]
    for run in runs:
        _, said = run.communicate(timeout=120)
        assert run.returncode == 0 or "is in use by another program" in said, said
        assert "Traceback" not in said
    assert start("ingest", news, "--db", path).wait(timeout=120) == 0
    assert without_order(path) == undisturbed


def test_a_database_of_an_older_version_says_what_to_do(news, tmp_path, onrecord):
    path = tmp_path / "quotes.db"
    onrecord("ingest", news / "00.txt", "--db", path)
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {version - 1}")
    before = path.read_bytes()
    for words in (["ingest", news], ["load", news], ["search", "bridge"], ["speakers"]):
        result = onrecord(*words, "--db", path)
        assert result.exit_code == 1
        if words[0] != "load":  # which looks at the shards first
            assert "made by an older version of onrecord" in result.stderr
            assert "delete it and ingest again" in result.stderr
    assert path.read_bytes() == before
