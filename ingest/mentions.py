"""The names of an article as they stand in its text: made whole, and those of people without their titles.

``Falk`` of ``Falk-Moreau`` is made whole; ``Dr Moss MP`` is the name Moss with the title dr.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.lexicon import BODY_NOUNS, NOT_IN_NAMES, ROLE_NOUNS, SUFFIXES, TITLES
from ingest.marks import Page
from ingest.names import CAPITALISED, given_names, plain_name, surname
from ingest.records import Name, TextSpan

_TITLED = re.compile(
    rf"\b((?:{'|'.join(t.capitalize() for t in sorted(TITLES, key=len, reverse=True))})\.?)\s+"
    rf"({CAPITALISED}(?:\s{CAPITALISED}){{0,2}})"
)
_WORD_BEFORE = re.compile(rf"(?<![\w’'])({CAPITALISED})( |-)$")
_WORD_AFTER = re.compile(rf"([’'] | |-)({CAPITALISED})(?![\w])")
_PARTICLE = re.compile(r"(?<!\w)[DLO]['’]$")
_INITIALS_BEFORE = re.compile(
    r"(?<![\w.])((?:[A-Z]\. ?){1,3}|(?!UK|US|EU|UN|TV|PM|MP|GP|NY|LA|DC|VP|AG|QB)[A-Z]{2} )$"
)
_INITIAL = re.compile(rf"(?<=[A-Z])\. {CAPITALISED}")
_GENERATION = re.compile(r",? (Jr|Sr|Jnr|Snr|II|III|IV)\b\.?")
_BODY_ENDS = BODY_NOUNS - ROLE_NOUNS
_NO_GIVEN_NAMES = TITLES | ROLE_NOUNS | NOT_IN_NAMES
_NO_NAMES = _NO_GIVEN_NAMES | SUFFIXES
_BEFORE_NAMES = TITLES | ROLE_NOUNS | {"the"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A person's name without its title: where it is, the name proper and the title before it.

    ``Jr`` behind a full name is of the name, though not of the span: it tells a son from his father.
    """

    span: TextSpan
    name: str
    title: str


def whole_names(text: str, names: Sequence[Name]) -> list[Name]:
    """Names made whole, where some words were not seen: Falk[-Moreau], Pellan [Skippers’ Association].

    A name goes on over hyphens and capitalised words, unless these are titles, roles or days. What ends in
    “Association” or “Council” is a body.
    """
    found: list[Name] = []
    for name in sorted(names, key=lambda n: n.span):
        start, end = name.span
        if _PARTICLE.search(text, max(0, start - 3), start):
            start -= 2  # D’[Souza]
        if name.kind == "person" and (initials := _INITIALS_BEFORE.search(text, max(0, start - 12), start)):
            start = initials.start(1)
        if found and start < found[-1].span.end:
            continue
        while (before := _WORD_BEFORE.search(text, max(0, start - 40), start)) and _goes_with(
            before.group(1)
        ):
            if before.group(2) == " " and (name.kind != "person" or begins_sentence(text, before.start(1))):
                break
            start = before.start(1)
        if name.kind == "person" and (rest := _INITIAL.match(text, end)) and text[end - 2 : end - 1] == " ":
            end = rest.end()  # Joseph R[. Biden]
        while (after := _WORD_AFTER.match(text, end)) and _goes_with(after.group(2)):
            if name.kind == "person" and _is_headline(text, start):
                break  # Rosa Vane Backs Harbour Plan
            if name.kind == "person" and after.group(1) not in ("-", " "):
                break
            end = after.end()
        last = re.split(r"\W+", text[start:end].removesuffix("'s").removesuffix("’s"))[-1].lower()
        kind = "body" if last in _BODY_ENDS and " " in text[start:end] else name.kind
        found.append(Name(TextSpan(start, end), kind))
    return found


def _is_headline(text: str, at: int) -> bool:
    """Whether a line is in title case: most of its longer words are capitalised."""
    line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0][:300]
    words = re.findall(r"\b[^\W\d_]{4,}", line)
    return len(words) > 3 and sum(word[0].islower() for word in words) < 0.25 * len(words)


def _goes_with(word: str) -> bool:
    return word.lower().rstrip(".") not in _NO_NAMES


def begins_sentence(text: str, at: int) -> bool:
    """Whether the word at an offset is the first of its sentence or of what is in marks."""
    return text[max(0, at - 20) : at].rstrip()[-1:] in ("", ".", "?", "!", "\n", "“", "”", '"')


def people_named(page: Page, names: Sequence[Name]) -> list[Mention]:
    """The names of people: those seen as such, and what stands behind a title, in reading order."""
    text = page.text
    found: dict[int, Mention] = {}
    for match in _TITLED.finditer(text):
        mention = _proper(text, TextSpan(*match.span(2)))
        if mention is not None:
            found[mention.span.start] = mention
    for name in names:
        if name.kind == "person" and (mention := _proper(text, name.span)) is not None:
            found[mention.span.start] = mention
    kept: list[Mention] = []
    for mention in sorted(found.values(), key=lambda m: m.span):
        if not kept or not kept[-1].span.overlaps(mention.span):
            kept.append(mention)
    surnames = {surname(m.name) for m in kept if " " in m.name and m.name.split()[0].lower() in given_names()}
    kept = [_without_false_given_name(text, m, surnames) for m in kept]
    known = {m.name for m in kept if " " in m.name}
    kept = [_without_headline(text, m, known) for m in kept]
    return sorted({m.span: m for m in (*_introductions(text, kept), *kept)}.values(), key=lambda m: m.span)


def _introductions(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Where those who are named by their surname alone are named in full: ``Emeka`` Rosenthal."""
    covered = {i for m in mentions if " " in m.name for i in range(*m.span)}
    surnames = {m.name for m in mentions if " " not in m.name}
    in_small = set(re.findall(r"\b[a-zß-ÿ][\w’'-]*", text))
    for match in re.finditer(rf"\b({CAPITALISED}) (?=({CAPITALISED}))", text):
        given, surname = match.group(1).lower(), match.group(2).removesuffix("'s").removesuffix("’s")
        if surname not in surnames or given in _NO_GIVEN_NAMES or len(given) < 3 or match.start() in covered:
            continue
        # A sentence's first word is a name if it can be nothing else.
        only_a_name = not given.endswith(("ing", "ed", "ly", "s")) and given not in in_small
        if given in given_names() or only_a_name or not begins_sentence(text, match.start()):
            span = TextSpan(match.start(), match.start(2) + len(surname))
            yield Mention(span, span.of(text), "")


def _proper(text: str, span: TextSpan) -> Mention | None:
    """A name without titles, roles and suffixes: ``Dr Moss MP`` → ``Moss``, title ``dr``."""
    words = list(re.finditer(r"[^\s,()\[\]“”\"]+", text[span.start : span.end]))
    while words and words[-1].group().lower().rstrip(".'’s").rstrip(".") in SUFFIXES:
        words.pop()
    title = ""
    while words and words[0].group().lower().rstrip(".") in _BEFORE_NAMES:
        title = words.pop(0).group().lower().rstrip(".")
    of = next((i for i, w in enumerate(words[:-1]) if w.group().endswith(("'s", "’s"))), None)
    if of is not None:  # the Tribune's Rosa Vane; Vane's White House
        words = words[of + 1 :] if words[of + 1].group().lower() in given_names() else words[: of + 1]
    given = next((i for i, w in enumerate(words[:-1]) if w.group().lower() in given_names()), 0)
    if words and words[0].group().lower() not in given_names():
        words = words[given:]  # “Browns DL Sheldon Richardson”: what stands before a given name is not of it
    words = words[:5]
    if not words:
        return None
    start, end = span.start + words[0].start(), span.start + words[-1].end()
    name = text[start:end].removesuffix("'s").removesuffix("’s").strip("'’‘.,")
    if (
        len(name) < 2
        or not name[0].isupper()
        or any(c.isdigit() for c in name)
        or name.lower() in NOT_IN_NAMES
    ):
        return None
    if before := re.search(r"(\w+)\.?\s$", text[max(0, start - 20) : start]):
        title = before.group(1).lower() if before.group(1).lower() in TITLES else title
    span = TextSpan(start, start + len(name))
    name = re.sub(r"^([A-Z])([A-Z]) ", r"\1.\2. ", name)  # DW Whitaker, D.W. Whitaker
    if " " in name and (generation := _GENERATION.match(text, span.end)):
        name = f"{name} {generation.group().lstrip(', ')}"
    return Mention(span, name, title)


def _without_headline(text: str, mention: Mention, known: set[str]) -> Mention:
    """``Rosa Vane Backs Plan``: in a headline a name ends where it ends elsewhere."""
    words = mention.name.split()
    for count in range(2, len(words)):
        name = " ".join(words[:count])
        if name in known and _is_headline(text, mention.span.start):
            return Mention(TextSpan(mention.span.start, mention.span.start + len(name)), name, mention.title)
    return mention


def _without_false_given_name(text: str, mention: Mention, known: set[str]) -> Mention:
    """``Hosting Cook at its event, …``: a sentence's first word is no given name of a known surname."""
    words = mention.name.split()
    if len(words) != 2 or words[0].lower() in given_names() or plain_name(words[1]) not in known:
        return mention
    if not begins_sentence(text, mention.span.start):
        return mention
    return Mention(TextSpan(mention.span.end - len(words[1]), mention.span.end), words[1], "")
