"""Brings escalations to Claude: gathers what waits, sets the money aside, asks, and keeps what came of it.

One thread with an event loop, in the background process of each server. The queue and the ledger are in the database,
so any number of them may run, and any of them may be killed. A call that was in flight then is explained, and never
made a second time by itself: it may have been answered and paid for.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

from core.errors import FeedUnavailable, JorgeError, NotFound
from core.escalation import Answer, AnswerStatus, Claude, Question, Reason
from core.leads import utc_now
from core.services.escalations import budget, policy
from core.services.escalations.backlog import Backlog
from core.services.escalations.desk_state import DeskState, State
from core.services.escalations.questions import question, result
from core.store.opinions import PORTION, Limits, Reservation, Result, Status, Waiting

if TYPE_CHECKING:
    from core.realtime.escalations import EscalationBell
    from core.services.center import CommandCenter
    from core.store.opinions import OpinionTable

AT_ONCE: Final = 4
LOOK_S: Final = 1.0
TRIES: Final = 3
BATCH_LEASE: Final = timedelta(hours=26)
CLOSING_S: Final = 5.0
BETWEEN_S: Final = 0.02  # other writers come first between two portions of a large file
SPENT_LOOK_S: Final = 30.0
NO_KEY: Final = "No key for Claude is set."
_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")


class EscalationDesk:
    """Asks Claude for ``center`` from ``start`` to ``close``; without a key it only gathers what waits.

    ``open_claude`` makes the client inside the desk's own loop.
    """

    def __init__(
        self,
        center: CommandCenter,
        open_claude: Callable[[], Claude | None] | None = None,
        *,
        at_once: int = AT_ONCE,
        look_s: float = LOOK_S,
    ) -> None:
        self._center, self._at_once, self._look_s = center, at_once, look_s
        self._open_claude = open_claude or (lambda: Claude.open(center.settings))
        self._closing = threading.Event()
        self._claude: Claude | None = None
        self._backlog: Backlog | None = None
        self._bell: EscalationBell | None = None
        self._next_look = self._spent_until = 0.0
        self._spent_limits: Limits | None = None
        self._asking: set[asyncio.Task[None]] = set()
        self._lease = timedelta(seconds=2 * center.settings.jorge_claude_timeout_s + 60)
        self.state = State()
        self._thread = threading.Thread(target=self._run, name="escalations", daemon=True)

    def start(self) -> EscalationDesk:
        """Begin; returns itself."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Wait a few seconds for answers that are to come, then stop."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(CLOSING_S + 5.0)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        await self._open()
        try:
            while not self._closing.is_set():
                try:
                    await self._turn()
                    self.state.problem = None
                except Exception as error:  # the thread must outlive any fault; the text may hold a lead's words
                    self._trouble(error)
                    await asyncio.sleep(self._look_s)
            if self._asking:
                await asyncio.wait(self._asking, timeout=CLOSING_S)
        finally:
            for task in self._asking:
                task.cancel()
            await asyncio.gather(*self._asking, return_exceptions=True)
            await self._close()

    async def _open(self) -> None:
        try:
            self._claude = await asyncio.to_thread(self._open_claude)
        except JorgeError as error:  # prices that are not known, an address that is none
            self.state.is_now(DeskState.OFF, str(error))
            return
        if self._claude is None:
            self.state.is_now(DeskState.OFF, NO_KEY)
            return
        self._backlog = Backlog(self._center, self._claude, self.state, 20 * self._look_s)
        self.state.is_now(DeskState.ASKING)

    async def _close(self) -> None:
        if self._claude is not None:
            await self._claude.close()
        if self._bell is not None:
            self._bell.close()

    async def _turn(self) -> None:
        """Look around once a second, fill the free places, then wait for whatever comes first."""
        if monotonic() >= self._next_look:
            await asyncio.to_thread(self._look)
            self._next_look = monotonic() + self._look_s
            if self._backlog is not None:
                await self._backlog.turn()
        waiting = await self._fill()
        if waiting and self._asking:
            await asyncio.wait(self._asking, timeout=self._look_s, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.to_thread(self._rest)

    def _look(self) -> None:
        """Queue what came in, and explain what a dead process left behind."""
        given = policy.terms(self._center) if self._store.has_news() else None
        while given is not None and not self._closing.is_set():
            looked, fresh = self._store.gather(partial(policy.decide, given))
            if fresh:
                if given.policy is policy.Policy.BY_VALUE:
                    self._center.performance.escalated(Reason.WORTH_ASKING.value, len(fresh))
                self._center.wake_feed()
                self._ring(fresh)
            if looked < PORTION or self._closing.wait(BETWEEN_S):  # what comes meanwhile waits for the next look
                break
        if self._store.sweep(self._lease, BATCH_LEASE):
            self._center.wake_feed()

    async def _fill(self) -> bool:
        """Ask until all places are taken; whether more waits than there is room for."""
        claude = self._claude
        if claude is None or self._paused(claude):
            return False
        places = self._at_once if claude.circuit.state == "closed" else 1  # one tries whether Claude is back
        free = places - len(self._asking)
        if free <= 0:
            return True
        rows = await asyncio.to_thread(self._store.waiting, free + 1)
        for row in rows[:free]:
            if not await self._take(claude, row):
                return False
        return len(rows) > free

    def _paused(self, claude: Claude) -> bool:
        if monotonic() < self._spent_until and budget.limits(self._center) == self._spent_limits:
            return True
        circuit = claude.circuit
        until = circuit.open_until
        if circuit.state == "open" and until is not None and until > utc_now():
            self.state.is_now(DeskState.CIRCUIT_OPEN, "Claude failed several times in a row.", until)
            return True
        over = self.state.until is not None and self.state.until <= utc_now()  # a spent day or month
        if over or self.state.now is DeskState.CIRCUIT_OPEN:
            self.state.is_now(DeskState.ASKING)
        return False

    async def _take(self, claude: Claude, row: Waiting) -> bool:
        """Set the money aside and ask; False when the budget has no room."""
        try:
            asked = await asyncio.to_thread(question, self._center, row)
        except NotFound:  # cleared away meanwhile, or its score is long past
            await asyncio.to_thread(self._drop, row)
            return True
        limits = budget.limits(self._center)
        answer = await asyncio.to_thread(self._store.reserve, row, claude.worst_cost_micro_usd(asked), limits)
        if answer in (Reservation.DAY_SPENT, Reservation.MONTH_SPENT):
            self.state.spent(answer)
            self._spent_until, self._spent_limits = monotonic() + SPENT_LOOK_S, limits
            return False
        self.state.is_now(DeskState.ASKING)
        if answer is Reservation.RESERVED:
            task = asyncio.create_task(self._ask(claude, row, asked))
            self._asking.add(task)
            task.add_done_callback(self._done)
        return True

    def _done(self, task: asyncio.Task[None]) -> None:
        """What a call did not use of its reservation may be room for the next."""
        self._asking.discard(task)
        self._spent_until = 0.0

    async def _ask(self, claude: Claude, row: Waiting, asked: Question) -> None:
        try:
            answer = await claude.ask(asked)
        except Exception as error:  # a fault of ours: the row must not stay in the air
            _log.error("Asking Claude failed with %s", type(error).__name__)
            why = f"Asking failed on our side with {type(error).__name__}."
            answer = Answer(AnswerStatus.FAILED, why=why, unsure_micro_usd=claude.worst_cost_micro_usd(asked))
        await asyncio.to_thread(self._keep, row, answer)

    def _keep(self, row: Waiting, answer: Answer) -> None:
        """Store it, however long the database takes to answer."""
        kept = result(answer)
        while True:
            try:
                if answer.retry_after_s is not None and row.tries + 1 < TRIES:
                    later = utc_now() + timedelta(seconds=min(answer.retry_after_s, 3_600.0))
                    self._store.put_back(row.opinion_id, kept, later)
                else:
                    self._store.settle(row.opinion_id, kept)
                break
            except JorgeError as error:
                self._trouble(error)
                if self._closing.wait(self._look_s):
                    return  # the sweep explains it after the next start
        self._center.wake_feed()

    def _drop(self, row: Waiting) -> None:
        nothing = Result(Status.FAILED, 0, 0.0, error="The lead or its score is no longer there.")
        if self._store.reserve(row, 0, Limits(10**15, 10**15)) is Reservation.RESERVED:
            self._store.settle(row.opinion_id, nothing)

    def _ring(self, opinion_ids: list[int]) -> None:
        bell = self._open_bell()
        if bell is not None:
            try:
                bell.ring(opinion_ids)
            except FeedUnavailable as error:
                _log.debug("%s", error)

    def _rest(self) -> None:
        """Until an escalation is told of, or the next look is due."""
        bell = self._open_bell()
        while monotonic() < self._next_look and not self._closing.is_set():
            if bell is None:
                self._closing.wait(min(0.2, self._look_s))
                continue
            try:
                if bell.heard():
                    return
            except FeedUnavailable:
                self._closing.wait(min(0.2, self._look_s))

    def _open_bell(self) -> EscalationBell | None:
        if self._bell is None:
            from core.realtime.escalations import EscalationBell

            with suppress(FeedUnavailable):  # no Redis: the next look is at most a second away
                self._bell = EscalationBell(self._center.redis_url, f"asker-{os.getpid()}")
        return self._bell

    @property
    def _store(self) -> OpinionTable:
        return self._center.store.opinions

    def _trouble(self, error: Exception) -> None:
        known = isinstance(error, JorgeError)
        problem = str(error) if known else f"Asking Claude failed on our side with {type(error).__name__}."
        if problem != self.state.problem:  # once, not every second that it lasts
            _log.warning("%s", problem)
        self.state.problem = problem
