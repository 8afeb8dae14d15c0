"""What the store takes and gives of scores, overrides, counts and events: plain frozen values that know no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.errors import LeadError
from core.leads.text import LINE_CHARACTERS
from core.scoring import Score, Tier
from core.store.filters import check_text


@dataclass(frozen=True, slots=True, eq=False)
class StoredScore:
    """A row of the scores: all that is needed to show a score again, or to replay it.

    ``contributions`` and ``features`` are by name of the catalog; a feature that was not known is None.
    """

    score_id: int
    lead_id: str
    score: Score
    contributions: dict[str, float]
    features: dict[str, float | None]
    sale_price_usd: Decimal | None
    price_basis: str | None
    rate: Decimal
    commission_usd: Decimal | None
    reasons: tuple[str, ...]
    escalation_recommended: bool
    via: str
    scored_at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """A person's tier for a lead in place of the model's, from ``made_at`` until ``expires_at`` (None: until the next).

    Raises LeadError when reason or actor is empty or too long, or it expires before it is made.
    """

    lead_id: str
    tier: Tier
    reason: str
    actor: str
    made_at: datetime
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        for name, text in (("reason", self.reason), ("actor", self.actor)):
            if not text.strip():
                raise LeadError(f"{name} is empty; say who overrides the tier, and why", name)
            check_text(text, name, LINE_CHARACTERS)
        if self.expires_at is not None and self.expires_at <= self.made_at:
            raise LeadError("expires_at is not after the override is made; give a later time", "expires_at")


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What happened since a moment: scores by tier, scores that recommended Claude, answers from the cache."""

    scored: int
    hot: int
    warm: int
    cold: int
    escalated: int
    cache_hits: int


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One score as it came in, with who it is about."""

    score_id: int
    lead_id: str
    name: str | None
    source: str | None
    agent: str | None
    tier: Tier
    probability: float
    confidence: float
    escalation_recommended: bool
    commission_usd: Decimal | None
    via: str
    scored_at: datetime

    @property
    def ml_score(self) -> float:
        """100 times the probability."""
        return 100.0 * self.probability


@dataclass(frozen=True, slots=True)
class TierOutcomes:
    """What became of the leads of one tier, by the score that stood at a moment drawn without a look at the end.

    ``converted`` reached contract or closed, ``lost`` were lost without; ``open`` are neither yet.
    """

    tier: Tier
    converted: int
    lost: int
    open: int

    @property
    def share(self) -> float | None:
        """Converted among those decided, in [0, 1]; None while none is decided.

        >>> TierOutcomes(Tier.HOT, converted=3, lost=1, open=9).share
        0.75
        """
        decided = self.converted + self.lost
        return self.converted / decided if decided else None


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An event for the feed. ``feed_seq`` counts 1, 2, 3, ... without a gap in the order of the commits.

    ``event_id`` is random, so that an event of this record is told from one of another with the same number.
    """

    feed_seq: int
    event_id: str
    payload: Mapping[str, Any]
    created_at: datetime
