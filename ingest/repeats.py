"""Which quotes are the same words, said once and printed several times.

    words       what the speaker said, in one spelling
    candidates  pairs of texts that share their rarest runs of words
    likeness    how far the words of one stand in the other as they were said
    groups      each text with the fullest one that holds its words

A group is a star and no chain: every member is held against the canonical quote itself.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from math import inf
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel, Levenshtein

from ingest.marks import double_runs, single_runs
from ingest.records import QuoteKind, TextSpan

Relation = Literal["same", "near", "fragment"]

# Of the matches below this in 837 articles (PolNeAR train), 60 of 83 are by different speakers; above it,
# 6 of 53, and all but one of these quote each other or are wrongly attributed.
LEAST_WORDS, LEAST_RARE = 5, 2
LEAST_FRAGMENT = 4  # words in one pair of marks of a mixed quote
LEAST_LIKENESS = 0.8
# Without marks the words are the paper's: “the former secretary of state” repeats nobody.
LEAST_WORDS_INDIRECT, LEAST_LIKENESS_INDIRECT = 10, 0.9
NEAR = 0.8  # a text with fewer of the canonical one's words is a fragment of it
# From here on two speakers do not hit upon the same words: one quotes the other, or a paper errs.
SHARED_WORDS, SHARED_LIKENESS = 12, 0.9


@dataclass(frozen=True, slots=True)
class Sighting:
    """A quote as one article prints it. ``published`` is an ISO date, or unknown."""

    id: str
    text: str
    kind: QuoteKind
    speaker: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """One quote of a group: the canonical one, or one that says the same.

    ``likeness``, 0 to 1, is the part of the quote's words that stand in the canonical quote as well, less
    what differs between them. ``first`` marks the earliest of the group, where a date is known.
    """

    quote: str
    canonical: str
    likeness: float
    relation: Relation
    first: bool


def repeats(sightings: Iterable[Sighting]) -> list[Repeat]:
    """The groups of two quotes and more, each with the canonical one first, then by date.

    ``“We will mend the weir, whatever it costs,”`` of Monday and ``she would “mend the weir, whatever it
    costs”`` of Tuesday, by one speaker, are two repeats: the first one canonical and the first, the second a
    fragment of it or near to it. The order of the input means nothing. Ids must differ.

    Quotes of one speaker are repeats from five words on, two of them rare; those of two speakers from twelve
    on, nearly the same; one whose speaker is unknown goes with the others. A number, a day, a negation or a
    word of weight that is another makes another saying. A million quotes take two minutes and 2.5 GB.
    """
    vocabulary = _Vocabulary()
    texts = _texts(sightings, vocabulary)
    return list(_members(texts, _holders(texts, list(_matches(texts, vocabulary)))))


# ---- words: a text becomes a string in which one character stands for one word

_GAP = "\0"  # words left out: an ellipsis, a bracket, the paper's words between two fragments

_APOSTROPHES = re.compile("[’‘ʼ`´]")
_BRACKET = re.compile(r"(\w?)[\[(]([^\[\]()]{0,80})[\])](\w?)")
_TOKEN = re.compile(
    r"…|\.(?:\s?\.)+|%|(?<![^\W_])(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*[^\W\d_]*|[^\W_]+(?:['’‘ʼ`´][^\W_]+)*"
)
_NUMBER = re.compile(r"([\d.,]+)([^\W\d_]*)")
_CONTRACTION = re.compile(r"(.+?)(n't|'ll|'re|'ve|'m|'d|'s)")
_BARE = re.compile(r"((?:ai|are|ca|could|did|do|does|had|has|have|is|should|was|were|wo|would)n)(t)")
_ENDINGS = {"n't": "not", "'ll": "will", "'re": "are", "'ve": "have", "'m": "am", "'d": "would", "'s": ""}
_SCALES = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "tn": "trillion"}
_FIGURES = "two three four five six seven eight nine ten eleven twelve"
_SPELLINGS = {
    **{word: str(number) for number, word in enumerate(_FIGURES.split(), 2)},
    **{"1": "one", "%": "percent", "cannot": "can not", "can't": "can not", "won't": "will not"},
    **{"gonna": "going to", "wanna": "want to", "gotta": "got to", "ok": "okay", "im": "i am"},
    **{"grey": "gray", "tyre": "tire", "cheque": "check", "mum": "mom", "till": "until"},
}
_FOLDS = (  # British to American; a word that is no word afterwards does no harm
    (re.compile(r"(?<=[^\W\d_]{2})our"), "or"),
    (re.compile(r"(?<=[^\W\d_]{2})tre$"), "ter"),
    (re.compile(r"ogue$"), "og"),
    (re.compile(r"mme$"), "m"),
    (re.compile(r"nce$"), "nse"),
    (re.compile(r"(?<=[^\W\d_])[ao]e"), "e"),
    (re.compile(r"ll"), "l"),
    (re.compile(r"z"), "s"),
)
_LONGEST_WORD = 40


def _folded(word: str) -> str:
    for pattern, form in _FOLDS:
        word = pattern.sub(form, word)
    return word[:_LONGEST_WORD]


def _set(words: str) -> frozenset[str]:
    return frozenset(map(_folded, words.split()))


# Words that a paper adds, drops and changes as it likes: the saying is the same.
_MINOR = _set("""
    a an the this that these those it its he she they we i you him her them us me my our his their your is
    was are were be been being am has have had do does did will would can could shall should and but so or
    to of in on at for as with by from than which who whom very just really well now also too then there
    here if when what because though although oh yes yeah uh um er okay absolutely actually simply again
""")
_NEGATIONS = _set("not no never none nobody nothing neither nor nowhere without hardly")
_FACTS = _set("""
    hundred thousand million billion trillion dozen half double triple twice quarter
    monday tuesday wednesday thursday friday saturday sunday
    january february april june july august september october november december
""")
# Words that, minor ones included, say little about who said something and when.
_COMMON = (
    _MINOR
    | _NEGATIONS
    | _set("""
    about after all any anybody anyone anything around away back bad before best better big both come
    comes coming course day did different do doing done down even ever every everybody everyone everything
    far feel find first get getting give go goes going gone good got great guy happen happened happening
    happens happy hard hear help her hope how important into keep kind know knows last let like little
    long look looking lot lots made make makes making man many matter may maybe mean might more most much
    must need needs new next nice off old one only other out over own part people person place point put
    ready right said same saw say saying says see seen something sorry sort still stuff such sure take
    taking talk talking tell than thank thanks thing things think thinking thought through time times
    today told tomorrow tonight try trying two under until up want wanted wants way week went where while
    why work working world worse worst wrong year years yesterday
""")
)


class _Vocabulary(dict[str, str]):
    """The characters that stand for the words of each token, given on first sight of it.

    ``Don't`` and ``do not`` are the same two characters, ``colour`` and ``color`` the same one.
    """

    def __init__(self) -> None:
        self.spelling = [""]  # by character
        self._character: dict[str, str] = {}
        self.minor: set[str] = set()
        self.negations: set[str] = set()
        self.facts: set[str] = set()
        self.common: set[str] = {_GAP}

    def __missing__(self, token: str) -> str:
        characters = "".join(map(self._of_word, _word_forms(token))) or (_GAP if token[0] in ".…" else "")
        self[token] = characters
        return characters

    def _of_word(self, word: str) -> str:
        known = self._character.get(word)
        if known is not None:
            return known
        if len(self.spelling) <= sys.maxunicode:
            character = chr(len(self.spelling))
            self.spelling.append(word)
        else:  # of more than a million different words some share a character: as good as never noticed
            character = chr(1 + _hash(word) % sys.maxunicode)
        self._character[word] = character
        for words, characters in (
            (_MINOR, self.minor),
            (_NEGATIONS, self.negations),
            (_COMMON, self.common),
        ):
            if word in words:
                characters.add(character)
        if word in _FACTS or any(letter.isdigit() for letter in word):
            self.facts.add(character)
        return character

    def said(self, quote: Sighting) -> str:
        """The words of a quote that are the speaker's: of a mixed one, those in marks, fragment by fragment.

        ``said he was “truly sorry for all of it” and would “never do it again”`` → the ten words in
        marks, with a gap between the two fragments.
        """
        text = quote.text
        if quote.kind != "mixed":
            return self._words(text)
        whole = TextSpan(0, len(text))
        runs = list(double_runs(text, whole)) or list(single_runs(text, whole))
        fragments = [self._words(run.span.of(text)) for run in runs]
        return _GAP.join(words for words in fragments if len(words) >= LEAST_FRAGMENT)

    def _words(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text).casefold()
        if "(" in text or "[" in text:
            text = _BRACKET.sub(self._bracket, text)
        if "per cent" in text:
            text = text.replace("per cent", "percent")
        words = "".join([self[token] for token in _TOKEN.findall(text)])
        return re.sub("\0{2,}", _GAP, words).strip(_GAP) if _GAP in words else words

    def _bracket(self, match: re.Match[str]) -> str:
        """A bracket is the paper's: ``[w]e`` → ``we``, ``beat [the rebels]`` → ``beat …``."""
        before, inner, after = match.groups()
        if (before or after) and inner.isalpha():
            return f"{before}{inner}{after}"
        words = self._words(inner.replace("(", "").replace("[", ""))
        telling = len(words) > 8 or any(word in self.negations or word in self.facts for word in words)
        return f"{before} {inner} {after}" if telling else f"{before} … {after}"

    def is_telling(self, words: str) -> bool:
        """Whether words are enough, and rare enough, not to be said by anybody on any day."""
        return _count(words) >= LEAST_WORDS and len(set(words) - self.common) >= LEAST_RARE


def _word_forms(token: str) -> list[str]:
    """A token as words of one spelling: ``don't`` → do not, ``£6m`` → 6 million, ``u.s.`` → us."""
    if token[0] in ".…":
        return []
    if not token.isascii():
        token = _APOSTROPHES.sub("'", token)
        token = "".join(c for c in unicodedata.normalize("NFKD", token) if not unicodedata.combining(c))
    if token in _SPELLINGS:
        return [_folded(word) for word in _SPELLINGS[token].split()]
    if number := _NUMBER.fullmatch(token):
        figures, unit = number.groups()
        return [figures.replace(",", "").strip("."), *filter(None, [_folded(_SCALES.get(unit, unit))])]
    if contraction := _CONTRACTION.fullmatch(token) or _BARE.fullmatch(token):
        stem, ending = contraction.groups()
        if ending == "t":
            stem, ending = stem[:-1], "n't"
        whole = {"ca": "can", "wo": "will", "ai": "is"}.get(stem, stem)
        return [_folded(word) for word in (whole, _ENDINGS[ending]) if word]
    return [_folded(token.replace(".", ""))]


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


class _Print(NamedTuple):
    """One sighting of a text. They sort by how direct it is, then by date."""

    how: int
    published: str
    quote: str
    speaker: str


class _Text(NamedTuple):
    """The same words and every place where they are printed, best first."""

    words: str
    prints: list[_Print]

    @property
    def speakers(self) -> set[str]:
        """Who is said to have said them."""
        return {sighting.speaker for sighting in self.prints if sighting.speaker}

    @property
    def rank(self) -> tuple[bool, int, _Print]:
        """What the canonical quote is chosen by: the fullest and most direct, then date and id.

        Whole sentences outweigh a quarter more words in fragments; what is reported without marks comes
        after all that is in marks.
        """
        weight = 5 if self.prints[0].how == 0 else 4
        return self.is_indirect, -_count(self.words) * weight, self.prints[0]

    @property
    def is_indirect(self) -> bool:
        """Whether no article has the words in marks."""
        return self.prints[0].how == 2


def _count(words: str) -> int:
    return len(words) - words.count(_GAP)


_UNDATED = "9999"


def _texts(sightings: Iterable[Sighting], vocabulary: _Vocabulary) -> list[_Text]:
    """The different texts that are worth a comparison, in the order in which they may be canonical.

    Few words that two speakers have said are two texts, many are one.
    """
    found: dict[tuple[str, str | None], _Text] = {}
    for quote in sightings:
        words = vocabulary.said(quote)
        least = LEAST_WORDS_INDIRECT if quote.kind == "indirect" else LEAST_WORDS
        if _count(words) < least or not vocabulary.is_telling(words):
            continue
        key = words, None if _count(words) >= SHARED_WORDS else quote.speaker
        how = ("direct", "mixed", "indirect").index(quote.kind)
        sighting = _Print(how, quote.published or _UNDATED, quote.id, quote.speaker or "")
        found.setdefault(key, _Text(words, [])).prints.append(sighting)
    for text in found.values():
        text.prints.sort()
    return sorted(found.values(), key=lambda text: text.rank)


# ---- candidates

_RUNS = (3, 5)  # words that follow each other
_PROBES = 4
_HOLDERS = 16
_REACH = 16  # words to each side of a shared run that are looked at before a pair is compared
_BATCH = 1 << 14  # texts, with at most _PROBES * _HOLDERS * len(_RUNS) pairs each

_Numbers = npt.NDArray[np.int64]


class _Corpus:
    """The words of all texts one after the other, as numbers, and of which text each is."""

    def __init__(self, texts: list[_Text], vocabulary: _Vocabulary) -> None:
        self.lengths = np.array([len(text.words) for text in texts], dtype=np.int64)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.text_of = np.repeat(np.arange(len(texts), dtype=np.int32), self.lengths)
        margin = _GAP * _REACH
        all_words = "".join([margin, *(text.words for text in texts), margin])
        self.padded = np.frombuffer(all_words.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        self.words = self.padded[_REACH:-_REACH]
        # Of the spelling, since which character a word has got depends on the order of the input.
        self.hashes = np.array([_hash(word) for word in vocabulary.spelling], dtype=np.uint64)

    def runs(self, length: int) -> npt.NDArray[np.uint64]:
        """A key for each run of words within a text, in order: its hash, and its place in the lower bits."""
        bits = np.uint64(self.words.size.bit_length())
        keys = np.empty(max(self.words.size - length + 1, 0), dtype=np.uint64)
        filled = 0
        for low in range(0, keys.size, 1 << 20):
            high = min(low + (1 << 20), keys.size)
            whole = self.text_of[low:high] == self.text_of[low + length - 1 : high + length - 1]
            mixed = np.zeros(high - low, dtype=np.uint64)
            for words in (self.words[low + n : high + n] for n in range(length)):
                whole &= words != 0
                mixed = (mixed ^ self.hashes[words]) * np.uint64(0x9E3779B97F4A7C15)
                mixed ^= mixed >> np.uint64(29)
            found = (mixed >> bits << bits | np.arange(low, high, dtype=np.uint64))[whole]
            keys[filled : filled + found.size] = found
            filled += found.size
        keys = keys[:filled]
        keys.sort()
        return keys

    def agreement(self, here: _Numbers, there: _Numbers) -> _Numbers:
        """How many words are the same at the same distance from two places, these included."""
        same = np.zeros(here.size, dtype=np.int64)
        for offset in range(2 * _REACH + 1):
            same += self.padded[here + offset] == self.padded[there + offset]
        return same


class _Probes:
    """Where to look for the texts that may hold a text: the place of a run, and of the same in fuller texts.

    Prefix filtering (Chaudhuri et al. 2006, “A Primitive Operator for Similarity Joins in Data Cleaning”):
    texts that share many runs of words share some of their rarest, so each text asks only with the rarest
    run of each of its quarters, and only for the fullest texts that have it too. A run that no fuller
    text has asks for nothing, so a misprint costs nothing but itself; a phrase in everybody’s mouth is
    asked for only where a quarter has nothing rarer, and then yields a handful of texts.
    """

    def __init__(self, corpus: _Corpus, length: int) -> None:
        keys = corpus.runs(length)
        bits = np.uint64(corpus.words.size.bit_length())
        at = (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
        keys >>= bits
        new = np.append(True, keys[1:] != keys[:-1])[: keys.size]
        del keys
        owner = corpus.text_of[at]
        once = np.append(True, new[1:] | (owner[1:] != owner[:-1]))[: at.size]
        at, new = at[once], new[once]
        sizes = np.diff(np.append(np.flatnonzero(new), new.size))
        self._at = at[np.repeat(sizes, sizes) > 1]
        sizes = sizes[sizes > 1].astype(np.int32)
        first = np.repeat(np.cumsum(sizes, dtype=np.int32) - sizes, sizes)
        rank = np.arange(self._at.size, dtype=np.int32) - first
        chosen = self._rarest(corpus, np.flatnonzero(rank), np.repeat(sizes, sizes))
        self._here, self._first = self._at[chosen], first[chosen]
        self._fanout = np.minimum(rank[chosen], _HOLDERS)
        self._owner = corpus.text_of[self._here]

    def _rarest(self, corpus: _Corpus, asking: _Numbers, spread: npt.NDArray[np.int32]) -> _Numbers:
        """Of those that ask, the rarest of each quarter of each text, in the order of the texts."""
        at = self._at[asking]
        owner = corpus.text_of[at].astype(np.int64)
        quarter = (at - corpus.starts[owner]) * _PROBES // corpus.lengths[owner]
        bits = int(self._at.size).bit_length()
        keys = ((owner * _PROBES + quarter) << 8 | np.minimum(spread[asking], 255)) << bits | asking
        keys.sort()
        zone = keys >> (bits + 8)
        rarest: _Numbers = keys[np.append(True, zone[1:] != zone[:-1])[: keys.size]] & ((1 << bits) - 1)
        return rarest

    def places(self, low: int, high: int) -> tuple[_Numbers, _Numbers]:
        """The places in the texts of these numbers, and beside each one of the same run in a fuller text."""
        few = slice(*np.searchsorted(self._owner, (low, high)))
        fanout = self._fanout[few]
        nth = np.arange(fanout.sum()) - np.repeat(np.cumsum(fanout) - fanout, fanout)
        return np.repeat(self._here[few], fanout), self._at[np.repeat(self._first[few], fanout) + nth]


def _candidates(texts: list[_Text], vocabulary: _Vocabulary) -> Iterator[tuple[int, int, int, int]]:
    """Pairs of texts that may say the same, as member and holder: two numbers of texts, the holder’s smaller.

    After them the least and the greatest number of words by which the one seems shifted in the other.
    """
    corpus = _Corpus(texts, vocabulary)
    probes = [_Probes(corpus, length) for length in _RUNS]
    for low in range(0, len(texts), _BATCH):
        places = [probe.places(low, low + _BATCH) for probe in probes]
        here, there = (np.concatenate(column) for column in zip(*places, strict=True))
        seen = np.minimum(corpus.lengths[corpus.text_of[here]], 2 * _REACH + 1)
        alike = corpus.agreement(here, there) * 4 >= seen
        here, there = here[alike], there[alike]
        if not here.size:
            continue
        member, holder = corpus.text_of[here].astype(np.int64), corpus.text_of[there].astype(np.int64)
        shift = there - corpus.starts[holder] - (here - corpus.starts[member])
        pair = member * len(texts) + holder
        order = np.argsort(pair)
        begin = np.flatnonzero(np.append(True, np.diff(pair[order])))
        least, most = (function.reduceat(shift[order], begin) for function in (np.minimum, np.maximum))
        columns = (member[order[begin]], holder[order[begin]], least, most)
        yield from zip(*(column.tolist() for column in columns), strict=True)


# ---- likeness

_SLACK = 24  # words around the place where the one text should stand in the other
_SLACK_GAPS = 400  # for fragments, which may come from anywhere in a speech
_LONGEST = 10_000  # words that are held against others, which takes time by their square
_CLAUSE, _CLAUSE_COST = 4, 2.0  # from so many words on, what is left out is a clause, at the price of two


class _Match(NamedTuple):
    """A text that says what a fuller one says, both by number."""

    member: int
    holder: int
    likeness: float


def _matches(texts: list[_Text], vocabulary: _Vocabulary) -> Iterator[_Match]:
    """The candidates that hold."""
    for member, holder, least, most in _candidates(texts, vocabulary):
        part, whole = texts[member].words, texts[holder].words
        if part == whole:
            yield _Match(member, holder, 1.0)
            continue
        if _relation(part, whole) == "fragment" and texts[holder].is_indirect:
            continue
        if len(part) > len(whole):  # fragments with a few more words than the sentences ranked above them
            if _relation(whole, part) == "fragment":
                continue
            part, whole, least, most = whole, part, -most, -least
        if len(part) > _LONGEST:
            continue
        slack = _SLACK_GAPS if _GAP in part else _SLACK + len(part) // 4
        likeness = _likeness(part, whole[max(0, least - slack) : most + len(part) + slack], vocabulary)
        if likeness >= (LEAST_LIKENESS_INDIRECT if texts[member].is_indirect else LEAST_LIKENESS):
            yield _Match(member, holder, likeness)


def _likeness(part: str, whole: str, vocabulary: _Vocabulary) -> float:
    """How much of ``part`` stands in ``whole`` in its order: 1 less the cost of the edits between by word.

    0 where the edits make another saying of it, or where too little is left that is telling.
    """
    furthest = max(len(part), len(whole)) - len(part) * 6 // 10
    if Levenshtein.distance(part, whole, score_cutoff=furthest) > furthest:
        return 0.0
    blocks = _blocks(part, whole)
    if not vocabulary.is_telling("".join([part[i : i + n] for i, _, n in blocks])):
        return 0.0
    (i, j, _), (k, m, n) = blocks[0], blocks[-1]
    cost = _edit(part[:i], whole[max(0, j - i) : j], vocabulary)
    cost += _edit(part[k + n :], whole[m + n :][: len(part) - k - n], vocabulary)
    for (i, j, n), (k, m, _) in pairwise(blocks):
        cost += _edit(part[i + n : k], whole[j + n : m], vocabulary)
    return max(0.0, 1 - cost / _count(part))


_Block = tuple[int, int, int]  # where in the one text, where in the other, how many words


def _blocks(part: str, whole: str) -> list[_Block]:
    """The stretches that both have, less a word or two far off from the rest, which are there by chance."""
    blocks = [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in Levenshtein.opcodes(part, whole)
        if op.tag == "equal"
    ]
    blocks = _mirrored(_without_stray(part, whole, blocks), part, whole)
    return _mirrored(_without_stray(part[::-1], whole[::-1], blocks), part, whole)


def _mirrored(blocks: list[_Block], part: str, whole: str) -> list[_Block]:
    return [(len(part) - i - n, len(whole) - j - n, n) for i, j, n in reversed(blocks)]


def _without_stray(part: str, whole: str, blocks: list[_Block]) -> list[_Block]:
    """The blocks without a first one that is far off."""
    while len(blocks) > 1:
        (i, j, n), (k, m, more) = blocks[:2]
        # “we | said that we | will win”: of two same words the one nearer to the rest is meant.
        while n and i + n == k and part[k - 1] == whole[m - 1]:
            n, k, m, more = n - 1, k - 1, m - 1, more + 1
        far = (m - j) - (k - i) >= _CLAUSE and _GAP not in part[i + n : k]
        if n and (n > 2 or not far):
            return [(i, j, n), (k, m, more), *blocks[2:]]
        blocks = [(k, m, more), *blocks[2:]]
    return blocks


def _edit(part: str, whole: str, vocabulary: _Vocabulary) -> float:
    """What it costs to print ``part``, between words that agree, where the other text has ``whole``.

    Small words and spellings are cheap, so is a clause that is left out; what an ellipsis or a bracket
    leaves out is free. Another word of weight, number, day or negation is another saying: infinity.
    """
    if not part and not whole:
        return 0.0
    cut = _GAP in part
    part, whole = part.replace(_GAP, ""), whole.replace(_GAP, "")
    clause = len(whole) - len(part) >= _CLAUSE
    if not clause and _is_spelling(part, whole, vocabulary):
        return 0.5 * len(part)
    if _differs(part, whole, vocabulary, clause=clause, cut=cut):
        return inf
    if len(part) == len(whole):
        return sum(_exchange(word, other, vocabulary) for word, other in zip(part, whole, strict=True))
    ours, theirs = (sum(word not in vocabulary.minor for word in words) for words in (part, whole))
    if ours and theirs and not clause:
        return inf
    added = (len(part) + ours) / 2  # a small word counts half
    missing = 0.0 if cut else min((len(whole) + theirs) / 2, _CLAUSE_COST)
    return added + missing if clause else max(added, missing)


def _differs(part: str, whole: str, vocabulary: _Vocabulary, *, clause: bool, cut: bool) -> bool:
    """Whether a number, a day or a negation is another. A clause that is left out may have had its own.

    But not at its ends, where it may belong to what is left, unless the paper marks what it left out.
    """
    facts, others = set(part) & vocabulary.facts, set(whole) & vocabulary.facts
    if not (facts <= others if clause else facts == others):
        return True
    if clause:
        whole = "" if cut else whole[:2] + whole[-2:]
    return vocabulary.negations.isdisjoint(part) != vocabulary.negations.isdisjoint(whole)


def _exchange(word: str, other: str, vocabulary: _Vocabulary) -> float:
    """The cost of one word for another."""
    minor = (word in vocabulary.minor) + (other in vocabulary.minor)
    if word == other:
        return 0.0
    if minor == 2 or _is_spelling(word, other, vocabulary):
        return 0.5
    return 1.5 if minor else inf


def _is_spelling(words: str, others: str, vocabulary: _Vocabulary) -> bool:
    """Whether the same is only spelt otherwise: ``health care`` and ``healthcare``, or a misprint."""
    if not words or not others or max(len(words), len(others)) > 3:
        return False
    one, other = ("".join(vocabulary.spelling[ord(word)] for word in text) for text in (words, others))
    if not vocabulary.facts.isdisjoint(words + others):
        return one == other
    return one[:1] == other[:1] and Indel.normalized_similarity(one, other) > 0.75


# ---- groups


def _holders(texts: list[_Text], matches: list[_Match]) -> dict[int, _Match]:
    """Each text that stands in a canonical one, by number, with the match that says so.

    A text is canonical unless a fuller one that is canonical holds it; of several, it goes to the likest.
    """
    speakers = _speakers(texts, matches)
    by_member: defaultdict[int, list[_Match]] = defaultdict(list)
    for match in matches:
        ours, theirs = speakers[match.member], speakers[match.holder]
        if ours & theirs or not (ours or theirs) or _is_shared(texts, match):
            by_member[match.member].append(match)
    found: dict[int, _Match] = {}
    for member in sorted(by_member):
        holders = [match for match in by_member[member] if match.holder not in found]
        if holders:
            found[member] = max(holders, key=lambda match: (match.likeness, -match.holder))
    return found


def _is_shared(texts: list[_Text], match: _Match) -> bool:
    """Whether the words are so many and so alike that two speakers cannot both have hit upon them."""
    words = min(_count(texts[match.member].words), _count(texts[match.holder].words))
    return words >= SHARED_WORDS and match.likeness >= SHARED_LIKENESS


def _speakers(texts: list[_Text], matches: list[_Match]) -> list[set[str]]:
    """The speakers of each text; where none is known, those whom all the texts that match it agree upon."""
    agreed: dict[int, set[str]] = {}
    for match in matches:
        for text, other in ((match.member, match.holder), (match.holder, match.member)):
            known = texts[other].speakers
            if known and not texts[text].speakers:
                agreed.setdefault(text, set(known)).intersection_update(known)
    return [agreed.get(number, text.speakers) for number, text in enumerate(texts)]


def _members(texts: list[_Text], found: dict[int, _Match]) -> Iterator[Repeat]:
    """The groups of two sightings and more, sighting by sighting."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for member, match in found.items():
        groups[match.holder].append(member)
    for number, text in enumerate(texts):
        if number in found or (number not in groups and len(text.prints) == 1):
            continue
        canonical = text.prints[0].quote
        rows = [(sighting, 1.0, text.words) for sighting in text.prints]
        for member in groups[number]:
            rows += [
                (sighting, found[member].likeness, texts[member].words) for sighting in texts[member].prints
            ]
        rows.sort(key=lambda row: (row[0].quote != canonical, row[0].published, row[0].quote))
        earliest = min(sighting.published for sighting, _, _ in rows)
        first = next(sighting for sighting, _, _ in rows if sighting.published == earliest)
        for sighting, likeness, words in rows:
            is_first = sighting is first and earliest != _UNDATED
            yield Repeat(sighting.quote, canonical, likeness, _relation(words, text.words), is_first)


def _relation(words: str, canonical: str) -> Relation:
    if words == canonical:
        return "same"
    return "near" if _count(words) >= NEAR * _count(canonical) else "fragment"
