"""Touches that the team logs by hand on a lead's screen: the dialog, the list, and taking one back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from core.leads import Interaction
from core.leads.clock import EARLIEST
from core.services.center import CommandCenter
from core.services.crm import rules
from core.services.lead import logged_touches
from core.services.lead.leads import LeadDetail
from core.services.lead.logged_touches import MOST_NOTE, Rescored, Way, Went, way_of
from core.words import counted
from pages.components.problem import attempt
from pages.components.said import say_after_the_rerun
from pages.components.words import DATE_FIELD, local, today, viewer_zone, when

SHOWN = 5
_REST_OF_MINUTE = timedelta(seconds=59)


@st.dialog("Log a touch", on_dismiss="rerun")  # so that the next time begins with the time of that moment
def log_touch(center: CommandCenter, detail: LeadDetail, opened: datetime) -> None:
    """Ask what it was, how it went and when; ``opened`` is the moment that stands there at first."""
    if rules.is_connected(center):
        st.caption("Calls and messages that the CRM records come in by themselves. Log what it does not record.")
    way = st.segmented_control(
        "What it was", list(Way), default=Way.CALL, required=True, format_func=str.capitalize, key="touch_way"
    )
    went = None
    if way is Way.CALL:
        went = st.segmented_control("How it went", list(Went), format_func=str.capitalize, key="touch_went")
    day, clock = st.columns(2)
    begun = local(opened)
    with day:
        on = st.date_input("Day", begun.date(), EARLIEST.date(), today(), key="touch_on", format=DATE_FIELD)
    with clock:
        at = st.time_input("Time", begun.time(), key="touch_at", step=60)
    note = st.text_input(
        "Note", max_chars=MOST_NOTE, key="touch_note", placeholder="Yours, not read as the lead's words"
    )
    if not st.button("Log it", type="primary", key="touch_save"):
        return
    with attempt():
        done = logged_touches.log_touch(
            center, detail.history.lead.lead_id, way, _moment(on, at, opened), went, note or ""
        )
        say_after_the_rerun(f"{way.capitalize()} logged. {_score(done)}" if done.done else "That is logged already")
        st.rerun()


def _moment(on: date, at: time, opened: datetime) -> datetime:
    """The minute that was told, as late in it as can be: who came in within this minute was called after that."""
    begun = datetime.combine(on, at.replace(second=0, microsecond=0), viewer_zone()).astimezone(UTC)
    return max(begun, min(begun + _REST_OF_MINUTE, opened))


def _score(done: Rescored) -> str:
    """How the score moved, in figures as the lead's card has them.

    >>> _score(Rescored(True, 68.4, 70.6)), _score(Rescored(True, 68.4, 67.9)), _score(Rescored(True, None, 70.6))
    ('Score 71, was 68.', 'Score 68, as before.', 'Score 71.')
    """
    if done.after is None:
        return "The model does not answer: score the lead again later."
    after, before = f"{done.after:.0f}", None if done.before is None else f"{done.before:.0f}"
    moved = "" if before is None else ", as before" if after == before else f", was {before}"
    return f"Score {after}{moved}."


def touches_logged(center: CommandCenter, detail: LeadDetail) -> None:
    """A line for each touch that was logged here, newest first, with the way to take it back."""
    if not detail.logged:
        return
    st.subheader("Logged by hand", anchor=False)
    newest, earlier = detail.logged[:SHOWN], detail.logged[SHOWN:]
    _lines(center, detail, newest)
    if earlier:
        with st.expander(counted(len(earlier), "earlier touch", "earlier touches")):
            _lines(center, detail, earlier)


def _lines(center: CommandCenter, detail: LeadDetail, touches: tuple[Interaction, ...]) -> None:
    with st.container(gap="xxsmall"):
        for touch in touches:
            with st.container(horizontal=True, vertical_alignment="center", wrap=False):
                st.text(_line(touch), width="stretch")
                # By what it is, not by its place: what somebody else took back meanwhile must not make it another one.
                key = f"take_back_touch_{hash(touch)}"
                if st.button("Take back", key=key, type="tertiary", icon=":material/undo:"):
                    take_back(center, detail, touch)


def _line(touch: Interaction) -> str:
    way = way_of(touch)
    went = f", {touch.subject.lower()}" if way is Way.CALL and touch.subject else ""
    note = f": {touch.text}" if touch.text else ""
    return f"{when(touch.occurred_at)}: {way.capitalize()}{went}{note}"


@st.dialog("Take this touch back?")
def take_back(center: CommandCenter, detail: LeadDetail, touch: Interaction) -> None:
    """Say which it is; forget it on a second click."""
    st.text(_line(touch))
    st.caption("For a touch that was logged by mistake: it never happened. The lead is scored again without it.")
    if not st.button("Take it back", type="primary", key="touch_back_yes"):
        return
    with attempt():
        done = logged_touches.take_back_touch(center, detail.history.lead.lead_id, touch)
        say_after_the_rerun(f"Taken back. {_score(done)}" if done.done else "Somebody took it back already")
        st.rerun()
