"""Which words name the source of a quotation.

A cue has a grammatical source: the subject of “said”, what follows “according to”, the name before a colon.
A quotation without a cue takes its source from its surroundings: the speech that it continues, the same
words elsewhere in the article, the speaker of its paragraph, the paragraph before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Token

from ingest.lexicon import BODY_NOUNS, PRONOUNS, ROLE_NOUNS, SPOKES_NOUNS
from ingest.marks import Page
from ingest.records import Attribution, Quotation, TextSpan

#: How often each method's source was right on the training articles of PolNeAR: the confidence it gives.
RELIABILITY = {
    "subject": 0.93,
    "antecedent": 0.8,
    "controller": 0.85,
    "according to": 0.95,
    "neighbour": 0.75,
    "colon": 0.85,
    "continuation": 0.9,
    "repeat": 0.9,
    "paragraph": 0.8,
    "sentence before": 0.6,
    "paragraph before": 0.55,
    "none": 0.0,
}


def attribute(page: Page, quotations: Sequence[Quotation]) -> list[Attribution]:
    """An attribution for each quotation, in the same order: ``“Go,” said Ms Ito`` → source ``Ms Ito``.

    A quotation whose source nothing tells gets none, with the confidence 0.
    """
    grammar = _Grammar(page)
    found: list[Attribution] = []
    for quotation in quotations:
        source, method = grammar.source(quotation.cue) if quotation.cue else (None, "none")
        if source is None:
            source, method = _from_context(grammar, quotation, found)
        found.append(Attribution(quotation, source, RELIABILITY[method], method))
    return [_as_repeated(page.text, attribution, found) for attribution in found]


class _Grammar:
    """An article's tokens by character offset, with the words in marks and the paragraphs known."""

    def __init__(self, page: Page) -> None:
        self.doc = page.doc
        self.page = page
        self.at = {token.idx: token for token in page.doc}
        self.marked = {i for i, run in enumerate(page.run_at) if run is not None}

    def source(self, cue: TextSpan) -> tuple[TextSpan | None, str]:
        """The source that a cue's grammar names, and how: said → its subject."""
        token = self.at.get(cue.start)
        if token is None:
            return None, "none"
        if token.lower_ == "according":
            return self._after_preposition(token), "according to"
        if token.text in (":", "-", "–", "—"):
            return self._before(token), "colon"
        if token.pos_ == "NOUN":
            return self._possessor(token), "subject"
        return self._of_verb(token)

    def _possessor(self, noun: Token) -> TextSpan | None:
        """Whose claim it is: *the minister's* claim that …"""
        owner = next((c for c in noun.children if c.dep_ == "poss" and c.i not in self.marked), None)
        return self.phrase(owner) if owner is not None else None

    def _of_verb(self, verb: Token) -> tuple[TextSpan | None, str]:
        seen: set[int] = set()
        method = "subject"
        node = verb
        while node.i not in seen:
            seen.add(node.i)
            subject = self._subject(node)
            if subject is not None and (node == verb or can_speak(subject)):
                if subject.lower_ in ("who", "which", "that") and subject.tag_ in ("WP", "WDT"):
                    return TextSpan(subject.idx, subject.idx + len(subject)), "subject"
                return self.phrase(subject), method
            if node == verb and (inverted := self._inverted(verb)):
                return inverted, "subject"
            if node.dep_ in ("acl", "relcl") and node.head.pos_ in ("NOUN", "PROPN"):
                if node.head.lower_ in _STATEMENTS and (speaker := self._of_statement(node.head)):
                    return speaker, "controller"
                return self.phrase(node.head), "antecedent"
            if node.dep_ not in _CONTROLLED:
                break
            node, method = node.head, "controller"
        return self._nearest(verb), "neighbour"

    def _subject(self, verb: Token) -> Token | None:
        agent = next((c for c in verb.children if c.dep_ == "agent" and c.lower_ == "by"), None)
        if agent is not None:
            return next((c for c in agent.children if c.dep_ == "pobj" and c.i not in self.marked), None)
        for child in verb.children:
            if child.dep_ in ("nsubj", "nsubjpass") and child.i not in self.marked and self._names(child):
                return child
        return None

    def _names(self, token: Token) -> bool:
        return token.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET") and token.lower_ not in (
            "it",
            "there",
            "what",
        )

    def _inverted(self, verb: Token) -> TextSpan | None:
        """The name behind the verb: “…,” said Ms Ito."""
        following = verb.i + 1
        if following >= len(self.doc) or following in self.marked or self._paragraph(verb) is None:
            return None
        token = self.doc[following]
        if token.pos_ not in ("PROPN", "DET", "PRON", "NOUN", "ADJ") or verb.tag_ not in (
            "VBD",
            "VBZ",
            "VBP",
        ):
            return None
        chunk = next((c for c in verb.sent.noun_chunks if c.start <= following < c.end), None)
        if chunk is not None and chunk.root.dep_ in ("nsubj", "nsubjpass") and chunk.root.head != verb:
            return None  # said the agreement would …: the subject of what was said
        if (
            chunk is None
            or chunk.root.dep_ in ("dobj", "iobj", "dative")
            and verb.lemma_ not in ("say", "add")
        ):
            return None
        return self.phrase(chunk.root)

    def _of_statement(self, noun: Token) -> TextSpan | None:
        """Who makes a statement: *The union* issued a statement saying …"""
        node = noun
        while node.head != node:
            node = node.head
            if node.pos_ in ("VERB", "AUX") and (subject := self._subject(node)):
                return self.phrase(subject)
        return None

    def _nearest(self, cue: Token) -> TextSpan | None:
        """The noun phrase nearest before a cue, else the one right behind it, outside marks."""
        paragraph = self._paragraph(cue)
        for i in range(cue.i - 1, max(cue.i - 25, -1), -1):
            token = self.doc[i]
            if i in self.marked or self._paragraph(token) != paragraph or token.text in (".", "?", "!"):
                break
            if token.dep_ in ("nsubj", "nsubjpass") and self._names(token) and can_speak(token):
                return self.phrase(token)
        return None

    def _after_preposition(self, token: Token) -> TextSpan | None:
        to = token.nbor()
        noun = next((child for child in to.children if child.dep_ in ("pobj", "pcomp")), None)
        if noun is None:
            noun = next((c.root for c in to.sent.noun_chunks if c.start == to.i + 1), None)
        return self.phrase(noun) if noun is not None else None

    def _before(self, mark: Token) -> TextSpan | None:
        """The name before a colon or a dash: ``Marsh: “No.”``"""
        for i in range(mark.i - 1, max(mark.i - 12, -1), -1):
            token = self.doc[i]
            if i in self.marked or self._paragraph(token) != self._paragraph(mark) or token.text == ".":
                return None
            if token.pos_ in ("PROPN", "PRON", "NOUN") and self._names(token):
                return self.phrase(token)
        return None

    def _paragraph(self, token: Token) -> int | None:
        return self.page.paragraph_at[token.i]

    def phrase(self, head: Token) -> TextSpan:
        """A head with what belongs to its name: determiner, title, compound, “of the union”, “and Mr Bly”."""
        while head.dep_ in ("compound", "nmod") and head.head.i > head.i and head.head.i not in self.marked:
            head = head.head
        left = min(
            [head.i, *(c.left_edge.i for c in head.lefts if c.dep_ in _INSIDE and c.i not in self.marked)]
        )
        right = head.i
        for child in head.rights:
            contiguous = child.left_edge.i <= right + 2
            if child.i in self.marked or not contiguous:
                break
            if child.dep_ in ("prep", "poss", "case", "compound", "flat", "nummod"):
                right = max(right, _short_edge(child))
            elif child.dep_ == "conj" and child.pos_ in ("PROPN", "NOUN", "PRON"):
                right = max(right, self.doc.char_span(*self.phrase(child), alignment_mode="expand")[-1].i)
            elif child.dep_ not in ("cc",):
                break
        name = next((c for c in head.rights if c.dep_ == "appos" and c.pos_ == "PROPN"), None)
        if name is not None and head.pos_ == "NOUN" and name.i not in self.marked:
            right = max(right, name.i)  # The chairman of the Bar Council, Guy Mansfield
        words = self.doc[left : right + 1]
        return TextSpan(words.start_char, words.end_char)

    def subject_before(self, at: int, paragraph: TextSpan) -> TextSpan | None:
        """The subject of the sentence that ends before an offset, if it is a person's name or a pronoun."""
        span = self.doc.char_span(paragraph.start, at, alignment_mode="contract")
        if span is None:
            return None
        for token in reversed(list(span)):
            if token.dep_ in ("nsubj", "nsubjpass") and token.i not in self.marked:
                person = token.ent_type_ in ("PERSON", "ORG") or token.lower_ in PRONOUNS - {
                    "it",
                    "i",
                    "you",
                    "we",
                    "which",
                }
                if person and token.head.dep_ in ("ROOT", "conj", "ccomp"):
                    return self.phrase(token)
        return None


def can_speak(token: Token) -> bool:
    """Whether a noun or pronoun may denote a source: a name, a person, a body or a document, not “the deal”."""
    if token.lower_ in PRONOUNS or token.pos_ == "PROPN" or token.ent_type_ in ("PERSON", "ORG", "NORP", "GPE"):
        return token.lower_ != "it"
    return token.lemma_.lower() in ROLE_NOUNS | BODY_NOUNS | SPOKES_NOUNS or token.tag_ == "NNS"


_STATEMENTS = {
    "statement",
    "letter",
    "post",
    "tweet",
    "email",
    "e-mail",
    "interview",
    "message",
    "speech",
    "blog",
}
_CONTROLLED = ("conj", "xcomp", "advcl", "pcomp", "prep", "ccomp", "aux", "dep")
_INSIDE = ("det", "compound", "poss", "amod", "nummod", "nmod", "quantmod", "predet", "advmod", "npadvmod")


def _short_edge(child: Token) -> int:
    """The right edge of a modifier, stopped at a comma or a clause: of the union[, which …]."""
    right = child.i
    for token in child.subtree:
        if token.i <= child.i:
            continue
        if token.text in (",", "(", "—", "–", "-", ":") or token.dep_ in ("relcl", "acl", "appos"):
            break
        right = token.i
    return right


def _from_context(
    grammar: _Grammar, quotation: Quotation, before: Sequence[Attribution]
) -> tuple[TextSpan | None, str]:
    start = quotation.parts[0].start
    number = next((i for i, p in enumerate(grammar.page.prose) if p.start <= start < p.end), 0)
    paragraph = grammar.page.prose[number]
    previous = before[-1] if before else None
    if previous is None or previous.source is None:
        subject = grammar.subject_before(start, paragraph)
        return (subject, "sentence before") if subject else (None, "none")
    last = previous.quotation.parts[-1]
    if start == paragraph.start and number and _unclosed(grammar, last):
        return previous.source, "continuation"
    if last.start >= paragraph.start:
        return previous.source, "paragraph"
    if subject := grammar.subject_before(start, paragraph):
        return subject, "sentence before"
    if number and last.start >= grammar.page.prose[number - 1].start:
        return previous.source, "paragraph before"
    if number and (
        subject := grammar.subject_before(grammar.page.prose[number - 1].end, grammar.page.prose[number - 1])
    ):
        return subject, "paragraph before"
    return None, "none"


def _unclosed(grammar: _Grammar, last: TextSpan) -> bool:
    return any(not run.closed and run.span.end == last.end for run in grammar.page.runs)


def _as_repeated(text: str, attribution: Attribution, others: Sequence[Attribution]) -> Attribution:
    """A pull quote has no cue of its own: its words stand elsewhere in the article with one."""
    if attribution.quotation.cue is not None or attribution.method == "continuation":
        return attribution
    words = _plain(text, attribution.quotation)
    for other in others:
        if other.quotation.cue is not None and other.source and words in _plain(text, other.quotation):
            return Attribution(attribution.quotation, other.source, RELIABILITY["repeat"], "repeat")
    return attribution


def _plain(text: str, quotation: Quotation) -> str:
    return " ".join(re.findall(r"\w+", " ".join(part.of(text) for part in quotation.parts).lower()))
