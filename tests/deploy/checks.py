"""What was looked at, and whether it holds."""

from __future__ import annotations

import time


class Checks:
    """Says what holds and what does not."""

    def __init__(self) -> None:
        self.failed = 0
        self._began = time.monotonic()

    def hold(self, what: str, holds: bool, more: str = "") -> None:
        self.failed += not holds
        print(f"{time.monotonic() - self._began:6.1f} s  {'ok    ' if holds else 'FAILED'}  {what}  {more}", flush=True)
