"""How fast an archive of a million quotes is loaded, and how fast its pages are.

    python tests/bench_site.py [--quotes 1000000] [--seed 1] [--keep FOLDER]

It is loaded, settled and published as anybody's is, and its pages are asked for over HTTP from a Datasette of
its own, by one client and then by eight at once, each page with other values every time. A page that gives up
counting, as the site does where it would take too long, is told.

The archive is invented: words, names, outlets and articles come from a seed, spread as news spreads them. A
few speakers, outlets and words make up much of it, and most are rare. Two words are planted: HARBOUR in 5% of
the quotes, and QUILLFEATHER in some twenty of a million.
"""

from __future__ import annotations

import argparse
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import httpx
import numpy as np
from datasette.utils import tilde_encode

from ingest.publish import publish
from ingest.records import Article, Attribution, Quotation, Quote, Speaker, TextSpan
from ingest.register import Register
from ingest.store import open_store
from ingest.store.bulk import load
from ingest.store.settle import settle

COMMON, RARE = "harbour", "quillfeather"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2025, 12, 31)
OUTLETS, AFFILIATIONS, WORDS = 300, 5_000, 80_000
QUOTES_A_SPEAKER, QUOTES_AN_ARTICLE, WORDS_A_QUOTE = 16, 5, 25
COPIES = 0.03  # articles that another outlet prints again
CUES = ("said", "told reporters", "added", "warned", "argued", "wrote")
ROLES = ("minister", "chief executive", "spokesperson", "professor", "mayor", "director", "captain", "judge")


def archive(quotes: int, seed: int) -> Iterator[tuple[Article, list[Quote]]]:
    """Invented articles with ``quotes`` quotes in all, as the pipeline gives them, by date."""
    chance = np.random.default_rng(seed)
    words = _invented_words(chance)
    speakers = _invented_speakers(chance, max(20, quotes // QUOTES_A_SPEAKER))
    outlets = [f"The {a.capitalize()} {b}" for a, b in zip(
        chance.choice(words[2000:], OUTLETS, replace=False),
        chance.choice(["Courier", "Gazette", "Times", "Observer", "Echo", "Herald"], OUTLETS), strict=True)]  # fmt: skip
    word_odds, speaker_odds = _odds(WORDS, shift=2.7), _odds(len(speakers), shift=3)
    outlet_odds = _odds(OUTLETS, shift=2)
    days, made, number = (LAST_DAY - FIRST_DAY).days, 0, 0
    earlier: list[tuple[Article, list[Quote]]] = []
    while made < quotes:
        if earlier and chance.random() < COPIES:
            original, said = earlier[int(chance.integers(len(earlier)))]
            article = Article(
                id=f"copy-{number:07}",
                text=original.text,
                url=f"https://copies.example/{number}",
                title=original.title,
                outlet=outlets[_drawn(chance, outlet_odds)],
                published=original.published,
            )
            pair = article, said[: quotes - made]
        else:
            # Later years hold more: the square root of an even draw leans towards its end.
            day = FIRST_DAY + timedelta(days=int(days * (made / quotes) ** 0.6))
            count = min(int(chance.geometric(1 / QUOTES_AN_ARTICLE)), quotes - made, 60)
            lengths = np.clip(chance.lognormal(np.log(WORDS_A_QUOTE) - 0.32, 0.8, count * 2), 3, 400).astype(
                int
            )
            drawn = [words[i] for i in np.searchsorted(word_odds, chance.random(int(lengths.sum()) + 8))]
            pair = _article(
                chance, number, day.isoformat(), outlets[_drawn(chance, outlet_odds)], drawn, lengths,
                [speakers[i] for i in np.searchsorted(speaker_odds, chance.random(count))],
            )  # fmt: skip
            earlier = [*earlier[-200:], pair]
        made += len(pair[1])
        number += 1
        yield pair


def _article(
    chance: np.random.Generator,
    number: int,
    published: str,
    outlet: str,
    words: list[str],
    lengths: np.ndarray,
    speakers: list[tuple[Speaker, ...]],
) -> tuple[Article, list[Quote]]:
    """An article of quotes, each in a paragraph with its speaker, and of other paragraphs between."""
    count, odds = len(speakers), chance.random((len(speakers), 5))
    title, at = " ".join(words[:8]).capitalize(), 8
    text, length = [], 0
    quotes = []
    for i, borne in enumerate(speakers):
        said, at = words[at : at + lengths[i]], at + lengths[i]
        between, at = words[at : at + lengths[count + i]], at + lengths[count + i]
        if odds[i, 0] < 0.05:
            said[len(said) // 2] = COMMON
        elif odds[i, 0] > 1 - 20e-6:
            said[len(said) // 2] = RARE
        speaker = borne[0] if odds[i, 1] < 0.8 else borne[-1]
        kind = "direct" if odds[i, 2] < 0.55 else "mixed" if odds[i, 2] < 0.75 else "indirect"
        quote = " ".join(said)
        quote = f"that {quote}" if kind == "indirect" else f"“{quote.capitalize()},”"
        cue = CUES[int(odds[i, 3] * len(CUES))]
        mention = speaker.name if odds[i, 1] < 0.88 else "a resident"
        paragraph = f"{quote} {mention} {cue}, {' '.join(between)}."
        start = length
        spans = (
            TextSpan(start, start + len(quote)),
            TextSpan(start + len(quote) + 1, start + len(quote) + 1 + len(mention)),
            TextSpan(start + len(quote) + len(mention) + 2, start + len(quote) + len(mention) + 2 + len(cue)),
        )
        quotation = Quotation(kind, spans[:1], spans[2])
        confidence = round(1 - 0.6 * float(odds[i, 4]) ** 3, 4)
        attribution = Attribution(quotation, spans[1], confidence, "reader")
        quotes.append(Quote(attribution, speaker if odds[i, 1] < 0.88 else None))
        text.append(paragraph)
        length += len(paragraph) + 2
    article = Article(
        id=f"article-{number:07}",
        text="\n\n".join(text),
        url=f"https://news.example/{published[:4]}/{number}",
        title=title,
        outlet=outlet,
        author=f"{words[0].capitalize()} {words[1].capitalize()}",
        published=published,
    )
    return article, quotes


def _invented_words(chance: np.random.Generator) -> list[str]:
    starts = [
        *"bcdfghjklmnprstvw",
        "br",
        "ch",
        "cl",
        "dr",
        "fl",
        "gr",
        "pl",
        "pr",
        "sh",
        "sk",
        "st",
        "th",
        "tr",
    ]
    vowels = [*"aeiou", "ai", "ea", "ee", "io", "ou"]
    ends = ["", "", *"nrsltm", "nd", "st"]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        syllables = int(chance.integers(1, 4)) if len(found) > 300 else 1
        found["".join(
            starts[int(a * len(starts))] + vowels[int(b * len(vowels))] + ends[int(c * len(ends))]
            for a, b, c in chance.random((syllables, 3))
        )] = None  # fmt: skip
    return list(found)


def _invented_speakers(chance: np.random.Generator, count: int) -> list[tuple[Speaker, ...]]:
    """Each speaker as articles give them: mostly with one role and affiliation, at times with a second."""
    names = _invented_words(chance)
    bodies = [f"{name.capitalize()} {kind}" for name, kind in zip(
        names[1000 : 1000 + AFFILIATIONS],
        chance.choice(["Council", "Party", "Group", "University", "Union", "Bank", "FC"], AFFILIATIONS),
        strict=True)]  # fmt: skip
    affiliation_odds, found = _odds(AFFILIATIONS, shift=2), []
    for i in range(count):
        given, family = names[int(chance.integers(300, 3000))], names[int(chance.integers(300, WORDS))]
        body = chance.random() < 0.15
        name = f"{family.capitalize()} Association" if body else f"{given.capitalize()} {family.capitalize()}"
        kind = "body" if body else "person"
        borne = []
        for _ in range(1 if body or chance.random() < 0.7 else 2):
            affiliation = bodies[_drawn(chance, affiliation_odds)] if chance.random() < 0.6 else None
            role = None if body else ROLES[int(chance.integers(len(ROLES)))]
            borne.append(Speaker(f"{name.replace(' ', '-').lower()}-{i}", name, kind, role, affiliation))
        found.append(tuple(borne))
    return found


def _odds(count: int, *, shift: float) -> np.ndarray:
    """Zipf's and Mandelbrot's law, added up: where a number from 0 to 1 falls is which of ``count`` is meant."""
    odds = np.cumsum(1 / (np.arange(count) + 1 + shift))
    return odds / odds[-1]


def _drawn(chance: np.random.Generator, odds: np.ndarray) -> int:
    return int(np.searchsorted(odds, chance.random()))


# Asking for pages

ROUNDS = {1: 20, 8: 5}  # how often each client asks for each kind of page
UNCOUNTED = "too much here to count"


def addresses(path: Path) -> dict[str, list[str]]:
    """Some addresses of each kind of page, the busiest of each kind first among them."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def some(sql: str, *values: object) -> list[str]:
        return [str(row[0]) for row in db.execute(sql, values)]

    def search(suffix: str = "", **asked: str) -> str:
        return f"/search{suffix}?{urlencode(asked)}"

    speakers = some("SELECT id FROM speakers ORDER BY quotes DESC LIMIT 20")
    outlets = some("SELECT outlet FROM coverage GROUP BY 1 ORDER BY sum(quotes) DESC LIMIT 20")
    years = some("SELECT year FROM coverage GROUP BY 1 ORDER BY sum(quotes) DESC LIMIT 20")
    bodies = some(
        "SELECT affiliation FROM quotes WHERE affiliation IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 20"
    )
    [total] = some("SELECT count(*) FROM quotes")
    quotes = some("SELECT id FROM quotes WHERE number % ? = 0 LIMIT 20", int(total) // 20 or 1)
    articles = some("SELECT article_id FROM quotes WHERE number % ? = 0 LIMIT 20", int(total) // 20 or 1)
    # The set of quotes that is nearest to a tenth of all; its key is a part of a URL.
    table = some("SELECT filters FROM tallies WHERE by = '' ORDER BY abs(quotes * 10 - ?) LIMIT 1", total)
    kinds, sure = ("direct", "mixed", "indirect"), ("50", "80", "90", "95")
    return {
        "home": ["/"],
        "about": ["/about"],
        "search: rare word": [search(q=RARE)],
        "search: word in 5%": [search(q=COMMON)],
        "search: word in 5%, newest": [search(q=COMMON, sort="new")],
        "search: word in 5%, outlet": [search(q=COMMON, outlet=outlet) for outlet in outlets],
        "all quotes": ["/search"],
        "speaker": [search(speaker=speaker) for speaker in speakers],
        "affiliation": [search(affiliation=body) for body in bodies],
        "outlet": [search(outlet=outlet) for outlet in outlets],
        "kind": [search(kind=kind) for kind in kinds],
        "year": [search(year=year) for year in years],
        "confidence": [search(sure=least) for least in sure],
        "outlet and year": [search(outlet=outlet, year=year) for outlet in outlets for year in years],
        "speaker and year": [search(speaker=speaker, year=year) for speaker in speakers for year in years],
        "kind and confidence": [search(kind=kind, sure=least) for kind in kinds for least in sure],
        "outlet, kind and year": [
            search(outlet=outlet, kind=kind, year=year)
            for outlet in outlets
            for kind in kinds
            for year in years
        ],
        "a speaker's page": [f"/speaker/{tilde_encode(speaker)}" for speaker in speakers],
        "all speakers": ["/speakers"],
        "speakers by letter": [f"/speakers?letter={letter}" for letter in "BCDFGHJKLMNPRSTVW"],
        "a quote": [f"/quote/{quote}" for quote in quotes],
        "an article": [f"/article/{tilde_encode(article)}" for article in articles],
        "compare": [
            f"/compare?{urlencode({'q': COMMON, 'speaker': [one, other]}, doseq=True)}"
            for one, other in pairwise(speakers)
        ],
        "feed of a search": [search(".atom", q=COMMON)],
        "feed of a speaker": [f"/speaker/{tilde_encode(speaker)}.atom" for speaker in speakers],
        "CSV of a tenth": [f"/search.csv?{table[0]}" if table else "/search.csv"],
    }


def ask(base: str, pages: dict[str, list[str]], rounds: int, seed: int) -> Iterator[tuple[str, float, str]]:
    """One client asks for each kind of page, in a mixed order → kind, seconds, what was wrong if anything."""
    chance = random.Random(seed)
    with httpx.Client(base_url=base, timeout=120) as client:
        for round in range(rounds):
            for kind in chance.sample(list(pages), len(pages)):
                if kind.startswith("CSV") and round % 5:
                    continue
                url = chance.choice(pages[kind])
                begun = time.perf_counter()
                answer = client.get(url)
                seconds = time.perf_counter() - begun
                wrong = str(answer.status_code) if answer.status_code != 200 else ""
                yield kind, seconds, wrong or ("uncounted" if UNCOUNTED in answer.text else "")


def measure(base: str, pages: dict[str, list[str]], clients: int) -> dict[str, list[tuple[float, str]]]:
    """→ the seconds of every request and what was wrong with it, by kind of page."""
    found: dict[str, list[tuple[float, str]]] = {kind: [] for kind in pages}
    with ThreadPoolExecutor(clients) as pool:
        for answers in pool.map(lambda seed: list(ask(base, pages, ROUNDS[clients], seed)), range(clients)):
            for kind, seconds, wrong in answers:
                found[kind].append((seconds, wrong))
    return found


@contextmanager
def served(site: Path) -> Iterator[str]:
    """A published folder served as its README says → its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", str(site), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                httpx.get(f"{base}/about", timeout=60)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait()


def middle(seconds: Iterable[float], share: float) -> float:
    """The time, in ms, in which so large a share of the answers came."""
    return float(np.quantile(list(seconds), share)) * 1000


def build(path: Path, quotes: int, seed: int) -> None:
    """Load and settle the archive, and print how long that takes."""
    begun = time.perf_counter()
    invented = list(archive(quotes, seed))
    making = time.perf_counter() - begun
    loaded = load(path, invented, recipe="bench")
    del invented
    print(
        f"{loaded.quotes:,} quotes in {loaded.articles:,} articles (invented in {making:.0f} s, not counted)"
    )
    speed = loaded.quotes / loaded.rows_seconds
    print(f"load      {loaded.rows_seconds:6.1f} s   {speed:,.0f} quotes a second")
    print(f"index     {loaded.index_seconds:6.1f} s")
    print(f"words     {loaded.words_seconds:6.1f} s")
    begun = time.perf_counter()
    with open_store(path) as db:
        settle(db, Register.of([]), recipe="bench")
    print(f"settle    {time.perf_counter() - begun:6.1f} s   who is who, repeats, counts, optimise, analyse")
    print(f"file      {path.stat().st_size / 1e6:6.0f} MB", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--quotes", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="build the archive here, or take the one that is here")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.keep) as temporary:
        path = (asked.keep or Path(temporary)) / "quotes.db"
        if not path.exists():
            build(path, asked.quotes, asked.seed)
        begun = time.perf_counter()
        site = Path(temporary, "site")
        made = publish(path, site)
        print(f"publish   {time.perf_counter() - begun:6.1f} s   {made.size / 1e6:.0f} MB without the texts")
        pages = addresses(path)
        with served(site) as base:
            runs = {clients: measure(base, pages, clients) for clients in ROUNDS}
    heads = "".join(f"{f'{clients} client' + 's' * (clients > 1):>16}" for clients in runs)
    print(f"\n{'ms':28}{heads}\n{'':28}" + "     p50     p95" * len(runs))
    wrong: dict[str, set[str]] = {}
    for kind in pages:
        cells = [
            f"{middle((seconds for seconds, _ in run[kind]), share):8.0f}"
            for run in runs.values()
            for share in (0.5, 0.95)
        ]
        wrong[kind] = {said for run in runs.values() for _, said in run[kind] if said}
        print(f"{kind:28}{''.join(cells)}  {' '.join(sorted(wrong[kind]))}")
    cells = [
        f"{middle((s for kind, answers in run.items() if kind[:3] != 'CSV' for s, _ in answers), share):8.0f}"
        for run in runs.values()
        for share in (0.5, 0.95)
    ]
    print(f"{'all pages (without CSV)':28}{''.join(cells)}")
    if any(said - {"uncounted"} for said in wrong.values()):
        sys.exit("some pages could not be shown")


if __name__ == "__main__":
    main()
