"""The paths of touchpoints that decided leads took, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.stage_ways import Places
from core.analytics.survival import Array

MOST_CHANNELS: Final = 16  # for the eye: the methods are exact for any number
ARRIVAL_DAYS: Final = 5 / 1_440  # what a lead sends within five minutes of its arrival is the arrival


@dataclass(frozen=True, slots=True, eq=False)
class Touches:
    """Touchpoints, one entry each: the place of the lead, the channel's place in a list, and the day since 1970."""

    lead: Places
    channel: Places
    day: Array


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The paths of ``len(won)`` leads, lead after lead and oldest touch first; a lead may have no touch at all.

    ``lead`` and ``channel`` have an entry a touch, ``before`` the days from it to the end of its path. Channels are
    places 0 to ``channels`` - 1, whatever they are called. ``won`` of shape (leads,) says which leads converted.
    """

    channels: int
    lead: Places
    channel: Places
    before: Array
    won: NDArray[np.bool_]

    @classmethod
    def of(cls, channels: int, told: Sequence[tuple[Sequence[int], bool]]) -> Paths:
        """Paths of leads as (channels in their order, converted), a touch a day, the last one on the day of the end.

        >>> Paths.of(2, [((0, 1), True), ((), False)]).before.tolist()
        [1.0, 0.0]
        """
        lead = [place for place, (path, _) in enumerate(told) for _ in path]
        channel = [one for path, _ in told for one in path]
        before = [float(len(path) - 1 - place) for path, _ in told for place in range(len(path))]
        won = np.array([won for _, won in told], dtype=bool)
        return cls(channels, np.array(lead, np.int64), np.array(channel, np.int64), np.array(before, np.float64), won)

    def ends(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Of each touch: whether it is the first of its lead, and whether it is the last."""
        first = np.diff(self.lead, prepend=-1) != 0
        return first, np.append(first[1:], np.ones(min(1, len(first)), dtype=bool))

    @property
    def unassigned(self) -> int:
        """Conversions without a touch, which no channel can have the credit of."""
        return int(self.won.sum() - self.won[self.lead[self.ends()[0]]].sum())

    def touched(self) -> Places:
        """Of each channel, the leads with a touch of it."""
        pairs = np.zeros(len(self.won) * self.channels, dtype=bool)
        pairs[self.lead * np.int64(self.channels) + self.channel] = True
        return pairs.reshape(len(self.won), -1).sum(axis=0) if self.channels else np.zeros(0, np.int64)


def paths_to(end: Array, won: NDArray[np.bool_], touches: Touches, channels: int, lookback_days: float | None) -> Paths:
    """Order the touches before each lead's ``end`` (days since 1970, NaN: not known, so no touch counts).

    With a lookback only the days before the end count. Touches of one channel in a row are one, the first of them.

    >>> told = Touches(np.array([0, 0, 0, 1]), np.array([2, 1, 1, 0]), np.array([1.0, 3.0, 4.0, 9.0]))
    >>> found = paths_to(np.array([10.0, 5.0]), np.array([True, False]), told, 3, None)
    >>> found.lead.tolist(), found.channel.tolist(), found.before.tolist()
    ([0, 0], [2, 1], [9.0, 7.0])
    """
    before = end[touches.lead] - touches.day
    counts = before >= 0.0 if lookback_days is None else (before >= 0.0) & (before <= lookback_days)
    lead, channel, before = touches.lead[counts], touches.channel[counts], before[counts]
    order = np.lexsort((channel, -before, lead))
    lead, channel, before = lead[order], channel[order], before[order]
    new = np.ones(len(lead), dtype=bool)
    new[1:] = (lead[1:] != lead[:-1]) | (channel[1:] != channel[:-1])
    return Paths(channels, lead[new], channel[new], before[new], won)


def largest_channels(touches: Touches, channels: int, most: int = MOST_CHANNELS) -> list[list[int]]:
    """The channels that are told apart, those with the most leads first; the last entry holds all that do not fit.

    Channels without a touch are in none.

    >>> told = Touches(np.array([0, 1, 2, 3]), np.array([0, 0, 1, 3]), np.zeros(4))
    >>> largest_channels(told, 5, most=2), largest_channels(told, 5)
    ([[0], [1, 3]], [[0], [1], [3]])
    """
    width = np.int64(touches.lead.max(initial=0) + 1)
    pairs = np.sort(touches.channel * width + touches.lead)
    leads = np.bincount(pairs[np.diff(pairs, prepend=-1) != 0] // width, minlength=channels)
    order = [place for place in np.argsort(-leads, kind="stable").tolist() if leads[place]]
    if len(order) <= most:
        return [[place] for place in order]
    return [*([place] for place in order[: most - 1]), sorted(order[most - 1 :])]


def regrouped(touches: Touches, groups: Sequence[Sequence[int]], channels: int) -> Touches:
    """The same touches, each with the place of its group for a channel."""
    places = np.zeros(channels, dtype=np.int64)
    for place, group in enumerate(groups):
        places[list(group)] = place
    return Touches(touches.lead, places[touches.channel], touches.day)
