"""How much is not known of a lead, family by family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import CATALOG, FAMILIES, UNKNOWN

_MEMBERS: Final = np.array([[item.family == family for family in FAMILIES] for item in CATALOG], dtype=np.float64)
_SHARES: Final = _MEMBERS / _MEMBERS.sum(axis=0)
_SIZES: Final = tuple(int(size) for size in _MEMBERS.sum(axis=0))
_FAMILY_OF: Final = tuple(FAMILIES.index(item.family) for item in CATALOG)


def unknown_by_family(matrix: NDArray[np.float32]) -> NDArray[np.float64]:
    """Share of each family's features that is unknown: (n, 28) features to (n, families), each in [0, 1].

    >>> unknown_by_family(np.full((1, len(CATALOG)), UNKNOWN, dtype=np.float32)).min()
    np.float64(1.0)
    """
    shares: NDArray[np.float64] = (matrix == UNKNOWN) @ _SHARES
    return np.minimum(shares, 1.0).round(12)


def unknown_of_one(features: Sequence[float]) -> list[float]:
    """The same of one lead, family by family, to the last bit.

    >>> unknown_of_one([UNKNOWN] * 27 + [0.5])[-2:]
    [1.0, 0.75]
    """
    counts = [0] * len(FAMILIES)
    for family, value in zip(_FAMILY_OF, features, strict=True):
        if value == UNKNOWN:
            counts[family] += 1
    return [shares[count] for shares, count in zip(_SHARES_BY_COUNT, counts, strict=True)]


def _shares_by_count() -> tuple[tuple[float, ...], ...]:
    """For each family its share with 0, 1, 2, ... features unknown; rounding leaves no trace of the order of a sum."""
    found = []
    for family, size in enumerate(_SIZES):
        rows = np.zeros((size + 1, len(CATALOG)), dtype=np.float32)
        members = [place for place, its in enumerate(_FAMILY_OF) if its == family]
        for count in range(size + 1):
            rows[count, members[:count]] = UNKNOWN
        found.append(tuple(unknown_by_family(rows)[:, family].tolist()))
    return tuple(found)


_SHARES_BY_COUNT: Final = _shares_by_count()
