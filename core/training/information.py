"""What real files leave out: hides features of training leads the way exports lack them.

A model that only ever saw complete leads would read "not told" as a fact about the person. Each training lead is
therefore seen through one of several windows, so that a bare contact list gets the base rate and what is known counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import CATALOG, NAMES, UNKNOWN

_STRAY_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Window:
    """A kind of source: the share of training leads seen through it and the names of the features that it tells."""

    name: str
    share: float
    features: frozenset[str]


def _of_families(*families: str) -> frozenset[str]:
    return frozenset(item.name for item in CATALOG if item.family in families)


_EVERYTHING: Final = frozenset(NAMES)
_BOT: Final = _of_families("conversation insight")
_ACTIVITY: Final = _of_families("response patterns", "activity")
_FIELDS: Final = _of_families("budget signals", "timeline urgency", "location") | {"pre_approval"}
_LAST_ACTIVITY: Final = frozenset({"days_since_last_interaction"})
WINDOWS: Final = (
    Window("everything known", 0.46, _EVERYTHING),
    Window("no bot", 0.10, _EVERYTHING - _BOT),
    Window("inquiry by message", 0.12, _EVERYTHING - _BOT - _ACTIVITY),
    Window("activity without words", 0.08, _ACTIVITY),
    Window("CRM fields", 0.06, _FIELDS | _LAST_ACTIVITY),
    Window("contact list with last activity", 0.06, _LAST_ACTIVITY),
    Window("contact list", 0.12, frozenset()),
)


def seen_through(matrix: NDArray[np.float32], features: frozenset[str]) -> NDArray[np.float32]:
    """A copy of ``matrix`` (n, 28) in which only ``features`` are known."""
    shown = matrix.copy()
    shown[:, [name not in features for name in NAMES]] = UNKNOWN
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
        shown[dealt == number] = seen_through(matrix[dealt == number], window.features)
    shown[generator.random(shown.shape) < _STRAY_SHARE] = UNKNOWN
    return shown


def _by_share(leads: int, windows: Sequence[Window]) -> NDArray[np.intp]:
    """A window's number for each of ``leads`` places, in blocks as long as the shares."""
    ends = np.cumsum([window.share for window in windows])
    return np.searchsorted(ends / ends[-1], (np.arange(leads) + 0.5) / max(1, leads))
