"""The register of known people and bodies: who bears a name or held an office on a given day.

>>> register = Register.load()
>>> register.by_name("Sir Keir Starmer").id
'keir-starmer'
>>> register.holder("prime minister", on="2009-05-01", country="GB").name
'Gordon Brown'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingest import packaged_file
from ingest.names import Gender, plain_name, surname
from ingest.records import ExplainedError

_ANYBODYS = {
    "leader", "co-leader", "deputy leader", "acting leader", "chief executive", "director", "chair",
    "general secretary", "chairman",
}  # fmt: skip
_SEVERALS = {"senator"}  # offices of which there are several at one place


@dataclass(frozen=True, slots=True)
class Office:
    """A role held for a while. Dates are ISO; none means unknown or still held."""

    title: str
    affiliation: str | None = None
    start: str | None = None
    end: str | None = None

    def held(self, on: str | None) -> bool:
        """Whether the office was held on a day; on an unknown day, whether it is still held."""
        if on is None:
            return self.end is None
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person or body of the register."""

    id: str
    name: str
    kind: str
    gender: Gender | None = None
    country: str | None = None
    wikidata: str | None = None
    aliases: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()

    def ever_held(self, title: str) -> bool:
        """Whether an office was held at any time."""
        return any(_title_words(office.title) == _title_words(title) for office in self.offices)

    def office(self, on: str | None) -> Office | None:
        """The first office of the entry held on a day."""
        return next((office for office in self.offices if office.held(on)), None)


class RegisterError(ExplainedError):
    """The register cannot be used; the message names the file, the entry and what to change."""


@dataclass(frozen=True, slots=True)
class Register:
    """The entries, findable by any of their names and by office and day."""

    entries: tuple[Entry, ...] = ()
    _names: Mapping[str, Entry] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Register:
        """A register of some entries. A name that two of them bear finds neither."""
        names: dict[str, Entry | None] = {}
        entries = tuple(entries)
        for entry in entries:
            for name in {plain_name(n) for n in (entry.name, *entry.aliases)}:
                names[name] = None if names.get(name, entry) != entry else entry
        return cls(entries, {name: entry for name, entry in names.items() if entry})

    @classmethod
    def load(cls, path: Path | None = None) -> Register:
        """The register of a YAML file, by default the one that comes with the package.

        Raises RegisterError for a file that is not a list of entries with an id, a name and a kind.
        """
        if path is None:
            return _packaged()
        return cls.of(_entries(path.read_text(encoding="utf-8"), str(path)))

    def by_name(self, name: str) -> Entry | None:
        """The entry that bears a name, titles, accents and case aside."""
        return self._names.get(plain_name(name))

    def by_surname(self, name: str, *, on: str | None, country: str | None = None) -> Entry | None:
        """The one person of a surname who held an office on a known day, in a country if one is given."""
        if on is None:
            return None
        wanted = plain_name(name)
        found = [
            entry
            for entry in self.entries
            if entry.kind == "person"
            and surname(entry.name) == wanted
            and (country is None or entry.country in (country, None))
            and entry.office(on)
        ]
        return found[0] if len(found) == 1 else None

    def outlet_country(self, url: str | None) -> str | None:
        """The country of an outlet by the end of its address, if people of the register have that country.

        ``https://www.examiner.co.uk/a`` → ``GB``; ``.com`` and what the register does not know → none.
        """
        host = re.match(r"\w+://([\w.-]+)", url or "")
        ending = host.group(1).rpartition(".")[2].upper() if host else ""
        country = {"UK": "GB"}.get(ending, ending)
        return country if any(entry.country == country for entry in self.entries) else None

    def holder(self, title: str, *, on: str | None, country: str | None = None) -> Entry | None:
        """Who held an office on a day, if there is just one: the prime minister, of a country's press.

        An office that every body has, ``leader`` or ``chief executive``, is nobody's without the body.
        """
        if title in _ANYBODYS | _SEVERALS:
            return None
        words = _title_words(title)
        found = [
            entry
            for entry in self.entries
            if (country is None or entry.country == country)
            and any(_title_words(office.title) == words and office.held(on) for office in entry.offices)
        ]
        return found[0] if len(found) == 1 else None

    def holder_at(self, body: str, title: str, *, on: str | None) -> Entry | None:
        """Who held an office at a body on a day, if there is just one: ``tory``, ``leader``."""
        if title in _SEVERALS:
            return None
        known = self.by_name(body)
        words = plain_name(known.name if known else body).split()
        found = [
            entry
            for entry in self.entries
            for office in entry.offices
            if office.title.lower() == title
            and office.held(on)
            and office.affiliation
            and plain_name(office.affiliation).split()[: len(words)] == words
        ]
        return found[0] if len(found) == 1 else None


@lru_cache(maxsize=10_000)
def _title_words(title: str) -> frozenset[str]:
    """``mayor of London`` and “London mayor” are one office."""
    return frozenset(title.lower().split()) - {"of", "the", "for"}


@cache
def _packaged() -> Register:
    path = packaged_file("speakers.yml")
    return Register.of(_entries(path.read_text(encoding="utf-8"), str(path)))


def _entries(text: str, source: str) -> list[Entry]:
    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RegisterError(f"{source}: not valid YAML ({error}); mend that line and run again") from error
    if not isinstance(rows, list):
        raise RegisterError(f"{source}: a list of entries is needed, each with id, name and kind")
    return [_entry(row, source) for row in rows]


def _entry(row: Any, source: str) -> Entry:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("id", "name", "kind")):
        raise RegisterError(f"{source}: an entry lacks id, name or kind: {str(row)[:80]}")
    offices = tuple(
        Office(str(r["title"]), r.get("affiliation"), _date(r.get("from")), _date(r.get("to")))
        for r in row.get("roles", ())
    )
    return Entry(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        gender=row["gender"] if row.get("gender") in ("female", "male") else None,
        country=row.get("country"),
        wikidata=row.get("wikidata"),
        aliases=tuple(map(str, row.get("aliases", ()))),
        offices=offices,
    )


def _date(value: object) -> str | None:
    return None if value is None else str(value)
