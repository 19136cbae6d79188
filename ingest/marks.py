"""Which words of an article are the paper's own and which are in quotation marks.

Marks are read from characters alone, paragraph by paragraph; only ``Page`` knows tokens. Nothing here asks
whether what is in marks is speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from ingest.records import TextSpan

_MARK = re.compile(r"[“”„«»\"]|''|``")
_SINGLE = re.compile(r"[‘’']")
_OPENERS, _CLOSERS = "“„«", "”»"
_SENTENCE_END = frozenset(".?!…")
_FINITE = ("VBD", "VBZ", "VBP", "MD", "VB")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in quotation marks, marks included, inside one paragraph.

    ``closed`` is false where the paragraph ended first: newspaper style for a speech that goes on.
    """

    span: TextSpan
    paragraph: int
    closed: bool


def paragraphs(text: str) -> list[TextSpan]:
    """The lines of a text that hold something, white space at their ends left out.

    >>> paragraphs("He left.\\n\\n  She stayed. ")
    [TextSpan(start=0, end=8), TextSpan(start=12, end=23)]
    """
    return [TextSpan(m.start(), m.end()) for m in re.finditer(r"[^\s](?:[^\n\r]*[^\s])?", text)]


def marked_runs(text: str, prose: Sequence[TextSpan]) -> list[Run]:
    """The runs in quotation marks of the given paragraphs, in reading order.

    Straight and curly marks may mix. Single marks count only in an article that has no double ones,
    the British style; elsewhere they are nested quotations, headline fragments or apostrophes.
    A run still open at the end of its paragraph ends there.

    >>> text = "“We will,” she said, “win.”"
    >>> [run.span.of(text) for run in marked_runs(text, paragraphs(text))]
    ['“We will,”', '“win.”']
    """
    runs = [run for i, p in enumerate(prose) for run in _double_runs(text, p, i)]
    singles = [run for i, p in enumerate(prose) for run in _single_runs(text, p, i)]
    speech_like = [run for run in singles if text[run.span.end - 2] in ",.?!…"]
    return singles if len(speech_like) > len(runs) else runs


def _double_runs(text: str, paragraph: TextSpan, index: int) -> Iterator[Run]:
    start: int | None = None
    opener = ""
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        mark = match.group()
        opens, closes = _directions(text, match, paragraph)
        if start is None:
            if mark in _CLOSERS and not opens:
                continue  # a stray closing mark
            if opens or not closes:
                start, opener = match.start(), mark
        elif mark in _CLOSERS or (closes and (mark == opener or not opens)):
            yield Run(TextSpan(start, match.end()), index, closed=True)
            start = None
        # A mark that only opens, inside a run, is nested; or it began a paragraph of the same speech
        # that a web page has joined to the one before. Either way the run goes on.
    if start is not None and paragraph.end - start > 1:
        yield Run(TextSpan(start, paragraph.end), index, closed=False)


def _directions(text: str, match: re.Match[str], paragraph: TextSpan) -> tuple[bool, bool]:
    """Whether a mark can open and whether it can close, by its shape and its neighbours."""
    mark = match.group()
    before = text[match.start() - 1] if match.start() > paragraph.start else " "
    after = text[match.end()] if match.end() < paragraph.end else " "
    if mark in _OPENERS or mark == "``":
        mistyped = after.isspace() and before in ",.?!"  # “It's unusual,“ said Mr Noble.
        return not mistyped, mistyped
    opens = not after.isspace() and (before.isspace() or before in "([{—–-/‘'“")
    closes = not before.isspace() and (after.isspace() or not after.isalnum())
    if mark in _CLOSERS:
        return opens and not closes, True
    return opens, closes or (not opens and not after.isalnum())


def _single_runs(text: str, paragraph: TextSpan, index: int) -> Iterator[Run]:
    start: int | None = None
    marks = list(_SINGLE.finditer(text, paragraph.start, paragraph.end))
    for i, match in enumerate(marks):
        at = match.start()
        before = text[at - 1] if at > paragraph.start else " "
        after = text[at + 1] if at + 1 < paragraph.end else " "
        opens = match.group() != "’" and (before.isspace() or before in '([—–-:“"') and after.isalnum()
        closes = match.group() != "‘" and not before.isspace() and not after.isalnum()
        if start is None:
            if opens and not (after.isdigit() and text[at + 2 : at + 4].strip("0") in ("s", "s ")):
                start = at
        elif closes:
            # “the workers’ demands,’ he said”: after an s it may be a plural's apostrophe.
            possessive = (
                before == "s"
                and after == " "
                and any(
                    text[later.start() - 1] in ",.?!…" and text[later.start()] != "‘"
                    for later in marks[i + 1 : i + 2]
                )
            )
            if not possessive:
                yield Run(TextSpan(start, at + 1), index, closed=True)
                start = None
    if start is not None and paragraph.end - start > 1 and start == paragraph.start:
        yield Run(TextSpan(start, paragraph.end), index, closed=False)


class Page:
    """An article's tokens with its runs in marks: which words are the paper's and which are in marks."""

    def __init__(self, doc: Doc, prose: Sequence[TextSpan]) -> None:
        self.doc = doc
        self.text = doc.text
        self.prose = prose
        self.runs = marked_runs(doc.text, prose)
        self.run_at: list[int | None] = [None] * len(doc)
        self.paragraph_at: list[int | None] = [None] * len(doc)
        _paint(doc, prose, self.paragraph_at)
        _paint(doc, [run.span for run in self.runs], self.run_at)
        self.first = [-1] * len(self.runs)
        self.last = [-1] * len(self.runs)
        for i, run in enumerate(self.run_at):
            if run is not None:
                self.first[run] = i if self.first[run] < 0 else self.first[run]
                self.last[run] = i

    def head(self, run: int) -> list[Token]:
        """The words of the run's sentence before it, outside all marks: ``[He, said, :]``."""
        words: list[Token] = []
        for i in range(self.first[run] - 1, -1, -1):
            if self.paragraph_at[i] != self.runs[run].paragraph:
                break
            other = self.run_at[i]
            if other is not None:
                if self.ends_like_speech(other):
                    break
                continue
            if ends_sentence(self.doc[i]):
                break
            words.append(self.doc[i])
        return words[::-1]

    def tail(self, run: int) -> list[Token]:
        """The words of the run's sentence after it, outside all marks: ``[she, said]``."""
        words: list[Token] = []
        for i in range(self.last[run] + 1, len(self.doc)):
            if self.paragraph_at[i] != self.runs[run].paragraph or ends_sentence(self.doc[i]):
                break
            other = self.run_at[i]
            if other is not None:
                if self.is_speech(other):
                    break
                continue
            words.append(self.doc[i])
        return words

    def inner(self, run: int) -> str:
        """The words in the marks."""
        return self.runs[run].span.of(self.text).strip("“”\"'`‘’«»„ \t")

    def ends_like_speech(self, run: int) -> bool:
        """Whether a pause or an end stands at the closing mark, on either side of it."""
        inner = self.inner(run)
        if inner[-1:] in ",.?!…—":
            return True
        return self.text[self.runs[run].span.end :][:1] == "," and self.is_speech(run)

    def is_speech(self, run: int) -> bool:
        """Whether the run could stand as a sentence, rather than as a fragment of the paper's own."""
        inner = self.inner(run)
        if not inner or inner[0].islower():
            return False
        pause = inner[-1] in ",.?!…—-]" or not self.runs[run].closed or self._is_whole_paragraph(run)
        if not pause and self.text[self.runs[run].span.end :][:1] not in ",.":
            return False
        before = self.text[self.prose[self.runs[run].paragraph].start : self.runs[run].span.start].rstrip()
        if not before or before[-1] in ":,.?!”\"’')-—–;":
            return True
        goes_on = self.text[self.runs[run].span.end :][:2].strip()[:1].islower()
        return len(inner.split()) > 3 and not (goes_on and inner[-1] in ".?!")  # the “Yes. Now.” campaign

    def _is_whole_paragraph(self, run: int) -> bool:
        """Whether nothing else stands in the run's paragraph: a pull quote needs no full stop."""
        span = self.runs[run].span
        return span == self.prose[self.runs[run].paragraph] and len(span.of(self.text).split()) > 5

    def is_title(self, run: int) -> bool:
        """Whether the run looks like the title of a work or a name: its longer words all have capitals."""
        longer = [word for word in self.inner(run).split() if len(word) > 3 and word[0].isalpha()]
        return bool(longer) and all(word[0].isupper() for word in longer) and not self.ends_sentence(run)

    def ends_sentence(self, run: int) -> bool:
        """Whether the run's last word is followed by a full stop or the like, within the marks, and has a verb."""
        return self.inner(run)[-1:] in (".", "?", "!") and self.contains_verb(run)

    def contains_verb(self, run: int) -> bool:
        """Whether a finite verb is among the run's words: titles of works rarely have one."""
        tokens = self.doc[self.first[run] : self.last[run] + 1]
        return any(token.tag_ in _FINITE for token in tokens)


def _paint(doc: Doc, spans: Sequence[TextSpan], labels: list[int | None]) -> None:
    """Write into ``labels`` the number of the span that each token lies in; spans are in reading order."""
    number = 0
    for token in doc:
        while number < len(spans) and spans[number].end <= token.idx:
            number += 1
        if number < len(spans) and token.idx + len(token) > spans[number].start:
            labels[token.i] = number


def ends_sentence(token: Token) -> bool:
    """Whether a token is a full stop, a question mark or the like, rather than an abbreviation."""
    return token.text[-1] in _SENTENCE_END and len(token.text) <= 3 and not token.text[0].isalpha()
