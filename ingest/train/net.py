"""The network: MiniLM with the article's facts joined in; tags for each piece, links between pieces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ingest.reader.features import DISTANCES, QUOTE_STATES, SHAPES, START_STATES, STEPS
from ingest.reader.labels import NAMES, TAGS

LINKS = {"source": 128, "cue": 64, "antecedent": 96}


@dataclass(frozen=True, slots=True)
class Size:
    """The shape of the encoder; the defaults are those of MiniLM-L6-H384."""

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536


class Layer(nn.Module):
    """One transformer layer, normalised after each sum as in BERT."""

    def __init__(self, size: Size, dropout: float) -> None:
        super().__init__()
        self.heads = size.heads
        self.qkv = nn.Linear(size.width, 3 * size.width)
        self.out = nn.Linear(size.width, size.width)
        self.norm1 = nn.LayerNorm(size.width, eps=1e-12)
        self.up = nn.Linear(size.width, size.inner)
        self.down = nn.Linear(size.inner, size.width)
        self.norm2 = nn.LayerNorm(size.width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Vectors [batch, length, width] to the same shape; ``mask`` is added to the attention's scores."""
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.to(q.dtype))
        x = self.norm1(x + self.dropout(self.out(mixed.transpose(1, 2).reshape(batch, length, width))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x), approximate="tanh"))))


class Link(nn.Module):
    """Scores from a span to every piece: a dot product, plus what is learnt of distance.

    The query is a sum over the span's first piece, last piece and mean, so it can be put together after the
    encoder has run. ``[CLS]`` stands for "none in this window".
    """

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.project = nn.Linear(width, 4 * dim)
        self.distance = nn.Parameter(torch.zeros(2, DISTANCES))
        self.sentence = nn.Parameter(torch.zeros(STEPS))
        self.paragraph = nn.Parameter(torch.zeros(STEPS))

    def forward(self, hidden: Tensor, spans: Tensor, bias: Tensor) -> Tensor:
        """``hidden`` [batch, length, width], ``spans`` [n, 3] (row, first, last), ``bias`` [n, length, 4]."""
        first, last, mean, key = self.project(hidden).float().split(self.dim, dim=-1)
        row, a, b = spans.unbind(-1)
        cumulative = F.pad(mean.cumsum(1), (0, 0, 1, 0))
        length = (b - a + 1).unsqueeze(-1)
        query = first[row, a] + last[row, b] + (cumulative[row, b + 1] - cumulative[row, a]) / length
        scores = torch.einsum("nd,nld->nl", query, key[row]) / math.sqrt(self.dim)
        extra = (
            self.distance[0][bias[..., 0]]
            + self.distance[1][bias[..., 1]]
            + self.sentence[bias[..., 2]]
            + self.paragraph[bias[..., 3]]
        )
        extra = torch.cat([torch.zeros_like(extra[:, :1]), extra[:, 1:]], dim=1)
        return scores + extra


class Net(nn.Module):
    """Word pieces and their facts in; tag scores and span links out."""

    def __init__(self, size: Size | None = None, dropout: float = 0.1) -> None:
        super().__init__()
        size = size or Size()
        self.size = size
        self.word = nn.Embedding(size.vocabulary, size.width)
        self.position = nn.Embedding(size.positions, size.width)
        self.quote = nn.Embedding(QUOTE_STATES, size.width)
        self.start = nn.Embedding(START_STATES, size.width)
        self.shape = nn.Embedding(SHAPES, size.width)
        self.norm = nn.LayerNorm(size.width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(size, dropout) for _ in range(size.layers))
        self.tags = nn.Linear(size.width, TAGS)
        self.links = nn.ModuleDict({name: Link(size.width, dim) for name, dim in LINKS.items()})
        self.names = nn.Linear(size.width, NAMES)
        for table in (self.quote, self.start, self.shape):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, ids: Tensor, facts: Tensor, mask: Tensor) -> Tensor:
        """Hidden vectors [batch, length, width] of ``ids`` [batch, length], ``facts`` [batch, length, 3]."""
        place = torch.arange(ids.shape[1]).unsqueeze(0)
        x = self.word(ids) + self.position(place)
        x = x + self.quote(facts[..., 0]) + self.start(facts[..., 1]) + self.shape(facts[..., 2])
        x = self.dropout(self.norm(x))
        additive = (1.0 - mask.float())[:, None, None, :] * -10000.0
        for layer in self.layers:
            x = layer(x, additive)
        return x


def load_minilm(net: Net, path: Path) -> None:
    """Fill the encoder with the weights of a BERT-shaped ``model.safetensors``."""
    from safetensors.torch import load_file

    given = load_file(path)
    with torch.no_grad():
        net.word.weight.copy_(given["embeddings.word_embeddings.weight"])
        kind = given["embeddings.token_type_embeddings.weight"][0]
        net.position.weight.copy_(given["embeddings.position_embeddings.weight"] + kind)
        _copy(net.norm, given, "embeddings.LayerNorm")
        for number, layer in enumerate(net.layers):
            at = f"encoder.layer.{number}"
            for part in ("weight", "bias"):
                parts = [given[f"{at}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                getattr(layer.qkv, part).copy_(torch.cat(parts))
            _copy(layer.out, given, f"{at}.attention.output.dense")
            _copy(layer.norm1, given, f"{at}.attention.output.LayerNorm")
            _copy(layer.up, given, f"{at}.intermediate.dense")
            _copy(layer.down, given, f"{at}.output.dense")
            _copy(layer.norm2, given, f"{at}.output.LayerNorm")


def _copy(module: nn.Module, given: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(given[f"{name}.weight"])
    module.bias.copy_(given[f"{name}.bias"])
