"""Several processes: the same result in the same order, bounded memory, and what happens when one is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

import ingest.pipeline
from ingest.records import Article, Failure
from ingest.workers import Team, WorkerError
from tests.contents import content

# What workers do here: each is imported by the process that does it.


def doubling():
    return lambda number: 2 * number


def slow_at_first():
    """The sooner a task comes, the longer it takes."""

    def work(number: int) -> int:
        time.sleep(max(0.0, 0.3 - number / 20))
        return number

    return work


def measuring():
    return len


def dying(once: Path):
    """Dies of "deadly"; of "unlucky" only the first time that any worker meets it."""

    def work(word: str) -> str:
        if word == "deadly" or (word == "unlucky" and not once.exists()):
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return word.upper()

    return work


def never_begins():
    os._exit(3)


def killed_before_it_begins(times: Path):
    """Killed from outside as long as there are files to strike off: one each time."""
    if left := sorted(times.iterdir()):
        left[0].unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return str.upper


def waiting():
    def work(word: str) -> str:
        time.sleep(60)
        return word

    return work


def test_results_come_in_the_order_of_the_tasks():
    with Team(slow_at_first, workers=3, lost=lambda number: -1) as team:
        assert list(team.results(range(12))) == [(number, number) for number in range(12)]


def test_no_tasks_no_results():
    with Team(doubling, workers=2, lost=lambda number: -1) as team:
        assert list(team.results([])) == []


def test_input_without_end_is_taken_as_it_is_needed():
    taken = 0

    def numbers():
        nonlocal taken
        while True:
            yield taken
            taken += 1

    with Team(doubling, workers=2, lost=lambda number: -1, most=4) as team:
        for done, (number, result) in enumerate(islice(team.results(numbers()), 500)):
            assert (number, result) == (done, 2 * done)
            assert taken - done <= 2 * 4


def test_half_a_gigabyte_passes_through_in_a_few_megabytes():
    """As 10 GB would: no more is held than ``most`` allows, which counts characters here."""
    in_hand, most_in_hand = 0, 0

    def texts():
        nonlocal in_hand, most_in_hand
        for _ in range(500):
            in_hand += 1_000_000
            most_in_hand = max(most_in_hand, in_hand)
            yield "a" * 1_000_000

    with Team(measuring, workers=2, lost=lambda text: -1, weight=len, most=2_000_000) as team:
        for text, length in team.results(texts()):
            assert length == len(text)
            in_hand -= len(text)
    assert in_hand == 0
    assert 1_000_000 < most_in_hand <= 2 * 2_000_000


def test_a_task_whose_worker_was_killed_is_done_by_another(tmp_path):
    words = ["a", "b", "unlucky", "c", "d", "e"]
    with Team(partial(dying, tmp_path / "once"), workers=2, lost=lambda word: f"lost {word}") as team:
        assert [result for _, result in team.results(words)] == [word.upper() for word in words]


def test_a_task_that_kills_twice_is_lost_and_the_rest_is_done(tmp_path):
    words = ["a", "deadly", "b", "c", "deadly", "d", "e", "f"]
    with Team(partial(dying, tmp_path / "once"), workers=2, lost=lambda word: f"lost {word}") as team:
        assert [result for _, result in team.results(words)] == [
            *("A", "lost deadly", "B", "C", "lost deadly", "D", "E", "F")
        ]


def test_workers_that_cannot_begin_are_an_error_that_says_so():
    with (
        pytest.raises(WorkerError, match=r"exit status 3\); if memory is short give a smaller --workers"),
        Team(never_begins, workers=2, lost=lambda word: word) as team,
    ):
        list(team.results(["a"]))


def test_a_worker_that_was_killed_before_it_had_begun_is_replaced(tmp_path):
    (tmp_path / "once").touch()
    begins = partial(killed_before_it_begins, tmp_path)
    with Team(begins, workers=1, lost=lambda word: f"lost {word}") as team:
        assert [result for _, result in team.results("abc")] == [*"ABC"]


def test_workers_that_are_killed_before_they_begin_are_an_error_that_says_so(tmp_path):
    for number in range(9):
        (tmp_path / str(number)).touch()
    begins = partial(killed_before_it_begins, tmp_path)
    with (
        pytest.raises(WorkerError, match=r"exit status -9\); if memory is short give a smaller --workers"),
        Team(begins, workers=1, lost=lambda word: word) as team,
    ):
        list(team.results("abc"))


def test_leaving_early_ends_the_processes_whatever_they_do():
    with Team(waiting, workers=2, lost=lambda word: word) as team:
        while not team.ready():
            time.sleep(0.05)
        processes = [worker.process for worker in team._workers]
        begun = time.perf_counter()
    assert time.perf_counter() - begun < 30
    assert not any(process.is_alive() for process in processes)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks processes up in /proc")
def test_workers_do_not_outlive_a_parent_that_was_killed():
    script = (
        "import test_workers as t\n"
        "team = t.Team(t.waiting, workers=2, lost=str)\n"
        "print(*(worker.process.pid for worker in team._workers), flush=True)\n"
        "list(team.results(['a', 'b']))\n"
    )
    folder = str(Path(__file__).parent)
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": folder},
    )
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(children, seconds=20)


def gone(pids: list[int], *, seconds: float) -> bool:
    """Whether processes end within some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


# The pipeline and the command


@pytest.fixture
def at_once(monkeypatch):
    """Processes from the second article on, however little there is to read."""
    monkeypatch.setattr(ingest.pipeline, "_ENOUGH", 0)
    monkeypatch.setattr(Team, "ready", lambda team: True)


@pytest.fixture
def news(tmp_path) -> Path:
    """Some articles, invented: long and short ones, and one that cannot be read."""
    folder = tmp_path / "news"
    folder.mkdir()
    people = ["Helen Marsh", "Tom Calder", "Priya Lowe"]
    for number in range(9):
        speech = (
            f"“Bridge {number} will be mended,” said {people[number % 3]}, leader of Northmere Council.\n\n"
        )
        more = f"She called plan {number} “a mortgage on our grandchildren”.\n\n" * (30 if number == 1 else 1)
        (folder / f"{number}.md").write_text(speech + more, encoding="utf-8")
    (folder / "5.txt").write_bytes(b"\xff\xfe\x00")
    return folder


def test_any_number_of_workers_makes_the_same_database(news, tmp_path, onrecord, at_once):
    found = []
    for workers in (1, 2, 3):
        path = tmp_path / f"{workers}.db"
        result = onrecord("ingest", news, "--db", path, "--workers", workers)
        assert result.exit_code == 1, result.output
        assert result.stderr.count("left out:") == 1
        found.append(content(path))
    assert len([row for row in found[0] if row[0] == "quotes"]) >= 9
    assert found[0] == found[1] == found[2]


def test_neither_the_process_nor_the_order_of_articles_matters(tmp_path):
    """Namesakes, told apart when all is read; Python's sets have another order in every process."""
    offices = ("finance minister of Norland", "a baker from Port Hanley")
    names = ("Helen Marsh", "Tom Calder", "Priya Lowe", "Emeka Rosenthal", "Cora Quill", "Bo Ray")
    lines = [
        json.dumps({"id": f"{name} {office}", "text": f"“Bread is dear,” said {name}, {office}."})
        for name in names
        for office in offices
    ]

    def ingested(seed: str, lines: list[str]) -> list[tuple]:
        path, db = tmp_path / f"{seed}.jsonl", tmp_path / f"{seed}.db"
        path.write_text("\n".join(lines), encoding="utf-8")
        subprocess.run(
            [sys.executable, "-c", "from ingest.cli import app; app()", "ingest", path, "--db", db],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
        return content(db)

    one, two, backwards = ingested("1", lines), ingested("2", lines), ingested("3", lines[::-1])
    assert one == two
    of_speakers = [
        [row for row in rows if row[0] in ("speakers", "aliases", "roles")] for rows in (one, backwards)
    ]
    assert len({row for row in of_speakers[0] if row[0] == "speakers"}) == len(lines)
    assert sorted(of_speakers[0], key=repr) == sorted(of_speakers[1], key=repr)


def test_any_number_of_workers_prints_the_same(news, onrecord, at_once):
    one, two = (onrecord("extract", news, "--workers", workers) for workers in (1, 2))
    assert one.stdout.count("\n") == 9
    assert one.stdout == two.stdout


def test_failures_keep_their_place_among_the_articles(pipeline, at_once):
    articles = [Article(str(number), f"“We go {number},” said Ann Lee.") for number in range(6)]
    given = [*articles[:3], Failure("x", "read", "x: broken"), *articles[3:]]
    results = pipeline.results(given, workers=2)
    assert [r.source if isinstance(r, Failure) else r[0].id for r in results] == [*"012x345"]


def test_a_few_articles_are_read_without_more_processes(pipeline, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("processes for so little?")

    monkeypatch.setattr(ingest.pipeline, "Team", refuse)
    articles = [Article(str(number), "“We go,” said Ann Lee.") for number in range(5)]
    assert len(list(pipeline.results(articles, workers=8))) == 5
