"""The site in a real browser: found, read, cited and taken away, on a phone, in the dark, without scripts.

Every test leaves pictures in ``tests/output/screenshots``, to be looked at.
"""

from __future__ import annotations

import csv
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import ARTICLES

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe_core = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not here: apt-get install chromium")

PICTURES = Path(__file__).parent / "output" / "screenshots"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
]
ARTICLE = "/article/2025-10-02-ostrey-town-takeover"


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """The sample articles, read and served by ``onrecord`` itself."""
    from typer.testing import CliRunner

    from ingest.cli import app

    db = tmp_path_factory.mktemp("browser") / "quotes.db"
    made = CliRunner().invoke(app, ["ingest", str(ARTICLES), "--db", str(db)])
    assert made.exit_code == 0, made.output
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = ["serve", "--db", str(db), "--port", str(port)]
    code = f"from ingest.cli import app; app({serve!r})"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(150):
                try:
                    httpx.get(f"{url}/about")
                    break
                except httpx.TransportError:
                    assert server.poll() is None, server.stdout.read()
                    time.sleep(0.1)
            yield url
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(address) -> dict[str, str]:
    """One address of each kind of page."""
    person = re.findall(r'<li><a href="(/speaker/[^"]+)"', httpx.get(f"{address}/speakers").text)[0]
    repeated = httpx.get(f"{address}/quotes/repeats.json?_shape=array").json()
    quote = repeated[0]["canonical_id"] if repeated else ""
    quote = quote or httpx.get(f"{address}/search.json?kind=direct").json()["quotes"][0]["id"]
    return {
        "home": "/",
        "search": "/search?q=council",
        "search-narrowed": "/search?year=2025&kind=direct",
        "search-nothing": "/search?q=school+zebra&year=2024",
        "speakers": "/speakers",
        "speakers-letter": "/speakers?letter=M",
        "speaker": person,
        "quote": f"/quote/{quote}",
        "article": ARTICLE,
        "compare": "/compare?q=the&speaker=Orla+Quillane&speaker=Vikram+Sundaresan",
        "compare-empty": "/compare",
        "about": "/about",
        "not-found": "/nothing",
        "refused": "/search?year=abc",
        "data": "/quotes",
        "data-table": "/quotes/quotes",
        "data-row": "/quotes/articles/2025-10-02-ostrey-town-takeover",
        "data-query": "/quotes/search?words=school",
    }


KINDS = [
    *(
        "home",
        "search",
        "search-narrowed",
        "search-nothing",
        "speakers",
        "speakers-letter",
        "speaker",
        "quote",
    ),
    *(
        "article",
        "compare",
        "compare-empty",
        "about",
        "not-found",
        "refused",
        "data",
        "data-table",
        "data-row",
        "data-query",
    ),
]


class Visit:
    """A page of a browser, which remembers all that went wrong on it."""

    def __init__(self, browser, address: str, width: int = 1280, **context) -> None:
        self.context = browser.new_context(
            base_url=address, viewport={"width": width, "height": 900}, reduced_motion="reduce", **context
        )
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda asked: self.elsewhere(asked.url, address))
        self.page.on(
            "console",
            lambda said: self.problems.append(said.text) if said.type in ("error", "warning") else None,
        )

    def elsewhere(self, url: str, address: str) -> None:
        """Nothing may come from another host."""
        if not url.startswith((f"{address}/", "data:")):
            self.problems.append(f"asked for {url}")

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.fixture
def visit(browser, address) -> Iterator:
    made: list[Visit] = []

    def visited(url: str = "/", width: int = 1280, **context) -> Visit:
        made.append(Visit(browser, address, width, **context))
        made[-1].page.goto(url)
        return made[-1]

    yield visited
    for one in made:
        one.context.close()


def test_search_narrow_down_and_back(visit):
    here = visit("/")
    here.page.get_by_role("searchbox", name="Search what was said").fill("council")
    here.page.keyboard.press("Enter")
    here.page.wait_for_url("**/search?*")
    heading = here.page.get_by_role("heading", level=1)
    assert re.match(r"\d+ quotes for council", heading.inner_text())
    assert here.page.locator(".quote mark").count() > 1
    before = here.page.locator(".quote").count()
    outlet = here.page.locator(".facet.outlet a").first
    chosen, left = outlet.inner_text(), int(here.page.locator(".facet.outlet .count").first.inner_text())
    outlet.click()
    assert heading.inner_text().startswith(f"{left} quote")
    assert here.page.locator(".quote").count() == left < before
    assert f"outlet={chosen.split()[0]}" in here.page.url
    here.picture("flow-search-narrowed")
    here.page.get_by_role("link", name=f"Remove the filter Outlet: {chosen}").click()
    assert here.page.locator(".quote").count() == before
    here.page.get_by_role("link", name="newest").click()
    dates = here.page.locator(".quote time").evaluate_all("all => all.map(time => time.dateTime)")
    assert dates == sorted(dates, reverse=True)
    assert not here.problems


def test_from_a_quote_to_its_speaker_and_within(visit):
    here = visit("/search?kind=direct")
    name = here.page.locator(".quote .speaker-name").first.inner_text()
    here.page.locator(".quote .speaker-name").first.click()
    assert here.page.get_by_role("heading", level=1).inner_text() == name
    said = here.page.locator(".quote blockquote").first.inner_text()
    word = max(re.findall(r"\b[a-z]{4,}\b", said), key=len)
    here.page.get_by_role("searchbox", name=f"Search what {name} said").fill(word)
    here.page.keyboard.press("Enter")
    here.page.wait_for_url("**/search?*")
    assert here.page.get_by_role("link", name=f"Remove the filter Speaker: {name}").is_visible()
    assert here.page.locator(".quote mark").count() >= 1
    assert not here.problems


def test_a_quote_is_cited(visit, pages):
    here = visit(pages["quote"], permissions=["clipboard-read", "clipboard-write"])
    for name in ("Plain", "APA", "BibTeX"):
        here.page.get_by_role("button", name=f"Copy: {name}").click()
        shown = here.page.locator("pre[data-copy]", has_text="/quote/").filter(visible=True)
        texts = shown.evaluate_all("all => all.map(text => text.textContent)")
        assert here.page.evaluate("navigator.clipboard.readText()") in texts
        assert here.page.get_by_role("status").inner_text() == "Copied"
    assert here.page.evaluate("navigator.clipboard.readText()").startswith("@misc{onrecord-")
    here.page.get_by_text("Report an error in this quote").click()
    here.page.get_by_role("button", name="Copy: Nobody said it").click()
    [row] = csv.reader([here.page.evaluate("navigator.clipboard.readText()")])
    assert row[0] == "no quote"
    assert here.page.url.endswith(row[2])
    here.picture("flow-quote-report")
    assert not here.problems


def test_without_the_clipboard_the_text_is_selected(visit, pages):
    here = visit(pages["quote"])
    here.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    here.page.get_by_role("button", name="Copy: Plain").click()
    chosen = here.page.evaluate("String(getSelection())")
    assert "/quote/" in chosen
    assert not here.problems


def test_a_file_of_what_is_shown(visit):
    here = visit("/search?year=2025&kind=direct")
    count = int(re.match(r"\d+", here.page.get_by_role("heading", level=1).inner_text())[0])
    with here.page.expect_download() as begun:
        here.page.get_by_role("link", name="CSV").first.click()
    assert begun.value.suggested_filename == "quotes.csv"
    with Path(begun.value.path()).open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == count > 20


def test_turning_pages(visit):
    here = visit("/search")
    first = here.page.locator(".quote blockquote a").first.get_attribute("href")
    here.page.get_by_role("link", name="Older quotes").click()
    assert here.page.locator(".quote blockquote a").first.get_attribute("href") != first
    here.page.get_by_role("link", name="Back to the first page").click()
    assert here.page.locator(".quote blockquote a").first.get_attribute("href") == first


def test_an_articles_quotes_lead_to_their_pages(visit):
    here = visit(ARTICLE)
    marked = here.page.locator(".article-text mark a").first
    words = marked.inner_text()
    colours = here.page.locator(".swatch").evaluate_all(
        "all => all.map(s => getComputedStyle(s).backgroundColor)"
    )
    assert len(colours) == len(set(colours)) > 3
    marked.click()
    assert words in here.page.locator(".cited blockquote").inner_text()


def test_two_speakers_are_compared(visit):
    here = visit("/compare")
    here.page.get_by_label("Words, or “a phrase”").fill("the")
    here.page.get_by_label("First speaker").fill("Orla Quillane")
    here.page.get_by_label("Second speaker").fill("Vikram Sundaresan")
    here.page.get_by_role("button", name="Compare").click()
    assert here.page.locator(".columns h2").all_inner_texts() == ["Orla Quillane", "Vikram Sundaresan"]
    tops = "all => all.map(column => [column.offsetTop, column.offsetLeft])"
    left, right = here.page.locator(".columns > section").evaluate_all(tops)
    assert left[0] == right[0]
    assert left[1] < right[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(visit, pages, scheme):
    here = visit("/", color_scheme=scheme)
    axe = axe_core.Axe()
    assert list(pages) == KINDS
    for name, url in pages.items():
        here.page.goto(url)
        here.page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
        here.picture(f"{name}-{scheme}")
        found = axe.run(here.page)
        assert found.violations_count == 0, f"{name}, {scheme}:\n{found.generate_report()}"
    # The pages that are not found or refused are the errors that a browser notes.
    assert all(re.search("40[04]", problem) for problem in here.problems), here.problems


def test_every_page_fits_a_phone(visit, pages):
    here = visit("/")
    for name, url in pages.items():
        here.page.set_viewport_size({"width": 390, "height": 800})
        here.page.goto(url)
        here.picture(f"{name}-phone")
        for width in (320, 390, 768):
            here.page.set_viewport_size({"width": width, "height": 800})
            assert here.page.evaluate("document.documentElement.scrollWidth") == width, (name, width)


def test_a_phone_reaches_what_narrows_down(visit):
    here = visit("/search?q=the", 390, has_touch=True)
    here.page.get_by_role("link", name="Narrow down").tap()
    box = here.page.locator("#narrow").bounding_box()
    assert 0 <= box["y"] < 900
    small = here.page.locator("button, nav a, .facet a, .chips a").evaluate_all(
        "all => all.filter(a => a.checkVisibility() && a.getBoundingClientRect().height < 24).map(a => a.outerHTML)"
    )
    assert small == []  # WCAG 2.2, 2.5.8


def test_the_dark_is_dark(visit, pages):
    grounds = {}
    for scheme in ("light", "dark"):
        here = visit(pages["article"], color_scheme=scheme)
        grounds[scheme] = [
            sum(map(int, re.findall(r"\d+", colour)[:3]))
            for colour in here.page.locator("body, .article-text mark").evaluate_all(
                "all => all.map(element => getComputedStyle(element).backgroundColor)"
            )
        ]
    assert min(grounds["light"]) > 500
    assert max(grounds["dark"]) < 260


def test_everything_but_the_copy_buttons_works_without_scripts(visit, pages):
    here = visit("/", java_script_enabled=False)
    here.page.get_by_role("searchbox", name="Search what was said").fill("council")
    here.page.get_by_role("button", name="Search").click()
    here.page.locator(".facet.year a").first.click()
    assert here.page.get_by_role("link", name="Remove the filter Year").is_visible()
    here.page.locator(".quote blockquote a").first.click()
    assert here.page.locator(".cited blockquote").is_visible()
    assert here.page.locator("pre[data-copy]").first.is_visible()
    assert here.page.get_by_role("button", name="Copy").count() == 0
    here.page.get_by_text("Report an error in this quote").click()
    assert here.page.get_by_text("Nobody said it").is_visible()
    here.page.goto(pages["speaker"])
    here.picture("speaker-no-script")
    assert here.page.locator("svg.chart").count() in (0, 1)


def test_the_keyboard_goes_everywhere_and_is_seen(visit):
    here = visit("/search?q=council")
    here.page.keyboard.press("Tab")
    skip = here.page.get_by_role("link", name="Skip to the content")
    assert skip.bounding_box()["width"] > 50
    here.page.keyboard.press("Enter")
    assert here.page.evaluate("document.activeElement.id") == "content"
    seen = []
    for _ in range(40):
        here.page.keyboard.press("Tab")
        seen.append(
            here.page.evaluate(
                "(({tagName, href, name}, {outlineStyle, outlineWidth}) =>"
                " [tagName, href || name || '', outlineStyle, parseFloat(outlineWidth)])"
                "(document.activeElement, getComputedStyle(document.activeElement))"
            )
        )
    assert all(style == "solid" and width >= 2 for tag, _, style, width in seen if tag != "BODY"), seen
    assert seen[0][:2] == ["INPUT", "q"]
    reached = [where for _, where, _, _ in seen]
    assert any(where.endswith("/search.csv?q=council") for where in reached)
    assert any("/quote/" in where for where in reached)
    assert any("speaker=" in where for where in reached)


def test_a_page_is_printed_without_what_is_for_the_screen(visit, pages):
    here = visit(pages["quote"])
    here.page.emulate_media(media="print")
    assert here.page.locator(".cited blockquote").is_visible()
    for gone in ("header.site nav", "form.find", ".report", ".copy", "footer.site a"):
        assert not here.page.locator(gone).first.is_visible(), gone
    here.picture("quote-print")
    here.page.goto(pages["search-narrowed"])
    assert not here.page.locator(".facets").is_visible()
    assert here.page.locator(".quote").first.is_visible()
    assert here.page.locator(".chips").inner_text().split() == [
        "Kind",
        "in",
        "quotation",
        "marks",
        "Year",
        "2025",
    ]
    assert here.page.locator(".printed").inner_text().endswith("/search?kind=direct&year=2025")
    here.picture("search-print")


def test_what_an_article_says_is_never_run(visit, tmp_path):
    here = visit(
        "/search?q=<img src=x onerror=document.title='run'>&speaker=<script>document.title='run'</script>"
    )
    assert here.page.title() != "run"
    here.page.goto("/speaker/<img src=x onerror=document.title='run'>")
    assert here.page.title() != "run"
