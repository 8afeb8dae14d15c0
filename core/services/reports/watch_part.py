"""What stands out, and whether the model can be trusted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.analytics.anomalies import BASELINE_DAYS, RECENT_DAYS
from core.errors import ModelRefused, ModelUnavailable
from core.reports.document import Figure, Section
from core.services.access import Right, for_right
from core.services.analyses import insights
from core.services.analyses.change_words import detail, headline
from core.services.reports.order import Order
from core.words import counted, day_words

if TYPE_CHECKING:
    from core.services.center import CommandCenter


@for_right(Right.MONEY)
def alarms(center: CommandCenter, order: Order) -> Section:
    """Sources that dried up or send junk, agents who answer later."""
    title = "Alarms"
    changes = insights.anomalies(center, order.selection, order.now)
    if not changes:
        return Section(title, missing="Too few leads to compare: nothing can be judged yet.")
    standing = [change for change in changes if change.alarm]
    told = [f"{headline(change)}. {detail(change)}" for change in standing]
    return Section(
        title,
        sentences=tuple(told) or (f"Nothing stands out among {counted(len(changes), 'comparison')}.",),
        note=f"The last {RECENT_DAYS} days against the {BASELINE_DAYS} before. An alarm is a change by half or to the "
        "double that chance alone brings in fewer than 1 of 20 looks, over all comparisons.",
    )


@for_right(Right.MONEY)
def model(center: CommandCenter, _order: Order) -> Section:
    """The model that answers, and whether it still holds."""
    from core.services.model.live_quality import live_quality
    from core.services.model.model_report import model_report
    from core.services.workspace import threshold

    title = "The model"
    try:
        report, found = model_report(center), live_quality(center)
    except (ModelUnavailable, ModelRefused) as error:
        return Section(title, missing=f"No model answers now: {error}")
    figures = [Figure("Model", report.version, _trained(report.card.get("trained_at")))]
    if report.quality is not None:
        one = report.quality
        figures.append(
            Figure(
                "Tells leads apart", f"{one.roc_auc:.3f}",
                f"{one.roc_auc_low:.3f} to {one.roc_auc_high:.3f}, {one.leads:,} held-out leads",
            )
        )  # fmt: skip
    figures.append(Figure("Answers alone from", f"{100 * threshold(center):.0f} % sure", "the threshold in force"))
    return Section(
        title,
        sentences=tuple(f"{one.subject.value.capitalize()}: {one.verdict.value}. {one.told}" for one in found.findings),
        figures=tuple(figures),
        note="The findings are of the team's own leads, all of them; 0.5 tells nothing apart and 1 everything.",
    )


def _trained(told: object) -> str:
    try:
        return f"trained {day_words(datetime.fromisoformat(str(told)).date())}"
    except ValueError:
        return ""
