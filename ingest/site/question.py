"""What a page is narrowed to: read from its URL, written into one, and as SQL over ``quotes``.

/search?q=harbour&outlet=The+Lund+Courier  →  Question(words="harbour", outlet="The Lund Courier")
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Base400

from ingest.store import match_query, tally

# Longer ones are cut: nobody means them, and each word costs a look-up.
LONGEST, MOST_WORDS = 200, 16

KINDS = ("direct", "mixed", "indirect")
SURE = tuple(str(percent) for percent in sorted(tally.SURE, reverse=True))

_DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"

# The name of a field in the URL, where it is another; URLs are for people.
_IN_URL = {"words": "q"}

_CLAUSES = {
    "speaker": "quotes.speaker_id = :speaker",
    "affiliation": "quotes.affiliation = :affiliation",
    "outlet": "quotes.outlet = :outlet",
    "kind": "quotes.kind = :kind",
    "year": "quotes.year = :year",
    # "~" sorts after every digit: until 2025-07 takes the whole of July in.
    "since": "quotes.published >= :since",
    "until": "quotes.published < :until || '~'",
    "sure": "quotes.confidence >= :sure",
}


class QuestionError(Base400):  # type: ignore[misc]
    """A value in the URL that can be nothing that is searched by. The message says how to write it."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which quotes; an empty field asks nothing. ``sure`` is the least confidence, in percent.

    ``speaker`` is an id; ``since`` and ``until`` are dates or their beginnings: 2025, 2025-07.
    """

    words: str = ""
    speaker: str = ""
    affiliation: str = ""
    outlet: str = ""
    kind: str = ""
    year: str = ""
    since: str = ""
    until: str = ""
    sure: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Question:
        """From the arguments of a URL. Raises ``QuestionError``."""
        found = {
            field.name: " ".join(
                (args.get(_IN_URL.get(field.name, field.name)) or "").replace("\0", " ").split()
            )[:LONGEST]
            for field in fields(cls)
        }
        found["words"] = " ".join(found["words"].split()[:MOST_WORDS])
        allowed = {
            "kind": ("|".join(KINDS), "direct, mixed or indirect"),
            "year": (r"\d{4}", "a year such as 2025"),
            "since": (_DATE, "a date such as 2025, 2025-07 or 2025-07-10"),
            "until": (_DATE, "a date such as 2025, 2025-07 or 2025-07-10"),
            "sure": ("|".join(SURE), f"one of {', '.join(SURE)} (percent)"),
        }
        for name, (pattern, meant) in allowed.items():
            if found[name] and not re.fullmatch(pattern, found[name], re.ASCII):
                raise QuestionError(f"“{found[name]}” cannot be looked for under “{name}”: write {meant}.")
        return cls(**found)

    def but(self, **changes: str) -> Question:
        """The same with some fields changed: ``but(outlet="")`` drops the outlet."""
        return replace(self, **changes)

    def asked(self) -> dict[str, str]:
        """The fields that are not empty, by their names in the URL."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {_IN_URL.get(name, name): value for name, value in values.items() if value}

    def filters(self) -> dict[str, str]:
        """The fields that are not empty, but for the words."""
        return {name: value for name, value in self.asked().items() if name != "q"}

    def query(self, **more: str) -> str:
        """As the query of a URL, always in one order: ``?q=harbour&sort=new``; nothing for no question."""
        asked = {**self.asked(), **{name: value for name, value in more.items() if value}}
        return "?" + urlencode(asked) if asked else ""

    def clauses(self, *, without: str = "") -> str:
        """The filters as SQL, ``1`` where there are none; ``without`` leaves one out."""
        used = [clause for name, clause in _CLAUSES.items() if getattr(self, name) and name != without]
        return " AND ".join(used) or "1"

    def values(self) -> dict[str, Any]:
        """The parameters of ``clauses`` and ``:match``, the words as FTS5 takes them."""
        values: dict[str, Any] = {name: getattr(self, name) for name in _CLAUSES}
        values["year"] = int(self.year) if self.year else None
        values["sure"] = int(self.sure) / 100 if self.sure else None
        return {**values, "match": match_query(self.words)}
