"""What real files leave out: hides features of training leads the way exports lack them.

A model that only ever saw complete leads would read "not told" as a fact about the person. Each training lead is
therefore seen through one of five windows, so that a bare contact list gets the base rate and what is known counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import CATALOG, UNKNOWN

_FAMILIES: Final = tuple(feature.family for feature in CATALOG)
_STRAY_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Window:
    """A kind of source: the share of training leads seen through it and the families of features that it tells."""

    name: str
    share: float
    families: frozenset[str]


_ALL = frozenset(_FAMILIES)
_WORDS = frozenset(
    {
        "budget signals",
        "timeline urgency",
        "location",
        "family demographics",
        "financial readiness",
        "experience",
        "communication quality",
    }
)
WINDOWS: Final = (
    Window("everything known", 0.50, _ALL),
    Window("no bot", 0.12, _ALL - {"conversation insight"}),
    Window("inquiry by message", 0.12, _WORDS),
    Window("activity without words", 0.11, frozenset({"response patterns", "activity"})),
    Window("contact list", 0.15, frozenset()),
)


def seen_through(matrix: NDArray[np.float32], families: frozenset[str]) -> NDArray[np.float32]:
    """A copy of ``matrix`` (n, 28) in which only features of ``families`` are known."""
    hidden = np.array([family not in families for family in _FAMILIES])
    shown = matrix.copy()
    shown[:, hidden] = UNKNOWN
    return shown


def seen_as_exports_are(
    matrix: NDArray[np.float32], converted: NDArray[np.bool_], seed: int, windows: Sequence[Window] = WINDOWS
) -> NDArray[np.float32]:
    """A copy of ``matrix`` (n, 28): each row through a window dealt by share, and 3 % of values missing besides.

    The windows are dealt to converted and other leads alike, so that no window's leads convert more by chance.
    """
    generator = np.random.default_rng(seed)
    dealt = np.empty(len(matrix), dtype=np.intp)
    for outcome in (False, True):
        leads = np.flatnonzero(converted == outcome)
        dealt[generator.permutation(leads)] = _by_share(len(leads), windows)
    shown = matrix.copy()
    for number, window in enumerate(windows):
        shown[dealt == number] = seen_through(matrix[dealt == number], window.families)
    shown[generator.random(shown.shape) < _STRAY_SHARE] = UNKNOWN
    return shown


def _by_share(leads: int, windows: Sequence[Window]) -> NDArray[np.intp]:
    """A window's number for each of ``leads`` places, in blocks as long as the shares."""
    ends = np.cumsum([window.share for window in windows])
    return np.searchsorted(ends / ends[-1], (np.arange(leads) + 0.5) / max(1, leads))
