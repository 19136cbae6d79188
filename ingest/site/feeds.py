"""Quotes as an Atom feed (RFC 4287), for readers that look for what is new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as xml

from datasette.utils.asgi import Response
from markupsafe import Markup

from ingest.site.cite import in_words, safe_url
from ingest.site.frame import Links, absolute, kept, site_name

ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def response(
    datasette: Any, request: Any, *, title: str, about: str, here: str, quotes: Sequence[dict[str, Any]]
) -> Response:
    """A feed of these quotes, newest first; ``about`` is the page that it is of, ``here`` its own address."""
    links = Links(datasette)
    feed = xml.Element("feed", {"xmlns": _ATOM})
    _add(feed, "title", f"{title} – {site_name(datasette)}")
    _add(feed, "id", absolute(datasette, request, here))
    _add(feed, "updated", _moment(max((quote["published"] or "" for quote in quotes), default="")))
    _add(feed, "link", rel="self", type="application/atom+xml", href=absolute(datasette, request, here))
    _add(feed, "link", rel="alternate", type="text/html", href=absolute(datasette, request, about))
    for quote in quotes:
        link = absolute(datasette, request, links.quote(quote["id"]))
        who = quote["speaker"] or quote["mention"] or "Speaker not known"
        entry = xml.SubElement(feed, "entry")
        _add(entry, "title", f"{who}: {_short(quote['quote'])}")
        _add(entry, "id", link)
        _add(entry, "link", rel="alternate", type="text/html", href=link)
        _add(entry, "updated", _moment(quote["published"]))
        _add(xml.SubElement(entry, "author"), "name", who)
        _add(entry, "content", str(_content(quote)), type="html")
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(feed, encoding="unicode")
    return Response(text, headers=kept(datasette), content_type="application/atom+xml; charset=utf-8")


def _add(parent: xml.Element, name: str, text: str | None = None, **attributes: str) -> None:
    element = xml.SubElement(
        parent, name, {key: _FORBIDDEN.sub("", value) for key, value in attributes.items()}
    )
    element.text = None if text is None else _FORBIDDEN.sub("", text)


def _short(words: str, most: int = 90) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def _moment(published: str | None) -> str:
    """A day, or what is known of it, as RFC 3339 asks for."""
    found = re.match(r"(\d{4})(-\d\d)?(-\d\d)?", published or "")
    year, month, day = found.groups() if found else ("1970", None, None)
    return f"{year}{month or '-01'}{day or '-01'}T00:00:00Z"


def _content(quote: dict[str, Any]) -> Markup:
    url, title = safe_url(quote["url"]), quote["title"] or quote["article_id"]
    source = Markup('<a href="{}">{}</a>').format(url, title) if url else Markup("{}").format(title)
    who = ", ".join(part for part in (quote["speaker"], quote["role"], quote["affiliation"]) if part)
    where = ", ".join(part for part in (quote["outlet"], in_words(quote["published"])) if part)
    return Markup("<blockquote>{}</blockquote><p>{}</p><p>{}: {}</p>").format(
        quote["quote"], who or quote["mention"] or "", where, source
    )
