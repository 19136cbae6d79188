"""Pronouns and roles with the names that they stand for, from OntoGUM and GAP, as training windows."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tokenizers import Tokenizer

from ingest.reader.features import Ints, Pieces, read_pieces
from ingest.reader.network import CLS, SEP
from ingest.train.gold import Names, Span
from ingest.train.windows import Window, label_names, piece_range, span_bias

PRONOUNS = frozenset(
    ["he", "she", "it", "they", "him", "her", "them", "his", "hers", "its", "their", "theirs"]
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text, and mentions without a name: each with the spans of the names it stands for (maybe none)."""

    text: str
    mentions: tuple[tuple[Span, tuple[Span, ...]], ...]
    names: Names | None = None


def read_gap(path: Path) -> Iterator[Document]:
    """GAP: one pronoun a text, and two names of which one may be right."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            right = [k for k in "AB" if row[f"{k}-coref"] == "TRUE"]
            if not right:
                continue
            text, name = row["Text"], row[right[0]]
            at = int(row[f"{right[0]}-offset"])
            pronoun = int(row["Pronoun-offset"])
            names = [(at, at + len(name))]
            last = name.split()[-1]
            names += [
                m.span()
                for m in re.finditer(rf"\b{re.escape(last)}\b", text)
                if last not in row["B" if right == ["A"] else "A"]
            ]
            yield Document(text, (((pronoun, pronoun + len(row["Pronoun"])), tuple(names)),))


def read_gum(path: Path) -> Document:
    """OntoGUM: every mention of every entity of a text that is mentioned more than once."""
    text = ""
    tokens: list[tuple[int, int, str, int]] = []
    open_: defaultdict[str, list[int]] = defaultdict(list)
    mentions: list[tuple[str, int, int]] = []
    base = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newpar") and "_block" not in line and text:
            text = text.rstrip() + "\n\n"
        elif line.startswith("# sent_id"):
            base = len(tokens)
        fields = line.split("\t")
        if len(fields) != 10 or not fields[0].isdigit():
            continue
        here = len(tokens)
        head = int(fields[6]) - 1 + base if fields[6] != "0" else -1
        tokens.append((len(text), len(text) + len(fields[1]), fields[3], head))
        text += fields[1] + ("" if "SpaceAfter=No" in fields[9] else " ")
        entity = re.search(r"Entity=([^|]*)", fields[9])
        for part in re.findall(r"\(?[^()]+\)?", entity.group(1) if entity else ""):
            name = part.strip("()")
            if part.startswith("("):
                open_[name].append(here)
            if part.endswith(")") and open_[name]:
                mentions.append((name, open_[name].pop(), here))
    return Document(text, tuple(_unnamed(text, tokens, mentions)))


def _unnamed(
    text: str, tokens: list[tuple[int, int, str, int]], mentions: list[tuple[str, int, int]]
) -> Iterator[tuple[Span, tuple[Span, ...]]]:
    names: defaultdict[str, list[Span]] = defaultdict(list)
    plain: list[tuple[str, Span]] = []
    for entity, first, last in mentions:
        heads = [i for i in range(first, last + 1) if not first <= tokens[i][3] <= last]
        kind = tokens[heads[0]][2] if heads else ""
        span = (tokens[first][0], tokens[last][1])
        if kind == "PROPN":
            near = range(max(first, heads[0] - 2), min(last, heads[0] + 2) + 1)
            names[entity] += [tokens[i][:2] for i in near if tokens[i][2] == "PROPN"]
        elif (kind == "PRON" and text[slice(*span)].lower() in PRONOUNS) or (
            kind == "NOUN" and last - first < 6 and text[span[0] : span[1]].lower().startswith("the ")
        ):
            plain.append((entity, span))
    for entity, span in plain:
        yield span, tuple(names[entity])


def read_documents(folder: Path, *, held: bool = False) -> tuple[list[Document], list[Document]]:
    """OntoGUM's and GAP's documents below ``folder``, or those held out: a tenth, and GAP's validation."""
    texts = sorted(folder.glob("gum/*.conllu"))
    gum = [read_gum(path) for number, path in enumerate(texts) if (number % 10 == 5) == held]
    pairs = [path for path in sorted(folder.glob("gap/*.tsv")) if ("validation" in path.name) == held]
    return gum, [document for path in pairs for document in read_gap(path)]


def cut_document(document: Document, tokenizer: Tokenizer, *, length: int, overlap: int) -> Iterator[Window]:
    """Windows whose only task is to link mentions to names; where no name is in the window, to ``[CLS]``."""
    pieces = read_pieces(document.text, tokenizer)
    ranges = [
        (piece_range(pieces, span), [piece_range(pieces, name) for name in names])
        for span, names in document.mentions
    ]
    labels = label_names(pieces, document.names)
    body = length - 2
    start = 0
    while start < len(pieces):
        end = min(start + body, len(pieces))
        window = _window(pieces, labels, ranges, start, end)
        if window.targets:
            yield window
        if end == len(pieces):
            return
        start = end - overlap


def _window(
    pieces: Pieces,
    labels: Ints,
    ranges: list[tuple[tuple[int, int], list[tuple[int, int]]]],
    start: int,
    end: int,
) -> Window:
    size = end - start + 2
    spans, gold, bias = [], [], []
    for (first, last), names in ranges:
        if first < start or last > end or last <= first:
            continue
        marks = np.zeros(size, dtype=bool)
        for low, high in names:
            marks[max(low, start) - start + 1 : max(min(high, end) - start + 1, 0)] = True
        marks[0] = not marks.any()
        spans.append((first - start + 1, last - start))
        gold.append(marks)
        bias.append(np.pad(span_bias(pieces, first, last - 1, start, end), ((1, 1), (0, 0))))
    facts = np.stack([pieces.quote, pieces.start, pieces.shape], axis=-1)[start:end]
    return Window(
        ids=np.concatenate([[CLS], pieces.ids[start:end], [SEP]]),
        facts=np.pad(facts, ((1, 1), (0, 0))),
        tags=np.full(size, -100, dtype=np.int64),
        names=np.concatenate([[-100], labels[start:end], [-100]]),
        spans=np.array(spans, dtype=np.int64).reshape(-1, 2),
        targets=["antecedent"] * len(spans),
        gold=np.array(gold, dtype=bool).reshape(-1, size),
        bias=np.array(bias, dtype=np.int8).reshape(-1, size, 4),
    )
