"""What one open lead is expected to bring, by the arithmetic of the commission pipeline, for the lead's own screen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from core.commission import gross_commission
from core.leads import Stage, utc_now
from core.services.access import SYSTEM, own_lead
from core.services.commission.closing_chances import expecting
from core.services.commission.commission_plans import plans
from core.store import LeadFilter
from core.store.figures.pipeline import ExpectedLead

if TYPE_CHECKING:
    from core.services.center import CommandCenter

_MILLIONTH: Final = Decimal("0.000001")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class LeadMoney:
    """An open lead as the commission pipeline counts it; ``rate`` is its agent's, of its side.

    ``by_contracts``: its chance is how the team's contracts of that age ended, and no score moves it.
    """

    lead: ExpectedLead
    rate: Decimal
    by_contracts: bool

    def expected_usd(self, price_usd: Decimal | None, closing: float | None) -> Decimal | None:
        """What would be expected at another price and another score's chance to close; None when one is not known."""
        chance = self.lead.chance if self.by_contracts else _chance(closing)
        if price_usd is None or chance is None:
            return None
        return (gross_commission(price_usd, self.rate) * chance).quantize(_CENT, ROUND_HALF_UP)


def lead_money(center: CommandCenter, lead_id: str) -> LeadMoney | None:
    """The money of an open lead, None for one that is closed or lost. Raises NotFound, StoreUnavailable."""
    own_lead(center, lead_id)
    # Plans and ends of contracts are the team's; what they make of an agent's own lead is the agent's to know.
    team, today, wanted = center.acting_as(SYSTEM), utc_now().date(), LeadFilter(ids=(lead_id,))
    rates = plans(team).rates(today)
    found = center.store.pipeline.leads(wanted, rates, 1)
    if found and found[0].stage is Stage.CONTRACT:  # only then what all contracts came to is read
        rates = expecting(team, today)
        found = center.store.pipeline.leads(wanted, rates, 1)
    if not found:
        return None
    lead = found[0]
    rate = rates.by_agent.get(lead.agent or "", rates.default).rate_for(lead.side)
    return LeadMoney(lead, rate, lead.stage is Stage.CONTRACT and rates.in_contract is not None)


def _chance(closing: float | None) -> Decimal | None:
    return None if closing is None else Decimal(repr(closing)).quantize(_MILLIONTH, ROUND_HALF_UP)
