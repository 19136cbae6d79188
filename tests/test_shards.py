"""Shards: files of articles in, files of their quotes out, and the same database as from one place."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.records import Article, Attribution, Failure, Quotation, Quote, Speaker, TextSpan
from ingest.shards import MadeBy, ShardError, read_shards, result_of, row_of, schema
from tests.contents import content

PEOPLE = ("Helen Marsh", "Tom Calder", "Priya Lowe")
# The full-text index is made in another way, so its pages differ; what it finds is compared.
INDEX = ("quotes_fts_data", "quotes_fts_idx")


def article(number: int) -> dict[str, str]:
    """An article, invented."""
    name = PEOPLE[number % 3]
    text = (
        f"Northmere Council met on day {number}.\n\n“Bridge {number} will be mended,” said {name}, leader of "
        f"Northmere Council. “It is not pretty.”\n\nShe called it “a mortgage on our {number} grandchildren”."
    )
    return {"id": f"echo-{number}", "text": text, "outlet": "Northmere Echo", "published": "2025-03-14"}


@pytest.fixture
def news(tmp_path) -> Path:
    """A folder of three files of articles, one of which holds a line that is none."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(3):
        lines = [json.dumps(article(3 * number + index)) for index in range(3)]
        if number == 1:
            lines.insert(1, '{"title": "no text"}')
        data = "".join(f"{line}\n" for line in lines).encode()
        name = f"{number}.jsonl" + (".gz" if number == 2 else "")
        (folder / name).write_bytes(gzip.compress(data) if number == 2 else data)
    return folder


@pytest.fixture
def ingested(news, tmp_path, onrecord) -> Path:
    path = tmp_path / "ingested.db"
    assert onrecord("ingest", news, "--db", path).exit_code == 1
    return path


def table(path: Path, rows: list[dict[str, str]]) -> Path:
    """A Parquet file of articles."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


QUOTE = Quote(
    Attribution(
        Quotation("mixed", (TextSpan(0, 4), TextSpan(6, 9)), TextSpan(10, 14)),
        TextSpan(15, 22),
        0.917,
        "reader",
    ),
    Speaker("ann-lee", "Ann Lee", "person", "head", "Dock Union"),
)
BARE = Quote(Attribution(Quotation("direct", (TextSpan(0, 4),)), None, 0.1, "none"))


@pytest.mark.parametrize(
    "result",
    [
        (Article("1", "“Go” é😀", "https://echo.example/", "T", "O", "A", "2025-03-14"), [QUOTE, BARE]),
        (Article("2", "Nothing said."), []),
        (Article("3", "“Go,”"), [replace(QUOTE, speaker=Speaker(None, "Lee"))]),
        Failure("wire.jsonl:3", "read", "wire.jsonl:3: no text"),
    ],
)
def test_a_row_holds_the_whole_result(result):
    row = row_of(result, MadeBy("recipe", "model"))
    assert list(row) == schema().names
    assert result_of(json.loads(json.dumps(row))) == result
    pa = pytest.importorskip("pyarrow")
    assert result_of(pa.Table.from_pylist([row], schema=schema()).to_pylist()[0]) == result


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "parquet"])
def test_loading_shards_makes_the_database_that_ingest_makes(news, ingested, tmp_path, onrecord, kind):
    shards = []
    for source in sorted(news.iterdir()):
        shards.append(tmp_path / "out" / f"{source.name[0]}.{kind}")
        result = onrecord("extract-shard", source, shards[-1])
        assert result.exit_code == 0, result.output
    path = tmp_path / "loaded.db"
    result = onrecord("load", *shards, "--db", path)
    assert "9 articles, 18 quotes, 1 left out" in result.stderr
    assert '1.jsonl:2: no "text"' in result.stderr
    assert content(path, leave_out=INDEX) == content(ingested, leave_out=INDEX)
    found = [onrecord("search", "mortgage", "--db", db).stdout for db in (path, ingested)]
    assert found[0] == found[1] != ""


def test_corrections_are_made_as_ingest_makes_them(news, tmp_path, onrecord):
    """Only the order in which quotes came into the database is another."""
    file = tmp_path / "corrections.csv"
    file.write_text(
        "action,article,words,value\nspeaker,echo-4,mortgage on our 4,Tom Calder\n", encoding="utf-8"
    )
    onrecord("extract", news, tmp_path / "out", "--engine", "processes", "--workers", 1)
    found = []
    for words in (["load", tmp_path / "out"], ["ingest", news]):
        path = tmp_path / f"{words[0]}.db"
        result = onrecord(*words, "--db", path, "--corrections", file)
        assert "1 left out" in result.stderr or words[0] == "ingest"
        rows = content(path, leave_out=(*INDEX, "quotes_fts_docsize", "sqlite_stat1"))
        found.append(sorted((row[:-1] if row[0] == "quotes" else row for row in rows), key=repr))
    assert any(row[0] == "corrections" and row[-1] == "applied" for row in found[0])
    assert found[0] == found[1]


def test_parquet_in(tmp_path, onrecord):
    source = table(tmp_path / "in" / "a.parquet", [article(number) for number in range(3)])
    assert onrecord("extract-shard", source, tmp_path / "a.jsonl").exit_code == 0
    _, results = read_shards([tmp_path / "a.jsonl"])
    assert [result[0].id for result in results if isinstance(result, tuple)] == ["echo-0", "echo-1", "echo-2"]


def test_a_shard_that_is_done_is_left_alone(news, tmp_path, onrecord):
    shard = tmp_path / "0.jsonl"
    assert "3 articles, 6 quotes" in onrecord("extract-shard", news / "0.jsonl", shard).stderr
    before = shard.stat()
    assert "is done already" in onrecord("extract-shard", news / "0.jsonl", shard).stderr
    after = shard.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("change", ["articles", "recipe", "cut short"])
def test_a_shard_is_made_again_when_it_must_be(news, tmp_path, onrecord, change):
    shard = tmp_path / "0.jsonl"
    onrecord("extract-shard", news / "0.jsonl", shard)
    whole = shard.read_text(encoding="utf-8")
    if change == "articles":
        os.utime(news / "0.jsonl", (shard.stat().st_mtime + 10,) * 2)
    elif change == "recipe":
        recipe = json.loads(whole.splitlines()[0])["recipe"]
        shard.write_text(whole.replace(recipe, "an older one"), encoding="utf-8")
    else:
        shard.write_text(whole[:100], encoding="utf-8")
    assert "3 articles" in onrecord("extract-shard", news / "0.jsonl", shard).stderr
    assert shard.read_text(encoding="utf-8") == whole


def test_a_run_that_fails_leaves_neither_half_a_shard_nor_scraps(news, tmp_path, onrecord, monkeypatch):
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.shards.row_of", fail)
    out = tmp_path / "out"
    assert onrecord("extract-shard", news / "0.jsonl", out / "0.jsonl").exit_code == 130
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["0.jsonl", "x.txt"], "no kind of file for shards"),
        (["0.jsonl", "0.jsonl/x.jsonl"], "cannot be written"),
    ],
)
def test_a_shard_that_cannot_be(news, onrecord, given, said):
    result = onrecord("extract-shard", *(news / name for name in given))
    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jsonl", b"", "no rows in any shard"),
        ("a.jsonl", b'{"id": "1", "text": "x"}\n', "not a shard"),
        ("a.jsonl", b"{broken\n", "cannot be read"),
        ("a.jsonl", b'"text"\n', "cannot be read"),
        ("a.jsonl.gz", b"no gzip", "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b"{}" * 99)[:-9], "cannot be read"),
        ("a.parquet", b"PAR1", "cannot be read"),
        ("a.jsonl", b'{"recipe": "r", "model": "m", "id": 1}\n', "a row that is not of a shard"),
    ],
)
def test_what_is_no_shard_is_not_loaded(tmp_path, onrecord, name, data, said):
    (tmp_path / name).write_bytes(data)
    result = onrecord("load", tmp_path / name, "--db", tmp_path / "q.db")
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_shards_of_two_recipes_are_not_mixed(news, tmp_path, onrecord):
    for number in (0, 1):
        onrecord("extract-shard", news / f"{number}.jsonl", tmp_path / "out" / f"{number}.jsonl")
    other = tmp_path / "out" / "1.jsonl"
    recipe = json.loads(other.read_text(encoding="utf-8").splitlines()[0])["recipe"]
    other.write_text(other.read_text(encoding="utf-8").replace(recipe, "an older one"), encoding="utf-8")
    result = onrecord("load", tmp_path / "out", "--db", tmp_path / "q.db")
    assert result.exit_code == 1
    assert "extract it again, so that all are of one recipe" in result.stderr


def test_shards_are_streamed(tmp_path):
    """The first result is there before the broken end of the shard is met."""
    row = row_of((Article("1", "“Go,” said Ann Lee."), []), MadeBy("r", "m"))
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n{broken\n", encoding="utf-8")
    _, results = read_shards([tmp_path / "a.jsonl"])
    assert isinstance(next(results), tuple)
    with pytest.raises(ShardError):
        next(results)


# Folders of shards


def test_processes_make_a_shard_of_each_file(news, ingested, tmp_path, onrecord):
    out = tmp_path / "out"
    result = onrecord("extract", news, out, "--engine", "processes", "--workers", 2)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert sorted(path.name for path in out.iterdir()) == ["0.jsonl", "1.jsonl", "2.jsonl.gz"]
    onrecord("load", out, "--db", tmp_path / "loaded.db")
    assert content(tmp_path / "loaded.db", leave_out=INDEX) == content(ingested, leave_out=INDEX)
    again = onrecord("extract", news, out, "--engine", "processes")
    assert again.stderr.count("is done already") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a", "--engine", "processes"], "give two folders"),
        (["a", "b", "--engine", "processes", "--address", "x"], "needs --engine ray"),
    ],
)
def test_what_an_engine_needs(onrecord, words, said):
    result = onrecord("extract", *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_folder_without_shards(tmp_path, onrecord):
    result = onrecord("extract", tmp_path, tmp_path / "out", "--engine", "processes")
    assert result.exit_code == 1
    assert "give one that holds some" in result.stderr


ray_only = pytest.mark.skipif(
    not importlib.util.find_spec("ray"), reason="Ray is not installed: pip install 'onrecord[ray]'"
)


@pytest.mark.skipif(bool(importlib.util.find_spec("ray")), reason="Ray is installed")
def test_without_ray_it_says_what_to_install(news, tmp_path, onrecord):
    result = onrecord("extract", news, tmp_path / "out", "--engine", "ray")
    assert result.exit_code == 1
    assert "pip install 'onrecord[ray]'" in result.stderr


@ray_only
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_ray_makes_the_same_database(tmp_path, onrecord, kind):
    """On a Ray of its own, started here and ended with the process."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(2):
        rows = [article(3 * number + index) for index in range(3)]
        if kind == "parquet":
            table(folder / f"{number}.parquet", rows)
        else:
            (folder / f"{number}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-c", "from ingest.cli import app; app()"]
    words = ["extract", folder, tmp_path / "out", "--engine", "ray"]
    ran = subprocess.run(
        [*command, *map(str, words)], capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert onrecord("load", tmp_path / "out", "--db", tmp_path / "loaded.db").exit_code == 0
    assert onrecord("ingest", folder, "--db", tmp_path / "ingested.db").exit_code == 0
    found = [content(tmp_path / f"{name}.db", leave_out=INDEX) for name in ("loaded", "ingested")]
    assert found[0] == found[1]
    again = onrecord("extract", folder, tmp_path / "out", "--engine", "ray")
    assert "is not empty" in again.stderr
