"""Any bytes at all: every source ends in articles and failures, in time that grows with its length."""

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from test_archives import DAM, WALL, archive
from test_feeds import ATOM, RSS, SITEMAP
from web_server import page

from ingest.read import SUFFIXES, ReadError, read
from ingest.read.addresses import article_id, speaks_for, web_address, without_tracking
from ingest.read.facts import article
from ingest.read.feeds import only_addresses, sort_of
from ingest.records import Article, Failure

HERE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# Whole examples of each kind, to be damaged.
GOOD = {
    ".txt": "“Yes,” said Ann Lee.".encode(),
    ".md": "---\ntitle: Wall\n---\n# Wall\n\n“Yes,” [said](x) *Ann Lee*.".encode(),
    ".html": page("Wall", head='<script type="application/ld+json">{"@type":"NewsArticle","author":[{"name":"A B"}]}</script>').encode(),
    ".jsonl": json.dumps({"text": "“Yes,” said Ann Lee.", "date": "4 March 2025", "url": "https://echo.example/"}).encode(),
    ".csv": 'text,title,date\n"“Yes,” said ""Ann"" Lee.",T,2025\n'.encode(),
    ".tsv": "text\ttitle\n“Yes.”\tT\n".encode(),
    ".warc": archive(WALL, DAM, zipped=False),
    ".warc.gz": archive(WALL),
    ".xml": SITEMAP.encode(),
    ".rss": RSS.encode(),
    ".atom": ATOM.encode(),
    ".urls": b"https://echo.example/wall\n",
}  # fmt: skip


class Offline:
    """A client that never gets anything."""

    def get(self, address, validators=None):
        raise ReadError(address, "no answer")


def check(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    items = list(read([path], web=Offline()))
    assert items
    for item in items:
        if isinstance(item, Article):
            assert item.text.strip()
            assert item.id
            assert item.url is None or item.url.startswith("http")
            assert item.published is None or len(item.published) == 10
            json.dumps(
                [item.id, item.title, item.author, item.outlet, item.text], ensure_ascii=False
            ).encode()
        else:
            assert isinstance(item, Failure)
            assert item.stage == "read"
            assert item.error.startswith((f"{path}:", "http"))
            assert len(item.error) < 2_000 + len(str(path))


@st.composite
def damaged(draw, data: bytes):
    """Some bytes with pieces cut out, doubled, overwritten or put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        data = (
            data[:start]
            + draw(st.sampled_from([b"", data[start:end] * 3, draw(st.binary(max_size=20))]))
            + data[end:]
        )
    return data


@pytest.mark.parametrize("suffix", [suffix for suffix in GOOD if suffix != ".warc.gz"] + [".parquet"])
@HERE
@given(
    data=st.one_of(
        st.binary(max_size=400), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    )
)
@example(data=b"")
@example(data=b"\x1f\x8b")
@example(data=b"\xef\xbb\xbf")
def test_any_bytes(tmp_path, suffix, data):
    check(tmp_path / f"a{suffix}", data)


@pytest.mark.parametrize("suffix", GOOD)
@HERE
@given(data=st.data())
def test_damaged_files(tmp_path, suffix, data):
    check(tmp_path / f"a{suffix}", data.draw(damaged(GOOD[suffix])))


@HERE
@given(data=st.data())
def test_damaged_parquet(tmp_path, data):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["“Yes,” said Ann Lee."] * 20, "date": ["2025-03-04"] * 20}), path)
    check(path, data.draw(damaged(path.read_bytes())))


@pytest.mark.parametrize("suffix", [".txt.gz", ".jsonl.gz", ".csv.gz"])
@HERE
@given(data=st.data())
def test_damaged_gzip(tmp_path, suffix, data):
    check(tmp_path / f"a{suffix}", data.draw(damaged(gzip.compress(GOOD[suffix.removesuffix(".gz")] * 5))))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["id", "url", "title", "outlet", "source", "author", "authors", "date", "published", "language"]
)


@HERE
@given(facts=st.dictionaries(NAMES, ANYTHING), text=ANYTHING)
def test_any_facts(tmp_path, facts, text):
    check(tmp_path / "a.jsonl", json.dumps({**facts, "text": text}).encode())


@settings(HERE, max_examples=300)
@given(
    value=st.text(max_size=70)
    | st.from_regex(r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. :,T]?[0-9]{0,14}[A-Z+-]{0,4}")
)
def test_any_date(value):
    published = article("Yes.", {"published": value}, "a").published
    assert published is None or len(published) == 10


@settings(HERE, max_examples=300)
@given(
    url=st.text(max_size=60) | st.text("https:/.?&#=[]@%aé\u0130 1", max_size=60).map("https://a.".__add__)
)
def test_any_address(url):
    address = web_address(url)
    assume(address is not None)
    plain = without_tracking(address)
    assert without_tracking(plain) == plain
    assert len(article_id(address)) <= 500
    assert speaks_for(address, address)


@HERE
@given(data=st.binary(max_size=300))
def test_any_content_is_of_some_sort_or_none(data):
    assert sort_of(data) in ("feed", "sitemap", "page", None)


@HERE
@given(text=st.text(max_size=200))
def test_only_addresses(text):
    assert all(web_address(address) for address in only_addresses(text))


# What parsers have been known to stumble over, again and again.
PATTERNS = ['"', "“", "<", "&", "\n", "(", ",", "<b>x", "<!--", "<![CDATA[", "[", "*", "> ", "- ", "[a](", "x, and ", "<h1>a | b</h1>", "<meta name=author content='a and b'>", "Photo: ", "-2019-", "<!DOCTYPE [", "<item><title>x</title><link>http://a.example/</link></item>"]  # fmt: skip
BEFORE = {
    ".html": "<html><body><article><p>",
    ".xml": "<rss><channel>",
    ".csv": "text,title\n",
    ".rss": "<urlset>",
}


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".jsonl", ".csv", ".xml", ".rss", ".warc"])
def test_time_grows_with_the_length(tmp_path, suffix):
    def seconds(pattern: str, length: int) -> float:
        text = BEFORE.get(suffix, "") + pattern * (length // len(pattern))
        data = (
            json.dumps({"text": text, "title": text, "author": text, "date": text})
            if suffix == ".jsonl"
            else text
        )
        started = time.process_time()
        check(tmp_path / f"a{suffix}", data.encode())
        return time.process_time() - started

    seconds("x", 1_000)
    slow = {}
    for pattern in PATTERNS:
        short, long = seconds(pattern, 10_000), seconds(pattern, 80_000)
        # Eight times the length may take sixteen times the time: allocation, caches, other programs.
        if long > 16 * max(short, 0.02) and seconds(pattern, 80_000) > 16 * max(
            seconds(pattern, 10_000), 0.02
        ):
            slow[pattern] = (short, long)
    assert slow == {}


def test_five_megabytes_of_quotation_marks(tmp_path):
    started = time.process_time()
    for suffix in (*SUFFIXES[:6], ".csv"):
        check(tmp_path / f"a{suffix}", b'"' * 5_000_000)
    assert time.process_time() - started < 20
