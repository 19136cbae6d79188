"""What is wrong with a source, and what to do next."""

from __future__ import annotations

from pathlib import Path

from ingest.records import ExplainedError, Failure

_LONGEST = 1_000


class ReadError(ExplainedError):
    """A source that cannot be read. The message names it, what is wrong and what to do next.

    A library's word on what is wrong may quote the source: it is cut, and cannot move a terminal's cursor.
    """

    def __init__(self, source: str | Path, problem: str) -> None:
        visible = "".join(letter if letter.isprintable() else " " for letter in problem[:_LONGEST])
        super().__init__(f"{source}: {visible}")
        self.source = str(source)

    def failure(self) -> Failure:
        """The same as a record."""
        return Failure(self.source, "read", str(self))


class ContentError(ValueError):
    """What is wrong with one article's content; whoever knows where it came from makes it a ReadError."""
