"""Ctrl-C while articles are read: what is in hand is finished, and nothing more is begun."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import TypeVar

import typer

from ingest.cli.app import err

Item = TypeVar("Item")


class Stop:
    """Whether the user has asked to stop. A second Ctrl-C is a KeyboardInterrupt, as everywhere."""

    def __init__(self) -> None:
        self.asked = False
        self._waiting = False

    def until(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield items until the user asks to stop, be it while the next one is waited for."""
        source = iter(items)
        while True:
            try:
                self._waiting = True  # for standard input, or the web: perhaps for ever
                if self.asked:
                    return
                item = next(source)
            except (StopIteration, KeyboardInterrupt):
                return
            finally:
                self._waiting = False
            yield item

    def pause(self, seconds: float) -> bool:
        """Wait so long, or until the user asks to stop. → whether that was so long, and work may go on."""
        try:
            self._waiting = True
            if not self.asked:
                sleep(seconds)
        except KeyboardInterrupt:
            return False
        finally:
            self._waiting = False
        return not self.asked

    def hear(self, *_: object) -> None:
        """The handler of the signal."""
        at_once = self.asked or self._waiting
        self.asked = True
        if at_once:
            raise KeyboardInterrupt


@contextmanager
def finishing() -> Iterator[Stop]:
    """Let Ctrl-C ask rather than break off, and exit with status 130 if it has."""
    stop = Stop()
    before = signal.signal(signal.SIGINT, stop.hear)
    try:
        yield stop
    except typer.Exit:  # with the status of whatever else went wrong
        if not stop.asked:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
    if stop.asked:
        err.print("stopped; the same command again does the rest", soft_wrap=True)
        raise typer.Exit(130)
