"""An article's page: what was said in it, in order and in context, each speaker in a colour."""

from __future__ import annotations

import json
from typing import Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound

from ingest.site import export
from ingest.site.archive import Archive, consult
from ingest.site.frame import Links, absolute, render
from ingest.site.marking import Span, merged, paragraphs

COLOURS = 8
_SHOWN = 500  # quotes: more than an article holds, and no more than a page can show
_CHANGES = 50


async def page(datasette: Any, request: Any) -> Any:
    """``/article/2025-07-10-harbour``; its quotes as ``.csv`` and ``.json``."""
    key, suffix, links = tilde_decode(request.url_vars["key"]), request.url_vars["suffix"], Links(datasette)
    about = await consult(datasette, _known, key)
    if about is None:
        raise NotFound(f"There is no article “{key[:200]}” here.")
    if suffix:
        keys = await consult(datasette, _numbers, key)
        rows = export.quote_batches(datasette, request, keys)
        if suffix == ".csv":
            return export.as_csv("quotes", export.COLUMNS, rows)
        return export.as_json(
            {"link": absolute(datasette, request, links.article(key)), "article": about}, rows
        )
    found = await consult(datasette, _shown, key)
    colours = _colours(found["quotes"])
    spans = [
        Span(start, end, f"said s{colours[quote['speaker_id']]}", links.quote(quote["id"]))
        for quote in found["quotes"]
        for start, end in json.loads(quote["parts"])
    ]
    return await render(
        datasette,
        request,
        "article",
        canonical=links.article(key),
        article=about,
        quotes=found["quotes"],
        whole=found["whole"],
        text=paragraphs(found["pieces"], spans),
        colours=colours,
        speakers=_speakers(found["quotes"]),
        changes=found["changes"],
    )


def _known(archive: Archive, key: str) -> dict[str, Any] | None:
    row = archive.row(
        "SELECT id, url, title, outlet, author, published, retrieved, characters, quotes, attributed"
        " FROM articles WHERE id = :key",
        {"key": key},
    )
    return dict(row) if row else None


def _numbers(archive: Archive, key: str) -> list[int]:
    rows = archive.rows("SELECT number FROM quotes WHERE article_id = :key ORDER BY position", {"key": key})
    return [row["number"] for row in rows]


def _shown(archive: Archive, key: str) -> dict[str, Any]:
    rows = archive.rows(
        "SELECT quotes.id, quotes.text AS quote, quotes.kind, quotes.speaker_id, speakers.name AS speaker,"
        " contexts.role, quotes.affiliation, contexts.mention, contexts.parts, contexts.paragraph,"
        " contexts.paragraph_start, quotes.confidence, quotes.position"
        " FROM quotes JOIN contexts ON contexts.quote_id = quotes.id"
        " LEFT JOIN speakers ON speakers.id = quotes.speaker_id WHERE quotes.article_id = :key"
        f" ORDER BY quotes.position LIMIT {_SHOWN}",
        {"key": key},
    )
    # A public build may leave the articles' texts out, or the whole table of them.
    has_texts = archive.value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'texts'")
    text = (
        archive.value("SELECT text FROM texts WHERE article_id = :key", {"key": key}) if has_texts else None
    )
    pieces = [(0, text)] if text else merged((row["paragraph_start"], row["paragraph"]) for row in rows)
    changes = archive.rows(
        "SELECT noticed, what, quote_id, before, after FROM changes WHERE article_id = :key"
        f" ORDER BY noticed DESC, rowid LIMIT {_CHANGES}",
        {"key": key},
    )
    return {"quotes": rows, "pieces": pieces, "whole": bool(text), "changes": changes}


def _colours(quotes: list[Any]) -> dict[str | None, int]:
    """A colour for each speaker, the most quoted first; 0 is for all further ones and for nobody."""
    counts: dict[str, int] = {}
    for quote in quotes:
        if quote["speaker_id"]:
            counts[quote["speaker_id"]] = counts.get(quote["speaker_id"], 0) + 1
    ordered = sorted(counts, key=lambda speaker: -counts[speaker])
    colours: dict[str | None, int] = dict.fromkeys(counts, 0)
    colours.update({speaker: index for index, speaker in enumerate(ordered[:COLOURS], start=1)})
    return {**colours, None: 0}


def _speakers(quotes: list[Any]) -> list[dict[str, Any]]:
    """Who speaks, in order of appearance, with how many quotes."""
    found: dict[str, dict[str, Any]] = {}
    for quote in quotes:
        if quote["speaker_id"]:
            entry = found.setdefault(
                quote["speaker_id"],
                {
                    "id": quote["speaker_id"],
                    "name": quote["speaker"],
                    "role": quote["role"],
                    "affiliation": quote["affiliation"],
                    "quotes": 0,
                },
            )
            entry["quotes"] += 1
            entry["role"] = entry["role"] or quote["role"]
            entry["affiliation"] = entry["affiliation"] or quote["affiliation"]
    return list(found.values())
