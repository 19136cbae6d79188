"""A quote's page, its permalink: the words, who, where and when, how that is known, and how to cite it."""

from __future__ import annotations

import json
import re
from typing import Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound, Response
from markupsafe import Markup

from ingest.site import cite
from ingest.site.archive import Archive, consult
from ingest.site.frame import Links, absolute, contact, kept, render
from ingest.site.marking import Span, paragraphs

_REPEATS = 50

_METHODS = {
    "reader": "The trained reader links these words to their source.",
    "continuation": "It goes on from the paragraph before, whose quotation marks stay open.",
    "paragraph": "It goes on from the quote before it in the same paragraph.",
    "repeat": "The article sets these words apart; their source is that of the same words in its text.",
    "correction": "Somebody has read the article and put this right by hand.",
    "none": "No source was found.",
}
_KINDS = {
    "direct": "Direct: whole sentences in quotation marks, in the speaker’s own words.",
    "mixed": "Mixed: a report with some words in quotation marks. Only those are the speaker’s own.",
    "indirect": "Indirect: reported without quotation marks, in the article’s words.",
}
_SURELY = (
    (0.95, "almost certain"),
    (0.9, "very likely"),
    (0.8, "likely"),
    (0.6, "somewhat uncertain"),
    (0.0, "uncertain: check the source"),
)


def surely(confidence: float) -> str:
    """``0.97`` → ``almost certain``."""
    return next(words for least, words in _SURELY if confidence >= least)


async def page(datasette: Any, request: Any) -> Any:
    """``/quote/5d41402abc4b2a76``, and ``.json``."""
    key, links = tilde_decode(request.url_vars["key"]), Links(datasette)
    found = await consult(datasette, _found, key)
    if found is None:
        raise NotFound(await consult(datasette, _gone, key, links))
    link = absolute(datasette, request, links.quote(key))
    citations = {
        "Plain": cite.plain(found, link),
        "APA": cite.apa(found, link),
        "BibTeX": cite.bibtex(found, link),
    }
    if request.url_vars["suffix"]:
        left_out = ("parts", "paragraph", "paragraph_start", "number", "before", "after", "sightings")
        about = {name: value for name, value in found.items() if name not in left_out}
        about["repeats"] = [dict(row) for row in found["sightings"]]
        body = {"link": link, "quote": {**about, "paragraph": found["paragraph"]}, "citations": citations}
        text = json.dumps(body, ensure_ascii=False, indent=1)
        return Response(text, headers=kept(datasette), content_type="application/json; charset=utf-8")
    spans = [Span(start, end, "said") for start, end in json.loads(found["parts"])]
    spans += [
        Span(found[f"{name}_start"], found[f"{name}_end"], css)
        for name, css in (("mention", "speaker"), ("cue", "cue"))
        if found[f"{name}_start"] is not None
    ]
    context = paragraphs([(found["paragraph_start"], found["paragraph"])], spans)
    return await render(
        datasette,
        request,
        "quote",
        canonical=links.quote(key),
        quote=found,
        context=context,
        shows={css: f'<mark class="{css}">' in context for css in ("speaker", "cue")},
        kind=_KINDS[found["kind"]],
        method=_METHODS.get(found["method"], found["method"]),
        surely=surely(found["confidence"]),
        citations=citations,
        corrections=cite.corrections(found),
        contact=contact(datasette),
        json_ld=cite.json_ld(
            found,
            link,
            absolute(datasette, request, links.speaker(found["speaker_id"])) if found["speaker_id"] else "",
            found["wikidata"],
        ),
    )


def _gone(archive: Archive, key: str, links: Links) -> str:
    """What has become of a quote that is not here: a citation may still lead to it."""
    row = archive.row(
        "SELECT changes.noticed, articles.id, articles.title FROM changes"
        " JOIN articles ON articles.id = changes.article_id"
        " WHERE changes.quote_id = :key AND changes.before IS NOT NULL ORDER BY changes.noticed DESC",
        {"key": key},
    )
    if row is None:
        return f"There is no quote “{key[:50]}”: it may have been corrected, or its article left out."
    return Markup(
        'The article <a href="{}">{}</a> no longer holds these words: that was noticed on {}.'
    ).format(links.article(row["id"]), row["title"] or row["id"], cite.in_words(row["noticed"]))


def _found(archive: Archive, key: str) -> dict[str, Any] | None:
    row = archive.row(
        "SELECT quotes.id, quotes.text AS quote, quotes.kind, quotes.speaker_id, speakers.name AS speaker,"
        " speakers.kind AS speaker_kind, speakers.wikidata, contexts.role, contexts.description,"
        " quotes.affiliation,"
        " quotes.outlet, quotes.published, quotes.year, articles.title, articles.url, articles.author,"
        " quotes.article_id, quotes.position, articles.quotes, quotes.confidence, contexts.method,"
        " contexts.mention, contexts.mention_start, contexts.mention_end, contexts.cue, contexts.cue_start,"
        " contexts.cue_end, contexts.paragraph, contexts.paragraph_start, contexts.parts"
        " FROM quotes JOIN contexts ON contexts.quote_id = quotes.id"
        " JOIN articles ON articles.id = quotes.article_id"
        " LEFT JOIN speakers ON speakers.id = quotes.speaker_id WHERE quotes.id = :key",
        {"key": key},
    )
    if row is None:
        return None
    found = dict(row)
    if not re.fullmatch(r"Q\d+", found["wikidata"] or "", re.ASCII):
        found["wikidata"] = None
    beside = "SELECT id FROM quotes WHERE article_id = :article_id AND position = :position"
    for name, step in (("before", -1), ("after", 1)):
        values = {"article_id": found["article_id"], "position": found["position"] + step}
        found[name] = archive.value(beside, values)
    # An article that sets its own words apart, or prints them twice, is no second witness.
    found["sightings"] = archive.rows(
        "SELECT quotes.id, quotes.text AS quote, quotes.outlet, quotes.published, articles.title,"
        " repeats.relation, repeats.first, quotes.id = repeats.canonical_id AS canonical"
        " FROM repeats JOIN quotes ON quotes.id = repeats.quote_id"
        " JOIN articles ON articles.id = quotes.article_id"
        " WHERE repeats.canonical_id = (SELECT canonical_id FROM repeats WHERE quote_id = :key)"
        f" AND quotes.article_id <> :article ORDER BY quotes.sequence LIMIT {_REPEATS + 1}",
        {"key": key, "article": found["article_id"]},
    )
    own = archive.row(
        "SELECT own.relation, max(repeats.first) FROM repeats AS own"
        " JOIN repeats ON repeats.canonical_id = own.canonical_id"
        " JOIN quotes ON quotes.id = repeats.quote_id AND quotes.article_id = :article"
        " WHERE own.quote_id = :key",
        {"key": key, "article": found["article_id"]},
    )
    found["relation"], found["first_sighting"] = own or (None, None)
    return found
