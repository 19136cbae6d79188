"""Altered copies of gold articles, so that the reader learns structure and not Trump and Clinton.

Persons are renamed, sources get British titles and roles, quotation marks change style, paragraphs are joined
or split, and captions fall between them. Every offset moves along.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from ingest.marks import sentence_starts
from ingest.reader.features import CLOSE, OPEN, quote_states
from ingest.train.gold import Edit, GoldArticle, edit

ROLES = [
    "the prime minister",
    "the shadow chancellor",
    "the home secretary",
    "the chancellor",
    "the foreign secretary",
    "the health secretary",
    "the education secretary",
    "a Downing Street spokesman",
    "a spokeswoman for the department",
    "the Labour leader",
    "the Tory leader",
    "the backbencher",
    "the minister",
    "the MP",
    "the union",
    "the charity",
    "the council",
    "the chief executive",
    "the company",
    "a spokesman",
    "a spokesperson",
    "the president",
    "the inquiry",
    "the Treasury",
    "the Home Office",
    "campaigners",
    "the first minister",
    "the coach",
    "the manager",
    "the striker",
    "the judge",
    "the actor",
    "the singer",
    "police",
    "the researchers",
    "the professor",
    "the report",
]
TITLES = [
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "Sir",
    "Dame",
    "Lord",
    "Baroness",
    "Prof",
    "Cllr",
    "Professor",
    "Sen.",
    "Miss",
]
CAPTIONS = [
    "open image in gallery {name} speaking in {place} ( Getty )",
    "{name} in {place} (Getty Images)",
    "open image in gallery {name} outside the {place} court ( PA Wire )",
    "Image source, Getty Images",
    "Image caption, {name} arriving in {place}",
    "Media caption, {name} talks to the BBC",
    "Read more: {name} in {place}",
    "Advertisement",
    "RELATED: What {name} means for {place}",
    "Photo: {name} at a rally in {place} (AP)",
    "Story continues below",
    "Sign up for our daily newsletter",
    "{name}, right, with {other} in {place}. Photograph: Reuters",
]
PLACES = [
    "London",
    "Paris",
    "Leeds",
    "Cardiff",
    "Ohio",
    "Brussels",
    "Geneva",
    "Texas",
    "Belfast",
    "Berlin",
    "Manchester",
    "Washington",
    "Delhi",
]
_NAME = re.compile(r"\b([A-Z][a-z]+)(?: [A-Z]\.)? ([A-Z][a-z]+(?:[-’'][A-Z][a-z]+|[A-Z][a-z]+)?)\b")
_TITLED = re.compile(r"\b(Mr|Mrs|Ms|Dr|Sen|Gov|Rep)\. (?=[A-Z])")


class NameList:
    """Given names and surnames of the sources of a training set, to be swapped for one another."""

    def __init__(self, articles: Iterable[GoldArticle]) -> None:
        pairs: Counter[tuple[str, str]] = Counter()
        alone: Counter[str] = Counter()
        common: Counter[str] = Counter()
        for article in articles:
            for quote in article.quotes:
                for a, b in quote.source:
                    words = article.text[a:b]
                    alone[words.split()[-1]] += len(words.split()) == 1 or bool(_TITLED.match(words))
                    if match := _NAME.match(words):
                        pairs[match[1], match[2]] += 1
            common.update(re.findall(r"\b[a-z]{3,}\b", article.text))
        surnames: defaultdict[str, set[str]] = defaultdict(set)
        for given, last in pairs:
            # "House", "Many" and "Frank" are words too: left out, to be safe
            if alone[last] and max(common[given.lower()], common[last.lower()]) < 6:
                surnames[given].add(last)
        self.given = sorted(name for name, seen in surnames.items() if len(seen) > 1 and len(name) > 2)
        known = set(self.given)
        self.last = sorted({last for given, last in pairs if given in known and common[last.lower()] < 6})
        self._given = known

    def full(self, rng: random.Random) -> str:
        """A made-up person: ``"Carla Reed"``."""
        return f"{rng.choice(self.given)} {rng.choice(self.last)}"

    def swaps(self, text: str, rng: random.Random) -> list[Edit]:
        """Edits that rename every person of a text, the same way throughout."""
        new: dict[str, str] = {}
        for given, last in dict.fromkeys((match[1], match[2]) for match in _NAME.finditer(text)):
            if given in self._given:
                new.setdefault(given, rng.choice(self.given))
                new.setdefault(last, rng.choice(self.last))
        if not new:
            return []
        pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(new))) + r")\b")
        return [(match.start(), match.end(), new[match.group()]) for match in pattern.finditer(text)]


def alter(article: GoldArticle, names: NameList, rng: random.Random) -> GoldArticle:
    """A random altered copy: other names, marks, titles, captions and paragraphs."""
    if rng.random() < 0.6:
        article = edit(article, names.swaps(article.text, rng), renames=True)
    if rng.random() < 0.35:
        article = edit(article, _sources(article, names, rng))
    if rng.random() < 0.3:
        article = edit(
            article, [(m.start(), m.end(), m.group(1) + " ") for m in _TITLED.finditer(article.text)]
        )
    if rng.random() < 0.35:
        article = edit(article, _paragraphs(article.text, rng))
    if rng.random() < 0.25:
        article = edit(article, _captions(article.text, names, rng))
    if rng.random() < 0.55:
        article = edit(article, _marks(article.text, rng))
    return article


def _sources(article: GoldArticle, names: NameList, rng: random.Random) -> list[Edit]:
    edits: list[Edit] = []
    rate = rng.choice((0.1, 0.3))
    for quote in article.quotes:
        for a, b in quote.source:
            words = article.text[a:b]
            if rng.random() > rate or words.lower() in ("i", "we", "you", "who", "they"):
                continue
            first = a == 0 or article.text[a - 1] == "\n" or article.text[a - 2 : a] in (". ", "? ", "! ")
            if words[0].isupper() and " " not in words and words.lower() not in ("he", "she", "it"):
                new = f"{rng.choice(TITLES)} {words}"
            elif rng.random() < 0.5:
                new = names.full(rng)
            else:
                new = rng.choice(ROLES)
                new = new[0].upper() + new[1:] if first else new
            edits.append((a, b, new))
    return edits


def _paragraphs(text: str, rng: random.Random) -> list[Edit]:
    style, rate = rng.choice(("join", "line", "split", "split")), rng.choice((0.3, 0.7, 1.0))
    if style == "split":
        states = quote_states(text)
        starts = [at for at in sentence_starts(text) if at and text[at - 1] == " " and states[at - 1] == 0]
        return [(at - 1, at, "\n\n") for at in starts if rng.random() < rate * 0.5]
    breaks = re.finditer(r"(?<=[.?!”\"’)])\n+", text)
    return [(m.start(), m.end(), " " if style == "join" else "\n") for m in breaks if rng.random() < rate]


def _captions(text: str, names: NameList, rng: random.Random) -> list[Edit]:
    edits = []
    for match in re.finditer(r"\n+", text):
        if rng.random() < 0.15:
            line = rng.choice(CAPTIONS).format(
                name=names.full(rng), other=names.full(rng), place=rng.choice(PLACES)
            )
            edits.append((match.end(), match.end(), line + "\n\n"))
    return edits


_STYLES = {
    "straight": '""',
    "curly": "“”",
    "single": "‘’",
    "plain single": "''",
    "doubled": ("''", "''"),
    "none": ("", ""),
}


def _marks(text: str, rng: random.Random) -> list[Edit]:
    """Edits that rewrite every pair of double marks in one style, or half of them (a careless desk)."""
    style = rng.choices(list(_STYLES), weights=(5, 5, 3, 2, 2, 0.5))[0]
    opening, closing = _STYLES[style]
    share = 1.0 if rng.random() < 0.8 else 0.5
    states = quote_states(text)
    edits = []
    for match in re.finditer(r"[“”\"]|''|``", text):
        state = states[match.start()]
        if state in (OPEN, CLOSE) and rng.random() < share:
            edits.append((match.start(), match.end(), opening if state == OPEN else closing))
    return edits
