"""What a training found: the verdict, the figures, the columns, and the way to let the model answer."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st

from core.charts import CoveragePoint, calibration_curve, coverage_curve, lift_curve
from core.charts.frame import CONFIG
from core.services.center import CommandCenter
from core.services.model.training_figures import bins_of, coverage_of
from core.training.table.report import Report, family_told, verdict, with_and_without
from core.words import counted
from pages.components.quality_figures import quality_figures
from pages.components.train.train_promote import promote_button
from pages.components.words import percent

HEADLINES = {"usable": "These columns predict the outcome", "weak": "Too weak to rely on", "none": "No signal"}
COLORS: dict[str, Literal["green", "orange", "red"]] = {"usable": "green", "weak": "orange", "none": "red"}


def train_report(center: CommandCenter, report: Report) -> None:
    """The whole report."""
    _verdict(center, report)
    _figures(report)
    _curves(report)
    _columns(report)
    _fairness(report)


def _verdict(center: CommandCenter, report: Report) -> None:
    with st.container(border=True, gap="xsmall"):
        st.badge(HEADLINES[report.signal], color=COLORS[report.signal])
        st.text(verdict(report))
        st.text(report.order.sentence)
        st.caption(f"Learned by {family_told(report)}.")
        if report.version is not None:
            promote_button(center, report)
    seen_below = with_and_without(report) if report.with_suspects is not None else None
    warnings = [told for told in report.warnings if told != seen_below]
    if warnings:
        with st.container(border=True, gap="xsmall"):
            st.caption("Before you rely on it")
            for told in warnings:
                st.text(told)


def _figures(report: Report) -> None:
    found = report.measured
    judged = "later leads" if report.split == "temporal" else "leads set aside"
    quality_figures(found, "succeeded", f"{percent(report.raw.ece, 1)} before calibration")
    st.caption(
        f"{counted(report.rows, 'lead')} with an outcome, {counted(report.positives, 'success', 'successes')}. Judged "
        f"by {report.holdout_rows:,} {judged}, from which the model did not learn; nobody is on both sides."
    )


def _curves(report: Report) -> None:
    order, said, alone = st.tabs(["Order of the calls", "Does it happen as often as it says?", "How often it is sure"])
    with order:
        figure = lift_curve([point.share for point in report.lift], [point.reached for point in report.lift])
        st.plotly_chart(figure, key="train_lift", config=CONFIG, alt="Share of successes that the first calls reach")
    with said:
        st.plotly_chart(
            calibration_curve(bins_of(report)),
            key="train_calibration",
            config=CONFIG,
            alt="What the model said against what happened, in groups of held-out leads",
        )
    with alone:
        points: list[CoveragePoint] = coverage_of(report)
        st.plotly_chart(
            coverage_curve(points, 0.85),
            key="train_coverage",
            config=CONFIG,
            alt="Share answered and right by threshold",
        )


def _columns(report: Report) -> None:
    st.subheader("Columns", anchor=False)
    if report.suspects:
        st.caption(
            "These columns may know the future: what stands in them may have been filled once the outcome was known."
        )
        st.dataframe(
            pd.DataFrame(
                {
                    "Column": [one.name for one in report.suspects],
                    "Why": [one.reason for one in report.suspects],
                    "Alone": [one.auc_alone for one in report.suspects],
                    "Left out": [one.left_out for one in report.suspects],
                }
            ),
            hide_index=True,
            column_config={"Alone": st.column_config.NumberColumn(format="%.2f", help="ROC AUC of the column alone")},
            alt="Columns that may know the future, and why",
        )
    if report.with_suspects is not None:
        st.text(with_and_without(report))
    used, left = st.columns(2, gap="medium")
    used.dataframe(pd.DataFrame({"Used": list(report.columns_used)}), hide_index=True, alt="Columns that were used")
    left.dataframe(
        pd.DataFrame(
            {
                "Left out": [one.name for one in report.columns_dropped],
                "Why": [one.reason for one in report.columns_dropped],
            }
        ),
        hide_index=True,
        placeholder="",
        alt="Columns that were left out, and why",
    )


def _fairness(report: Report) -> None:
    found = [one for one in report.protected if one.groups]
    if not found:
        return
    st.subheader("Fair housing", anchor=False)
    st.caption("Columns that look protected or stand in for what is, and the share of each group that is called first.")
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "Column": one.name,
                    "Looks like": one.looks_like,
                    "Used": one.used,
                    "Group": group.group,
                    "Leads": group.rows,
                    "Called first": 100 * group.called_first,
                    "Succeeded": 100 * group.converted,
                }
                for one in found
                for group in one.groups
            ]
        ),
        hide_index=True,
        column_config={
            "Called first": st.column_config.NumberColumn(format="%.0f %%", help="In the first fifth by score"),
            "Succeeded": st.column_config.NumberColumn(format="%.0f %%"),
        },
        alt="Share called first in each group of protected columns",
    )
