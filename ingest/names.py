"""Comparing names as they are written: titles, accents, nicknames and spellings of one name.

Nothing here knows an article or the register: only whether two names could be written for one person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from nicknames import NickNamer

from ingest.lexicon import GENERATIONS, HONOURS, TITLES

Gender = Literal["female", "male"]

#: The pattern of a capitalised word, of a length that words have: looking for one takes no longer than that.
CAPITALISED = r"[A-ZÀ-ÖØ-ÞŁŚŠŻŽČĐ][\w’'-]{0,60}"

#: Letters that no accent comes off.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})

#: What one sound is written with in names from other scripts: Tymoshenko, Timoshenko; Youssouf, Yusuf.
_SOUNDS = {
    r"[iy]{2}|y(?=[^aeiou]|$)|(?<=[^aeiou])y(?=[aeiou])": "i",
    r"^i(?=a)": "y",
    r"ou|oo": "u",
    r"ph": "f",
    r"kh": "h",
    r"q(?!u)": "k",
    r"([^aeiou])\1": r"\1",
    r"g(?=\w*(?:iuk|enko|chuk|ski|ina|ich|hli|gli)$)": "h",  # Ukrainian and Russian
}

#: The same in given names, where English spells as freely: Katherine, Catherine; Alexei, Aleksey.
_GIVEN_SOUNDS = {
    r"['’.]": "",
    r"^j(?=[aou])": "y",
    r"^ye(?=v)": "e",
    r"ee": "i",
    r"ck|c(?=[aoulrkt]|$)|q": "k",
    r"x": "ks",
    r"(.)\1": r"\1",
    r"(?<=a)h$": "",
}

#: Spellings of one name that no such rule shows.
_SPELLINGS = (
    "mohammed mohammad mohamed mohamad muhammad muhammed",
    "ahmed ahmad",
    "stephen steven stephan stefan steve",
    "geoffrey jeffrey geoff jeff",
    "aisha ayesha",
    "mustafa mostafa moustafa",
    "khadija khadijah hadija",
    "mariam maryam",
    "samia samiya",
    "natalia nataliya natalya",
    "oksana oxana",
    "kateryna katerina ekaterina",
    "yulia julia yuliya",
    "fatima fatma",
    "omar umar",
    "mykhailo mikhail",
    "oleksandr aleksandr alexander olexandr",
    "volodymyr vladimir",
    "serhii serhiy sergei sergey",
)

#: Short forms of the list that are names of their own in the news.
_NO_NICKNAMES = frozenset(
    map(
        frozenset,
        (
            ("bill", "robert"), ("billy", "robert"), ("bill", "fred"), ("billy", "fred"), ("will", "fred"),
            ("ian", "john"), ("ivan", "john"), ("bobby", "roger"), ("bobby", "rodger"), ("jane", "virginia"),
            ("emily", "amelia"), ("linda", "rosalyn"), ("jean", "genevieve"), ("rita", "margaret"),
        ),
    )
)  # fmt: skip


@lru_cache(maxsize=10_000)
def plain_name(name: str) -> str:
    """A name without titles, honours, accents, case or possessive.

    >>> plain_name("Élisabeth Borne"), plain_name("Mr Tom Lee Jnr. MBE")
    ('elisabeth borne', 'tom lee jr')
    """
    words = _unaccented(name).replace("’", "'").removesuffix("'s").replace(".", " ").split()
    while len(words) > 1 and words[0] in TITLES | {"the"}:
        words = words[1:]
    while len(words) > 1 and words[-1].strip(",") in HONOURS:
        words = words[:-1]
    if len(words) > 1 and words[-1] in GENERATIONS:
        words = [*(word.strip(",") for word in words[:-1]), GENERATIONS[words[-1]]]
    return " ".join(words).strip(" ,'")


def name_parts(name: str) -> tuple[list[str], str | None]:
    """The plain words of a name, and the generation that follows them: Tom Lee Jr → tom, lee; jr."""
    words = plain_name(name).split()
    if len(words) > 1 and words[-1] in GENERATIONS:
        return words[:-1], words[-1]
    return words, None


def surname(name: str) -> str:
    """The last word of a name, plain: ``Keir Starmer`` → ``starmer``, ``Tom Lee Jr`` → ``lee``."""
    words, _ = name_parts(name)
    return words[-1] if words else ""


def without_article(name: str) -> str:
    """A body's name without “the”: ``The Home Office`` → ``Home Office``."""
    return name[4:] if name.lower().startswith("the ") else name


@lru_cache(maxsize=10_000)
def same_given(a: str, b: str) -> bool:
    """Whether two given names can be one person's: equal, initial, nickname or another spelling.

    >>> same_given("Robert", "Bob"), same_given("R.", "Robert"), same_given("Mykhailo", "Mikhailo")
    (True, True, True)
    >>> same_given("Robert", "Roberta"), same_given("Bill", "Bob")
    (False, False)
    """
    a, b = (_unaccented(name).strip(" .") for name in (a, b))
    if a == b:
        return bool(a)
    if min(len(a), len(b)) == 1:
        return a[0] == b[0]
    sexes = {given_names().get(a), given_names().get(b)} - {None}
    if not (a and b) or (len(sexes) > 1 and abs(len(a) - len(b)) < 3):
        return False  # Andrew and Andrea; but Chris is short for Christine too
    if b in _nicknames().nicknames_of(a) or a in _nicknames().nicknames_of(b):
        return frozenset((a, b)) not in _NO_NICKNAMES
    if len(sexes) > 1:
        return False
    return any(a in names and b in names for names in _spellings()) or _one_sound(a, b)


@lru_cache(maxsize=10_000)
def variant_key(name: str) -> str:
    """What all spellings of a surname share, the last part of a double one; a key for blocking.

    >>> variant_key("Julia Tymoshenko") == variant_key("Yulia Timoshenko")
    True
    >>> variant_key("Ann Smith") == variant_key("Ann Smyth")
    False
    """
    last = surname(name).split("-")[-1].replace("'", "")
    last = re.sub(r"(?<=[^aeiouq])([aou])e(?=[^aeiouy])", r"\1", last)  # Mueller, Müller
    if len(last) < 6:  # Smith and Smyth are two names
        return last
    return _folded(last, _SOUNDS)


def slug(name: str) -> str:
    """A name as an id, the same with and without title and accents: ``Dame Élise Roy`` → ``elise-roy``."""
    return re.sub(r"[\W_]+", "-", plain_name(name)).strip("-")


def namesake_slug(name: str) -> str:
    """The id, within an article, of somebody who is not the one of that name whom the register knows."""
    return f"{slug(name)}-namesake"


@cache
def given_names() -> dict[str, Gender]:
    """Given names with the sex that mostly bears them: ``given_names()["keir"]`` → ``"male"``."""
    genders: dict[str, Gender] = {}
    text = resources.files("ingest").joinpath("given_names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        sex, _, names = line.partition(": ")
        gender: Gender | None = "female" if sex == "female" else "male" if sex == "male" else None
        if gender is not None:
            genders.update(dict.fromkeys(map(plain_name, names.split()), gender))
    return genders


@cache
def _spellings() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(line.split()) for line in _SPELLINGS)


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


def _unaccented(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).translate(_LETTERS)
    return "".join(c for c in plain if not unicodedata.combining(c))


def _folded(word: str, sounds: Mapping[str, str]) -> str:
    for pattern, sound in sounds.items():
        word = re.sub(pattern, sound, word)
    return word


def _one_sound(a: str, b: str) -> bool:
    """Whether two given names are one name in two spellings: ``yousef``, ``yusuf``.

    The vowels of a name from another script are written in many ways; two names that English has differ by
    their vowels: Marvin, Mervin.
    """
    first, second = (_folded(name, _SOUNDS | _GIVEN_SOUNDS) for name in (a, b))
    if first == second:
        return True
    if a in given_names() and b in given_names():
        return False
    frame, other = (re.sub(r"[aeiou]+", "-", word) for word in (first, second))
    return frame == other and len(frame.replace("-", "")) > 2
