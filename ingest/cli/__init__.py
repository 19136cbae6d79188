"""The command ``onrecord``. Nothing else in the package prints or exits."""

from ingest.cli import asking, learning, publishing, reading  # each adds its commands
from ingest.cli.app import app

__all__ = ["app", "asking", "learning", "publishing", "reading"]
