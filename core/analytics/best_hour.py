"""When tries are answered: rates by hour that are drawn towards the mean as far as chance alone would spread them.

The rates of the hours are taken as draws from one beta distribution, of which neither mean nor concentration is known:
every pair of them counts as far as the counts bear it out (beta-binomial; Gelman et al. 2013, Bayesian Data Analysis,
chapter 5). An hour of few tries so lies near the mean, and a lucky one does not stand out. Mean and variance of a rate
are put together over all pairs (Kass and Steffey 1989, J. Am. Stat. Assoc. 84, 717-726), its interval is that of the
beta distribution that has them; the likeliest pair alone would make it far too narrow. Whether the hours differ at all
is Pearson's chi-square test, once for hours and once for weekdays, corrected for both by Holm (1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.analytics.spreads import Counts, spreads
from core.analytics.survival import Array

FEWEST_TRIES: Final = 30
SURE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Rate:
    """Tries and answers of an hour or weekday; ``estimate`` is drawn to the mean, ``low`` to ``high`` hold 95 %.

    ``surely`` is the low end of the interval that holds 95 % for all slots with tries enough at once (Bonferroni).
    """

    tries: int
    answered: int
    estimate: float
    low: float
    high: float
    surely: float

    @property
    def told(self) -> bool:
        """Whether there were tries enough to say anything."""
        return self.tries >= FEWEST_TRIES


@dataclass(frozen=True, slots=True)
class Slots:
    """Rates of all hours (or weekdays), their ``mean``, and ``p``: the chance of as large differences by accident.

    ``p`` is None with fewer than two slots to compare, ``differ`` tells whether it stands after correction, and
    ``best`` are the places of the slots that then ``surely`` lie above the mean.
    """

    rates: tuple[Rate, ...]
    mean: float
    p: float | None
    differ: bool = False
    best: tuple[int, ...] = ()


def rates_of(answered: Counts, tries: Counts) -> tuple[Rate, ...]:
    """The rates of slots, both shape (slots,), drawn to the mean of all.

    >>> import numpy as np
    >>> lucky, steady, *_ = rates_of(np.array([3, *[300] * 9]), np.array([3, *[1_000] * 9]))
    >>> lucky.estimate < 0.5, lucky.low < steady.estimate
    (True, True)
    """
    from scipy.special import betaincinv

    total = int(tries.sum())
    mean = float(answered.sum()) / total if total else 0.0
    if not 0.0 < mean < 1.0:
        return tuple(Rate(int(n), int(k), mean, 0.0, 1.0, 0.0) for n, k in zip(tries, answered, strict=True))
    concentrations, means, weights = spreads(answered, tries)
    tried = concentrations[:, None] + tries
    rate = (concentrations * means)[:, None] + answered
    rate /= tried
    estimate = weights @ rate
    variance = weights @ (rate * (1.0 - rate) / (tried + 1.0) + (rate - estimate) ** 2)
    strength = estimate * (1.0 - estimate) / variance - 1.0
    a, b = strength * estimate, strength * (1.0 - estimate)
    told = max(1, int((tries >= FEWEST_TRIES).sum()))
    low, high, surely = (betaincinv(a, b, share) for share in (SURE / 2, 1 - SURE / 2, SURE / 2 / told))
    return tuple(
        Rate(int(n), int(k), float(middle), float(start), float(end), float(least))
        for n, k, middle, start, end, least in zip(tries, answered, estimate, low, high, surely, strict=True)
    )


def accident(answered: Counts, tries: Counts) -> float | None:
    """Pearson's chi-square test that all slots with 30 tries or more have one rate; None with fewer than two.

    20 of 40 against 10 of 40: 30 of 80 in all, so 15 each were expected: (25 + 25) / 15 + (25 + 25) / 25 = 5.33.

    >>> import numpy as np
    >>> round(accident(np.array([20, 10]), np.array([40, 40])) or 0, 4)
    0.0209
    """
    from scipy.special import chdtrc

    enough = tries >= FEWEST_TRIES
    hits, n = answered[enough], tries[enough]
    if len(n) < 2 or not 0 < hits.sum() < n.sum():
        return None
    expected: Array = n * (hits.sum() / n.sum())
    statistic = float(((hits - expected) ** 2 / expected + (hits - expected) ** 2 / (n - expected)).sum())
    return float(chdtrc(len(n) - 1, statistic))


def compared(groups: Sequence[tuple[Counts, Counts]]) -> list[Slots]:
    """The slots of each group of (answered, tries), with the groups that differ after Holm's correction over all."""
    found = []
    for answered, tries in groups:
        total = int(tries.sum())
        mean = float(answered.sum()) / total if total else 0.0
        found.append(Slots(rates_of(answered, tries), mean, accident(answered, tries)))
    order = sorted((slots.p, place) for place, slots in enumerate(found) if slots.p is not None)
    standing = True
    for rank, (p, place) in enumerate(order):
        standing = standing and p * (len(order) - rank) <= SURE
        if standing:
            one = found[place]
            best = tuple(number for number, rate in enumerate(one.rates) if rate.told and rate.surely > one.mean)
            found[place] = Slots(one.rates, one.mean, one.p, True, best)
    return found
