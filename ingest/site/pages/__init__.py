"""Our pages, one module each: what it asks of the archive, and how that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingest.site.pages import about, article, compare, home, quote, search, speaker, speakers

ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"^/$", home.page),
    (r"^/search(?P<suffix>|\.csv|\.json|\.atom)$", search.page),
    (r"^/speakers(?P<suffix>|\.csv|\.json)$", speakers.page),
    (r"^/speaker/(?P<key>[^/.]+)(?P<suffix>|\.csv|\.json|\.atom)$", speaker.page),
    (r"^/quote/(?P<key>[^/.]+)(?P<suffix>|\.json)$", quote.page),
    (r"^/article/(?P<key>[^/.]+)(?P<suffix>|\.csv|\.json)$", article.page),
    (r"^/compare(?P<suffix>|\.json)$", compare.page),
    (r"^/about$", about.page),
]
