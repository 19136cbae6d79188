"""A published folder: what is in it and what is not, and that it serves alone, read-only."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from test_store import HARBOUR, HARBOUR_QUOTES, VELD, simple

from ingest.publish import PublishError, publish
from ingest.records import Article, Failure
from ingest.register import Register
from ingest.store import StoreError, open_store, record_run, save, save_failure
from ingest.store.settle import settle

FILES = {
    ".dockerignore",
    "Dockerfile",
    "Procfile",
    "README.md",
    "fly.toml",
    "inspect-data.json",
    "metadata.yml",
    "quotes.db",
    "requirements.txt",
    "settings.json",
}
NOT_QUOTED = "The harbour is to close."
HERE = "/home/invented/desk"


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    """A database with a failure and a run that name folders of the machine it was made on."""
    path = tmp_path_factory.mktemp("archive") / "ours.db"
    recipe = f"1.0 r {HERE}/models/names 3.8"
    with open_store(path) as db:
        save(db, HARBOUR, HARBOUR_QUOTES, recipe=recipe)
        save(db, *simple("dog", "My dog is fine", VELD, url=f"file://{HERE}/puppy.html"), recipe=recipe)
        save(db, *simple("dog", "My dog is fine", VELD, url=f"file://{HERE}/dog.html"), recipe=recipe)
        save_failure(db, Failure(f"{HERE}/secret.txt", "read", f"{HERE}/secret.txt: is empty"))
        record_run(
            db,
            started="2025-01-01",
            version="1",
            model=f"{HERE}/models/names",
            recipe=recipe,
            articles=2,
            quotes=4,
            failures=1,
        )
        settle(db, Register.of([]), recipe=recipe)
    return path


@pytest.fixture(scope="module")
def published(archive, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("published") / "site"
    publish(archive, out)
    return out


def rows(path: Path, sql: str) -> list[tuple]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


# What is in the folder, and what is not


def test_all_that_a_host_needs_is_there_and_nothing_else(published):
    found = {path.name for path in published.iterdir()}
    [wheel] = [name for name in found if name.endswith(".whl")]
    assert found - {wheel} == FILES
    assert (published / "requirements.txt").read_text().splitlines()[0] == f"./{wheel}"
    assert list(published.parent.iterdir()) == [published]


def test_the_quotes_are_there_and_the_texts_are_not(archive, published):
    quotes = "SELECT id, text, speaker_id, number FROM quotes ORDER BY id"
    assert rows(published / "quotes.db", quotes) == rows(archive, quotes)
    assert rows(published / "quotes.db", "SELECT count(*) FROM texts") == [(0,)]
    assert NOT_QUOTED.encode() in archive.read_bytes()
    assert NOT_QUOTED.encode() not in (published / "quotes.db").read_bytes()


def test_the_words_can_still_be_searched(published):
    match = "SELECT count(*) FROM quotes_fts WHERE quotes_fts MATCH 'ferry'"
    assert rows(published / "quotes.db", match) == [(1,)]


def test_nothing_tells_where_it_was_made(archive, published):
    assert HERE.encode() in archive.read_bytes()
    for path in published.iterdir():
        assert HERE.encode() not in path.read_bytes(), path
        assert str(Path.home()).encode() + b"/" not in path.read_bytes(), path
    assert rows(published / "quotes.db", "SELECT model, recipe FROM runs") == [("names", "1.0 r names 3.8")]
    assert rows(published / "quotes.db", "SELECT url FROM articles WHERE id = 'dog'") == [(None,)]
    assert rows(published / "quotes.db", "SELECT count(*) FROM failures") == [(0,)]


def test_what_an_article_took_back_stays_back_but_for_with_text(tmp_path):
    path = tmp_path / "ours.db"
    with open_store(path) as db:
        save(db, *simple("cat", "My cat is fine", VELD), recipe="r")
        save(db, *simple("cat", "My cat is ill", VELD), recipe="r")
        settle(db, Register.of([]), recipe="r")
    publish(path, tmp_path / "site")
    publish(path, tmp_path / "whole", with_text=True)
    withdrawn = "SELECT before FROM changes WHERE what = 'quote' AND before IS NOT NULL"
    assert rows(tmp_path / "site" / "quotes.db", withdrawn) == [("",)]
    assert "fine" in rows(tmp_path / "whole" / "quotes.db", withdrawn)[0][0]


def test_with_text_the_texts_are_there(archive, tmp_path):
    publish(archive, tmp_path / "site", with_text=True)
    assert rows(tmp_path / "site" / "quotes.db", "SELECT count(*) FROM texts") == [(2,)]
    assert "The articles' texts are in it." in (tmp_path / "site" / "README.md").read_text()


def test_the_database_given_is_left_as_it_is(archive, tmp_path):
    before = archive.read_bytes()
    publish(archive, tmp_path / "site")
    assert archive.read_bytes() == before


def test_the_wheel_is_whole_and_small(published):
    [path] = published.glob("*.whl")
    with ZipFile(path) as wheel:
        assert wheel.testzip() is None
        [about] = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
        recorded = [line.split(",") for line in wheel.read(f"{about}/RECORD").decode().splitlines()]
        assert {name for name, _, _ in recorded} == set(wheel.namelist())
        for name, digest, size in recorded:
            data = wheel.read(name)
            expected = f"sha256={urlsafe_b64encode(sha256(data).digest()).rstrip(b'=').decode()}"
            assert (digest, size) == (("", "") if name.endswith("RECORD") else (expected, str(len(data))))
    assert path.stat().st_size < 2e6


# Where it may be put


def test_a_folder_of_something_else_is_refused_and_left_alone(archive, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("1")
    with pytest.raises(PublishError, match="was not published by onrecord; give another name"):
        publish(archive, tmp_path / "thesis")
    (tmp_path / "file").write_text("1")
    with pytest.raises(PublishError, match="was not published"):
        publish(archive, tmp_path / "file")
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]


def test_an_empty_folder_will_do(archive, tmp_path):
    (tmp_path / "site").mkdir()
    assert publish(archive, tmp_path / "site").quotes == 4


def test_a_published_folder_is_brought_up_to_date_and_what_people_changed_stays(archive, tmp_path):
    out = tmp_path / "site"
    publish(archive, out)
    (out / "fly.toml").write_text('app = "ours"\n')
    (out / ".git").mkdir()
    (out / ".git" / "HEAD").write_text("ref")
    (out / "settings.json").write_text("{}")
    (out / "onrecord-0.0.1-py3-none-any.whl").write_text("an older one")
    publish(archive, out)
    assert (out / "fly.toml").read_text() == 'app = "ours"\n'
    assert (out / ".git" / "HEAD").read_text() == "ref"
    assert json.loads((out / "settings.json").read_text())["default_allow_sql"] is False
    assert len(list(out.glob("*.whl"))) == 1
    assert list(tmp_path.iterdir()) == [out]


def test_a_database_that_cannot_be_published_leaves_nothing_behind(archive, tmp_path):
    with open_store(tmp_path / "half.db") as db:
        save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")
    with pytest.raises(PublishError, match="run “onrecord ingest” again"):
        publish(tmp_path / "half.db", tmp_path / "site")
    with pytest.raises(StoreError, match="does not exist"):
        publish(tmp_path / "none.db", tmp_path / "site")
    assert [path.name for path in tmp_path.iterdir()] == ["half.db"]


# As a stranger meets it


@pytest.fixture(scope="module")
def stranger(published, tmp_path_factory) -> Iterator[httpx.Client]:
    """The folder moved elsewhere, served as its README says, with nothing but its requirements installed."""
    folder = tmp_path_factory.mktemp("elsewhere")
    site, packages = folder / "site", folder / "packages"
    site.symlink_to(published)
    packages.mkdir()
    wheel, *pinned = (published / "requirements.txt").read_text().splitlines()
    with ZipFile(published / wheel) as packed:
        packed.extractall(packages)
    for line in pinned:
        name, version = line.split("==")
        assert distribution(name).version == version
        for top in {file.parts[0] for file in distribution(name).files or ()} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(distribution(name).locate_file(top))))
    command = re.search(
        r"^\.venv/bin/(datasette serve .*) --port 8001$", (site / "README.md").read_text(), re.M
    )
    assert command
    with served([sys.executable, "-S", "-m", *command[1].split()], site, packages) as client:
        yield client


class served:
    """``with served(command, folder) as client``: the process, and a client once it answers."""

    def __init__(self, command: list[str], folder: Path, packages: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environ = {key: value for key, value in os.environ.items() if key != "ONRECORD_DB"}
        environ |= {"PYTHONPATH": str(packages)} if packages else {}
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> httpx.Client:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)
        for _ in range(300):
            try:
                self.client.get("/-/versions.json")
                return self.client
            except httpx.TransportError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.process.kill()
        pytest.fail(self.process.communicate()[0])

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.process.terminate()
        self.process.communicate(timeout=20)


@pytest.mark.parametrize(
    "url", ["/", "/about", "/search?q=spring", "/speakers", "/speaker/mara-ono", "/quotes/most_quoted", "/quotes/quotes"]
)  # fmt: skip
def test_pages_are_served(stranger, url):
    page = stranger.get(url)
    assert page.status_code == 200, page.text
    assert "Ono" in page.text or url == "/about"


def test_a_quote_is_served_with_its_paragraph_and_its_article_without_the_text(stranger, published):
    [(quote,)] = rows(published / "quotes.db", "SELECT id FROM quotes WHERE text LIKE '%spring%'")
    assert "reopen it in spring" in stranger.get(f"/quote/{quote}").text
    article = stranger.get("/article/harbour")
    assert article.status_code == 200
    assert NOT_QUOTED not in article.text
    assert "reopen it in spring" in article.text


def test_texts_are_nowhere(stranger):
    assert stranger.get("/quotes/texts.json?_shape=array").json() == []
    assert stranger.get("/quotes/failures.json?_shape=array").json() == []


@pytest.mark.parametrize("url", ["/quotes", "/quotes.json", "/quotes.csv"])
def test_strangers_ask_no_sql_of_their_own(stranger, url):
    asked = stranger.get(url, params={"sql": "SELECT 31337 AS answer"})
    assert asked.status_code == 403
    assert "31337" not in asked.text.replace("SELECT 31337", "")


def test_no_where_clause_of_their_own_either(stranger):
    assert stranger.get("/quotes/quotes.json", params={"_where": "1=1"}).status_code in (400, 403)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", "/quotes/quotes/-/insert"),
        ("POST", "/quotes/most_quoted"),
        ("POST", "/quotes"),
        ("PUT", "/quotes/quotes"),
        ("DELETE", "/quote/1"),
    ],
)
def test_nobody_writes(stranger, published, method, url):
    before = sha256((published / "quotes.db").read_bytes()).digest()
    assert stranger.request(method, url, json={"rows": [{"id": "1"}]}).status_code >= 400
    assert sha256((published / "quotes.db").read_bytes()).digest() == before


def test_a_request_may_not_hold_a_core_for_more_than_two_seconds(stranger):
    limits = stranger.get("/-/settings.json").json()
    # A page of Datasette's asks for its rows and for their number.
    assert 2 * limits["sql_time_limit_ms"] <= 2000
    assert limits["allow_facet"] is False


def test_the_file_is_served_as_one_that_never_changes(stranger):
    [database] = [d for d in stranger.get("/-/databases.json").json() if d["name"] == "quotes"]
    assert database["is_mutable"] is False
    assert database["hash"]


@pytest.mark.parametrize("name", sorted(FILES - {"quotes.db"}))
def test_the_files_around_it_are_not_served(stranger, name):
    assert stranger.get(f"/{name}").status_code == 404


# By the command


def test_publish_then_serve(onrecord, archive, tmp_path):
    made = onrecord("publish", tmp_path / "site", "--db", archive)
    assert made.exit_code == 0, made.stderr
    assert f"onrecord serve {tmp_path / 'site'}" in made.stderr
    command = [sys.executable, "-c", "from ingest.cli import app; app()", "serve", str(tmp_path / "site")]
    with served(command, tmp_path) as client:
        assert "Ono" in client.get("/speakers").text
        assert client.get("/quotes.json", params={"sql": "SELECT 1"}).status_code == 403
        assert client.get("/-/databases.json").json()[0]["is_mutable"] is False


def test_behind_a_proxy_permalinks_say_https_as_the_files_for_hosts_have_it(published):
    asked = {"X-Forwarded-Proto": "https", "Host": "quotes.example"}
    for name, setting in (("Dockerfile", "FORWARDED_ALLOW_IPS=*"), ("Procfile", "FORWARDED_ALLOW_IPS='*'")):
        assert setting in (published / name).read_text()
    with served([sys.executable, "-m", "datasette", "serve", "."], published) as client:
        page = client.get("/about", headers=asked).text
    assert '<link rel="canonical" href="https://quotes.example/about">' in page


def test_serve_explains_a_folder_that_was_not_published(onrecord, tmp_path):
    refused = onrecord("serve", tmp_path)
    assert refused.exit_code == 1
    assert "make one with “onrecord publish”" in refused.stderr


def test_publish_explains_a_refusal(onrecord, archive, tmp_path):
    (tmp_path / "mine.txt").write_text("1")
    refused = onrecord("publish", tmp_path, "--db", archive)
    assert refused.exit_code == 1
    assert "give another name" in refused.stderr


def test_an_article_that_is_only_text_stays_private(tmp_path):
    with open_store(tmp_path / "a.db") as db:
        save(db, Article("plain", "Nobody is quoted in this invented note."), [], recipe="r")
        settle(db, Register.of([]), recipe="r")
    publish(tmp_path / "a.db", tmp_path / "site")
    assert b"invented note" not in (tmp_path / "site" / "quotes.db").read_bytes()
