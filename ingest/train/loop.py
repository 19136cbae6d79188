"""The training loop: altered articles in batches, a running average of the weights, and checkpoints.

Gold articles are altered afresh every epoch (other names, marks, titles, captions, paragraphs) and cut into
windows. The weights that ship are a running average over the steps. A run that was stopped goes on from its
last checkpoint, with the same batches.
"""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from ingest.reader.features import read_pieces
from ingest.train import TrainError
from ingest.train.alter import NameList, alter
from ingest.train.coref import Document, cut_document
from ingest.train.gold import GoldArticle
from ingest.train.loss import loss_of
from ingest.train.net import Net
from ingest.train.windows import Window, cut

PIECES = 3072
PRONOUNS_FROM = 2  # by the third epoch tags and sources have settled, and a fifth of the work goes here
WARM_UP = 150
SAVE_EVERY = 150


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learnt from, each text with its names: gold articles, those held out, texts about pronouns."""

    articles: list[GoldArticle]
    held: list[GoldArticle]
    gum: list[Document]
    gap: list[Document]


def open_tokenizer(folder: Path) -> Tokenizer:
    """The word-piece tokenizer of ``folder``, without its limit on length."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def batches(windows: list[Window], *, rng: random.Random) -> Iterator[list[Window]]:
    """Batches of windows of similar length, at most ``PIECES`` word pieces each, in random order."""
    order = sorted(windows, key=lambda w: (len(w.ids), rng.random()), reverse=True)
    out: list[list[Window]] = []
    at = 0
    while at < len(order):
        size = max(1, PIECES // len(order[at].ids))
        out.append(order[at : at + size])
        at += size
    rng.shuffle(out)
    yield from out


def epoch_batches(
    lessons: Lessons, names: NameList, tokenizer: Tokenizer, rng: random.Random, *, pronouns: bool
) -> list[list[Window]]:
    """All batches of an epoch, in order: altered articles and, if wanted, texts about pronouns."""
    windows: list[Window] = []
    for article in lessons.articles:
        altered = alter(article, names, rng)
        pieces = read_pieces(altered.text, tokenizer)
        windows += cut(altered, pieces, length=rng.choice((256, 384)), overlap=64, rng=rng)
    todo = list(batches(windows, rng=rng))
    if pronouns:
        todo += pronoun_batches(lessons, tokenizer, rng)
        rng.shuffle(todo)
    return todo


def pronoun_batches(lessons: Lessons, tokenizer: Tokenizer, rng: random.Random) -> list[list[Window]]:
    """An epoch's batches about pronouns and roles: half of OntoGUM, and 1,200 texts of GAP."""
    gum = rng.sample(lessons.gum, len(lessons.gum) // 2)
    gap = rng.sample(lessons.gap, min(1200, len(lessons.gap)))
    windows: list[Window] = []
    for document in [*gum, *gap]:
        windows += cut_document(document, tokenizer, length=384, overlap=128)
    return list(batches(windows, rng=rng))


def optimiser(net: Net, *, encoder: float, heads: float) -> torch.optim.AdamW:
    """AdamW: new parts learn fast, lower layers of the encoder slower than upper ones."""
    groups: list[dict[str, Any]] = []
    for name, value in net.named_parameters():
        if name.startswith("layers."):
            rate = encoder * 0.9 ** (net.size.layers - 1 - int(name.split(".")[1]))
        elif name.split(".")[0] in ("word", "position", "norm"):
            rate = encoder * 0.5
        else:
            rate = heads
        decay = 0.01 if value.dim() > 1 and not name.startswith("links") else 0.0
        groups.append({"params": [value], "lr": rate, "peak": rate, "weight_decay": decay})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)


def schedule(step: int, steps: int) -> float:
    """Linear warm-up, then linear decay to 2%."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return max(0.02, (steps - step) / max(1, steps - WARM_UP))


def fit(
    net: Net,
    lessons: Lessons,
    tokenizer: Tokenizer,
    folder: Path,
    *,
    epochs: int,
    seed: int,
    note: Callable[[int, int], None],
) -> tuple[Net, float]:
    """Train ``net``; gives back the average of its weights over the steps, and the seconds this took.

    Writes ``checkpoint.pt`` and ``log.jsonl`` into ``folder`` and goes on from a checkpoint there; seconds of
    earlier runs count. ``note`` hears of each step: how many are done, and of how many.
    """
    torch.manual_seed(seed)
    names = NameList(lessons.articles)
    optimise = optimiser(net, encoder=1.2e-4, heads=1e-3)
    average = copy.deepcopy(net).requires_grad_(False)
    folder.mkdir(parents=True, exist_ok=True)
    saved = folder / "checkpoint.pt"
    step = steps = first = skip = 0
    seconds = 0.0
    if saved.exists():
        state = torch.load(saved, weights_only=True)
        if state["seed"] != seed:
            raise TrainError(f"{folder} holds a run with seed {state['seed']}; give --run another folder")
        net.load_state_dict(state["net"])
        average.load_state_dict(state["average"])
        optimise.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["random"])
        step, first, skip, seconds = state["step"], state["epoch"], state["within"], state["seconds"]
        steps = state["steps"] if state["epochs"] == epochs else 0
    begun = time.monotonic() - seconds
    extra = len(pronoun_batches(lessons, tokenizer, random.Random(0)))
    for epoch in range(first, epochs):
        rng = random.Random(seed * 1000 + epoch)
        todo = epoch_batches(lessons, names, tokenizer, rng, pronouns=epoch >= PRONOUNS_FROM)
        plain = len(todo) - extra * (epoch >= PRONOUNS_FROM)
        steps = steps or step - skip + sum(plain + extra * (e >= PRONOUNS_FROM) for e in range(epoch, epochs))
        net.train()
        for within in range(skip, len(todo)):
            for group in optimise.param_groups:
                group["lr"] = group["peak"] * schedule(step, steps)
            total, parts = loss_of(net, todo[within])
            optimise.zero_grad(set_to_none=True)
            total.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimise.step()
            step += 1
            with torch.no_grad():
                share = 1 - min(0.9985, step / (step + 10))
                for mean, value in zip(average.parameters(), net.parameters(), strict=True):
                    mean.lerp_(value, share)
            done = within + 1 == len(todo)
            seconds = time.monotonic() - begun
            if step % 20 == 0:
                _log(folder, {"step": step, "of": steps, "epoch": epoch, "seconds": round(seconds), **parts})
            if step % SAVE_EVERY == 0 or done:
                state = {
                    "net": net.state_dict(),
                    "average": average.state_dict(),
                    "optimiser": optimise.state_dict(),
                    "random": torch.get_rng_state(),
                    "step": step,
                    "steps": steps,
                    "epoch": epoch + done,
                    "epochs": epochs,
                    "within": 0 if done else within + 1,
                    "seconds": seconds,
                    "seed": seed,
                }
                torch.save(state, saved.with_suffix(".new"))
                saved.with_suffix(".new").replace(saved)
            note(step, steps)
        skip = 0
        _log(folder, {"epoch": epoch, "held": held_loss(average, lessons.held, tokenizer)})
    return average.eval(), seconds


def _log(folder: Path, row: dict[str, object]) -> None:
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")


def held_loss(net: Net, held: list[GoldArticle], tokenizer: Tokenizer) -> dict[str, float]:
    """Mean losses over the articles held out, unaltered."""
    rng = random.Random(0)
    windows = [
        window
        for article in held
        for window in cut(article, read_pieces(article.text, tokenizer), length=384, overlap=64, rng=rng)
    ]
    net.eval()
    with torch.no_grad():
        rows = [loss_of(net, batch)[1] for batch in batches(windows, rng=rng)]
    return {name: round(float(np.mean([row[name] for row in rows if name in row])), 4) for name in rows[0]}
