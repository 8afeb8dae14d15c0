"""What the store takes and gives of opinions: plain frozen values that know no SQL and nothing of Claude."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.scoring import Tier

MICRO = Decimal(1_000_000)
REQUESTED = "requested"
MAKING = "making_"  # how a batch is called until Claude has taken it and named it


class Status(StrEnum):
    """What became of an escalation.

    It waits; it was asked (the money is reserved, the answer is to come); Claude answered, refused, or no answer could
    be had; it was overtaken by a later score or by time; a person decided it.
    """

    WAITING = "waiting"
    ASKED = "asked"
    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"
    EXPIRED = "expired"
    DECIDED = "decided"


class Reservation(StrEnum):
    """Whether the money for a question is set aside; the last two say which budget it would exceed."""

    RESERVED = "reserved"
    TAKEN = "taken"  # another process was faster, or a person decided
    DAY_SPENT = "day"
    MONTH_SPENT = "month"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lead's latest score, as it came in: what decides whether Claude is to be asked."""

    score_id: int
    lead_id: str
    name: str | None
    source: str | None
    tier: Tier
    probability: float
    confidence: float
    escalation_recommended: bool
    commission_usd: Decimal | None
    last_activity_at: datetime | None
    is_open: bool  # neither under contract, closed nor lost


@dataclass(frozen=True, slots=True)
class Limits:
    """The budgets in force, in millionths of a dollar."""

    day_micro_usd: int
    month_micro_usd: int


@dataclass(frozen=True, slots=True)
class Spending:
    """What is reserved or spent today and this month (UTC), in millionths of a dollar, and the calls of this month."""

    day_micro_usd: int
    month_micro_usd: int
    calls: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An escalation whose turn it is."""

    opinion_id: int
    lead_id: str
    score_id: int
    asked_because: str
    tries: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came of asking; ``answer`` is the opinion as JSON values, ``error`` says why there is none."""

    status: Status
    cost_micro_usd: int
    took_ms: float
    answer: Mapping[str, Any] | None = None
    low: float | None = None
    high: float | None = None
    error: str | None = None
    claude_model: str | None = None
    request_id: str | None = None
    simulated: bool = False
    tokens_in: int | None = None
    tokens_cached: int | None = None
    tokens_out: int | None = None


@dataclass(frozen=True, slots=True)
class StoredOpinion:
    """A row of the opinions, with whom it is about and what the model said then."""

    opinion_id: int
    lead_id: str
    score_id: int
    asked_because: str
    status: Status
    queued_at: datetime
    queued_by: str | None
    not_before: datetime | None
    tries: int
    asked_at: datetime | None
    answered_at: datetime | None
    batch_id: str | None
    claude_model: str | None
    request_id: str | None
    simulated: bool
    low: float | None
    high: float | None
    answer: Mapping[str, Any] | None
    error: str | None
    tokens_in: int | None
    tokens_cached: int | None
    tokens_out: int | None
    took_ms: float | None
    reserved_micro_usd: int | None
    cost_micro_usd: int | None
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None
    name: str | None
    tier: Tier
    probability: float
    confidence: float
    commission_usd: Decimal | None

    @property
    def cost_usd(self) -> Decimal | None:
        """What it cost in dollars, None before it was asked."""
        return None if self.cost_micro_usd is None else Decimal(self.cost_micro_usd) / MICRO
