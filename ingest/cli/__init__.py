"""The command ``onrecord``. Nothing else in the package prints or exits."""

from ingest.cli import asking, correcting, learning, publishing, reading, scaling  # each adds its commands
from ingest.cli.app import app

__all__ = ["app", "asking", "correcting", "learning", "publishing", "reading", "scaling"]
