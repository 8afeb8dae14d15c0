"""How far the rates of groups lie apart beyond chance, with all that the counts leave open about it.

The rates are taken as draws from one beta distribution, of which neither mean nor concentration is known: every pair of
them counts as far as the counts bear it out (beta-binomial; Gelman et al. 2013, Bayesian Data Analysis, chapter 5). The
likeliest pair alone would say too much, the more so of few groups.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.survival import Array

_CONCENTRATIONS: Final = np.exp(np.linspace(0.0, 14.0, 57))  # from rates all over the place to no spread at all
_AWAY: Final = np.linspace(-4.0, 4.0, 17)  # standard errors from the mean of all
Counts = NDArray[np.int64]


def spreads(hits: Array | Counts, tries: Array | Counts) -> tuple[Array, Array, Array]:
    """Concentrations, means and weights (summing to 1) of the beta distributions that the rates may be drawn from.

    Each has shape (pairs,). Before the counts are seen, every mean and every spread (as a standard deviation) is as
    likely as another.

    >>> concentrations, means, weights = spreads(np.full(20, 300), np.full(20, 1_000))
    >>> round(float(weights @ means), 3), float(weights[concentrations < 100].sum()) < 1e-6
    (0.3, True)
    """
    from scipy.special import betaln

    mean = (float(hits.sum()) + 0.5) / (float(tries.sum()) + 1.0)  # half of each: none or all may be hits
    alike = (tries * (1.0 + _CONCENTRATIONS[:, None]) / (tries + _CONCENTRATIONS[:, None])).sum(axis=1)
    error = np.sqrt(mean * (1.0 - mean) / alike)  # of the mean: tries of one group tell of that group first
    means = np.clip(mean + error[:, None] * _AWAY, 1e-6, 1.0 - 1e-6)
    concentrations = np.broadcast_to(_CONCENTRATIONS[:, None], means.shape).ravel()
    steps, means = np.broadcast_to(error[:, None], means.shape).ravel(), means.ravel()
    a, b = (concentrations * means)[:, None], (concentrations * (1.0 - means))[:, None]
    likely = (betaln(a + hits, b + tries - hits) - betaln(a, b)).sum(axis=1)
    weights = np.exp(likely - likely.max()) * steps / np.sqrt(concentrations)
    return concentrations, means, weights / weights.sum()
