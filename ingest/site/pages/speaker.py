"""A speaker's page: who that is, when and where they spoke, in which words, and what they said."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound

from ingest.site import answers, charts, export, feeds
from ingest.site.archive import Archive, TooSlow, consult
from ingest.site.distinct import telling
from ingest.site.frame import Links, absolute, render
from ingest.site.question import Question
from ingest.store import tally

_OUTLETS, _ALIASES, _ROLES = 12, 30, 30
_READ = 1_000  # quotes whose words are counted


async def page(datasette: Any, request: Any) -> Any:
    """``/speaker/mara-ono``; all quotes as ``.csv`` and ``.json``, the newest as ``.atom``."""
    key, suffix = tilde_decode(request.url_vars["key"]), request.url_vars["suffix"]
    links, question = Links(datasette), Question(speaker=key)
    found = await consult(datasette, _known, key)
    if found is None:
        raise NotFound(f"Nobody is known here as “{key[:200]}”.")

    if suffix in (".csv", ".json"):
        keys = await export.numbers(datasette, question)
        rows = export.quote_batches(datasette, request, keys)
        if suffix == ".csv":
            return export.as_csv(re.sub(r"[^\w-]", "-", key, flags=re.ASCII), export.COLUMNS, rows)
        here = absolute(datasette, request, links.speaker(key))
        return export.as_json({"link": here, "speaker": found}, rows)
    if suffix == ".atom":
        newest = await consult(datasette, answers.by_date, question, size=feeds.ENTRIES)
        return feeds.response(
            datasette,
            request,
            title=f"Quotes by {found['name']}",
            about=links.speaker(key),
            here=links.speaker(key, ".atom"),
            quotes=newest.quotes,
        )
    more = await consult(datasette, _shown, question, found)
    return await render(
        datasette, request, "speaker", canonical=links.speaker(key), speaker=found, question=question, **more
    )


def _known(archive: Archive, key: str) -> dict[str, Any] | None:
    """What is known of a speaker, but for the quotes."""
    row = archive.row(
        "SELECT id, name, kind, wikidata, quotes, articles, first, latest FROM speakers WHERE id = :key",
        {"key": key},
    )
    if row is None:
        return None
    about = dict(row)
    if not re.fullmatch(r"Q\d+", about["wikidata"] or "", re.ASCII):
        about["wikidata"] = None
    values = {"key": key, "name": about["name"]}
    roles = archive.rows(
        "SELECT role, affiliation, since, until, quotes, source FROM roles WHERE speaker_id = :key"
        " ORDER BY source = 'articles', coalesce(until, '9999') DESC, since DESC, quotes DESC"
        f" LIMIT {_ROLES}",
        values,
    )
    aliases = archive.rows(
        "SELECT alias FROM aliases WHERE speaker_id = :key AND alias <> :name ORDER BY alias"
        f" LIMIT {_ALIASES}",
        values,
    )
    about["roles"] = [dict(role) for role in roles]
    about["aliases"] = [row["alias"] for row in aliases]
    return about


def _shown(archive: Archive, question: Question, about: dict[str, Any]) -> dict[str, Any]:
    months = archive.rows(
        "SELECT substr(published, 1, 7) AS month, count(*) AS quotes FROM quotes"
        " WHERE speaker_id = :speaker AND published IS NOT NULL GROUP BY 1",
        question.values(),
    )
    outlets = archive.rows(
        "SELECT outlet, count(*) AS quotes FROM quotes WHERE speaker_id = :speaker AND outlet IS NOT NULL"
        f" GROUP BY outlet ORDER BY quotes DESC, outlet LIMIT {_OUTLETS + 1}",
        question.values(),
    )
    others = archive.rows(
        "SELECT DISTINCT speakers.id, speakers.name, speakers.quotes FROM aliases"
        " JOIN speakers ON speakers.id = aliases.speaker_id"
        " WHERE folded = onrecord_fold(:name) AND onrecord_fold(speakers.name) = folded"
        " AND speakers.id <> :key"
        " ORDER BY speakers.quotes DESC, speakers.id LIMIT 12",
        {"name": about["name"], "key": about["id"]},
    )
    return {
        "page": answers.by_date(archive, question),
        "periods": charts.periods({row["month"]: row["quotes"] for row in months}),
        "outlets": outlets[:_OUTLETS],
        "more_outlets": len(outlets) > _OUTLETS,
        "others": [{**dict(row), "role": _role(archive, row["id"])} for row in others],
        "words": _words(archive, question),
    }


def _role(archive: Archive, key: str) -> str:
    row = archive.row(
        "SELECT role, affiliation FROM roles WHERE speaker_id = :key"
        " ORDER BY quotes DESC, since DESC LIMIT 1",
        {"key": key},
    )
    return ", ".join(part for part in row or () if part)


def _words(archive: Archive, question: Question) -> list[tuple[str, int]]:
    """Words that this speaker uses more than others: only of what stands in marks, which are their own."""
    try:
        with archive.at_most(0.5):
            texts = archive.rows(
                f"SELECT text FROM quotes WHERE speaker_id = :speaker AND kind = 'direct' LIMIT {_READ}",
                question.values(),
            )
            own = Counter(word for row in texts for word in tally.words(row["text"]))
            return telling(own, _everybody(archive, own))
    except TooSlow:
        return []


def _everybody(archive: Archive, own: Counter[str]) -> tuple[dict[str, int], int]:
    """How often all speakers together say each of these words, and any word at all."""
    uses = archive.rows(
        "SELECT word, uses FROM vocabulary WHERE word IN (SELECT value FROM json_each(:words))",
        {"words": json.dumps(list(own))},
    )
    return {row["word"]: row["uses"] for row in uses}, archive.value(
        "SELECT coalesce(sum(uses), 0) FROM vocabulary"
    )
