"""What a reader of the report must know before relying on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from core.scoring.model import ScoringModel
from core.training.fit import LEAST_OUTCOMES
from core.training.table.read import Table
from core.training.table.report import Report, with_and_without
from core.training.table.split import Split
from core.words import counted

TOO_GOOD: Final = 0.97
FEW_SUCCESSES: Final = 100
RATE_CHANGED: Final = 1.5


def warnings_of(report: Report, table: Table, split: Split, model: ScoringModel) -> Report:
    """The report with its warnings, the gravest first."""
    told = [*_of_trust(report), *_of_amount(report), *_of_split(table, split)]
    if model.own_columns and report.signal == "usable":
        told.append(
            f"{counted(len(model.own_columns), 'of its columns is', 'of its columns are')} your file's own: files that "
            "bring them are scored with them, leads that come one by one as if they were unknown."
            if model.feature_names
            else "All columns that it uses are your file's own: it scores files that bring them, and cannot tell "
            "leads that come one by one apart."
        )
    told += [one.sentence for one in report.protected if one.used or one.ratio is not None]
    return replace(report, warnings=(*told, *table.warnings))


def _of_trust(report: Report) -> list[str]:
    told = []
    if report.with_suspects is not None:
        told.append(with_and_without(report))
    if report.measured.roc_auc >= TOO_GOOD:
        told.append(
            f"ROC AUC {report.measured.roc_auc:.2f} is too good to be true for most teams: look whether a column is "
            "filled only once the outcome is known."
        )
    told += [f"{one.name!r} {one.reason}." for one in report.suspects if not one.left_out]
    if report.signal == "usable" and report.measured.brier > report.measured.brier_baseline:
        told.append(
            "The order holds, the probabilities do not: saying the base rate of the later rows would be nearer. "
            "The share of successes changed; train again on newer rows."
        )
    return told


def _of_amount(report: Report) -> list[str]:
    won, lost = report.positives, report.rows - report.positives
    if min(won, lost) < LEAST_OUTCOMES:
        return [
            f"{won:,} successes and {lost:,} failures: under {LEAST_OUTCOMES} of either the report is a first look "
            "with wide intervals, and the present model stays."
        ]
    if report.measured.converted < FEW_SUCCESSES:
        return [f"Only {report.measured.converted:,} successes were held out, so the intervals are wide."]
    return []


def _of_split(table: Table, split: Split) -> list[str]:
    told = []
    if split.left_out:
        told.append(f"{split.left_out:,} later rows are of people learned from before; they do not judge.")
    before, after = table.converted[split.learn].mean(), table.converted[split.judge].mean()
    if split.kind == "temporal" and max(before, after) > RATE_CHANGED * min(before, after):
        told.append(f"The share of successes changed from {before:.1%} to {after:.1%}; probabilities lag behind.")
    dated = [name for name, target in table.mapping.fields.items() if target == "created_at"]
    if split.kind == "stratified" and dated:
        told.append(
            f"Judged by rows of the same time; with --date {dated[0]!r} later rows would judge, as in real use."
        )
    return told
