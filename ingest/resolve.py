"""Which person or body the words of a source mean.

A name is the entity of the article that bears it; a role is the one entity that the article, or the register
on the article's day, gives that role; a pronoun is the most salient person of its gender; a spokesperson is
the body spoken for. Where two candidates remain the quote keeps its mention and gets no name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from ingest.entities import Cast, Entity
from ingest.lexicon import (
    BODY_NOUNS,
    FEMALE_PRONOUNS,
    MALE_PRONOUNS,
    PLURAL_PRONOUNS,
    ROLE_NOUNS,
    SPOKES_NOUNS,
    SUFFIXES,
    TITLES,
)
from ingest.marks import Page
from ingest.records import Article, Attribution, Quote, Speaker, TextSpan
from ingest.register import Entry, Register, plain_name

_SUBJECT, _SOURCE, _EMBEDDED, _OTHER, _IN_MARKS = 1.0, 1.4, 0.75, 0.45, 0.1
_UNSEXED = 0.4  # a name that may be a place's or a body's
_FADE = 0.6
_HABIT = 0.2
_MARGIN = 1.1


def resolve(page: Page, article: Article, attributions: Sequence[Attribution], register: Register) -> list[Quote]:
    """A quote for each attribution, in order: source ``he``, after ``Mr Blair hailed …`` → Tony Blair."""
    cast = Cast(page, register, published=article.published)
    reader = _Reader(page, cast, article)
    meanings = reader.read([a.source for a in attributions if a.source])
    return [
        Quote(attribution, meanings.get(attribution.source) if attribution.source else None)
        for attribution in attributions
    ]


@dataclass(slots=True)
class _Salience:
    """How present an entity is to the reader at some point of the text."""

    weight: float = 0.0
    sentence: int = 0

    def at(self, sentence: int) -> float:
        return self.weight * _FADE ** (sentence - self.sentence)


class _Reader:
    """Reads an article once from its start, keeping who is in the reader's mind."""

    def __init__(self, page: Page, cast: Cast, article: Article) -> None:
        self.page = page
        self.cast = cast
        self.article = article
        self.token_at = {token.idx: token for token in page.doc}
        self.salience: dict[int, _Salience] = {}
        self.entities: dict[int, Entity] = {}
        self.pronouns: dict[int, Entity] = {}

    def read(self, sources: Sequence[TextSpan]) -> dict[TextSpan, Speaker]:
        """What each source means. Pronouns between the sources keep their persons in mind too."""
        wanted = {source.start: source for source in sorted(set(sources), reverse=True)}
        starts = {m.start: e for e in (*self.cast.people, *self.cast.bodies) for m in e.mentions}
        source_words = {i for s in sources for i in range(s.start, s.end)}
        found: dict[TextSpan, Speaker] = {}
        sentence = 0
        for token in self.page.doc:
            marked = self.page.run_at[token.i] is not None
            if token.is_sent_start and not marked:
                sentence += 1  # a long speech does not make the reader forget its speaker
            if (source := wanted.get(token.idx)) is not None and (speaker := self._meaning(source, sentence)):
                found[source] = speaker
            if (entity := starts.get(token.idx)) is not None:
                weight = _IN_MARKS if marked else _SOURCE if token.idx in source_words else _weight(token)
                if entity.kind == "person" and (" " in entity.name or entity.gender):
                    self._mention(entity, weight, sentence)
            elif not marked and token.lower_ in ("he", "she"):
                if token.idx not in wanted and (person := self._pronoun(token, sentence)):
                    self._mention(person, _SUBJECT, sentence)
        return found

    def _mention(self, entity: Entity, weight: float, sentence: int) -> None:
        self.entities[id(entity)] = entity
        now = self.salience.setdefault(id(entity), _Salience(0.0, sentence))
        before = now.at(sentence)
        self.salience[id(entity)] = _Salience(max(before, weight) + _HABIT * min(before, weight), sentence)

    # --- the kinds of mention ---

    def _meaning(self, source: TextSpan, sentence: int) -> Speaker | None:
        head = self._head(source)
        if head is None:
            return None
        if head.tag_ in ("WP", "WDT") or head.lower_ in ("who", "which"):
            return self._relative(head, sentence)
        if head.lower_ in MALE_PRONOUNS | FEMALE_PRONOUNS:
            person = self._pronoun(head, sentence)
            if person is not None:
                self._mention(person, _SOURCE, sentence)
            return self._speaker(person) if person else None
        if head.lower_ in PLURAL_PRONOUNS or head.pos_ == "PRON":
            return None
        return self._joint(source, head) or self._named(source, head) or self._by_role(source, head, sentence)

    def _head(self, source: TextSpan) -> Token | None:
        span = self.page.doc.char_span(source.start, source.end, alignment_mode="expand")
        return span.root if span is not None and len(span) else None

    def _relative(self, head: Token, sentence: int) -> Speaker | None:
        """Who “who” stands for: the noun that its clause describes."""
        for ancestor in head.ancestors:
            if ancestor.dep_ == "relcl":
                noun = ancestor.head
                return self._meaning(TextSpan(noun.idx, noun.idx + len(noun)), sentence)
        return None

    def _joint(self, source: TextSpan, head: Token) -> Speaker | None:
        """``X and Y said``: both, as a group of their own."""
        others = [c for c in head.conjuncts if source.start <= c.idx < source.end]
        if not others:
            return None
        members = [self.cast.starting_at(token.idx) for token in (head, *others)]
        if any(member is None for member in members):
            return None
        names = [member.name for member in members if member is not None]
        name = ", ".join(names[:-1]) + " and " + names[-1]
        return Speaker(_slug(name), name, "group")

    def _named(self, source: TextSpan, head: Token) -> Speaker | None:
        """A person or a body named at the head of the source, or the body a spokesperson speaks for."""
        apposed = [c for c in head.rights if c.dep_ == "appos" and c.idx < source.end]
        for token in (head, *(_before_suffix(t) for t in (head, *apposed)), *apposed):
            entity = self.cast.starting_at(token.idx)
            if entity is not None and entity.kind == "person":
                return self._speaker(entity)
        if head.lower_ in SPOKES_NOUNS or (head.lower_ in BODY_NOUNS and head.lower_ not in ROLE_NOUNS):
            body = self._body_inside(source)
            if body is not None:
                return self._speaker(body)
        entity = self.cast.starting_at(head.idx)
        if entity is not None and head.ent_type_ in ("ORG", "NORP", "GPE"):
            return self._speaker(entity)
        named = next((t for t in (head, *apposed) if t.pos_ == "PROPN" and t.text[0].isupper()), None)
        if named is not None:
            words = source.of(self.page.text) if named == head else _proper_phrase(named)
            name = re.sub(r"^(?:the|a|an)\s+", "", words, flags=re.IGNORECASE).removesuffix("'s").removesuffix("’s")
            if person := self.cast.person(name):
                return self._speaker(person)
            entry = self.cast.register.by_name(name)
            if entry is not None:
                return _from_entry(entry, self.article.published)
            if len(name.split()) > 1 and name.replace(" ", "").replace("-", "").isalpha():
                return Speaker(_slug(name), name, "unknown")
        return None

    def _body_inside(self, source: TextSpan) -> Entity | None:
        bodies = [b for b in self.cast.bodies if any(source.holds(m) for m in b.mentions)]
        return bodies[0] if bodies else None

    def _by_role(self, source: TextSpan, head: Token, sentence: int) -> Speaker | None:
        """``The Reform leader`` → the one person to whom the article, or the register, gives that role."""
        words = [w for w in re.findall(r"[\w’'-]+", source.of(self.page.text).lower()) if w not in _SMALL]
        if not words:
            return None
        role = head.lower_
        if role in ROLE_NOUNS | TITLES or role == "pm":
            found = [p for p in self.cast.people if _fits_role(p, words, role)]
            if len(found) == 1:
                return self._speaker(found[0])
            if entry := self._office(" ".join(words)):
                person = self.cast.person(entry.name)
                if person is not None or self.article.published is not None:
                    return self._speaker(person) if person else _from_entry(entry, self.article.published)
            if found:
                return self._speaker(self._most_salient(found, sentence))
        if role in BODY_NOUNS:
            body = self._body_inside(source)
            named = [b for b in self.cast.bodies if role in b.name.lower().split()]
            return self._speaker(body or (named[0] if len(named) == 1 else None))
        return None

    def _office(self, role: str) -> Entry | None:
        role = {"pm": "prime minister"}.get(role, role)
        if self.article.published is None:
            # Without a date an office is only that of somebody whom the article names and who has held it.
            held = [
                p.entry for p in self.cast.people if p.entry and any(o.title.lower() == role for o in p.entry.offices)
            ]
            return held[0] if len(held) == 1 else None
        for country in ("GB", None):
            if entry := self.cast.register.holder(role, on=self.article.published, country=country):
                return entry
        return None

    def _pronoun(self, pronoun: Token, sentence: int) -> Entity | None:
        gender = "female" if pronoun.lower_ in FEMALE_PRONOUNS else "male"
        others = self._objects_of_its_clause(pronoun)
        ranked = sorted(
            (
                (state.at(sentence) * (1 if person.gender else _UNSEXED), person)
                for key, state in self.salience.items()
                if (person := self.entities[key]).gender in (gender, None) and key not in others
            ),
            key=lambda pair: -pair[0],
        )
        if not ranked or ranked[0][0] < 0.02:
            return None
        if len(ranked) > 1 and ranked[0][0] < _MARGIN * ranked[1][0]:
            return None
        if ranked[0][1].gender is None:
            ranked[0][1].gender = gender  # type: ignore[assignment]
        return ranked[0][1]

    def _objects_of_its_clause(self, pronoun: Token) -> set[int]:
        """Whom a subject pronoun cannot mean: Taking aim at *Mr Farage*, he said …"""
        clauses = [
            c for c in pronoun.head.lefts if c.dep_ == "advcl" and c.tag_ in ("VBG", "VBN") and c.i < pronoun.i
        ]
        words = [t for clause in clauses for t in clause.subtree if t.dep_ in ("dobj", "pobj")]
        return {id(entity) for t in words if (entity := self.cast.starting_at(t.idx)) is not None}

    def _most_salient(self, people: Sequence[Entity], sentence: int) -> Entity | None:
        ranked = sorted(people, key=lambda p: -self.salience.get(id(p), _Salience()).at(sentence))
        return ranked[0] if ranked and id(ranked[0]) in self.salience else None

    def _speaker(self, entity: Entity | None) -> Speaker | None:
        if entity is None:
            return None
        if entity.entry is not None:
            known = _from_entry(entity.entry, self.article.published)
            return Speaker(
                known.id, known.name, known.kind, entity.role or known.role, entity.affiliation or known.affiliation
            )
        if entity.kind == "person" and " " not in entity.name:
            return Speaker(None, entity.name, "person", entity.role, entity.affiliation)
        return Speaker(_slug(entity.name), entity.name, entity.kind, entity.role, entity.affiliation)


_SMALL = {"the", "a", "an", "of", "for", "in", "at", "former", "'s", "’s", "s", "his", "her", "its", "their"}


def _proper_phrase(head: Token) -> str:
    """The unbroken proper nouns that end in a token: ``…, Guy Mansfield`` → ``Guy Mansfield``."""
    last = _before_suffix(head)
    first = last
    while first.i > 0 and first.nbor(-1).pos_ == "PROPN":
        first = first.nbor(-1)
    return head.doc[first.i : last.i + 1].text


def _before_suffix(token: Token) -> Token:
    """The last word of a name proper: ``James Kennedy Jr.`` → ``Kennedy``."""
    while token.lower_.rstrip(".") in SUFFIXES and token.i > 0:
        token = token.nbor(-1)
    return token


def _weight(token: Token) -> float:
    """How strongly a mention brings its entity to mind: a subject's name most."""
    head = token
    while head.dep_ in ("compound", "nmod", "flat") and head.head != head:
        head = head.head
    if head.dep_ not in ("nsubj", "nsubjpass"):
        return _OTHER
    return _SUBJECT if head.head.dep_ in ("ROOT", "conj") else _EMBEDDED


def _fits_role(person: Entity, words: Sequence[str], noun: str) -> bool:
    known = plain_name(" ".join(filter(None, (person.role, person.affiliation)))).split()
    if person.entry is not None:
        known += [w for o in person.entry.offices for w in plain_name(f"{o.title} {o.affiliation or ''}").split()]
    return noun in known and all(any(k.startswith(w[:5]) for k in known) for w in words)


def _from_entry(entry: Entry, on: str | None) -> Speaker:
    office = entry.office(on)
    kind = "person" if entry.kind == "person" else "body"
    return Speaker(
        entry.id, entry.name, kind, office.title if office else None, office.affiliation if office else None
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", plain_name(name)).strip("-")
