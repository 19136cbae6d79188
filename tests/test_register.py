"""The register: who bears a name, and who held an office on a day. No model is loaded here."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
import yaml
from conftest import ROOT

from ingest.register import Entry, Office, Register, RegisterError

REGISTER = Register.load()
ROWS = yaml.safe_load((ROOT / "data" / "speakers.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name", ["Keir Starmer", "keir starmer", "Sir Keir", "Sir Keir Starmer", "Mr Keir Starmer"]
)
def test_names_titles_and_aliases_lead_to_one_entry(name):
    entry = REGISTER.by_name(name)
    assert entry is not None
    assert entry.id == "keir-starmer"


@pytest.mark.parametrize(
    ("title", "on", "country", "name"),
    [
        ("prime minister", "2009-05-01", "GB", "Gordon Brown"),
        ("prime minister", "2015-01-01", "GB", "David Cameron"),
        ("prime minister", "2024-07-06", "GB", "Keir Starmer"),
        ("prime minister", "2024-07-05", "GB", None),  # the day of the handover: either
        ("prime minister", "2025-01-10", "FR", "François Bayrou"),
        ("prime minister", "2025-01-10", None, None),
        ("home secretary", "2025-01-10", "GB", "Yvette Cooper"),
        ("emperor", "2025-01-10", "GB", None),
        ("prime minister", "2003-03-20", "GB", "Tony Blair"),
        ("home secretary", "2003-03-20", "GB", "David Blunkett"),
        ("foreign secretary", "2000-03-20", "GB", "Robin Cook"),
        ("chancellor", "2009-03-20", "GB", "Alistair Darling"),
        ("chancellor", "2009-03-20", "DE", "Angela Merkel"),
        ("president", "2004-03-20", "US", "George W. Bush"),
        ("vice president", "2022-03-20", "US", "Kamala Harris"),
        ("secretary of state", "2010-03-20", "US", "Hillary Clinton"),
        ("president", "2004-03-20", "FR", "Jacques Chirac"),
        ("speaker", "2012-03-20", "GB", "John Bercow"),
        ("first minister", "2012-03-20", "GB", None),  # two nations, two first ministers
    ],
)
def test_who_held_an_office(title, on, country, name):
    holder = REGISTER.holder(title, on=on, country=country)
    assert (holder.name if holder else None) == name


@pytest.mark.parametrize(
    ("body", "title", "on", "name"),
    [
        ("Reform", "leader", "2025-05-02", "Nigel Farage"),
        ("Tory", "leader", "2004-05-02", "Michael Howard"),
        ("Labour", "leader", "2004-05-02", "Tony Blair"),
        ("Lib Dem", "leader", "2004-05-02", "Charles Kennedy"),
        ("Scottish", "first minister", "2012-05-02", "Alex Salmond"),
        ("Welsh", "first minister", "2012-05-02", "Carwyn Jones"),
        ("Bank of England", "governor", "2012-05-02", "Mervyn King"),
        ("Harbour Party", "leader", "2025-05-02", None),
        ("Green", "co-leader", "2023-05-02", None),  # there were two
    ],
)
def test_who_held_an_office_at_a_body(body, title, on, name):
    holder = REGISTER.holder_at(body, title, on=on)
    assert (holder.name if holder else None) == name


@pytest.mark.parametrize(
    ("surname", "on", "country", "id"),
    [
        ("Blair", "2005-01-01", None, "tony-blair"),
        ("Blair", "2020-01-01", None, None),
        ("Blair", None, None, None),
        ("Clinton", "2010-01-01", None, "hillary-clinton"),
        ("Clinton", "1999-01-01", "US", "bill-clinton"),
        ("Clinton", "1999-01-01", "GB", None),
        ("Nobody", "2005-01-01", None, None),
    ],
)
def test_a_surname_is_that_of_the_one_who_held_office_then_and_there(surname, on, country, id):
    entry = REGISTER.by_surname(surname, on=on, country=country)
    assert (entry.id if entry else None) == id


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.examiner.co.uk/news/1", "GB"),
        ("https://exemple.fr/", "FR"),
        ("https://www.example.com/uk/1", None),
        ("https://www.example.tv/1", None),
        ("http://[nonsense", None),
        ("", None),
        (None, None),
    ],
)
def test_the_country_of_an_outlet(url, country):
    assert REGISTER.outlet_country(url) == country


def test_a_name_of_two_entries_finds_neither():
    a, b = Entry("a", "Ann Lee", "person"), Entry("b", "Ann Lee", "person", aliases=("Annie Lee",))
    register = Register.of([a, b])
    assert register.by_name("Ann Lee") is None
    assert register.by_name("annie lee") == b


def test_an_office_held_by_two_at_once_is_nobodys():
    office = (Office("mayor", "Lund"),)
    register = Register.of(
        [Entry("a", "Ann", "person", offices=office), Entry("b", "Bo", "person", offices=office)]
    )
    assert register.holder("mayor", on="2025-01-01") is None


@pytest.mark.parametrize(
    ("start", "end", "on", "held"),
    [
        ("2020-01-01", "2021-01-01", "2020-01-01", True),
        ("2020-01-01", "2021-01-01", "2021-01-01", True),
        ("2020-01-01", "2021-01-01", "2019-12-31", False),
        ("2020-01-01", "2021-01-01", "2021-01-02", False),
        ("2020-01-01", "2021-01-01", None, False),
        ("2020-01-01", None, None, True),
        (None, None, "1900-01-01", True),
    ],
)
def test_when_an_office_is_held(start, end, on, held):
    assert Office("mayor", None, start, end).held(on) is held


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- id: [", "not valid YAML"),
        ("id: a", "a list of entries is needed"),
        ("- id: a\n  name: Ann Lee", "an entry lacks id, name or kind"),
        ("- 7", "an entry lacks id, name or kind"),
    ],
)
def test_a_register_that_is_none_says_so_with_its_name(tmp_path, content, message):
    path = tmp_path / "mine.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RegisterError, match=message) as error:
        Register.load(path)
    assert str(path) in str(error.value)


def test_a_register_of_ones_own(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text(
        "- id: ann-lee\n  name: Ann Lee\n  kind: person\n  roles:\n    - {title: mayor, from: 2020-01-01}\n",
        encoding="utf-8",
    )
    entry = Register.load(path).by_name("Ms Ann Lee")
    assert entry == Entry(
        "ann-lee", "Ann Lee", "person", offices=(Office("mayor", None, "2020-01-01", None),)
    )


# data/speakers.yml, as data/README.md says it is written


KEYS = {"id", "name", "kind", "gender", "aliases", "wikidata", "country", "roles"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_an_entry_is_well_formed(row):
    assert set(row) <= KEYS
    assert all(value not in (None, "", []) for value in row.values()), "keys without a value are left out"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"])
    assert row["kind"] in ("person", "body")
    assert ("gender" in row) == (row["kind"] == "person")
    assert row.get("gender", "female") in ("female", "male")
    assert re.fullmatch(r"[A-Z]{2}", row.get("country", "GB"))
    assert re.fullmatch(r"Q[1-9]\d*", row.get("wikidata", "Q1"))
    for role in row.get("roles", []):
        assert set(role) <= {"title", "affiliation", "from", "to"}
        assert isinstance(role["title"], str)
        days = [role[key] for key in ("from", "to") if key in role]
        assert all(isinstance(day, date) for day in days)
        assert days == sorted(days)


def test_ids_names_and_aliases_are_those_of_one_entry():
    ids = [row["id"] for row in ROWS]
    assert len(set(ids)) == len(ids)
    wikidata = [row["wikidata"] for row in ROWS if "wikidata" in row]
    assert len(set(wikidata)) == len(wikidata)
    lost = [row["name"] for row in ROWS if REGISTER.by_name(row["name"]) is None]
    lost += [alias for row in ROWS for alias in row.get("aliases", []) if REGISTER.by_name(alias) is None]
    assert not lost, "two entries bear these names"


OFFICES = sorted(
    {(o.title, o.affiliation) for e in REGISTER.entries for o in e.offices if o.start and o.affiliation}
    - {("co-leader", "Green Party"), *(("senator", state) for state in ("Massachusetts", "New York"))}
)


@pytest.mark.parametrize("office", OFFICES, ids="-".join)
def test_an_office_is_held_by_one_at_a_time(office):
    terms = sorted(
        (o.start or "", o.end or "9999", entry.id)
        for entry in REGISTER.entries
        for o in entry.offices
        if (o.title, o.affiliation) == office
    )
    clashes = [(a, b) for a, b in pairwise(terms) if a[1] > b[0]]
    assert not clashes


def test_of_two_senators_a_state_has_none_is_meant():
    assert REGISTER.holder_at("Florida", "senator", on="2016-03-01") is None
