"""Sources into articles: files, pages, JSON lines, folders and standard input.

This is the only place where text is normalised. A ``.txt`` file is kept to the character;
a page or a Markdown file becomes plain paragraphs. Offsets made after this never move.
"""

from ingest.read.files import MAX_BYTES, MAX_CHARACTERS, SUFFIXES, ReadError, read
from ingest.read.furniture import boilerplate

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "SUFFIXES", "ReadError", "boilerplate", "read"]
