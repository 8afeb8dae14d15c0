"""A first look at a file that may be learned from: its columns, and which seem to be outcome and date."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from core.errors import FileError
from core.training.table.cells import Column, ColumnBuilder
from core.training.table.outcome import MOST_VALUES, outcome_of
from core.training.table.suspicion import outcome_word
from core.transfer import Dialect, outcome_columns, read_rows, recognise, sniff

ROWS: Final = 3_000
DATED_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class TableLook:
    """What the first 3,000 rows show.

    ``outcomes`` are columns that could be the outcome, the likeliest first; ``dates`` likewise.
    """

    dialect: Dialect
    columns: tuple[Column, ...]
    outcomes: tuple[str, ...]
    dates: tuple[str, ...]

    def values(self, name: str) -> list[str]:
        """The texts of a column, the most frequent first."""
        return next(column.present for column in self.columns if column.name == name)

    def understood(self, name: str) -> bool:
        """Whether the outcome's words say by themselves which is the success."""
        try:
            outcome_of(next(column for column in self.columns if column.name == name))
        except FileError:
            return False
        return True


def look_at(path: Path) -> TableLook:
    """Read the beginning of a file. Raises FileError for one that cannot be used at all."""
    dialect = sniff(path)
    builders = [ColumnBuilder(name) for name in dialect.columns]
    for _, cells in islice(read_rows(path, dialect), ROWS):
        if isinstance(cells, list) and any(cells):
            for index, builder in enumerate(builders):
                builder.add(cells[index] if index < len(cells) else "")
    columns = tuple(builder.built() for builder in builders)
    fields = recognise(dialect.columns).fields
    dates = sorted(
        (column for column in columns if _dated(column)), key=lambda one: fields.get(one.name) != "created_at"
    )
    return TableLook(dialect, columns, _outcomes(columns), tuple(column.name for column in dates))


def _outcomes(columns: tuple[Column, ...]) -> tuple[str, ...]:
    named = set(outcome_columns(column.name for column in columns))
    possible = [column for column in columns if 2 <= len(column.present) <= MOST_VALUES]
    order = {column.name: position for position, column in enumerate(columns)}

    def place(column: Column) -> tuple[bool, bool, bool, int]:
        two = len(column.present) == 2
        return column.name not in named, not outcome_word(column.name), not two, -order[column.name]

    return tuple(column.name for column in sorted(possible, key=place))


def _dated(column: Column) -> bool:
    if not column.known.size or column.known.mean() < DATED_SHARE or outcome_columns([column.name]):
        return False
    days = column.as_days()
    return bool(np.isfinite(days).mean() >= DATED_SHARE)
