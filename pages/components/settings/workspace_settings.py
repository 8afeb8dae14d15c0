"""The cards of the settings page."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import streamlit as st

from core.errors import JorgeError
from core.scoring import TierEdges
from core.services import sample, workspace
from core.services.center import CommandCenter
from core.services.lead import leads
from core.services.model.model_report import tier_shares
from pages.components.empty import load_sample_button
from pages.components.problem import problem
from pages.components.words import percent


def commission_rate(center: CommandCenter) -> None:
    """The team's rate, both sides of a sale together."""
    with st.container(border=True):
        st.subheader("Commission rate", anchor=False)
        st.caption("Both sides of a sale together. 6 % is the usual total; a single side is about half of it.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            rate = st.number_input(
                "Rate in percent",
                min_value=0.0,  # what JORGE_COMMISSION_RATE may say is never below it
                max_value=20.0,
                value=float(100 * workspace.commission_rate(center)),
                step=0.05,
                format="%.2f",
                key="rate",
                width=180,
            )
            if st.button("Save rate", key="save_rate"):
                share = Decimal(str(rate)) / 100  # 5.8 / 100 is 0.057999... as a float
                _save(lambda: workspace.set_commission_rate(center, share), f"Rate is now {rate:.2f} %")


def tier_edges(center: CommandCenter) -> None:
    """Lowest chance of a hot and of a warm lead, with the share that signed in each tier beside them."""
    edges = workspace.tier_edges(center)
    with st.container(border=True):
        st.subheader("Tiers", anchor=False)
        st.caption(
            f"The model came with hot from {percent(center.model.tier_edges.hot, 1)} "
            f"and warm from {percent(center.model.tier_edges.warm, 1)}."
        )
        place = st.empty()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            hot = st.number_input(
                "Hot from, in percent", 0.0, 100.0, 100 * edges.hot, step=0.5, format="%.1f", key="hot", width=180
            )
            warm = st.number_input(
                "Warm from, in percent", 0.0, 100.0, 100 * edges.warm, step=0.5, format="%.1f", key="warm", width=180
            )
            with place:
                _worth(center, hot, warm)
            if st.button("Save tiers", key="save_tiers"):
                if warm > hot:
                    st.error(f"Warm starts at {warm:.1f} %, above hot at {hot:.1f} %. Set warm lower.")
                else:
                    _save(
                        lambda: workspace.set_tier_edges(center, TierEdges(hot / 100, warm / 100)),
                        "Tiers are saved; they count from the next score on",
                    )


def _worth(center: CommandCenter, hot: float, warm: float) -> None:
    if warm > hot:
        return
    worth = [
        f"{share.tier} {percent(share.share)} of {share.leads:,}"
        for share in tier_shares(center.model.holdout, TierEdges(hot / 100, warm / 100))
        if share.leads
    ]
    if worth:
        st.caption(f"With the edges below, of the held-out leads in each tier signed: {', '.join(worth)}.")


def sample_workspace(center: CommandCenter) -> None:
    """Load the sample into an empty workspace, or clear it after a second question."""
    with st.container(border=True):
        st.subheader("Sample workspace", anchor=False)
        if workspace.is_sample(center):
            st.caption("The workspace holds generated leads. Clearing removes every lead, score and outcome in it.")
            if st.button("Clear the sample", key="clear_sample"):
                _confirm_clear(center)
        elif leads.browse(center, page_size=1).total:
            st.caption("The workspace holds leads of your own, so the sample cannot be loaded into it.")
        else:
            st.caption("2,000 generated leads over 18 months, to look around. They can be cleared again.")
            load_sample_button(center)


@st.dialog("Clear the sample workspace?")
def _confirm_clear(center: CommandCenter) -> None:
    st.caption(
        "Every lead, score and outcome goes, those that came in by the API meanwhile as well. "
        "This cannot be undone; the sample can be loaded again."
    )
    with st.container(horizontal=True):
        clear = st.button("Clear it", type="primary", key="clear_yes")
        if clear and _save(lambda: sample.clear_sample(center), "The sample is cleared"):
            st.rerun()
        if st.button("Keep it", key="clear_no"):
            st.rerun()


def _save(change: Callable[[], None], said: str) -> bool:
    """Whether it went; if not, the problem is shown, and a rerun would take it away."""
    try:
        change()
    except (JorgeError, ValueError) as error:
        problem(error)
        return False
    st.toast(said)
    return True
