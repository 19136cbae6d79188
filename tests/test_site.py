"""The served site, by Datasette's own test client: every page, what it says, and what it refuses to do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml
from datasette.app import SETTINGS as KNOWN_SETTINGS
from datasette.app import Datasette
from datasette.plugins import pm
from test_store import HARBOUR, HARBOUR_QUOTES, ONO, VELD, simple

import ingest.site
from ingest import store
from ingest.records import Article, Attribution, Failure, Quotation, Quote, Speaker, TextSpan
from ingest.register import Entry, Register
from ingest.site import answers, charts
from ingest.site import archive as archive_module
from ingest.site.archive import Archive, TooSlow
from ingest.site.distinct import telling
from ingest.site.guard import POLICY
from ingest.site.marking import Span, marked, merged, paragraphs
from ingest.site.pages.about import measured
from ingest.site.pages.speakers import sort_name
from ingest.site.question import Question, QuestionError
from ingest.store import open_store, save
from ingest.store.settle import settle

METADATA = yaml.safe_load((Path(__file__).parents[1] / "metadata.yml").read_text("utf-8"))

EVIL = Speaker("evil/../id", "<i>Mallory</i>", "person", "<u>boss</u>", "<s>Org</s>")
UNION_SMITH = Speaker("john-smith-union", "John Smith", "person", "steward", "Dockers’ Union")
CLUB_SMITH = Speaker("john-smith-fc-lund", "John Smith", "person", "striker", "FC Lund")
MANY = 1100
# So that these tests do not depend on whom settle takes for one person.
KNOWN = Register.of(
    Entry(speaker.id, speaker.name, "person", wikidata=wikidata)
    for speaker, wikidata in (
        (ONO, "Q42"),
        (VELD, None),
        (EVIL, None),
        (UNION_SMITH, None),
        (CLUB_SMITH, None),
    )
)


def numbered() -> tuple[Article, list[Quote]]:
    """An article with more quotes than Datasette shows or exports at once, and without a date."""
    text = "\n".join(f"“Numbered {n}.”" for n in range(MANY))
    quotes, at = [], 0
    for line in text.split("\n"):
        span = TextSpan(at, at + len(line))
        quotes.append(Quote(Attribution(Quotation("direct", (span,)), None, 0.5, "cue"), VELD))
        at += len(line) + 1
    return Article("numbered", text, outlet="Counting Weekly"), quotes


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("site") / "quotes.db"
    with open_store(path) as db:
        save(db, HARBOUR, HARBOUR_QUOTES, recipe="r")
        save(
            db, *simple("tax", "We will cut the harbour tax", published="2024-11-30", title="Tax"), recipe="r"
        )
        save(db, *simple("harbours", "Harbour, harbour, my harbour", VELD, outlet="Evening Veld"), recipe="r")
        evil, quotes = simple(
            "evil",
            "<script>alert(1)</script></script><!--",
            EVIL,
            title="<script>alert(2)</script>",
            outlet="<img src=x onerror=alert(3)>",
            url="javascript:alert(4)",
        )
        save(db, evil, quotes, recipe="r")
        save(db, *simple("strike", "The strike is on", UNION_SMITH), recipe="r")
        save(db, *simple("goal", "The goal was offside", CLUB_SMITH), recipe="r")
        save(db, *simple("echo", "We will, reopen it in spring", outlet="Evening Veld"), recipe="r")
        save(db, *numbered(), recipe="r")
        store.save_failure(db, Failure("<b>.txt", "read", "<b>.txt: is empty; leave it out"))
        store.record_run(
            db, started="2025-01-01", version="1", model="m", recipe="r", articles=5, quotes=9, failures=1
        )
        settle(db, KNOWN, recipe="1")
        # What settle makes of registers, repeats and corrections is tested with the store.
        first, again = quote_ids(db, "harbour")[0], quote_ids(db, "echo")[0]
        db.execute("DELETE FROM repeats")
        db.execute(
            "INSERT INTO repeats VALUES (?, ?, 'same', 1.0, 0), (?, ?, 'near', 0.9, 1)",
            [first, first, again, first],
        )
        db.execute(
            "INSERT INTO roles VALUES ('mara-ono', 'mayor', 'Lund', '2019-05-01', null, 0, 'register')"
        )
        db.execute(
            "INSERT INTO corrections VALUES (2, 'speaker', 'tax', ?, '“We will', '', 'Mara Ono', '<b>note', 'applied')",
            quote_ids(db, "tax"),
        )
        db.conn.commit()
    return path


@pytest.fixture(scope="module")
def site(path) -> Datasette:
    # An installed project is found by its entry point; a bare source tree has none.
    if not pm.is_registered(ingest.site):
        pm.register(ingest.site, name="onrecord")
    return Datasette([], immutables=[str(path)], metadata=METADATA, settings=ingest.site.SETTINGS)


QUOTES = MANY + 9  # in the database of these tests


async def get(site: Datasette, url: str, **params: str) -> httpx.Response:
    response = await site.client.get(url.removeprefix("http://localhost"), params=params or None)
    assert response.status_code == 200, (url, params, response.text[:500])
    return response


def quote_ids(db, article: str) -> list[str]:
    return [
        row["id"]
        for row in db.query("SELECT id FROM quotes WHERE article_id = ? ORDER BY position", [article])
    ]


def quote_id(path: Path, article: str) -> str:
    with open_store(path, create=False) as db:
        return quote_ids(db, article)[0]


def said(page: str) -> list[str]:
    """The quotes that a page lists, as a reader sees them."""
    quotes = re.findall(r'<li class="quote.*?<blockquote><a [^>]*>(.*?)</a>', page, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", quote)) for quote in quotes]


def choices(page: str, facet: str) -> dict[str, int]:
    """The values of a facet, as a reader sees them, with their counts."""
    listed = page.partition(f'id="facet-{facet}"')[2].partition("</section>")[0]
    found = re.findall(r"<li>\s*<a[^>]*>(.*?)</a> <span class=\"count\">([\d,]+)<", listed, re.DOTALL)
    return {unescape(re.sub(r"<[^>]+>|×", "", label)).strip(): int(n.replace(",", "")) for label, n in found}


# metadata.yml


def test_every_table_and_column_is_described(path):
    described = {
        name: set(about["columns"]) for name, about in METADATA["databases"]["quotes"]["tables"].items()
    }
    with open_store(path, create=False) as db:
        tables = [
            table for table in db.tables if not table.name.startswith(("quotes_fts", "sqlite_"))
        ] + db.views
        assert described == {table.name: set(table.columns_dict) for table in tables}
    for about in METADATA["databases"]["quotes"]["tables"].values():
        assert about["title"]
        assert about["description"]
        assert all(about["columns"].values())


def test_every_canned_query_has_title_description_and_its_parameters():
    for name, query in METADATA["databases"]["quotes"]["queries"].items():
        assert query["title"], name
        assert query["description"], name
        assert all(f":{parameter}" in query["sql"] for parameter in query["params"]), name


def test_metadata_follows_the_name_of_the_database():
    assert ingest.site.metadata() == METADATA
    assert ingest.site.metadata("archive")["databases"] == {"archive": METADATA["databases"]["quotes"]}


def test_tables_sort_only_by_columns_without_ties(path):
    with open_store(path, create=False) as db:
        for name, about in METADATA["databases"]["quotes"]["tables"].items():
            table = db.table("quotes" if name == "citations" else name)
            unique = [index.columns for index in table.indexes if index.unique] + [table.pks]
            assert all([column] in unique for column in about["sortable_columns"]), name
            assert about.get("sort_desc") in (None, *about["sortable_columns"])


def test_settings_are_datasettes():
    assert set(ingest.site.SETTINGS) <= {setting.name for setting in KNOWN_SETTINGS}


@pytest.mark.parametrize("first", ["ingest.site", "datasette.cli"])
def test_either_may_be_imported_first(first):
    # In a process of its own: Datasette loads its plugins once, in the middle of its own import.
    code = f"""if True:
        import {first}, ingest.site
        from datasette.plugins import pm
        if not pm.is_registered(ingest.site):
            pm.register(ingest.site)
        assert "render_cell" in [hook.name for hook in pm.get_hookcallers(ingest.site)]
    """
    subprocess.run([sys.executable, "-c", code], check=True)


# Every page

OURS = [
    *("/", "/search", "/search?q=harbour", "/search?q=harbour&sort=new", "/search?q=harbour&sort=old"),
    *("/search?speaker=mara-ono", "/search?outlet=Evening+Veld&kind=direct&sure=50", "/search?year=2025"),
    *("/search?affiliation=Port+of+Lund", "/search?since=2024&until=2025-06", "/search?q=nothing+like+it"),
    *("/speakers", "/speakers?letter=O", "/speakers?letter=%23", "/speakers?name=ono", "/speakers?name=zzz"),
    *("/speaker/mara-ono", "/speaker/john-smith-union", "/speaker/evil~2F~2E~2E~2Fid"),
    *("/article/harbour", "/article/numbered", "/article/evil", "/about"),
    *("/compare", "/compare?q=harbour", "/compare?q=harbour&speaker=mara-ono&speaker=Piet+Véld"),
    "/compare?speaker=nobody&q=a",
]
DATA = [
    *("/quotes", "/-/metadata.json", "/-/plugins.json"),
    *(f"/quotes/{name}" for name in METADATA["databases"]["quotes"]["tables"]),
    *(f"/quotes/{name}" for name in METADATA["databases"]["quotes"]["queries"]),
    "/quotes/quotes?_search=harbour&speaker_id=mara-ono",
    "/quotes/quotes?_sort=sequence",
    "/quotes/quotes?_nocol=outlet",
    "/quotes/quotes?_search=nothing+like+it",
    "/quotes/citations?_search=harbour",
    "/quotes/search?words=harbour&speaker=ms+ono&outlet=the+lund+courier&since=2024&until=2025",
    "/quotes/by_speaker?speaker=Mara+Ono",
    "/quotes/who_talks_about?phrase=the+harbour",
    "/quotes/speakers/mara-ono",
    "/quotes/articles/harbour",
    "/quotes/texts/harbour",
    "/quotes/aliases/mara-ono,Ms~20Ono",
]


@pytest.mark.parametrize("url", [*OURS, *DATA])
async def test_every_page_is_there_with_our_stylesheet(site, url):
    response = await get(site, url)
    if not url.endswith(".json"):
        assert "/site.css?" in response.text
        assert response.text.count("<h1") == 1
        assert re.search(r"<title>\S.*</title>", response.text)


@pytest.mark.parametrize("url", OURS)
async def test_every_page_of_ours_has_one_address_and_a_card(site, url):
    page = (await get(site, url)).text
    assert re.search(r'<link rel="canonical" href="http://localhost/', page)
    for name in ("og:title", "og:description", "og:url", "og:site_name", "og:type"):
        assert re.search(rf'<meta property="{name}" content="[^"]+">', page), name


async def test_stylesheet_script_and_icon_are_served(site):
    home = (await get(site, "/")).text
    for kind in ("css", "js", "svg"):
        [href] = re.findall(rf'"(/-/static-plugins/[^"]+\.{kind}\?[^"]+)"', home)
        assert (await get(site, href)).content


async def test_every_link_of_ours_leads_somewhere(site, path):
    seen: set[str] = set()
    for url in [*OURS, f"/quote/{quote_id(path, 'harbour')}", "/nothing"]:
        page = (await site.client.get(url)).text
        seen |= {unescape(href) for href in re.findall(r'(?:href|action)="(/[^"#]*)', page)}
    statuses = Counter([(await site.client.get(href)).status_code for href in sorted(seen)])
    assert set(statuses) == {200}
    assert statuses[200] > 150


async def test_nothing_there_says_so_and_helps(site):
    for url in ("/nothing", "/speaker/nobody", "/quote/0", "/article/none", "/quotes/nothing", "/a/b/c/d"):
        response = await site.client.get(url)
        assert response.status_code == 404, url
        assert "Not found" in response.text
        assert 'action="/search"' in response.text
        assert "/site.css?" in response.text
    assert (await site.client.get("/speaker/nobody.csv")).status_code == 404


async def test_home_of_an_empty_database(site, tmp_path):
    open_store(tmp_path / "quotes.db").close()
    empty = Datasette([str(tmp_path / "quotes.db")], metadata=METADATA)
    assert "no quotes in the database yet" in (await get(empty, "/")).text
    for url in ("/search", "/search?q=a", "/speakers", "/compare?q=a", "/about", "/quotes", "/sitemap.xml"):
        await get(empty, url)
    assert (await get(empty, "/search.csv")).text.count("\n") == 1
    assert (await get(empty, "/search.json")).json()["quotes"] == []


async def test_without_flags_and_under_another_name(site, path, tmp_path):
    other = tmp_path / "archive.db"
    other.write_bytes(path.read_bytes())
    plain = Datasette([str(other)])
    assert 'href="/archive"' in (await get(plain, "/")).text
    assert "Piet Véld" in (await get(plain, "/speakers")).text
    named = Datasette([str(other)], metadata=ingest.site.metadata("archive"))
    assert "Quotes by a speaker" in (await get(named, "/archive")).text


async def test_under_a_prefix_every_link_has_it(site, path):
    behind = Datasette([], immutables=[str(path)], settings={"base_url": "/archive/"})
    page = (await behind.client.get("/search?q=harbour")).text
    links = re.findall(r'(?:href|action|src)="(/[^"]*)', page)
    assert links
    assert all(link.startswith("/archive/") for link in links)
    assert "Allow: /archive/quote/" in (await behind.client.get("/robots.txt")).text


async def test_beside_another_database_and_without_ours(site, path, tmp_path):
    import sqlite3

    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE t (a)")
    both = Datasette([str(other), str(path)])
    assert "Piet Véld" in (await get(both, "/speakers")).text
    alone = Datasette([str(other)])
    assert 'href="/other"' in (await get(alone, "/")).text
    assert (await alone.client.get("/search")).status_code == 404


async def test_a_database_of_another_version_says_what_to_do(site, tmp_path):
    with open_store(tmp_path / "quotes.db") as db:
        db.execute("PRAGMA user_version = 1")
    old = Datasette([str(tmp_path / "quotes.db")])
    response = await old.client.get("/")
    assert response.status_code == 500
    assert "delete it and ingest again" in response.text


# Home


async def test_home_says_what_is_in_here(site):
    home = (await get(site, "/")).text
    assert f"{QUOTES:,} quotes by 5 people and bodies, from 8 articles" in home
    assert 'action="/search"' in home
    assert "Piet Véld" in home
    assert '<a href="/search?outlet=Evening+Veld" rel="nofollow">' in home
    assert '<a href="/search?year=2024" rel="nofollow">' in home


async def test_home_shows_the_same_words_once(site, path):
    home = (await get(site, "/")).text
    with open_store(path, create=False) as db:
        same = {row["quote_id"] for row in db.query("SELECT quote_id FROM repeats")}
    shown = re.findall(r'<blockquote><a href="/quote/([^"]+)"', home)
    assert len(shown) >= 4
    assert len(same & set(shown)) == 1


# Search


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/search?q=harbour", {"“Harbour, harbour, my harbour”", "“We will cut the harbour tax”"}),
        ("/search?q=harbour&speaker=mara-ono", {"“We will cut the harbour tax”"}),
        ("/search?q=harbour&speaker=MS+ONO", {"“We will cut the harbour tax”"}),
        ("/search?q=harbour&outlet=Evening+Veld", {"“Harbour, harbour, my harbour”"}),
        ("/search?q=“harbour+tax”", {"“We will cut the harbour tax”"}),
        (
            "/search?speaker=mara-ono&year=2025&kind=direct&outlet=Evening+Veld",
            {"“We will, reopen it in spring”"},
        ),
        ("/search?affiliation=Dockers’+Union", {"“The strike is on”"}),
        ("/search?kind=indirect", {"that the ferries would stop"}),
        (
            "/search?since=2025-02",
            {"“We will,” “reopen it in spring.”", "that the ferries would stop", "“no entry here”"},
        ),
        ("/search?until=2024", {"“We will cut the harbour tax”"}),
        ("/search?sure=80&speaker=piet-veld", {"“Harbour, harbour, my harbour”"}),
    ],
)
async def test_search_finds(site, url, expected):
    assert set(said((await get(site, url)).text)) == expected


async def test_search_ranks_and_marks_as_the_command_does(site, path):
    page = (await get(site, "/search?q=harbour")).text
    assert "<mark>Harbour</mark>, <mark>harbour</mark>, my <mark>harbour</mark>" in page
    with open_store(path, create=False) as db:
        for words in ("harbour", '"we will', "numbered 7"):
            ours = [row["quote"] for row in store.search(db, words, limit=20)]
            assert said((await get(site, "/search", q=words)).text) == ours
            assert ours


@pytest.mark.parametrize("poor", ["confidence = 0.5", "kind = 'indirect'", "speaker_id = NULL"])
async def test_what_can_hardly_be_cited_is_no_good_match(tmp_path, poor):
    with open_store(tmp_path / "quotes.db") as db:
        save(db, *simple("good", "The council will look at it again"), recipe="r")
        save(db, *simple("poor", "The council is well"), recipe="r")
        before = [row["article_id"] for row in store.search(db, "council")]
        db.execute(f"UPDATE quotes SET {poor} WHERE article_id = 'poor'")
        db.conn.commit()
    page = (await get(Datasette([str(tmp_path / "quotes.db")]), "/search?q=council")).text
    assert before == ["poor", "good"]
    assert said(page) == ["“The council will look at it again”", "“The council is well”"]


async def test_search_by_date_either_way_with_undated_ones_last(site):
    newest = said((await get(site, "/search?q=will&sort=new")).text)
    assert newest[0] == "“We will,” “reopen it in spring.”"
    assert newest[-1] == "“We will cut the harbour tax”"
    assert said((await get(site, "/search?q=will&sort=old")).text)[0] == newest[-1]
    everything = said((await get(site, "/search")).text)
    assert everything[0] == "“no entry here”"
    assert said((await get(site, "/search?sort=old")).text)[0] == "“We will cut the harbour tax”"
    assert everything[-1].startswith("“Numbered")


@pytest.mark.parametrize("sort", ["new", "old"])
@pytest.mark.parametrize("question", ["/search?", "/search?speaker=piet-veld&", "/search?q=numbered&"])
async def test_next_pages_lead_through_every_quote_once(site, sort, question):
    seen: list[str] = []
    url = f"{question}sort={sort}"
    expected = {"/search?": QUOTES, "/search?speaker=piet-veld&": MANY + 2, "/search?q=numbered&": MANY}
    while url:
        page = (await get(site, url)).text
        seen += re.findall(r'<blockquote><a href="(/quote/[^"]+)"', page)
        [url] = [unescape(href) for href in re.findall(r'href="([^"]+)" rel="next', page)] or [""]
    assert len(seen) == len(set(seen)) == expected[question]


async def test_the_best_matches_end_somewhere(site):
    seen, url = [], "/search?q=numbered"
    while url:
        page = (await get(site, url)).text
        seen += re.findall(r'<blockquote><a href="(/quote/[^"]+)"', page)
        [url] = [unescape(href) for href in re.findall(r'href="([^"]+)" rel="next', page)] or [""]
    assert len(seen) == len(set(seen)) == 500
    assert "These were the best 500 matches" in page
    assert (await site.client.get("/search?q=numbered&page=26")).status_code == 400


async def test_facets_are_counted_and_named(site):
    page = (await get(site, "/search")).text
    assert choices(page, "speaker") == {
        "Piet Véld": MANY + 2,
        "Mara Ono": 3,
        "<i>Mallory</i>": 1,
        "John Smith": 1,
    }
    assert choices(page, "outlet") == {
        **{"Counting Weekly": MANY, "The Lund Courier": 6, "Evening Veld": 2},
        "<img src=x onerror=alert(3)>": 1,
    }
    assert choices(page, "kind") == {"in quotation marks": MANY + 7, "reported": 1, "partly in marks": 1}
    assert choices(page, "year") == {"2025": 8, "2024": 1}
    assert list(choices(page, "year")) == ["2025", "2024"]
    assert choices(page, "affiliation") == {
        **{"Port of Lund": 3, "<s>Org</s>": 1, "Dockers’ Union": 1, "FC Lund": 1}
    }
    assert choices(page, "sure") == {"90% or more": 7, "80% or more": 7, "50% or more": MANY + 8}


@pytest.mark.parametrize("words", ["", "q=will&"])
async def test_a_chosen_facet_still_offers_its_other_values(site, words):
    page = (await get(site, f"/search?{words}speaker=mara-ono&outlet=Evening+Veld")).text
    assert choices(page, "outlet") == {"The Lund Courier": 2, "Evening Veld": 1}
    assert choices(page, "year") == {"2025": 1}
    assert 'aria-label="Remove the filter Outlet: Evening Veld"' in page
    assert 'aria-label="Remove the filter Speaker: Mara Ono"' in page


async def test_facets_add_up_to_what_they_lead_to(site):
    for url in ("/search?kind=direct", "/search?q=will", "/search?q=harbour&year=2025"):
        page = (await get(site, url)).text
        listed = page.partition('id="narrow"')[2]
        links = re.findall(
            r'<a (?:class="chosen" )?href="([^"]+)"[^>]*>(.*?)</a> <span class="count">([\d,]+)', listed
        )
        assert links
        for href, label, count in links:
            if "×" not in label:
                shown = (await get(site, unescape(href))).text
                assert re.search(rf"<h1>{count} quotes?", shown), (href, label)


async def test_a_name_that_several_bear_names_the_others(site):
    page = (await get(site, "/search", speaker="John Smith")).text
    assert "Others go by that name too" in page
    assert "john-smith-union" in page


async def test_where_nothing_is_found_it_says_what_to_leave_out(site):
    page = (await get(site, "/search?q=harbour+tax&outlet=Evening+Veld")).text
    assert "the same without “Outlet Evening Veld”</a>: 1 quote" in page
    assert "“harbour” alone</a>: 1 quote" in page
    page = (await get(site, "/search?q=harbour&speaker=nobody")).text
    assert "Nobody is known here as “nobody”" in page


@pytest.mark.parametrize(
    "url",
    [
        *("/search?year=20x5", "/search?since=July", "/search?until=2025-13", "/search?kind=loud"),
        *("/search?sure=200", "/search?q=a&page=x", "/search?q=a&page=-1", "/search.csv?year=٢٠٢٥"),
    ],
)
async def test_what_cannot_be_searched_by_is_refused_with_advice(site, url):
    response = await site.client.get(url)
    assert response.status_code == 400
    assert "cannot be looked for" in response.text


@pytest.mark.parametrize(
    "words",
    ['"', "a OR", "NOT", "quote:", "(", "*", "'; DROP TABLE quotes", "\0", "—", "%", "a" * 5000, "a " * 900],
)
async def test_no_words_break_a_page(site, words):
    for name, query in METADATA["databases"]["quotes"]["queries"].items():
        await get(site, f"/quotes/{name}", **dict.fromkeys(query["params"], words[:500]))
    for url, field in (("/search", "q"), ("/search", "speaker"), ("/search", "outlet"), ("/compare", "q")):
        await get(site, url, **{field: words})
    await get(site, "/compare", q="harbour", speaker=words)
    await get(site, "/speakers", name=words)
    await get(site, "/search", q="harbour", sort="new", after=words)


@pytest.mark.parametrize(
    "url",
    [
        *("/quotes/quotes?_sort=text", "/quotes/quotes?_through={}", "/quotes/citations?_next=abc"),
        *(
            f"/quotes/quotes?year__gt={'9' * 30}",
            "/quotes/quotes?_size=9999999",
        ),
        *("/quotes/quotes?_search=NEAR(&_searchmode=raw", "/quotes/speakers.json?_json_infinity=abc"),
    ],
)
async def test_what_datasette_cannot_understand_is_no_failure_of_the_site(site, url):
    response = await site.client.get(url)
    assert response.status_code == 400
    assert "Something went wrong" not in response.text


def test_a_question_and_its_url_are_one():
    question = Question.of({"q": " net   zero ", "year": "2025", "outlet": "A & B", "page": "7"})
    assert question == Question(words="net zero", year="2025", outlet="A & B")
    assert question.query() == "?q=net+zero&outlet=A+%26+B&year=2025"
    again = {name: values[0] for name, values in parse_qs(urlsplit(question.query()).query).items()}
    assert Question.of(again) == question
    assert question.but(outlet="").filters() == {"year": "2025"}
    assert len(Question.of({"q": "word " * 1000}).words) <= 200
    with pytest.raises(QuestionError, match="write a year"):
        Question.of({"year": "25"})


# Speakers


async def test_speakers_are_listed_found_and_turned_over(site):
    assert re.findall(r"/speaker/([\w-]+)\"", (await get(site, "/speakers")).text)[0] == "piet-veld"
    assert "Mara Ono" in (await get(site, "/speakers?letter=O")).text
    assert "Mara Ono" not in (await get(site, "/speakers?letter=M")).text
    assert "Piet Véld" in (await get(site, "/speakers?name=veld")).text
    assert "Mara Ono" in (await get(site, "/speakers?name=ms+ono")).text
    assert "Nobody here is called" in (await get(site, "/speakers?name=zzz")).text


async def test_many_speakers_are_turned_over_each_once(site, tmp_path):
    speakers = [Speaker(f"alma-alm{n}", f"Alma Alm{n}", "person") for n in range(130)]
    with open_store(tmp_path / "quotes.db") as db:
        for speaker in speakers:
            save(db, *simple(f"by-{speaker.id}", f"I am {speaker.name}", speaker), recipe="r")
        settle(db, Register.of(Entry(one.id, one.name, "person") for one in speakers), recipe="1")
        assert db.execute("SELECT count(*) FROM speakers").fetchone() == (130,)
    many = Datasette([str(tmp_path / "quotes.db")])
    seen, url = [], "/speakers?letter=A"
    while url:
        page = (await get(many, url)).text
        seen += re.findall(r'<li><a href="/speaker/([^"]+)"', page)
        [url] = [unescape(href) for href in re.findall(r'href="([^"]+)" rel="next', page)] or [""]
    assert len(seen) == len(set(seen)) == 130


@pytest.mark.parametrize(
    ("name", "kind", "sorted"),
    [
        ("Zoë van Ångström", "person", "angstrom, zoe van"),
        ("Madonna", "person", "madonna"),
        ("The Home Office", "body", "home office"),
    ],
)
def test_people_sort_by_their_last_word(name, kind, sorted):
    assert sort_name(name, kind) == sorted


async def test_a_speakers_page(site):
    page = (await get(site, "/speaker/mara-ono")).text
    assert ">Mara Ono</h1>" in page
    assert "“Ms Ono”" in page
    assert "3 quotes in 3 articles, 30 November 2024 to 10 July 2025" in page
    assert "Mayor, Lund" in page or "mayor, Lund" in page
    assert "1 May 2019–today" in page
    assert 'href="https://www.wikidata.org/wiki/Q42"' in page
    assert '<svg class="chart" role="img"' in page
    assert 'href="/search?speaker=mara-ono&amp;outlet=Evening+Veld"' in page
    assert said(page) == [
        *(
            "“We will,” “reopen it in spring.”",
            "“We will, reopen it in spring”",
            "“We will cut the harbour tax”",
        ),
    ]
    for suffix in (".csv", ".json", ".atom"):
        assert f'href="/speaker/mara-ono{suffix}"' in page


async def test_a_namesake_is_named(site):
    page = (await get(site, "/speaker/john-smith-union")).text
    assert (
        'Not to be confused with <a href="/speaker/john-smith-fc-lund">John Smith</a> (striker, FC Lund'
        in page
    )
    assert "Not to be confused" not in (await get(site, "/speaker/mara-ono")).text


async def test_words_that_a_speaker_uses_more_than_others(site, tmp_path):
    weather = Speaker("wen-wetter", "Wen Wetter", "person")
    with open_store(tmp_path / "quotes.db") as db:
        for n in range(30):
            save(db, *simple(f"w{n}", f"The storm of day {n} will pass over all of us", weather), recipe="r")
            save(db, *simple(f"o{n}", f"The council of day {n} will look at all of it"), recipe="r")
        settle(db, Register.of([]), recipe="1")
    two = Datasette([str(tmp_path / "quotes.db")])
    page = (await get(two, "/speaker/wen-wetter")).text
    words = re.findall(r'q=(\w+)&amp;[^"]+" rel="nofollow">(\w+)</a>', page.partition("more than others")[2])
    assert "storm" in [word for word, _ in words]
    assert not {"the", "council", "will"} & {word for word, _ in words}


def test_words_stand_out_only_where_enough_was_said():
    everybody = ({"storm": 40, "the": 7_000, "all": 90_000}, 100_000)
    assert telling({"storm": 30, "the": 12, "all": 110}, everybody) == [("storm", 30)]
    assert telling({"storm": 30, "the": 12}, everybody) == []  # too few words altogether
    assert telling({"storm": 2, "the": 12, "all": 140}, everybody) == []  # too few of this one


def test_periods_have_no_gaps():
    assert charts.periods({"2025-01": 2, "2025-03": 1}) == [("2025-01", 2), ("2025-02", 0), ("2025-03", 1)]
    assert charts.periods({"2019-01": 2, "2021-03": 1}) == [("2019", 2), ("2020", 0), ("2021", 1)]
    assert charts.periods({}) == []


# A quote


async def test_a_quote_stands_in_its_context(site, path):
    page = (await get(site, f"/quote/{quote_id(path, 'harbour')}")).text
    assert (
        '<mark class="said">“We will,”</mark> <mark class="speaker">Ms Ono</mark> <mark class="cue">said</mark>,'
        ' <mark class="said">“reopen it in spring.”</mark>'
    ) in page
    assert 'href="https://example.org/harbour"' in page
    assert 'href="https://web.archive.org/web/20250710/https://example.org/harbour"' in page
    assert ", harbour master" in page
    assert ", Port of Lund" in page
    assert 'href="/article/harbour"' in page
    assert "Very likely: of 100 quotes like this one, about 90" in page
    assert "“Ms Ono”, which means Mara Ono" in page


async def test_a_quote_says_where_else_it_was_reported(site, path):
    page = (await get(site, f"/quote/{quote_id(path, 'harbour')}")).text
    assert "Also reported" in page
    assert f'href="/quote/{quote_id(path, "echo")}"' in page
    assert "first sighting" in page
    other = (await get(site, f"/quote/{quote_id(path, 'echo')}")).text
    assert "Of all these, the one on this page was published first" in other
    assert "nearly the same words" in other
    assert "Also reported" not in (await get(site, f"/quote/{quote_id(path, 'tax')}")).text


async def test_an_article_that_says_it_twice_is_no_second_witness(site, path, tmp_path):
    copy = tmp_path / "quotes.db"
    copy.write_bytes(path.read_bytes())
    with open_store(copy) as db:
        first, second, _third = quote_ids(db, "harbour")
        db.execute("INSERT INTO repeats VALUES (?, ?, 'fragment', 0.9, 0)", [second, first])
        db.conn.commit()
    twice = Datasette([str(copy)])
    page = (await get(twice, f"/quote/{first}")).text
    assert page.partition("Also reported")[2].partition("</section>")[0].count("<li>") == 1
    found = (await get(twice, f"/quote/{second}.json")).json()
    assert [row["id"] for row in found["quote"]["repeats"]] == [quote_id(copy, "echo")]


async def test_quotes_of_an_article_lead_to_each_other(site, path):
    with open_store(path, create=False) as db:
        first, second, _third = quote_ids(db, "harbour")
    page = (await get(site, f"/quote/{first}")).text
    assert "Quote 1 of 3" in page
    assert f'href="/quote/{second}" rel="next"' in page
    assert 'rel="prev"' not in page


async def test_a_source_without_a_name_is_shown_in_the_words_of_the_article(site, tmp_path):
    with open_store(tmp_path / "quotes.db") as db:
        save(db, *simple("unnamed", "I saw it", None), recipe="r")
    unnamed = Datasette([str(tmp_path / "quotes.db")], metadata=METADATA)
    page = f"/quote/{quote_id(tmp_path / 'quotes.db', 'unnamed')}"
    for url in ("/search", "/search?q=saw", page):
        shown = (await get(unnamed, url)).text
        assert "“A man”" in shown
        assert "no certain name" in shown


# An article


async def test_an_article_shows_its_text_with_the_quotes_marked(site):
    page = (await get(site, "/article/harbour")).text
    assert "The harbour is to close." in page
    assert re.search(r'<mark class="said s\d"><a href="/quote/\w+">“We will,”</a></mark>', page)
    assert page.count('class="swatch') == 2
    assert "“no entry here”" in page


async def test_an_article_without_its_text_shows_the_paragraphs_of_its_quotes(site, path, tmp_path):
    public = tmp_path / "quotes.db"
    public.write_bytes(path.read_bytes())
    with open_store(public) as db:
        db.execute("DROP TABLE texts")
    page = (await get(Datasette([str(public)]), "/article/harbour")).text
    assert "The harbour is to close." not in page
    assert "“reopen it in spring.”" in page
    assert "Only the paragraphs that quotes stand in" in page


async def test_an_article_tells_how_it_has_changed_and_a_quote_where_it_has_gone(tmp_path):
    with open_store(tmp_path / "quotes.db") as db:
        save(db, *simple("tax", "We will cut the harbour tax", title="Tax"), recipe="r")
        [gone] = quote_ids(db, "tax")
        save(db, *simple("tax", "We will <b>think</b> about it", title="No tax"), recipe="r")
    changed = Datasette([str(tmp_path / "quotes.db")])
    page = (await get(changed, "/article/tax")).text
    assert "The headline was “Tax”, and became “No tax”" in page
    assert "<q>“We will cut the harbour tax”</q>" in page
    assert "“We will &lt;b&gt;think&lt;/b&gt; about it”</a></q>" in page
    response = await changed.client.get(f"/quote/{gone}")
    assert response.status_code == 404
    assert 'The article <a href="/article/tax">No tax</a> no longer holds these words' in response.text


async def test_a_long_article_says_how_much_of_it_is_shown(site):
    page = (await get(site, "/article/numbered")).text
    assert f"The first 500 of {MANY:,} quotes" in page


def test_pieces_of_a_text_are_joined_where_they_touch():
    assert merged([(10, "cde"), (0, "ab"), (11, "defg")]) == [(0, "ab"), (10, "cdefg")]


def test_a_snippet_with_its_own_marks_stays_text():
    assert marked("⟪<b>⟫ & ⟫") == "<mark>&lt;b&gt;</mark> &amp; "
    assert marked("⟪a") == "<mark>a</mark>"


def test_spans_outside_the_paragraph_or_inside_another_are_left_out():
    spans = [Span(0, 5, "speaker"), Span(14, 17, "said"), Span(15, 16, "speaker")]
    assert paragraphs([(10, "say <x>")], spans) == '<p>say <mark class="said">&lt;x&gt;</mark></p>\n'


# Compare


async def test_two_speakers_side_by_side(site):
    page = (await get(site, "/compare?q=harbour&speaker=mara-ono&speaker=Piet+Véld")).text
    assert "<strong>1</strong> of 3 quotes (33.3%)" in page
    assert f"<strong>1</strong> of {MANY + 2:,} quotes" in page
    found = (await get(site, "/compare.json?q=harbour&speaker=mara-ono&speaker=Piet+Véld")).json()
    assert [(row["id"], row["matches"], row["years"]) for row in found["speakers"]] == [
        ("mara-ono", 1, {"2024": 1}),
        ("piet-veld", 1, {"2025": 1}),
    ]


async def test_compare_counts_what_was_said_and_not_the_name(site):
    found = (await get(site, "/compare.json?q=ono&speaker=mara-ono")).json()
    assert found["speakers"][0]["matches"] == 0


async def test_compare_suggests_who_speaks_of_it(site):
    page = (await get(site, "/compare?q=harbour")).text
    assert 'href="/compare?q=harbour&amp;speaker=mara-ono"' in page
    assert "Nobody is known here as “nobody”" in (await get(site, "/compare?q=a&speaker=nobody")).text


# About


async def test_about_says_what_was_read_by_what_and_how_well(site):
    page = (await get(site, "/about")).text
    assert f"8 articles published from 30 November 2024 to 10 July 2025, with {QUOTES:,} quotes" in page
    assert "1 input could not be read" in page
    assert "<td>m</td>" in page
    assert "1 correction:" in page
    assert "&lt;b&gt;note" not in page
    for _, scores in measured()["rows"]:
        assert all(score in page for score in scores)
    for _, shares in measured()["confidence"]:
        assert all(share in page for share in shares)
    assert "each linked from its quotes. The words belong" in page


def test_the_models_card_gives_the_scores_that_about_shows():
    found = measured()
    assert len(found["rows"]) >= 4
    assert len(found["sets"]) >= 2
    scores = [score for _, row in found["rows"] for score in row]
    assert all(re.fullmatch(r"\d\d\.\d|–", score) for score in scores)
    assert sum(score != "–" for score in scores) >= 5
    assert "18 British and other articles" in found["sets"]
    assert "0.9 and more" in dict(found["confidence"])
    shares = [share for _, row in found["confidence"] for share in row]
    assert all(re.fullmatch(r"[\d.]+% of \d+", share) for share in shares)
    assert len(shares) == len(found["confidence"]) * len(found["sets"])


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("desk+a&b@example.org", '<a href="mailto:desk%2Ba%26b@example.org'),
        ("https://example.org/report", '<a href="https://example.org/report">'),
        ("javascript:alert(1)@x", "to javascript:alert(1)@x."),
        ("", "to whoever publishes this archive."),
    ],
)
async def test_it_is_said_where_to_report(site, path, contact, shown):
    with_contact = {**METADATA, "plugins": {"onrecord": {"contact": contact}}}
    reachable = Datasette([], immutables=[str(path)], metadata=with_contact)
    for url in ("/about", f"/quote/{quote_id(path, 'tax')}"):
        page = (await get(reachable, url)).text
        assert shown in page
        assert 'href="javascript:' not in page


# What is untrusted


async def test_what_articles_say_is_never_markup(site, path):
    for url in (
        *("/", "/search", "/search?q=script", "/search?q=<b>x", "/search?outlet=<b>x", "/speakers", "/about"),
        *("/speaker/evil~2F~2E~2E~2Fid", "/article/evil", f"/quote/{quote_id(path, 'evil')}"),
        *("/compare?q=alert&speaker=evil/../id", "/compare?q=<b>x&speaker=<b>x", "/speakers?name=<b>x"),
        *("/quotes/quotes?_sort=id", "/quotes/citations?speaker=<i>Mallory</i>"),
        *("/quotes/articles", "/quotes/speakers", "/quotes/texts", "/quotes/aliases", "/quotes/failures"),
        f"/quotes/contexts/{quote_id(path, 'evil')}",
        *("/quotes/articles/evil", "/quotes/speakers/evil~2F~2E~2E~2Fid", "/quotes/contexts?method=cue"),
        *("/quotes/search?words=script", "/quotes/by_speaker?speaker=<i>Mallory</i>"),
        *("/quotes/search?words=<b>x", "/quotes/who_talks_about?phrase=alert", "/quotes/quotes?_search=<b>x"),
        *("/speaker/<b>x", "/search?year=<b>x"),
    ):
        response = await site.client.get(url)
        assert response.status_code in (200, 302, 400, 404), url
        for markup in (
            "<script>alert",
            "<img src=x",
            "<i>Mallory",
            "<u>boss",
            "<s>Org",
            "<b>.txt",
            "<b>x",
            "<!--",
        ):
            assert markup not in response.text, (url, markup)
        assert 'href="javascript:' not in response.text, url


@pytest.mark.parametrize(
    "url", ["/", "/search.csv", "/nothing", "/quotes/quotes", "/robots.txt", "/search?year=x"]
)
async def test_every_answer_is_guarded(site, url):
    headers = (await site.client.get(url)).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in headers["permissions-policy"]


@pytest.mark.parametrize(
    "url", [*OURS, "/nothing", "/quotes", "/quotes/quotes", "/quotes/search?words=harbour"]
)
async def test_no_page_has_what_its_policy_forbids(site, url):
    page = (await site.client.get(url)).text
    assert not re.findall(r"<[^>\"]+(?:\"[^\"]*\"[^>\"]*)*?\s(?:style|on\w+)=|<style", page)
    assert not re.findall(r"<script(?![^>]*(\ssrc=|application/ld\+json))", page)
    assets = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]*(?:href|src)="([^"]+)"', page)
    assert all(asset.startswith("/-/static-plugins/") for asset in assets)


async def test_crawlers_are_kept_out_of_searches_and_data(site, path):
    for url in (
        "/",
        "/about",
        "/speakers",
        "/speaker/mara-ono",
        "/article/harbour",
        f"/quote/{quote_id(path, 'tax')}",
    ):
        assert "x-robots-tag" not in (await get(site, url)).headers, url
    for url in (
        *("/search", "/search?q=harbour", "/speakers?letter=A", "/compare", "/speaker/mara-ono.csv"),
        *("/speaker/mara-ono?x=1", "/quotes", "/quotes/quotes", "/-/plugins"),
    ):
        assert (await get(site, url)).headers["x-robots-tag"] == "noindex", url


async def test_robots_rules_say_the_same(site):
    from urllib.robotparser import RobotFileParser

    rules = (await get(site, "/robots.txt")).text
    parser = RobotFileParser()
    parser.parse(rules.splitlines())
    assert parser.can_fetch("any", "http://localhost/quote/abc")
    assert parser.can_fetch("any", "http://localhost/speaker/mara-ono")
    assert not parser.can_fetch("any", "http://localhost/search?q=harbour")
    assert not parser.can_fetch("any", "http://localhost/quotes/quotes")
    assert "Sitemap: http://localhost/sitemap.xml" in rules


async def test_sitemaps_name_every_page_once(site, path):
    index = (await get(site, "/sitemap.xml")).text
    parts = re.findall(r"<loc>http://localhost([^<]+)</loc>", index)
    pages = [
        page for part in parts for page in re.findall(r"<loc>([^<]+)</loc>", (await get(site, part)).text)
    ]
    assert len(pages) == len(set(pages)) == QUOTES + 5 + 8
    assert f"http://localhost/quote/{quote_id(path, 'tax')}" in pages


# What a stranger may cost


def test_an_archive_stops_when_its_time_is_up(path):
    with open_store(path, create=False) as db:
        begun = time.thread_time()
        archive = Archive(db.conn, 0.2)
        slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        with pytest.raises(TooSlow):
            archive.rows(slow)
        with pytest.raises(TooSlow):
            archive.rows("SELECT 1")
        assert time.thread_time() - begun < 1
        assert Archive(db.conn, 1).value("SELECT 1") == 1


def test_an_archive_waits_for_a_slow_disk_only_so_long(path, monkeypatch):
    monkeypatch.setattr(archive_module, "PATIENCE", -1.0)
    with open_store(path, create=False) as db, pytest.raises(TooSlow):
        Archive(db.conn, 1).rows("SELECT 1")


async def test_a_page_that_takes_too_long_says_how_to_narrow_it_down(site, monkeypatch):
    monkeypatch.setattr(archive_module, "SECONDS", -1.0)
    for url in ("/search?q=harbour", "/speaker/mara-ono", "/search.csv"):
        response = await site.client.get(url)
        assert response.status_code == 503, url
        assert "Narrow it down" in response.text


async def test_quotes_are_shown_where_counting_takes_too_long(site, monkeypatch):
    def slow(*_):
        raise TooSlow("slow")

    monkeypatch.setattr("ingest.site.answers.facets", slow)
    page = (await get(site, "/search?q=harbour")).text
    assert len(said(page)) == 2
    assert "too much here to count" in page


async def test_advice_that_takes_too_long_is_left_out(site, monkeypatch):
    count, asked = answers.count, []

    def slow(archive, question):
        asked.append(question)
        if len(asked) > 2:
            raise TooSlow("slow")
        return count(archive, question)

    monkeypatch.setattr("ingest.site.answers.count", slow)
    page = (await get(site, "/search?q=harbour+tax&outlet=Evening+Veld")).text
    assert "Nothing that anybody said here matches" in page
    assert "the same without “Outlet Evening Veld”</a>: 1 quote" in page
    assert len(asked) == 3


async def test_ad_hoc_sql_and_foreign_facets_are_off(site):
    assert (await site.client.get("/quotes", params={"sql": "select 1"})).status_code == 403
    assert (await site.client.get("/quotes/quotes", params={"_facet": "text"})).status_code in (400, 403)


# The data


async def search(site: Datasette, **params: str) -> list[dict]:
    response = await get(site, "/quotes/search.json", _shape="array", **params)
    return list(response.json())


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"speaker": "MS ONO"}, {"tax", "harbour", "echo"}),
        ({"speaker": "mara-ono", "until": "2024"}, {"tax"}),
        ({"since": "2025-02"}, {"harbour"}),
        ({"outlet": "evening veld"}, {"echo"}),
    ],
)
async def test_canned_search_narrows(site, filters, expected):
    assert {row["article_id"] for row in await search(site, words="we will", **filters)} == expected


async def test_canned_search_ranks_as_the_command_does(site, path):
    with open_store(path, create=False) as db:
        for words in ("harbour", "véld", '"we will', "numbered 7"):
            ours = [row["id"] for row in store.search(db, words, limit=200)]
            assert [row["id"] for row in await search(site, words=words)] == ours


async def test_quotes_by_a_speaker_and_who_talks_about(site):
    by = (await get(site, "/quotes/by_speaker.json", speaker="ms ono", _shape="array")).json()
    assert [row["article_id"] for row in by] == ["harbour", "echo", "tax"]
    about = (await get(site, "/quotes/who_talks_about.json", phrase="the harbour", _shape="array")).json()
    assert [(row["speaker"], row["quotes"]) for row in about] == [("Mara Ono", 1)]
    assert (await get(site, "/quotes/who_talks_about.json", phrase="véld", _shape="array")).json() == []


async def test_the_datas_rows_lead_to_our_pages(site, path):
    tax = quote_id(path, "tax")
    page = (await get(site, "/quotes/quotes", article_id="tax")).text
    assert f'<a href="/quote/{tax}">“We will cut the harbour tax”</a>' in page
    assert '<a href="/speaker/mara-ono">Mara Ono</a>' in page
    for url, leads in (
        (f"/quotes/quotes/{tax}", f"/quote/{tax}"),
        ("/quotes/speakers/mara-ono", "/speaker/mara-ono"),
        ("/quotes/articles/tax", "/article/tax"),
    ):
        assert f'see <a href="{leads}">its page</a>' in (await get(site, url)).text
    assert f"“Numbered {MANY - 1}.”" in (await get(site, "/quotes/texts/numbered")).text


async def test_json_of_a_row_is_what_is_stored(site, path):
    row = (await get(site, f"/quotes/quotes/{quote_id(path, 'tax')}.json", _shape="array")).json()
    assert json.dumps(row, ensure_ascii=False).count("“We will cut the harbour tax”") == 1
    assert ONO.id in json.dumps(row)
