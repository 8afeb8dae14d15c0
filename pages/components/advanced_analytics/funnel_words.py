"""How the steps of the funnel are called, what a line of figures of one holds, and where its leads are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.leads import OPEN_STAGES, Stage
from core.services.analyses import funnel
from core.store import LeadFilter
from core.transfer.table import Kind, TableColumn
from pages.components.figure_filters import stands_words
from pages.components.figure_table import Address
from pages.components.period_filters import leads_address

if TYPE_CHECKING:
    from core.analytics.funnel import Step

STAGES: Final = (*OPEN_STAGES, Stage.CLOSED)
STEPS: Final = tuple(
    f"{first.value.capitalize()} to {then.value.capitalize()}"
    for first, then in zip(OPEN_STAGES, STAGES[1:], strict=True)
)
STEP_COLUMNS: Final = (
    TableColumn("Reached", Kind.COUNT),
    TableColumn("Went on", Kind.COUNT),
    TableColumn("Rate", Kind.SHARE),
    TableColumn("Low", Kind.SHARE),
    TableColumn("High", Kind.SHARE),
    TableColumn("In the end", Kind.SHARE),
    TableColumn("Half within", Kind.DAYS),
    TableColumn("Lost there", Kind.COUNT),
    TableColumn("There now", Kind.COUNT),
    TableColumn("Stuck", Kind.COUNT),
)
WENT_ON, THERE, STUCK, LOST = "Went on", "There now", "Stuck there", "Lost there"
Cells = tuple[str | int | float | None, ...]


def step_cells(step: Step) -> Cells:
    """The cells under ``STEP_COLUMNS``."""
    low, high = funnel.rate_interval(step) if step.reached else (None, None)
    rate = step.went_on / step.reached if step.reached else None
    return (
        step.reached, step.went_on, rate, low, high, step.ever, step.median_days, step.lost, step.open, step.stuck,
    )  # fmt: skip


def reached_address(wanted: LeadFilter, place: int) -> Address:
    """The address of the leads that reached the stage at ``place``, whatever became of them."""
    return leads_address(wanted, furthest=[stage.value.capitalize() for stage in STAGES[place:]])


def parts_of(wanted: LeadFilter, place: int) -> dict[str, Address]:
    """The addresses of what became of the leads that reached the stage at ``place``, by the words for it."""
    here = STAGES[place].value.capitalize()
    standing = leads_address(wanted, furthest=[here], stage=[stage.value.capitalize() for stage in OPEN_STAGES])
    return {
        WENT_ON: reached_address(wanted, place + 1),
        THERE: {**standing, "stands": stands_words(False)},
        STUCK: {**standing, "stands": stands_words(True)},
        LOST: leads_address(wanted, furthest=[here], stage=Stage.LOST.value.capitalize()),
    }
