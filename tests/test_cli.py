"""The command line: what each command prints, leaves behind and exits with."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from ingest.cli import app
from ingest.read import MAX_BYTES

WALL = """---
title: Wall to be built
url: https://echo.example/wall
outlet: Northmere Echo
author: Priya Lowe
published: 2025-03-14
---
The wall will be built by 2027.

“We have waited eleven years for this wall,” said Helen Marsh, leader of Northmere Council. “It is not pretty.”

Tom Calder called it “a mortgage on our grandchildren”.

Ms Marsh said that the contract would be published.
"""
BRIDGE = """---
title: Bridge shut
outlet: Port Ledger
published: 2024-11-02
---
"The bridge will not last the winter," Tom Calder said.
"""
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
KEYS = ["kind", "spans", "text", "speaker", "name", "speaker_id", "role", "affiliation", "cue", "confidence"]


@pytest.fixture
def news(tmp_path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "wall.md").write_text(WALL, encoding="utf-8")
    (folder / "bridge.md").write_text(BRIDGE, encoding="utf-8")
    return folder


@pytest.fixture
def db(tmp_path, news, onrecord) -> Path:
    """A database of the two articles."""
    path = tmp_path / "quotes.db"
    result = onrecord("ingest", news, "--db", path)
    assert result.exit_code == 0, result.output
    return path


def lines(output: str) -> list[dict]:
    return [json.loads(line) for line in output.splitlines()]


def sql(path: Path, query: str) -> list[tuple]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def words(value: object) -> str:
    """The id of a test from its command line."""
    return " ".join(value) if isinstance(value, list) else ""


def said(path: Path) -> list[tuple]:
    return sql(path, "SELECT article_id, kind, text, speaker_id FROM quotes ORDER BY article_id, position")


# Help


def test_the_commands():
    assert set(COMMANDS) == {
        *("correct", "review", "watch", "publish", "extract-shard", "load"),
        *("ingest", "show", "extract", "search", "export", "speakers", "serve", "evaluate", "train"),
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_described(onrecord, name):
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name} has no help"
        assert parameter.help.endswith("."), f"{name}: {parameter.name}"
    result = onrecord(name, "--help")
    assert result.exit_code == 0
    assert command.help.split(".")[0].split("`")[0].strip() in " ".join(result.stdout.split())


def test_no_arguments_print_the_manual(onrecord):
    result = onrecord()
    assert all(name in result.output for name in COMMANDS)


def test_version(onrecord):
    from ingest import __version__

    assert onrecord("--version").stdout == f"onrecord {__version__}\n"


# ingest


def test_ingest_stores_the_quotes_and_sums_up(news, tmp_path, onrecord):
    result = onrecord("ingest", news, "--db", tmp_path / "quotes.db")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1] == (
        f"2 articles, 4 quotes: 2 direct, 1 mixed, 1 indirect, 100% with a named speaker → {tmp_path / 'quotes.db'}"
    )
    assert said(tmp_path / "quotes.db") == [
        ("bridge", "direct", '"The bridge will not last the winter,"', "tom-calder"),
        ("wall", "direct", "“We have waited eleven years for this wall,” “It is not pretty.”", "helen-marsh"),
        ("wall", "mixed", "“a mortgage on our grandchildren”", "tom-calder"),
        ("wall", "indirect", "the contract would be published", "helen-marsh"),
    ]
    assert sql(tmp_path / "quotes.db", "PRAGMA integrity_check") == [("ok",)]


def test_a_second_run_changes_not_one_byte(news, db, onrecord):
    before = db.read_bytes()
    result = onrecord("ingest", news, "--db", db)
    assert result.exit_code == 0
    assert "0 articles (2 unchanged)" in result.stderr
    assert db.read_bytes() == before


def test_a_changed_article_replaces_its_own_quotes(news, db, onrecord):
    before = said(db)
    (news / "bridge.md").write_text(BRIDGE.replace("the winter", "the week"), encoding="utf-8")
    result = onrecord("ingest", news, "--db", db)
    assert "1 article (1 unchanged)" in result.stderr
    after = said(db)
    assert [row for row in after if row[0] == "wall"] == [row for row in before if row[0] == "wall"]
    assert [row[2] for row in after if row[0] == "bridge"] == ['"The bridge will not last the week,"']


def test_one_file_and_the_folder_it_is_in_are_one_article(news, db, onrecord):
    result = onrecord("ingest", news / "wall.md", "--db", db)
    assert "0 articles (1 unchanged)" in result.stderr


def test_standard_input(tmp_path, onrecord):
    records = [
        {"id": "a", "text": "“Go,” said Helen Marsh."},
        {"id": "b", "text": "“We stay,” said Tom Calder."},
    ]
    result = onrecord(
        "ingest", "-", "--db", tmp_path / "q.db", input="".join(json.dumps(r) + "\n" for r in records)
    )
    assert result.exit_code == 0, result.output
    assert [row[0] for row in said(tmp_path / "q.db")] == ["a", "b"]


def test_the_folder_of_the_database_is_made(news, tmp_path, onrecord):
    assert onrecord("ingest", news, "--db", tmp_path / "new" / "deep" / "q.db").exit_code == 0
    assert (tmp_path / "new" / "deep" / "q.db").exists()


def test_the_database_may_be_named_in_the_environment(news, tmp_path, onrecord, monkeypatch):
    monkeypatch.setenv("ONRECORD_DB", str(tmp_path / "env.db"))
    assert onrecord("ingest", news).exit_code == 0
    assert (tmp_path / "env.db").exists()


# show and extract


def test_show(news, onrecord):
    result = onrecord("show", news / "wall.md")
    assert result.exit_code == 0
    shown = re.sub(r"0\.\d\d\]", "0.nn]", result.stdout)  # how sure differs in the last digit by processor
    assert shown.splitlines()[:5] == [
        "Wall to be built",
        "Northmere Echo · 2025-03-14 · https://echo.example/wall",
        "",
        "Helen Marsh  leader, Northmere Council  [direct, 0.nn]",
        "“We have waited eleven years for this wall,” “It is not pretty.”",
    ]
    assert result.stdout.splitlines()[5].startswith("mention: Helen Marsh")
    assert result.stdout.splitlines()[-1] == "3 quotes"


def test_show_says_where_nobody_is_named(onrecord):
    result = onrecord("show", "-", input="“They can bill me whatever they like,” one resident said.")
    assert result.stdout.splitlines()[2].startswith("no name  [direct")
    assert "mention: one resident   cue: said" in result.stdout


def test_show_prints_what_looks_like_markup_as_it_is(onrecord):
    result = onrecord("show", "-", input="“We [bold]all[/bold] go [red]home,” said Helen Marsh.")
    assert "“We [bold]all[/bold] go [red]home,”" in result.stdout


def test_extract_prints_a_line_an_article_with_exactly_these_keys(news, onrecord):
    result = onrecord("extract", news)
    assert result.exit_code == 0
    bridge, wall = lines(result.stdout)
    assert list(bridge) == ["id", "quotes"]
    assert [bridge["id"], wall["id"]] == ["bridge", "wall"]
    assert all(list(quote) == KEYS for article in (bridge, wall) for quote in article["quotes"])
    assert 0.5 < bridge["quotes"][0].pop("confidence") <= 1
    assert bridge["quotes"] == [
        {
            "kind": "direct",
            "spans": [[0, 38]],
            "text": '"The bridge will not last the winter,"',
            "speaker": [39, 49],
            "name": "Tom Calder",
            "speaker_id": "tom-calder",
            "role": None,
            "affiliation": None,
            "cue": [50, 54],
        }
    ]


def test_extract_counts_the_characters_of_a_text_file(tmp_path, onrecord):
    text = "  Déjà vu 😀.\r\n\r\n“Ça va,” said Helen Marsh.\r\n"
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    (quote,) = lines(onrecord("extract", path).stdout)[0]["quotes"]
    (start, end), (a, b), (c, d) = quote["spans"][0], quote["speaker"], quote["cue"]
    assert (text[start:end], text[a:b], text[c:d]) == ("“Ça va,”", "Helen Marsh", "said")


def test_extract_of_standard_input(onrecord):
    (article,) = lines(onrecord("extract", "-", input="“Go,” said Helen Marsh.").stdout)
    assert article["id"] == "stdin"
    assert [quote["name"] for quote in article["quotes"]] == ["Helen Marsh"]


def test_extract_of_an_article_without_quotes(onrecord):
    assert lines(onrecord("extract", "-", input="The bridge is shut.").stdout) == [
        {"id": "stdin", "quotes": []}
    ]


# search, export, speakers


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["wall"], ["wall"]),
        (["bridge", "--speaker", "Tom Calder"], ["bridge"]),
        (["bridge", "--speaker", "tom-calder"], ["bridge"]),
        (["eleven years"], ["wall"]),
        (["calder"], ["bridge", "mortgage"]),
        (["calder", "--since", "2025"], ["mortgage"]),
        (["calder", "--until", "2024-11"], ["bridge"]),
        (["calder", "--kind", "mixed"], ["mortgage"]),
        (["calder", "--outlet", "Port Ledger"], ["bridge"]),
        (["calder", "--limit", "1"], []),
    ],
    ids=words,
)
def test_search(db, onrecord, options, found):
    result = onrecord("search", *options, "--db", db)
    assert result.exit_code == 0, result.output
    heads = [line for line in result.stdout.splitlines() if line.startswith(("Helen Marsh", "Tom Calder"))]
    assert len(heads) == (len(found) or 1)
    assert all(word in result.stdout for word in found)


def test_search_without_a_hit_says_so(db, onrecord):
    result = onrecord("search", "elephant", "--db", db)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert str(db) in result.stderr
    assert "try fewer words" in result.stderr


@pytest.mark.parametrize(
    "words", ['"', "(", "wall AND", "wall*", "NEAR(", "text:wall", "-wall", "", "'; DROP TABLE quotes"]
)
def test_search_takes_any_words(db, onrecord, words):
    result = onrecord("search", "--db", db, "--", words)
    assert result.exit_code in (0, 1)
    assert not isinstance(result.exception, sqlite3.Error)
    assert len(said(db)) == 4


def test_export_csv(db, onrecord):
    result = onrecord("export", "--db", db)
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert sorted(row["quote"] for row in rows) == sorted(text for _, _, text, _ in said(db))
    assert {row["speaker"] for row in rows} == {"Helen Marsh", "Tom Calder"}
    assert list(rows[0]) == [
        *(
            "id",
            "published",
            "outlet",
            "speaker",
            "speaker_id",
            "role",
            "affiliation",
            "kind",
            "quote",
            "mention",
        ),
        *("title", "url", "article_id", "confidence"),
    ]


def test_export_jsonl_has_the_same_rows(db, onrecord):
    rows = list(csv.DictReader(io.StringIO(onrecord("export", "--db", db).stdout)))
    records = lines(onrecord("export", "--db", db, "--format", "jsonl").stdout)
    assert [{key: "" if value is None else str(value) for key, value in r.items()} for r in records] == rows


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ([], 4),
        (["--speaker", "helen marsh"], 2),
        (["--outlet", "Northmere Echo"], 3),
        (["--since", "2025-03"], 3),
        (["--until", "2024"], 1),
        (["--kind", "direct"], 2),
        (["--words", "winter"], 1),
        (["--speaker", "nobody"], 0),
        (["--speaker", "Tom Calder", "--since", "2025", "--kind", "mixed"], 1),
    ],
    ids=words,
)
def test_export_filters(db, onrecord, options, count):
    assert len(lines(onrecord("export", "--db", db, "--format", "jsonl", *options).stdout)) == count
    assert len(onrecord("export", "--db", db, *options).stdout.splitlines()) == count + 1


def test_export_makes_no_formulas(tmp_path, onrecord):
    onrecord(
        "ingest",
        "-",
        "--db",
        tmp_path / "q.db",
        input='{"id": "a", "title": "=1+1", "text": "“Go,” said Ann Lee."}',
    )
    (row,) = csv.DictReader(io.StringIO(onrecord("export", "--db", tmp_path / "q.db").stdout))
    assert row["title"] == "'=1+1"


def test_speakers(db, onrecord):
    result = onrecord("speakers", "--db", db)
    assert result.exit_code == 0
    head, *rows = [line.split() for line in result.stdout.splitlines() if line.strip()]
    assert head == ["quotes", "articles", "speaker", "kind", "role", "affiliation", "id"]
    assert {tuple(row[:4]) for row in rows} == {("2", "1", "Helen", "Marsh"), ("2", "2", "Tom", "Calder")}
    assert "1 more; give --limit 2" in onrecord("speakers", "--db", db, "--limit", 1).stderr


# Bad input: a message that names the file and says what to do; the rest is stored; status 1


def bad_directory(path: Path) -> None:
    path.mkdir()


def bad_link(path: Path) -> None:
    path.symlink_to(path.with_name("gone.txt"))


def bad_pipe(path: Path) -> None:
    os.mkfifo(path)


BAD_FILES = {
    "empty": ("bad.txt", b"", "empty; put the article's text in it"),
    "blank": ("bad.txt", b" \n\n ", "empty; put the article's text in it"),
    "binary": ("bad.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "binary, not text; convert it"),
    "wrongly-encoded": (
        "bad.txt",
        "“Café,” said Ann Lee.".encode("cp1252"),
        "not UTF-8 (byte 0 is 0x93); convert it",
    ),
    "UTF-16": ("bad.txt", "Go".encode("utf-16"), "UTF-16, not UTF-8; convert it"),
    "50-MB": ("bad.txt", 50_000_000, f"larger than {MAX_BYTES // 1_000_000} MB; split it"),
    "front-matter": ("bad.md", b"---\ntitle: [\n---\nText.\n", "the front matter is not valid YAML"),
    "not-JSON": ("bad.jsonl", b"{\n", "not valid JSON"),
    "no-text": ("bad.jsonl", b'{"id": "a"}\n', 'no "text" in this line'),
    "no-article": ("bad.html", b"<html></html>", "no article text in this page"),
    "broken-link": ("bad.txt", bad_link, "no such file or folder; check the name"),
    "pipe": ("bad.txt", bad_pipe, "not a regular file; pipe its content in"),
}


@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_bad_file_is_named_and_the_rest_stored(news, tmp_path, onrecord, bad):
    name, content, message = BAD_FILES[bad]
    path = news / name
    if callable(content):
        content(path)
    elif isinstance(content, int):
        with path.open("wb") as file:
            file.truncate(content)  # all zeros, and no room taken
    else:
        path.write_bytes(content)
    db = tmp_path / "q.db"
    result = onrecord("ingest", news, "--db", db)
    assert result.exit_code == 1
    assert f"left out: {path}" in result.stderr
    assert message in result.stderr
    assert "2 articles" in result.stderr
    assert len(said(db)) == 4
    ((source, error),) = sql(db, "SELECT source, error FROM failures")
    assert source.startswith(str(path))
    assert message in error

    path.unlink()
    result = onrecord("ingest", news, "--db", db)
    assert result.exit_code == 0, "what is well now is no longer a failure"
    assert sql(db, "SELECT * FROM failures") == []


def test_a_long_text_file_is_refused_by_its_size(tmp_path, onrecord):
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        for _ in range(50):
            file.write(b"The road is shut until Easter. " * 32_300)
    result = onrecord("extract", path)
    assert result.exit_code == 1
    assert f"{path}: larger than 20 MB; split it" in result.stderr


def test_a_folder_named_like_a_file(news, tmp_path, onrecord):
    (news / "x.txt").mkdir()
    result = onrecord("ingest", news / "x.txt", news, "--db", tmp_path / "q.db")
    assert result.exit_code == 1
    assert f"{news / 'x.txt'}: nothing to read in this folder; put" in result.stderr
    assert len(said(tmp_path / "q.db")) == 4


def test_a_file_that_may_not_be_read(news, tmp_path, onrecord):
    path = news / "secret.txt"
    path.write_text("“Go,” said Ann Lee.", encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    result = onrecord("ingest", news, "--db", tmp_path / "q.db")
    assert result.exit_code == 1
    assert f"{path}: cannot be opened (Permission denied); check its name and permissions" in result.stderr
    assert len(said(tmp_path / "q.db")) == 4


def test_a_source_that_is_not_there(news, tmp_path, onrecord):
    result = onrecord("ingest", tmp_path / "gone.txt", news, "--db", tmp_path / "q.db")
    assert result.exit_code == 1
    assert f"{tmp_path / 'gone.txt'}: no such file or folder; check the name" in result.stderr
    assert len(said(tmp_path / "q.db")) == 4


def test_an_empty_folder(tmp_path, onrecord):
    (tmp_path / "empty").mkdir()
    for command in (
        ["ingest", tmp_path / "empty", "--db", tmp_path / "q.db"],
        ["extract", tmp_path / "empty"],
    ):
        result = onrecord(*command)
        assert result.exit_code == 1
        assert f"{tmp_path / 'empty'}: nothing to read in this folder; put .txt, .md" in result.stderr


def test_two_articles_of_one_id(tmp_path, onrecord):
    records = [{"id": "a", "text": "“Go,” said Ann Lee."}, {"id": "a", "text": "“Stay,” said Ann Lee."}]
    result = onrecord(
        "ingest", "-", "--db", tmp_path / "q.db", input="".join(json.dumps(r) + "\n" for r in records)
    )
    assert result.exit_code == 1
    assert "two articles have the id 'a'; give each an id of its own" in result.stderr
    assert [row[2] for row in said(tmp_path / "q.db")] == ["“Go,”"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Helen Marsh said: “The road is shut.", 1),
        ("“The road is shut,” said Helen Marsh. “It", 1),
        ('The 6" gap. "The road is shut," said Helen Marsh. "', 1),
        ("“The road is shut, said Helen Marsh.\n\n“It stays shut,” she said.", 2),
    ],
    ids=["unclosed", "odd", "inches", "never closed, then another"],
)
def test_odd_marks_are_read(tmp_path, onrecord, text, count):
    (tmp_path / "odd.txt").write_text(text, encoding="utf-8")
    result = onrecord("extract", tmp_path / "odd.txt")
    assert result.exit_code == 0, result.stderr
    assert len(lines(result.stdout)[0]["quotes"]) == count


def test_an_article_that_breaks_a_stage_is_left_out_alone(news, tmp_path, onrecord, monkeypatch):
    from ingest import pipeline

    def breaks(page, scan):
        if "bridge" in page.text:
            raise IndexError("boom")
        return real(page, scan)

    real = pipeline.find
    monkeypatch.setattr(pipeline, "find", breaks)
    result = onrecord("ingest", news, "--db", tmp_path / "q.db")
    assert result.exit_code == 1
    assert "left out: bridge: IndexError: boom; " in result.stderr
    assert {row[0] for row in said(tmp_path / "q.db")} == {"wall"}


COMMANDS_ON_A_DATABASE = [["search", "wall"], ["export"], ["speakers"], ["serve", "--port", "0"]]


@pytest.mark.parametrize("command", COMMANDS_ON_A_DATABASE, ids=lambda words: words[0])
def test_a_missing_database(tmp_path, onrecord, command):
    result = onrecord(*command, "--db", tmp_path / "gone.db")
    assert result.exit_code == 1
    assert result.stderr.strip() == (
        f"error: {tmp_path / 'gone.db'} does not exist; make it with “onrecord ingest”, or give another --db"
    )
    assert not (tmp_path / "gone.db").exists()


@pytest.mark.parametrize("command", [["ingest", "NEWS"], *COMMANDS_ON_A_DATABASE], ids=lambda words: words[0])
@pytest.mark.parametrize("content", [b"not a database at all, but a note", b"SQLite format 3\0 cut short"])
def test_a_database_that_is_not_one(news, tmp_path, onrecord, command, content):
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    result = onrecord(*(news if word == "NEWS" else word for word in command), "--db", path)
    assert result.exit_code == 1
    assert str(path) in result.stderr
    assert "give another --db" in result.stderr
    assert len(result.stderr.splitlines()) == 1, "no traceback"
    assert path.read_bytes() == content


@pytest.mark.parametrize("command", [["ingest", "NEWS"], *COMMANDS_ON_A_DATABASE], ids=lambda words: words[0])
def test_somebody_elses_database(news, tmp_path, onrecord, command):
    path = tmp_path / "recipes.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (id INTEGER)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    result = onrecord(*(news if word == "NEWS" else word for word in command), "--db", path)
    assert result.exit_code == 1
    assert str(path) in result.stderr
    assert "--db" in result.stderr
    assert path.read_bytes() == before


def test_a_folder_as_the_database(news, tmp_path, onrecord):
    result = onrecord("ingest", news, "--db", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path} is a folder; give --db the name of a file in it" in result.stderr


def test_a_locked_database(news, db, onrecord, monkeypatch):
    monkeypatch.setattr("ingest.store.schema.BUSY_SECONDS", 0.1)
    (news / "bridge.md").write_text(BRIDGE.replace("winter", "week"), encoding="utf-8")
    before = said(db)
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        for command in (["ingest", news], ["search", "wall"], ["export"], ["speakers"]):
            result = onrecord(*command, "--db", db)
            assert result.exit_code == 1, command
            assert str(db) in result.stderr
            assert "locked" in result.stderr or "in use" in result.stderr
            assert len(result.stderr.splitlines()) == 1, "no traceback"
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert said(db) == before
    assert onrecord("ingest", news, "--db", db).exit_code == 0, "the next run does what this one could not"
    assert said(db) != before


@pytest.mark.parametrize(
    "command",
    [["ingest", "NEWS", "--db", "DB"], ["show", "NEWS"], ["extract", "NEWS"]],
    ids=lambda words: words[0],
)
def test_a_missing_model(news, tmp_path, onrecord, command):
    words = [{"NEWS": news / "wall.md", "DB": tmp_path / "q.db"}.get(word, word) for word in command]
    result = onrecord(*words, "--model", "xx_no_such_model")
    assert result.exit_code == 1
    assert result.stderr.strip() == (
        "error: the model xx_no_such_model is not installed; run “pip install xx-no-such-model”, "
        "or leave --model out to do without it"
    )


def test_a_model_without_entities(news, tmp_path, onrecord):
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    result = onrecord("extract", news, "--model", tmp_path / "blank")
    assert result.exit_code == 1
    assert f"the model {tmp_path / 'blank'} sees no entities; give another --model" in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--kind", "shouted"],
        ["--since", "yesterday"],
        ["--since", "2025-13"],
        ["--limit", "0"],
    ],
    ids=words,
)
def test_an_option_that_makes_no_sense(db, onrecord, options):
    result = onrecord("search", "wall", "--db", db, *options)
    assert result.exit_code != 0
    assert any(option in result.stderr for option in options)
    assert isinstance(result.exception, SystemExit), "no traceback"


def test_serve_says_when_its_port_is_in_use(db, onrecord):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = onrecord("serve", "--db", db, "--port", port)
    assert result.exit_code == 1
    assert f"127.0.0.1:{port} cannot be listened on" in result.stderr
    assert "give another --port" in result.stderr


def test_serve_gives_datasette_the_database_with_its_metadata(db, onrecord, monkeypatch):
    called = []

    def run(command, *, check):
        called.append(
            (command, json.loads(Path(command[command.index("-m", 3) + 1]).read_text(encoding="utf-8")))
        )
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("ingest.cli.publishing.subprocess.run", run)
    assert onrecord("serve", "--db", db, "--port", 0).exit_code == 0
    ((command, metadata),) = called
    assert str(db) in command
    assert list(metadata["databases"]) == ["quotes"]
    assert metadata["title"]


# On real streams


def run_it(*words: object, input: bytes = b"", **options) -> subprocess.CompletedProcess[bytes]:
    # The command's own way in: its folder may not be on the PATH.
    command = [sys.executable, "-c", "from ingest.cli import app; app()", *map(str, words)]
    return subprocess.run(command, input=input, capture_output=True, check=False, timeout=120, **options)


def test_extract_reads_and_writes_utf_8_whatever_the_locale():
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    result = run_it("extract", "-", input="“Ça va 😀,” said Helen Marsh.".encode(), env=env)
    assert result.returncode == 0, result.stderr.decode()
    assert lines(result.stdout.decode("utf-8"))[0]["quotes"][0]["text"] == "“Ça va 😀,”"


def test_exit_status_and_streams(tmp_path):
    (tmp_path / "good.txt").write_text("“Go,” said Helen Marsh.", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\0")
    result = run_it("extract", tmp_path)
    assert result.returncode == 1
    assert [article["id"] for article in lines(result.stdout.decode())] == ["good"]
    assert str(tmp_path / "bad.txt") in result.stderr.decode().replace("\n", "")


def test_usage_errors_exit_with_2():
    assert run_it("search").returncode == 2
    assert run_it("nonsense").returncode == 2


def test_export_into_a_pipe_that_closes_is_no_traceback(db):
    command = [
        sys.executable,
        "-c",
        "from ingest.cli import app; app()",
        "export",
        "--db",
        str(db),
        "--format",
        "jsonl",
    ]
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writer)
    assert b"Traceback" not in result.stderr
