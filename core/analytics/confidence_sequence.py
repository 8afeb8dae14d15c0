"""Intervals that hold at every look at once, so that one may look as often as one likes.

The asymptotic confidence sequence of a normal mixture (Robbins 1970; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
"Time-uniform central limit theory and asymptotic confidence sequences", 2021).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

ERROR_RATE: Final = 0.05
Array = NDArray[np.float64]


def half_widths(variance: Array, n: Array, error_rate: float = ERROR_RATE, tightest_at: float = 500) -> Array:
    """Half the width of the sequence for a mean of ``n`` values of ``variance``; shapes broadcast.

    It is sqrt(2 (n v r + 1) / (n^2 r) * ln(sqrt(n v r + 1) / a)) for values scaled to a variance of 1, with the
    mixture's r chosen to be narrowest after ``tightest_at`` values. An interval for a single look at 500 values of
    variance 1 is 0.088 to either side.

    >>> half_widths(np.array([1.0, 1.0]), np.array([500, 5000])).round(3).tolist()
    [0.136, 0.046]
    """
    rho2 = _rho2(error_rate, tightest_at)
    grown = n * rho2 + 1
    return np.asarray(np.sqrt(variance * 2 * grown / (n * n * rho2) * np.log(np.sqrt(grown) / error_rate)))


def anytime_p(mean: float, variance: float, n: int, error_rate: float = ERROR_RATE, tightest_at: float = 500) -> float:
    """The smallest error rate whose sequence leaves 0 out: a p-value that holds at every look at once, in [0, 1].

    At the edge of the sequence of 5 % it is 0.05.

    >>> round(anytime_p(float(half_widths(np.array(1.0), np.array(800))), 1.0, 800), 6)
    0.05
    """
    if variance <= 0 or not n:
        return 1.0
    rho2 = _rho2(error_rate, tightest_at)
    grown = n * rho2 + 1
    return float(min(1.0, np.sqrt(grown) * np.exp(-(mean * mean) * n * n * rho2 / (2 * variance * grown))))


def _rho2(error_rate: float, tightest_at: float) -> float:
    return float((-2 * np.log(error_rate) + np.log(-2 * np.log(error_rate)) + 1) / tightest_at)
