"""Scores a lead: extract, score, estimate the commission, say why, keep it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

from core.leads import LeadHistory, utc_now
from core.scoring import Score
from core.scoring.scored import ScoredLead
from core.services import cached

if TYPE_CHECKING:
    from core.services.center import CommandCenter


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A scored lead; ``cache_hit`` when the same lead was scored by the same model moments ago."""

    scored: ScoredLead
    cache_hit: bool
    processing_time_ms: float


def score_lead(
    center: CommandCenter,
    history: LeadHistory,
    *,
    via: str = "api",
    as_of: datetime | None = None,
    force_refresh: bool = False,
) -> ScoredLead:
    """Score ``history`` as it is given, and store lead, interactions, score and event in one transaction.

    ``as_of`` is the moment up to which interactions count, now when None. Unless ``force_refresh``, the same lead
    within minutes gets the score that it had (``core.services.cached``). Raises ModelUnavailable, StoreUnavailable.
    """
    return answer(center, history, via=via, as_of=as_of, force_refresh=force_refresh).scored


def answer(
    center: CommandCenter,
    history: LeadHistory,
    *,
    via: str = "api",
    as_of: datetime | None = None,
    force_refresh: bool = False,
    ask_claude: bool = False,
) -> Answer:
    """Like ``score_lead``; also says whether the score was kept from before, and how long it took (ms).

    With ``ask_claude`` a fresh score also waits for a second opinion, before all others and however sure the model is.
    """
    started = perf_counter()
    key = cached.key_of(center, history) if as_of is None else None
    if key is not None and not force_refresh:
        kept = cached.find(center, key, history)
        if kept is not None:
            return Answer(kept, True, 1000 * (perf_counter() - started))
    scored = compute(center, history, via=via, as_of=as_of)
    center.save(replace(scored, opinion_wanted=True) if ask_claude else scored)
    if ask_claude:
        center.performance.escalated("requested")
    if key is not None:
        cached.keep(center, key, scored)
    return Answer(scored, False, 1000 * (perf_counter() - started))


def score_stored(center: CommandCenter, lead_id: str, *, via: str = "screen") -> ScoredLead:
    """Score a stored lead again, with all that is stored of it. Raises NotFound."""
    return score_lead(center, center.store.history(lead_id), via=via, force_refresh=True)


def compute(center: CommandCenter, history: LeadHistory, *, via: str, as_of: datetime | None = None) -> ScoredLead:
    """Score without storing. Raises ModelUnavailable."""
    from core.features import extract
    from core.services.workspace import tier_edges

    now = as_of or utc_now()
    features = extract(history, now).values
    score = center.model.score(features, tier_edges(center))
    return finish(center, history, score, via=via, scored_at=now)


def finish(center: CommandCenter, history: LeadHistory, score: Score, *, via: str, scored_at: datetime) -> ScoredLead:
    """Add to a score what follows from it in this workspace: commission, reasons, and whether to ask Claude."""
    from core.services.terms import finished, terms_of

    area = history.lead.location_preference
    median = center.area_median_usd(area) if area else None
    return finished(history, score, terms_of(center), via=via, scored_at=scored_at, area_median_usd=median)
