"""A made set of quotes that are printed several times, and of quotes that only look as if.

``made(seed)`` gives invented sightings, each with the number of the saying that it prints and with what was done
to it. Two sightings are repeats where they have the same saying. ``score`` holds what a program found against
that. Everybody and everything in here is invented; ``python -m tests.made.repeats SEED …`` prints the error rates.

The words are drawn from short lists by Zipf's law, so that a speaker's sentences share most of their words and
many of their turns of phrase, more than real speakers' do.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

from ingest.repeats import Repeat, Sighting, repeats

SUBJECTS = "we|I|they|people here|this council|our members|my party|the ministers|most families|the board"
WILL = "will|must|want to|have to|need to|promised to|are ready to|ought to|are trying to|came here to"
VERBS = """protect|rebuild|repair|defend|support|replace|reopen|organise|recognise|abandon|finance|inspect|welcome|
    question|deliver|modernise|measure|honour|publish|simplify|analyse|settle|privatise|examine|restore"""
WHAT = """hospital|harbour|school|library|railway|bridge|neighbourhood|theatre|programme|centre|budget|pension|
    contract|police station|flood wall|housing plan|ferry service|water company|fishing fleet|labour market|power line|
    defence review|wage offer|bus network|care home|market hall|climate target|border post|tax office|village green"""
QUALITIES = """old|public|local|new|broken|crowded|forgotten|expensive|modern|rural|shared|grey|northern|unfinished|
    ambitious|private|empty|favourite|temporary|dangerous|western|honest|ancient|crumbling|regional"""
PLACES = "Harrow Vale|Port Ansel|Ostrey|Dunmarsh|Calverwell|Tarnhollow|Northmere|Skerrin|Pellan|Aldermoor"
TAILS = """before the winter comes|with every penny we have|because our children deserve better|after years of
    neglect|in spite of the cost|without any further delay|while prices keep rising|whatever the lawyers say|so that
    nobody is left behind|for as long as it takes|at the expense of the taxpayer|if the weather allows it|under the
    eyes of the whole country|until the last invoice is paid|as our grandparents did|and we will answer for it"""
COUNTS = "40|three|250|1,200|300,000|17|six|2 million|75|5,000"
THINGS = "homes|nurses|buses|teachers|jobs|beds|trees|boats|officers|wardens"

# Said by somebody here or there, in the words in which they would be said.
FIXED = """Nobody ever asked the fishermen what they thought of the harbour master's umbrella.
A bridge that ends in the river is not a bridge, it is a jetty with ambitions.
If you lend a neighbour your ladder, don't be surprised when he looks over your wall.
The reservoir was half empty in March and they told us to enjoy the view.
You cannot run a lifeboat on thank-you letters and cold soup.
Every lamp post in this town has been promised to two contractors.
I have read the report twice, and the second time I laughed less.
My grandmother kept better accounts in a biscuit tin than this authority keeps in a tower.
They painted the crossing, they photographed the crossing, and then they forgot to open the road.
We've counted the swifts every May for thirty years and this year we counted four.
The committee will find that the dog ate the minutes and the chairman ate the dog.
There's a smell of varnish about this whole affair, and it isn't coming from the boats.""".splitlines()

# What anybody says on any day: never a repeat, whoever says it.
COMMON = """Yes, of course.|Thank you very much for coming.|I think that's a very good question.|We'll have to wait and see.|
    That is not true.|It is what it is.|I have nothing more to say about that.|We are looking into it.|
    I'm very happy to be here today.|You know what I mean.|No, I don't think so.|We have to do better than this."""

BRITISH = {
    "organise": "organize", "recognise": "recognize", "modernise": "modernize", "analyse": "analyze",
    "privatise": "privatize", "honour": "honor", "harbour": "harbor", "neighbourhood": "neighborhood",
    "theatre": "theater", "programme": "program", "centre": "center", "labour": "labor", "defence": "defense",
    "grey": "gray", "favourite": "favorite", "neighbour": "neighbor",
}  # fmt: skip
FIGURES = {"three": "3", "six": "6", "thirty": "30", "300,000": "300000", "1,200": "1200", "2 million": "2m"}
SPEAKERS = [f"speaker-{number}" for number in range(40)]


@dataclass(frozen=True, slots=True)
class Made:
    """A sighting, the saying that it prints, and what was done to the words on the way."""

    sighting: Sighting
    saying: int
    edit: str


class _Writer:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made: list[Made] = []
        self.sayings = 0

    def one(self, words: str) -> str:
        """One of a list, the first ones far more often than the last."""
        choices = [" ".join(choice.split()) for choice in words.split("|")]
        return self.random.choices(choices, [1 / (rank + 2) for rank in range(len(choices))])[0]

    def clause(self) -> str:
        one = self.one
        start = f"{one(SUBJECTS)} {one(WILL)} {one(VERBS)} the {one(QUALITIES)} {one(WHAT)}"
        middle = self.random.choice(
            [f" in {one(PLACES)}", f" and the {one(WHAT)}", f" with {one(COUNTS)} {one(THINGS)}", ""]
        )
        return f"{start}{middle} {one(TAILS)}"

    def sentences(self, clauses: int) -> str:
        text = ""
        for clause in (self.clause() for _ in range(clauses)):
            joint = self.random.choice([". ", ", and ", ", but ", ". "]) if text else ""
            text += joint + (clause if joint.startswith(",") else clause[0].upper() + clause[1:])
        return text + "."

    def print(self, text: str, speaker: str | None, edit: str, *, new: bool = False, mixed: str = "") -> None:
        """One more sighting, of a new saying or of the last one; ``mixed`` is the paper's sentence around it."""
        if new:
            self.sayings += 1
        number = len(self.made)
        opening, closing = self.random.choice(["“”", "“”", '""'])
        marked = mixed.replace("<", opening).replace(">", closing) if mixed else f"{opening}{text}{closing}"
        date = (
            f"20{self.random.randint(10, 25)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        )
        # An id that says nothing of the order in which they were written.
        id = f"{self.random.getrandbits(48):012x}"
        kind = "mixed" if mixed else "direct"
        published = date if number % 9 else None
        self.made.append(Made(Sighting(id, marked, kind, speaker, published), self.sayings, edit))


Edit = Callable[[str, random.Random], str | None]


def _words(text: str) -> list[str]:
    return text.rstrip(".").split()


def _comma(text: str, chance: random.Random) -> str | None:
    return text.replace(", ", " – ") if ", " in text else re.sub(r" (\w+\.?)$", r", \1", text)


def _british(text: str, chance: random.Random) -> str | None:
    changed = re.sub(r"\w+", lambda m: BRITISH.get(m.group(), m.group()), text)
    return changed if changed != text else None


def _figures(text: str, chance: random.Random) -> str | None:
    changed = re.sub("|".join(rf"\b{n}\b" for n in FIGURES), lambda m: FIGURES[m.group()], text)
    return changed if changed != text else None


def _contraction(text: str, chance: random.Random) -> str | None:
    changed = text
    for long, short in (("e will ", "e'll "), ("e are ", "e're "), ("y are ", "y're "), ("I will ", "I’ll ")):
        changed = changed.replace(long, short)
    return changed if changed != text else None


def _bracket(text: str, chance: random.Random) -> str | None:
    """The paper explains: they → [the ministers], or adds who is meant."""
    words = text.split()
    places = [i for i, word in enumerate(words[1:-1], 1) if word in ("we", "they", "I", "our", "it")]
    if places and chance.random() < 0.5:
        words[chance.choice(places)] = "[the committee]"
    else:
        words.insert(chance.randint(1, len(words) - 1), "[of Harrow Vale]")
    return " ".join(words)


def _misprint(text: str, chance: random.Random) -> str | None:
    words = text.split()
    long = [i for i, word in enumerate(words) if len(word) > 6 and word.isalpha() and word.islower()]
    if not long:
        return None
    at = chance.choice(long)
    letter = chance.randint(2, len(words[at]) - 2)
    words[at] = words[at][:letter] + words[at][letter + 1 :]
    return " ".join(words)


def _small_word(text: str, chance: random.Random) -> str | None:
    """A word of no weight comes or goes."""
    words = text.split()
    places = [i for i, word in enumerate(words) if word in ("the", "and", "but", "our", "very", "this")]
    if places and chance.random() < 0.5:
        del words[chance.choice(places)]
    else:
        words.insert(chance.randint(1, len(words) - 1), chance.choice(["really", "the", "and", "so", "just"]))
    return " ".join(words)


def _dropped(text: str, chance: random.Random, mark: str = "") -> str | None:
    """A clause is left out of the middle: four to eight words."""
    words = text.split()
    if len(words) < 18:
        return None
    length = chance.randint(4, 8)
    at = chance.randint(5, len(words) - length - 5)
    left_out = " ".join(words[at : at + length])
    if not mark and re.search(r"\b(no|not|never|nobody|without|cannot)\b|n't", left_out):
        return None
    return " ".join([*words[:at], *([mark] if mark else []), *words[at + length :]])


def _ellipsis(text: str, chance: random.Random) -> str | None:
    return _dropped(text, chance, chance.choice(["…", "...", ". . .", "[…]"]))


def _fragment(text: str, chance: random.Random) -> str | None:
    words = _words(text)
    if len(words) < 12:
        return None
    length = chance.randint(8, len(words) - 3)
    at = chance.randint(0, len(words) - length)
    return " ".join(words[at : at + length])


def _edited_fragment(text: str, chance: random.Random) -> str | None:
    fragment = _fragment(text, chance)
    return fragment and chance.choice([_misprint, _small_word])(fragment, chance)


EDITS: dict[str, Edit] = {
    "exact": lambda text, chance: text,
    "comma": _comma,
    "US spelling": _british,
    "figures": _figures,
    "contraction": _contraction,
    "bracket": _bracket,
    "misprint": _misprint,
    "small word": _small_word,
    "dropped clause": _dropped,
    "ellipsis": _ellipsis,
    "fragment": _fragment,
    "fragment, edited": _edited_fragment,
}

CUTS = {"dropped clause", "ellipsis", "fragment", "fragment, edited"}


def _other(pattern: str, choices: str) -> Edit:
    """Another one of the same list in the place of one."""

    def edit(text: str, chance: random.Random) -> str | None:
        found = list(re.finditer(rf"\b(?:{pattern})\b", text))
        if not found:
            return None
        match = chance.choice(found)
        others = [choice for choice in choices.split("|") if choice.strip() not in text]
        return text[: match.start()] + " ".join(chance.choice(others).split()) + text[match.end() :]

    return edit


def _negated(text: str, chance: random.Random) -> str | None:
    if " will " in text:
        return text.replace(" will ", " will not ", 1)
    if " want to " in text:
        return text.replace(" want to ", " don't want to ", 1)
    return text.replace(" have to ", " never have to ", 1) if " have to " in text else None


def _other_end(text: str, chance: random.Random) -> str | None:
    """The same beginning, another end."""
    words = text.split()
    return " ".join([*words[: len(words) // 2], "and", "then", *reversed(words[len(words) // 2 :])])


NEGATIVES: dict[str, Edit] = {
    "other number": _other(COUNTS, COUNTS),
    "negation": _negated,
    "other place": _other(PLACES, PLACES),
    "other thing": _other("|".join(w.strip() for w in WHAT.split("|")), WHAT),
    "other end": _other_end,
}


def made(seed: int, sayings: int = 1200) -> list[Made]:
    """Sightings in no order: of each saying the fullest one and up to four others, and what resembles it."""
    writer = _Writer(seed)
    chance = writer.random
    for number in range(sayings):
        text = FIXED[number] if number < len(FIXED) else writer.sentences(chance.choice([1, 1, 2, 2, 3, 4]))
        speaker = chance.choice(SPEAKERS)
        writer.print(text, speaker, "original", new=True)
        printed = {text}
        # What is cut out of a saying may as well be cut out of another that differs elsewhere: the two do not meet.
        resembled = number % 3 == 0
        edits = sorted(EDITS.keys() - CUTS if resembled else EDITS)
        for edit in chance.sample(edits, chance.choice([0, 1, 2, 4])):
            changed = EDITS[edit](text, chance)
            if changed and (changed not in printed or edit == "exact"):
                printed.add(changed)
                writer.print(changed, speaker if chance.random() < 0.85 else None, edit)
        if number % 4 == 0 and not resembled and len(_words(text)) > 12:
            _print_mixed(writer, text, speaker)
        if number % 10 == 0 and len(_words(text)) >= 14:
            writer.print(text, chance.choice(SPEAKERS), "other speaker, many words")
        for edit in chance.sample(sorted(NEGATIVES), chance.choice([0, 1, 2, 3]) if resembled else 0):
            changed = NEGATIVES[edit](text, chance)
            if changed:
                writer.print(changed, speaker, edit, new=True)
        if number % 8 == 0:
            slogan = f"{writer.one(VERBS)} the {writer.one(QUALITIES)} {writer.one(WHAT)} of {writer.one(PLACES)} now"
            for someone in chance.sample(SPEAKERS, 2):
                writer.print(slogan.capitalize() + "!", someone, "two speakers’ slogan", new=True)
        if number % 8 == 4:
            for _ in range(2):
                writer.print(writer.one(COMMON), chance.choice(SPEAKERS), "common phrase", new=True)
    chance.shuffle(writer.made)
    return _without_ambiguous(writer.made)


def _without_ambiguous(printed: list[Made]) -> list[Made]:
    """All but the pieces that two sayings hold word for word: nobody could tell of which they are."""
    whole = {made.saying: _plain(made.sighting.text) for made in printed if made.edit == "original"}
    kept = []
    for made in printed:
        pieces = []
        if made.edit in CUTS or made.sighting.kind == "mixed":
            pieces = [_plain(piece) for piece in re.findall(r"[“\"]([^”\"]*)[”\"]", made.sighting.text)]
        others = (text for saying, text in whole.items() if saying != made.saying)
        if not pieces or not any(all(piece in text for piece in pieces) for text in others):
            kept.append(made)
    return kept


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))


def _print_mixed(writer: _Writer, text: str, speaker: str) -> None:
    """Sentences of the paper's own with one fragment of the saying, and with two."""
    words, chance = _words(text), writer.random
    length = chance.randint(6, len(words) // 2)
    at = chance.randint(0, len(words) - length)
    one = " ".join(words[at : at + length])
    writer.print(
        "", speaker, "one fragment in a report", mixed=f"the plan was to <{one}> in the coming years"
    )
    first, second = " ".join(words[: length - 1]), " ".join(words[-5:])
    writer.print(
        "", speaker, "two fragments in a report", mixed=f"that <{first}> would go on, he added, <{second}>"
    )


@dataclass(frozen=True, slots=True)
class Score:
    """Of the pairs found, how many are right; of the pairs to find, how many were found; and by what was done.

    ``found`` is, of the sightings of each kind of edit, how many are with their original, and how many there are.
    ``wrong`` counts the wrong pairs by the kinds of the two.
    """

    precision: float
    recall: float
    pairs: int
    found: dict[str, tuple[int, int]]
    wrong: Counter[tuple[str, str]]


def score(sightings: Iterable[Made], found: Iterable[Repeat]) -> Score:
    """What was found, held against the truth, pair by pair."""
    truth = {made.sighting.id: made for made in sightings}
    canonical = {repeat.quote: repeat.canonical for repeat in found}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for quote, first in canonical.items():
        groups[first].append(quote)
    sayings: defaultdict[int, list[Made]] = defaultdict(list)
    for made in truth.values():
        sayings[made.saying].append(made)
    right, wrong = 0, Counter[tuple[str, str]]()
    for quotes in groups.values():
        for one, other in combinations(sorted(quotes), 2):
            if truth[one].saying == truth[other].saying:
                right += 1
            else:
                wrong[min(truth[one].edit, truth[other].edit), max(truth[one].edit, truth[other].edit)] += 1
    wanted = sum(len(same) * (len(same) - 1) // 2 for same in sayings.values())
    hits: defaultdict[str, list[bool]] = defaultdict(list)
    for same in sayings.values():
        original = next((made.sighting.id for made in same if made.edit == "original"), None)
        for made in same:
            if original and made.edit != "original":
                together = canonical.get(made.sighting.id, 1) == canonical.get(original, 2)
                hits[made.edit].append(together)
    by_edit = {edit: (sum(kinds), len(kinds)) for edit, kinds in sorted(hits.items())}
    return Score(right / max(right + wrong.total(), 1), right / max(wanted, 1), wanted, by_edit, wrong)


if __name__ == "__main__":
    for seed in map(int, sys.argv[1:] or ["2"]):
        sample = made(seed)
        result = score(sample, repeats(made.sighting for made in sample))
        print(f"seed {seed}: {len(sample)} quotes, {result.pairs} pairs", end=", ")
        print(f"precision {result.precision:.4f}, recall {result.recall:.4f}")
        for edit, (hit, all_) in result.found.items():
            print(f"  {edit:28} {hit:5} of {all_:5}  {hit / all_:.3f}")
        for kinds, number in result.wrong.most_common():
            print(f"  wrong: {number} × {' / '.join(kinds)}")
