"""The people and bodies that an article names: every mention of a name, gathered into one entity.

``Sir Keir Starmer … Sir Keir … Mr Starmer`` is one person with the fullest of these names, the gender that
titles and given names tell, and the role and affiliation that the article gives in apposition, before the
name or with “is”. Two people of one surname are kept apart, and their bare surname then means neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

from spacy.tokens import Span, Token

from ingest.lexicon import FEMALE_TITLES, MALE_TITLES, ROLE_NOUNS, SUFFIXES, TITLES
from ingest.marks import Page
from ingest.records import TextSpan
from ingest.register import Entry, Register, plain_name

Gender = Literal["female", "male"]
_GIVEN_NAME_TITLES = {"sir", "dame", "lady", "lord", "prince", "princess", "sister", "father"}
_NOT_NAMES = {"i", "the", "a", "an", "he", "she", "it", "they", "we", "but", "and", "read", "image"}


@dataclass(slots=True)
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
    span: TextSpan
    name: str
    title: str
    first: Token
    last: Token


class Cast:
    """The entities of one article, findable by what stands at an offset and by name."""

    def __init__(self, page: Page, register: Register, *, published: str | None) -> None:
        self.page = page
        self.register = register
        self.published = published
        self.people: list[Entity] = []
        self.bodies: list[Entity] = []
        self._at: dict[int, Entity] = {}
        mentions = sorted(_person_mentions(page), key=lambda m: m.span)
        self._gather_people(mentions)
        self._gather_bodies()

    def at(self, span: TextSpan) -> Entity | None:
        """The entity whose mention covers the first character of a span, or lies first inside it."""
        return next((self._at[i] for i in range(span.start, span.end) if i in self._at), None)

    def starting_at(self, offset: int) -> Entity | None:
        """The entity one of whose mentions covers an offset."""
        return self._at.get(offset)

    def person(self, name: str) -> Entity | None:
        """The one person that a name can mean here: by all of it, else by surname, else by given name."""
        words = plain_name(name).split()
        if not words:
            return None
        for fits in (_same_person, _same_surname, _same_given):
            found = [p for p in self.people if fits(words, plain_name(p.name).split())]
            if len(found) == 1:
                return found[0]
            if found:
                return None
        return None

    def _gather_people(self, mentions: Sequence[_Mention]) -> None:
        full = [m for m in mentions if " " in m.name]
        known = {plain_name(m.name).split()[-1] for m in full if m.first.lower_ in _given_names()}
        full, mentions = _without_false_given_names(full, mentions, known)
        for mention in full:
            words = plain_name(mention.name).split()
            person = next(
                (p for p in self.people if _same_person(words, plain_name(p.name).split())), None
            )
            if person is None:
                person = Entity(mention.name, "person")
                self.people.append(person)
            elif len(mention.name) > len(person.name) and len(words) <= 4:
                person.name = mention.name
            self._note(person, mention)
        for person in self.people:
            person.gender = person.gender or _given_gender(person)
        for mention in (m for m in mentions if " " not in m.name):
            person = self._bearer(mention)
            if person is not None:
                self._note(person, mention)
        self._gather_surnames()
        for person in self.people:
            person.mentions.sort()
            person.entry = self._entry(person)

    def _bearer(self, mention: _Mention) -> Entity | None:
        words = plain_name(mention.name).split()
        if not words:
            return None
        by_surname = [p for p in self.people if _same_surname(words, plain_name(p.name).split())]
        by_given = [p for p in self.people if _same_given(words, plain_name(p.name).split())]
        knightly = mention.title in _GIVEN_NAME_TITLES
        candidates = (by_given or by_surname) if knightly else (by_surname or by_given)
        if len(candidates) > 1:
            gender = _title_gender(mention.title)
            candidates = [p for p in candidates if gender and p.gender == gender]
        if len(candidates) == 1:
            return candidates[0]
        if by_surname or by_given:
            return None  # two bear the name: not guessed
        alias = f"{mention.title} {mention.name}".strip()
        entry = self.register.by_name(alias) or self.register.by_surname(mention.name, on=self.published)
        person = Entity(entry.name if entry and entry.kind == "person" else mention.name, "person")
        self.people.append(person)
        return person

    def _gather_surnames(self) -> None:
        """The surnames that the entity model missed: capitalised words that are some person's surname."""
        bearers: dict[str, Entity | None] = {}
        for person in self.people:
            if " " in person.name and person.gender:
                bearers[person.surname] = None if person.surname in bearers else person
        for token in self.page.doc:
            bearer = bearers.get(token.lower_)
            if bearer is None or not token.text[0].isupper() or token.idx in self._at:
                continue
            if token.pos_ == "PROPN" and self.page.paragraph_at[token.i] is not None:
                self._note(bearer, _Mention(TextSpan(token.idx, token.idx + len(token)), token.text, "", token, token))

    def _note(self, person: Entity, mention: _Mention) -> None:
        person.mentions.append(mention.span)
        for offset in range(*mention.span):
            self._at.setdefault(offset, person)
        person.gender = person.gender or _title_gender(mention.title)
        if person.role is None:
            person.role, person.affiliation = _role_of(mention)

    def _entry(self, person: Entity) -> Entry | None:
        entry = self.register.by_name(person.name)
        if entry is None or entry.kind != "person":
            return None
        shared = entry.id != plain_name(entry.name).replace(" ", "-")
        if shared and not any(_share_word(o.affiliation, person.affiliation) for o in entry.offices):
            return None  # the register marks the name as one of several bearers'
        person.gender = entry.gender or person.gender  # type: ignore[assignment]
        return entry

    def _gather_bodies(self) -> None:
        for ent in self.page.doc.ents:
            if ent.label_ not in ("ORG", "NORP", "GPE") or ent.start_char in self._at:
                continue
            name = ent.text.strip(" “”\"'‘’,.").removesuffix("'s").removesuffix("’s")
            if name.lower().startswith("the "):
                name = name[4:]
            if not name or not name[0].isupper() or self.page.paragraph_at[ent.start] is None or "\n" in name:
                continue
            body = next((b for b in self.bodies if b.name.lower() == name.lower()), None)
            if body is None:
                body = Entity(name, "body", entry=self._body_entry(name))
                self.bodies.append(body)
            span = TextSpan(ent.start_char, ent.start_char + len(ent.text))
            body.mentions.append(span)
            for offset in range(*span):
                self._at.setdefault(offset, body)

    def _body_entry(self, name: str) -> Entry | None:
        entry = self.register.by_name(name)
        return entry if entry is not None and entry.kind == "body" else None


# --- mentions of people ----------------------------------------------------------------------------


def _person_mentions(page: Page) -> Iterator[_Mention]:
    taken: set[int] = set()
    for span in _candidate_spans(page):
        tokens, title = _name_proper(_with_hyphens(span))
        if not tokens or taken & {t.i for t in tokens} or page.paragraph_at[tokens[0].i] is None:
            continue
        words = span.doc[tokens[0].i : tokens[-1].i + 1].text
        name = words.removesuffix("'s").removesuffix("’s").strip("“”\"‘’', ")
        if not name or not name[0].isupper() or name.lower() in _NOT_NAMES or any(c.isdigit() for c in name):
            continue
        if any(t.pos_ == "PROPN" or t.ent_type_ == "PERSON" for t in tokens):
            taken |= {t.i for t in tokens}
            start = tokens[0].idx
            yield _Mention(TextSpan(start, start + len(words)), name, title, tokens[0], tokens[-1])


def _without_false_given_names(
    full: Sequence[_Mention], mentions: Sequence[_Mention], known: set[str]
) -> tuple[list[_Mention], list[_Mention]]:
    """``Hosting Cook at its event, …``: a sentence's first word is no given name of a surname known already."""
    swap: dict[TextSpan, _Mention] = {}
    for m in full:
        false = m.first.is_sent_start and m.first.lower_ not in _given_names() and m.last.lower_ in known
        if false and m.last.i == m.first.i + 1:
            span = TextSpan(m.last.idx, m.span.end)
            swap[m.span] = _Mention(span, m.last.text, "", m.last, m.last)
    return [m for m in full if m.span not in swap], [swap.get(m.span, m) for m in mentions]


def _with_hyphens(span: Span) -> Span:
    """A span with the rest of a double-barrelled name that the entity model cut off: Ocasio[-Cortez]."""
    end = span.end
    doc = span.doc
    while end + 1 < len(doc) and doc[end].text == "-" and not doc[end - 1].whitespace_ and not doc[end].whitespace_:
        end += 2
    if doc[end - 1].text == "-" and end < len(doc) and not doc[end - 1].whitespace_:
        end += 1
    return doc[span.start : end]


def _name_proper(span: Span) -> tuple[list[Token], str]:
    """The words of a name without titles, roles, suffixes and what else the entity model took along."""
    tokens = list(span)
    for i, token in enumerate(tokens):
        if token.is_space or (token.is_punct and (token.text != "-" or (i and tokens[i - 1].whitespace_))):
            if i:
                tokens = tokens[:i]
                break
    while tokens and tokens[0].is_punct:
        tokens = tokens[1:]
    title = ""
    while tokens and tokens[0].lower_.rstrip(".") in TITLES | ROLE_NOUNS | {"the"}:
        title = tokens[0].lower_.rstrip(".")
        tokens = tokens[1:]
    # “Browns DL Sheldon Richardson”, “Hosting Cook”: what stands before a given name is not of the name.
    given = next((i for i, t in enumerate(tokens[:-1]) if t.lower_ in _given_names()), 0)
    if tokens and tokens[0].lower_ not in _given_names():
        tokens = tokens[given:] if given else tokens
        if len(tokens) > 1 and tokens[0].tag_ in ("VBG", "VBD", "VBZ", "IN", "RB", "CC"):
            tokens = tokens[1:]
    if tokens and tokens[0].i > 0:
        previous = tokens[0].nbor(-1).lower_.rstrip(".")
        title = previous if previous in TITLES else title
    while tokens and tokens[-1].lower_.rstrip(".") in SUFFIXES | {"'s", "’s"}:
        tokens = tokens[:-1]
    return tokens[:6], title


def _candidate_spans(page: Page) -> Iterator[Span]:
    doc = page.doc
    # A title makes a name of the capitalised words behind it, whatever the entity model thinks.
    for token in doc:
        if token.lower_.rstrip(".") in TITLES and token.text[0].isupper() and token.i + 1 < len(doc):
            end = token.i + 1
            while end < len(doc) and end - token.i <= 4 and doc[end].text[0].isupper() and doc[end].is_alpha:
                if doc[end].pos_ not in ("PROPN", "NOUN", "ADJ"):
                    break
                end += 1
            if end > token.i + 1 and doc[token.i + 1].pos_ == "PROPN":
                yield doc[token.i : end]
    for ent in doc.ents:
        if ent.label_ == "PERSON" and "\n" not in ent.text.strip():
            yield ent
    # The model takes some people for bodies or places: a subject that a speech verb or an appositive role marks.
    for ent in doc.ents:
        if ent.label_ in ("ORG", "GPE", "NORP", "WORK_OF_ART", "PRODUCT", "FAC") and 1 < len(ent) <= 3:
            role = any(c.dep_ == "appos" and c.lower_ in ROLE_NOUNS for c in ent.root.children)
            if role and ent[0].lower_ in _given_names():
                yield ent


def _same_person(words: Sequence[str], other: Sequence[str]) -> bool:
    if len(words) < 2 or len(other) < 2:
        return list(words) == list(other)
    if words[-1] != other[-1]:
        return False
    a, b = words[0], other[0]
    return a == b or (min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a))) or (len(a) == 1 or len(b) == 1) and a[0] == b[0]


def _same_surname(words: Sequence[str], other: Sequence[str]) -> bool:
    return len(words) == 1 and words[0] == other[-1]


def _same_given(words: Sequence[str], other: Sequence[str]) -> bool:
    return len(words) == 1 and len(other) > 1 and words[0] == other[0]


def _share_word(a: str | None, b: str | None) -> bool:
    return bool(a and b and set(plain_name(a).split()) & set(plain_name(b).split()) - {"the", "of", "party"})


# --- what the article says of them -------------------------------------------------------------------


def _role_of(mention: _Mention) -> tuple[str | None, str | None]:
    """Role and affiliation at one mention: ``Steve Smith, chief executive of the charity Care4Calais``."""
    root = mention.last
    for child in root.children:
        if child.dep_ == "appos" and (child.lower_ in ROLE_NOUNS or _role_inside(child)):
            return _split_role(_phrase(child))
    if root.dep_ == "appos" and root.head.lower_ in ROLE_NOUNS and root.head.i < root.i:
        return _split_role([t for t in _phrase(root.head) if t.i < mention.first.i])
    before = [t for t in root.lefts if t.i < mention.first.i and t.dep_ in ("compound", "amod", "nmod", "poss")]
    if before and (noun := next((t for t in reversed(before) if t.lower_ in ROLE_NOUNS), None)) is not None:
        first = min(t.left_edge.i for t in before)
        return _split_role([t for t in root.doc[first : noun.i + 1]])
    verb = root.head
    if root.dep_ == "nsubj" and verb.lemma_ == "be":
        for child in verb.children:
            if child.dep_ == "attr" and child.lower_ in ROLE_NOUNS:
                return _split_role(_phrase(child))
    return None, None


def _role_inside(token: Token) -> bool:
    return any(child.lower_ in ROLE_NOUNS and child.dep_ in ("compound", "conj") for child in token.children)


def _phrase(head: Token) -> list[Token]:
    words = [head]
    for token in head.subtree:
        if token.i < head.i and token.left_edge.i >= head.left_edge.i:
            words.append(token)
    for token in head.doc[head.i + 1 : head.right_edge.i + 1]:
        if token.text in (",", "(", ";", "—", "–", "-", "who", "which", "“", '"') or token.dep_ in ("relcl", "acl"):
            break
        words.append(token)
    return sorted(set(words), key=lambda t: t.i)


def _split_role(tokens: Sequence[Token]) -> tuple[str | None, str | None]:
    """A role phrase and the body inside it: ``Reform UK leader`` → ``leader``, ``Reform UK``."""
    tokens = [t for t in tokens if not t.is_space]
    while tokens and (tokens[0].dep_ in ("det", "case", "cc") or tokens[0].lower_ in ("his", "her", "their", "its")):
        tokens = tokens[1:]
    noun = next((t for t in reversed(tokens) if t.lower_ in ROLE_NOUNS and t.dep_ != "pobj"), None)
    noun = noun or next((t for t in tokens if t.lower_ in ROLE_NOUNS), None)
    if noun is None:
        return None, None
    doc = noun.doc
    bodies = [ent for ent in doc[tokens[0].i : tokens[-1].i + 1].ents if ent.label_ in ("ORG", "NORP", "GPE", "PERSON")]
    leading = [ent for ent in bodies if ent.end <= noun.i]
    trailing = [ent for ent in bodies if ent.start > noun.i and ent.label_ != "PERSON"]
    start = leading[-1].end if leading else tokens[0].i
    if leading:
        first = leading[-1].start
        while first > tokens[0].i and doc[first - 1].pos_ == "PROPN" and doc[first - 1].whitespace_:
            first -= 1  # Reform, a body to the entity model, and UK, a place, are one
        leading = [doc[first : leading[-1].end]]
    while start < noun.i and doc[start].lower_ in ("'s", "’s", "-"):
        start += 1
    role = doc[start : noun.i + 1].text.strip()
    body = (leading[-1] if leading else trailing[0]).text if leading or trailing else _body_after(noun, tokens)
    if body is not None:
        body = body.removesuffix("'s").removesuffix("’s").strip()
        body = body[4:] if body.lower().startswith("the ") else body
    return role, body


def _body_after(noun: Token, tokens: Sequence[Token]) -> str | None:
    """The body behind “of”, “at” or “for” where the entity model saw none: ``director of Liberty``."""
    named = [t for t in tokens if t.i > noun.i and t.pos_ == "PROPN"]
    if not named:
        return None
    end = named[0].i + 1
    while end < len(noun.doc) and noun.doc[end].pos_ == "PROPN" and noun.doc[end - 1].whitespace_:
        end += 1
    return noun.doc[named[0].i : end].text


def _title_gender(title: str) -> Gender | None:
    if title in FEMALE_TITLES:
        return "female"
    return "male" if title in MALE_TITLES else None


def _given_gender(person: Entity) -> Gender | None:
    words = plain_name(person.name).split()
    return _given_names().get(words[0]) if len(words) > 1 else None


@cache
def _given_names() -> dict[str, Gender]:
    genders: dict[str, Gender] = {}
    text = resources.files("ingest").joinpath("given_names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        gender, _, names = line.partition(": ")
        if gender == "female" or gender == "male":
            genders.update((plain_name(name), gender) for name in names.split())
    return genders

