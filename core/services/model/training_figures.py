"""A training's report as the figures of its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.scoring import wilson
from core.training.table.report import Report

if TYPE_CHECKING:
    from core.charts import CalibrationBin, CoveragePoint


def bins_of(report: Report) -> list[CalibrationBin]:
    """The groups of held-out leads, with Wilson's interval round what happened."""
    from core.charts import CalibrationBin  # with Plotly and pandas, half a second

    found = []
    for part in report.measured.reliability:
        low, high = wilson(part.converted * part.leads, part.leads)
        found.append(CalibrationBin(part.said, part.converted, part.leads, low, high))
    return found


def coverage_of(report: Report) -> list[CoveragePoint]:
    """How often the model is sure, and right then, by threshold."""
    from core.charts import CoveragePoint

    return [
        CoveragePoint(one.threshold, one.coverage or 0.0, one.accuracy, one.accuracy_low, one.accuracy_high)
        for one in report.selective
    ]
