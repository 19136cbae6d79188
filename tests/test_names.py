"""Names as they are written: titles, accents, nicknames, spellings. No article, register or model is needed."""

from __future__ import annotations

from itertools import combinations

import pytest

from ingest.names import given_names, plain_name, same_given, variant_key


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Sir Keir Starmer", "keir starmer"),
        ("Sir Keir Starmer’s", "keir starmer"),
        ("Élisabeth Borne", "elisabeth borne"),
        ("Rt Hon Ann Lee MP", "rt hon ann lee"),
        ("Mr. Lee", "lee"),
        ("Robert Kennedy Jr.", "robert kennedy jr"),
        ("Robert Kennedy, Jnr.", "robert kennedy jr"),
        ("The Home Office", "home office"),
        ("ANN LEE", "ann lee"),
        ("Dr", "dr"),
        ("", ""),
    ],
)
def test_plain_name(name, plain):
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Helen", "helen"),
        ("H.", "Helen"),
        ("H", "Helen"),
        ("Bob", "Robert"),
        ("Ted", "Edward"),
        ("Dick", "Richard"),
        ("Alex", "Alexandra"),
        ("Alex", "Alexander"),
        ("Chris", "Christine"),
        ("Zoë", "Zoe"),
        ("Yusuf", "Yousef"),
        ("Youssef", "Yusuf"),
        ("Mykhailo", "Mikhailo"),
        ("Sergei", "Sergey"),
        ("Dmitry", "Dmytro"),
        ("Khaled", "Khalid"),
        ("Mohammed", "Muhammad"),
        ("Catherine", "Katherine"),
        ("Steven", "Stephen"),
        ("Philip", "Phillip"),
    ],
)
def test_given_names_of_one_person(a, b):
    assert same_given(a, b)
    assert same_given(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Helen", "Tom"),
        ("T.", "Helen"),
        ("Bill", "Bob"),
        ("Bill", "Robert"),
        ("Ian", "John"),
        ("Robert", "Roberta"),
        ("Daniel", "Danielle"),
        ("Marvin", "Mervin"),
        ("Joan", "Jane"),
        ("Alexander", "Alexandra"),
        ("Andrew", "Andrea"),
        ("Edwin", "Edwina"),
        ("Jean", "Jean-Claude"),
        ("Omar", "Amir"),
        ("", ""),
        ("", "Helen"),
    ],
)
def test_given_names_of_two_people(a, b):
    assert not same_given(a, b)
    assert not same_given(b, a)


@pytest.mark.parametrize(
    "spellings",
    [
        ["Volodymyr Zelensky", "President Zelenskyy", "Zelenskiy"],
        ["Viktor Yanukovych", "Yanukovich"],
        ["Jürgen Müller", "Mueller", "Muller MP"],
        ["Seán O’Brien", "Sean O'Brien", "OBrien"],
        ["Gareth Prosser-Lyle", "Gareth Prosser Lyle", "Mr Prosser-Lyle"],
        ["Magnus Ó Dálaigh", "O Dalaigh"],
        ["Philip Phelan", "Phelan"],
    ],
)
def test_spellings_of_one_surname_share_a_key(spellings):
    assert len(set(map(variant_key, spellings))) == 1


def test_surnames_of_two_people_do_not():
    names = ["Smith", "Smyth", "Brown", "Browne", "Reid", "Reed", "Thomson", "Thompson", "Hussein", "Hussain"]
    assert all(variant_key(a) != variant_key(b) for a, b in combinations(names, 2))


def test_the_sex_that_mostly_bears_a_name():
    assert given_names()["helen"] == "female"
    assert given_names()["keir"] == "male"
    assert "leslie" not in given_names()
