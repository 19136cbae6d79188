"""Any text at all: no exception, spans where they belong, and time that grows with the text and no faster."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.marks import Page, marked_runs, paragraphs, sentence_starts
from ingest.pipeline import Pipeline
from ingest.read import boilerplate
from ingest.reader import Reader
from ingest.reader.labels import BEGIN, INSIDE, NAMES, SOURCE, TAGS
from ingest.records import Article, Quote

# What articles are made of, and what breaks programs that read them.
PIECES = st.sampled_from(
    [
        *(
            "“",
            "”",
            '"',
            "‘",
            "’",
            "'",
            "''",
            "``",
            "„",
            "«",
            "»",
            "“”",
            '""',
            "(",
            ")",
            "[",
            "]",
            "—",
            " – ",
            "…",
        ),
        *(" ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u2028", "\u200b", "\ufeff", "\x0b", "\x1f"),
        *(". ", ", ", "? ", ": ", "; ", "-", "/", "0", "’s ", "s’ ", "@", "#", "<b>", "&amp;", "\\"),
        *("said ", " said Ann Lee", "he said", "She ", "they ", "who ", "according to ", " that ", "told "),
        *(
            "Ann Lee",
            "Mr Lee",
            "Sir ",
            "Dr. ",
            "the leader of ",
            "Northmere Council",
            "a spokesman for ",
            "Lee",
        ),
        *("We will go", "it is over", "“Go,” she said, “now.”", "a “farce”", "U.S. ", "e.g. ", "No. 7 "),
        *("é", "e\u0301", "ß", "İ", "ﬁ", "Ω", "我们", "שלום", "😀", "👩‍👩‍👧", "𝕳", "\u202e", "\U000e0061"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join)


def check(text: str, quotes: list[Quote]) -> None:
    """What holds of the quotes of any article."""
    for quote in quotes:
        parts = quote.quotation.parts
        assert parts
        for part in parts:
            assert 0 <= part.start < part.end <= len(text)
            assert part.of(text).strip()
        for before, after in pairwise(parts):
            assert before.end <= after.start
        for words in (quote.quotation.cue, quote.attribution.source):
            assert words is None or 0 <= words.start < words.end <= len(text)
        assert 0 <= quote.attribution.confidence <= 1
        assert quote.quotation.kind in ("direct", "mixed", "indirect")
        assert quote.speaker is None or quote.speaker.name.strip()
    firsts = [quote.quotation.parts[0].start for quote in quotes]
    assert firsts == sorted(firsts)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_any_text_is_read(pipeline, text):
    check(text, pipeline.quotes(Article("a", text, published="2025-03-14")))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_runs_in_marks_lie_in_their_paragraphs_and_apart(text):
    prose = paragraphs(text)
    assert all(a.end <= b.start for a, b in pairwise(prose))
    runs = marked_runs(text, prose)
    assert all(a.span.end <= b.span.start for a, b in pairwise(runs))
    assert all(prose[run.paragraph].holds(run.span) and run.span.start < run.span.end for run in runs)
    starts = sentence_starts(text)
    assert starts == sorted(starts)
    assert all(0 <= start <= len(text) for start in starts)
    assert all(0 <= span.start < span.end <= len(text) for span in boilerplate(text))


# A network that says anything whatever: what comes after it must hold for that too.


def with_network(pipeline: Pipeline, tags: Callable[[np.random.Generator, int], np.ndarray]) -> Pipeline:
    """The pipeline with another network in place of the trained one, which costs no time."""
    reader: Reader = pipeline.reader
    width = sum(4 * link["dim"] for link in reader.meta["links"].values())
    rng = np.random.default_rng(7)

    def run(_: object, given: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        length = given["ids"].shape[1]
        links = rng.normal(0, 1, (1, length, width)).astype(np.float32)
        return tags(rng, length)[None].astype(np.float32), links

    other = Pipeline(threads=1)
    other.__dict__["reader"] = replace(reader, session=SimpleNamespace(run=run))
    return other


def anything(rng: np.random.Generator, length: int) -> np.ndarray:
    return rng.normal(0, 3, (length, TAGS + NAMES))


def all_speech(_: np.random.Generator, length: int) -> np.ndarray:
    tags = np.zeros((length, TAGS + NAMES))
    tags[:, INSIDE] = 6
    return tags


def speech_and_names(_: np.random.Generator, length: int) -> np.ndarray:
    """Every other piece is a speech of its own, and the one between its source and a name."""
    tags = np.zeros((length, TAGS + NAMES))
    tags[::2, BEGIN] = 6
    tags[1::2, SOURCE] = tags[1::2, TAGS + 1] = 6
    return tags


@pytest.mark.parametrize("tags", [anything, all_speech, speech_and_names])
def test_whatever_the_network_says_the_spans_are_where_they_belong(pipeline, tags):
    other = with_network(pipeline, tags)

    @settings(max_examples=100, deadline=None)
    @given(TEXTS)
    def read(text: str) -> None:
        check(text, other.quotes(Article("a", text)))

    read()


# Time. Twice the text may take twice the time; FACTOR is for noise, since four times the text is given.

FACTOR = 1.6


def growth(work: Callable[[str], object], text: str) -> float:
    """How much more time a text takes than its first quarter, over four.

    Measured up to three times, as other programs slow down this one by more than their own time.
    """

    def seconds(text: str) -> float:
        begun = time.process_time()
        work(text)
        return time.process_time() - begun

    def measured() -> float:
        quarter = min(seconds(text[: len(text) // 4]) for _ in range(2))
        whole = min(seconds(text) for _ in range(2 if quarter < 0.2 else 1))
        return whole / max(quarter, 0.02) / 4

    found = measured()
    for _ in range(2):
        if found >= FACTOR:
            found = min(found, measured())
    return found


SYLLABLES = ("ba", "do", "ki", "lu", "me", "no", "ra", "si", "ta", "vo")
PEOPLE = [
    f"Ann {''.join(SYLLABLES[int(digit)] for digit in str(n)).capitalize()}" for n in range(10_000)
]  # no two alike, all invented
LONG = {
    "marks": '"',
    "marks, curly": "“”",
    "quotes": "“a” ",
    "apostrophes": "s' ",
    "brackets": "(",
    "capitals": "Abc ",
    "one name": "Ann Lee ",
    "he said.": "“Go,” he said. ",
    "speeches": "“Go,” said Ann Lee.\n\n",
    "open marks": "“Go now\n\n",
    "spaces": " ",
    "one word": "a",
    "initials": "A. ",
    "hyphens": "a-",
    "lists": "Ann Lee and ",
}
CROWDS = {
    "capitals and hyphens": "Ab-" * 15_000,
    "people": " ".join(f"{person} met Mr {person.split()[1]}." for person in PEOPLE)[:80_000],
}


@pytest.mark.parametrize("name", LONG)
def test_time_grows_with_the_text(pipeline, name):
    other = with_network(pipeline, all_speech)
    text = LONG[name] * (60_000 // len(LONG[name]))
    assert growth(lambda text: other.quotes(Article("a", text)), text) < FACTOR


@pytest.mark.parametrize("name", CROWDS)
def test_time_grows_with_the_people(pipeline, name):
    other = with_network(pipeline, all_speech)
    assert growth(lambda text: other.quotes(Article("a", text)), CROWDS[name]) < FACTOR


@pytest.mark.parametrize(
    ("mark", "times"), [('"', 5_000_000), ("“", 1_000_000), ("'", 1_000_000), ("’ ", 500_000)]
)
def test_a_line_of_marks(mark, times):
    text = mark * times

    def read(text: str) -> None:
        Page(text, paragraphs(text))
        boilerplate(text)

    assert growth(read, text) < FACTOR
