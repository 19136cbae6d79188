"""What the reader sees of an article: word pieces, and four small facts about each.

The same function serves training and prediction, so that the two cannot drift apart. It needs neither
torch nor spaCy. The facts are those which an uncased tokenizer loses, or which a window cannot show:

    quote   outside, inside marks, a mark that opens, a mark that closes (double and single)
    start   whether a paragraph or a sentence begins here
    shape   lower case, Capitalised, CAPITALS, digits, punctuation
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.marks import double_runs, paragraphs, sentence_starts, single_runs

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = NDArray[np.int64]

OUTSIDE, INSIDE, UNCLOSED, OPEN, CLOSE, SINGLE, SINGLE_OPEN, SINGLE_CLOSE = range(8)
NO_START, PARAGRAPH_START, SENTENCE_START = range(3)
LOWER, CAPITALISED, CAPITALS, DIGITS, PUNCTUATION = range(5)
QUOTE_STATES, START_STATES, SHAPES = 8, 3, 5

_PARAGRAPH = re.compile(r"[^\n]+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Pieces:
    """An article as word pieces. All arrays have one entry a piece; offsets are characters."""

    ids: Ints
    starts: Ints
    ends: Ints
    quote: Ints
    start: Ints
    shape: Ints
    sentence: Ints
    paragraph: Ints

    def __len__(self) -> int:
        return len(self.ids)


def quote_states(text: str) -> NDArray[np.int8]:
    """The quotation state of every character.

    ``'He said “no” twice'`` is OUTSIDE but for OPEN at the first mark, INSIDE for ``no``, CLOSE at the last.
    A paragraph whose marks are left open (newspaper style: the next paragraph opens them again) is UNCLOSED
    from the mark to its end. Single marks have states of their own, unless they are nested.
    """
    states = np.zeros(len(text), dtype=np.int8)
    for paragraph in paragraphs(text):
        for run in (*single_runs(text, paragraph), *double_runs(text, paragraph)):
            single = text[run.span.start] in "‘’'" and not text.startswith("''", run.span.start)
            opened, inside, closed = (
                (SINGLE_OPEN, SINGLE, SINGLE_CLOSE)
                if single
                else (OPEN, INSIDE if run.closed else UNCLOSED, CLOSE)
            )
            width = 2 if text[run.span.start : run.span.start + 2] in ("''", "``") else 1
            states[run.span.start : run.span.end] = inside
            states[run.span.start : run.span.start + width] = opened
            if run.closed:
                states[run.span.end - width : run.span.end] = closed
    return states


def read_pieces(text: str, tokenizer: Tokenizer) -> Pieces:
    """Cut an article into word pieces and give each its facts."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    shapes = np.full(len(text) + 1, PUNCTUATION, dtype=np.int8)
    for word in _WORD.finditer(text):
        shapes[word.start() : word.end()] = _shape(word.group())
    states = np.append(quote_states(text), np.int8(OUTSIDE))
    sentences = np.array(sentence_starts(text), dtype=np.int64)
    paragraphs = np.array([match.start() for match in _PARAGRAPH.finditer(text)], dtype=np.int64)
    sentence = np.searchsorted(sentences, starts, side="right")
    paragraph = np.searchsorted(paragraphs, starts, side="right")
    start = np.full(len(starts), NO_START, dtype=np.int64)
    start[_first(sentence)] = SENTENCE_START
    start[_first(paragraph)] = PARAGRAPH_START
    return Pieces(
        ids=np.array(encoding.ids, dtype=np.int64),
        starts=starts,
        ends=ends,
        quote=states[starts].astype(np.int64),
        start=start,
        shape=shapes[starts].astype(np.int64),
        sentence=sentence.astype(np.int64),
        paragraph=paragraph.astype(np.int64),
    )


def _first(groups: Ints) -> NDArray[np.bool_]:
    """Which entries differ from the one before: ``[1, 1, 2]`` → ``[True, False, True]``."""
    return np.append(True, groups[1:] != groups[:-1])[: len(groups)]


def _shape(word: str) -> int:
    if word[0].isdigit():
        return DIGITS
    if not word[0].isupper():
        return LOWER
    return CAPITALS if len(word) > 1 and word.isupper() else CAPITALISED


def distance_bucket(distance: Ints) -> Ints:
    """Signed distances in pieces → 0…22, fine near, coarse far: ``[-300, 0, 1, 5]`` → ``[0, 11, 12, 15]``."""
    size = np.abs(distance)
    bucket = np.where(size <= 3, size, np.minimum(4 + np.floor(2 * np.log2(np.maximum(size, 4) / 4)), 11))
    bucket = np.minimum(bucket, 11).astype(np.int64)
    return np.where(distance < 0, 11 - bucket, 11 + bucket)


DISTANCES = 23


def step_bucket(step: Ints) -> Ints:
    """Signed steps in sentences or paragraphs → 0…6: ``[-5, -1, 0, 2]`` → ``[0, 2, 3, 5]``."""
    return np.clip(step, -3, 3) + 3


STEPS = 7
