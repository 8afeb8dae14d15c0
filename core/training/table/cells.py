"""One column of a file: its different texts, and which row has which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.training.table.places import days_of, number_of
from core.transfer.dates import prefers_day_first
from core.transfer.words import LONGEST_NOTHING, NOTHING

_RUNS: Final = "=+-@\t\r\n"  # what a spreadsheet-safe export puts a quote before


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """``codes`` int32 (n,) point into ``values``, the different texts; ``values[0]`` is "", which tells nothing."""

    name: str
    codes: NDArray[np.int32]
    values: tuple[str, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows tell something."""
        return self.codes > 0

    def rows(self, picked: NDArray[np.intp]) -> Column:
        """The picked rows; texts that none of them has stay listed."""
        return Column(self.name, self.codes[picked], self.values)

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many rows have each of ``values``."""
        return np.bincount(self.codes, minlength=len(self.values))

    @property
    def present(self) -> list[str]:
        """The texts that occur in these rows, the most frequent first; "" is none of them."""
        counts = self.counts
        order = np.argsort(-counts[1:], kind="stable") + 1
        return [self.values[code] for code in order if counts[code]]

    def texts(self) -> list[str]:
        """The text of each row."""
        return [self.values[code] for code in self.codes]

    def numbers(self, parse: Callable[[str], float]) -> NDArray[np.float64]:
        """Each row's text as ``parse`` has it, NaN where nothing is told; every different text is parsed once."""
        parsed = np.array([np.nan, *(parse(text) for text in self.values[1:])])
        return parsed[self.codes]

    def as_numbers(self) -> NDArray[np.float64]:
        """The numbers that stand in the cells, NaN where there is none."""
        return self.numbers(number_of)

    @property
    def day_first(self) -> bool:
        """Whether its dates have the day first; month first when none of them tells."""
        return prefers_day_first(self.values[1:501]) or False

    def as_days(self) -> NDArray[np.float64]:
        """The dates that stand in the cells as days since 1970, NaN where there is none."""
        return self.numbers(partial(days_of, day_first=self.day_first))


class ColumnBuilder:
    """Takes the cells of one column as they come."""

    __slots__ = ("_codes", "_name", "_seen")

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen = {"": 0}
        self._codes: list[int] = []

    def add(self, cell: str) -> None:
        """Take the next row's cell; words for nothing ("Select", "-", "n/a") are nothing."""
        text = cell_text(cell)
        self._codes.append(self._seen.setdefault(text, len(self._seen)))

    def built(self) -> Column:
        """The column."""
        return Column(self._name, np.array(self._codes, dtype=np.int32), tuple(self._seen))


def cell_text(cell: str) -> str:
    """What a cell tells: trimmed, without the quote of a safe export, "" for words that say nothing.

    >>> cell_text(" Select "), cell_text("n/a"), cell_text("'=A1"), cell_text(" Blue ")
    ('', '', '=A1', 'Blue')
    """
    text = cell.strip()
    if len(text) <= LONGEST_NOTHING and text.lower() in NOTHING:
        return ""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in _RUNS else text


def some(values: Sequence[str], most: int = 5) -> str:
    """A few values as a message quotes them.

    >>> some(["a", "b", "c"], 2)
    "'a', 'b', ..."
    """
    told = ", ".join(repr(value[:40]) for value in values[:most])
    return told + (", ..." if len(values) > most else "")
