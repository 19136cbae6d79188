"""What is listed elsewhere: feeds, sitemaps, files of addresses; and what their addresses lead to."""

import gzip
import io

import pytest
from web_server import Reply, page, serving

from ingest.read import Limits, Web, read
from ingest.read.addresses import article_id, speaks_for, web_address, without_tracking
from ingest.read.feeds import read_listing, sort_of
from ingest.records import Article, Failure

RSS = """<?xml version="1.0" encoding="utf-8"?><!-- made by hand -->
<rss version="2.0"><channel><title>Echo – news</title><link>{url}/</link>
<item><title>Wall &amp;amp; tower</title><link>{url}/wall?utm_source=rss</link><author>Ann Lee</author>
<pubDate>Tue, 04 Mar 2025 09:00:00 GMT</pubDate></item>
<item><title>Dam</title><link>/dam</link></item>
<item><title>Dam again</title><link>{url}/dam</link></item>
<item><title>No link</title></item><item><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Echo</title><entry><title>Wall</title>
<link href="{url}/wall"/><updated>2025-03-04T09:00:00Z</updated><author><name>Ann Lee</name></author></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> {url}/wall </loc><lastmod>2025-03-05</lastmod><news:news><news:publication><news:name>Echo</news:name>
</news:publication><news:publication_date>2025-03-04</news:publication_date><news:title>Wall</news:title></news:news>
</url><url><loc>{url}/dam</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{url}/one.xml</loc></sitemap><sitemap><loc>{url}/two.xml.gz</loc></sitemap></sitemapindex>"""


@pytest.fixture
def server():
    with serving() as server:
        server.pages |= {
            "/wall": page("Wall"),
            "/wall?utm_source=rss": page("Wall"),
            "/dam": page("Dam", "It rained."),
        }
        yield server


@pytest.fixture
def web():
    with Web(allow_private=True, limits=Limits(pause=0, attempts=1)) as web:
        yield web


def titles(items) -> list[str]:
    return [item.title if isinstance(item, Article) else f"! {item.error}" for item in items]


class TestWhatItIs:
    @pytest.mark.parametrize(
        ("data", "sort"),
        [
            (RSS, "feed"),
            (ATOM, "feed"),
            ("<rdf:RDF xmlns:rdf='x'/>", "feed"),
            (SITEMAP, "sitemap"),
            (INDEX, "sitemap"),
            ("\ufeff \n<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", "feed"),
            (page("RSS for all: <rss>"), "page"),
            ("<p>Hello", "page"),
            ("%PDF-1.4", None),
            ("", None),
            ("<svg xmlns='x'/>", None),
        ],
    )
    def test_its_content_says(self, data, sort):
        assert sort_of(data.encode()) == sort


class TestEntries:
    def test_rss(self):
        first, second = read_listing(
            RSS.format(url="https://echo.example").encode(), "https://echo.example/rss"
        )
        assert first.url == "https://echo.example/wall?utm_source=rss"
        assert first.facts == {
            "title": "Wall & tower",
            "author": "Ann Lee",
            "published": "Tue, 04 Mar 2025 09:00:00 GMT",
        }
        assert second.url == "https://echo.example/dam"

    def test_atom(self):
        (entry,) = read_listing(ATOM.format(url="https://echo.example").encode(), "https://echo.example/atom")
        assert (entry.url, entry.facts["published"]) == ("https://echo.example/wall", "2025-03-04T09:00:00Z")

    def test_sitemap(self):
        first, second = read_listing(
            SITEMAP.format(url="https://echo.example").encode(), "https://echo.example/s.xml"
        )
        assert (first.url, first.stamp) == ("https://echo.example/wall", "2025-03-05")
        assert first.facts == {"title": "Wall", "published": "2025-03-04"}
        assert second.facts == {"title": None, "published": None}

    def test_no_file_is_opened_and_nothing_fetched_for_what_a_feed_contains(self, tmp_path):
        secret = tmp_path / "secret.txt"
        secret.write_text("secret")
        entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
        feed = f"{entity}<rss><channel><item><title>&x;</title><link>https://echo.example/&x;</link></item></channel></rss>"
        assert "secret" not in str(
            [entry.facts["title"] for entry in read_listing(feed.encode(), "https://echo.example/")]
        )

    def test_a_bomb_of_entities(self, web, tmp_path):
        entities = [f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(11)]
        bomb = '<!DOCTYPE urlset [<!ENTITY a0 "ha">' + "".join(entities)
        path = tmp_path / "s.xml"
        path.write_text(f"{bomb}]><urlset><url><loc>&a11;</loc></url></urlset>")
        (failure,) = read([path], web=web)
        assert "the sitemap is broken" in failure.error


class TestFollowing:
    def test_a_page(self, server, web):
        server.pages["/a"] = page("Wall", head='<link rel="canonical" href="/wall?utm_medium=x">')
        (article,) = read([f"{server.url}/a"], web=web)
        assert (article.id, article.url, article.title) == (f"{server.url}/wall",) * 2 + ("Wall",)
        assert article.outlet == "Port Hanley Echo"
        assert "“We have waited long enough for this,” said Cora Quill" in article.text

    @pytest.mark.parametrize(
        ("name", "feed", "count"), [("rss", RSS, 2), ("atom", ATOM, 1), ("map", SITEMAP, 2)]
    )
    def test_each_page_that_is_listed(self, server, web, name, feed, count):
        server.pages[f"/{name}"] = Reply(feed.format(url=server.url), headers={"Content-Type": "text/plain"})
        articles = list(read([f"{server.url}/{name}"], web=web))
        assert titles(articles) == ["Wall", "Dam"][:count]
        assert articles[0].id == f"{server.url}/wall"
        assert articles[0].published == "2025-03-04"  # as the list says, since the page does not

    def test_sitemaps_of_sitemaps(self, server, web):
        server.pages |= {
            "/index.xml": INDEX.format(url=server.url),
            "/one.xml": SITEMAP.format(url=server.url),
            "/two.xml.gz": gzip.compress(SITEMAP.replace("wall", "mast").format(url=server.url).encode()),
            "/mast": page("Mast", "It is tall."),
        }
        assert titles(read([f"{server.url}/index.xml"], web=web)) == ["Wall", "Dam", "Mast"]

    def test_a_sitemap_that_lists_itself(self, server, web):
        server.pages["/one.xml"] = INDEX.format(url=server.url)
        server.pages["/two.xml.gz"] = INDEX.format(url=server.url)
        assert "too deep" in " ".join(titles(read([f"{server.url}/one.xml"], web=web)))
        assert len(server.asked) < 30

    def test_a_page_is_fetched_when_its_turn_comes(self, server, web):
        server.pages["/rss"] = RSS.format(url=server.url)
        next(read([f"{server.url}/rss"], web=web))
        assert "/dam" not in server.asked

    def test_a_page_that_cannot_be_had_does_not_stop_the_rest(self, server, web):
        server.pages["/rss"] = RSS.format(url=server.url)
        server.pages["/wall?utm_source=rss"] = Reply(status=500)
        failed, dam = read([f"{server.url}/rss"], web=web)
        assert failed == Failure(
            f"{server.url}/rss: {server.url}/wall?utm_source=rss",
            "read",
            f"{server.url}/wall?utm_source=rss: its server cannot answer now (status 500); try again later",
        )
        assert dam.title == "Dam"

    @pytest.mark.parametrize(
        ("content", "kind", "why"),
        [
            (b"%PDF-1.4 ...", "application/pdf", "not a page (application/pdf)"),
            (b"", "text/html", "empty"),
            ("<html><body></body></html>", "text/html", "no article text in this page"),
            (b"<html>\0\0\0", "text/html", "binary"),
        ],
    )
    def test_what_is_no_article(self, server, web, content, kind, why):
        server.pages["/a"] = Reply(content, headers={"Content-Type": kind})
        assert f"! {server.url}/a: {why}" in titles(read([f"{server.url}/a"], web=web))[0]

    def test_a_page_in_the_encoding_that_only_its_server_names(self, server, web):
        content = page("Wall").replace('<meta charset="utf-8">', "").encode("cp1252")
        server.pages["/a"] = Reply(content, headers={"Content-Type": "text/html; charset=ISO-8859-1"})
        (article,) = read([f"{server.url}/a"], web=web)
        assert "“We have waited long enough for this,” said" in article.text

    def test_another_outlets_address_is_not_taken_over(self, server, web):
        server.pages["/a"] = page("Wall", head='<link rel="canonical" href="https://echo.example/wall">')
        (article,) = read([f"{server.url}/a"], web=web)
        assert article.id == article.url == f"{server.url}/a"

    def test_one_article_under_two_addresses_comes_once(self, server, web):
        assert titles(read([f"{server.url}/wall", f"{server.url}/wall?utm_source=rss"], web=web)) == ["Wall"]


class TestFilesOfAddresses:
    @pytest.mark.parametrize("name", ["list.txt", "list.urls"])
    def test_each_is_followed(self, server, web, tmp_path, name):
        path = tmp_path / name
        path.write_text(f"\ufeff# ours\n{server.url}/wall\n\n  {server.url}/dam\r\n", encoding="utf-8")
        assert titles(read([path], web=web)) == ["Wall", "Dam"]

    @pytest.mark.parametrize("name", ["saved.xml", "saved.rss", "saved.xml.gz"])
    def test_saved_feeds_and_sitemaps(self, server, web, tmp_path, name):
        feed = (
            (RSS if "rss" in name else SITEMAP)
            .format(url=server.url)
            .replace("<link>/dam", f"<link>{server.url}/dam")
        )
        (tmp_path / name).write_bytes(gzip.compress(feed.encode()) if name.endswith("gz") else feed.encode())
        assert titles(read([tmp_path / name], web=web)) == ["Wall", "Dam"]

    @pytest.mark.parametrize(
        "text", [RSS.replace("<link>/dam", "<link>{url}/dam"), SITEMAP, "{url}/wall\n{url}/dam\n"]
    )
    def test_on_standard_input(self, server, web, monkeypatch, text):
        data = text.format(url=server.url).encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert titles(read(["-"], web=web)) == ["Wall", "Dam"]

    def test_a_line_that_is_no_address_is_named(self, server, web, tmp_path):
        path = tmp_path / "list.urls"
        path.write_text(f"{server.url}/wall\necho.example\n{server.url}/dam")
        wall, bad, dam = titles(read([path], web=web))
        assert (wall, dam) == ("Wall", "Dam")
        assert bad.startswith(f"! {path}:2: no web address; write one a line")

    def test_a_text_with_an_address_in_it_is_a_text(self, web, tmp_path):
        path = tmp_path / "a.txt"
        path.write_text("https://echo.example/wall\n\n“Yes,” she said.")
        (article,) = read([path], web=web)
        assert article == Article("a", path.read_text())

    def test_nothing_is_fetched_for_a_folder(self, server, web, tmp_path):
        (tmp_path / "a.txt").write_text("“Yes,” she said.")
        (tmp_path / "feed.xml").write_text(RSS.format(url=server.url))
        (tmp_path / "list.txt").write_text(f"{server.url}/wall")
        (tmp_path / "list.urls").write_text(f"{server.url}/wall")
        article, failure = read([tmp_path], web=web)
        assert article.id == "a"
        assert "list.txt: only web addresses in it; name the file itself" in failure.error
        assert server.asked == []

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("a.urls", "\n# nothing\n", "empty; write one web address a line"),
            ("a.xml", "<svg/>", "something else, not a feed or a sitemap"),
            ("a.xml", "", "empty"),
            (
                "a.rss",
                page("Wall"),
                "a page, not a feed or a sitemap; give the address of an RSS or Atom feed",
            ),
            (
                "a.rss",
                page("Wall", head='<link type="application/rss+xml" href="https://echo.example/f.xml">'),
                "a page, not a feed or a sitemap; the page names this one: https://echo.example/f.xml",
            ),
            ("a.xml", SITEMAP[:-40], "the sitemap is broken"),
        ],
    )
    def test_bad_ones(self, web, tmp_path, name, content, why):
        path = tmp_path / name
        path.write_text(content.format(url="http://127.0.0.1:9") if "{url}" in content else content)
        assert f"! {path}: {why}" in titles(read([path], web=web))[-1]


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "plain"),
        [
            ("HTTPS://Echo.example:443/Wall", "https://echo.example/Wall"),
            ("https://echo.example/wall#comments", "https://echo.example/wall"),
            (
                "https://echo.example/wall?utm_source=a&id=7&fbclid=x&at_medium=RSS",
                "https://echo.example/wall?id=7",
            ),
            ("https://echo.example/story.php?123", "https://echo.example/story.php?123"),
            ("https://echo.example/?b=2&a=1&cid=9&ref=x", "https://echo.example/?b=2&a=1&cid=9&ref=x"),
            ("https://echo.example/a%20b/../c//d", "https://echo.example/a%20b/../c//d"),
            ("http://echo.example:8080", "http://echo.example:8080/"),
        ],
    )
    def test_without_what_only_tracks_readers(self, url, plain):
        assert without_tracking(url) == plain
        assert article_id(plain) == plain

    def test_ids_are_bounded_and_differ(self):
        long = "https://echo.example/" + "x" * 900
        assert len(article_id(long)) == 500
        assert article_id(long) != article_id(long + "y")

    @pytest.mark.parametrize(
        ("page", "url", "may"),
        [
            ("https://www.echo.example/a", "https://echo.example/b", True),
            ("https://amp.echo.example/a", "https://www.echo.example/b", True),
            ("https://echo.example/a", "https://news.echo.example/b", True),
            ("https://ann.blogs.example/a", "https://bo.blogs.example/b", False),
            ("https://ann.blogs.example/a", "https://blogs.example/b", False),
            ("https://echo.example/a", "https://gazette.example/b", False),
            ("https://echo.example/a", "https://notecho.example/b", False),
            ("https://m.example/a", "https://example/b", False),
        ],
    )
    def test_a_page_speaks_for_its_own_site(self, page, url, may):
        assert speaks_for(page, url) == may

    @pytest.mark.parametrize(
        "url", ["https://[::1", "https://a.example:x/", "https:///a", "https://a.example/\u202e", 7, None]
    )
    def test_what_is_none(self, url):
        assert web_address(url) is None
