"""Reading opinions back: of a lead, for review, and in sums that the database makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import numpy as np
from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, select

from core.scoring import Tier
from core.store.browse import seen
from core.store.columns import from_json
from core.store.figures.ends import DECIDED, decided_leads
from core.store.opinions.rows import Status, StoredOpinion
from core.store.opinions.schema import opinions
from core.store.schema import lead_latest, scores

OPEN_TO_REVIEW: Final = (Status.WAITING.value, Status.FAILED.value, Status.REFUSED.value)
WITH_SCORE: Final = (  # an opinion, whom it is about, and the score that it doubts
    select(
        opinions,
        lead_latest.c.name,
        scores.c.tier,
        scores.c.probability,
        scores.c.confidence,
        scores.c.commission_usd,
    )
    .join(lead_latest, lead_latest.c.lead_id == opinions.c.lead_id)
    .join(scores, scores.c.score_id == opinions.c.score_id)
)


@dataclass(frozen=True, slots=True)
class Judged:
    """An answered opinion whose lead's outcome became known afterwards; probabilities in [0, 1]."""

    model: float
    low: float
    high: float
    converted: bool
    simulated: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Escalations of one reason and status: how many, what they cost, the commission of their leads, mean time."""

    asked_because: str
    status: Status
    n: int
    cost_micro_usd: int
    commission_usd: Decimal
    took_ms: float | None
    simulated: int
    real_cost_micro_usd: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A score by what a policy needs; ``converted`` is None while the lead is open."""

    probability: float
    confidence: float
    commission_usd: Decimal | None
    source: str | None
    converted: bool | None


def of_lead(connection: Connection, lead_id: str, most: int) -> list[StoredOpinion]:
    """A lead's escalations, newest first."""
    query = WITH_SCORE.where(opinions.c.lead_id == lead_id).order_by(opinions.c.opinion_id.desc()).limit(most)
    return [_stored(row) for row in connection.execute(query).mappings()]


def one(connection: Connection, opinion_id: int) -> StoredOpinion | None:
    """An escalation; None when there is none of this number."""
    row = connection.execute(WITH_SCORE.where(opinions.c.opinion_id == opinion_id)).mappings().first()
    return None if row is None else _stored(row)


def listed(
    connection: Connection,
    statuses: Sequence[str],
    most: int,
    skip: int,
    seen_by: str | None = None,
    *,
    by_commission: bool,
) -> list[StoredOpinion]:
    """Escalations in one of ``statuses``: the newest first, or those with the largest commission (unknown last)."""
    query = WITH_SCORE.where(opinions.c.status.in_(statuses), *seen(seen_by))
    first = [func.coalesce(scores.c.commission_usd, Decimal(-1)).desc()] if by_commission else []
    ordered = query.order_by(*first, opinions.c.queued_at.desc(), opinions.c.opinion_id.desc())
    return [_stored(row) for row in connection.execute(ordered.offset(skip).limit(most)).mappings()]


def tallies(connection: Connection, since: datetime, seen_by: str | None) -> list[Tally]:
    """Escalations that were queued since, by reason and status."""
    query = (
        select(
            opinions.c.asked_because,
            opinions.c.status,
            func.count().label("n"),
            func.coalesce(func.sum(opinions.c.cost_micro_usd), 0).label("cost"),
            func.coalesce(func.sum(scores.c.commission_usd), Decimal(0)).label("commission"),
            func.avg(opinions.c.took_ms).label("took"),
            func.sum(case((opinions.c.simulated, 1), else_=0)).label("simulated"),
            func.coalesce(func.sum(case((opinions.c.simulated, 0), else_=opinions.c.cost_micro_usd)), 0).label("real"),
        )
        .join(scores, scores.c.score_id == opinions.c.score_id)
        .where(opinions.c.queued_at >= since, *_of_leads(seen_by))
        .group_by(opinions.c.asked_because, opinions.c.status)
    )
    return [
        Tally(
            row.asked_because,
            Status(row.status),
            row.n,
            int(row.cost),
            Decimal(row.commission),
            None if row.took is None else float(row.took),
            int(row.simulated),
            int(row.real),
        )
        for row in connection.execute(query)
    ]


def queued_moments(
    connection: Connection, since: datetime, seen_by: str | None, most: int = 50_000
) -> list[tuple[datetime, str, str]]:
    """When escalations were queued, with reason and status, oldest first."""
    query = select(opinions.c.queued_at, opinions.c.asked_because, opinions.c.status)
    ordered = query.where(opinions.c.queued_at >= since, *_of_leads(seen_by)).order_by(opinions.c.queued_at).limit(most)
    return [(row.queued_at, row.asked_because, row.status) for row in connection.execute(ordered)]


def count(connection: Connection, statuses: Sequence[str], seen_by: str | None = None) -> int:
    """How many escalations are in one of ``statuses``."""
    query = select(func.count()).select_from(opinions).where(opinions.c.status.in_(statuses), *_of_leads(seen_by))
    return int(connection.execute(query).scalar_one())


def mean_cost(connection: Connection, most: int) -> float | None:
    """Mean cost in micro-dollars of the last ``most`` answered opinions; None without one."""
    last = (
        select(opinions.c.cost_micro_usd)
        .where(opinions.c.status == Status.ANSWERED.value)
        .order_by(opinions.c.opinion_id.desc())
        .limit(most)
    )
    costs = [cost for (cost,) in connection.execute(last) if cost is not None]
    return float(np.mean(costs)) if costs else None


def judged(connection: Connection, seen_by: str | None = None) -> list[Judged]:
    """The last opinion of each lead whose outcome became known after it was given."""
    ends = decided_leads()
    query = (
        select(
            opinions.c.lead_id,
            opinions.c.low,
            opinions.c.high,
            opinions.c.simulated,
            scores.c.probability,
            ends.c.converted,
        )
        .join(scores, scores.c.score_id == opinions.c.score_id)
        .join(ends, ends.c.lead_id == opinions.c.lead_id)
        .where(opinions.c.status == Status.ANSWERED.value, opinions.c.answered_at <= ends.c.decided_at)
        .where(*_of_leads(seen_by))
        .order_by(opinions.c.opinion_id)
    )
    last = {row.lead_id: row for row in connection.execute(query)}
    return [Judged(row.probability, row.low, row.high, bool(row.converted), row.simulated) for row in last.values()]


def open_standings(connection: Connection, since: datetime) -> list[Standing]:
    """The latest scores, made since, of all leads that are not decided."""
    query = select(lead_latest).where(lead_latest.c.scored_at >= since, lead_latest.c.stage.not_in(DECIDED))
    return [
        Standing(row.probability, row.confidence, row.commission_usd, row.source, None)
        for row in connection.execute(query)
    ]


def decided_standings(connection: Connection) -> list[Standing]:
    """Of every decided lead the last score that was made before it was decided."""
    ends = decided_leads()
    standing = (
        select(func.max(scores.c.score_id))
        .where(scores.c.lead_id == ends.c.lead_id, scores.c.scored_at <= ends.c.decided_at)
        .correlate(ends)
        .scalar_subquery()
    )
    query = (
        select(
            scores.c.probability, scores.c.confidence, scores.c.commission_usd, lead_latest.c.source, ends.c.converted
        )
        .select_from(ends)
        .join(scores, scores.c.score_id == standing)
        .join(lead_latest, lead_latest.c.lead_id == ends.c.lead_id)
    )
    return [Standing(p, c, usd, source, bool(won)) for p, c, usd, source, won in connection.execute(query)]


def _of_leads(seen_by: str | None) -> list[ColumnElement[bool]]:
    """Opinions of leads of an agent or of nobody; nothing for None."""
    if seen_by is None:
        return []
    return [opinions.c.lead_id.in_(select(lead_latest.c.lead_id).where(*seen(seen_by)))]


def _stored(row: RowMapping) -> StoredOpinion:
    told = {name: row[name] for name in StoredOpinion.__slots__}
    told["status"], told["tier"] = Status(row["status"]), Tier(row["tier"])
    told["answer"] = None if row["answer"] is None else from_json(row["answer"])
    return StoredOpinion(**told)
