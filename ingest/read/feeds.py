"""Lists of addresses: RSS and Atom feeds, sitemaps, and text files with one address a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Literal
from urllib.parse import urljoin
from xml.etree import ElementTree

import feedparser

from ingest.read.addresses import web_address
from ingest.read.errors import ContentError
from ingest.read.facts import Facts

Sort = Literal["feed", "sitemap", "page"]

_MOST_ENTRIES = 50_000  # as many as a sitemap may have
_LARGEST_FEED = 5_000_000  # bytes: feedparser takes seconds for each million
# What may stand before the first element of XML or HTML.
_BEFORE = re.compile(
    r"\ufeff|\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)
_ELEMENT = re.compile(r"<(?:\w+:)?(\w+)")
_SORTS: dict[str, Sort] = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
}
_PAGE = re.compile(r"<(?:html|head|body|meta|title|div|p)\b", re.IGNORECASE)
_FEED_LINK = re.compile(r"<link\b[^>]*application/(?:rss|atom)\+xml[^>]*>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a list, and what the list says of the article there.

    ``stamp`` is the list's word for the moment of the last change; ``is_list`` where the address is that
    of another sitemap.
    """

    url: str
    facts: Facts = field(default_factory=dict)
    stamp: str = ""
    is_list: bool = False


def sort_of(data: bytes) -> Sort | None:
    """Return what content is, whatever it is called: ``b"<rss version='2.0'>"`` → ``"feed"``."""
    head = data[:20_000].decode("utf-8", "replace")
    position = 0
    while (before := _BEFORE.match(head, position)) and before.end() > position:
        position = before.end()
    element = _ELEMENT.match(head, position)
    if element and (sort := _SORTS.get(element[1].lower())):
        return sort
    return "page" if _PAGE.search(head) else None


def read_listing(data: bytes, address: str) -> Iterator[Entry]:
    """Yield the entries of a feed or a sitemap, each address once; a ContentError where it is neither."""
    sort = sort_of(data)
    if sort == "feed":
        entries = _from_feed(data, address)
    elif sort == "sitemap":
        entries = _from_sitemap(data, address)
    else:
        own = feeds_of(data, address)
        advice = f"the page names this one: {own[0]}" if own else "give the address of an RSS or Atom feed"
        what = "a page" if sort == "page" else "something else"
        raise ContentError(f"{what}, not a feed or a sitemap; {advice}")
    return _once(entries)


def _once(entries: Iterable[Entry]) -> Iterator[Entry]:
    seen: set[str] = set()
    for entry in entries:
        if entry.url not in seen:
            seen.add(entry.url)
            yield entry
        if len(seen) >= _MOST_ENTRIES:
            raise ContentError(f"more than {_MOST_ENTRIES:,} addresses; split it")


def _from_feed(data: bytes, address: str) -> Iterator[Entry]:
    """Yield the entries of RSS or Atom. A stream goes in, since of a string feedparser may open a file."""
    if len(data) > _LARGEST_FEED:
        raise ContentError(f"larger than {_LARGEST_FEED // 1_000_000} MB, too large for a feed; split it")
    feed = feedparser.parse(BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    if feed.bozo and not feed.entries:
        raise ContentError(f"the feed is broken ({feed.get('bozo_exception')}); try again later, or mend it")
    # As plain dictionaries, since feedparser's own take one date for another.
    for entry in map(dict, feed.entries):
        url = _joined(address, entry.get("link"))
        if url:
            title, published, updated = (entry.get(name) or "" for name in ("title", "published", "updated"))
            facts = {
                "title": unescape(title),
                "author": entry.get("author"),
                "published": published or updated,
            }
            yield Entry(url, facts, f"{updated or published} {title}"[:300])


def _from_sitemap(data: bytes, address: str) -> Iterator[Entry]:
    """Yield the entries of a sitemap, with what a news sitemap says of them."""
    found: dict[str, str] = {}
    try:
        for _, element in ElementTree.iterparse(BytesIO(data)):
            name = element.tag.rpartition("}")[2]
            if name in ("url", "sitemap"):
                if url := _joined(address, found.get("loc")):
                    facts = {"title": found.get("title"), "published": found.get("publication_date")}
                    yield Entry(url, facts, found.get("lastmod", "")[:300], is_list=name == "sitemap")
                found = {}
                element.clear()
            elif element.text and element.text.strip():
                found.setdefault(name, element.text.strip())
    except (ElementTree.ParseError, ValueError) as error:
        problem = f"the sitemap is broken ({error}); what came before that is read"
        raise ContentError(problem) from error


def _joined(address: str, link: object) -> str | None:
    try:
        return web_address(urljoin(address, link.strip())) if isinstance(link, str) else None
    except ValueError:
        return None


def feeds_of(page: bytes, address: str) -> list[str]:
    """Return the addresses of the feeds that a page names for itself."""
    links = _FEED_LINK.findall(page[:200_000].decode("utf-8", "replace"))
    found = [_joined(address, unescape(href[1])) for link in links if (href := _HREF.search(link))]
    return [url for url in found if url]


def only_addresses(text: str) -> list[str]:
    """Return the addresses of a text that is made of nothing else, one a line; of any other, none."""
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()]
    addresses = [line for line in lines if not is_comment(line)]
    return addresses if all(web_address(address) for address in addresses) else []


def is_comment(line: str) -> bool:
    """Whether a line of a file of addresses is none: it is blank or begins with ``#``."""
    return not line or line.startswith("#")
