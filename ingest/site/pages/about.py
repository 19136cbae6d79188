"""What this archive is: what was read, when, by which version, how good that is, how to cite and report."""

from __future__ import annotations

import re
from typing import Any

from ingest import packaged_file
from ingest.site.archive import Archive, consult
from ingest.site.frame import Links, render

_RUNS, _CORRECTIONS = 10, 100

# The rows of the model card's scores that a reader can use, and what they say.
_MEASURED = {
    "direct.span": "words in quotation marks found, and nothing else taken for them",
    "direct.mention": "… and the right words of the article named as their source",
    "direct.entity": "… and the right name given to the speaker",
    "all.mention": "all speech, reported without marks too, with the right source",
}


async def page(datasette: Any, request: Any) -> Any:
    """``/about``."""
    found = await consult(datasette, _read)
    settings = datasette.plugin_config("onrecord") or {}
    return await render(
        datasette,
        request,
        "about",
        canonical=Links(datasette).page("about"),
        description=datasette.metadata("description"),
        licence=datasette.metadata("license"),
        source=datasette.metadata("source"),
        contact=settings.get("contact"),
        measured=measured(),
        **found,
    )


def measured() -> dict[str, Any]:
    """The scores of the model's card: ``{"sets": […], "rows": [(what, [F1 of each set])]}``."""
    card = packaged_file("model/README.md").read_text("utf-8")
    table = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in card.partition("## Scores")[2].partition("\n## ")[0].splitlines()
        if line.startswith("|")
    ]
    if not table:
        return {"sets": [], "rows": []}
    # Sets of many articles, whose number stands in brackets.
    sets = [index for index, name in enumerate(table[0]) if re.search(r"\(\d+", name)]
    scores = {row[0]: [(re.match(r"[\d.]+", row[index]) or ["–"])[0] for index in sets] for row in table}
    return {
        "sets": [table[0][index] for index in sets],
        "rows": [(meaning, scores[name]) for name, meaning in _MEASURED.items() if name in scores],
    }


def _read(archive: Archive) -> dict[str, Any]:
    counts = archive.rows(
        "SELECT (SELECT count(*) FROM quotes) AS quotes, (SELECT count(*) FROM speakers) AS speakers,"
        " (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM failures) AS failures,"
        " (SELECT min(published) FROM quotes) AS first, (SELECT max(published) FROM quotes) AS last,"
        " (SELECT count(*) FROM quotes WHERE speaker_id IS NOT NULL) AS named"
    )[0]
    return {
        "counts": counts,
        "kinds": archive.rows(
            "SELECT kind, count(*) AS quotes FROM quotes GROUP BY kind ORDER BY quotes DESC"
        ),
        "runs": archive.rows(f"SELECT * FROM runs ORDER BY id DESC LIMIT {_RUNS}"),
        "corrections": archive.rows(f"SELECT * FROM corrections ORDER BY line LIMIT {_CORRECTIONS}"),
        "corrected": archive.value("SELECT count(*) FROM corrections"),
    }
