"""Web archives: the pages of a WARC, as crawlers keep them."""

import gzip
from pathlib import Path

import pytest
from web_server import page

from ingest.read import parse, read
from ingest.records import Article, Failure


def archive(*pages: tuple[str, str, bytes], zipped: bool = True) -> bytes:
    """A WARC of responses, each (address, status and type, content), with its request before it."""
    records = [record("warcinfo", "", b"software: a test\r\n")]
    for address, kind, content in pages:
        status, _, content_type = kind.partition(" ")
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n\r\n"
        records.append(record("request", address, b"GET / HTTP/1.1\r\n\r\n"))
        records.append(record("response", address, head.encode() + content))
    return b"".join(gzip.compress(record) if zipped else record for record in records)


def record(kind: str, address: str, content: bytes) -> bytes:
    http = (
        ""
        if kind == "warcinfo"
        else f"WARC-Target-URI: {address}\r\nContent-Type: application/http; msgtype={kind}\r\n"
    )
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2025-03-09T10:00:00Z\r\n{http}"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content + b"\r\n\r\n"


WALL = ("https://echo.example/wall?utm_source=x", "200 text/html; charset=utf-8", page("Wall").encode())
DAM = ("https://echo.example/dam", "200 text/html", page("Dam", "It rained.").encode())


@pytest.fixture
def write(tmp_path):
    def _write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return _write


@pytest.mark.parametrize("zipped", [True, False])
def test_each_page_is_an_article_known_by_its_address(write, zipped):
    path = write("a.warc.gz" if zipped else "a.warc", archive(WALL, DAM, zipped=zipped))
    wall, dam = read([path])
    assert (wall.id, wall.title, wall.outlet) == ("https://echo.example/wall", "Wall", "Port Hanley Echo")
    assert "“We have waited long enough for this,” said Cora Quill" in wall.text
    assert (dam.id, dam.title) == ("https://echo.example/dam", "Dam")


def test_what_is_no_page_is_passed_over(write):
    others = [
        ("https://echo.example/a.jpg", "200 image/jpeg", b"\xff\xd8"),
        ("https://echo.example/gone", "404 text/html", b"<p>Gone"),
        ("https://echo.example/moved", "301 text/html", b""),
        ("dns:echo.example", "200 text/html", b"x"),
    ]
    assert [item.title for item in read([write("a.warc.gz", archive(*others, WALL))])] == ["Wall"]


def test_a_page_without_an_article_is_named_and_the_rest_goes_on(write):
    path = write("a.warc.gz", archive(("https://echo.example/", "200 text/html", b"<html></html>"), WALL))
    failure, wall = read([path])
    assert failure.source == f"{path}: https://echo.example/"
    assert f"{path}: https://echo.example/: no article text in this page" in failure.error
    assert isinstance(wall, Article)


def test_a_page_too_large(write, monkeypatch):
    monkeypatch.setattr(parse, "MAX_BYTES", 5_000)
    huge = ("https://echo.example/huge", "200 text/html", page("Huge", "Rain. " * 2_000).encode())
    failure, wall = read([write("a.warc.gz", archive(huge, WALL))])
    assert "larger than" in failure.error
    assert wall.title == "Wall"


@pytest.mark.parametrize("zipped", [True, False])
def test_cut_short(write, zipped):
    path = write("a.warc", archive(WALL, DAM, zipped=zipped)[:-300])
    wall, failure = read([path])
    assert wall.title == "Wall"
    assert failure.error.startswith(f"{path}: broken at record 5 (it")
    assert failure.error.endswith("cut short); what came before is read: fetch the archive again")


@pytest.mark.parametrize(
    "content",
    [
        b"junk\n" * 99,
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n",
        gzip.compress(b"junk"),
        b"",
    ],
)
def test_what_is_no_archive(write, content):
    path = write("a.warc", content)
    (failure,) = read([path])
    assert isinstance(failure, Failure)
    assert failure.error.startswith(f"{path}: ")


def test_no_pages(write):
    assert [item.error.partition(": ")[2] for item in read([write("a.warc", archive())])] == [
        "no page in this archive; give one that holds responses with HTML"
    ]
