"""The words with which an article says who somebody is, right beside the name.

Newspapers introduce whom their readers may not know: behind the name (“Ann Lee, a pitcher for the Herons,”),
before it (“the Herons pitcher Ann Lee”), or with “who” or “of”. Unlike a role, these words need not be
understood to tell one bearer of a name from another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.callings import CALLINGS
from ingest.lexicon import PRONOUNS, TITLES, word_set
from ingest.records import TextSpan

_LONGEST = 90  # characters of one description
_MOST = 3
_AGE = r"(?:, (?:aged )?\d{1,3}(?= ?,))?"
_BEHIND = re.compile(rf"(?:\s(?:Jr|Sr|MP|QC|KC)\b\.?)?{_AGE}(?:, | \(| of | from | at | – | — )(?=\w)")
_END = re.compile(r"[,;:()“”\"\n]| [-–—] |[.!?](?:\s|$)|\s(?:said|says|told|added|warned|argued|asked)\b")
_BEFORE = re.compile(
    r"(?:^|[.!?:;,()“”\"\n]\s*|\b(?:said|says|told|added|asked|and|to|by|with|that|but)\s+)([^.!?:;,()“”\"\n]*?)\s*$"
)
_NO_DESCRIPTION = PRONOUNS | word_set("""
    said says told added adding saying speaking asked asking when while as but and after before because if
    in on at for with by since although though yesterday today monday tuesday wednesday thursday friday
    saturday sunday however meanwhile then there here not so or yet last next this that these those to from
    until
""")
#: Titles that tell nothing of a calling.
_MERE_TITLES = word_set("mr mrs ms miss sir dame lady lord dr mx hon rt madam baroness baron")
_FINITE = word_set("is are was were has had have will would could can may might should does did")
_WORDS_BEFORE = 6
_SHORT = 8  # words of a description that names no calling: a piano tuner from Lund
_DETERMINERS = word_set("a an the one")
_PARTY_AND_STATE = re.compile(r"[DRI]-[A-Z][\w.]*$")
_TAKEN_ALONG = re.compile(r"^\w+(?:ed|ing|ook|ent)\b|\b(?:her|his) (?:head|shoulders)\b")


def describe(text: str, mentions: Iterable[TextSpan]) -> str | None:
    """What is said of somebody beside the name, over all mentions of the full name.

    >>> text = "Herons pitcher Ann Lee, who came from Lund, said no. “Yes,” said Ann Lee, 31."
    >>> start = text.index("Ann Lee")
    >>> describe(text, [TextSpan(start, start + 7)])
    'herons pitcher; who came from Lund'
    """
    found: dict[str, None] = {}
    for mention in mentions:
        for words in (_before(text, mention), _behind(text, mention)):
            if words:
                found.setdefault(words)
        if len(found) >= _MOST:
            break
    return "; ".join(list(found)[:_MOST]) or None


def _behind(text: str, mention: TextSpan) -> str | None:
    link = _BEHIND.match(text, mention.end)
    if link is None:
        return None
    end = _END.search(text, link.end(), link.end() + _LONGEST)
    if end is None:
        return None
    words = text[link.end() : end.start()].split()
    first = words[0].lower() if words else ""
    if (
        first == "who"
        or link.group().strip() in ("of", "from", "at")
        or _PARTY_AND_STATE.match(" ".join(words))
    ):
        return _kept(words)
    if first in _NO_DESCRIPTION or _FINITE.intersection(words) or _TAKEN_ALONG.search(" ".join(words)):
        return None  # Ann Lee, no decision was taken; Ann Lee, shook her head
    if _says_what(words) or (first in _DETERMINERS and len(words) <= _SHORT):
        return _kept(words)
    return None


def _before(text: str, mention: TextSpan) -> str | None:
    found = _BEFORE.search(text[max(0, mention.start - _LONGEST) : mention.start])
    words = found.group(1).split() if found else []
    while words and words[-1].lower().rstrip(".") in _MERE_TITLES:
        words = words[:-1]
    if words and words[0].islower() and words[0].endswith("ed"):
        words = words[1:]  # “…,” explained left-hander Ann Lee
    elif len(words) > 1 and words[0].istitle() and words[1].islower():
        words[0] = words[0].lower()  # at the start of a sentence nothing tells a name from a noun
    if len(words) > _WORDS_BEFORE or {w.lower() for w in words} & (_NO_DESCRIPTION | _FINITE):
        return None
    return _kept(words) if _says_what(words[-2:]) else None


def _says_what(words: list[str]) -> bool:
    """Whether some words name a calling, a post or a rank: the Herons pitcher, Det Insp."""
    plain = {re.sub(r"\W|['’]s$", "", word.lower()) for word in words}
    return bool(plain & (CALLINGS | TITLES))


def _kept(words: list[str]) -> str | None:
    return (
        " ".join(words)
        if any(re.search(r"[^\W\d]{3}", w) and w.lower() not in ("the", "but", "and") for w in words)
        else None
    )
