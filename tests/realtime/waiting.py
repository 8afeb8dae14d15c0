from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 15.0


def away_from_the_turn_of_a_minute(margin_s: float = 3.0) -> None:
    """Wait until a minute of the clock does not end soon: counts kept in memory have windows that do."""
    left_s = 60 - time.time() % 60
    if left_s < margin_s:
        time.sleep(left_s + 0.01)


def quickest(run: Callable[[], object], promised_s: float, tries: int = 10) -> float:
    """Run until it took no longer than promised, and return the seconds of the quickest; fail after ``tries``.

    A machine that does other work may halt any one run; what is slow by itself keeps the promise in none.
    """
    best = math.inf
    for _ in range(tries):
        began = time.monotonic()
        run()
        best = min(best, time.monotonic() - began)
        if best <= promised_s:
            return best
    raise AssertionError(f"{promised_s} s were promised, {best:.2f} s taken by the quickest of {tries}")


def until(condition: Callable[[], object], within_s: float = PATIENCE_S) -> float:
    """Wait until ``condition`` holds and return the seconds it took; fail after ``within_s``.

    The default is patience with a busy machine, no promise; who tests a promise gives its seconds.
    """
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within_s, "it did not happen in time"
        time.sleep(0.005)
    return time.monotonic() - began


def alive(process_id: int) -> bool:
    """Whether there is such a process, be it a zombie."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
