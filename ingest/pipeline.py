"""The stages in order: an article in, its quotes out; a stream of articles in, a stream of results out.

read → find → attribute → resolve → store
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import __version__, packaged_file
from ingest.attribute import attribute
from ingest.find import find
from ingest.marks import Page, paragraphs
from ingest.read import boilerplate
from ingest.reader import Reader, Scan, antecedents, find_names
from ingest.records import Article, ExplainedError, Failure, Name, NameKind, Quote, TextSpan
from ingest.register import Register
from ingest.resolve import resolve
from ingest.workers import Team

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Outcome = list[Quote] | Failure

# Characters. Starting processes costs the time in which this much is read; less is done sooner without.
_ENOUGH = 200_000
_MOST_IN_HAND = 1_000_000  # for each worker: a text may be so long


class ModelError(ExplainedError):
    """A language model cannot be used; the message names it and what to do."""


@dataclass(frozen=True)
class Pipeline:
    """What every article is read with: the trained reader and the register, each loaded at first use.

    ``model`` names a spaCy model whose entities are taken for the names of people and bodies, instead of
    those that the reader sees itself.

    >>> [quote.speaker.name for quote in Pipeline().quotes(Article("a", "“We must go,” said Ann Lee."))]
    ['Ann Lee']
    """

    model: str | None = None
    speakers: Path | None = None
    threads: int | None = None

    @cached_property
    def reader(self) -> Reader:
        """The trained reader."""
        return Reader.load(threads=self.threads)

    @cached_property
    def register(self) -> Register:
        """The known people and bodies."""
        return Register.load(self.speakers)

    @cached_property
    def nlp(self) -> Language | None:
        """The spaCy model, if one is named. Raises ModelError where it is missing or sees no entities."""
        if self.model is None:
            return None
        import spacy  # a second to import: only for those who name a model

        try:
            nlp = spacy.load(self.model, exclude=["parser", "lemmatizer"])
        except OSError as error:
            raise ModelError(
                f"the model {self.model} is not installed; run “pip install {self.model.replace('_', '-')}”, "
                "or leave --model out to do without it"
            ) from error
        if "ner" not in nlp.pipe_names:
            raise ModelError(f"the model {self.model} sees no entities; give another --model or leave it out")
        return nlp

    @cached_property
    def recipe(self) -> str:
        """What, beside an article, decides its quotes: versions of program, reader, model and register."""
        register = sha256((self.speakers or packaged_file("speakers.yml")).read_bytes()).hexdigest()[:8]
        model = f"{self.model} {self.nlp.meta['version']}" if self.nlp else ""
        return " ".join(filter(None, (__version__, self.reader.version, model, register)))

    def loaded(self) -> Pipeline:
        """The same with all that it needs loaded: what is missing is said before any article is read."""
        _ = self.nlp, self.reader, self.register
        return self

    def quotes(self, article: Article, *, names: list[Name] | None = None) -> list[Quote]:
        """The quotes of one article in reading order. ``names`` are taken as given, where they are."""
        text = article.text
        furniture = boilerplate(text)
        page = Page(text, [p for p in paragraphs(text) if not any(p.overlaps(f) for f in furniture)])
        scan = self.reader.scan(text)
        attributions = attribute(page, scan, find(page, scan))
        known = names or self._names(scan)
        return resolve(page, article, attributions, known, self.register, partial(antecedents, scan))

    def results(
        self, articles: Iterable[Article | Failure], *, workers: int = 1
    ) -> Iterator[tuple[Article, list[Quote]] | Failure]:
        """Each article with its quotes, or the Failure that it came to; none stops the rest.

        With more than one of ``workers``, and enough to read, that many processes share the work. What comes
        out is the same, in the same order. (A script that asks for them must guard its own start with
        ``if __name__ == "__main__":``, since each process imports it.)
        """
        for article, outcome in self._outcomes(iter(articles), workers):
            if isinstance(outcome, Failure):
                yield outcome
            elif isinstance(article, Article):
                yield article, outcome

    def _outcomes(
        self, articles: Iterator[Article | Failure], workers: int
    ) -> Iterator[tuple[Article | Failure, Outcome]]:
        if workers == 1:
            yield from ((article, self._outcome(article)) for article in articles)
            return
        characters = 0
        for article in articles:
            characters += _weight(article)
            yield article, self._outcome(article)
            if characters >= _ENOUGH:
                break
        else:
            return
        make = partial(_worker, self.model, self.speakers)
        with Team(make, workers=workers, lost=_lost, weight=_weight, most=_MOST_IN_HAND) as team:
            for article in articles:
                if team.ready():
                    yield from team.results(chain([article], articles))
                else:
                    yield article, self._outcome(article)

    def _outcome(self, article: Article | Failure) -> Outcome:
        if isinstance(article, Failure):
            return article
        try:
            return self.quotes(article)
        except Exception as error:  # one poisoned article must not lose the others
            advice = "left out; report it with the article, or take it out of the sources"
            problem = f"{article.id}: {type(error).__name__}: {error}; {advice}"
            return Failure(article.id, "quotes", problem)

    def _names(self, scan: Scan) -> list[Name]:
        return names_of(self.nlp(scan.text)) if self.nlp else find_names(scan)


def _worker(model: str | None, speakers: Path | None) -> Callable[[Article | Failure], Outcome]:
    """What one of several processes reads with: they share the cores, so each has one thread."""
    return Pipeline(model, speakers, threads=1).loaded()._outcome


def _weight(article: Article | Failure) -> int:
    return 1_000 + (len(article.text) if isinstance(article, Article) else 0)


def _lost(article: Article | Failure) -> Outcome:
    if isinstance(article, Failure):
        return article
    problem = "two processes in turn were killed while they read it, perhaps for want of memory"
    advice = "left out; run again with a smaller --workers, or take it out of the sources"
    return Failure(article.id, "quotes", f"{article.id}: {problem}; {advice}")


_KINDS: dict[str, NameKind] = {
    "PERSON": "person",
    "ORG": "body",
    "NORP": "group",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
}


def names_of(doc: Doc) -> list[Name]:
    """The names among a spaCy Doc's entities: people, bodies, groups and places."""
    return [
        Name(TextSpan(entity.start_char, entity.end_char), _KINDS[entity.label_])
        for entity in doc.ents
        if entity.label_ in _KINDS and "\n" not in entity.text
    ]
