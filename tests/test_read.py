"""Sources become articles: to the character for plain text, as paragraphs for pages and Markdown."""

import gzip
import io
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from ingest.marks import marked_runs, paragraphs
from ingest.read import boilerplate, count, files, parse, read
from ingest.records import Article, Failure

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour wall to be rebuilt</title>
<meta property="og:site_name" content="Port Hanley Echo"><meta name="author" content="Ann Lee">
<meta property="article:published_time" content="2025-03-04T09:00:00Z">
<link rel="canonical" href="https://echo.example/harbour"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Harbour wall to be rebuilt</h1>
<p>The harbour wall at Port Hanley will be rebuilt before the winter, the council decided on Tuesday.</p>
<figure><img src="wall.jpg"><figcaption>Image source, Getty Images</figcaption></figure>
<p>Image caption, The wall has leaked since May</p>
<blockquote><p>“We have waited long enough for this,” said Cora Quill, the harbour master.</p>
<p>“Nobody should have to bail out a cellar twice in a year.”</p></blockquote>
<p>Work is to begin in June and should last for about twelve weeks, according to the council.</p>
</article><section class="comments"><p>First! I never liked that wall anyway.</p></section></body></html>
"""


def only(*sources: str | Path) -> Article:
    (item,) = read(sources)
    assert isinstance(item, Article), item
    return item


def refused(*sources: str | Path) -> str:
    (item,) = read(sources)
    assert isinstance(item, Failure), item
    assert item.stage == "read"
    return item.error


@pytest.fixture
def write(tmp_path):
    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


class TestPlainText:
    def test_text_is_kept_to_the_character(self, write):
        content = "  “Yes,” she said.\r\n\r\nImage caption, Ann\u00a0Lee\n\n\n\tNo.\n"
        path = write("a.txt", content)
        assert only(path) == Article(id="a", text=content)

    def test_offsets_are_those_of_the_file_read_by_python(self, write):
        path = write("a.txt", "\ufeff“Yes,” she said.\n\nNo.")
        assert only(path).text[1:] == path.read_text(encoding="utf-8")[1:]
        assert only(path).text.startswith(" “Yes")  # the byte order mark is one space

    def test_a_suffix_may_be_in_capitals(self, write):
        assert only(write("A.TXT", "Yes.")).id == "A"


class TestMarkdown:
    def test_front_matter_and_prose(self, write):
        path = write(
            "storm.md",
            "---\ntitle: Storm shuts port\nurl: https://echo.example/storm\noutlet: Echo\n"
            "author: [Ann Lee, Bo Ray]\npublished: 2025-03-04\nid: '007'\n---\n"
            "# Storm shuts port\n\nThe **port** is [shut](https://x.example),\nsaid _Bo Ray_.\n\n"
            '![A ship](ship.jpg)\n\n> “Stay &quot;in&quot;,” he said.\n\n- one\n- two\n\n<script>alert("x")</script>\n\n'
            "    An indented paragraph is prose.\n",
        )
        assert only(path) == Article(
            id="007",
            text='The port is shut, said Bo Ray.\n\n“Stay "in",” he said.\n\none\n\ntwo\n\nAn indented paragraph is prose.',
            url="https://echo.example/storm",
            title="Storm shuts port",
            outlet="Echo",
            author="Ann Lee; Bo Ray",
            published="2025-03-04",
        )

    def test_the_first_heading_is_the_title_when_nothing_else_is(self, write):
        article = only(write("a.md", "# Dam ‘safe’\n\nThe dam held.\n\n## What next\n\nMore rain."))
        assert (article.title, article.text) == ("Dam ‘safe’", "The dam held.\n\nWhat next\n\nMore rain.")

    def test_furniture_is_left_out(self, write):
        article = only(
            write("a.md", "The dam held.\n\nImage caption, The dam\n\nNobody was hurt.\n\nRead more\n")
        )
        assert article.text == "The dam held.\n\nNobody was hurt."

    def test_tables_are_left_out(self, write):
        assert (
            only(write("a.md", "The vote.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nIt passed.")).text
            == "The vote.\n\nIt passed."
        )

    @pytest.mark.parametrize(
        "front",
        [
            "title: [open",
            "title: 'a\nb: c: d",
            "- a\n- b",
            "just words",
            "x: " + "[" * 9_000,
            "a: b\n" * 9_000,
        ],
    )
    def test_bad_front_matter_names_the_file(self, write, front):
        error = refused(write("a.md", f"---\n{front}\n---\nThe dam held.\n"))
        assert "a.md: the front matter is not valid YAML" in error
        assert "name: value" in error

    def test_front_matter_that_never_ends(self, write):
        assert "not valid YAML" in refused(write("a.md", "---\ntitle: Dam\n\nThe dam held.\n"))

    def test_front_matter_makes_no_objects(self, write):
        article = only(write("a.md", "---\ntitle: !!python/object/apply:os.getcwd []\n---\nThe dam held.\n"))
        assert article.title is None


class TestPages:
    def test_article_with_its_facts(self, write):
        assert only(write("page.html", PAGE)) == Article(
            id="page",
            text="The harbour wall at Port Hanley will be rebuilt before the winter, the council decided on Tuesday.\n\n"
            "“We have waited long enough for this,” said Cora Quill, the harbour master.\n\n"
            "“Nobody should have to bail out a cellar twice in a year.”\n\n"
            "Work is to begin in June and should last for about twelve weeks, according to the council.",
            url="https://echo.example/harbour",
            title="Harbour wall to be rebuilt",
            outlet="Port Hanley Echo",
            author="Ann Lee",
            published="2025-03-04",
        )

    def test_a_page_says_itself_how_it_is_encoded(self, write):
        old = PAGE.replace("utf-8", "windows-1252").encode("windows-1252")
        assert "“We have waited long enough for this,” said" in only(write("page.htm", old)).text

    def test_an_article_laid_out_in_a_table(self, write):
        body = PAGE.replace("<article>", "<table><tr><td>").replace("</article>", "</td></tr></table>")
        assert "“We have waited long enough for this,” said" in only(write("page.html", body)).text

    @pytest.mark.parametrize(
        "page", ["<html></html>", "<p>", "<script>alert(1)</script>", "not a page <", "&#0;"]
    )
    def test_no_article_in_it(self, write, page):
        assert "page.html: no article text in this page; save" in refused(write("page.html", page))

    def test_a_page_that_would_take_minutes(self, write):
        page = PAGE.replace("</article>", "<p>Rain.</p>" * 60_000 + "</article>")
        assert "more than 100,000 tags" in refused(write("page.html", page))

    def test_a_parser_that_breaks_does_not_stop_the_run(self, write, monkeypatch):
        def broken(*args, **kwargs):
            raise RecursionError

        monkeypatch.setattr("trafilatura.bare_extraction", broken)
        first, second = read([write("page.html", PAGE), write("b.txt", "Yes.")])
        assert "cannot be parsed (RecursionError)" in first.error
        assert second.text == "Yes."


def headed(head: str, *, headline: str = "Harbour wall to be rebuilt", byline: str = "") -> str:
    """An invented page of which only the head is of interest."""
    words = (
        "The harbour wall at Port Hanley will be rebuilt before the winter, the council decided on Tuesday."
    )
    return (
        f"<html><head>{head}</head><body><article><h1>{headline}</h1>{byline}<p>{words}</p>"
        f"<p>“We have waited long enough for this,” said Cora Quill, the harbour master.</p></article></body></html>"
    )


def record(**facts: object) -> str:
    """A page's own record of its article."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **facts})}</script>'


class TestPageFacts:
    def facts(self, write, page: str) -> Article:
        return only(write("page.html", page))

    @pytest.mark.parametrize(
        ("head", "title"),
        [
            (record(headline="Harbour wall to be rebuilt"), "Harbour wall to be rebuilt"),
            ("<title>Harbour wall to be rebuilt - News - The Echo</title>", "Harbour wall to be rebuilt"),
            (
                '<meta property="og:title" content="Wall: what we know | The Echo"><meta property="og:site_name" content="The Echo">',
                "Wall: what we know",
            ),
            (
                '<meta property="og:title" content="The Echo | Wall: what we know"><meta property="og:site_name" content="The Echo">',
                "Wall: what we know",
            ),
            (record(headline="Wall &amp; tower"), "Wall & tower"),
            ("", "Harbour wall to be rebuilt"),
        ],
    )
    def test_the_headline_as_printed_or_told_without_the_outlet(self, write, head, title):
        assert self.facts(write, headed(head)).title == title

    def test_the_outlets_name_is_no_headline(self, write):
        head = (
            "<title>Wall to be rebuilt - The Echo</title>"
            + '<meta property="og:site_name" content="The Echo">'
        )
        assert self.facts(write, headed(head, headline="The Echo")).title == "Wall to be rebuilt"

    @pytest.mark.parametrize(
        ("head", "author"),
        [
            (record(author={"@type": "Person", "name": "Ann Lee"}), "Ann Lee"),
            (record(author=[{"name": "Ann Lee"}, {"name": "Bo Ray"}]), "Ann Lee; Bo Ray"),
            (record(author=["By Ann Lee and Bo Ray"]), "Ann Lee; Bo Ray"),
            (
                '<meta name="author" content="Ann Lee, The Echo"><meta property="og:site_name" content="The Echo">',
                "Ann Lee",
            ),
            (
                '<meta name="author" content="Ann B. Lee Jr., Bo Ray &amp; Cy Fox">',
                "Ann B. Lee Jr; Bo Ray; Cy Fox",
            ),
            ('<meta name="author" content="https://social.example/annlee">', None),
            ('<meta name="author" content="@annlee">', None),
            ('<meta name="author" content="admin">', None),
            (record(author={"name": "The Echo"}, publisher={"name": "The Echo"}), None),
            (record(author=[{"name": "Associated Press"}]), "Associated Press"),
            (record(author="Ann Lee, PhD, MSc and Bo Ray"), "Ann Lee, PhD, MSc; Bo Ray"),
            (record(author="ANN LEE, AP Political Writer"), "ANN LEE"),
            (record(**{"@type": "WebPage"}, headline="Wall", author={"name": "Ann Lee"}), "Ann Lee"),
            # Whose claim is looked into has not written the article.
            (
                record(author={"name": "The Echo"}, publisher={"name": "The Echo"}, about={"author": {"name": "Bo Ray"}}),
                None,
            ),
        ],
    )  # fmt: skip
    def test_authors_are_names(self, write, head, author):
        assert self.facts(write, headed(head)).author == author

    @pytest.mark.parametrize(
        ("byline", "author"),
        [
            ("<div>By <a href='/lee'>Ann Lee</a> on Tuesday, March 4th, 2025 at 11:04 a.m.</div>", "Ann Lee"),
            ("<p><span>Written by</span> <b>Ann Lee</b> and Bo Ray, The Echo</p>", "Ann Lee; Bo Ray"),
            ("<p>By Tuesday the water had gone.</p>", None),
        ],
    )
    def test_authors_as_printed_below_the_headline(self, write, byline, author):
        head = '<meta property="og:site_name" content="The Echo">'
        assert self.facts(write, headed(head, byline=byline)).author == author

    def test_an_author_told_elsewhere_in_the_page(self, write):
        people = json.dumps({"@graph": [
            {"@type": "NewsArticle", "author": {"@id": "#ann"}, "publisher": {"@id": "#echo"}},
            {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
            {"@type": "Organization", "@id": "#echo", "name": "The Echo"},
        ]})  # fmt: skip
        article = self.facts(write, headed(f'<script type="application/ld+json">{people}</script>'))
        assert (article.author, article.outlet) == ("Ann Lee", "The Echo")

    @pytest.mark.parametrize(
        ("head", "published"),
        [
            (record(datePublished="2025-03-04T09:00:00Z", dateModified="2025-03-09T09:00:00Z"), "2025-03-04"),
            ('<meta property="article:published_time" content="March 4, 2025 9:00">', "2025-03-04"),
            ('<meta name="pubdate" content="20250304">', "2025-03-04"),
            (record(datePublished="0001-01-01T00:00:00Z"), None),
            (record(datePublished="04/03/2025"), None),
            ('<link rel="canonical" href="https://echo.example/2025/mar/04/wall">', "2025-03-04"),
            # Late in the evening where the outlet is, the next day in universal time.
            (
                record(datePublished="2025-03-05T02:30:00Z")
                + '<link rel="canonical" href="https://echo.example/2025/03/04/wall">',
                "2025-03-04",
            ),
            # The address of a series that began earlier says nothing.
            (
                record(datePublished="2025-03-04")
                + '<link rel="canonical" href="https://echo.example/2019/01/01/live">',
                "2025-03-04",
            ),
        ],
    )  # fmt: skip
    def test_the_day_of_publication(self, write, head, published):
        assert self.facts(write, headed(head)).published == published

    @pytest.mark.parametrize(
        ("head", "outlet"),
        [
            (record(publisher={"name": "Port Hanley Echo"}) + '<meta property="og:site_name" content="pheecho">', "Port Hanley Echo"),
            (record(publisher={"name": "Blogger"}) + '<meta property="og:site_name" content="Echo | News and more">', "Echo"),
            ('<meta property="og:site_name" content="the Echo">', "The Echo"),
            ('<link rel="canonical" href="https://www.echo.example/wall">', "echo.example"),
            ("<title>The Echo: Harbour wall to be rebuilt</title>", "The Echo"),
            ("<title>Harbour wall to be rebuilt | The Echo</title>", "The Echo"),
            ("<title>Port Hanley: Harbour wall and tower to be rebuilt</title>", None),
        ],
    )  # fmt: skip
    def test_the_outlet_or_else_its_site(self, write, head, outlet):
        assert self.facts(write, headed(head)).outlet == outlet

    @pytest.mark.parametrize(
        "broken",
        [
            "{",
            "[" * 9_000,
            '{"@type": "NewsArticle", "author": {"author": 7}, "headline": [], "publisher": [[]]}',
            "7",
            '"x"',
        ],
    )
    def test_a_broken_record_does_no_harm(self, write, broken):
        article = self.facts(write, headed(f'<script type="application/ld+json">{broken}</script>'))
        assert article.title == "Harbour wall to be rebuilt"


@pytest.mark.slow
class TestRealPages:
    """The pages of an extraction benchmark, with their true text."""

    @pytest.fixture
    def pages(self, shared) -> list[tuple[str, Article]]:
        truth = json.loads((shared / "html" / "ground-truth.json").read_text("utf-8"))
        return [(truth[article.id]["articleBody"], article) for article in read([shared / "html"])]

    def test_text_facts_and_quotes(self, pages):
        assert len(pages) == 76
        scores, lost, quotes = [], 0, 0
        for true, article in pages:
            wanted, got = shingles(true), shingles(article.text)
            common = sum((wanted & got).values())
            scores.append(2 * common / (sum(wanted.values()) + sum(got.values())))
            words = " ".join(article.text.split())
            for run in marked_runs(true, paragraphs(true)):
                quotes += 1
                lost += " ".join(run.span.of(true).split()) not in words
        assert sum(scores) / len(scores) > 0.96  # the benchmark's own measure
        assert lost < 0.02 * quotes
        filled = {
            fact: sum(bool(getattr(article, fact)) for _, article in pages)
            for fact in ("title", "published", "author", "outlet", "url")
        }
        # The others have none: no day, no author but the outlet itself, no address and no outlet's name.
        assert filled == {"title": 76, "published": 74, "author": 65, "outlet": 74, "url": 73}


def shingles(text: str) -> Counter:
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


class TestJsonLines:
    def test_one_article_a_line(self, write):
        lines = [
            {
                "id": "x-1",
                "text": "“Yes,”\n\nhe said.",
                "url": "https://a.example/1",
                "title": "T",
                "outlet": "O",
            },
            {"text": "No.", "author": ["Ann Lee", "Bo Ray"], "published": "4 March 2025", "id": None},
            {"id": 7, "text": "Perhaps."},
        ]
        path = write("wire.jsonl", "\n\n".join(json.dumps(line) for line in lines))
        assert list(read([path])) == [
            Article("x-1", "“Yes,”\n\nhe said.", url="https://a.example/1", title="T", outlet="O"),
            Article("wire-3", "No.", author="Ann Lee; Bo Ray", published="2025-03-04"),
            Article("7", "Perhaps."),
        ]

    @pytest.mark.parametrize(
        ("bad", "why"),
        [
            ("{oops", "not valid JSON"),
            ("[" * 100_000, "not valid JSON"),
            ("[1]", 'no "text"'),
            ("{}", 'no "text"'),
            ('{"text": " "}', 'no "text"'),
            ('{"text": 5}', 'no "text"'),
            ('{"text": "a\\u0000b"}', "NUL"),
            (b'{"text": "caf\xe9"}', "not UTF-8 (byte 13 is 0xe9)"),
        ],
    )
    def test_a_bad_line_is_named_and_the_rest_goes_on(self, write, bad, why):
        bad = bad if isinstance(bad, bytes) else bad.encode()
        first, second, third = read(
            [write("wire.jsonl", b'{"text": "One."}\n' + bad + b'\n{"text": "Three."}\n')]
        )
        assert (first.text, third.text) == ("One.", "Three.")
        assert "wire.jsonl:2: " in second.error
        assert why in second.error

    def test_a_line_too_long_is_passed_over_without_reading_it_whole(self, write, monkeypatch):
        monkeypatch.setattr(parse, "MAX_BYTES", 100)
        path = write("wire.jsonl", json.dumps({"text": "x" * 1000}) + '\n{"text": "Two."}\n')
        first, second = read([path])
        assert "wire.jsonl:1: larger than" in first.error
        assert second == Article("wire-2", "Two.")

    def test_half_a_character_is_replaced_one_for_one(self, write):
        assert only(write("w.jsonl", r'{"text": "a\ud800b \ud83d\ude00"}')).text == "a\ufffdb 😀"

    def test_it_is_read_as_it_comes(self, write):
        stream = read([write("wire.jsonl", '{"text": "One."}\n' * 2 + "{oops\n" * 1000)])
        assert next(stream).text == "One."


class TestFacts:
    def facts(self, write, **given) -> Article:
        return only(write("a.jsonl", json.dumps({"text": "Yes.", **given})))

    @pytest.mark.parametrize(
        ("written", "date"),
        [
            ("2025-07-10", "2025-07-10"),
            ("2025-07-10T23:30:00+01:00", "2025-07-10"),
            ("10 July 2025", "2025-07-10"),
            ("Thursday, July 10, 2025 14:05 BST", "2025-07-10"),
            ("Thu, 10 Jul 2025 14:05:00 GMT", "2025-07-10"),
            ("25/12/2025", "2025-12-25"),
            ("10/07/2025", None),  # 10 July or 7 October
            ("July 2025", None),
            ("2025", None),
            ("14:05", None),
            ("2025-13-45", None),
            ("1752105600", None),
            (20250710, "2025-07-10"),
            ("yesterday", None),
            ("", None),
            ({"day": 1}, None),
            ("9" * 5000, None),
        ],
    )
    def test_a_date_is_whole_and_sure_or_left_out(self, write, written, date):
        assert self.facts(write, published=written).published == date

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "ftp://a.example",
            "/news/1",
            "https://",
            "https://a.example/<b>",
            "http://[::1",
            "https://a.example/" + "x" * 3000,
            "https://a.example/a b",
            "https://a.example/\u202e",
            7,
        ],
    )
    def test_only_web_addresses_are_kept(self, write, url):
        assert self.facts(write, url=url).url is None

    def test_controls_and_turns_of_direction_are_stripped(self, write):
        article = self.facts(
            write, title="Dam\x00\x1b[31m \u202eheld\u2069\nagain", author="\ud800Ann", outlet="\x07"
        )
        assert (article.title, article.author, article.outlet) == ("Dam[31m held again", "Ann", None)

    def test_lengths_are_bounded(self, write):
        article = self.facts(write, id="i" * 9000, title="t" * 9000, author=["a" * 900] * 900)
        assert max(len(article.id), len(article.title), len(article.author)) == 500


class TestFolders:
    def test_sorted_and_deep_without_hidden_or_unknown_files(self, write, tmp_path):
        for name in ["b/z.txt", "b/a.md", "a.txt", ".git/x.txt", ".hidden.txt", "notes.doc", "b/.x/y.txt"]:
            write(name, f"In {name}.")
        assert [article.id for article in read([tmp_path])] == ["a", "b/a", "b/z"]

    @pytest.mark.parametrize("name", [None, "notes.doc", ".hidden.txt"])
    def test_nothing_in_it(self, write, tmp_path, name):
        if name:
            write(name, "Words.")
        assert f"{tmp_path}: nothing to read in this folder; put .txt, " in refused(tmp_path)

    def test_bad_files_do_not_stop_the_run(self, write, tmp_path):
        write("a.txt", b"caf\xe9")
        write("b.txt", "")
        write("c.txt", "Yes.")
        (tmp_path / "d.txt").symlink_to(tmp_path / "gone")
        wrong, empty, good, gone = read([tmp_path])
        assert "a.txt: not UTF-8" in wrong.error
        assert "b.txt: empty" in empty.error
        assert good == Article("c", "Yes.")
        assert "d.txt: no such file" in gone.error

    def test_a_link_to_a_folder_is_not_followed(self, write, tmp_path):
        write("a.txt", "Yes.")
        (tmp_path / "again").symlink_to(tmp_path)
        assert only(tmp_path).id == "a"


class TestIds:
    def test_another_article_under_the_same_id_is_refused(self, write):
        first, second = read([write("x/a.txt", "One."), write("y/a.txt", "Two.")])
        assert first.text == "One."
        assert second.error.endswith("a.txt: two articles have the id 'a'; give each an id of its own")

    def test_of_a_very_long_input_the_latest_are_remembered(self, write, monkeypatch):
        monkeypatch.setattr(files, "_REMEMBERED", 2)
        lines = [json.dumps({"id": name, "text": name.upper()}) for name in "abcacdea"]
        assert [article.id for article in read([write("wire.jsonl", "\n".join(lines))])] == [
            "a",
            "b",
            "c",
            "d",
            "e",
            "a",
        ]

    def test_the_same_article_named_twice_comes_once(self, write, tmp_path):
        assert only(write("a.txt", "One."), tmp_path).text == "One."


class TestStandardInput:
    def feed(self, monkeypatch, data: bytes) -> list[Article | Failure]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        return list(read(["-"]))

    def test_plain_text(self, monkeypatch):
        data = "\r\n\n “Yes,” she said.\n\nNo."
        assert self.feed(monkeypatch, data.encode()) == [Article("stdin", data)]

    def test_json_lines_when_a_brace_comes_first(self, monkeypatch):
        first, second, third = self.feed(
            monkeypatch, b'\n {"text": "One."}\n{\n{"id": "x", "text": "Three."}'
        )
        assert (first, third) == (Article("stdin-2", "One."), Article("x", "Three."))
        assert "standard input:3: not valid JSON" in second.error

    def test_a_page(self, monkeypatch):
        (article,) = self.feed(monkeypatch, b"\n" + PAGE.encode())
        assert (article.id, article.title) == ("stdin", "Harbour wall to be rebuilt")
        assert "<p>" not in article.text

    def test_a_text_that_speaks_of_tags_is_a_text(self, monkeypatch):
        data = "A page needs <html>, <body> and <p>, said Ann Lee."
        assert self.feed(monkeypatch, data.encode()) == [Article("stdin", data)]

    @pytest.mark.parametrize("data", [b"", b"\n" * 3000])
    def test_empty(self, monkeypatch, data):
        (failure,) = self.feed(monkeypatch, data)
        assert failure.error.startswith("standard input: empty; ")


class TestBadInput:
    @pytest.mark.parametrize(
        ("name", "content", "why", "next_step"),
        [
            ("a.txt", b"", "empty", "put the article's text in it"),
            ("a.md", b" \n\n ", "empty", "put the article's text in it"),
            ("a.jsonl", b"\n", "empty", "one article a line"),
            ("a.md", b"---\ntitle: x\n---\n", "no text in it", "add the article's text"),
            ("a.txt", b"\xef\xbb\xbf", "no text in it", "add the article's text"),
            ("a.txt", b"PK\x03\x04\x00\x00zip", "binary", "convert it to plain text"),
            ("a.html", b"\x01\x02\x03\x04" * 20, "binary", "convert it to plain text"),
            ("a.txt", "“Yes”".encode("utf-16"), "UTF-16", "iconv -f UTF-16 -t UTF-8"),
            ("a.txt", b"caf\xe9 au lait", "not UTF-8 (byte 3 is 0xe9)", "iconv -f WINDOWS-1252 -t UTF-8"),
            ("a.pdf", b"%PDF-1.4", "not a kind of file that can be read", ".txt, .md, .html, .htm, .jsonl"),
            ("a", b"words", "not a kind of file that can be read", ".txt, .md, .html, .htm, .jsonl"),
        ],
    )
    def test_each_names_the_file_and_the_next_thing_to_do(self, write, name, content, why, next_step):
        path = write(name, content)
        error = refused(path)
        assert error.startswith(f"{path}: {why}")
        assert next_step in error

    @pytest.mark.parametrize("address", ["ftp://echo.example/a.txt", "file:///news/a.txt", "s3://a/b"])
    def test_an_address_that_is_none_of_the_web(self, address):
        (failure,) = read([address])
        assert isinstance(failure, Failure)
        assert failure.error.startswith(
            f"{address}: not an address of the web; give one that begins with http://"
        )

    @pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
    def test_too_large(self, write, monkeypatch, name):
        monkeypatch.setattr(parse, "MAX_BYTES", 2_000_000)
        assert "larger than 2 MB; split it" in refused(write(name, "Yes. " * 500_000))

    @pytest.mark.parametrize("name", ["gone.txt", "gone", "gone/"])
    def test_missing(self, tmp_path, name):
        assert "no such file or folder; check the name" in refused(tmp_path / name)

    @pytest.mark.parametrize("name", ["x" * 5000 + ".txt", "a\0b.txt"])
    def test_a_name_that_no_file_can_have(self, name):
        assert "cannot be opened" in refused(name)

    def test_unreadable(self, write, monkeypatch):
        path = write("a.txt", "Yes.")

        def deny(*args, **kwargs):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", deny)
        assert (
            refused(path) == f"{path}: cannot be opened (Permission denied); check its name and permissions"
        )

    def test_a_pipe_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "a.txt")
        assert "not a regular file" in refused(tmp_path / "a.txt")


BEFORE = "The council met for five hours on Tuesday and agreed to rebuild the harbour wall."
AFTER = "Work on the wall is to begin in June and should last for about twelve weeks."


class TestBoilerplate:
    @pytest.mark.parametrize(
        "line",
        [
            "open image in gallery The harbour wall, which leaked again in May ( Getty Images )",
            "View image in fullscreen",
            "Image source, Getty Images",
            "Image caption, The wall was built in 1890",
            "Media caption",
            "Photograph: Ann Lee/The Echo",
            "Photo by Ann Lee/Port Hanley Echo",
            "Cora Quill at the harbour on Monday. (Ann Lee/PA)",
            "Cora Quill at the harbour (PA Wire)",
            "Cora Quill inspects the wall. | AP Photo",
            "Ann Lee via Getty Images.",
            "Read more: “I am finished,” says harbour master",
            "RELATED: Ten harbours to see before they sink",
            "Related stories",
            "Advertisement",
            "[ADVERTISEMENT]",
            "Story continues below advertisement",
            "Sign up to our newsletter for the best of the week",
            "Subscribe to our podcast here.",
            "Follow us on Facebook",
            "Follow Ann Lee on Twitter @annlee.",
            "Share this on WhatsApp",
            "Click here to see the pictures",
            "We use cookies to make this site better.",
            "By signing up you agree to our terms.",
            "This article was amended on 5 March to correct a name.",
            "(Additional reporting by Bo Ray; Editing by Cora Quill.)",
            "Bo Ray contributed to this report.",
            "© 2025 Port Hanley Echo",
            "Your support helps us to tell the story. Our reporters are paid by readers. Donate today.",
            "Harbour master blames council for wall leak as repair bill doubles",
            "Fishing Boats Return to Port Hanley as Storm Passes",
        ],
    )
    def test_not_the_article(self, line):
        text = f"{BEFORE}\n\n{line}\n\n{AFTER}\n"
        assert [span.of(text) for span in boilerplate(text)] == [line]

    @pytest.mark.parametrize(
        "line",
        [
            "“Read more,” she said.",
            "Read more than one report before you judge, the minister told students.",
            "Sign up or leave, the harbour master told them.",
            "The Echo asked readers: “Support our journalism with your donation. Donate today.”",
            "The charity said its journalism prize depended on donations.",
            "He told Reuters.",
            "“The wall held,” the council said. (Reuters)",
            "“The wall held,” the council said (AP)",
            "Photographs by the police show the wall breaking.",
            "Photo copyright law is to be changed, the minister said.",
            "This report was published by the ministry in May and warned of leaks.",
            "Advertisement sales fell, the Echo said.",
            "Image is everything, said Cora Quill.",
            "The harbour master told the council on Monday that he would resign",
            "Harbour master told councillors on Monday in Port Hanley",
            "Cora Quill, harbour master of Port Hanley since last spring",
            "Council ‘knew wall leaked’ before winter storm hit northern ports",
            "What happens next with wall repairs at Port Hanley?",
            "Cora Quill",
            "(c) the wall shall be inspected twice a year.",
        ],
    )
    def test_prose_is_never_passed_over(self, line):
        assert boilerplate(f"{BEFORE}\n\n{line}\n\n{AFTER}\n") == []

    def test_the_first_and_the_last_line_are_no_related_headline(self):
        headline = "Harbour wall rebuilt before winter after years of leaks"
        assert boilerplate(f"{headline}\n\n{BEFORE}\n\n{AFTER}\n\n{headline}\n") == []

    def test_a_list_is_no_row_of_headlines(self):
        items = "New pumps for every cellar near harbour\n\nFree sandbags for homes below sea level"
        assert boilerplate(f"{BEFORE}\n\n{items}\n\n{AFTER}\n") == []

    def test_a_headline_may_stand_next_to_a_caption(self):
        headline = "Harbour master blames council for wall leak as bill doubles"
        text = f"{BEFORE}\n\nImage source, PA\n\n{headline}\n\nAdvertisement\n\n{AFTER}\n"
        assert [span.of(text) for span in boilerplate(text)] == [
            "Image source, PA",
            headline,
            "Advertisement",
        ]

    def test_lines_may_end_as_on_windows_or_stand_close(self):
        text = f"{BEFORE}\r\n\r\nImage source, PA\r\nImage caption, The wall\r\n\r\n{AFTER}\r\n"
        assert [span.of(text) for span in boilerplate(text)] == [
            "Image source, PA",
            "Image caption, The wall",
        ]

    def test_a_wrapped_sentence_is_one(self):
        text = "The minister told readers of the Echo that they could\nsign up for the scheme from June, or\nwait a year.\n"
        assert boilerplate(text) == []

    def test_empty_text_has_none(self):
        assert boilerplate("") == boilerplate("\n\n \n") == []


class TestCount:
    """How many articles there are, without reading them."""

    @pytest.mark.parametrize(
        ("name", "content", "articles"),
        [
            ("a.txt", b"Yes.", 1),
            ("a.html.gz", b"\x1f\x8b", 1),
            ("a.jsonl", b'{"text": "Yes."}\n\n{"text": "No."}', 2),
            ("a.jsonl.gz", gzip.compress(b'{"text": "Yes."}\n' * 3), 3),
            ("a.csv", b'text,title\n"Yes.\n\n""No.""",T\nPerhaps.,U\n', 2),
            ("a.warc", b"WARC/1.0", None),
            ("a.urls", b"https://echo.example/wall", None),
            ("a.jsonl.gz", b"\x1f\x8bbroken", None),
            ("a.pdf", b"%PDF", None),
        ],
    )
    def test_of_a_file(self, write, name, content, articles):
        path = write(name, content)
        assert count([path]) == articles
        if articles and not name.endswith("html.gz"):
            assert len(list(read([path]))) == articles

    def test_of_a_folder_only_what_is_read(self, write, tmp_path):
        for name in ("a.txt", ".hidden.txt", ".git/b.txt", "sub/c.md", "sub/d.pdf", "feed.xml"):
            write(name, "“Yes,” she said.")
        assert count([tmp_path]) == 2 == len(list(read([tmp_path])))
        assert count([tmp_path, tmp_path / "a.txt"]) == 3

    def test_of_parquet(self, tmp_path):
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.table({"text": ["Yes.", "No."]}), tmp_path / "a.parquet")
        assert count([tmp_path]) == 2

    @pytest.mark.parametrize("source", ["-", "https://echo.example/wall.html", "gone.txt"])
    def test_only_reading_tells(self, source):
        assert count([source]) is None
