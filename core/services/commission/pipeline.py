"""The commission pipeline: what open leads are expected to bring, by stage, agent, source and month, and the plans."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from core.analytics.bridge import Bridge, Moved, bridge_to
from core.analytics.closing_month import ClosingMonth, UsualWait, closing_months
from core.commission import gross_commission
from core.leads import OPEN_STAGES, Stage, Waiting
from core.services.access import Right, for_right
from core.services.commission.agent_outlook import AgentOutlook, agents_of, nets_of
from core.services.commission.closing_chances import expecting
from core.services.commission.commission_plans import Plans, plans
from core.services.running.kept import bounded
from core.store import LeadFilter
from core.store.figures.pipeline import Cell, ExpectedLead
from core.store.figures.pipeline_past import ClosedLead, MovedLead

if TYPE_CHECKING:
    from core.services.center import CommandCenter

MOST_KEPT = 32  # results of one state of the store, a filter each
LEADS_SHOWN = 20
WEEK = timedelta(days=7)
_NONE = Decimal("0.00")
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Sums:
    """What some open leads are expected to bring.

    Of ``leads`` only the ``counted`` have both a price and a chance to close; the money is of these. ``closings`` is
    the sum of their chances, ``gci_usd`` what they bring if all close, ``expected_usd`` that by chance, ``net_usd``
    what agents net of it after their plans.
    """

    leads: int = 0
    priced: int = 0
    counted: int = 0
    closings: Decimal = Decimal(0)
    gci_usd: Decimal = _NONE
    expected_usd: Decimal = _NONE
    net_usd: Decimal = _NONE

    def with_cell(self, cell: Cell, net_usd: Decimal) -> Sums:
        """These and the leads of one cell more."""
        return Sums(
            self.leads + cell.leads,
            self.priced + cell.priced,
            self.counted + cell.counted,
            self.closings + cell.chances,
            self.gci_usd + cell.gci_usd,
            self.expected_usd + cell.expected_usd,
            self.net_usd + net_usd,
        )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Open leads as of ``today`` (UTC), summed up in four ways; each adds up to ``total``.

    ``contracts_known``: closings were enough to count leads in contract by how the team's contracts ended.
    """

    today: date
    total: Sums
    by_stage: dict[Stage, Sums]
    by_agent: dict[str | None, Sums]
    by_source: dict[str | None, Sums]
    by_month: dict[str, Sums]
    agents: tuple[AgentOutlook, ...]
    waits: dict[Stage, UsualWait]
    closings: tuple[ClosedLead, ...]
    plans: Plans
    contracts_known: bool

    def closed_usd(self, agent: str | None, start_on: date, end_on: date) -> tuple[int, Decimal]:
        """Number and gross commission of closings from ``start_on`` to ``end_on``, of an agent or (None) the team.

        Only the last year's closings are known here, and only those with a price count.
        """
        found = [
            _gci(one, self.plans)
            for one in self.closings
            if start_on <= one.closed_at.date() <= end_on and agent in (None, one.agent) and one.price_usd is not None
        ]
        return len(found), sum(found, _NONE)


@for_right(Right.MONEY)
def pipeline(center: CommandCenter, wanted: LeadFilter, today: date) -> Pipeline:
    """The pipeline of the leads that ``wanted`` lets through. Closings and caps count all leads.

    Raises StoreUnavailable.
    """
    agreed = plans(center)
    return _kept(
        center, ("pipeline", wanted, today, agreed.first.side_rates), lambda: _pipeline(center, wanted, today, agreed)
    )


@for_right(Right.MONEY)
def undated_closings(center: CommandCenter) -> int:
    """How many leads are closed while nobody told when: no closing, forecast or cap counts them.

    Raises StoreUnavailable.
    """
    return center.analysed("undated closings", center.store.pipeline_past.undated_closings)


def months(center: CommandCenter, today: date) -> tuple[ClosingMonth, ...]:
    """Which open leads are expected to close in which month. Raises StoreUnavailable."""
    return closing_months(_waits(center), today)


def month_filter(center: CommandCenter, key: str, today: date) -> tuple[Waiting, ...]:
    """The leads of one expected month; nobody for a key that is none."""
    return next((month.waiting for month in months(center, today) if month.key == key), ())


@for_right(Right.MONEY)
def what_moved(center: CommandCenter, wanted: LeadFilter, today: date, since: datetime | None = None) -> Bridge:
    """From what was expected at ``since`` (a week before ``today`` began) to what is expected now, at today's rates."""
    now = pipeline(center, wanted, today)
    rates, then = expecting(center, today), since or week_ago(today)
    changes = _kept(
        center,
        ("moved", wanted, today, then, now.plans.first.side_rates),
        lambda: center.store.pipeline_past.changes(wanted, rates, then),
    )
    return bridge_to(now.total.expected_usd, changes)


@for_right(Right.MONEY)
def moved_leads(
    center: CommandCenter, wanted: LeadFilter, today: date, why: Moved, since: datetime | None = None
) -> list[MovedLead]:
    """The 20 leads that changed most for one reason. Raises StoreUnavailable."""
    rates, then = expecting(center, today), since or week_ago(today)
    return center.store.pipeline_past.moved(wanted, rates, then, why, LEADS_SHOWN)


@for_right(Right.MONEY)
def expected_leads(center: CommandCenter, wanted: LeadFilter, today: date) -> list[ExpectedLead]:
    """The 20 open leads of the highest expected commission, with their arithmetic. Raises StoreUnavailable."""
    return center.store.pipeline.leads(wanted, expecting(center, today), LEADS_SHOWN)


def _pipeline(center: CommandCenter, wanted: LeadFilter, today: date, agreed: Plans) -> Pipeline:
    rates, waits = expecting(center, today), _waits(center)
    cells = center.store.pipeline.cells(wanted, rates, closing_months(waits, today))
    since = datetime.combine(today - timedelta(days=366), time(), UTC)
    closings = center.analysed("closings", lambda: tuple(center.store.pipeline_past.closings(since)))
    likeliest = center.store.pipeline.likeliest(rates)
    agents = agents_of(cells, closings, likeliest, agreed, today, all_agents=not wanted.agents)
    nets = nets_of(cells, agents)
    total = Sums()
    for cell, net in zip(cells, nets, strict=True):
        total = total.with_cell(cell, net)
    by_stage = _by(cells, nets, lambda cell: cell.stage)
    by_month = _by(cells, nets, lambda cell: cell.month)
    return Pipeline(
        today=today,
        total=total,
        by_stage={stage: by_stage[stage] for stage in OPEN_STAGES if stage in by_stage},
        by_agent=_largest_first(_by(cells, nets, lambda cell: cell.agent)),
        by_source=_largest_first(_by(cells, nets, lambda cell: cell.source)),
        by_month={month.key: by_month[month.key] for month in closing_months(waits, today) if month.key in by_month},
        agents=agents,
        waits=waits,
        closings=closings,
        plans=agreed,
        contracts_known=rates.in_contract is not None,
    )


def _by(cells: Iterable[Cell], nets: Iterable[Decimal], key: Callable[[Cell], Key]) -> dict[Key, Sums]:
    found: dict[Key, Sums] = {}
    for cell, net in zip(cells, nets, strict=True):
        found[key(cell)] = found.get(key(cell), Sums()).with_cell(cell, net)
    return found


def _largest_first(sums: dict[str | None, Sums]) -> dict[str | None, Sums]:
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1].expected_usd, pair[0] is None, pair[0] or "")))


def _gci(one: ClosedLead, agreed: Plans) -> Decimal:
    rates = agreed.on(one.agent, one.closed_at.date()).side_rates
    return gross_commission(one.price_usd or _NONE, rates.rate_for(one.side))


def _waits(center: CommandCenter) -> dict[Stage, UsualWait]:
    return center.analysed("usual_waits", lambda: center.store.pipeline_past.usual_waits())


def week_ago(today: date) -> datetime:
    """Since when ``what_moved`` looks: midnight in UTC seven days before ``today``."""
    return datetime.combine(today, time(), UTC) - WEEK


def _kept(center: CommandCenter, key: Hashable, compute: Callable[[], Value]) -> Value:
    """``compute()`` once a state of the store and key; of one state, the results of 32 keys at most."""
    kept: dict[Hashable, Value] = center.analysed("pipeline", dict)
    return bounded(kept, MOST_KEPT, key, compute)
