"""What the tests share: the trained reader, loaded once, and the command line, run in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "data" / "articles"
SHARED = (
    ROOT.parent / "shared"
)  # articles that may not be published: tests that need them are skipped elsewhere


@pytest.fixture(scope="session")
def _reader_loaded_once() -> Iterator[None]:
    """Every pipeline of the session takes the same loaded reader."""
    from ingest.reader import Reader

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reader, "load", cache(Reader.load))
        yield


@pytest.fixture(scope="session")
def pipeline(_reader_loaded_once):
    """The pipeline as every command makes it."""
    from ingest.pipeline import Pipeline

    return Pipeline()


@pytest.fixture
def onrecord(_reader_loaded_once, monkeypatch) -> Callable:
    """``onrecord("search", "dam")`` → the result of the command: exit_code, stdout, stderr."""
    from typer.testing import CliRunner

    from ingest.cli import app

    # Rich would break lines, and words of a message, at 80 columns.
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.delenv("ONRECORD_DB", raising=False)

    def run(*words: object, input: str | bytes | None = None):
        return CliRunner().invoke(app, [str(word) for word in words], input=input)

    return run


@pytest.fixture
def shared() -> Path:
    """The folder of articles that are not part of the project."""
    if not (SHARED / "score.py").exists():
        pytest.skip("the articles of ../shared are not here: they may not be handed on")
    return SHARED
