"""One polite HTTP client; nothing is fetched anywhere else.

Polite: a name in every request, robots.txt obeyed (RFC 9309), one request at a time with a pause for
each host, conditional requests, waiting longer after each error. Safe: http and https only; the
address that a name stands for is looked up once, checked, and that very address connected to, so that
no page, redirect or name server leads into the local network; size, time and redirects are bounded.
"""

from __future__ import annotations

import math
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, cached_property
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpcore
import httpx
from protego import Protego

from ingest import __version__
from ingest.read.addresses import web_address
from ingest.read.errors import ReadError
from ingest.read.network import CheckedNetwork, Resolve, Timer, look_up

AGENT = f"onrecord/{__version__} (reads news articles for who said what)"
_ROBOTS_NAME = "onrecord"
# How long a robots.txt is remembered, and that there is none to be had.
_ROBOTS_SECONDS, _NO_ROBOTS_SECONDS = 3600.0, 300.0
_FOR_NOW = frozenset({429, 500, 502, 503, 504})  # what may pass
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's server is put up with, and how much it has to put up with."""

    bytes: int = 20_000_000  # of one answer, after decompression
    seconds: float = 60.0  # for one request, from looking up the name to the last byte
    idle: float = 15.0  # seconds without a byte
    redirects: int = 5
    attempts: int = 3
    pause: float = 1.0  # seconds between two requests to one host
    longest_wait: float = 30.0  # seconds, however long a Crawl-delay or Retry-After asks for


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server needs to say whether a page has changed since."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: no content where ``unchanged``. ``url`` is where the redirects ended."""

    url: str
    content: bytes
    type: str = ""
    validators: Validators = Validators()
    unchanged: bool = False


@dataclass
class Web:
    """Fetches pages, one after another. Close it after use; not for several threads at once.

    ``allow_private`` lets it into the local network. The clock, the sleep, the look-up of names and the
    network itself can be replaced for tests.
    """

    allow_private: bool = False
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    resolve: Resolve = look_up
    network: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)

    def __post_init__(self) -> None:
        self._robots: dict[str, tuple[float, Protego | ReadError]] = {}
        self._next_turn: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "_pool" in self.__dict__:
            self._pool.close()

    @cached_property
    def _timer(self) -> Timer:
        return Timer(self.clock, self.limits.seconds)

    @cached_property
    def _pool(self) -> httpcore.ConnectionPool:
        network = CheckedNetwork(self.network, self._timer, self.resolve, self.allow_private)
        return httpcore.ConnectionPool(ssl_context=_certificates(), network_backend=network)

    def get(self, address: str, validators: Validators = Validators()) -> Answer:
        """Fetch what is at an address, if its server's robots.txt allows.

        Raises ReadError for everything that a server, a network or an address can be at fault for.
        """
        url, visited = address, set[str]()
        for _ in range(self.limits.redirects + 1):
            target = _target(url, address)
            rules = self._rules(target, address)
            if not rules.can_fetch(url, _ROBOTS_NAME):
                raise ReadError(address, "its robots.txt asks programs not to read it; leave it out")
            answer = self._ask(target, address, validators, self._asked_pause(rules))
            if isinstance(answer, Answer):
                return answer
            visited.add(url)
            url = answer
            if url in visited:
                raise ReadError(
                    address, "it redirects in a circle; open it in a browser and give what it shows"
                )
        many = self.limits.redirects
        raise ReadError(address, f"more than {many} redirects; open it in a browser and give what it shows")

    def _rules(self, target: httpx.URL, address: str) -> Protego:
        """Return what robots.txt says; where it cannot be asked, nothing may be read (RFC 9309)."""
        origin = f"{target.scheme}://{target.netloc.decode('ascii')}"
        until, known = self._robots.get(origin, (-math.inf, None))
        if known is None or self.clock() > until:
            known = self._ask_rules(f"{origin}/robots.txt", address)
            failed = isinstance(known, ReadError)
            self._robots[origin] = (self.clock() + (_NO_ROBOTS_SECONDS if failed else _ROBOTS_SECONDS), known)
        if isinstance(known, ReadError):
            reason = str(known).removeprefix(f"{known.source}: ")
            raise ReadError(address, reason)
        return known

    def _ask_rules(self, robots: str, address: str) -> Protego | ReadError:
        url = robots
        try:
            for _ in range(self.limits.redirects + 1):
                answer = self._ask(_target(url, robots), robots, Validators(), 0.0)
                if isinstance(answer, Answer):
                    return _parsed(answer.content)
                url = answer
        except _NotThereError:
            pass
        except ReadError as error:
            return error
        return _parsed(b"")

    def _ask(
        self, target: httpx.URL, address: str, validators: Validators, asked_pause: float
    ) -> Answer | str:
        """Return the answer, or the address that it redirects to; try again where the error may pass."""
        limits = self.limits
        problem = ""
        for attempt in range(limits.attempts):
            self._take_turn(target.host)
            wait = 2.0**attempt
            try:
                status, headers, answer = self._once(target, address, validators)
            except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
                problem = f"no answer ({error or type(error).__name__}); try again later"
            else:
                if status not in _FOR_NOW:
                    return answer
                problem = f"its server cannot answer now (status {status}); try again later"
                wait = max(wait, _asked_wait(headers))
                if wait > limits.longest_wait:
                    problem = f"its server asks to wait {wait:.0f} seconds (status {status}); try again later"
                    break
            finally:
                self._next_turn[target.host] = self.clock() + max(limits.pause, asked_pause)
            if attempt + 1 < limits.attempts:
                self.sleep(wait)
        raise ReadError(address, problem)

    def _asked_pause(self, rules: Protego) -> float:
        asked = rules.crawl_delay(_ROBOTS_NAME) or 0.0
        return min(asked, self.limits.longest_wait) if asked > 0 else 0.0

    def _take_turn(self, name: str) -> None:
        wait = self._next_turn.get(name, -math.inf) - self.clock()
        if wait > 0:
            self.sleep(wait)

    def _once(
        self, target: httpx.URL, address: str, validators: Validators
    ) -> tuple[int, httpx.Headers, Answer | str]:
        """Send one request and read its answer within the limits."""
        headers: dict[bytes | str, bytes | str] = {
            "Host": target.netloc.decode("ascii"),
            "User-Agent": AGENT,
            "Accept-Encoding": "gzip",
        }
        headers["Accept"] = (
            "text/html, application/xhtml+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"
        )
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.modified:
            headers["If-Modified-Since"] = validators.modified
        idle = dict.fromkeys(("connect", "read", "write", "pool"), self.limits.idle)
        url = httpcore.URL(
            scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path
        )
        self._timer.start(address)
        with self._pool.stream("GET", url, headers=headers, extensions={"timeout": idle}) as response:
            status, found = response.status, httpx.Headers(response.headers)
            if status in _FOR_NOW:
                return status, found, ""
            if status in _MOVED and "location" in found:
                return status, found, _led_to(str(target), found["location"].strip())
            new = Validators(_header(found.get("etag")), _header(found.get("last-modified")))
            if status == 304 and validators != Validators():
                return status, found, Answer(str(target), b"", validators=validators, unchanged=True)
            if status in (404, 410):
                raise _NotThereError(address, f"there is no such page (status {status}); check the address")
            if 400 <= status < 500:
                problem = (
                    f"its server refuses it (status {status}); save the page from a browser, or leave it out"
                )
                raise _NotThereError(address, problem)
            if status != 200:
                raise ReadError(address, f"its server answers with status {status}; check the address")
            content = self._content(response.iter_stream(), found, address)
        return status, found, Answer(str(target), content, found.get("content-type", ""), new)

    def _content(self, chunks: Iterable[bytes], headers: httpx.Headers, address: str) -> bytes:
        """Read the content as long as it stays within the limits, however small it is compressed."""
        most = self.limits.bytes
        too_large = ReadError(address, f"larger than {most / 1_000_000:g} MB; save it and read the file")
        length = headers.get("content-length", "")
        if length.isdigit() and len(length) < 20 and int(length) > most:
            raise too_large
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip", "x-gzip"):
            raise ReadError(
                address, f"compressed in a way not asked for ({encoding[:20]}); save it from a browser"
            )
        received = self._timed(chunks)
        try:
            content = _joined(received if encoding in ("identity", "") else unzipped(received, most), most)
            # A file that is itself compressed, as sitemaps are; once only, for some unpack to themselves.
            if content is not None and content.startswith(b"\x1f\x8b"):
                content = _joined(unzipped([content], most), most)
        except (zlib.error, EOFError) as error:
            problem = "its compressed content is cut short or damaged; try again later"
            raise ReadError(address, problem) from error
        if content is None:
            raise too_large
        return content

    def _timed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._timer.left(None)
            yield chunk


class _NotThereError(ReadError):
    """An answer that stays the same however often one asks."""


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _target(url: str, address: str) -> httpx.URL:
    """Return the parts of an address that may be fetched, or raise a ReadError."""
    try:
        target = httpx.URL(url) if web_address(url) else None
        has_host = target is not None and bool(target.host)
    except (httpx.InvalidURL, ValueError):  # a ValueError: a name that breaks the rules for other alphabets
        target, has_host = None, False
    if target is None or not has_host:
        where = "" if url == address else f" (it leads to {url[:200]!r})"
        raise ReadError(address, f"no web address{where}; give one that begins with http:// or https://")
    if target.userinfo:
        raise ReadError(address, "an address with a password in it is not used; leave the password out")
    return target.copy_with(fragment=None)


def _led_to(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        return location


def _header(value: str | None) -> str | None:
    """Return a header's value if it can be sent back."""
    return value if value and len(value) <= 500 and value.isascii() and value.isprintable() else None


def _parsed(robots: bytes) -> Protego:
    try:
        return Protego.parse(robots.decode("utf-8", "replace"))
    except Exception:  # what cannot be understood forbids nothing
        return Protego.parse("")


def _asked_wait(headers: httpx.Headers) -> float:
    """Return the seconds of a Retry-After, which may be a number or a date."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value[:9])
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def unzipped(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Yield what gzip makes of the chunks, never much more than ``most`` bytes at once.

    Raises zlib.error for what is not gzip, EOFError where it is cut short.
    """
    machine = None
    for chunk in chunks:
        while chunk:
            machine = machine or zlib.decompressobj(wbits=31)
            yield machine.decompress(chunk, most)
            if machine.eof:  # another member may follow
                chunk, machine = machine.unused_data.lstrip(b"\0"), None
            else:
                chunk = machine.unconsumed_tail
    if machine is not None:
        raise EOFError


def _joined(chunks: Iterable[bytes], most: int) -> bytes | None:
    """Return the chunks as one, or none as soon as they are more than ``most`` bytes."""
    received = bytearray()
    for chunk in chunks:
        received += chunk
        if len(received) > most:
            return None
    return bytes(received)
