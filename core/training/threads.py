"""One thread for what is learned beside a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Threads that wait for a core that a server needs make it slower, not faster."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
