"""What waits for a person: escalations that Claude was not asked about, or gave no opinion on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.errors import JorgeError
from core.scoring import Tier
from core.services.access import Right
from core.services.center import CommandCenter
from core.services.escalations import review
from core.store.opinions import Status, StoredOpinion
from core.words import counted
from pages.components.empty import nothing
from pages.components.escalation_words import REASONS, state_of
from pages.components.problem import attempt
from pages.components.session_page import page_of
from pages.components.words import dollars, in_markdown, percent

SHOWN = 10
NEWEST, LARGEST = ORDERS = ("Newest first", "Largest commission first")


def for_review(center: CommandCenter) -> None:
    """A card a lead with what can be decided, ten a page; and the backlog at half the price when it is long."""
    st.subheader("For review", anchor=False)
    total = review.to_review(center)
    if not total:
        nothing("Nothing to review", "No lead waits, and every question that was asked got an opinion.")
        return
    by_commission = total > SHOWN and _order() == LARGEST
    page = page_of("review_page", -(-total // SHOWN))  # decided ones make the last page go
    rows = review.for_review(center, SHOWN, SHOWN * (page - 1), by_commission=by_commission)
    waiting = review.count(center, Status.WAITING)
    if waiting > review.BACKLOG_FROM and review.is_set_up(center) and center.actor.may(Right.ALL_LEADS):
        _backlog(center, waiting)
    for row in rows:
        _card(center, row)
    if total > SHOWN:
        first = SHOWN * (page - 1) + 1
        st.caption(f"{first:,} to {first + len(rows) - 1:,} of {total:,}")
        st.pagination(-(-total // SHOWN), key="review_page")


def _order() -> str:
    chosen = st.segmented_control(
        "Order", ORDERS, default=NEWEST, required=True, key="review_order", label_visibility="collapsed"
    )
    return chosen or NEWEST


def _backlog(center: CommandCenter, waiting: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(
            f"{counted(waiting, 'lead waits', 'leads wait')}. As one batch they cost half, and take up to a day.",
            width="stretch",
        )
        if st.button("Ask the backlog at half price", icon=":material/nights_stay:", key="ask_backlog"):
            with attempt():
                review.ask_backlog(center)
                st.rerun()


def _card(center: CommandCenter, row: StoredOpinion) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            _tier(row.tier)
            st.text(row.name or row.lead_id)
            money = "" if row.commission_usd is None else f", {dollars(row.commission_usd)} for both sides"
            st.caption(in_markdown(f"{percent(row.probability)} chance, {percent(row.confidence)} sure{money}"))
            st.page_link("lead.py", label="Open", query_params={"id": row.lead_id})
        st.text(f"{REASONS.get(row.asked_because, row.asked_because)}. {state_of(row, center.actor)}")
        _buttons(center, row)


def _tier(tier: Tier) -> None:
    words = tier.value.capitalize()
    if tier is Tier.HOT:
        st.badge(words, color="red")
    elif tier is Tier.WARM:
        st.badge(words, color="orange")
    else:
        st.badge(words, color="blue")


def _buttons(center: CommandCenter, row: StoredOpinion) -> None:
    # The decisions are callbacks: a lead that somebody else has decided since is not drawn again, nor its buttons.
    with st.container(horizontal=True):
        st.button(
            f"Agree: {row.tier.value}", key=f"agree_{row.opinion_id}", icon=":material/check:",
            on_click=_decide, args=(review.agree, center, row.opinion_id),
        )  # fmt: skip
        for tier in Tier:
            if tier is row.tier:
                continue
            st.button(
                f"Make it {tier.value}", key=f"make_{tier.value}_{row.opinion_id}",
                on_click=_decide, args=(review.set_tier, center, row.opinion_id, tier),
            )  # fmt: skip
        if review.is_set_up(center) and st.button("Ask now", key=f"ask_{row.opinion_id}", icon=":material/forum:"):
            with attempt():
                review.ask_now(center, row.lead_id)
                st.rerun()


def _decide(decision: Callable[..., bool], *told: Any) -> None:
    try:
        if not decision(*told):
            st.toast("Somebody else was faster: this lead was decided already, and nothing was changed.")
    except JorgeError as error:
        st.toast(in_markdown(str(error)), icon=":material/error:")
