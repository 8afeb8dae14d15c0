"""How a CSV file is written: encoding, separator, and where its header stands."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import FileError
from core.transfer.encoding import detect, opening
from core.transfer.headers import plain, target_of
from core.transfer.limits import HEAD_BYTES, MOST_CELL_CHARACTERS, MOST_COLUMNS
from core.transfer.records import Unreadable, records

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_ROWS_LOOKED_AT = 60
_LEAD_NOT_NAME = re.compile(r"[^\s@]+@[^\s@]+\.\w+|\+?[\d\s().-]{7,}")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to read one file.

    ``encoding`` is a Python codec, or ``"ascii"`` where UTF-8 or cp1252 may follow; ``header_row`` is the row of
    the column names, counted from 1 as a spreadsheet does; ``columns`` are those names made unique
    (``Email (2)``, ``column 5`` where there is none) and ``header`` the cells as they stand in the file.
    """

    encoding: str
    separator: str
    header_row: int
    columns: tuple[str, ...]
    header: tuple[str, ...]

    @property
    def encoding_label(self) -> str:
        """The encoding as a screen names it."""
        return "UTF-8" if self.encoding in ("ascii", "utf-8", "utf-8-sig") else self.encoding.upper()

    @property
    def separator_label(self) -> str:
        """The separator in words."""
        return SEPARATORS.get(self.separator, repr(self.separator))


def sniff(path: Path) -> Dialect:
    """Find out how the file at ``path`` is written, from its first ``HEAD_BYTES`` only.

    Raises FileError, in one sentence for the user, for what is no file of rows under a header.
    """
    head, whole = _head(path)
    encoding = detect(head)
    codec, errors = opening(encoding)
    text = _text_of(head, codec, errors)
    if not text.strip("\ufeff \t\r\n"):
        raise FileError(f"{path.name} is empty; export it again with a header and at least one row.")
    candidates = [_read_as(text, separator, whole) for separator in SEPARATORS]
    best = max(candidates, key=lambda candidate: candidate.rank)
    return best.dialect(encoding)


def _head(path: Path) -> tuple[bytes, bool]:
    if not isinstance(path, Path):
        raise FileError(f"{str(path)[:80]!r} is not a file on this computer; download it first and give its path.")
    try:
        if path.is_dir():
            raise FileError(f"{path.name} is a folder; give one CSV file.")
        if not path.is_file():
            raise FileError(f"There is no file {str(path)[:200]!r}; check the path.")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            return head, not file.read(1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not allowed"
        raise FileError(f"The file {str(path)[:200]!r} cannot be read: {reason}.") from error


def _text_of(head: bytes, codec: str, errors: str) -> str:
    """Decode the beginning as the reader will; a character cut in two at its end is left out."""
    try:
        return codecs.getincrementaldecoder(codec)(errors).decode(head)
    except UnicodeError as error:
        raise FileError(f"The file is not valid {codec.upper()} text; save it as CSV (UTF-8).") from error


@dataclass(frozen=True, slots=True)
class _Reading:
    """The beginning of the file as one separator would have it."""

    separator: str
    header_row: int
    header: tuple[str, ...]
    rows: tuple[list[str], ...]
    whole: bool

    @property
    def rank(self) -> tuple[int, float, int]:
        """Names that we know; then rows as wide as the header; then columns."""
        known = sum(target_of(name) is not None for name in self.header)
        width = len(self.header)
        even = sum(len(row) == width for row in self.rows) / max(1, len(self.rows)) if width > 1 else 0.0
        return known if width > 1 or known else 0, even, width

    def dialect(self, encoding: str) -> Dialect:
        header = [cell.strip().strip("\ufeff").strip() for cell in self.header]
        while (
            len(header) > 1
            and not header[-1]
            and not any(len(row) >= len(header) and row[len(header) - 1].strip() for row in self.rows)
        ):
            header.pop()
        self._check(header)
        return Dialect(encoding, self.separator, self.header_row, _unique(header), tuple(header))

    def _check(self, header: list[str]) -> None:
        if len(header) > MOST_COLUMNS:
            raise FileError(f"The file has {len(header):,} columns; at most {MOST_COLUMNS:,} are allowed. Remove some.")
        if any("\x00" in cell for cell in header):
            raise FileError("The column names hold NUL characters; export the file again as CSV (UTF-8).")
        if max(map(len, header)) > MOST_CELL_CHARACTERS:
            raise FileError(f"A column name is longer than {MOST_CELL_CHARACTERS:,} characters; correct the header.")
        if any(_LEAD_NOT_NAME.fullmatch(cell) for cell in header):
            raise FileError(
                f"Row {self.header_row} looks like a lead, not like column names; put a row of column names "
                "(Name, Email, Phone, ...) above it."
            )
        if not any(header):
            raise FileError(
                "The file begins with nothing but blank cells; remove them, so that the column names come first."
            )
        if self.rows:
            return
        if not self.whole:
            raise FileError(f"Row {self.header_row + 1} is too long to be a lead; a quotation mark may be missing.")
        raise FileError("The file has column names but no rows; export it again with your leads in it.")


def _read_as(text: str, separator: str, whole: bool) -> _Reading:
    found, last = _filled_rows(text, separator)
    if not whole and len(found) > 1 and found[-1][0] == last:
        found.pop()  # cut in the middle
    if not found:
        return _Reading(separator, 1, ("",), (), whole)
    start = _header_at([cells for _, cells in found])
    number, header = found[start]
    return _Reading(separator, number, tuple(header), tuple(cells for _, cells in found[start + 1 :]), whole)


def _filled_rows(text: str, separator: str) -> tuple[list[tuple[int, list[str]]], int]:
    """The first rows with anything in them, and the last row of the text (0 when it goes on)."""
    found: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, row in records(io.StringIO(text, newline=""), separator):
            cells = [row.text] if isinstance(row, Unreadable) else row
            if any(cell.strip("\ufeff \t\r\n") for cell in cells):
                found.append((number, cells))
            if len(found) > _ROWS_LOOKED_AT:
                return found, 0
    except FileError:  # the next row is too long; with another separator it may be a short one
        return found, number + 1
    return found, number


def _header_at(rows: list[list[str]]) -> int:
    """The first row, unless titles of a single cell stand above a wider row of names that we know."""
    for position, row in enumerate(rows[:5]):
        if sum(bool(cell.strip()) for cell in row) > 1:
            known = any(target_of(cell) is not None for cell in row)
            return position if known else 0
    return 0


def _unique(header: list[str]) -> tuple[str, ...]:
    """Name each column apart from the others.

    >>> _unique(["Email", "Email", ""])
    ('Email', 'Email (2)', 'column 3')
    """
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    names = []
    for position, cell in enumerate(header, start=1):
        name = cell[:300] or f"column {position}"
        seen[plain(name)] += 1
        if name in taken:
            name = f"{name} ({seen[plain(name)]})"
        while name in taken:
            name += "'"
        taken.add(name)
        names.append(name)
    return tuple(names)
