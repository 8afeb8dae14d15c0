"""Reading leads, scores and counts back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, Connection, Select, bindparam, case, func, select

from core.errors import NotFound
from core.features.catalog import NAMES, UNKNOWN
from core.leads import Lead, LeadHistory
from core.leads.lead import MOST_CHARACTERS_READ, MOST_INTERACTIONS
from core.scoring import Score, Tier
from core.store.browse import seen
from core.store.columns import from_json, unpack
from core.store.prepared import Prepared
from core.store.profile import interaction_of, lead_of
from core.store.rows import DayCounts, LiveRow, StoredScore
from core.store.schema import day_counters, interactions, lead_latest, leads, scores

# What is read for single leads while somebody waits for a score.
_ID: Final[BindParameter[str]] = bindparam("lead_id")
_LEAD: Final = Prepared(lambda _: select(leads).where(leads.c.lead_id == _ID))
_TOUCHES_OF: Final = Prepared(lambda _: touches_of(_ID))
_SCORES_OF: Final = Prepared(
    lambda _: (
        select(scores)
        .where(scores.c.lead_id == _ID)
        .order_by(scores.c.scored_at.desc(), scores.c.score_id.desc())
        .limit(bindparam("most"))
    )
)
_AGENT_OF: Final = Prepared(lambda _: select(lead_latest.c.agent).where(lead_latest.c.lead_id == _ID))


def touches_of(lead_id: BindParameter[str]) -> Select[Any]:
    """A lead's newest interactions, newest first, with texts as long as these come to a million characters.

    Of what is older than that its length alone is read: nobody can make one score read and hold more.
    """
    newest = (
        select(interactions.c.interaction_id, interactions.c.occurred_at, func.length(interactions.c.text).label("n"))
        .where(interactions.c.lead_id == lead_id)
        .order_by(interactions.c.occurred_at.desc(), interactions.c.interaction_id.desc())
        .limit(MOST_INTERACTIONS)
        .subquery()
    )
    order = (newest.c.occurred_at.desc(), newest.c.interaction_id.desc())
    read = func.coalesce(func.sum(newest.c.n).over(order_by=order, rows=(None, 0)), 0)
    counted = select(newest.c.interaction_id, newest.c.n, (read <= MOST_CHARACTERS_READ).label("whole")).subquery()
    text = case((counted.c.whole, interactions.c.text))
    length = case((counted.c.whole, interactions.c.message_length), else_=counted.c.n)
    told = {"text": text, "message_length": func.coalesce(length, interactions.c.message_length)}
    return (
        select(*(told[column.name].label(column.name) if column.name in told else column for column in interactions.c))
        .join(counted, counted.c.interaction_id == interactions.c.interaction_id)
        .order_by(interactions.c.occurred_at.desc(), interactions.c.interaction_id.desc())
    )


def history_of(connection: Connection, lead_id: str) -> LeadHistory:
    """A lead with its newest interactions (5,000, and a million characters at most), oldest first. Raises NotFound."""
    lead = lead_row(connection, lead_id)
    newest = _TOUCHES_OF.read(connection, {"lead_id": lead_id})
    touches = [interaction_of(touch) for touch in newest]
    return LeadHistory.model_construct(lead=lead, interactions=tuple(reversed(touches)))


def histories_of(connection: Connection, lead_ids: Iterable[str]) -> dict[str, LeadHistory]:
    """The histories of those leads that are stored, by id."""
    found = {}
    for lead_id in dict.fromkeys(lead_ids):
        with suppress(NotFound):
            found[lead_id] = history_of(connection, lead_id)
    return found


def lead_row(connection: Connection, lead_id: str) -> Lead:
    """A lead as it is known. Raises NotFound."""
    found = _LEAD.read(connection, {"lead_id": lead_id})
    if not found:
        raise NotFound(f"there is no lead {lead_id!r}; look it up in the list of leads")
    return lead_of(found[0])


def interaction_count(connection: Connection, lead_id: str) -> int:
    """How many interactions with a lead are stored."""
    query = select(func.count()).select_from(interactions).where(interactions.c.lead_id == lead_id)
    return connection.execute(query).scalar_one()


def lead_count(connection: Connection) -> int:
    """How many leads are stored."""
    return connection.execute(select(func.count()).select_from(lead_latest)).scalar_one()


def scores_of(connection: Connection, lead_id: str, most: int) -> list[StoredScore]:
    """A lead's scores, newest first."""
    return [_stored_score(row) for row in _SCORES_OF.read(connection, {"lead_id": lead_id, "most": most})]


def _stored_score(row: Mapping[str, Any]) -> StoredScore:
    score = _score(row)
    # The catalog only ever grows at its end, so an older row names a prefix of it.
    contributions = dict(zip(NAMES, score.contributions.tolist(), strict=False))
    features = dict(zip(NAMES, score.features.tolist(), strict=False))
    return StoredScore(
        score_id=row["score_id"],
        lead_id=row["lead_id"],
        score=score,
        contributions=contributions,
        features={name: None if value == UNKNOWN else value for name, value in features.items()},
        sale_price_usd=row["sale_price_usd"],
        price_basis=row["price_basis"],
        rate=row["rate"],
        commission_usd=row["commission_usd"],
        reasons=tuple(from_json(row["reasons"])),
        escalation_recommended=row["escalation_recommended"],
        via=row["via"],
        scored_at=row["scored_at"],
    )


def _score(row: Mapping[str, Any]) -> Score:
    return Score(
        probability=row["probability"],
        raw_probability=row["raw_probability"],
        confidence=row["confidence"],
        tier=Tier(row["tier"]),
        base_value=row["base_value"],
        contributions=unpack(row["contributions"], "<f8"),
        features=unpack(row["features"], "<f4"),
        closing_probability=row["closing_probability"],
        timeline_probability=row["timeline_probability"],
        model_version=row["model_version"],
    )


def agent_of(connection: Connection, lead_id: str) -> str | None:
    """Whose lead it is; None for nobody's and for one that is not stored."""
    found = _AGENT_OF.read(connection, {"lead_id": lead_id})
    return found[0]["agent"] if found else None


def day_counts(connection: Connection, since: datetime, seen_by: str | None = None) -> DayCounts:
    """Scores at or after ``since`` by tier, and cache hits counted on its day (UTC) or later."""
    query = (
        select(scores.c.tier, scores.c.escalation_recommended, func.count())
        .where(scores.c.scored_at >= since)
        .group_by(scores.c.tier, scores.c.escalation_recommended)
    )
    if seen_by is not None:
        query = query.join(lead_latest, lead_latest.c.lead_id == scores.c.lead_id).where(*seen(seen_by))
    tiers = dict.fromkeys(Tier, 0)
    escalated = 0
    for tier, recommended, n in connection.execute(query):
        tiers[Tier(tier)] += n
        escalated += n if recommended else 0
    return DayCounts(
        scored=sum(tiers.values()),
        hot=tiers[Tier.HOT],
        warm=tiers[Tier.WARM],
        cold=tiers[Tier.COLD],
        escalated=escalated,
        cache_hits=_counted(connection, "cache_hits", since),
    )


def _counted(connection: Connection, name: str, since: datetime) -> int:
    """The sum of a daily counter from the day (UTC) of ``since`` on."""
    query = select(func.coalesce(func.sum(day_counters.c.n), 0)).where(
        day_counters.c.name == name, day_counters.c.day >= since.astimezone(UTC).date()
    )
    return int(connection.execute(query).scalar_one())


def recent_scores(connection: Connection, most: int, seen_by: str | None = None) -> list[LiveRow]:
    """The latest scores over all leads, or over those of an agent and of nobody, newest first.

    In the order of their commits, as the feed tells them: a clock that was set back hides none.
    """
    newest = select(scores.c.score_id).order_by(scores.c.score_id.desc()).limit(most)
    if seen_by is not None:
        newest = newest.join(lead_latest, lead_latest.c.lead_id == scores.c.lead_id).where(*seen(seen_by))
    query: Select[Any] = (
        select(
            scores.c.score_id,
            scores.c.lead_id,
            lead_latest.c.name,
            lead_latest.c.source,
            lead_latest.c.agent,
            scores.c.tier,
            scores.c.probability,
            scores.c.confidence,
            scores.c.escalation_recommended,
            scores.c.commission_usd,
            scores.c.via,
            scores.c.scored_at,
        )
        .join(lead_latest, lead_latest.c.lead_id == scores.c.lead_id)
        .where(scores.c.score_id.in_(newest))
        .order_by(scores.c.score_id.desc())
    )
    return [LiveRow(**{**row, "tier": Tier(row["tier"])}) for row in connection.execute(query).mappings()]


def confidences(connection: Connection, seen_by: str | None = None) -> NDArray[np.float64]:
    """The latest confidence of every scored lead, shape (leads,), in [0.5, 1], in no order."""
    column = lead_latest.c.confidence
    query = select(column).where(column.is_not(None), *seen(seen_by))
    cursor = connection.execute(query).cursor  # the driver's own: a row object a lead would take three times as long
    values = cursor.fetchall() if cursor is not None else []
    return np.fromiter((value for (value,) in values), dtype=np.float64, count=len(values))
