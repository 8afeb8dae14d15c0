"""Reasons, states and costs of the second opinion as an agent would say them."""

from __future__ import annotations

import re
from decimal import Decimal

from core.services.access import Actor, Right
from core.services.escalations.desk_state import DeskState, State
from core.store.opinions import Status, StoredOpinion
from pages.components.words import when

REASONS = {
    "low_confidence": "The model was unsure",
    "worth_asking": "An answer could change the tier",
    "requested": "Asked by hand",
}
SHOWN_STATUS = {
    Status.WAITING: "Waiting",
    Status.ASKED: "Being asked",
    Status.ANSWERED: "Answered",
    Status.REFUSED: "Declined",
    Status.FAILED: "No opinion",
    Status.EXPIRED: "Overtaken",
    Status.DECIDED: "Decided by a person",
}
SWITCH_ON = (
    "To switch Claude on, set ANTHROPIC_API_KEY in the environment or in .env and start again. To try it without a "
    "key, run: jorge fake-claude."
)
ASK_AN_ADMIN = "An admin of your team can switch Claude on."
_FOR_ADMINS = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|\bjorge [a-z]")  # a setting, a command


def cost(usd: Decimal | None) -> str:
    """Dollars, with tenths of a cent where they are few.

    >>> cost(Decimal("0.00046")), cost(Decimal("12.5")), cost(None), cost(Decimal(0))
    ('$0.0005', '$12.50', 'not known', '$0.00')
    """
    if usd is None:
        return "not known"
    return f"${usd:,.2f}" if usd == 0 or usd >= Decimal("0.1") else f"${usd:,.4f}"


def seconds(ms: float | None) -> str:
    """A time in seconds.

    >>> seconds(1234.0), seconds(None)
    ('1.2 s', 'not known')
    """
    return "not known" if ms is None else f"{ms / 1000:.1f} s"


def said_to(actor: Actor, words: str) -> str:
    """``words``; where they name a setting or a command, whoever may not set it is told who may.

    >>> said_to(Actor("Ana", frozenset()), "Check ANTHROPIC_API_KEY (401).")
    'An admin can see on Escalations what is wrong.'
    """
    if actor.may(Right.SETTINGS) or not _FOR_ADMINS.search(words):
        return words
    return "An admin can see on Escalations what is wrong."


def state_of(row: StoredOpinion, actor: Actor) -> str:
    """What is with an escalation, in one sentence."""
    if row.status is Status.WAITING:
        return f"Waiting since {when(row.queued_at)}."
    if row.status is Status.ASKED:
        way = " as part of a batch, which takes up to a day" if row.batch_id else ""
        return f"Claude was asked {when(row.asked_at)}{way}; the answer is to come."
    if row.status is Status.DECIDED:
        return f"{row.decided_by} decided {when(row.decided_at)}: {row.decision}."
    if row.status is Status.ANSWERED:
        return f"Answered {when(row.answered_at)}."
    return f"There is no opinion, so the model's answer stands. {said_to(actor, row.error or '')}".strip()


def why_it_waits(desk: State | None, actor: Actor) -> str:
    """Why nothing is being asked, or an empty text while Claude is."""
    if desk is None:
        return said_to(actor, "Claude is asked by the server; start it with: jorge serve")
    if desk.now is DeskState.ASKING:
        return ""
    until = f" It goes on {when(desk.until)}." if desk.until else ""
    return f"{said_to(actor, desk.why)}{until}"
