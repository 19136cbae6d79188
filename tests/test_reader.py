"""The trained reader: what it sees of a text, what it makes of odd ones, its size, and it as a spaCy component."""

from __future__ import annotations

import importlib

import pytest
import spacy
from conftest import ROOT
from spacy.language import Language

from ingest.marks import sentence_starts
from ingest.reader import Reader, find_names, find_speeches, source_of
from ingest.reader.features import (
    CAPITALISED,
    CAPITALS,
    DIGITS,
    LOWER,
    PUNCTUATION,
    quote_states,
    read_pieces,
)


@pytest.fixture
def reader(_reader_loaded_once) -> Reader:
    return Reader.load(threads=1)


def drawn(text: str) -> str:
    """The states as a picture: outside ., inside i, left open u, marks O and C, single marks [ s ]."""
    return "".join(".iuOCs[]"[state] for state in quote_states(text))


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        pytest.param("“No,” he said.", "OiiiC.........", id="curly"),
        pytest.param('"No," he said.', "OiiiC.........", id="straight"),
        pytest.param("'No' isn't it", "[ss].........", id="single, and an apostrophe"),
        pytest.param("''No,'' he said", "OOiiiCC........", id="doubled single"),
        pytest.param('"We go on.\n"Done."', "Ouuuuuuuuu.OiiiiiC", id="left open"),
        pytest.param("the voters' view", "................", id="apostrophe only"),
        pytest.param("“A ‘b’ c”", "OiiiiiiiC", id="nested"),
    ],
)
def test_marks_are_states(text, picture):
    assert drawn(text) == picture


def test_a_title_ends_no_sentence():
    assert sentence_starts("Mr. Lee left. He is ill.") == [0, 14]


def test_shapes_keep_what_the_tokenizer_loses(reader):
    pieces = read_pieces("The BBC paid 30 pounds.", reader.tokenizer)
    shapes = dict(zip(("The", "BBC", "paid", "30", "pounds", "."), pieces.shape.tolist(), strict=True))
    assert shapes == {
        "The": CAPITALISED,
        "BBC": CAPITALS,
        "paid": LOWER,
        "30": DIGITS,
        "pounds": LOWER,
        ".": PUNCTUATION,
    }


def test_pieces_point_into_the_text(reader):
    text = "Zoë said:\n\n“Naïve — très.”"
    pieces = read_pieces(text, reader.tokenizer)
    assert "".join(text[a:b] for a, b in zip(pieces.starts, pieces.ends, strict=True)) == "".join(
        text.split()
    )
    assert pieces.paragraph.tolist()[0] + 1 == pieces.paragraph.tolist()[-1]


@pytest.mark.parametrize(
    "text",
    ["", "\n", '"', "a", "“" * 50, "x" * 3000, "he said " * 1000, '"' * 999, "\x00\u200b", "🙂 said “🙂”"],
    ids=lambda text: repr(text[:12]),
)
def test_odd_texts_are_read(reader, text):
    scan = reader.scan(text)
    for speech in find_speeches(scan):
        assert all(0 <= start < end <= len(text) for start, end in speech.parts)
        source_of(scan, speech.parts)
    assert all(0 <= name.span.start < name.span.end <= len(text) for name in find_names(scan))


def test_an_interrupted_quotation_is_one(reader):
    text = "“We will win,” Ms Ono said, “or go home.”"
    scan = reader.scan(text)
    (speech,) = find_speeches(scan)
    assert [text[start:end] for start, end in speech.parts] == ["“We will win,”", "“or go home.”"]
    assert speech.cue
    assert text[slice(*speech.cue)] == "said"
    source, confidence = source_of(scan, speech.parts)
    assert source
    assert text[slice(*source)] == "Ms Ono"
    assert 0.5 < confidence <= 1


def test_a_far_source_is_found_across_windows(reader):
    filler = "The road was wet and the shops were shut that day. " * 60
    text = f"{filler}\n\nMr Abara said: “We will mend the wall.”\n\n{filler}"
    start = text.index("“")
    source, _ = source_of(reader.scan(text), [(start, text.index("”") + 1)])
    assert source
    assert text[slice(*source)] == "Mr Abara"


def test_reading_twice_gives_the_same(reader):
    text = "Ann Lee warned that the bridge would close. “It is old,” she said."
    first, second = reader.scan(text), reader.scan(text)
    assert find_speeches(first) == find_speeches(second)
    assert (first.tags == second.tags).all()


def test_the_packaged_model_is_small():
    files = [file for file in (ROOT / "ingest" / "model").iterdir() if file.is_file()]
    assert {"reader.onnx", "reader.json", "tokenizer.json", "README.md"} <= {file.name for file in files}
    assert sum(file.stat().st_size for file in files) < 30e6


@pytest.fixture
def nlp(_reader_loaded_once) -> Language:
    importlib.import_module("ingest.component")  # spaCy does this itself where onrecord is installed
    nlp = spacy.blank("en")
    nlp.add_pipe("onrecord")
    return nlp


def test_a_component_of_spacy_sets_span_groups(nlp):
    doc = nlp("“We must go,” said Ann Lee, “and soon.”\n\nShe said the bridge would close.")
    quotes, sources, cues = (doc.spans[name] for name in ("quotes", "sources", "cues"))
    assert [(span.text, span.label_, span.kb_id_) for span in quotes] == [
        ("“We must go,”", "direct", "ann-lee"),
        ("“and soon.”", "direct", "ann-lee"),
        ("the bridge would close", "indirect", "ann-lee"),
    ]
    assert [(span.text, span.kb_id_) for span in sources] == [("Ann Lee", "ann-lee"), ("She", "ann-lee")]
    assert [span.text for span in cues] == ["said", "said"]
    assert [span.id for span in quotes] == [0, 0, 1]
    assert [span.id for span in sources] == [0, 1]


def test_a_component_of_spacy_reads_an_empty_doc(nlp):
    assert [list(nlp("").spans[name]) for name in ("quotes", "sources", "cues")] == [[], [], []]
