"""Work in a thread of its own, which a screen follows and may stop."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import ClassVar, Generic, Self, TypeVar

from core.errors import JorgeError

Result = TypeVar("Result")


class StoppedError(JorgeError):
    """Raised inside the work when the user's wish to stop is seen."""


class Job(ABC, Generic[Result]):
    """Does ``_work`` once, from ``begin`` on; a screen reads the ``step``, and the ``share`` in [0, 1] that is done.

    Once ``done``, one of these is set: ``result``, ``error`` (a sentence for the user), or ``cancelled`` (it was the
    user's wish). ``failing`` is the sentence for a fault that nobody foresaw, with a place for the fault's name;
    its text may hold a lead's words and is not shown.
    """

    failing: ClassVar[str]
    can_stop: ClassVar[bool] = False

    def __init__(self, step: str = "") -> None:
        self.step, self.share = step, 0.0
        self.result: Result | None = None
        self.error: str | None = None
        self.cancelled = False
        self.done = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)

    @property
    def told(self) -> str:
        """What is being done, in words."""
        return self.step

    def begin(self) -> Self:
        """Start the thread; returns itself."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask it to stop at the next step; what was stored by then stays stored."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; False when ``timeout_s`` seconds were not enough."""
        self._thread.join(timeout_s)
        return self.done

    @abstractmethod
    def _work(self) -> Result:
        """What there is to do; calls ``_go_on`` between steps when it can be stopped."""

    def _go_on(self) -> None:
        """Raises StoppedError when the user asked for it."""
        if self._stop.is_set():
            raise StoppedError("stopped")

    def _run(self) -> None:
        try:
            self.result = self._work()
        except StoppedError:
            self.cancelled = True
        except JorgeError as error:
            self.error = str(error)
        except Exception as error:
            self.error = self.failing.format(type(error).__name__)
        finally:
            self.done = True
