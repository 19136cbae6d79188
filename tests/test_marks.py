"""Quotation marks, from characters alone: no model is loaded here."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.marks import marked_runs, paragraphs


def runs(text: str) -> list[str]:
    return [run.span.of(text) for run in marked_runs(text, paragraphs(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('"Go," she said.', ['"Go,"'], id="straight"),
        pytest.param("“Go,” she said.", ["“Go,”"], id="curly"),
        pytest.param("''Go,'' she said.", ["''Go,''"], id="doubled single"),
        pytest.param("``Go,'' she said.", ["``Go,''"], id="typewriter"),
        pytest.param("«Go,» she said.", ["«Go,»"], id="guillemets"),
        pytest.param("„Go,” she said.", ["„Go,”"], id="low opening mark"),
        pytest.param("‘Go,’ she said.", ["‘Go,’"], id="British single"),
        pytest.param("'Go,' she said.", ["'Go,'"], id="straight single"),
        pytest.param('“Go," she said. "Now.”', ['“Go,"', '"Now.”'], id="straight and curly mixed"),
        pytest.param("“Go,“ she said.", ["“Go,“"], id="closed with an opening mark"),
        pytest.param("“ Go, ” she said.", ["“ Go, ”"], id="spaces inside curly marks"),
        pytest.param("(“Go”) she said.", ["“Go”"], id="in brackets"),
        pytest.param("The fix—“Go”—failed.", ["“Go”"], id="between dashes"),
        pytest.param("“Go,” she said, “now.”", ["“Go,”", "“now.”"], id="two in one sentence"),
        pytest.param("“Go.” “Now.”", ["“Go.”", "“Now.”"], id="one behind the other"),
        pytest.param("“He said ‘go’ twice,” she said.", ["“He said ‘go’ twice,”"], id="single inside double"),
        pytest.param(
            "‘He said “go” twice,’ she said. ‘I went.’",
            ["‘He said “go” twice,’", "‘I went.’"],
            id="double inside single",
        ),
        pytest.param(
            "‘It’s the miners’ hall,’ she said.", ["‘It’s the miners’ hall,’"], id="apostrophes inside single"
        ),
        pytest.param("It’s the miners’ hall of the ’90s.", [], id="apostrophes alone"),
        pytest.param("Rock 'n' roll was the dogs' tea.", [], id="straight apostrophes alone"),
        pytest.param("No marks at all.", [], id="none"),
        pytest.param("", [], id="nothing"),
        pytest.param("He left.” She stayed.", [], id="only a closing mark"),
        pytest.param("“One.\n\n“Two.”", ["“One.", "“Two.”"], id="reopened in the next paragraph"),
        pytest.param("He said: “One.", ["“One."], id="never closed"),
        pytest.param(
            '"One.\n\nNo marks.\n\n"Two."', ['"One.', '"Two."'], id="open mark ends with its paragraph"
        ),
    ],
)
def test_runs(text, found):
    assert runs(text) == found


def test_a_run_says_whether_it_was_closed_and_in_which_paragraph():
    text = "She rose.\n\n“One.\n\n“Two.”"
    assert [(run.paragraph, run.closed) for run in marked_runs(text, paragraphs(text))] == [
        (1, False),
        (2, True),
    ]


def test_only_the_given_paragraphs_are_read():
    text = "“One.”\n\n“A caption.”\n\n“Two.”"
    prose = [paragraph for paragraph in paragraphs(text) if "caption" not in paragraph.of(text)]
    assert [run.span.of(text) for run in marked_runs(text, prose)] == ["“One.”", "“Two.”"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\n\n", "\n \n"])
def test_paragraphs_are_the_lines_that_hold_something(ends):
    text = f"  He left. {ends}{ends}\tShe stayed.{ends}"
    assert [paragraph.of(text) for paragraph in paragraphs(text)] == ["He left.", "She stayed."]


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.sampled_from("“”‘’\"'`«»„ \n,.:aBs9()—[]\u00a0…")) | st.text())
@example("“")
@example("'")
@example("“\n“\n”")
@example("''''")
@example('"' * 7)
def test_any_text_gives_ordered_runs_inside_its_paragraphs(text):
    prose = paragraphs(text)
    assert all(a.end <= b.start for a, b in pairwise(prose))
    found = marked_runs(text, prose)
    for run in found:
        assert run.span.start < run.span.end
        assert prose[run.paragraph].holds(run.span)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize("unit", ['"', "“", "”", "‘", "'", "’ ", " '", "“‘", "``", "s' ", "\n“", "‘a "])
def test_a_megabyte_of_marks_takes_seconds_at_most(unit):
    text = unit * (1_000_000 // len(unit))
    started = time.perf_counter()
    marked_runs(text, paragraphs(text))
    assert time.perf_counter() - started < 15
