"""Web addresses: which are safe to keep, which mean the same article, which belong to one site."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

_LONGEST = 2_000
_LONGEST_ID = 500

# Parameters that say how a reader came to a page, never which page it is. Only names that no site uses for
# an article's number: "cid", "ref" and "source" may be one.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|at_(?:medium|campaign|campaign_type|format|link_\w+|ptr_name|bbc_team)"
    r"|(?:fbc|gc|dc|yc|twc|ttc)lid|msclkid|[gw]braid|igshid|igsh|mc_[ce]id|ocid|cmp|cmpid|smid|smtyp|xtor|ito"
    r"|ns_(?:mchannel|source|campaign|linkname|fee)|_ga|_gl|taid|guccounter|guce_\w+|__twitter_impression|ref_src",
    re.IGNORECASE,
)
_DEFAULT_PORT = {"http": ":80", "https": ":443"}
# The same site's other doors.
_DOORS = re.compile(r"^(?:(?:www\d?|m|mobile|amp|edition)\.)+(?=[^.]+\.)")


def web_address(value: object) -> str | None:
    """Return a web address, or None for anything else: ``"javascript:alert(1)"`` → None."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    url = value.strip()
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        return None
    return url if is_web and url.isprintable() and not re.search(r"[\s<>\"\\]", url) else None


def without_tracking(url: str) -> str:
    """Return the address without fragment, default port and tracking parameters; the rest as it stands.

    >>> without_tracking("https://Echo.example:443/wall?id=7&utm_source=rss#top")
    'https://echo.example/wall?id=7'
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(_DEFAULT_PORT.get(parts.scheme, ":"))
    kept = [part for part in parts.query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0])]
    return urlunsplit((parts.scheme, host, parts.path or "/", "&".join(kept), ""))


def article_id(url: str) -> str:
    """Return the id of the article at an address: the address itself, where it is not overlong."""
    url = without_tracking(url)
    if len(url) <= _LONGEST_ID:
        return url
    digest = sha256(url.encode()).hexdigest()[:16]
    return f"{url[: _LONGEST_ID - len(digest) - 1]}#{digest}"


def host(url: str) -> str:
    """``"https://www.echo.example/wall"`` → ``"echo.example"``."""
    return _DOORS.sub("", urlsplit(url).hostname or "")


def speaks_for(page: str, url: str) -> bool:
    """Whether a page may say that its article's own address is ``url``: one on its own site.

    Otherwise any page could take the place of another outlet's article.
    """
    return host(url) == host(page) or host(url).endswith(f".{host(page)}")
