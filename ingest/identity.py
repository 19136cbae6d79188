"""Which persons of many articles are one: one person, one page.

An article tells who its people are by name, role and affiliation. The same full name is one person, unless
what articles say of its bearers cannot be said of one: a striker and a professor, two councils. A short form
or another spelling of a name ("Bob", "Mikhailo") is the same person only where the articles also agree on
affiliation or post. What is said of nobody in particular is not guessed: where two people bear a name, a
quote by one of whom the article says nothing more stays with the bare name. A wrong merge is worse than a
split.

>>> met = [
...     Appearance("a", "john-smith", "John Smith", "person", "councillor", "Labour", "2024-05-01"),
...     Appearance("b", "john-smith", "John Smith", "person", "striker", "Ostrey Town", "2024-06-01"),
... ]
>>> [identity.id for identity in identify(met, ()).values()]
['john-smith-labour', 'john-smith-ostrey-town']
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Literal, NamedTuple

from ingest.lexicon import BODY_NOUNS, TITLES, word_set
from ingest.names import plain_name, same_given, slug, variant_key
from ingest.records import SpeakerKind
from ingest.register import Entry


@dataclass(frozen=True, slots=True)
class Appearance:
    """Somebody quoted in an article, as the article has it. ``person`` is the id that it alone suggests."""

    article: str
    person: str
    name: str
    kind: SpeakerKind
    role: str | None = None
    affiliation: str | None = None
    published: str | None = None


class Identity(NamedTuple):
    """The speaker that an appearance was found to be."""

    id: str
    name: str
    kind: SpeakerKind


class _Facts(NamedTuple):
    """What an article says of somebody, beside the name."""

    role: str | None
    affiliation: str | None


_Relation = Literal["agree", "fit", "doubt", "clash"]
_STRONGEST_FIRST: tuple[_Relation, ...] = ("clash", "agree", "doubt", "fit")

_FAMOUS = 10  # articles with one name: a public figure, whatever posts they held and lost
_MAINLY = 0.8

#: Callings that hardly anybody joins: who is in one of these lines is not the namesake in another.
_LINES = {
    word: line
    for line, words in {
        "politics": """
            mp msp ms mep senator congressman congresswoman councillor alderman mayor minister premier
            governor candidate whip chancellor peer lawmaker politician president representative
        """,
        "business": """
            ceo cfo coo executive banker businessman businesswoman entrepreneur trader retailer owner
            shopkeeper analyst developer
        """,
        "sport": """
            striker goalkeeper midfielder defender winger captain coach player champion coxswain jockey
            footballer cricketer batsman bowler cyclist sprinter swimmer athlete runner referee forward
        """,
        "police": "sergeant inspector superintendent constable detective policeman policewoman sheriff",
        "law": "barrister solicitor lawyer judge prosecutor attorney magistrate advocate qc kc coroner",
        "medicine": """
            surgeon nurse midwife physician consultant gp cardiologist oncologist obstetrician
            paediatrician pediatrician psychiatrist paramedic virologist epidemiologist dentist
            radiologist
        """,
        "science": """
            professor scientist physicist biologist chemist geologist astronomer archaeologist
            anthropologist historian economist sociologist lecturer researcher ecologist climatologist
            mathematician hydrologist oceanographer criminologist statistician philosopher linguist
        """,
        "arts": """
            actor actress novelist poet playwright composer singer guitarist sculptor artist painter
            comedian choreographer conductor musician author
        """,
        "church": "bishop archbishop vicar priest pastor rabbi imam rector dean",
        "schools": "headteacher headmaster headmistress teacher",
        "trades": """
            farmer plumber electrician bricklayer fisherman baker butcher barber builder driver
            hairdresser cleaner joiner carpenter mechanic skipper beekeeper
        """,
        "forces": "general colonel major lieutenant admiral brigadier commodore",
    }.items()
    for word in word_set(words)
}
#: Lines between which people do move.
_CAREERS = frozenset(("politics", "business", "law", "forces", "arts", "science", "medicine"))
_PARTIES = {
    word: party
    for party, words in {
        "labour": "labour",
        "conservative": "conservative conservatives tory tories",
        "liberal": "lib dem dems liberal",
        "democratic": "democrat democrats democratic",
        "republican": "republican republicans gop",
        "green": "green greens",
        "reform": "reform ukip",
        "snp": "snp",
        "plaid": "plaid",
        "dup": "dup",
        "sdlp": "sdlp",
    }.items()
    for word in word_set(words)
}
#: Bodies of one place each: nobody sits on two councils.
_LOCAL = word_set("council school academy church police hospital club fc united constabulary")
_PLAIN_WORDS = (
    BODY_NOUNS
    | _LOCAL
    | TITLES
    | word_set("""
        the of and for at in on to a an s uk us u plc ltd inc llc co new north south east west central city
        county borough town district parish national royal international general state federal local house
        american british english former
    """)
)


def identify(appearances: Iterable[Appearance], register: Sequence[Entry]) -> dict[tuple[str, str], Identity]:
    """Who each appearance is, by article and ``person``; the result does not depend on their order.

    An id of the register, or one set by hand, is kept; so are bodies and groups, which are who they say.
    """
    known = {entry.id: entry for entry in register}
    found: dict[tuple[str, str], Identity] = {}
    free: dict[str, list[Appearance]] = defaultdict(list)
    settled: dict[str, list[Appearance]] = defaultdict(list)
    for met in appearances:
        if met.person in known or met.kind in ("body", "group") or met.person != slug(met.name):
            settled[met.person].append(met)
        else:
            free[variant_key(met.name)].append(met)
    for id, all_met in settled.items():
        entry = known.get(id)
        name = entry.name if entry else _commonest(met.name for met in all_met)
        kind = all_met[0].kind if entry is None else ("person" if entry.kind == "person" else "body")
        found.update({(met.article, id): Identity(id, name, kind) for met in all_met})
    anchors: dict[str, list[Entry]] = defaultdict(list)
    for entry in register:
        if entry.kind == "person":
            anchors[variant_key(entry.name)].append(entry)
    taken = set(settled) | set(known)
    bodies = {id for id, all_met in settled.items() if all_met[0].kind == "body"}
    for key in sorted(free):
        for met in free[key]:  # elsewhere it was seen to be a body
            if met.person in bodies and (
                met.kind == "unknown" or plain_name(met.name).split()[-1] in BODY_NOUNS
            ):
                found[met.article, met.person] = found[settled[met.person][0].article, met.person]
        free[key] = [met for met in free[key] if (met.article, met.person) not in found]
        found.update(_namesakes(free[key], anchors.get(key, ()), taken))
    return found


class _Person:
    """Somebody taking shape: appearances that are one person's, and all that is said of them."""

    def __init__(
        self, met: Sequence[Appearance], *, facts: Iterable[_Facts] = (), entry: Entry | None = None
    ) -> None:
        self.met = list(met)
        self.facts = {_Facts(m.role, m.affiliation) for m in met if m.role or m.affiliation} | set(facts)
        self.entry = entry

    def relation(self, other: _Person) -> _Relation:
        relations = {_relation(a, b) for a in self.facts for b in other.facts}
        return next((r for r in _STRONGEST_FIRST if r in relations), "fit")

    def take(self, other: _Person) -> None:
        self.met += other.met
        self.facts |= other.facts
        self.entry = self.entry or other.entry

    @property
    def name(self) -> str:
        return _commonest(m.name for m in self.met)


def _namesakes(
    met: Sequence[Appearance], anchors: Sequence[Entry], taken: set[str]
) -> Iterator[tuple[tuple[str, str], Identity]]:
    """The persons among those whose surname is one, each with its id."""
    by_name: dict[str, list[Appearance]] = defaultdict(list)
    for appearance in met:
        by_name[plain_name(appearance.name)].append(appearance)
    people = [person for name in sorted(by_name) for person in _bearers(by_name[name])]
    known = [
        _Person((), facts=[_Facts(o.title, o.affiliation) for o in entry.offices], entry=entry)
        for entry in anchors
    ]
    people = _joined([*known, *people])
    ids = Counter(slug(person.name) for person in people if person.met)
    for person in people:
        if not person.met:
            continue
        if person.entry is not None:
            identity = Identity(person.entry.id, person.entry.name, "person")
        else:
            id = slug(person.name)
            if person.facts and (ids[id] > 1 or id in taken):
                id = _qualified(id, person, taken)
            taken.add(id)
            kinds = {m.kind for m in person.met}
            identity = Identity(id, person.name, "person" if "person" in kinds else "unknown")
        for appearance in person.met:
            yield (appearance.article, appearance.person), identity


def _bearers(met: Sequence[Appearance]) -> list[_Person]:
    """The bearers of one name: as many as what is said of them needs, and one of whom nothing is said."""
    famous = len({m.article for m in met}) >= _FAMOUS
    by_facts: dict[_Facts, list[Appearance]] = defaultdict(list)
    for appearance in sorted(met, key=lambda m: (m.published or "", m.article)):
        by_facts[_Facts(appearance.role, appearance.affiliation)].append(appearance)
    silent = by_facts.pop(_Facts(None, None), [])
    people: list[_Person] = []
    # Who is described most fully comes first: a body tells more than a role.
    for facts in sorted(by_facts, key=_fullest):
        newcomer = _Person(by_facts[facts])
        agreeing = [p for p in people if p.relation(newcomer) == "agree"]
        for other in agreeing[1:]:
            if agreeing[0].relation(other) in ("agree", "fit"):
                agreeing[0].take(other)
                people.remove(other)
        if agreeing:
            agreeing[0].take(newcomer)
        else:
            people.append(newcomer)
    people = _fitted(people, famous=famous)
    described = sum(len(p.met) for p in people)
    main = max(people, key=lambda p: len(p.met), default=None)
    if main and (len(people) == 1 or (famous and len(main.met) > _MAINLY * described)):
        main.met += silent
    elif silent:
        people.append(_Person(silent))
    return people


def _fullest(facts: _Facts) -> tuple[bool, bool, str, str]:
    return facts.affiliation is None, facts.role is None, facts.affiliation or "", facts.role or ""


def _fitted(people: list[_Person], *, famous: bool) -> list[_Person]:
    """Join those who can be only one other: a “councillor” of no named council, and the one councillor."""
    apart = ("clash",) if famous else ("clash", "doubt")
    for person in reversed(people):  # the least described first
        fitting = [p for p in people if p is not person and p.relation(person) not in apart]
        if fitting and all(a.relation(b) not in apart for a, b in combinations(fitting, 2)):
            fitting[0].take(person)
            return _fitted([p for p in people if p is not person], famous=famous)
    return people


def _joined(people: list[_Person]) -> list[_Person]:
    """Join spellings and short forms of a name where the articles agree on who that is."""
    for first, second in combinations(people, 2):
        if second.entry is None and _is_variant(first, second):
            first.take(second)
            return _joined([p for p in people if p is not second])
    return people


def _is_variant(first: _Person, second: _Person) -> bool:
    names = first.entry.name if first.entry else first.name, second.name
    (*given, _), (*other, _) = (plain_name(name).split() for name in names)
    if not given or not other or given == other or not same_given(given[0], other[0]):
        return False
    if (
        given[1:]
        and other[1:]
        and not all(same_given(a, b) for a, b in zip(given[1:], other[1:], strict=False))
    ):
        return False
    if first.relation(second) == "agree":
        return True
    middle_only = given[0] == other[0] and first.entry is None
    return middle_only and first.relation(second) == "fit"


def _relation(a: _Facts, b: _Facts) -> _Relation:
    """Whether two descriptions are of one person, could be, hardly can be, or cannot."""
    lines = {line for line in (_line(a.role), _line(b.role)) if line}
    if len(lines) > 1:
        return "doubt" if lines <= _CAREERS else "clash"
    party, other = _party(a), _party(b)
    if party and other and not party & other:
        return "doubt"
    bodies = _words(a.affiliation), _words(b.affiliation)
    if all(bodies):
        if bodies[0] & bodies[1] or _abbreviates(a.affiliation, b.affiliation):
            return "agree"
        if (party or other) and lines <= {"politics"}:
            return "fit"  # a party's politician also sits on a council or leads a ministry
        sorts = _sort(a.affiliation) & _sort(b.affiliation)
        return "clash" if sorts & _LOCAL else "doubt"
    return "agree" if a.role and b.role and _noun(a.role) == _noun(b.role) else "fit"


def _line(role: str | None) -> str | None:
    return next((_LINES[word] for word in reversed(_role_words(role or "")) if word in _LINES), None)


def _noun(role: str) -> str:
    return (_role_words(role) or [""])[-1]


@lru_cache(maxsize=10_000)
def _role_words(role: str) -> list[str]:
    return re.findall(r"\w+", role.lower().replace("-", ""))


def _party(facts: _Facts) -> frozenset[str]:
    return frozenset(_PARTIES[word] for word in _words(facts.affiliation) if word in _PARTIES)


@lru_cache(maxsize=10_000)
def _words(body: str | None) -> frozenset[str]:
    """The words that tell a body from others: ``Aldermoor`` of “Aldermoor City Council”."""
    capitals = re.findall(r"\b[A-ZÀ-ÖØ-Þ0-9][\w’'.-]*", body or "")
    return (
        frozenset(word for name in capitals for word in re.findall(r"\w+", plain_name(name))) - _PLAIN_WORDS
    )


def _sort(body: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", (body or "").lower()))


def _abbreviates(a: str | None, b: str | None) -> bool:
    """Whether one is the initials of the other, or of its beginning: ``MoD``, “Ministry of Defence”."""
    long, short = sorted((a or "", b or ""), key=len, reverse=True)
    words = re.findall(r"\w+", long)
    initials = {"".join(w[0] for w in words), "".join(w[0] for w in words if w[0].isupper())}
    plain = short.lower().replace(".", "")
    return len(plain) > 2 and any(i.lower().startswith(plain) for i in initials)


def _commonest(names: Iterable[str]) -> str:
    """The form of a name used most; of several the longest."""
    counted = Counter(names)
    return max(counted, key=lambda name: (counted[name], len(name), name))


def _qualified(id: str, person: _Person, taken: set[str]) -> str:
    """``john-smith`` → ``john-smith-labour``: with what tells this bearer of the name from the others."""
    bodies = Counter(m.affiliation for m in person.met if m.affiliation)
    roles = Counter(m.role for m in person.met if m.role)
    by = bodies or roles
    qualifier = slug(min(by, key=lambda words: (-by[words], words)))[:40].strip("-")
    candidate, number = f"{id}-{qualifier}", 2
    while candidate in taken:
        candidate, number = f"{id}-{qualifier}-{number}", number + 1
    return candidate
