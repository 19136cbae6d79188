"""Which persons of many articles are one. Everybody here is invented, but for the register's entries.

A case lists who is quoted in which article, a line each: name | role | affiliation, and after → the page that
the quote belongs on. To add a case, write down what the articles say and on which pages you would look.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.identity import Appearance, identify
from ingest.names import slug
from ingest.register import Entry, Office

KNOWN = (
    Entry("ann-roe", "Ann Roe", "person", aliases=("Ann Lowe",), offices=(Office("mayor", "Ostrey"),)),
    Entry("piet-veld-mp", "Piet Veld", "person", offices=(Office("MP", "Labour"),)),
)

CASES = {
    "a full name in several articles is one person": """
        Mara Ono | |  → mara-ono
        Mara Ono | mayor | Lund → mara-ono
        Mara Ono | | → mara-ono
    """,
    "accents, titles and capitals are no difference": """
        Zoë Lindqvist | | → zoe-lindqvist
        Zoe Lindqvist | | → zoe-lindqvist
        Dr Zoë Lindqvist | | → zoe-lindqvist
    """,
    "two callings that nobody joins are two people": """
        John Smith | striker | → john-smith-striker
        John Smith | professor | University of Lund → john-smith-university-of-lund
    """,
    "two councils are two people": """
        John Smith | councillor | Aldermoor Council → john-smith-aldermoor-council
        John Smith | councillor | Lund Council → john-smith-lund-council
    """,
    "two parties are two people": """
        John Smith | councillor | Labour → john-smith-labour
        John Smith | candidate | Reform UK → john-smith-reform-uk
    """,
    "one body in several wordings is one": """
        Mara Ono | leader | Aldermoor Council → mara-ono
        Mara Ono | council leader | Aldermoor → mara-ono
        Mara Ono | chair | the Aldermoor City Council → mara-ono
    """,
    "initials of a body are that body": """
        Mara Ono | chief of staff | Ministry of Ports → mara-ono
        Mara Ono | adviser | MoP → mara-ono
    """,
    "a politician has a party and a post": """
        Mara Ono | MP | Labour → mara-ono
        Mara Ono | minister | Ministry of Ports → mara-ono
    """,
    "a new post in one house is no new person": """
        Mara Ono | finance director | Brackwell Foods → mara-ono
        Mara Ono | chief executive | Brackwell Foods → mara-ono
    """,
    "who is only “a councillor” is the one councillor of that name": """
        John Smith | councillor | → john-smith-lund-council
        John Smith | mayor | Lund Council → john-smith-lund-council
        John Smith | striker | Ostrey Town → john-smith-ostrey-town
    """,
    "of whom nothing is said, while two bear the name, is neither": """
        John Smith | councillor | Lund Council → john-smith-lund-council
        John Smith | striker | Ostrey Town → john-smith-ostrey-town
        John Smith | | → john-smith
    """,
    "a short name is the same person where the post is": """
        Robert Marlow | harbour master | Port of Lund → robert-marlow
        Bob Marlow | harbour master | Port of Lund → robert-marlow
        Robert Marlow | | → robert-marlow
    """,
    "a short name alone is not": """
        Robert Marlow | harbour master | Port of Lund → robert-marlow
        Bob Marlow | | → bob-marlow
    """,
    "another spelling is the same person where the post is": """
        Mykhailo Petrenko | ambassador | Ruritania → mykhailo-petrenko
        Mikhailo Petrenko | envoy | Ruritania → mykhailo-petrenko
        Mykhailo Petrenko | | → mykhailo-petrenko
    """,
    "a middle initial may be left out": """
        Helen R. Doyle | | → helen-r-doyle
        Helen R. Doyle | senator | → helen-r-doyle
        Helen Doyle | | → helen-r-doyle
    """,
    "two middle initials are two people": """
        Helen R. Doyle | | → helen-r-doyle
        Helen B. Doyle | | → helen-b-doyle
    """,
    "a couple shares a surname and nothing else": """
        Nick Vane | farmer | → nick-vane
        Nina Vane | farmer | → nina-vane
    """,
    "the register's people keep their id": """
        Ann Roe [ann-roe] | | → ann-roe
        Ann Lowe [ann-roe] | mayor | Ostrey → ann-roe
    """,
    "a name that the register marks as shared is only who the post says": """
        Piet Veld [piet-veld-mp] | MP | Labour → piet-veld-mp
        Piet Veld | goalkeeper | Ostrey Town → piet-veld
    """,
    "a body is who it says": """
        Lund Council (body) | | → lund-council
        The Lund Council (body) | | → lund-council
    """,
}


def read(case: str) -> tuple[list[Appearance], list[str]]:
    """``John Smith | mayor | Lund → john-smith`` → an appearance, and the page it belongs on."""
    met, pages = [], []
    for number, line in enumerate(case.strip().splitlines()):
        said, _, page = line.partition("→")
        name, role, affiliation = (part.strip() for part in said.split("|"))
        kind = "body" if name.endswith("(body)") else "person"
        name, _, known = name.removesuffix("(body)").strip().removesuffix("]").partition(" [")
        met.append(
            Appearance(
                f"article {number}", known or slug(name), name, kind, role or None, affiliation or None
            )
        )
        pages.append(page.strip())
    return met, pages


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_is_one(case):
    met, pages = read(case)
    found = identify(met, KNOWN)
    assert [found[m.article, m.person].id for m in met] == pages


EVERYBODY = [
    Appearance(f"{number} {at}", m.person, m.name, m.kind, m.role, m.affiliation)
    for number, case in enumerate(CASES.values())
    for at, m in enumerate(read(case)[0])
]


@given(st.permutations(EVERYBODY))
def test_the_order_of_articles_does_not_matter(shuffled):
    assert identify(shuffled, KNOWN) == identify(EVERYBODY, KNOWN)


def test_the_name_of_a_page_is_the_one_used_most():
    met = [
        Appearance(str(n), slug(name), name, "person", "envoy", "Ruritania")
        for n, name in enumerate(["Bob Marlow", "Robert Marlow", "Robert Marlow"])
    ]
    assert {identity.name for identity in identify(met, ()).values()} == {"Robert Marlow"}


def test_time_grows_with_the_bearers_of_a_surname():
    """Three hundred full names with one surname, each in four articles: seconds, not minutes."""
    given = [
        f"{a}{b}{c}" for a in "BDFGK" for b in ("ara", "elo", "imu", "ody", "uni") for c in "lmnrstvwxyz"
    ]
    met = [
        Appearance(f"{name} {n}", slug(f"{name} Smith"), f"{name} Smith", "person", "mayor", f"{name}ton")
        for name in map(str.capitalize, given)
        for n in range(4)
    ]
    begun = time.process_time()
    found = identify(met, ())
    assert time.process_time() - begun < 20
    assert len({identity.id for identity in found.values()}) == len(given)
