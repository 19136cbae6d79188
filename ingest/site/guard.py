"""What browsers, crawlers and spreadsheets may do here: security headers, robots rules, sitemaps, CSV."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from xml.sax.saxutils import escape

from datasette.utils.asgi import NotFound, Response

from ingest.site.archive import Archive, consult, store
from ingest.site.frame import Links, absolute, kept

# Nothing but our own stylesheet, script and pictures: no word of an article is ever run.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# What search engines may keep: pages that stay. Never searches and facets, of which there is no end.
_INDEXED = re.compile(
    r"/|/(speakers|about)|/(speaker|quote|article)/[^/.]+|/-/static-plugins/.*|/(robots\.txt|sitemap.*)"
)
_ROBOTS = """\
User-agent: *
Allow: /$
Allow: /about$
Allow: /speakers$
Allow: /speaker/
Allow: /quote/
Allow: /article/
Allow: /sitemap
Allow: /-/static-plugins/
Disallow: /speaker/*.
Disallow: /quote/*.
Disallow: /article/*.
Disallow: /
"""
_CELL = re.compile(r'("[^"]*(?:""[^"]*)*"|[^,\r\n]*)(,|\r\n)')
# What a spreadsheet takes for a formula; a negative number is none.
_FORMULA = re.compile(r'"?([=+@\t\r\n]|-(?!\d+(\.\d+)?$))')
_A_SITEMAP = 20_000  # addresses in one; the protocol allows 50,000


def guarded(app: Callable[..., Awaitable[None]], prefix: str) -> Callable[..., Awaitable[None]]:
    """The application with our headers on all that it answers, errors too; ``prefix`` is its base URL."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        raw = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        path = "/" + raw.removeprefix(prefix).lstrip("/")
        ours = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
        if scope.get("query_string") or not _INDEXED.fullmatch(path):
            ours.append((b"x-robots-tag", b"noindex"))

        begun = rows = False

        async def send_guarded(message: Any) -> None:
            nonlocal begun, rows
            if message["type"] == "http.response.start":
                if begun:
                    # An error within a file that is being sent: it must break off, not end in HTML.
                    raise ConnectionAbortedError("The rest of the answer could not be made")
                begun = True
                names = {name for name, _ in ours}
                kept_headers = [item for item in message.get("headers", []) if item[0].lower() not in names]
                message = {**message, "headers": [*kept_headers, *ours]}
                kind = dict(kept_headers).get(b"content-type", b"")
                # Datasette calls its own CSV plain text unless it is to be saved.
                rows = path.endswith(".csv") and kind.startswith((b"text/csv", b"text/plain"))
            elif rows and message.get("body"):
                message = {**message, "body": harmless(message["body"].decode()).encode()}
            await send(message)

        await app(scope, receive, send_guarded)

    return answer


def harmless(rows: str) -> str:
    """Rows of CSV without formulas: ``=HYPERLINK(…)`` becomes ``'=HYPERLINK(…)``, which is text.

    All rows are written in whole lines. What is not, is Datasette's word that it cannot go on: this raises
    ``ConnectionAbortedError``, so that the file breaks off and does not look whole.
    """
    if not rows.endswith("\r\n"):
        raise ConnectionAbortedError(f"The rest of the file could not be made: {rows}")
    return _CELL.sub(_as_text, rows)


def _as_text(found: re.Match[str]) -> str:
    cell, end = found.groups()
    if not _FORMULA.match(cell):
        return found[0]
    return f"\"'{cell[1:]}{end}" if cell.startswith('"') else f"'{cell}{end}"


async def robots(datasette: Any, request: Any) -> Response:
    """``/robots.txt``."""
    prefix = str(datasette.urls.path("/")).rstrip("/")
    rules = re.sub(r"(?m)^(Allow|Disallow): ", rf"\1: {prefix}", _ROBOTS)
    if await store(datasette):
        rules += f"\nSitemap: {absolute(datasette, request, Links(datasette).page('sitemap.xml'))}\n"
    return Response.text(rules, headers=kept(datasette))


async def sitemap(datasette: Any, request: Any) -> Response:
    """``/sitemap.xml``: the list of ``/sitemap-quote-1.xml`` and the like, a range of rows each."""
    links, ends = Links(datasette), await consult(datasette, _rows)
    parts = [
        absolute(datasette, request, links.page(f"sitemap-{kind}-{number}.xml"))
        for kind, most in ends.items()
        for number in range(1, (most - 1) // _A_SITEMAP + 2)
        if most
    ]
    listed = "".join(f"<sitemap><loc>{escape(part)}</loc></sitemap>\n" for part in parts)
    return _xml(datasette, "sitemapindex", listed)


async def sitemap_part(datasette: Any, request: Any) -> Response:
    """``/sitemap-quote-2.xml``: the second range of quotes."""
    kind, number = request.url_vars["kind"], int(request.url_vars["number"])
    ids = await consult(datasette, _ids, kind, (number - 1) * _A_SITEMAP)
    if not ids:
        raise NotFound("There is no such part of the sitemap.")
    link = getattr(Links(datasette), kind)
    listed = "".join(
        f"<url><loc>{escape(absolute(datasette, request, link(key)))}</loc></url>\n" for key in ids
    )
    return _xml(datasette, "urlset", listed)


def _rows(archive: Archive) -> dict[str, int]:
    return {
        "speaker": archive.value("SELECT coalesce(max(rowid), 0) FROM speakers"),
        "article": archive.value("SELECT coalesce(max(rowid), 0) FROM articles"),
        "quote": archive.value("SELECT coalesce(max(number), 0) FROM quotes"),
    }


def _ids(archive: Archive, kind: str, after: int) -> list[str]:
    table, column = {
        "speaker": ("speakers", "rowid"),
        "article": ("articles", "rowid"),
        "quote": ("quotes", "number"),
    }[kind]
    rows = archive.rows(
        f"SELECT id FROM {table} WHERE {column} > :after AND {column} <= :last ORDER BY {column}",
        {"after": after, "last": after + _A_SITEMAP},
    )
    return [row["id"] for row in rows]


def _xml(datasette: Any, name: str, inside: str) -> Response:
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{inside}</{name}>\n"
    )
    return Response(text, headers=kept(datasette), content_type="application/xml; charset=utf-8")


ROUTES = [
    (r"^/robots\.txt$", robots),
    (r"^/sitemap\.xml$", sitemap),
    (r"^/sitemap-(?P<kind>speaker|article|quote)-(?P<number>[1-9][0-9]{0,5})\.xml$", sitemap_part),
]
