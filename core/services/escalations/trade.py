"""What each policy would ask about, and what that would cost: from stored scores and outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.leads import utc_now
from core.services.access import Right, for_right
from core.services.escalations.policy import Policy, Terms, asked, measurable, terms
from core.store.opinions import Standing

if TYPE_CHECKING:
    from core.services.center import CommandCenter

DAYS = 30
_MONTH_DAYS = Decimal("30.4")


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """What ``policy`` does with the leads scored in the last 30 days, and would have done with those decided since.

    ``asked`` of ``leads`` open ones would be asked about, ``a_day`` of them; ``monthly_usd`` at the price of asking,
    None while that is not known. ``signed_asked`` of ``signed`` leads that signed a contract had a last score before it
    that this policy asks about. ``is_measurable`` is False where the policy cannot decide (no model, or too few
    held-out leads).
    """

    policy: Policy
    leads: int
    asked: int
    a_day: Decimal
    monthly_usd: Decimal | None
    signed: int
    signed_asked: int
    is_measurable: bool


@for_right(Right.MONEY)
def effects(center: CommandCenter) -> list[PolicyEffect]:
    """Both policies, side by side. Raises StoreUnavailable."""
    open_leads = center.store.opinions.open_standings(utc_now() - timedelta(days=DAYS))
    decided = center.store.opinions.decided_standings()
    given = {policy: terms(center, policy) for policy in Policy}
    return [effect(terms_of, open_leads, decided) for terms_of in given.values()]


def effect(given: Terms, open_leads: Sequence[Standing], decided: Sequence[Standing]) -> PolicyEffect:
    """One policy's."""
    n = int(asked(given, open_leads).sum()) if open_leads else 0
    signed = [one for one in decided if one.converted]
    a_day = Decimal(n) / DAYS
    return PolicyEffect(
        policy=given.policy,
        leads=len(open_leads),
        asked=n,
        a_day=a_day,
        monthly_usd=None if given.price_usd is None else a_day * _MONTH_DAYS * given.price_usd,
        signed=len(signed),
        signed_asked=int(asked(given, signed).sum()) if signed else 0,
        is_measurable=given.policy is Policy.PLAIN or measurable(given),
    )
