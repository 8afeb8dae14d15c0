"""The report's contents, from the same services as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from core.reports.document import Report, Section
from core.services import workspace
from core.services.access import Right, for_right
from core.services.analyses.missing_words import named
from core.services.reports import ab_tests_part, leads_part, money_part, speed_part, watch_part
from core.services.reports.order import Order, Part
from core.words import day_words

if TYPE_CHECKING:
    from core.services.center import CommandCenter

TITLE: Final = "Weekly report"
PARTS: Final[dict[Part, tuple[str, str, Callable[[CommandCenter, Order], Section]]]] = {
    Part.CAME_IN: ("What came in", "leads by source against the days before", leads_part.came_in),
    Part.HOT: ("Hot leads to call", "name, phone, agent, score, of the 20 highest", leads_part.hot_leads),
    Part.ANSWERS: ("How soon leads are answered", "median, by agent, hot leads that wait", speed_part.speed_to_lead),
    Part.MOVED: ("What moved in the pipeline", "reason by reason, with the leads behind", money_part.what_moved),
    Part.FORECAST: ("What the next months bring", "30, 60, 90 days and months, low to high", money_part.ahead),
    Part.GOALS: ("Goals and pace", "closed against what is due by today", money_part.goals),
    Part.ALARMS: ("Alarms", "sources that dried up or send junk, answers that come later", watch_part.alarms),
    Part.TESTS: ("A/B tests that run", "what each says so far, with counts", ab_tests_part.running_tests),
    Part.MODEL: ("The model", "which one answers, and whether it still holds", watch_part.model),
}
Tell = Callable[[float, str], None]


@for_right(Right.MONEY)
def gather(center: CommandCenter, order: Order, tell: Tell = lambda _share, _step: None) -> Report:
    """Compute every part that is wanted. ``tell`` hears the share done and what is next. Raises StoreUnavailable."""
    sections = []
    for done, part in enumerate(order.parts):
        name, _, compute = PARTS[part]
        tell(done / len(order.parts), name)
        sections.append(compute(center, order))
    title = TITLE if order.days == 7 else f"Report on {order.days} days"
    return Report(title, _heading(center, order), order.now, order.zone, tuple(sections))


def _heading(center: CommandCenter, order: Order) -> tuple[str, ...]:
    lines = [
        f"{day_words(order.first_day)} to {day_words(order.last_day)}, {order.days} whole days; "
        "pipeline, forecast and tiers as of now",
        _chosen(order),
    ]
    if workspace.is_sample(center):
        lines.append("Sample data: these leads were generated, so call nobody.")
    return tuple(lines)


def _chosen(order: Order) -> str:
    wanted = order.selection
    sides = tuple(side.value.capitalize() for side in wanted.sides)
    kinds = (("source", wanted.sources), ("agent", wanted.agents), ("area", wanted.areas))
    chosen = [(kind.capitalize(), [named(kind, name) for name in names]) for kind, names in kinds]
    told = [f"{kind}: {', '.join(names)}" for kind, names in [*chosen, ("Side", list(sides))] if names]
    return "; ".join(told) if told else "All leads of the team"
