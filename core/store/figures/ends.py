"""How a lead ended: signed, or lost for good. One definition for every figure that counts ends."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Subquery, case, func, or_, select, type_coerce

from core.leads import Stage
from core.store.schema import lead_latest, outcomes

CONVERTED: Final = (Stage.CONTRACT.value, Stage.CLOSED.value)
DECIDED: Final = (*CONVERTED, Stage.LOST.value)


def lead_ends() -> Subquery:
    """A row for each lead with an outcome: ``contract_at`` (or closing), ``closed_at``, ``lost_at``, price in cents.

    The first contract and the first closing count. A loss counts while nothing came after it: a lead that was lost
    and came back is not lost.
    """
    stage, moment = outcomes.c.stage, outcomes.c.occurred_at
    closed_at = func.min(case((stage == Stage.CLOSED.value, moment)))
    lost_at = func.max(case((stage == Stage.LOST.value, moment)))
    return (
        select(
            outcomes.c.lead_id,
            func.min(case((stage.in_(CONVERTED), moment))).label("contract_at"),
            closed_at.label("closed_at"),
            case((closed_at.is_(None) & (lost_at >= func.max(moment)), lost_at)).label("lost_at"),
            func.max(type_coerce(outcomes.c.sale_price_usd, BigInteger)).label("price"),
        )
        .group_by(outcomes.c.lead_id)
        .subquery()
    )


def decided_leads() -> Subquery:
    """The leads whose end is known: ``decided_at`` (first contract, else the loss), ``converted``, ``closed`` (0 or 1).

    ``converted`` also where the contract fell through later. ``closed`` is NULL while a contract may still close.
    """
    ends = lead_ends()
    return (
        select(
            ends.c.lead_id,
            case((ends.c.contract_at.is_not(None), 1), else_=0).label("converted"),
            case((ends.c.closed_at.is_not(None), 1), (ends.c.lost_at.is_not(None), 0)).label("closed"),
            func.coalesce(ends.c.contract_at, ends.c.lost_at).label("decided_at"),
        )
        .where(ends.c.contract_at.is_not(None) | ends.c.lost_at.is_not(None))
        .subquery()
    )


def has_signed() -> ColumnElement[bool]:
    """Whether a lead of ``lead_latest`` has ever reached a contract, also when it fell through or has no date."""
    signed = select(outcomes.c.lead_id).where(outcomes.c.stage.in_(CONVERTED))
    return or_(lead_latest.c.stage.in_(CONVERTED), lead_latest.c.lead_id.in_(signed))
