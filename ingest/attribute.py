"""Which words name the source of a quotation.

The trained reader links what is said to the words that name who said it. Where the layout is certain it
decides: a paragraph that opens its marks again without the last having closed them goes on with the same
speech, and a pull quote has the source that its words have in the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.marks import Page
from ingest.reader import Scan, source_of
from ingest.records import Attribution, Quotation, TextSpan

_RELATIVE = re.compile(r"\bwho\b")
_LEAD = re.compile(r"\s*(?:said|says|to|by|that|from|of|as|and|but|while|for)\s+", re.IGNORECASE)
_DESCRIPTION = re.compile(r",? (?:who|which|whose)\b|, (?=[a-z\d])| [-–—] | ?\(|[“\"]")
_LEAST = 0.3  # below this, reported speech is more often none than not
_CONTINUES = 0.97
_GOES_ON = 0.8
_REPEATS = 0.9
_REACH = 100  # quotations before and after: more than an article has


def attribute(page: Page, scan: Scan, quotations: Sequence[Quotation]) -> list[Attribution]:
    """An attribution for each quotation, in the same order: ``“Go,” said Ms Ito`` → source ``Ms Ito``."""
    found: list[Attribution] = []
    for quotation in quotations:
        announced = quotation.cue is not None and quotation.kind == "direct" and _beside(page, quotation)
        if found and not announced and _continues(page, found[-1].quotation, quotation):
            found.append(
                Attribution(quotation, found[-1].source, _CONTINUES * found[-1].confidence, "continuation")
            )
            continue
        source, confidence = source_of(scan, quotation.parts, named=announced)
        if quotation.kind == "indirect" and confidence < _LEAST:
            continue
        named = _named_part(page.text, TextSpan(*source), quotation.cue) if source else None
        if named is not None:
            found.append(Attribution(quotation, named, confidence, "reader"))
        elif found and _shares_paragraph(page, found[-1].quotation, quotation):
            found.append(
                Attribution(quotation, found[-1].source, _GOES_ON * found[-1].confidence, "paragraph")
            )
        elif quotation.kind == "direct":  # the rest is nobody's: a scare quote, a nickname, an expectation
            found.append(Attribution(quotation, None, confidence, "none"))
    plain = [_plain(page.text, attribution.quotation) for attribution in found]
    repeated = [_as_repeated(page, number, found, plain) for number in range(len(found))]
    return [replace(attribution, confidence=round(attribution.confidence, 3)) for attribution in repeated]


def _beside(page: Page, quotation: Quotation) -> bool:
    """Whether the cue stands in the quotation's own paragraph."""
    start = quotation.cue.start if quotation.cue else -1
    return page.paragraph(start) == page.paragraph(quotation.parts[0].start)


def _shares_paragraph(page: Page, before: Quotation, quotation: Quotation) -> bool:
    """Whether a sentence in marks follows another of its paragraph: “X,” he said. “Y.”"""
    same = page.paragraph(before.parts[-1].start) == page.paragraph(quotation.parts[0].start)
    return same and before.kind == quotation.kind == "direct"


def _named_part(text: str, source: TextSpan, cue: TextSpan | None) -> TextSpan | None:
    """The words of a source that name it: ``said Ann Lee, who runs the mill,`` → ``Ann Lee``.

    In ``Ann Lee, who has often warned``, with no comma before the cue, that is ``who``; in punctuation, none.
    """
    start, end = source
    if cue is not None and cue.start <= start < cue.end < end:
        start = cue.end
    if lead := _LEAD.match(text, start, end):
        start = lead.end() if lead.end() < end else start
    relative = _RELATIVE.search(text, start, end)
    if relative and (
        relative.end() == end or (cue and not text[end : cue.start].strip() and cue.start >= end)
    ):
        return TextSpan(*relative.span())
    if (more := _DESCRIPTION.search(text, start, end)) and more.start() > start:
        end = more.start()
    words = text[start:end]
    first, last = start + len(words) - len(words.lstrip(" ,")), start + len(words.rstrip(" ,;:("))
    return TextSpan(first, last) if first < last else None


def _continues(page: Page, before: Quotation, quotation: Quotation) -> bool:
    """Whether a paragraph goes on with the speech that the paragraph before left open."""
    last, first = page.run(before.parts[-1].start), page.run(quotation.parts[0].start)
    if last is None or first is None or first != last + 1 or page.runs[last].closed:
        return False
    paragraph = page.runs[first].paragraph
    return (
        paragraph == page.runs[last].paragraph + 1
        and page.runs[first].span.start == page.prose[paragraph].start
    )


def _as_repeated(page: Page, number: int, found: Sequence[Attribution], plain: Sequence[str]) -> Attribution:
    """A pull quote stands alone in its paragraph, and near it again, with its source."""
    attribution = found[number]
    part = attribution.quotation.parts[0]
    paragraph = page.paragraph(part.start)
    if paragraph is None or page.prose[paragraph] != part or attribution.method == "continuation":
        return attribution
    for other in range(max(0, number - _REACH), min(len(found), number + _REACH)):
        if other != number and found[other].source and plain[number] in plain[other]:
            return Attribution(attribution.quotation, found[other].source, _REPEATS, "repeat")
    return attribution


def _plain(text: str, quotation: Quotation) -> str:
    return " ".join(re.findall(r"\w+", " ".join(part.of(text) for part in quotation.parts).lower()))
