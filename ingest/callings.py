"""What articles say somebody is, and how well two such descriptions go together for one person.

Two articles that name an Ann Lee may mean one person or two. What they say beside the name decides: a striker
is hardly a professor, nobody sits on two councils, and whoever leads the union in one leads it in the other.
Each comparison weighs as much as it tells, after Fellegi and Sunter (“A theory for record linkage”, 1969):
the logarithm of how much oftener it comes out so for one person than for two.

>>> striker, coach = Facts("striker", "Ostrey Town"), Facts("coach", "Ostrey Town")
>>> agreement(striker, coach) > 0 > agreement(striker, Facts("professor", "University of Lund"))
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ingest.lexicon import BODY_NOUNS, COMMON_BODY_WORDS, ROLE_NOUNS, TITLES, word_set
from ingest.names import plain_name


class Facts(NamedTuple):
    """What an article says of somebody, beside the name."""

    role: str | None = None
    affiliation: str | None = None
    description: str | None = None


#: An article that says nothing.
NOTHING = Facts()

#: What each comparison tells, in favour of one person: by logistic regression on 3,400 pairs of articles of
#: the made corpus (seeds 1 to 6), then by trial on these and on the names of PolNeAR's training articles.
WEIGHTS = {
    "line": 0.5,  # both in politics, both in football
    "another line": -4.5,
    "another career": -4.0,  # between lines that people do change
    "another party": -4.0,
    "calling": 0.5,  # one word for what they do: nurse, mayor
    "rank": 0.5,  # chair and chair, director and director
    "wording": 2.0,  # hydrology, piano, committee
    "body": 3.0,
    "kind of body": 0.5,  # “the council”, in both
    "another body": -2.0,
    "another body of a kind": -4.0,  # two councils, two schools
}

#: From here down two descriptions cannot be of one person.
CLASH = -3.0

#: Callings that hardly anybody joins: who is in one of these lines is not the namesake in another.
_LINES = {
    word: line
    for line, words in {
        "politics": """
            mp msp ms mep sen gov cllr councilman councilwoman senator congressman congresswoman assemblyman
            assemblywoman councillor alderman mayor minister premier candidate whip peer lawmaker politician
            rep democrat republican
        """,
        "business": """
            ceo cfo coo banker businessman businesswoman entrepreneur trader retailer shopkeeper analyst
            developer
        """,
        "football": "striker goalkeeper midfielder winger footballer",
        "baseball": "pitcher outfielder shortstop lefthander righthander pitched",
        "sport": """
            coach player coxswain jockey quarterback fullback flyhalf scrumhalf wicketkeeper coached
            scored scorer cricketer batsman bowler cyclist sprinter swimmer athlete referee defender forward
        """,
        "police": """
            insp sgt supt sergeant inspector superintendent constable detective policeman policewoman sheriff
            investigating investigation commands
        """,
        "law": "barrister solicitor lawyer judge prosecutor attorney magistrate advocate qc kc coroner",
        "medicine": """
            surgeon nurse nursed midwife physician consultant gp cardiologist oncologist obstetrician
            paediatrician pediatrician psychiatrist paramedic virologist epidemiologist dentist radiologist
        """,
        "science": """
            prof professor scientist physicist biologist chemist geologist astronomer archaeologist
            anthropologist historian economist sociologist lecturer lectures researcher ecologist
            climatologist mathematician hydrologist oceanographer criminologist statistician philosopher
            linguist
        """,
        "arts": """
            actor actress novelist poet playwright composer singer guitarist sculptor artist painter
            comedian choreographer conductor musician author
        """,
        "church": "bishop archbishop vicar priest pastor rabbi imam rector dean",
        "schools": "headteacher headmaster headmistress teacher",
        "trades": """
            farmer plumber electrician bricklayer fisherman baker butcher barber builder driver
            hairdresser cleaner joiner carpenter mechanic skipper beekeeper welder
        """,
        "forces": "colonel admiral brigadier commodore",
    }.items()
    for word in word_set(words)
}
#: What would be put into a line of sport, and is of another.
_NO_SPORT = re.compile(r"\bpublic defender\b", re.IGNORECASE)
_BODY = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]*(?:(?: of| for| and| &)? [A-ZÀ-ÖØ-Þ][\w’'-]*)+")
_FORMER = re.compile(r"\b(?:ex|former|formerly|previously|until|retired|longtime)\b", re.IGNORECASE)
_OWN = re.compile(
    r"(?!who\b)|who (?:chairs|coache[ds]|commands|heads|leads|manages|owns|represents|runs|teaches|"
    r"has (?:run|coached|led))\b"
)
#: Lines between which people do move.
_CAREERS = frozenset(("politics", "business", "law", "forces", "arts", "science", "medicine"))
_SPORTS = frozenset(("football", "baseball", "sport"))
_PARTIES = {
    word: party
    for party, words in {
        "labour": "labour",
        "conservative": "conservative conservatives tory tories",
        "liberal": "lib dem dems liberal",
        "democratic": "democrat democrats democratic",
        "republican": "republican republicans gop",
        "green": "green greens",
        "reform": "reform ukip",
        "snp": "snp",
        "plaid": "plaid",
        "dup": "dup",
        "sdlp": "sdlp",
    }.items()
    for word in word_set(words)
}
#: Bodies of one place each: nobody sits on two councils.
_LOCAL = word_set("council school academy church police hospital infirmary club fc united constabulary")
_PLAIN_WORDS = (
    BODY_NOUNS
    | COMMON_BODY_WORDS
    | _LOCAL
    | TITLES
    | word_set("""
        and for at in on to a an s uk us u plc ltd inc llc co new national international federal house
        now american british english former formerly previously who has his her with from that this
        their was were been are is since until
    """)
)

#: What somebody may be.
CALLINGS = ROLE_NOUNS | _LINES.keys()
#: Roles that are held in every line.
_VAGUE = word_set("""
    chair chairman chairwoman chief co-founder deputy director executive expert founder head leader man
    manager member officer official owner president secretary spokesman spokesperson spokeswoman veteran woman
    worker resident campaigner
""")


@lru_cache(maxsize=100_000)
def agreement(a: Facts, b: Facts) -> float:
    """How much two descriptions speak for one person, less what speaks against it."""
    return sum(WEIGHTS[comparison] for comparison in comparisons(a, b))


def comparisons(a: Facts, b: Facts) -> Iterator[str]:
    """What a comparison of two descriptions finds: keys of ``WEIGHTS``.

    >>> list(comparisons(Facts("chair", "Lund Council"), Facts("chair", "Ostrey Council")))
    ['rank', 'another body of a kind']
    """
    first, second = _line(a), _line(b)
    lines = {first, second} - {None}
    if first and second and _same_line(first, second):
        yield "line"
    elif first and second and not (lines <= _CAREERS and (_once(a) or _once(b))):
        yield "another career" if lines <= _CAREERS else "another line"
    party, other = _party(a), _party(b)
    if party and other and not party & other:
        yield "another party"
    names, others = _names(a), _names(b)
    own, others_own = _own_names(a), _own_names(b)
    shared = {word for word in _words(a) & _words(b) - _PLAIN_WORDS if len(word) > 2}
    if shared & CALLINGS - _VAGUE:
        yield "calling"
    elif shared & _VAGUE:
        yield "rank"
    if shared - CALLINGS - _VAGUE - names - others:
        yield "wording"
    if (
        names & _words(b)
        or others & _words(a)
        or _abbreviates(a.affiliation, b.affiliation)
        or any(len(name.split()) > 2 for name in _bodies(a) & _bodies(b))
    ):
        yield "body"
    elif _bodies(a) & _bodies(b):
        yield "kind of body"  # of the one town, more likely than not
    elif own and others_own and not ((party or other) and lines <= {"politics"}):
        # A party's politician also sits on a council or leads a ministry; but nobody sits on two councils.
        yield "another body of a kind" if _words(a) & _words(b) & (_LOCAL | _VAGUE) else "another body"


def _said(facts: Facts) -> str:
    return f"{facts.role or ''} ; {facts.description or ''}"


def _once(facts: Facts) -> bool:
    """Whether some of it is past: a former chief executive may be a candidate now."""
    return _FORMER.search(_said(facts)) is not None


def _same_line(first: str, second: str) -> bool:
    return first == second or ({first, second} <= _SPORTS and "sport" in (first, second))


@lru_cache(maxsize=100_000)
def _words(facts: Facts) -> frozenset[str]:
    """All the words of a description, plain."""
    return frozenset(re.findall(r"\w+", plain_name(" ; ".join(filter(None, facts))).replace("-", "")))


@lru_cache(maxsize=100_000)
def _names(facts: Facts) -> frozenset[str]:
    """The words that tell a body or a place from others: ``Aldermoor`` of “Aldermoor City Council”."""
    said = f"{facts.affiliation or ''} ; {facts.description or ''}"
    capitals = re.findall(r"\b[A-ZÀ-ÖØ-Þ][\w’'.-]*", said)
    words = frozenset(word for name in capitals for word in re.findall(r"\w+", plain_name(name)))
    return words - _PLAIN_WORDS - CALLINGS - _PARTIES.keys()


@lru_cache(maxsize=100_000)
def _own_names(facts: Facts) -> frozenset[str]:
    """Those of the names that are of somebody's own body or place, not of what else is told about them."""
    told = [part for part in (facts.description or "").split("; ") if _OWN.match(part)]
    return _names(Facts(affiliation=facts.affiliation, description="; ".join(told)))


@lru_cache(maxsize=100_000)
def _bodies(facts: Facts) -> frozenset[str]:
    """The bodies of a description, plain, whether or not their words tell them from others: city council."""
    named = _BODY.findall(f"{facts.affiliation or ''} ; {facts.description or ''}")
    return frozenset(plain_name(name) for name in named)


@lru_cache(maxsize=100_000)
def _line(facts: Facts) -> str | None:
    said = _NO_SPORT.sub("lawyer", _said(facts))
    words = re.findall(r"\w+", said.lower().replace("-", ""))
    if "member" in words and "council" in _words(facts):
        return "politics"
    return next((_LINES[word] for word in words if word in _LINES), None)


def _party(facts: Facts) -> frozenset[str]:
    return frozenset(_PARTIES[word] for word in _words(facts) if word in _PARTIES)


def _abbreviates(a: str | None, b: str | None) -> bool:
    """Whether one is the initials of the other, or of its beginning: ``MoD``, “Ministry of Defence”."""
    long, short = sorted((a or "", b or ""), key=len, reverse=True)
    words = re.findall(r"\w+", long)
    initials = {"".join(w[0] for w in words), "".join(w[0] for w in words if w[0].isupper())}
    plain = short.lower().replace(".", "")
    return len(plain) > 2 and any(i.lower().startswith(plain) for i in initials)
