"""A quote as a citation: in words, in the style of the APA, as BibTeX, and for machines as JSON-LD."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def in_words(published: str | None) -> str:
    """``2025-07-10`` → ``10 July 2025``; a month or a year, as far as it is known; nothing for nothing."""
    found = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", published or "")
    if not found:
        return published or ""
    year, month, day = found.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    return " ".join(part for part in (str(int(day)) if day else "", _MONTHS[int(month) - 1], year) if part)


def safe_url(url: str | None) -> str:
    """The URL if it leads to a page (http or https), or nothing: not ``javascript:``, whatever the case."""
    url = (url or "").strip()
    return url if re.match(r"https?://[^\s/]", url, re.IGNORECASE) else ""


def _said(quote: Mapping[str, Any]) -> str:
    """The words in one pair of marks: those of the article are kept where it has them."""
    words = " ".join(str(quote["quote"]).split())
    return words if words[:1] in "“\"'‘«" else f"“{words}”"


def _by(quote: Mapping[str, Any]) -> str:
    who = [quote.get("speaker") or quote.get("mention"), quote.get("role"), quote.get("affiliation")]
    return ", ".join(str(part) for part in who if part)


def plain(quote: Mapping[str, Any], link: str) -> str:
    """``Mara Ono: “We will.” The Lund Courier, 10 July 2025, “Harbour to close”. https://… Quoted at https://…``"""
    where = [quote.get("outlet"), in_words(quote.get("published"))]
    title = f"“{quote['title']}”" if quote.get("title") else ""
    source = ", ".join(str(part) for part in [*where, title] if part)
    said = f"{_by(quote)}: {_said(quote)}" if _by(quote) else _said(quote)
    parts = [said, f"{source}." if source else "", safe_url(quote.get("url")), f"Quoted at {link}"]
    return " ".join(part for part in parts if part)


def apa(quote: Mapping[str, Any], link: str) -> str:
    """``Writer, A. (2025, July 10). Harbour to close. The Lund Courier. https://… (Mara Ono: “…”)``"""
    author = (
        _surname_first(quote["author"]) if quote.get("author") else quote.get("outlet") or "Unknown author"
    )
    day = _american(quote.get("published"))
    parts = [
        f"{author.rstrip('.')}. ({day}).",
        f"{quote['title'].rstrip('.')}." if quote.get("title") else "",
        f"{quote['outlet']}." if quote.get("outlet") and quote.get("author") else "",
        safe_url(quote.get("url")),
        f"({quote.get('speaker') or quote.get('mention') or 'Unknown speaker'}: {_said(quote)}; {link})",
    ]
    return " ".join(part for part in parts if part)


def _people(author: str) -> list[list[str]]:
    """The names of authors as words: ``Ann Lee and Bo Ek`` → ``[[Ann, Lee], [Bo, Ek]]``; none if not sure."""
    names = [name.split() for name in re.split(r"\s+(?:and|&)\s+|\s*,\s*", author.strip())]
    sure = all(2 <= len(words) <= 4 and all(word[:1].isupper() for word in words) for words in names)
    return names if sure else []


def _surname_first(author: str) -> str:
    """``Ann Mary Lee`` → ``Lee, A. M.``; of several each; anything else, as an agency, as it is."""
    turned = [f"{words[-1]}, {' '.join(f'{word[0]}.' for word in words[:-1])}" for words in _people(author)]
    if len(turned) > 1:
        return ", ".join(turned[:-1]) + f", & {turned[-1]}"
    return turned[0] if turned else author


def _american(published: str | None) -> str:
    words = in_words(published).split()
    if len(words) == 3:
        return f"{words[2]}, {words[1]} {words[0]}"
    return ", ".join(reversed(words)) or "n.d."


def bibtex(quote: Mapping[str, Any], link: str) -> str:
    """An ``@misc`` entry: the article, with the quote as its note."""
    published = str(quote.get("published") or "")
    fields = {
        "author": _authors(quote["author"]) if quote.get("author") else "",
        "title": _tex(quote.get("title") or ""),
        "howpublished": _tex(quote.get("outlet") or ""),
        "year": published[:4] if re.match(r"\d{4}", published) else "",
        "month": published[5:7].lstrip("0") if re.match(r"\d{4}-\d\d", published) else "",
        "day": published[8:10].lstrip("0") if re.match(r"\d{4}-\d\d-\d\d", published) else "",
        "url": re.sub(r"[{}\\\s]", "", safe_url(quote.get("url"))),
        "note": _tex(f"{_by(quote) or 'Unknown speaker'}: {_said(quote)} Quoted at") + f" \\url{{{link}}}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{onrecord-{quote['id']},\n" + ",\n".join(lines) + "\n}"


def _authors(author: str) -> str:
    """Names as BibTeX takes them apart, and in braces what is not to be taken apart."""
    return " and ".join(_tex(" ".join(words)) for words in _people(author)) or "{" + _tex(author) + "}"


_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def _tex(text: str) -> str:
    text = " ".join(str(text).split())
    return re.sub(r"[\\{}$&#^_%~]", lambda found: _TEX.get(found[0], "\\" + found[0]), text)


def json_ld(quote: Mapping[str, Any], link: str, speaker_link: str, wikidata: str | None) -> Markup:
    """schema.org's ``Quotation``, to stand in ``<script type="application/ld+json">``."""
    kinds = {"person": "Person", "body": "Organization", "group": "Organization"}
    speaker = quote.get("speaker") and {
        "@type": kinds.get(quote.get("speaker_kind") or "", "Thing"),
        "name": quote["speaker"],
        "url": speaker_link,
        "sameAs": f"https://www.wikidata.org/wiki/{wikidata}" if wikidata else None,
    }
    article = {
        "@type": "NewsArticle",
        "headline": quote.get("title"),
        "url": safe_url(quote.get("url")) or None,
        "datePublished": quote.get("published"),
        "author": quote.get("author") and _writers(quote["author"]),
        "publisher": quote.get("outlet") and {"@type": "Organization", "name": quote["outlet"]},
    }
    found = {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "@id": link,
        "url": link,
        "text": quote["quote"],
        "creator": speaker or None,
        "dateCreated": quote.get("published"),
        "isPartOf": article,
        "inLanguage": "en",
    }
    text = json.dumps(_filled(found), ensure_ascii=False)
    # Nothing in a data block may end it, or begin a comment that swallows its end.
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _writers(author: str) -> list[dict[str, str]]:
    """``Ann Lee and Bo Ek`` → two of schema.org's ``Person``; ``Reuters`` → one ``Organization``."""
    people = [{"@type": "Person", "name": " ".join(words)} for words in _people(author)]
    return people or [{"@type": "Organization", "name": author}]


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items() if item}
    return value


# The columns of data/corrections.csv; what may be wrong with a quote: the action, and what to fill in.
CORRECTION = ("action", "article", "quote", "words", "speaker", "value", "note")
_WRONG = {
    "speaker": ("Somebody else said it", "THE SPEAKER’S NAME"),
    "ends": ("It goes on, or ends before", "THE LAST WORDS OF THE QUOTE"),
    "no quote": ("Nobody said it", ""),
}


def corrections(quote: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What may be wrong, each with the row for ``data/corrections.csv`` that puts it right once filled in."""
    words = " ".join(str(quote["quote"]).split()[:8])
    found = []
    for action, (label, value) in _WRONG.items():
        text = io.StringIO()
        csv.writer(text).writerow([action, quote["article_id"], quote["id"], words, "", value, ""])
        found.append((label, text.getvalue().strip()))
    return found
