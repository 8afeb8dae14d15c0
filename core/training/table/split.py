"""The rows to learn from and the rows to judge by; nobody is on both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import FileError
from core.training.table.read import Table

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """``kind`` is temporal or stratified; ``left_out`` later rows are of people who had been learned from."""

    learn: Rows
    judge: Rows
    kind: str
    left_out: int = 0


def split_of(table: Table, seed: int, holdout_share: float) -> Split:
    """By date when the table has one, else by people, with as many successes on either side.

    Raises FileError when one side would be empty or hold a single outcome.
    """
    split = _by_people(table, seed, holdout_share) if table.day is None else _by_day(table, table.day, holdout_share)
    for rows, side in ((split.learn, "learn from"), (split.judge, "judge by")):
        won = int(table.converted[rows].sum())
        if not 0 < won < len(rows):
            raise FileError(
                f"The {len(rows):,} rows to {side} hold {won:,} successes; both outcomes are needed there. "
                "Give more rows" + (", or leave the date out." if table.day is not None else ".")
            )
    return split


def _by_day(table: Table, day: NDArray[np.float64], share: float) -> Split:
    order = np.argsort(day, kind="stable")
    cut = day[order[min(len(order) - 1, round(len(order) * (1 - share)))]]
    first = int(np.searchsorted(day[order], cut))
    if first == 0:
        raise FileError("Most rows have the same date, so no later rows can be held out; leave the date out.")
    learn, later = order[:first], order[first:]
    known = np.isin(table.person[later], table.person[learn])
    return Split(learn, later[~known], "temporal", int(known.sum()))


def _by_people(table: Table, seed: int, share: float) -> Split:
    from sklearn.model_selection import train_test_split

    people = int(table.person.max()) + 1
    won = np.bincount(table.person, weights=table.converted, minlength=people) > 0
    if min(won.sum(), (~won).sum()) < 2:
        raise FileError(
            "The rows are of too few different people; both outcomes are needed on either side of the split."
        )
    learners, _ = train_test_split(np.arange(people), test_size=share, stratify=won, random_state=seed)
    learns = np.isin(table.person, learners)
    return Split(np.flatnonzero(learns), np.flatnonzero(~learns), "stratified")
