"""Text with parts of it marked, as HTML; all that is not a mark of ours is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from ingest.store import MATCH_MARKS


@dataclass(frozen=True, slots=True)
class Span:
    """A range of an article's characters to mark: ``css`` is its class, ``href`` where it leads, if so."""

    start: int
    end: int
    css: str
    href: str = ""


def marked(snippet: str) -> Markup:
    """``a ⟪word⟫`` → ``a <mark>word</mark>``."""
    begin, end = MATCH_MARKS
    shown, open_ = Markup(), False
    for piece in _pieces(snippet):
        # A mark that stands in the text itself has no partner, and is dropped.
        if piece == begin and not open_:
            shown, open_ = shown + Markup("<mark>"), True
        elif piece == end and open_:
            shown, open_ = shown + Markup("</mark>"), False
        elif piece not in MATCH_MARKS:
            shown += escape(piece)
    return shown + Markup("</mark>") if open_ else shown


def _pieces(snippet: str) -> Iterable[str]:
    begin, end = MATCH_MARKS
    for index, part in enumerate(snippet.split(begin)):
        if index:
            yield begin
        for inner, piece in enumerate(part.split(end)):
            if inner:
                yield end
            yield piece


def paragraphs(pieces: Sequence[tuple[int, str]], spans: Iterable[Span]) -> Markup:
    """Pieces of an article, each with where it begins, as paragraphs with their spans marked.

    Between pieces that do not follow each other stands a line that says so. A span that lies outside,
    or inside another, is left out; one that goes over paragraphs is marked in each of them.
    """
    ordered = sorted(spans, key=lambda span: (span.start, -span.end))
    shown, before = Markup(), None
    for at, text in pieces:
        if before is not None:
            shown += Markup(
                '<p class="gap" role="separator" aria-label="Some of the article is left out">⋯</p>'
            )
        for start, line in _lines(at, text):
            shown += Markup("<p>{}</p>\n").format(_line(line, start, ordered))
        before = at + len(text)
    return shown


def _lines(at: int, text: str) -> Iterable[tuple[int, str]]:
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield at, line.rstrip()
        at += len(line)


def _line(line: str, at: int, ordered: Sequence[Span]) -> Markup:
    shown, done, end = Markup(), at, at + len(line)
    for span in ordered:
        first, last = max(span.start, at), min(span.end, end)
        if first < last and done <= first:
            words = line[first - at : last - at]
            inside = Markup('<a href="{}">{}</a>').format(span.href, words) if span.href else escape(words)
            mark = Markup('<mark class="{}">{}</mark>').format(span.css, inside)
            shown += escape(line[done - at : first - at]) + mark
            done = last
    return shown + escape(line[done - at :])


def merged(pieces: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Pieces of one text, overlapping or not, as pieces that do not overlap, in order."""
    found: list[tuple[int, str]] = []
    for at, text in sorted(pieces):
        if found and at <= found[-1][0] + len(found[-1][1]):
            start, known = found[-1]
            found[-1] = (start, known + text[max(0, start + len(known) - at) :])
        else:
            found.append((at, text))
    return found
