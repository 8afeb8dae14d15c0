"""What open leads are counted at: side rates of a day, and how likely leads in contract close."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.analytics.contract_chance import FEWEST_CLOSINGS, chance_by_day, ends_of_contracts, told_contracts
from core.leads.clock import in_days
from core.services.access import Right, for_right
from core.services.commission.commission_plans import plans
from core.store.figures.pipeline import MILLION, ContractChances, Rates

if TYPE_CHECKING:
    from core.services.center import CommandCenter


@for_right(Right.MONEY)
def expecting(center: CommandCenter, day: date) -> Rates:
    """What turns open leads into expected commission at the end of ``day`` (UTC), on every screen.

    Raises StoreUnavailable.
    """
    return replace(plans(center).rates(day), in_contract=contract_chances(center, day))


@for_right(Right.MONEY)
def contract_chances(center: CommandCenter, day: date) -> ContractChances | None:
    """How the team's contracts ended, by days waited; None with too few that closed. Raises StoreUnavailable."""
    return center.analysed(("contract chances", day), lambda: _contract_chances(center, day))


def _contract_chances(center: CommandCenter, day: date) -> ContractChances | None:
    from core.store.figures.milestones import read_contracts

    at = datetime.combine(day + timedelta(days=1), time(), UTC)
    ends = ends_of_contracts(*told_contracts(*read_contracts(center.store.database)), in_days(at))
    if ends.events < FEWEST_CLOSINGS:
        return None
    return ContractChances(at, tuple(round(chance * MILLION) for chance in chance_by_day(ends).tolist()))
