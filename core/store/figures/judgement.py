"""Where people overrule the model, and how its tiers and the areas fared."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from core.errors import NotFound
from core.leads import Stage
from core.scoring import Tier
from core.store.columns import from_cents, to_cents
from core.store.figures.drawn import drawn_scores
from core.store.figures.ends import decided_leads
from core.store.rows import Override, TierOutcomes
from core.store.schema import lead_latest, leads, outcomes, overrides, scores
from core.store.write import next_version


def add_override(connection: Connection, override: Override) -> None:
    """Keep a person's tier for a lead."""
    if connection.execute(select(leads.c.lead_id).where(leads.c.lead_id == override.lead_id)).first() is None:
        raise NotFound(f"there is no lead {override.lead_id!r}; look it up in the list of leads")
    connection.execute(
        insert(overrides).values(
            lead_id=override.lead_id,
            tier=override.tier.value,
            reason=override.reason,
            actor=override.actor,
            made_at=override.made_at,
            expires_at=override.expires_at,
        )
    )
    _list_newest(connection, override.lead_id)
    next_version(connection)


def end_override(connection: Connection, lead_id: str, at: datetime) -> bool:
    """Let the override that is in force at a moment end then; False when there is none."""
    row = _newest_override(connection, lead_id, at)
    if row is None or (row["expires_at"] is not None and row["expires_at"] <= at):
        return False
    one = overrides.c.override_id == row["override_id"]
    connection.execute(update(overrides).where(one).values(expires_at=at))
    _list_newest(connection, lead_id)
    next_version(connection)
    return True


def _list_newest(connection: Connection, lead_id: str) -> None:
    newest = _newest_override(connection, lead_id)
    listed = {"override_tier": newest["tier"], "override_expires_at": newest["expires_at"]}
    connection.execute(update(lead_latest).where(lead_latest.c.lead_id == lead_id).values(**listed))


def _newest_override(connection: Connection, lead_id: str, made_by: datetime | None = None) -> Any:
    query = select(overrides).where(overrides.c.lead_id == lead_id)
    if made_by is not None:
        query = query.where(overrides.c.made_at <= made_by)
    ordered = query.order_by(overrides.c.made_at.desc(), overrides.c.override_id.desc()).limit(1)
    return connection.execute(ordered).mappings().first()


def override_of(connection: Connection, lead_id: str, at: datetime) -> Override | None:
    """The override in force at a moment: the newest made by then, unless it has expired."""
    row = _newest_override(connection, lead_id, at)
    if row is None or (row["expires_at"] is not None and row["expires_at"] <= at):
        return None
    return Override(
        lead_id=row["lead_id"],
        tier=Tier(row["tier"]),
        reason=row["reason"],
        actor=row["actor"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
    )


def tier_outcomes(connection: Connection) -> list[TierOutcomes]:
    """What became of the leads of each tier, hot first.

    A decided lead counts under the tier that it had at its drawn moment (``core.store.figures.drawn``), an open one
    under its present one.
    """
    drawn = drawn_scores(connection.dialect.name)
    ends = (
        select(scores.c.tier, drawn.c.converted, func.count())
        .join(drawn, drawn.c.score_id == scores.c.score_id)
        .where(drawn.c.decided_at.is_not(None))
        .group_by(scores.c.tier, drawn.c.converted)
    )
    counts = {(tier, bool(converted)): n for tier, converted, n in connection.execute(ends)}
    undecided = lead_latest.c.lead_id.not_in(select(decided_leads().c.lead_id))
    rest = select(lead_latest.c.tier, func.count()).where(undecided).group_by(lead_latest.c.tier)
    still_open: dict[str | None, int] = dict(tuple(row) for row in connection.execute(rest))
    return [
        TierOutcomes(tier, counts.get((tier, True), 0), counts.get((tier, False), 0), still_open.get(tier, 0))
        for tier in Tier
    ]


def area_median_prices(connection: Connection) -> dict[str, Decimal]:
    """The median price of the team's own closings by area, one price a lead."""
    query = (
        select(lead_latest.c.area, func.max(outcomes.c.sale_price_usd))
        .join(lead_latest, lead_latest.c.lead_id == outcomes.c.lead_id)
        .where(
            lead_latest.c.area.is_not(None),
            outcomes.c.stage == Stage.CLOSED.value,
            outcomes.c.sale_price_usd.is_not(None),
        )
        .group_by(lead_latest.c.area, outcomes.c.lead_id)
    )
    prices: dict[str, list[Decimal]] = {}
    for area, price in connection.execute(query):
        prices.setdefault(area, []).append(price)
    return {area: from_cents(to_cents(median(found))) for area, found in prices.items()}
