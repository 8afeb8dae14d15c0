"""Keeps the background process of a server running, and knows what it last told."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from time import monotonic
from typing import IO, TYPE_CHECKING, Final

from core.services.background.words import told_by
from core.services.escalations.desk_state import DeskState, State

if TYPE_CHECKING:
    from core.services.performance import Performance

COMMAND: Final = (sys.executable, "-m", "core", "background")
FIRST_AFTER_S: Final = 4.0  # a start of Python costs a second of a core, which the first screen has before
STARTING: Final = "What asks Claude is starting."
STOPPED: Final = "What asks Claude has stopped; it is started again."
CLOSING_S: Final = 8.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
LASTED_S: Final = 60.0  # a process that ran as long is started again at once
_log = logging.getLogger(__name__)


class Background:
    """One process from ``start`` to ``close``; when it ends by itself it is started again, with growing pauses.

    ``desk`` says how asking goes; ``pid`` is the process's, None while there is none. What it put into the queue is
    counted in ``performance``, so that one scrape of the server tells of both.
    """

    def __init__(
        self, performance: Performance, command: Sequence[str] = COMMAND, first_after_s: float = FIRST_AFTER_S
    ) -> None:
        self._performance, self._command, self._first_after_s = performance, command, first_after_s
        self._closing = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="background", daemon=True)
        self.desk = State(DeskState.OFF, STARTING)

    def start(self) -> Background:
        """Begin; returns itself."""
        self._thread.start()
        return self

    @property
    def pid(self) -> int | None:
        """The process that works now."""
        process = self._process
        return None if process is None else process.pid

    def close(self) -> None:
        """Let it finish what is in the air for some seconds, then end it."""
        self._closing.set()
        process = self._process
        if process is not None:
            _hang_up(process)
        if self._thread.is_alive():
            self._thread.join(CLOSING_S)
        process = self._process
        if process is not None:
            process.kill()
            self._thread.join(1.0)

    def _keep(self) -> None:
        pause_s = SHORTEST_PAUSE_S
        self._closing.wait(self._first_after_s)
        while not self._closing.is_set():
            began = monotonic()
            self._run_once()
            if self._closing.is_set():
                return
            pause_s = SHORTEST_PAUSE_S if monotonic() - began >= LASTED_S else min(2 * pause_s, LONGEST_PAUSE_S)
            _log.warning("The background process ended; it is started again in %.0f s.", pause_s)
            self._closing.wait(pause_s)

    def _run_once(self) -> None:
        try:
            process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            self.desk = State(DeskState.OFF, f"What asks Claude could not be started ({error.strerror}).")
            return
        self._process = process
        try:
            if self._closing.is_set():  # asked to close while it was being started
                _hang_up(process)
            if process.stdout is not None:
                self._listen(process.stdout)
            process.wait()
        finally:
            self._process = None
            self.desk = State(DeskState.OFF, STOPPED)
            _hang_up(process)

    def _listen(self, lines: IO[bytes]) -> None:
        with lines:
            for line in lines:
                try:
                    told = told_by(line)
                except ValueError as error:
                    _log.warning("%s", error)
                    continue
                self.desk = told.desk
                for reason, n in told.escalated.items():
                    self._performance.escalated(reason, n)


def _hang_up(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
