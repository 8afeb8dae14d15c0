"""Columns that look protected under fair-housing law, or stand in for what is, and how their groups fare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.scoring.own_column import folded
from core.training.table.cells import Column
from core.training.table.judge import called

_LOOKS: Final = {
    "age": "age age_group agegroup birth birthday birthdate birth_date dob date_of_birth birth_year",
    "sex": "sex gender",
    "family": "family family_size familysize marital marital_status married spouse kids children child household "
    "household_size dependents pregnant relationship school schools school_interest",
    "religion": "religion religious church faith",
    "race or national origin": "race ethnicity ethnic nationality national_origin native_country origin_country "
    "country_of_birth birthplace language citizenship citizen immigrant",
    "disability": "disability disabled handicap",
    "where people live, which can stand in for race": "zip zipcode zip_code postal postal_code postalcode postcode",
    "a name, which can stand in for origin": "first_name last_name full_name firstname lastname surname",
}
_KIND: Final = {word: kind for kind, words in _LOOKS.items() for word in words.split()}
FEWEST_OF_A_GROUP: Final = 30
MOST_GROUPS: Final = 8
FOUR_FIFTHS: Final = 0.8


@dataclass(frozen=True, slots=True)
class GroupRate:
    """Of ``rows`` held-out rows of a group, the shares that the order calls first and that were successes."""

    group: str
    rows: int
    called_first: float
    converted: float


@dataclass(frozen=True, slots=True)
class Protected:
    """A column that looks protected; ``ratio`` is the lowest share called first over the highest (None: one group)."""

    name: str
    looks_like: str
    used: bool
    groups: tuple[GroupRate, ...]
    ratio: float | None

    @property
    def sentence(self) -> str:
        """What to know, in a sentence or two."""
        use = "is used by the model" if self.used else "is not used by the model"
        told = f"Column {self.name!r} looks like {self.looks_like} and {use}."
        if self.ratio is None:
            return told
        low = min(self.groups, key=lambda group: group.called_first)
        high = max(self.groups, key=lambda group: group.called_first)
        found = (
            f" Called first are {low.called_first:.0%} of {low.group!r} and {high.called_first:.0%} of {high.group!r}"
        )
        return f"{told}{found}{' (less than four fifths)' if self.ratio < FOUR_FIFTHS else ''}."


def looks_protected(name: str) -> str | None:
    """What a column of this name looks like, None when it looks like nothing protected.

    >>> looks_protected("Marital Status"), looks_protected("age"), looks_protected("mileage")
    ('family', 'age', None)
    """
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()).strip("_")
    if words in _KIND:
        return _KIND[words]
    parts = [*words.split("_"), *("_".join(pair) for pair in zip(words.split("_"), words.split("_")[1:], strict=False))]
    return next((_KIND[part] for part in parts if part in _KIND), None)


def protected_of(
    column: Column, used: bool, probability: NDArray[np.float64], converted: NDArray[np.bool_], share: float
) -> Protected | None:
    """How held-out rows of each group of a protected column fare; None when the column does not look protected."""
    looks = looks_protected(column.name)
    if looks is None:
        return None
    first = called(-probability, max(1, round(share * len(probability))))
    groups = []
    for name, rows in _groups(column):
        if rows.sum() >= FEWEST_OF_A_GROUP:
            groups.append(GroupRate(name, int(rows.sum()), float(first[rows].mean()), float(converted[rows].mean())))
    rates = [group.called_first for group in groups]
    ratio = min(rates) / max(rates) if len(rates) > 1 and max(rates) > 0 else None
    return Protected(column.name, looks, used, tuple(groups), ratio)


def _groups(column: Column) -> list[tuple[str, NDArray[np.bool_]]]:
    """The most frequent values, or four bands of a column of many numbers."""
    numbers = column.as_numbers()
    known = np.isfinite(numbers)
    if known.sum() >= 0.9 * max(1, column.known.sum()) and len(np.unique(numbers[known])) > MOST_GROUPS:
        edges = np.unique(np.quantile(numbers[known], [0, 0.25, 0.5, 0.75, 1]))
        bands = np.searchsorted(edges[1:-1], numbers, side="left")
        return [(f"{edges[band]:g} to {edges[band + 1]:g}", known & (bands == band)) for band in range(len(edges) - 1)]
    names = np.array(["", *(folded(text) for text in column.values[1:])])[column.codes]
    values, counts = np.unique(names[names != ""], return_counts=True)
    frequent = values[np.argsort(-counts, kind="stable")][:MOST_GROUPS]
    return [(str(value)[:40], names == value) for value in frequent]
