"""What the second opinion costs and what it was worth."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.charts import escalations_by_day
from core.charts.frame import CONFIG
from core.services.escalations.report import ENOUGH, EscalationReport, Verdict
from core.store.opinions import Status
from core.words import counted
from pages.components.empty import nothing
from pages.components.escalation_words import REASONS, SHOWN_STATUS, cost, seconds
from pages.components.words import BOTH_SIDES, dollars, in_markdown, percent


def escalation_figures(found: EscalationReport) -> None:
    """How many, how long, how dear, against the commission of the leads concerned."""
    with st.grid(5, min_column_width=150):
        st.metric("Escalated, 30 days", f"{found.total:,}", border=True)
        st.metric("Time per opinion", seconds(found.mean_ms), border=True)
        st.metric("Cost per opinion", in_markdown(cost(found.mean_cost_usd)), border=True)
        st.metric(
            "Spent, 30 days",
            in_markdown(cost(found.spent_usd)),
            border=True,
            help="What Claude was paid. Simulated opinions cost nothing and are left out.",
        )
        st.metric(
            BOTH_SIDES,
            in_markdown(dollars(found.commission_usd)) if found.commission_usd else "not known",
            border=True,
            help="Price x the team's total rate of the leads that Claude was asked about, if each of them closed.",
        )
    if found.simulated:
        st.caption(
            f"{found.simulated:,} of these answered by the stand-in on this machine, so simulated: the cost is what it "
            "would have been, and no money was spent."
        )


def why_and_when(found: EscalationReport) -> None:
    """Reason by reason, and day by day."""
    why, rate = st.columns([2, 3], gap="medium")
    with why:
        st.subheader("Why", anchor=False)
        reasons = {name: counts for name, counts in found.by_reason.items() if sum(counts.values())}
        shown = [status for status in Status if any(counts[status] for counts in reasons.values())]
        st.dataframe(
            pd.DataFrame(
                {
                    "Reason": [REASONS[name] for name in reasons],
                    "Leads": [sum(counts.values()) for counts in reasons.values()],
                    **{SHOWN_STATUS[status]: [counts[status] for counts in reasons.values()] for status in shown},
                }
            ),
            hide_index=True,
            alt="Escalations by reason and by what became of them",
        )
    with rate:
        st.subheader("How many per day", anchor=False)
        st.plotly_chart(
            escalations_by_day(found.by_day, REASONS),
            key="escalations_by_day",
            config=CONFIG,
            alt="Escalations a day, by reason",
        )


def worth(verdict: Verdict) -> None:
    """Where Claude and the model disagreed, and who was nearer to what happened."""
    st.subheader("Who was right", anchor=False)
    if not verdict.judged:
        nothing(
            "No outcome yet",
            "Once leads with an opinion are won or lost, this says who was nearer: Claude or the model.",
        )
        return
    st.text(
        f"{counted(verdict.judged, 'lead with an opinion has', 'leads with an opinion have')} an outcome since. "
        f"Claude and the model disagreed on {verdict.disagreed:,} of them; Claude was nearer on {verdict.claude:,}."
    )
    if verdict.simulated:
        st.badge("Simulated", color="orange", icon=":material/science:")
    if verdict.share is None:
        st.caption(f"Too few to tell: {counted(verdict.disagreed, 'disagreement')} so far, {ENOUGH} are needed.")
        return
    low, high = percent(verdict.share_low), percent(verdict.share_high)
    st.text(f"That is {percent(verdict.share)}; the true share lies between {low} and {high}, 95 times in 100.")
    (up, of_up), (down, of_down) = verdict.higher, verdict.lower
    st.text(
        f"Of those that Claude put higher {up:,} of {of_up:,} signed, of those it put lower {down:,} of {of_down:,}."
    )
    if verdict.difference is None:
        st.caption(f"Too few on one side to compare the two: {ENOUGH} of each are needed.")
        return
    difference, low_d, high_d = (100 * value for value in verdict.difference)
    st.text(f"A difference of {difference:.0f} points, between {low_d:.0f} and {high_d:.0f} (95 %, Newcombe).")
