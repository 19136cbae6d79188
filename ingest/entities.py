"""The people and bodies that an article names: every mention of a name, gathered into one entity.

``Sir Keir Starmer … Sir Keir … Mr Starmer`` is one person with the fullest of these names, the gender that
titles and given names tell, and the role and affiliation that the article gives behind the name, before it
or with “is”. Two people of one surname are kept apart, and their bare surname then means neither.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.lexicon import (
    BODY_NOUNS,
    FEMALE_TITLES,
    MALE_TITLES,
    NOT_IN_NAMES,
    ROLE_MODIFIERS,
    ROLE_NOUNS,
    SUFFIXES,
    TITLES,
)
from ingest.marks import Page
from ingest.names import Gender, given_names, plain_name
from ingest.records import Name, TextSpan
from ingest.register import Entry, Register

_GIVEN_NAME_TITLES = {"sir", "dame", "lady", "lord", "prince", "princess", "sister", "father"}
_WORD = re.compile(r"[^\W_](?:[\w’'.&-]*\w)?\.?")
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_TITLED = re.compile(
    rf"\b((?:{'|'.join(t.capitalize() for t in sorted(TITLES, key=len, reverse=True))})\.?)\s+"
    rf"({_CAPITAL}(?:\s{_CAPITAL}){{0,2}})"
)
_CLAUSE_END = re.compile(r"[,;:()\[\]“”\"—\n]| [-–] |\b(?:who|which|whose|said|says|told|was|is|has|had)\b")


@dataclass(slots=True, eq=False)
class Entity:
    """One person or body of an article. ``mentions`` are in reading order."""

    name: str
    kind: Literal["person", "body"]
    gender: Gender | None = None
    role: str | None = None
    affiliation: str | None = None
    entry: Entry | None = None
    mentions: list[TextSpan] = field(default_factory=list)

    @property
    def surname(self) -> str:
        """The last word of the name, plain: ``Keir Starmer`` → ``starmer``."""
        return plain_name(self.name).split(" ")[-1]


@dataclass(frozen=True, slots=True)
class _Mention:
    """A person's name without its title: where it is, the name proper and the title before it."""

    span: TextSpan
    name: str
    title: str


class Cast:
    """The entities of one article, findable by what stands at an offset and by name."""

    def __init__(
        self, page: Page, names: Sequence[Name], register: Register, *, published: str | None
    ) -> None:
        self.text = page.text
        self.register = register
        self.published = published
        self.people: list[Entity] = []
        self.bodies: list[Entity] = []
        self._at: dict[int, Entity] = {}
        self._names = [
            name for name in _whole(page.text, names) if page.paragraph(name.span.start) is not None
        ]
        self._gather_people(
            [m for m in _people(page, self._names) if page.paragraph(m.span.start) is not None]
        )
        self._gather_surnames(page)
        self._gather_bodies()
        for person in self.people:
            person.mentions.sort()
            for mention in person.mentions:
                if person.role is None:
                    person.role, person.affiliation = self._role_at(mention)
            person.entry = self._entry(person)
        self._starts = sorted(
            ((m, e) for e in (*self.people, *self.bodies) for m in e.mentions), key=lambda pair: pair[0]
        )

    def at(self, offset: int) -> Entity | None:
        """The entity one of whose mentions covers an offset."""
        return self._at.get(offset)

    def within(self, span: TextSpan) -> list[tuple[TextSpan, Entity]]:
        """The mentions inside a span, in order, each with its entity."""
        first = bisect_right(self._starts, span.start - 1, key=lambda pair: pair[0].start)
        last = bisect_left(self._starts, span.end, key=lambda pair: pair[0].start)
        return self._starts[first:last]

    def person(self, name: str) -> Entity | None:
        """The one person that a name can mean here: by all of it, else by surname, else by given name."""
        words = plain_name(name).split()
        for fits in (_same_person, _same_surname, _same_given):
            found = [p for p in self.people if words and fits(words, plain_name(p.name).split())]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def bears(self, surname: str) -> bool:
        """Whether somebody named in full has a surname: ``doyle``."""
        return any(" " in person.name and person.surname == surname for person in self.people)

    # --- gathering ---

    def _gather_people(self, mentions: Sequence[_Mention]) -> None:
        by_surname: dict[str, list[Entity]] = {}
        for mention in (m for m in mentions if " " in m.name):
            words = plain_name(mention.name).split()
            namesakes = by_surname.setdefault(words[-1], [])
            person = next((p for p in namesakes if _same_person(words, plain_name(p.name).split())), None)
            if person is None:
                person = Entity(mention.name, "person")
                self.people.append(person)
                namesakes.append(person)
            elif len(mention.name) > len(person.name) and len(words) <= 4:
                person.name = mention.name
            self._note(person, mention)
        for person in self.people:
            person.gender = person.gender or _given_gender(person.name)
        for mention in (m for m in mentions if " " not in m.name):
            if (bearer := self._bearer(mention)) is not None:
                self._note(bearer, mention)

    def _bearer(self, mention: _Mention) -> Entity | None:
        """Whom a single word names: the one person whose surname, or given name, it is."""
        words = plain_name(mention.name).split()
        gender = _title_gender(mention.title)
        fitting = [p for p in self.people if not gender or p.gender in (gender, None)]
        by_surname = [p for p in fitting if _same_surname(words, plain_name(p.name).split())]
        by_given = [p for p in fitting if _same_given(words, plain_name(p.name).split())]
        knightly = mention.title in _GIVEN_NAME_TITLES
        candidates = (by_given or by_surname) if knightly else (by_surname or by_given)
        if len(candidates) == 1:
            return candidates[0]
        if by_surname or by_given:
            return None  # two bear the name: not guessed
        titled = f"{mention.title} {mention.name}".strip()
        entry = self.register.by_name(titled) or self.register.by_surname(mention.name, on=self.published)
        person = Entity(entry.name if entry and entry.kind == "person" else mention.name, "person")
        self.people.append(person)
        return person

    def _gather_surnames(self, page: Page) -> None:
        """The surnames that were not seen as names: capitalised words that are some person's surname."""
        bearers: dict[str, Entity | None] = {}
        for person in self.people:
            if " " in person.name:
                bearers[person.surname] = None if person.surname in bearers else person
        for word in re.finditer(rf"\b{_CAPITAL}", self.text):
            plain = plain_name(word.group())
            bearer = bearers.get(plain)
            if (
                bearer is not None
                and bearer.gender
                and word.start() not in self._at
                and page.paragraph(word.start()) is not None
            ):
                before = self.text[max(0, word.start() - 40) : word.start()]
                given = re.search(rf"\b({_CAPITAL})\s$", before)
                if (
                    given
                    and given.group(1).lower().rstrip(".") not in TITLES | ROLE_NOUNS
                    and word.start() > 0
                ):
                    continue  # another person's full name, or a body's
                self._note(
                    bearer, _Mention(TextSpan(word.start(), word.start() + len(plain)), word.group(), "")
                )

    def _gather_bodies(self) -> None:
        known: dict[str, Entity] = {}
        for name in self._names:
            if name.kind == "person" or name.span.start in self._at:
                continue
            words = name.span.of(self.text).strip(" “”\"'‘’,.").removesuffix("'s").removesuffix("’s")
            words = _without_article(words)
            if not words or not words[0].isupper():
                continue
            body = known.get(words.lower())
            if body is None:
                entry = self.register.by_name(words)
                body = Entity(words, "body", entry=entry if entry and entry.kind == "body" else None)
                known[words.lower()] = body
                self.bodies.append(body)
            body.mentions.append(name.span)
            for offset in range(*name.span):
                self._at.setdefault(offset, body)

    def _note(self, person: Entity, mention: _Mention) -> None:
        person.mentions.append(mention.span)
        for offset in range(*mention.span):
            self._at.setdefault(offset, person)
        person.gender = person.gender or _title_gender(mention.title)

    def _entry(self, person: Entity) -> Entry | None:
        entry = self.register.by_name(person.name)
        if entry is None or entry.kind != "person":
            return None
        shared = entry.id != plain_name(entry.name).replace(" ", "-")
        if shared and not any(_share_word(o.affiliation, person.affiliation) for o in entry.offices):
            return None  # the register marks the name as one of several bearers'
        person.gender = entry.gender or person.gender
        return entry

    # --- what the article says of a person ---

    def _role_at(self, mention: TextSpan) -> tuple[str | None, str | None]:
        """Role and affiliation at one mention: ``Steve Smith, head of Care4Calais``."""
        behind = self.text[mention.end : mention.end + 160]
        if match := re.match(r"(?:\s[\w.]{2,4}\b)?(?:, | \(| is | was | – | - )(.*)", behind, re.DOTALL):
            start = mention.end + match.start(1)
            for chunk in self._chunks(start, most=2):
                first = chunk.of(self.text).split(" ")[0].lower()
                if first.endswith(("ed", "ing")) and first not in ROLE_MODIFIERS:
                    break  # Winifred Osei, called the new owner …
                if (found := self._split(chunk)) != (None, None):
                    return found
        for before in (self._premodifier(mention), self._apposed_before(mention)):
            if before is not None and (found := self._split(before)) != (None, None):
                return found
        if member := _MEMBER.match(self.text, mention.end):
            at = bisect_left(self._names, member.end(), key=lambda name: name.span.start)
            named = self._names[at] if at < len(self._names) else None
            if named is not None and named.kind == "body" and named.span.start == member.end():
                return None, _without_article(named.span.of(self.text))  # Kirsten Obuya of the Deck Guild
        return None, None

    def _apposed_before(self, mention: TextSpan) -> TextSpan | None:
        """The role that stands before a name and a comma: ``The council leader``, Amina Okafor."""
        before = self.text[max(0, mention.start - 100) : mention.start]
        match = re.search(r"(?:^|[.,;:“”\"\n]\s?)([^.,;:“”\"\n]{3,70}), (?:\w+\.? )?$", before)
        if match is None or not re.match(
            r"\s*(?:the|a|an|its|his|her|their|another|one)\b", match.group(1), re.IGNORECASE
        ):
            return None
        offset = mention.start - len(before)
        return TextSpan(offset + match.start(1), offset + match.end(1))

    def _chunks(self, start: int, *, most: int) -> Iterator[TextSpan]:
        """The phrases between commas from an offset on, to the end of the apposition."""
        for _ in range(most):
            end = _CLAUSE_END.search(self.text, start, start + 140)
            stop = end.start() if end else min(start + 140, len(self.text))
            full_stop = re.search(r"[.!?]\s", self.text[start:stop])
            yield TextSpan(start, start + full_stop.start() if full_stop else stop)
            if end is None or end.group() != ",":
                return
            start = end.end() + 1

    def _premodifier(self, mention: TextSpan) -> TextSpan | None:
        """The words of office right before a name: ``Reform UK leader`` Nigel Farage."""
        words = list(_WORD.finditer(self.text, max(0, mention.start - 90), mention.start))
        start = mention.start
        for word in reversed(words):
            gap = self.text[word.end() : start]
            lower = word.group().lower().rstrip(".")
            fits = (
                word.group()[0].isupper()
                or lower in ROLE_NOUNS | ROLE_MODIFIERS
                or gap.startswith(("'s", "’s"))
            )
            if (
                gap.strip() not in ("", "-", "'s", "’s", "'", "’")
                or "\n" in gap
                or not fits
                or lower in NOT_IN_NAMES
            ):
                break
            start = word.start()
        return TextSpan(start, mention.start) if start < mention.start else None

    def _split(self, phrase: TextSpan) -> tuple[str | None, str | None]:
        """A phrase of office and the body inside it: ``Reform UK leader`` → ``leader``, ``Reform UK``."""
        words = list(_WORD.finditer(self.text, phrase.start, phrase.end))
        of = next((i for i, w in enumerate(words) if w.group().lower() in _LINKS), len(words))
        nouns = [i for i, w in enumerate(words[:of]) if w.group().lower() in ROLE_NOUNS]
        if not nouns:
            return None, None
        noun = nouns[-1]
        first = 0
        while first < noun and words[first].group().lower() in _DETERMINERS:
            first += 1
        leading = [n for n in self._inside(phrase) if n.end <= words[noun].start()]
        trailing = [n for n in self._inside(phrase) if n.start > words[noun].end()]
        start = words[first].start()
        affiliation = None
        if leading:
            start = next((w.start() for w in words if w.start() >= leading[-1].end), words[noun].start())
            affiliation = self.text[min(leading[0].start, words[first].start()) : leading[-1].end]
            if any(w.group()[0].islower() for w in words if w.start() < leading[-1].start):
                affiliation = leading[-1].of(self.text)
        elif trailing and of < len(words):
            affiliation = trailing[0].of(self.text)
        elif of < len(words):
            named = _BODY.match(self.text, words[of].end() + 1, phrase.end)
            affiliation = named.group(1) if named else None
        role = self.text[start : words[noun].end()].strip(" '’")
        role = re.sub(r"^(?:s|[a-z]\w*[’']s) ", "", role)  # the council's leader: of a body named elsewhere
        return role or None, _without_article(
            affiliation.removesuffix("'s").removesuffix("’s")
        ) if affiliation else None

    def _inside(self, phrase: TextSpan) -> list[TextSpan]:
        first = bisect_left(self._names, phrase.start, key=lambda name: name.span.start)
        last = bisect_left(self._names, phrase.end, key=lambda name: name.span.start)
        return [n.span for n in self._names[first:last] if n.kind != "person" and phrase.holds(n.span)]


_BODY = re.compile(rf"(?:the )?({_CAPITAL}(?:(?: of| and| for| &)? {_CAPITAL})*)")
_MEMBER = re.compile(r" (?:of|from|at) (?:the )?")
_LINKS = {"of", "at", "for", "with", "in", "from", "on", "to", "and"}
_DETERMINERS = {"the", "a", "an", "his", "her", "their", "its", "s"}


# --- whole names ---------------------------------------------------------------------------------------


def _whole(text: str, names: Sequence[Name]) -> list[Name]:
    """Names made whole, where some words were not seen: Falk[-Moreau], Pellan [Skippers’ Association].

    A name goes on over hyphens and capitalised words, unless these are titles, roles or days. What ends in
    “Association” or “Council” is a body.
    """
    found: list[Name] = []
    for name in sorted(names, key=lambda n: n.span):
        start, end = name.span
        if found and start < found[-1].span.end:
            continue
        while (before := _WORD_BEFORE.search(text, max(0, start - 40), start)) and _goes_with(
            before.group(1)
        ):
            if before.group(2) == " " and (name.kind != "person" or begins_sentence(text, before.start(1))):
                break
            start = before.start(1)
        while (after := _WORD_AFTER.match(text, end)) and _goes_with(after.group(2)):
            if name.kind == "person" and after.group(1) not in ("-", " "):
                break
            end = after.end()
        last = re.split(r"\W+", text[start:end].removesuffix("'s").removesuffix("’s"))[-1].lower()
        kind = "body" if last in BODY_NOUNS - ROLE_NOUNS and " " in text[start:end] else name.kind
        found.append(Name(TextSpan(start, end), kind))
    return found


_WORD_BEFORE = re.compile(rf"(?<![\w’'])({_CAPITAL})( |-)$")
_WORD_AFTER = re.compile(rf"([’'] | |-)({_CAPITAL})(?![\w])")


def _goes_with(word: str) -> bool:
    return word.lower().rstrip(".") not in TITLES | ROLE_NOUNS | NOT_IN_NAMES | SUFFIXES


def begins_sentence(text: str, at: int) -> bool:
    """Whether the word at an offset is the first of its sentence or of what is in marks."""
    return text[max(0, at - 20) : at].rstrip()[-1:] in ("", ".", "?", "!", "\n", "“", "”", '"')


# --- mentions of people ----------------------------------------------------------------------------------


def _people(page: Page, names: Sequence[Name]) -> list[_Mention]:
    """The names of people: those seen as such, and what stands behind a title, in reading order."""
    text = page.text
    found: dict[int, _Mention] = {}
    for match in _TITLED.finditer(text):
        mention = _proper(text, TextSpan(*match.span(2)))
        if mention is not None:
            found[mention.span.start] = mention
    for name in names:
        if name.kind == "person" and (mention := _proper(text, name.span)) is not None:
            found[mention.span.start] = mention
    kept: list[_Mention] = []
    for mention in sorted(found.values(), key=lambda m: m.span):
        if not kept or not kept[-1].span.overlaps(mention.span):
            kept.append(mention)
    surnames = {
        plain_name(m.name).split()[-1]
        for m in kept
        if " " in m.name and m.name.split()[0].lower() in given_names()
    }
    kept = [_without_false_given_name(text, m, surnames) for m in kept]
    return sorted({m.span: m for m in (*_introductions(text, kept), *kept)}.values(), key=lambda m: m.span)


def _introductions(text: str, mentions: Sequence[_Mention]) -> Iterator[_Mention]:
    """Where those who are named by their surname alone are named in full: ``Emeka`` Rosenthal."""
    covered = {i for m in mentions if " " in m.name for i in range(*m.span)}
    surnames = {m.name for m in mentions if " " not in m.name}
    in_small = set(re.findall(r"\b[a-zß-ÿ][\w’'-]*", text))
    for match in re.finditer(rf"\b({_CAPITAL}) (?=({_CAPITAL}))", text):
        given, surname = match.group(1).lower(), match.group(2).removesuffix("'s").removesuffix("’s")
        if surname not in surnames or given in _NO_GIVEN_NAMES or len(given) < 3 or match.start() in covered:
            continue
        # A sentence's first word is a name if it can be nothing else.
        only_a_name = not given.endswith(("ing", "ed", "ly", "s")) and given not in in_small
        if given in given_names() or only_a_name or not begins_sentence(text, match.start()):
            span = TextSpan(match.start(), match.start(2) + len(surname))
            yield _Mention(span, span.of(text), "")


_NO_GIVEN_NAMES = TITLES | ROLE_NOUNS | NOT_IN_NAMES


def _proper(text: str, span: TextSpan) -> _Mention | None:
    """A name without titles, roles and suffixes: ``Dr Moss MP`` → ``Moss``, title ``dr``."""
    words = list(re.finditer(r"[^\s,()\[\]“”\"]+", text[span.start : span.end]))
    while words and words[-1].group().lower().rstrip(".'’s").rstrip(".") in SUFFIXES:
        words.pop()
    title = ""
    while words and words[0].group().lower().rstrip(".") in TITLES | ROLE_NOUNS | {"the"}:
        title = words.pop(0).group().lower().rstrip(".")
    given = next((i for i, w in enumerate(words[:-1]) if w.group().lower() in given_names()), 0)
    if words and words[0].group().lower() not in given_names():
        words = words[given:]  # “Browns DL Sheldon Richardson”: what stands before a given name is not of it
    words = words[:5]
    if not words:
        return None
    start, end = span.start + words[0].start(), span.start + words[-1].end()
    name = text[start:end].removesuffix("'s").removesuffix("’s").strip("'’‘.,")
    if (
        len(name) < 2
        or not name[0].isupper()
        or any(c.isdigit() for c in name)
        or name.lower() in NOT_IN_NAMES
    ):
        return None
    if before := re.search(r"(\w+)\.?\s$", text[max(0, start - 20) : start]):
        title = before.group(1).lower() if before.group(1).lower() in TITLES else title
    return _Mention(TextSpan(start, start + len(name)), name, title)


def _without_false_given_name(text: str, mention: _Mention, known: set[str]) -> _Mention:
    """``Hosting Cook at its event, …``: a sentence's first word is no given name of a known surname."""
    words = mention.name.split()
    if len(words) != 2 or words[0].lower() in given_names() or plain_name(words[1]) not in known:
        return mention
    if not begins_sentence(text, mention.span.start):
        return mention
    return _Mention(TextSpan(mention.span.end - len(words[1]), mention.span.end), words[1], "")


def _without_article(name: str) -> str:
    return name[4:] if name.lower().startswith("the ") else name


def _same_person(words: Sequence[str], other: Sequence[str]) -> bool:
    if len(words) < 2 or len(other) < 2:
        return list(words) == list(other)
    a, b = words[0], other[0]
    short, long = sorted((a, b), key=len)
    return words[-1] == other[-1] and (long.startswith(short) if len(short) != 2 else a == b)


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
