"""The trade behind the threshold, in words, as a curve and as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.charts import CoveragePoint, coverage_curve
from core.charts.frame import CONFIG
from core.scoring import Selective, answered_alone
from core.services.center import CommandCenter
from core.services.workspace import ThresholdEffect
from core.words import counted
from pages.components.empty import nothing
from pages.components.threshold_slider import BELOW, BELOW_HELP
from pages.components.words import in_percent, percent

STEPS = np.round(np.arange(0.50, 0.995, 0.01), 2)
IN_TABLE = (0.50, 0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 0.99)


def threshold_words(effect: ThresholdEffect) -> None:
    """Four figures that say what the present threshold does."""
    chosen = effect.selective
    if chosen is None:
        nothing("No model", "Without a model there is no confidence, and nothing to set a threshold on.")
        return
    with st.grid(4, min_column_width=200):
        st.metric("Threshold", f"{chosen.threshold:.2f}", border=True)
        st.metric(
            BELOW,
            f"{effect.to_claude:,} of {effect.total:,}" if effect.total else "no leads yet",
            border=True,
            help=BELOW_HELP,
        )
        st.metric(
            "Answered alone",
            percent(chosen.coverage),
            border=True,
            help=f"{chosen.answered:,} of {counted(chosen.total, 'lead')} that the model did not learn from.",
        )
        st.metric(
            "Right on those",
            percent(chosen.accuracy, 1) if chosen.answered else "none left",
            border=True,
            help="Right means: it said that the lead will sign and it did, or that it will not and it did not.",
        )
    if chosen.answered:
        low, high = percent(chosen.accuracy_low, 1), percent(chosen.accuracy_high, 1)
        st.caption(f"The true share lies between {low} and {high} (95 % interval).")


def threshold_trade(center: CommandCenter, threshold: float) -> None:
    """The curve over every threshold, from leads that the model did not learn from."""
    holdout = center.model.holdout
    if not len(holdout.probability):
        nothing("No held-out leads", "This model came without leads to measure it on, so its trade is not known.")
        return
    points = [_point(answered_alone(holdout, float(step))) for step in STEPS]
    st.plotly_chart(
        coverage_curve(points, threshold),
        key="coverage_curve",
        config=CONFIG,
        alt="Share answered alone falls and accuracy rises with the threshold",
    )
    st.caption(
        "The band is the 95 % interval. Farther right: fewer answers, more often right, more leads below the threshold."
    )


def _point(at: Selective) -> CoveragePoint:
    return CoveragePoint(at.threshold, at.coverage or 0.0, at.accuracy, at.accuracy_low, at.accuracy_high)


def threshold_table(center: CommandCenter) -> None:
    """The trade at nine thresholds."""
    rows = [answered_alone(center.model.holdout, step) for step in IN_TABLE]
    st.dataframe(
        pd.DataFrame(
            {
                "Threshold": [row.threshold for row in rows],
                "Answered alone": [in_percent(row.coverage) for row in rows],
                "Leads": [row.answered for row in rows],
                "Right": [in_percent(row.accuracy) for row in rows],
                "At least": [in_percent(row.accuracy_low) for row in rows],
                "At most": [in_percent(row.accuracy_high) for row in rows],
            }
        ),
        hide_index=True,
        column_config={
            "Threshold": st.column_config.NumberColumn(format="%.2f"),
            "Answered alone": st.column_config.NumberColumn(format="%.1f %%"),
            "Right": st.column_config.NumberColumn(format="%.1f %%"),
            "At least": st.column_config.NumberColumn(format="%.1f %%", help="95 % interval"),
            "At most": st.column_config.NumberColumn(format="%.1f %%", help="95 % interval"),
        },
        alt="Share answered alone and accuracy at nine thresholds",
    )
