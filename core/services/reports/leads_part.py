"""What came in, and whom to call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from core.leads import DECIDED_STAGES, OPEN_STAGES
from core.reports.document import Figure, PairChart, Section
from core.scoring import Tier
from core.scoring.selective import wilson
from core.services.access import Right, for_right
from core.services.analyses.missing_words import NOBODY, NOT_TOLD
from core.services.reports.order import Order
from core.store import LeadSort
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted, day_words

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.figures.arrivals import DayOfSource

SHOWN: Final = 20
SOURCES: Final = 8
FEWEST: Final = 10


@dataclass(slots=True)
class Came:
    """Leads of one source in the period and in the one before; the sums are of first scores in [0, 1]."""

    leads: int = 0
    before: int = 0
    scored: int = 0
    probability: float = 0.0

    @property
    def mean_score(self) -> float | None:
        """The mean first score of the period, 0 to 100."""
        return 100 * self.probability / self.scored if self.scored else None


@for_right(Right.MONEY)
def came_in(center: CommandCenter, order: Order) -> Section:
    """Leads of the period against as many days before, by source."""
    by_source = _by_source(center, order)
    now, before = sum(one.leads for one in by_source.values()), sum(one.before for one in by_source.values())
    title = f"What came in this {order.span}" if order.days == 7 else f"What came in in {order.span}"
    if not now + before:
        return Section(title, missing=f"No lead came in since {day_words(order.before.date())}.")
    hot, hot_before = _hot(center, order, order.start, order.end), _hot(center, order, order.before, order.start)
    earlier = f"the {order.span} before"
    figures = (
        Figure("Leads", f"{now:,}", f"{before:,} {earlier}"),
        Figure("Hot now", f"{hot:,}", f"{_share(hot, now)}; of those of {earlier} {hot_before:,} of {before:,}"),
        Figure("Sources", f"{sum(1 for one in by_source.values() if one.leads):,}", "with a lead in the period"),
    )
    ordered = sorted(by_source.items(), key=lambda pair: (-pair[1].leads, -pair[1].before, pair[0]))
    rows = [(name, float(one.leads), float(one.before)) for name, one in ordered[:SOURCES]]
    if rest := ordered[SOURCES:]:
        rows.append(("Other sources", float(sum(o.leads for _, o in rest)), float(sum(o.before for _, o in rest))))
    columns = (
        TableColumn("Source"),
        TableColumn("Leads", Kind.COUNT),
        TableColumn("Before", Kind.COUNT),
        TableColumn("Change", Kind.COUNT),
        TableColumn("Mean first score", Kind.NUMBER),
    )
    table = Table(columns, [(name, o.leads, o.before, o.leads - o.before, o.mean_score) for name, o in ordered])
    names = (f"This {order.span}" if order.days == 7 else f"Last {order.span}", earlier.capitalize())
    return Section(
        title,
        sentences=(change_words(now, before, earlier),),
        figures=figures,
        chart=PairChart("Leads by source", "Leads", False, names, tuple(rows)),
        table=table,
        table_title="Leads by source",
        note="Intervals hold 95 %. Hot counts leads by their tier now; the score is each lead's first.",
    )


def change_words(now: int, before: int, earlier: str) -> str:
    """How much more or less came, with an interval: of all leads of both periods, which share fell into this one.

    >>> change_words(60, 40, "the week before")
    '60 leads came in, 40 the week before: 1.5 times as many (1.01 to 2.23), more than chance alone brings.'
    >>> change_words(4, 3, "the week before")
    '4 leads came in, 3 the week before: too few to tell a change from chance.'
    """
    told = f"{counted(now, 'lead')} came in, {before:,} {earlier}"
    if now + before < FEWEST or not before:
        return f"{told}: too few to tell a change from chance."
    low, high = (share / (1 - share) if share < 1 else float("inf") for share in wilson(now, now + before))
    sure = "which chance alone may bring" if low <= 1 <= high else "more than chance alone brings"
    return f"{told}: {now / before:.3g} times as many ({low:.2f} to {high:.2f}), {sure}."


@for_right(Right.MONEY)
def hot_leads(center: CommandCenter, order: Order) -> Section:
    """Hot leads before a contract, the highest score first: who signed need not be won any more."""
    before_contract = tuple(stage for stage in OPEN_STAGES if stage not in DECIDED_STAGES)
    wanted = replace(order.selection, tiers=(Tier.HOT,), stages=before_contract)
    found = center.store.browse(wanted, LeadSort.SCORE, 1, SHOWN)
    if not found.total:
        return Section("Hot leads to call", missing="No lead before a contract is hot now.")
    columns = (
        TableColumn("Lead"),
        TableColumn("Phone"),
        TableColumn("Agent"),
        TableColumn("Stage"),
        TableColumn("Score", Kind.SCORE),
        TableColumn("Last activity", Kind.MOMENT),
        TableColumn("Commission, both sides", Kind.MONEY),
    )
    rows = [
        (
            row.name or row.lead_id,
            row.phone,
            row.agent or NOBODY,
            row.stage.value.capitalize(),
            row.ml_score,
            row.last_activity_at,
            row.commission_usd,
        )
        for row in found.rows
    ]
    shown = f"The {len(rows)} with the highest score are listed." if found.total > len(rows) else "All are listed."
    return Section(
        "Hot leads to call",
        sentences=(f"{counted(found.total, 'hot lead')} before a contract. {shown}",),
        table=Table(columns, rows),
        table_title="Hot leads, highest score first",
        note="The commission is price x the team's total rate, if the lead closes. "
        "Names and numbers: keep this file in the team.",
    )


def _by_source(center: CommandCenter, order: Order) -> dict[str, Came]:
    found: dict[str, Came] = defaultdict(Came)
    for row in _arrived(center, order, order.start, order.end):
        one = found[row.source or NOT_TOLD]
        one.leads += row.leads
        one.scored += row.scored
        one.probability += row.probability_sum
    for row in _arrived(center, order, order.before, order.start):
        found[row.source or NOT_TOLD].before += row.leads
    return found


def _arrived(center: CommandCenter, order: Order, start: datetime, end: datetime) -> Iterable[DayOfSource]:
    from core.store.figures.arrivals import arrivals_by_day

    wanted = replace(order.selection, created_from=start, created_to=end)
    return arrivals_by_day(center.store.database, wanted, order.now)


def _hot(center: CommandCenter, order: Order, start: datetime, end: datetime) -> int:
    wanted = replace(order.selection, tiers=(Tier.HOT,), created_from=start, created_to=end)
    return center.store.browse(wanted, page_size=1).total


def _share(hits: int, of: int) -> str:
    if not of:
        return "none came"
    low, high = wilson(hits, of)
    return f"{100 * hits / of:.0f} % of {of:,} ({100 * low:.0f} to {100 * high:.0f} %)"
