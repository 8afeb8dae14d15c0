"""Where the time of a long piece of work goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import thread_time


class Stopwatch:
    """CPU seconds by part of the work, of the threads that ran it: what others do on the machine does not count.

    >>> clock = Stopwatch()
    >>> with clock.part("reading"):
    ...     pass
    >>> clock.add({"reading": 2.0, "writing": 1.0})
    >>> list(clock.parts()), clock.parts()["writing"]
    (['reading', 'writing'], 1.0)
    """

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time a block; blocks do not nest."""
        started = thread_time()
        try:
            yield
        finally:
            self._seconds[name] += thread_time() - started

    def add(self, seconds: Mapping[str, float]) -> None:
        """Add what another process measured."""
        for name, spent in seconds.items():
            self._seconds[name] += spent

    def parts(self) -> dict[str, float]:
        """Seconds by part, the slowest first."""
        return dict(sorted(self._seconds.items(), key=lambda item: item[1], reverse=True))
