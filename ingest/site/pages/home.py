"""The home page: a search, what is in here, who is quoted, the latest, and what was read of whom and when."""

from __future__ import annotations

from typing import Any

from ingest.site.answers import quotes
from ingest.site.archive import Archive, consult, store
from ingest.site.frame import Links, render

_OUTLETS, _SPEAKERS, _LATEST = 20, 12, 6


async def page(datasette: Any, request: Any, send: Any) -> Any:
    """``/``; where no archive is served, Datasette's own home page."""
    if await store(datasette) is None:
        from datasette.views.index import IndexView

        request.scope["url_route"]["kwargs"]["format"] = None
        return await IndexView.as_view(datasette)(request, send)
    found = await consult(datasette, _holds)
    return await render(datasette, request, "home", canonical=Links(datasette).home(), **found)


def _holds(archive: Archive) -> dict[str, Any]:
    counts = archive.rows(
        "SELECT (SELECT count(*) FROM quotes) AS quotes, (SELECT count(*) FROM speakers) AS speakers,"
        " (SELECT count(*) FROM articles) AS articles, (SELECT min(published) FROM quotes) AS first,"
        " (SELECT max(published) FROM quotes) AS last"
    )[0]
    speakers = archive.rows(
        f"SELECT id, name, kind, quotes FROM speakers ORDER BY quotes DESC, name LIMIT {_SPEAKERS}"
    )
    coverage, years = _coverage(archive)
    return {
        "counts": counts,
        "speakers": speakers,
        "latest": quotes(archive, _latest(archive)),
        "coverage": coverage[:_OUTLETS],
        "outlets": len(coverage),
        "years": years,
        "fullest": max((number for outlet in coverage for number in outlet["years"]), default=0),
    }


def _latest(archive: Archive) -> list[int]:
    """A quote of each of the newest articles: in marks, by somebody named, not too long, not yet there."""
    found: list[int] = []
    said: set[str] = set()
    for article in archive.rows(f"SELECT id FROM articles ORDER BY sequence DESC LIMIT {_LATEST * 4}"):
        quotes = archive.rows(
            "SELECT number, coalesce(canonical_id, id) AS words"
            " FROM quotes LEFT JOIN repeats ON quote_id = id"
            " WHERE article_id = :id AND speaker_id IS NOT NULL AND kind = 'direct' AND confidence >= 0.8"
            " ORDER BY length(text) BETWEEN 60 AND 260 DESC, position",
            dict(article),
        )
        new = next((quote for quote in quotes if quote["words"] not in said), None)
        if new:
            found.append(new["number"])
            said.add(new["words"])
    return found[:_LATEST]


def _coverage(archive: Archive) -> tuple[list[dict[str, Any]], list[int]]:
    """Quotes by outlet and year, most first: ``[{"outlet", "quotes", "years": [12, 0]}]``, and the years."""
    rows = archive.rows(
        "SELECT outlet, year, quotes FROM coverage WHERE outlet IS NOT NULL AND year IS NOT NULL"
    )
    if not rows:
        return [], []
    years = list(range(min(row["year"] for row in rows), max(row["year"] for row in rows) + 1))
    outlets: dict[str, dict[int, int]] = {}
    for row in rows:
        outlets.setdefault(row["outlet"], {})[row["year"]] = row["quotes"]
    found = [
        {"outlet": outlet, "quotes": sum(of.values()), "years": [of.get(year, 0) for year in years]}
        for outlet, of in outlets.items()
    ]
    return sorted(found, key=lambda outlet: (-outlet["quotes"], outlet["outlet"])), years
