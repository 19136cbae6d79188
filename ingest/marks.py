"""Which words of an article are the paper's own and which are in quotation marks.

Read from characters alone, paragraph by paragraph. Nothing here asks whether what is in marks is speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from ingest.records import QuoteKind, TextSpan

NEARLY_ALL = 0.8  # of what is said, in marks: the rest may be the paper's brackets and dashes

_MARK = re.compile(r"[“”„«»\"]|''|``")
_SINGLE = re.compile(r"[‘’']")
_OPENERS, _CLOSERS = "“„«", "”»"
_SENTENCE_END = re.compile(r"[.!?][”\"’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Gov|Rep|Reps|Sens|Gen|Col|Lt|Sgt|Capt|Rev|Hon|St|Jr|Sr|vs|No|Jan|Feb|Aug"
    r"|Sept|Oct|Nov|Dec|U\.S|U\.N|U\.K|D\.C|a\.m|p\.m)|\b[A-Z])\.$"
)


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
    runs = [run for i, p in enumerate(prose) for run in double_runs(text, p, i)]
    singles = [run for i, p in enumerate(prose) for run in single_runs(text, p, i)]
    speech_like = [run for run in singles if text[run.span.end - 2] in ",.?!…"]
    return singles if len(speech_like) > len(runs) else runs


def double_runs(text: str, paragraph: TextSpan, index: int = 0) -> Iterator[Run]:
    """The runs in double marks of one paragraph, of any shape: “ ”, " " and '' ''."""
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


def single_runs(text: str, paragraph: TextSpan, index: int = 0) -> Iterator[Run]:
    """The runs in single marks of one paragraph; apostrophes are not marks."""
    start: int | None = None
    marks = _SINGLE.finditer(text, paragraph.start, paragraph.end)
    for match, later in pairwise(chain(marks, [None])):
        assert match is not None
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
                and later is not None
                and text[later.start() - 1] in ",.?!…"
                and later.group() != "‘"
            )
            if not possessive:
                yield Run(TextSpan(start, at + 1), index, closed=True)
                start = None
    if start is not None and paragraph.end - start > 1 and start == paragraph.start:
        yield Run(TextSpan(start, paragraph.end), index, closed=False)


def sentence_starts(text: str) -> list[int]:
    """Where sentences begin, paragraphs included: ``'Mr. Lee left. He is ill.'`` → ``[0, 14]``."""
    starts: list[int] = []
    for paragraph in re.finditer(r"[^\n]+", text):
        begin, end = paragraph.span()
        starts.append(begin)
        for stop in _SENTENCE_END.finditer(text, begin, end):
            if not _ABBREVIATION.search(text, max(begin, stop.start() - 6), stop.start() + 1):
                starts.append(stop.end())
    return starts


class Page:
    """An article's text with its prose paragraphs, its sentences and its runs in marks, found by offset."""

    def __init__(self, text: str, prose: Sequence[TextSpan]) -> None:
        self.text = text
        self.prose = prose
        self.runs = marked_runs(text, prose)
        self._paragraphs = [paragraph.start for paragraph in prose]
        self._runs = [run.span.start for run in self.runs]
        self._sentences = [at for at in sentence_starts(text) if not self.in_marks(at)]

    def paragraph(self, at: int) -> int | None:
        """The number of the prose paragraph that holds an offset, none for what is not prose."""
        number = bisect_right(self._paragraphs, at) - 1
        return number if number >= 0 and at < self.prose[number].end else None

    def sentence(self, at: int) -> int:
        """How many sentences of the paper's own words have begun before an offset or at it."""
        return bisect_right(self._sentences, at)

    def run(self, at: int) -> int | None:
        """The number of the run in marks that holds an offset."""
        number = bisect_right(self._runs, at) - 1
        return number if number >= 0 and at < self.runs[number].span.end else None

    def in_marks(self, at: int) -> bool:
        """Whether the character at an offset is in quotation marks."""
        return self.run(at) is not None

    def runs_in(self, span: TextSpan) -> list[int]:
        """The numbers of the runs that share characters with a span."""
        first = max(bisect_right(self._runs, span.start) - 1, 0)
        last = bisect_left(self._runs, span.end)
        return [i for i in range(first, last) if self.runs[i].span.overlaps(span)]

    def inner(self, run: int) -> str:
        """The words in the marks."""
        return self.runs[run].span.of(self.text).strip("“”\"'`‘’«»„ \t")

    def is_speech(self, run: int) -> bool:
        """Whether the run could stand as a sentence, rather than as a fragment of the paper's own."""
        inner = self.inner(run)
        if not inner or inner[0].islower():
            return False
        pause = inner[-1] in ",.?!…—-]" or not self.runs[run].closed or self._is_whole_paragraph(run)
        behind = self.text[self.runs[run].span.end :][:2]
        if not pause and behind[:1] not in ",.":
            return False
        before = self.text[self.prose[self.runs[run].paragraph].start : self.runs[run].span.start].rstrip()
        if not before or before[-1] in ":,.?!”\"’')-—–;":
            return True
        goes_on = behind.strip()[:1].islower()
        return len(inner.split()) > 3 and not (goes_on and inner[-1] in ".?!")  # the “Yes. Now.” campaign

    def kind(self, parts: tuple[TextSpan, ...]) -> QuoteKind:
        """Direct: sentences in marks. Mixed: some of the paper's words, or a fragment. Indirect: no marks."""
        runs = [run for part in parts for run in self.runs_in(part)]
        if not runs:
            return "indirect"
        return "direct" if self.is_speech(runs[0]) and self.share_in_marks(parts) > NEARLY_ALL else "mixed"

    def share_in_marks(self, parts: tuple[TextSpan, ...]) -> float:
        """How much of the parts stands in marks, from 0 to 1."""
        marked = sum(
            min(part.end, self.runs[run].span.end) - max(part.start, self.runs[run].span.start)
            for part in parts
            for run in self.runs_in(part)
        )
        return marked / sum(part.end - part.start for part in parts)

    def is_title(self, run: int) -> bool:
        """Whether the run looks like the title of a work or a name: its longer words all have capitals."""
        inner = self.inner(run)
        longer = [word for word in inner.split() if len(word) > 3 and word[0].isalpha()]
        return bool(longer) and all(word[0].isupper() for word in longer) and inner[-1] not in ".?!"

    def _is_whole_paragraph(self, run: int) -> bool:
        """Whether nothing else stands in the run's paragraph: a pull quote needs no full stop."""
        span = self.runs[run].span
        return span == self.prose[self.runs[run].paragraph] and len(span.of(self.text).split()) > 5
