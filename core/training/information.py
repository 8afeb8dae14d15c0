"""What real sources leave out: hides features of training leads the way exports and first messages lack them.

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
from core.training.dataset import TrainingSet

_STRAY_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Window:
    """A kind of source: the share of training leads seen through it and the names of the features that it tells.

    ``on_arrival`` sees a lead within hours of its coming in, otherwise at its own moment of scoring.
    """

    name: str
    share: float
    features: frozenset[str]
    on_arrival: bool = False

    def of(self, leads: TrainingSet) -> NDArray[np.float32]:
        """What is known of ``leads`` through this window, (n, 28)."""
        return seen_through(leads.on_arrival if self.on_arrival else leads.features, self.features)


def _of_families(*families: str) -> frozenset[str]:
    return frozenset(item.name for item in CATALOG if item.family in families)


_EVERYTHING: Final = frozenset(NAMES)
_BOT: Final = _of_families("conversation insight")
_ACTIVITY: Final = _of_families("response patterns", "activity")
_FIELDS: Final = _of_families("budget signals", "timeline urgency", "location") | {"pre_approval"}
_LAST_ACTIVITY: Final = frozenset({"days_since_last_interaction"})
WINDOWS: Final = (
    Window("everything known", 0.46, _EVERYTHING),
    Window("just arrived", 0.10, _EVERYTHING, on_arrival=True),
    Window("no bot", 0.07, _EVERYTHING - _BOT),
    Window("inquiry by message", 0.10, _EVERYTHING - _BOT - _ACTIVITY),
    Window("activity without words", 0.06, _ACTIVITY),
    Window("CRM fields", 0.05, _FIELDS | _LAST_ACTIVITY),
    Window("contact list with last activity", 0.05, _LAST_ACTIVITY),
    Window("contact list", 0.11, frozenset()),
)


def seen_through(matrix: NDArray[np.float32], features: frozenset[str]) -> NDArray[np.float32]:
    """A copy of ``matrix`` (n, 28) in which only ``features`` are known."""
    shown = matrix.copy()
    shown[:, [name not in features for name in NAMES]] = UNKNOWN
    return shown


def as_sources_tell(leads: TrainingSet, seed: int, windows: Sequence[Window] = WINDOWS) -> NDArray[np.float32]:
    """What is known of ``leads``, (n, 28), each through a window dealt by share, and 3 % of values missing besides.

    The windows are dealt to converted and other leads alike, so that no window's leads convert more by chance.
    """
    generator = np.random.default_rng(seed)
    dealt = np.empty(len(leads), dtype=np.intp)
    for outcome in (False, True):
        alike = np.flatnonzero(leads.converted == outcome)
        dealt[generator.permutation(alike)] = _by_share(len(alike), windows)
    shown = np.empty_like(leads.features)
    for number, window in enumerate(windows):
        picked = np.flatnonzero(dealt == number)
        shown[picked] = window.of(leads.rows(picked))
    shown[generator.random(shown.shape) < _STRAY_SHARE] = UNKNOWN
    return shown


def _by_share(leads: int, windows: Sequence[Window]) -> NDArray[np.intp]:
    """A window's number for each of ``leads`` places, in blocks as long as the shares."""
    ends = np.cumsum([window.share for window in windows])
    return np.searchsorted(ends / ends[-1], (np.arange(leads) + 0.5) / max(1, leads))
