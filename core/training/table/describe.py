"""The card of a model that learned from a team's own file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.features.catalog import CATALOG
from core.leads import utc_now
from core.scoring.model import ScoringModel
from core.training.table.report import Report, report_text


def card_of(model: ScoringModel, report: Report, source: str, period: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Everything that a manifest and the model page tell, as plain values."""
    return {
        "source": source,
        "trained_at": utc_now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "trained_on": _span(
            report.rows - report.holdout_rows, report.positives - report.measured.converted, period.get("trained_on")
        ),
        "held_out": _span(report.holdout_rows, report.measured.converted, period.get("held_out")),
        "features": list(model.feature_names),
        "own_columns": [{"name": column.name, "kind": column.kind} for column in model.own_columns],
        "protected_left_out": [item.name for item in CATALOG if item.protected],
        "forest": report.forest,
        "calibration": model.calibration.to_json()["kind"],
        "calibration_losses": model.card.get("calibration_losses", {}),
        "quality": report.measured.to_json(),
        "selective": report.to_json()["selective"],
        "promotable": report.promotable,
        "report": report.to_json(),
    }


def _span(rows: int, converted: int, period: tuple[str, str] | None) -> dict[str, Any]:
    dates = {} if period is None else {"from": period[0], "to": period[1]}
    return {"leads": rows, "converted": converted} | dates


def card_text_of(version: str, card: Mapping[str, Any], report: Report) -> str:
    """The card for a person, as Markdown; the file's own words stand in a block of code."""
    protected = [one.sentence for one in report.protected] or ["No column of the file looks protected."]
    return "\n".join(
        [
            f"# Model {version}",
            "",
            f"Learned on {card['trained_at'][:10]} from {card['source']}.",
            "",
            "## What was found",
            "```",
            report_text(report),
            "```",
            "",
            "## Fair housing",
            "```",
            *protected,
            "The catalog's protected features (family size, schools) are left out.",
            "```",
            "The law protects race, color, national origin, religion, sex, familial status and disability. A model "
            "must not decide whom to show which homes.",
            "",
            "## Limits",
            "It knows the rows that it learned from, as the export told them. Columns that a CRM goes on changing "
            "after the outcome can make it look better than it is. Contributions explain the raw probability before "
            "calibration.",
            "",
        ]
    )
