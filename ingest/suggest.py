"""Wikidata ids for speakers that have none, out of a file: for a person to judge, never written by itself.

The file is a table from query.wikidata.org or Wikidata's own dump, read line by line. A name alone proves
nothing: each suggestion shows what the articles and Wikidata say of its bearer, and of several bearers none
is chosen.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import json
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
    "aliases": ("aliases", "itemaltlabel", "altlabel"),
    "description": ("description", "itemdescription"),
    "kind": ("kind", "instance", "instancelabel"),
    "gender": ("gender", "sex", "genderlabel", "sexlabel"),
    "position": ("positionlabel", "position"),
    "start": ("start", "from"),
    "end": ("end", "to"),
}
_ITEM = re.compile(r"(?:^|/)(Q[1-9]\d*)$")
_HUMAN = "Q5"
_SEXES: dict[str, Gender] = {"Q6581097": "male", "Q6581072": "female", "male": "male", "female": "female"}
_INSTANCE, _SEX = "P31", "P21"
#: What is said of bodies and hardly of anything else: headquarters, director, chair, industry, legal form,
#: owner, staff, subsidiary, board.
_OF_BODIES = ("P159", "P169", "P488", "P452", "P1454", "P749", "P1128", "P355", "P3320")


class SuggestError(ExplainedError):
    """A file of Wikidata that cannot be read; the message names it, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Position:
    """An office that somebody held: ``Mayor of Lund``; ISO days, or none."""

    title: str
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A person or body of Wikidata; ``kind`` is none where the file does not tell."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    description: str | None = None
    kind: SpeakerKind | None = None
    gender: Gender | None = None
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A speaker without a Wikidata id: what articles say of it, and its entry in the register, if any."""

    id: str
    name: str
    kind: SpeakerKind = "unknown"
    said: str | None = None
    entry: Entry | None = None


@dataclass(slots=True)
class Suggestion:
    """A speaker, and the items that bear a name of it."""

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
            said = ", ".join(filter(None, (row["role"], row["affiliation"])))
            said = "; ".join(filter(None, (said, counts)))
            found.append(Wanted(row["id"], row["name"], row["kind"], said, entry))
    for entry in entries.values():
        if not entry.wikidata:
            kind: SpeakerKind = "person" if entry.kind == "person" else "body"
            found.append(Wanted(entry.id, entry.name, kind, None, entry))
    return found


def suggest(speakers: Iterable[Wanted], items: Iterable[Item]) -> list[Suggestion]:
    """For each speaker the items that bear its name, in the order of the speakers; without those of none.

    However many items come by, only namesakes of the speakers are kept.

    >>> ono = Item("Q7", "Zoë Ono", description="mayor of Lund", kind="person")
    >>> [(s.wanted.id, s.items[0].id) for s in suggest([Wanted("zoe-ono", "Zoe Ono")], [ono])]
    [('zoe-ono', 'Q7')]
    """
    found = [Suggestion(speaker) for speaker in speakers]
    called: dict[str, list[Suggestion]] = defaultdict(list)
    for suggestion in found:
        speaker = suggestion.wanted
        for name in {plain_name(name) for name in (speaker.name, *(speaker.entry or _NOBODY).aliases)}:
            called[name].append(suggestion)
    for item in items:
        names = {plain_name(name) for name in (item.label, *item.aliases)}
        for suggestion in {id(s): s for name in names for s in called.get(name, ())}.values():
            if item.kind is None or suggestion.wanted.kind in (item.kind, "unknown"):
                _add(suggestion.items, item)
    return [suggestion for suggestion in found if suggestion.items]


_NOBODY = Entry("", "", "person")


def _add(items: list[Item], item: Item) -> None:
    """Add an item; of one that is there, a table has another row for each position."""
    for number, known in enumerate(items):
        if known.id == item.id:
            positions = tuple(dict.fromkeys((*known.positions, *item.positions)))
            items[number] = replace(known, positions=positions)
            return
    if len(items) < _MOST:
        items.append(item)


# Writing


def as_yaml(suggestions: Iterable[Suggestion]) -> str:
    """Suggestions as entries of ``data/speakers.yml``, to be looked at; what must be decided is a comment."""
    return "\n".join(_block(suggestion) for suggestion in suggestions)


def _block(suggestion: Suggestion) -> str:
    speaker, items = suggestion.wanted, suggestion.items
    lines = [f"# {_line(speaker.name)}: {_line(speaker.said or 'not quoted yet')}"]
    if len(items) > 1:
        lines.append(f"# choose one of {len(items)} of that name, or none:")
    for item in items:
        called = "" if _same(item, speaker) else f" {_line(item.label)}:"
        about = _line(item.description or "no description")
        lines.append(f"# https://www.wikidata.org/wiki/{item.id}{called} {about}")
        if speaker.entry is not None:
            lines += [f"# add to the entry {speaker.id}:", f"#  wikidata: {item.id}"]
        else:
            comment = "#" if len(items) > 1 else ""
            lines += [f"{comment}{line}" for line in _entry(speaker, item)]
    return "\n".join(lines) + "\n"


def _entry(speaker: Wanted, item: Item) -> list[str]:
    """The lines of an entry: a list stands on one line, each role on its own."""
    kind = item.kind if speaker.kind == "unknown" else speaker.kind
    facts: dict[str, Any] = {
        "id": speaker.id,
        "name": _line(speaker.name),
        "kind": "body" if kind == "body" else "person",
        "gender": None if kind == "body" else item.gender,
        "aliases": None if _same(item, speaker) else [_line(item.label)],
        "wikidata": item.id,
    }
    lines = [f"  {key}: {_written(value)}" for key, value in facts.items() if value]
    lines += ["  roles:"] if item.positions else []
    lines += [f"    - {_written(_role(position))}" for position in item.positions]
    return [f"- {lines[0][2:]}", *lines[1:]]


def _written(value: object) -> str:
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=True, width=10**6)
    return text.removesuffix("...\n").strip("\n")


def _same(item: Item, speaker: Wanted) -> bool:
    return plain_name(item.label) == plain_name(speaker.name)


def _role(position: Position) -> dict[str, Any]:
    """``Mayor of Lund`` → title “mayor”, affiliation “Lund”: nearly as newspapers write it."""
    title, _, body = _line(position.title).partition(" of ")
    role: dict[str, Any] = {"title": title.lower()}
    if body:
        role["affiliation"] = body.removeprefix("the ")
    days = {"from": position.start, "to": position.end}
    return role | {key: date.fromisoformat(day) for key, day in days.items() if day}


def _line(text: str) -> str:
    """Words of a file as they may stand in a comment or an entry: on one line, and no longer than one."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:200]


# Reading


def read_items(path: Path) -> Iterator[Item]:
    """The people and bodies of a .csv, .tsv or .json file, which may be packed as .gz or .bz2.

    Of a dump, those with an English name. Raises SuggestError for another file, or one that breaks off.
    """
    name = path.name.lower()
    opened = gzip.open if name.endswith(".gz") else bz2.open if name.endswith(".bz2") else open
    kind = Path(re.sub(r"\.(?:gz|bz2)$", "", name)).suffix
    if kind not in (".csv", ".tsv", ".json", ".jsonl"):
        advice = "give a table (.csv, .tsv) from query.wikidata.org or a dump (.json, .json.gz, .json.bz2)"
        raise SuggestError(f"{path}: not a kind of file that can be read; {advice}")
    try:
        if kind in (".csv", ".tsv"):
            with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
                yield from _of_table(file, path, delimiter="\t" if kind == ".tsv" else ",")
        else:
            with opened(path, "rt", encoding="utf-8-sig") as file:
                yield from _of_dump(file, path)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise SuggestError(f"{path} cannot be read ({problem}); check it, or fetch it again") from error


def _of_table(file: TextIO, path: Path, *, delimiter: str) -> Iterator[Item]:
    rows = csv.DictReader(file, delimiter=delimiter)
    header = {name.strip().lower(): name for name in rows.fieldnames or ()}
    columns = {
        key: next((header[name] for name in names if name in header), None) for key, names in _COLUMNS.items()
    }
    for key in ("id", "label"):
        if columns[key] is None:
            names = ", ".join(_COLUMNS[key])
            raise SuggestError(f"{path}: none of the columns {names} is there; add one to the query")
    for row in rows:
        cells = {key: (row.get(column or "") or "").strip() for key, column in columns.items()}
        id = _ITEM.search(cells["id"])
        if id is None or cells["label"] in ("", id.group(1)):
            continue
        position = Position(cells["position"], _day(cells["start"]), _day(cells["end"]))
        yield Item(
            id.group(1),
            cells["label"],
            tuple(filter(None, re.split(r"\s*[|;,]\s*", cells["aliases"]))),
            cells["description"] or None,
            _kind(_last(cells["kind"])),
            _SEXES.get(_last(cells["gender"])),
            (position,) if position.title else (),
        )


def _last(cell: str) -> str:
    """``http://www.wikidata.org/entity/Q5`` → ``Q5``; other words as they are."""
    return match.group(1) if (match := _ITEM.search(cell)) else cell.lower()


def _kind(instance: str) -> SpeakerKind | None:
    return None if not instance else "person" if instance in (_HUMAN, "human", "person") else "body"


def _day(cell: str) -> str | None:
    """``2024-07-05T00:00:00Z`` → ``2024-07-05``; the first of January stands for a year, so it is no day."""
    match = re.match(r"\d{4}-\d\d-\d\d", cell)
    try:
        return (
            date.fromisoformat(match.group()).isoformat() if match and match.group()[5:] != "01-01" else None
        )
    except ValueError:
        return None


def _of_dump(file: TextIO, path: Path) -> Iterator[Item]:
    """One line is one item, between a line “[” and a line “]”."""
    for number, line in enumerate(file, start=1):
        line = line.strip().rstrip(",")
        # Most of the dump is neither a person nor a body, and parsing takes most of the time.
        if line in ("", "[", "]") or not any(f'"{word}"' in line for word in (_HUMAN, *_OF_BODIES)):
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            problem = f"not an item of Wikidata ({error})"
            raise SuggestError(f"{path} line {number}: {problem}; give a dump with an item a line") from error
        if isinstance(record, dict) and (item := _item(record)):
            yield item


def _item(record: dict[str, Any]) -> Item | None:
    claims = _mapping(record.get("claims"))
    human = _HUMAN in _values(claims.get(_INSTANCE))
    labels = _mapping(record.get("labels"))
    label = next((text for language in ("en", "en-gb", "mul") if (text := _text(labels.get(language)))), None)
    if label is None or not _ITEM.search(str(record.get("id"))):
        return None
    if not human and not any(claims.get(about) for about in _OF_BODIES):
        return None
    aliases = _mapping(record.get("aliases")).get("en")
    return Item(
        str(record["id"]),
        label,
        tuple(text for alias in (aliases if isinstance(aliases, list) else ()) if (text := _text(alias))),
        _text(_mapping(record.get("descriptions")).get("en")),
        "person" if human else "body",
        next((_SEXES[sex] for sex in _values(claims.get(_SEX)) if sex in _SEXES), None),
    )


def _values(statements: object) -> list[str]:
    """The items that statements name: ``P31`` of a person → ``["Q5"]``."""
    found = []
    for statement in statements if isinstance(statements, list) else ():
        value = _mapping(
            _mapping(_mapping(_mapping(statement).get("mainsnak")).get("datavalue")).get("value")
        )
        if isinstance(value.get("id"), str):
            found.append(value["id"])
    return found


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    text = _mapping(value).get("value")
    return text if isinstance(text, str) and text.strip() else None
