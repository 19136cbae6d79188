"""Putting right what was found wrongly: one quote or speaker, or the least certain quotes one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ingest.cli.app import (
    DB,
    Db,
    Speaker,
    app,
    err,
    errors_explained,
    fail,
    out,
)
from ingest.records import Failure

# Commands that only look things up start without what these take a moment to import.
if TYPE_CHECKING:
    from sqlite_utils import Database

    from ingest.corrections import Correction
    from ingest.records import Article, Quote

#: The recipe of what was corrected after it had been read: the next ingest makes it anew.
BY_HAND = "read before, corrected now"

CorrectionsFile = Annotated[
    Path | None,
    typer.Option(
        "--corrections", help="What was corrected by hand; by default corrections.csv beside the database."
    ),
]

_KEYS = "y right · s who? · n no quote · e ends where? · k skip · q quit"


def corrections_file(db: Path, given: Path | None) -> Path:
    """The file of corrections: the one that is named, which must be there, or the one beside the database."""
    if given is not None and not given.exists():
        fail(f"{given} does not exist; give --corrections another file, or leave it out")
    return given or db.with_name("corrections.csv")


def refusals(store: Database, path: Path) -> list[Failure]:
    """The corrections of a file that could not be made."""
    from ingest.store.corrected import outcomes

    return [
        Failure(f"{path}:{o.correction.line}", "corrections", f"{path} line {o.correction.line}: {o.result}")
        for o in outcomes(store)
        if not o.applied
    ]


@app.command()
def correct(
    quote: Annotated[
        str | None, typer.Argument(help="A quote's id, the last part of its address on the site.")
    ] = None,
    speaker: Annotated[
        str | None, typer.Option(help="Who said it, by id or name; “” where nobody is to be named.")
    ] = None,
    no_quote: Annotated[bool, typer.Option("--no-quote", help="Nobody said it.")] = False,
    ends: Annotated[str | None, typer.Option(help="The last words that belong to it.")] = None,
    words: Annotated[str | None, typer.Option(help="All its words, where it begins wrongly too.")] = None,
    merge: Annotated[
        str | None, typer.Option(help="A speaker who is another one (--into), by id or name.")
    ] = None,
    into: Annotated[str | None, typer.Option(help="With --merge: the other one.")] = None,
    split: Annotated[
        str | None, typer.Option(help="A speaker who in one article (--article) is another one (--as).")
    ] = None,
    article: Annotated[str | None, typer.Option(help="With --split: the id of that article.")] = None,
    name: Annotated[
        str | None, typer.Option("--as", help="With --split: who that is, by a name or a new id.")
    ] = None,
    rename: Annotated[str | None, typer.Option(help="A speaker whose name is another (--to).")] = None,
    to: Annotated[str | None, typer.Option(help="With --rename: the right name.")] = None,
    note: Annotated[str | None, typer.Option(help="Why, for those who read the file.")] = None,
    db: Db = DB,
    corrections: CorrectionsFile = None,
) -> None:
    """Put right who said a quote, where it ends, or that it is none; merge, split or rename speakers.

    A correction is a row of `corrections.csv` beside the database, where you may write by hand too. It takes
    effect at once, and whenever articles are ingested, whatever model reads them. What cannot be done is not
    written.

    `onrecord correct 3f86a1c0d2b94e57 --speaker "Ann Lee"`

    `onrecord correct --merge t-lee --into tom-lee`
    """
    from ingest.corrections import Correction, CorrectionError
    from ingest.store import open_store
    from ingest.store.corrected import quote_row

    of_quote = {"speaker": speaker, "no quote": "" if no_quote else None, "ends": ends, "words": words}
    of_speakers = {"merge": (merge, into), "split": (split, name), "rename": (rename, to)}
    asked = [action for action, value in of_quote.items() if value is not None]
    asked += [action for action, (who, _) in of_speakers.items() if who is not None]
    if len(asked) != 1 or (quote is None) == (asked[0] in of_quote):
        raise typer.BadParameter(
            "give a quote's id with one of --speaker, --no-quote, --ends and --words, or else one of --merge,"
            " --split and --rename"
        )
    (action,) = asked
    file = corrections_file(db, corrections)
    with errors_explained(), open_store(db, create=False) as store:
        if quote is not None:
            found = quote_row(store, quote)
            if found is None:
                raise CorrectionError(f"{db} has no quote with the id {quote}; “onrecord search” prints ids")
            value = of_quote[action] or None
            value = _speaker(store, value) if action == "speaker" and value else value
            row = Correction(0, action, found["article_id"], quote, found["text"], value=value, note=note)
        else:
            who, value = of_speakers[action]
            wanted = {"merge": "--into", "split": "--article and --as", "rename": "--to"}[action]
            if not value or (action == "split") != bool(article):
                raise typer.BadParameter(f"--{action} goes with {wanted}, and with nothing else")
            value = _id(store, value) if action == "merge" else value
            row = Correction(0, action, article, speaker=_id(store, who or ""), value=value, note=note)
        gone = _carry_out(store, file, row)
    for old in gone:
        err.print(Text(f"in place of line {old.line}: {_told(old)}"), soft_wrap=True)
    err.print(Text(f"{_told(row)} → {file}"), soft_wrap=True)


def _told(row: Correction) -> str:
    """A correction in words."""
    return {
        "speaker": f"{row.words} was said by {row.value or 'nobody who is named'}",
        "no quote": f"{row.words} is no quote",
        "ends": f"{row.words} ends with “{row.value}”",
        "words": f"{row.words} is all of “{row.value}”",
        "merge": f"{row.speaker} is {row.value}",
        "split": f"{row.speaker} is {row.value} in {row.article}",
        "rename": f"{row.speaker} is called {row.value}",
    }.get(row.action, row.action)


def _id(store: Database, name: str) -> str:
    """The id of the speaker with an id, a name or an alias. Who is not in the database may be elsewhere."""
    from ingest.corrections import CorrectionError
    from ingest.store.corrected import bearers

    found = bearers(store, name)
    if len(found) > 1:
        named = " or ".join(f"{row['id']} ({row['name']}, quotes: {row['quotes']})" for row in found)
        raise CorrectionError(f"“{name}” may be {named}; give the id")
    return str(found[0]["id"]) if found else name


def _speaker(store: Database, name: str) -> str:
    """A speaker as a row names them, to be understood without this database."""
    from ingest.corrections import written
    from ingest.register import Register
    from ingest.store.corrected import bearers

    id = _id(store, name)
    known = next((row["name"] for row in bearers(store, id) if row["id"] == id), None)
    if known is not None:
        return written(known, id)
    if not Register.load().by_name(name):
        err.print(Text(f"{name} is not quoted yet: a new speaker", style="yellow"), soft_wrap=True)
    return name


# Carrying out


def _carry_out(store: Database, file: Path, row: Correction) -> tuple[Correction, ...]:
    """Write a row and bring the database up to date. → the rows that it takes the place of.

    Raises CorrectionError for what cannot be done; then neither file nor database changes.
    """
    from ingest.corrections import CorrectionError, Corrections, record
    from ingest.register import Register
    from ingest.store.corrected import outcomes
    from ingest.store.settle import settle

    if row.quote is not None:
        _tried(store, file, row)
        gone = record(file, row)
        _bring_up_to_date(store, file, {row.article or ""})
        return gone
    before, register = Corrections.load(file), Register.load()
    settle(store, register, before.having(row), recipe=BY_HAND)
    for outcome in outcomes(store):
        if outcome.correction.said == row.said and not outcome.applied:
            settle(store, register, before, recipe=BY_HAND)
            raise CorrectionError(outcome.result)
    gone = record(file, row)
    settle(store, register, Corrections.load(file), recipe=BY_HAND)  # in case its line is another one
    return gone


def _tried(store: Database, file: Path, row: Correction) -> tuple[Article, list[Quote]] | None:
    """The article of a row with its quotes as they would be; none where the database has not its text.

    Raises CorrectionError where the row would be refused.
    """
    from ingest.corrections import CorrectionError, Corrections, correct
    from ingest.register import Register
    from ingest.store.corrected import stored_articles, stored_quotes

    trial = Corrections.load(file).having(row)
    for article in stored_articles(store, [row.article or ""]):
        before = stored_quotes(store, article.id)
        quotes, outcomes = correct(article, before, trial.of(article.id), Register.load())
        for outcome in outcomes:
            if outcome.correction.said == row.said and not outcome.applied:
                raise CorrectionError(outcome.result)
        return article, quotes
    return None


def _bring_up_to_date(store: Database, file: Path, articles: set[str]) -> None:
    """Make the corrections of some articles in the database, from what is stored there of each."""
    from ingest.corrections import Corrections, correct
    from ingest.register import Register
    from ingest.store import save
    from ingest.store.corrected import stored_articles, stored_quotes
    from ingest.store.settle import settle

    corrections, register, made = Corrections.load(file), Register.load(), []
    for article in stored_articles(store, articles):
        quotes, outcomes = correct(
            article, stored_quotes(store, article.id), corrections.of(article.id), register
        )
        save(store, article, quotes, recipe=BY_HAND)
        made += outcomes
        articles = articles - {article.id}
    settle(store, register, corrections, made=made, recipe=BY_HAND)
    if articles:
        err.print("The database is without the text: this takes effect when the article is ingested again.")


# Reviewing


@app.command()
def review(
    db: Db = DB,
    speaker: Speaker = None,
    below: Annotated[
        float, typer.Option(min=0, max=1, help="Quotes of less confidence, and those without a name.")
    ] = 0.6,
    limit: Annotated[int, typer.Option(min=1, help="How many quotes at most.")] = 20,
    corrections: CorrectionsFile = None,
) -> None:
    """Walk through the least certain quotes and say what is right.

    Each is shown in its paragraph, the words that name the speaker underlined. Answer with a letter and
    Enter: **y** that is right, **s** or `s Ann Lee` somebody else said it, **n** nobody said it, **e** or
    `e by the spring` it ends there, **k** skip it, **q** stop. Each answer is a row of `corrections.csv` at
    once, a “y” too: that quote is not asked about again, and stays so when another model reads the article.
    """
    from ingest.corrections import Corrections
    from ingest.store import open_store
    from ingest.store.corrected import uncertain

    file = corrections_file(db, corrections)
    reviewed: set[str] = set()
    rows = 0
    with errors_explained(), open_store(db, create=False) as store:
        known = {row.quote for row in Corrections.load(file).rows}
        doubtful = uncertain(store, below=below, speaker_id=_id(store, speaker) if speaker else None)
        found = [quote for quote in doubtful if quote["id"] not in known]
        if not found:
            err.print(f"Nothing to review: no quote is below {below:g} or without a name.")
            return
        try:
            for number, quote in enumerate(found[:limit], start=1):
                out.print(Text(f"\n{number} of {len(found)}", style="dim"))
                if written := _reviewed(store, file, quote):
                    reviewed.add(quote["article_id"])
                    rows += written
        except typer.Abort:
            out.print()
        finally:
            if reviewed:
                _bring_up_to_date(store, file, reviewed)
    err.print(f"{rows} corrections → {file}" if rows else "Nothing was corrected.", soft_wrap=True)


def _reviewed(store: Database, file: Path, quote: dict[str, Any]) -> int:
    """Ask about one quote until that is settled. → how many rows were written."""
    from ingest.corrections import Correction, CorrectionError, record, written
    from ingest.records import quote_ids

    rows = 0
    while True:
        _show(quote)
        key, _, said = typer.prompt(_KEYS, prompt_suffix="\n> ").strip().partition(" ")
        row = Correction(0, "speaker", quote["article_id"], quote["id"], quote["text"])
        try:
            match key.lower():
                case "y":
                    row = replace(row, value=quote["name"] and written(quote["name"], quote["person"]))
                case "s":
                    row = replace(row, value=_who(store, quote, said.strip()))
                case "n":
                    row = replace(row, action="no quote")
                case "e":
                    row = replace(row, action="ends", value=said.strip() or typer.prompt("Its last words"))
                case "k":
                    return rows
                case "q":
                    raise typer.Abort
                case _:
                    continue
            tried = _tried(store, file, row)
        except CorrectionError as error:
            err.print(Text(str(error), style="red"), soft_wrap=True)
            continue
        record(file, row)
        rows += 1
        if row.action != "ends" or tried is None:
            return rows
        article, quotes = tried
        for id, other in zip(quote_ids(article, quotes), quotes, strict=True):
            if list(other.quotation.parts[0])[:1] == json.loads(quote["parts"])[0][:1]:
                parts = json.dumps(other.quotation.parts)
                quote = {**quote, "id": id, "text": other.text(article.text), "parts": parts}


def _who(store: Database, quote: dict[str, Any], said: str) -> str | None:
    """Whom an answer names: by a number of the list, an id or a name; “-” is nobody."""
    from ingest.corrections import written
    from ingest.store.corrected import stored_quotes

    speakers = [other.speaker for other in stored_quotes(store, quote["article_id"]) if other.speaker]
    named = list(dict.fromkeys(written(speaker.name, speaker.id) for speaker in speakers))
    if not said:
        listed = "  ".join(f"{number} {name}" for number, name in enumerate(named, start=1))
        out.print(Text(f"{listed}  - nobody".strip(), style="dim"))
        said = typer.prompt("Who said it, by number, name or id").strip()
    if said == "-":
        return None
    if said.isdecimal() and 0 < int(said) <= len(named):
        return named[int(said) - 1]
    return _speaker(store, said)


def _show(quote: dict[str, Any]) -> None:
    facts = " · ".join(filter(None, (quote["outlet"], quote["published"], quote["title"])))
    out.print(Text(facts, style="bold"))
    paragraph, start = Text(quote["paragraph"]), quote["paragraph_start"]
    for words, style in (("cue", "magenta"), ("mention", "green underline")):
        if quote[words] is not None:
            paragraph.stylize(
                style, max(0, quote[f"{words}_start"] - start), max(0, quote[f"{words}_end"] - start)
            )
    for begin, end in json.loads(quote["parts"]):
        paragraph.stylize("bold reverse", max(0, begin - start), max(0, end - start))
    out.print(paragraph)
    out.print(Text(quote["text"], style="italic"))
    name = quote["speaker"] or quote["name"]
    line = Text(name or "no name", style="bold green" if name else "bold red")
    line.append(f"  [{quote['kind']}, {quote['confidence']:.2f}]", style="dim")
    for words in ("role", "mention", "cue"):
        line.append(f"  {words}: {quote[words]}" if quote[words] else "", style="dim")
    out.print(line)
