"""What was found, as plain values and in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from core.scoring.selective import Selective
from core.training.quality import Quality
from core.training.table.fairness import Protected
from core.training.table.judge import CallOrder, Lift, Signal
from core.training.table.suspicion import Suspect


@dataclass(frozen=True, slots=True)
class Dropped:
    """A column that was not used, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything measured, on held-out rows unless the name says otherwise.

    ``raw`` is the forest before calibration. ``chance`` is the p value of the permutation test. ``with_suspects`` is
    the ROC AUC that the model would seem to have with the columns that were left out as leaks, None without such.
    ``version`` is None when nothing was registered.
    """

    rows: int
    positives: int
    rows_in_file: int
    split: str
    holdout_rows: int
    measured: Quality
    raw: Quality
    signal: Signal
    chance: float
    selective: tuple[Selective, ...]
    order: CallOrder
    lift: tuple[Lift, ...]
    columns_used: tuple[str, ...]
    columns_dropped: tuple[Dropped, ...]
    suspects: tuple[Suspect, ...]
    with_suspects: float | None
    protected: tuple[Protected, ...]
    forest: dict[str, Any]
    warnings: tuple[str, ...]
    own_columns: int = 0
    version: str | None = None
    promotable: bool = False

    @property
    def files_only(self) -> bool:
        """Whether it uses none of the 28 features: leads that come by themselves have nothing that it looks at."""
        return not self.forest["features"]

    def registered(self, version: str) -> Report:
        """The same report of a version that was kept."""
        return replace(self, version=version)

    def to_json(self) -> dict[str, Any]:
        """Plain values, the keys that ``jorge train --json`` promises first."""
        measured = self.measured
        return {
            "rows": self.rows,
            "positives": self.positives,
            "split": self.split,
            "holdout_rows": self.holdout_rows,
            "roc_auc": measured.roc_auc,
            "roc_auc_low": measured.roc_auc_low,
            "roc_auc_high": measured.roc_auc_high,
            "brier": measured.brier,
            "brier_baseline": measured.brier_baseline,
            "ece": measured.ece,
            "lift_at_10": measured.lift_at_10,
            "selective": [
                {"threshold": one.threshold, "coverage": one.coverage, "accuracy": one.accuracy}
                for one in self.selective
            ],
            "columns_used": list(self.columns_used),
            "columns_dropped": [asdict(one) for one in self.columns_dropped],
            "leakage_suspects": [asdict(one) for one in self.suspects],
            "signal": self.signal,
            "version": self.version,
            "warnings": list(self.warnings),
            "promotable": self.promotable,
            "rows_in_file": self.rows_in_file,
            "holdout_positives": measured.converted,
            "chance_of_such_an_order": self.chance,
            "roc_auc_with_suspects": self.with_suspects,
            "raw_forest": {"roc_auc": self.raw.roc_auc, "brier": self.raw.brier, "ece": self.raw.ece},
            "calibration_curve": [asdict(one) for one in measured.reliability],
            "calls": asdict(self.order) | {"told": self.order.sentence},
            "lift": [asdict(one) for one in self.lift],
            "protected": [asdict(one) | {"told": one.sentence} for one in self.protected],
            "forest": self.forest,
        }


def verdict(report: Report) -> str:
    """The finding in one sentence."""
    measured = report.measured
    span = f"{measured.roc_auc:.3f}, 95 % interval {measured.roc_auc_low:.3f} to {measured.roc_auc_high:.3f}"
    if report.signal == "none":
        return f"These columns do not predict the outcome (ROC AUC {span}; 0.5 is guessing). Nothing was registered."
    if report.signal == "weak":
        return f"There may be a signal, but it is too weak to rely on (ROC AUC {span}). Nothing was registered."
    return f"These columns predict the outcome: ROC AUC {span}."


def report_text(report: Report) -> str:
    """The report for a terminal."""
    measured = report.measured
    lines = [
        verdict(report),
        "",
        f"{report.rows:,} rows with an outcome, {report.positives:,} successes. Judged by {report.holdout_rows:,} rows "
        + ("that came later" if report.split == "temporal" else "set aside by person")
        + f", {measured.converted:,} successes among them.",
        f"Brier score {measured.brier:.4f} (always saying the base rate: {measured.brier_baseline:.4f}; "
        f"before calibration: {report.raw.brier:.4f}).",
        f"Calibration error {measured.ece:.4f} (before calibration {report.raw.ece:.4f}). "
        f"The top tenth converts {measured.lift_at_10:.1f} times as often as all.",
        report.order.sentence,
        f"Learned by {family_told(report)}.",
        "",
        "At least this sure: answers, is right",
        *(_selective_line(one) for one in report.selective),
        "",
        f"Columns used ({len(report.columns_used)}): {', '.join(report.columns_used)}",
    ]
    if report.columns_dropped:
        lines += ["Left out:", *(f"  {one.name}: {one.reason}" for one in report.columns_dropped)]
    if report.suspects:
        lines += ["Columns that may know the future:", *(f"  {_suspect_line(one)}" for one in report.suspects)]
    if report.with_suspects is not None:
        lines.append("To use one of these all the same, name the columns to use with --columns.")
    lines += [*("Warning: " + told for told in report.warnings)]
    return "\n".join(lines)


def family_told(report: Report) -> str:
    """What learned, in words."""
    if report.forest.get("family") == "boosting":
        return f"gradient boosting: {report.forest['trees']} trees that add up"
    return f"a forest: {report.forest['trees']} trees that vote"


def with_and_without(report: Report) -> str:
    """What the suspects would seem to add."""
    names = ", ".join(one.name for one in report.suspects if one.left_out)
    return (
        f"With {names} the ROC AUC would seem to be {report.with_suspects or 0:.3f}; without it is "
        f"{report.measured.roc_auc:.3f}."
    )


def _selective_line(one: Selective) -> str:
    accuracy = "nothing answered" if one.accuracy is None else f"{one.accuracy:.1%}"
    return f"  {one.threshold:.2f}: {one.coverage or 0:.1%}, {accuracy}"


def _suspect_line(one: Suspect) -> str:
    return f"{one.name}: {one.reason} ({'left out' if one.left_out else 'used'})"
