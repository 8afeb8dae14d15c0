"""Questions made by hand, and what Claude's stand-in is asked and answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from core.escalation import Answer, Claude, Question, Reason
from core.escalation.fake import Plan, running_fake
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory
from core.scoring import Tier
from core.settings import Settings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Found:
    """What the model found."""

    probability: float = 0.4
    confidence: float = 0.6
    tier: Tier = Tier.WARM


def said(text: str, hours: float = 0, *, by_lead: bool = True, subject: str | None = None) -> Interaction:
    """A message, ``hours`` after noon of 2 March 2026."""
    return Interaction(
        occurred_at=NOON + timedelta(hours=hours),
        kind=InteractionKind.SMS,
        direction=Direction.INBOUND if by_lead else Direction.OUTBOUND,
        subject=subject,
        text=text,
    )


def question(*messages: str | Interaction, lead_id: str = "lead-1", **fields: Any) -> Question:
    """A question about a lead, Ana Lima unless told otherwise, who wrote ``messages``, an hour apart."""
    known: dict[str, Any] = {"name": "Ana Lima", "email": "ana.lima@example.com", "phone": "+15125550198", **fields}
    touches = [said(one, hour) if isinstance(one, str) else one for hour, one in enumerate(messages)]
    history = LeadHistory(lead=Lead(lead_id=lead_id, **known), interactions=tuple(touches))
    return question_of(history)


def question_of(history: LeadHistory) -> Question:
    """A question about a lead as it is."""
    return Question(
        lead_id=history.lead.lead_id,
        history=history,
        score=Found(),
        reasons=("Answers within 2 hours: raises the chance by 9 points",),
        asked_because=Reason.LOW_CONFIDENCE,
        asked_on=date(2026, 3, 3),
    )


def settings(address: str, timeout_s: float = 20.0, **more: Any) -> Settings:
    """Settings that lead to ``address``; nothing of the environment or a .env file gets in."""
    told: dict[str, Any] = {"anthropic_api_key": "sk-test", "jorge_data_dir": Path("/nonexistent"), **more}
    return Settings(_env_file=None, anthropic_base_url=address, jorge_claude_timeout_s=timeout_s, **told)


def ask_all(questions: Sequence[Question], plan: Plan, **more: Any) -> list[Answer]:
    """Ask one after the other with one client, as a worker would."""

    async def work(address: str) -> list[Answer]:
        claude = Claude.open(settings(address, **more))
        assert claude is not None
        try:
            return [await claude.ask(one) for one in questions]
        finally:
            await claude.close()

    with running_fake(plan) as address:
        return asyncio.run(work(address))


def ask(one: Question, plan: Plan | None = None, **more: Any) -> Answer:
    """Ask once."""
    return ask_all([one], plan or Plan(), **more)[0]


def reply(**fields: Any) -> str:
    """A reply of the right form, with ``fields`` in place of its own."""
    plain: dict[str, Any] = {
        "evidence": [],
        "objections": [],
        "band": "30 to 50 %",
        "next_best_action": "Call today.",
        "draft_reply": "When would suit you?",
    }
    return json.dumps({**plain, **fields}, ensure_ascii=False)
