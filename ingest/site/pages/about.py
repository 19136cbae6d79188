"""What this archive is: what was read, when, by which version, how good that is, how to cite and report."""

from __future__ import annotations

import re
from typing import Any

from ingest import packaged_file
from ingest.site import answers
from ingest.site.archive import Archive, consult
from ingest.site.frame import Links, contact, render
from ingest.site.question import Question

_RUNS, _CORRECTIONS = 10, 100

# The rows of the model card's scores that a reader can use, and what they say.
_MEASURED = {
    "direct.span": "words in quotation marks found, and nothing else taken for them",
    "direct.mention": "… and the right words of the article named as their source",
    "direct.entity": "… and the right name given to the speaker",
    "all.mention": "all speech, reported without marks too, with the right source",
}
_SETS = {"PolNeAR dev": "US political articles", "news-dev": "British and other articles"}


async def page(datasette: Any, request: Any) -> Any:
    """``/about``."""
    found = await consult(datasette, _read)
    return await render(
        datasette,
        request,
        "about",
        canonical=Links(datasette).page("about"),
        description=datasette.metadata("description"),
        licence=datasette.metadata("license"),
        source=datasette.metadata("source"),
        contact=contact(datasette),
        measured=measured(),
        **found,
    )


def measured() -> dict[str, Any]:
    """The scores of the model's card, for people who read news.

    ``{"sets": ["18 British and other articles", …], "rows": [(what, [F1 of each set])],
    "confidence": [("0.9 and more", ["96.7% of 91", …])]}``: how often the source is right at that confidence.
    """
    card = packaged_file("model/README.md").read_text("utf-8")
    scores, trust = _table(card, "Scores"), _table(card, "Confidence")
    if not scores or not trust:
        return {"sets": [], "rows": [], "confidence": []}
    # Sets of many articles, whose number stands in brackets.
    sets = {index: name for index, name in enumerate(scores[0]) if re.search(r"\(\d+", name)}
    rows = {row[0]: [(re.match(r"[\d.]+", row[index]) or ["–"])[0] for index in sets] for row in scores}
    right = [index for index, name in enumerate(trust[0]) if name == "right"]  # of the number before it
    shares = {row[0]: [f"{row[index]} of {row[index - 1]}" for index in right] for row in trust[2:]}
    return {
        "sets": [_articles(name) for name in sets.values()],
        "rows": [(meaning, rows[name]) for name, meaning in _MEASURED.items() if name in rows],
        "confidence": list(shares.items()),
    }


def _table(card: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading of Markdown; its second row is the line under its first."""
    section = card.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def _articles(name: str) -> str:
    """``news-dev (18)`` → ``18 British and other articles``."""
    set, _, number = name.partition(" (")
    return f"{number.removesuffix(')').removesuffix(' articles')} {_SETS.get(set, set)}"


def _read(archive: Archive) -> dict[str, Any]:
    counts = archive.rows(
        "SELECT (SELECT count(*) FROM quotes) AS quotes, (SELECT count(*) FROM speakers) AS speakers,"
        " (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM failures) AS failures,"
        " (SELECT min(published) FROM quotes) AS first, (SELECT max(published) FROM quotes) AS last,"
        " (SELECT count(*) FROM quotes WHERE speaker_id IS NOT NULL) AS named"
    )[0]
    return {
        "counts": counts,
        "kinds": answers.counted(archive, Question(), "kind"),
        "runs": archive.rows(f"SELECT * FROM runs ORDER BY id DESC LIMIT {_RUNS}"),
        "corrections": archive.rows(f"SELECT * FROM corrections ORDER BY line LIMIT {_CORRECTIONS}"),
        "corrected": archive.value("SELECT count(*) FROM corrections"),
    }
