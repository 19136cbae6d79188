"""The file of corrections: its rows as records, and adding one without touching the others."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import BinaryIO, NamedTuple

from ingest.names import slug
from ingest.records import ExplainedError, TextSpan
from ingest.register import Entry, Register

APPLIED = "applied"
OF_QUOTES = ("speaker", "no quote", "ends", "words")
OF_SPEAKERS = ("merge", "split", "rename")
BUSY_SECONDS = 5.0

_NEEDED = {
    **dict.fromkeys(("speaker", "no quote"), ("article",)),
    **dict.fromkeys(("ends", "words"), ("article", "value")),
    **dict.fromkeys(("merge", "rename"), ("speaker", "value")),
    "split": ("speaker", "article", "value"),
}
_NAMED = re.compile(r"(.*\S)\s*\[([a-z0-9]+(?:-[a-z0-9]+)*)\]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CorrectionError(ExplainedError):
    """The file of corrections cannot be read or written; the message names it, the line and what to do."""


class Refused(Exception):
    """A correction cannot be done; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One row. ``line`` is where it begins in the file; an empty cell is none."""

    line: int
    action: str
    article: str | None = None
    quote: str | None = None
    words: str | None = None
    speaker: str | None = None
    value: str | None = None
    note: str | None = None

    @property
    def said(self) -> tuple[str | None, ...]:
        """What the row says, wherever it stands and whatever is noted beside it."""
        return astuple(self)[1:-1]


COLUMNS = tuple(field.name for field in fields(Correction))[1:]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction: ``applied``, or why it was refused and what to do about it."""

    correction: Correction
    result: str = APPLIED

    @property
    def applied(self) -> bool:
        """Whether it was done."""
        return self.result == APPLIED


@dataclass(frozen=True, slots=True)
class Corrections:
    """The rows of a file, of quotes by article and of speakers."""

    rows: tuple[Correction, ...] = ()
    speakers: tuple[Correction, ...] = ()
    _of: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, path: Path) -> Corrections:
        """The corrections of a CSV file, as people and spreadsheets write it; none where there is no file.

        UTF-8, with or without a byte order mark; commas, semicolons or tabs between the cells.
        Raises CorrectionError for a file that is no such table.
        """
        return cls.of_rows(row for row, _ in _read(path).rows)

    @classmethod
    def of_rows(cls, rows: Iterable[Correction]) -> Corrections:
        """The corrections of some rows."""
        rows = tuple(rows)
        of_articles: dict[str, list[Correction]] = defaultdict(list)
        for row in rows:
            if row.action in OF_QUOTES and not _lacking(row):
                of_articles[row.article or ""].append(row)
        speakers = tuple(row for row in rows if row.action in OF_SPEAKERS and not _lacking(row))
        return cls(rows, speakers, {article: tuple(rows) for article, rows in of_articles.items()})

    @property
    def articles(self) -> frozenset[str]:
        """The ids of the articles whose quotes are corrected."""
        return frozenset(self._of)

    @property
    def version(self) -> str:
        """What changes with anything in the file; empty where there is nothing in it."""
        return sha256(repr(self.rows).encode()).hexdigest()[:8] if self.rows else ""

    def having(self, row: Correction) -> Corrections:
        """These corrections and another one, as ``record`` would write it."""
        kept = [old for old in self.rows if old.said != row.said and not _excludes(old, row)]
        last = max((old.line for old in kept), default=1)
        return Corrections.of_rows([*kept, replace(row, line=last + 1)])

    def of(self, article_id: str) -> tuple[Correction, ...]:
        """What is said of the quotes of one article."""
        return self._of.get(article_id, ())

    def digest(self, article_id: str | None = None) -> str:
        """What changes with the corrections of an article's quotes or, without an article, of the speakers.

        Empty where there are none. A note changes nothing, nor does a line that moves.
        """
        rows = self.speakers if article_id is None else self.of(article_id)
        return sha256(repr([row.said for row in rows]).encode()).hexdigest()[:8] if rows else ""

    def outcomes(self, now: Iterable[Outcome], before: Iterable[Outcome] = ()) -> list[Outcome]:
        """What became of every row: in this build or, if its article was not read again, ``before``."""
        results = {outcome.correction.said: outcome.result for made in (before, now) for outcome in made}
        missing = "no such article was read; ingest it, correct its id, or delete the row"
        return [Outcome(row, _lacking(row) or results.get(row.said, missing)) for row in self.rows]


def _lacking(row: Correction) -> str | None:
    """What a row lacks to make sense in any build, and what to do about it."""
    if row.action not in _NEEDED:
        return f"“{row.action}” is no action; write one of {', '.join(_NEEDED)}"
    for column in _NEEDED[row.action]:
        if not getattr(row, column):
            return f"“{row.action}” needs something in the column {column}; fill it in, or delete the row"
    if row.action in OF_QUOTES and not re.search(r"\w", f"{row.quote or ''}{row.words or ''}"):
        return "the row names no quote; give its id in the column quote, or its words in the column words"
    return None


def named(value: str, register: Register) -> tuple[Entry | None, str | None, str]:
    """Whom a cell names: the entry of the register, if there is one; the id, if one is given; the name.

    ``keir-starmer``, ``Keir Starmer`` and ``Sir Keir [keir-starmer]`` are one entry.
    """
    match = _NAMED.fullmatch(value)
    name, id = match.groups() if match else (value, None)
    entry = next((entry for entry in register.entries if entry.id == (id or name)), None)
    entry = entry or (None if id else register.by_name(name))
    return (entry, entry.id, entry.name) if entry else (None, id, name)


def written(name: str, id: str | None) -> str:
    """A speaker as a cell names it, the id only where it does not follow from the name.

    >>> written("Ann Lee", "ann-lee"), written("John Smith", "john-smith-labour")
    ('Ann Lee', 'John Smith [john-smith-labour]')
    """
    return name if id in (None, slug(name)) else f"{name} [{id}]"


def record(path: Path, row: Correction) -> tuple[Correction, ...]:
    """Add a row to a file, which is made where there is none. → the rows that it takes the place of.

    A row that says something else of the same quote or speaker goes; all others stay as they were written,
    byte for byte. Raises CorrectionError for a file that cannot be read or written.
    """
    with _in_place_of(path) as file:
        table = _read(path)
        for name in COLUMNS:
            if getattr(row, name) and name not in table.columns:
                raise CorrectionError(f"{path} has no column {name}; add it to the first line and run again")
        gone = [(old, span) for old, span in table.rows if old.said == row.said or _excludes(old, row)]
        text = table.text
        for _, span in reversed(gone):
            text = text[: span.start] + text[span.end :]
        if not text.strip("\ufeff\r\n "):
            text = table.line(COLUMNS)
        elif text[-1] not in "\r\n":
            text += table.newline
        text += table.line(_protected(getattr(row, name)) for name in table.columns)
        file.write(text.encode())
    return tuple(old for old, _ in gone)


def _excludes(old: Correction, new: Correction) -> bool:
    """Whether two rows cannot both be meant."""
    if old.action in OF_SPEAKERS or new.action in OF_SPEAKERS:
        same = (old.action, old.speaker) == (new.action, new.speaker)
        return same and (old.action != "split" or old.article == new.article)
    if (old.article, old.quote or old.words) != (new.article, new.quote or new.words):
        return False
    return "no quote" in (old.action, new.action) or (old.action == "speaker") == (new.action == "speaker")


class _Table(NamedTuple):
    """A file as it is written: its text, and for each row where in the text it stands."""

    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Correction, TextSpan], ...]
    delimiter: str = ","
    newline: str = "\n"

    def line(self, cells: Iterable[str]) -> str:
        line = io.StringIO()
        csv.writer(line, delimiter=self.delimiter, lineterminator=self.newline).writerow(cells)
        return line.getvalue()


def _read(path: Path) -> _Table:
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return _Table("", COLUMNS, ())
    except OSError as error:
        raise CorrectionError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CorrectionError(
            f"{path} line {line}: not UTF-8; save it as “CSV UTF-8” and run again"
        ) from error
    head, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=head.count)
    columns: tuple[str, ...] = ()
    rows = []
    for line, cells, span in _records(path, text, delimiter):
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not columns:
            columns = tuple(cell.lower().strip('\ufeff"') for cell in cells)
            _check_columns(path, line, columns)
            continue
        if any(cells[len(columns) :]):
            problem = f"{len(cells)} cells under {len(columns)} columns"
            raise CorrectionError(f'{path} line {line}: {problem}; put words that hold a “{delimiter}” in ""')
        found = {name: _plain(cell) or None for name, cell in zip(columns, cells, strict=False)}
        action = " ".join((found.pop("action", None) or "").lower().split())
        rows.append((Correction(line, action, **found), span))
    return _Table(text, columns or COLUMNS, tuple(rows), delimiter, "\r\n" if head.endswith("\r") else "\n")


def _records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str], TextSpan]]:
    """Each record of a CSV text: its first line, its cells, and the characters that it takes."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    first = start = 0
    try:
        for cells in reader:
            end = start + sum(map(len, lines[first : reader.line_num]))
            yield first + 1, cells, TextSpan(start, end)
            first, start = reader.line_num, end
    except csv.Error as error:
        raise CorrectionError(f"{path} line {first + 1}: {error}; mend that row and run again") from error


def _check_columns(path: Path, line: int, columns: Sequence[str]) -> None:
    counts = Counter(columns)
    wrong = [name for name in columns if name not in COLUMNS or counts[name] > 1]
    if wrong or "action" not in columns:
        problem = f"“{wrong[0]}” is no column, or is there twice" if wrong else "there is no column action"
        raise CorrectionError(f"{path} line {line}: {problem}; the first line should be {','.join(COLUMNS)}")


def _plain(cell: str) -> str:
    """A cell without the mark that keeps spreadsheets from taking it for a formula: ``'=1`` → ``=1``."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _protected(value: str | None) -> str:
    return f"'{value}" if value and value[0] in _FORMULA else value or ""


@contextmanager
def _in_place_of(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which at the end takes the place of another; only one program does so at a time.

    Whoever reads meanwhile finds the old file or the new one, whole.
    """
    path = path.resolve()  # a link stays a link
    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _only(new) as file:
            yield file
        try:
            if path.exists():
                shutil.copymode(path, new)
            new.replace(path)
        except OSError:
            new.unlink()
            raise
    except OSError as error:
        raise CorrectionError(
            f"{path} cannot be written ({error.strerror}); check its permissions"
        ) from error


@contextmanager
def _only(path: Path) -> Iterator[BinaryIO]:
    """A new file; while it is there, others wait. It goes again if what is done with it fails."""
    begun = monotonic()
    while True:
        try:
            file = path.open("xb")
            break
        except FileExistsError as error:
            if monotonic() - begun > BUSY_SECONDS:
                problem = f"{path} is there: another program is writing to it, or was stopped while it did"
                raise CorrectionError(f"{problem}; if none is at work, delete that file") from error
            sleep(0.05)
    try:
        with file:
            yield file
    except BaseException:
        path.unlink()
        raise
