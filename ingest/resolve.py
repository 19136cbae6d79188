"""Which person or body the words of a source mean.

A name is the entity of the article that bears it; a role is the one entity that the article, or the register
on the article's day, gives that role; a pronoun is the most salient person of its gender; a spokesperson is
the body spoken for. Where two candidates remain the quote keeps its mention and gets no name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.entities import Cast, Entity, begins_sentence
from ingest.lexicon import (
    BODY_NOUNS,
    DOCUMENT_NOUNS,
    FEMALE_PRONOUNS,
    MALE_PRONOUNS,
    NOT_IN_NAMES,
    NOT_OF_ROLES,
    PRONOUNS,
    ROLE_NOUNS,
    SPOKES_NOUNS,
    TITLES,
)
from ingest.marks import Page
from ingest.names import Gender, given_names, plain_name, slug
from ingest.records import Article, Attribution, Name, Quote, Speaker, SpeakerKind, TextSpan
from ingest.register import Entry, Register

#: Spans that a pronoun or a role may stand for, each with its probability: the trained reader's opinion.
Antecedents = Callable[[TextSpan], Sequence[tuple[TextSpan, float]]]

_SOURCE, _SUBJECT, _OTHER, _IN_MARKS = 1.4, 1.0, 0.45, 0.1
_UNSEXED = 0.8  # a name that may be of the other sex, a place's or a body's
_FADE, _HABIT, _MARGIN = 0.6, 0.2, 1.1
_READER = 0.4  # what the trained reader says of a pronoun, beside who is in mind
_FAINTEST, _FORGOTTEN = 0.02, 0.001
_HEAD_END = re.compile(r",| [-–—] |\(|\b(?:who|which|of|for|at|from|in|on|with|to)\b")
_WORD = re.compile(r"[\w’'&.-]*\w")
_FULL_NAME = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w’'-]*(?: (?:[A-ZÀ-ÖØ-Þ][\w’'-]*|de|van|von|al|bin|la|du)){1,3}(?<=\w)"
)
_APPOSED = re.compile(r"[^,]*, (?:[A-Z]\w+\.? )?")
_VERB_BEHIND = re.compile(
    r"(?:, [^,.]{2,80},|,)?\s+(?:\w+ly\s|also\s|then\s|later\s|himself\s|herself\s)?"
    r"(?:is|was|are|were|has|had|have|will|would|can|could|may|might|must|should|did|does|said|told|\w+ed|\w+s|"
    r"went|came|made|took|gave|got|saw|knew|thought|spoke|wrote|led|held|won|lost|met|set|put|left|began)\b"
)
_GOVERNED = re.compile(
    r"\b(?:of|to|for|with|by|against|from|on|at|about|than|like|under|over|and|told|in)\s+(?:\w+\s){0,2}$"
)


def resolve(
    page: Page,
    article: Article,
    attributions: Sequence[Attribution],
    names: Sequence[Name],
    register: Register,
    antecedents: Antecedents = lambda source: (),
) -> list[Quote]:
    """A quote for each attribution, in order: source ``he``, after ``Mr Blair hailed …`` → Tony Blair."""
    sources = {a.source for a in attributions if a.source}
    cast = Cast(page, [*names, *_unseen(page, sources, names)], register, published=article.published)
    meanings = _Reader(page, cast, article, antecedents).read(sources)
    return [Quote(a, meanings.get(a.source) if a.source else None) for a in attributions]


def _unseen(page: Page, sources: set[TextSpan], names: Sequence[Name]) -> list[Name]:
    """People whom only their place in a source shows: ``Its chairman, Magnus Ó Dálaigh, said``."""
    covered = {i for name in names if name.kind != "place" for i in range(*name.span)}
    found = []
    for source in sources:
        for match in _FULL_NAME.finditer(page.text, *source):
            words = match.group().lower().split()
            known = TITLES | ROLE_NOUNS | BODY_NOUNS | DOCUMENT_NOUNS | NOT_IN_NAMES
            if begins_sentence(page.text, match.start()) and words[0] not in given_names():
                continue
            if match.start() not in covered and not known.intersection(words):
                found.append(Name(TextSpan(*match.span()), "person"))
    return found


@dataclass(frozen=True, slots=True)
class _Salience:
    """How present an entity is to the reader: a weight as of a sentence, fading with those that follow."""

    weight: float = 0.0
    sentence: int = 0

    def at(self, sentence: int) -> float:
        return self.weight * _FADE ** (sentence - self.sentence)


class _Reader:
    """Reads an article once from its start, keeping who is in the reader's mind."""

    def __init__(self, page: Page, cast: Cast, article: Article, antecedents: Antecedents) -> None:
        self.page = page
        self.text = page.text
        self.cast = cast
        self.article = article
        self.antecedents = antecedents
        self.salience: dict[Entity, _Salience] = {}
        self.speaking_bodies: set[str] = set()
        self.last_body: tuple[Speaker, int] | None = None

    def read(self, sources: set[TextSpan]) -> dict[TextSpan, Speaker]:
        """What each source means. Pronouns between the sources keep their persons in mind too."""
        inside = {i for source in sources for i in range(*source)}
        events: list[tuple[int, int, TextSpan, Entity | None]] = [
            (m.start, 1, m, person) for person in self.cast.people for m in person.mentions
        ]
        pronouns = (TextSpan(*m.span()) for m in re.finditer(r"\b(?:[Hh]e|[Ss]he)\b", self.text))
        events += [
            (p.start, 1, p, None) for p in pronouns if p not in sources and not self.page.in_marks(p.start)
        ]
        events += [(source.start, 0, source, None) for source in sources]
        found: dict[TextSpan, Speaker] = {}
        for at, order, span, entity in sorted(events, key=lambda event: event[:3]):
            sentence = self.page.sentence(at)
            if order == 0:
                if (speaker := self._meaning(span, sentence)) is not None:
                    found[span] = speaker
                    if speaker.kind == "body":
                        self.last_body = (speaker, sentence)
                        self.speaking_bodies.add(speaker.name)
            elif entity is not None:
                if " " in entity.name or entity.gender:
                    self._mention(entity, self._weight(span, at in inside), sentence)
            elif (person := self._pronoun(span, sentence)) is not None:
                self._mention(person, _SUBJECT, sentence)
        return found

    def _weight(self, mention: TextSpan, in_source: bool) -> float:
        """How strongly a mention brings its entity to mind: a speaker's most, then a subject's."""
        if self.page.in_marks(mention.start):
            return _IN_MARKS
        if in_source:
            return _SOURCE
        if self.text.startswith(("'s", "’s"), mention.end):
            return _OTHER
        governed = _GOVERNED.search(self.text, max(0, mention.start - 30), mention.start)
        return _SUBJECT if not governed and _VERB_BEHIND.match(self.text, mention.end) else _OTHER

    def _mention(self, entity: Entity, weight: float, sentence: int) -> None:
        before = self.salience.get(entity, _Salience(0.0, sentence)).at(sentence)
        self.salience[entity] = _Salience(max(before, weight) + _HABIT * min(before, weight), sentence)

    # --- the kinds of mention ---

    def _meaning(self, source: TextSpan, sentence: int) -> Speaker | None:
        words = source.of(self.text).lower().strip(" ,")
        if words in MALE_PRONOUNS | FEMALE_PRONOUNS:
            person = self._pronoun(source, sentence)
            if person is not None:
                self._mention(person, _SOURCE, sentence)
            return self._speaker(person)
        if words in ("who", "which", "that"):
            return self._relative(source)
        if words == "it":
            return self._last_body(sentence)
        if words in PRONOUNS:
            return None
        return self._named(source) or self._by_role(source, sentence)

    def _relative(self, source: TextSpan) -> Speaker | None:
        """Who “who” stands for: the name right before it, ``Sir Keir, who has vowed to …``"""
        near = self.cast.within(TextSpan(max(0, source.start - 80), source.start))
        near = [pair for pair in near if pair[1].kind == "person"] or near
        if not near or re.search(r"[.?!]\s", self.text[near[-1][0].end : source.start]):
            return None
        between = self.text[near[-1][0].end : source.start].strip(" ,")
        return self._speaker(near[-1][1]) if len(between.split()) <= 3 or "," not in between else None

    def _named(self, source: TextSpan) -> Speaker | None:
        """A person or a body that the source names, both of two, or the body a spokesperson speaks for."""
        head = self._head(source)
        noun = self._noun(head)
        if head.of(self.text).lower().startswith("the ") and self.cast.bears(noun.removesuffix("s")):
            return None  # the Doyles
        people = [
            (m, e)
            for m, e in self.cast.within(source)
            if e.kind == "person" and not self.text.startswith(("'s", "’s", "'", "’"), m.end)
        ]
        leading = [(m, e) for m, e in people if m.start < head.end]
        if leading:
            joint = [leading[0], *(pair for pair in people if self._joined(leading[0][0], pair[0]))]
            if len({e for _, e in joint}) > 1:
                return self._group([e for _, e in joint])
            if " and " in self.text[source.start : leading[-1][0].start]:
                return None  # both the PM and President Macron: one of two is a wrong name
            if leading[-1][0].end >= head.end - 6:  # Kennedy Jr., Mansfield QC
                return self._speaker(leading[-1][1])
        apposed = [(m, e) for m, e in people if _APPOSED.fullmatch(self.text, head.end, m.start)]
        if apposed:
            others = [pair for pair in people if self._joined(apposed[0][0], pair[0])]
            members = [e for _, e in (apposed[0], *others)]
            return self._group(members) if len(set(members)) > 1 else self._speaker(members[0])
        bodies = [(m, e) for m, e in self.cast.within(source) if e.kind == "body"]
        if noun in SPOKES_NOUNS | DOCUMENT_NOUNS or noun in BODY_NOUNS - ROLE_NOUNS:
            if bodies:
                return self._speaker(bodies[0][1])
            return self._unknown(self._spoken_for(source) if noun in SPOKES_NOUNS else head)
        if noun in ROLE_NOUNS:
            return None
        if bodies and bodies[0][0].end >= head.end - 3 and bodies[0][0].start - head.start <= 12:
            return self._speaker(bodies[0][1])
        return self._unknown(head)

    def _unknown(self, head: TextSpan) -> Speaker | None:
        """A name that nothing else has seen as one: capitalised words, two or more."""
        words = head.of(self.text).split()
        while words and words[0].lower().rstrip(".") in TITLES | {"the"}:
            words = words[1:]
        if person := self.cast.person(" ".join(words)):
            return self._speaker(person)
        if entry := self.cast.register.by_name(" ".join(words)):
            return _from_entry(entry, self.article.published)
        named = 1 < len(words) < 5 and all(w[0].isupper() and w.replace("-", "").isalpha() for w in words)
        if not named or words[-1].lower() in ROLE_NOUNS:
            return None
        kind: SpeakerKind = "body" if words[-1].lower() in BODY_NOUNS else "unknown"
        return Speaker(slug(" ".join(words)), " ".join(words), kind)

    def _spoken_for(self, source: TextSpan) -> TextSpan:
        """For whom a spokesperson speaks: a spokeswoman for ``Calverwell Water``."""
        match = re.search(r"\b(?:for|of|at|from) (?:the )?(.+)$", source.of(self.text))
        return TextSpan(source.start + match.start(1), source.end) if match else self._head(source)

    def _head(self, source: TextSpan) -> TextSpan:
        """The words of a source up to its first modifier: ``The head`` of the union, who …"""
        cut = _HEAD_END.search(self.text, source.start + 1, source.end)
        end = cut.start() if cut else source.end
        words = self.text[source.start : end].rstrip(" ,.'’")
        return TextSpan(source.start, source.start + len(words))

    def _noun(self, head: TextSpan) -> str:
        words = _WORD.findall(head.of(self.text).lower())
        return words[-1] if words else ""

    def _joined(self, first: TextSpan, other: TextSpan) -> bool:
        """Whether only “and”, commas, roles and other names stand between two names."""
        between = self.text[first.end : other.start]
        return other.start > first.start and " and " in between + " " and len(between) < 120

    def _group(self, members: Sequence[Entity]) -> Speaker:
        names = list(dict.fromkeys(member.name for member in members))
        name = ", ".join(names[:-1]) + " and " + names[-1]
        return Speaker(slug(name), name, "group")

    def _by_role(self, source: TextSpan, sentence: int) -> Speaker | None:
        """``The Reform leader`` → the one person to whom the article, or the register, gives that role."""
        whole = source.of(self.text).lower()
        words = [w.removesuffix("'s").removesuffix("’s") for w in _WORD.findall(whole)]
        words = [w for w in words if w not in NOT_OF_ROLES]
        noun = self._noun(self._head(source))
        if not words or whole.startswith(("a ", "an ", "one ", "another ", "some ")):
            return None
        if noun in ROLE_NOUNS | TITLES or noun == "pm":
            found = [p for p in self.cast.people if _fits_role(p, words, noun)]
            if len(found) == 1:
                return self._speaker(found[0])
            if entry := self._office(" ".join(words)):
                person = self.cast.person(entry.name)
                if person is not None or self.article.published is not None:
                    return self._speaker(person) if person else _from_entry(entry, self.article.published)
            return self._speaker(self._likeliest(found, sentence))
        if noun in BODY_NOUNS:
            named = [b for b in self.cast.bodies if noun in b.name.lower().split()]
            if len(named) == 1:
                return self._speaker(named[0])
            return self._last_body(sentence, most=6) if len(self.speaking_bodies) == 1 else None
        return None

    def _last_body(self, sentence: int, *, most: int = 3) -> Speaker | None:
        """The body that spoke last, if that was a few sentences ago: ``It said …``"""
        if self.last_body is None or sentence - self.last_body[1] > most:
            return None
        return self.last_body[0]

    def _office(self, role: str) -> Entry | None:
        role = {"pm": "prime minister"}.get(role, role)
        if led := self._leader(role):
            return led
        if self.article.published is None:
            # Without a date an office is only that of somebody whom the article names and who has held it.
            entries = [p.entry for p in self.cast.people if p.entry]
            held = [e for e in entries if any(o.title.lower() == role for o in e.offices)]
            return held[0] if len(held) == 1 else None
        for country in ("GB", None):
            if entry := self.cast.register.holder(role, on=self.article.published, country=country):
                return entry
        return None

    def _leader(self, role: str) -> Entry | None:
        """Who leads a body: ``reform leader`` → the holder of the office “leader” at Reform UK."""
        body, _, office = role.rpartition(" ")
        if not body or office not in ("leader", "president", "chief", "boss"):
            return None
        entry = self.cast.register.by_name(body)
        name = entry.name if entry else body
        found = [
            e
            for e in self.cast.register.entries
            for o in e.offices
            if o.title == office and o.held(self.article.published) and _names_body(o.affiliation, name)
        ]
        return found[0] if len(found) == 1 else None

    def _likeliest(self, people: Sequence[Entity], sentence: int) -> Entity | None:
        """Of several whom a role fits, the one last in mind."""
        ranked = sorted(people, key=lambda p: -self.salience.get(p, _Salience()).at(sentence))
        return ranked[0] if ranked and ranked[0] in self.salience else None

    def _pronoun(self, pronoun: TextSpan, sentence: int) -> Entity | None:
        gender: Gender = "female" if pronoun.of(self.text).lower() in FEMALE_PRONOUNS else "male"
        excluded = self._objects_of_its_clause(pronoun)
        self.salience = {e: s for e, s in self.salience.items() if s.at(sentence) > _FORGOTTEN}
        scores = {
            person: state.at(sentence) * self._likeness(person)
            for person, state in self.salience.items()
            if person.gender in (gender, None) and person not in excluded
        }
        total = sum(scores.values()) or 1.0
        scores = {person: score / total for person, score in scores.items() if score > _FAINTEST}
        for span, probability in self.antecedents(pronoun):
            person = self.cast.at(span.end - 1) or self.cast.at(span.start)
            if person is None or person.kind != "person" or person in excluded:
                continue
            if person.gender in (gender, None):
                scores[person] = scores.get(person, 0.0) + _READER * probability
        ranked = sorted(((score, person) for person, score in scores.items()), key=lambda pair: -pair[0])
        if not ranked or (len(ranked) > 1 and ranked[0][0] < _MARGIN * ranked[1][0]):
            return None
        best = ranked[0][1]
        best.gender = best.gender or gender
        return best

    def _likeness(self, entity: Entity) -> float:
        """How likely an entity is a person of the right sex: a full name more than a single word."""
        return 1.0 if entity.gender else _UNSEXED if " " in entity.name else _UNSEXED / 2

    def _objects_of_its_clause(self, pronoun: TextSpan) -> set[Entity]:
        """Whom a subject pronoun cannot mean: Taking aim at *Mr Farage*, he said …"""
        fronted = re.search(
            r"(?:^|[.?!”\"\n]\s*)(\w+ing\b[^.?!“”\"\n]*), $",
            self.text[max(0, pronoun.start - 200) : pronoun.start],
        )
        if fronted is None:
            return set()
        start = max(0, pronoun.start - 200) + fronted.start(1)
        return {entity for _, entity in self.cast.within(TextSpan(start, pronoun.start))}

    def _speaker(self, entity: Entity | None) -> Speaker | None:
        if entity is None:
            return None
        role, affiliation = entity.role, entity.affiliation
        if entity.entry is not None:
            known = _from_entry(entity.entry, self.article.published)
            return Speaker(
                known.id, known.name, known.kind, role or known.role, affiliation or known.affiliation
            )
        if entity.kind == "person" and " " not in entity.name:
            return Speaker(None, entity.name, "person", role, affiliation)
        # A name that nothing shows to be a person's may be a body's that was taken for one.
        sure = entity.kind == "body" or entity.gender or role
        return Speaker(slug(entity.name), entity.name, entity.kind if sure else "unknown", role, affiliation)


def _names_body(full: str | None, short: str) -> bool:
    """Whether a short name is that of a body: ``reform`` of ``Reform UK``."""
    return full is not None and plain_name(full).split()[: len(short.split())] == plain_name(short).split()


def _fits_role(person: Entity, words: Sequence[str], noun: str) -> bool:
    known = plain_name(" ".join(filter(None, (person.role, person.affiliation)))).split()
    if person.entry is not None:
        known += [
            w for o in person.entry.offices for w in plain_name(f"{o.title} {o.affiliation or ''}").split()
        ]
    return noun in known and all(any(k.startswith(w[:5]) for k in known) for w in words)


def _from_entry(entry: Entry, on: str | None) -> Speaker:
    office = entry.office(on)
    kind: SpeakerKind = "person" if entry.kind == "person" else "body"
    return Speaker(
        entry.id, entry.name, kind, office.title if office else None, office.affiliation if office else None
    )
