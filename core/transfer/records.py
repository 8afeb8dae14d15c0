"""Rows of a CSV text, one by one, in bounded memory, whatever the text holds."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from core.errors import FileError
from core.transfer.limits import MOST_ROW_CHARACTERS

MOST_STRAY_QUOTES = 20


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row whose cells cannot be told apart, and why."""

    text: str
    reason: str


class _OpenQuoteError(Exception):
    """A row did not end, by the end of the text (``at_end``) or after as many characters as a row may have."""

    def __init__(self, at_end: bool) -> None:
        super().__init__()
        self.at_end = at_end


class _Lines:
    """The physical lines, remembered from the start of the row, so that a broken row can be taken back."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._back: deque[str] = deque()
        self._size = 0
        self.taken: list[str] = []
        self.row_number = 0

    def start_row(self) -> None:
        self.row_number += 1
        self._size = 0
        self.taken = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._stream.readline(MOST_ROW_CHARACTERS + 1)
        if not line:
            if self.taken:
                raise _OpenQuoteError(at_end=True)
            raise StopIteration
        self.taken.append(line)
        self._size += len(line)
        if self._size > MOST_ROW_CHARACTERS:
            raise _OpenQuoteError(at_end=False)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))


def records(stream: TextIO, separator: str) -> Iterator[tuple[int, list[str] | Unreadable]]:
    r"""Yield row number (from 1, as a spreadsheet counts) and cells of each row; blank rows have no cells.

    A quotation mark that is never closed spoils its own row, not the rest of the file.
    Raises FileError when one row exceeds ``MOST_ROW_CHARACTERS``.

    >>> import io
    >>> list(records(io.StringIO('a,b\n\n"1\n2",3\n'), ","))
    [(1, ['a', 'b']), (2, []), (3, ['1\n2', '3'])]
    """
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=separator)
    width, stray = 0, 0
    while True:
        lines.start_row()
        number = lines.row_number
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _OpenQuoteError as error:
            stray += 1
            rest = lines.taken[1:]
            if stray <= MOST_STRAY_QUOTES and _is_rows(rest, separator, width):
                lines.give_back(rest)
            elif not error.at_end:
                raise FileError(
                    f"row {number} is longer than {MOST_ROW_CHARACTERS:,} characters; a closing quotation mark may be "
                    "missing. Correct the row."
                ) from None
            yield number, Unreadable(lines.taken[0].strip(), "a quotation mark opens a cell that never ends")
            continue
        except csv.Error as error:
            yield number, Unreadable(lines.taken[0].strip(), f"cannot be split into cells ({error})")
            continue
        width = max(width, len(cells))
        yield number, cells


def _is_rows(lines: list[str], separator: str, width: int) -> bool:
    """Whether ``lines``, swallowed by an open quote, are rows: a cell of prose, or a file cut off, is not."""
    if width < 2 or not lines or len(lines[-1]) > MOST_ROW_CHARACTERS:
        return False
    widths = [len(next(csv.reader([line], delimiter=separator), [])) for line in lines if line.strip()]
    return bool(widths) and sum(found == width for found in widths) * 2 >= len(widths)
