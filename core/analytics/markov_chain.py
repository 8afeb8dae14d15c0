"""Attribution by removal from an absorbing Markov chain (Anderl, Becker, von Wangenheim and Schumann 2016,
"Mapping the customer journey", International Journal of Research in Marketing 33, 457-474), solved exactly.

States are numbers, so that a channel may bear any name: of order 1 a state is the channel of the last touch, of order 2
the last two of them. The start and the two ends are no states but vectors of their own.
"""

from __future__ import annotations

import numpy as np

from core.analytics.stage_ways import Places
from core.analytics.survival import Array
from core.analytics.touch_paths import Paths


def removal_effects(paths: Paths, order: int = 1) -> Array:
    """What share of the conversions is gone without each channel, in [0, 1], shape (channels,); all 0 without any.

    ``order`` is 1 or 2. Without a channel, whoever would come to it is lost. The chance to convert is start @ x with
    x = Q x + r: Q holds the chances to go from state to state, r those to convert next.

    The path 0, 1, 2 converts, 0 alone and 1, 2 do not. The chance is (2/3 * 1/2 + 1/3) * 1/2 = 1/3; without channel 0
    it is 1/3 * 1/2 = 1/6, without one of the others nobody converts.

    >>> paths = Paths.of(3, [((0, 1, 2), True), ((0,), False), ((1, 2), False)])
    >>> removal_effects(paths).round(12).tolist()
    [0.5, 1.0, 1.0]
    """
    if not paths.won[paths.lead].any():
        return np.zeros(paths.channels)
    state, now = _states(paths, order)
    first, last = paths.ends()
    seen = np.bincount(state)
    start = np.bincount(state[first], minlength=len(seen)) / first.sum()
    wins = np.bincount(state[last & paths.won[paths.lead]], minlength=len(seen)) / seen
    moves = np.bincount(state[~last] * len(seen) + state[~first], minlength=len(seen) ** 2)
    return _effects(start, moves.reshape(len(seen), -1) / seen[:, None], wins, now, paths.channels)


def _effects(start: Array, moves: Array, wins: Array, now: Places, channels: int) -> Array:
    """One inverse serves all removals: with the states S of a channel gone, N = (I - Q)^-1 and x = N r, the chance that
    is gone is (start N)_S (N_SS)^-1 x_S (the block inverse of the system without S).
    """
    visits = np.linalg.inv(np.eye(len(wins)) - moves)
    come, chance = start @ visits, visits @ wins
    whole, effects = float(start @ chance), np.zeros(channels)
    for channel in range(channels):
        gone = np.flatnonzero(now == channel)
        if len(gone):
            lost = come[gone] @ np.linalg.solve(visits[np.ix_(gone, gone)], chance[gone])
            effects[channel] = min(1.0, max(0.0, float(lost) / whole))
    return effects


def _states(paths: Paths, order: int) -> tuple[Places, Places]:
    """The state after each touch, and the channel that each state stands at."""
    code = paths.channel
    if order == 2:
        first, _ = paths.ends()
        before = np.where(first, 0, np.roll(paths.channel, 1) + 1)  # 0: nothing came before
        code = before * paths.channels + paths.channel
    told = np.flatnonzero(np.bincount(code))
    places = np.zeros(int(told[-1]) + 1, dtype=np.int64)
    places[told] = np.arange(len(told))
    return places[code], told % paths.channels
