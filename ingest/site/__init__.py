"""The published site: a Datasette plugin, found by its entry point, and no flags needed.

    question   what a page is narrowed to: its URL, and as SQL
    archive    asking the database, within the time that a request may take
    answers    the quotes that answer a question, a page of them and counted by facet
    pages/     home, search, speakers, a speaker, a quote, an article, compare, about
    export, feeds, cite   the same as CSV, JSON, Atom, citations and JSON-LD
    guard      security headers, robots rules, sitemaps
    distinct, charts, marking, frame   parts of pages

Datasette's own pages stay, as “the data”: tables, canned queries, the whole file. All that comes from an
article is untrusted: it is escaped here or by the templates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from datasette.utils import tilde_encode
from markupsafe import Markup, escape
from pluggy import HookimplMarker

from ingest import packaged_file
from ingest.store import fold, match_query

hookimpl = HookimplMarker("datasette")  # datasette.hookimpl, with its types

# What metadata.yml cannot say, and Datasette takes on the command line or in settings.json.
SETTINGS: dict[str, int | bool] = {
    "default_page_size": 50,
    # For the tables and canned queries, of which a page asks two or three; our own pages count their time.
    "sql_time_limit_ms": 900,
    "facet_time_limit_ms": 200,
    "allow_facet": False,
    "suggest_facets": False,
    "max_csv_mb": 0,  # the default, 100, cuts a longer export short and still answers 200
    "truncate_cells_html": 0,
    "default_cache_ttl": 300,
    "default_allow_sql": False,  # the canned queries still run
}

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


@hookimpl(tryfirst=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """An address that makes no sense to Datasette is a mistake of who asks (400), no failure here (500)."""
    from datasette.handle_exception import handle_exception as answered
    from datasette.utils.asgi import Base400
    from datasette.views.base import DatasetteError

    if isinstance(exception, DatasetteError) and exception.status == 500:
        return answered(datasette, request, Base400(exception.message))
    of_the_data = "database" in request.url_vars and bool(request.query_string)
    if of_the_data and isinstance(
        exception, (LookupError, TypeError, ValueError, ArithmeticError, sqlite3.Error)
    ):
        return answered(datasette, request, Base400("What follows the “?” cannot be understood."))
    return None


@hookimpl(tryfirst=True)
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    """Our pages, before Datasette's own home page and any other plugin's robots.txt."""
    from ingest.site import guard, pages

    return [*pages.ROUTES, *guard.ROUTES]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Security headers and robots rules on every response."""
    from ingest.site.guard import guarded

    return lambda app: guarded(app, datasette.setting("base_url"))


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give SQL the functions that make a reader's words and names safe to look up, and names sort.

    A cache of 32 MB instead of 2: counting what a common word finds takes a quarter less (a million quotes).
    """
    from ingest.site.pages.speakers import sort_name

    for name, arguments, function in (
        ("onrecord_match", 1, lambda words: match_query(str(words or ""))),
        ("onrecord_fold", 1, lambda name: fold(str(name or ""))),
        ("onrecord_sort_name", 2, sort_name),
    ):
        conn.create_function(name, arguments, function, deterministic=True)
    conn.execute("PRAGMA cache_size = -32768")


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """What templates need that a page's own values do not hold; the page of an error has no other way."""
    from ingest.site.charts import bars
    from ingest.site.cite import in_words, safe_url
    from ingest.site.marking import marked
    from ingest.site.pages.quote import surely

    env.globals.update(asset=_asset, bars=bars, surely=surely)
    env.filters.update(
        tilde_encode=tilde_encode,
        day=in_words,
        safe_url=safe_url,
        marked=marked,
        number=lambda value: f"{value:,}",
    )


@hookimpl
def extra_template_vars(datasette: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Tell the templates which database is ours, the site's name, and where pages are."""
    from ingest.site.archive import store
    from ingest.site.frame import Links, site_name

    async def variables() -> dict[str, Any]:
        return {"store": await store(datasette), "site_name": site_name(datasette), "link": Links(datasette)}

    return variables


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Lead from the data's cells to our pages; ``None`` leaves a cell to Datasette, which escapes it."""
    from ingest.site.cite import safe_url
    from ingest.site.frame import Links
    from ingest.site.marking import marked

    links = Links(datasette)
    leads = {"speaker_id": links.speaker, "article_id": links.article, "quote_id": links.quote}
    leads |= {"canonical_id": links.quote}
    of_table = {"quotes": links.quote, "citations": links.quote, "speakers": links.speaker}
    of_table |= {"articles": links.article}
    if isinstance(value, dict):  # a foreign key with its label
        lead = leads.get(column)
        return _link(lead(str(value["value"])), value["label"] or value["value"]) if lead else None
    if not isinstance(value, str) or not value:
        return None
    names = set(row.keys())
    if column == "id" and table in of_table:
        return _link(of_table[table](value), value)
    if table == "quotes" and column == "text":
        return _link(links.quote(row["id"]), value) if "id" in names else None
    if column == "quote" and "id" in names:
        return _link(links.quote(row["id"]), marked(value))
    if column == "speaker" and "speaker_id" in names and row["speaker_id"]:
        return _link(links.speaker(row["speaker_id"]), value)
    if column in leads:
        return _link(leads[column](value), value)
    if column == "url":
        # The link is the publisher's; anything but http, such as javascript:, stays text.
        href = safe_url(value)
        return (
            Markup('<a href="{}" rel="nofollow noopener">{}</a>').format(href, value)
            if href
            else escape(value)
        )
    if column in ("text", "paragraph", "error"):
        return Markup('<div class="whole" tabindex="0">{}</div>').format(value)
    return None


def _link(href: str, words: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, words)


@cache
def _asset(name: str) -> str:
    """The path of a file in ``static/``, which changes with the file."""
    # Datasette serves the files of a plugin under the name of its distribution, or of its module.
    from datasette.plugins import get_plugins

    [plugin] = {plugin["name"] for plugin in get_plugins() if plugin["static_path"] == str(_HERE / "static")}
    digest = sha256((_HERE / "static" / name).read_bytes()).hexdigest()[:8]
    return f"/-/static-plugins/{plugin}/{name}?{digest}"
