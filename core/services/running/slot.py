"""A dependency that may be down: opened when it is first needed, tried again after a while, named when it fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Generic, TypeVar

from core.errors import JorgeError
from core.leads import utc_now

Opened = TypeVar("Opened")
RETRY_S = 3.0


class Slot(Generic[Opened]):
    """Holds what ``open_it`` returns.

    ``get`` raises the error of the last attempt, and attempts anew once ``retry_s`` seconds have passed, so that a
    dependency that is down costs a request nothing. Thread-safe.
    """

    def __init__(self, open_it: Callable[[], Opened], retry_s: float = RETRY_S) -> None:
        self._open_it = open_it
        self._retry_s = retry_s
        self._lock = threading.Lock()
        self._value: Opened | None = None
        self._error: JorgeError | None = None
        self._tried_at = 0.0
        self.failing_since: datetime | None = None

    def get(self) -> Opened:
        """The dependency. Raises the JorgeError that opening it raised."""
        value = self._value
        if value is not None:
            return value
        with self._lock:
            if self._value is None and (self._error is None or monotonic() - self._tried_at >= self._retry_s):
                self._attempt()
            if self._value is not None:
                return self._value
            if self._error is None:  # pragma: no cover - an attempt leaves a value or an error
                raise RuntimeError("the dependency was neither opened nor refused")
            raise self._error.with_traceback(None)

    def peek(self) -> Opened | None:
        """The dependency when it is open, without trying to open it."""
        return self._value

    def drop(self) -> Opened | None:
        """Forget what was opened, and the last error; the next ``get`` opens anew."""
        with self._lock:
            value, self._value, self._error = self._value, None, None
            return value

    def _attempt(self) -> None:
        self._tried_at = monotonic()
        try:
            self._value = self._open_it()
        except JorgeError as error:
            self._error = error
            self.failing_since = self.failing_since or utc_now()
        else:
            self._error, self.failing_since = None, None
