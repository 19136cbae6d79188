"""The search page: ranked or by date, counted by everything that it can be narrowed to, and whole as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ingest.site import answers, export, feeds
from ingest.site.answers import DEEPEST, PAGE, Facet
from ingest.site.archive import Archive, TooSlow, consult
from ingest.site.frame import Links, absolute, render
from ingest.site.question import Question, QuestionError
from ingest.store import fold

# What counting may take of a request's time: the quotes themselves come first.
_COUNTING = 0.75

_SORTS = {"best": "best match", "new": "newest", "old": "oldest"}


@dataclass(frozen=True, slots=True)
class _Found:
    page: answers.Page
    facets: list[Facet] | None
    count: int | None
    names: dict[str, str]
    without: list[tuple[str, str, int]]


async def page(datasette: Any, request: Any) -> Any:
    """``/search``, and the same as ``.csv`` and ``.json`` (all that is found) and ``.atom`` (the newest)."""
    question, known = await consult(datasette, _understood, Question.of(request.args))
    links, suffix = Links(datasette), request.url_vars["suffix"]

    if suffix in (".csv", ".json"):
        keys = await export.numbers(datasette, question)
        rows = export.quote_batches(datasette, request, keys)
        if suffix == ".csv":
            return export.as_csv("quotes", export.COLUMNS, rows)
        here = absolute(datasette, request, links.search(question, ".json"))
        return export.as_json({"link": here, "question": question.asked(), "count": len(keys)}, rows)
    if suffix == ".atom":
        newest = await consult(datasette, answers.by_date, question, size=feeds.ENTRIES)
        names = await consult(datasette, answers.names, [question.speaker])
        asked = [names.get(value, value) for value in question.asked().values()]
        return feeds.response(
            datasette,
            request,
            title=f"Quotes: {', '.join(asked) or 'all'}",
            about=links.search(question, sort="new"),
            here=links.search(question, ".atom"),
            quotes=newest.quotes,
        )
    sort = request.args.get("sort") or ("best" if question.words else "new")
    if sort not in _SORTS or (sort == "best" and not question.words):
        sort = "new"
    number = request.args.get("page") or "1"
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:6]) <= DEEPEST // PAGE):
        raise QuestionError(
            f"There is no page “{number[:20]}”: the best {DEEPEST} matches are shown in pages."
        )
    after = (request.args.get("after") or "")[:50]
    try:
        found = await consult(datasette, _find, question, sort, int(number), after)
    except TooSlow:
        raise TooSlow(_narrow_down(question, links)) from None
    return await render(
        datasette,
        request,
        "search",
        canonical=links.search(question),
        question=question,
        known=known,
        found=found,
        sort=sort,
        sorts={name: label for name, label in _SORTS.items() if question.words or name != "best"},
        later=bool(after) or number != "1",
        number=int(number),
    )


def _understood(archive: Archive, question: Question) -> tuple[Question, list[dict[str, Any]]]:
    """The question with a speaker's id for a name or alias, and the others of that name."""
    if not question.speaker or archive.value("SELECT 1 FROM speakers WHERE id = :speaker", question.values()):
        return question, []
    rows = archive.rows(
        "SELECT DISTINCT id, name, quotes FROM aliases JOIN speakers ON speakers.id = speaker_id"
        " WHERE folded = :folded ORDER BY quotes DESC, id LIMIT 20",
        {"folded": fold(question.speaker)},
    )
    if rows:
        return question.but(speaker=rows[0]["id"]), [dict(row) for row in rows[1:]]
    return question, []


def _find(archive: Archive, question: Question, sort: str, number: int, after: str) -> _Found:
    facets, count = None, None
    try:
        with archive.at_most(_COUNTING):
            count = answers.count(archive, question)
            facets = answers.facets(archive, question)
    except TooSlow:
        pass
    if sort == "best":
        page = answers.best(archive, question, number)
    else:
        page = answers.by_date(archive, question, after=after, oldest_first=sort == "old")
    names = answers.names(archive, [question.speaker]) if question.speaker else {}
    without = [] if page.quotes else _without(archive, question)
    return _Found(page, facets, count, names, without)


def _without(archive: Archive, question: Question) -> list[tuple[str, str, int]]:
    """Where nothing is found, what to leave out → the field, what it is then or was, quotes without it."""
    less = [(name, value, question.but(**{name: ""})) for name, value in question.filters().items()]
    words = question.words.split()
    for word in words if 1 < len(words) <= 8 else []:
        fewer = " ".join(other for other in words if other is not word)
        less.append(("words", fewer, question.but(words=fewer)))
    found = []
    try:
        for name, value, wider in less:
            if wider.asked() and (number := answers.count(archive, wider)):
                found.append((name, value, number))
    except TooSlow:
        pass  # what is known by then is of use
    return found


def _narrow_down(question: Question, links: Links) -> Markup:
    return Markup(
        "That is too much to rank at once. Add a rarer word, a speaker or a year;"
        ' or see <a href="{}">the newest first</a>.'
    ).format(links.search(question, sort="new"))
