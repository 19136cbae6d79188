"""Two or three speakers side by side on a phrase: how often, when, and in which words."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from ingest.site import answers, charts
from ingest.site.archive import Archive, consult
from ingest.site.frame import Links, absolute, kept, render
from ingest.site.question import LONGEST, Question
from ingest.store import fold, match_query

MOST = 3
_SHOWN, _SUGGESTED = 5, 8


async def page(datasette: Any, request: Any) -> Any:
    """``/compare?q=net+zero&speaker=a&speaker=b``, and ``.json``; a speaker is an id or a name."""
    words = Question.of({"q": request.args.get("q") or ""}).words
    wanted = [name.strip()[:LONGEST] for name in request.args.getlist("speaker") if name.strip()]
    found = await consult(datasette, _compared, words, list(dict.fromkeys(wanted))[:MOST])
    links = Links(datasette)
    here = links.page("compare") + _query(words, [column["id"] for column in found["columns"]])
    if request.url_vars["suffix"]:
        body = {
            "link": absolute(datasette, request, here),
            "words": words,
            "speakers": [
                {name: column[name] for name in ("id", "name", "quotes", "matches", "years")}
                for column in found["columns"]
            ],
        }
        text = json.dumps(body, ensure_ascii=False, indent=1)
        return Response(text, headers=kept(datasette), content_type="application/json; charset=utf-8")
    return await render(
        datasette,
        request,
        "compare",
        canonical=here,
        words=words,
        most=MOST,
        query=_query,
        **found,
    )


def _query(words: str, speakers: list[str]) -> str:
    asked = [("q", words)] * bool(words) + [("speaker", speaker) for speaker in speakers]
    return "?" + urlencode(asked) if asked else ""


def _compared(archive: Archive, words: str, wanted: list[str]) -> dict[str, Any]:
    known: list[dict[str, Any]] = []
    unknown: list[str] = []
    for name in wanted:
        row = archive.row(
            "SELECT id, name, quotes FROM speakers WHERE id = :name UNION ALL"
            " SELECT id, name, quotes FROM (SELECT id, name, quotes FROM aliases JOIN speakers"
            " ON speakers.id = speaker_id WHERE folded = :folded ORDER BY quotes DESC, id LIMIT 1)",
            {"name": name, "folded": fold(name)},
        )
        if row is None:
            unknown.append(name)
        elif row["id"] not in [column["id"] for column in known]:
            namesakes = archive.value("SELECT count(*) FROM speakers WHERE name = :name", dict(row))
            field = row["name"] if namesakes == 1 else row["id"]
            known.append({**dict(row), "field": field, "question": Question(words=words, speaker=row["id"])})
    matches = _matches(archive, words, [about["id"] for about in known])
    columns = [_column(archive, about, matches[about["id"]]) for about in known]
    counted = [charts.periods(_months(column)) for column in columns]
    if words and columns:
        every: dict[str, int] = {}
        for column in columns:
            every |= dict.fromkeys(_months(column), 0)
        counted = [charts.periods({**every, **_months(column)}) for column in columns]
    columns = [{**column, "periods": periods} for column, periods in zip(columns, counted, strict=True)]
    return {
        "columns": columns,
        "unknown": unknown,
        "highest": max((number for column in columns for _, number in column["periods"]), default=0),
        "suggested": _suggested(archive, words, [column["id"] for column in columns]),
        "names": archive.rows("SELECT name FROM speakers ORDER BY quotes DESC, name LIMIT 200"),
    }


def _said(words: str) -> str:
    # Only what was said: a speaker's own name would otherwise match all that they say.
    return f"quote : ({match_query(words)})"


def _matches(archive: Archive, words: str, speakers: list[str]) -> dict[str, list[Any]]:
    """The quotes of each speaker that hold the words, newest first. The words are looked up once for all."""
    found: dict[str, list[Any]] = {speaker: [] for speaker in speakers}
    if words and speakers:
        rows = archive.rows(
            f"SELECT quotes.speaker_id, quotes.number, quotes.published FROM {answers.WORDS}"
            " WHERE quotes_fts MATCH :match AND quotes.speaker_id IN (SELECT value FROM json_each(:speakers))"
            " ORDER BY quotes.sequence DESC",
            {"match": _said(words), "speakers": json.dumps(speakers)},
        )
        for row in rows:
            found[row["speaker_id"]].append(row)
    return found


def _column(archive: Archive, about: dict[str, Any], rows: list[Any]) -> dict[str, Any]:
    years: dict[str, int] = {}
    for row in rows:
        if row["published"]:
            years[row["published"][:4]] = years.get(row["published"][:4], 0) + 1
    return {
        **about,
        "months": [row["published"][:7] for row in rows if row["published"]],
        "matches": len(rows),
        "years": dict(sorted(years.items())),
        "latest": answers.quotes(archive, [row["number"] for row in rows[:_SHOWN]], about["question"]),
    }


def _months(column: dict[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for month in column["months"]:
        counts[month] = counts.get(month, 0) + 1
    return counts


def _suggested(archive: Archive, words: str, chosen: list[str]) -> list[dict[str, Any]]:
    """Who else speaks of it, most first."""
    if not words or len(chosen) >= MOST:
        return []
    rows = archive.rows(
        f"SELECT quotes.speaker_id AS id, count(*) AS matches FROM {answers.WORDS}"
        " WHERE quotes_fts MATCH :match AND quotes.speaker_id IS NOT NULL GROUP BY 1"
        f" ORDER BY matches DESC, id LIMIT {_SUGGESTED + MOST}",
        {"match": _said(words)},
    )
    names = answers.names(archive, [row["id"] for row in rows])
    found = [{**dict(row), "name": names[row["id"]]} for row in rows if row["id"] not in chosen]
    return found[:_SUGGESTED]
