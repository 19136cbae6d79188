"""A run that fills the database: articles read, corrected and stored, then settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import __version__
from ingest.cli.correcting import corrections_file, refusals
from ingest.cli.stopping import Stop
from ingest.records import Article, Failure
from ingest.workers import cores

if TYPE_CHECKING:
    from sqlite_utils import Database

    from ingest.corrections import Corrections, Outcome
    from ingest.pipeline import Pipeline


@dataclass
class Build:
    """What a run has done so far. ``counts``: stored, unchanged and named; ``kinds``: quotes of each kind."""

    db: Database
    pipeline: Pipeline
    model: str | None
    workers: int
    file: Path
    by_hand: Corrections
    started: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    _made: list[Outcome] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def store(
        self, articles: Iterable[Article | Failure], advance: Callable[[], None] = lambda: None
    ) -> None:
        """Read and store those articles that are new, changed or newly corrected."""
        from ingest.corrections import correct
        from ingest.store import is_current, save, save_failure

        def new() -> Iterator[Article | Failure]:
            for article in articles:
                if isinstance(article, Article):
                    self._seen.add(article.id)
                    if is_current(self.db, article, recipe=self._recipe(article.id)):
                        self.counts["unchanged"] += 1
                        advance()
                        continue
                yield article

        for result in self.pipeline.results(new(), workers=self.workers):
            if isinstance(result, Failure):
                self.failures.append(result)
                save_failure(self.db, result)
            else:
                article, quotes = result
                rows = self.by_hand.of(article.id)
                quotes, outcomes = correct(article, quotes, rows, self.pipeline.register)
                self._made += outcomes
                save(self.db, article, quotes, recipe=self._recipe(article.id))
                self.counts["stored"] += 1
                self.kinds.update(quote.quotation.kind for quote in quotes)
                self.counts["named"] += sum(quote.speaker is not None for quote in quotes)
            advance()

    def recall(self, stop: Stop, advance: Callable[[], None]) -> None:
        """Read again what was corrected, or is no longer, though it is not among the sources."""
        from ingest.store.corrected import stored_articles

        sql = "SELECT id FROM articles WHERE recipe LIKE '% corrected %'"
        corrected = self.by_hand.articles | {id for (id,) in self.db.execute(sql).fetchall()}
        unchanged = self.counts["unchanged"]
        self.store(stop.until(stored_articles(self.db, corrected - self._seen)), advance)
        self.counts["unchanged"] = unchanged

    def clear(self, sources: Iterable[str]) -> None:
        """Forget the failures of sources that are well now."""
        from ingest.store import clear_failures

        clear_failures(self.db, sources, keep=[failure.source for failure in self.failures])

    def finish(self) -> None:
        """Note the run, tell who is who among all articles, and report corrections that could not be made."""
        from ingest.store import record_run
        from ingest.store.settle import settle

        record_run(
            self.db,
            started=self.started,
            version=__version__,
            model=self.model or self.pipeline.reader.version,
            recipe=self.pipeline.recipe,
            articles=self.counts["stored"],
            quotes=self.kinds.total(),
            failures=len(self.failures),
        )
        settle(self.db, self.pipeline.register, self.by_hand, made=self._made, recipe=self.pipeline.recipe)
        self.failures += refusals(self.db, self.file)

    def _recipe(self, id: str) -> str:
        """Of an article: only those whose corrections have changed are read again."""
        return " corrected ".join(filter(None, (self.pipeline.recipe, self.by_hand.digest(id))))


@contextmanager
def building(db: Path, model: str | None, workers: int | None, corrections: Path | None) -> Iterator[Build]:
    """A run over a database, which is closed at the end. What is missing is said before anything is read."""
    from ingest.corrections import Corrections
    from ingest.pipeline import Pipeline
    from ingest.store import open_store

    file = corrections_file(db, corrections)
    by_hand = Corrections.load(file)
    with open_store(db) as store:
        pipeline = Pipeline(model, threads=workers).loaded()
        yield Build(store, pipeline, model, workers or cores(), file, by_hand)
