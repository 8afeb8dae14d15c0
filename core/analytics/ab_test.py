"""An A/B test as it is set up, and which variant a lead is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import accumulate
from typing import Any, Final

from core.errors import InputError

MOST_VARIANTS: Final = 5
MOST_DAYS: Final = 365
SHARES_SUM: Final = 1e-9


class Metric(StrEnum):
    """What is counted of a lead within some days of its arrival."""

    ANSWERED = "answered"
    SHOWING = "showing"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Variant:
    """What is done, and the share in (0, 1) of the leads to whom."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Design:
    """All that is laid down before the first lead; the first variant is what the others are held against.

    ``baseline`` is the rate expected of the first variant, ``lift`` the smallest difference worth finding (points of
    rate, such as 0.05), ``power`` the chance to find it, ``alpha`` the chance of seeing a difference where there is
    none. ``sequential``: looked at every day; else once, when the ``sample`` (leads of all variants) is full.

    Raises InputError.
    """

    change: str
    variants: tuple[Variant, ...]
    metric: Metric
    within_days: int
    baseline: float
    lift: float
    power: float
    alpha: float
    sequential: bool
    sample: int = 0

    def __post_init__(self) -> None:
        names = [variant.name for variant in self.variants]
        if not 2 <= len(names) <= MOST_VARIANTS:
            raise InputError(f"{len(names)} variants; must be from 2 to {MOST_VARIANTS}")
        if any(not name.strip() for name in names) or len(set(names)) < len(names):
            raise InputError("variants need a name each, and no two the same")
        if any(not 0.01 <= variant.share <= 0.99 for variant in self.variants):
            raise InputError("a variant's share is outside of 1 to 99 %; give each variant its share")
        total = sum(variant.share for variant in self.variants)
        if abs(total - 1) > SHARES_SUM:
            raise InputError(f"the shares add up to {100 * total:.4g} %; must be 100 %")
        for name, value, low, high in (
            ("days", self.within_days, 1, MOST_DAYS),
            ("power", self.power, 0.5, 0.99),
            ("alpha", self.alpha, 0.001, 0.2),
        ):
            if not low <= value <= high:
                raise InputError(f"{name} is {value}; must be from {low} to {high}")
        if not 0 < self.baseline < 1 or self.lift <= 0 or self.baseline + self.lift >= 1:
            raise InputError(
                f"a rate of {100 * self.baseline:.4g} % raised by {100 * self.lift:.4g} points; "
                "the rate must be above 0 %, the lift above 0, and both together below 100 %"
            )

    @property
    def comparisons(self) -> int:
        """How many variants are held against the first."""
        return len(self.variants) - 1

    @property
    def alpha_each(self) -> float:
        """Bonferroni's share of ``alpha`` for each comparison."""
        return self.alpha / self.comparisons

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each variant."""
        return tuple(variant.share for variant in self.variants)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for ``design_of``."""
        return asdict(self)


def design_of(told: Mapping[str, Any]) -> Design:
    """The design that ``as_json`` told of."""
    variants = tuple(Variant(one["name"], one["share"]) for one in told["variants"])
    return Design(**{**told, "variants": variants, "metric": Metric(told["metric"])})


def variant_of(test_id: int | str, lead_id: str, shares: Sequence[float]) -> int:
    """The variant of a lead, counted from 0: the same whenever and wherever it is asked, and of other tests unaffected.

    BLAKE2b of test and lead is a number that is even over [0, 1); the shares cut it into pieces.

    >>> [variant_of(1, f"lead_{number}", (0.5, 0.5)) for number in range(8)]
    [1, 0, 1, 0, 1, 1, 1, 0]
    """
    digest = blake2b(f"{test_id}:{lead_id}".encode(), digest_size=8).digest()
    place = int.from_bytes(digest, "big") / 2**64
    return sum(place >= edge for edge in list(accumulate(shares))[:-1])
