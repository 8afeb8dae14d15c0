"""What can be done with a lead: log a touch, score again, set its tier, record what became of it and take that back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import streamlit as st
from pydantic import ValidationError

from core.leads import Outcome, Stage, utc_now
from core.scoring import Tier
from core.services.center import CommandCenter
from core.services.lead import leads
from core.services.lead.leads import LeadDetail
from core.services.scores import scoring
from core.words import day_words
from pages.components.lead.logged_touches import log_touch
from pages.components.problem import attempt, problem
from pages.components.said import say_after_the_rerun
from pages.components.words import DATE_FIELD, dollars, local, today, viewer_zone

LASTS = {"1 day": 1, "1 week": 7, "1 month": 30, "Until I change it": None}
WITH_PRICE = (Stage.CONTRACT, Stage.CLOSED)


def lead_actions(center: CommandCenter, detail: LeadDetail) -> None:
    """Four buttons; all but the last ask for what they need in a dialog."""
    with st.container(horizontal=True):
        if st.button("Record outcome", type="primary", icon=":material/flag:"):
            record_outcome(center, detail)
        if st.button("Log a touch", icon=":material/call:"):
            log_touch(center, detail, utc_now())
        if st.button("Set tier by hand", icon=":material/edit:"):
            set_tier(center, detail)
        if st.button("Score again", icon=":material/refresh:"):
            with attempt():
                scoring.score_stored(center, detail.history.lead.lead_id)
                st.rerun()


@st.dialog("Set the tier by hand")
def set_tier(center: CommandCenter, detail: LeadDetail) -> None:
    """Ask for tier, reason and how long it holds; the model's own score stays as it is."""
    st.caption("Your tier stands in for the model's until it expires. The score itself is not changed.")
    tier = st.segmented_control("Tier", list(Tier), format_func=str.capitalize, key="hand_tier")
    reason = st.text_input(
        "Reason", max_chars=300, key="hand_reason", placeholder="What the model cannot know", live=True
    )
    lasts = st.selectbox("Holds for", list(LASTS), index=1, key="hand_lasts")
    ready = tier is not None and bool(reason and reason.strip())
    lead_id = detail.history.lead.lead_id
    with st.container(horizontal=True):
        save = st.button("Set tier", type="primary", disabled=not ready, key="hand_save")
        end = detail.override is not None and st.button("Back to the model's tier", key="hand_end")
    if not end and (not save or tier is None):
        return
    days = LASTS[lasts]
    expires_at = None if days is None else utc_now() + timedelta(days=days)
    with attempt():
        if end:
            leads.end_override(center, lead_id)
        elif tier is not None:
            leads.override_score(center, lead_id, tier, reason or "", expires_at)
        st.rerun()


@st.dialog("Record an outcome")
def record_outcome(center: CommandCenter, detail: LeadDetail) -> None:
    """Ask what happened and when, show it in one sentence, and store it on a second click."""
    stands = detail.history.lead.stage
    stage = st.selectbox(
        "The lead reached", list(Stage), index=_likely(stands), format_func=str.capitalize, key="out_stage"
    )
    on = st.date_input("On", today(), max_value=today(), key="out_on", format=DATE_FIELD)
    price = _price() if stage in WITH_PRICE else None
    reason = st.text_input("Reason", max_chars=300, key="out_reason") if stage is Stage.LOST else ""
    sure = st.checkbox(f"Yes, {stage} on {day_words(on)}. The model will learn from it.", key="out_sure")
    if not st.button("Record", type="primary", disabled=not sure, key="out_save"):
        return
    try:
        outcome = Outcome(
            lead_id=detail.history.lead.lead_id,
            stage=stage,
            occurred_at=_at(on),
            sale_price_usd=price,
            reason=reason or None,
        )
    except ValidationError as error:
        problem(error.errors()[0]["msg"])
        return
    with attempt():
        new = leads.record_outcome(center, outcome)
        say_after_the_rerun(f"{'Recorded' if new else 'Known already'}: {stage} on {day_words(on)}")
        st.rerun()


def _likely(stands: Stage) -> int:
    """The place of the stage that comes next; of a lead that was lost, of the first that tells of a new beginning."""
    following = {Stage.LOST: Stage.QUALIFIED, Stage.CLOSED: Stage.CLOSED}
    return list(Stage).index(following[stands]) if stands in following else list(Stage).index(stands) + 1


def _price() -> Decimal | None:
    told = st.number_input(
        "Sale price in USD", 0.0, 1e9, None, step=1000.0, format="%.0f", key="out_price",
        help="Without it the closing counts in no commission.",
    )  # fmt: skip
    return None if told is None else Decimal(str(told))


def _at(on: date) -> datetime:
    """Noon of that day for the viewer, or now when noon is still to come."""
    noon = datetime.combine(on, time(12), viewer_zone()).astimezone(UTC)
    return min(noon, utc_now())


def outcomes_so_far(center: CommandCenter, detail: LeadDetail) -> None:
    """A line for each stage that was reached, with the way to take it back."""
    if not detail.outcomes:
        return
    st.subheader("What became of it", anchor=False)
    with st.container(gap="xxsmall"):
        for outcome in detail.outcomes:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(_line(outcome), width="stretch")
                # By what it is, not by its place: what somebody else took back meanwhile must not make it another one.
                key = f"take_back_{outcome.stage}_{outcome.occurred_at.timestamp()}"
                if st.button("Take back", key=key, type="tertiary", icon=":material/undo:"):
                    take_back(center, outcome, is_only=len(detail.outcomes) == 1)


def _line(outcome: Outcome) -> str:
    day = day_words(local(outcome.occurred_at))
    price = f", at {dollars(outcome.sale_price_usd)}" if outcome.sale_price_usd else ""
    why = f": {outcome.reason}" if outcome.reason else ""
    return f"{day}: {outcome.stage.value.capitalize()}{price}{why}"


@st.dialog("Take this outcome back?")
def take_back(center: CommandCenter, outcome: Outcome, *, is_only: bool) -> None:
    """Say what will be gone and where the lead then stands; forget the outcome on a second click."""
    st.text(_line(outcome))
    alone = "It then stands where the file that brought it said; if that said nothing, it counts as Generated"
    after = alone if is_only else "It then stands where the latest of the others left it"
    st.caption(f"For an outcome that was recorded by mistake: the lead never reached this. {after}.")
    if not st.button("Take it back", type="primary", key="take_back_yes"):
        return
    with attempt():
        gone = leads.take_back_outcome(center, outcome)
        say_after_the_rerun("Taken back" if gone else "Somebody took it back already")
        st.rerun()
