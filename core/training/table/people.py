"""Which rows are of one person: they share an e-mail, a phone or an ID, or are the same row twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.training.table.cells import Column
from core.transfer.contacts import parse_contact
from core.transfer.mapping import Mapping

_CONTACT = ("email", "phone")
MOST_REPEATED_SHARE = 0.2


def people_of(columns: Sequence[Column], mapping: Mapping, outcome: str) -> NDArray[np.intp]:
    """A number for each row, the same for rows of one person, (n,).

    The same row twice is one person, unless so many rows are alike that the file only has few kinds of them. Two people
    of a household who share a phone count as one here: they then stay on one side of the split, which does no harm.
    """
    who = [column for column in columns if mapping.fields.get(column.name) in (*_CONTACT, "lead_id")]
    others = [column for column in columns if column.name != outcome]
    rows = len(columns[0].codes)
    sets = _Sets(rows)
    alike = _same_rows(others)
    if alike.max() + 1 >= (1 - MOST_REPEATED_SHARE) * rows:
        sets.join_alike(alike)
    for column in who:
        keys = [_keys(text, mapping.fields[column.name]) for text in column.values]
        sets.join_sharing(keys[code] for code in column.codes)
    return np.unique(np.array([sets.root(row) for row in range(rows)]), return_inverse=True)[1]


def _keys(text: str, target: str) -> tuple[str, ...]:
    if not text:
        return ()
    if target == "lead_id":
        return (f"id:{text}",)
    try:
        found = parse_contact(text)
    except ValueError:
        return ()
    return tuple(key for key in (found.email, found.phone) if key)


def _same_rows(columns: Sequence[Column]) -> NDArray[np.intp]:
    matrix = np.column_stack([column.codes for column in columns])
    found: NDArray[np.intp] = np.unique(matrix, axis=0, return_inverse=True)[1].ravel()
    return found


class _Sets:
    """Rows joined into people (union by path halving)."""

    def __init__(self, rows: int) -> None:
        self._up = list(range(rows))
        self._first: dict[str, int] = {}

    def root(self, row: int) -> int:
        up = self._up
        while up[row] != row:
            up[row] = up[up[row]]
            row = up[row]
        return row

    def _join(self, row: int, other: int) -> None:
        self._up[self.root(row)] = self.root(other)

    def join_alike(self, labels: NDArray[np.intp]) -> None:
        """Join the rows that have the same label."""
        first: dict[int, int] = {}
        for row, label in enumerate(labels.tolist()):
            self._join(row, first.setdefault(label, row))

    def join_sharing(self, keys: Iterable[tuple[str, ...]]) -> None:
        """Join the rows that share a key."""
        for row, told in enumerate(keys):
            for key in told:
                self._join(row, self._first.setdefault(key, row))
