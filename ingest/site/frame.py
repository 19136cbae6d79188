"""What all our pages share: the links between them, and how a template becomes a response."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette.utils import tilde_encode
from datasette.utils.asgi import Response

from ingest.site.question import Question

NAME = "On the record"


class Links:
    """Where pages are: paths on this site, under whatever prefix it is served.

    The key of a page may hold anything; Datasette's tilde encoding leaves ``.csv`` to mean a format.
    """

    def __init__(self, datasette: Any) -> None:
        self._path = datasette.urls.path

    def home(self) -> str:
        """The home page."""
        return str(self._path("/"))

    def page(self, path: str, /, **query: str) -> str:
        """``page("speakers", letter="A")`` → ``/speakers?letter=A``."""
        asked = {key: value for key, value in query.items() if value}
        return str(self._path(f"/{path}")) + ("?" + urlencode(asked) if asked else "")

    def search(self, question: Question | None = None, suffix: str = "", **more: str) -> str:
        """The search for a question, or a format of it: ``suffix=".csv"``."""
        return str(self._path(f"/search{suffix}")) + (question or Question()).query(**more)

    def narrowed(self, **filters: Any) -> str:
        """The search for all quotes under these filters."""
        return self.search(Question(**{name: str(value) for name, value in filters.items()}))

    def speaker(self, key: str, suffix: str = "") -> str:
        """A speaker's page."""
        return str(self._path(f"/speaker/{tilde_encode(key)}{suffix}"))

    def quote(self, key: str, suffix: str = "") -> str:
        """A quote's page, for good: its id does not change when the database is rebuilt."""
        return str(self._path(f"/quote/{tilde_encode(key)}{suffix}"))

    def article(self, key: str, suffix: str = "") -> str:
        """An article's page."""
        return str(self._path(f"/article/{tilde_encode(key)}{suffix}"))


def site_name(datasette: Any) -> str:
    """The title that metadata.yml gives the site."""
    return str(datasette.metadata("title") or NAME)


def contact(datasette: Any) -> str:
    """Where errors are to be reported, as metadata.yml says: an e-mail address, a page, or nothing."""
    settings = datasette.plugin_config("onrecord") or {}
    return str(settings.get("contact") or "").strip()


def absolute(datasette: Any, request: Any, path: str) -> str:
    """A path of this site as a whole URL."""
    scheme = "https" if datasette.setting("force_https_urls") else request.scheme
    return f"{scheme}://{request.host}{path}"


async def render(
    datasette: Any, request: Any, template: str, *, canonical: str, status: int = 200, **context: Any
) -> Response:
    """A page of ours, to be kept by browsers for as long as Datasette's own pages are."""
    name = site_name(datasette)
    page = await datasette.render_template(
        f"{template}.html",
        {
            **context,
            "link": Links(datasette),
            "site_name": name,
            "canonical": absolute(datasette, request, canonical),
            "template": template,
        },
        request=request,
        view_name="onrecord",
    )
    return Response.html(page, status=status, headers=kept(datasette))


def kept(datasette: Any) -> dict[str, str]:
    """How long a browser may keep a page."""
    return {"Cache-Control": f"max-age={datasette.setting('default_cache_ttl')}"}
