"""Who holds an office, as an article means it: “the mayor”, “the Reform leader”, “the former minister”.

The article says so itself (a role beside a name, a title, a description), or the register on the article's
day. An office in wider words is the same: a lecturer is later “the academic”, a councilwoman “the council
member”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.entities import Cast, Entity
from ingest.lexicon import (
    COUNTRY_WORDS,
    NOT_OF_ROLES,
    OFFICE_OF_TITLE,
    RANKS,
    ROLE_NOUNS,
    TITLES,
    WIDER_ROLES,
)
from ingest.records import TextSpan
from ingest.register import Entry
from ingest.salience import Salience

#: Nouns by which the holder of an office can be meant.
OFFICES = ROLE_NOUNS | TITLES | {"pm"}

_WORD = re.compile(r"[\w’'&.-]*\w")
_UNKNOWN_DETERMINERS = ("a ", "an ", "one ", "another ", "some ", "any ", "many ", "most ", "no ", "every ")
_SAME_OFFICE = {
    "chairman": "chair", "chairperson": "chair", "chairwoman": "chair", "congressman": "representative",
    "congresswoman": "representative", "councilman": "council member", "councilwoman": "council member",
    "headmaster": "head", "headteacher": "head", "pm": "prime minister",
    "scotland": "scottish", "wales": "welsh",
}  # fmt: skip


class Offices:
    """The offices of an article's people, and whom each description of one has meant so far."""

    def __init__(self, cast: Cast, published: str | None, salience: Salience) -> None:
        self.cast = cast
        self.published = published
        self.salience = salience
        self._meant_by: dict[str, Entity] = {}
        self._phrases: dict[Entity, list[frozenset[str]]] = {}

    def holder(self, source: TextSpan, sentence: int) -> Entity | None:
        """``The Reform leader`` → the one person to whom the article, or the register, gives that role.

        Somebody introduced so far comes before the register, and the register before those named later on.
        """
        whole = source.of(self.cast.text).lower()
        words = _office_words(whole)
        if whole.startswith(_UNKNOWN_DETERMINERS) or not words:
            return None
        phrase = " ".join(words)
        called = [who for said, who in self._meant_by.items() if said == phrase or _is_short_for(words, said)]
        if called and not called[-1].mentions:
            return called[-1]  # whom the article never names, it will not now
        holders = [p for p in self.cast.people if self._holds(p, words)]
        introduced = [p for p in holders if p.mentions and p.mentions[0].start < source.start]
        found = self._clearest(introduced, words, sentence)
        if found is None and not introduced:
            found = self._in_office(words, source) or self._clearest(holders, words, sentence)
        found = found or self.salience.first(introduced or holders, sentence)
        if found is None and called and not introduced:
            found = called[-1]
        if found is not None:
            self._meant_by.pop(phrase, None)
            self._meant_by[phrase] = found
        return found

    def _clearest(self, holders: Sequence[Entity], words: Sequence[str], sentence: int) -> Entity | None:
        """The one holder of an office, if a bare role is not too far from the name."""
        if len(holders) == 1 and (len(words) > 1 or self.salience.present(holders[0], sentence)):
            return holders[0]
        return None

    def _in_office(self, words: Sequence[str], source: TextSpan) -> Entity | None:
        """Who holds an office by the register, as the article names them or as the register does."""
        names_place = re.search(r"\s[A-Z]", source.of(self.cast.text)) is not None
        entry = self._office(words, names_place=names_place)
        if entry is None:
            return None
        person = self.cast.person(entry.name)
        if person is None and self.published is not None:
            return Entity(entry.name, "person", entry.gender, entry=entry)
        return person

    def _holds(self, person: Entity, words: Sequence[str]) -> bool:
        """Whether somebody is known to hold an office: its noun, its rank, and all that qualifies it."""
        if person not in self._phrases:
            self._phrases[person] = list(self._offices(person))
        wanted = {w for w in words if w not in RANKS}
        rank = RANKS.intersection(words)
        return any(
            words[-1] in phrase
            and rank == RANKS & phrase
            and all(any(known.startswith(w[:5]) for known in phrase) for w in wanted)
            for phrase in self._phrases[person]
        )

    def _offices(self, person: Entity) -> Iterator[frozenset[str]]:
        """The words of each office that somebody holds or held, in the article or in the register."""
        titles = {
            OFFICE_OF_TITLE.get(t, t) for t in person.titles & OFFICES | person.titles & set(OFFICE_OF_TITLE)
        }
        for role, affiliation in self.cast.roles(person):
            yield _widened(frozenset(_office_words(f"{role or ''} {affiliation or ''}")) | titles)
        for told in (person.description or "").split("; "):
            yield _widened(frozenset(_office_words(told)) | titles)
        if titles:
            yield _widened(frozenset(titles))
        for office in person.entry.offices if person.entry else ():
            held = office.held(self.published) or self.published is None
            words = _office_words(f"{office.title} {office.affiliation or ''}")
            countries = COUNTRY_WORDS.get(person.entry.country or "", frozenset()) if person.entry else ()
            yield frozenset(words).union(countries, () if held else ("former",))

    def _office(self, words: Sequence[str], *, names_place: bool) -> Entry | None:
        """Who holds an office by the register: ``the French president``, ``the Reform leader``.

        Where the words name no country it is the article's, or the one of whose people it speaks.
        """
        adjectives = {word: code for code, known in COUNTRY_WORDS.items() for word in known}
        named = [adjectives[w] for w in words if w in adjectives]
        words = [w for w in words if w not in adjectives]
        role = " ".join(words)
        on = self.published
        if on is None:
            # Without a date an office is only that of somebody whom the article names and who has held it.
            entries = [p.entry for p in self.cast.people if p.entry]
            held = [e for e in entries if e.ever_held(role)]
            return held[0] if len(held) == 1 else None
        if names_place and (holder := self.cast.register.holder(role, on=on)):
            return holder  # the mayor of London, whatever the country
        if holder := self._holder_in(named or ([self.cast.country] if self.cast.country else []), role):
            return holder
        for cut in range(1, len(words)):
            body, office = " ".join(words[:cut]), " ".join(words[cut:])
            if holder := self.cast.register.holder_at(body, office, on=on):
                return holder
        return None

    def _holder_in(self, countries: Sequence[str], role: str) -> Entry | None:
        """Who holds an office in some countries; else where the people named are from; else in Britain."""
        around = {e.entry.country for e in self.cast.people if e.entry and e.entry.country}
        for places in (countries,) if countries else (sorted(around), ["GB"]):
            holders = [self.cast.register.holder(role, on=self.published, country=c) for c in places]
            found = [holder for holder in holders if holder]
            if found:
                return found[0] if len(found) == 1 else None
        return None


def _widened(phrase: frozenset[str]) -> frozenset[str]:
    """The words of an office with the wider ones: a lecturer is an academic."""
    return phrase.union(*(WIDER_ROLES.get(word, ()) for word in phrase))


def _is_short_for(words: Sequence[str], said: str) -> bool:
    """Whether a bare office stands for one said in full before: the mayor, the mayor of Lund."""
    return len(words) == 1 and words[0] in said.split() and RANKS.isdisjoint(said.split())


def _office_words(phrase: str) -> list[str]:
    """The words of an office, in one wording: ``The council’s chairwoman`` → ``council``, ``chair``."""
    words = [w.removesuffix("'s").removesuffix("’s") for w in _WORD.findall(phrase.lower())]
    return " ".join(_SAME_OFFICE.get(w, w) for w in words if w not in NOT_OF_ROLES).split()
