"""Wikidata ids for speakers that have none, out of a file: for a person to judge, never written by itself.

The file is a table from query.wikidata.org, or Wikidata's own dump, of which one line at a time is read. A
name alone proves nothing: each suggestion shows what the articles and Wikidata say of its bearer, and of
several bearers none is chosen.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import yaml

from ingest.names import Gender, plain_name
from ingest.records import ExplainedError, SpeakerKind
from ingest.register import Entry

_MOST = 20  # namesakes that are listed
_COLUMNS = {
    "id": ("id", "item", "wikidata", "qid"),
    "label": ("label", "itemlabel", "name"),
    "aliases": ("aliases", "itemaltlabel", "altlabel", "alias"),
    "description": ("description", "itemdescription"),
    "kind": ("kind", "instancelabel", "instance"),
    "gender": ("gender", "genderlabel", "sex", "sexlabel"),
    "position": ("position", "positionlabel", "office", "officelabel"),
    "start": ("start", "from"),
    "end": ("end", "to"),
}
_HUMAN, _SEXES = "Q5", {"Q6581097": "male", "Q6581072": "female"}
_INSTANCE, _SEX, _POSITION, _START, _END = "P31", "P21", "P39", "P580", "P582"
#: What is said of bodies and hardly of anything else: headquarters, director, chair, industry, legal form,
#: owner, staff, subsidiary, board.
_OF_BODIES = ("P159", "P169", "P488", "P452", "P1454", "P749", "P1128", "P355", "P3320")
_TO_THE_DAY = 11


class SuggestError(ExplainedError):
    """A file of Wikidata that cannot be read; the message names it, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Position:
    """An office that somebody held: ``Mayor of Lund``; dates are ISO days, none where not known to the day."""

    title: str
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A person or body of Wikidata. A kind that the file does not tell is none."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    description: str | None = None
    kind: SpeakerKind | None = None
    gender: Gender | None = None
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A speaker without an id: its entry in the register if it has one, and what articles say of it."""

    id: str
    name: str
    kind: SpeakerKind = "unknown"
    said: str | None = None
    entry: Entry | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be called."""
        return (self.name, *(self.entry.aliases if self.entry else ()))


@dataclass(slots=True)
class Suggestion:
    """A speaker, and the items that bear its name, or one of its names."""

    wanted: Wanted
    items: list[Item] = field(default_factory=list)


def wanted(speakers: Iterable[dict[str, Any]], register: Sequence[Entry]) -> list[Wanted]:
    """The speakers, quoted (rows of ``store.speakers``) or only in the register, that have no Wikidata id."""
    entries = {entry.id: entry for entry in register}
    found = []
    for row in speakers:
        entry = entries.pop(row["id"], None)
        if row["kind"] != "group" and not (entry and entry.wikidata):
            counts = f"quotes: {row['quotes']}, articles: {row['articles']}"
            said = "; ".join(filter(None, (row["role"], row["affiliation"], counts)))
            found.append(Wanted(row["id"], row["name"], row["kind"], said, entry))
    for entry in entries.values():
        if not entry.wikidata:
            found.append(
                Wanted(entry.id, entry.name, "person" if entry.kind == "person" else "body", None, entry)
            )
    return found


def suggest(speakers: Iterable[Wanted], items: Iterable[Item]) -> list[Suggestion]:
    """For each speaker the items with its name, in the order of the speakers; without those that have none.

    Only the names of the speakers are kept in mind, however many items come by.

    >>> ono = Item("Q7", "Zoë Ono", description="mayor of Lund", kind="person")
    >>> [(s.wanted.id, s.items[0].id) for s in suggest([Wanted("zoe-ono", "Zoe Ono")], [ono])]
    [('zoe-ono', 'Q7')]
    """
    found = [Suggestion(speaker) for speaker in speakers]
    called: dict[str, list[Suggestion]] = defaultdict(list)
    for suggestion in found:
        for name in dict.fromkeys(plain_name(name) for name in suggestion.wanted.names):
            called[name].append(suggestion)
    for item in items:
        names = dict.fromkeys(plain_name(name) for name in (item.label, *item.aliases))
        for suggestion in {id(s): s for name in names for s in called.get(name, ())}.values():
            if item.kind is None or suggestion.wanted.kind in (item.kind, "unknown"):
                _add(suggestion.items, item)
    return [suggestion for suggestion in found if suggestion.items]


def _add(items: list[Item], item: Item) -> None:
    """Add an item; a table has a row for each position of one."""
    for number, known in enumerate(items):
        if known.id == item.id:
            positions = tuple(dict.fromkeys((*known.positions, *item.positions)))
            items[number] = replace(known, positions=positions)
            return
    if len(items) < _MOST:
        items.append(item)


def as_yaml(suggestions: Iterable[Suggestion]) -> str:
    """Suggestions as entries of ``data/speakers.yml``; whatever a person must decide is a comment."""
    return "\n".join(_yaml(suggestion) for suggestion in suggestions)


def _yaml(suggestion: Suggestion) -> str:
    speaker, items = suggestion.wanted, suggestion.items
    lines = [f"# {_line(speaker.name)}: {_line(speaker.said or 'not quoted')}"]
    if len(items) > 1:
        lines.append(f"# {len(items)} have this name{', or more' if len(items) == _MOST else ''}: choose one")
    for item in items:
        called = f" ({_line(item.label)})" if plain_name(item.label) != plain_name(speaker.name) else ""
        lines.append(f"# https://www.wikidata.org/wiki/{item.id}{called}: {_line(item.description or '?')}")
        if speaker.entry is not None:
            text = f"# add to the entry {speaker.id}\n  wikidata: {item.id}"
        else:
            text = _entry(speaker, item)
        off = len(items) > 1 or speaker.entry is not None
        lines += [f"#{line}" if off and line[:1] != "#" else line for line in text.splitlines()]
    return "\n".join(lines) + "\n"


def _entry(speaker: Wanted, item: Item) -> str:
    kind = speaker.kind if speaker.kind != "unknown" else item.kind
    entry: dict[str, Any] = {"id": speaker.id, "name": speaker.name, "kind": kind or "person"}
    if entry["kind"] == "person" and item.gender:
        entry["gender"] = item.gender
    if plain_name(item.label) != plain_name(speaker.name):
        entry["aliases"] = [item.label]
    entry["wikidata"] = item.id
    if item.positions:
        entry["roles"] = [_role(position) for position in item.positions]
    return yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, default_flow_style=None, width=1000)


def _role(position: Position) -> dict[str, Any]:
    """``Mayor of Lund`` → title “mayor”, affiliation “Lund”: as the register writes it, or nearly."""
    title, _, body = position.title.partition(" of ")
    role: dict[str, Any] = {"title": title.lower()}
    if body:
        role["affiliation"] = body.removeprefix("the ")
    days = {"from": position.start, "to": position.end}
    return role | {key: date.fromisoformat(day) for key, day in days.items() if day}


def _line(text: str) -> str:
    """Words of a file on one line of a comment: whatever ends a line in YAML would end the comment."""
    return " ".join(re.sub(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", " ", text).split())[:200]


# Reading


def read_items(path: Path) -> Iterator[Item]:
    """The people and bodies of a .csv or .tsv, .json, .json.gz or .json.bz2 file, one after the other.

    Raises SuggestError for a file that is none of these or that breaks off.
    """
    kind = path.name.lower()
    opened = gzip.open if kind.endswith(".gz") else bz2.open if kind.endswith(".bz2") else open
    table = kind.removesuffix(".gz").removesuffix(".bz2").endswith((".csv", ".tsv"))
    if not table and not re.search(r"\.(?:json|jsonl|ndjson)(?:\.gz|\.bz2)?$", kind):
        raise SuggestError(
            f"{path}: give a .csv from query.wikidata.org, or a .json, .json.gz or .json.bz2 dump"
        )
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="" if table else None) as file:
            yield from _of_table(file, path) if table else _of_dump(file, path)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise SuggestError(f"{path} cannot be read ({problem}); check it, or download it again") from error


def _of_table(file: TextIO, path: Path) -> Iterator[Item]:
    rows = csv.DictReader(file, delimiter="\t" if ".tsv" in path.name.lower() else ",")
    header = {name.strip().lower(): name for name in rows.fieldnames or ()}
    columns = {
        key: next((header[name] for name in names if name in header), None) for key, names in _COLUMNS.items()
    }
    for key in ("id", "label"):
        if columns[key] is None:
            raise SuggestError(f"{path}: no column {' or '.join(_COLUMNS[key])}; add it to the query")
    for row in rows:
        cells = {key: (row.get(column) or "").strip() if column else "" for key, column in columns.items()}
        id = re.search(r"Q[1-9]\d*$", cells["id"])
        if id and cells["label"] and cells["label"] != id.group():
            position = Position(cells["position"], _day(cells["start"]), _day(cells["end"]))
            yield Item(
                id.group(),
                cells["label"],
                tuple(name for name in re.split(r"\s*[|;,]\s*", cells["aliases"]) if name),
                cells["description"] or None,
                _kind(cells["kind"].lower()),
                next((sex for sex in _SEXES.values() if sex == cells["gender"].lower()), None),
                (position,) if position.title else (),
            )
