"""Write the golden files anew: a second's work for each article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ingest.pipeline import Pipeline
from ingest.read import read
from ingest.records import Article, Quote

GOLDEN = Path(__file__).parent
ARTICLES = GOLDEN.parents[1] / "data" / "articles"


def articles() -> Iterator[Article]:
    """The sample articles, in the order of their ids."""
    for article in read([ARTICLES]):
        if not isinstance(article, Article):
            raise SystemExit(article.error)
        yield article


def as_words(text: str, quote: Quote) -> dict[str, str | None]:
    """A quote without offsets, for people to read: ``{"kind": "direct", "text": "“Go,”", "name": "Ann Lee", …}``."""
    speaker, source, cue = quote.speaker, quote.attribution.source, quote.quotation.cue
    return {
        "kind": quote.quotation.kind,
        "text": quote.text(text),
        "name": speaker.name if speaker else None,
        "mention": source.of(text) if source else None,
        "cue": cue.of(text) if cue else None,
        "role": speaker.role if speaker else None,
        "affiliation": speaker.affiliation if speaker else None,
    }


def main() -> None:
    """Remake every golden file, and remove those whose article is gone."""
    pipeline = Pipeline()
    made = set()
    for article in articles():
        path = GOLDEN / f"{article.id}.json"
        quotes = [as_words(article.text, quote) for quote in pipeline.quotes(article)]
        path.write_text(json.dumps(quotes, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        made.add(path)
    for path in set(GOLDEN.glob("*.json")) - made:
        path.unlink()


if __name__ == "__main__":
    main()
