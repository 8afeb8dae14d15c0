"""What is found in a lead's words, and the 28 numbers that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import UNKNOWN


class Signal(NamedTuple):
    """A thing found in what the lead wrote, with the words that it was found in.

    ``text`` is ``source[start:end]`` of the text as it came: quoted replies, tags and all, so that a screen can
    mark the place. ``message`` is the index into ``history.interactions``, or -1 for one of the lead's own
    fields, which ``field`` then names. ``value`` can go into JSON: dollars, ``[low, high]``, an ISO date, a
    number from 0 to 1, a name.
    """

    kind: str
    text: str
    start: int
    end: int
    message: int
    value: object
    field: str | None = None


@dataclass(frozen=True, slots=True)
class LeadFeatures:
    """The 28 features of one lead at one moment.

    ``values`` has shape (28,), float32, in the catalog's order, ``UNKNOWN`` (-1) where nothing was told.
    """

    values: NDArray[np.float32]
    signals: tuple[Signal, ...]

    @property
    def known(self) -> int:
        """How many of the 28 are known.

        >>> LeadFeatures(np.array([UNKNOWN, 0.0, 3.0], dtype=np.float32), ()).known
        2
        """
        return int((self.values > UNKNOWN).sum())
