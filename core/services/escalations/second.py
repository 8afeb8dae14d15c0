"""One opinion for a caller that waits for it: the same queue and ledger, asked at once in the caller's own loop."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from core.errors import ClaudeUnavailable, JorgeError
from core.escalation import Claude, Question, Reason
from core.leads import LeadHistory, utc_now
from core.scoring import TierEdges
from core.services import workspace
from core.services.escalations import budget
from core.services.escalations.questions import result as result_of
from core.store.opinions import Reservation, Result, Status, Waiting

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead
    from core.services.center import CommandCenter

PLAIN_EDGES = TierEdges(hot=0.5, warm=0.2)  # while no model says where its tiers begin

_IN_HAND = "Claude is being asked about this lead already; its opinion will stand on the lead's page"


async def opinion(center: CommandCenter, history: LeadHistory, scored: ScoredLead | None) -> Result:
    """Ask about a lead now; of one that was scored the opinion is stored beside the score.

    Raises ClaudeUnavailable when Claude is not set up, or the budget has no room.
    """
    claude = await asyncio.to_thread(Claude.open, center.settings)
    if claude is None:
        raise ClaudeUnavailable("Claude is not set up; set ANTHROPIC_API_KEY and start again")
    try:
        asked = _question(history, scored)
        worst = claude.worst_cost_micro_usd(asked)
        reserved_at = utc_now()
        row = await asyncio.to_thread(_reserve, center, history, scored, worst, reserved_at)
        result = result_of(await claude.ask(asked))
        await asyncio.to_thread(_settle, center, row, worst, result, reserved_at)
        return result
    finally:
        await claude.close()


def none(why: str) -> Result:
    """No opinion, because ``why``."""
    return Result(Status.FAILED, 0, 0.0, error=why)


def edges(center: CommandCenter) -> TierEdges:
    """Where tiers begin; a guess of ours while there is no model."""
    try:
        return workspace.tier_edges(center)
    except JorgeError:
        return PLAIN_EDGES


def _question(history: LeadHistory, scored: ScoredLead | None) -> Question:
    return Question(
        lead_id=history.lead.lead_id,
        history=history,
        score=None if scored is None else scored.score,
        reasons=() if scored is None else scored.reasons,
        asked_because=Reason.REQUESTED,
        asked_on=utc_now().date(),
    )


def _reserve(
    center: CommandCenter, history: LeadHistory, scored: ScoredLead | None, worst: int, now: datetime
) -> Waiting | None:
    """Set the money aside: with the row of the lead's escalation, alone where there is no score to be beside."""
    opinions, allowed = center.store.opinions, budget.limits(center)
    if scored is None:
        answer = opinions.reserve_alone(worst, allowed, now)
        row = None
    else:
        row = opinions.requested(opinions.request(history.lead.lead_id, scored.via))
        if row is None:
            raise ClaudeUnavailable(_IN_HAND)
        answer = opinions.reserve(row, worst, allowed, now)
    if answer in (Reservation.DAY_SPENT, Reservation.MONTH_SPENT):
        raise ClaudeUnavailable(f"the {answer.value}'s budget for Claude has no room for the next question")
    if answer is Reservation.TAKEN:
        raise ClaudeUnavailable(_IN_HAND)
    return row


def _settle(center: CommandCenter, row: Waiting | None, worst: int, result: Result, reserved_at: datetime) -> None:
    if row is None:
        center.store.opinions.settle_alone(worst, result.cost_micro_usd, reserved_at)
    else:
        center.store.opinions.settle(row.opinion_id, result)
        center.wake_feed()
