"""onrecord: news articles in; who said what, where and when out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("onrecord")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"
