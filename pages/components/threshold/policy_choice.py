"""Which leads Claude is asked about: the two policies side by side, and thresholds of single sources."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.services import workspace
from core.services.access import Right
from core.services.center import CommandCenter
from core.services.escalations import policy
from core.services.escalations.policy import Policy
from core.services.escalations.trade import PolicyEffect, effects
from core.services.lead import leads
from pages.components.escalation_words import cost
from pages.components.problem import attempt
from pages.components.words import choice, in_markdown

NAMES = {Policy.PLAIN: "Whenever the model is unsure", Policy.BY_VALUE: "Only where an answer could matter"}
WORDS = {
    Policy.PLAIN: "Asks about every lead whose confidence is below the threshold.",
    Policy.BY_VALUE: "Asks where the interval of the chance crosses the edge of a tier, and the commission that hangs "
    "on it exceeds the price of asking.",
}


def policy_choice(center: CommandCenter) -> None:
    """What each policy would ask about, and the choice between them."""
    st.subheader("Which leads go to Claude", anchor=False)
    chosen = policy.policy(center)
    for column, effect in zip(st.columns(2, gap="medium"), effects(center), strict=True):
        with column, st.container(border=True, height="stretch"):
            _effect(center, effect, effect.policy is chosen)
    st.caption(
        "From leads scored in the last 30 days and the last scores of signed leads before they signed. "
        "The interval comes from the 200 held-out leads that are nearest."
    )
    _by_source(center)


def _effect(center: CommandCenter, effect: PolicyEffect, is_chosen: bool) -> None:
    may = center.actor.may(Right.SETTINGS)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(NAMES[effect.policy], width="stretch")
        if is_chosen:
            st.badge("In force", color="green", icon=":material/check:")
        elif st.button("Use this", key=f"use_{effect.policy.value}", disabled=not (effect.is_measurable and may)):
            policy.set_policy(center, effect.policy)
            st.rerun()
    st.caption(WORDS[effect.policy])
    if not effect.is_measurable:
        st.caption("Cannot decide here: it needs a model with at least 30 held-out leads, and a price of asking.")
        return
    monthly = "not known" if effect.monthly_usd is None else cost(effect.monthly_usd)
    with st.grid(3, min_column_width=110):
        st.metric("A day", _a_day(effect.a_day), help=f"{effect.asked:,} of {effect.leads:,} open leads in 30 days.")
        st.metric("A month", in_markdown(monthly), help="At the average price of an opinion so far.")
        st.metric(
            "Signed",
            f"{effect.signed_asked:,} of {effect.signed:,}" if effect.signed else "none yet",
            help="Leads that signed a contract: how many this asks about by their last score before it.",
        )


def _a_day(asked: Decimal) -> str:
    """How many a day; some, but few, are not none.

    >>> _a_day(Decimal("12.34")), _a_day(Decimal(1) / 30), _a_day(Decimal(0))
    ('12.3', 'under 0.1', '0')
    """
    return "under 0.1" if 0 < asked < Decimal("0.05") else f"{asked:.1f}" if asked else "0"


def _by_source(center: CommandCenter) -> None:
    by_source = workspace.threshold_by_source(center)
    many = f" ({len(by_source)})" if by_source else ""
    with st.expander(f"Thresholds of single sources{many}"):
        st.caption("A source whose leads the model judges worse may have a higher threshold than the workspace.")
        for source, value in by_source.items():
            st.text(f"{source}: {value:.2f}")
        sources = sorted(leads.facets(center).sources)
        if not sources:
            st.caption("No lead has a source yet.")
            return
        if not center.actor.may(Right.SETTINGS):
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            source = st.selectbox("Source", sources, format_func=choice, key="source_of_threshold")
            present = by_source.get(source, workspace.threshold(center))
            # A field for each source and value: it begins at the one that this source has.
            field = f"threshold_of_{source}_{present}"
            value = st.number_input("Threshold", 0.50, 0.99, present, 0.01, key=field)
            if st.button("Set", key="set_source_threshold"):
                _keep(center, {**by_source, source: value})
            if source in by_source and st.button("Remove", key="drop_source_threshold"):
                _keep(center, {name: kept for name, kept in by_source.items() if name != source})


def _keep(center: CommandCenter, by_source: dict[str, float]) -> None:
    with attempt():
        workspace.set_threshold_by_source(center, by_source)
        st.rerun()
