"""How many quotes there are of each value, among all quotes and among every large part of them.

This module knows no database: a facet comes as the values of all quotes, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

LISTED = 50  # values of a facet that are kept
COMPLETE = ("kind", "year")  # but of these all are

Codes = NDArray[np.int64]
Count = tuple[dict[str, str], str, str, int]


def counts(facets: Mapping[str, Sequence[Any]], least: int, thresholds: Sequence[int]) -> Iterator[Count]:
    """Count all quotes, and those that one or two filters leave if they are more than ``least``.

    ``{"kind": ["direct", "mixed"], "sure": [0.97, 0.6]}`` → ``({}, "", "", 2)``, the total, ``({}, "kind",
    "direct", 1)``, …, ``({"kind": "mixed"}, "sure", "50", 1)``, …: filters, facet, value, quotes, with
    the commonest values first. ``sure`` is no value but a confidence, and counts for each of the
    ``thresholds`` (percent) that it reaches.
    """
    columns = [
        _Sure(said, thresholds) if name == "sure" else _Column(name, said) for name, said in facets.items()
    ]
    everything = np.arange(len(columns[0].codes))
    yield from _counted({}, everything, columns)
    for column in columns:
        for value, some in column.parts(everything, least):
            yield from _counted({column.name: value}, some, columns)
    for one, other in combinations(columns, 2):
        for value, some in one.parts(everything, least):
            for second, few in other.parts(some, least):
                yield from _counted({one.name: value, other.name: second}, few, columns)


def _counted(filters: dict[str, str], rows: Codes, columns: Sequence[_Column]) -> Iterator[Count]:
    yield filters, "", "", len(rows)
    for column in columns:
        if column.name not in filters:
            for value, count in column.counts(rows):
                yield filters, column.name, value, count


class _Column:
    """One facet of all quotes as numbers: 0 for none, 1 and up for its values in their order."""

    def __init__(self, name: str, said: Sequence[Any]) -> None:
        self.name = name
        self.values = sorted({value for value in said if value is not None})
        codes = {value: code for code, value in enumerate(self.values, start=1)} | {None: 0}
        self.codes: Codes = np.fromiter((codes[value] for value in said), np.int64, len(said))

    def counts(self, rows: Codes) -> Iterator[tuple[str, int]]:
        """The values of some quotes, commonest first."""
        counted = np.bincount(self.codes[rows], minlength=1)
        counted[0] = 0
        found = np.flatnonzero(counted)
        order = found[np.argsort(-counted[found], kind="stable")]
        listed = order if self.name in COMPLETE else order[:LISTED]
        return ((str(self.values[code - 1]), int(counted[code])) for code in listed)

    def parts(self, rows: Codes, least: int) -> Iterator[tuple[str, Codes]]:
        """Those of some quotes that have a value, for each value that more than ``least`` have."""
        order = rows[np.argsort(self.codes[rows], kind="stable")]
        codes, starts = np.unique(self.codes[order], return_index=True)
        for code, some in zip(codes, np.split(order, starts[1:]), strict=True):
            if code and len(some) > least:
                yield str(self.values[code - 1]), some


class _Sure(_Column):
    """Confidence: a quote counts for every threshold that it reaches."""

    def __init__(self, said: Sequence[float], thresholds: Sequence[int]) -> None:
        self.name = "sure"
        self.values = sorted(thresholds)
        # A threshold of 90 is reached as SQLite finds it: confidence >= 0.9.
        self.codes = np.searchsorted(np.array(self.values) / 100, np.array(said, dtype=float), side="right")

    def counts(self, rows: Codes) -> Iterator[tuple[str, int]]:
        exactly = np.bincount(self.codes[rows], minlength=len(self.values) + 1)
        reached = exactly[::-1].cumsum()[::-1][1:]
        return ((str(value), int(count)) for value, count in zip(self.values, reached, strict=True) if count)

    def parts(self, rows: Codes, least: int) -> Iterator[tuple[str, Codes]]:
        for code, value in enumerate(self.values, start=1):
            some = rows[self.codes[rows] >= code]
            if len(some) > least:
                yield str(value), some
