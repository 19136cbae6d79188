"""Where a quotation is: what the trained reader takes for speech, held to what the marks make certain.

The reader knows speech from the paper's own words, in marks or not, and the cue of each. The marks know that
a run is one unit, and that a list of titles is nobody's speech. Who the source is, is the next stage's
question.
"""

from __future__ import annotations

import re
from itertools import groupby

from ingest.marks import NEARLY_ALL, Page
from ingest.reader import Scan, find_speeches
from ingest.records import Quotation, TextSpan

_LEAD = re.compile(r"that\s+|(?:(?:it|him|her|them)\s+)?(?:as\s+|of\s+)?(?=[“\"‘])", re.IGNORECASE)
_FEWEST_WORDS = 3  # of reported speech without marks: “called it wrong” is no clause


def find(page: Page, scan: Scan) -> list[Quotation]:
    """The quotations of an article's prose, in reading order, each with its cue if it has one.

    For ``“It is over,” she said.`` → one direct quotation with the cue “said”; for ``She said it was “a
    farce”.`` → one mixed one, ``it was “a farce”``; for ``She said it was over.`` → one indirect one.
    """
    found: list[Quotation] = []
    for speech in find_speeches(scan):
        cue = TextSpan(*speech.cue) if speech.cue else None
        tidied = [_tidy(page.text, TextSpan(*part)) for part in speech.parts]
        prose = [part for part in tidied if _is_prose(page, part)]
        for _, group in groupby(prose, key=lambda part: page.paragraph(part.start)):
            if parts := _without_scraps(page, _without_titles(page, tuple(group))):
                quotation = Quotation(page.kind(parts), parts, cue)
                if quotation.kind != "indirect" or _words(page, parts) >= _FEWEST_WORDS:
                    found.append(quotation)
    return sorted(found, key=lambda quotation: quotation.parts)


def _words(page: Page, parts: tuple[TextSpan, ...]) -> int:
    return sum(len(part.of(page.text).split()) for part in parts)


def _tidy(text: str, part: TextSpan) -> TextSpan:
    """A part without loose ends: ``that it was over,`` → ``it was over``; ``it “a sham”`` → ``“a sham”``."""
    start, end = part
    if lead := _LEAD.match(text, start, end):
        start = lead.end()
    while end > start and text[end - 1] in " ,;:-–—\n":
        end -= 1
    while start < end and text[start] in " ,;:\n":
        start += 1
    return TextSpan(start, end)


def _is_prose(page: Page, part: TextSpan) -> bool:
    return part.end > part.start and page.paragraph(part.start) is not None


def _without_titles(page: Page, parts: tuple[TextSpan, ...]) -> tuple[TextSpan, ...]:
    """The parts that are more than titles of works: after “Layla,” he said, “thank you” → the second.

    One alone may be a name that somebody was called: dubbed him “Sir Wastealot”.
    """
    runs = [run for part in parts for run in page.runs_in(part)]
    if len(runs) < 2:
        return parts
    return tuple(
        part for part in parts if not (inside := page.runs_in(part)) or not all(map(page.is_title, inside))
    )


def _without_scraps(page: Page, parts: tuple[TextSpan, ...]) -> tuple[TextSpan, ...]:
    """The parts that say something: beside words in marks, not the odd word that the reader saw besides."""
    if len(parts) < 2 or not any(page.runs_in(part) for part in parts):
        return parts
    spoken = any(page.is_speech(run) for part in parts for run in page.runs_in(part))
    fewest = _FEWEST_WORDS + 2 if spoken else 2
    return tuple(
        part
        for part in parts
        if _words(page, (part,)) >= fewest
        or (page.runs_in(part) and (not spoken or page.share_in_marks((part,)) > NEARLY_ALL))
    )
