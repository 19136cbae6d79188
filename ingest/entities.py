"""The people and bodies that an article names: every mention of a name, gathered into one entity.

``Sir Keir Starmer … Sir Keir … Mr Starmer`` is one person with the fullest of these names, the gender that
titles and given names tell, and the role and affiliation that the article gives. Two people of one surname
are kept apart. Their bare surname means the one who has been introduced, or has been called by it before;
else it is shared, and only a title or a pronoun can decide.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.callings import CLASH, Facts, agreement
from ingest.descriptions import describe
from ingest.lexicon import COMMON_BODY_WORDS, FEMALE_TITLES, MALE_TITLES, ROLE_NOUNS, TITLES
from ingest.marks import Page
from ingest.mentions import Mention, people_named, whole_names
from ingest.names import (
    CAPITALISED,
    Gender,
    given_names,
    name_parts,
    plain_name,
    same_given,
    surname,
    without_article,
)
from ingest.records import Name, NameKind, TextSpan
from ingest.register import Entry, Register
from ingest.roles import Roles

_GIVEN_NAME_TITLES = {"sir", "dame", "lady", "lord", "prince", "princess", "sister", "father"}
_NOT_GIVEN = TITLES | ROLE_NOUNS
_CAPITALISED = re.compile(rf"\b{CAPITALISED}")
_GIVEN_BEFORE = re.compile(rf"\b({CAPITALISED})\s$")
_LOWER_CASE = re.compile(r"^(?:[a-z][\w-]* )+")
_INITIALS = re.compile(r" ?\(([A-Z][A-Za-z&]{1,9})\)")
_DESCRIBED_BEFORE = re.compile(r"\b([a-z][a-z-]+) $")
_DESCRIBED_BEHIND = re.compile(r", (?:an?|the|which is an?) ([^,.;“\"]{3,60})")


_INTRODUCED = 4  # mentions of a full name: by then an article has said who that is


@dataclass(slots=True, eq=False)
class Entity:
    """One person, body, group of people or place of an article. ``mentions`` are in reading order."""

    name: str
    kind: NameKind
    gender: Gender | None = None
    role: str | None = None
    affiliation: str | None = None
    entry: Entry | None = None
    description: str | None = None
    mentions: list[TextSpan] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)

    @property
    def surname(self) -> str:
        """The last word of the name, plain: ``Keir Starmer`` → ``starmer``."""
        return surname(self.name)


class Cast:
    """The entities of one article, findable by what stands at an offset and by name."""

    def __init__(
        self,
        page: Page,
        names: Sequence[Name],
        register: Register,
        *,
        published: str | None,
        country: str | None,
    ) -> None:
        self.text = page.text
        self.register = register
        self.published = published
        self.country = country
        self.people: list[Entity] = []
        self.bodies: list[Entity] = []
        self.shared: dict[TextSpan, tuple[Entity, ...]] = {}
        self._at: dict[int, Entity] = {}
        self._full: dict[Entity, list[int]] = {}
        self._by_surname: dict[str, list[Entity]] = {}
        self._by_given: dict[str, list[Entity]] = {}
        self._called: set[Entity] = set()
        self._names = [
            self._known(name)
            for name in whole_names(page.text, names)
            if page.paragraph(name.span.start) is not None
        ]
        self._roles = Roles(page.text, self._names)
        self._gather_people(
            [m for m in people_named(page, self._names) if page.paragraph(m.span.start) is not None]
        )
        self._gather_surnames(page)
        self._gather_bodies()
        for person in self.people:
            person.mentions.sort()
            full = [mention for mention in person.mentions if " " in mention.of(self.text)]
            person.description = describe(self.text, full[:_INTRODUCED])
            found = next(self.roles(person), (None, None))
            person.role, person.affiliation = found
            person.entry = self._entry(person)
        self._starts = sorted(
            ((m, e) for e in (*self.people, *self.bodies) for m in e.mentions), key=lambda pair: pair[0]
        )

    def at(self, offset: int) -> Entity | None:
        """The entity one of whose mentions covers an offset."""
        return self._at.get(offset)

    def bearers(self, span: TextSpan) -> tuple[Entity, ...]:
        """The people whom a mention can mean: one, or the namesakes who share it."""
        if entity := self._at.get(span.end - 1) or self._at.get(span.start):
            return (entity,)
        return next((people for at, people in self.shared.items() if at.overlaps(span)), ())

    def within(self, span: TextSpan) -> list[tuple[TextSpan, Entity]]:
        """The mentions inside a span, in order, each with its entity."""
        first = bisect_right(self._starts, span.start - 1, key=lambda pair: pair[0].start)
        last = bisect_left(self._starts, span.end, key=lambda pair: pair[0].start)
        return self._starts[first:last]

    def person(self, name: str) -> Entity | None:
        """The one person that a name can mean here: by all of it, else by surname, else by given name."""
        words, generation = name_parts(name)
        for fits in (_same_person, _same_surname, _same_given):
            found = [p for p in self.people if words and fits(words, name_parts(p.name)[0])]
            if len(words) > 1:
                found = [p for p in found if name_parts(p.name)[1] == generation] or found
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def roles(self, person: Entity) -> Iterator[tuple[str | None, str | None]]:
        """Every role and affiliation that the article gives a person, in reading order."""
        for mention in person.mentions:
            if (found := self._roles.at(mention)) != (None, None):
                yield found

    def describes(self, noun: str, body: Entity) -> bool:
        """Whether the article calls a body by a noun: ``the charity Harbour Trust``; ``Arden, a charity,``"""
        if noun in plain_name(body.name).split():
            return True
        for mention in body.mentions:
            before = _DESCRIBED_BEFORE.search(self.text, max(0, mention.start - 30), mention.start)
            if before and before.group(1) == noun:
                return True
            behind = _DESCRIBED_BEHIND.match(self.text, mention.end)
            if (
                behind
                and noun in re.split(r" (?:of|for|that|which|in|at|on|with|based)\b", behind.group(1))[0]
            ):
                return True
        return False

    # --- gathering ---

    def _known(self, name: Name) -> Name:
        """A name that the register has as a body's is one: ``Labour`` councillor Helen Marsh."""
        entry = self.register.by_name(name.span.of(self.text)) if name.kind == "person" else None
        return Name(name.span, "body") if entry and entry.kind == "body" else name

    def _gather_people(self, mentions: Sequence[Mention]) -> None:
        by_surname: dict[str, list[Entity]] = {}
        for mention in (m for m in mentions if " " in m.name):
            words, generation = name_parts(mention.name)
            namesakes = by_surname.setdefault(words[-1], [])
            alike = [p for p in namesakes if self._of_generation(p, generation)]
            person = self._same(words, mention.title, alike)
            if person is None:
                person = Entity(mention.name, "person")
                self.people.append(person)
                namesakes.append(person)
            elif len(words) <= 4:
                person.name = max(person.name, mention.name, key=_fullness)
            self._note(person, mention)
            self._full.setdefault(person, []).append(mention.span.start)
        for person in self.people:
            person.gender = person.gender or _given_gender(person.name)
            self._index(person)
        for mention in (m for m in mentions if " " not in m.name):
            self._note_one_word(mention, self._bearers(mention))

    def _index(self, person: Entity) -> None:
        words, _ = name_parts(person.name)
        if words:
            self._by_surname.setdefault(words[-1], []).append(person)
        if len(words) > 1:
            self._by_given.setdefault(words[0], []).append(person)

    def _of_generation(self, person: Entity, generation: str | None) -> bool:
        """Whether a name with, or without, “Jr” can be somebody named before.

        Who was introduced as “Jr” may lose it later, unless the register knows somebody of the bare name; but
        a “Jr” behind a name that stood without it is another man.
        """
        words, own = name_parts(person.name)
        if own == generation:
            return True
        return generation is None and self.register.by_name(" ".join(words)) is None

    def _same(self, words: Sequence[str], title: str, namesakes: Sequence[Entity]) -> Entity | None:
        """The one of some namesakes whose given name fits: ``Bob Lee`` is Robert, unless Bobby is there."""
        gender = _title_gender(title)
        fitting = [p for p in namesakes if not gender or p.gender in (gender, None)]
        found = [p for p in fitting if name_parts(p.name)[0][0] == words[0]]
        found = found or [p for p in fitting if _same_person(words, name_parts(p.name)[0])]
        return found[0] if len(found) == 1 else None

    def _bearers(self, mention: Mention) -> Sequence[Entity]:
        """Whom a single word can name: those whose surname, or given name, it is."""
        word = plain_name(mention.name)
        gender = _title_gender(mention.title)
        by_surname, by_given = (
            [p for p in index.get(word, ()) if not gender or p.gender in (gender, None)]
            for index in (self._by_surname, self._by_given)
        )
        knightly = mention.title in _GIVEN_NAME_TITLES
        candidates = (by_given or by_surname) if knightly else (by_surname or by_given)
        if candidates:
            return self._introduced(mention, candidates)
        titled = f"{mention.title} {mention.name}".strip()
        entry = self.register.by_name(titled) or self.register.by_surname(
            mention.name, on=self.published, country=self.country
        )
        person = Entity(entry.name if entry and entry.kind == "person" else mention.name, "person")
        self.people.append(person)
        self._index(person)
        return [person]

    def _introduced(self, mention: Mention, namesakes: Sequence[Entity]) -> Sequence[Entity]:
        """Those of some namesakes whom a bare name can mean where it stands.

        That is who alone has been introduced so far; or whom the name alone has meant before, if no namesake
        has been named in full since: Hillary Clinton … Clinton … Bill Clinton … Hillary Clinton … Clinton.
        """
        at = mention.span.start
        if mention.title:
            namesakes = [p for p in namesakes if mention.title in p.titles] or namesakes
        last = {p: max((i for i in self._full.get(p, ()) if i < at), default=-1) for p in namesakes}
        known = [p for p in namesakes if last[p] >= 0] or list(namesakes)
        if len(known) > 1:
            latest = max(known, key=lambda p: last[p])
            if latest in self._called and not any(p in self._called for p in known if p is not latest):
                return [latest]
        return known

    def _note_one_word(self, mention: Mention, bearers: Sequence[Entity]) -> None:
        if len(bearers) == 1:
            self._called.add(bearers[0])
            self._note(bearers[0], mention)
        else:
            self.shared[mention.span] = tuple(bearers)

    def _gather_surnames(self, page: Page) -> None:
        """The surnames that were not seen as names: capitalised words that are some person's surname."""
        bearers: dict[str, list[Entity]] = {}
        for person in self.people:
            if " " in person.name:
                bearers.setdefault(person.surname, []).append(person)
        for word in _CAPITALISED.finditer(self.text):
            if word.start() in self._at or not (found := bearers.get(plain_name(word.group()))):
                continue
            if not found[0].gender or page.paragraph(word.start()) is None:
                continue
            before = _GIVEN_BEFORE.search(self.text, max(0, word.start() - 40), word.start())
            if before and before.group(1).lower().rstrip(".") not in _NOT_GIVEN:
                continue  # another person's full name, or a body's
            span = TextSpan(word.start(), word.start() + len(plain_name(word.group())))
            mention = Mention(span, span.of(self.text), "")
            if span not in self.shared:
                self._note_one_word(mention, self._introduced(mention, found))

    def _gather_bodies(self) -> None:
        known: dict[str, Entity] = {}
        in_full_first = sorted(self._names, key=lambda name: is_common(name.span.of(self.text)))
        for name in in_full_first:
            if name.kind == "person" or name.span.start in self._at:
                continue
            words = name.span.of(self.text).strip(" “”\"'‘’,.").removesuffix("'s").removesuffix("’s")
            words = _LOWER_CASE.sub("", without_article(words))
            if not words or not words[0].isupper():
                continue
            entry = self.register.by_name(words)
            key = entry.id if entry and entry.kind == "body" else words.lower()
            body = known.get(key) or known.get(words.lower())
            if body is None and name.kind == "body":
                body = self._known_short(words, name.span) or self._in_full(words)
            if body is None:
                body = Entity(words, name.kind, entry=entry if entry and entry.kind == "body" else None)
                known[key] = body
                self.bodies.append(body)
            self._note_body(body, TextSpan(self.text.index(words, name.span.start), name.span.end))
            if initials := _INITIALS.match(self.text, name.span.end):
                known.setdefault(initials.group(1).lower(), body)
                for short in re.finditer(rf"\b{re.escape(initials.group(1))}\b", self.text):
                    if short.start() not in self._at:
                        self._note_body(body, TextSpan(*short.span()))
        for body in self.bodies:
            body.mentions.sort()

    def _known_short(self, word: str, span: TextSpan) -> Entity | None:
        """The body whose last word stands for it: the ``Post`` of the Washington Post."""
        if " " in word or not self.text[max(0, span.start - 4) : span.end].lower().startswith("the "):
            return None
        found = [b for b in self.bodies if b.kind == "body" and b.name.endswith(" " + word)]
        return found[0] if len(found) == 1 else None

    def _in_full(self, words: str) -> Entity | None:
        """The body whose name the article also gives in full: ``City Council``, Port Ellery City Council."""
        ending = f" {plain_name(words)}"
        full = [b for b in self.bodies if b.kind == "body" and plain_name(b.name).endswith(ending)]
        return full[0] if len(full) == 1 and is_common(words) else None

    def _note_body(self, body: Entity, span: TextSpan) -> None:
        body.mentions.append(span)
        for offset in range(*span):
            self._at.setdefault(offset, body)

    def _note(self, person: Entity, mention: Mention) -> None:
        person.mentions.append(mention.span)
        for offset in range(*mention.span):
            self._at.setdefault(offset, person)
        if mention.title:
            person.titles.add(mention.title)
        person.gender = person.gender or _title_gender(mention.title)

    def _entry(self, person: Entity) -> Entry | None:
        entry = self.register.by_name(person.name)
        if entry is None or entry.kind != "person":
            return None
        shared = entry.id != plain_name(entry.name).replace(" ", "-")
        if shared and not any(_share_word(o.affiliation, person.affiliation) for o in entry.offices):
            return None  # the register marks the name as one of several bearers'
        told = Facts(person.role, person.affiliation, person.description)
        most = max((agreement(told, Facts(o.title, o.affiliation)) for o in entry.offices), default=0.0)
        if most <= CLASH or (most < 0 and not self._speaks_of_office(entry)):
            return None  # a striker of the mayor's name
        person.gender = entry.gender or person.gender
        return entry

    def _speaks_of_office(self, entry: Entry) -> bool:
        """Whether the article names an office that somebody of the register held, or its body, anywhere."""
        text = self.text.lower()
        return any(
            o.title.lower() in text or (o.affiliation and o.affiliation.lower() in text)
            for o in entry.offices
        )


def is_common(name: str) -> bool:
    """Whether a body's name tells it from no other of its kind: ``City Council``, ``Sheriff’s Office``."""
    return COMMON_BODY_WORDS.issuperset(re.findall(r"\w+", plain_name(name).replace("'s", "")))


def _same_person(words: Sequence[str], other: Sequence[str]) -> bool:
    if len(words) < 2 or len(other) < 2:
        return list(words) == list(other)
    if words[-1] != other[-1]:
        return False
    short, long = sorted((list(words), list(other)), key=len)
    return same_given(words[0], other[0]) or long[-len(short) :] == short  # Yong Kim, Jim Yong Kim


def _fullness(name: str) -> tuple[bool, int]:
    """Names in order: Rosa Vane is fuller than R. Vane, and what people call Rosa P. Vane."""
    return not re.search(r"\b[A-Z]\b", name), len(name)


def _same_surname(words: Sequence[str], other: Sequence[str]) -> bool:
    return len(words) == 1 and words[0] == other[-1]


def _same_given(words: Sequence[str], other: Sequence[str]) -> bool:
    return len(words) == 1 and len(other) > 1 and words[0] == other[0]


def _share_word(a: str | None, b: str | None) -> bool:
    return bool(a and b and set(plain_name(a).split()) & set(plain_name(b).split()) - {"the", "of", "party"})


def _title_gender(title: str) -> Gender | None:
    if title in FEMALE_TITLES:
        return "female"
    return "male" if title in MALE_TITLES else None


def _given_gender(name: str) -> Gender | None:
    words = plain_name(name).split()
    return given_names().get(words[0]) if len(words) > 1 else None
