"""Which person or body the words of a source mean.

A name is the entity of the article that bears it; a role is the one entity that the article, or the register
on the article's day, gives that role; a pronoun is the most salient person of its gender; a spokesperson is
the body spoken for. Where two candidates remain the quote keeps its mention and gets no name.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from ingest.entities import Cast, Entity, is_common
from ingest.lexicon import (
    BODY_NOUNS,
    COUNTRY_CUES,
    DOCUMENT_NOUNS,
    FEMALE_NOUNS,
    FEMALE_PRONOUNS,
    MALE_NOUNS,
    MALE_PRONOUNS,
    NOT_IN_NAMES,
    PRONOUNS,
    ROLE_NOUNS,
    SPOKES_NOUNS,
    SUFFIXES,
    TITLES,
    word_set,
)
from ingest.marks import Page
from ingest.mentions import begins_sentence
from ingest.names import Gender, given_names, namesake_slug, slug, without_article
from ingest.offices import OFFICES, Offices
from ingest.records import Article, Attribution, Name, Quote, Speaker, SpeakerKind, TextSpan
from ingest.register import Entry, Register
from ingest.salience import ECHO, ECHO_OF_SPEAKER, IN_MARKS, INTRODUCED, OTHER, SOURCE, SUBJECT, Salience

#: Spans that a pronoun or a role may stand for, each with its probability: the trained reader's opinion.
Antecedents = Callable[[TextSpan], Sequence[tuple[TextSpan, float]]]

_HEAD_END = re.compile(r",| [-–—] |\(|\b(?:who|which|of|for|at|from|in|on|with|to)\b")
_WORD = re.compile(r"[\w’'&.-]*\w")
_FULL_NAME = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w’'-]*(?: (?:[A-ZÀ-ÖØ-Þ][\w’'-]*|de|van|von|al|bin|la|du)){1,3}(?<=\w)"
)
_APPOSED = re.compile(r"[^,]*, (?:[A-Z]\w+\.? )?")
_VERB_BEHIND = re.compile(
    r"(?:, [^,.]{2,80},|,)?\s+(?:(?:\w+ly|also|even|himself|herself|just|later|never|now|still|then)\s)?"
    r"(?:(?:is|was|are|were|has|had|have|will|would|can|could|may|might|must|should|did|does|do)(?:n[’']t)?|"
    r"\w+ed|\w+s|began|broke|brought|built|came|chose|cut|drew|fell|felt|gave|got|grew|heard|held|hit|kept|knew|"
    r"led|left|lost|made|met|paid|put|quit|ran|rose|said|sat|saw|sent|set|shook|shut|sold|spent|spoke|stood|"
    r"struck|thought|told|took|went|won|wrote)\b"
)
_GOVERNED = re.compile(
    r"\b(?:of|to|for|with|by|against|from|on|at|about|than|like|under|over|and|told|in)\s+(?:\w+\s){0,2}$"
)
_INTRODUCED = re.compile(r",? (?:\([^)]*\),? )?(?:\d\d, )?(?:who|an?|the|one of)\b(?! (?:said|says)\b)")
_ANYBODY = re.compile(r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother) ((?:[\w-]+ ){0,3}[\w-]+)")
_NAME_BEHIND = re.compile(r",? (?:named |called )?[A-Z]")
_PREDICATE = re.compile(r"(?:,|\b(?:is|was|as|be|been|being|became|than|like|of|for)) $")
_SAYS_BEFORE = re.compile(
    r"[,”\"] ?(?:said|says|argued|added|warned|insisted|claimed|admitted|asked|wrote|explained) (?:\w+\.? )?$"
)
_FROM = re.compile(r",? (?:from|by) (?:the )?(?=[A-Z])")
_ASKED = re.compile(r"\b(?:[Aa]sked|pressed|questioned|interviewed) (?:\w+\.? )?$")
_FRONTED = re.compile(r"(?:^|[.?!”\"\n]\s*)(\w+ing\b[^.?!“”\"\n]*), $")
_SUBJECT_PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he)\b")
_RELATIVE = re.compile(r"(?:,|\)|, [^,.“”\"\n]*,(?: [^,.“”\"\n]*,)?| \([^)“”\"\n]*\),?| ?[-–—])? ?")
_PART_OF = re.compile(
    r"\b(?:of|for|by|to|with|from|than|like|behind|against|supporting|backing)\s(?:\w+\.?\s)?$"
)
_PLURAL_VERB = re.compile(r" (?:have|are|were|say)\b")
_APPOSITION = re.compile(r",? (?:an?|the|his|her|its|their|former|then|\w+ (?:to|of|for))\b[^,.;]*$")
_CLAUSE = re.compile(r"\b(?:who|which|whose|was|were|had|has|by|after|that|when)\b")
_POSSESSIVE = ("'s", "’s", "'", "’")
_ITS = ("his ", "her ", "its ", "their ", "our ", "my ", "your ")
_PERSONAL = FEMALE_PRONOUNS | MALE_PRONOUNS
_NO_NAMES = TITLES | ROLE_NOUNS | BODY_NOUNS | DOCUMENT_NOUNS | NOT_IN_NAMES
_VOICES = SPOKES_NOUNS | (BODY_NOUNS - ROLE_NOUNS - {"campaigners", "residents"})
#: What a body of one kind is called, and no other.
_OF_ONE_KIND = word_set(
    "academy bank church club college constabulary council court hospice hospital infirmary museum newspaper "
    "parliament party police school tribunal university"
)
_OF_PEOPLE = word_set(
    "actors drivers engineers friends nurses officers people staff teachers tenants workers"
)
_GOES_ON = 2  # sentences over which whoever spoke last is still the one meant


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
    country = register.outlet_country(article.url) or _country_of(article.text)
    cast = Cast(
        page,
        [*names, *_unseen(page, sources, names)],
        register,
        published=article.published,
        country=country,
    )
    meanings = _Reader(page, cast, article, antecedents).read(sources)
    return [Quote(a, meanings.get(a.source) if a.source else None) for a in attributions]


def _unseen(page: Page, sources: set[TextSpan], names: Sequence[Name]) -> list[Name]:
    """People whom only their place in a source shows: ``Its chairman, Magnus Ó Dálaigh, said``."""
    covered = {i for name in names if name.kind != "place" for i in range(*name.span)}
    found = []
    for source in sources:
        for match in _FULL_NAME.finditer(page.text, *source):
            words = match.group().lower().split()
            if begins_sentence(page.text, match.start()) and words[0] not in given_names():
                continue
            if match.start() not in covered and _NO_NAMES.isdisjoint(words):
                found.append(Name(TextSpan(*match.span()), "person"))
    return found


class _Reader:
    """Reads an article once from its start, keeping who is in the reader's mind."""

    def __init__(self, page: Page, cast: Cast, article: Article, antecedents: Antecedents) -> None:
        self.page = page
        self.text = page.text
        self.cast = cast
        self.article = article
        self.antecedents = antecedents
        self.salience = Salience()
        self.speaking_bodies: set[str] = set()
        self.last_body: tuple[Speaker, int] | None = None
        self.speaking: tuple[Entity, int] | None = None  # who spoke last, and in which sentence
        # Others named since then: of which sex, and in which sentence.
        self.others_named: deque[tuple[Gender | None, int]] = deque(maxlen=3)
        self.offices = Offices(cast, article.published, self.salience)

    def read(self, sources: set[TextSpan]) -> dict[TextSpan, Speaker]:
        """What each source means. Pronouns between the sources keep their persons in mind too."""
        leading = {source: self._leading(source) for source in sources}
        speakers = {mention for mentions in leading.values() for mention in mentions}
        events: list[tuple[int, int, TextSpan, Sequence[Entity]]] = [
            (m.start, 1, m, (person,)) for person in self.cast.people for m in person.mentions
        ]
        events += [(m.start, 1, m, people) for m, people in self.cast.shared.items()]
        pronouns = (TextSpan(*m.span()) for m in _SUBJECT_PRONOUN.finditer(self.text))
        events += [
            (p.start, 1, p, ()) for p in pronouns if p not in sources and not self.page.in_marks(p.start)
        ]
        events += [(source.start, 0, source, ()) for source in sources]
        found: dict[TextSpan, Speaker] = {}
        events += [(span.start, 1, span, (person,)) for span, person in self._nameless()]
        for at, order, span, people in sorted(events, key=lambda event: event[:3]):
            sentence = self.page.sentence(at)
            if order == 0:
                if leading[span]:
                    named = self.cast.at(leading[span][-1].start)
                    self.speaking = (named, sentence) if named and len(leading[span]) == 1 else None
                if (speaker := self._meaning(span, sentence)) is not None:
                    found[span] = speaker
                    if speaker.kind == "body" and not self._is_place(span):
                        self.last_body = (speaker, sentence)
                        self.speaking_bodies.add(speaker.name)
            elif people:
                weight = SOURCE if span in speakers else self._weight(span)
                if self.speaking and weight > IN_MARKS and self.speaking[0] not in people:
                    self.others_named.extend((person.gender, sentence) for person in people)
                    if weight >= SUBJECT:
                        self.speaking = None
                for person in people:
                    self.salience.mention(person, weight, sentence)
            elif (meant := self._pronoun(span, sentence)) is not None:
                self.salience.mention(meant, ECHO, sentence)
        return found

    def _nameless(self) -> Iterator[tuple[TextSpan, Entity]]:
        """People without a name, for whom a pronoun may stand: ``A neighbour`` … she said."""
        for match in _ANYBODY.finditer(self.text):
            words = match.group(1).lower().split()
            noun = next((i for i, word in enumerate(words) if word in ROLE_NOUNS), None)
            if words[0] == "of" and match.group().lower().startswith("one"):
                noun = 0  # one of her own MPs
            if noun is None or self.page.in_marks(match.start()):
                continue
            start = match.start()
            span = TextSpan(start, match.start(1) + len(" ".join(words[: noun + 1])))
            if _NAME_BEHIND.match(self.text, span.end) or _PREDICATE.search(
                self.text, max(0, start - 12), start
            ):
                continue  # a lawyer, Ann Lee; Ann Lee, a lawyer; she is a lawyer
            yield span, Entity("", "person", _gender_of(words[noun]))

    def _leading(self, source: TextSpan) -> list[TextSpan]:
        """The names at the head of a source; of ``Vane adviser Tom Calder`` the last."""
        people = [m for m, e in self.cast.within(source) if e.kind == "person"]
        head = self._head(source)
        leading = [m for m in people if m.start < head.end] or people[:1]
        return leading if " and " in head.of(self.text) else leading[-1:]

    def _is_place(self, source: TextSpan) -> bool:
        return any(e.kind == "place" for _, e in self.cast.within(source))

    def _weight(self, mention: TextSpan) -> float:
        """How strongly a mention in no source brings its entity to mind: a subject's most."""
        if self.page.in_marks(mention.start):
            return IN_MARKS
        if self.text.startswith(("'s", "’s"), mention.end):
            return OTHER
        if _SAYS_BEFORE.search(self.text, max(0, mention.start - 30), mention.start):
            return SOURCE  # argued Mr Howard
        if _ASKED.search(self.text, max(0, mention.start - 30), mention.start):
            return SOURCE  # who is asked will answer
        if not _VERB_BEHIND.match(self.text, mention.end):
            return INTRODUCED if _INTRODUCED.match(self.text, mention.end) else OTHER
        return OTHER if _GOVERNED.search(self.text, max(0, mention.start - 30), mention.start) else SUBJECT

    # --- the kinds of mention ---

    def _meaning(self, source: TextSpan, sentence: int) -> Speaker | None:
        words = source.of(self.text).lower().strip(" ,")
        if words in _PERSONAL:
            person = self._pronoun(source, sentence)
            if person is not None:
                self.salience.mention(person, ECHO_OF_SPEAKER, sentence)
                if self.speaking and person is self.speaking[0]:
                    self.speaking = person, sentence
            return self._speaker(person)
        if words in ("who", "which", "that"):
            return self._relative(source)
        if words == "it":
            return self._it(source, sentence)
        if words in PRONOUNS:
            return None
        return (
            self._named(source, sentence)
            or self._described(source, sentence)
            or self._the_body(source, sentence)
        )

    def _described(self, source: TextSpan, sentence: int) -> Speaker | None:
        """The person that a role means. Whoever it is, “he” or “she” may mean them from here on."""
        noun = self._noun(self._head(source))
        if noun not in OFFICES or noun in SPOKES_NOUNS:
            return None
        person = self.offices.holder(source, sentence) or Entity("", "person", _gender_of(noun))
        self.salience.mention(person, SOURCE, sentence)
        self.speaking = person, sentence
        return self._speaker(person)

    def _relative(self, source: TextSpan) -> Speaker | None:
        """Who “who” stands for: the name right before it, ``Sir Keir, who has vowed to …``"""
        near = self.cast.within(TextSpan(max(0, source.start - 120), source.start))
        wanted = "person" if source.of(self.text).lower() == "who" else "body"
        near = [pair for pair in near if pair[1].kind == wanted] or near
        if not near:
            return None
        mention, entity = near[-1]
        between = self.text[mention.end : source.start]
        if not _RELATIVE.fullmatch(between) or _PLURAL_VERB.match(self.text, source.end):
            return None  # dozens of women who: of some people whom no name denotes
        if "," not in between and _PART_OF.search(self.text, max(0, mention.start - 30), mention.start):
            return None
        if len(near) > 1 and _APPOSITION.fullmatch(self.text, near[-2][0].end, mention.start):
            entity = near[-2][1]  # Bryan Pagliano, an aide to Hillary Clinton, who …
        return self._speaker(entity)

    def _it(self, source: TextSpan, sentence: int) -> Speaker | None:
        """The body that “it” stands for: the last that spoke, or the one subject of the sentences before."""
        if spoke := self._last_body(source.start, sentence):
            return spoke
        near = self.cast.within(TextSpan(max(0, source.start - 400), source.start))
        subjects = {
            body.name: body
            for mention, body in near
            if (body.kind == "body" or (body.kind == "person" and " " in body.name and not body.gender))
            and sentence - self.page.sentence(mention.start) <= 1
            and self._weight(mention) == SUBJECT
        }
        if len(subjects) != 1:
            return None
        (body,) = subjects.values()
        body.kind = "body"  # whom “it” means is no person
        return self._speaker(body)

    def _named(self, source: TextSpan, sentence: int) -> Speaker | None:
        """A person or a body that the source names, both of two, or the body a spokesperson speaks for."""
        head = self._head(source)
        noun = self._noun(head)
        people = [
            (m, e)
            for m, e in self.cast.within(source)
            if e.kind == "person" and not self.text.startswith(_POSSESSIVE, m.end)
        ]
        leading = [(m, e) for m, e in people if m.start < head.end]
        if re.fullmatch(r"[Tt]he [A-Z][\w’'-]*s", head.of(self.text)):
            family = [p for p in self.cast.people if p.surname == noun.removesuffix("s") and " " in p.name]
            if len(family) == 2:
                return self._group(family)  # the Doyles
            if family or leading:
                return None
        if leading:
            joint = [leading[0], *(pair for pair in people if self._joined(leading[0][0], pair[0]))]
            if len({e for _, e in joint}) > 1:
                return self._group([e for _, e in joint])
            if " and " in self.text[source.start : leading[-1][0].start]:
                return None  # both the PM and President Macron: one of two is a wrong name
            behind = re.findall(r"\w+", self.text[leading[-1][0].end : head.end].lower())
            if not behind or behind[-1] in SUFFIXES:
                return self._speaker(leading[-1][1])
        apposed = [(m, e) for m, e in people if _APPOSED.fullmatch(self.text, head.end, m.start)]
        if apposed:
            others = [pair for pair in people if self._joined(apposed[0][0], pair[0])]
            members = [e for _, e in (apposed[0], *others)]
            return self._group(members) if len(set(members)) > 1 else self._speaker(members[0])
        if noun in SPOKES_NOUNS:
            return self._spoken_for(source, head, sentence)
        bodies = [(m, e) for m, e in self.cast.within(source) if e.kind != "person"]
        if noun in DOCUMENT_NOUNS:
            return self._author(source, bodies)
        if noun in _VOICES:
            return self._body_that_speaks(bodies, head)
        if noun in ROLE_NOUNS:
            return None
        if bodies and head.end - 3 <= bodies[0][0].end and bodies[0][0].start < head.end:
            one = bodies[0][1].kind == "group" and head.of(self.text).lower().startswith(
                ("a ", "an ", "one ")
            )
            return None if one else self._speaker(self._in_full(head, bodies[0]))
        return self._unknown(head)

    def _in_full(self, head: TextSpan, named: tuple[TextSpan, Entity]) -> Entity:
        """A body by all of the name that its source gives: ``Amnesty`` International UK."""
        mention, body = named
        words = without_article(TextSpan(head.start, mention.end).of(self.text))
        seen = mention.start - (mention.end - len(words)) if len(words) > len(body.name) else 0
        if body.kind != "body" or body.entry or seen <= 0 or not all(w[0].isupper() for w in words.split()):
            return body
        return Entity(words, "body", entry=self.cast.register.by_name(words))

    def _author(self, source: TextSpan, bodies: Sequence[tuple[TextSpan, Entity]]) -> Speaker | None:
        """Whose a document is: a ``Home Office`` letter; the letter, from the ``Home Office``."""
        if body := next((e for _, e in bodies if e.kind == "body"), None):
            return self._speaker(body)  # a report on Ostrey is not Ostrey's
        behind = _FROM.match(self.text, source.end)
        author = self.cast.at(behind.end()) if behind else None
        return self._speaker(author) if author and author.kind != "place" else None

    def _body_that_speaks(self, bodies: Sequence[tuple[TextSpan, Entity]], head: TextSpan) -> Speaker | None:
        """``Northmere Council`` by its name, ``the Okafor campaign`` by that of its head."""
        whole = [e for m, e in bodies if m.end >= head.end]
        if whole:
            return self._speaker(whole[0])
        words = re.findall(r"[\w’'.&-]+", head.of(self.text))
        capitals = [
            w.rstrip("’'").removesuffix("’s").removesuffix("'s") for w in words[:-1] if w[0].isupper()
        ]
        capitals = [w for w in capitals if w.lower().rstrip(".") not in _NO_NAMES]
        if not capitals or words[0].lower() in ("a", "an"):
            return (
                self._speaker(bodies[0][1]) if bodies and bodies[0][1].kind == "body" else self._unknown(head)
            )
        if self.cast.within(head) and self.cast.within(head)[0][1].kind == "person":
            capitals = capitals[-1:]
        # Karvonia's foreign ministry: what stands between belongs to the name.
        modifiers = list(takewhile(str.islower, reversed(words[:-1])))
        name = " ".join([*capitals, *reversed(modifiers), words[-1]])
        return self._speaker(Entity(name, "body"))

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
        if words[-1].lower() in BODY_NOUNS:
            return self._speaker(Entity(" ".join(words), "body"))
        return Speaker(slug(" ".join(words)), " ".join(words), "unknown")

    def _spoken_for(self, source: TextSpan, head: TextSpan, sentence: int) -> Speaker | None:
        """For whom a spokesperson speaks: a spokeswoman for ``Calverwell Water``, the council's spokesman.

        Who speaks for a person is somebody else. “He” and “she” may then mean the spokesperson.
        """
        body = self._client(source, head, sentence)
        if body is None or body.kind == "body":
            word = self._noun(head)
            gender: Gender = "female" if word.endswith("woman") else "male"
            voice = Entity(
                body.name if body else "", "body", gender if word[-5:] in ("esman", "woman") else None
            )
            if body is not None:
                voice.role, voice.affiliation = body.role, body.affiliation
                voice.entry = self.cast.register.by_name(body.name)
            self.salience.mention(voice, SOURCE, sentence)
            self.speaking = voice, sentence
        return body

    def _client(self, source: TextSpan, head: TextSpan, sentence: int) -> Speaker | None:
        bodies = [e for _, e in self.cast.within(source) if e.kind == "body"]
        if bodies:
            return self._speaker(bodies[0])
        match = re.search(r"\b(?:for|of|at|from) (?:the )?(.+)$", source.of(self.text))
        client = TextSpan(source.start + match.start(1), source.end) if match else head
        if any(e.kind == "person" and (e.gender or e.role) for _, e in self.cast.within(source)):
            return None
        if match:
            head = self._head(client)
            named = self._body_that_speaks((), head) if self._noun(head) in _VOICES else self._unknown(client)
            return named or self._the_body(client, sentence)
        before = _WORD.findall(head.of(self.text).lower())[:-1]
        nouns = [w.removesuffix("'s").removesuffix("’s") for w in before]
        if nouns and nouns[-1] in BODY_NOUNS:
            return self._body_called(nouns[-1], source.start, sentence)
        if not nouns or nouns == ["the"] or nouns[0] in ("its", "their"):
            return self._last_body(source.start, sentence)
        return self._unknown(head)

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
        near = other.start > first.start and len(between) < 120
        return near and " and " in between and not _CLAUSE.search(between)

    def _group(self, members: Sequence[Entity]) -> Speaker:
        names = list(dict.fromkeys(member.name for member in members))
        name = ", ".join(names[:-1]) + " and " + names[-1]
        return Speaker(slug(name), name, "group")

    # --- bodies ---

    def _the_body(self, source: TextSpan, sentence: int) -> Speaker | None:
        """``The charity`` → the body that the article calls so, or the one that has been speaking."""
        noun = self._noun(self._head(source))
        if noun not in BODY_NOUNS or source.of(self.text).lower().startswith(_ITS):
            return None
        return self._body_called(noun, source.start, sentence)

    def _body_called(self, noun: str, at: int, sentence: int) -> Speaker | None:
        bodies = [b for b in self.cast.bodies if b.kind == "body"]
        called = [b for b in bodies if noun in b.name.lower().split()]
        called = called or [b for b in bodies if self.cast.describes(noun, b)]
        if called:
            return self._speaker(called[0]) if len(called) == 1 else None
        if noun.endswith("s") or noun in _OF_ONE_KIND or len(self.speaking_bodies) != 1:
            return None  # residents, campaigners; the hospital, of no body that is called one
        body = self._last_body(at, sentence, most=6)
        own = (BODY_NOUNS | _OF_PEOPLE).intersection(re.findall(r"\w+", body.name.lower())) if body else None
        return body if not own or noun == "union" else None  # what is called a union is no company

    def _last_body(self, at: int, sentence: int, *, most: int = 3) -> Speaker | None:
        """The body that spoke last, if that was a few sentences ago and no other was named since."""
        if self.last_body is None or sentence - self.last_body[1] > most:
            return None
        since = {
            body.name
            for mention, body in self.cast.within(TextSpan(max(0, at - 1500), at))
            if body.kind == "body" and self.page.sentence(mention.start) > self.last_body[1]
        }
        return self.last_body[0] if since <= {self.last_body[0].name} else None

    # --- pronouns ---

    def _pronoun(self, pronoun: TextSpan, sentence: int) -> Entity | None:
        gender: Gender = "female" if pronoun.of(self.text).lower() in FEMALE_PRONOUNS else "male"
        if self.speaking and (gender, sentence) not in self.others_named:
            # Who spoke last, and nobody else since, goes on; the trained reader knows only those with names.
            speaker, spoke = self.speaking
            if speaker.gender in (gender, None) and sentence - spoke <= _GOES_ON:
                return speaker
        opinion = []
        for span, probability in self.antecedents(pronoun):
            people = [p for p in self.cast.bearers(span) if p.kind == "person"]
            fitting = [p for p in people if p.gender == gender] or [p for p in people if p.gender is None]
            if len(fitting) == 1:
                opinion.append((fitting[0], probability))
        excluded = self._objects_of_its_clause(pronoun)
        return self.salience.meant(gender, sentence, excluded=excluded, opinion=opinion)

    def _objects_of_its_clause(self, pronoun: TextSpan) -> set[Entity]:
        """Whom a subject pronoun cannot mean: Taking aim at *Mr Farage*, he said …"""
        start = max(0, pronoun.start - 200)
        fronted = _FRONTED.search(self.text[start : pronoun.start])
        if fronted is None:
            return set()
        return {e for _, e in self.cast.within(TextSpan(start + fronted.start(1), pronoun.start))}

    def _speaker(self, entity: Entity | None) -> Speaker | None:
        if entity is None or not entity.name:
            return None
        role, affiliation = entity.role, entity.affiliation
        if entity.entry is not None:
            known = _from_entry(entity.entry, self.article.published)
            return replace(
                known,
                role=role or known.role,
                affiliation=affiliation or known.affiliation,
                description=entity.description,
            )
        if entity.kind == "person" and " " not in entity.name:
            return Speaker(None, entity.name, "person", role, affiliation, entity.description)
        if entity.kind == "body" and is_common(entity.name):
            return Speaker(None, entity.name, "body")  # the Sheriff's Office, of whatever county
        # A name that nothing shows to be a person's may be a body's that was taken for one.
        kind: SpeakerKind = "body" if entity.kind == "place" else entity.kind
        sure = entity.kind != "person" or entity.gender or role
        told = (role, affiliation, entity.description)
        other = entity.kind == "person" and self.cast.register.by_name(entity.name)
        id = namesake_slug(entity.name) if other else slug(entity.name)
        return Speaker(id, entity.name, kind if sure else "unknown", *told)


def _country_of(text: str) -> str | None:
    """The one country of whose affairs a text shows that it speaks: “Officials at the White House …” → US."""
    shown = [country for country, cues in COUNTRY_CUES.items() if any(cue in text for cue in cues)]
    return shown[0] if len(shown) == 1 else None


def _gender_of(noun: str) -> Gender | None:
    if noun in FEMALE_NOUNS:
        return "female"
    return "male" if noun in MALE_NOUNS else None


def _from_entry(entry: Entry, on: str | None) -> Speaker:
    office = entry.office(on)
    kind: SpeakerKind = "person" if entry.kind == "person" else "body"
    return Speaker(
        entry.id, entry.name, kind, office.title if office else None, office.affiliation if office else None
    )
