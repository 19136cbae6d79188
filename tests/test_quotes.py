"""Sentences, and what is to be found in them: find, attribute and resolve, by example.

A specimen is a few lines of news, every one invented, marked up by hand:

    [1 “We are ready,”] {1 Ms Ono} said. [1 “Today.”]

Square brackets hold what was said, braces the words that name its source; equal numbers belong together.
Several brackets of one number are the parts of one quotation. A letter behind the number says its kind,
``[1m it was “a farce”]`` mixed, ``[1i it had failed]`` indirect; without one it is direct. Braces may serve
several quotations, ``{1,2 Ms Ono}``, and may go on to say who that is: ``{1 Ms Ono=Keiko Ono}``, or that it
cannot be known, ``{1 he=}``; then role and body, ``{1 Keiko Ono=Keiko Ono; harbour master; Port of Lund}``.
A quotation without braces has no source. Whatever is found beside what is marked is an error.

To add one, write ``case("what it shows", "first paragraph", "second paragraph")`` in the list of its topic. If
the program gets it wrong, and a good reader would not, add ``wrong="why"``: the test then says so until it is right.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.records import Article, Quote

KINDS = {"": "direct", "m": "mixed", "i": "indirect"}


def case(
    id: str, *paragraphs: str, on: str | None = None, url: str | None = None, wrong: str | None = None
) -> Any:
    """One specimen; ``on`` is the day its article appeared, ``url`` where, ``wrong`` why the program fails."""
    marks = [pytest.mark.xfail(strict=True, reason=wrong)] if wrong else []
    return pytest.param(
        "\n\n".join(paragraphs), {"published": on, "url": url}, id=id.replace(" ", "-"), marks=marks
    )


def specimen(marked: str) -> tuple[str, list[dict[str, Any]]]:
    """``[1 “Go,”] {1 Bo=Bo Ray} said.`` → its text, and one quote: kind, parts, source, who.

    Words are given with the offset at which they stand, so that both are compared.
    """
    text = ""
    opened: list[tuple[str, int] | None] = []
    said: dict[str, dict[str, Any]] = {}
    sources: dict[str, tuple[tuple[int, str], str | None]] = {}
    for piece in re.split(r"(\[\d+[mi]? |\{\d+(?:,\d+)* |=[^{}]*\}|\}|\[|\])", marked):
        if re.fullmatch(r"\[\d+[mi]? |\{\d+(?:,\d+)* ", piece):
            opened.append((piece[1:-1], len(text)))
        elif piece == "[":  # a newspaper's own bracket
            opened.append(None)
            text += piece
        elif piece == "]" and (not opened or opened[-1] is None):
            opened.pop()
            text += piece
        elif piece == "]":
            label, start = opened.pop()  # type: ignore[misc]
            number, kind = re.fullmatch(r"(\d+)([mi]?)", label).groups()  # type: ignore[union-attr]
            quote = said.setdefault(number, {"kind": KINDS[kind], "parts": []})
            quote["parts"].append((start, text[start:]))
        elif piece.endswith("}"):
            label, start = opened.pop()  # type: ignore[misc]
            for number in label.split(","):
                sources[number] = (start, text[start:]), piece[1:-1] if piece.startswith("=") else None
        else:
            text += piece
    for number, quote in said.items():
        quote["source"], quote["who"] = sources.get(number, (None, ""))
    assert not opened, f"{len(opened)} brackets are not closed: {marked}"
    return text, sorted(said.values(), key=lambda quote: quote["parts"])


def found_in(text: str, quote: Quote, *, who: str | None) -> dict[str, Any]:
    """A quote as ``specimen`` gives it, saying as much of the speaker as the specimen does."""
    source, speaker = quote.attribution.source, quote.speaker
    facts = (speaker.name, speaker.role or "", speaker.affiliation or "") if speaker else ("",)
    return {
        "kind": quote.quotation.kind,
        "parts": [(part.start, part.of(text)) for part in quote.quotation.parts],
        "source": (source.start, source.of(text)) if source else None,
        "who": None if who is None else "; ".join(facts[: who.count(";") + 1]),
    }


@pytest.fixture
def check(pipeline):
    """Compare what is found in a specimen with what is marked in it."""

    def _check(marked: str, facts: dict[str, str | None]) -> None:
        text, expected = specimen(marked)
        quotes = pipeline.quotes(Article("specimen", text, **facts))
        asked = [quote["who"] for quote in expected] + [None] * len(quotes)
        assert [found_in(text, q, who=who) for q, who in zip(quotes, asked, strict=False)] == expected

    return _check


def of_topic(*cases: Any) -> Any:
    return pytest.mark.parametrize(("marked", "facts"), cases)


def test_the_notation():
    text, quotes = specimen(
        "[1 “We [all] go,”] {1,2 Ms Ono=Keiko Ono; mayor; Lund} said. [1 “Now.”] [2i It is] so."
    )
    assert text == "“We [all] go,” Ms Ono said. “Now.” It is so."
    assert quotes == [
        {
            "kind": "direct",
            "parts": [(0, "“We [all] go,”"), (28, "“Now.”")],
            "source": (15, "Ms Ono"),
            "who": "Keiko Ono; mayor; Lund",
        },
        {
            "kind": "indirect",
            "parts": [(35, "It is")],
            "source": (15, "Ms Ono"),
            "who": "Keiko Ono; mayor; Lund",
        },
    ]


@of_topic(
    case("straight", '[1 "The road is shut,"] {1 Ms Marsh} said.'),
    case("curly", "[1 “The road is shut,”] {1 Ms Marsh} said."),
    case("doubled single", "[1 ''The road is shut,''] {1 Ms Marsh} said."),
    case("typewriter", "[1 ``The road is shut,''] {1 Ms Marsh} said."),
    case("British single", "[1 ‘The road is shut,’] {1 Ms Marsh} said. [1 ‘It won’t open before Easter.’]"),
    case("straight single", "[1 'We can't wait,'] {1 Ms Marsh} said. [1 'The drivers have had enough.']"),
    case("British comma behind the mark", "[1 ‘The road is shut’], {1 Ms Marsh} said. [1 ‘It won’t open.’]"),
    case("mixed within a quotation", '[1 “The road is shut,"] {1 Ms Marsh} said.'),
    case("closed with an opening mark", "[1 “The road is shut,“] {1 Ms Marsh} said."),
    case("never closed", "{1 Ms Marsh} said: [1 “The road is shut.]"),
    case(
        "stray closing mark before", "The old sign” had gone.", "[1 “The road is shut,”] {1 Ms Marsh} said."
    ),
    case("nested single", "[1 “He told me ‘never again’ and left,”] {1 Ms Marsh} said."),
    case(
        "nested double in single",
        "[1 ‘He told me “never again” and left,’] {1 Ms Marsh} said.",
        wrong="one run in single marks does not outvote the double marks nested in it",
    ),
    case(
        "apostrophes around",
        "Since the ’90s the miners’ club has shut. [1 “It’s still the miners’ hall,”] {1 Ms Marsh} said.",
    ),
    case("spaces inside the marks", "[1 “ The road is shut, ”] {1 Ms Marsh} said."),
    case("bracket of the paper inside", "[1 “He [the driver] did not stop,”] {1 Ms Marsh} said."),
    case("inches", 'The gate is 6\' 2" wide. [1 "It is far too narrow for us,"] {1 Ms Marsh} said.'),
    case("guillemets", "[1 «The road is shut,»] {1 Ms Marsh} said."),
    case("capitals and dash inside", "[1 “The road — OUR road — is shut,”] {1 Ms Marsh} said."),
    case("ellipsis", "[1 “I just thought … no,”] {1 Ms Marsh} said."),
)
def test_marks(check, marked, facts):
    check(marked, facts)


@of_topic(
    case("before, with a comma", "{1 Ms Marsh} said, [1 “The road is shut.”]"),
    case("before, with a colon", "{1 Ms Marsh} said: [1 “The road is shut.”]"),
    case("before, with a listener", "{1 Ms Marsh} told the Northmere Chronicle: [1 “The road is shut.”]"),
    case("after", "[1 “The road is shut,”] {1 Ms Marsh} said."),
    case("after, inverted", "[1 “The road is shut,”] said {1 Ms Marsh}."),
    case(
        "after, inverted, with a role",
        "[1 “The road is shut,”] said {1 Helen Marsh=Helen Marsh}, the head of highways.",
    ),
    case(
        "within a sentence",
        "[1 “The road,”] {1 Ms Marsh} said on Monday, [1 “is shut.”]",
    ),
    case("between two sentences", "[1 “The road is shut,”] {1 Ms Marsh} said. [1 “It stays shut.”]"),
    case("a question", "[1 “Who is going to pay for it?”] asked {1 Ms Marsh}."),
    case("an exclamation", "[1 “What a way to run a town!”] {1 Ms Marsh} said."),
    case("no verb of speech", "[1 “Not in my lifetime,”] laughed {1 Ms Marsh}."),
    case("present tense", "[1 “We walk here every morning,”] says {1 Ms Marsh}."),
    case(
        "after a question put to them",
        "Asked whether the road would open, {1 Ms Marsh} said: [1 “No.”]",
    ),
    case("according to, after", "[1 “The road is shut,”] according to {1 Ms Marsh}."),
    case(
        "a dash and a name",
        "[1 “Leave the river alone, it was here before you.”] – {1 Helen Marsh}",
    ),
    case("a name and a colon", "{1 Helen Marsh}: [1 “We have waited for eleven years for this road.”]"),
    case(
        "colon without a verb of speech",
        "{1 Ms Marsh} turned to the gallery: [1 “You have waited long enough.”]",
    ),
    case("adverb and time", "[1 “The road is shut,”] {1 Ms Marsh} said bluntly on Tuesday night."),
    case("added", "[1 “The road is shut,”] {1 Ms Marsh} said. {2 She} added: [2 “It stays shut.”]"),
    case("a word or two", "[1 “Go,”] {1 Ms Marsh} said. [2 “No,”] {2 Mr Calder} said."),
    case(
        "a longer word",
        "[1 “Enough,”] {1 Ms Marsh} said.",
    ),
    case(
        "a phrase whose one long word has a capital",
        "[1 “Some of it,”] {1 Ms Marsh} said.",
    ),
    case(
        "a word with a full stop",
        "[1 “We go,”] {1 Ms Marsh} said. [1 “Now.”]",
    ),
    case(
        "two speakers in one paragraph",
        "[1 “It is shut,”] {1 Ms Marsh} said. [2 “It never was,”] {2 Mr Calder} replied.",
    ),
    case(
        "said of, not said",
        "[1 “The road is shut,”] {1 Ms Marsh} said, pointing at the sign behind Mr Calder.",
    ),
)
def test_cues(check, marked, facts):
    check(marked, facts)


@of_topic(
    case(
        "speech over three paragraphs, a caption between",
        "{1,2,3 Helen Marsh=Helen Marsh} told the council: [1 “We have waited eleven years for this wall.]",
        "open image in gallery Floodwater reached the post office in January (Ninefold Wire)",
        "[2 “I met a woman who had carried her photographs upstairs one at a time.]",
        "[3 “This is me keeping my promise.”]",
    ),
    case(
        "speech over two paragraphs, straight marks",
        '[1 "We have waited eleven years for this wall,"] {1,2 Ms Marsh} said. [1 "It was always the next budget.]',
        '[2 "It is this budget now."]',
    ),
    case(
        "a paragraph of speech after an attributed one",
        "[1 “We have waited eleven years for this wall,”] {1,2 Ms Marsh} said.",
        "[2 “It is not pretty, and it is not meant to be.”]",
    ),
    case(
        "speech announced by the paragraph before",
        "{1 Tom Calder=Tom Calder} was less pleased with the vote.",
        "[1 “They have mortgaged our grandchildren to pay for a wall.”]",
    ),
    case(
        "speech announced by the sentence before",
        "{1 Ms Marsh} shook her head. [1 “Nobody asked the drivers about any of it.”]",
    ),
    case(
        "the next speaker's paragraph is not a continuation",
        "[1 “We have waited eleven years for this wall,”] {1 Ms Marsh} said.",
        "[2 “We have not waited at all,”] said {2 Mr Calder}.",
    ),
    case(
        "question and answer",
        "Did she regret the vote? [1 “Not for one minute of one day,”] {1 Ms Marsh} said.",
        wrong="the reporter's question is found as her indirect speech",
    ),
    case(
        "a pull quote repeats words with a cue",
        "[1 “They have mortgaged our grandchildren”]",
        "[2 “They have mortgaged our grandchildren to pay for a wall,”] {1,2 Tom Calder=Tom Calder} said.",
        wrong="a pull quote without a final stop or a cue is not found",
    ),
    case(
        "interview with named lines",
        "{1 Helen Marsh}: [1 “We should have built it in 2014.”]",
        "{2 Tom Calder}: [2 “We should not have built it at all.”]",
    ),
)
def test_paragraphs(check, marked, facts):
    check(marked, facts)


@of_topic(
    case("a fragment in a clause", "{1 Ms Marsh} said [1m it was “a farce”]."),
    case("a clause with that", "{1 Ms Marsh} said that [1m it was “a farce” from the start]."),
    case(
        "two fragments in a clause",
        "{1 Ms Marsh} said [1m the plan was “a farce” and “an insult to drivers”].",
    ),
    case("called", "{1 Ms Marsh} called [1m the plan “a farce”]."),
    case("dismissed as", "{1 Ms Marsh} dismissed [1m the plan as “a farce from start to finish”]."),
    case(
        "two fragments under one cue",
        "{1 Ms Marsh} described it as [1m “a farce” and “an insult to drivers”].",
    ),
    case(
        "two fragments under two cues",
        "{1,2 Ms Marsh} called it [1m “a farce”] and accused him of [2m “contempt”].",
    ),
    case("the clause before its cue", "[1m The plan was “a farce”], {1 Ms Marsh} said."),
    case("nicknamed", "{1 Mr Calder} dubbed [1m the mayor “Sir Wastealot”]."),
    case("agent of a passive", "[1m The plan] was described by {1 Ms Marsh} as [1m “a farce”]."),
    case("told a listener", "{1 Ms Marsh} told him [1m the plan was “a farce”]."),
    case("accused of", "{1 Ms Marsh} accused [1m the firm of “a shameful disregard” for its drivers]."),
)
def test_mixed(check, marked, facts):
    check(marked, facts)


@of_topic(
    case("scare quote", "The “temporary” barriers have stood on the towpath since 2014."),
    case(
        "titles of works",
        "She sang “The Water Is Wide” and read from “A Short History of Mud”.",
        wrong="“read” is a verb of speech here, and “A Short History of Mud” not seen to be a title",
    ),
    case("nickname", "Frank “The Tank” Doyle won in the second round."),
    case(
        "term",
        "Doctors know the condition as “farmer’s lung”.",
        wrong="the reader takes what a thing is called for what somebody calls it",
    ),
    case("so-called passive", "The disease is called “bird fancier’s lung” in the trade."),
    case("name of a ship", "The “Northern Belle” left the harbour at noon."),
    case(
        "scare quote beside speech",
        "The “temporary” barriers will go. [1 “About time too,”] {1 Ms Marsh} said.",
    ),
    case(
        "title inside a cue clause", "[1 “We had a lovely night,”] said {1 Ms Marsh}, who sang “Blue Moon”."
    ),
    case("slogan", "Staff wore badges with “Ask Me” on them."),
    case(
        "only one word of doubt",
        "Residents have lived with a “solution” that leaks.",
        wrong="the reader hears the residents in the paper's own scare quote",
    ),
)
def test_not_quotes(check, marked, facts):
    check(marked, facts)


@of_topic(
    case("said", "{1 Ms Marsh} said [1i the road would stay shut until Easter]."),
    case("said that", "{1 Ms Marsh} said that [1i the road would stay shut]."),
    case("warned", "{1 Ms Marsh} warned that [1i the bridge might not last the winter]."),
    case("told a body", "{1 Ms Marsh} told the council that [1i the bridge was unsafe]."),
    case(
        "told listeners",
        "{1 Ms Marsh} told councillors that [1i the bridge was unsafe].",
    ),
    case("after its clause", "[1i The bridge will not last the winter], {1 Ms Marsh} said."),
    case(
        "inside its clause",
        "[1i The bridge], {1 Ms Marsh} said, [1i will not last the winter].",
    ),
    case("according to, after", "[1i The bridge will not last the winter], according to {1 Ms Marsh}."),
    case("according to, before", "According to {1 Ms Marsh}, [1i the bridge will not last the winter]."),
    case(
        "hoped",
        "{1 Ms Marsh} hoped that [1i the bridge would last the winter].",
    ),
    case("asked whether", "{1 Ms Marsh} asked [1i whether the bridge would last the winter]."),
    case("nothing was said", "Ms Marsh said nothing and left by the back door."),
    case(
        "speech as a subject",
        "What she said about the bridge has been forgotten.",
        wrong="the reader takes what happened to her words for what she said",
    ),
    case(
        "two clauses, two cues",
        "{1,2 Ms Marsh} said [1i the bridge was unsafe] and warned that [2i it would not last the winter].",
    ),
)
def test_indirect(check, marked, facts):
    check(marked, facts)


@of_topic(
    case(
        "coordinated behind a relative clause",
        "{1 Helen Marsh}, {2 who} has vowed [2i to reopen the road], welcomed the vote and said: [1 “We will not wait again.”]",
        wrong="the reader takes the relative pronoun for the source of both",
    ),
    case(
        "coordinated inside a relative clause",
        "The seat went to Helen Marsh, {1,2 who=Helen Marsh} has vowed [2i to reopen the road], and said: [1 “We will not wait again.”]",
        wrong="the reader goes back to the name for the second verb",
    ),
    case("participle, adding", "{1,2 Ms Marsh} said [1i the road was shut], adding: [2 “It stays shut.”]"),
    case("participle before the subject", "Posting on X, {1 Ms Marsh} wrote: [1 “The road is shut.”]"),
    case(
        "participle behind the verb",
        "{1 Ms Marsh} hit back at her critics, posting on X: [1 “The road is shut.”]",
    ),
    case("speaking at", "Speaking at the town hall, {1 Ms Marsh} said: [1 “The road is shut.”]"),
    case(
        "who",
        "It was left to Ms Marsh, {1 who} said: [1 “The road is shut.”]",
    ),
    case("was quoted as saying", "{1 Ms Marsh} was quoted as saying: [1 “The road is shut.”]"),
    case(
        "issued a statement saying",
        "{1 The union} issued a statement saying: [1 “The drivers have had enough.”]",
    ),
    case("in a statement", "In a statement, {1 Ms Marsh} said: [1 “The drivers have had enough.”]"),
    case("infinitive", "{1 Ms Marsh} went on to say: [1 “The drivers have had enough.”]"),
    case(
        "modal",
        "[1 “The drivers have had enough,”] {1 Ms Marsh} would later say.",
    ),
    case(
        "long subject",
        "{1 The leader of the council}, back from a week in Spain, said: [1 “I knew nothing of it.”]",
    ),
    case(
        "subject is not the object of before",
        "Before meeting Mr Calder, {1 Ms Marsh} said: [1 “The road is shut.”]",
    ),
)
def test_grammar_of_cues(check, marked, facts):
    check(marked, facts)


@of_topic(
    case("residents are no body", "{1 Businesses and residents=} complained that [1i the road was shut]."),
    case(
        "a letter and whom it is from",
        "Helen Marsh was told. {1 The letter=Harbour Trust}, from the Harbour Trust, says: [1 “The road is shut.”]",
    ),
    case(
        "a ministry by all of its name",
        "[1 “The road is shut,”] {1 a spokesman for Karvonia’s foreign ministry=Karvonia foreign ministry} said.",
    ),
    case(
        "a council of no town",
        "[1 “The road is shut,”] {1 the City Council=City Council} said.",
    ),
    case(
        "spokesperson for a council",
        "{1 A spokesperson for Northmere Council=Northmere Council} said: [1 “The road is shut.”]",
    ),
    case(
        "spokesman of a council",
        "{1 A Northmere Council spokesman=Northmere Council} said: [1 “The road is shut.”]",
    ),
    case(
        "named spokesman",
        "{1 Tom Calder=Tom Calder}, a spokesman for Northmere Council, said: [1 “The road is shut.”]",
    ),
    case("council", "{1 Northmere Council=Northmere Council} said: [1 “The road is shut.”]"),
    case(
        "ministry of the register",
        "{1 The Home Office=Home Office} said: [1 “We do not comment on single cases.”]",
    ),
    case(
        "ministry's spokeswoman",
        "{1 A Home Office spokeswoman=Home Office} said: [1 “We do not comment on single cases.”]",
    ),
    case("report", "{1 The report=} said: [1 “Nobody had looked at the bridge for nine years.”]"),
    case(
        "letter of a named person",
        "In a letter to parents, {1 Helen Marsh=Helen Marsh} wrote: [1 “The school will reopen on Monday.”]",
    ),
    case(
        "joint statement",
        "{1 Helen Marsh and Tom Calder=Helen Marsh and Tom Calder} said in a statement: [1 “We are sorry.”]",
    ),
    case(
        "joint, inverted",
        "[1 “We are sorry,”] said {1 Helen Marsh and Tom Calder=Helen Marsh and Tom Calder}.",
    ),
    case("unnamed", "[1 “They can bill me whatever they like,”] {1 one resident=} said."),
    case(
        "unnamed with a capital",
        "[1 “They can bill me whatever they like,”] said {1 a Labour MP=}.",
    ),
    case(
        "it is the body before",
        "Northmere Council shut the road on Monday. [1 “It would be wrong to speculate,”] {1 it=Northmere Council} said.",
    ),
    case(
        "the union that was named before",
        "The Harbour Workers’ Union rejected the offer. [1 “We remain ready to talk,”] {1 the union=Harbour Workers’ Union} said.",
    ),
    case(
        "the charity",
        "The charity Harbour Trust runs the shelter. [1 “We are full every night,”] {1 the charity=Harbour Trust} said.",
    ),
    case(
        "the charity by what stands behind its name",
        "Harbour Trust, a charity for sailors, runs the shelter. [1 “We are full every night,”] {1 the charity=Harbour Trust} said.",
    ),
    case(
        "the charity, of two",
        "The charity Harbour Trust and the charity Open Door run the shelter. [1 “We are full every night,”] {1 the charity=} said.",
    ),
    case(
        "initials",
        "The Northmere Farmers’ Alliance (NFA) rejected the plan. [1 “It will ruin every one of us,”] {1 the NFA=Northmere Farmers’ Alliance} said.",
    ),
    case(
        "a campaign is not its candidate",
        "{1 The Calder campaign=Calder campaign} said: [1 “There is nothing to add.”]",
    ),
    case(
        "who speaks for a person is somebody else",
        "Tom Calder left early. {1 A spokesman for Mr Calder=} said: [1 “There is nothing to add.”]",
    ),
    case(
        "council spokeswoman",
        "Northmere Council shut the road on Monday. {1 A council spokeswoman=Northmere Council} said: [1 “It stays shut until Easter.”]",
    ),
    case(
        "his company is not the one before",
        "[1 “We do not comment on this,”] {1 Northmere Council=Northmere Council} said. Tom Calder owns the yard. {2 His company=} said: [2 “The yard stays open.”]",
    ),
    case(
        "spokesman with a name behind",
        "{1 A company spokesman, Tom Calder=Tom Calder}, said: [1 “The yard stays open.”]",
    ),
    case("campaigners", "[1 “We have had enough of this,”] {1 campaigners=} said."),
    case(
        "the pair",
        "Helen Marsh and Tom Calder wrote to parents. {1 The pair=} said: [1 “We are sorry for what happened.”]",
    ),
    case(
        "spokesman then he",
        "{1 A spokesman for Northmere Council=Northmere Council} said: [1 “The road is shut.”]",
        "[2 “It stays shut until Easter,”] {2 he=Northmere Council} added.",
    ),
)
def test_bodies_and_documents(check, marked, facts):
    check(marked, facts)


@of_topic(
    case(
        "surname with a title",
        "Helen Marsh opened the meeting. [1 “The road is shut,”] {1 Ms Marsh=Helen Marsh} said.",
    ),
    case(
        "bare surname", "Helen Marsh opened the meeting. [1 “The road is shut,”] {1 Marsh=Helen Marsh} said."
    ),
    case("doctor", "Dr Helen Marsh examined him. [1 “He was lucky,”] {1 Dr Marsh=Helen Marsh} said."),
    case(
        "Sir and given name",
        "Sir Malcolm Thorne chairs the inquiry. [1 “I shall be brief,”] {1 Sir Malcolm=Malcolm Thorne} said.",
    ),
    case(
        "Dame and given name",
        "Dame Helen Marsh chairs the inquiry. [1 “I shall be brief,”] {1 Dame Helen=Helen Marsh} said.",
    ),
    case(
        "hyphens",
        "Gareth Prosser-Lyle rose. [1 “I shall be brief,”] {1 Mr Prosser-Lyle=Gareth Prosser-Lyle} said.",
    ),
    case("accents", "François Lefèvre rose. [1 “I shall be brief,”] {1 Mr Lefèvre=François Lefèvre} said."),
    case(
        "Mr and Mrs of one surname",
        "Alan Doyle and his wife, Susan Doyle, run the mill.",
        "[1 “We are staying,”] {1 Mr Doyle=Alan Doyle} said. [2 “We have always stayed,”] {2 Mrs Doyle=Susan Doyle} said.",
    ),
    case(
        "bare surname of two people is not guessed",
        "Alan Doyle runs the mill and Susan Doyle the shop. [1 “We are staying where we are,”] {1 Doyle=} said.",
    ),
    case(
        "Mr of two men is not guessed",
        "Alan Doyle runs the mill and Peter Doyle the shop. [1 “We are staying where we are,”] {1 Mr Doyle=} said.",
    ),
    case(
        "Mr is not the wife named after him",
        "[1 “We are not paying,”] {1 Mr Doyle=Doyle} said. His wife, Susan Doyle, left the room.",
    ),
    case(
        "hyphens, without a title",
        "Parveen Lockhart-Sato opened the door. [1 “We start at ten,”] {1 Lockhart-Sato=Parveen Lockhart-Sato} said.",
    ),
    case(
        "a family is not a person",
        "[1 “We are grateful to all of them,”] {1 the Doyles=} said.",
    ),
    case(
        "a couple by their name",
        "Alan Doyle and his wife, Susan Doyle, run the mill. [1 “We are staying,”] {1 the Doyles=Alan Doyle and Susan Doyle} said.",
    ),
    case(
        "nickname",
        "Robert Calder opened the meeting. [1 “The road is shut,”] {1 Bob Calder=Robert Calder} said.",
    ),
    case(
        "two whom one nickname fits are not guessed",
        "Christopher Calder opened the meeting. Christine Calder closed it. [1 “The road is shut,”] {1 Chris Calder=Chris Calder} said.",
    ),
    case(
        "another spelling",
        "Mykhailo Danko opened the meeting. [1 “The road is shut,”] {1 Mikhailo Danko=Mykhailo Danko} said.",
    ),
    case(
        "the name without the initial",
        "Helen P. Marsh opened the meeting. [1 “The road is shut,”] {1 Helen Marsh=Helen Marsh} said.",
    ),
    case(
        "the surname of the only one introduced so far",
        "Alan Doyle runs the mill. [1 “We are staying,”] {1 Doyle=Alan Doyle} said.",
        "Susan Doyle, no relation, runs the shop.",
    ),
    case(
        "who is called by the surname goes on being so",
        "Helen Marsh spoke first. [1 “The road is shut,”] {1 Marsh=Helen Marsh} said. Her husband, Tom Marsh, was absent.",
        "Later Helen Marsh took questions. [2 “It stays shut until Easter,”] {2 Marsh=Helen Marsh} said.",
    ),
    case(
        "but not after a namesake",
        "Helen Marsh spoke first. [1 “The road is shut,”] {1 Marsh=Helen Marsh} said. Then Tom Marsh rose.",
        "[2 “It stays shut until Easter,”] {2 Marsh=} said.",
    ),
    case(
        "a son is not his father",
        "[1 “We have read the plan,”] {1 Donald Trump Jr.=Donald Trump Jr.} said. [2 “So have I,”] said {2 Donald Trump=Donald Trump}.",
        on="2018-03-10",
    ),
    case(
        "who is Jr once may go without",
        "James Marsh Jr. opened the meeting. [1 “The road is shut,”] {1 James Marsh=James Marsh Jr.} said.",
    ),
    case(
        "a newspaper's writer",
        "{1 The Tribune’s Helen Marsh=Helen Marsh} wrote: [1 “The road was never safe.”]",
    ),
    case(
        "a name in a headline",
        "Helen Marsh Backs Harbour Plan After Storm",
        "Helen Marsh opened the meeting. [1 “The road is shut,”] {1 Marsh=Helen Marsh} said.",
    ),
    case(
        "the full name comes later",
        "[1 “The road is shut,”] {1 Ms Marsh=Helen Marsh} said.",
        "Helen Marsh became head of highways in 2019.",
    ),
    case(
        "the longest form of a name",
        "Sir Keir Starmer visited the yard. [1 “This yard has a future,”] {1 Starmer=Keir Starmer} said.",
        on="2025-03-01",
    ),
    case("whose lawyer is not who", "{1 Mr Calder’s lawyer=} said: [1 “My client denies all of it.”]"),
    case(
        "age between name and cue",
        "[1 “It is not safe,”] {1 Helen Marsh=Helen Marsh}, 43, of Tannery Road, said.",
    ),
    case(
        "the day before the name is not of the name",
        "Yesterday {1 Mr Calder} said that [1i the bridge was not safe].",
    ),
    case("a mention in speech is no speaker", "[1 “Tom Calder has had his chance,”] {1 Ms Marsh} said."),
)
def test_names(check, marked, facts):
    check(marked, facts)


@of_topic(
    case(
        "a man and a woman",
        "Helen Marsh and Tom Calder disagree. [1 “It is unsafe,”] {1 she=Helen Marsh} said. [2 “It is not,”] {2 he=Tom Calder} said.",
    ),
    case(
        "a chain over paragraphs",
        "Helen Marsh opened the meeting on Monday.",
        "[1 “The road is shut,”] {1 she=Helen Marsh} said.",
        "The bridge was built in 1931.",
        "[2 “It will not last the winter,”] {2 she=Helen Marsh} added.",
    ),
    case(
        "two men, the last one speaking goes on",
        "[1 “It is unsafe,”] said {1 Alan Reeves=Alan Reeves}.",
        "[2 “It has stood for ninety years,”] said {2 Tom Calder=Tom Calder}. [3 “It will stand for ninety more,”] {3 he=Tom Calder} added.",
    ),
    case(
        "two men, neither in front, is not guessed",
        "Alan Reeves and Tom Calder met at the bridge on Monday. [1 “It is perfectly safe,”] {1 he=} said.",
        wrong="the reader prefers the first of two in one subject",
    ),
    case(
        "his is not the one he praised",
        "Tom Calder praised Alan Reeves. [1 “He built this bridge with his own hands,”] {1 he=Tom Calder} said.",
    ),
    case("nobody to mean", "The bridge was shut on Monday. [1 “It is perfectly safe,”] {1 he=} said."),
    case(
        "who acts between two quotes is the next to speak",
        "[1 “It is unsafe,”] said {1 Helen Marsh=Helen Marsh}. Susan Doyle shook her head. [2 “It is not,”] {2 she=Susan Doyle} said.",
    ),
    case(
        "namesakes told apart by the pronoun",
        "Alan Doyle runs the mill and Susan Doyle the shop. Doyle rose first. [1 “We are staying where we are,”] {1 she=Susan Doyle} said.",
    ),
    case(
        "a neighbour without a name",
        "Helen Marsh left early. A neighbour was less forgiving. [1 “It is like living next to a pirate ship,”] {1 she=} said.",
    ),
    case(
        "who spoke under the name of an office goes on",
        "Tom Calder cut the ribbon. {1 The chancellor=Gordon Brown} said: [1 “This yard has a future.”] [2 “It was not always so,”] {2 he=Gordon Brown} added.",
        on="2004-05-10",
    ),
    case(
        "whose success it is may be the one who announces",
        "[1 “The road is shut,”] {1 Alan Reeves=Alan Reeves} said. Tom Calder’s success shows in the towns where {2 he=Tom Calder} said that [2i the mill would open].",
    ),
    case(
        "a spokeswoman goes on",
        "Helen Marsh opened the meeting. [1 “The road is shut,”] {1 a spokeswoman for the Harbour Trust=Harbour Trust} said. [2 “It stays shut until Easter,”] {2 she=Harbour Trust} added.",
    ),
    case(
        "somebody without a name goes on",
        "Tom Calder left early. [1 “I have no news for you,”] said {1 the foreman=}. [2 “Ask again tomorrow,”] {2 he=} added.",
    ),
    case(
        "the man whose spokesman speaks is not he",
        "Tom Calder left early. [1 “I have no news for you,”] said {1 Calder spokesman Alan Reeves=Alan Reeves}. [2 “Ask again tomorrow,”] {2 he=Alan Reeves} added.",
        wrong="the reader takes the man whom a spokesman serves for him, so it stays open",
    ),
    case(
        "who was just introduced",
        "Tom Calder left early. Nobody had warned Alan Reeves, a welder who has worked there for 20 years. [1 “I read it in the paper,”] {1 he=Alan Reeves} said.",
    ),
    case(
        "they is nobody certain",
        "Helen Marsh met the drivers. [1 “We have had enough of this,”] {1 they=} said.",
    ),
)
def test_pronouns(check, marked, facts):
    check(marked, facts)


@of_topic(
    case(
        "council leader",
        "The council leader, Helen Marsh, opened the meeting. [1 “It is perfectly safe,”] {1 the council leader=Helen Marsh} said.",
    ),
    case(
        "party leader of the article",
        "Tom Calder, the leader of the Harbour Party, spoke next. [1 “It is perfectly safe,”] {1 the Harbour Party leader=Tom Calder} said.",
    ),
    case(
        "party leader of the register",
        "{1 The Reform leader=Nigel Farage} said: [1 “This is a great night for us.”]",
        on="2025-05-02",
    ),
    case(
        "party leader named in an undated article",
        "Nigel Farage arrived at the count. {1 The Reform leader=Nigel Farage} said: [1 “This is a great night for us.”]",
    ),
    case(
        "prime minister in 2025",
        "{1 The prime minister=Keir Starmer} said: [1 “We will not be diverted from this.”]",
        on="2025-01-10",
    ),
    case(
        "prime minister in 2009",
        "{1 The prime minister=Gordon Brown} said: [1 “We will not be diverted from this.”]",
        on="2009-05-01",
    ),
    case(
        "prime minister on no known day",
        "{1 The prime minister=} said: [1 “We will not be diverted from this.”]",
    ),
    case(
        "prime minister in a French paper",
        "{1 The prime minister=François Bayrou} said: [1 “We will not be diverted from this.”]",
        on="2025-01-10",
        url="https://www.exemple.fr/politique/1",
    ),
    case(
        "the mayor of a city, then the mayor",
        "{1 The mayor of London=Sadiq Khan} said: [1 “We will not be diverted from this.”] [2 “Not by anybody,”] {2 the mayor=Sadiq Khan} said.",
        on="2018-01-10",
    ),
    case(
        "of two mayors the one just introduced",
        "Mayor Helen Marsh met the farmers. [1 “We must go,”] {1 the mayor=Helen Marsh} said.",
        "Then Mayor Susan Doyle rose. [2 “We must stay,”] {2 the mayor=Susan Doyle} said.",
    ),
    case(
        "who shadowed the chancellor, named in an undated article",
        "Oliver Letwin arrived at the count. {1 The shadow chancellor=Oliver Letwin} said: [1 “This is a great night for us.”]",
    ),
    case(
        "a chief executive of no body",
        "{1 The chief executive=} said: [1 “We will not be diverted from this.”]",
        on="2025-01-10",
    ),
    case(
        "who is introduced later is not meant yet",
        "{1 The president=George W. Bush} said: [1 “This bridge will stand.”]",
        "Mustafa Danko, the union’s local president, left early.",
        on="2006-03-10",
        url="https://www.example.us/1",
    ),
    case(
        "president of a country",
        "{1 The French president=Jacques Chirac} said: [1 “We will not be diverted from this.”]",
        on="2004-05-10",
    ),
    case(
        "first minister of a nation",
        "{1 Scotland’s first minister=Nicola Sturgeon} said: [1 “We will not be diverted from this.”]",
        on="2021-05-10",
    ),
    case(
        "party leader by the party's other name",
        "{1 The Tory leader=Michael Howard} said: [1 “We will not be diverted from this.”]",
        on="2004-05-10",
    ),
    case(
        "former prime minister",
        "Gordon Brown opened the library. [1 “Every town should have one,”] {1 the former prime minister=Gordon Brown} said.",
        on="2025-03-01",
    ),
    case(
        "surname of the register on the day",
        "{1 Mr Blair=Tony Blair} said: [1 “We will not be diverted from this.”]",
        on="2004-05-10",
    ),
    case(
        "surname of the register on no known day",
        "{1 Mr Blair=Blair} said: [1 “We will not be diverted from this.”]",
    ),
    case(
        "a vice president is not the president",
        "Helen Marsh, vice president of the Harbour Union, left early. {1 The president=} said: [1 “It is perfectly safe.”]",
    ),
    case(
        "mayor by her title",
        "Mayor Helen Marsh opened the meeting. [1 “It is perfectly safe,”] {1 the mayor=Helen Marsh} said.",
    ),
    case(
        "senator by her title",
        "Sen. Helen Marsh opened the meeting. [1 “It is perfectly safe,”] {1 the senator=Helen Marsh} said.",
    ),
    case(
        "prime minister with a name",
        "{1 The prime minister, Keir Starmer=Keir Starmer}, said: [1 “We will not be diverted.”]",
    ),
    case(
        "two with the role are not guessed",
        "Councillors Helen Marsh and Susan Doyle voted against. [1 “It is not safe at all,”] {1 the councillor=} said.",
    ),
)
def test_roles(check, marked, facts):
    check(marked, facts)


@of_topic(
    case(
        "apposition with a body",
        "{1 Helen Marsh=Helen Marsh; chief executive; Harbour Trust}, chief executive of the charity Harbour Trust, said: [1 “It is not safe.”]",
    ),
    case(
        "apposition behind an inverted cue",
        "[1 “It is not safe,”] said {1 Helen Marsh=Helen Marsh; chief engineer; Northmere Council}, chief engineer at Northmere Council.",
    ),
    case(
        "role before the name",
        "{1 Northmere Council leader Helen Marsh=Helen Marsh; leader; Northmere Council} said: [1 “It is not safe.”]",
    ),
    case(
        "occupation before the name",
        "[1 “It is not safe,”] said {1 farmer Tom Calder=Tom Calder; farmer; }.",
    ),
    case(
        "occupation before the name, tagged as an adjective",
        "[1 “It is not safe,”] said {1 headteacher Helen Marsh=Helen Marsh; headteacher; }.",
    ),
    case(
        "the role of one mention serves a later one",
        "Tom Calder, secretary of the Harbour Union, left early. [1 “It is not safe,”] {1 he=Tom Calder; secretary; Harbour Union} said.",
    ),
    case(
        "who is",
        "Tom Calder is the secretary of the Harbour Union. [1 “It is not safe,”] {1 Mr Calder=Tom Calder; secretary; Harbour Union} said.",
    ),
    case(
        "role before an inverted name",
        "[1 “It is not safe,”] said {1 Labour councillor Helen Marsh=Helen Marsh; councillor; Labour}.",
    ),
    case(
        "a husband is not a body",
        "[1 “He denies it all,”] said {1 Mr Calder’s wife, Susan Calder=Susan Calder; wife; }.",
    ),
    case(
        "office of the register on the day",
        "{1 Rachel Reeves=Rachel Reeves; chancellor; UK government} said: [1 “The numbers add up, all of them.”]",
        on="2025-03-01",
    ),
)
def test_role_and_body(check, marked, facts):
    check(marked, facts)


# Texts that nobody wrote as news: what must hold for every text.


NASTY = [
    "",
    "“",
    "”",
    "“”",
    "“ ”",
    '""',
    "''",
    "“\n\n“\n\n”",
    "“”“”“”",
    ": “",
    ":\n“Go.”",
    "said “",
    "according to",
    "According to “him”",
    "According to",
    "He said: ",
    "— Ann Lee",
    "“Go.” —",
    "said said said “said,” said said",
    "“Go,” said",
    "“Go,” said\n\nAnn Lee",
    "“a” “b” “c”, she said, “d”",
    "\u200b“Go,”\u200b said Ann Lee.",
    "\ufeff“Go,” said Ann Lee.",
    "“😀,” said 😀.",
    "“Ⅳ,” said ﬁve Ǆ.",
    "\t\r\n “Go,”\r said\x0bAnn\x0cLee.",
    "Mr",
    "Mr. said “Go.”",
    "“Go,” said Mr",
    "Sir Keir",
    "A" * 5000,
    "“" * 300,
    "'" * 300,
    "(" * 200 + "“Go,” he said" + ")" * 200,
    "“Go,” " * 100 + "he said.",
    "he said she said " * 50,
]


def check_invariants(text: str, quotes: list[Quote]) -> None:
    for quote in quotes:
        parts = quote.quotation.parts
        spans = [*parts, *filter(None, (quote.quotation.cue, quote.attribution.source))]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(a.end <= b.start for a, b in pairwise(parts))
        assert 0 <= quote.attribution.confidence <= 1
        assert quote.attribution.source or not quote.speaker
    taken = sorted(part for quote in quotes for part in quote.quotation.parts)
    assert all(a.end <= b.start for a, b in pairwise(taken)), "quotations overlap"


@pytest.mark.parametrize("text", NASTY, ids=lambda text: repr(text[:24]))
def test_nothing_that_is_no_news_breaks_the_stages(pipeline, text):
    check_invariants(text, pipeline.quotes(Article("nasty", text)))


_WORDS = re.findall(
    r"\S+",
    """
    “ ” ‘ ’ " '' , . : ; — ( ) said says told added according to Ann Lee Mr Ms Sir Doyle Mrs he she who they and
    the a council leader spokesman for of statement that road is shut was calling it by posting
    """,
)


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(["", " ", "\n\n"])), max_size=60))
def test_any_heap_of_words_gives_quotes_inside_the_text(pipeline, heap):
    text = "".join(word + space for word, space in heap)
    check_invariants(text, pipeline.quotes(Article("heap", text)))
