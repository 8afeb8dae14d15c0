"""A night's backlog at half the price: handed in as one batch when a person says so, collected when it is done."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from core.errors import ClaudeUnavailable, JorgeError, NotFound
from core.escalation import Answer, AnswerStatus, Claude, Question
from core.leads import utc_now
from core.services.escalations import budget
from core.services.escalations.questions import question, question_again, result
from core.store.opinions import MAKING, Reservation, Result, Status, Waiting

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.services.escalations.desk_state import State
    from core.store.opinions import OpinionTable

WANTED: Final = "escalation_batch_wanted"
MOST: Final = 1_000
LOOK_S: Final = 20.0


class Backlog:
    """Works for one desk, inside its loop."""

    def __init__(self, center: CommandCenter, claude: Claude, state: State, look_s: float = LOOK_S) -> None:
        self._center, self._claude, self._state, self._look_s = center, claude, state, look_s
        self._next_look = 0.0

    async def turn(self) -> None:
        """Hand in what was wished for, and collect what is done."""
        if self._center.setting(WANTED) is True:
            await asyncio.to_thread(self._center.set_setting, WANTED, False)
            await self._hand_in()
        if monotonic() >= self._next_look:
            self._next_look = monotonic() + self._look_s
            for batch_id in await asyncio.to_thread(self._opinions.batches):
                with suppress(ClaudeUnavailable):  # nothing is lost: it is asked for again
                    await self._collect(batch_id)

    async def _hand_in(self) -> None:
        """The money of each question is set aside before the batch exists."""
        making = f"{MAKING}{uuid4().hex}"
        taken = await asyncio.to_thread(self._reserve, making)
        if not taken:
            return
        try:
            batch_id = await self._claude.ask_batch([asked for _, asked in taken])
        except JorgeError as error:
            await asyncio.to_thread(self._not_taken, taken, error)
            return
        await asyncio.to_thread(self._opinions.name_batch, making, batch_id)

    def _not_taken(self, taken: list[tuple[Waiting, Question]], error: JorgeError) -> None:
        """What surely was not handed in waits on; what may be there, and may be charged, is not asked twice."""
        lost = isinstance(error, ClaudeUnavailable) and error.unsure
        why = f"The batch was not taken: {error}"
        for row, asked in taken:
            if lost:
                cost = self._claude.worst_cost_micro_usd(asked, batch=True)
                self._opinions.settle(row.opinion_id, Result(Status.FAILED, cost, 0.0, error=why))
            else:
                nothing = Result(Status.FAILED, 0, 0.0, error=why)
                self._opinions.put_back(row.opinion_id, nothing, utc_now(), is_try=False)

    def _reserve(self, batch_id: str) -> list[tuple[Waiting, Question]]:
        taken: list[tuple[Waiting, Question]] = []
        limits = budget.limits(self._center)
        for row in self._opinions.waiting(MOST):
            try:
                asked = question(self._center, row)
            except NotFound:
                continue
            worst = self._claude.worst_cost_micro_usd(asked, batch=True)
            answer = self._opinions.reserve(row, worst, limits, batch_id=batch_id)
            if answer in (Reservation.DAY_SPENT, Reservation.MONTH_SPENT):
                self._state.spent(answer)
                break
            if answer is Reservation.RESERVED:
                taken.append((row, asked))
        return taken

    async def _collect(self, batch_id: str) -> None:
        if batch_id.startswith(MAKING):
            return  # the sweep explains it when it never gets a name
        if await self._claude.batch_answers(batch_id, []) is None:  # without the questions, which are dear to rebuild
            return
        rows = await asyncio.to_thread(self._opinions.in_batch, batch_id)
        asked = [await asyncio.to_thread(self._again, opinion_id) for opinion_id in rows.values()]
        answers = await self._claude.batch_answers(batch_id, [one for one in asked if one is not None])
        if answers is None:
            return
        missing = Answer(AnswerStatus.FAILED, why="The batch came back without an answer for this lead.")
        for lead_id, opinion_id in rows.items():
            kept = result(answers.get(lead_id, missing))
            await asyncio.to_thread(self._opinions.settle, opinion_id, kept)
        self._center.wake_feed()

    def _again(self, opinion_id: int) -> Question | None:
        try:
            return question_again(self._center, self._opinions.one(opinion_id))
        except NotFound:
            return None

    @property
    def _opinions(self) -> OpinionTable:
        return self._center.store.opinions
