"""A training's report as the figures of its screen."""

from __future__ import annotations

from core.charts import CalibrationBin, CoveragePoint
from core.scoring import wilson
from core.training.table.report import Report


def bins_of(report: Report) -> list[CalibrationBin]:
    """The groups of held-out leads, with Wilson's interval round what happened."""
    found = []
    for part in report.measured.reliability:
        low, high = wilson(round(part.converted * part.leads), part.leads)
        found.append(CalibrationBin(part.said, part.converted, part.leads, low, high))
    return found


def coverage_of(report: Report) -> list[CoveragePoint]:
    """How often the model is sure, and right then, by threshold."""
    return [
        CoveragePoint(one.threshold, one.coverage or 0.0, one.accuracy, one.accuracy_low, one.accuracy_high)
        for one in report.selective
    ]
