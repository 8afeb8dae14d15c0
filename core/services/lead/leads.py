"""Leads as a person works with them: the list, one lead's own screen, overriding a tier, recording an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from core.commission import CommissionEstimate
from core.features import Signal
from core.features.catalog import NAMES, UNKNOWN
from core.leads import Interaction, Lead, LeadHistory, Outcome, utc_now
from core.scoring import Contribution, Score, Tier, sentences
from core.scoring.explain import UNNOTICEABLE, effect
from core.scoring.statements import statement
from core.services import audit
from core.services.access import narrowed, own_lead
from core.store import Facets, LeadFilter, LeadPage, LeadSort, Override, StoredScore
from core.words import begun_small

if TYPE_CHECKING:
    from core.services.center import CommandCenter

MOST_SCORES = 50


@dataclass(frozen=True, slots=True, eq=False)
class LeadDetail:
    """All that a lead's own screen shows.

    ``scores`` are newest first, at most 50; ``latest`` is the first of them, and ``contributions`` and ``commission``
    are its own (empty and None before the first score). ``override`` is the one in force now. ``signals`` are what was
    found in the lead's words; each says in which interaction, or in which field of the lead, and where. ``logged`` are
    the touches that were logged by hand, newest first.
    """

    history: LeadHistory
    scores: tuple[StoredScore, ...]
    latest: StoredScore | None
    override: Override | None
    outcomes: tuple[Outcome, ...]
    signals: tuple[Signal, ...]
    contributions: tuple[Contribution, ...]
    commission: CommissionEstimate | None
    logged: tuple[Interaction, ...]

    @property
    def shown_tier(self) -> Tier | None:
        """The override's tier while one is in force, else the model's; None before the first score."""
        return _shown_tier(self.override, self.scores)


@dataclass(frozen=True, slots=True, eq=False)
class LeadRecord:
    """What is kept of a lead, as a program reads it; ``interactions`` counts them.

    ``scores`` are newest first, at most 50; ``override`` is the one in force now.
    """

    lead: Lead
    scores: tuple[StoredScore, ...]
    override: Override | None
    interactions: int
    outcomes: tuple[Outcome, ...]

    @property
    def shown_tier(self) -> Tier | None:
        """The override's tier while one is in force, else the model's; None before the first score."""
        return _shown_tier(self.override, self.scores)


@dataclass(frozen=True, slots=True)
class Move:
    """How one feature moved the raw probability between two scores.

    Values are None where not known; ``change`` is the contribution after less the contribution before; ``text`` says
    it in a sentence.
    """

    feature: str
    before: float | None
    after: float | None
    change: float
    text: str


def browse(
    center: CommandCenter,
    lead_filter: LeadFilter | None = None,
    sort: LeadSort = LeadSort.SCORE,
    page: int = 1,
    page_size: int = 100,
) -> LeadPage:
    """One page of the leads that the filter lets through; pages count from 1. Raises LeadError, StoreUnavailable."""
    return center.store.browse(narrowed(center, lead_filter), sort, page, page_size)


def facets(center: CommandCenter) -> Facets:
    """The sources, agents and areas that there are, with counts; read again only after a change."""
    whose = center.actor.seen_by
    return center.per_version(("facets", whose), lambda: center.store.facets(whose))


def lead_detail(center: CommandCenter, lead_id: str) -> LeadDetail:
    """Everything about one lead. Raises NotFound, StoreUnavailable."""
    from core.features import extract

    own_lead(center, lead_id)
    store, now = center.store, utc_now()
    history = store.history(lead_id)
    scores = tuple(store.scores(lead_id, most=MOST_SCORES))
    latest = scores[0] if scores else None
    return LeadDetail(
        history=history,
        scores=scores,
        latest=latest,
        override=store.override(lead_id, now),
        outcomes=tuple(store.outcomes(lead_id)),
        signals=extract(history, now).signals,
        contributions=tuple(sentences(latest.score)) if latest else (),
        commission=commission_of(latest) if latest else None,
        logged=tuple(store.logged.of_lead(lead_id)),
    )


def lead_record(center: CommandCenter, lead_id: str) -> LeadRecord:
    """What is kept of one lead, without reading its words again. Raises NotFound, StoreUnavailable."""
    own_lead(center, lead_id)
    store = center.store
    return LeadRecord(
        lead=store.lead(lead_id),
        scores=tuple(store.scores(lead_id, most=MOST_SCORES)),
        override=store.override(lead_id, utc_now()),
        interactions=store.interaction_count(lead_id),
        outcomes=tuple(store.outcomes(lead_id)),
    )


def commission_of(stored: StoredScore) -> CommissionEstimate:
    """The estimate that was stored with a score."""
    return CommissionEstimate(
        sale_price_usd=stored.sale_price_usd,
        price_basis=stored.price_basis,
        rate=stored.rate,
        commission_usd=stored.commission_usd,
    )


def why_moved(before: Score, after: Score, most: int | None = 5) -> list[Move]:
    """Why the raw probability differs between two scores of a lead: the changes of contributions, largest first.

    Exact when both are of one model version: base values are equal, so the changes sum to the difference of the raw
    probabilities. Between versions, part of the difference is the model's own (``after.base_value`` less
    ``before.base_value``). Changes under a twentieth of a point are left out.
    """
    changes = after.contributions - before.contributions
    order = np.argsort(-np.abs(changes), kind="stable")
    moved = [int(position) for position in order if abs(changes[position]) >= UNNOTICEABLE]
    return [_move(before, after, position, float(changes[position])) for position in moved[:most]]


def _move(before: Score, after: Score, position: int, change: float) -> Move:
    name = NAMES[position]
    was, now = float(before.features[position]), float(after.features[position])
    said = statement(name, now)
    if was != now:
        said = f"{said} (before: {begun_small(statement(name, was))})"
    return Move(
        feature=name,
        before=None if was == UNKNOWN else was,
        after=None if now == UNKNOWN else now,
        change=change,
        text=f"{said}: {effect(change)}",
    )


def _shown_tier(override: Override | None, scores: tuple[StoredScore, ...]) -> Tier | None:
    if override is not None:
        return override.tier
    return scores[0].score.tier if scores else None


def override_score(
    center: CommandCenter,
    lead_id: str,
    tier: Tier,
    reason: str,
    expires_at: datetime | None,
) -> Override:
    """Put a person's tier in place of the model's until ``expires_at``. Raises NotFound, LeadError."""
    own_lead(center, lead_id)
    override = Override(
        lead_id=lead_id,
        tier=tier,
        reason=reason.strip(),
        actor=center.actor.name,
        made_at=utc_now(),
        expires_at=expires_at,
    )
    center.store.add_override(override)
    audit.note(center, "tier set by hand", audit.mark([lead_id]), tier=tier.value)
    return override


def end_override(center: CommandCenter, lead_id: str) -> bool:
    """Let the model's own tier show again from now on; False when no tier by hand is in force."""
    own_lead(center, lead_id)
    ended = center.store.end_override(lead_id, utc_now())
    if ended:
        audit.note(center, "tier by hand ended", audit.mark([lead_id]))
    return ended


def record_outcome(center: CommandCenter, outcome: Outcome) -> bool:
    """Record that a lead reached a stage; False when that was known. Raises NotFound, LeadError, StoreUnavailable."""
    own_lead(center, outcome.lead_id)
    known = not center.store.add_outcome(outcome, center.actor.name)
    if not known:
        subject = audit.mark([outcome.lead_id])
        audit.note(center, "outcome recorded", subject, stage=outcome.stage.value)
    return not known


def take_back_outcome(center: CommandCenter, outcome: Outcome) -> bool:
    """Forget an outcome that was recorded by mistake; False when there is none such. Raises StoreUnavailable.

    The lead then stands where the latest of its other outcomes left it; without any, where an import did.
    """
    own_lead(center, outcome.lead_id)
    gone = center.store.take_back_outcome(outcome)
    if gone:
        subject = audit.mark([outcome.lead_id])
        audit.note(center, "outcome taken back", subject, stage=outcome.stage.value)
    return gone
