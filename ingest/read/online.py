"""What web addresses lead to: the article of a page, or those of every page that a feed or sitemap lists."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.read.addresses import without_tracking
from ingest.read.errors import ContentError, ReadError
from ingest.read.feeds import Entry, read_listing, sort_of
from ingest.read.parse import parse_page
from ingest.read.web import Answer, Web
from ingest.records import Article, Failure

_DEEPEST = 3  # a list of sitemaps may list lists


def from_address(address: str, web: Web) -> Iterator[Article | Failure]:
    """Yield the article at an address, or of each page that the feed or sitemap there lists.

    What it is, its content says. Lazily: a page is fetched when its turn comes.
    """
    try:
        answer = web.get(address)
        if sort_of(answer.content) in ("feed", "sitemap"):
            yield from from_listing(answer.content, answer.url, web)
        else:
            yield article_of(answer, Entry(address))
    except ReadError as error:
        yield error.failure()


def from_listing(data: bytes, address: str, web: Web, *, depth: int = 1) -> Iterator[Article | Failure]:
    """Yield the article of each page that a feed or sitemap lists, found itself at ``address``."""
    empty = True
    try:
        for entry in read_listing(data, address):
            empty = False
            if entry.is_list:
                yield from _from_sitemap(entry, web, depth + 1)
            else:
                yield from _from_entry(entry, web)
        if empty:
            raise ContentError("it lists no pages; check that it is the right one")
    except ContentError as error:
        yield ReadError(address, str(error)).failure()


def _from_sitemap(entry: Entry, web: Web, depth: int) -> Iterator[Article | Failure]:
    try:
        if depth > _DEEPEST:
            raise ReadError(entry.url, "sitemaps within sitemaps, too deep; give the address of one of them")
        answer = web.get(entry.url)
    except ReadError as error:
        yield error.failure()
    else:
        yield from from_listing(answer.content, answer.url, web, depth=depth)


def _from_entry(entry: Entry, web: Web) -> Iterator[Article | Failure]:
    try:
        yield article_of(web.get(entry.url), entry)
    except ReadError as error:
        yield error.failure()


def article_of(answer: Answer, entry: Entry) -> Article:
    """Return the article of a page that was fetched. Raises ReadError where it is no page or has none."""
    is_page = sort_of(answer.content) == "page" or "html" in answer.type.lower()
    if answer.content.strip() and not is_page:
        kind = answer.type.partition(";")[0].strip()[:60] or "of no known type"
        raise ReadError(
            entry.url, f"not a page ({kind}); give a page, a feed or a sitemap, or save it as a file"
        )
    return parse_page(answer.content, without_tracking(answer.url), entry.facts, answer.type)
