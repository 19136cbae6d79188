"""The people and bodies that are quoted: most quoted, by letter, by a part of the name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.site import export
from ingest.site.archive import Archive, consult
from ingest.site.frame import Links, absolute, render
from ingest.store import fold

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAGE = 100
_COLUMNS = ("link", "id", "name", "kind", "wikidata", "quotes", "articles", "first", "latest")


def sort_name(name: str, kind: str) -> str:
    """A name as an index has it: people by their last word. ``Zoë van Ångström`` → ``angstrom, zoe van``."""
    folded = fold(name)
    first, _, last = folded.rpartition(" ")
    return f"{last}, {first}" if kind == "person" and first else folded.removeprefix("the ")


async def page(datasette: Any, request: Any) -> Any:
    """``/speakers``, ``?letter=A``, ``?name=part of a name``; ``.csv`` and ``.json`` hold all speakers."""
    links, suffix = Links(datasette), request.url_vars["suffix"]
    if suffix:
        keys = await consult(datasette, _all)

        def fetch(archive: Archive, some: Sequence[int]) -> list[dict[str, Any]]:
            rows = (dict(row) for number in some for row in archive.rows(_ONE, {"number": number}))
            return [{"link": absolute(datasette, request, links.speaker(row["id"])), **row} for row in rows]

        rows = export.batches(datasette, keys, fetch)
        if suffix == ".csv":
            return export.as_csv("speakers", _COLUMNS, rows)
        return export.as_json({"count": len(keys)}, rows, "speakers")
    letter = (request.args.get("letter") or "")[:1].upper()
    letter = letter if letter in LETTERS else "#" if letter else ""
    name = " ".join((request.args.get("name") or "").replace("\0", " ").split())[:100]
    after = (request.args.get("after") or "")[:300]
    found = await consult(datasette, _listed, letter, name, after)
    return await render(
        datasette,
        request,
        "speakers",
        canonical=links.page("speakers", letter=letter),
        letters=LETTERS,
        letter=letter,
        name=name,
        later=bool(after),
        **found,
    )


_ONE = "SELECT id, name, kind, wikidata, quotes, articles, first, latest FROM speakers WHERE rowid = :number"


def _all(archive: Archive) -> list[int]:
    return [row[0] for row in archive.rows("SELECT rowid FROM speakers ORDER BY quotes DESC, name, id")]


def _listed(archive: Archive, letter: str, name: str, after: str) -> dict[str, Any]:
    total = archive.value("SELECT count(*) FROM speakers")
    what = "id, name, kind, quotes, first, latest, onrecord_sort_name(name, kind) AS sorted"
    if name:
        # Names and aliases that begin so come first; "mara" is in "Tamara" too.
        sql = (
            f"SELECT {what}, min(CASE WHEN folded = :folded THEN 0"
            " WHEN folded LIKE :begins ESCAPE '\\' THEN 1"
            " ELSE 2 END) AS how FROM aliases JOIN speakers ON speakers.id = speaker_id"
            " WHERE folded LIKE :part ESCAPE '\\' GROUP BY speakers.id"
            f" ORDER BY how, quotes DESC, name LIMIT {_PAGE}"
        )
        folded = fold(name)
        escaped = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = archive.rows(sql, {"folded": folded, "begins": f"{escaped}%", "part": f"%{escaped}%"})
    elif letter:
        begins = (
            "substr(sorted, 1, 1) = :letter"
            if letter != "#"
            else "substr(sorted, 1, 1) NOT BETWEEN 'a' AND 'z'"
        )
        rows = archive.rows(
            f"SELECT * FROM (SELECT {what} FROM speakers) WHERE {begins} AND sorted || ' ' || id > :after"
            f" ORDER BY sorted || ' ' || id LIMIT {_PAGE + 1}",
            {"letter": letter.lower(), "after": after},
        )
    else:
        rows = archive.rows(f"SELECT {what} FROM speakers ORDER BY quotes DESC, name, id LIMIT {_PAGE}")
    more = f"{rows[_PAGE - 1]['sorted']} {rows[_PAGE - 1]['id']}" if len(rows) > _PAGE else ""
    shown = rows[:_PAGE]
    return {
        "speakers": shown,
        "total": total,
        "next": more,
        "most": max((row["quotes"] for row in shown), default=0),
    }
