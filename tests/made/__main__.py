"""Who is whom in the made corpus, measured: ``python -m tests.made 11 12 13``, a line for each seed.

A seed takes some fifteen seconds. Develop on seeds 1 to 6; the others are for the README's figures.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import astuple, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from ingest import packaged_file
from ingest.pipeline import Pipeline
from ingest.records import Failure
from ingest.store import open_store, save
from ingest.store.settle import settle

from .corpus import Measure, Outcome, corpus, measure


def measured(seed: int, folder: Path) -> Measure:
    """What the pipeline and the register make of a seed's corpus, in a database of its own in a folder."""
    articles, truth, rows = corpus(seed)
    speakers = folder / f"{seed}.yml"
    known = packaged_file("speakers.yml").read_text(encoding="utf-8")
    speakers.write_text(f"{known}\n{yaml.safe_dump(rows, allow_unicode=True)}", encoding="utf-8")
    pipeline = Pipeline(speakers=speakers)
    with open_store(folder / f"{seed}.db") as db:
        for result in pipeline.results(articles):
            assert not isinstance(result, Failure), result
            save(db, *result, recipe=pipeline.recipe)
        settle(db, pipeline.register, recipe=pipeline.recipe)
        quotes = db.execute("SELECT article_id, text, speaker_id FROM quotes").fetchall()
    return measure(truth, {(article, text): speaker for article, text, speaker in quotes})


def main(seeds: list[int]) -> None:
    """Print each seed's figures, then all together: pairs, quotations by kind of mention."""
    merged = together = split = same = 0
    outcomes: dict[str, Counter[str]] = {}
    with TemporaryDirectory() as folder:
        for seed in seeds:
            m = measured(seed, Path(folder))
            print(f"seed {seed}: {_rates(m.merged, m.together, m.split, m.same)}", flush=True)
            merged, together = merged + m.merged, together + m.together
            split, same = split + m.split, same + m.same
            for mention, outcome in m.outcomes.items():
                counted = dict(zip((f.name for f in fields(Outcome)), astuple(outcome), strict=True))
                outcomes.setdefault(mention, Counter()).update(counted)
    print(f"all: {_rates(merged, together, split, same)}\n")
    names = [f.name for f in fields(Outcome)]
    print("mention ", *(f"{name:>8}" for name in names))
    for mention, counts in [*outcomes.items(), ("all", sum(outcomes.values(), Counter[str]()))]:
        print(f"{mention:8}", *(f"{counts[name]:8}" for name in names))


def _rates(merged: int, together: int, split: int, same: int) -> str:
    merges, splits = 100 * merged / max(1, together), 100 * split / max(1, same)
    return (
        f"wrong merges {merges:.1f}% ({merged} of {together} pairs), splits {splits:.1f}% ({split} of {same})"
    )


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [1])
