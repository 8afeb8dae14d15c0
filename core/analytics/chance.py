"""How likely chance alone would bring as large a difference; SciPy's own tests would take two seconds to import."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from core.analytics.survival import Array


def more_often(first: tuple[int, int], others: tuple[int, int]) -> float:
    """Fisher's exact test, one-sided: each pair is (hits, tries); small when the first hit more often than the others.

    Of two tries against two, both hits in the first: one way of choosing 2 hits among 4 in six.

    >>> round(more_often((2, 2), (0, 2)), 6)
    0.166667
    """
    hits, tries = first
    all_hits, all_tries = hits + others[0], tries + others[1]
    most = min(all_hits, tries)
    logs = [_ways(all_hits, k) + _ways(all_tries - all_hits, tries - k) for k in range(hits, most + 1)]
    total = _ways(all_tries, tries)
    return min(1.0, math.fsum(math.exp(log - total) for log in logs))


def longer(first: Array, others: Array) -> float:
    """The test of Mann and Whitney, one-sided, by its normal approximation with ties and continuity corrected.

    >>> round(longer(np.array([3.0, 4.0, 5.0]), np.array([1.0, 2.0, 3.0])), 4)
    0.0606
    """
    n, m = len(first), len(others)
    values, place, counts = np.unique(np.concatenate((first, others)), return_inverse=True, return_counts=True)
    if len(values) < 2:
        return 1.0
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[place]
    above = float(ranks[:n].sum()) - n * (n + 1) / 2
    ties = float((counts.astype(float) ** 3 - counts).sum())
    deviation = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return 0.5 * math.erfc((above - n * m / 2 - 0.5) / deviation / math.sqrt(2))


def as_few(hits: int, tries: int, share: float) -> float:
    """The chance of ``hits`` or fewer in ``tries`` that each hit with ``share`` in (0, 1).

    >>> as_few(0, 3, 0.5), as_few(3, 3, 0.5)
    (0.125, 1.0)
    """
    logs = (_ways(tries, k) + k * math.log(share) + (tries - k) * math.log1p(-share) for k in range(hits + 1))
    return round(min(1.0, math.fsum(math.exp(log) for log in logs)), 12)


def _ways(of: int, chosen: int) -> float:
    """The logarithm of the number of ways to choose; minus infinity where there is none."""
    if not 0 <= chosen <= of:
        return -math.inf
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


FEW: Final = 10.0


def differ(first: tuple[int, int], others: tuple[int, int]) -> float:
    """Two-sided: each pair is (hits, tries); small when the two hit at different shares.

    The pooled test of two shares where at least ten of each are expected; else twice Fisher's smaller side.
    Of 100 and 100 with 60 and 40 hits: z is 0.2 / sqrt(0.25 * 2 / 100) = 2.83.

    >>> round(differ((60, 100), (40, 100)), 4), round(differ((2, 2), (0, 2)), 6)
    (0.0047, 0.333333)
    """
    (hits, tries), (other_hits, other_tries) = first, others
    pooled = (hits + other_hits) / (tries + other_tries)
    if min(tries, other_tries) * min(pooled, 1.0 - pooled) < FEW:
        return min(1.0, 2.0 * min(more_often(first, others), more_often(others, first)))
    deviation = math.sqrt(pooled * (1.0 - pooled) * (1.0 / tries + 1.0 / other_tries))
    return math.erfc(abs(hits / tries - other_hits / other_tries) / deviation / math.sqrt(2))


def holm(p: Sequence[float]) -> list[float]:
    """The adjusted probabilities of Holm (1979), in the order of ``p``: what is at most 0.05 stands among them all.

    >>> [round(one, 4) for one in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    found, highest = [0.0] * len(p), 0.0
    for place, number in enumerate(sorted(range(len(p)), key=lambda one: p[one])):
        highest = max(highest, min(1.0, p[number] * (len(p) - place)))
        found[number] = highest
    return found
