"""The served site, by Datasette's own test client."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

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
from ingest.store import open_store, save

METADATA = yaml.safe_load((Path(__file__).parents[1] / "metadata.yml").read_text("utf-8"))

EVIL = Speaker("evil/../id", "<i>Mallory</i>", "person", "<u>boss</u>", "<s>Org</s>")
MANY = 2300


def numbered() -> tuple[Article, list[Quote]]:
    """An article with more quotes than Datasette shows or exports at once."""
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
            "<script>alert(1)</script>",
            EVIL,
            title="<script>alert(2)</script>",
            outlet="<img src=x onerror=alert(3)>",
            url="javascript:alert(4)",
        )
        save(db, evil, quotes, recipe="r")
        save(db, *numbered(), recipe="r")
        store.save_failure(db, Failure("<b>.txt", "read", "<b>.txt: is empty; leave it out"))
        store.record_run(
            db, started="2025-01-01", version="1", model="m", recipe="r", articles=5, quotes=9, failures=1
        )
        store.finish(db)
    return path


@pytest.fixture(scope="module")
def site(path) -> Datasette:
    # An installed project is found by its entry point; a bare source tree has none.
    if not pm.is_registered(ingest.site):
        pm.register(ingest.site, name="onrecord")
    return Datasette([], immutables=[str(path)], metadata=METADATA, settings=ingest.site.SETTINGS)


async def get(site: Datasette, url: str, **params: str) -> httpx.Response:
    response = await site.client.get(url.removeprefix("http://localhost"), params=params or None)
    assert response.status_code == 200, (url, params, response.text[:500])
    return response


def quote_id(path: Path, article: str) -> str:
    with open_store(path, create=False) as db:
        return str(
            next(db.query("SELECT id FROM quotes WHERE article_id = ? ORDER BY position", [article]))["id"]
        )


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


def test_facets_are_those_that_the_indexes_serve():
    assert set(METADATA["databases"]["quotes"]["tables"]["quotes"]["facets"]) == set(store.FACETS)


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


# Pages


@pytest.mark.parametrize(
    "url",
    [
        *("/", "/quotes", "/-/metadata.json", "/-/plugins.json"),
        *(f"/quotes/{name}" for name in METADATA["databases"]["quotes"]["tables"]),
        *(f"/quotes/{name}" for name in METADATA["databases"]["quotes"]["queries"]),
        "/quotes/quotes?_search=harbour&speaker_id=mara-ono",
        "/quotes/quotes?_sort=sequence",
        "/quotes/quotes?_nocol=outlet",
        "/quotes/articles?_nocol=outlet",
        "/quotes/quotes?_search=nothing+like+it",
        "/quotes/citations?_search=harbour",
        "/quotes/search?words=harbour&speaker=ms+ono&outlet=the+lund+courier&since=2024&until=2025",
        "/quotes/by_speaker?speaker=Mara+Ono",
        "/quotes/who_talks_about?phrase=the+harbour",
        "/quotes/speakers/mara-ono",
        "/quotes/articles/harbour",
        "/quotes/texts/harbour",
        "/quotes/aliases/mara-ono,Ms~20Ono",
    ],
)
async def test_every_page_is_there_with_our_stylesheet(site, url):
    response = await get(site, url)
    if not url.endswith(".json"):
        assert "/site.css?" in response.text


async def test_the_stylesheet_is_served(site):
    home = (await get(site, "/")).text
    href = home.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "--serif" in (await get(site, href)).text


async def test_nothing_there_says_so(site):
    for url in ("/nothing", "/quotes/nothing", "/quotes/quotes/nothing", "/a/path/that/leads/nowhere"):
        response = await site.client.get(url)
        assert response.status_code == 404
        assert "Not found" in response.text
        assert "/site.css?" in response.text
    assert "Nothing found" in (await get(site, "/quotes/search", words="xyzzy")).text
    assert "Nothing here" in (await get(site, "/quotes/quotes", _search="xyzzy")).text


async def test_ad_hoc_sql_is_off(site):
    assert (await site.client.get("/quotes", params={"sql": "select 1"})).status_code == 403


async def test_home_says_what_is_in_here(site):
    home = (await get(site, "/")).text
    assert f"{MANY + 6:,} quotes by 3 speakers" in home
    assert 'action="/quotes/search"' in home
    assert "Piet Véld" in home


async def test_home_of_an_empty_database(site, tmp_path):
    open_store(tmp_path / "quotes.db").close()
    empty = Datasette([str(tmp_path / "quotes.db")], metadata=METADATA)
    assert "no quotes in the database yet" in (await get(empty, "/")).text
    for url in ("/quotes", "/quotes/quotes", "/quotes/search", "/quotes/search?words=a"):
        await get(empty, url)


async def test_without_flags_and_under_another_name(site, path, tmp_path):
    other = tmp_path / "archive.db"
    other.write_bytes(path.read_bytes())
    plain = Datasette([str(other)])
    assert 'href="/archive/quotes"' in (await get(plain, "/")).text
    assert "Piet Véld" in (await get(plain, "/archive/quotes")).text
    named = Datasette([str(other)], metadata=ingest.site.metadata("archive"))
    assert "Quotes by a speaker" in (await get(named, "/archive")).text


# Facets


async def test_facets_are_counted_and_named(site):
    facets = (await get(site, "/quotes/quotes.json")).json()["facet_results"]
    assert list(facets) == ["speaker_id", "affiliation", "outlet", "kind", "year"]
    counted = {name: {v["label"]: v["count"] for v in facet["results"]} for name, facet in facets.items()}
    assert counted == {
        "speaker_id": {"Piet Véld": MANY + 2, "Mara Ono": 2, "<i>Mallory</i>": 1},
        "affiliation": {"Port of Lund": 2, "<s>Org</s>": 1},
        "outlet": {
            **{"Counting Weekly": MANY, "The Lund Courier": 4, "Evening Veld": 1},
            "<img src=x onerror=alert(3)>": 1,
        },
        "kind": {"direct": MANY + 4, "indirect": 1, "mixed": 1},
        "year": {2025: 5, 2024: 1},
    }
    page = (await get(site, "/quotes/quotes", speaker_id="mara-ono")).text
    assert "Remove the filter Mara Ono" in page
    assert "<strong>2 quotes</strong>" in page


# Search


async def search(site: Datasette, **params: str) -> list[dict]:
    response = await get(site, "/quotes/search.json", _shape="array", **params)
    return list(response.json())


async def test_search_ranks_marks_and_finds_as_the_command_does(site, path):
    found = await search(site, words="harbour")
    assert [row["article_id"] for row in found] == ["harbours", "tax"]
    assert "⟪Harbour⟫, ⟪harbour⟫" in found[0]["quote"]
    page = (await get(site, "/quotes/search", words="harbour")).text
    assert "<mark>Harbour</mark>, <mark>harbour</mark>" in page
    with open_store(path, create=False) as db:
        for words in ("harbour", "véld", '"we will', "numbered 7"):
            ours = [row["id"] for row in store.search(db, words, limit=200)]
            assert [row["id"] for row in await search(site, words=words)] == ours
            assert ours


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"speaker": "MS ONO"}, {"tax", "harbour"}),
        ({"speaker": "mara-ono", "until": "2024"}, {"tax"}),
        ({"since": "2025"}, {"harbour"}),
        ({"outlet": "evening veld"}, set()),
    ],
)
async def test_search_narrows(site, filters, expected):
    assert {row["article_id"] for row in await search(site, words="we will", **filters)} == expected


@pytest.mark.parametrize(
    "words", ['"', "a OR", "NOT", "quote:", "(", "*", "'; DROP TABLE quotes", "\0", "—", "%"]
)
async def test_no_words_break_a_query(site, words):
    for name, query in METADATA["databases"]["quotes"]["queries"].items():
        await get(site, f"/quotes/{name}", **dict.fromkeys(query["params"], words))


async def test_quotes_by_a_speaker_and_who_talks_about(site):
    by = (await get(site, "/quotes/by_speaker.json", speaker="ms ono", _shape="array")).json()
    assert [row["article_id"] for row in by] == ["harbour", "tax"]
    about = (await get(site, "/quotes/who_talks_about.json", phrase="the harbour", _shape="array")).json()
    assert [(row["speaker"], row["quotes"]) for row in about] == [("Mara Ono", 1)]
    assert (await get(site, "/quotes/who_talks_about.json", phrase="véld", _shape="array")).json() == []


# CSV


async def exported(site: Datasette, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((await get(site, url)).text)))


def csv_link(page: str) -> str:
    return page.split('All of them as <a href="')[1].split('"')[0].replace("&amp;", "&")


async def test_csv_is_all_that_is_filtered_and_no_more(site, path):
    with open_store(path, create=False) as db:
        everything = {row["id"] for row in store.rows(db)}
        of_veld = {row["id"] for row in store.rows(db, "numbered", speaker="piet-veld")}
    assert len(of_veld) == MANY
    for url, expected in (
        ("/quotes/quotes", everything),
        ("/quotes/quotes?speaker_id=piet-veld&_search=numbered", of_veld),
        ("/quotes/quotes?_sort=sequence&year=2024", {quote_id(path, "tax")}),
        ("/quotes/citations", everything),
        ("/quotes/citations?_search=numbered&speaker_id=piet-veld", of_veld),
    ):
        got = await exported(site, csv_link((await get(site, url)).text))
        assert len(got) == len(expected), url
        assert {row["id"] for row in got} == expected, url


async def test_next_pages_lead_through_every_quote_once(site):
    seen, url = [], "/quotes/quotes.json?_shape=objects&_size=700"
    while url:
        page = (await get(site, url)).json()
        seen += [row["id"] for row in page["rows"]]
        url = page["next_url"]
    assert len(seen) == len(set(seen)) == MANY + 6


async def test_csv_from_a_later_page_is_still_all_of_it(site):
    page = (await get(site, "/quotes/quotes")).text
    later = page.split('<p class="next"><a href="')[1].split('"')[0].replace("&amp;", "&")
    assert len(await exported(site, csv_link((await get(site, later)).text))) == MANY + 6


async def test_csv_names_the_speakers(site):
    page = (await get(site, "/quotes/quotes", article_id="tax")).text
    [row] = await exported(site, csv_link(page))
    assert (row["speaker_id_label"], row["article_id_label"]) == ("Mara Ono", "Tax")


# A quote's page


async def test_a_quote_stands_in_its_context(site, path):
    page = (await get(site, f"/quotes/quotes/{quote_id(path, 'harbour')}")).text
    assert (
        '<mark class="said">“We will,”</mark> <mark class="speaker">Ms Ono</mark> <mark class="cue">said</mark>,'
        ' <mark class="said">“reopen it in spring.”</mark>'
    ) in page
    assert 'href="https://example.org/harbour"' in page
    assert "harbour master, Port of Lund" in page
    assert '<a href="/quotes/articles/harbour">' in page


async def test_a_speaker_and_an_article_show_their_quotes(site, path):
    page = (await get(site, "/quotes/speakers/mara-ono")).text
    assert "<h1>Mara Ono</h1>" in page
    assert "Also quoted as “Ms Ono”" in page
    assert page.count('<li class="quote ') == 2
    page = (await get(site, "/quotes/articles/numbered")).text
    assert page.count('<li class="quote ') == 50
    assert '<a href="/quotes/quotes?article_id=numbered">Search, count and export them</a>' in page


async def test_a_list_says_what_it_is_narrowed_to_in_names(site):
    page = (await get(site, "/quotes/quotes", speaker_id="mara-ono", article_id="tax", _search="cut")).text
    assert "article: Tax · speaker: Mara Ono · words: cut" in page


async def test_a_source_without_a_name_is_shown_in_the_words_of_the_article(site, tmp_path):
    with open_store(tmp_path / "quotes.db") as db:
        save(db, *simple("unnamed", "I saw it", None), recipe="r")
    unnamed = Datasette([str(tmp_path / "quotes.db")], metadata=METADATA)
    page = f"/quotes/quotes/{quote_id(tmp_path / 'quotes.db', 'unnamed')}"
    for url in ("/quotes/quotes", "/quotes/search?words=saw", page):
        assert "“A man” (no certain name)" in (await get(unnamed, url)).text


async def test_a_quote_links_to_its_page_whole(site, path):
    page = (await get(site, "/quotes/quotes", article_id="tax")).text
    assert (
        f'<a href="/quotes/quotes/{quote_id(path, "tax")}" class="said">“We will cut the harbour tax”</a>'
        in page
    )
    text = (await get(site, "/quotes/texts/numbered")).text
    assert f"“Numbered {MANY - 1}.”" in text


async def test_what_articles_say_is_never_markup(site, path):
    for url in (
        *("/", "/quotes/quotes?_sort=id", "/quotes/citations?speaker=<i>Mallory</i>"),
        *("/quotes/articles", "/quotes/speakers", "/quotes/texts", "/quotes/aliases", "/quotes/failures"),
        *(f"/quotes/quotes/{quote_id(path, 'evil')}", f"/quotes/contexts/{quote_id(path, 'evil')}"),
        *("/quotes/articles/evil", "/quotes/speakers/evil~2F~2E~2E~2Fid", "/quotes/contexts?method=cue"),
        *("/quotes/search?words=script", "/quotes/by_speaker?speaker=<i>Mallory</i>"),
        *("/quotes/search?words=<b>x", "/quotes/who_talks_about?phrase=alert", "/quotes/quotes?_search=<b>x"),
    ):
        page = (await get(site, url)).text
        for markup in ("<script>alert", "<img src=x", "<i>Mallory", "<u>boss", "<s>Org", "<b>.txt", "<b>x"):
            assert markup not in page, (url, markup)
        assert 'href="javascript:' not in page, url


def test_a_snippet_with_its_own_marks_stays_text():
    assert ingest.site._marked("⟪<b>⟫ & ⟫") == "<mark>&lt;b&gt;</mark> &amp; </mark>"


def test_spans_outside_the_paragraph_are_left_out():
    shown = ingest.site._shown("say <x>", 10, [(0, 5, "speaker"), (14, 17, "said"), (15, 16, "speaker")])
    assert shown == 'say <mark class="said">&lt;x&gt;</mark>'


async def test_json_of_a_row_is_what_is_stored(site, path):
    row = (await get(site, f"/quotes/quotes/{quote_id(path, 'tax')}.json", _shape="array")).json()
    assert json.dumps(row, ensure_ascii=False).count("“We will cut the harbour tax”") == 1
    assert ONO.id in json.dumps(row)
