"""Watching feeds: what is new or corrected since the last look, and nothing else.

A feed is asked for by conditional requests, and so are its pages. A page is fetched when its feed first
lists it, when the feed says that it has changed, and now and then as long as it is listed, for many
corrections are made silently. What was seen is kept in a small file of JSON, forgotten as soon as no
feed lists it any more; whether an article is stored already is the store's to know.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from ingest.read.addresses import web_address, without_tracking
from ingest.read.errors import ContentError, ReadError
from ingest.read.feeds import Entry, is_comment, read_listing
from ingest.read.online import article_of
from ingest.read.web import Validators, Web
from ingest.records import Article, ExplainedError, Failure

_LOOK_AGAIN = 6 * 3600.0  # seconds until a page that is still listed is asked for anew
_MOST_TRIES = 3  # of a page that cannot be read
_MOST_ENTRIES = 1_000  # of one feed: a list of everything that a site ever published is for ingest
_VERSION = 1

_SHINGLE = 5  # words
_SKETCH = 32  # numbers
_COPY = 0.8  # of the shingles of two articles are the same


class StateError(ExplainedError):
    """What was remembered of the last look cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as last seen. ``tries`` counts the looks at one that could not be read."""

    id: str = ""
    digest: str = ""
    sketch: tuple[int, ...] = ()
    stamp: str = ""
    looked: float = 0.0  # seconds since 1970
    validators: Validators = field(default_factory=Validators)
    tries: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered between two looks: of each feed its validators, and its pages by address."""

    feeds: Mapping[str, Validators] = field(default_factory=dict)
    pages: Mapping[str, Mapping[str, Seen]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    """An article that is new, or whose words or facts have changed.

    ``copy_of`` is the id of another article with nearly the same words that was seen before: a text
    that several outlets carry. Both are articles, since both outlets did publish what they quote.
    """

    article: Article
    change: Literal["new", "changed"]
    copy_of: str | None = None


def watch(
    feeds: Iterable[str], state: State, web: Web, *, now: Callable[[], float] = time.time
) -> Iterator[Update | Failure | State]:
    """Look at each feed or sitemap once; yield what is new, and after each feed the state to remember.

    When a state is yielded, everything before it has been handed over: whoever keeps only what came with
    the last state loses nothing by being killed. A feed or page that cannot be read is a Failure, tried
    again the next time, a page three times in all.
    """
    memory = _Memory(dict(state.feeds), {feed: dict(pages) for feed, pages in state.pages.items()})
    for feed in dict.fromkeys(feeds):
        try:
            yield from _look(feed, memory, web, now)
        except ReadError as error:
            yield error.failure()
        yield State(dict(memory.feeds), {feed: dict(pages) for feed, pages in memory.pages.items()})


@dataclass
class _Memory:
    feeds: dict[str, Validators]
    pages: dict[str, dict[str, Seen]]

    def seen(self, address: str) -> Seen | None:
        """Return the page as any feed's list last led to it."""
        return next((pages[address] for pages in self.pages.values() if address in pages), None)

    def by_id(self, article_id: str) -> Seen | None:
        """Return the page of an article, under whatever address."""
        return next((page for page in self._all() if page.id == article_id), None)

    def copy_of(self, article_id: str, sketch: tuple[int, ...]) -> str | None:
        """Return the id of another article with nearly the same words."""
        near = (
            page.id for page in self._all() if page.id != article_id and alike(page.sketch, sketch) >= _COPY
        )
        return next(near, None)

    def _all(self) -> Iterator[Seen]:
        return (page for pages in self.pages.values() for page in pages.values())


def _look(feed: str, memory: _Memory, web: Web, now: Callable[[], float]) -> Iterator[Update | Failure]:
    answer = web.get(feed, memory.feeds.get(feed, Validators()))
    known = memory.pages.get(feed, {})
    if answer.unchanged:
        entries = [Entry(address, stamp=page.stamp) for address, page in known.items()]
    else:
        try:
            entries = list(read_listing(answer.content, answer.url))
        except ContentError as error:
            raise ReadError(feed, str(error)) from error
    if len(entries) > _MOST_ENTRIES or any(entry.is_list for entry in entries):
        problem = "it lists all that its site ever published; watch a feed or a news sitemap, ingest the rest"
        raise ReadError(feed, problem)
    pages: dict[str, Seen] = {}
    for entry in entries:
        address = without_tracking(entry.url)
        before = memory.seen(address)
        if before is None or _is_due(before, entry, now()):
            try:
                update, after = _page(entry, before or Seen(), memory, web, now())
            except ReadError as error:
                yield error.failure()
                tries = (before.tries if before else 0) + 1
                after = Seen(stamp=entry.stamp, looked=now(), tries=tries)
            else:
                if update is not None:
                    yield update
        else:
            after = before
        pages[address] = after
        memory.pages.setdefault(feed, {})[address] = after
    memory.pages[feed] = pages  # pages no longer listed are forgotten
    memory.feeds[feed] = answer.validators


def _is_due(page: Seen, entry: Entry, now: float) -> bool:
    """Whether a page is to be fetched again."""
    if page.tries:
        return page.tries < _MOST_TRIES or page.stamp != entry.stamp
    return page.stamp != entry.stamp or now - page.looked > _LOOK_AGAIN


def _page(entry: Entry, before: Seen, memory: _Memory, web: Web, now: float) -> tuple[Update | None, Seen]:
    """Fetch a page; return what is new about it, if anything, and how it was seen."""
    answer = web.get(entry.url, before.validators)
    if answer.unchanged:
        same = Seen(before.id, before.digest, before.sketch, entry.stamp, now, before.validators)
        return None, same
    article = article_of(answer, entry)
    digest = _digest(article)
    after = Seen(article.id, digest, sketch(article.text), entry.stamp, now, answer.validators)
    earlier = before if before.id == article.id else memory.by_id(article.id)
    if earlier is None:
        return Update(article, "new", memory.copy_of(article.id, after.sketch)), after
    if earlier.digest == digest:
        return None, after
    return Update(article, "changed", memory.copy_of(article.id, after.sketch)), after


def _digest(article: Article) -> str:
    return blake2b(json.dumps(asdict(article)).encode(), digest_size=12).hexdigest()


def sketch(text: str) -> tuple[int, ...]:
    """Return numbers that are nearly the same for texts of nearly the same words.

    The smallest hashes of all runs of five words: a bottom sketch (Broder, "On the resemblance and
    containment of documents", 1997).
    """
    words = re.findall(r"\w+", text.lower())
    runs = {" ".join(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))}
    hashes = (int.from_bytes(blake2b(run.encode(), digest_size=4).digest()) for run in runs)
    return tuple(sorted(set(hashes))[:_SKETCH])


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the share of runs of words that two texts have in common, from 0 to 1, by their sketches."""
    smallest = sorted({*one, *other})[: max(len(one), len(other))]
    common = set(one) & set(other)
    return sum(number in common for number in smallest) / len(smallest) if smallest else 0.0


def feed_addresses(path: Path) -> list[str]:
    """Return the addresses in a file, one a line; blank lines and those that begin with ``#`` do not count.

    Raises ReadError for a file that cannot be read or has a line that is no address.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ReadError(path, f"cannot be opened ({reason}); check its name") from error
    addresses = []
    for number, line in enumerate(text.splitlines(), start=1):
        if is_comment(line.strip()):
            continue
        address = web_address(line)
        if address is None:
            raise ReadError(f"{path}:{number}", "no web address; write one a line that begins with https://")
        addresses.append(address)
    if not addresses:
        raise ReadError(path, "empty; write the address of one feed a line into it")
    return addresses


def load_state(path: Path) -> State:
    """Return what was remembered, or nothing where there is no such file. Raises StateError."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["version"] != _VERSION:
            raise ValueError(f"of version {record['version']}")
        return State(
            {feed: Validators(*given) for feed, given in record["feeds"].items()},
            {
                feed: {address: _seen(page) for address, page in pages.items()}
                for feed, pages in record["pages"].items()
            },
        )
    except FileNotFoundError:
        return State()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        problem = (
            f"{path}: not what watch remembers ({reason}); delete it to begin anew: nothing is stored twice"
        )
        raise StateError(problem) from error


def _seen(page: dict[str, Any]) -> Seen:
    return Seen(**{**page, "sketch": tuple(page["sketch"]), "validators": Validators(*page["validators"])})


def save_state(path: Path, state: State) -> None:
    """Write what is to be remembered, all of it or nothing. Raises StateError."""
    feeds = {feed: [given.etag, given.modified] for feed, given in state.feeds.items()}
    pages = {
        feed: {
            address: {**asdict(page), "validators": [page.validators.etag, page.validators.modified]}
            for address, page in listed.items()
        }
        for feed, listed in state.pages.items()
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"version": _VERSION, "feeds": feeds, "pages": pages}, file)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise StateError(
            f"{path}: cannot be written ({error.strerror}); check the folder and its space"
        ) from error
