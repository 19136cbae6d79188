"""What the site hands out: files that are whole at any size, feeds, citations, data for machines."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from datasette.app import Datasette
from test_site import MANY, METADATA, QUOTES, get, path, quote_id, site
from test_store import VELD, simple

from ingest import store
from ingest.corrections import COLUMNS as CORRECTION_COLUMNS
from ingest.site import archive, cite, export, guard
from ingest.site.archive import TooSlow
from ingest.store import open_store, save

__all__ = ["path", "site"]  # fixtures

ATOM = "{http://www.w3.org/2005/Atom}"

QUOTE = {
    "id": "5e0c",
    "quote": "“We will, at last, reopen it.”",
    "speaker": "Mara Ono",
    "mention": "Ms Ono",
    "role": "harbour master",
    "affiliation": None,
    "outlet": "The Lund Courier",
    "published": "2025-07-10",
    "title": "Harbour & ferries to close",
    "author": "Ann Mary Lee and Bo Ek",
    "url": "https://example.org/harbour",
    "article_id": "harbour",
}
LINK = "https://record.example/quote/5e0c"


async def exported(site: Datasette, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((await get(site, url)).text)))


# Files


@pytest.mark.parametrize(
    ("question", "words", "filters"),
    [
        ("", None, {}),
        ("speaker=piet-veld", None, {"speaker": "piet-veld"}),
        ("speaker=piet-veld&q=numbered", "numbered", {"speaker": "piet-veld"}),
        ("year=2024", None, {"until": "2024"}),
        ("q=harbour", "harbour", {}),
        ("q=nothing+like+it", "nothing like it", {}),
        ("since=2025&until=2025-06", None, {"since": "2025", "until": "2025-06"}),
    ],
)
async def test_files_are_all_that_is_filtered_and_no_more(site, path, question, words, filters):
    with open_store(path, create=False) as db:
        expected = {row["id"] for row in store.rows(db, words, **filters)}
    rows = await exported(site, f"/search.csv?{question}")
    assert len(rows) == len(expected)
    assert {row["id"] for row in rows} == expected
    found = (await get(site, f"/search.json?{question}")).json()
    assert [row["id"] for row in found["quotes"]] == [row["id"] for row in rows]
    assert found["count"] == len(expected)


async def test_files_are_newest_first_and_undated_ones_last(site):
    rows = await exported(site, "/search.csv")
    assert len(rows) == QUOTES
    dates = [row["published"] for row in rows]
    assert dates == sorted(dates, reverse=True)
    numbers = [row["quote"] for row in rows if row["article_id"] == "numbered"]
    assert numbers == [f"“Numbered {n}.”" for n in range(MANY)]


async def test_a_file_of_a_speaker_and_of_an_article(site):
    assert len(await exported(site, "/speaker/piet-veld.csv")) == MANY + 2
    found = (await get(site, "/speaker/mara-ono.json")).json()
    assert found["speaker"]["aliases"] == ["Ms Ono"]
    assert len(found["quotes"]) == 3
    assert [row["position"] for row in await exported(site, "/article/harbour.csv")] == ["1", "2", "3"]
    assert (await get(site, "/article/harbour.json")).json()["article"]["title"] == "Harbour to close"
    assert len(await exported(site, "/speakers.csv")) == 5
    assert (await get(site, "/speakers.json")).json()["speakers"][0]["id"] == "piet-veld"


async def test_a_row_has_all_that_a_citation_needs(site, path):
    [row] = await exported(site, "/search.csv?q=tax")
    key = quote_id(path, "tax")
    assert row["link"] == f"http://localhost/quote/{key}"
    assert (row["speaker"], row["speaker_id"], row["role"]) == ("Mara Ono", "mara-ono", "harbour master")
    assert (row["outlet"], row["published"], row["title"]) == ("The Lund Courier", "2024-11-30", "Tax")


async def test_a_file_is_whole_though_every_query_must_be_cut_in_parts(site, monkeypatch):
    """As at a million quotes: what takes too long is asked for in smaller parts, and nothing is lost."""
    sizes = {"_keys": [], "fetch": []}
    consult = export.consult

    async def hurried(datasette, function, *args):
        size = {"_keys": lambda: args[2] - args[1] + 1, "fetch": lambda: len(args[0])}.get(function.__name__)
        if size:
            sizes[function.__name__].append(size())
            if size() > 300:
                raise TooSlow("slow")
        return await consult(datasette, function, *args)

    monkeypatch.setattr(export, "consult", hurried)
    rows = await exported(site, "/search.csv")
    assert len({row["id"] for row in rows}) == QUOTES
    assert max(sizes["_keys"]) > 300 > min(sizes["_keys"])
    assert max(sizes["fetch"]) > 300 > min(sizes["fetch"])


async def test_a_file_that_cannot_be_finished_breaks_off_and_does_not_look_whole(site, monkeypatch):
    consult, asked = export.consult, []

    async def failing(datasette, function, *args):
        if function.__name__ == "fetch":
            asked.append(args)
            if len(asked) > 2:
                raise TooSlow("slow")
        return await consult(datasette, function, *args)

    monkeypatch.setattr(export, "consult", failing)
    with pytest.raises(ConnectionAbortedError):
        await site.client.get("/search.csv")
    assert len(asked) > 2


def test_numbers_and_days_fit_in_a_key():
    assert export._NUMBER * export._before(None) + export._NUMBER - 1 < 2**63
    assert export._before("2025-07-11") < export._before("2025-07-10") < export._before("soon")


@pytest.mark.parametrize("said", ["=1+1", "+44 is the code", "-5 degrees", "@all of you", "\tnow"])
async def test_a_spreadsheet_runs_nothing(site, tmp_path, said):
    text = f"{said} and that is it"
    with open_store(tmp_path / "quotes.db") as db:
        article, quotes = simple("one", text, VELD, title=said)
        save(db, article, quotes, recipe="r")
        db.execute("UPDATE quotes SET text = ?", [text])
        db.conn.commit()
    [row] = await exported(Datasette([str(tmp_path / "quotes.db")]), "/search.csv")
    assert row["quote"] == "'" + text
    assert row["title"].startswith("'")
    [row] = await exported(Datasette([str(tmp_path / "quotes.db")]), "/quotes/quotes.csv?_stream=on")
    assert row["text"] == "'" + text


def test_rows_of_a_file_are_harmless_and_otherwise_as_they_were():
    rows = '-5,-0.5,2025-01-02,"a ""b"", =c\r\n=d",\r\n=1+1,"=""x"", 1",-5 degrees,a=b,é,\r\n'
    assert guard.harmless(rows) == (
        '-5,-0.5,2025-01-02,"a ""b"", =c\r\n=d",\r\n\'=1+1,"\'=""x"", 1",\'-5 degrees,a=b,é,\r\n'
    )
    long = f'"{"a, " * 100_000}"\r\n'
    assert guard.harmless(long) == long
    with pytest.raises(ConnectionAbortedError, match="interrupted"):
        guard.harmless("interrupted")


async def test_a_file_of_the_data_that_cannot_be_finished_does_not_look_whole(site, monkeypatch):
    from datasette.views.table import TableView

    data = TableView.data

    async def failing(self, request, **more):
        if more.get("_next"):
            raise TooSlow("slow")
        return await data(self, request, **more)

    monkeypatch.setattr(TableView, "data", failing)
    with pytest.raises(ConnectionAbortedError):
        await site.client.get("/quotes/quotes.csv?_stream=on&_sort=sequence")


async def test_a_table_of_the_data_is_exported_whole_too(site):
    page = (await get(site, "/quotes/quotes?_sort=sequence")).text
    href = re.findall(r'All of them as <a href="([^"]+)"', page)[0].replace("&amp;", "&")
    assert len(await exported(site, href)) == QUOTES


# Feeds


@pytest.mark.parametrize("url", ["/search.atom?q=harbour", "/search.atom", "/speaker/mara-ono.atom"])
async def test_a_feed_is_atom(site, path, url):
    response = await get(site, url)
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"http://localhost{url}"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert element.findtext(f"{ATOM}title")
        assert element.findtext(f"{ATOM}id").startswith("http://localhost/")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", element.findtext(f"{ATOM}updated"))


async def test_a_feed_is_named_as_people_would_name_it(site):
    feed = ElementTree.fromstring((await get(site, "/search.atom?q=harbour&speaker=mara-ono")).content)
    assert feed.findtext(f"{ATOM}title") == "Quotes: harbour, Mara Ono – On the record"


async def test_a_feed_has_the_newest_first_and_an_end(site):
    feed = ElementTree.fromstring((await get(site, "/search.atom")).content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 50
    dates = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0]


async def test_a_feed_holds_no_markup_of_an_article_and_nothing_that_xml_cannot_hold(site, tmp_path):
    with open_store(tmp_path / "quotes.db") as db:
        save(db, *simple("odd", "odd \x0b\x00 </content><script>", VELD, url="javascript:x"), recipe="r")
    feed = ElementTree.fromstring(
        (await get(Datasette([str(tmp_path / "quotes.db")]), "/search.atom")).content
    )
    content = feed.findtext(f"{ATOM}entry/{ATOM}content")
    assert "&lt;/content&gt;&lt;script&gt;" in content
    assert "javascript:" not in content


# Citations


def test_a_citation_in_words():
    assert cite.plain(QUOTE, LINK) == (
        "Mara Ono, harbour master: “We will, at last, reopen it.” The Lund Courier, 10 July 2025, “Harbour &"
        " ferries to close”. https://example.org/harbour Quoted at https://record.example/quote/5e0c"
    )
    bare = {"id": "1", "quote": "he would go", "mention": "a man", "article_id": "x"}
    assert cite.plain(bare, LINK) == f"a man: “he would go” Quoted at {LINK}"


def test_a_citation_in_the_style_of_the_apa():
    assert cite.apa(QUOTE, LINK) == (
        "Lee, A. M., & Ek, B. (2025, July 10). Harbour & ferries to close. The Lund Courier."
        f" https://example.org/harbour (Mara Ono: “We will, at last, reopen it.”; {LINK})"
    )
    assert cite.apa({**QUOTE, "author": None}, LINK).startswith("The Lund Courier. (2025, July 10). Harbour")
    assert cite.apa({**QUOTE, "published": None}, LINK).startswith("Lee, A. M., & Ek, B. (n.d.). ")
    assert cite.apa({**QUOTE, "author": "staff and agencies"}, LINK).startswith("staff and agencies. (")


def test_a_citation_as_bibtex():
    assert cite.bibtex(QUOTE, LINK) == (
        "@misc{onrecord-5e0c,\n  author = {Ann Mary Lee and Bo Ek},\n  title = {Harbour \\& ferries to close},\n"
        "  howpublished = {The Lund Courier},\n  year = {2025},\n  month = {7},\n  day = {10},\n"
        "  url = {https://example.org/harbour},\n"
        "  note = {Mara Ono, harbour master: “We will, at last, reopen it.” Quoted at \\url{" + LINK + "}}\n}"
    )
    wild = cite.bibtex({**QUOTE, "title": "50% {of} #1 \\ ~x_y^z $5", "url": "https://e.org/a}b"}, LINK)
    assert (
        "title = {50\\% \\{of\\} \\#1 \\textbackslash{} \\textasciitilde{}x\\_y\\textasciicircum{}z \\$5}"
        in wild
    )
    assert "url = {https://e.org/ab}" in wild


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025-07-10", "10 July 2025"),
        ("2025-07", "July 2025"),
        ("2025", "2025"),
        ("", ""),
        (None, ""),
        ("2025-99-01", "2025"),
        ("soon", "soon"),
    ],
)
def test_a_day_in_words(day, words):
    assert cite.in_words(day) == words


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.org/x", "https://a.org/x"),
        (" HTTP://a.org", "HTTP://a.org"),
        ("javascript:alert(1)", ""),
        ("JaVaScript:alert(1)//https://a.org", ""),
        ("data:text/html,x", ""),
        ("//a.org", ""),
        ("https:///", ""),
        (None, ""),
    ],
)
def test_only_pages_are_linked_to(url, safe):
    assert cite.safe_url(url) == safe


async def test_a_quotes_page_has_its_citations_and_the_rows_to_correct_it(site, path):
    key = quote_id(path, "tax")
    page = (await get(site, f"/quote/{key}")).text
    found = (await get(site, f"/quote/{key}.json")).json()
    assert list(found["citations"]) == ["Plain", "APA", "BibTeX"]
    assert found["quote"]["speaker"] == "Mara Ono"
    assert found["link"] == f"http://localhost/quote/{key}"
    assert page.count("data-copy") == 6
    assert "no quote,tax," + key in page


def test_a_row_to_correct_has_the_columns_of_the_file():
    assert cite.CORRECTION == CORRECTION_COLUMNS
    for _, row in cite.corrections(QUOTE):
        [cells] = csv.reader([row])
        assert len(cells) == len(cite.CORRECTION)
        assert cells[1:4] == ["harbour", "5e0c", "“We will, at last, reopen it.”"]


async def test_a_quotes_page_says_to_machines_what_it_is(site, path):
    page = (await get(site, f"/quote/{quote_id(path, 'harbour')}")).text
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    found = json.loads(block)
    assert found["@type"] == "Quotation"
    assert found["text"] == "“We will,” “reopen it in spring.”"
    assert found["creator"] == {
        "@type": "Person",
        "name": "Mara Ono",
        "url": "http://localhost/speaker/mara-ono",
        "sameAs": "https://www.wikidata.org/wiki/Q42",
    }
    assert found["isPartOf"]["publisher"]["name"] == "The Lund Courier"


@pytest.mark.parametrize(
    ("author", "writers"),
    [
        ("Ann Mary Lee and Bo Ek", [("Person", "Ann Mary Lee"), ("Person", "Bo Ek")]),
        ("Reuters", [("Organization", "Reuters")]),
    ],
)
def test_writers_are_people_or_an_agency(author, writers):
    found = json.loads(cite.json_ld({**QUOTE, "author": author}, LINK, "", None))
    assert [(one["@type"], one["name"]) for one in found["isPartOf"]["author"]] == writers


async def test_no_words_end_the_block_for_machines(site, path):
    page = (await get(site, f"/quote/{quote_id(path, 'evil')}")).text
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert "<" not in block
    assert json.loads(block)["text"] == "“<script>alert(1)</script></script><!--”"


def test_the_time_of_a_page_is_bounded():
    assert 0 < archive.SECONDS <= 2
    assert METADATA["databases"]["quotes"]["queries"]
