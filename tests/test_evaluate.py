"""Scores: by hand, against the scorer that the gold came with, and floors that may only rise."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ingest.evaluate import (
    Change,
    GoldArticle,
    GoldError,
    by_mention,
    changes,
    extracted,
    read_gold,
    read_predictions,
    scores,
)
from ingest.records import Article

TEXT = "“We go,” said Ann Lee. “We go now.”\n\nBo Ray called it “a farce”. He said the bridge was shut."


def at(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def quote(*parts: str, speaker: str | None = None, name: str | None = None, **more: Any) -> dict[str, Any]:
    spans = [at(part) for part in parts]
    return {"spans": spans, "speaker": at(speaker) if speaker else None, "name": name, **more}


LEE = quote("“We go,”", "“We go now.”", speaker="Ann Lee", name="Ann Lee")
RAY = quote("“a farce”", speaker="Bo Ray", name="Bo Ray")
SHUT = quote("the bridge was shut", speaker="He", name="Bo Ray")


def rows(gold: list[dict], run: list[dict]) -> dict[str, tuple[int, int, int, int]]:
    """recalled, gold, right, predicted of each row."""
    found = scores([GoldArticle("a", TEXT, gold)], {"a": run})
    return {row.name: (row.recalled, row.gold, row.right, row.predicted) for row in found}


# By hand


def test_all_right():
    every = rows([LEE, RAY, SHUT], [LEE, RAY, SHUT])
    assert every == {
        "direct.span": (3, 3, 3, 3),  # two runs of Lee's and one of Ray's; what has no marks is not counted
        "direct.mention": (3, 3, 3, 3),
        "direct.entity": (3, 3, 3, 3),
        "all.span": (3, 3, 3, 3),
        "all.mention": (3, 3, 3, 3),
        "all.chars": (48, 48, 48, 48),
    }


def test_nothing_found():
    assert rows([LEE, RAY, SHUT], [])["direct.span"] == (0, 3, 0, 0)
    (row, *_) = scores([GoldArticle("a", TEXT, [LEE])], {})
    assert (row.precision, row.recall, row.f1) == (0, 0, 0)


def test_shares():
    rows = {row.name: row for row in scores([GoldArticle("a", TEXT, [LEE, SHUT])], {"a": [LEE, RAY]})}
    span = rows["direct.span"]
    assert (round(span.precision, 1), span.recall, round(span.f1, 1)) == (66.7, 100, 80)


def test_one_quotation_or_two_is_the_same():
    halves = [
        quote("“We go,”", speaker="Ann Lee", name="Ann Lee"),
        quote("“We go now.”", speaker="Ann Lee", name="Ann Lee"),
    ]
    assert rows([LEE], halves)["direct.entity"] == (2, 2, 2, 2)


@pytest.mark.parametrize(
    ("change", "mention", "entity"),
    [
        ({"speaker": at("Bo Ray"), "name": "Bo Ray"}, 0, 0),
        ({"speaker": None, "name": None}, 0, 0),
        ({"speaker": None, "name": "Ann Lee"}, 2, 2),
        ({"speaker": at("Lee"), "name": "Lee"}, 2, 2),
        ({"speaker": at("Ann Lee"), "name": None}, 2, 0),
        ({"speaker": at("Ann Lee"), "name": "Ms Lee"}, 2, 2),
        ({"speaker": at("Ann Lee"), "name": "Bo Ray"}, 2, 0),
    ],
)
def test_mention_and_entity(change, mention, entity):
    found = rows([LEE], [{**LEE, **change}])
    assert (found["direct.mention"][0], found["direct.entity"][0]) == (mention, entity)


def test_an_alias_will_do():
    assert (
        rows([{**RAY, "aliases": ["Robert Raymond"]}], [{**RAY, "name": "Raymond"}])["direct.entity"][0] == 1
    )


def test_who_is_nobody_must_be_named_nobody():
    nobody = {**RAY, "speaker": None, "name": None}
    assert rows([nobody, LEE], [nobody])["direct.mention"][2] == 1
    assert rows([nobody, LEE], [{**RAY, "speaker": None}])["direct.entity"][2] == 0


def test_optional_quotes_are_neither_asked_for_nor_wrong():
    gold = [LEE, {**RAY, "optional": True}]
    assert rows(gold, [LEE]) == rows(gold, [LEE, RAY])


def test_without_names_in_the_gold_there_is_no_entity_row():
    bare = {key: value for key, value in RAY.items() if key != "name"}
    assert "direct.entity" not in rows([bare], [RAY])


def mentions(gold: list[dict], run: list[dict]) -> dict[str, tuple[int, int, int]]:
    """right, wrong and open of each kind of mention that gold has."""
    found = by_mention([GoldArticle("a", TEXT, gold)], {"a": run})
    counts = {row.mention: (row.right, row.wrong, row.left_open) for row in found}
    return {mention: count for mention, count in counts.items() if any(count)}


@pytest.mark.parametrize(
    ("speaker", "mention"),
    [
        ("Ann Lee", "name"),
        ("said Ann Lee", "name"),
        ("Lee", "surname"),
        ("He", "pronoun"),
        ("the bridge", "role"),
        (None, "none"),
    ],
)
def test_kinds_of_mention(speaker, mention):
    gold = quote("“We go,”", speaker=speaker, name="Ann Lee")
    assert mentions([gold], [gold]) == {mention: (1, 0, 0)}


def test_a_body_of_one_word_is_named_by_it():
    gold = quote("“a farce”", speaker="Bo", name="Bo")
    assert mentions([gold], [gold]) == {"name": (1, 0, 0)}


@pytest.mark.parametrize(
    ("theirs", "ours", "counts"),
    [
        ("Ann Lee", "Ann Lee", (1, 0, 0)),
        ("Ann Lee", "Bo Ray", (0, 1, 0)),
        ("Ann Lee", None, (0, 0, 1)),
        (None, None, (1, 0, 0)),
        (None, "Ann Lee", (0, 1, 0)),
    ],
)
def test_a_name_is_right_or_wrong_or_left_open(theirs, ours, counts):
    gold, run = (quote("“a farce”", speaker="the bridge", name=name) for name in (theirs, ours))
    assert mentions([gold], [run]) == {"role": counts}


def test_only_runs_in_marks_that_were_found_have_a_kind_of_mention():
    assert mentions([LEE, SHUT], [SHUT]) == {}
    assert mentions([LEE, {**RAY, "optional": True}], [LEE, RAY]) == {"name": (2, 0, 0)}


def test_changes_between_two_runs():
    gold = [GoldArticle("a", TEXT, [LEE, RAY, SHUT])]
    assert list(changes(gold, {"a": [LEE, SHUT]}, {"a": [RAY, SHUT]})) == [
        Change("a", "“a farce”", "Bo Ray", gained=True),
        Change("a", "“We go,” “We go now.”", "Ann Lee", gained=False),
    ]
    assert not list(changes(gold, {"a": [LEE]}, {"a": [LEE]}))


# Files


@pytest.fixture
def gold(tmp_path) -> Path:
    folder = tmp_path / "gold"
    (folder / "text").mkdir(parents=True)
    (folder / "text" / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "gold.jsonl").write_text(
        json.dumps({"id": "a", "quotes": [LEE, RAY]}) + "\n\n", encoding="utf-8"
    )
    return folder


def test_gold_is_read_with_texts_in_a_folder_or_beside_it(gold):
    articles = read_gold(gold)
    assert articles == [GoldArticle("a", TEXT, [LEE, RAY])]
    (gold / "text" / "a.txt").rename(gold / "a.txt")
    (gold / "text").rmdir()
    assert read_gold(gold) == articles


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        ("{", "not gold quotations"),
        ("[]", "not gold quotations"),
        ('{"id": "a"}', "not gold quotations"),
        ('{"id": "b", "quotes": []}', "a gold folder holds gold.jsonl and text/<id>.txt"),
    ],
)
def test_gold_that_is_none(gold, onrecord, content, message):
    path = gold / "gold.jsonl"
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=message) as error:
        read_gold(gold)
    assert str(gold) in str(error.value)
    result = onrecord("evaluate", gold)
    assert result.exit_code == 1
    assert message in result.stderr


def test_predictions_that_are_none(tmp_path, gold, onrecord):
    (tmp_path / "run.jsonl").write_text("7\n", encoding="utf-8")
    with pytest.raises(GoldError, match=r"run\.jsonl: not a run's quotes"):
        read_predictions(tmp_path / "run.jsonl")
    result = onrecord("evaluate", gold, "--against", tmp_path / "gone.jsonl")
    assert result.exit_code == 1
    assert f"{tmp_path / 'gone.jsonl'}: not a run's quotes" in result.stderr


def test_the_command_prints_rows_then_what_was_gained_and_lost(gold, tmp_path, onrecord):
    run = tmp_path / "run.jsonl"
    first = onrecord("evaluate", gold, "--save", run)
    assert first.exit_code == 0, first.stderr
    assert first.stdout.splitlines()[:3] == [
        "direct.span     p 100.0  r 100.0  f1 100.0  gold 3  pred 3",
        "direct.mention  p 100.0  r 100.0  f1 100.0  gold 3  pred 3",
        "direct.entity   p 100.0  r 100.0  f1 100.0  gold 3  pred 3",
    ]
    assert list(read_predictions(run)) == ["a"]
    assert onrecord("evaluate", gold, "--against", run).stdout == first.stdout, "nothing changed"
    run.write_text(json.dumps({"id": "a", "quotes": [LEE]}) + "\n", encoding="utf-8")
    last = onrecord("evaluate", gold, "--against", run).stdout.splitlines()[-1]
    assert last == "gained  a  Bo Ray: “a farce”"


def test_a_run_that_cannot_be_kept_says_so(gold, tmp_path, onrecord):
    result = onrecord("evaluate", gold, "--save", tmp_path / "gone" / "run.jsonl")
    assert result.exit_code == 1
    assert str(tmp_path / "gone" / "run.jsonl") in result.stderr


# The same rows as the scorer that came with the gold


@pytest.fixture(scope="session")
def run_on(pipeline) -> Callable[[GoldArticle], list[dict]]:
    """What extract finds in a gold article, found once a session."""
    cache: dict[str, list[dict]] = {}

    def _run(article: GoldArticle) -> list[dict]:
        if article.id not in cache:
            as_article = Article(article.id, article.text)
            cache[article.id] = extracted(as_article, pipeline.quotes(as_article))["quotes"]
        return cache[article.id]

    return _run


@pytest.fixture
def scorer(shared) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unchanged(quotes: list[dict], chance: random.Random) -> list[dict]:
    return quotes


def nothing(quotes: list[dict], chance: random.Random) -> list[dict]:
    return []


def fewer(quotes: list[dict], chance: random.Random) -> list[dict]:
    return [quote for quote in quotes if chance.random() < 0.6]


def shifted(quotes: list[dict], chance: random.Random) -> list[dict]:
    for quote in quotes:
        by = chance.choice([-40, -12, -3, -1, 0])
        quote["spans"] = [[max(0, a + by), max(1, b + by)] for a, b in quote["spans"]]
    return quotes


def without_marks(quotes: list[dict], chance: random.Random) -> list[dict]:
    for quote in quotes:
        quote["spans"] = [[a + 1, b - 1] for a, b in quote["spans"] if b - a > 4]
    return [quote for quote in quotes if quote["spans"]]


def split(quotes: list[dict], chance: random.Random) -> list[dict]:
    return [{**quote, "spans": [span]} for quote in quotes for span in quote["spans"]]


def joined(quotes: list[dict], chance: random.Random) -> list[dict]:
    return [{**q, "spans": [[q["spans"][0][0], q["spans"][-1][1]]]} for q in quotes]


def other_speakers(quotes: list[dict], chance: random.Random) -> list[dict]:
    others = [(quote["speaker"], quote["name"]) for quote in quotes]
    for quote in quotes:
        quote["speaker"], quote["name"] = chance.choice([*others, (None, None), (None, quote["name"])])
    return quotes


def surnames(quotes: list[dict], chance: random.Random) -> list[dict]:
    for quote in quotes:
        quote["name"] = quote["name"] and chance.choice(
            [quote["name"].split()[-1], f"Mr {quote['name']}’s", "The"]
        )
    return quotes


DISTURBED = [unchanged, nothing, fewer, shifted, without_marks, split, joined, other_speakers, surnames]


def assert_same_rows(scorer, articles, texts: Path, run: dict[str, list[dict]]) -> None:
    gold = {article.id: {"quotes": article.quotes} for article in articles}
    theirs = scorer.score(gold, {id: {"quotes": quotes} for id, quotes in run.items()}, texts)
    ours = {
        row.name: {
            "p": round(row.precision, 1),
            "r": round(row.recall, 1),
            "f1": round(row.f1, 1),
            "gold": row.gold,
            "pred": row.predicted,
        }
        for row in scores(articles, run)
    }
    assert ours == theirs


@pytest.mark.parametrize("disturb", DISTURBED, ids=lambda function: function.__name__)
@pytest.mark.parametrize("folder", ["seed", "news-dev", "polnear/dev"])
def test_rows_are_those_of_the_gold_s_own_scorer(shared, scorer, run_on, folder, disturb):
    articles = read_gold(shared / folder)[:18]  # of PolNeAR these are enough
    chance = random.Random(7)
    run = {article.id: disturb(copy.deepcopy(run_on(article)), chance) for article in articles}
    texts = shared / folder
    assert_same_rows(scorer, articles, texts / "text" if (texts / "text").is_dir() else texts, run)


def f1(articles: list[GoldArticle], run_on) -> dict[str, float]:
    return {
        row.name: row.f1 for row in scores(articles, {article.id: run_on(article) for article in articles})
    }


@pytest.mark.parametrize("row", ["direct.span", "direct.mention", "direct.entity"])
def test_the_article_that_the_project_began_from_is_read_without_fault(shared, run_on, row):
    assert f1(read_gold(shared / "seed"), run_on)[row] == 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "floors"),
    [
        ("news-dev", {"direct.mention": 92, "direct.entity": 87}),
        ("polnear/dev", {"direct.span": 95, "direct.mention": 89, "all.mention": 68, "all.chars": 87.5}),
    ],
)
def test_floors(shared, run_on, folder, floors):
    measured = f1(read_gold(shared / folder), run_on)
    assert {row: f1 for row, f1 in measured.items() if f1 < floors.get(row, 0)} == {}
