"""Leads out of a CSV file, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TextIO

from core.errors import FileError
from core.leads import utc_now
from core.leads.clock import CLOCK_SKEW
from core.transfer.dates import prefers_day_first
from core.transfer.dialect import Dialect, sniff
from core.transfer.encoding import opening
from core.transfer.limits import MOST_ROW_CHARACTERS
from core.transfer.mapping import Mapping, recognise
from core.transfer.records import Unreadable, records
from core.transfer.rows import ReadRow, RowReader, rejected

_ROWS_FOR_DATES = 500
_DATES = ("created_at", "last_activity_at")
_DATES_OF_ENDS = ("closed_at", "customer_since")
Row = tuple[int, list[str] | Unreadable]


@dataclass(frozen=True)
class Reading:
    """How the rows of one file become leads; can be sent to another process.

    ``as_of`` is the moment at which "days since the last activity" is taken, ``latest`` the last one that a date may
    name; ``day_first`` says for each column of dates whether 03/04 is the 3rd of April. Dates that name no
    zone are on the clock of ``zone``. None: on an unknown one, taken as UTC, and what would then come in the next 14
    hours is of just now.
    """

    columns: tuple[str, ...]
    mapping: Mapping
    as_of: datetime
    latest: datetime
    day_first: AnyMapping[str, bool]
    zone: tzinfo | None = UTC

    def leads(self, rows: Iterable[Row]) -> Iterator[ReadRow]:
        """Yield each filled row as a ``ReadLead`` or, with the reason, ``Rejected``."""
        read = self._reader.read
        for number, cells in rows:
            if isinstance(cells, Unreadable):
                yield rejected(number, [cells.reason], [cells.text])
                continue
            row = read(number, cells)
            if row is not None:
                yield row

    def __getstate__(self) -> dict[str, object]:
        """What another process is sent; it makes a reader of its own."""
        return {name: value for name, value in self.__dict__.items() if name != "_reader"}

    @cached_property
    def _reader(self) -> RowReader:
        return RowReader(self.columns, self.mapping, self.as_of, self.latest, self.day_first, self.zone)


def read_leads(
    path: Path,
    mapping: Mapping | None = None,
    as_of: datetime | None = None,
    dialect: Dialect | None = None,
    zone: tzinfo | None = UTC,
) -> Iterator[ReadRow]:
    """Yield each filled row of the file as a ``ReadLead`` or, with the reason, ``Rejected``; streaming.

    ``row_number`` counts as a spreadsheet does: the first row of the file is 1, the header is row
    ``dialect.header_row``, a cell with line breaks is still one row. ``as_of`` is now when None; ``zone`` as in
    ``Reading``.

    Raises FileError for a file that cannot be used at all, at once or where it breaks.
    """
    dialect = dialect or sniff(path)
    mapping = mapping or recognise(dialect.columns)
    check_mapping(path, mapping, dialect)
    return _leads(path, mapping, as_of or utc_now(), dialect, zone)


def check_mapping(path: Path, mapping: Mapping, dialect: Dialect, others: Collection[str] = ()) -> None:
    """Raise FileError unless at least one column is read; ``others`` are read by somebody else, from the cells."""
    if not mapping.fields and not set(others) & set(dialect.columns):
        raise FileError(
            f"No column of {path.name} is one that we know (it has {_some(dialect.columns)}); "
            "say which column holds what."
        )


def start_reading(
    path: Path,
    mapping: Mapping,
    as_of: datetime,
    dialect: Dialect,
    others: Collection[str] = (),
    zone: tzinfo | None = UTC,
) -> tuple[Reading, Iterator[Row]]:
    """How the rows of the file are read, as its first ones decide, and all its rows. Raises FileError."""
    check_mapping(path, mapping, dialect, others)
    rows = read_rows(path, dialect)
    first = _first(rows)
    as_of = as_of.replace(tzinfo=UTC) if as_of.tzinfo is None else as_of
    day_first = _day_first(dialect, mapping, first)
    reading = Reading(dialect.columns, mapping, as_of, utc_now() + CLOCK_SKEW, day_first, zone)
    return reading, chain(first, rows)


def read_rows(path: Path, dialect: Dialect) -> Iterator[Row]:
    """Yield row number and cells of each row under the header, blank ones too."""
    with _opened(path, dialect) as stream:
        try:
            for number, cells in records(stream, dialect.separator):
                if number > dialect.header_row:
                    yield number, cells
        except OSError as error:
            raise FileError(f"Reading {path.name} failed: {error.strerror or 'the disk did not answer'}.") from error
        except UnicodeError as error:
            raise FileError(f"{path.name} is not valid {dialect.encoding_label} text; save it as UTF-8.") from error


def _opened(path: Path, dialect: Dialect) -> TextIO:
    codec, errors = opening(dialect.encoding)
    try:
        return path.open("r", encoding=codec, errors=errors, newline="")
    except OSError as error:
        raise FileError(f"The file {path.name!r} cannot be read: {error.strerror}.") from error


def _leads(path: Path, mapping: Mapping, as_of: datetime, dialect: Dialect, zone: tzinfo | None) -> Iterator[ReadRow]:
    reading, rows = start_reading(path, mapping, as_of, dialect, zone=zone)
    yield from reading.leads(rows)


def _first(rows: Iterator[Row]) -> list[Row]:
    """The rows that decide how dates are read: 500, or fewer long ones."""
    first: list[Row] = []
    size = 0
    for row in rows:
        first.append(row)
        size += sum(map(len, row[1])) if isinstance(row[1], list) else 0
        if len(first) >= _ROWS_FOR_DATES or size > MOST_ROW_CHARACTERS:
            break
    return first


def _day_first(dialect: Dialect, mapping: Mapping, rows: list[Row]) -> dict[str, bool]:
    """Decide each date column from its own unambiguous dates, else from the file's, else month first.

    What became of a lead has no say in how the dates that are scored are read.
    """
    dates = {column: target for column, target in mapping.fields.items() if target in (*_DATES, *_DATES_OF_ENDS)}
    columns = {column: index for index, column in enumerate(dialect.columns) if column in dates}
    cells = {
        column: [row[index] for _, row in rows if isinstance(row, list) and index < len(row)]
        for column, index in columns.items()
    }
    scored = (values for column, values in cells.items() if dates[column] in _DATES)
    whole_file = prefers_day_first(chain.from_iterable(scored)) or False
    own = {column: prefers_day_first(values) for column, values in cells.items()}
    return {column: whole_file if prefers is None else prefers for column, prefers in own.items()}


def _some(columns: tuple[str, ...]) -> str:
    names = ", ".join(column[:30] for column in columns[:5])
    return names + (", ..." if len(columns) > 5 else "")
