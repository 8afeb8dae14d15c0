from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 15.0


def away_from_the_turn_of_a_minute(margin_s: float = 3.0) -> None:
    """Wait until a minute of the clock does not end soon: counts kept in memory have windows that do."""
    left_s = 60 - time.time() % 60
    if left_s < margin_s:
        time.sleep(left_s + 0.01)


def until(condition: Callable[[], object], within_s: float = PATIENCE_S) -> float:
    """Wait until ``condition`` holds and return the seconds it took; fail after ``within_s``.

    The default is patience with a busy machine, no promise; who tests a promise gives its seconds.
    """
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within_s, "it did not happen in time"
        time.sleep(0.005)
    return time.monotonic() - began
