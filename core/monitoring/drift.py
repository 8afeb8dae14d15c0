"""Whether the leads that are scored now are still those that the model was measured on.

For every feature and for the probability: the population stability index, how far apart two distributions are, and a
two-sample test, whether chance explains it. A feature counts as changed only when both say so, and the tests of one
look are held to a common error rate (Holm 1979): one look at an unchanged market raises a false alarm in 1 % of cases
at most. What is unknown of a lead is a value of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import NAMES, UNKNOWN
from core.monitoring.reference import Reference
from core.monitoring.two_samples import chi_squared, kolmogorov_smirnov

FEWEST: Final = 200
NOTICEABLE_PSI: Final = 0.1
ERROR_RATE: Final = 0.01
PROBABILITY: Final = "probability"
_BINS: Final = 10
_MOST_CATEGORIES: Final = 12
_EXPECTED: Final = 5.0  # below it the chi-squared approximation fails; rare values are taken together
Values = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Shift:
    """One feature, or the probability, now against then.

    ``psi`` from 0 on: under 0.1 hardly, over 0.25 very different. ``chance`` is the probability in [0, 1] of at least
    such a difference in an unchanged market, corrected for how many features one look tests; ``test`` names the test.
    Medians are of known values, NaN where nothing is known; ``unknown_*`` are shares.
    """

    name: str
    psi: float
    test: str
    chance: float
    median_then: float
    median_now: float
    unknown_then: float
    unknown_now: float

    @property
    def changed(self) -> bool:
        """Whether the difference is both noticeable and more than chance."""
        return self.psi >= NOTICEABLE_PSI and self.chance < ERROR_RATE


@dataclass(frozen=True, slots=True)
class Drift:
    """One look: ``then`` and ``now`` leads; ``shifts`` is empty, and nothing is said, under 200 of either."""

    then: int
    now: int
    shifts: tuple[Shift, ...] = ()

    @property
    def too_few(self) -> bool:
        """Whether there are too few leads to tell anything."""
        return min(self.then, self.now) < FEWEST

    @property
    def changed(self) -> tuple[Shift, ...]:
        """What changed, most first."""
        return tuple(sorted((one for one in self.shifts if one.changed), key=lambda one: -one.psi))


def drift(reference: Reference, features: NDArray[np.float32], probability: NDArray[np.float64]) -> Drift:
    """Hold n present leads, ``features`` (n, 28), against the model's own."""
    look = Drift(len(reference), len(features))
    if look.too_few:
        return look
    pairs: list[tuple[str, Values, Values]] = [
        (name, reference.features[:, place], features[:, place]) for place, name in enumerate(NAMES)
    ]
    pairs.append((PROBABILITY, reference.probability, probability))
    tested = [_test(then, now) for _, then, now in pairs]
    chances = holm(np.array([chance for _, chance in tested]))
    shifts = [
        _shift(pair, test, chance) for pair, (test, _), chance in zip(pairs, tested, chances.tolist(), strict=True)
    ]
    return Drift(look.then, look.now, tuple(shifts))


def population_stability_index(then: Values, now: Values) -> float:
    """Sum over bins of (q - p) ln(q / p), with p the share then and q now (Siddiqi 2006).

    Bins hold equal shares of the known reference values; what is unknown is a bin of its own. Half a lead is added to
    each bin, so that an empty one is no infinity.

    >>> same = np.arange(1000.0)
    >>> population_stability_index(same, same)
    0.0
    """
    counted_then, counted_now = _counts(then, now)
    p = (counted_then + 0.5) / (counted_then + 0.5).sum()
    q = (counted_now + 0.5) / (counted_now + 0.5).sum()
    return float(np.sum((q - p) * np.log(q / p)))


def holm(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Corrected for how many tests one look makes (Holm 1979): the k-th smallest of m is taken m - k + 1 times.

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(chances)
    factors = np.arange(len(chances), 0, -1)
    stepped = np.minimum(np.maximum.accumulate(chances[order] * factors), 1.0)
    corrected = np.empty_like(stepped)
    corrected[order] = stepped
    return corrected


def _counts(then: Values, now: Values) -> tuple[Values, Values]:
    known = then[then != UNKNOWN]
    kinds = np.unique(known)
    if len(kinds) <= _MOST_CATEGORIES:
        edges = _with_ends((kinds[1:] + kinds[:-1]) / 2, kinds, now)
    else:
        edges = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1]))
    bins = len(edges) + 2
    return tuple(np.bincount(_binned(values, edges), minlength=bins) for values in (then, now))  # type: ignore[return-value]


def _with_ends(edges: Values, kinds: Values, now: Values) -> Values:
    """With bins of their own for values below and above all that were known then, where there are such now."""
    known, ends = now[now != UNKNOWN], list[Values]()
    if len(kinds) and (known < kinds[0]).any():
        ends.append(kinds[:1])
    if len(kinds) and (known > kinds[-1]).any():
        ends.append(np.nextafter(kinds[-1:], np.inf))
    return np.unique(np.concatenate([edges, *ends])) if ends else edges


def _binned(values: Values, edges: Values) -> NDArray[np.intp]:
    """0 for unknown, then the known values by ``edges``."""
    return np.where(values == UNKNOWN, 0, 1 + np.searchsorted(edges, values, side="right"))


def _test(then: Values, now: Values) -> tuple[str, float]:
    """Chi-squared for a feature of few values, else Kolmogorov and Smirnov, to whom unknown is the lowest value."""
    if len(np.unique(then)) > _MOST_CATEGORIES:
        return "Kolmogorov-Smirnov", kolmogorov_smirnov(then, now)
    table = _without_rare(np.vstack(_counts(then, now)))
    if table.shape[1] < 2:
        return "chi-squared", 1.0
    return "chi-squared", chi_squared(table)


def _without_rare(table: Values) -> Values:
    """Take the columns together in which one side would expect fewer than five leads."""
    shares = table.sum(axis=0) / table.sum()
    rare = shares * table.sum(axis=1).min() < _EXPECTED
    kept = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])
    return kept[:, kept.sum(axis=0) > 0]


def _shift(pair: tuple[str, Values, Values], test: str, chance: float) -> Shift:
    name, then, now = pair
    return Shift(
        name=name,
        psi=population_stability_index(then, now),
        test=test,
        chance=chance,
        median_then=_median(then),
        median_now=_median(now),
        unknown_then=float((then == UNKNOWN).mean()),
        unknown_now=float((now == UNKNOWN).mean()),
    )


def _median(values: Values) -> float:
    known = values[values != UNKNOWN]
    return float(np.median(known)) if len(known) else float("nan")
