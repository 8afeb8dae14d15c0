"""What an A/B test says: rates, differences, and a verdict that keeps its promise about false alarms.

Fixed reading: the test of two shares with the pooled rate, two-sided, made once, on the leads that arrived until the
planned sample was full. Sequential reading: the difference with a confidence sequence, which may be looked at daily;
its values are (1[A=j] (Y - p_j) / share_j - 1[A=0] (Y - p_0) / share_0 + p_j - p_0), so that only counts are needed.
With several variants each is held against the first, at Bonferroni's share of alpha.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, exp, lgamma, log, log1p, sqrt
from typing import Final

import numpy as np

from core.analytics.ab_test import Design
from core.analytics.confidence_sequence import Array, anytime_p, half_widths

FEWEST_DAILY: Final = 100  # ripe leads of the two variants before a daily look: the band rests on their variance
FEWEST_EITHER: Final = 10  # and as many leads with and without, for the same reason
MISMATCH: Final = 0.001
_FEWEST_EXPECTED: Final = 5


@dataclass(frozen=True, slots=True)
class DayCount:
    """Leads of one variant that arrived on one day (days since 1970, UTC).

    ``ripe``: of these the outcome's days are over; ``successes`` are counted among the ripe.
    """

    day: int
    variant: int
    leads: int
    ripe: int
    successes: int


class Verdict(StrEnum):
    """What may be said now."""

    MISMATCH = "mismatch"
    WAITING = "waiting"
    DIFFERENT = "different"
    NO_DIFFERENCE = "no difference"


@dataclass(frozen=True, slots=True)
class Counted:
    """One variant: leads assigned, ripe among them, successes among these. ``rate`` is None without a ripe lead."""

    assigned: int
    ripe: int
    successes: int

    @property
    def rate(self) -> float | None:
        """Successes among the ripe, in [0, 1]."""
        return self.successes / self.ripe if self.ripe else None


@dataclass(frozen=True, slots=True)
class Look:
    """A variant against the first after one day: the difference with the ends that hold at every look at once."""

    day: int
    leads: int
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A variant against the first. ``p`` is None while the reading must not say one.

    ``looks`` are those of the sequential reading, one a day; ``crossed_on`` is the first day whose ends leave 0 out. As
    a difference found stays found, the sequential ``p`` is the smallest of all looks so far.
    """

    variant: int
    p: float | None
    different: bool
    looks: tuple[Look, ...] = ()
    crossed_on: int | None = None

    @property
    def crossed(self) -> Look | None:
        """The look that found the difference, None for a reading without one."""
        return next((look for look in self.looks if look.day == self.crossed_on), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """The counts behind the reading, what was compared, and the verdict.

    ``mismatch_p`` is the chance of shares this far from the planned ones; ``full_on`` the day (since 1970) on which a
    fixed reading's sample was full of arrivals, None before.
    """

    variants: tuple[Counted, ...]
    comparisons: tuple[Comparison, ...]
    mismatch_p: float | None
    verdict: Verdict
    full_on: int | None

    @property
    def assigned(self) -> int:
        """Leads assigned so far."""
        return sum(one.assigned for one in self.variants)

    @property
    def ripe(self) -> int:
        """Leads whose outcome is known so far."""
        return sum(one.ripe for one in self.variants)


def read(design: Design, counts: Sequence[DayCount]) -> Reading:
    """Read a test. ``counts`` in any order; days without a lead may be left out."""
    everyone = _sums(design, counts)
    mismatch = mismatch_p([one.assigned for one in everyone], design.shares)
    full_on = None if design.sequential else _full_on(design, counts)
    if design.sequential:
        comparisons = _daily(design, counts)
        ready = any(one.p is not None for one in comparisons)
    else:
        until = [count for count in counts if full_on is not None and count.day <= full_on]
        read_now = _sums(design, until)
        ready = full_on is not None and all(one.ripe == one.assigned for one in read_now)
        comparisons = _once(design, read_now) if ready else _unread(design)
        everyone = read_now if ready else everyone
    different = any(one.different for one in comparisons)
    verdict = Verdict.DIFFERENT if different else Verdict.NO_DIFFERENCE if ready else Verdict.WAITING
    if mismatch is not None and mismatch < MISMATCH:
        verdict = Verdict.MISMATCH
    elif design.sequential and not different:
        verdict = Verdict.WAITING  # a daily reading ends by finding a difference, or by a person
    return Reading(tuple(everyone), tuple(comparisons), mismatch, verdict, full_on)


def pooled_p(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Two-sided p of the test of two shares with the pooled rate; each pair is (successes, leads).

    30 of 100 against 45 of 100: pooled 0.375, z = 0.15 / sqrt(0.375 x 0.625 x 0.02) = 2.191, p = 0.0285.

    >>> round(pooled_p((30, 100), (45, 100)), 4)
    0.0285
    """
    pooled = (first[0] + second[0]) / (first[1] + second[1])
    spread = pooled * (1 - pooled) * (1 / first[1] + 1 / second[1])
    if spread == 0:
        return 1.0
    return erfc(abs(second[0] / second[1] - first[0] / first[1]) / sqrt(spread) / sqrt(2))


def mismatch_p(assigned: Sequence[int], shares: Sequence[float]) -> float | None:
    """The chance of counts as unlikely as these at the planned shares; None with too few leads to say.

    Two variants: the exact binomial test, which adds up what is at most as likely. More: Pearson's chi-square, from
    five expected leads of each on.

    Of 4 leads at half and half all 4 in one: 2 x 0.5^4.

    >>> mismatch_p([4, 0], (0.5, 0.5))
    0.125
    """
    total = sum(assigned)
    if not total:
        return None
    if len(shares) == 2:
        return _binomial_p(assigned[0], total, shares[0])
    expected = [total * share for share in shares]
    if min(expected) < _FEWEST_EXPECTED:
        return None
    from scipy.special import gammaincc

    statistic = sum((seen - due) ** 2 / due for seen, due in zip(assigned, expected, strict=True))
    return float(gammaincc((len(shares) - 1) / 2, statistic / 2))


def _binomial_p(hits: int, tries: int, share: float) -> float:
    def likelihood(k: int) -> float:
        ways = lgamma(tries + 1) - lgamma(k + 1) - lgamma(tries - k + 1)
        return ways + k * log(share) + (tries - k) * log1p(-share)

    seen = likelihood(hits) + 1e-7
    reach = int(40 * sqrt(tries * share * (1 - share))) + 40  # beyond 40 standard deviations nothing is left
    middle = int(tries * share)
    span = range(max(0, min(middle - reach, hits)), min(tries, max(middle + reach, hits)) + 1)
    return round(min(1.0, sum(exp(value) for k in span if (value := likelihood(k)) <= seen)), 12)


def _sums(design: Design, counts: Sequence[DayCount]) -> list[Counted]:
    totals = np.zeros((len(design.variants), 3), dtype=np.int64)
    for count in counts:
        totals[count.variant] += (count.leads, count.ripe, count.successes)
    return [Counted(*row) for row in totals.tolist()]


def _full_on(design: Design, counts: Sequence[DayCount]) -> int | None:
    """The first day by whose end every variant has its share of the planned sample."""
    arrived = [0] * len(design.variants)
    for count in sorted(counts, key=lambda one: one.day):
        arrived[count.variant] += count.leads
        if all(n >= int(design.sample * share) for n, share in zip(arrived, design.shares, strict=True)):
            return count.day
    return None


def _once(design: Design, variants: Sequence[Counted]) -> list[Comparison]:
    first = variants[0]
    found = []
    for place, one in enumerate(variants[1:], 1):
        p = pooled_p((first.successes, first.ripe), (one.successes, one.ripe))
        found.append(Comparison(place, p, p < design.alpha_each))
    return found


def _unread(design: Design) -> list[Comparison]:
    return [Comparison(place, None, different=False) for place in range(1, len(design.variants))]


def _daily(design: Design, counts: Sequence[DayCount]) -> list[Comparison]:
    """A look after each day whose leads are all ripe, and one after the last day with ripe leads."""
    ripe_days = sorted({count.day for count in counts if count.ripe})
    if not ripe_days:
        return _unread(design)
    place_of = {day: place for place, day in enumerate(ripe_days)}
    table = np.zeros((len(ripe_days), len(design.variants), 2))
    for count in counts:
        if count.ripe:
            table[place_of[count.day], count.variant] += (count.ripe, count.successes)
    sums = table.cumsum(axis=0)
    return [_looked(design, variant, np.array(ripe_days), sums) for variant in range(1, len(design.variants))]


def _looked(design: Design, variant: int, days: Array, sums: Array) -> Comparison:
    n0, k0, n1, k1 = sums[:, 0, 0], sums[:, 0, 1], sums[:, variant, 0], sums[:, variant, 1]
    difference, variance, n = differences(n0, k0, n1, k1)
    with_it = k0 + k1
    enough = (n >= FEWEST_DAILY) & (with_it >= FEWEST_EITHER) & (n - with_it >= FEWEST_EITHER) & (n0 > 0) & (n1 > 0)
    places = np.flatnonzero(enough)
    if not len(places):
        return Comparison(variant, None, different=False)
    tightest_at = max(FEWEST_DAILY, design.sample * (design.shares[0] + design.shares[variant]))
    half = half_widths(variance[places], n[places], design.alpha_each, tightest_at)
    looks = tuple(
        Look(int(days[place]), int(n[place]), float(difference[place]), float(low), float(high))
        for place, low, high in zip(places, difference[places] - half, difference[places] + half, strict=True)
    )
    crossed = next((look for look in looks if look.low > 0 or look.high < 0), None)
    p = min(
        anytime_p(float(difference[place]), float(variance[place]), int(n[place]), design.alpha_each, tightest_at)
        for place in places
    )
    return Comparison(variant, p, crossed is not None, looks, None if crossed is None else crossed.day)


def differences(n0: Array, k0: Array, n1: Array, k1: Array) -> tuple[Array, Array, Array]:
    """Difference of rates, second less first, the variance of one value of the sequence, and the number of values.

    The variance takes each rate with one success and one failure more (Laplace), so that a variant without a success
    yet is not taken for one that can have none. Where a variant has no lead the difference is 0.

    >>> difference, variance, n = differences(*(np.array([x]) for x in (100.0, 30.0, 100.0, 45.0)))
    >>> round(float(difference[0]), 4), float(n[0])
    (0.15, 200.0)
    """
    n = n0 + n1
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = np.where((n0 > 0) & (n1 > 0), k1 / n1 - k0 / n0, 0.0)
        first, second = (k0 + 1) / (n0 + 2), (k1 + 1) / (n1 + 2)
        variance = first * (1 - first) * n / n0 + second * (1 - second) * n / n1
    return difference, np.where(np.isfinite(variance), variance, 0.0), n
