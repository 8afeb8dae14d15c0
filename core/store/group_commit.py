"""Many threads, one commit: what waits is saved together, so that they share the wait for the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, Protocol

from core.errors import StoreUnavailable
from core.together import Together, Waiting

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead
    from core.store.rows import OutboxEvent

MOST: Final = 200
HeldCommit = Callable[[Callable[[], None]], None]  # saves, and calls what it is given when only the commit is left


class _Saves(Protocol):
    def save_scored(self, rows: Sequence[ScoredLead], written: Callable[[], None]) -> Sequence[OutboxEvent]: ...


class GroupCommit:
    """One writer thread in front of a store. ``submit`` returns when its lead is on the disk.

    While one batch commits, the next gathers, up to 200 leads; nobody waits for a batch to fill. When a batch is
    refused, its leads are saved one by one, so that an error reaches only the lead that caused it; when the database
    is down, all of the batch get StoreUnavailable at once. ``told`` gets the events of each commit; it must not raise.
    """

    def __init__(self, store: _Saves, told: Callable[[Sequence[OutboxEvent]], None] = lambda _: None) -> None:
        self._store, self._told = store, told
        self._saves: Together[ScoredLead, None] = Together("group-commit", MOST, self._save)

    def submit(self, scored: ScoredLead) -> None:
        """Save ``scored``; return after the commit that it is part of. Raises what ``Store.save_scored`` raises."""
        self.enqueue(scored).result()

    def enqueue(self, scored: ScoredLead) -> Future[None]:
        """Save ``scored`` soon; the future is done after its commit (``core.together.of_thread`` awaits it)."""
        saved = self._saves.ask(scored)
        if saved is None:
            raise StoreUnavailable("the store is being closed; send the lead again when the server is back")
        return saved

    def held(self, scored: ScoredLead) -> tuple[Future[None], HeldCommit]:
        """Like ``enqueue``, for a lead that came alone: nothing is saved until the caller calls what it gets.

        That saves the lead in the caller's thread, in a commit of its own, and does not raise. The commit needs no
        interpreter: what is called right before it may wake another thread.
        """
        saved: Future[None] = Future()
        return saved, lambda written: self._save([(scored, saved)], written)

    def close(self) -> None:
        """Save what waits, then stop; later leads are refused with StoreUnavailable."""
        self._saves.close()

    def _save(self, waiting: Sequence[Waiting[ScoredLead, None]], written: Callable[[], None] = lambda: None) -> None:
        try:
            told = self._store.save_scored([scored for scored, _ in waiting], written)
        except BaseException as error:  # the thread that waits for it must get it, whatever it is
            if len(waiting) == 1 or isinstance(error, StoreUnavailable):
                for _, saved in waiting:
                    saved.set_exception(error)
                return
            for item in waiting:
                self._save([item])
            return
        for _, saved in waiting:
            saved.set_result(None)
        self._told(told)
