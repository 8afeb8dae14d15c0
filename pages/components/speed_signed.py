"""How often leads sign by how soon they were answered."""

from __future__ import annotations

import streamlit as st

from core.analytics.answer_curve import FEWEST_SIGNED, AnswerBucket
from core.charts import Estimate, signed_by_answer
from core.charts.frame import CONFIG
from core.services.speed import SpeedToLead, share_signed
from core.transfer.table import Kind, Table, TableColumn
from pages.components.empty import nothing
from pages.components.figure_table import figure_table
from pages.components.words import duration

COLUMNS = (
    TableColumn("First answer"),
    TableColumn("Leads", Kind.COUNT),
    TableColumn("Signed", Kind.COUNT),
    TableColumn("Share", Kind.SHARE),
    TableColumn("At least", Kind.SHARE),
    TableColumn("At most", Kind.SHARE),
)


def signed_by_speed(found: SpeedToLead) -> None:
    """Show the team's own curve, and what it does not prove."""
    st.subheader("What became of them, by how soon they were answered", anchor=False)
    curve = found.signed
    if curve is None:
        few = f"{found.contracts} {'contract' if found.contracts == 1 else 'contracts'} in this selection so far"
        nothing(f"{few}; {FEWEST_SIGNED} are needed", "Then the share that signs is shown for each time to an answer.")
        return
    counted = [(one, share_signed(one)) for one in curve.buckets if one.leads]
    groups = [
        Estimate(bucket_words(one), 100 * one.signed / one.leads, 100 * low, 100 * high, one.leads)
        for one, (low, high) in counted
    ]
    st.plotly_chart(
        signed_by_answer(groups),
        key="signed_by_answer",
        config=CONFIG,
        alt="Share that signed by the time to the first answer, with 95 % intervals",
    )
    st.caption(
        f"The {curve.leads:,} leads that came in at least {curve.age_days:.0f} days ago, by when nine in ten of the "
        f"contracts were signed, and how many of them signed by that age; younger ones have had less time and are left "
        "out. The whiskers hold the true share 95 times in 100. This is a correlation: who is answered sooner may "
        "differ in agent, hour and source too.",
        help="Wilson's intervals at 95 %.",
    )
    with st.expander("The same as numbers"):
        rows = [(bucket_words(one), one.leads, one.signed, one.signed / one.leads, *ends) for one, ends in counted]
        figure_table(Table(COLUMNS, rows), key="signed_table", name="Signed by speed of the answer")


def bucket_words(one: AnswerBucket) -> str:
    """A bucket in words.

    >>> bucket_words(AnswerBucket(0.0, 5 / 60, 1, 0)), bucket_words(AnswerBucket(72.0, None, 1, 0))
    ('within 5 min', 'after 3 days')
    >>> bucket_words(AnswerBucket(1.0, 4.0, 1, 0)), bucket_words(AnswerBucket(None, None, 1, 0))
    ('1 h to 4 h', 'not before')
    """
    if one.from_hours is None:
        return "not before"
    if one.to_hours is None:
        return f"after {duration(one.from_hours)}"
    end = duration(one.to_hours)
    return f"{duration(one.from_hours)} to {end}" if one.from_hours else f"within {end}"
