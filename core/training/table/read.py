"""A file into columns, outcome, people and moments: everything that learning needs, and nothing of it decided yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import FileError
from core.training.table.cells import Column, ColumnBuilder, some
from core.training.table.outcome import UNDECIDED, outcome_of
from core.training.table.people import people_of
from core.training.table.places import SECONDS_A_DAY
from core.transfer import Dialect, read_rows, recognise, sniff
from core.transfer.headers import plain
from core.transfer.mapping import Mapping
from core.words import counted

MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 12_000_000
FEWEST_ROWS: Final = 40
FEWEST_OUTCOMES: Final = 5
UNPARSED_SHARE: Final = 0.1
_EVERY: Final = 2_000
Tell = Callable[[str, int], None]  # what is being done, rows done


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What to learn: the outcome column, its value of success, the column of dates, and the columns to use.

    ``columns`` empty means all that are fit. ``holdout_share`` of the rows judge, in (0, 1). ``family`` is one of
    ``core.training.table.choice.CHOICES``.
    """

    path: Path
    outcome: str
    positive: str | None = None
    date: str | None = None
    columns: tuple[str, ...] = ()
    holdout_share: float = 0.3
    family: str = "auto"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """n rows whose outcome is known.

    ``row_numbers`` as in a spreadsheet; ``person`` the same number for rows of one person; ``day`` float64 (n,), days
    since 1970, None without a column of dates; ``left_out`` are columns with the reason why they cannot be used.
    """

    columns: tuple[Column, ...]
    converted: NDArray[np.bool_]
    row_numbers: NDArray[np.intp]
    person: NDArray[np.intp]
    day: NDArray[np.float64] | None
    mapping: Mapping
    dialect: Dialect
    rows_in_file: int
    left_out: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.converted)

    def rows(self, picked: NDArray[np.intp]) -> Table:
        """The picked rows."""
        return replace(
            self,
            columns=tuple(column.rows(picked) for column in self.columns),
            converted=self.converted[picked],
            row_numbers=self.row_numbers[picked],
            person=self.person[picked],
            day=None if self.day is None else self.day[picked],
        )


def read_table(request: Request, tell: Tell = lambda _what, _rows: None) -> Table:
    """Read the file. Raises FileError, in one sentence, for one that nothing can be learned from."""
    dialect = sniff(request.path)
    outcome, date, wanted = _names(request, dialect.columns)
    columns, numbers, skipped = _cells(request.path, dialect, wanted, tell)
    by_name = {column.name: column for column in columns}
    if not len(numbers):
        raise FileError(f"{request.path.name} has a header and no rows; export it again with its leads.")
    if len(numbers) < FEWEST_ROWS:
        raise FileError(
            f"The file has {counted(len(numbers), 'row')}; at least {FEWEST_ROWS} are needed to learn anything."
        )
    meaning = outcome_of(by_name[outcome], request.positive)
    days = None if date is None else _days(by_name[date])
    kept = np.flatnonzero((meaning != UNDECIDED) & (True if days is None else np.isfinite(days)))
    mapping = recognise(dialect.columns)
    warnings = _warned(skipped, len(numbers), meaning, days)
    table = Table(
        columns=tuple(columns),
        converted=meaning == 1,
        row_numbers=numbers,
        person=people_of(columns, mapping, outcome),
        day=days,
        mapping=mapping,
        dialect=dialect,
        rows_in_file=len(numbers),
        warnings=warnings,
    ).rows(kept)
    _check_counts(outcome, date, table)
    left = [(name, "not among the columns that were asked for") for name in dialect.columns if name not in wanted]
    others = tuple(column for column in table.columns if column.name not in (outcome, date))
    return replace(table, columns=others, left_out=tuple(left))


def _names(request: Request, columns: tuple[str, ...]) -> tuple[str, str | None, set[str]]:
    outcome = _column(request.outcome, columns)
    date = None if request.date is None else _column(request.date, columns)
    if date == outcome:
        raise FileError(f"{outcome!r} cannot be both the outcome and the date.")
    if request.columns:
        named = {_column(name, columns) for name in request.columns}
        if named <= {outcome, date}:
            raise FileError("No column is left to learn from; name others than the outcome and the date.")
        return outcome, date, named | {outcome} | ({date} if date else set())
    if len(columns) > MOST_COLUMNS:
        raise FileError(
            f"The file has {len(columns):,} columns; at most {MOST_COLUMNS} are learned from. "
            "Name the ones to use (--columns A,B,C)."
        )
    return outcome, date, set(columns)


def _column(name: str, columns: tuple[str, ...]) -> str:
    """The column of that name, letter by letter or in the plain form. Raises FileError."""
    if name in columns:
        return name
    alike = [column for column in columns if plain(column) == plain(name)] if plain(name) else []
    if len(alike) == 1:
        return alike[0]
    raise FileError(f"The file has no column {name[:60]!r}; it has {some(columns, 8)}.")


def _cells(path: Path, dialect: Dialect, wanted: set[str], tell: Tell) -> tuple[list[Column], NDArray[np.intp], int]:
    """The wanted columns, the numbers of the rows, and how many rows could not be split into cells."""
    places = [(index, ColumnBuilder(name)) for index, name in enumerate(dialect.columns) if name in wanted]
    width, skipped = len(dialect.columns), 0
    numbers: list[int] = []
    for number, cells in read_rows(path, dialect):
        if not isinstance(cells, list) or any(cell.strip() for cell in cells[width:]):
            skipped += 1
            continue
        if not any(cell.strip() for cell in cells):
            continue
        numbers.append(number)
        for index, builder in places:
            builder.add(cells[index] if index < len(cells) else "")
        if len(numbers) * len(places) > MOST_CELLS:
            raise FileError(
                f"{path.name} holds more than {MOST_CELLS:,} cells; train on fewer rows, or name columns (--columns)."
            )
        if len(numbers) % _EVERY == 0:
            tell("Reading the file", len(numbers))
    return [builder.built() for _, builder in places], np.array(numbers, dtype=np.intp), skipped


def _days(column: Column) -> NDArray[np.float64]:
    days = column.as_days()
    unread = column.known & ~np.isfinite(days)
    if unread.sum() > UNPARSED_SHARE * max(1, column.known.sum()) or not column.known.any():
        examples = [column.values[code] for code in dict.fromkeys(column.codes[unread].tolist())]
        told = f"such as {some(examples, 2)}" if examples else "the column is empty"
        raise FileError(
            f"{int(unread.sum()):,} of {len(days):,} cells of the date column {column.name!r} are no dates ({told}); "
            "choose another column, or leave --date out."
        )
    return days


def _warned(skipped: int, rows: int, meaning: NDArray[np.int8], days: NDArray[np.float64] | None) -> tuple[str, ...]:
    told = []
    if skipped:
        told.append(f"{counted(skipped, 'row')} could not be split into cells and {_were(skipped)} left out.")
    undecided = int((meaning == UNDECIDED).sum())
    if undecided:
        told.append(f"{undecided:,} of {rows:,} rows told no outcome yet and {_were(undecided)} left out.")
    undated = 0 if days is None else int((~np.isfinite(days) & (meaning != UNDECIDED)).sum())
    if undated:
        told.append(f"{counted(undated, 'row')} without a date that can be read {_were(undated)} left out.")
    return tuple(told)


def _were(rows: int) -> str:
    return "was" if rows == 1 else "were"


def _check_counts(outcome: str, date: str | None, table: Table) -> None:
    won = int(table.converted.sum())
    lost = len(table) - won
    if len(table) < FEWEST_ROWS or min(won, lost) < FEWEST_OUTCOMES:
        raise FileError(
            f"{outcome!r} tells {won:,} successes and {lost:,} failures"
            f"{f' in rows with a date in {date!r}' if date else ''}; at least {FEWEST_OUTCOMES} of either and "
            f"{FEWEST_ROWS} rows in all are needed to learn anything."
        )


def moment(day: float) -> datetime:
    """The UTC moment of a day since 1970."""
    return datetime.fromtimestamp(day * SECONDS_A_DAY, UTC)
