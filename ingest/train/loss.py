"""What the network is asked to get right: tags, names and links, as gold has them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from ingest.train.net import Net
from ingest.train.windows import Window, collate

WEIGHTS = {"names": 0.5, "source": 0.5, "cue": 0.25, "antecedent": 0.5}


def loss_of(net: Net, windows: list[Window]) -> tuple[Tensor, dict[str, float]]:
    """The weighted loss of a batch, and its parts."""
    batch = collate(windows)
    ids, facts, tags, names = map(torch.from_numpy, (batch.ids, batch.facts, batch.tags, batch.names))
    mask = ids != 0
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = net(ids, facts, mask)
        scores = net.tags(hidden).float()
        called = net.names(hidden).float()
    total = _right(scores, tags)
    parts = {"tags": float(total.detach())}
    if (names != -100).any():
        wrong = _right(called, names)
        parts["names"] = float(wrong.detach())
        total = total + WEIGHTS["names"] * wrong
    for kind, links in batch.links.items():
        spans, gold, bias = (torch.from_numpy(a) for a in (links.spans, links.gold, links.bias))
        beyond = ~mask[spans[:, 0]]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            given = net.links[kind](hidden, spans, bias).float().masked_fill(beyond, -1e4)
        wrong = (given.logsumexp(-1) - given.masked_fill(~gold, -1e4).logsumexp(-1)).mean()
        parts[kind] = float(wrong.detach())
        total = total + WEIGHTS[kind] * wrong
    return total, parts


def _right(scores: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy over the pieces whose label is known; nought where none is."""
    known = max(1, int((labels != -100).sum()))
    return F.cross_entropy(scores.flatten(0, 1), labels.flatten(), ignore_index=-100, reduction="sum") / known
