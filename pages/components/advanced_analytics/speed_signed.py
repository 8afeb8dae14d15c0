"""How often leads sign by how soon they were answered."""

from __future__ import annotations

import streamlit as st

from core.analytics.answer_curve import FEWEST_SIGNED, LANDMARK_HOURS
from core.charts import Estimate, signed_by_answer
from core.services.analyses.speed import SpeedToLead, share_signed
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted, duration
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_filters import answer_words
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import leads_address

COLUMNS = (
    TableColumn("First answer"),
    TableColumn("Leads", Kind.COUNT),
    TableColumn("Signed", Kind.COUNT),
    TableColumn("Share", Kind.SHARE),
    TableColumn("At least", Kind.SHARE),
    TableColumn("At most", Kind.SHARE),
)


def signed_by_speed(wanted: LeadFilter, found: SpeedToLead, automatic: bool) -> None:
    """Show the team's own curve, and what it does not prove."""
    st.subheader("What became of them, by how soon they were answered", anchor=False)
    curve = found.signed
    if curve is None:
        few = f"{counted(found.contracts, 'contract')} in this selection so far"
        nothing(f"{few}; {FEWEST_SIGNED} are needed", "Then the share that signs is shown for each time to an answer.")
        return
    told = [(place, one, share_signed(one)) for place, one in enumerate(curve.buckets) if one.leads]
    ways = {answer_words(place): _behind(wanted, place, automatic) for place, _, _ in told}
    groups = [
        Estimate(answer_words(place), 100 * one.signed / one.leads, 100 * low, 100 * high, one.leads)
        for place, one, (low, high) in told
    ]
    alt = "Share that signed by the time to the first answer, with 95 % intervals"
    figure_chart(signed_by_answer(groups), key="signed_by_answer", alt=alt, ways=ways, click="a bar")
    st.caption(
        f"The {curve.leads:,} leads that came in at least {curve.age_days:.0f} days ago, by when nine in ten of the "
        f"contracts were signed, and were still open {duration(LANDMARK_HOURS)} after they came: by how soon they were "
        f"answered until then, and how many of them signed later, by that age. {curve.ended:,} that had signed or were "
        "lost sooner are left out: they left no time for a late answer, which would make answers look as if they "
        "helped. Younger ones have had less time. The whiskers hold the true share 95 times in 100. This is a "
        "correlation: who is answered sooner may differ in agent, hour and source too.",
        help="Wilson's intervals at 95 %.",
    )
    with st.expander("The same as numbers; a click opens the leads"):
        rows = [
            (answer_words(place), one.leads, one.signed, one.signed / one.leads, *ends) for place, one, ends in told
        ]
        table = Table(COLUMNS, rows)
        figure_table(table, key="signed_table", name="Signed by speed of the answer", addresses=list(ways.values()))


def _behind(wanted: LeadFilter, place: int, automatic: bool) -> Address:
    told = leads_address(wanted, answer=[answer_words(place)])
    return {**told, "quick": "true"} if automatic else told
