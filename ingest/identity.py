"""Which persons of many articles are one: one person, one page.

An article tells who its people are by name, role and affiliation, and by the company in which it names them.
The same full name is one person, unless what articles say of its bearers cannot be said of one: a striker and
a professor, two councils. A short form or another spelling of a name ("Bob", "Mikhailo") is the same person
only where the articles also agree on more. What is said of nobody in particular is not guessed: where two
people bear a name, a quote by one of whom the article says nothing more stays with the bare name. A wrong
merge is worse than a split.

Whoever is most surely one is joined first, then the next, as long as more speaks for it than against
(agglomerative clustering; what two groups say is compared at its best, or at its worst where that rules them
out, and their company on average; the weights are those of ``callings`` and the ones below).

>>> met = [
...     Appearance("a", "john-smith", "John Smith", "person", "councillor", "Labour", "2024-05-01"),
...     Appearance("b", "john-smith", "John Smith", "person", "striker", "Ostrey Town", "2024-06-01"),
... ]
>>> [identity.id for identity in identify(met, ()).values()]
['john-smith-labour', 'john-smith-ostrey-town']
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations, combinations_with_replacement, count, product
from math import log2
from typing import NamedTuple

from ingest.callings import CLASH, NOTHING, Facts, agreement
from ingest.company import Company
from ingest.lexicon import BODY_NOUNS
from ingest.names import name_parts, namesake_slug, plain_name, same_given, slug, variant_key
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

    @property
    def facts(self) -> Facts:
        """What the article says of them, beside the name."""
        return Facts(self.role, self.affiliation, self.description)


class Identity(NamedTuple):
    """The speaker that an appearance was found to be."""

    id: str
    name: str
    kind: SpeakerKind


# Papers introduce whom their readers do not know: a name that often stands alone is a public figure's,
# whatever posts they held and lost.
_FAMOUS_ARTICLES, _UNINTRODUCED = 5, 0.4
_MANY = 100  # articles of one name, from which on it is a public figure's however it is introduced
_MOST = 40  # bearers of one name who are compared one by one
_COMPARED = 5  # articles of each

# What speaks for one person before anything else is looked at, by how their names compare.
_SAME_NAME, _SAME_BUT_INITIAL, _SPELT_OTHERWISE, _SHORT_FORM = 2.5, 2.0, 0.2, 0.2
_NEVER = -100.0
_COMPANY = ((0.25, 3.5), (0.1, 1.5), (0.03, 0.5), (0.0, -2.0))  # from a share of names on: what it tells
_ENOUGH, _MARGIN = 0.3, 0.75  # to be one person; and to be rather one than the other of two

_QUALIFYING = 5  # words of an id that tell one bearer of a name from the others


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
        if met.person in known or met.kind in ("body", "group") or met.person not in _own_ids(met.name):
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
        known_here = [
            _Person(sorted(settled.get(entry.id, ()), key=lambda m: m.article)[:_MOST], entry)
            for entry in anchors.get(key, ())
        ]
        found.update(_namesakes(free[key], known_here, taken, company))
    return found


def _own_ids(name: str) -> tuple[str, str]:
    """The ids that an article alone gives by a name; others are the register's, or set by hand."""
    return slug(name), namesake_slug(name)


class _Person:
    """Somebody taking shape: appearances that are one person's, and all that is said of them."""

    def __init__(self, met: Sequence[Appearance], entry: Entry | None = None) -> None:
        offices = entry.offices if entry else ()
        self.met = list(met)
        self.facts = {m.facts for m in met} | {Facts(o.title, o.affiliation) for o in offices}
        self.facts.discard(NOTHING)
        self.entry = entry

    def take(self, other: _Person) -> None:
        self.met += other.met
        self.facts |= other.facts
        self.entry = self.entry or other.entry

    @property
    def name(self) -> str:
        return self.entry.name if self.entry else _commonest(m.name for m in self.met)

    @property
    def order(self) -> tuple[int, int, str]:
        """Those of whom least is said come first."""
        return len(self.facts), len(self.met), min((m.article for m in self.met), default="")

    def evidence(self, other: _Person, company: Company | None) -> float:
        """How much speaks for one person, less what speaks against it."""
        facts = sorted(agreement(*sorted(pair, key=_fullest)) for pair in product(self.facts, other.facts))
        said = 0.0 if not facts else facts[0] if facts[0] <= CLASH or facts[-1] <= 0 else facts[-1]
        if company is None or not self.met or not other.met:
            return said
        pairs = list(product(self.met[:_COMPARED], other.met[:_COMPARED]))
        shares = [company.shared(a.article, b.article, name=a.name) for a, b in pairs]
        sure = sum(sureness for _, sureness in shares)
        if not sure:
            return said
        share = sum(share * sureness for share, sureness in shares) / sure
        told = _company_evidence(share) * sure / len(shares)
        if told < 0:  # that several articles each share nothing with several others is no accident
            told *= log2(1 + min(len(self.met), len(other.met), _COMPARED))
        return said + told


def _fullest(facts: Facts) -> tuple[object, ...]:
    """An order in which whoever is described most fully comes first: a body tells more than a role."""
    return *(fact is None for fact in facts), *(fact or "" for fact in facts)


def _company_evidence(share: float) -> float:
    return next(evidence for least, evidence in _COMPANY if share >= least)


def _namesakes(
    met: Sequence[Appearance], known: Sequence[_Person], taken: set[str], company: Company | None
) -> Iterator[tuple[tuple[str, str], Identity]]:
    """The persons among those whose surname is one, each with its id."""
    by_name: dict[str, list[Appearance]] = defaultdict(list)
    for appearance in met:
        by_name[plain_name(appearance.name)].append(appearance)
    people = [p for name in sorted(by_name) for p in _joined(_bearers(by_name[name]), company)]
    people = _joined([*known, *people], company)
    ids = Counter(slug(person.name) for person in people if person.entry is None)
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
    """The bearers of one name before they are compared: one an article, but for names that are met often."""
    met = sorted(met, key=lambda m: (m.published or "", m.article))
    described = [_Person([m]) for m in met if m.facts != NOTHING]
    silent = [_Person([m]) for m in met if m.facts == NOTHING]
    if len(met) > _MANY or (len(silent) >= _FAMOUS_ARTICLES and len(silent) > _UNINTRODUCED * len(met)):
        return _public(described, silent)
    return [*(_alike(described) if len(described) > _MOST else described), *silent]


def _public(described: list[_Person], silent: list[_Person]) -> list[_Person]:
    """A public figure, to whom all belongs that nothing strong speaks against, and namesakes."""
    main, *others = sorted(_alike(described) or silent[:1], key=lambda p: (-len(p.met), p.order))
    apart = [person for person in others if main.evidence(person, None) <= CLASH]
    for person in (*others, *silent):
        if person is not main and person not in apart:
            main.take(person)
    return [main, *(_public(apart, []) if len(apart) > _MOST else apart)]


def _alike(people: Sequence[_Person]) -> list[_Person]:
    """Those of whom the very same is said, as one."""
    by_facts: dict[frozenset[Facts], _Person] = {}
    for person in people:
        if (same := by_facts.setdefault(frozenset(person.facts), person)) is not person:
            same.take(person)
    return list(by_facts.values())


def _joined(people: Sequence[_Person], company: Company | None) -> list[_Person]:
    """Join those who are one person, the surest first."""
    near = _near(people)
    between: dict[frozenset[_Person], float] = {}
    queue: list[tuple[float, list[tuple[int, int, str]], int, _Person, _Person]] = []
    serial = count()

    def known(first: _Person, second: _Person) -> float:
        if second not in near[first]:
            return _NEVER
        pair = frozenset((first, second))
        if pair not in between:
            between[pair] = _prior(first, second) + first.evidence(second, company)
        return between[pair]

    def offer(first: _Person, second: _Person) -> None:
        if (surely := known(first, second)) > _ENOUGH:
            heappush(queue, (-surely, sorted((first.order, second.order)), next(serial), first, second))

    def undecided(first: _Person, second: _Person) -> bool:
        """Whether one of two could as well be a third, who is not the other: which of them is not known."""
        surely = known(first, second)
        return any(
            known(one, rival) > max(_ENOUGH, surely - _MARGIN) and known(other, rival) <= 0
            for one, other in ((first, second), (second, first))
            for rival in near[one] - {other}
        )

    place = {person: at for at, person in enumerate(people)}
    for first in people:
        for second in sorted(near[first], key=lambda p: place[p]):
            if place[first] < place[second]:
                offer(first, second)
    waiting = []
    while queue:
        offered = heappop(queue)
        against, _, _, first, second = offered
        if second not in near.get(first, ()) or -against != known(first, second):
            continue  # one of the two has been joined to another since
        if undecided(first, second):
            waiting.append(offered)
            continue
        kept, joined = sorted((first, second), key=lambda p: (p.entry is None, -len(p.met), p.order))
        kept.take(joined)
        for other in near.pop(joined):
            near[other].discard(joined)
            if other is not kept:
                near[other].add(kept)
                near[kept].add(other)
        for other in sorted(near[kept], key=lambda p: p.order):
            between.pop(frozenset((kept, other)), None)
            offer(kept, other)
        for again in waiting:
            heappush(queue, again)
        waiting = []
    return [person for person in people if person in near]


def _near(people: Sequence[_Person]) -> dict[_Person, set[_Person]]:
    """For each person those whose name could be the same one's, by their given names first."""
    by_given: dict[str, list[_Person]] = defaultdict(list)
    for person in people:
        words, _ = name_parts(person.name)
        by_given[words[0] if len(words) > 1 else ""].append(person)
    near: dict[_Person, set[_Person]] = {person: set() for person in people}
    for one, other in combinations_with_replacement(sorted(by_given), 2):
        if one != other and not same_given(one, other):
            continue
        pairs = combinations(by_given[one], 2) if one == other else product(by_given[one], by_given[other])
        for first, second in pairs:
            if _prior(first, second) != _NEVER:
                near[first].add(second)
                near[second].add(first)
    return near


def _prior(first: _Person, second: _Person) -> float:
    """How much two names alone speak for one person."""
    if first.entry and second.entry:
        return _NEVER
    (words, generation), (others, other) = name_parts(first.name), name_parts(second.name)
    *given, surname = words
    *names, last = others
    if generation != other and (first.entry or second.entry or (generation and other)):
        return _NEVER  # Donald Trump Jr. is not his father
    if words == others:
        return _SAME_NAME
    if not given or not names or not same_given(given[0], names[0]):
        return _NEVER
    middles = zip(given[1:], names[1:], strict=False)
    if not all(same_given(a, b) for a, b in middles):
        return _NEVER
    if given[0] == names[0]:
        return _SAME_BUT_INITIAL if surname == last else _SPELT_OTHERWISE
    return _SHORT_FORM


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
