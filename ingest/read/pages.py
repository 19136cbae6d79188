"""Pages and Markdown files as plain prose with their bibliographic facts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import trafilatura
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.read.errors import ContentError
from ingest.read.facts import Facts
from ingest.read.furniture import without_furniture
from ingest.read.metadata import metadata

# Front matter is a handful of lines; nothing longer is worth parsing.
_LONGEST_FRONT_MATTER = 20_000
# The time a page takes grows with the square of its tags; most have 1,500, and so many take 15 seconds.
_MOST_TAGS = 100_000

# Prose is indented for many reasons, and never because it is code.
_MARKDOWN = MarkdownIt("commonmark").enable("table").disable("code")
_FRONT_MATTER = YAMLHandler()

# What trafilatura has to say about a page is said again by our own errors, with the file's name.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def parse_html(data: bytes, address: str | None = None) -> tuple[str, Facts]:
    """Return the article of a web page, a blank line between paragraphs, and its facts.

    The page says itself how it is encoded. Its own headline is a fact, not a paragraph. ``address`` is
    where it was found, if on the web. Raises ContentError when there is no article in it.
    """
    if data.count(b"<") > _MOST_TAGS:
        raise ContentError(f"more than {_MOST_TAGS:,} tags, so no article's page; save its text as .txt")
    with _broken_parser_explained():
        tree = trafilatura.load_html(data)
        document = _main_text(tree, strict=True)
        if document is None or not document.text:  # older sites lay the article out in a table
            document = _main_text(tree, strict=False)
        facts = {} if document is None else metadata(tree, document, address)
    lines = (document.text or "").splitlines() if document is not None else []
    paragraphs = [line.removeprefix("- ").strip() for line in lines]
    if paragraphs and document is not None and paragraphs[0] in (document.title, facts["title"]):
        del paragraphs[0]
    text = without_furniture("\n\n".join(paragraphs))
    if not text:
        raise ContentError("no article text in this page; save the article's own page, or its text as .txt")
    return text, facts


@contextmanager
def _broken_parser_explained() -> Iterator[None]:
    """Whatever a hostile page breaks in a parser, the run goes on."""
    try:
        yield
    except Exception as error:
        problem = f"the page cannot be parsed ({type(error).__name__}); save its text as .txt"
        raise ContentError(problem) from error


def _main_text(tree: Any, *, strict: bool) -> Any:
    """Ask trafilatura for the page's article: a Document, or None where it sees none."""
    return trafilatura.bare_extraction(
        tree,
        favor_precision=strict,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        # A date from anywhere in the page may be another story's; a blank is better.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )


def parse_markdown(source: str) -> tuple[str, Facts]:
    """Return the prose of a Markdown file, a blank line between paragraphs, and its front matter.

    ``"# Dam holds\\n\\nThe *dam* held."`` → ``("The dam held.", {"title": "Dam holds"})``.
    Raises ContentError for front matter that is not YAML.
    """
    facts, body = _front_matter(source)
    blocks = _blocks(_MARKDOWN.parse(body))
    if blocks and blocks[0][0] == "h1":
        facts = {"title": blocks[0][1], **facts}
        del blocks[0]
    return without_furniture("\n\n".join(text for _, text in blocks)), facts


def _front_matter(source: str) -> tuple[Facts, str]:
    """Split off the YAML between two lines of three dashes at the very top, if there."""
    if not _FRONT_MATTER.detect(source):
        return {}, source
    try:
        header, body = _FRONT_MATTER.split(source)
        if len(header) > _LONGEST_FRONT_MATTER:
            raise ValueError("it is too long")
        # The base loader makes strings, lists and mappings only: a date stays as written.
        facts = yaml.load(header, Loader=yaml.BaseLoader) or {}
        if not isinstance(facts, dict):
            raise ValueError("it has no names")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        advice = "write it as lines of `name: value` between two lines of ---"
        raise ContentError(f"the front matter is not valid YAML ({reason}); {advice}") from error
    return facts, body


def _blocks(tokens: list[Token]) -> list[tuple[str, str]]:
    """Return each heading and paragraph as (tag, plain text); tables, code and raw HTML are left out."""
    blocks = []
    in_table = False
    for before, token in pairwise(tokens):
        if before.type in ("table_open", "table_close"):
            in_table = before.type == "table_open"
        if token.type == "inline" and not in_table:
            text = " ".join(_words(token.children or []).split())
            if text:
                blocks.append((before.tag, text))
    return blocks


def _words(tokens: list[Token]) -> str:
    """Return what a reader sees of a line: the words of links and emphasis, no pictures, no HTML."""
    return "".join(
        token.content if token.type in ("text", "code_inline") else " "
        for token in tokens
        if token.type in ("text", "code_inline", "softbreak", "hardbreak")
    )
