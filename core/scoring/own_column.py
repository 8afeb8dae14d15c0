"""A column of a team's own that a model learned beside the catalog: what its numbers stand for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

import numpy as np

from core.features.catalog import UNKNOWN

NUMBER, DATE, CATEGORY = "number", "date", "category"
_DAY: Final = 86_400.0


@dataclass(frozen=True, eq=False)
class OwnColumn:
    """How one column is read and said.

    ``kind`` is number, date or category. Numbers (and dates, as days since 1970) are moved by ``shift`` and held at 0,
    so that every known value is 0 or more and ``UNKNOWN`` stands below. A category has its place of ``places``, found
    on the training part; ``elsewhere`` is that of a category never seen or too rare. ``names`` are categories as they
    were written; ``day_first`` says how 03/04 is read. ``core.training.table.places`` reads cells with it.
    """

    name: str
    kind: str
    shift: float = 0.0
    places: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    elsewhere: float = UNKNOWN
    day_first: bool = False

    def statement(self, place: float) -> str:
        """Say what a place means.

        >>> OwnColumn("Age", "number", shift=18.0).statement(7.0), OwnColumn("Age", "number").statement(-1.0)
        ('Age: 25', 'Age: not known')
        """
        label = self.name[:60]
        if place == UNKNOWN:
            return f"{label}: not known"
        if self.kind == CATEGORY:
            return f"{label}: {self._said.get(float(np.float32(place)), 'something else')}"
        if self.kind == DATE:
            return f"{label}: {datetime.fromtimestamp((place + self.shift) * _DAY, UTC):%Y-%m-%d}"
        value = place + self.shift
        if 999_999.5 <= abs(value) < 1e15:  # six digits would be told as 1.25e+06
            return f"{label}: {value:,.0f}"
        return f"{label}: {float(f'{value:.6g}'):,g}"

    @cached_property
    def _said(self) -> dict[float, str]:
        return {float(np.float32(place)): self.names.get(name, name)[:60] for name, place in self.places.items()}

    def to_json(self) -> dict[str, Any]:
        """Plain values; ``own_column_from_json`` reads them back."""
        return {
            "name": self.name,
            "kind": self.kind,
            "shift": self.shift,
            "places": dict(self.places),
            "names": dict(self.names),
            "elsewhere": self.elsewhere,
            "day_first": self.day_first,
        }


def own_column_from_json(stored: Mapping[str, Any]) -> OwnColumn:
    """Read back what ``to_json`` gave. Raises ValueError, KeyError or TypeError for anything else."""
    column = OwnColumn(
        name=str(stored["name"]),
        kind=str(stored["kind"]),
        shift=float(stored["shift"]),
        places={str(name): float(place) for name, place in stored["places"].items()},
        names={str(name): str(said) for name, said in stored["names"].items()},
        elsewhere=float(stored["elsewhere"]),
        day_first=bool(stored["day_first"]),
    )
    numbers = (column.shift, column.elsewhere, *column.places.values())
    if column.kind not in (NUMBER, DATE, CATEGORY) or not all(map(math.isfinite, numbers)):
        raise ValueError(f"column {column.name[:60]!r} is not one that can be read")
    return column


def folded(text: str) -> str:
    """A category without case and double spaces."""
    return " ".join(text.casefold().split())
