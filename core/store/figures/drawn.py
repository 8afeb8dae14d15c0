"""The score of a lead that counts when a model is judged or learned from: one a lead, drawn without a look at its end.

A lead's last score before its end is no fair witness: that it is the last is known only afterwards, and of an open
lead never. So each lead has a moment, 3 to 14 days after its arrival (six in ten) or up to 90, drawn by the number of
its first score; what stood then counts, and of a lead that was first scored later, that first score. Leads that had
ended by then are left out. The shipped model learned from generated leads at moments drawn alike.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Subquery, case, func, select

from core.store.figures.ends import decided_leads
from core.store.figures.milestones import days
from core.store.schema import lead_latest, scores

EARLY_SHARE: Final = 0.6
EARLIEST_DAYS, EARLY_DAYS, LATEST_DAYS = 3.0, 14.0, 90.0
SPREAD: Final = 2_654_435_761  # Knuth's multiplier: ids that follow each other land far apart
_RANGE: Final = 2**32


def drawn_scores(dialect: str) -> Subquery:
    """``lead_id``, ``score_id``, ``moment`` in days since 1970, and the end: ``decided_at``, ``converted``, ``closed``.

    The end is NULL of a lead that is open, ``closed`` also of an open contract; a moment may lie ahead.
    """
    first, ends = _first_scores(dialect), decided_leads()
    standing = (
        select(scores.c.score_id)
        .where(scores.c.lead_id == first.c.lead_id, days(scores.c.scored_at, dialect) <= first.c.moment)
        .order_by(scores.c.scored_at.desc(), scores.c.score_id.desc())
        .limit(1)
        .correlate(first)
        .scalar_subquery()
    )
    return (
        select(
            first.c.lead_id,
            standing.label("score_id"),
            first.c.moment,
            ends.c.decided_at,
            ends.c.converted,
            ends.c.closed,
        )
        .outerjoin(ends, ends.c.lead_id == first.c.lead_id)
        .where(ends.c.decided_at.is_(None) | (days(ends.c.decided_at, dialect) > first.c.moment))
        .subquery()
    )


def age_days(first_score_id: ColumnElement[int]) -> ColumnElement[Any]:
    """How old a lead is at its moment, in days since its arrival, or its first score where nobody told the arrival."""
    draw = ((first_score_id * SPREAD) % _RANGE) / float(_RANGE)
    early = EARLIEST_DAYS + draw * ((EARLY_DAYS - EARLIEST_DAYS) / EARLY_SHARE)
    late = EARLY_DAYS + (draw - EARLY_SHARE) * ((LATEST_DAYS - EARLY_DAYS) / (1 - EARLY_SHARE))
    return case((draw < EARLY_SHARE, early), else_=late)


def _first_scores(dialect: str) -> Subquery:
    first = select(scores.c.lead_id, func.min(scores.c.score_id).label("score_id")).group_by(scores.c.lead_id)
    first_ids = first.subquery()
    scored = days(scores.c.scored_at, dialect)
    arrived = func.coalesce(days(lead_latest.c.created_at, dialect), scored)
    drawn = arrived + age_days(scores.c.score_id)
    return (
        select(scores.c.lead_id, case((drawn < scored, scored), else_=drawn).label("moment"))
        .join(first_ids, first_ids.c.score_id == scores.c.score_id)
        .join(lead_latest, lead_latest.c.lead_id == scores.c.lead_id)
        .subquery()
    )
