"""What the network says of a word piece: its part in an attribution, and whether it is part of a name."""

from __future__ import annotations

from ingest.records import NameKind

NONE, BEGIN, CONTINUE, INSIDE, SOURCE, CUE = range(6)
TAGS = 6

NAME_KINDS: tuple[NameKind, ...] = ("person", "body", "group", "place")
NAMES = 1 + 2 * len(NAME_KINDS)


def name_label(kind: str, *, first: bool) -> int:
    """``("body", first=True)`` → 3, its further pieces 4; 0 is no name."""
    return 1 + 2 * NAME_KINDS.index(kind) + (not first)
