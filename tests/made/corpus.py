"""Some hundreds of short news articles, all invented, with the truth about who says what in each.

``corpus(1)`` writes them with one seed and gives, for every quotation, who a careful editor would say it is of:
one who reads all of the articles and the register, and knows nothing else. ``measure`` then holds what a
program made of them against that truth. Nothing in here is real but the holders of offices whom
``data/speakers.yml`` dates ("the prime minister"); they say bland things about bridges that do not exist.

What is in it
-------------
The first word of a person's key is their kind. Shares are of the people who speak, and what thirty seeds gave;
``tests/test_made.py`` checks them.

``plain``     58–67%  one full name, one post, one to eight articles, mostly with the role (worded in many ways),
                      sometimes without it
``post``      7–10%   changes post: councillor, leader, mayor; finance director, chief executive; or goes to another
                      employer, "previously of X" at some mention there
``alias``     8–10%   bears two or three forms of one name: Bob for Robert, a middle initial, initials, a hyphen,
                      accents, transliterations, Sir, Dr, Jr, a peerage, a married name (in the register's aliases)
``surname``   7–9%    shares an article with another of the surname: couples, parent and child, strangers
``namesake``  7–10%   two or three people of one full name, told apart by role and body; or nearly one name
                      (Elizabeth and Liz, John A and John B), and not the same person
``office``    3–4%    holders, one after another, of an invented office that the extra register rows date
``register``          nine or more people of ``data/speakers.yml`` in a dated role, beside the shares above

Of the quotations 85–88% are sentences in marks, the others a fragment in marks or reported speech, half and half.
Bodies say 9–14%, groups 4–7%. Of 7–10% nobody can know who said them: "one resident", "campaigners", "Hale said" where
there are two, "a former home secretary", a name of several bearers in an article that says no more.

What is made hard on purpose: offices near their handover, the prime minister of an invented country, two bodies with
one acronym, a striker with a mayor's name, a wife introduced by given name alone, people who are named but do not
speak, acronyms that are given in brackets once, captions between paragraphs, surnames that office-holders bear.

The register is read for offices and for names that nobody here may have: entries added to it can change the
articles in which an office speaks.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal, NamedTuple, get_args

from ingest.records import Article
from ingest.register import Register

Mention = Literal["name", "surname", "role", "pronoun", "group", "body"]
MENTIONS: tuple[Mention, ...] = get_args(Mention)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One quotation and whose it is.

    ``words`` are its parts without their outer marks, joined by a space. ``who`` is the key of a person or body,
    a group's key, or None where no careful reader could know. ``members`` are the people of a group; where ``who``
    is None, those it may be, and none for somebody without a name. ``mention`` is how the article names the source
    at that place: ``surname`` is any part of a name (Hale, Ms Hale, Sir Bob, Bob), ``role`` any noun (the mayor,
    his wife, one resident), ``body`` a body or its spokesperson.
    """

    article: str
    words: str
    who: str | None
    members: tuple[str, ...]
    mention: Mention


# --- the measure ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many quotations of one kind of mention came out how.

    Where it can be known who speaks: ``right``, ``wrong``, ``open`` (found and not named) or ``lost`` (not found).
    Where it cannot: ``spared`` (open or lost, as it should be), ``guessed`` (somebody it may be, or a page of its
    own) or ``wrong`` (somebody it cannot be).
    """

    right: int = 0
    wrong: int = 0
    open: int = 0
    lost: int = 0
    spared: int = 0
    guessed: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """Wrong merges and splits, counted over pairs of quotations of whom the truth is certain.

    A page is all that was given one speaker id. Of two quotations on one page, the pair is ``together``, and
    ``merged`` if they are of different persons. Two quotations of one person are a ``same`` pair if both were
    named, and ``split`` if they were then given different ids; ``same_or_open`` and ``split_or_open`` count those
    pairs also where one or both were left open. Bodies and groups count as persons do. Quotations of which nobody
    can know whose they are count in no pair.

    ``persons_split`` are the persons on more than one page, ``pages_shared`` the pages with more than one person.
    ``outcomes`` has, per kind of mention, how many quotations were named right: on a page most of whose certain
    quotations are theirs.
    """

    together: int
    merged: int
    same: int
    split: int
    same_or_open: int
    split_or_open: int
    persons_split: tuple[str, ...]
    pages_shared: tuple[str, ...]
    outcomes: Mapping[Mention, Outcome]

    @property
    def wrong_merge_rate(self) -> float:
        """The share of pairs on one page that are of two persons; 0 where there is no pair."""
        return self.merged / self.together if self.together else 0.0

    @property
    def split_rate(self) -> float:
        """The share of one person's pairs, both named, that are on two pages."""
        return self.split / self.same if self.same else 0.0

    @property
    def split_or_open_rate(self) -> float:
        """The share of one person's pairs that are not on one page."""
        return self.split_or_open / self.same_or_open if self.same_or_open else 0.0


def measure(truth: Sequence[Spoken], predicted: Mapping[tuple[str, str], str | None]) -> Measure:
    """Hold speaker ids, by article and words of the quotation, against the truth.

    >>> said = [Spoken("1", "We shall go home", "a", (), "name"), Spoken("2", "It is late now", "a", (), "name")]
    >>> measure(said, {("1", "“We shall go home,”"): "ann", ("2", "“It is late now.”"): "bob"}).split_rate
    1.0
    """
    ids = matched(truth, predicted)
    certain = [(s.who, id) for s, id in zip(truth, ids, strict=True) if s.who is not None]
    named = [(who, id) for who, id in certain if id]
    pages: dict[str, Counter[str]] = defaultdict(Counter)
    persons: dict[str, Counter[str]] = defaultdict(Counter)
    for who, id in named:
        pages[id][who] += 1
        persons[who][id] += 1
    everyone = Counter(who for who, _ in certain)
    together = sum(_pairs(page.total()) for page in pages.values())
    same = sum(_pairs(ids.total()) for ids in persons.values())
    united = sum(_pairs(count) for page in pages.values() for count in page.values())
    same_or_open = sum(map(_pairs, everyone.values()))
    owners = {id: page.most_common(1)[0][0] for id, page in pages.items()}
    counts: dict[Mention, Counter[str]] = {mention: Counter() for mention in MENTIONS}
    for said, given in zip(truth, ids, strict=True):
        counts[said.mention][_outcome(said, given, owners)] += 1
    return Measure(
        together,
        together - united,
        same,
        same - united,
        same_or_open,
        same_or_open - united,
        tuple(sorted(who for who, ids in persons.items() if len(ids) > 1)),
        tuple(sorted(id for id, page in pages.items() if len(page) > 1)),
        {mention: Outcome(**count) for mention, count in counts.items()},
    )


def matched(truth: Sequence[Spoken], predicted: Mapping[tuple[str, str], str | None]) -> list[str | None]:
    """For each quotation of the truth the id that it was given: None if left open, "" if it was not found.

    Words are compared by their letters and digits alone. Where none are the same, the longest of those that hold
    the true words, or make up at least a third of them, is taken: where a quotation ends is measured elsewhere.
    """
    found: dict[str, dict[str, str | None]] = defaultdict(dict)
    for (article, words), id in predicted.items():
        found[article][_letters(words)] = id
    ids = []
    for said in truth:
        true, there = _letters(said.words), found[said.article]
        near = [w for w in there if true in w or (w in true and 3 * len(w) >= len(true))]
        best = true if true in there else max(near, key=len, default=None)
        ids.append("" if best is None else there[best])
    return ids


def _outcome(said: Spoken, id: str | None, owners: Mapping[str, str]) -> str:
    if said.who is None:
        owner = owners.get(id or "")
        if not id:
            return "spared"
        return "guessed" if owner is None or owner in said.members else "wrong"
    if not id:
        return "lost" if id == "" else "open"
    return "right" if owners[id] == said.who else "wrong"


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _letters(words: str) -> str:
    return "".join(c for c in words.lower() if c.isalnum())


# --- the world: people, bodies, towns, outlets ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Role:
    """A post, and how newspapers word it: behind the name, before it, and later on in its place.

    ``beats`` maps what its holder is asked about to how they speak: ``+`` for it, ``-`` against, ``e`` as an
    expert, ``h`` as somebody whom it happened to.
    """

    countries: tuple[str, ...]
    beats: Mapping[str, str]
    after: tuple[str, ...]
    before: tuple[str, ...]
    later: tuple[str, ...]
    body: str | None = None
    title: str = ""
    one: bool = False


@dataclass(frozen=True, slots=True)
class _Body:
    """A body: its names, the fullest first, and what it is called after that."""

    key: str
    forms: tuple[str, ...]
    later: tuple[str, ...]
    acronym: str | None = None


@dataclass(eq=False, slots=True)
class _Town:
    """A town, or a land, with what is in it."""

    name: str
    county: str
    country: str
    outlets: list[_Outlet]
    bodies: dict[str, _Body] = field(default_factory=dict)
    surnames: set[str] = field(default_factory=set)
    held: dict[str, list[tuple[date, date]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outlet:
    """An outlet and its house style: marks within marks, Mr and Ms or bare surnames."""

    name: str
    country: str
    marks: tuple[str, str, str, str]
    courtesy: bool


class _Form(NamedTuple):
    """One form of a person's name."""

    given: str
    surname: str
    honour: str = ""
    suffix: str = ""

    @property
    def full(self) -> str:
        return " ".join(filter(None, (self.honour, self.given, self.surname, self.suffix)))


@dataclass(frozen=True, slots=True)
class _Post:
    """A role at a body in a town, held for a while."""

    role: str
    body: _Body | None
    town: _Town
    start: date
    end: date

    @property
    def duty(self) -> _Role:
        return ROLES[self.role]


@dataclass(eq=False, slots=True)
class _Person:
    """Somebody invented. ``turn`` is the day from which the last form of the name is used, none if forms vary."""

    key: str
    sex: str
    forms: tuple[_Form, ...]
    posts: list[_Post]
    bits: dict[str, str]
    born: int
    wife: bool = False
    turn: date | None = None
    shown: int = 0

    @property
    def kind(self) -> str:
        return self.key.split("-")[0]

    def post(self, on: date) -> _Post:
        return next((post for post in reversed(self.posts) if post.start <= on), self.posts[0])

    def form(self, on: date) -> _Form:
        """The name as an article of a day has it."""
        if self.turn:
            return self.forms[-1] if on >= self.turn else self.forms[0]
        self.shown += 1
        return self.forms[self.shown % len(self.forms)]


@dataclass(eq=False, slots=True)
class _Visit:
    """One or two people who are to be in an article of a post's time and place."""

    people: tuple[_Person, ...]
    role: _Role
    town: _Town
    start: date
    end: date
    relation: str = ""

    @property
    def quotes(self) -> int:
        """How many quotations they take at least."""
        return len(self.people) if self.relation in ("", "strangers") else 4

    def fits(self, on: date, beat: str) -> bool:
        return self.start <= on <= self.end and beat in self.role.beats


_SINCE, _UNTIL = date(2003, 1, 1), date(2025, 12, 20)
_CURLY, _STRAIGHT = ("“", "”", "‘", "’"), ('"', '"', "'", "'")
_SINGLE, _STRAIGHT_SINGLE = ("‘", "’", "“", "”"), ("'", "'", '"', '"')


class _World:
    """Who and what there is, drawn from the tables below by one seed."""

    def __init__(self, seed: int, articles: int) -> None:
        self.rng = random.Random(f"made {seed}")
        self.seed, self.articles = seed, articles
        self.people: list[_Person] = []
        self.visits: list[_Visit] = []
        self.rows: list[dict[str, Any]] = []
        self.unplaced: list[tuple[_Form, tuple[str, ...]]] = []
        self.used: set[str] = set()
        self.told: set[tuple[_Person, int]] = set()
        self.topics: Counter[tuple[str, str]] = Counter()
        self.register = Register.load()
        self.full_names = {_plain(e.name) for e in self.register.entries}
        self.places = {country: self._shuffled(names) for country, names in PLACES.items()}
        self.counties = {country: self._shuffled(names) for country, names in COUNTIES.items()}
        self.corporate, self.agencies = self._shuffled(CORPORATE), self._shuffled(AGENCIES)
        self.hamlets = self._shuffled(HAMLETS)
        self.national = {
            country: [self._outlet(name, country) for name in self._shuffled(names)[:4]]
            for country, names in NATIONAL.items()
        }
        self.unions = {country: self._unions(country) for country in ("GB", "US")}
        self.towns = [
            self._town(country)
            for country, share, most in (("GB", 0.022, 12), ("US", 0.014, 8))
            for _ in range(min(most, self._of(share)))
        ]
        self.lands = [self._land() for _ in range(2)]
        for country in ("GB", "US"):
            self._twin_acronym([town for town in self.towns if town.country == country])
        self._populate()

    def _of(self, share: float) -> int:
        """So many for this number of articles, and at least one."""
        return max(1, round(share * self.articles))

    def _shuffled(self, lines: str) -> list[str]:
        words = _lines(lines)
        self.rng.shuffle(words)
        return words

    # --- towns and bodies ---

    def _outlet(self, name: str, country: str) -> _Outlet:
        marks = (_CURLY, _STRAIGHT, _SINGLE, _STRAIGHT_SINGLE)
        weights = (9, 6, 3, 1) if country == "GB" else (8, 10, 0, 0)
        courtesy = self.rng.random() < (0.55 if country == "GB" else 0.15)
        return _Outlet(name, country, self.rng.choices(marks, weights)[0], courtesy)

    def _unions(self, country: str) -> list[_Body]:
        found = []
        for line in self._shuffled(UNIONS[country])[:3]:
            name, acronym = line.split(" | ")
            found.append(self._body((name,), ("the union",), acronym))
        return found

    def _body(self, forms: tuple[str, ...], later: tuple[str, ...], acronym: str | None = None) -> _Body:
        name = "-".join(_plain(forms[0]).removeprefix("the ").split())
        return _Body(f"body-{name}", forms, later, acronym)

    def _town(self, country: str) -> _Town:
        rng = self.rng
        name, county = self.places[country].pop(), self.counties[country].pop()
        papers = rng.sample(_lines(PAPERS[country]), 3)
        local = [self._outlet(paper.format(place=name, county=county), country) for paper in papers[:2]]
        town = _Town(name, county, country, local + self.national[country])
        slots = {"p": name, "c": county, "saint": rng.choice(_lines(SAINTS))}
        slots["nick"] = rng.choice(_lines(NICKNAMES[country]))
        for kind, patterns in BODIES[country].items():
            forms, _, later = rng.choice(_lines(patterns)).partition(" | ")
            slots["corp"] = self.corporate.pop() if "{corp}" in forms else ""
            slots["x"] = self.hamlets.pop() if "{x}" in forms else ""
            *names, last = (form.format(**slots) for form in forms.split(", "))
            names += [last] if last != "=" else []
            acronym = _acronym(names[0]) if last == "=" else None
            town.bodies[kind] = self._body(tuple(names), tuple(later.split(", ")), acronym)
        town.bodies["union"] = rng.choice(self.unions[country])
        return town

    def _twin_acronym(self, towns: Sequence[_Town]) -> None:
        """A campaign in one town with the initials of the union in the next: Greener High Streets (GHS)."""
        union = towns[-1].bodies["union"]
        twin = TWINS[union.acronym or ""]
        towns[0].bodies["group"] = self._body((twin,), ("the group", "the campaign"), union.acronym)

    def _land(self) -> _Town:
        name = self.places["land"].pop()
        town = _Town(name, name, "land", self.national["GB"])
        town.bodies["ministry"] = self._body((f"{name}’s foreign ministry",), ("the ministry",))
        agency = self.agencies.pop().split(" | ")
        town.bodies["charity"] = self._body((agency[0],), ("the agency", "the charity"), agency[1])
        return town

    # --- people ---

    def _populate(self) -> None:
        rng, share = self.rng, self._of
        tongues = ["slavic", "arabic"]
        for land, tongue in zip(self.lands, tongues, strict=True):
            for role in ("foreign leader", "foreign minister", "aid director", "villager"):
                sex = rng.choice("fm")
                kind = "alias" if role.startswith("foreign") else "plain"
                forms = self._variants(sex, "translit", tongue) if kind == "alias" else self.name(sex)
                self.person(kind, sex, forms, [self._post(role, land)], rng.randint(2, 5))
        for country in ("GB", "US"):
            self._office(next(t for t in self.towns if t.country == country))
        for _ in range(share(0.058)):
            self._climber()
        for i in range(share(0.048)):
            self._alias(_lines(ALIASES)[i % len(_lines(ALIASES))])
        for i in range(share(0.028)):
            self._surname_pair(i)
        for i in range(share(0.026)):
            self._namesakes(i)
        while len(self.visits) < 2.25 * self.articles:
            town = rng.choices(self.towns, [3 if t.country == "GB" else 2 for t in self.towns])[0]
            sex = rng.choice("fm")
            role = rng.choice(self._roles(town))
            many = rng.choices(range(1, 9), (46, 19, 11, 8, 6, 4, 3, 3))[0]
            self.person("plain", sex, self.name(sex, town), [self._post(role, town)], many)

    @staticmethod
    def _roles(town: _Town) -> list[str]:
        """The roles that there can be in a town."""
        return [
            name
            for name, role in ROLES.items()
            if town.country in role.countries and (role.body is None or role.body in town.bodies)
        ]

    def _post(self, role: str, town: _Town, start: date | None = None, years: float = 0) -> _Post:
        """A post from a day on; an office that one person has at a time is given when nobody else has it."""
        rng = self.rng
        taken = town.held.setdefault(role, [])
        for _ in range(40):
            begins = start or _SINCE + timedelta(rng.randint(0, 6600))
            ends = min(begins + timedelta(int(365 * (years or rng.uniform(2, 9)))), _UNTIL)
            if not ROLES[role].one or all(ends < a or begins > b for a, b in taken):
                break
        else:
            return self._post(rng.choice(["resident", "shopkeeper", "neighbour"]), town, start, years)
        taken.append((begins, ends))
        body = town.bodies.get(ROLES[role].body or "")
        return _Post(role, body, town, begins, ends)

    def name(
        self, sex: str, town: _Town | None = None, *, surname: str = "", given: str = ""
    ) -> tuple[_Form, ...]:
        """A name that nobody has yet; one town does not get two of a surname unless that is asked for."""
        while True:
            first, last = given or self.rng.choice(GIVEN[sex]), surname or self.rng.choice(SURNAMES)
            if (surname or not town or last not in town.surnames) and self._claimed(first, last):
                break
        if town:
            town.surnames.add(last)
        return (_Form(first, last),)

    def _claimed(self, first: str, last: str) -> bool:
        name = _plain(f"{first} {last}")
        free = name not in self.full_names
        self.full_names.add(name)
        return free

    def person(self, kind: str, sex: str, forms: Sequence[_Form], posts: list[_Post], many: int) -> _Person:
        """Somebody new, who is to be in so many articles."""
        rng = self.rng
        post = posts[0]
        name = _plain(f"{forms[0].given} {forms[0].surname}")
        key = f"{kind}-{len(self.people):03}-{name.replace(' ', '-')}"
        man = {"f": "woman", "m": "man"}[sex]
        bits = {
            "man": man,
            "chair": rng.choice(["chair", f"chair{man}"]),
            "father": "mother" if sex == "f" else "father",
            "his": "her" if sex == "f" else "his",
            "party": rng.choice(_lines(PARTIES["US" if post.town.country == "US" else "GB"])),
            "ward": rng.choice(_lines(WARDS)),
            "field": rng.choice(_lines(FIELDS)),
            "job": rng.choice(_lines(JOBS)).format(man=man),
            "home": rng.choice(_lines(STREETS)),
            "book": rng.choice(_lines(BOOKS)),
            "local": str(rng.randint(12, 900)),
            "himself": "herself" if sex == "f" else "himself",
        }
        person = _Person(
            key, sex, tuple(forms), posts, bits, post.start.year - rng.randint(31, 57), rng.random() < 0.4
        )
        self.people.append(person)
        for i in range(many):
            self._visit((person,), posts[i % len(posts)])
        return person

    def _visit(self, people: tuple[_Person, ...], post: _Post, *, relation: str = "") -> None:
        start, end = post.start + timedelta(4), post.end - timedelta(4)
        turn = people[0].turn
        if turn and start < turn - timedelta(60) and turn + timedelta(60) < end:
            late = sum(v.people[0] is people[0] and v.start >= turn for v in self.visits)
            early = sum(v.people[0] is people[0] and v.end < turn for v in self.visits)
            start, end = (turn, end) if late < early else (start, turn - timedelta(1))
        self.visits.append(_Visit(people, post.duty, post.town, start, end, relation))

    def _any_town(self, country: str = "") -> _Town:
        return self.rng.choice([t for t in self.towns if not country or t.country == country])

    def _office(self, town: _Town) -> None:
        """Three mayors of one town, and the rows by which the register dates them."""
        rng, day = self.rng, date(2003, 5, 6)
        town.held["elected mayor"] = [(_SINCE, _UNTIL)]
        ends = sorted(rng.sample(range(2007, 2022, 2), 2))
        for end in (date(ends[0], 5, rng.randint(2, 9)), date(ends[1], 11, rng.randint(3, 12)), None):
            sex = rng.choice("fm")
            forms = self.name(sex, town)
            last = end - timedelta(1) if end else _UNTIL
            post = _Post("mayor", town.bodies["council"], town, day, last)
            person = self.person("office", sex, forms, [post], rng.randint(4, 6))
            title = {
                "title": f"mayor of {town.name}",
                "affiliation": town.bodies["council"].forms[0],
                "from": str(day),
            }
            row = self._row(person, town.country)
            row["roles"] = [{**title, "to": str(last)} if end else title]
            day = end or day

    def _row(self, person: _Person, country: str) -> dict[str, Any]:
        name = person.forms[-1].full
        row = {"id": "-".join(_plain(name).split()), "name": name, "kind": "person", "country": country}
        row["gender"] = {"f": "female", "m": "male"}[person.sex]
        self.rows.append(row)
        return row

    def _climber(self) -> None:
        """Somebody who changes post, in one body or to another one's."""
        rng = self.rng
        line = rng.choice(_lines(LADDERS))
        country, *roles = line.split(" | ")
        town, sex = self._any_town(country), rng.choice("fm")
        day, posts = _SINCE + timedelta(rng.randint(0, 4500)), []
        for role in roles:
            if role.startswith("->"):  # to another town's body
                role = role[2:]
                town = rng.choice([t for t in self.towns if t is not town and t.country == country] or [town])
            post = self._post(role, town, day, rng.uniform(1.5, 4))
            if post.role != role:
                break
            posts.append(post)
            day = post.end + timedelta(rng.randint(20, 200))
            if day > _UNTIL - timedelta(400):
                break
        forms = self.name(sex, town)
        if posts:
            kind = "post" if len(posts) > 1 else "plain"
            self.person(kind, sex, forms, posts, max(len(posts) + 1, rng.randint(2, 7)))

    def _variants(self, sex: str, trick: str, tongue: str = "") -> tuple[_Form, ...]:
        """Two or three forms of one name, by a trick of the table ALIASES."""
        rng = self.rng

        def pick(table: str) -> list[str]:
            lines = [line for line in _lines(table) if line[0] == sex]
            return rng.choice(lines)[2:].split(" = ")

        def foreign(names: str, surnames: str) -> tuple[list[str], list[str]]:
            while True:
                givens, last = pick(names), rng.choice(_lines(surnames)).split(" = ")
                if self._claimed(givens[0], last[0]):
                    return givens, last

        if trick == "translit":
            tongue = tongue or rng.choice(["slavic", "arabic"])
            givens, last = foreign(TRANSLIT[tongue], FOREIGN[tongue])
            spelt = zip((*givens, givens[0]), (last[0], *last), strict=True)
            return tuple(dict.fromkeys(_Form(*names) for names in spelt))
        if trick == "nickname":
            givens = pick(NICKED)
            form = self.name(sex, given=givens[0])[0]
            both = f"{givens[0]} {_OPEN}{givens[1]}{_CLOSE}"  # Robert “Bob” Hale
            return (form, _Form(givens[1], form.surname), _Form(both, form.surname))
        if trick == "accent":
            givens, last = foreign(ACCENTED, ACCENTED_SURNAMES)
            return (_Form(givens[0], last[0]), _Form(givens[1], last[1]))
        form = self.name(sex)[0]
        given, surname = form.given, form.surname
        other = self.name(sex, given=given)[0].surname.split("-")[0]
        letter = rng.choice("ABCDEGHJKLMPRTW")
        if trick == "hyphen":
            surname = surname.split("-")[0]
            return (_Form(given, f"{surname}-{other}"), _Form(given, f"{surname} {other}"))
        if trick == "initial":
            return (form, _Form(f"{given} {letter}", surname), _Form(f"{given} {letter}.", surname))
        if trick == "initials":
            both = given[0] + letter
            return tuple(_Form(stop.join(both) + stop.strip(), surname) for stop in ("", ".", ". "))
        if trick == "honour":
            return (form, form._replace(honour="Dame" if sex == "f" else "Sir"))
        if trick == "doctor":
            return (form, form._replace(honour="Dr"))
        if trick == "jr":
            return (form._replace(suffix="Jr."), form)
        if trick == "peer":
            return (form, form._replace(honour="Lady" if sex == "f" else "Lord", given=""))
        return (form, _Form(given, other))  # married

    def _alias(self, trick: str) -> None:
        rng = self.rng
        sex = "f" if trick == "married" else "m" if trick == "jr" else rng.choice("fm")
        forms = self._variants(sex, trick)
        country = "US" if trick == "jr" else "GB" if trick in ("honour", "peer") else ""
        role = rng.choice(_lines(PROMINENT[country or rng.choice(["GB", "US"])]))
        town = self._any_town(rng.choice(ROLES[role].countries))
        post = self._post(role, town, _SINCE + timedelta(rng.randint(0, 5200)), rng.uniform(5, 9))
        person = self.person("alias", sex, forms, [post], 0)
        if trick in ("honour", "peer", "married"):
            person.turn = post.start + (post.end - post.start) / 2
        if trick == "married":
            self._row(person, town.country)["aliases"] = [forms[0].full]
        for _ in range(rng.randint(3, 6)):
            self._visit((person,), post)

    def _surname_pair(self, number: int) -> None:
        """Two of one surname in one article: a family, or people who have never met."""
        rng = self.rng
        relation = _lines(RELATIONS)[number % len(_lines(RELATIONS))]
        sexes, town = relation[:2].replace("x", rng.choice("fm")), self._any_town()
        first = self.name(sexes[0], town)
        second = self.name(sexes[1], town, surname=first[0].surname)
        word = relation[3:]
        if word == "strangers":
            roles = [r for r in self._roles(town) if not ROLES[r].one and "council" in ROLES[r].beats]
            posts = [self._post(role, town, date(2006, 1, 1), 17) for role in rng.sample(roles, 2)]
        else:
            post = self._post("family", town, years=6)
            posts = [post, post]
        pair = tuple(
            self.person("surname", sex, forms, [post], 0)
            for sex, forms, post in zip(sexes, (first, second), posts, strict=True)
        )
        old, young = pair
        if word in ("daughter", "son"):
            old.born = young.born - rng.randint(22, 31)
        pair[1].bits["job"] = rng.choice(_lines(JOBS)).format(man=pair[1].bits["man"])
        for _ in range(rng.choice((1, 2, 2))):
            self._visit(pair, posts[0], relation=word)
        for person, post in zip(pair, posts, strict=True):
            for _ in range(rng.choice((0, 1, 2)) if word == "strangers" else rng.choice((0, 0, 1))):
                self._visit((person,), post)

    def _namesakes(self, number: int) -> None:
        """Two or three people of one name, or of nearly one, in different towns or trades."""
        rng = self.rng
        sex = rng.choice("fm")
        near = number % 4 == 3
        if number == 1:  # a mayor whom the register knows, and somebody else of that name
            mayor = rng.choice([p for p in self.people if p.kind == "office"])
            sex, forms, keys = mayor.sex, list(mayor.forms), [mayor.key]
        elif near:
            sex, *names = rng.choice(_lines(NEARLY)).split(" = ")
            last = self.name(sex, given=names[0].split()[0])[0].surname
            forms, keys = [_Form(name, last) for name in names], []
        else:
            forms, keys = list(self.name(sex)), []
        wanted = 2 - len(keys) if near or keys else rng.choice((2, 2, 3))
        trades = rng.sample(_lines(TRADES), wanted)
        if number % 5 == 0:  # the same trade in two towns
            trades = [trades[0]] * wanted
        towns: list[_Town] = []
        for i, trade in enumerate(trades):
            left = [t for t in self.towns if t not in towns and forms[0].surname not in t.surnames]
            town = rng.choice(left or self.towns)
            towns.append(town)
            role = trade.split(" / ")[0 if town.country == "GB" else -1]
            person = self.person(
                "namesake",
                sex,
                [forms[i % len(forms)]],
                [self._post(role, town)],
                rng.choice((1, 2, 2, 3, 4)),
            )
            keys.append(person.key)
        if not near:
            self.unplaced.append((forms[0], tuple(sorted(keys))))


def _lines(table: str) -> list[str]:
    """The entries of a table: lines, or what stands between semicolons."""
    return [" ".join(line.split()) for line in table.strip().split(";" if ";" in table else "\n")]


def _words(table: str) -> list[str]:
    return table.split()


def _acronym(name: str) -> str:
    return "".join(w[0] for w in re.findall(r"\w[\w’]*", name) if w[0].isupper())


def _plain(name: str) -> str:
    """A name in small letters without accents and stops."""
    name = unicodedata.normalize("NFKD", name.lower()).translate(str.maketrans("łøæ", "loa"))
    return " ".join(re.sub(r"[^a-z ]", "", name.replace("-", " ")).split())


# --- one article ------------------------------------------------------------------------------------------

_OPEN, _CLOSE, _IN, _OUT = "\ue000", "\ue001", "\ue002", "\ue003"
PRONOUNS = ("he", "she", "it", "they")
#: What a spokesperson is named by: a council spokesman.
SPEAKING_NOUNS = ("council", "hospital", "trust", "company", "club", "school", "union", "museum", "force")


class _Source(NamedTuple):
    """Words that name a source: with a ``tail``, an apposition that a comma closes, or ``fronted`` by a clause."""

    words: str
    mention: Mention
    tail: bool = False
    fronted: bool = False

    @property
    def subject(self) -> str:
        return self.words + ("," if self.tail else "")


class _Writer:
    """Writes one article, paragraph by paragraph, and keeps who is named in it and how."""

    def __init__(self, world: _World, number: int, plan: _Plan, topic: _Topic, rng: random.Random) -> None:
        self.world, self.rng = world, rng
        self.id, self.topic = f"made-{number:03}", topic
        self.town, self.on, self.beat = plan.town, plan.on, plan.beat
        self.outlet = self.rng.choice(self.town.outlets)
        self.office, self.waiting = "", 0
        self.templates: set[str] = set()
        self.unnamed: set[_Person] = set()  # named by their role alone
        self.paragraphs: list[str] = []
        self.spoken: list[Spoken] = []
        self.cast: dict[_Person, tuple[_Form, set[str]]] = {}
        self.bodies: dict[_Body, bool] = {}  # whether its acronym has been given
        self.british = self.outlet.country == "GB"
        self.present = self.rng.random() < 0.08
        self.street = self.rng.choice(_lines(STREETS))
        self.facts = self.rng.sample(topic.background, len(topic.background))
        sign = "£" if self.british else "$"
        self.figures = {
            "month": self.rng.sample(MONTHS, 4),
            "years": self.rng.sample([_years(count) for count in range(2, 19)], 4),
            "big": [f"{self.rng.randint(1100, 9900):,}" for _ in range(3)],
            "money": [f"{sign}{self.rng.randint(110, 980)},000", f"{sign}{self.rng.randint(2, 90)} million"],
            "n": NUMBERS,
        }

    def article(self) -> Article:
        return Article(
            id=self.id,
            text=self._styled("\n\n".join(self.paragraphs)),
            url=f"https://{'-'.join(_plain(self.outlet.name).split())}.example/{self.on:%Y/%m/%d}/{self.id}",
            title=self._styled(self.fill(self.topic.title)),
            outlet=self.outlet.name,
            published=self.on.isoformat(),
        )

    def _styled(self, text: str) -> str:
        """In the house style: its marks, and straight apostrophes where those are straight."""
        if self.outlet.marks[0] in "\"'":
            text = text.replace("’", "'")
        for mark, own in zip((_OPEN, _CLOSE, _IN, _OUT), self.outlet.marks, strict=True):
            text = text.replace(mark, own)
        return text

    # --- words ---

    def fill(self, template: str, post: _Post | None = None, person: _Person | None = None) -> str:
        """A template with its slots filled: bodies as they are called by now, figures drawn anew."""

        def word(match: re.Match[str]) -> str:
            article, slot, ending = match.groups()
            value = self._slot(slot[0].lower() + slot[1:], post, person, possessive=bool(ending))
            if ending and value.endswith("s"):
                ending = "’"
            if article and value[0].lower() in "aeio":
                article = article.replace(" ", "n ")
            return article + (self._upper(value) if slot[0].isupper() else value) + ending

        return re.sub(r"((?:\b[Aa] )?)\{(\w+)\}((?:’s)?)", word, template)

    def _slot(self, slot: str, post: _Post | None, person: _Person | None, *, possessive: bool) -> str:
        rng, bodies = self.rng, self.town.bodies
        if person and slot in person.bits:
            return person.bits[slot]
        if post and post.body and slot in ("body", "the", "bare", "short"):
            return self.body(post.body, slot, possessive=possessive)
        if post and slot == "place":
            return post.town.name
        if slot in bodies:
            return self.body(bodies[slot], "body", possessive=possessive)
        if slot == "age" and person:
            return str(self.on.year - person.born)
        if slot == "since" and post:
            return str(post.start.year)
        if slot == "served" and post:
            return _years(max(2, self.on.year - post.start.year))
        if slot in self.figures:
            return rng.choice(self.figures[slot])
        return {
            "place": self.town.name,
            "county": self.town.county,
            "outlet": self.outlet.name,
            "street": self.street,
            "thing": self.topic.thing,
            "people": self.topic.people,
            "office": self.office,
            "day": (self.on - timedelta(1)).strftime("%A"),
            "short": self.body(bodies["club"], "short") if "club" in bodies else "",
            "ordinal": rng.choice(ORDINALS),
        }[slot]

    def body(self, body: _Body, slot: str = "body", *, possessive: bool = False) -> str:
        """A body at this place of the article: in full at first, with its acronym, and shorter later."""
        if slot == "short":
            self.bodies.setdefault(body, False)
            return body.forms[-1].removeprefix("the ")
        if slot == "bare":
            self.bodies.setdefault(body, False)
            return body.forms[0].removeprefix("the ")
        if body not in self.bodies:
            given = bool(body.acronym) and not possessive and self.rng.random() < 0.75
            self.bodies[body] = given
            form = body.forms[0] if given else self.rng.choice(body.forms[:2])
            return f"{form} ({body.acronym})" if given else form
        short = [body.acronym] if self.bodies[body] and body.acronym else []
        later = [words for words in body.later if self._only(words, body)]
        if slot == "the" and later:
            return later[0]
        return self.rng.choice([*body.forms, *short * 3, *later])

    def _only(self, words: str, body: _Body) -> bool:
        """Whether no other body of the article is called by these words too."""
        return all(words not in other.later for other in self.bodies if other is not body)

    def sentence(self, stance: str, *, plural: bool = False, home: bool = False) -> str:
        """Something to say that nobody has said yet, "/" where a cue may break in.

        What is ``plural`` is said by several or by a body; those who are at ``home`` know the matter from inside.
        """
        world, rng = self.world, self.rng
        for attempt in range(400):
            own = SAYINGS.get((self.topic.beat, stance)) if home else None
            template = rng.choice(_lines(own if own and rng.random() < 0.6 else SAYINGS["", stance]))
            if template in self.templates:
                continue
            opener = rng.choice(_lines(OPENERS[stance])) if rng.random() < 0.12 + attempt / 400 else ""
            if plural and re.search(r"\b(?:I|[Mm]y|me|mine)\b", opener + template):
                continue
            text = self._upper(self.fill(template))
            if opener:
                text = f"{opener} {text if text.startswith(('I ', 'I’', self.town.name)) else text[0].lower() + text[1:]}"
            if (letters := _letters(text)) not in world.used and len(text.split()) >= 6:
                world.used.add(letters)
                self.templates.add(template)
                return text.replace("<", _IN).replace(">", _OUT)
        raise AssertionError(f"nothing new to say about {self.topic.beat} {stance}")

    @staticmethod
    def _upper(text: str) -> str:
        return text[0].upper() + text[1:]

    # --- who ---

    def introduce(self, person: _Person, *, only_role: bool = False) -> _Source:
        """The first mention: a name with what the reader must know of its bearer, or hardly anything of it."""
        rng, post = self.rng, person.post(self.on)
        role, form = post.duty, person.form(self.on)
        if only_role:
            self._cast(person, form, role.before[0])
            self.unnamed.add(person)
            return _Source(self.fill(role.later[-1], post, person), "role")
        name = self._titled(form, role) if rng.random() < 0.6 or role.title in RANKS else form.full
        if form.honour in ("Lord", "Lady"):
            name = f"{person.forms[0].full}, now {form.full}"
        where = CONTEXTS.get(self.topic.beat)
        moved = self._moved(person, post)
        rare = {"plain": 0.13, "post": 0.06, "namesake": 0.06}.get(person.kind, 0) if not moved else 0
        if where and self.beat == next(iter(role.beats)) and rng.random() < rare:
            self._cast(person, form, "")
            return _Source(f"{self.fill(rng.choice(_lines(where)))}, {form.full}", "name", fronted=True)
        if (
            role.body == "club"
            and person.kind == "plain"
            and not self.outlet.courtesy
            and rng.random() < 0.12
        ):
            text = self.fill(role.before[-1], post, person)
            self._cast(person, form, text)
            return _Source(f"{text} {form.surname}", "surname")
        if role.before and not moved and not form.honour and rng.random() < 0.3:
            text = self.fill(rng.choice(role.before), post, person)
            self._cast(person, form, text)
            if rng.random() < 0.3 and text[0].islower() and text[-1] != ".":
                return _Source(f"the {text}, {form.full}", "name", tail=True)
            return _Source(f"{text} {form.full}", "name")
        wordings = [a for a in role.after if not (moved and a.startswith("who"))]
        text = self.fill(rng.choice(wordings), post, person)
        if "h" in role.beats.values() and not text.startswith("of ") and rng.random() < 0.4:
            text = self.fill("{age}, ", post, person) + text
        self._cast(person, form, text)
        return _Source(f"{name}, {text}{moved}", "name", tail=True)

    def _moved(self, person: _Person, post: _Post) -> str:
        """What the article says of an earlier post: always said somewhere when the employer is another."""
        at = person.posts.index(post)
        if at == 0:
            return ""
        old = person.posts[at - 1]
        elsewhere = old.body is not post.body
        if not (elsewhere and (person, at) not in self.world.told) and self.rng.random() > 0.3:
            return ""
        self.world.told.add((person, at))
        short = [words for words in old.duty.before if words.startswith("{bare}")]
        if elsewhere and short and self.rng.random() < 0.5:
            return f" and a former {self.fill(short[0], old, person)}"
        words = old.duty.after[0] if elsewhere else old.duty.later[0]
        before = self.fill(words, old, person).removeprefix("the ")
        return f" and {self.rng.choice(['previously', 'formerly', 'until ' + str(old.end.year)])} {before}"

    def _cast(self, person: _Person, form: _Form, text: str) -> None:
        later = person.post(self.on).duty.later
        self.cast[person] = (form, {*text.lower().split(), *" ".join(later).split()})

    def _titled(self, form: _Form, role: _Role) -> str:
        if form.honour or not role.title:
            return form.full
        return f"{role.title} {form.full}"

    def label(self, person: _Person) -> str:
        """What the outlet calls somebody after the first mention: Ms Hale, Cllr Hale, Sir Robert, Hale."""
        form, role = self.cast[person][0], person.post(self.on).duty
        if form.honour in ("Sir", "Dame"):
            return f"{form.honour} {form.given}"
        if form.honour:
            return f"{form.honour} {form.surname}"
        if not self.outlet.courtesy:
            return form.surname
        return f"{role.title or self._courtesy(person.sex, wife=person.wife)} {form.surname}"

    def _courtesy(self, sex: str, *, wife: bool = False) -> str:
        title = "Mr" if sex == "m" else "Mrs" if wife and self.british else "Ms"
        return title if self.british else f"{title}."

    def unique(self, person: _Person) -> bool:
        """Whether the label means nobody else whom the article has named."""
        mine = self.label(person)
        return all(self.label(other) != mine for other in self.cast if other is not person)

    def again(self, person: _Person) -> _Source:
        """A later mention by name."""
        if self.unique(person) and self.rng.random() < 0.88:
            return _Source(self.label(person), "surname")
        form = self.cast[person][0]
        return _Source(person.forms[0].full if not form.given else form.full, "name")

    def as_role(self, person: _Person) -> _Source | None:
        """A later mention by role, where nobody else in the article can be meant: the council leader."""
        post = person.post(self.on)
        later = [*post.duty.later]
        if "h" in post.duty.beats.values() and person.kind != "surname":
            if self.cast[person][1] >= {person.bits["job"].split()[-1]}:
                later = [f"the {person.bits['job']}"]
            else:
                return None
        if not later or not self.cast[person][1]:
            return None
        words = self.fill(self.rng.choice(later), post, person)
        head = words.split(" of ")[0].split()[-1]
        others = [known for other, (_, known) in self.cast.items() if other is not person]
        return None if any(head in known for known in others) else _Source(words, "role")

    # --- paragraphs ---

    def add(self, paragraph: str) -> None:
        self.paragraphs.append(self._upper(paragraph).replace("..", "."))  # of Corvane Inc.

    @property
    def room(self) -> int:
        """How many more quotations the article takes, besides those that are to come anyhow."""
        return 6 - len(self.spoken) - self.waiting

    def background(self) -> None:
        if self.facts and len(self.paragraphs) < 5:
            self.add(self.fill(self.facts.pop()))

    def quote(
        self,
        source: _Source,
        who: str | None,
        stance: str,
        *,
        members: tuple[str, ...] = (),
        follows: bool = False,
        joined: bool = False,
        home: bool = False,
    ) -> None:
        """A paragraph with a quotation of a source; ``joined`` to the one before, ``follows`` the same speaker's."""
        rng = self.rng
        plural = source.mention in ("group", "body") or source.words == "it"
        say = partial(self.sentence, stance, plural=plural, home=home)
        shape = 1.0 if source.fronted else rng.random()
        if shape < 0.06 and source.mention not in ("group", "role"):
            text, words = self._fragment(source, "+" if stance == "+" else "-")
        elif shape < 0.13 and source.mention != "group":
            text, words = self._reported(source)
        elif shape < 0.17 and not follows and source.mention in ("name", "surname") and self.room > 1:
            text, words = self._goes_on(source, who, members, say)
        else:
            cues = self._cues(stance, follows=follows, several=source.mention == "group")
            text, words = self._direct(source, say, cues)
        if joined:
            self.add(f"{self.paragraphs.pop()} {self._upper(text)}")
        else:
            self.add(text)
        self.spoken.append(Spoken(self.id, self._styled(words), who, members, source.mention))

    def _direct(self, source: _Source, say: Callable[[], str], cues: tuple[str, str]) -> tuple[str, str]:
        """``“S,” said Ann Lee. “T.”``, ``Ann Lee said: “S.”``, ``“S,” she said, “s.”`` → text and words."""
        rng = self.rng
        said = say()
        first, _, rest = said.partition(" / ")
        whole, asks = said.replace(" / ", " "), said.endswith("?")
        more = _ended(say().replace(" / ", " ")) if rng.random() < 0.4 else ""
        cue, told = ("asked", "asked") if asks else cues
        inverted = f"{'said' if ' ' in cue else cue} {source.words}"
        upright = source.words in PRONOUNS or rng.random() < (0.4 if self.british or source.tail else 0.8)
        shape = 0.4 if source.fronted else rng.random()
        if shape < 0.24 and rest and not source.tail:
            first = first.rstrip(",")
            cueing = f"{source.subject} {cue}" if upright else inverted
            return (
                f"{_OPEN}{first},{_CLOSE} {cueing}, {_OPEN}{_ended(rest)}{_CLOSE}",
                f"{first}, {_ended(rest)}",
            )
        if shape < 0.5:
            mark = ": " if self.british or rng.random() < 0.5 else ", "
            words = f"{_ended(whole)} {more}".strip()
            return f"{source.subject} {told}{mark}{_OPEN}{words}{_CLOSE}", words
        whole = _ended(whole, ",")
        cueing = f"{source.subject} {rng.choice((cue, told))}" if upright else inverted
        text = f"{_OPEN}{whole}{_CLOSE} {cueing}."
        return (f"{text} {_OPEN}{more}{_CLOSE}", f"{whole} {more}") if more else (text, whole)

    def _cues(self, stance: str, *, follows: bool, several: bool) -> tuple[str, str]:
        """A cue for any place, and one with a hearer or an occasion: said, told reporters."""
        cues = FOLLOWING if follows else CUES + CUES_OF[stance]
        cue = self.fill(self.rng.choice(_lines(cues)))
        told = cue if follows or self.rng.random() < 0.5 else self.fill(self.rng.choice(_lines(TOLD)))
        if self.present and not several:
            return PRESENT.get(cue, cue), PRESENT.get(told, told)
        return cue, told

    def _fragment(self, source: _Source, stance: str) -> tuple[str, str]:
        """``said it was “the biggest mistake in years”``, with the British or the American full stop."""
        words = self._new(FRAGMENTS[stance])
        lead = self.rng.choice(["said {thing} was", "described {thing} as", "called {thing}", "said it was"])
        stop = f"{_CLOSE}." if self.british else f".{_CLOSE}"
        return f"{source.subject} {self.fill(lead)} {_OPEN}{words}{stop}", words

    def _reported(self, source: _Source) -> tuple[str, str]:
        words = self._new(REPORTED)
        if source.mention != "pronoun" and self.rng.random() < 0.2:
            return f"according to {source.subject.rstrip(',')}, {words}.", words
        cue = self.rng.choice(["said", "said that", "confirmed that", "warned that", "said", "insisted that"])
        return f"{source.subject} {cue} {words}.", words

    def _new(self, table: str) -> str:
        for _ in range(400):
            words = self.fill(self.rng.choice(_lines(table)))
            if len(words.split()) >= 6 and (letters := _letters(words)) not in self.world.used:
                self.world.used.add(letters)
                return words
        raise AssertionError("every phrase has been used")

    def _goes_on(
        self, source: _Source, who: str | None, members: tuple[str, ...], say: Callable[[], str]
    ) -> tuple[str, str]:
        """A speech of two paragraphs, whose marks are opened at each and closed at the last."""
        first, then = (_ended(say().replace(" / ", " ")) for _ in range(2))
        self.add(f"{source.subject} said: {_OPEN}{first}")
        self.spoken.append(Spoken(self.id, self._styled(first), who, members, source.mention))
        return f"{_OPEN}{then}{_CLOSE}", then

    # --- blocks ---

    def person(self, person: _Person, *, more: bool) -> None:
        """Somebody speaks for the first time, and perhaps goes on."""
        rng, stance, home = self.rng, *self._stance(person)
        who = person.key
        only_role = person.kind == "office" and rng.random() < 0.5
        source = self.introduce(person, only_role=only_role)
        pronoun = _Source("she" if person.sex == "f" else "he", "pronoun")
        quote = partial(self.quote, who=who, stance=stance, home=home)
        if not only_role and source.tail and rng.random() < 0.16:
            self.add(f"{source.subject} {self.fill(rng.choice(_lines(REACTED[stance])), person=person)}.")
            quote(pronoun, joined=rng.random() < 0.7)
        elif not only_role and source.tail and rng.random() < 0.05:
            said = _ended(self.sentence(stance, home=home).replace(" / ", " "))
            did = self.fill(rng.choice(_lines(DID)), person=person)
            self.add(f"{source.subject} {did}. {_OPEN}{said}{_CLOSE}")
            self.spoken.append(Spoken(self.id, self._styled(said), who, (), "name"))
        else:
            quote(source)
        if not more or self.room < 1:
            return
        role = None if only_role else self.as_role(person)
        if (joined := rng.random() < 0.35) or rng.random() < 0.3:
            quote(pronoun, follows=True, joined=joined)
        elif only_role:
            quote(_Source("the mayor", "role"), follows=True)
        else:
            quote(role if role and rng.random() < 0.4 else self.again(person), follows=True)

    def _stance(self, person: _Person) -> tuple[str, bool]:
        """How somebody speaks of the matter, and whether it is their own trade's."""
        beats = person.post(self.on).duty.beats
        return beats[self.beat], self.beat == next(iter(beats))

    def returns(self, person: _Person) -> None:
        """Somebody who has spoken speaks again, after others."""
        stance, home = self._stance(person)
        role = self.as_role(person)
        if person in self.unnamed:
            role = role or _Source("the mayor", "role")
        if role and (person in self.unnamed or self.rng.random() < 0.35):
            self.quote(role, person.key, stance, home=home)
            return
        rivals = tuple(sorted(p.key for p in self.cast if self.label(p) == self.label(person)))
        if len(rivals) > 1 and self.rng.random() < 0.5:
            self.background()
            self.quote(_Source(self.label(person), "surname"), None, stance, members=rivals)
        else:
            self.quote(self.again(person), person.key, stance, home=home)

    def states(self, body: _Body, stance: str, *, home: bool) -> None:
        """A body says something, or a spokesperson without a name says it for the body."""
        rng, new = self.rng, body not in self.bodies
        words, man = self.body(body), rng.choice(["spokesman", "spokeswoman", "spokesperson"])
        noun = body.later[0].split()[-1]
        rivals = tuple(sorted(b.key for b in self.bodies if body.later[0] in b.later))
        if not new and len(rivals) > 1 and rng.random() < 0.4:
            self.quote(_Source(body.later[0], "body"), None, stance, members=rivals)
            return
        forms = [(words, "it"), (f"a {man} for {words}", man), (f"a {man} for {words}", man)]
        if not new and self._only(body.later[0], body):
            forms += [(body.later[0], "it")]
            forms += [(f"a {noun} {man}", man)] if noun in SPEAKING_NOUNS else []
        source, pronoun = rng.choice(forms)
        self.quote(_Source(source, "body"), body.key, stance, home=home)
        after = {"it": "it", "spokesman": "he", "spokeswoman": "she"}.get(pronoun)
        if after and self.room > 0 and rng.random() < 0.3:
            self.quote(_Source(after, "pronoun"), body.key, stance, follows=True, joined=rng.random() < 0.5)

    def nobody(self) -> None:
        """Somebody without a name, or several."""
        several = self.rng.random() < 0.5
        words = self.fill(self.rng.choice(_lines(SEVERAL if several else SOMEBODY)))
        tail = not several and "," in words
        source = _Source(words.rstrip(","), "group" if several else "role", tail)
        self.quote(source, None, self.rng.choice("-hh"))

    def together(self, one: _Person, other: _Person, words: str = "") -> None:
        """Two say one thing: in a joint statement, or as the pair."""
        pair = (one, other)
        members = tuple(sorted(p.key for p in pair))
        if not words:
            names = [self.again(p) if p in self.cast else self.introduce(p) for p in pair]
            words = " and ".join(n.words for n in names)
        said = self.sentence(self._stance(one)[0], plural=True).replace(" / ", " ")
        how = self.rng.choice(["said in a joint statement", "said in a statement", "said", "told {outlet}"])
        if self.rng.random() < 0.7:
            self.add(f"{words} {self.fill(how)}: {_OPEN}{_ended(said)}{_CLOSE}")
        else:
            self.add(f"{_OPEN}{_ended(said, ',')}{_CLOSE} {words} {self.fill(how)}.")
        self.spoken.append(
            Spoken(self.id, self._styled(said), "group-" + "+".join(members), members, "group")
        )

    def family(self, pair: tuple[_Person, ...], relation: str) -> None:
        """Two of one family: both named at once, then each by title, given name or relation."""
        rng, (one, other) = self.rng, pair
        first, second = one.form(self.on), other.form(self.on)
        self._cast(one, first, "family")
        self._cast(other, second, "family")
        apart = self.outlet.courtesy and self.unique(one)
        name = second.given if apart and rng.random() < 0.35 else second.full
        jobs = [self.fill("{age}, a {job}", person=p) for p in pair]
        his = "her" if one.sex == "f" else "his"
        self.add(
            f"{first.full}, {jobs[0]}, and {his} {relation}, {name}, {jobs[1]}, "
            + self.fill(rng.choice(_lines(FAMILY)), person=one)
            + "."
        )
        couple = "the couple" if relation in ("wife", "husband") else "the pair"
        several = [couple, "they", f"the {_plural(first.surname)}", "both"]
        for turn in range(min(self.room + 3, rng.choice((3, 4, 4)))):
            person = pair[turn % 2]
            whose = "her" if pair[1 - turn % 2].sex == "f" else "his"
            kin = f"{whose} {_kin(relation, turn % 2, person.sex)}"
            form = self.cast[person][0]
            by_name = _Source(form.given, "surname") if rng.random() < 0.7 else _Source(form.full, "name")
            if turn == 3:
                self.background()
            if turn == 3 and not apart and rng.random() < 0.75:
                members = tuple(sorted(p.key for p in pair))
                self.quote(_Source(first.surname, "surname"), None, "h", members=members)
            elif turn == 1 and rng.random() < 0.3:
                self.quote(_Source(kin, "role"), person.key, "h")
            else:
                self.quote(_Source(self.label(person), "surname") if apart else by_name, person.key, "h")
        self.together(one, other, rng.choice(several))

    def holder(self, office: str, key: str, name: str, sex: str) -> None:
        """The real holder of an office, by role alone or by role and name."""
        rng = self.rng
        title = {"first minister": "Scotland’s first minister", "president": "the president"}.get(
            office, f"the {office}"
        )
        named = rng.random() < 0.4
        words = f"{title}, {name}" if named else title
        self.quote(_Source(words, "name" if named else "role", tail=named), key, "+")
        pronoun = _Source("she" if sex == "female" else "he", "pronoun")
        if self.room > 0 and rng.random() < 0.6:
            self.quote(pronoun, key, "+", follows=True, joined=rng.random() < 0.4)
        if self.room > 0 and rng.random() < 0.35:
            self.background()
            surname = name.split()[-1]
            courtesy = f"{self._courtesy(sex[0])} {surname}" if self.outlet.courtesy else surname
            by_name = named and rng.random() < 0.6
            self.quote(
                _Source(courtesy, "surname") if by_name else _Source(f"the {office}", "role"), key, "+"
            )
        if self.room > 0 and office not in ("first minister", "president") and rng.random() < 0.3:
            other = rng.choice(["shadow", "former"]) if office != "prime minister" else "former"
            if self.world.register.holder(f"shadow {office}", on=self.on.isoformat(), country="GB"):
                other = "former"  # who shadowed the office on that day can be known
            self.quote(_Source(f"{'a' if other == 'former' else 'the'} {other} {office}", "role"), None, "-")

    def bystander(self, person: _Person) -> None:
        """Somebody is named and says nothing."""
        post = person.post(self.on)
        form = person.form(self.on)
        text = self.fill(post.duty.after[0], post, person)
        self._cast(person, form, text)
        self.add(f"{form.full}, {text}, {self.fill(self.rng.choice(_lines(SILENT)))}.")


def _ended(said: str, mark: str = ".") -> str:
    return said if said.endswith(("?", mark)) else said + mark


def _years(count: int) -> str:
    return f"{('two', *NUMBERS)[count - 2] if count < 13 else count} years"


def _plural(surname: str) -> str:
    return surname + ("es" if surname.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _kin(relation: str, turn: int, sex: str) -> str:
    """What somebody is to the other of the pair: the second is the ``relation`` of the first."""
    if turn == 1:
        return relation
    if relation in ("sister", "brother"):
        return "sister" if sex == "f" else "brother"
    return {"wife": "husband", "husband": "wife"}.get(relation, "mother" if sex == "f" else "father")


# --- all of them ------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class _Plan:
    """One article to be written: where, when, about what, with whom."""

    town: _Town
    on: date
    beat: str
    visits: list[_Visit]
    office: tuple[str, str, str, str] | None = None
    unplaced: tuple[_Form, tuple[str, ...]] | None = None


def corpus(seed: int, articles: int = 300) -> tuple[list[Article], list[Spoken], list[dict[str, Any]]]:
    """So many articles in the order of their dates, what is said in them, and rows for the register.

    The rows are entries in the format of ``data/speakers.yml``, to be added to those of the real register.
    The same seed and number give the same; another seed gives other people, bodies, places and words.

    >>> found, truth, rows = corpus(1)
    >>> len(found), {said.article for said in truth} == {article.id for article in found}
    (300, True)
    """
    if articles < 150:
        raise ValueError(f"{articles} articles are too few to hold every kind of trick; ask for 150 or more")
    world = _World(seed, articles)
    plans = _planned(world)
    written = [_written(world, number, plan) for number, plan in enumerate(plans, 1)]
    return [w.article() for w in written], [said for w in written for said in w.spoken], world.rows


def _planned(world: _World) -> list[_Plan]:
    rng, left = world.rng, world.visits[:]
    rng.shuffle(left)
    plans = [_vox(world, unplaced) for unplaced in world.unplaced]
    wanted = world.articles - len(plans)
    gathered: list[_Plan] = []
    while left:
        gathered.append(_gathered(world, left))
    while len(gathered) < wanted:  # one of two gets an article of their own
        plan = rng.choice([p for p in gathered if len(p.visits) > 1])
        visit = plan.visits.pop()
        beat = next(iter(visit.role.beats))
        gathered.append(_Plan(plan.town, plan.on, beat, [visit]))
    spare = [p for p in gathered if all(v.people[0].kind == "plain" for v in p.visits)]
    for plan in rng.sample(spare, len(gathered) - wanted):
        gathered.remove(plan)
    offices = [
        p
        for p in gathered
        if p.beat in ("council", "transport", "business", "health") and p.town.country != "land"
    ]
    rng.shuffle(offices)
    for plan in offices[: world._of(0.075)]:
        plan.office = _office_on(world, plan)
    return sorted(plans + gathered, key=lambda plan: plan.on)


def _gathered(world: _World, left: list[_Visit]) -> _Plan:
    """An article around one who is to be in it, with others of the town who are asked about the same."""
    rng, lead = world.rng, left.pop()
    on = lead.start + timedelta(rng.randint(0, (lead.end - lead.start).days))
    if lead.people[0].kind == "office" and rng.random() < 0.4:  # near the handover
        near = timedelta(rng.randint(0, 18))
        on = lead.end - near if lead.end < _UNTIL - timedelta(9) else lead.start + near
    beats = [beat for beat in lead.role.beats if _about(beat, lead.town.country)]
    beat = rng.choices(beats, [4] + [1] * (len(beats) - 1))[0]
    visits = [lead]
    wanted = rng.choices((1, 2, 3, 4), (10, 42, 36, 12))[0]
    if lead.relation:
        beat = "council" if lead.relation == "strangers" else beat
        wanted = 1 if rng.random() < 0.5 else 2
    for visit in left:
        present = {p for v in visits for p in v.people}
        if len(visits) >= wanted:
            break
        if (
            visit.town is lead.town
            and not visit.relation
            and visit.fits(on, beat)
            and visit.people[0] not in present
        ):
            visits.append(visit)
    for visit in visits[1:]:
        left.remove(visit)
    rng.shuffle(visits)
    return _Plan(lead.town, on, beat, visits)


def _vox(world: _World, unplaced: tuple[_Form, tuple[str, ...]]) -> _Plan:
    """A name of several bearers, in a town where none of them is known to be."""
    rng = world.rng
    town = _Town(world.places["GB"].pop(), "the county", "GB", world.national["GB"])
    on = _SINCE + timedelta(rng.randint(0, (_UNTIL - _SINCE).days))
    sex = rng.choice("fm")
    post = _Post(rng.choice(["resident", "neighbour"]), None, town, on, on)
    person = world.person("plain", sex, world.name(sex, town), [post], 0)
    return _Plan(town, on, "street", [_Visit((person,), post.duty, town, on, on)], unplaced=unplaced)


def _office_on(world: _World, plan: _Plan) -> tuple[str, str, str, str] | None:
    """An office of the real register that somebody surely held on the day of an article."""
    country = plan.town.country
    offices = _lines(OFFICES[country])
    for office in world.rng.sample(offices, len(offices)):
        days = [(plan.on + timedelta(away)).isoformat() for away in (-3, 0, 3)]
        holders = [world.register.holder(office, on=day, country=country) for day in days]
        if holders[0] is not None and holders.count(holders[0]) == 3:
            entry = holders[0]
            return office, f"register-{entry.id}", entry.name, entry.gender or "male"
    return None


def _written(world: _World, number: int, plan: _Plan) -> _Writer:
    # Each article draws from its own source, so that a change to one leaves the others as they were.
    rng = random.Random(f"made {world.seed} {number}")
    w = _Writer(world, number, plan, _topic(world, plan, rng), rng)
    if plan.office:
        w.office = plan.office[0]
    w.add(w.fill(rng.choice(w.topic.leads)))
    w.waiting = sum(visit.quotes for visit in plan.visits)
    if plan.office:
        w.holder(*plan.office)
        w.background()
    if rng.random() < 0.25:
        w.background()
    wanted = min(6, len(plan.visits) + rng.choice((1, 2, 3, 3)))
    _speak(w, plan)
    if plan.unplaced:
        form, members = plan.unplaced
        w.quote(_Source(form.full, "name"), None, "h", members=members)
        w.nobody()
    _others(w, plan, wanted)
    while len(w.paragraphs) < 4:
        w.background()
    if rng.random() < 0.04 and len(w.paragraphs) < 9:
        w.paragraphs.insert(2, w.fill(rng.choice(_lines(FURNITURE))))
    return w


def _about(beat: str, country: str) -> list[_Topic]:
    return [topic for topic in TOPICS if topic.beat == beat and country in topic.countries]


def _topic(world: _World, plan: _Plan, rng: random.Random) -> _Topic:
    beat = "visit" if plan.office else plan.beat
    fitting = _about(beat, plan.town.country)
    rare = min(world.topics[plan.town.name, t.thing] for t in fitting)
    topic = rng.choice([t for t in fitting if world.topics[plan.town.name, t.thing] == rare])
    world.topics[plan.town.name, topic.thing] += 1
    return topic


def _speak(w: _Writer, plan: _Plan) -> None:
    """Those whom the article is to have, one after another."""
    rng = w.rng
    for visit in plan.visits:
        if visit.relation and visit.relation != "strangers":
            w.family(visit.people, visit.relation)
            w.waiting -= visit.quotes
            continue
        for person in visit.people:
            w.waiting -= 1
            w.person(person, more=rng.random() < 0.55 and w.room > 1)
            if rng.random() < 0.4:
                w.background()
        if visit.relation == "strangers" and w.room > 0:
            w.returns(rng.choice(visit.people))


def _others(w: _Writer, plan: _Plan, wanted: int) -> None:
    """Bodies, people without a name, two together, and those who speak once more, until it is enough."""
    rng, bodies = w.rng, plan.town.bodies
    people = [p for v in plan.visits if v.relation in ("", "strangers") for p in v.people]
    if rng.random() < 0.1 and len(w.paragraphs) < 8:
        absent = [
            p for p in w.world.people
            if p not in w.cast and (post := p.post(plan.on)).town is plan.town and post.start <= plan.on <= post.end
            and p.kind in ("plain", "post") and "h" not in post.duty.beats.values()
        ]  # fmt: skip
        if absent:
            w.bystander(rng.choice(absent))
    if len(people) > 1 and w.room > 0 and rng.random() < 0.16:
        one, other = rng.sample(people, 2)
        if len(w.cast) == 2 and not plan.office and rng.random() < 0.5:
            w.together(one, other, rng.choice(["the pair", "both", "the two"]))
        elif w.unique(one) and w.unique(other) and not w.unnamed & {one, other}:
            w.together(one, other)
    kinds = [k for k in SPEAKING.get(plan.beat, ()) if k in bodies]
    last = None
    while (len(w.spoken) < wanted and len(w.paragraphs) < 8) or len(w.spoken) < 2:
        chance = rng.random()
        again = [p for p in people if p is not last]
        if chance < 0.32 and kinds:
            kind = kinds.pop(rng.randrange(len(kinds)))
            stance = "-" if kind in ("union", "group") else "+"
            w.states(bodies[kind], stance, home=kind == "union" or kind == SPEAKING[plan.beat][0])
        elif chance < 0.44 or not again:
            w.nobody()
        else:
            if rng.random() < 0.4:
                w.background()
            last = rng.choice(again)
            w.returns(last)


# --- the tables -------------------------------------------------------------------------------------------
# Slots in braces are filled by _Writer._slot; "{body}" is the speaker's, "{council}" the town's.


def _role(
    country: str, beats: str, after: str, before: str, later: str, body: str | None = None, *, title: str = "", one: bool = False
) -> _Role:  # fmt: skip
    def wordings(text: str) -> tuple[str, ...]:
        return tuple(filter(None, text.split("|")))

    stances = {beat[:-1]: beat[-1] for beat in beats.split()}
    return _Role(
        tuple(country.split()), stances, wordings(after), wordings(before), wordings(later), body, title, one
    )


#: Ranks always stand before the name.
RANKS = ("Det Insp", "Det Ch Insp", "Supt", "PC")

ROLES: dict[str, _Role] = {
    # Britain
    "council leader": _role(
        "GB", "council+ transport+ arts+ health- business+ charity+",
        "leader of {body}|the leader of {body}|{place}’s council leader|who leads {the}|the {party} leader of {body}",
        "council leader|{place} council leader|{bare} leader", "the council leader|the leader of the council",
        "council", title="Cllr", one=True),
    "deputy leader": _role(
        "GB", "council+ transport+ education+ business+",
        "deputy leader of {body}|{the}’s deputy leader|who is deputy leader of {the}", "deputy council leader",
        "the deputy leader|the deputy council leader", "council", title="Cllr", one=True),
    "councillor": _role(
        "GB", "council- transport- arts- charity- health-",
        "a {party} councillor for {ward}|a {party} member of {body}|who represents {ward} on {the}|a {party} councillor in {place}",
        "{party} councillor|{ward} councillor|local councillor", "the councillor|the {party} councillor",
        "council", title="Cllr"),
    "planning chair": _role(
        "GB", "council+ transport+ business+",
        "chair of {body}’s planning committee|who chairs the planning committee|{the}’s planning chief",
        "planning committee chair|planning chief", "the planning chief|the committee chair", "council", title="Cllr", one=True),
    "council chief executive": _role(
        "GB", "council+ business+", "chief executive of {body}|the chief executive of {body}|{the}’s chief executive",
        "council chief executive|{bare} chief executive", "the chief executive", "council", one=True),
    "MP": _role(
        "GB", "council- health- transport- business- education-",
        "{party} MP for {place}|the {party} MP for {place}|{place}’s MP|who represents {place} at Westminster",
        "{party} MP|{place} MP|local MP", "the MP|the {party} MP|the backbencher", one=True),
    "hospital chief executive": _role(
        "GB", "health+", "chief executive of {body}|the chief executive of {body}|who runs {the}|{the}’s chief executive",
        "hospital chief executive|NHS boss", "the chief executive|the hospital boss", "hospital", one=True),
    "consultant": _role(
        "GB", "health- education-", "consultant at {body}|a consultant at {body}|an emergency consultant at {body}|who treats children at {body}",
        "hospital consultant|emergency consultant|consultant", "the consultant|the doctor", "hospital", title="Dr"),
    "nurse": _role(
        "GB US", "health- charity+", "a nurse at {body}|a senior nurse at {body}|who has nursed at {the} for {served}",
        "nurse|senior nurse", "the nurse", "hospital"),
    "union organiser": _role(
        "GB", "transport- health- business- education-",
        "regional organiser for {body}|regional secretary of {body}|{the}’s regional organiser|of {body}",
        "union organiser|union official|regional organiser", "the union official|the organiser", "union"),
    "headteacher": _role(
        "GB", "education+ council-", "headteacher of {body}|head of {body}|the headteacher at {body}|who has run {the} since {since}",
        "headteacher|head teacher", "the headteacher|the head", "school", one=True),
    "deputy head": _role(
        "GB", "education+", "deputy head of {body}|the deputy headteacher at {body}|{the}’s deputy head", "deputy head",
        "the deputy head", "school", one=True),
    "governor": _role(
        "GB", "education+ council-", "chair of governors at {body}|who chairs the governors of {body}|chair of {the}’s governing body",
        "chair of governors|school governor", "the chair of governors", "school", one=True),
    "professor": _role(
        "GB US", "educatione healthe charitye transporte businesse councile",
        "professor of {field} at {body}|a professor of {field} at {body}|who teaches {field} at {body}|an expert in {field} at {body}",
        "university professor|{field} professor", "the professor|the academic", "university", title="Prof"),
    "lecturer": _role(
        "GB US", "educatione healthe artse businesse", "a lecturer in {field} at {body}|a {field} lecturer at {body}|who lectures in {field} at {body}",
        "{field} lecturer|lecturer", "the lecturer|the academic", "university", title="Dr"),
    "vice-chancellor": _role(
        "GB", "education+ business+", "vice-chancellor of {body}|the vice-chancellor of {body}|who heads {the}", "vice-chancellor",
        "the vice-chancellor", "university", one=True),
    "detective": _role(
        "GB", "crime+", "of {body}|from {body}|who is leading the investigation|the senior investigating officer", "",
        "the detective|the senior investigating officer", "police", title="Det Insp"),
    "chief detective": _role(
        "GB", "crime+", "of {body}|head of major crime at {body}|who leads {the}’s major crime team", "", "the detective",
        "police", title="Det Ch Insp"),
    "superintendent of police": _role(
        "GB", "crime+", "of {body}|{the}’s commander for {place}|who commands the police in {place}", "", "the superintendent|the commander",
        "police", title="Supt", one=True),
    "constable": _role("GB", "crime+", "of {body}|a wildlife officer with {body}", "", "the officer", "police", title="PC"),
    "solicitor": _role(
        "GB", "crime-", "a solicitor for the family|who represents the families|a solicitor in {place}|a solicitor acting for three of the victims",
        "solicitor|family solicitor", "the solicitor|the lawyer"),
    "chief executive": _role(
        "GB", "business+", "chief executive of {body}|the chief executive of {body}|{body}’s chief executive|who runs {body}",
        "chief executive|{bare} boss|{bare} chief executive", "the chief executive|the company’s boss", "company", one=True),
    "finance director": _role(
        "GB", "business+", "finance director of {body}|{body}’s finance director|the company’s finance director|who looks after the money at {body}",
        "finance director|{bare} finance director", "the finance director|the finance chief", "company", one=True),
    "company chair": _role(
        "GB", "business+ arts+", "{chair} of {body}|the {chair} of {body}|{body}’s {chair}|who chairs {body}", "company {chair}|{bare} {chair}",
        "the {chair}", "company", one=True),
    "founder": _role(
        "GB US", "business+ charity+", "founder of {body}|the founder of {body}|who founded {body}|the entrepreneur behind {body}",
        "{bare} founder|founder", "the founder|the business{man}|the entrepreneur", "company", one=True),
    "shop steward": _role(
        "GB", "business-", "a shop steward at {body}|who has worked for {body} for {served}|a fitter at {body}", "shop steward|worker",
        "the shop steward", "company"),
    "company spokesman": _role(
        "GB US", "business+", "a spokes{man} for {body}|spokes{man} for {body}|head of communications at {body}",
        "{bare} spokes{man}|company spokes{man}", "the spokes{man}", "company"),
    "manager": _role(
        "GB", "sport+", "manager of {body}|the {short} manager|{short}’s manager|who took charge of {short} in {since}",
        "manager|{short} manager|{short} boss", "the manager|the {short} manager|the {short} boss", "club", one=True),
    "striker": _role(
        "GB", "sport+", "striker with {body}|the {short} striker|{short}’s leading scorer|who scored twice for {short}",
        "striker|{short} striker", "the striker|the forward", "club"),
    "goalkeeper": _role(
        "GB US", "sport+", "goalkeeper with {body}|the {short} goalkeeper|{short}’s goalkeeper", "goalkeeper|{short} goalkeeper", "the goalkeeper",
        "club"),
    "captain": _role(
        "GB", "sport+", "captain of {body}|the {short} captain|who captains {short}", "captain|{short} captain|club captain",
        "the captain|the {short} captain", "club", one=True),
    "club chair": _role(
        "GB", "sport+ business+", "{chair} of {body}|{body}’s {chair}|the {short} {chair}|who owns {short}", "{short} {chair}", "the {chair}|the {short} {chair}",
        "club", one=True),
    "supporter": _role(
        "GB", "sport-", "chair of the {short} supporters’ trust|who chairs the supporters’ trust|a {short} season-ticket holder for {served}",
        "supporters’ trust chair|lifelong {short} supporter", "the supporter", "club"),
    "charity director": _role(
        "GB US", "charity+ council- health-", "director of {body}|chief executive of {body}|who runs {body}|{the}’s director", "charity director|{bare} director",
        "the director|the charity’s director", "charity", one=True),
    "trustee": _role(
        "GB", "charity+ arts+", "chair of trustees at {body}|who chairs the trustees of {body}|a trustee of {body}", "charity trustee", "the trustee",
        "charity"),
    "warden": _role(
        "GB", "charity+ council-", "a warden with {body}|a reserve warden for {body}|who looks after the reserve for {body}", "warden|reserve warden",
        "the warden", "charity"),
    "campaigner": _role(
        "GB US", "council- transport- health- education- business- charity+",
        "of {body}|who chairs {body}|{chair} of {body}|a founder of {body}|spokes{man} for {body}", "campaigner|local campaigner", "the campaigner",
        "group"),
    "rail director": _role(
        "GB", "transport+", "managing director of {body}|{body}’s managing director|who runs {body}", "{bare} managing director|managing director",
        "the managing director", "rail", one=True),
    "driver": _role(
        "GB", "transport- council-", "a driver with {body}|who has driven for {body} for {served}|a guard and driver at {body}", "driver|{bare} driver", "the driver",
        "rail"),
    "curator": _role(
        "GB", "arts+", "curator of {body}|the curator of {body}|a curator at {body}|{the}’s curator", "curator|museum curator", "the curator",
        "museum", one=True),
    "museum director": _role(
        "GB US", "arts+ council-", "director of {body}|the director of {body}|who has run {body} since {since}", "museum director", "the museum director",
        "museum", one=True),
    "novelist": _role(
        "GB US", "arts+", "author of {book}|the author of {book}|whose novel {book} is set in {place}|the novelist", "novelist|author", "the novelist|the author|the writer"),
    "sculptor": _role(
        "GB US", "arts+", "a sculptor from {place}|the sculptor|who carved it", "sculptor|artist", "the sculptor|the artist"),
    "vicar": _role(
        "GB", "charity+ councilh artsh", "vicar of St {ward}’s|the vicar of St {ward}’s|who has been the vicar here since {since}", "local vicar", "the vicar", title="Rev"),
    # both
    "resident": _role(
        "GB US", "councilh transporth healthh crimeh educationh charity+ businessh artsh streeth sporth",
        "a {job} from {home}|a {job}|a {job} who has lived in {place} for {years}|a {father} of two and a {job}", "{job}", "the {job}"),
    "neighbour": _role(
        "GB US", "crimeh councilh streeth transporth", "a {job} who lives two doors away|a {job} from {home}|a {job} whose garden backs on to it", "{job}", "the {job}"),
    "shopkeeper": _role(
        "GB US", "businessh councilh transporth crimeh streeth", "who owns a shop on {home}|owner of a bakery on {home}|who has sold bread on {home} for {years}",
        "shop owner|baker", ""),
    "family": _role("GB US", "educationh healthh crimeh councilh charityh", "a {job} from {place}", "", ""),
    "mayor": _role(
        "", "council+ transport+ business+ arts+ health+ education+", "mayor of {place}|the mayor of {place}|{place}’s mayor|who was elected mayor of {place}",
        "Mayor|{place} mayor", "the mayor|the mayor of {place}", "council", one=True),
    "elected mayor": _role(
        "GB US", "council+ transport+ business+ arts+ health+ education+", "mayor of {place}|the mayor of {place}|{place}’s mayor|who was elected mayor of {place}",
        "Mayor|{place} mayor", "the mayor|the mayor of {place}", "council", one=True),
    # the United States
    "council member": _role(
        "US", "council- transport- business- education-", "a member of {body}|who represents {ward} on {the}|a member of {the} from {ward}",
        "Council{man}|City Council{man}|council member", "the council{man}|the council member", "council"),
    "city manager": _role(
        "US", "council+ transport+ business+", "city manager of {place}|the city manager|{place}’s city manager", "City Manager|city manager",
        "the city manager", "council", one=True),
    "superintendent": _role(
        "US", "education+", "superintendent of {body}|{the}’s superintendent|who leads {body}", "Superintendent|schools superintendent", "the superintendent",
        "school", one=True),
    "principal": _role(
        "US", "education+ sport+", "principal of {place} High School|the principal of {place} High|who is principal of {place} High School", "Principal|principal", "the principal",
        "school", one=True),
    "board president": _role(
        "US", "education+ council-", "president of the board of {body}|who chairs the school board|the school board president", "school board president",
        "the board president", "school", one=True),
    "sheriff": _role(
        "US", "crime+", "sheriff of {county}|the {county} sheriff|who has been sheriff since {since}", "Sheriff|{county} Sheriff", "the sheriff", "police", one=True),
    "deputy": _role("US", "crime+", "a deputy with {body}|a detective with {body}|who is investigating for {body}", "Deputy|Detective", "the deputy", "police"),
    "district attorney": _role(
        "US", "crime+", "district attorney of {county}|the {county} district attorney|the county’s top prosecutor", "District Attorney", "the district attorney|the prosecutor", one=True),
    "assistant district attorney": _role(
        "US", "crime+", "an assistant district attorney in {county}|who is prosecuting the case", "Assistant District Attorney", "the prosecutor"),
    "public defender": _role(
        "US", "crime-", "a public defender in {county}|who represents the defendants", "public defender|defense attorney", "the public defender|the lawyer"),
    "state senator": _role(
        "US", "council- health- education- business-", "a {party} state senator from {place}|a {party} who represents {place}|the state senator for {place}", "state Sen.|State Sen.",
        "the senator|the lawmaker", one=True),
    "CEO": _role(
        "US", "business+", "chief executive of {body}|CEO of {body}|{body}’s CEO|the company’s chief executive", "CEO|{bare} CEO", "the CEO|the chief executive",
        "company", one=True),
    "CFO": _role(
        "US", "business+", "chief financial officer of {body}|{body}’s finance chief|who was hired as finance chief in {since}", "finance chief|{bare} finance chief", "the finance chief",
        "company", one=True),
    "plant manager": _role(
        "US", "business+", "plant manager at {body}|who manages the plant for {body}|manager of the {place} plant", "plant manager", "the plant manager", "company", one=True),
    "union president": _role(
        "US", "business- health- education- transport-", "president of Local {local} of {body}|who heads Local {local} of {body}|the union’s local president", "union president|union leader",
        "the union president|the union leader", "union"),
    "coach": _role(
        "US", "sport+ education+", "coach of {body}|the {short} coach|who has coached {the} since {since}", "Coach|{short} coach|head coach", "the coach", "club", one=True),
    "pitcher": _role(
        "US", "sport+", "pitcher for {body}|a pitcher for {body}|a left-hander for {the}", "pitcher|{short} pitcher|left-hander", "the pitcher|the left-hander", "club"),
    "team owner": _role("US", "sport+ business+", "owner of {body}|the owner of {body}|who bought {the} in {since}", "{short} owner|team owner", "the owner|the team owner", "club", one=True),
    "hospital president": _role(
        "US", "health+", "president of {body}|the president of {body}|who runs {the}", "hospital president", "the hospital president", "hospital", one=True),
    "pediatrician": _role("US", "health- education-", "a pediatrician at {body}|an emergency physician at {body}|who treats children at {body}", "pediatrician|physician", "the physician|the doctor", "hospital", title="Dr."),
    "pastor": _role("US", "charity+ councilh crimeh", "pastor of {ward} Baptist Church|the pastor of {ward} Baptist Church", "Pastor", "the pastor", title="Rev."),
    "fire chief": _role("US", "crime+ council+", "fire chief of {place}|{place}’s fire chief|who runs the fire department", "Fire Chief", "the fire chief|the chief", one=True),
    # invented lands
    "foreign leader": _role("land", "world+", "prime minister of {place}|the prime minister of {place}|{place}’s prime minister", "{place}’s prime minister|{place} prime minister", "the prime minister", "ministry", one=True),
    "foreign minister": _role("land", "world+", "foreign minister of {place}|the foreign minister of {place}|{place}’s foreign minister", "{place}’s foreign minister|foreign minister", "the foreign minister|the minister", "ministry", one=True),
    "aid director": _role("land", "world-", "head of mission for {body}|who leads the work of {body} in {place}|country director of {body}", "aid worker", "the aid worker", "charity", one=True),
    "villager": _role("land", "worldh", "a {job} from the river valley|a {job} who fled with three children|who lost a house to the flood", "{job}", "the {job}"),
}  # fmt: skip

#: Careers: the country and the posts one after another; "->" goes to another town.
LADDERS = """
    GB | councillor | council leader | elected mayor
    GB | councillor | planning chair | council leader
    GB | councillor | MP
    GB | finance director | chief executive
    GB | finance director | ->chief executive
    GB | chief executive | ->company chair
    GB | deputy head | headteacher
    GB | headteacher | ->headteacher
    GB | striker | manager
    GB | captain | manager | ->manager
    GB | detective | chief detective | superintendent of police
    GB | campaigner | councillor
    GB | lecturer | professor
    GB | lecturer | ->professor
    GB | warden | charity director
    GB | curator | museum director
    GB | nurse | union organiser
    GB | rail director | ->hospital chief executive
    US | council member | elected mayor
    US | council member | state senator
    US | assistant district attorney | district attorney
    US | deputy | sheriff
    US | CFO | CEO
    US | plant manager | ->CEO
    US | principal | superintendent
    US | pitcher | coach
    US | lecturer | ->professor
    US | campaigner | council member
    US | coach | ->coach
"""

PROMINENT = {
    "GB": """
        council leader; hospital chief executive; headteacher; professor; chief executive; company chair;
        charity director; union organiser; museum director; MP; campaigner; manager
    """,
    "US": """
        CEO; superintendent; council member; state senator; professor; charity director; union president;
        district attorney; coach; founder
    """,
}

#: What namesakes do, in Britain and in the United States.
TRADES = """
    councillor / council member; striker / pitcher; professor; chief executive / CEO; nurse; campaigner;
    solicitor / public defender; headteacher / principal; novelist; detective / deputy
"""

#: The sexes of two of one surname, x for either; the second is the first one's:
RELATIONS = """
    mf wife; xx strangers; fm son; fm husband; mf strangers; mf daughter; mf wife; ff sister; xx strangers;
    mm brother; ff daughter; mf strangers
"""

ALIASES = """
    nickname; initial; accent; translit; hyphen; honour; nickname; initials; doctor; jr; accent; peer;
    married; translit
"""

PARTIES = {
    "GB": "Labour; Conservative; Liberal Democrat; Green; independent",
    "US": "Democratic; Republican",
}

# --- names ------------------------------------------------------------------------------------------------

GIVEN = {
    "f": _words("""Abigail Agnes Aisha Alison Amara Anita Anneke Anwen Beatrice Bridget Carys Catriona Celia Chloe Claire
        Constance Daphne Deepa Delyth Denise Dorothy Eilidh Eleanor Ellen Esther Fiona Folake Freya Gemma Georgina
        Gillian Glenda Grace Hannah Harriet Hazel Helen Hilary Imogen Ingrid Iris Isobel Jacqueline Jane Janet Jasmine
        Jemima Joan Joanna Jocelyn Joyce Judith Julia Karen Keisha Kirsty Lakshmi Laura Leila Linda Lois Lorna Louise
        Lucy Lydia Mabel Maeve Maria Marion Martha Maureen Megan Melissa Miriam Moira Muriel Nadia Naomi Nia Nicola
        Nina Noreen Olga Paula Pauline Phoebe Philippa Priya Rachel Rhiannon Roisin Rosalind Rose Rowena Ruby Ruth
        Sally Sandra Sarah Shanice Sheila Shirley Sinead Sonia Sophie Stella Sylvia Tamsin Teresa Thandi Tracey Una
        Ursula Valerie Vanessa Vera Verity Wanda Wendy Yasmin Yvonne Zainab Zara"""),
    "m": _words("""Adrian Alan Alasdair Albert Alistair Amir Angus Anil Arjun Arthur Aidan Barnaby Barry Bernard Brendan Brian
        Bruce Callum Calvin Cedric Clive Colin Conor Craig Curtis Damian Darren Declan Deepak Dennis Derek Desmond
        Dominic Donald Douglas Duncan Dwayne Dylan Edmund Eric Ernest Euan Evan Ewan Femi Fergus Finlay Francis Gareth
        Garth Gavin Geoffrey George Glyn Gordon Graham Grant Gregor Guy Hamish Harold Harvey Henry Howard Hugh Hugo
        Ian Imran Isaac Ivan Jack Jacob Jamal Jasper Jeffrey Jermaine Jerome Joel John Jonah Julian Justin Karl Keith
        Kelvin Kevin Kofi Kwame Lance Laurence Lee Leonard Leroy Lewis Liam Lionel Luke Malcolm Marcus Mark Martin
        Maurice Max Mohan Neil Neville Nigel Noel Norman Oliver Omar Oscar Owen Patrick Paul Percy Peter Quentin Rajesh
        Ralph Ramesh Raymond Reuben Rhodri Rhys Roderick Roger Roland Ronald Rory Ross Roy Rupert Russell Ryan Sanjay
        Scott Sean Sebastian Seth Shaun Sidney Simon Stanley Stuart Sunil Terence Theo Toby Travis Trevor Tristan
        Tyrone Vaughan Vernon Victor Vikram Vincent Wallace Walter Warren Wayne Wilfred Winston Zachary"""),
}

SURNAMES = _words("""Abara Ackroyd Adair Adebayo Adeyemi Ainsworth Alder Allardyce Amos Anand Ansah Applegarth Arkwright Asante
    Ashdown Atherton Auden Awolowo Baptiste Barclay Barraclough Bassett Baxter Beckwith Bellamy Bhatt Birtwistle
    Blackwood Blount Boateng Bolger Bonner Booth Bowditch Bradshaw Braithwaite Brannigan Brierley Brody Bruford Burgess
    Cadogan Calloway Capstick Carrick Cartwright Castellane Chadwick Chaudhuri Chen Chisholm Clegg-Hall Cobb Coker
    Colquhoun Corrigan Cotterill Crabtree Crawshaw Cudworth Cullen Dacosta Dalgleish Danquah Darby Davenport Deakin
    Delaney Desai Devlin Dhillon Dixon-Rees Doherty Dunmore Eastwood Eccles Edwardson Egerton Ellison Entwistle
    Eyre Fairclough Fairweather Farrelly Fawcett Fenwick Finch Fitzroy Fontaine Forrester Fothergill Fraser-Bligh Gaffney
    Galbraith Garside Gatenby Ghosh Gilfoyle Gill Glanville Goodbody Grantham Greenhalgh Grimshaw Guthrie Hale
    Halloran Hannaford Hardcastle Harkness Hartley Haslam Hathersage Hennessy Hepworth Heyworth Hobday Holroyd Hopwood
    Horsfall Huang Hussey Ibbotson Inglis Iqbal Ironside Iyer Jagger Jardine Jessop Joshi Kapoor Kaur Keane Kearsley
    Kellerman Kilbride Kimura Kinsella Kowalczyk Lambton Langridge Lawal Leadbetter Leung Lightfoot Lindqvist Lockhart
    Lomax Loveday Lumley Lund Macaulay Mackie Mallinson Mandeville Marchbank Marlowe Marsden Masterson Mbeki McAllister
    McGarry McNulty Meakin Medlock Mensah Merriweather Metcalfe Middlemass Mistry Moffat Montague Moorcroft Mortensen
    Mukherjee Mulholland Munro Murgatroyd Nair Naylor Ndlovu Nettleton Nkosi Nuttall Oakeshott Obi Ogden Okafor
    Okonkwo Oldroyd Olusoga Ormerod Osei Oxley Padgett Pankhurst Parfitt Patel-Moore Peacock Pemberton Penhaligon
    Pickles Pilkington Platt Polkinghorne Prendergast Pritchett Quayle Quigley Rafferty Rainford Rangan Ratcliffe
    Redfearn Renshaw Ridgway Rosenthal Rothwell Rutherford Sagar Salisbury-Kent Sandhu Schofield Scrivener Sedgwick
    Shackleton Sharples Shastri Sherratt Shufflebottom Sidebottom Singh Skelton Slater Smallwood Smethurst Snape
    Sorensen Spofforth Stackpole Stapleton Stirling Sugden Sutcliffe Swarbrick Szabo Tattersall Teale Tennant
    Thackray Thistlewood Threlfall Tiller Tolliver Trelawney Tremlett Trickett Tufnell Turnbull Twelvetrees Underhill
    Unsworth Urquhart Varley Vasquez Vickers Vyas Wadsworth Wakefield Walmsley Wanjiru Warburton Wardle Waterhouse
    Weatherall Whitaker Whittle Widdowson Wigglesworth Winstanley Wolstenholme Wrigley Yardley Yeoh Yoxall Zielinski
    Ali Baker Brown Brown Clarke Cooper Evans Green Hall Hunt Johnson Johnson Jones Jones Khan Khan King Lewis Morris
    Murphy Roberts Smith Smith Taylor Thomas Walker Ward Wilson Wright""")

#: A name and the short form of it that newspapers use.
NICKED = """
    f Elizabeth = Liz; f Margaret = Maggie; f Katherine = Kate; f Susan = Sue; f Patricia = Pat; f Deborah =
    Debbie; f Rebecca = Becky; f Victoria = Vicky; f Jennifer = Jenny; f Samantha = Sam; f Christine =
    Chris; f Judith = Judy; m Robert = Bob; m James = Jim; m William = Bill; m Michael = Mick; m Thomas =
    Tom; m Edward = Ted; m Anthony = Tony; m Christopher = Chris; m Joseph = Joe; m Nicholas = Nick; m
    Andrew = Andy; m David = Dave; m Stephen = Steve; m Philip = Phil; m Frederick = Fred; m Timothy = Tim;
    m Kenneth = Ken; m Daniel = Danny; m Matthew = Matt; m Alexander = Sandy
"""

ACCENTED = """
    f Zoë = Zoe; f Siân = Sian; f Inés = Ines; f Chloé = Chloe; f Thérèse = Therese; m José = Jose; m André
    = Andre; m Łukasz = Lukasz; m Søren = Soren; m René = Rene; m Jiří = Jiri
"""

ACCENTED_SURNAMES = """
    Núñez = Nunez; Béranger = Beranger; Kovačević = Kovacevic; Müllner = Mullner; Sørlie = Sorlie; Żeromski
    = Zeromski; Peñarrubia = Penarrubia; Çelebi = Celebi; Ångmark = Angmark; Brontë-Walsh = Bronte-Walsh
"""

TRANSLIT = {
    "slavic": """
        f Yulia = Julia; f Oksana = Oxana; f Kateryna = Katerina; f Nataliya = Natalia; m Mykhailo =
        Mikhailo; m Oleksandr = Olexandr; m Serhiy = Serhii; m Dmytro = Dmitro; m Aleksei = Alexei
    """,
    "arabic": """
        f Khadija = Khadijah; f Maryam = Mariam; f Noor = Nour; f Samiya = Samia; m Yusuf = Yousef; m
        Hussein = Hussain; m Tariq = Tarek; m Mustafa = Mostafa; m Karim = Kareem
    """,
}

FOREIGN = {
    "slavic": """
        Danchenko = Danchenko; Horbatyuk = Gorbatyuk; Zhelezniak = Zheleznyak; Kravets = Kravets; Yatsyna =
        Iatsyna; Malyshko = Malyshko; Bezuhly = Bezugly
    """,
    "arabic": """
        al-Masrawi = El-Masrawi; Haddadin = Hadadin; Qasimi = Kasimi; Barakat = Barakat; Mansoori =
        Mansouri; Nasrawi = Nasrawi; Suwaidan = Sowaidan
    """,
}

#: Nearly the same name, and other people.
NEARLY = """
    f = Elizabeth = Liz; m = John A = John B; f = Katherine = Kate; m = Robert = Bob; f = Maria = Marie; m =
    Stephen = Steven
"""

MONTHS = _words("January February March April May June July August September October November December")
ORDINALS = _words("third fourth fifth sixth seventh eighth ninth tenth")
NUMBERS = _words("three four five six seven eight nine ten eleven twelve")

# --- places and bodies ------------------------------------------------------------------------------------

PLACES = {
    "GB": """
        Alverstow; Braskmere; Caldmouth; Draybourne; Elverthwaite; Fennimore; Garrowby Sands; Heskminster;
        Isterholme; Keldwick; Lornehaven; Marrowgate; Netherquay; Orlcombe; Pellingthorpe; Quarnley;
        Raskelton Bay; Skerholme; Thrimsea; Ulverbeck; Varncaster; Wendlebury Moor; Yarlcombe Cross;
        Ockenthwaite; Tarnbeck; Brindlewick; Stavermouth; Pellowby; Hathermere; Cranshaw Bridge; Oxmarsh;
        Withenstow; Larkminster; Duncaster; Emblethorpe; Gorsemouth; Kelderby; Mossthwaite; Ruswick;
        Trewarden
    """,
    "US": """
        Corliss Falls; Pruitt Landing; Haskett; Port Ellery; Ostrander; Quenby Junction; Tallow Springs;
        Bramlett; Merrin Heights; Wexler Grove; Larkin; Dunmore Flats; Abernath; Kettle Ridge; Sorrel
        Bluff; Vandermoor
    """,
    "land": "Karvonia; Belmirastan; Tazmarra; Oluvia; Sendaria; Morvany",
}

COUNTIES = {
    "GB": """
        Wendshire; Keldshire; Marrowshire; Fennshire; Ulvershire; Braskshire; Orlshire; Thornshire; Haddershire;
        Sallowshire; Pellshire; Corvishire
    """,
    "US": """
        Tamarack County; Sweetgrass Bend County; Pike Hollow County; Ocotillo Wash County; Marquette Bluff
        County; Redbud County; Larkspur County; Big Otter County
    """,
}

#: Names of smaller places, which bodies take theirs from.
HAMLETS = """
    Ashmarl; Birkenwell; Copperhythe; Dunnowfield; Eastlarch; Foxhanger; Gillowdene; Hollinbrook; Inglemarsh; Juniper
    Hill; Kingsallow; Lowmere; Mickleham Tarn; Nightingale Fold; Otterhythe; Plumstone; Quernbank; Rushyford Mill;
    Sallowfield; Thistledene; Underscar; Vixenhill; Whinbeck; Yewbarrow; Cottonwood; Hackberry; Sycamore Bend; Mesquite;
    Applecross Down; Brackenhurst; Cuckoo Lane; Damson Hill; Elmsgarth; Fallowmere; Goosewell; Harebell; Ivybank;
    Jackdaw Rise; Kestrelmoor; Larchfield; Mallowdale; Nettlecombe Hay; Owlerton Moss; Pikehythe; Redshank; Snipemarsh;
    Teasel; Wagtail Ings; Linnet Hill; Sorrelfield; Bramblecote; Hornbeam; Rowanlea; Aldercar; Withy Bridge; Sedgemarsh
"""

SAINTS = "St Aldric’s; St Winnow’s; St Osyth’s; St Petroc’s; St Hilda’s; St Neot’s"

NICKNAMES = {
    "GB": "Rovers; Athletic; Wanderers; Albion; Rangers; Victoria; Harriers",
    "US": "Otters; Ironmen; Mudcats; Thunderbirds; Lumberjacks; Herons",
}

CORPORATE = """
    Corvane; Altrix; Brightwell; Harlock; Novalune; Tessaract; Pennard; Oakhanger; Silverlode; Marchmain;
    Quillon; Vantage North; Redferry; Lumisol; Castlegarth; Dray & Fielder; Eddison; Farrowdale; Grindle;
    Hexham Vale; Inverlo; Jessamy; Kestrel Rise; Loxwood; Merivale; Northgate Bay
"""

#: The forms of a name, "=" for an acronym of its capitals, "=X" for that acronym; then what it is called later.
BODIES = {
    "GB": {
        "council": """
            {p} Council, {p} Borough Council | the council, the authority
            {p} City Council, {p} Council | the council, the authority
            {p} District Council, {p} Council | the council, the authority
        """,
        "hospital": """
            {p} General Hospital, {p} General | the hospital
            {c} Hospitals NHS Trust, the {c} Hospitals trust | the trust, the hospital
            {p} Royal Infirmary, the Royal Infirmary | the infirmary, the hospital
        """,
        "school": """
            {saint} School, {saint} | the school
            {p} Academy, the {p} Academy | the academy, the school
            {x} Primary School, {x} Primary | the school
        """,
        "university": """
            the University of {p}, {p} University | the university
            {p} Metropolitan University, {p} Met | the university
        """,
        "police": """
            {c} Police, {c} Police | the force, the police
            {c} Constabulary, {c} Police | the force, the police
        """,
        "company": """
            {corp} Foods, {corp} | the company, the firm
            {corp} Engineering, {corp} | the company, the firm
            {corp} Homes, {corp} | the company, the developer
            {corp} Energy, {corp} | the company, the firm
            {corp} plc, {corp} | the company, the group
        """,
        "club": "{p} {nick}, {nick} | the club",
        "charity": """
            the {x} Wildlife Trust, = | the trust, the charity
            the {x} Trust, the {x} Trust | the trust, the charity
            {x} Hospice, {x} Hospice | the hospice, the charity
            the {x} and {p} Food Network, = | the network, the charity
            Shelter from the {x}, Shelter from the {x} | the charity
        """,
        "group": """
            Friends of {x} Park, the Friends of {x} Park | the group, the friends
            the {p} Residents’ Association, = | the association, the group
            Save Our {p}, Save Our {p} | the campaign, the group
            {p} Civic Society, the Civic Society | the society
        """,
        "rail": """
            {c} Trains, {c} Trains | the operator
            {x} and {p} Railway, = | the railway, the operator
            {corp} Buses, {corp} | the bus company, the operator
        """,
        "museum": """
            {p} Museum | the museum; the {x} Gallery, the {x} | the gallery; the Museum of {c} Life, = | the
            museum
        """,
    },
    "US": {
        "council": """
            the {p} City Council, the City Council | the council
        """,
        "hospital": """
            {p} Memorial Hospital, {p} Memorial | the hospital
            {x} Regional Medical Center, {x} Regional | the medical center, the hospital
        """,
        "school": """
            {p} Public Schools, {p} Public Schools | the district
            the {p} Unified School District, {p} Unified | the district
        """,
        "university": """
            {p} State University, {p} State | the university
            {x} College, {x} College | the college
        """,
        "police": """
            the {c} Sheriff’s Office, the Sheriff’s Office | the sheriff’s office
        """,
        "company": """
            {corp} Foods, {corp} | the company; {corp} Industries, {corp} | the company; {corp} Health,
            {corp} | the company; {corp} Inc., {corp} | the company
        """,
        "club": """
            the {p} {nick}, the {nick} | the team, the club
        """,
        "charity": """
            the {x} Foundation, the {x} Foundation | the foundation, the nonprofit
            the {p} Food Bank, the Food Bank | the food bank, the nonprofit
            {x} River Alliance, = | the alliance, the nonprofit
        """,
        "group": """
            Neighbors for {p}, Neighbors for {p} | the group
            the {p} Tenants Union, = | the tenants union, the group
            Citizens for a Clean {p}, = | the group
        """,
        "museum": "the {p} Museum of Art, = | the museum; {x} House, {x} House | the museum",
    },
}

UNIONS = {
    "GB": """
        the Guild of Health Staff | GHS; Allied Transport Workers | ATW; the Federated Makers’ Union | FMU;
        the Public Service League | PSL
    """,
    "US": """
        United Plant Workers | UPW
        the Brotherhood of Hospital Employees | BHE
        the American Association of Public Trades | AAPT
    """,
}

#: Campaigns that have a union's initials.
TWINS = {
    "GHS": "Greener High Streets",
    "ATW": "Action on Toxic Waste",
    "PSL": "Parents for Safer Lanes",
    "FMU": "Families for a Motorway Underpass",
    "UPW": "Upper Pool Watch",
    "BHE": "Better Homes Everywhere",
    "AAPT": "Action Against Pipeline Trenching",
}

AGENCIES = """
    the Meridian Relief Fund | MRF; Lantern Aid | LA; Doctors for the Displaced | DfD; the Open River
    Mission | ORM
"""

NATIONAL = {
    "GB": """
        The Meridian; The Kingsway Post; The Daily Lantern; The Sentinel Review; The Northern Ledger; The
        Morning Almanack; Ninefold Wire; Harbour News
    """,
    "US": """
        The Continental; The Federal Post; Liberty Wire; The Plains Business Journal; The Inland Review;
        Prairie Public News
    """,
}

PAPERS = {
    "GB": """
        The {place} Gazette; {place} Herald; {county} Courier; The {place} Echo; {county} Live; {place}
        Argus; The {county} Observer
    """,
    "US": """
        The {place} Tribune; The {place} Register; {place} Dispatch; The {place} Sentinel; The {county}
        Times; {place} News-Leader
    """,
}

WARDS = """
    Abbey; Castle; Millfield; Northbrook; Quarry Hill; Riverside; Southdown; Westgate
"""

STREETS = """
    Tannery Lane; Quarry Road; Chapel Street; Foundry Row; Magnolia Avenue; Harbour Terrace; Kiln Lane;
    Sixth Street; Orchard Close; Depot Street; Bridge Street; Hawthorn Drive
"""

FIELDS = """
    economics; public health; hydrology; criminology; transport planning; social history; ecology;
    statistics; education policy; geology
"""

JOBS = """
    joiner; bus driver; school cook; plumber; hairdresser; librarian; teacher; care worker;
    bricklayer; florist; postal worker; beekeeper; welder; piano tuner; childminder; farmer
"""

BOOKS = """
    The Salt Ledger; A House for Rain; Seven Ferries; The Quiet Weir; Nobody’s Orchard
"""

# --- what is said -----------------------------------------------------------------------------------------

#: By beat and stance; "" serves all beats. "/" is where a cue may break in.
SAYINGS: dict[tuple[str, str], str] = {
    ("", "+"): """
        We have listened to {people} in {place}, / and {thing} will be the better for it
        Nobody takes a decision like this lightly, / but {thing} could not wait another winter
        We have set aside {money} for {thing}, / and we expect to spend all of it
        There were {n} options on the table in {month}, / and this was the only one that added up
        I would rather explain {thing} to {people} in {month} / than apologise to them in a year’s time
        All {big} responses about {thing} were read, / and most were kinder than I had expected
        The hard part starts in {month}, / when {people} will see what {thing} really means
        I know that {thing} has tested the patience of {people} for {years}, / and it has tested mine
        If it turns out that {thing} does not work for {people} by {month}, / we will say so and change it
        What we promised {people} {years} ago / is what they are getting today
        {Thing} was never going to please everyone in {place}, / but after {years} it had to be done
        We looked at what {n} other towns had done / and took the best of it
        {Place} deserves better than it has had for the past {years}, / and this is a start
        It will cost {money}, / and doing nothing would have cost us twice that
        My door is open to {people} who are worried about {thing}, / as it has been for {years}
        We made mistakes over {thing}, / and we have spent {years} putting them right
        We shall publish the figures for {thing} in {month} / so that anyone can check them
        I am proud of what {n} people in a small office have done for {thing}
        Some {people} wanted us to go further, / and in {years} I think we will
        {Place} has waited {years} for {thing}, / and the waiting is nearly over
        I have asked for a report on {thing} by {month}, / and it will not be kept in a drawer
        A person who tells you that {thing} is simple / has not sat through {n} meetings about it
    """,
    ("", "-"): """
        Nobody asked {people} what they wanted / before the drawings for {thing} were done
        They have found {money} for {thing} / and nothing for {people}
        We were told about {thing} on a Friday, / {n} hours before it was announced
        When did {people} in {place} last get a straight answer, / if not {years} ago?
        {People} are being asked to pay {money} for {thing}, / and then to be grateful
        I have been to {n} meetings about {thing}, / and I have yet to hear a straight answer
        It is {years} of work by {people} thrown away / for the sake of one bad winter
        If this is what they call listening, / I should hate to see {thing} when they ignore us
        {People} in {place} have been patient for {years}, / and this is the thanks they get
        There is no plan for {thing} / beyond a map and {n} pages of press release
        You cannot run {thing} on goodwill, / and the goodwill ran out in {month}
        We collected {big} signatures in {n} days, / and they would not even open the box
        Somebody will be hurt before {month} / if nobody takes {thing} seriously
        The sums for {thing} were wrong in {month}, / and they are wrong by {money} now
        The only people who are happy about {thing} / are the ones who will never have to use it
        I do not doubt that they mean well, / but {money} is the wrong answer to a fair question
        Every time we ask about {thing} / we are sent to one of {n} different offices
        They have said for {years} that {thing} is safe, / so let them publish the report
        For {people} who have no car and no savings, / {thing} is everything
        {Money} is a great deal / for something that {people} never asked for
        Ask {people} in {place} what has changed since {month}, / and they will laugh at you
        What worries me about {thing} is not the {money}, / it is who will be blamed in {years}
    """,
    ("", "e"): """
        We looked at {big} records over {years}, / and the pattern is hard to miss
        The evidence on {thing} is thinner than either side would like, / and {years} out of date
        What happens to {people} in the first {n} months / tells you most of what you need to know
        I would be cautious about drawing conclusions / from {n} cases in one town
        Places of the size of {place} / nearly always underestimate what {thing} costs
        There is a gap of {years} / between what {people} say and what the data shows
        It is rarely {thing} itself that goes wrong, / it is what happens in the following {years}
        You can find studies that say the opposite, / but they are small and {years} old
        The risk for {people} is real but modest, / and it has been falling for {years}
        A difference of that size in {n} months / does not happen by chance
        My reading of the numbers is that {thing} buys {place} about {years}
        Nobody has measured this properly for {years}, / and until they do we are guessing
        When we asked {big} {people} about it, / fewer than one in {n} had a strong view
    """,
    ("", "h"): """
        I have lived here for {years}, / and I have never seen anything like it
        My mother cried when she heard about {thing}, / and she had not cried for {years}
        We used to walk past {thing} every morning, / {n} of us in a line
        You hear about it on the radio, / but in {years} you never think it will be your own street
        It cost me {money} to put right, / and nobody has said sorry
        The children keep asking about {thing}, / and after {n} days I do not know what to tell them
        I only came out for milk, / and there were {n} men in hard hats on my step
        All of us on our street knew that it was coming, / but not in {month} and not like this
        If they had knocked on {n} doors / they would have heard the same thing at each
        I have nothing against {thing}, / but after {n} weeks I should like to sleep
        We packed {n} boxes in the dark / and left the rest for {month}
        My neighbour has been here {years} longer than me, / and even she was shocked
        I rang them {n} times about {thing} in {month}, / and then I gave up
        It was the kindness of {n} strangers that got me through, / and I mean that
        People on our street look after each other, / and they have done for {years}
        There was a queue of {n} of us by six, / and somebody had brought a flask
        We have been shown kindness for {n} weeks, / and we shall not forget it
        We should like to thank the {big} people who wrote to us about {thing}
        We ask only to be left alone until {month}, / and then we shall have something to say
        Nobody on this street slept for {n} nights, / and nobody rang to ask how we were
    """,
    ("council", "+"): """
        Somebody called us <the worst council in the county>, / and {n} years ago it may have been true
        {Council} will have to find {money} by {month}, / and there is no magic in that
        A town that does not look after {thing} / has given up on the next {years}
        Every ward will lose something, / and in mine it is {n} things
        We have cut {n} senior posts before touching anything that {people} use
    """,
    ("council", "-"): """
        Has anybody in that building ever met any of the {people} / whom they write {n} letters a week to?
        {Council} has known about {thing} for {years} / and hoped that somebody else would pay
        I spoke against {thing} in {month}, / and I would speak against it {n} times more
        We spoke against {thing} in {month}, / and nobody wrote it down
        The consultation ran for {n} days in {month}, / when half of {place} was away
        There are {n} people in that chamber who have read the papers / and I am not sure about two of them
    """,
    ("transport", "+"): """
        {N} trains in ten were on time last month, / and that is not yet good enough
        Closing the line for {n} weekends is painful, / but it is quicker than doing it at night for {years}
        We carried {big} more {people} in {month} than a year before
        The signal that failed was put in {years} ago, / and it is the last of its kind
    """,
    ("transport", "-"): """
        I left the house at {n} and I was still late, / for the fourth time since {month}
        They cancel {n} services and then tell us that demand has fallen
        Drivers have not had a rise for {years}, / whatever you may read about {money}
        One lift has been out of order for {n} months, / and {people} with prams carry them up
    """,
    ("transport", "h"): """
        I have missed {n} interviews because of that line, / and nobody gives you a fourth
        You can see the bus from my window, / and you can see it not stopping for {n} of us
    """,
    ("health", "+"): """
        Nobody will wait more than {n} hours because of this, / and most will wait less
        We have {n} new doctors starting in {month}, / and I wish that it were more
        The building is {years} past its best, / and the staff in it are not
        Patients told us what was wrong in {big} letters, / and we are acting on them
    """,
    ("health", "-"): """
        I have worked {n} nights in a row, / and I went home and cried after each
        We had {n} patients on trolleys and two sinks, / and that was a quiet {day}
        You cannot close {thing} in {month} and call it winter planning
        Staff are leaving because they are tired, / and {money} spent on posters will not stop it
    """,
    ("health", "h"): """
        They saved my life on that ward, / and {n} weeks later they were told it would shut
        I waited {n} hours with a broken wrist, / and the nurses were kinder than I was
    """,
    ("education", "+"): """
        Our pupils have had {n} head teachers in {years}, / and they have earned some calm
        The results are the best for {years}, / and {n} of those children had no quiet place to work
        We will teach in tents until {month} if we have to, / and some of them would prefer it
        No child in {school} will lose a single lesson over {thing}
    """,
    ("education", "-"): """
        There are {n} buckets in the corridor, / and the children have given them names
        Teachers bought the glue themselves, / and then they were told about {money} for a consultant
        You do not improve a school / by changing its name {n} times in {years}
        We have {n} pupils to a microscope, / and one of the lenses is cracked
    """,
    ("crime", "+"): """
        We believe that somebody in {place} knows what happened on {street} in {month}
        Officers have spoken to {n} witnesses, / and they would like to hear from more
        This was planned over {n} weeks, / and we will find those responsible
        We are keeping an open mind about the motive, / after {n} interviews
        I would ask anybody who drove along {street} on {day} / to look at their dashcam
        The family has asked {people} for privacy, / and I hope that it will be respected until {month}
        We have recovered {n} items from the canal, / and they are being examined
        It is {years} since we had a case of this kind in {place}
        {N} arrests in {n} days is good work, / but it is not the end of the work
    """,
    ("crime", "-"): """
        My clients have waited {years} for somebody to tell them the truth
        An apology would have cost nothing in {month}, / and it would have meant a great deal
        My client has answered every question in {n} interviews, / and will answer them again
        The evidence comes down to {n} seconds of film / and a good deal of guesswork
        No family should have to spend {money} / to learn how somebody died
        We shall be asking for the {n} papers that were withheld in {month}
    """,
    ("crime", "h"): """
        I heard {n} bangs and I thought that it was the bins
        We have put {n} new locks on, / and I still get up in the night to look at them
        You do not expect a helicopter over {street} / at {n} in the morning
    """,
    ("business", "+"): """
        Sales rose in {n} of our markets, / and the other one had a difficult {month}
        We are not leaving {place}, / where this company has been for {years}
        Every one of the {big} jobs here depends on our being honest about {thing}
        The order is worth {money} over {years}, / and we beat {n} others to it
        I should have seen the fall in {month} coming, / and that is on me
        Costs went up by {money} in {n} months, / and we could not pass all of that on
    """,
    ("business", "-"): """
        They paid themselves {money} in {month}, / and now they have found a black hole
        Some of the people on that line have given {years} to this company
        We heard about {thing} from a reporter, / {n} minutes before the managers did
        {N} families on my street depend on that plant
    """,
    ("business", "e"): """
        The market had priced in a loss of {money}, / so this looks almost cheerful
        They have bought themselves {n} quarters, / and they will need all of them
        Firms of this kind borrow short and hope long, / and it has worked for {years}
    """,
    ("sport", "+"): """
        We were second best for {n} minutes, / and then we remembered how to pass
        I am not going to blame the referee for {n} bad decisions, / tempting as it is
        {Place} is a hard place to come to on a wet {day}, / and that is how we like it
        They ran for {n} minutes more than they had in them, / and I told them so
        You do not become a bad player in {n} matches, / or a good one in two
        If you had offered me a point after {n} minutes / I would have bitten your hand off
        My knee has felt better since {month} than at any time in {years}
        I have been here for {n} managers, / and this is the one who shouts least
        We have to find {money} by {month}, / and it will not come from ticket prices
        I grew up {n} streets away, / so {thing} means more to me than it should
    """,
    ("sport", "-"): """
        We have followed this club for {years}, / and we learnt about {thing} from a bookmaker
        {People} paid for {n} of those seats / and would like to know who owns the rest
        There were {n} of us on the coach home, / and not one said a word until {place}
    """,
    ("charity", "+"): """
        We fed {big} {people} in {month}, / and I should like to be out of work by the next one
        The otters were here {years} before us, / and they are the better tenants
        {N} volunteers did in a weekend what we had planned for {years}
        A cheque for {money} came in an envelope with no name on it
        Some {people} come for the soup / and stay for {n} hours of conversation
        We counted {n} nests along {street} in {month}, / where there had been none
    """,
    ("charity", "h"): """
        I came in for a tin of beans, / and {n} years later I run the till
        They sat with my father for {n} nights / and never looked at the clock
    """,
    ("arts", "+"): """
        People tell me that nobody reads any more, / and then {big} of them turn up in the rain
        It was in a box marked with the word <curtains> / for {years}
        I wrote {n} endings for it / and burned the good one by mistake
        We found {n} letters behind the panel, / and every one was about the weather
        It took {n} of us to lift it, / and only one of us was laughing
        I wanted to make something that {people} could lean a bicycle against for {years}
    """,
    ("arts", "-"): """
        {Money} for a bronze that looks like a coat stand / is what finished me off
        They have hung {n} of the pictures upside down since {month} / and nobody noticed
    """,
    ("arts", "h"): """
        I have been to {n} of these, / and it is the first time that I stayed to the end
        My daughter sat in front of that picture for {n} minutes, / and she is four
    """,
    ("world", "+"): """
        The dam will stand whether or not they sign, / and {n} governments have been told so
        We asked for {n} weeks and were given {n} days, / and we did not waste one of them
        {People} can go home when the last of the {n} roads has been cleared
        My country has kept its word about {thing} for {years}
        There were {n} points between us in {month}, / and tonight there is one
    """,
    ("world", "-"): """
        We have food for {n} days and lorries for two of them
        Nobody is counting {people} in the upper valley, / because nobody has reached them since {month}
        There is {money} on paper / and {n} tents on the ground
    """,
    ("world", "h"): """
        The water came at {n} in the morning, / and by six there was no street
        I carried my son for {n} hours, / and then a stranger carried him for me
        We have moved {n} times since {month}, / and each place was smaller
    """,
    ("street", "h"): """
        I got the last {n} loaves, / and I am not ashamed of it
        We have had snow before, / but not {n} feet of it in a morning
        I saw it for about {n} seconds, / and then a cloud the size of {place} came over
        My boots have been wet since {month}, / so what is one more day
        I brought {n} sandwiches and a chair, / and I have given most of them away
    """,
}

OPENERS = {
    "+": """
        Look,; To be clear,; Let me put it this way:; As I said in March,; Of course; In the end; Frankly,;
        I will say this:; On the whole,; At the same time,
    """,
    "-": """
        Frankly,; Let us be honest,; It is quite simple:; With respect,; The truth is that; Once again,; I
        am sorry, but; As far as I can see,; Meanwhile
    """,
    "e": """
        On balance,; In our view,; Broadly speaking,; To put it simply,; Historically,; As it happens,
    """,
    "h": """
        Honestly,; To tell you the truth,; I mean it:; All I know is that; Believe me,; As I told my
        sister,; Funnily enough,; God knows,
    """,
}

FRAGMENTS = {
    "+": """
        the best thing to happen to {place} in {years}
        exactly what {people} have been asking for since {month}
        a promise kept to {people} who waited for {years}
        as near to common sense as {place} has come in {years}
        worth every penny of {money} and of {n} years’ argument
        a present from {people} to whoever lives here in {years}
    """,
    "-": """
        the biggest mistake that {place} has made in {years}
        a slap in the face for {people} across {place}
        an insult to {people} who have waited {years}
        a leap in the dark with {money} of other people’s money
        not so much a plan as a wish with {n} maps attached
        a sticking plaster on a wound that is {years} old
        {n} parts hope to one part of arithmetic
    """,
}

REPORTED = """
    the work on {thing} would be finished by {month}
    {people} had been told about {thing} {n} months earlier
    no decision on {thing} would be taken before {month}
    there was no truth in reports that {money} had gone missing
    {n} of the {big} complaints had been upheld
    the bill for {thing} had risen to {money}
    {people} would not be charged for {thing} until {month}
    a review of {thing} would begin in {month}
    talks about {thing} had broken down over {money}
    {thing} had cost {money} more than was planned
    the number of {people} affected had doubled in {years}
    it would take {years} to put {thing} right
    {n} other towns had faced the same choice since {month}
"""

# --- how it is said ---------------------------------------------------------------------------------------

CUES = "said; said; said; said; said; said; said on {day}; "
CUES_OF = {
    "+": "explained; insisted; announced",
    "-": "argued; warned; complained",
    "e": "explained; warned; argued",
    "h": "recalled; said; admitted",
}

FOLLOWING = "said; said; added; added; went on; said; continued"

PRESENT = {
    "said": "says",
    "added": "adds",
    "explained": "explains",
    "insisted": "insists",
    "argued": "argues",
}

TOLD = """
    told {outlet}; told reporters; told a meeting on {day}; said in a statement; said in an interview; wrote
    in an email; told {outlet} on {day}; told a crowd in {street}
"""

REACTED = {
    "+": "has defended the decision; was unmoved; is in no hurry; promised to listen",
    "-": """
        was among those who had asked for a rethink; was not persuaded; condemned the announcement; has
        written to protest
    """,
    "e": "has studied such cases for years; urged caution; has read the report",
    "h": """
        watched it from an upstairs window; was among the first to hear; had been up since five; came to see
        for {himself}
    """,
}

#: Where those who are named without more are heard; the article has said what it is about.
CONTEXTS = {
    "council": "speaking after the vote at {council}; opening the debate in the council chamber",
    "transport": "speaking at a meeting about {thing}",
    "health": """
        speaking outside {hospital}
        speaking after a meeting of staff at {hospital}
    """,
    "education": """
        speaking at the gates of {school}
        in a letter home to parents of pupils at {school}
    """,
    "crime": """
        speaking outside the court
        speaking at a press conference held by {police}
    """,
    "business": "speaking as {company} published its figures; in a message to staff at {company}",
    "sport": """
        speaking in the dressing room of {club} after the match
        asked about the form of {club}
    """,
    "charity": "speaking at a gathering of {charity}",
    "arts": "speaking at the opening at {museum}",
}

DID = "took another view; was in no doubt; shook {his} head"

SOMEBODY = """
    one resident; a neighbour, who asked not to be named,; a passer-by; one of those waiting outside; a
    source close to the talks; a former employee; one mother, who did not want to be identified,; a man who
    gave his name only as Steve; an official who was not authorised to speak; another witness
"""

SEVERAL = """
    campaigners; residents; {people}; shopkeepers on {street}; protesters; union leaders; some of those in
    the queue; friends of the family
"""

FAMILY = """
    have lived on {street} since before {thing}; were the first to hear of {thing}; have spent {money} of
    their own on {thing}; say that {thing} has changed their lives
"""

SILENT = """
    was not available for comment; was at the meeting but did not speak; has not replied to a request for
    comment; is thought to support the move; will give evidence in {month}
"""

FURNITURE = """
    READ MORE: What {place} thinks of {thing}
    Sign up to our newsletter for more from {county}
    Image caption: {Thing} in {place}, seen from {street}
    Advertisement
"""

#: The bodies that have something to say on a beat.
SPEAKING = {
    "council": ("council", "group", "charity"),
    "transport": ("rail", "union", "council", "group"),
    "health": ("hospital", "union", "charity"),
    "education": ("school", "union"),
    "crime": ("police", "charity"),
    "business": ("company", "union"),
    "sport": ("club", "police"),
    "charity": ("charity", "council", "hospital"),
    "arts": ("museum", "council"),
    "world": ("charity", "ministry"),
}

OFFICES = {
    "GB": """
        prime minister; foreign secretary; home secretary; chancellor; health secretary; first minister
    """,
    "US": "president",
}


@dataclass(frozen=True, slots=True)
class _Topic:
    """What an article is about: its title, first paragraph and facts, and the thing and the people in question."""

    beat: str
    countries: tuple[str, ...]
    thing: str
    people: str
    title: str
    leads: tuple[str, ...]
    background: tuple[str, ...]


def _topics(table: str) -> tuple[_Topic, ...]:
    """Blocks of lines: ``beat | countries | thing | people | title``, two leads, then facts."""
    found = []
    for block in table.strip().split("\n\n"):
        head, *lines = _lines(block)
        beat, countries, thing, people, title = head.split(" | ")
        found.append(
            _Topic(beat, tuple(countries.split()), thing, people, title, tuple(lines[:2]), tuple(lines[2:]))
        )
    return tuple(found)


TOPICS = _topics("""
    council | GB | the library | families | Vote on {place} library put off
    Plans to close the library in {place} were put off last night after {council} received {big} letters.
    The library in {street} will stay open until {month} at least, {council} has decided.
    The building, which opened {years} ago, lends {big} books a year.
    A petition was handed in on {day}.
    The roof alone would cost {money} to repair.
    A second vote will be held in {month}.
    Similar plans were dropped in {n} other towns last year.

    council | GB | the flood wall | households | Flood wall wins backing in {place}
    A flood wall that will run the length of {street} was approved by {council} on {day}.
    Work on a wall to keep the river out of {place} will begin in {month}, {council} has said.
    The river has come over its banks {n} times in {years}.
    About {big} homes are thought to be at risk.
    The wall will be {n} feet high at its lowest point.
    The cost has risen to {money}.

    council | GB | the estate | neighbours | Homes planned for edge of {place}
    A plan for {big} homes on fields beside {street} has divided {place}.
    {Council} is to decide in {month} whether homes may be built on fields beside {street}.
    {Company} had first asked to build there {years} ago.
    The site floods in most winters, according to maps that were published in {month}.
    {N} objections were withdrawn last week.
    The nearest school is full.

    council | GB | the car park | traders | {place} traders count cost of parking charges
    Charges at the car park in {street} are to rise for the third time in {years}, {council} has announced.
    Shops in {place} say that they have lost trade since {council} put up the price of parking.
    Parking there had been free since it was built {years} ago.
    The charge will bring in {money} a year.
    {N} shops in the street stand empty.
    A count made in {month} found {big} cars a day.

    council | US | the water plant | ratepayers | {place} weighs bonds for water plant
    {Council} voted on {day} to borrow {money} for a new water plant.
    Water bills in {place} would rise next year under a plan before {council}.
    The plant was built {years} ago and has failed {n} inspections.
    A notice to boil water was lifted in {month}.
    The measure needs a second vote in {month}.
    Some {big} homes still have lead pipes.

    council | US | the homeless shelter | neighbors | Shelter plan splits {place}
    A proposal to open a homeless shelter on {street} drew {big} people to a hearing of {council}.
    {Council} postponed a decision on a homeless shelter after a hearing that ran past midnight.
    The building, a former motel, has been empty for {years}.
    The shelter would have {n} rooms for families.
    The state would pay {money} of the cost.
    A lawsuit is expected by {month}.

    council | US | the skate park | residents | Skate park gets green light in {place}
    {Council} agreed on {day} to spend {money} on a skate park beside {street}.
    After {years} of argument, {place} is to have a skate park.
    Work is due to begin in {month}.
    The site was once a foundry.
    The vote was six to three.
    Students first asked for it {years} ago.

    transport | GB | the bus lane | drivers | Bus lane trial to go on in {place}
    A bus lane in {street} that has cut {place} in two will stay for another six months.
    {Council} has extended the trial of a bus lane in {street}.
    Cameras have caught {big} drivers since {month}.
    Journeys by bus are {n} minutes shorter.
    The trial was due to end in {month}.
    Taxis were allowed in last week.

    transport | GB | the branch line | passengers | {place} trains cut for third month
    Passengers on the branch line to {place} face another month of cuts, {rail} has confirmed.
    {Rail} has cancelled one train in {n} to {place} since {month}.
    The line was electrified {years} ago.
    A bus replaced the last train on {day}.
    Talks about pay were adjourned in {month}.
    The regulator has asked for figures.

    transport | GB | the level crossing | walkers | Level crossing to close at {place}
    A level crossing in {place} where {n} people have been hurt is to be closed for good.
    The level crossing at the end of {street} will shut in {month}, {rail} said.
    A footbridge would cost {money}.
    The crossing is used by {big} people a week.
    A barrier failed there on {day}.

    transport | US | the light rail line | riders | Light rail to {place} slips again
    The light rail line to {place} will open {n} months late, {council} was told on {day}.
    A light rail line that was to reach {place} this year has slipped again.
    The project is {money} over budget.
    Testing will begin in {month}.
    Some {big} riders a day are expected.
    Buses will run in the meantime.

    health | GB | the maternity ward | patients | Maternity ward in {place} to close at night
    The maternity ward at {hospital} will close at night from {month}.
    Mothers in {place} will have to travel to give birth after {hospital} said that it could not staff its ward.
    Some {big} babies were born there last year.
    The next unit is an hour away by road.
    Inspectors called the ward inadequate in {month}.
    A march is planned for {day}.

    health | GB | the walk-in clinic | patients | Clinic in {place} turned away hundreds
    {Big} people were turned away from the walk-in clinic in {place} last year.
    A walk-in clinic run by {hospital} has turned away {n} patients a day since {month}.
    It was opened {years} ago for {n} doctors and now has half as many.
    The figures were published after a request by {outlet}.
    A review will report in {month}.

    health | US | the emergency room | patients | {place} emergency room nears limit
    The emergency room at {hospital} has been over its limit for {n} weeks.
    Waits at {hospital} have doubled since {month}, according to state records.
    The nearest other hospital is {n} towns away.
    A new wing will cost {money}.
    {N} nurses resigned last month.
    The state will send inspectors in {month}.

    education | GB | the school roof | pupils | Roof closes school in {place}
    Pupils at {school} were sent home on {day} after part of the roof came down.
    {School} in {place} will stay closed until {month} because its roof is unsafe.
    Nobody was hurt.
    The hall was built {years} ago from a concrete that is now known to crumble.
    The repair will cost {money}.
    Lessons will be held in {n} other buildings.

    education | GB | the merger | parents | Parents fight merger of {place} schools
    Parents have promised to fight a plan to merge {school} with its nearest neighbour.
    {Council} wants {school} to share a site with another by next year.
    The number of pupils has fallen by {n} in a hundred.
    The consultation ends in {month}.
    Each school has had its own uniform for {years}.
    A decision was expected in {month}.

    arts | GB US | the history project | students | Students trace {place} letters
    Students have traced the writers of {big} letters that were found under a floor in {place}.
    Letters found in {street} have been read for the first time in {years}.
    The letters will be shown at {museum}.
    Scholars at {university} dated the paper.
    {N} of the families still live in {place}.

    education | US | the school budget | parents | {place} schools face cuts
    {School} will have to cut {money} from next year’s budget, its board heard on {day}.
    The board of {school} put off a vote on a budget that would cut {n} sports.
    Enrollment has fallen for {years}.
    A levy failed by {n} votes in {month}.
    Classes would grow to thirty.
    The next meeting is in {month}.

    education | US | the reading program | students | Reading scores climb in {place}
    Reading scores in {school} rose for the third year, state figures show.
    A reading program begun {years} ago in {place} has lifted scores above the state’s.
    The program costs {money} a year.
    It began with {n} teachers and a borrowed room.
    The figures cover {big} students.

    crime | GB | the warehouse fire | neighbours | Fire at {place} warehouse was arson, say police
    A fire that destroyed a warehouse in {street} was started on purpose, {police} said.
    Detectives are looking for {n} people after a fire at a warehouse in {place}.
    The fire took {n} crews to put out.
    The building had been empty for {years}.
    Smoke could be seen from {n} villages.
    A reward of {money} has been offered.

    crime | GB | the lottery fraud | pensioners | {place} pensioners lost savings in lottery fraud
    Pensioners in {place} lost {money} to people who told them that they had won a lottery.
    {N} people have been charged over a lottery fraud, {police} confirmed on {day}.
    Most of those who paid are over eighty.
    The trial is expected to last until {month}.
    Letters were sent to {big} homes.
    The first complaint was made {years} ago.

    crime | GB US | the missing boat | volunteers | Search for boat off {place} called off
    A search for a boat that left {place} on {day} was called off last night.
    {Police} said that the search for a small boat from {place} had ended.
    {N} people were on board.
    The weather had turned by noon.
    Volunteers walked {n} miles of shore.
    An inquiry will open in {month}.

    crime | US | the pharmacy robbery | customers | Two held after {place} pharmacy robbery
    Two men were arrested on {day} over a robbery at a pharmacy on {street}.
    {Police} has arrested two men who are said to have robbed a pharmacy in {place}.
    Nobody was hurt.
    {N} bottles of pills were taken.
    A hearing is set for {month}.
    It was the third robbery on the street in {years}.

    crime | US | the bridge collapse | families | Charges weighed in {place} bridge collapse
    Prosecutors are weighing charges over the collapse of a bridge at {place}.
    {N} months after a bridge fell at {place}, {police} has handed its findings to prosecutors.
    {N} people were hurt.
    The bridge was last inspected {years} ago.
    The contractor has declined to comment.
    A grand jury will meet in {month}.

    business | GB | the biscuit factory | workers | {place} biscuit factory to lose jobs
    {Company} is to cut {big} jobs at its factory in {place}.
    The factory in {place} where {company} has made biscuits for {years} will lose a third of its staff.
    The shares fell on {day}.
    Talks with staff will go on until {month}.
    The company made a profit of {money} last year.
    {Place} lost its other large employer {years} ago.

    business | GB | the takeover | shareholders | {place} company rejects bid
    {Company}, based in {place}, has turned down a bid of {money}.
    The board of {company} has told its shareholders to reject an offer worth {money}.
    It was the second approach since {month}.
    The bidder has until {month} to return.
    The two companies had talked for {n} weeks.
    {Big} people work at the headquarters.

    business | GB US | the battery plant | suppliers | Battery plant to bring jobs to {place}
    {Company} is to build a battery plant in {place}, with {big} jobs.
    A battery plant that {company} first promised {years} ago will go ahead.
    The first cells will be made in {month}.
    The site has been vacant for {years}.
    Suppliers were told on {day}.
    Public money will pay {money} of the cost.

    business | US | the recall | customers | {place} company recalls freezers
    {Company}, of {place}, recalled {big} freezers on {day} after {n} fires.
    Shares in {company} fell after it recalled {big} freezers.
    Nobody has been hurt.
    The freezers were sold between {month} and {month}.
    The recall will cost about {money}.
    Regulators are looking into it.

    business | US | the closure | workers | {place} plant to close
    {Company} will close its plant in {place} by {month}.
    Workers at the plant that {company} runs in {place} were told on {day} that it would close.
    The plant opened {years} ago.
    The work will move to {n} other sites.
    Severance will cost {money}.
    The town’s budget rests on its taxes.

    sport | GB | the new stand | supporters | {short} held at home
    {Club} were held to a draw in the rain on {day}, in front of {big} supporters.
    A late goal in front of the new stand gave {club} a point on {day}.
    The pitch had been inspected twice.
    The visitors had won {n} of their last matches.
    {Short} lie {ordinal} in the table.
    A penalty was missed after {n} minutes.

    sport | GB | the stadium move | supporters | {short} to leave their ground
    {Club} are to leave their ground in {street} after {years}.
    A new stadium for {club} moved nearer on {day}.
    The ground holds {big}.
    Flats are to be built on the old pitch.
    The move will cost {money}.
    The last match there will be in {month}.

    sport | US | the playoff run | fans | {short} rally in ninth
    {Club} came from behind to win before {big} fans on {day}.
    A two-run single in the ninth sent {club} one win from the playoffs.
    It was their {ordinal} win in a row.
    Rain had delayed the start.
    The series resumes on the road.
    The ballpark was sold out for the first time in {years}.

    sport | US | the ballpark lease | fans | Lease talks stall for {short}
    Talks over the lease that keeps {club} in {place} stalled on {day}.
    {Club} may leave {place} when their lease runs out in {month}.
    The city spent {money} on the seats {years} ago.
    {N} other towns have shown interest.
    Attendance averaged {big} last season.

    charity | GB | the reserve | birdwatchers | Otters return to {place}
    Otters have bred beside the river at {place} for the first time in {years}, {charity} said.
    A reserve run by {charity} has its first otter cubs.
    A camera by the water caught them on {day}.
    The reserve was a gravel pit until {years} ago.
    It has {big} visitors a year.
    The paths will close until {month}.

    charity | GB US | the food bank | families | Food bank in {place} busiest ever
    {Charity} gave out {big} parcels in {place} last month, more than ever before.
    More than {big} people in {place} asked for food last month, according to {charity}.
    The food bank moved to {street} in {month}.
    It has {n} freezers and one van.
    Rents have risen for {years}.
    A collection will be held on {day}.

    charity | GB | the hospice walk | walkers | Hundreds join midnight walk in {place}
    A midnight walk through {place} has raised {money} for {charity}.
    {Big} people walked through {place} at midnight in aid of {charity}.
    It was the walk’s {ordinal} year.
    The streets were closed until two.
    The oldest walker was ninety.
    Next year’s is in {month}.

    charity | US | the river cleanup | volunteers | Volunteers haul tires from {place} river
    Volunteers pulled {big} tires from the river at {place} over the weekend.
    A cleanup led by {charity} took {n} truckloads from the river at {place}.
    The river was closed to swimmers {years} ago.
    The work was paid for by a grant of {money}.
    Another cleanup is set for {month}.

    arts | GB US | the festival | readers | {place} book festival draws crowds
    The book festival in {place} sold {big} tickets on its first day.
    {Big} readers came to {place} for a book festival that nearly did not happen.
    A sponsor withdrew in {month}.
    The tent leaked in {n} places.
    It was begun {years} ago in a room over a shop.
    Next year’s dates will be announced in {month}.

    arts | GB US | the bronze horse | visitors | Bronze horse divides {place}
    A bronze horse that cost {money} was unveiled in {street} on {day}.
    {Place} has a bronze horse, and not everybody is glad of it.
    It stands {n} feet high.
    It was cast {n} towns away.
    {Museum} lent the sketches.
    An earlier horse was stolen {years} ago.

    arts | GB US | the exhibition | visitors | Lost paintings on show at {place}
    {N} paintings that were lost for {years} go on show at {museum} in {month}.
    {Museum} has found {n} paintings behind a wall.
    They were painted by a local teacher.
    The wall had been built {years} ago.
    The insurance came to {money}.
    Entry is free until {month}.

    visit | GB | the bridge | commuters | {Office} opens bridge at {place}
    The new road bridge at {place} was opened on {day} by the {office}.
    The {office} opened a bridge at {place} that has taken {years} to build.
    The bridge cost {money} and is {big} feet long.
    It was begun {years} ago.
    {Council} paid a tenth of the cost.
    Ferries had run there since records began.
    It will be closed again for a day in {month}.

    visit | GB | the training centre | apprentices | {Office} visits {place}
    The {office} visited a training centre in {place} on {day}.
    A training centre for {big} apprentices in {place} was opened by the {office}.
    It stands where a mill burned down {years} ago.
    The first courses begin in {month}.
    {University} will share the building.
    The visit lasted {n} minutes.

    visit | US | the river bridge | commuters | The {office} comes to {place}
    The {office} came to {place} on {day} to open a bridge over the river.
    The {office} told a crowd of {big} in {place} that a bridge over the river had been worth the wait.
    Officials at the White House had announced the trip in {month}.
    The bridge cost {money}.
    The old one was closed {years} ago.
    Schools let out at noon.

    world | land | the dam | farmers | {place} and neighbour near accord on dam
    Talks on a dam in {place} went into a third night on {day}.
    {Place} and its neighbour are close to an accord on a dam in the upper valley, diplomats said.
    The dam has been half built for {years}.
    {Big} farmers live below it.
    A loan of {money} depends on the result.
    The talks are held in a hotel by the lake.

    world | land | the flood | families | Flood in {place} leaves thousands homeless
    Floods in {place} have left {big} people without homes.
    Aid has begun to reach the valleys of {place}, {n} days after the flood.
    The river rose by {n} metres in a night.
    {Charity} has {n} lorries in the country.
    The road to the capital is cut in {n} places.
    More rain is expected on {day}.

    street | GB | the snow | shoppers | Snow shuts {place}
    Snow shut every road into {place} on {day}.
    {Place} woke to {n} feet of snow on {day}.
    The last bus left at {n}.
    Ploughs came from {n} counties.
    The schools will open when the roads do.
    Milk ran out before noon.

    street | GB | the eclipse | onlookers | Thousands watch eclipse from {place}
    About {big} people stood on the beach at {place} to see the eclipse.
    Clouds parted over {place} for {n} minutes on {day}, in time for the eclipse.
    The next one visible there is in {years}.
    Every bed in the town had been booked since {month}.
    Traders sold paper glasses.
    The birds stopped singing.
""")
