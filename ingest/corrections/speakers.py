"""The speakers of all articles, put right: two that are one, one that is two, a better name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ingest.corrections.rows import APPLIED, Correction, Outcome, Refused, named
from ingest.identity import Identity
from ingest.names import plain_name, slug
from ingest.register import Entry, Register

_ORDER = ("split", "merge", "rename")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")

#: An article's id, and the speaker's id that it alone suggests.
_Key = tuple[str, str]


def redirect(
    identities: Mapping[_Key, Identity], corrections: Sequence[Correction], register: Register
) -> tuple[dict[_Key, Identity], list[Outcome]]:
    """Who each appearance is after speakers were split, merged and renamed, and what became of each row.

    ``identities`` is what ``identify`` gives. A split comes before a merge, which may be followed by another;
    a new name comes last.

    >>> met = {("a", "t-lee"): Identity("t-lee", "T. Lee", "person"),
    ...        ("b", "tom-lee"): Identity("tom-lee", "Tom Lee", "person")}
    >>> row = Correction(2, "merge", speaker="t-lee", value="Tom Lee")
    >>> redirect(met, [row], Register())[0]["a", "t-lee"].id
    'tom-lee'
    """
    speakers = _Speakers(identities, register)
    results: dict[tuple[str | None, ...], str] = {}
    for row in sorted(corrections, key=lambda row: (_ORDER.index(row.action), row.line)):
        if row.said in results:
            continue
        try:
            speakers.apply(row)
            results[row.said] = APPLIED
        except Refused as refusal:
            results[row.said] = str(refusal)
    return speakers.identities(), [Outcome(row, results[row.said]) for row in corrections]


class _Speakers:
    """The speakers of all articles while they are put right, one row after the other."""

    def __init__(self, identities: Mapping[_Key, Identity], register: Register) -> None:
        self.register = register
        self.met = dict(identities)
        self.known = {identity.id: identity for identity in self.met.values()}
        self.called: dict[str, set[str]] = defaultdict(set)
        self.keys: dict[_Key, list[_Key]] = defaultdict(list)
        for (article, person), identity in self.met.items():
            self.keys[article, identity.id].append((article, person))
            # What only an article called so is who that was found to be.
            self.called[person].add(identity.id)
            self.called[plain_name(identity.name)].add(identity.id)
        self.split: dict[_Key, tuple[Correction, str]] = {}
        self.merged: dict[str, tuple[Correction, str]] = {}
        self.renamed: dict[str, Correction] = {}

    def identities(self) -> dict[_Key, Identity]:
        return {key: self.known[self._end(identity.id)] for key, identity in self.met.items()}

    def apply(self, row: Correction) -> None:
        id = self._quoted(row.speaker or "")
        if id is None:
            problem = f"no quoted speaker has the id or name {row.speaker}"
            raise Refused(f"{problem}; correct it, or delete the row")
        {"split": self._split, "merge": self._merge, "rename": self._rename}[row.action](row, id)

    def _split(self, row: Correction, id: str) -> None:
        article = row.article or ""
        keys = self.keys.get((article, id))
        if not keys:
            raise Refused(
                f"{id} is not quoted in the article {article}; correct either id, or delete the row"
            )
        if other := self.split.get((article, id)):
            raise Refused(f"line {other[0].line} splits the same to {other[1]}; delete one of the two")
        new = self._other(row.value or "", self.known[id])
        if new.id == id:
            raise Refused(f"that is {id} once more; tell the other one apart, as {new.name} [{id}-elsewhere]")
        self.known.setdefault(new.id, new)
        self.called[plain_name(new.name)].add(new.id)
        self.split[article, id] = row, new.id
        for key in keys:
            self.met[key] = new

    def _merge(self, row: Correction, id: str) -> None:
        into = self._quoted(row.value or "") or self._registered(row.value or "")
        if into is None:
            problem = f"no speaker has the id or name {row.value}"
            raise Refused(f"{problem}; correct it, or write rename to give {id} that name")
        if into == id:
            return  # They were found to be one without it.
        if other := self.merged.get(id):
            raise Refused(f"line {other[0].line} merges {id} into {other[1]}; delete one of the two")
        if self._end(into) == id:
            raise Refused(f"other lines merge {into} into {id}, and this one back; delete one of them")
        for (_, whole), (other_row, part) in self.split.items():
            if {whole, part} == {id, into}:
                raise Refused(f"line {other_row.line} splits {part} from {whole}; delete one of the two")
        self.merged[id] = row, into

    def _rename(self, row: Correction, id: str) -> None:
        if other := self.renamed.get(id):
            raise Refused(f"line {other.line} gives {id} another name; delete one of the two")
        if merged := self.merged.get(id):
            raise Refused(f"line {merged[0].line} merges {id} into {merged[1]}; rename that one")
        self.renamed[id] = row
        self.known[id] = self.known[id]._replace(name=row.value or "")

    def _end(self, id: str) -> str:
        while id in self.merged:
            id = self.merged[id][1]
        return id

    def _quoted(self, value: str) -> str | None:
        """The id of the quoted speaker that a cell names, if there is one."""
        _, id, name = named(value, self.register)
        if (id or name) in self.known:
            return id or name
        bearers = self.called.get(id or name) or self.called.get("" if id else plain_name(name)) or set()
        if len(bearers) > 1:
            raise Refused(f"{value} may be {' or '.join(sorted(bearers))}; give the id")
        return next(iter(bearers), None)

    def _registered(self, value: str) -> str | None:
        entry, _, _ = named(value, self.register)
        if entry is None:
            return None
        return self.known.setdefault(entry.id, _identity(entry)).id

    def _other(self, value: str, like: Identity) -> Identity:
        """Another speaker than one, by name or id; who has only an id bears the same name."""
        entry, id, name = named(value, self.register)
        if entry is not None:
            return _identity(entry)
        if id is None and _ID.fullmatch(name):
            id, name = name, like.name
        id = id or slug(name)
        return self.known.get(id) or Identity(id, name, like.kind)


def _identity(entry: Entry) -> Identity:
    return Identity(entry.id, entry.name, "person" if entry.kind == "person" else "body")
