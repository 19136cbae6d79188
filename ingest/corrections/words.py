"""Where some words stand in a text, whatever the marks, the white space and the capitals."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from ingest.records import TextSpan

_MOST_PARTS = 8
_WORDS_A_PART = 3  # at least, on average: single words can be put together to anything
_GAP = 80  # words between two parts of a quotation: “We will,” said the chair of …, “win.”
_MOST_STEPS = 100_000  # a text could be made for which the search would never end

_Pieces = tuple[tuple[int, int], ...]  # counted in words of the text, half-open


class Words:
    """The words of a text, to be searched.

    >>> text = "“We will,” she said, “win.”"
    >>> [[span.of(text) for span in place] for place in Words(text).find("we will win")]
    [['We will', 'win']]
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [TextSpan(*match.span()) for match in re.finditer(r"\w+", text)]
        self.words = [span.of(text).casefold() for span in self.spans]
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            self.places[word].append(place)
        self._steps = 0

    def find(self, words: str) -> list[tuple[TextSpan, ...]]:
        """Every place where words stand: in one piece or else, as a quotation does, in the fewest parts."""
        wanted = tuple(match.group().casefold() for match in re.finditer(r"\w+", words))
        most = min(_MOST_PARTS, max(2, len(wanted) // _WORDS_A_PART))
        found = self._found(wanted, most)
        if not found and len(wanted) > _WORDS_A_PART:
            # Reported speech is interrupted without a comma too: he felt *it* would be shown *to be wrong*
            found = self._found(wanted, 2, paused=False)
        return [
            tuple(TextSpan(self.spans[first].start, self.spans[end - 1].end) for first, end in pieces)
            for pieces in found
        ]

    def _found(self, wanted: Sequence[str], most: int, *, paused: bool = True) -> list[_Pieces]:
        """Every place of words, in the fewest pieces; of places that overlap, the shortest."""
        self._steps = _MOST_STEPS
        found: list[_Pieces] = []
        for start in self.places.get(wanted[0], ()) if wanted else ():
            if self._steps < 0:
                break
            if pieces := self._pieces(wanted, start, most, paused):
                if len(pieces) < most:
                    found, most = [], len(pieces)
                found.append(pieces)
        apart: list[_Pieces] = []
        for pieces in sorted(found, key=lambda pieces: pieces[-1][1] - pieces[0][0]):
            if all(pieces[-1][1] <= other[0][0] or other[-1][1] <= pieces[0][0] for other in apart):
                apart.append(pieces)
        return sorted(apart)

    def _pieces(self, wanted: Sequence[str], at: int, most: int, paused: bool) -> _Pieces | None:
        """The fewest pieces that make up the words, the first of them at a place; none if there are none."""
        self._steps -= 1
        run = 0
        while run < len(wanted) and self.words[at + run : at + run + 1] == [wanted[run]]:
            run += 1
        if run == len(wanted):
            return ((at, at + run),)
        best: _Pieces | None = None
        for end in range(at + run, at, -1):
            nearby = self.places.get(wanted[end - at], [])
            for place in nearby[bisect_right(nearby, end) : bisect_right(nearby, end + _GAP)]:
                if most < 2 or self._steps < 0:
                    return best
                if not paused or self._pauses(end) or self._pauses(place):
                    rest = self._pieces(wanted[end - at :], place, most - 1, paused)
                    if rest and (best is None or len(rest) + 1 < len(best)):
                        best = ((at, end), *rest)
                        most = len(best) - 1
        return best

    def _pauses(self, place: int) -> bool:
        """Whether more than white space stands before a word."""
        return not self.text[self.spans[place - 1].end : self.spans[place].start].isspace()
