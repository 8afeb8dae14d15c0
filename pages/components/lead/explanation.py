"""Why the score is what it is: the bars, and the same in sentences."""

from __future__ import annotations

import streamlit as st

from core.charts import waterfall
from core.charts.frame import CONFIG
from core.features.catalog import CATALOG
from core.services.lead.leads import LeadDetail
from pages.components.empty import nothing
from pages.components.words import percent

LABELS = {feature.name: feature.label for feature in CATALOG}
SENTENCES = 8


def explanation(detail: LeadDetail) -> None:
    """Show the exact contributions from the average lead to this one, and the largest as sentences."""
    st.subheader("Why this score", anchor=False)
    latest = detail.latest
    if latest is None:
        nothing("Not scored yet", "Score the lead to see what raises and what lowers its chance.")
        return
    score = latest.score
    bars = [(LABELS[name], amount) for name, amount in latest.contributions.items()]
    st.plotly_chart(
        waterfall(score.base_value, bars, score.raw_probability),
        key="waterfall",
        config=CONFIG,
        alt=f"From the average lead's {percent(score.base_value, 1)} to {percent(score.raw_probability, 1)}",
    )
    st.caption(
        f"The bars add up to the model's raw probability, {percent(score.raw_probability, 1)}. "
        f"Held against what really happened (calibrated), that is a chance of {percent(score.probability, 1)}."
    )
    told = [item for item in detail.contributions if item["contribution"] != 0][:SENTENCES]
    with st.container(gap="xxsmall"):
        for item in told:
            st.text(item["text"])
