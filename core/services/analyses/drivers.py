"""What drives the scores of a selection of leads: means of their stored contributions, and one feature by its value."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import CATALOG, INDEX, UNKNOWN
from core.services.access import narrowed
from core.services.lead.value_words import NOT_KNOWN, value_words
from core.services.running.kept import bounded
from core.store import Contributions, LeadFilter

if TYPE_CHECKING:
    from core.charts import ValueGroup
    from core.services.center import CommandCenter

SELECTIONS_KEPT: Final = 8
GROUPS: Final = 10
_MOST_SINGLE_VALUES: Final = 7


@dataclass(frozen=True, slots=True)
class Driver:
    """One feature over a selection, all in points of the raw probability as shares in [-1, 1].

    ``mean`` is the mean absolute contribution; nine in ten leads lie between ``low`` and ``high``. ``known`` is the
    share of the leads of whom the value is known.
    """

    feature: str
    label: str
    mean: float
    low: float
    high: float
    known: float


@dataclass(frozen=True, slots=True, eq=False)
class Drivers:
    """The contributions of a selection and their sums by feature, largest mean first; what never counts is left out."""

    selection: Contributions
    drivers: tuple[Driver, ...]

    def columns(self, most: int) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Contributions and values of the first ``most`` drivers, shape (leads, drivers)."""
        places = [INDEX[driver.feature] for driver in self.drivers[:most]]
        return self.selection.contributions[:, places], self.selection.features[:, places]


@dataclass(frozen=True, slots=True, eq=False)
class Dependence:
    """What one feature brings by its value: the groups, and of each lead its group, value and contribution."""

    feature: str
    groups: tuple[ValueGroup, ...]
    group: NDArray[np.intp]
    values: NDArray[np.float32]
    contributions: NDArray[np.float64]


def drivers(center: CommandCenter, wanted: LeadFilter | None = None) -> Drivers:
    """What drives the latest scores of the leads that ``wanted`` lets through. Raises StoreUnavailable.

    Kept until leads or scores change, for the last eight selections.
    """
    selection = narrowed(center, wanted)
    kept: dict[Hashable, Drivers] = center.per_version("drivers", dict)
    return bounded(kept, SELECTIONS_KEPT, selection, lambda: summed(center.store.contributions(selection)))


def summed(selection: Contributions) -> Drivers:
    """Sum up stored contributions by feature."""
    if not len(selection):
        return Drivers(selection, ())
    means = np.abs(selection.contributions).mean(axis=0)
    low, high = np.quantile(selection.contributions, (0.05, 0.95), axis=0)
    known = (selection.features != UNKNOWN).mean(axis=0)
    order = [int(place) for place in np.argsort(-means, kind="stable") if means[place] > 0]
    return Drivers(
        selection,
        tuple(
            Driver(
                CATALOG[place].name,
                CATALOG[place].label,
                float(means[place]),
                float(low[place]),
                float(high[place]),
                float(known[place]),
            )
            for place in order
        ),
    )


def dependence(selection: Contributions, feature: str) -> Dependence:
    """Group the leads by their value of ``feature``: those not known first, then by rising value."""
    from core.charts import ValueGroup  # with Plotly and pandas, half a second that the server's start has not

    values = selection.features[:, INDEX[feature]]
    brought = selection.contributions[:, INDEX[feature]]
    known = values != UNKNOWN
    starts = _starts(values[known], CATALOG[INDEX[feature]].unit)
    at = np.searchsorted(starts, values, side="right")  # 0: not known, below every start
    labels = [NOT_KNOWN, *_labels(feature, starts, values[known])]
    there = np.unique(at)
    groups = tuple(
        ValueGroup(labels[place], int((at == place).sum()), float(brought[at == place].mean()), known=place > 0)
        for place in there
    )
    return Dependence(feature, groups, np.searchsorted(there, at), values, brought)


def _starts(known: NDArray[np.float32], unit: str) -> NDArray[np.float64]:
    """The lowest value of each group: every value where they are few, else about ten groups of about equal size.

    A lowest value that many share, as "none" often is, stands alone. Inner starts are rounded to two figures, so that
    they can be said.
    """
    distinct, counts = np.unique(known, return_counts=True)
    if len(distinct) < 2 or (len(distinct) <= _MOST_SINGLE_VALUES and unit in ("level", "count")):
        return distinct.astype(np.float64)
    alone = counts[0] * GROUPS > len(known)
    spread = known[known > distinct[0]] if alone else known
    rounded = np.array([float(f"{cut:.2g}") for cut in np.quantile(spread, np.arange(1, GROUPS) / GROUPS)])
    if unit in ("count", "characters"):
        rounded = np.ceil(rounded)
    first = distinct[: 2 if alone else 1].astype(np.float64)
    return np.unique(np.concatenate([first, rounded[(rounded > first[-1]) & (rounded <= distinct[-1])]]))


def _labels(feature: str, starts: NDArray[np.float64], known: NDArray[np.float32]) -> Iterator[str]:
    """What each group is called, from its start and that of the next."""
    whole = CATALOG[INDEX[feature]].unit in ("count", "level")
    for place, start in enumerate(starts):
        inside = (
            known[known >= start] if place + 1 == len(starts) else known[(known >= start) & (known < starts[place + 1])]
        )
        if len(inside) and inside.min() == inside.max():
            yield value_words(feature, float(inside[0]))
        elif place + 1 == len(starts):
            yield f"{value_words(feature, float(start))} or more"
        elif whole:
            yield _span(value_words(feature, float(start)), value_words(feature, float(starts[place + 1]) - 1))
        elif place == 0:
            yield f"under {value_words(feature, float(starts[1]))}"
        else:
            yield _span(value_words(feature, float(start)), value_words(feature, float(starts[place + 1])))


def _span(start: str, end: str) -> str:
    """From one value to another, the unit said once.

    >>> _span("35 days", "88 days"), _span("50 min", "2 h"), _span("$380k", "$440k"), _span("4", "4")
    ('35 to 88 days', '50 min to 2 h', '$380k to $440k', '4')
    """
    if start == end:
        return end
    number, _, unit = start.partition(" ")
    return f"{number if unit and end.endswith(f' {unit}') else start} to {end}"
