"""What each agent agreed with the brokerage, version by version, and what the team wants to close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.analytics.pace import period_name
from core.commission import Agreement, SideRates, agreement_of
from core.commission.agreement import RATE_DIGITS
from core.errors import InputError
from core.leads import usd, utc_now
from core.services import audit
from core.services.access import Right, for_right
from core.services.workspace import commission_rate
from core.store.figures.pipeline import Rates
from core.store.filters import check_text
from core.store.plans import StoredPlan

if TYPE_CHECKING:
    from core.services.center import CommandCenter

GOALS = "commission_goals"
MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """An agreement of ``agent`` (None: of everyone without one) that counts from ``valid_from`` on."""

    agent: str | None
    valid_from: date
    agreement: Agreement
    made_by: str


@dataclass(frozen=True, slots=True)
class Plans:
    """All versions, oldest first; ``first`` counts where no version does: the team's rate, and no split."""

    versions: tuple[PlanVersion, ...]
    first: Agreement

    def version_on(self, agent: str | None, day: date) -> PlanVersion | None:
        """The version that counts for an agent on a day: the agent's own, else everyone's; None: ``first`` does."""
        for owner in dict.fromkeys((agent, None)):
            counting = [one for one in self.versions if one.agent == owner and one.valid_from <= day]
            if counting:
                return counting[-1]
        return None

    def on(self, agent: str | None, day: date) -> Agreement:
        """The agreement that counts for an agent on a day."""
        version = self.version_on(agent, day)
        return self.first if version is None else version.agreement

    def rates(self, day: date) -> Rates:
        """The side rates of a day."""
        owners = dict.fromkeys(one.agent for one in self.versions if one.agent is not None)
        return Rates(self.on(None, day).side_rates, {agent: self.on(agent, day).side_rates for agent in owners})


@dataclass(frozen=True, slots=True)
class Goal:
    """Gross commission that ``agent`` (None: the team) wants to close in ``period`` ("2026" or "2026-11")."""

    agent: str | None
    period: str
    gci_usd: Decimal


@for_right(Right.MONEY)
def plans(center: CommandCenter) -> Plans:
    """Every plan that was made. Raises StoreUnavailable."""
    half = (commission_rate(center) / 2).quantize(Decimal(10) ** -RATE_DIGITS)
    versions = center.per_version("commission_plans", lambda: tuple(_versions(center.store.plans.all())))
    return Plans(versions, Agreement(SideRates(half, half)))


@for_right(Right.MONEY)
def save_plan(center: CommandCenter, agent: str | None, valid_from: date, agreement: Agreement) -> None:
    """Keep a plan that counts from ``valid_from`` on. Raises InputError, LeadError, StoreUnavailable."""
    if agent is not None:
        check_text(agent, "agent", MOST_NAME)
        if not agent.strip():
            raise InputError("agent is empty; name an agent, or save the plan for everyone")
    if not date(2000, 1, 1) <= valid_from <= date(utc_now().year + 5, 12, 31):
        raise InputError(f"valid from is {valid_from}; must be from 2000-01-01 to five years ahead")
    for source in agreement.by_source:
        check_text(source, "source", MOST_NAME)
    center.store.plans.add(StoredPlan(agent, valid_from, agreement.as_json(), utc_now(), center.actor.name))
    audit.note(center, "commission plan saved", agent or "everyone", valid_from=str(valid_from))


@for_right(Right.MONEY)
def goals(center: CommandCenter) -> tuple[Goal, ...]:
    """The goals, the team's first, then by agent and period."""
    return _goals_in(center.setting(GOALS))


def _goals_in(kept: list[dict[str, Any]] | None) -> tuple[Goal, ...]:
    found = {}  # by agent and period: of two that were kept for "2026-1" and "2026-01" the later counts
    for one in kept or []:
        goal = Goal(one["agent"], period_name(one["period"]), Decimal(one["gci_usd"]))
        found[goal.agent, goal.period] = goal
    return tuple(sorted(found.values(), key=lambda goal: (goal.agent is not None, goal.agent or "", goal.period)))


@for_right(Right.MONEY)
def set_goal(center: CommandCenter, agent: str | None, period: str, gci_usd: Decimal | None) -> None:
    """Keep a goal in place of an earlier one for the same agent and period; None takes it away.

    Raises InputError for a period or an amount that is none, StoreUnavailable.
    """
    if agent is not None:
        check_text(agent, "agent", MOST_NAME)
    try:
        period = period_name(period)
        amount = None if gci_usd is None else usd(gci_usd)
    except ValueError as error:
        raise InputError(f"goal: {error}") from error

    def changed(stored: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
        kept = [goal for goal in _goals_in(stored) if (goal.agent, goal.period) != (agent, period)]
        if amount is not None:
            kept.append(Goal(agent, period, amount))
        return [{"agent": goal.agent, "period": goal.period, "gci_usd": str(goal.gci_usd)} for goal in kept]

    center.change_setting(GOALS, changed)
    audit.note(center, "goal set", agent or "team", period=period, gci_usd=str(amount) if amount else None)


def _versions(stored: Iterable[StoredPlan]) -> Iterable[PlanVersion]:
    for plan in stored:
        yield PlanVersion(plan.agent, plan.valid_from, agreement_of(plan.terms), plan.made_by)
