"""onrecord: news articles in; who said what, where and when out."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

try:
    __version__ = version("onrecord")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"


def packaged_file(name: str) -> Path:
    """A file that people edit at the project's top level and that an installed package carries inside."""
    inside = Path(__file__).parent / name
    top = Path(__file__).resolve().parents[1]
    return next(path for path in (inside, top / name, top / "data" / name) if path.exists())
