"""Writing to the database: one transaction an article, and none where nothing is new.

Ids come from content, so a rebuild keeps every permalink. This module knows the records and SQL; it does
not know how a quote is found.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ingest.records import Article, Failure, Quote, TextSpan, quote_ids
from ingest.store.schema import explained, path_of, transaction


def is_current(db: Database, article: Article, *, recipe: str) -> bool:
    """Whether this very article, read with this recipe, is in the database: then there is nothing to do."""
    with explained(path_of(db)):
        stored = next(db.query("SELECT * FROM articles WHERE id = ?", [article.id]), None)
    return stored is not None and all(stored[key] == value for key, value in _facts(article, recipe).items())


def save(db: Database, article: Article, quotes: Sequence[Quote], *, recipe: str) -> bool:
    """Store an article and its quotes in one transaction, in place of what the article had before.

    → whether anything was written: the same article and quotes again are not. ``recipe`` is a short
    string that changes with whatever the quotes depend on (version, model, register). What depends on other
    articles too is for ``settle``, after the last one.
    """
    rows = table_rows(article, quotes, recipe=recipe)
    with transaction(db):
        db.execute("DELETE FROM failures WHERE source = ?", [article.id])
        if is_stored(db, rows):
            return False
        record_changes(db, article, rows)
        drop_quotes(db, article.id)
        db.table("articles").upsert({**rows["articles"][0], "retrieved": now()}, pk="id")
        db.table("texts").upsert(rows["texts"][0], pk="article_id")
        db.table("speakers").insert_all(rows["speakers"], ignore=True)
        number = db.execute("SELECT coalesce(max(number), 0) FROM quotes").fetchone()[0]
        db.table("quotes").insert_all(
            {**row, "number": number + index} for index, row in enumerate(rows["quotes"], start=1)
        )
        db.table("contexts").insert_all(rows["contexts"])
        db.execute("DELETE FROM settled")
    return True


def table_rows(article: Article, quotes: Sequence[Quote], *, recipe: str) -> dict[str, list[dict[str, Any]]]:
    """An article and its quotes as rows, by table; without ``articles.retrieved`` and ``quotes.number``."""
    quotes = sorted(quotes, key=lambda quote: quote.quotation.parts)
    of_quotes = _quote_rows(article, quotes)
    speakers = {q.speaker.id: q.speaker for q in quotes if q.speaker and q.speaker.id}
    counts = {
        "characters": len(article.text),
        "quotes": len(quotes),
        "attributed": sum(quote.speaker is not None for quote in quotes),
    }
    return {
        "articles": [{"id": article.id, **_facts(article, recipe), **counts}],
        "texts": [{"article_id": article.id, "text": article.text}],
        "speakers": [{"id": id, "name": s.name, "kind": s.kind} for id, s in speakers.items()],
        "quotes": of_quotes,
        "contexts": [
            {"quote_id": row["id"], **_context(article.text, quote)}
            for row, quote in zip(of_quotes, quotes, strict=True)
        ],
    }


def is_stored(db: Database, rows: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether the database holds just these rows of an article."""
    id = rows["articles"][0]["id"]
    quotes = (
        "SELECT {} FROM quotes JOIN contexts ON quote_id = quotes.id WHERE article_id = ? ORDER BY position"
    )
    stored = {
        "articles": list(db.query("SELECT * FROM articles WHERE id = ?", [id])),
        "quotes": list(db.query(quotes.format("quotes.*, person, contexts.affiliation AS said"), [id])),
        "contexts": list(db.query(quotes.format("contexts.*"), [id])),
    }
    for row in stored["articles"]:
        del row["retrieved"]
    for row in stored["quotes"]:
        del row["number"]
        # As it was before settle had told who that is.
        row["speaker_id"], row["affiliation"] = row.pop("person"), row.pop("said")
    return all(stored[table] == rows[table] for table in stored)


def record_changes(db: Database, article: Article, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Note what an article that is stored says otherwise now: its facts, its text, words that it quotes.

    A quote is withdrawn if its words stand in the article no longer, new if they did not before. What is
    merely found, or not found, in the same words is another model's doing and no change of the article.
    """
    stored = (
        "SELECT articles.*, text FROM articles JOIN texts ON article_id = articles.id WHERE articles.id = ?"
    )
    before = next(db.query(stored, [article.id]), None)
    if before is None:
        return
    after = rows["articles"][0]
    changes: list[tuple[str, str | None, str | None, str | None]] = [
        (fact, None, before[fact], after[fact])
        for fact in ("url", "title", "outlet", "author", "published")
        if before[fact] and after[fact] and before[fact] != after[fact]
    ]
    if before["text"] != article.text:
        quotes = "SELECT id, text, parts FROM quotes JOIN contexts ON quote_id = id WHERE article_id = ?"
        had = {row[0]: row[1:] for row in db.execute(f"{quotes} ORDER BY position", [article.id]).fetchall()}
        has = {
            quote["id"]: (quote["text"], context["parts"])
            for quote, context in zip(rows["quotes"], rows["contexts"], strict=True)
        }
        withdrawn = _only_in(had, before["text"], has, article.text)
        added = _only_in(has, article.text, had, before["text"])
        changes.append(("text", None, before["text_hash"], after["text_hash"]))
        changes += [("quote", id, words, None) for id, words in withdrawn]
        changes += [("quote", id, None, words) for id, words in added]
    noticed = now()
    for what, quote_id, old, new in changes:
        db.execute(
            "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)", [article.id, noticed, what, quote_id, old, new]
        )


def _only_in(
    quotes: dict[str, tuple[str, str]], text: str, other_quotes: Container[str], other_text: str
) -> list[tuple[str, str]]:
    """Id and words of the quotes of one text that the other neither quotes nor says at all."""
    return [
        (id, words)
        for id, (words, parts) in quotes.items()
        if id not in other_quotes
        and not all(text[start:end] in other_text for start, end in json.loads(parts))
    ]


def drop_quotes(db: Database, article_id: str) -> None:
    """Take an article's quotes out."""
    of_article = "(SELECT id FROM quotes WHERE article_id = :id)"
    groups = f"(SELECT canonical_id FROM repeats WHERE quote_id IN {of_article})"
    for sql in (
        f"DELETE FROM repeats WHERE canonical_id IN {groups}",
        f"DELETE FROM contexts WHERE quote_id IN {of_article}",
        "DELETE FROM quotes WHERE article_id = :id",
    ):
        db.execute(sql, {"id": article_id})


def save_failure(db: Database, failure: Failure) -> bool:
    """Keep an input that was left out, and why. → whether it was news; a later ``save`` clears it by id."""
    row = {"source": failure.source, "stage": failure.stage, "error": failure.error}
    with transaction(db):
        if next(
            db.query("SELECT 1 FROM failures WHERE source=:source AND stage=:stage AND error=:error", row),
            None,
        ):
            return False
        db.table("failures").upsert({**row, "noticed": now()}, pk="source")
    return True


def clear_failures(db: Database, sources: Iterable[str], *, keep: Iterable[str] = ()) -> None:
    """Forget the failures of these files, and of files in these folders, but for those in ``keep``.

    ``clear_failures(db, ["news/"], keep=["news/broken.html"])`` after a run over ``news/``: what failed
    once and is well now, or gone, is no longer listed.
    """
    kept = set(keep)
    roots = list(sources)
    with transaction(db):
        for (source,) in db.execute("SELECT source FROM failures").fetchall():
            # "feed.jsonl:3" is a line of a file, "https://…/feed: https://…/page" a page of a feed.
            inside = any(
                Path(source).is_relative_to(r) or source.startswith((f"{r}:", f"{Path(r)}:")) for r in roots
            )
            if inside and source not in kept:
                db.execute("DELETE FROM failures WHERE source = ?", [source])


def record_run(
    db: Database,
    *,
    started: str,
    version: str,
    model: str,
    recipe: str,
    articles: int,
    quotes: int,
    failures: int,
) -> None:
    """Add a line to the table of runs. A run that stored no article leaves none: it changed nothing."""
    if articles:
        made_by = {"version": version, "model": model, "recipe": recipe}
        counts = {"articles": articles, "quotes": quotes, "failures": failures}
        with transaction(db):
            db.table("runs").insert({"started": started, "finished": now(), **made_by, **counts})


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _facts(article: Article, recipe: str) -> dict[str, Any]:
    return {
        "url": article.url,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "published": article.published,
        "text_hash": sha256(article.text.encode()).hexdigest(),
        "recipe": recipe,
        "sequence": f"{article.published or '0000'} {article.id}",
    }


def _quote_rows(article: Article, quotes: Sequence[Quote]) -> list[dict[str, Any]]:
    """Rows of ``quotes``, but for their number; the quotes are in reading order."""
    year = article.published[:4] if article.published else ""
    return [
        {
            "id": id,
            "text": quote.text(article.text),
            "speaker_id": quote.speaker.id if quote.speaker else None,
            "affiliation": quote.speaker.affiliation if quote.speaker else None,
            "kind": quote.quotation.kind,
            "outlet": article.outlet,
            "year": int(year) if year.isdecimal() else None,
            "published": article.published,
            "article_id": article.id,
            "position": position,
            "confidence": quote.attribution.confidence,
            "sequence": f"{article.published or '0000'} {article.id} {position:05}",
        }
        for position, (id, quote) in enumerate(zip(quote_ids(article, quotes), quotes, strict=True), start=1)
    ]


def _context(text: str, quote: Quote) -> dict[str, Any]:
    parts = quote.quotation.parts
    paragraph = _paragraph(text, TextSpan(parts[0].start, parts[-1].end))
    return {
        "paragraph": paragraph.of(text),
        "paragraph_start": paragraph.start,
        "parts": str([list(part) for part in parts]),  # JSON, and a good deal faster than its library
        **_words("mention", text, quote.attribution.source),
        **_words("cue", text, quote.quotation.cue),
        "person": quote.speaker.id if quote.speaker else None,
        "person_kind": quote.speaker.kind if quote.speaker else None,
        "name": quote.speaker.name if quote.speaker else None,
        "role": quote.speaker.role if quote.speaker else None,
        "affiliation": quote.speaker.affiliation if quote.speaker else None,
        "description": quote.speaker.description if quote.speaker else None,
        "method": quote.attribution.method,
    }


def _words(name: str, text: str, span: TextSpan | None) -> dict[str, Any]:
    if span is None:
        return {name: None, f"{name}_start": None, f"{name}_end": None}
    return {name: span.of(text), f"{name}_start": span.start, f"{name}_end": span.end}


def _paragraph(text: str, span: TextSpan) -> TextSpan:
    """The paragraph, or paragraphs, that the span lies in.

    A blank line ends a paragraph; where the article has none, every line is one.
    """
    end_of_paragraph = "\n\n" if "\n\n" in text else "\n"
    start = text.rfind(end_of_paragraph, 0, span.start)
    end = text.find(end_of_paragraph, span.end)
    return TextSpan(0 if start < 0 else start + len(end_of_paragraph), len(text) if end < 0 else end)
