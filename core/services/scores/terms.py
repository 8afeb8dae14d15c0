"""What a team has set that every score depends on, taken once for many leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from core.commission import estimate_commission
from core.leads import LeadHistory
from core.scoring import Score, TierEdges, reasons
from core.scoring.scored import ScoredLead, TrialPlace
from core.services.scores.answering import Answering, answering

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter


@dataclass(frozen=True, slots=True)
class Terms:
    """Edges of the tiers, the confidence from which the model's answer stands, the team's share of a price.

    ``threshold_by_source`` holds the thresholds of lead sources that have one of their own.
    """

    tier_edges: TierEdges
    threshold: float
    commission_rate: Decimal
    threshold_by_source: Mapping[str, float] = field(default_factory=dict)

    def threshold_of(self, source: str | None) -> float:
        """The threshold for a lead from ``source``."""
        return self.threshold if source is None else self.threshold_by_source.get(source, self.threshold)


@dataclass(frozen=True, slots=True)
class Given:
    """What a score of one lead takes from the workspace: who answers, the terms, and the area's median price."""

    by: Answering
    terms: Terms
    area_median_usd: Decimal | None

    @classmethod
    def of(cls, center: CommandCenter, history: LeadHistory) -> Given:
        """As it is now. Raises ModelUnavailable."""
        by = answering(center, history.lead.lead_id)
        return cls(by, terms_of(center, answers=by.model), area_median_of(center, history))

    @classmethod
    def of_all(cls, center: CommandCenter, histories: Iterable[LeadHistory]) -> list[Given]:
        """The same of many leads, by the same terms. Raises ModelUnavailable."""
        terms: dict[int, Terms] = {}
        found = []
        for history in histories:
            by = answering(center, history.lead.lead_id)
            if id(by.model) not in terms:
                terms[id(by.model)] = terms_of(center, answers=by.model)
            found.append(cls(by, terms[id(by.model)], area_median_of(center, history)))
        return found


def area_median_of(center: CommandCenter, history: LeadHistory) -> Decimal | None:
    """Median price of where the lead wants to live; None when that is not known."""
    area = history.lead.location_preference
    return center.area_median_usd(area) if area else None


def terms_of(
    center: CommandCenter,
    model: ScoringModel | None = None,
    threshold: float | None = None,
    answers: ScoringModel | None = None,
) -> Terms:
    """The workspace's own; ``model`` brings its edges along, ``threshold`` replaces the one that is set.

    Where the team has no edges of its own they are those of the model that ``answers``, the champion unless told.
    """
    from core.services import workspace

    return Terms(
        tier_edges=workspace.tier_edges(center, answers) if model is None else model.tier_edges,
        threshold=workspace.threshold(center) if threshold is None else threshold,
        commission_rate=workspace.commission_rate(center),
        threshold_by_source=workspace.threshold_by_source(center) if threshold is None else {},
    )


def finished(
    history: LeadHistory,
    score: Score,
    terms: Terms,
    *,
    via: str,
    scored_at: datetime,
    area_median_usd: Decimal | None = None,
    trial: TrialPlace | None = None,
) -> ScoredLead:
    """Add to a score what follows from it: commission, reasons, and whether Claude should be asked."""
    return ScoredLead(
        history=history,
        score=score,
        commission=estimate_commission(
            history, score.features, terms.commission_rate, area_median_usd=area_median_usd, as_of=scored_at
        ),
        reasons=reasons(score),
        escalation_recommended=score.confidence < terms.threshold_of(history.lead.source),
        scored_at=scored_at,
        via=via,
        trial=trial,
    )
