"""Suggestions from Wikidata for the register. All people, bodies and ids here are invented."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from ingest.register import Entry, Register
from ingest.suggest import (
    Item,
    Position,
    SuggestError,
    Suggestion,
    Wanted,
    as_yaml,
    read_items,
    suggest,
    wanted,
)

TABLE = """\
item,itemLabel,itemAltLabel,itemDescription,genderLabel,positionLabel,start,end
http://www.wikidata.org/entity/Q900001,Zoë Ångström-Ek,"Zoe Ek, Z. Ek",Lund politician,female,Mayor of Lund,2019-05-02T00:00:00Z,
http://www.wikidata.org/entity/Q900001,Zoë Ångström-Ek,"Zoe Ek, Z. Ek",Lund politician,female,Member of the Harbour Board,2012-01-01T00:00:00Z,2015-06-30T00:00:00Z
http://www.wikidata.org/entity/Q900002,Q900002,,,,,,
http://www.wikidata.org/entity/Q900003,Tom Calder,,cricketer,male,,,
http://www.wikidata.org/entity/Q900004,Tom Calder,,bishop,male,,,
not an id,Tom Calder,,,,,,
"""


def item(id: str, label: str, **parts: object) -> dict:
    """An item as the dump has it; ``P31="Q5"`` is a statement, ``aliases=[…]`` and ``description=…`` are words."""
    words = {"language": "en"}
    return {
        "type": "item",
        "id": id,
        "labels": {"en": {**words, "value": label}},
        "aliases": {"en": [{**words, "value": alias} for alias in parts.pop("aliases", [])]},
        "descriptions": {"en": {**words, "value": parts.pop("description", "?")}},
        "claims": {
            name: [{"mainsnak": {"datavalue": {"value": {"id": value}, "type": "wikibase-entityid"}}}]
            for name, value in parts.items()
        },
    }


DUMP = [
    item(
        "Q900001", "Zoë Ångström-Ek", P31="Q5", P21="Q6581072", aliases=["Zoe Ek"], description="politician"
    ),
    item("Q900010", "Zoë Ångström-Ek", P31="Q3305213", description="painting of Q5"),
    item("Q900011", "Harbour Board", P31="Q43229", P159="Q2167", description="board of a harbour"),
    {"type": "property", "id": "P159", "labels": {"en": {"value": "headquarters"}}},
    {"type": "item", "id": "Q900012", "labels": [], "claims": {"P31": "Q5", "P159": None}},
]
DUMPED = "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in DUMP) + "\n]\n"
EK = Item("Q900001", "Zoë Ångström-Ek", ("Zoe Ek",), "politician", "person", "female")
BOARD = Item("Q900011", "Harbour Board", (), "board of a harbour", "body")


# Reading


def test_a_table_from_the_query_service(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(TABLE, encoding="utf-8")
    first, second, cricketer, bishop = read_items(path)
    assert first == Item(
        "Q900001",
        "Zoë Ångström-Ek",
        ("Zoe Ek", "Z. Ek"),
        "Lund politician",
        None,
        "female",
        (Position("Mayor of Lund", "2019-05-02", None),),
    )
    assert second.positions == (Position("Member of the Harbour Board", None, "2015-06-30"),)
    assert [found.id for found in (cricketer, bishop)] == ["Q900003", "Q900004"]


def test_a_small_table_with_plain_names_of_columns(tmp_path):
    path = tmp_path / "bodies.tsv"
    path.write_text(
        "ID\tLabel\tKind\nQ900011\tHarbour Board\torganisation\nQ5\tAnn Lee\thuman\n", encoding="utf-8"
    )
    assert [(i.id, i.kind) for i in read_items(path)] == [("Q900011", "body"), ("Q5", "person")]


@pytest.mark.parametrize("suffix", [".json", ".json.gz", ".json.bz2", ".jsonl"])
def test_a_dump_gives_people_and_bodies_only(tmp_path, suffix):
    path = tmp_path / f"dump{suffix}"
    packed = {".gz": gzip.compress, ".bz2": bz2.compress}.get(path.suffix, bytes)
    path.write_bytes(packed(DUMPED.encode()))
    assert list(read_items(path)) == [EK, BOARD]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"label,description\nAnn Lee,x\n", "none of the columns id, item, wikidata, qid is there"),
        ("a.csv", b"", "none of the columns id, item, wikidata, qid is there; add one to the query"),
        ("a.csv", b"id,label\nQ1,J\xf8\n", "cannot be read"),
        ("a.xml", b"<x/>", "not a kind of file that can be read; give a table"),
        ("a.json", b'[\n{"P159" cut off', "line 2: not an item of Wikidata"),
        ("a.json.gz", b"not packed", "cannot be read (Not a gzipped file"),
        ("a.json.gz", gzip.compress(DUMPED.encode() * 50)[:-40], "cannot be read (Compressed file ended before"),
        ("a.json.bz2", b"not packed", "cannot be read (Invalid data stream)"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_of_these_says_so(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SuggestError) as error:
        list(read_items(path))
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SuggestError, match=r"gone\.csv cannot be read \(No such file or directory\)"):
        list(read_items(tmp_path / "gone.csv"))


# Matching


@pytest.mark.parametrize(
    ("speaker", "found"),
    [
        (Wanted("zoe-angstrom-ek", "Zoe Angstrom-Ek", "person"), ["Q900001"]),
        (Wanted("zoe-ek", "Zoe Ek", "person"), ["Q900001"]),
        (Wanted("zoe-ek", "Dr Zoë Ek", "unknown"), ["Q900001"]),
        (Wanted("zoe-ek", "Zoe Ek", "body"), []),
        (Wanted("ek", "Ek", "person"), []),
        (Wanted("zoe-ekman", "Zoe Ekman", "person"), []),
        (Wanted("harbour-board", "The Harbour Board", "body"), ["Q900011"]),
        (Wanted("harbour-board", "Harbour Board", "person"), []),
    ],
)
def test_a_speaker_is_found_by_any_whole_name_of_its_kind(speaker, found):
    assert [i.id for s in suggest([speaker], [EK, BOARD]) for i in s.items] == found


def test_positions_of_an_item_come_together_and_namesakes_stay_apart(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(TABLE, encoding="utf-8")
    speakers = [Wanted("tom-calder", "Tom Calder"), Wanted("zoe-ek", "Zoë Ek"), Wanted("bo-lind", "Bo Lind")]
    calder, ek = suggest(speakers, read_items(path))
    assert [i.id for i in calder.items] == ["Q900003", "Q900004"]
    assert [p.title for p in ek.items[0].positions] == ["Mayor of Lund", "Member of the Harbour Board"]


def test_only_namesakes_are_kept_however_many_come_by():
    stream = (Item(f"Q{n}", "Tom Calder" if n % 2 else f"Name {n}") for n in range(1, 100_000))
    (found,) = suggest([Wanted("tom-calder", "Tom Calder")], stream)
    assert len(found.items) == 20


def test_who_has_no_id_yet():
    known = Entry("ann-lee", "Ann Lee", "person", wikidata="Q1")
    without = Entry("bo-lind", "Bo Lind", "person")
    silent = Entry("harbour-board", "Harbour Board", "body")
    row = {"kind": "person", "role": "mayor", "affiliation": "Lund", "quotes": 3, "articles": 2}
    rows = [
        {**row, "id": "ann-lee", "name": "Ann Lee"},
        {**row, "id": "bo-lind", "name": "Bo Lind"},
        {**row, "id": "zoe-ek", "name": "Zoë Ek"},
        {**row, "id": "a-and-b", "name": "Ann Lee and Bo Lind", "kind": "group"},
    ]
    said = "mayor, Lund; quotes: 3, articles: 2"
    assert wanted(rows, [known, without, silent]) == [
        Wanted("bo-lind", "Bo Lind", "person", said, without),
        Wanted("zoe-ek", "Zoë Ek", "person", said),
        Wanted("harbour-board", "Harbour Board", "body", None, silent),
    ]


# Writing


def test_one_bearer_is_an_entry_of_the_register(tmp_path):
    mayor = Position("Mayor of the City of Lund", "2019-05-02")
    ek = Item(
        "Q900001", "Zoë Ångström-Ek", (), "Lund politician", "person", "female", (mayor, Position("MP"))
    )
    text = as_yaml([Suggestion(Wanted("zoe-ek", "Zoë Ek", "person", "mayor; quotes: 3, articles: 2"), [ek])])
    assert text == (
        "# Zoë Ek: mayor; quotes: 3, articles: 2\n"
        "# https://www.wikidata.org/wiki/Q900001 Zoë Ångström-Ek: Lund politician\n"
        "- id: zoe-ek\n"
        "  name: Zoë Ek\n"
        "  kind: person\n"
        "  gender: female\n"
        "  aliases: [Zoë Ångström-Ek]\n"
        "  wikidata: Q900001\n"
        "  roles:\n"
        "    - {title: mayor, affiliation: City of Lund, from: 2019-05-02}\n"
        "    - {title: mp}\n"
    )
    path = tmp_path / "speakers.yml"
    path.write_text(text, encoding="utf-8")
    entry = Register.load(path).by_name("Zoe Angstrom-Ek")
    assert entry is not None
    assert (entry.id, entry.wikidata, entry.offices[0].start) == ("zoe-ek", "Q900001", "2019-05-02")


def test_of_several_bearers_none_is_chosen():
    calder = Wanted("tom-calder", "Tom Calder", "person", "quotes: 1, articles: 1")
    text = as_yaml(
        [Suggestion(calder, [Item("Q900003", "Tom Calder", (), "cricketer"), Item("Q900004", "Tom Calder")])]
    )
    assert yaml.safe_load(text) is None, "all of it is comment"
    assert "# choose one of 2 of that name, or none:\n" in text
    assert (
        "# https://www.wikidata.org/wiki/Q900003 cricketer\n#- id: tom-calder\n#  name: Tom Calder\n" in text
    )
    chosen = text.partition("Q900004 no description\n")[2].replace("#", "")
    assert yaml.safe_load(chosen) == [
        {"id": "tom-calder", "name": "Tom Calder", "kind": "person", "wikidata": "Q900004"}
    ]


def test_an_entry_that_is_there_is_not_written_again():
    lind = Wanted("bo-lind", "Bo Lind", "person", None, Entry("bo-lind", "Bo Lind", "person"))
    text = as_yaml([Suggestion(lind, [Item("Q900005", "Bo Lind", (), "poet")])])
    assert text == (
        "# Bo Lind: not quoted yet\n"
        "# https://www.wikidata.org/wiki/Q900005 poet\n"
        "# add to the entry bo-lind:\n"
        "#  wikidata: Q900005\n"
    )


@pytest.mark.parametrize(
    "bad",
    ["a\n- id: x", "a\r- id: x", "a\u2028- id: x", "a\x85- id: x", "a\0", "a: {b}", "- #", "'\"", "\u202eb"],
)
def test_words_of_a_file_stay_words(bad):
    ann = Wanted("ann-lee", "Ann Lee", "person", bad)
    item = Item("Q1", f"Ann {bad} Lee", (), bad, "person", None, (Position(bad),))
    (entry,) = yaml.safe_load(as_yaml([Suggestion(ann, [item])]))
    assert entry["id"] == "ann-lee"
    (alias,) = entry["aliases"]
    assert alias.split() == ["Ann", *re.sub(r"[^ -~]", " ", bad).split(), "Lee"]
    both = as_yaml([Suggestion(ann, [item, item])])
    assert yaml.safe_load(both) is None


# The command


@pytest.fixture
def db(tmp_path, onrecord) -> Path:
    """A database in which Tom Calder and Zoë Ek are quoted."""
    path = tmp_path / "quotes.db"
    text = "“The harbour stays,” said Zoë Ek, mayor of Lund.\n\n“It is late,” said Tom Calder."
    assert onrecord("ingest", "-", "--db", path, input=text).exit_code == 0
    return path


def test_suggestions_are_printed_and_nothing_is_written(db, tmp_path, onrecord):
    path = tmp_path / "people.csv"
    path.write_text(TABLE, encoding="utf-8")
    register, before = ROOT / "data" / "speakers.yml", db.read_bytes()
    there = register.read_bytes()
    result = onrecord("speakers", "--suggest", path, "--db", db)
    assert result.exit_code == 0, result.output
    (entry,) = yaml.safe_load(result.stdout)
    assert (entry["id"], entry["wikidata"]) == ("zoe-ek", "Q900001")
    assert entry["roles"][0]["from"] == date(2019, 5, 2)
    assert "#- id: tom-calder\n" in result.stdout
    assert "found for 2 of" in result.stderr
    assert "1 of them with several bearers" in result.stderr
    assert (db.read_bytes(), register.read_bytes()) == (before, there)


def test_nothing_is_found(db, tmp_path, onrecord):
    path = tmp_path / "people.csv"
    path.write_text("id,label\nQ7,Otto Berg\n", encoding="utf-8")
    result = onrecord("speakers", "--suggest", path, "--db", db)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "found for 0 of" in result.stderr


def test_a_file_that_cannot_be_read(db, tmp_path, onrecord):
    result = onrecord("speakers", "--suggest", tmp_path / "gone.json.gz", "--db", db)
    assert result.exit_code == 1
    assert "gone.json.gz cannot be read (No such file or directory)" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, "no traceback"


def test_cells_are_not_split_by_spreadsheets(tmp_path):
    """A table that a spreadsheet saved again reads the same."""
    path, again = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text(TABLE, encoding="utf-8")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with again.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    assert list(read_items(again)) == list(read_items(path))
