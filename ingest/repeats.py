"""Which quotes are the same words, said once and printed several times.

    words       what the speaker said, in one spelling
    candidates  pairs of texts that share their rarest runs of three words
    likeness    how far the words of one stand in the other as they were said
    groups      each text with the fullest one that holds its words

A group is a star and no chain: every member is held against the canonical quote itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from math import inf
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel, Levenshtein

from ingest.marks import double_runs, single_runs
from ingest.records import QuoteKind, TextSpan

Relation = Literal["same", "near", "fragment"]

LEAST_WORDS = 5
LEAST_RARE = 2
LEAST_FRAGMENT = 4  # words in one pair of marks of a mixed quote
LEAST_LIKENESS = 0.8
# Without marks the words are the paper's: “the former secretary of state” repeats nobody.
LEAST_WORDS_INDIRECT, LEAST_LIKENESS_INDIRECT = 8, 0.9
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

    The input's order means nothing.
    """
    vocabulary = _Vocabulary()
    texts = _texts(sightings, vocabulary)
    return list(_members(texts, _holders(texts, list(_matches(texts, vocabulary)))))


# ---- words: a text becomes a string in which one character stands for one word

_GAP = "\0"  # words left out: an ellipsis, a bracket, the paper's words between two fragments

_STRAIGHT = str.maketrans("’‘ʼ`´", "'''''")
_BRACKET = re.compile(r"(\w?)[\[(]([^\[\]()]{0,80})[\])](\w?)")
_TOKEN = re.compile(
    r"…|\.(?:\s?\.)+|%|(?<![^\W_])(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*[^\W\d_]*|[^\W_]+(?:'[^\W_]+)*"
)
_NUMBER = re.compile(r"([\d.,]+)([^\W\d_]*)")
_CONTRACTION = re.compile(r"(.+?)(n't|'ll|'re|'ve|'m|'d|'s)")
_BARE = re.compile(r"((?:ai|are|ca|could|did|do|does|had|has|have|is|should|was|were|wo|would)n)(t)")
_ENDINGS = {"n't": "not", "'ll": "will", "'re": "are", "'ve": "have", "'m": "am", "'d": "would", "'s": ""}
_SCALES = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "tn": "trillion"}
_UNITS = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty""".split()
_SPELLINGS = {
    **{word: str(number) for number, word in enumerate(_UNITS, 2)},
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
    here if when what because oh yes yeah uh um er okay absolutely actually simply again
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
    happens happy hard he'd hear help her hope how important into keep kind know knows last let like little
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
        character = self._character.get(word)
        if character is None:
            # Of more than a million different words some share a character: as good as never noticed.
            character = chr(
                len(self.spelling) if len(self.spelling) < 0x110000 else 1 + _mixed(word) % 0x10FFFF
            )
            if ord(character) == len(self.spelling):
                self.spelling.append(word)
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
        text = text.translate(_STRAIGHT).casefold()
        if not text.isascii():
            text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
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
        return len(words) >= LEAST_WORDS and len(set(words) - self.common) >= LEAST_RARE

    def edit(self, part: str, whole: str) -> float:
        """What it costs to print ``part`` where the other text has ``whole``: infinity where that is a lie."""
        if not part and not whole:
            return 0.0
        cut, opened = _GAP in part, _GAP in whole
        part, whole = part.replace(_GAP, ""), whole.replace(_GAP, "")
        dropped = len(whole) - len(part) >= _CLAUSE
        if self._differ(part, whole, dropped):
            return inf
        if not dropped and self._alike(part, whole):
            return 0.5 * len(part)
        if len(part) == len(whole):
            return sum(map(self._exchange, part, whole))
        ours, theirs = (sum(word not in self.minor for word in words) for words in (part, whole))
        exchanged = 0 if dropped else min(ours, theirs)
        missing = 0.0 if cut else min(theirs - exchanged, 2) if theirs > exchanged else 0.0
        added = float(ours - exchanged)
        minor = max(len(part) - ours, 0 if cut else min(len(whole) - theirs, 2))
        return _EXCHANGED * exchanged + missing + added + 0.5 * minor

    def _differ(self, part: str, whole: str, dropped: bool) -> bool:
        """Whether a number, a day or a negation is another; a clause that was left out may have its own."""
        facts, others = set(part) & self.facts, set(whole) & self.facts
        if not facts <= others if dropped else facts != others:
            return True
        ends = whole[:2] + whole[-2:] if dropped else whole
        return self.negations.isdisjoint(part) != self.negations.isdisjoint(ends)

    def _exchange(self, word: str, other: str) -> float:
        """The cost of one word for another."""
        if word == other:
            return 0.0
        if self._alike(word, other) or (word in self.minor and other in self.minor):
            return 0.5
        return _EXCHANGED if word not in self.minor and other not in self.minor else 1.5

    def _alike(self, words: str, others: str) -> bool:
        """Whether it is a matter of spelling: healthcare and health care, build and building."""
        spelling, other = ("".join(self.spelling[ord(word)] for word in text) for text in (words, others))
        if not spelling or not other or spelling[0] != other[0] or max(len(words), len(others)) > 3:
            return False
        return Indel.normalized_similarity(spelling, other) > 0.8


def _word_forms(token: str) -> list[str]:
    """A token as words of one spelling: ``don't`` → do not, ``£6m`` → 6 million, ``u.s.`` → us."""
    if token[0] in ".…":
        return []
    if token in _SPELLINGS:
        return [_folded(word) for word in _SPELLINGS[token].split()]
    if number := _NUMBER.fullmatch(token):
        figures, unit = number.groups()
        return [figures.replace(",", "").strip("."), *filter(None, [_SCALES.get(unit, unit)])]
    if contraction := _CONTRACTION.fullmatch(token) or _BARE.fullmatch(token):
        stem, ending = contraction.groups()
        if ending == "t":
            stem, ending = stem[:-1], "n't"
        whole = {"ca": "can", "wo": "will", "ai": "is"}.get(stem, stem)
        return [_folded(word) for word in (whole, _ENDINGS[ending]) if word]
    return [_folded(token.replace(".", ""))]


def _mixed(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


class _Text(NamedTuple):
    """Words that one speaker is said to have said, and every place where they are printed, best first."""

    words: str
    speaker: str | None
    prints: list[tuple[int, str, str]]  # how indirect, date, id

    @property
    def rank(self) -> tuple[bool, int, tuple[int, str, str]]:
        """What the canonical quote is chosen by: the fullest and most direct, then date and id.

        Whole sentences outweigh a quarter more words in fragments; what is reported without marks comes
        after all that is in marks.
        """
        weight = 5 if self.prints[0][0] == 0 else 4
        return self.is_indirect, -_count(self.words) * weight, self.prints[0]

    @property
    def is_indirect(self) -> bool:
        """Whether no article has the words in marks."""
        return self.prints[0][0] == 2


def _count(words: str) -> int:
    return len(words) - words.count(_GAP)


_UNDATED = "9999"


def _texts(sightings: Iterable[Sighting], vocabulary: _Vocabulary) -> list[_Text]:
    """The different texts that are worth a comparison, in the order in which they may be canonical."""
    found: defaultdict[tuple[str, str | None], list[tuple[int, str, str]]] = defaultdict(list)
    for quote in sightings:
        words = vocabulary.said(quote)
        least = LEAST_WORDS_INDIRECT if quote.kind == "indirect" else LEAST_WORDS
        if len(words) >= least and vocabulary.is_telling(words):
            how = ("direct", "mixed", "indirect").index(quote.kind)
            found[words, quote.speaker].append((how, quote.published or _UNDATED, quote.id))
    texts = [_Text(words, speaker, sorted(prints)) for (words, speaker), prints in found.items()]
    return sorted(texts, key=lambda text: text.rank)


# ---- candidates

_RUN = 3  # words that follow each other
_PROBES = 4
_HOLDERS = 16
_REACH = 16  # words to each side of a shared run that are looked at before a pair is compared
_BATCH = 1 << 15  # texts, with at most _PROBES * _HOLDERS pairs each

Numbers = npt.NDArray[np.int64]


class _Corpus:
    """The words of all texts one after the other, as numbers."""

    def __init__(self, texts: list[_Text]) -> None:
        self.lengths = np.array([len(text.words) for text in texts], dtype=np.int64)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.text_of = np.repeat(np.arange(len(texts), dtype=np.int32), self.lengths)
        margin = _GAP * _REACH
        encoded = "".join([margin, *(text.words for text in texts), margin]).encode(
            "utf-32-le", "surrogatepass"
        )
        self.padded = np.frombuffer(encoded, dtype="<u4")
        self.words = self.padded[_REACH:-_REACH]

    def agreement(self, here: Numbers, there: Numbers) -> Numbers:
        """How many words are the same at the same distance from two places, itself included."""
        same = np.zeros(here.size, dtype=np.int64)
        for offset in range(2 * _REACH + 1):
            same += self.padded[here + offset] == self.padded[there + offset]
        return same


class _Postings:
    """Where each run of words stands that more than one text has: the runs sorted, the fullest text first.

    ``at`` is the place of each in the corpus; ``first`` where the postings of the same run begin,
    ``rank`` how far from there, ``spread`` how many they are.
    """

    def __init__(self, corpus: _Corpus, vocabulary: _Vocabulary) -> None:
        bits = np.uint64(max(corpus.words.size, 1).bit_length())
        keys = np.concatenate(list(_run_keys(corpus, vocabulary, bits)))
        keys.sort()
        at = (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
        keys >>= bits
        new = np.append(True, keys[1:] != keys[:-1])[: keys.size]
        owner = corpus.text_of[at]
        once = np.append(True, new[1:] | (owner[1:] != owner[:-1]))[: keys.size]
        at, new = at[once], new[once]
        sizes = np.diff(np.append(np.flatnonzero(new), new.size))
        self.at = at[np.repeat(sizes, sizes) > 1]
        sizes = sizes[sizes > 1].astype(np.int32)
        self.first = np.repeat(np.cumsum(sizes, dtype=np.int32) - sizes, sizes)
        self.rank = np.arange(self.at.size, dtype=np.int32) - self.first
        self.spread = np.repeat(sizes, sizes)


def _run_keys(corpus: _Corpus, vocabulary: _Vocabulary, bits: np.uint64) -> Iterator[npt.NDArray[np.uint64]]:
    """A hash of each run of words inside a text, with the place of the run in its lower ``bits``.

    The hash is made of the spelling, not of the characters, whose order is that of the input.
    """
    prints = np.array([_mixed(word) for word in vocabulary.spelling], dtype=np.uint64)
    factors = [np.uint64(0x9E3779B97F4A7C15 + 2 * n) for n in range(_RUN)]
    end = corpus.words.size - _RUN + 1
    yield np.empty(0, dtype=np.uint64)
    for low in range(0, end, 1 << 20):
        high = min(low + (1 << 20), end)
        whole = corpus.text_of[low:high] == corpus.text_of[low + _RUN - 1 : high + _RUN - 1]
        hashes = np.zeros(high - low, dtype=np.uint64)
        for n, factor in enumerate(factors):
            words = corpus.words[low + n : high + n]
            whole &= words != 0
            hashes = (hashes ^ prints[words]) * factor
        hashes ^= hashes >> np.uint64(29)
        yield (hashes >> bits << bits | np.arange(low, high, dtype=np.uint64))[whole]


class _Pairs(NamedTuple):
    """Pairs of texts by number, and between which two numbers of words the one is shifted in the other."""

    member: Numbers
    holder: Numbers
    least: Numbers
    most: Numbers


def _candidates(texts: list[_Text], vocabulary: _Vocabulary) -> Iterator[_Pairs]:
    """Pairs of texts that may say the same, the fuller one as the holder.

    Prefix filtering (Chaudhuri et al. 2006, “A Primitive Operator for Similarity Joins in Data Cleaning”):
    texts that share many runs of words share some of their rarest, so each text asks only with the rarest
    run of each of its quarters, and only for the fullest texts that have it too. A run that no other
    text has asks for nothing, so a misprint costs nothing but itself; a phrase in everybody’s mouth is
    asked for only where a quarter has nothing rarer, and then yields a handful of texts.
    """
    corpus = _Corpus(texts)
    postings = _Postings(corpus, vocabulary)
    probes = _probes(corpus, postings)
    owners = corpus.text_of[postings.at[probes]]
    for low in range(0, len(texts), _BATCH):
        batch = probes[np.searchsorted(owners, low) : np.searchsorted(owners, low + _BATCH)]
        fanout = np.minimum(postings.rank[batch], _HOLDERS)
        nth = np.arange(fanout.sum()) - np.repeat(np.cumsum(fanout) - fanout, fanout)
        here = postings.at[np.repeat(batch, fanout)]
        there = postings.at[np.repeat(postings.first[batch], fanout) + nth]
        member, holder = corpus.text_of[here], corpus.text_of[there]
        seen = np.minimum(corpus.lengths[member], 2 * _REACH + 1)
        alike = corpus.agreement(here, there) * 4 >= seen
        member, holder = member[alike].astype(np.int64), holder[alike].astype(np.int64)
        if member.size:
            shift = there[alike] - corpus.starts[holder] - (here[alike] - corpus.starts[member])
            pair = member * len(texts) + holder
            order = np.argsort(pair)
            begin = np.flatnonzero(np.append(True, np.diff(pair[order])))
            which = order[begin]
            least, most = (f.reduceat(shift[order], begin) for f in (np.minimum, np.maximum))
            yield _Pairs(member[which], holder[which], least, most)


def _probes(corpus: _Corpus, postings: _Postings) -> Numbers:
    """Of each quarter of each text, the posting of the rarest run that a fuller text has as well."""
    asking = np.flatnonzero(postings.rank)
    at = postings.at[asking]
    owner = corpus.text_of[at].astype(np.int64)
    quarter = (at - corpus.starts[owner]) * _PROBES // corpus.lengths[owner]
    bits = int(postings.at.size).bit_length()
    keys = (owner * _PROBES + quarter) << 8 | np.minimum(postings.spread[asking], 255)
    keys = keys << bits | asking
    keys.sort()
    zone = keys >> (bits + 8)
    return keys[np.append(True, zone[1:] != zone[:-1])[: keys.size]] & ((1 << bits) - 1)


# ---- likeness

_SLACK = 24  # words around the place where the one text should stand in the other
_EXCHANGED = (
    4.0  # a word of weight for another: in twenty words it may be a slip, in ten it is another saying
)
_CLAUSE = 4  # from so many words on, what is left out is a clause


class _Match(NamedTuple):
    """A text that says what a fuller text says: by number, with its likeness and the words they share."""

    member: int
    holder: int
    likeness: float


def _matches(texts: list[_Text], vocabulary: _Vocabulary) -> Iterator[_Match]:
    """The candidates that hold."""
    for pairs in _candidates(texts, vocabulary):
        for member, holder, least, most in zip(*(column.tolist() for column in pairs), strict=True):
            part, whole = texts[member].words, texts[holder].words
            if part == whole:
                yield _Match(member, holder, 1.0)
                continue
            if texts[holder].is_indirect and _relation(part, whole) == "fragment":
                continue
            if len(part) > len(whole):  # fragments with more words than the sentences in marks before them
                if _count(whole) < NEAR * _count(part):
                    continue
                part, whole, least, most = whole, part, -most, -least
            slack = _SLACK + len(part) // 4
            window = whole[max(0, least - slack) : most + len(part) + slack]
            likeness = _likeness(part, window, vocabulary)
            if likeness >= (LEAST_LIKENESS_INDIRECT if texts[member].is_indirect else LEAST_LIKENESS):
                yield _Match(member, holder, likeness)


def _likeness(part: str, whole: str, vocabulary: _Vocabulary) -> float:
    """How much of ``part`` stands in ``whole`` in its order: 1 less the cost of the edits between by word.

    0 where a number, a day or a negation differs, or where too little is left that is telling.
    """
    furthest = max(len(part), len(whole)) - len(part) * 6 // 10
    if Levenshtein.distance(part, whole, score_cutoff=furthest) > furthest:
        return 0.0
    blocks = _blocks(part, whole)
    if not vocabulary.is_telling("".join([part[i : i + n] for i, _, n in blocks])):
        return 0.0
    (i, j, _), (k, m, n) = blocks[0], blocks[-1]
    cost = vocabulary.edit(part[:i], whole[max(0, j - i) : j])
    cost += vocabulary.edit(part[k + n :], whole[m + n :][: len(part) - k - n])
    for (i, j, n), (k, m, _) in zip(blocks, blocks[1:], strict=False):
        cost += vocabulary.edit(part[i + n : k], whole[j + n : m])
    return max(0.0, 1 - cost / _count(part))


def _blocks(part: str, whole: str) -> list[tuple[int, int, int]]:
    """The stretches that both have: where in the one, where in the other, how many words.

    A first or last word or two far off from the rest are there by chance and left out.
    """
    blocks = [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in Levenshtein.opcodes(part, whole)
        if op.tag == "equal"
    ]
    while len(blocks) > 1:
        (i, j, n), (k, m, o) = blocks[:2]
        # “we | said that we | will win”: the word nearer to the rest is the one that is meant.
        while n and i + n == k and part[k - 1] == whole[m - 1]:
            n, k, m, o = n - 1, k - 1, m - 1, o + 1
        if n > 2 or (m - j) - (k - i) < _CLAUSE or _GAP in part[i:k]:
            blocks[:2] = [(i, j, n), (k, m, o)]
            break
        blocks[:2] = [(k, m, o)]
    while len(blocks) > 1:
        (i, j, n), (k, m, o) = blocks[-2:]
        while o and i + n == k and part[k] == whole[j + n]:
            n, k, m, o = n + 1, k + 1, m + 1, o - 1
        if o > 2 or (m - j) - (k - i) < _CLAUSE or _GAP in part[i:k]:
            blocks[-2:] = [(i, j, n), (k, m, o)]
            break
        blocks[-2:] = [(i, j, n)]
    return [block for block in blocks if block[2]]


# ---- groups


def _holders(texts: list[_Text], matches: list[_Match]) -> dict[int, _Match]:
    """Each text that stands in a canonical one, by number, with the match that says so.

    A text is canonical unless a fuller one that is canonical holds it; where several do, the likest is its
    own.
    """
    speakers = _speakers(texts, matches)
    by_member: defaultdict[int, list[_Match]] = defaultdict(list)
    for match in matches:
        if speakers[match.member] == speakers[match.holder] or _is_shared(texts, match):
            by_member[match.member].append(match)
    found: dict[int, _Match] = {}
    for member in sorted(by_member):
        holders = [match for match in by_member[member] if match.holder not in found]
        if holders:
            found[member] = max(holders, key=lambda match: (match.likeness, -match.holder))
    return found


def _is_shared(texts: list[_Text], match: _Match) -> bool:
    """Whether the words are so many and so alike that two speakers cannot both have said them first."""
    words = min(_count(texts[match.member].words), _count(texts[match.holder].words))
    return words >= SHARED_WORDS and match.likeness >= SHARED_LIKENESS


def _speakers(texts: list[_Text], matches: list[_Match]) -> list[str | None]:
    """The speaker of each text; where it is unknown, the one of the texts that match, if all have the same."""
    speakers = [text.speaker for text in texts]
    likely: defaultdict[int, set[str]] = defaultdict(set)
    for match in matches:
        for text, other in ((match.member, match.holder), (match.holder, match.member)):
            known = texts[other].speaker
            if speakers[text] is None and known is not None:
                likely[text].add(known)
    for text, known in likely.items():
        if len(known) == 1:
            (speakers[text],) = known
    return speakers


def _members(texts: list[_Text], found: dict[int, _Match]) -> Iterator[Repeat]:
    """The groups of two sightings and more, sighting by sighting."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for member, match in found.items():
        groups[match.holder].append(member)
    for number, text in enumerate(texts):
        if number in found or (number not in groups and len(text.prints) == 1):
            continue
        canonical = text.prints[0][2]
        rows = [(quote, 1.0, text) for quote in text.prints]
        rows += [(q, found[m].likeness, texts[m]) for m in groups[number] for q in texts[m].prints]
        rows.sort(key=lambda row: (row[0][2] != canonical, row[0][1], row[0][2]))
        earliest = min(rows, key=lambda row: (row[0][1], row[0][2] != canonical, row[0][2]))
        for row in rows:
            (_, date, quote), likeness, said = row
            relation = _relation(said.words, text.words)
            yield Repeat(quote, canonical, likeness, relation, row is earliest and date != _UNDATED)


def _relation(words: str, canonical: str) -> Relation:
    if words == canonical:
        return "same"
    return "near" if _count(words) >= NEAR * _count(canonical) else "fragment"
