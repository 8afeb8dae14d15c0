"""From a stored score to a question for Claude, and from its answer back to a row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.errors import NotFound
from core.escalation import Answer, AnswerStatus, Question, Reason
from core.leads import LeadHistory, utc_now
from core.store.opinions import Result, Status, StoredOpinion, Waiting

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store import StoredScore

_STATUS = {
    AnswerStatus.ANSWERED: Status.ANSWERED,
    AnswerStatus.REFUSED: Status.REFUSED,
    AnswerStatus.FAILED: Status.FAILED,
}


def question(center: CommandCenter, row: Waiting) -> Question:
    """What is asked about a waiting lead now. Raises NotFound when the lead was cleared away, StoreUnavailable."""
    now = utc_now()
    return _question(center, row.lead_id, row.score_id, row.asked_because, now)


def question_again(center: CommandCenter, row: StoredOpinion) -> Question:
    """The question as it was asked: with what was known of the lead then."""
    return _question(center, row.lead_id, row.score_id, row.asked_because, row.asked_at or utc_now())


def _question(center: CommandCenter, lead_id: str, score_id: int, because: str, at: datetime) -> Question:
    history = center.store.history(lead_id)
    known = tuple(touch for touch in history.interactions if touch.occurred_at <= at)
    stored = _score(center, lead_id, score_id)
    return Question(
        lead_id=lead_id,
        history=LeadHistory.model_construct(lead=history.lead, interactions=known),
        score=stored.score,
        reasons=stored.reasons,
        asked_because=Reason(because),
        asked_on=at.date(),
    )


def _score(center: CommandCenter, lead_id: str, score_id: int) -> StoredScore:
    for stored in center.store.scores(lead_id):
        if stored.score_id == score_id:
            return stored
    raise NotFound(f"the score that was to be asked about is not among the last of lead {lead_id!r}")


def result(answer: Answer) -> Result:
    """What is kept of an answer. What an attempt may have cost that broke off counts as spent."""
    opinion, usage = answer.opinion, answer.usage
    return Result(
        status=_STATUS[answer.status],
        cost_micro_usd=answer.cost_micro_usd + answer.unsure_micro_usd,
        took_ms=answer.took_ms,
        answer=None if opinion is None else opinion.model_dump(mode="json"),
        low=None if opinion is None else opinion.band.low,
        high=None if opinion is None else opinion.band.high,
        error=answer.why,
        claude_model=answer.claude_model,
        request_id=answer.request_id,
        simulated=answer.simulated,
        tokens_in=None if usage is None else usage.prompt_tokens,
        tokens_cached=None if usage is None else usage.cached_tokens,
        tokens_out=None if usage is None else usage.output_tokens,
    )
