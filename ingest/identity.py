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
from itertools import combinations, product
from typing import NamedTuple

from ingest.company import Company
from ingest.lexicon import BODY_NOUNS, ROLE_NOUNS, TITLES, word_set
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
    description: str | None = None
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
    description: str | None = None


# Papers introduce whom their readers do not know: a name that often stands alone is a public figure's,
# whatever posts they held and lost.
_FAMOUS_ARTICLES, _UNINTRODUCED = 10, 0.4
_MOST = 40  # bearers of one name who are compared one by one
_COMPARED = 5  # articles of each

# What speaks for one person and what against it; set by hand, checked on made and real articles.
_SAME_NAMES, _SAME_CALLING, _SAME_KIND_OF_BODY, _SAME_RANK, _SAME_LINE = 2.0, 1.5, 1.0, 0.4, 0.3
_OTHER_LINE, _OTHER_CAREER, _OTHER_PARTY, _OTHER_PLACE, _OTHER_NAMES = -5.0, -2.0, -2.0, -3.0, -2.5
_COMPANY = ((0.2, 1.5), (0.1, 0.5), (0.03, -0.5), (0.0, -2.5))  # from a share of names on: its evidence
_AGREES, _DOUBTFUL, _CLASHES, _MARGIN = 1.0, -0.6, -3.0, 1.0

_QUALIFYING = 5  # words of an id that tell one bearer of a name from the others

#: Callings that hardly anybody joins: who is in one of these lines is not the namesake in another.
_LINES = {
    word: line
    for line, words in {
        "politics": """
            mp msp ms mep sen gov rep cllr councilman councilwoman senator congressman congresswoman
            councillor alderman mayor minister premier governor candidate whip chancellor peer lawmaker
            politician president representative represents
        """,
        "business": """
            ceo cfo coo executive banker businessman businesswoman entrepreneur trader retailer owner
            shopkeeper analyst developer
        """,
        "sport": """
            striker goalkeeper midfielder defender winger captain coach player champion coxswain jockey
            footballer pitcher outfielder shortstop quarterback lefthander righthander
            hooker fullback flyhalf scrumhalf wicketkeeper coached scored pitched
            cricketer batsman bowler cyclist sprinter swimmer athlete runner referee forward
        """,
        "police": """
            sergeant inspector superintendent constable detective policeman policewoman sheriff investigating
            investigation
        """,
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
        american british english former who has his her with from that this their was were been are is
    """)
)

_CALLINGS = ROLE_NOUNS | _LINES.keys()
#: Roles that are held in every line.
_VAGUE = word_set("""
    chair chairman chairwoman chief co-founder deputy director executive expert founder head leader man
    manager member officer official owner president secretary spokesman spokesperson spokeswoman veteran woman
    worker resident campaigner
""")


def identify(
    appearances: Iterable[Appearance], register: Sequence[Entry], company: Company | None = None
) -> dict[tuple[str, str], Identity]:
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
        found.update(_namesakes(free[key], anchors.get(key, ()), taken, company))
    return found


_NOTHING = _Facts(None, None, None)


def _facts(met: Appearance) -> _Facts:
    return _Facts(met.role, met.affiliation, met.description)


class _Person:
    """Somebody taking shape: appearances that are one person's, and all that is said of them."""

    def __init__(
        self, met: Sequence[Appearance], *, facts: Iterable[_Facts] = (), entry: Entry | None = None
    ) -> None:
        self.met = list(met)
        self.facts = {_facts(m) for m in met} - {_NOTHING} | set(facts)
        self.entry = entry

    def take(self, other: _Person) -> None:
        self.met += other.met
        self.facts |= other.facts
        self.entry = self.entry or other.entry

    @property
    def name(self) -> str:
        return _commonest(m.name for m in self.met)

    def evidence(self, other: _Person, company: Company | None) -> float:
        """How much speaks for one person, less what speaks against it."""
        told = sorted(_evidence(*sorted(pair, key=_fullest)) for pair in product(self.facts, other.facts))
        said = 0.0 if not told else told[0] if told[0] <= _CLASHES or told[-1] < _AGREES else told[-1]
        if company is None:
            return said
        pairs = list(product(self.met[:_COMPARED], other.met[:_COMPARED]))
        shares = [company.shared(a.article, b.article, name=a.name) for a, b in pairs]
        sure = sum(sureness for _, sureness in shares)
        if not sure:
            return said
        share = sum(share * sureness for share, sureness in shares) / sure
        return said + _company_evidence(share) * sure / len(shares)


def _fullest(facts: _Facts) -> tuple[object, ...]:
    """An order in which whoever is described most fully comes first: a body tells more than a role."""
    return *(fact is None for fact in facts), *(fact or "" for fact in facts)


def _company_evidence(share: float) -> float:
    return next(evidence for least, evidence in _COMPANY if share >= least)


def _namesakes(
    met: Sequence[Appearance], anchors: Sequence[Entry], taken: set[str], company: Company | None
) -> Iterator[tuple[tuple[str, str], Identity]]:
    """The persons among those whose surname is one, each with its id."""
    by_name: dict[str, list[Appearance]] = defaultdict(list)
    for appearance in met:
        by_name[plain_name(appearance.name)].append(appearance)
    people = [person for name in sorted(by_name) for person in _bearers(by_name[name], company)]
    known = [
        _Person((), facts=[_Facts(o.title, o.affiliation) for o in entry.offices], entry=entry)
        for entry in anchors
    ]
    people = _joined([*known, *people], company)
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


def _bearers(met: Sequence[Appearance], company: Company | None) -> list[_Person]:
    """The bearers of one name: as many as what is said of them, and where, needs."""
    met = sorted(met, key=lambda m: (m.published or "", m.article))
    described = [_Person([m]) for m in met if _facts(m) != _NOTHING]
    silent = [_Person([m]) for m in met if _facts(m) == _NOTHING]
    if len(silent) >= _FAMOUS_ARTICLES and len(silent) > _UNINTRODUCED * len(met):
        return _public(described, silent)
    people = [*(_alike(described) if len(described) > _MOST else described), *silent]
    return _fitted(_clustered(people, company, least=_AGREES), company)


def _fitted(people: list[_Person], company: Company | None) -> list[_Person]:
    """Join those who can be only one of the others, the least described first.

    Two of whom either could as well be a third, who is not the other, stay apart: which of them is not known.
    """
    between = {frozenset(pair): pair[0].evidence(pair[1], company) for pair in combinations(people, 2)}

    def undecided(person: _Person, best: _Person) -> bool:
        surely = between[frozenset((person, best))]
        rivals = [p for p in people if p not in (person, best)]
        return any(
            between[frozenset((one, rival))] > max(_DOUBTFUL, surely - _MARGIN)
            and between[frozenset((other, rival))] <= _DOUBTFUL
            for rival in rivals
            for one, other in ((person, best), (best, person))
        )

    for person in sorted(people, key=lambda p: (len(p.facts), len(p.met), p.met[0].article)):
        others = [p for p in people if p is not person]
        best = max(others, key=lambda p: (between[frozenset((person, p))], p.met[0].article), default=None)
        if best and between[frozenset((person, best))] > _DOUBTFUL and not undecided(person, best):
            best.take(person)
            return _fitted(others, company)
    return people


def _public(described: list[_Person], silent: list[_Person]) -> list[_Person]:
    """A public figure, to whom all belongs that nothing strong speaks against, and namesakes."""
    main, *others = sorted(_alike(described) or silent[:1], key=lambda p: (-len(p.met), p.met[0].article))
    apart = [person for person in others if main.evidence(person, None) <= _OTHER_LINE]
    for person in (*others, *silent):
        if person is not main and person not in apart:
            main.take(person)
    return [main, *_clustered(apart, None, least=_DOUBTFUL)]


def _alike(people: Sequence[_Person]) -> list[_Person]:
    """Those of whom the very same is said, as one."""
    by_facts: dict[frozenset[_Facts], _Person] = {}
    for person in people:
        if (same := by_facts.setdefault(frozenset(person.facts), person)) is not person:
            same.take(person)
    return list(by_facts.values())


def _clustered(people: Sequence[_Person], company: Company | None, *, least: float) -> list[_Person]:
    """Join, the surest first, those for whom more speaks than a least; by average over all that they hold."""
    groups: list[list[int]] = [[i] for i in range(len(people))]
    between = {(i, j): people[i].evidence(people[j], company) for i, j in combinations(range(len(people)), 2)}

    def linked(pair: tuple[list[int], list[int]]) -> float:
        links = [between[min(i, j), max(i, j)] for i, j in product(*pair)]
        return min(links) if min(links) <= _CLASHES else sum(links) / len(links)

    while len(groups) > 1:
        best = max(combinations(groups, 2), key=linked)
        if linked(best) <= least:
            break
        best[0].extend(best[1])
        groups.remove(best[1])
    for group in groups:
        for other in group[1:]:
            people[group[0]].take(people[other])
    return [people[group[0]] for group in groups]


def _joined(people: list[_Person], company: Company | None) -> list[_Person]:
    """Join spellings and short forms of a name where the articles agree on who that is."""
    for first, second in combinations(people, 2):
        if second.entry is None and _is_variant(first, second, company):
            first.take(second)
            return _joined([p for p in people if p is not second], company)
    return people


def _is_variant(first: _Person, second: _Person, company: Company | None) -> bool:
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
    evidence = first.evidence(second, company)
    if evidence >= _AGREES:
        return True
    middle_only = given[0] == other[0] and first.entry is None
    return middle_only and evidence > _DOUBTFUL


@lru_cache(maxsize=100_000)
def _evidence(a: _Facts, b: _Facts) -> float:
    """How much speaks for one person, less what speaks against it."""
    evidence = 0.0
    lines = {line for line in (_line(a), _line(b)) if line}
    if len(lines) > 1:
        evidence += _OTHER_CAREER if lines <= _CAREERS else _OTHER_LINE
    elif _line(a) and _line(b):
        evidence += _SAME_LINE
    party, other = _party(a), _party(b)
    if party and other and not party & other:
        evidence += _OTHER_PARTY
    if shared := {word for word in _words(a) & _words(b) - _PLAIN_WORDS if len(word) > 2}:
        evidence += _SAME_CALLING if shared & _CALLINGS - _VAGUE else _SAME_RANK
    if _names(a) & _words(b) or _names(b) & _words(a) or _abbreviates(a.affiliation, b.affiliation):
        evidence += _SAME_NAMES
    elif a.affiliation and plain_name(a.affiliation) == plain_name(b.affiliation or ""):
        evidence += _SAME_KIND_OF_BODY  # “the council” in both: of the one town, more likely than not
    elif _names(a) and _names(b) and not ((party or other) and lines <= {"politics"}):
        # A party's politician also sits on a council or leads a ministry; but nobody sits on two councils.
        evidence += _OTHER_PLACE if _words(a) & _words(b) & _LOCAL else _OTHER_NAMES
    return evidence


@lru_cache(maxsize=100_000)
def _words(facts: _Facts) -> frozenset[str]:
    """All the words of a description, plain."""
    return frozenset(re.findall(r"\w+", plain_name(" ; ".join(filter(None, facts))).replace("-", "")))


@lru_cache(maxsize=100_000)
def _names(facts: _Facts) -> frozenset[str]:
    """The words that tell a body or a place from others: ``Aldermoor`` of “Aldermoor City Council”."""
    said = f"{facts.affiliation or ''} ; {facts.description or ''}"
    capitals = re.findall(r"\b[A-ZÀ-ÖØ-Þ0-9][\w’'.-]*", said)
    words = frozenset(word for name in capitals for word in re.findall(r"\w+", plain_name(name)))
    return words - _PLAIN_WORDS - _LINES.keys() - _PARTIES.keys() - ROLE_NOUNS


@lru_cache(maxsize=100_000)
def _line(facts: _Facts) -> str | None:
    words = re.findall(r"\w+", f"{facts.role or ''} ; {facts.description or ''}".lower().replace("-", ""))
    if "member" in words and "council" in _words(facts):
        return "politics"
    return next((_LINES[word] for word in words if word in _LINES), None)


def _party(facts: _Facts) -> frozenset[str]:
    return frozenset(_PARTIES[word] for word in _words(facts) if word in _PARTIES)


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
    for told in ("affiliation", "role", "description"):
        by = Counter(words for m in person.met if (words := getattr(m, told)))
        if by:
            break
    qualifier = "-".join(slug(min(by, key=lambda words: (-by[words], words))).split("-")[:_QUALIFYING])
    candidate, number = f"{id}-{qualifier}", 2
    while candidate in taken:
        candidate, number = f"{id}-{qualifier}-{number}", number + 1
    return candidate
