"""Sources into articles: files, pages, tables, archives, web addresses, folders and standard input.

This is the only place where text is normalised, and the only one that fetches anything. A ``.txt`` file
is kept to the character; a page or a Markdown file becomes plain paragraphs. Offsets made after this
never move.
"""

from ingest.read.count import count
from ingest.read.errors import ReadError
from ingest.read.facts import ColumnError, Columns
from ingest.read.files import LISTS, SUFFIXES, read
from ingest.read.furniture import boilerplate
from ingest.read.parse import MAX_BYTES, MAX_CHARACTERS
from ingest.read.web import Limits, Web

__all__ = [
    "LISTS",
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "SUFFIXES",
    "ColumnError",
    "Columns",
    "Limits",
    "ReadError",
    "Web",
    "boilerplate",
    "count",
    "read",
]
