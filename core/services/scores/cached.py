"""The same lead again within minutes gets the score that it had.

Redis knows under a key of all that a score depends on *when* the lead was scored so; the score itself is read from the
record. So nothing in Redis can put a wrong number into an answer, and a hit is always what the record says of the lead:
when the lead was scored otherwise since, or the record was cleared or replaced, it is a miss.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from core.commission import CommissionEstimate
from core.errors import NotFound, StoreUnavailable
from core.leads import LeadHistory
from core.realtime.cache import cache_key
from core.scoring.scored import ScoredLead

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.services.scores.terms import Given


def may_be_kept(center: CommandCenter, history: LeadHistory) -> bool:
    """False when Redis need not be asked: this server alone keeps scores there, and kept none of the lead lately."""
    lately = None if center.feed is None else center.feed.kept_lately
    return lately is None or history.lead.lead_id in lately


def find_all(wanted: Sequence[tuple[CommandCenter, LeadHistory, Given]]) -> list[ScoredLead | None]:
    """The score that is kept of each lead, if the record still has it as the lead's latest; counted and told.

    All are of one workspace, and asked for in one go.
    """
    if not wanted or (feed := wanted[0][0].feed) is None:
        return [None] * len(wanted)
    if any(history.lead.lead_id in feed.keeping for _, history, _ in wanted):
        feed.keeping.hand_over()
    found = feed.cache.get_all([_key_of(history, given) for _, history, given in wanted], _scored_at)
    return [
        None if scored_at is None else _hit(center, history, scored_at)
        for (center, history, _), scored_at in zip(wanted, found, strict=True)
    ]


def keep(center: CommandCenter, scored: ScoredLead, given: Given) -> None:
    """Keep a score that is stored or being stored, soon and the longer the surer it is; not without Redis."""
    feed = center.feed
    if feed is None:
        return
    lead_id = scored.history.lead.lead_id
    feed.keeping.add(lead_id, partial(_entry, scored, given))
    if feed.kept_lately is not None:
        feed.kept_lately.note(lead_id)


def _entry(scored: ScoredLead, given: Given) -> tuple[str, dict[str, Any], float]:
    return _key_of(scored.history, given), {"scored_at": scored.scored_at.isoformat()}, scored.score.confidence


def _key_of(history: LeadHistory, given: Given) -> str:
    """The key of a lead as it came in.

    Beside the lead it holds the model that answers, the lead's place in a trial, tier edges, threshold, commission rate
    and the area's median price: with any of them changed, the key is another one.

    That interactions grow older is let pass for the entry's few minutes.
    """
    terms, trial = given.terms, given.by.trial
    rest = (
        given.by.model.version,
        None if trial is None else (trial.trial_id, trial.arm),
        terms.tier_edges,
        terms.threshold,
        terms.threshold_by_source.get(history.lead.source or ""),
        terms.commission_rate,
        given.area_median_usd,
    )
    return cache_key(rest, history.model_dump_json())


def _hit(center: CommandCenter, history: LeadHistory, scored_at: datetime) -> ScoredLead | None:
    from core.services.live import tell

    scored = _recorded(center, history, scored_at)
    if scored is None:
        return None
    center.performance.hit()
    tell(
        center,
        "cache_hit",
        lead_id=history.lead.lead_id,
        lead_name=history.lead.name,
        ml_score=scored.score.ml_score,
        ml_confidence=scored.score.confidence,
        classification=scored.score.tier.value,
    )
    return scored


def _scored_at(entry: dict[str, Any]) -> datetime:
    moment = datetime.fromisoformat(entry["scored_at"])
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _recorded(center: CommandCenter, history: LeadHistory, scored_at: datetime) -> ScoredLead | None:
    try:
        stored = center.store.latest_score(history.lead.lead_id)
    except (NotFound, StoreUnavailable):  # whoever scores now will say so when the database is down
        return None
    if stored.scored_at != scored_at:
        return None
    return ScoredLead(
        history=history,
        score=stored.score,
        commission=CommissionEstimate(stored.sale_price_usd, stored.price_basis, stored.rate, stored.commission_usd),
        reasons=stored.reasons,
        escalation_recommended=stored.escalation_recommended,
        scored_at=stored.scored_at,
        via=stored.via,
    )
