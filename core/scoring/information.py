"""How much is not known of a lead, family by family."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import CATALOG, FAMILIES, UNKNOWN

_MEMBERS: Final = np.array([[item.family == family for family in FAMILIES] for item in CATALOG], dtype=np.float64)
_SHARES: Final = _MEMBERS / _MEMBERS.sum(axis=0)


def unknown_by_family(matrix: NDArray[np.float32]) -> NDArray[np.float64]:
    """Share of each family's features that is unknown: (n, 28) features to (n, families), each in [0, 1].

    >>> unknown_by_family(np.full((1, len(CATALOG)), UNKNOWN, dtype=np.float32)).min()
    np.float64(1.0)
    """
    shares: NDArray[np.float64] = (matrix == UNKNOWN) @ _SHARES
    return np.minimum(shares, 1.0).round(12)
