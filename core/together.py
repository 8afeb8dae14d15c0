"""What waits is worked on together, by one thread: many askers share a commit, or one pass through the model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Final, Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")
Waiting = tuple[Asked, Future[Told]]


async def of_thread(future: Future[Told]) -> Told:
    """What another thread makes of ``future``, or its error; who gives up waiting for it does not cancel it.

    What ``asyncio.wrap_future`` and ``shield`` do together, with fewer futures and call-backs for each request.
    """
    loop = asyncio.get_running_loop()
    waiting = loop.create_future()

    def wake(_: Future[Told]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(_end, waiting)

    future.add_done_callback(wake)
    await waiting
    return future.result()


def _end(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


class Together(Generic[Asked, Told]):
    """One thread that hands ``work`` all that waits, at most ``most`` at a time; nobody waits for more to come.

    ``work`` gives each future its result or its error. One that was cancelled while it waited is left out.
    """

    def __init__(self, name: str, most: int, work: Callable[[Sequence[Waiting[Asked, Told]]], None]) -> None:
        self._most: Final = most
        self._work = work
        self._waiting: SimpleQueue[Waiting[Asked, Told] | None] = SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, asked: Asked) -> Future[Told] | None:
        """What will come of ``asked`` (``of_thread`` awaits it); None after ``close``."""
        told: Future[Told] = Future()
        with self._closing:
            if self._closed:
                return None
            self._waiting.put((asked, told))
        return told

    def close(self) -> None:
        """Work on what waits, then stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            first = self._waiting.get()
            waiting, going = ([], False) if first is None else self._gathered(first)
            there = [item for item in waiting if item[1].set_running_or_notify_cancel()]
            if there:
                self._done(there)

    def _gathered(self, first: Waiting[Asked, Told]) -> tuple[list[Waiting[Asked, Told]], bool]:
        waiting = [first]
        while len(waiting) < self._most:
            try:
                item = self._waiting.get_nowait()
            except Empty:
                break
            if item is None:
                return waiting, False
            waiting.append(item)
        return waiting, True

    def _done(self, waiting: Sequence[Waiting[Asked, Told]]) -> None:
        try:
            self._work(waiting)
        except BaseException as error:  # whoever waits must get it, whatever it is, and the thread must outlive it
            for _, told in waiting:
                if not told.done():
                    told.set_exception(error)
