"""The network itself: an article's text in, tags and link vectors of every word piece out.

Windows overlap; each begins with a sentence where one is near.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ingest.reader.features import SHAPES, START_STATES, Ints, Pieces, read_pieces
from ingest.reader.labels import TAGS
from ingest.reader.scan import Scan, View

CLS, SEP = 101, 102
_MOST_THREADS = 4
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Reader:
    """A loaded model. One object may serve many articles."""

    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer
    meta: dict[str, Any]
    pool: ThreadPoolExecutor
    length: int = 256
    overlap: int = 40

    @classmethod
    def load(cls, folder: Path | None = None, *, threads: int | None = None) -> Reader:
        """Open ``reader.onnx``, ``tokenizer.json`` and ``reader.json`` of a folder, by default the package's.

        ``threads`` windows of an article are read at once, by default one a core up to four. They share
        no work, so on a busy machine none waits for another.
        """
        folder = folder or Path(str(resources.files("ingest"))) / "model"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            str(folder / "reader.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # its kernel is slow: see export.py
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        meta = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        pool = ThreadPoolExecutor(threads or min(os.cpu_count() or 1, _MOST_THREADS))
        return cls(session, tokenizer, meta, pool, **meta.get("windows", {}))

    @property
    def version(self) -> str:
        """What tells this model from others, for the record of a run."""
        return str(self.meta.get("version", "reader"))

    def scan(self, text: str) -> Scan:
        """Run the network over an article once; ask the result what you need."""
        pieces = read_pieces(text, self.tokenizer)
        return Scan(text, pieces, self._views(pieces), self.meta)

    def _views(self, pieces: Pieces) -> list[View]:
        codes = (pieces.quote * START_STATES + pieces.start) * SHAPES + pieces.shape

        def view(border: tuple[int, int]) -> View:
            low, high = border
            ids = np.array([[CLS, *pieces.ids[low:high], SEP]], dtype=np.int64)
            facts = np.pad(codes[None, low:high], ((0, 0), (1, 1)))
            tags, links = self.session.run(["tags", "links"], {"ids": ids, "facts": facts})
            return View(low, high, tags[0, 1:-1, :TAGS], tags[0, 1:-1, TAGS:], links[0, :-1])

        borders = window_borders(pieces, body=self.length - 2, overlap=self.overlap)
        return list(self.pool.map(view, borders))


def window_borders(pieces: Pieces, *, body: int, overlap: int) -> list[tuple[int, int]]:
    """Overlapping windows of at most ``body`` pieces, each beginning with a sentence where one is near."""
    total = len(pieces)
    borders: list[tuple[int, int]] = []
    low = 0
    begins: Ints = np.flatnonzero(pieces.start)
    while low < total:
        high = min(low + body, total)
        borders.append((low, high))
        if high == total:
            break
        target = high - overlap
        near = begins[(begins > max(low, target - overlap // 2)) & (begins <= target)]
        low = int(near[-1]) if len(near) else target
    return borders
