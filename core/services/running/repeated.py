"""Work that is done again and again in a thread of its own."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from typing import ClassVar, Self

from core.errors import JorgeError

_log = logging.getLogger(__name__)


class Repeated(ABC):
    """Does ``_turn`` every ``look_s`` seconds from ``start`` to ``close``; ``what`` names it in the log.

    A fault ends the turn, never the thread: it is logged, and the next turn comes.
    """

    what: ClassVar[str]
    closing_s: ClassVar[float] = 2.0  # how long ``close`` waits for a turn that is under way

    def __init__(self, look_s: float) -> None:
        self._look_s = look_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)

    def start(self) -> Self:
        """Begin; returns itself."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop at the next pause."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(self.closing_s)

    @abstractmethod
    def _turn(self) -> None:
        """What is done each time."""

    def _run(self) -> None:
        while not self._closing.wait(self._look_s):
            try:
                self._turn()
            except JorgeError as error:
                self._failed(str(error))
            except Exception as error:  # the text may hold a lead's words, the name does not
                self._failed(f"failed with {type(error).__name__}")

    def _failed(self, problem: str) -> None:
        """Say that a turn did not end well."""
        _log.warning("%s waits: %s", self.what, problem)
