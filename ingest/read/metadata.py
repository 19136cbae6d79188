"""What a page says of itself: headline, authors, outlet, day and address.

The schema.org record (JSON-LD) and the meta tags come first, since they are written for programs; what
they leave blank comes from trafilatura, which also looks at the page as a reader would see it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from ingest.read.addresses import host, speaks_for, web_address, without_tracking
from ingest.read.facts import Facts, day

_MOST_OBJECTS = 2_000  # of JSON-LD in one page
_MOST_TAGS = 50  # of one name that are looked at
_MOST_NAMES = 20
_LONGEST = 500
_ARTICLE = re.compile(r"Article$|Posting$|^Report$|^Review$", re.IGNORECASE)
# Where a page is kept, which is not who publishes it.
_HOSTING = frozenset(
    ["blogger", "blogspot", "wordpress", "wordpress.com", "medium", "substack", "tumblr", "facebook"]
)
_SEPARATOR = re.compile(r"\s+(?:[|•·»–—-]|--|::)\s+")
_TITLE_SEPARATOR = re.compile(rf"{_SEPARATOR.pattern}|:\s+")
_LONGEST_OUTLET = 5  # words
_DATE_IN_PATH = re.compile(r"[/-](\d{4})[/-]([01]?\d|[a-z]{3})[/-]([0-3]?\d)(?=[/_.-]|$)", re.IGNORECASE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_EARLIEST = "1990"

_AGENCY = r"(?:The )?(?:Associated Press|Press Association|Reuters|Bloomberg(?: News)?|Agence France-Presse)"
_NOT_A_NAME = re.compile(
    r"^(?:https?:|www\.|@|/)|\.(?:com|co\.uk|org|net)(?:/|$)|^(?:admin(?:istrator)?|webmaster|root|user)$",
    re.IGNORECASE,
)
_BEFORE_NAMES = re.compile(
    r"^(?:(?:written |posted |story |words |reporting )?by|author)\b[:\s]+", re.IGNORECASE
)
_AFTER_NAMES = re.compile(
    r"[\s,;|–—-]+(?:on\s+)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*|(?:january|february|march|april|june"
    r"|july|august|september|october|november|december)\b.*|updated\b.*|published\b.*)$",
    re.IGNORECASE,
)
_AFTER_A_COMMA = r"Jr|Sr|II|III|Ph\.?D|M\.?D|[BM]\.?A|[BM]S|[BM]Sc|MPH|MBA|J\.?D|R[DN]|RDN|DO|Esq|[OMC]BE"
_BETWEEN_NAMES = re.compile(rf"\s*(?:[;|]|,(?!\s*(?:{_AFTER_A_COMMA})\b)|\band\b|&)\s*", re.IGNORECASE)
_POST = re.compile(r"\b(?:writer|reporter|correspondent|editor|columnist|contributor)s?$", re.IGNORECASE)
# "By" and two words or more in capitals, as a line of its own: not "by the council", nor "By Tuesday".
_BYLINE = re.compile(
    r"(?:(?:Written|Posted|Story|Words|Reporting) by|By|BY)[:\s]+[A-Z][\w.'’-]+\s+[A-Z][\w.'’-]"
)
_LONGEST_BYLINE = 120
_BYLINE_WITHIN = 200  # elements after the headline


def metadata(tree: Any, fallback: Any, address: str | None = None) -> Facts:
    """Return the facts of a page: title, url, outlet, author and published, each none where not found.

    ``tree`` is the parsed page, ``fallback`` trafilatura's Document of it, and ``address`` where the page
    was found: another address is believed only on the same site.
    """
    meta = _meta(tree)
    record = _record(tree)
    url = _url(tree, meta, address)
    outlet = _outlet(record, meta, fallback, url) or _outlet_in_title(tree)
    return {
        "title": _title(tree, record, meta, outlet) or fallback.title,
        "url": url,
        "outlet": outlet or (host(url) if url else None),
        "author": _authors(tree, record, meta, fallback, outlet),
        "published": _published(record, meta, fallback, url),
    }


def _meta(tree: Any) -> dict[str, list[str]]:
    """Return the contents of the meta tags by their name in lower case."""
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        content = (tag.get("content") or "").strip()
        if name and content and len(found.setdefault(name.lower(), [])) < _MOST_TAGS:
            found[name.lower()].append(content[:_LONGEST])
    return found


def _first(meta: dict[str, list[str]], *names: str) -> str | None:
    return next((meta[name][0] for name in names if name in meta), None)


def _record(tree: Any) -> dict[str, Any]:
    """Return the page's own record of its article, references to other records filled in; or none."""
    objects = list(_objects(tree))
    by_id = {o["@id"]: o for o in objects if isinstance(o.get("@id"), str) and len(o) > 1}
    records = [o for o in objects if _is_article(o)] or [o for o in objects if "headline" in o]
    return {name: _resolved(value, by_id) for found in records[:1] for name, value in found.items()}


def _is_article(found: dict[str, Any]) -> bool:
    kinds = found.get("@type")
    return any(_ARTICLE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield each JSON object of the page's JSON-LD, the outer before the inner."""
    left = _MOST_OBJECTS
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and left:
            value = waiting.pop(0)
            left -= 1
            if isinstance(value, dict):
                yield value
                waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
            elif isinstance(value, list):
                waiting += value


def _resolved(value: Any, by_id: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolved(part, by_id) for part in value]
    if isinstance(value, dict) and "name" not in value:
        return by_id.get(str(value.get("@id")), value)
    return value


def _url(tree: Any, meta: dict[str, list[str]], address: str | None) -> str | None:
    """Return the article's own address: the canonical one if the page may say so, else where it was found."""
    named = [link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    for value in [*named, *meta.get("og:url", [])]:
        try:
            url = web_address(urljoin(address or "", (value or "").strip()))
        except ValueError:
            continue
        # A site that names its front page as every page's address has named nothing.
        if not url or (urlsplit(url).path in ("", "/") and not urlsplit(url).query):
            continue
        if address is None or speaks_for(address, url):
            return without_tracking(url)
    return without_tracking(address) if address else None


def _title(tree: Any, record: dict[str, Any], meta: dict[str, list[str]], outlet: str | None) -> str | None:
    """Return the headline as the page prints it, if the page's metadata agrees, else as they have it."""
    printed = [_inside(heading) for heading in islice(tree.iter("h1"), _MOST_TAGS)]
    head = [_inside(title) for title in islice(tree.iter("title"), 1)]
    headline = _words(html.unescape(str(record.get("headline") or "")[:_LONGEST]))
    tags = [_words(meta[name][0]) for name in ("og:title", "twitter:title") if name in meta]
    told = [title for title in (headline, *tags, *head) if title]
    for heading in printed:
        if heading and _key(heading) != _key(outlet or ""):
            if any(
                _key(heading) == _key(part) for title in told for part in (title, *_SEPARATOR.split(title))
            ):
                return heading
            if len(heading) > 20 and any(_key(heading) in _key(title) for title in told):
                return heading
    return _without_outlet(told[0], outlet) if told else None


def _without_outlet(title: str, outlet: str | None) -> str:
    """``("Dam holds - News - The Echo", "The Echo")`` → ``"Dam holds - News"``."""
    parts = _SEPARATOR.split(title)
    if outlet and len(parts) > 1:
        for part, rest in ((parts[-1], title[: title.rfind(parts[-1])]), (parts[0], title[len(parts[0]) :])):
            if _key(part) and (_key(part) in _key(outlet) or _key(outlet) in _key(part)):
                return rest.strip(" |•·»–—-:")
    return title


def _outlet(record: dict[str, Any], meta: dict[str, list[str]], fallback: Any, url: str | None) -> str | None:
    """Return who publishes the page; never the platform that it is kept on."""
    site = _first(meta, "og:site_name")
    publisher = record.get("publisher")
    for candidate in (_name(publisher), site, fallback.sitename):
        name = _SEPARATOR.split(_words(html.unescape(candidate[:_LONGEST])))[0] if candidate else ""
        if name and name.lower() not in _HOSTING and not re.match(r"https?:|@|/", name):
            return name[0].upper() + name[1:] if name.startswith("the ") else name
    return None


def _outlet_in_title(tree: Any) -> str | None:
    """``<title>The Echo: Dam holds</title>`` above the headline ``Dam holds`` → ``"The Echo"``."""
    printed = {_key(_inside(heading)) for heading in islice(tree.iter("h1"), _MOST_TAGS)}
    for title in map(_inside, islice(tree.iter("title"), 1)):
        for separator in _TITLE_SEPARATOR.finditer(title):
            before, after = title[: separator.start()], title[separator.end() :]
            for headline, name in ((before, after), (after, before)):
                if _key(headline) in printed and 0 < len(name.split()) <= _LONGEST_OUTLET:
                    return name
    return None


def _name(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) else None


def _authors(
    tree: Any, record: dict[str, Any], meta: dict[str, list[str]], fallback: Any, outlet: str | None
) -> str | None:
    """Return the authors' names: of ``"By Ann Lee and Bo Ray, The Echo"``, ``"Ann Lee; Bo Ray"``."""
    told = record.get("author") or record.get("creator")
    sources: list[list[str | None]] = [
        [_name(part) for part in (told if isinstance(told, list) else [told])[:_MOST_NAMES]],
        [*(meta.get("author") or meta.get("article:author") or meta.get("parsely-author") or [])],
        [None if told else fallback.author],  # which would be whoever else the record names
        [_byline(tree)],
    ]
    for source in sources:
        names: list[str] = []
        for line in source:
            names += [name for name in _names((line or "")[:_LONGEST], outlet) if name not in names]
        if names:
            people = [name for name in names if not _POST.search(name)]
            return "; ".join((people or names)[:_MOST_NAMES])
    return None


def _byline(tree: Any) -> str | None:
    """Return the line below the headline that says who wrote the article: ``"By Ann Lee on Tuesday"``."""
    below = tree.xpath("(.//h1)[1]/following::*")[:_BYLINE_WITHIN]
    lines = (_inside(element) for element in below if element.tag not in ("script", "style"))
    return next((line for line in lines if len(line) < _LONGEST_BYLINE and _BYLINE.match(line)), None)


def _names(line: str, outlet: str | None) -> Iterator[str]:
    line = _BEFORE_NAMES.sub("", _words(html.unescape(line)))
    line = _AFTER_NAMES.sub("", line)
    if re.fullmatch(_AGENCY, line, re.IGNORECASE):
        yield line
        return
    for part in _BETWEEN_NAMES.split(line):
        name = _AFTER_NAMES.sub(
            "", re.sub(rf"\s+{_AGENCY}$", "", _BEFORE_NAMES.sub("", part)).strip(" .:-–—")
        )
        if not name or len(name) > 80 or _NOT_A_NAME.search(name) or re.search(r"\d{3}", name):
            continue
        if outlet and (_key(name) in _key(outlet) or _key(outlet) in _key(name)):
            continue
        if re.search(r"[^\W\d_]{2}", name):
            yield name


def _published(
    record: dict[str, Any], meta: dict[str, list[str]], fallback: Any, url: str | None
) -> str | None:
    """Return the day of publication where the outlet is.

    A moment given in universal time may be the next day's: the day in the address, if within a day of
    it, is the outlet's own.
    """
    tags = (
        "article:published_time", "article.published", "og:article:published_time", "datepublished", "date",
        "pubdate", "publishdate", "publish-date", "dc.date.issued", "dc.date", "sailthru.date",
        "parsely-pub-date", "cxenseparse:recs:publishtime", "og:pubdate",
    )  # fmt: skip
    candidates = [record.get("datePublished"), _first(meta, *tags), fallback.date, record.get("dateCreated")]
    days = (day(candidate) for candidate in candidates)
    found = next((one for one in days if one and one >= _EARLIEST), None)
    in_path = _day_in_path(url)
    if found is None or in_path is None:
        return found or in_path
    near = abs(date.fromisoformat(found) - date.fromisoformat(in_path)) <= timedelta(days=1)
    return in_path if near else found


def _day_in_path(url: str | None) -> str | None:
    """``"https://echo.example/2025/mar/04/wall"`` → ``"2025-03-04"``."""
    found = _DATE_IN_PATH.search(urlsplit(url).path) if url else None
    if found is None:
        return None
    year, month, number = found.groups()
    in_words = month.lower() in _MONTHS
    if not in_words and not month.isdigit():
        return None
    return day(f"{year}-{_MONTHS.index(month.lower()) + 1 if in_words else int(month):02}-{int(number):02}")


def _inside(tag: Any) -> str:
    return _words(" ".join(islice(tag.itertext(), _MOST_TAGS)))[:_LONGEST]


def _words(text: str) -> str:
    return " ".join(text.split())


def _key(text: str) -> str:
    """``"The Echo"`` and ``"the-echo"`` → the same."""
    return re.sub(r"[\W_]+", "", text).lower()
