"""Scores what waits in the lead stream. Any number of workers may run, and any of them may be killed at any time.

A request is acknowledged after the commit of its score, and its key is committed with the score: killed before the
commit, another worker scores it; killed after, the other one finds the key. A lead that fails, or that ends its worker,
is tried five times by itself and then put aside with the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import orjson
from pydantic import ValidationError

from core.errors import FeedUnavailable, InputError, JorgeError, ModelRefused, NotFound, Unavailable
from core.leads import LeadHistory, utc_now
from core.realtime.lead_queue import Entry, LeadQueue, QueueStatus
from core.services.access import Right, for_right
from core.services.scores.batch_request import history_of
from core.services.scores.batches import score_batch
from core.services.scores.refusal import in_words
from core.services.scores.remembered import forget_texts
from core.services.scores.wire import ScoreIn, to_request

if TYPE_CHECKING:
    from core.services.center import CommandCenter

BATCH: Final = 64
TRIES: Final = 5
LARGEST_REQUEST: Final = 1_000_000  # bytes, as of POST /score
LOOK_S: Final = 1.0  # how often to look for what another worker left behind
FORGET_S: Final = 3_600.0
_Usable = tuple[Entry, LeadHistory, bool]  # as ``history_of``
_log = logging.getLogger(__name__)


class Worker:
    """Reads ``queue`` and scores for ``center``; ``say`` is told what a person should know.

    ``scored`` counts the requests that are done, ``given_up`` those that became dead letters.
    """

    def __init__(self, center: CommandCenter, queue: LeadQueue, say: Callable[[str], None], batch: int = BATCH) -> None:
        self._center, self._queue, self._say, self._batch = center, queue, say, batch
        self._next_look = 0.0
        self._next_forget = 0.0
        self._problem: str | None = None
        self.scored = 0
        self.given_up = 0

    def run(self, stop: Event, *, once: bool = False) -> None:
        """Work until ``stop`` is set, or with ``once`` until nothing waits; the batch in hand is always finished.

        What is down is said once, and waited for.
        """
        while not stop.is_set():
            try:
                worked = self._turn()
            except (Unavailable, ModelRefused) as error:
                self._trouble(error)
                self._wait(stop)
                continue
            self._well()
            if once and not worked:
                return

    def _turn(self) -> bool:
        """One batch, or one request left behind by another; whether there was any."""
        self._forget()
        if monotonic() >= self._next_look:
            left = self._queue.claim()
            if left is not None:
                self._again(left)
                return True
            self._next_look = monotonic() + LOOK_S
        entries = self._queue.read(self._batch)
        if entries:
            self._score(entries)
        return bool(entries)

    def _again(self, entry: Entry) -> None:
        """A request that was tried before: alone, and not for ever."""
        if entry.tries <= TRIES:
            self._score([entry])
        elif self._center.store.stream.scored([entry.key]):
            self._queue.done([entry])
        else:
            self._give_up(entry, f"no worker came to an end with it in {TRIES} tries")

    def _score(self, entries: Sequence[Entry]) -> None:
        failed: list[tuple[Entry, str]] = []
        try:
            done = self._save(self._usable(entries, failed), failed)
        except (Unavailable, ModelRefused):
            self._uncount(entries)
            raise
        self._queue.done(done)
        self.scored += len(done)
        for entry, reason in failed:
            if entry.tries >= TRIES:
                self._give_up(entry, reason)

    def _usable(self, entries: Sequence[Entry], failed: list[tuple[Entry, str]]) -> list[_Usable]:
        usable: list[_Usable] = []
        for entry in entries:
            try:
                usable.append((entry, *self._history(entry)))
            except (InputError, ValidationError) as error:
                failed.append((entry, why(error)))
        return usable

    def _save(self, usable: Sequence[_Usable], failed: list[tuple[Entry, str]]) -> list[Entry]:
        """Score and commit all at once, or one by one where that fails; what fails by itself is ``failed``."""
        done = [entry for entry, _, _ in usable]
        try:
            found = score_batch(self._center, [history for _, history, _ in usable], via="stream")
            scored = [replace(one, of_record=known) for one, (_, _, known) in zip(found, usable, strict=True)]
            self._center.store.stream.save_once([(entry.key, one) for entry, one in zip(done, scored, strict=True)])
        except (Unavailable, ModelRefused):
            raise
        except Exception as error:  # one lead must not stop the others; the text may hold its words
            if len(usable) > 1:
                return [entry for one in usable for entry in self._save([one], failed)]
            if isinstance(error, NotFound):  # erased meanwhile: there is nothing left to score
                return done
            failed += [(entry, why(error)) for entry in done]
            return []
        self._center.wake_feed()
        return done

    def _history(self, entry: Entry) -> tuple[LeadHistory, bool]:
        if len(entry.request) > LARGEST_REQUEST:
            raise InputError(f"the request has {len(entry.request):,} bytes; at most {LARGEST_REQUEST:,} are taken")
        return history_of(self._center, ScoreIn.model_validate_json(entry.request))

    def _give_up(self, entry: Entry, reason: str) -> None:
        self._queue.bury(entry, reason)
        self.given_up += 1
        self._say(f"Entry {entry.id} is given up after {min(entry.tries, TRIES)} tries ({reason}).")

    def _uncount(self, entries: Sequence[Entry]) -> None:
        try:
            self._queue.uncount(entries)
        except FeedUnavailable as error:
            _log.debug("%s", error)

    def _forget(self) -> None:
        if monotonic() >= self._next_forget:
            self._center.store.stream.forget(utc_now())
            forget_texts()  # a lead may have been erased in another process
            self._next_forget = monotonic() + FORGET_S

    def _wait(self, stop: Event) -> None:
        """Until everything answers again, so that an outage does not use up the tries of what waits."""
        while not stop.wait(1.0):
            try:
                self._queue.status()
                self._center.store.ping()
                _ = self._center.model
            except (Unavailable, ModelRefused) as error:
                self._trouble(error)
            else:
                return

    def _trouble(self, error: JorgeError) -> None:
        if self._problem is None:
            self._say(f"Waiting: {error}")
        self._problem = str(error)

    def _well(self) -> None:
        if self._problem is not None:
            self._problem = None
            self._say("Working again.")


def why(error: Exception) -> str:
    """What is wrong with a request, without a word of it but the names of fields."""
    if isinstance(error, ValidationError):
        return in_words(error.errors(include_url=False, include_input=False, include_context=False))
    return str(error) if isinstance(error, InputError) else f"failed with {type(error).__name__}"


@for_right(Right.ALL_LEADS)
def enqueue_leads(center: CommandCenter, requests: Sequence[LeadHistory]) -> None:
    """Append leads to the stream, each with a key of its own. Raises FeedUnavailable, also when the stream is full."""
    queue = LeadQueue(center.redis_url)
    try:
        queue.add([(uuid4().hex, orjson.dumps(to_request(history))) for history in requests])
    finally:
        queue.close()


def queue_status(center: CommandCenter) -> QueueStatus:
    """How many leads wait, are in work and were given up. Raises FeedUnavailable."""
    queue = LeadQueue(center.redis_url)
    try:
        return queue.status()
    finally:
        queue.close()
