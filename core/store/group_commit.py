"""Many threads, one commit: what waits is saved together, so that they share the wait for the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Protocol

from core.errors import StoreUnavailable

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead
    from core.store.rows import OutboxEvent

MOST: Final = 200


class _Saves(Protocol):
    def save_scored(self, rows: Sequence[ScoredLead]) -> Sequence[OutboxEvent]: ...


_Waiting = tuple["ScoredLead", Future[None]]


class GroupCommit:
    """One writer thread in front of a store. ``submit`` returns when its lead is on the disk.

    While one batch commits, the next gathers, up to 200 leads; nobody waits for a batch to fill. When a batch is
    refused, its leads are saved one by one, so that an error reaches only the lead that caused it; when the database
    is down, all of the batch get StoreUnavailable at once. ``told`` gets the events of each commit; it must not raise.
    """

    def __init__(self, store: _Saves, told: Callable[[Sequence[OutboxEvent]], None] = lambda _: None) -> None:
        self._store, self._told = store, told
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        self._writer = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._writer.start()

    def submit(self, scored: ScoredLead) -> None:
        """Save ``scored``; return after the commit that it is part of. Raises what ``Store.save_scored`` raises."""
        self.enqueue(scored).result()

    def enqueue(self, scored: ScoredLead) -> Future[None]:
        """Save ``scored`` soon; the future is done after its commit (``asyncio.wrap_future`` awaits it)."""
        saved: Future[None] = Future()
        with self._closing:
            if self._closed:
                raise StoreUnavailable("the store is being closed; send the lead again when the server is back")
            self._waiting.put((scored, saved))
        return saved

    def close(self) -> None:
        """Save what waits, then stop; later leads are refused with StoreUnavailable."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._writer.join()

    def _run(self) -> None:
        going = True
        while going:
            first = self._waiting.get()
            batch, going = ([], False) if first is None else self._gather(first)
            # A future that was cancelled while it waited is not saved.
            self._save([item for item in batch if item[1].set_running_or_notify_cancel()])

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        batch = [first]
        while len(batch) < MOST:
            try:
                item = self._waiting.get_nowait()
            except Empty:
                break
            if item is None:
                return batch, False
            batch.append(item)
        return batch, True

    def _save(self, batch: list[_Waiting]) -> None:
        if not batch:
            return
        try:
            told = self._store.save_scored([scored for scored, _ in batch])
        except BaseException as error:  # the thread that waits for it must get it, whatever it is
            if len(batch) == 1 or isinstance(error, StoreUnavailable):
                for _, saved in batch:
                    saved.set_exception(error)
                return
            for item in batch:
                self._save([item])
            return
        for _, saved in batch:
            saved.set_result(None)
        self._told(told)
