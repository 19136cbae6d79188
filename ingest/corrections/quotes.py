"""The quotes of one article, put right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.corrections.rows import APPLIED, Correction, Outcome, Refused, named
from ingest.corrections.words import Words
from ingest.lexicon import BODY_NOUNS, PRONOUNS, TITLES
from ingest.marks import Page, paragraphs
from ingest.names import given_names, plain_name, slug
from ingest.records import Article, Attribution, Quotation, Quote, Speaker, SpeakerKind, TextSpan, quote_ids
from ingest.register import Register

METHOD = "correction"  # how a quote was attributed that somebody has put right

_HALF = 0.5
_REACH = 2_000  # characters by which the end of a quote may move on
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")

_Parts = tuple[TextSpan, ...]


def correct(
    article: Article, quotes: Sequence[Quote], corrections: Sequence[Correction], register: Register
) -> tuple[list[Quote], list[Outcome]]:
    """An article's quotes as its corrections have them, in reading order, and what became of each correction.

    A row finds its quote by id, or else by its words: the quotes of which half is among the words, or that
    take up half of them. What is not found is added, as somebody has said that it is a quote. Where
    quotations begin and end is put right first, then who said them. A speaker whom a person has named is
    certain: the confidence is 1.

    >>> article = Article("a", "“We must go,” said Ann Lee.")
    >>> row = Correction(2, "speaker", article="a", words="We must go", value="Bo Lind")
    >>> quotes, outcomes = correct(article, [], [row], Register())
    >>> [(quote.text(article.text), quote.speaker.name) for quote in quotes], outcomes[0].result
    ([('“We must go,”', 'Bo Lind')], 'applied')
    """
    draft = _Draft(article, quotes, register)
    results: dict[tuple[str | None, ...], str] = {}
    for row in sorted(corrections, key=lambda row: (row.action == "speaker", row.line)):
        if row.said in results:
            continue
        try:
            draft.apply(row)
            results[row.said] = APPLIED
        except Refused as refusal:
            results[row.said] = str(refusal)
    return draft.quotes(), [Outcome(row, results[row.said]) for row in corrections]


@dataclass(eq=False)
class _Entry:
    """A quote at work: the id that it came with, who changed its words, who named its speaker for which."""

    quote: Quote
    came_as: str | None = None
    shaped: Correction | None = None
    claimed: Correction | None = None
    claim: _Parts = ()

    @property
    def parts(self) -> _Parts:
        return self.quote.quotation.parts


class _Draft:
    """The quotes of an article while they are put right, one row after the other."""

    def __init__(self, article: Article, quotes: Sequence[Quote], register: Register) -> None:
        self.article = article
        self.register = register
        self.words = Words(article.text)
        self.page = Page(article.text, paragraphs(article.text))
        quotes = sorted(quotes, key=lambda quote: quote.quotation.parts)
        ids = quote_ids(article, quotes)
        self.entries = [_Entry(quote, id) for quote, id in zip(quotes, ids, strict=True)]
        self.cast = [quote.speaker for quote in quotes if quote.speaker]
        self.dropped: list[tuple[Correction, _Parts, set[str | None]]] = []

    def quotes(self) -> list[Quote]:
        self.entries.sort(key=lambda entry: entry.parts)
        return [entry.quote for entry in self.entries]

    def apply(self, row: Correction) -> None:
        entries, place = self._meant(row)
        if row.action == "no quote":
            self._drop(row, entries, place)
            return
        for other, gone, ids in self.dropped:
            same = row.quote is not None and row.quote in ids
            if same or min(_share(place, gone), _share(gone, place)) > _HALF:
                raise Refused(f"line {other.line} says that this is no quote; delete one of the two")
        if row.action == "speaker":
            self._attribute(row, entries, place)
        else:
            self._reshape(row, entries, place)

    # Which quotes a row means

    def _meant(self, row: Correction) -> tuple[list[_Entry], _Parts]:
        """The quotes that a row speaks of, none where none was found, and where its words stand."""
        if row.quote:
            now = dict(zip(quote_ids(self.article, self.quotes()), self.entries, strict=True))
            came = {entry.came_as: entry for entry in self.entries}
            if entry := now.get(row.quote) or came.get(row.quote):
                return [entry], entry.parts
            if not row.words:
                raise Refused(
                    f"the article has no quote with the id {row.quote}, and the row no words to find it by;"
                    " put them into the column words, or delete the row"
                )
        places = [self._fitted(spans) for spans in self.words.find(row.words or "")]
        if not places:
            raise Refused("the article does not have these words; copy them from it again, or delete the row")
        found = [(self._at(place), place) for place in places]
        if len(found) > 1 and len(quoted := [pair for pair in found if pair[0]]) == 1:
            found = quoted
        if len(found) > 1:
            # The id tells the first quote with these words from the second.
            ids = quote_ids(self.article, [_quoted(place) for place in places])
            if row.quote not in ids:
                often = f"the article has these words {len(places)} times"
                raise Refused(f"{often}; give the quote's id, or more of its words")
            found = [found[ids.index(row.quote)]]
        return found[0]

    def _at(self, place: _Parts) -> list[_Entry]:
        return [
            entry
            for entry in self.entries
            if _share(entry.parts, place) >= _HALF or _share(place, entry.parts) >= _HALF
        ]

    # What is done to them

    def _drop(self, row: Correction, entries: list[_Entry], place: _Parts) -> None:
        # A longer quotation that merely holds these words is another one.
        meant = [entry for entry in entries if _share(entry.parts, place) >= _HALF]
        for entry in meant:
            _check_first(entry.shaped, row)
            self.entries.remove(entry)
        self.dropped.append((row, place, {row.quote, *(entry.came_as for entry in meant)}))

    def _reshape(self, row: Correction, entries: list[_Entry], place: _Parts) -> None:
        for entry in entries:
            _check_first(entry.shaped, row)
        old = tuple(sorted(part for entry in entries for part in entry.parts)) or place
        parts = (self._ending if row.action == "ends" else self._worded)(old, row.value or "")
        best = max(entries, key=lambda entry: _share(place, entry.parts), default=_Entry(_quoted()))
        attribution = best.quote.attribution
        cue, source = (
            None if span and any(part.overlaps(span) for part in parts) else span
            for span in (attribution.quotation.cue, attribution.source)
        )
        quotation = Quotation(self.page.kind(parts), parts, cue)
        quote = Quote(replace(attribution, quotation=quotation, source=source), best.quote.speaker)
        swallowed = [e for e in self.entries if _share(e.parts, parts) >= _HALF and not e.shaped]
        self.entries = [entry for entry in self.entries if entry not in entries + swallowed]
        self.entries.append(_Entry(quote, best.came_as, shaped=row))

    def _attribute(self, row: Correction, entries: list[_Entry], place: _Parts) -> None:
        speaker = self._speaker(row.value)
        for entry in entries or [self._added(_quoted(), place)]:
            if entry.claimed is None or entry.quote.speaker == speaker:
                entry.quote = self._said_by(entry.quote, speaker)
                entry.claimed, entry.claim = row, place
            elif _share(place, entry.claim):
                problem = f"line {entry.claimed.line} gives this quote to somebody else"
                raise Refused(f"{problem}; delete one of the two")
            else:  # What was two quotes when a person looked at them is now found as one.
                self.entries.remove(entry)
                for claimed, claim, who in (
                    (entry.claimed, entry.claim, entry.quote.speaker),
                    (row, place, speaker),
                ):
                    part = self._added(entry.quote, claim)
                    part.quote = self._said_by(part.quote, who)
                    part.claimed, part.claim = claimed, claim

    def _added(self, like: Quote, parts: _Parts) -> _Entry:
        quotation = replace(like.quotation, kind=self.page.kind(parts), parts=parts)
        entry = _Entry(Quote(replace(like.attribution, quotation=quotation)))
        self.entries.append(entry)
        return entry

    def _said_by(self, quote: Quote, speaker: Speaker | None) -> Quote:
        """A quote with its speaker put right. Words that name somebody else do not stay its source."""
        source = quote.attribution.source
        if speaker and source and not _may_mean(source.of(self.article.text), speaker.name):
            source = None
        return Quote(replace(quote.attribution, source=source, confidence=1.0, method=METHOD), speaker)

    def _speaker(self, value: str | None) -> Speaker | None:
        """Whom a cell names: ``keir-starmer``, ``Keir Starmer`` or ``John Smith [john-smith-labour]``."""
        if value is None:
            return None
        entry, id, name = named(value, self.register)
        plain = plain_name(name)
        for known in self.cast:  # as this article has them, with role and affiliation
            if known.id == (id or name) or (id is None and plain_name(known.name) == plain):
                return known
        if entry is not None:
            office = entry.office(self.article.published)
            kind: SpeakerKind = "person" if entry.kind == "person" else "body"
            return Speaker(id, name, kind, *((office.title, office.affiliation) if office else ()))
        if id is None and _ID.fullmatch(name):
            raise Refused(f"the id {name} is not known here; put the name before it: Full Name [{name}]")
        bearers = {known for known in self.cast if plain_name(known.name).split()[-1:] == [plain]}
        if id is None and len(bearers) == 1:
            return bearers.pop()
        return Speaker(id or slug(name), name, _kind_of(name))

    # Where words stand

    def _fitted(self, spans: Iterable[TextSpan]) -> _Parts:
        """Words, with the quotation marks around them and the stop before these."""
        text, fitted = self.page.text, []
        for start, end in spans:
            first, last = self.page.run(start), self.page.run(end - 1)
            if first is not None:
                opens = self.page.runs[first].span.start
                start = start if re.search(r"\w", text[opens:start]) else opens
            if last is not None:
                closes = self.page.runs[last].span.end
                stop = end + len(text[end:closes]) - len(text[end:closes].lstrip(".,!?…"))
                end = stop if re.search(r"\w", text[end:closes]) else closes
            fitted.append(TextSpan(start, end))
        return tuple(fitted)

    def _worded(self, old: _Parts, value: str) -> _Parts:
        """The parts of a quote that has other words, near its old ones."""
        places = [self._fitted(spans) for spans in self.words.find(value)]
        if not places:
            raise Refused("the article does not have the words in the column value; copy them from it again")
        return min(places, key=lambda place: (-_share(old, place), abs(place[0].start - old[0].start)))

    def _ending(self, old: _Parts, value: str) -> _Parts:
        """The parts of a quote that ends with other words, before its old end or soon after."""
        found = [place[-1] for place in self.words.find(value) if place[-1].end > old[0].start]
        inside = [span for span in found if any(part.overlaps(span) for part in old)]
        behind = [span for span in found if old[-1].end <= span.start and span.end <= old[-1].end + _REACH]
        if len(inside) > 1:
            raise Refused("the quote has the words in the column value more than once; put more before them")
        if not inside and not behind:
            raise Refused(
                "the words in the column value are not in the quote, nor soon after it;"
                " copy the last words that belong to it from the article"
            )
        ((_, end),) = self._fitted(inside or behind[:1])
        *kept, last = [TextSpan(part.start, min(part.end, end)) for part in old if part.start < end]
        if end <= last.end:
            return (*kept, last)
        more = [TextSpan(last.end, end)]
        if self.page.in_marks(last.end - 1) and self.page.in_marks(end - 1):
            # The paper's own words between two runs are no part: “We will,” she said, “win.”
            runs = [self.page.runs[number].span for number in self.page.runs_in(more[0])]
            more = [TextSpan(max(run.start, last.end), min(run.end, end)) for run in runs]
        if more[0].start == last.end:
            last, more = TextSpan(last.start, more[0].end), more[1:]
        return (*kept, last, *more)


def _quoted(parts: _Parts = ()) -> Quote:
    """A quote of which nothing else is known."""
    return Quote(Attribution(Quotation("direct", parts), None, 1.0, METHOD))


def _check_first(other: Correction | None, row: Correction) -> None:
    """Refuse a row that means a quote as it was before another row changed it."""
    if other and ((row.quote and row.quote == other.quote) or (row.words and row.words == other.words)):
        raise Refused(f"line {other.line} changes the same quote; delete one of the two")


def _may_mean(source: str, name: str) -> bool:
    """Whether words can stand for somebody: “he” and “the minister” for anybody, “Mr Lee” for a Lee."""
    words = re.findall(r"[\w’'-]+", source)
    lower = PRONOUNS | TITLES | {"the", "a", "an", "one"}
    names = [word for word in words if word[0].isupper() and word.lower() not in lower]
    return not names or bool({plain_name(word) for word in names} & set(plain_name(name).split()))


def _kind_of(name: str) -> SpeakerKind:
    words = plain_name(name).split()
    if words[-1:] and words[-1] in BODY_NOUNS:
        return "body"
    return "person" if len(words) > 1 and words[0] in given_names() else "unknown"


def _share(parts: _Parts, place: _Parts) -> float:
    """How much of some parts lies in a place, from 0 to 1."""
    shared = sum(
        max(0, min(part.end, span.end) - max(part.start, span.start)) for part in parts for span in place
    )
    return shared / (sum(part.end - part.start for part in parts) or 1)
