"""What moved in the pipeline, what the next months bring, and how far the goals are reached."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.analytics.bridge import Bridge, Moved
from core.analytics.contract_chance import FEWEST_CLOSINGS
from core.charts.forecast import ForecastBar
from core.reports.document import BridgeChart, Figure, PairChart, RangeChart, Section
from core.services.access import Right, for_right
from core.services.analyses import forecast
from core.services.analyses.missing_words import NOBODY
from core.services.commission import commission_plans, pipeline
from core.services.commission.goals import TEAM, pace_of, pace_words, period_words
from core.services.commission.pipeline_words import MOVED, net_words
from core.services.reports.order import Order
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted, day_words, dollars

if TYPE_CHECKING:
    from core.services.analyses.forecast import Outlook
    from core.services.center import CommandCenter

EACH: Final = 4  # leads shown of each of the largest steps
STEPS: Final = 3


@for_right(Right.MONEY)
def what_moved(center: CommandCenter, order: Order) -> Section:
    """Expected commission at the start of the period and now, reason by reason, and the leads that moved it most."""
    today = _today(order)
    found = pipeline.pipeline(center, order.selection, today)
    total, title = found.total, "What moved in the pipeline, and why"
    if not total.leads:
        return Section(title, missing="No open lead matches, so nothing is expected.")
    moved = pipeline.what_moved(center, order.selection, today, order.start)
    change = moved.after_usd - moved.before_usd
    net, told = net_words(found)
    sentences = [
        f"Expected commission is {dollars(moved.after_usd)}, {dollars(abs(change))} "
        f"{'more' if change >= 0 else 'less'} than the {dollars(moved.before_usd)} when {day_words(order.first_day)} "
        "began.",
        *(f"{MOVED[one.moved]}: {counted(one.leads, 'lead')}, {_signed(one.change_usd)}." for one in moved.steps),
    ]
    figures = (
        Figure("Open leads", f"{total.leads:,}", f"{total.counted:,} with a price and a chance to close"),
        Figure("Expected commission", dollars(total.expected_usd), f"chance x price x side rate of {total.counted:,}"),
        Figure(net, dollars(total.net_usd), told),
        Figure("Closings expected", f"{total.closings:.1f}", "the sum of the chances to close"),
    )
    steps = tuple((MOVED[one.moved], float(one.change_usd)) for one in moved.steps)
    chart = BridgeChart(
        "Expected commission, from then to now",
        (f"{order.first_day:%b} {order.first_day.day}", "Now"),
        float(moved.before_usd),
        steps,
        float(moved.after_usd),
    )
    return Section(
        title,
        sentences=tuple(sentences),
        figures=figures,
        chart=chart if steps else None,
        table=_movers(center, order, moved, today),
        table_title="The leads that moved it most",
        note="Then as now at today's rates, up to this moment. New leads are those first scored since then; a lead "
        "whose stage changed counts there with its whole difference.",
    )


def _movers(center: CommandCenter, order: Order, moved: Bridge, today: date) -> Table:
    columns = (
        TableColumn("Why"),
        TableColumn("Lead"),
        TableColumn("Agent"),
        TableColumn("Before", Kind.MONEY),
        TableColumn("Now", Kind.MONEY),
        TableColumn("Change", Kind.MONEY),
    )
    largest: list[Moved] = [
        one.moved for one in sorted(moved.steps, key=lambda one: -abs(one.change_usd))[:STEPS]
    ]  # fmt: skip
    rows = [
        (MOVED[why], one.name or one.lead_id, one.agent or NOBODY, one.before_usd, one.after_usd, one.change_usd)
        for why in largest
        for one in pipeline.moved_leads(center, order.selection, today, why, order.start)[:EACH]
    ]
    return Table(columns, rows)


@for_right(Right.MONEY)
def ahead(center: CommandCenter, order: Order) -> Section:
    """Closings and commission of 30, 60 and 90 days and by month."""
    told = forecast.outlook(center, order.selection, order.now)
    title = "What the next months bring"
    if told.too_few is not None or told.basis is None:
        few = told.too_few or 0
        return Section(
            title,
            missing=f"{counted(few, 'closing')} so far; {FEWEST_CLOSINGS} are needed for a "
            "forecast. Record what becomes of leads, each with its date.",
        )
    figures = tuple(
        Figure(
            f"Next {days} days, commission in the middle",
            dollars(one.commission.middle),
            f"{dollars(one.commission.low)} to {dollars(one.commission.high)}, 8 times in 10; "
            f"{counted(round(one.closings.middle), 'closing')} ({one.closings.low:,.0f} to {one.closings.high:,.0f})",
        )
        for one, days in zip(told.by_horizon, forecast.HORIZONS, strict=True)
    )
    bars = tuple(
        ForecastBar(one.month, float(one.commission.low), float(one.commission.middle), float(one.commission.high))
        for one in told.by_month
    )
    basis = told.basis
    return Section(
        title,
        sentences=(
            "The middle is as likely passed as missed; 8 in 10 futures lie between low and high.",
            f"Made from {counted(basis.open_leads, 'open lead')}, {basis.in_contract:,} of them in contract, with "
            f"times to close learned from {counted(basis.closings, 'closing')}; {basis.arrivals.per_day:.1f} new "
            "leads a day are counted on.",
        ),
        figures=figures,
        chart=RangeChart("Commission by month, low to high", "Commission, USD", True, bars),
        table=_windows(told),
        table_title="Forecast",
        note="Commission is price x side rate, by today's commission plans.",
    )


def _windows(told: Outlook) -> Table:
    columns = (
        TableColumn("From", Kind.DAY),
        TableColumn("To", Kind.DAY),
        *(TableColumn(f"Closings, {name}", Kind.COUNT) for name in ("low", "middle", "high")),
        *(TableColumn(f"Commission, {name}", Kind.MONEY) for name in ("low", "middle", "high")),
    )
    rows = [
        (
            one.start,
            one.end,
            *(one.closings.low, one.closings.middle, one.closings.high),
            *(one.commission.low, one.commission.middle, one.commission.high),
        )
        for one in (*told.by_horizon, *told.by_month)
    ]
    return Table(columns, rows)


@for_right(Right.MONEY)
def goals(center: CommandCenter, order: Order) -> Section:
    """Each goal whose period holds today, with its pace; closings count whatever is filtered."""
    from core.analytics.pace import period_of

    today, title = _today(order), "Goals and pace"
    kept = [goal for goal in commission_plans.goals(center) if _holds(period_of(goal.period), today)]
    if not kept:
        return Section(
            title, missing="No goal is set for the present month, quarter or year. Set one in Commission pipeline."
        )
    found = pipeline.pipeline(center, order.selection, today)
    paces = [(goal, *pace_of(found, goal)) for goal in kept]
    columns = (
        TableColumn("For"),
        TableColumn("Period"),
        *(TableColumn(label, Kind.MONEY) for label in ("Goal", "Closed", "Due by today", "Ahead or behind")),
        TableColumn("Closings", Kind.COUNT),
    )
    rows = [
        (goal.agent or TEAM, period_words(goal.period), pace.goal_usd, pace.closed_usd, pace.due_usd, pace.ahead_usd, n)
        for goal, pace, n in paces
    ]
    bars = tuple(
        (f"{goal.agent or 'Team'}, {period_words(goal.period)}", float(pace.closed_usd), float(pace.due_usd))
        for goal, pace, _ in paces
    )
    return Section(
        title,
        sentences=tuple(pace_words(goal, pace) for goal, pace, _ in paces[:6]),
        chart=PairChart("Closed against what is due by today", "USD", True, ("Closed", "Due by today"), bars),
        table=Table(columns, rows),
        table_title="Goals",
        note="Due by today is the goal's even share of the days gone. Closings count whatever is filtered.",
    )


def _holds(period: tuple[date, date], today: date) -> bool:
    return period[0] <= today <= period[1]


def _today(order: Order) -> date:
    return order.now.astimezone(UTC).date()


def _signed(amount: Decimal) -> str:
    return f"{'+' if amount >= 0 else ''}{dollars(amount)}"
