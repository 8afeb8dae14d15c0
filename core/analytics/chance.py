"""How likely chance alone would bring as large a difference; SciPy's own tests would take two seconds to import."""

from __future__ import annotations

import math

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
