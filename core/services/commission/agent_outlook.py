"""Each agent's plan year: what closed, what open leads are expected to net, and what the next closing does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from core.commission import (
    Agreement,
    Closing,
    Expected,
    ExpectedNet,
    NextClosing,
    PlanYear,
    expected_net,
    next_closing,
    plan_year,
    shared_out,
)
from core.services.commission.commission_plans import Plans
from core.store.figures.pipeline import Cell, ExpectedLead
from core.store.figures.pipeline_past import ClosedLead

_NONE: Final = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class AgentOutlook:
    """An agent's plan, the plan's year so far, what open leads add to it, and what the next closing would do."""

    agent: str | None
    agreement: Agreement
    year: PlanYear
    steps: tuple[ExpectedNet, ...]
    next_lead: ExpectedLead | None
    next: NextClosing | None

    @property
    def left_until_cap_usd(self) -> Decimal | None:
        """What the brokerage may still take this year; None without a cap."""
        cap = self.agreement.plan.brokerage_cap_usd
        return None if cap is None else max(cap - self.year.so_far.brokerage_usd, _NONE)


def agents_of(
    cells: Iterable[Cell],
    closings: Sequence[ClosedLead],
    likeliest: dict[str, ExpectedLead],
    agreed: Plans,
    today: date,
    *,
    all_agents: bool,
) -> tuple[AgentOutlook, ...]:
    """Every agent with open leads, and with ``all_agents`` also who closed a sale within the year; nobody's last."""
    open_leads: defaultdict[str | None, dict[str | None, Expected]] = defaultdict(dict)
    for cell in cells:
        sources = open_leads[cell.agent]
        known = sources.get(cell.source, Expected(_NONE, Decimal(0)))
        sources[cell.source] = known + Expected(cell.expected_usd, cell.chances)
    closed: defaultdict[str | None, list[Closing]] = defaultdict(list)
    for one in closings:
        if one.price_usd is not None:
            closed[one.agent].append(_closing(one, one.price_usd))
    named = {*open_leads, *(closed if all_agents else ())}
    return tuple(
        _outlook(agent, open_leads.get(agent, {}), closed.get(agent, []), likeliest.get(agent or ""), agreed, today)
        for agent in sorted(named, key=lambda name: (name is None, name or ""))
    )


def _outlook(
    agent: str | None,
    open_leads: dict[str | None, Expected],
    closed: list[Closing],
    likeliest: ExpectedLead | None,
    agreed: Plans,
    today: date,
) -> AgentOutlook:
    agreement = agreed.on(agent, today)
    # Leads without an agent are nobody's: there is no year and no cap to count.
    year = plan_year(closed if agent is not None else (), lambda day: agreed.on(agent, day), today)
    steps = expected_net(open_leads, agreement, year.so_far)
    following = None
    if likeliest is not None and likeliest.gci_usd is not None:
        following = next_closing(likeliest.gci_usd, agreement.plan_for(likeliest.source), year.so_far)
    return AgentOutlook(agent, agreement, year, steps, likeliest, following)


def nets_of(cells: Sequence[Cell], agents: Iterable[AgentOutlook]) -> list[Decimal]:
    """What each cell nets: its agent's net of the step that it belongs to, by expected commission, to the cent."""
    places: defaultdict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    for place, cell in enumerate(cells):
        places[cell.agent, cell.source].append(place)
    nets = [_NONE] * len(cells)
    for outlook in agents:
        for step in outlook.steps:
            mine = [place for source in step.sources for place in places[outlook.agent, source]]
            shares = shared_out(step.net.agent_net_usd, [cells[place].expected_usd for place in mine])
            for place, share in zip(mine, shares, strict=True):
                nets[place] = share
    return nets


def _closing(one: ClosedLead, price_usd: Decimal) -> Closing:
    return Closing(one.lead_id, one.closed_at.date(), price_usd, one.side, one.source)
