"""The published site: a Datasette plugin, found by its entry point, and no flags needed.

It gives Datasette our templates and stylesheet, makes cells readable (links, whole texts,
the words that a search matched), and lets canned queries search as ``onrecord search`` does.
All that comes from an article is untrusted: it is escaped here or by the templates.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from datasette.utils import tilde_decode, tilde_encode
from markupsafe import Markup, escape
from pluggy import HookimplMarker

from ingest import packaged_file
from ingest.store import MATCH_MARKS, fold, match_query

hookimpl = HookimplMarker("datasette")  # datasette.hookimpl, with its types

# What metadata.yml cannot say, and Datasette takes on the command line or in settings.json.
SETTINGS: dict[str, int | bool] = {
    "default_page_size": 50,
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 1000,
    "suggest_facets": False,
    "max_csv_mb": 0,  # the default, 100, cuts a longer export short and still answers 200
    "truncate_cells_html": 0,
    "default_cache_ttl": 300,
    "default_allow_sql": False,  # the canned queries still run
}

# Where a key leads, for pages that are no table and so have no foreign keys.
_LEADS_TO = {"speaker_id": "speakers", "article_id": "articles", "quote_id": "quotes"}

_HERE = Path(__file__).parent


def metadata(database: str = "quotes") -> dict[str, Any]:
    """``metadata.yml`` as Datasette takes it, for a database served by another name than ``quotes``."""
    loaded: dict[str, Any] = yaml.safe_load(packaged_file("metadata.yml").read_text("utf-8"))
    loaded["databases"] = {database: loaded["databases"]["quotes"]}
    return loaded


@hookimpl
def startup() -> None:
    """Keep an address that does not exist a short 404.

    Where rich is installed, Datasette 0.65 prints each with a full traceback, and for some, having none
    to print, fails with a 500 instead.
    """
    # Imported here, as below: Datasette loads its plugins while it is half imported itself.
    from datasette import handle_exception

    handle_exception.rich = None


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give SQL the two functions that make a reader's words and names safe to look up."""
    conn.create_function("onrecord_match", 1, lambda words: match_query(str(words or "")), deterministic=True)
    conn.create_function("onrecord_fold", 1, lambda name: fold(str(name or "")), deterministic=True)


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Our stylesheet, under a URL that changes with it."""
    return [_stylesheet()]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Let the page of an error, which has no hook for stylesheets, find ours; and templates link to a row."""
    env.globals["stylesheet"] = _stylesheet
    env.filters["tilde_encode"] = tilde_encode


@hookimpl
def extra_template_vars(
    datasette: Any, view_name: str, database: str | None, table: str | None, request: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Tell the templates which database is ours, and what of it a page shows besides its own row or rows."""

    async def variables() -> dict[str, Any]:
        found: dict[str, Any] = {"store": await _store(datasette)}
        if view_name == "index" and found["store"]:
            found["holds"] = await _holds(datasette.databases[found["store"]])
        if database and database == found["store"]:
            ours = datasette.databases[database]
            if view_name == "table" and table == "quotes":
                found["citations"] = partial(_citations, ours)
            if view_name == "row" and table == "quotes":
                found["cited"] = await _cited(ours, tilde_decode(request.url_vars["pks"]))
            if view_name == "row" and table in ("speakers", "articles"):
                found["about"] = await _about(ours, table, tilde_decode(request.url_vars["pks"]))
        return found

    return variables


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Make a cell readable; ``None`` leaves it to Datasette, which escapes it."""
    if isinstance(value, dict):  # a foreign key with its label
        return _link(datasette, database, _LEADS_TO.get(column), value["value"], value["label"])
    if not isinstance(value, str) or not value:
        return None
    names = set(row.keys())
    if table == "quotes" and column == "text":
        return _link(datasette, database, "quotes", row["id"], value, css="said")
    if column == "quote" and "id" in names:
        return _link(datasette, database, "quotes", row["id"], _marked(value), css="said")
    if column == "speaker" and "speaker_id" in names:
        return _link(datasette, database, "speakers", row["speaker_id"], value)
    if column == "title" and "article_id" in names:
        return _link(datasette, database, "articles", row["article_id"], value)
    if column in _LEADS_TO and table != _LEADS_TO[column]:
        return _link(datasette, database, _LEADS_TO[column], value, value)
    if column == "url":
        # The link is the publisher's; anything but http, such as javascript:, stays text.
        if value.startswith(("https://", "http://")):
            return Markup('<a href="{}" rel="nofollow noopener">{}</a>').format(value, value)
        return escape(value)
    if column in ("text", "paragraph", "error"):
        return Markup('<div class="whole" tabindex="0">{}</div>').format(value)
    return None


def _link(datasette: Any, database: str, table: str | None, key: Any, words: Any, css: str = "") -> Any:
    words = words if words not in (None, "") else key
    if key in (None, "") or table is None:
        return escape(words)
    href = f"{datasette.urls.table(database, table)}/{tilde_encode(str(key))}"
    return Markup('<a href="{}"{}>{}</a>').format(href, Markup(f' class="{css}"' if css else ""), words)


def _marked(snippet: str) -> Markup:
    """``a ⟪word⟫`` → ``a <mark>word</mark>``, and any other markup harmless."""
    begin, end = MATCH_MARKS
    return Markup(str(escape(snippet)).replace(begin, "<mark>").replace(end, "</mark>"))


@cache
def _stylesheet() -> str:
    # Datasette serves the files of a plugin under the name of its distribution, or of its module.
    from datasette.plugins import get_plugins

    [name] = {plugin["name"] for plugin in get_plugins() if plugin["static_path"] == str(_HERE / "static")}
    digest = sha256((_HERE / "static" / "site.css").read_bytes()).hexdigest()[:8]
    return f"/-/static-plugins/{name}/site.css?{digest}"


async def _store(datasette: Any) -> str | None:
    """The name under which our database is served, if it is."""
    for name, database in datasette.databases.items():
        if "citations" in await database.view_names() and await database.table_exists("quotes_fts"):
            return str(name)
    return None


async def _holds(database: Any) -> dict[str, Any]:
    """What the database holds, in a few numbers and lists for the home page."""
    counts = (
        "SELECT (SELECT count(*) FROM quotes) AS quotes, (SELECT count(*) FROM speakers) AS speakers,"
        " (SELECT count(*) FROM articles) AS articles, (SELECT min(published) FROM quotes) AS first,"
        " (SELECT max(published) FROM quotes) AS last"
    )
    speakers = "SELECT id, name, quotes FROM speakers ORDER BY quotes DESC, name LIMIT 12"
    outlets = (
        "SELECT outlet, count(*) AS quotes FROM quotes WHERE outlet IS NOT NULL"
        " GROUP BY outlet ORDER BY quotes DESC, outlet LIMIT 12"
    )
    years = (
        "SELECT year, count(*) AS quotes FROM quotes WHERE year IS NOT NULL"
        " GROUP BY year ORDER BY year DESC LIMIT 12"
    )
    latest = (
        "SELECT citations.* FROM quotes JOIN citations ON citations.id = quotes.id"
        " WHERE quotes.speaker_id IS NOT NULL ORDER BY quotes.sequence DESC LIMIT 5"
    )
    return {
        "counts": (await database.execute(counts)).first(),
        "speakers": (await database.execute(speakers)).rows,
        "outlets": (await database.execute(outlets)).rows,
        "years": (await database.execute(years)).rows,
        "latest": (await database.execute(latest)).rows,
    }


async def _citations(database: Any, ids: Sequence[str]) -> dict[str, Any]:
    """The citations of these quotes, by id: a row of ``quotes`` has no names and no mention."""
    sql = "SELECT * FROM citations WHERE id IN (SELECT value FROM json_each(?))"
    return {row["id"]: row for row in (await database.execute(sql, [json.dumps(ids)])).rows}


async def _about(database: Any, table: str, key: str) -> dict[str, Any] | None:
    """A speaker with the latest quotes and all aliases, or an article with its quotes in reading order."""
    name, column, order = {
        "speakers": ("name", "speaker_id", "quotes.sequence DESC"),
        "articles": ("title", "article_id", "quotes.position"),
    }[table]
    row = (await database.execute(f"SELECT * FROM {table} WHERE id = ?", [key])).first()
    if row is None:
        return None
    quotes = (
        "SELECT citations.* FROM quotes JOIN citations ON citations.id = quotes.id"
        f" WHERE quotes.{column} = ? ORDER BY {order} LIMIT 50"
    )
    aliases = "SELECT alias FROM aliases WHERE speaker_id = ? AND alias <> ? ORDER BY alias"
    about = {"name": row[name] or key, "column": column, "row": row}
    about["quotes"] = (await database.execute(quotes, [key])).rows
    if table == "speakers":
        found = await database.execute(aliases, [key, row["name"]])
        about["aliases"] = [alias["alias"] for alias in found.rows]
    return about


async def _cited(database: Any, quote_id: str) -> dict[str, Any] | None:
    """A quote with its source, and the paragraph around with the quote, its speaker and its cue marked."""
    sql = (
        "SELECT citations.*, contexts.*, quotes.position, articles.quotes FROM citations"
        " JOIN contexts ON contexts.quote_id = citations.id JOIN quotes ON quotes.id = citations.id"
        " JOIN articles ON articles.id = citations.article_id WHERE citations.id = ?"
    )
    row = (await database.execute(sql, [quote_id])).first()
    if row is None:
        return None
    spans = [(start, end, "said") for start, end in json.loads(row["parts"])]
    if row["mention_start"] is not None:
        spans.append((row["mention_start"], row["mention_end"], "speaker"))
    if row["cue_start"] is not None:
        spans.append((row["cue_start"], row["cue_end"], "cue"))
    context = _shown(row["paragraph"], row["paragraph_start"], spans)
    shows = {css: f'<mark class="{css}">' in context for css in ("speaker", "cue")}
    return {**dict(row), "context": context, "shows": shows}


def _shown(paragraph: str, at: int, spans: Iterable[tuple[int, int, str]]) -> Markup:
    """The paragraph with its spans marked. One that lies outside, or inside another, is left out."""
    shown, done = Markup(), at
    for start, end, css in sorted(spans):
        if done <= start and end <= at + len(paragraph):
            before, words = paragraph[done - at : start - at], paragraph[start - at : end - at]
            shown += escape(before) + Markup('<mark class="{}">{}</mark>').format(css, words)
            done = end
    return shown + escape(paragraph[done - at :])
