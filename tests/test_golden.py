"""The sample articles, whole: what is found in them now, and how much of what is true that is."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from golden.__main__ import ARTICLES, GOLDEN, articles, as_words

from ingest.names import plain_name
from ingest.records import Article

READ = {article.id: article for article in articles()}

# Percent of the quotations of tests/golden/truth, measured and rounded down. They only ever rise.
FLOORS = {"direct found": 99, "direct named": 90, "mixed found": 100, "mixed named": 96}


@pytest.fixture(scope="module")
def found(pipeline):
    return {id: pipeline.quotes(article) for id, article in READ.items()}


@pytest.mark.parametrize("id", READ)
def test_quotes_are_the_golden_ones(found, id):
    """Where this fails and the new quotes are better: ``make golden``, and review the diff."""
    golden = json.loads((GOLDEN / f"{id}.json").read_text(encoding="utf-8"))
    assert [as_words(READ[id].text, quote) for quote in found[id]] == golden


def test_every_article_has_its_golden_file_and_its_truth():
    stems = {path.stem for path in ARTICLES.iterdir()}
    assert set(READ) == stems
    assert {path.stem for path in GOLDEN.glob("*.json")} == stems
    assert {path.stem for path in GOLDEN.glob("truth/*.json")} == stems


@pytest.mark.parametrize("id", READ)
def test_truth_is_in_its_article(id):
    for entry in truth(id):
        assert places(READ[id], entry["text"]), f"not in the article: {entry['text']}"
        assert entry["mention"] is None or entry["mention"] in READ[id].text


def test_how_much_of_the_truth_is_found(found):
    counts: Counter[str] = Counter()
    failed = []
    for id, article in READ.items():
        for entry in truth(id):
            kind = entry["kind"]
            if kind == "indirect":
                continue
            counts[kind] += 1
            names = [
                quote.speaker.name if quote.speaker else None
                for quote in found[id]
                if holds(quote.quotation.parts, places(article, entry["text"]))
            ]
            right = any(same(name, entry["speaker"]) for name in names)
            counts[f"{kind} found"] += bool(names)
            counts[f"{kind} named"] += right
            if not right:
                result = "not found" if not names else f"is {names[0]}"
                failed.append(f"{id}: {entry['text'][:70]} {entry['speaker']} ({entry['mention']}) {result}")
    shares = {name: 100 * counts[name] / counts[name.split()[0]] for name in FLOORS}
    report = "\n".join([*(f"{name} {share:.1f}%" for name, share in shares.items()), *failed])
    assert all(shares[name] >= floor for name, floor in FLOORS.items()), report
    print(report)  # noqa: T201 (shown by pytest -rA)


def truth(id: str) -> list[dict[str, str | None]]:
    return json.loads((GOLDEN / "truth" / f"{id}.json").read_text(encoding="utf-8"))


def places(article: Article, words: str) -> set[int]:
    """The characters at which words stand, in as few pieces as can be; none if some do not stand there.

    The parts of a quotation are joined by one space in the truth, and far apart in the article.
    """
    found: set[int] = set()
    rest, at = words.split(" "), 0
    while rest:
        for count in range(len(rest), 0, -1):
            piece = " ".join(rest[:count])
            if (start := article.text.find(piece, at)) >= 0:
                break
        else:
            return set()
        at = start + len(piece)
        found |= set(range(start, at))
        rest = rest[count:]
    return found


def holds(parts, words: set[int]) -> bool:
    """Whether a quotation holds half of some words or more, or they hold half of it."""
    ours = {i for start, end in parts for i in range(start, end)}
    return bool(words) and 2 * len(ours & words) >= min(len(ours), len(words))


def same(name: str | None, true: str | None) -> bool:
    return plain_name(name or "") == plain_name(true or "")
