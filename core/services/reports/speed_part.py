"""How soon leads were answered, and which hot ones still wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from core.reports.document import Figure, PairChart, Section
from core.services.access import Right, for_right
from core.services.analyses import speed
from core.services.analyses.missing_words import named
from core.services.reports.order import Order
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted, dollars, duration

if TYPE_CHECKING:
    from core.analytics.speed import Speed
    from core.services.analyses.speed import SpeedToLead
    from core.services.center import CommandCenter
    from core.store.figures.speed import WaitingLeads

SHOWN: Final = 10
NO_ANSWERS: Final = (
    "No call or message of the team is on record, so nobody can tell how soon leads are answered. They come with the "
    "CRM's webhooks or through the API; an export of contacts tells none."
)
NOTE: Final = (
    "From the arrival to the first call or message of a person. Times and shares are of all leads: those that still "
    "wait count for as long as they have waited, those that signed or were lost before an answer as never answered; "
    "intervals hold 95 %."
)


@for_right(Right.MONEY)
def speed_to_lead(center: CommandCenter, order: Order) -> Section:
    """How soon the leads of the period were answered, against the period before, and the hot leads that wait now."""
    title = "How soon leads are answered"
    now, before = (_speed(center, order, *ends) for ends in ((order.start, order.end), (order.before, order.start)))
    waiting = speed.hot_and_waiting(center, order.selection, order.now)
    sentences = (_waiting_words(waiting),)
    if now is None:
        return Section(title, sentences, table=_table(waiting), table_title=_listed(waiting), note=NOTE,
                       missing=f"No lead came in this {order.span}: there is no time to tell.")  # fmt: skip
    if not speed.any_answer(center):
        return Section(title, sentences, table=_table(waiting), table_title=_listed(waiting), missing=NO_ANSWERS)
    earlier = "" if before is None else f"{duration(before.everyone.median)} in the {order.span} before"
    return Section(
        title,
        sentences,
        figures=_figures(now.everyone, earlier),
        chart=_chart(order, now, before),
        table=_table(waiting),
        table_title=_listed(waiting),
        note=NOTE,
    )


def _speed(center: CommandCenter, order: Order, start: datetime, end: datetime) -> SpeedToLead | None:
    wanted = replace(order.selection, created_from=start, created_to=end)
    return speed.speed_to_lead(center, wanted, order.zone, now=order.now)


def _figures(told: Speed, earlier: str) -> tuple[Figure, ...]:
    ends = f"{duration(told.median_low)} to {duration(told.median_high)}, " if told.median is not None else ""
    leads = counted(told.leads, "lead")
    return (
        Figure("Half answered within", duration(told.median), f"{ends}{leads}; {earlier}".strip("; ")),
        Figure("Answered within an hour", f"{100 * told.within[1]:.0f} %", f"of {leads}"),
        Figure("No answer so far", f"{told.never:,}", f"of {leads}"),
    )


def _chart(order: Order, now: SpeedToLead, before: SpeedToLead | None) -> PairChart | None:
    """Medians by agent, where both periods reached one."""
    past = {one.name: one.speed.median for one in before.by_agent} if before is not None else {}
    rows = [
        (named("agent", one.name), one.speed.median, then)
        for one in now.by_agent
        for then in (past.get(one.name),)
        if one.speed.median is not None and then is not None
    ]
    names = (f"This {order.span}" if order.days == 7 else f"Last {order.span}", f"The {order.span} before")
    return PairChart("Median hours to the first answer", "Hours", False, names, tuple(rows[:SHOWN])) if rows else None


def _waiting_words(found: WaitingLeads) -> str:
    if not found.total:
        return "No hot lead waits for a first answer."
    late = f"{found.late:,} of them for more than an hour, with {dollars(found.late_usd)} of expected commission"
    return f"{counted(found.total, 'hot lead waits', 'hot leads wait')} for a first answer now; {late}."


def _table(found: WaitingLeads) -> Table | None:
    if not found.leads:
        return None
    columns = (
        TableColumn("Lead"), TableColumn("Agent"), TableColumn("Source"), TableColumn("Came in", Kind.MOMENT),
        TableColumn("Score", Kind.SCORE), TableColumn("Expected", Kind.MONEY),
    )  # fmt: skip
    rows = [
        (
            one.name or one.lead_id, named("agent", one.agent), one.source, one.arrived_at,
            None if one.probability is None else 100 * one.probability, one.expected_usd,
        )
        for one in found.leads[:SHOWN]
    ]  # fmt: skip
    return Table(columns, rows)


def _listed(found: WaitingLeads) -> str:
    return f"Hot leads without an answer, the {SHOWN} dearest" if found.total > SHOWN else "Hot leads without an answer"
