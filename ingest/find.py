"""Where a quotation is: runs of text in marks, reported speech without marks, and the cue of each.

Which runs in marks are somebody's words rather than a title or a nickname, which cue announces each, and
what is reported without marks. Who the source is, is the next stage's question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Token

from ingest.lexicon import NAMING_VERBS, SPEECH_NOUNS, SPEECH_VERBS, THOUGHT_VERBS
from ingest.marks import Page, ends_sentence
from ingest.records import Quotation, TextSpan

_CUE_VERBS = SPEECH_VERBS | NAMING_VERBS | THOUGHT_VERBS
# Tagged as nouns or missed by the lemmatizer often enough to be named.
_CUE_FORMS = {"said", "says", "told", "added", "wrote", "tweeted", "asked", "tweets", "writes"}
_MIN_WORDS_WITHOUT_CUE = 4


def find(page: Page) -> list[Quotation]:
    """The quotations of an article's prose, in reading order, each with its cue if it has one.

    For ``“It is over,” she said.`` → one direct quotation
    with the cue “said”; for ``She said it was “a farce”.`` → one mixed one, ``it was “a farce”``; for
    ``She said it was over.`` → one indirect one, ``it was over``.
    """
    spoken = _speeches(page)
    reported = _reports(page, taken=[part for q in spoken for part in q.parts])
    covered = [part for q in (*spoken, *reported) for part in q.parts]
    fragments = _fragments(page, covered)
    return sorted([*spoken, *reported, *fragments], key=lambda quotation: quotation.parts)


def is_cue_verb(token: Token, verbs: Iterable[str] = _CUE_VERBS) -> bool:
    """Whether a token is a verb that announces speech: “said”, “warned”, “branding”."""
    if token.lower_ in _CUE_FORMS:
        return token.tag_[0] == "V"
    return token.tag_ in ("VBD", "VBZ", "VBP", "VBG", "VBN", "VB") and token.lemma_.lower() in verbs


# --- direct speech -------------------------------------------------------------------------------


def _speeches(page: Page) -> list[Quotation]:
    """Whole sentences in marks, each with the cue clause beside it, if there is one."""
    found: list[Quotation] = []
    previous: int | None = None
    for run in range(len(page.runs)):
        if not page.is_speech(run):
            continue
        if page.is_title(run) and not _announced(page.head(run)):
            continue
        cue = _speech_cue(page, run)
        if found and previous is not None and _same_breath(page, previous, run, found[-1].cue, cue):
            last = found.pop()
            found.append(Quotation("direct", (*last.parts, page.runs[run].span), last.cue or cue))
        elif cue is not None or _stands_alone(page, run):
            found.append(Quotation("direct", (page.runs[run].span,), cue))
        else:
            continue
        previous = run
    return found


def _speech_cue(page: Page, run: int) -> TextSpan | None:
    """The cue beside a sentence in marks: in the words after it, else in those before it."""
    head, tail = page.head(run), page.tail(run)
    introduced = bool(head) and (head[-1].text in (":", ",", "that", "-", "–", "—") or is_cue_verb(head[-1]))
    inner = page.inner(run)
    goes_on = bool(tail) and (
        inner[-1] in ",—-"
        or tail[0].text in (",", "-", "–", "—")
        or tail[0].text[0].islower()
        or (inner[-1] in "?!" and any(is_cue_verb(t, SPEECH_VERBS) for t in tail[:6]))
    )
    if introduced and head[-1].text == ":":
        after = next((t for t in tail if is_cue_verb(t, SPEECH_VERBS)), None) if goes_on else None
        announced = any(is_cue_verb(t, SPEECH_VERBS) for t in head)
        return _span(after) if after is not None and not announced else _cue_before(head)
    if goes_on and (cue := _cue_after(tail)):
        return cue
    if introduced or (head and not goes_on):
        return _cue_before(head)
    return None


def _cue_after(tail: Sequence[Token]) -> TextSpan | None:
    """The first cue of the words that follow a quotation: ``she said on Monday`` → ``said``."""
    for token in tail:
        if is_cue_verb(token) and not _is_relative(token) and token.tag_ != "VB":
            return _span(token)
        if phrase := _according_to(token):
            return phrase
    # “…,” laughed Ms Moss: after a comma, any verb with its subject beside it announces speech.
    for token in tail[:6]:
        if token.tag_ in ("VBD", "VBZ"):
            return _span(token)
    return None


def _cue_before(head: Sequence[Token]) -> TextSpan | None:
    """The last cue of the words that lead up to a quotation: ``Asked why, she said:`` → ``said``."""
    colon = head[-1].text == ":"
    for token in reversed(head):
        if is_cue_verb(token) and not _is_relative(token):
            return _span(token)
        if phrase := _according_to(token):
            return phrase
    if colon:
        # “He turned to her: …”: the main verb, or the colon itself where there is none (“Smith: …”).
        verbs = [token for token in head if token.tag_ in ("VBD", "VBZ", "VBP") and not _is_relative(token)]
        return _span(verbs[0]) if verbs else _span(head[-1])
    return None


def _according_to(token: Token) -> TextSpan | None:
    if token.lower_ == "according" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "to":
        return TextSpan(token.idx, token.nbor().idx + 2)
    return None


def _is_relative(token: Token) -> bool:
    """Whether the verb belongs to a relative clause: the man who *said* so."""
    return token.dep_ == "relcl" and any(child.tag_ in ("WP", "WDT") for child in token.children)


def _announced(head: Sequence[Token]) -> bool:
    """Whether the words before a run end in a cue: ``He said:``, ``they chanted``."""
    return bool(head) and any(is_cue_verb(token, SPEECH_VERBS) for token in head[-2:])


def _stands_alone(page: Page, run: int) -> bool:
    """Whether a sentence in marks is speech although no cue announces it: long enough and not a title."""
    follows = run > 0 and page.runs[run - 1].paragraph == page.runs[run].paragraph
    if follows and page.ends_like_speech(run - 1) and page.inner(run)[-1] in ".?!":
        return True  # “They sue,” he said. “Everybody sues.”
    if len(page.inner(run).split()) < _MIN_WORDS_WITHOUT_CUE or not page.contains_verb(run):
        return False
    head = page.head(run)
    return not head or head[-1].text in (":", ",", "-", "–", "—") or page.inner(run)[-1] in ".?!…"


def _same_breath(
    page: Page, previous: int, run: int, first_cue: TextSpan | None, cue: TextSpan | None
) -> bool:
    """Whether nothing but the first quotation's own cue clause stands between two runs: “X,” she said. “Y.”"""
    if page.runs[previous].paragraph != page.runs[run].paragraph:
        return False
    if cue is not None:
        return cue == first_cue
    between = page.doc[page.last[previous] + 1 : page.first[run]]
    if first_cue is None:
        return len(between) == 0
    ends = sum(ends_sentence(token) for token in between)
    inside = len(between) > 0 and between[0].idx <= first_cue.start < between[-1].idx + 1
    return (inside or len(between) == 0) and (ends == 0 or (ends == 1 and ends_sentence(between[-1])))


# --- reported speech, with or without fragments in marks --------------------------------------------


def _reports(page: Page, taken: Sequence[TextSpan]) -> list[Quotation]:
    """Clauses that a cue verb of the paper's own words reports: said *it was “a farce”*."""
    found: list[Quotation] = []
    for token in page.doc:
        if page.run_at[token.i] is not None or page.paragraph_at[token.i] is None:
            continue
        if phrase := _according_to(token):
            parts, cue = _rest_of_sentence(page, token), phrase
        elif is_cue_verb(token, SPEECH_VERBS | THOUGHT_VERBS) or _is_cue_noun(token):
            parts, cue = _reported_clause(page, token), _span(token)
        else:
            continue
        parts = [part for part in parts if len(part.of(page.text).split()) >= 3]
        if not parts or any(part.overlaps(other) for part in parts for other in taken):
            continue
        if any(part.overlaps(other) for part in parts for q in found for other in q.parts):
            continue  # the outer report holds the inner one
        inside = [i for i, run in enumerate(page.runs) if any(part.overlaps(run.span) for part in parts)]
        if len(inside) > 1 and all(page.is_title(i) for i in inside):
            continue  # a list of works, not words that the source used
        marked = bool(inside)
        found.append(Quotation("mixed" if marked else "indirect", tuple(parts), cue))
    return found


def _reported_clause(page: Page, verb: Token) -> list[TextSpan]:
    """The clause that a verb reports, cut round the verb's own words where it stands inside."""
    wanted = "acl" if verb.pos_ == "NOUN" else "ccomp"
    clause = next((c for c in verb.children if c.dep_ == wanted), None)
    if clause is None:
        if verb.dep_ in ("parataxis", "ccomp") and verb.lower_ in _CUE_FORMS and verb.head.i < verb.i:
            return _rest_of_sentence(page, verb)
        return []
    if not any(child.dep_ in ("nsubj", "nsubjpass", "csubj", "expl") for child in clause.children):
        return []
    own = [t for child in verb.children if child != clause for t in child.subtree]
    return _outside(page, verb, [*clause.subtree], [verb, *own])


def _rest_of_sentence(page: Page, cue: Token) -> list[TextSpan]:
    """A sentence without its cue clause: ``The plan, he said, failed.`` → ``The plan``, ``failed``."""
    return _outside(page, cue, [*cue.sent], [*cue.subtree] if cue.head != cue else [cue])


def _outside(page: Page, cue: Token, content: Sequence[Token], clause: Sequence[Token]) -> list[TextSpan]:
    """From the first to the last word of some content, cut where the cue's own clause stands inside.

    The content is taken as unbroken otherwise: what the parse leaves out of it, a relative clause say,
    belongs to it too. Nothing crosses the cue's paragraph.
    """
    number = page.paragraph_at[cue.i]
    inside = [t.i for t in content if page.paragraph_at[t.i] == number and not t.is_space]
    around = {t.i for t in clause}
    if not inside:
        return []
    words = [page.doc[i] for i in range(min(inside), max(inside) + 1)]
    before = [t for t in words if t.i < cue.i and t.i not in around]
    after = [t for t in words if t.i > cue.i and t.i not in around]
    if before and after and max(inside) > cue.i > min(inside):
        sides = [before, after]
    else:
        sides = [before or after]
    return [span for side in sides if (span := _trimmed(page, side))]


def _trimmed(page: Page, stretch: Sequence[Token]) -> TextSpan | None:
    words = list(stretch)
    while words and page.run_at[words[-1].i] is None and (words[-1].is_punct or words[-1].dep_ == "cc"):
        words.pop()
    while words and page.run_at[words[0].i] is None and (words[0].is_punct or words[0].lower_ == "that"):
        words.pop(0)
    if not words:
        return None
    start, end = words[0].idx, words[-1].idx + len(words[-1])
    for i in (words[0].i, words[-1].i):
        if (run := page.run_at[i]) is not None:
            start, end = min(start, page.runs[run].span.start), max(end, page.runs[run].span.end)
    return TextSpan(start, end)


# --- fragments in marks ----------------------------------------------------------------------------


def _fragments(page: Page, covered: Sequence[TextSpan]) -> list[Quotation]:
    """Fragments in marks that a cue of their sentence governs, where no reported clause holds them."""
    found: list[Quotation] = []
    for number, run in enumerate(page.runs):
        if any(run.span.overlaps(span) for span in covered):
            continue
        cue = _fragment_cue(page, number)
        if cue is None:
            continue
        if found and found[-1].cue == cue:
            found[-1] = Quotation("mixed", (*found[-1].parts, run.span), cue)
        else:
            found.append(Quotation("mixed", (run.span,), cue))
    return found


def _fragment_cue(page: Page, run: int) -> TextSpan | None:
    """The cue that governs a fragment: an ancestor in the parse, a cue clause after it, or the verb before it."""
    tokens = page.doc[page.first[run] : page.last[run] + 1]
    head, tail = page.head(run), page.tail(run)
    governors = [t for t in tokens.root.ancestors if page.run_at[t.i] is None and t.i < tokens[0].i]
    if page.is_title(run):  # dubbed him “Sir Wastealot”; but not: on the programme “Newsnight”
        named = next((t for t in governors[:2] if is_cue_verb(t, NAMING_VERBS)), None)
        return _span(named) if named is not None and not _is_passive(named) else None
    if page.inner(run)[-1:] == "," and (first := next((t for t in tail if is_cue_verb(t, SPEECH_VERBS)), None)):
        return _span(first)  # A fine “would help,” Ms Song wrote.
    if governors and is_cue_verb(governors[0], NAMING_VERBS):
        return None if _is_passive(governors[0]) else _span(governors[0])
    if (noun := next((t for t in governors if _is_cue_noun(t)), None)) is not None:
        return _span(noun)
    for verbs in (SPEECH_VERBS, NAMING_VERBS):
        if (governor := next((t for t in governors if is_cue_verb(t, verbs)), None)) is not None:
            return None if _is_passive(governor) else _span(governor)
    for i, token in enumerate(tail):
        if phrase := _according_to(token):
            return phrase
        if is_cue_verb(token, SPEECH_VERBS) and any(t.text == "," for t in tail[max(0, i - 8) : i]):
            return _span(token)
    for token in reversed(head):
        if phrase := _according_to(token):
            return phrase
        if is_cue_verb(token, SPEECH_VERBS | NAMING_VERBS) and not _is_relative(token):
            return None if _is_passive(token) else _span(token)
    return None


def _is_cue_noun(token: Token) -> bool:
    """Whether a noun and its possessor announce speech: the minister's *insistence* that he was not …"""
    return token.lemma_.lower() in SPEECH_NOUNS and any(c.dep_ == "poss" for c in token.children)


def _is_passive(verb: Token) -> bool:
    """Whether nobody is named as the speaker: the disease *is called* “bird fancier's lung”."""
    passive = any(child.dep_ == "auxpass" for child in verb.children)
    return passive and not any(child.dep_ == "agent" for child in verb.children)


def _span(token: Token) -> TextSpan:
    return TextSpan(token.idx, token.idx + len(token))
