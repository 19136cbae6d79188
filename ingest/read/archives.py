"""The pages of a web archive (WARC), as crawlers and Common Crawl's CC-NEWS keep them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from ingest.read import parse
from ingest.read.addresses import web_address
from ingest.read.errors import ReadError
from ingest.records import Article, Failure

_NOT_WHOLE = (ArchiveLoadFailed, EOFError, OSError, ValueError, KeyError, AttributeError, TypeError)


def read_warc(stream: BinaryIO, source: str | Path) -> Iterator[Article | Failure]:
    """Yield the article of each page that was fetched well; pictures, redirects and requests are passed over.

    An article is known by its address. One record is in memory at a time. Raises ReadError where the
    archive is broken, after what came before, or holds no page at all.
    """
    pages = 0
    records = iter(ArchiveIterator(_Whole(stream), check_digests=False))
    number = 0
    while True:
        number += 1
        try:
            record = next(records, None)
            found = _page(record) if record is not None else None
        except _NOT_WHOLE as error:
            reason = str(error)[:200] or type(error).__name__
            problem = (
                f"broken at record {number} ({reason}); what came before is read: fetch the archive again"
            )
            raise ReadError(source, problem) from error
        if record is None:
            break
        if found is None:
            continue
        pages += 1
        address, content, content_type = found
        try:
            yield parse.parse_page(content, address, {}, content_type)
        except ReadError as error:
            yield Failure(f"{source}: {address}", "read", f"{source}: {error}")
    if not pages:
        raise ReadError(source, "no page in this archive; give one that holds responses with HTML")


def _page(record: Any) -> tuple[str, bytes, str] | None:
    """Return the address, the content and its type of a record that holds a page."""
    headers = record.http_headers
    if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
        return None
    content_type = headers.get_header("Content-Type") or ""
    address = web_address((record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> "))
    if "html" not in content_type.lower() or address is None:
        return None
    content = record.content_stream().read(parse.MAX_BYTES + 1)
    if len(content) <= parse.MAX_BYTES and not record.raw_stream.read(1) and record.raw_stream.limit:
        raise OSError("it is cut short")
    return address, content, content_type


class _Whole:
    """A stream whose early end is an error: warcio takes it for the archive's own."""

    def __init__(self, stream: BinaryIO) -> None:
        # Reading no more than is there: what a damaged end follows is not lost with it.
        self._read = cast(BufferedIOBase, stream).read1

    def read(self, size: int = -1) -> bytes:
        try:
            return self._read(size)
        except EOFError as error:
            raise OSError("its compressed content is cut short") from error
