"""onrecord as a component of a spaCy pipeline, for people who live in spaCy.

    nlp = spacy.blank("en")
    nlp.add_pipe("onrecord")
    doc = nlp("“We must go,” said Ann Lee.")
    [(span.text, span.label_, span.kb_id_) for span in doc.spans["quotes"]]
    → [("“We must go,”", "direct", "ann-lee")]

``doc.spans`` gets three groups, “quotes”, “sources” and “cues”. The spans of one quotation share their
``id``, so that parts, source and cue can be put together again. Entities that an earlier component has
set are taken for the names.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc, Span

from ingest.pipeline import Pipeline, names_of
from ingest.records import Article, TextSpan


@Language.factory("onrecord", assigns=["doc.spans"])
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component; spaCy calls this for ``nlp.add_pipe("onrecord")``."""
    pipeline = Pipeline()

    def annotate(doc: Doc) -> Doc:
        groups: dict[str, list[Span]] = {"quotes": [], "sources": [], "cues": []}
        for number, quote in enumerate(pipeline.quotes(Article("", doc.text), names=names_of(doc))):
            speaker = (quote.speaker.id if quote.speaker else None) or ""

            def add(
                group: str, span: TextSpan | None, label: str, id: int = number, kb_id: str = speaker
            ) -> None:
                if span is not None:
                    tokens = doc.char_span(*span, label=label, kb_id=kb_id, alignment_mode="expand")
                    if tokens is not None:
                        tokens.id = id
                        groups[group].append(tokens)

            for part in quote.quotation.parts:
                add("quotes", part, quote.quotation.kind)
            add("sources", quote.attribution.source, "source")
            add("cues", quote.quotation.cue, "cue")
        doc.spans.update(groups)
        return doc

    return annotate
