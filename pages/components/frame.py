"""What every page wears: the way to the services, the banner over sample data, the notices of what is down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from core.services import health, sample, workspace
from core.services.access import Right
from core.services.center import CommandCenter, current
from pages.components import sign_in
from pages.components.look import look
from pages.components.problem import told
from pages.components.said import say_what_was_kept
from pages.components.way_back import way_back
from pages.components.words import choice, in_markdown, when

WHAT_STILL_WORKS = {
    "database": "Nothing can be read or stored until it is back.",
    "redis": "Scoring, leads and files work; the live list reads the database, a few seconds late.",
    "ml_model": "Stored leads and scores can be read; nothing new is scored.",
}
UNTIL_READY = "It scores by itself once it is, in a minute or two. Stored leads and scores can be read until then."
NAMES = {"database": "The database", "redis": "The live feed", "ml_model": "The model"}
FOR_ADMINS = {"redis": " Redis does not answer."}
WELL = ("healthy", "ok")
TICK_S = 1.0
LOOK_AGAIN_S = 5.0  # while something is down


def center() -> CommandCenter:
    """The services behind every screen, as whoever looks at it may use them."""
    return sign_in.center_of_viewer(current())


def show(run: Callable[[], None]) -> None:
    """Show the notices, then the page; an error that was raised on purpose becomes one clear sentence."""
    with told():
        say_what_was_kept()
        notices(center())
        run()


def title(words: str, caption: str) -> None:
    """The head of a page: its name and one sentence on what it is for."""
    with st.container(gap=None):
        st.title(words, anchor=False)
        st.caption(caption)
        way_back()
        look()


def notices(services: CommandCenter) -> None:
    """Above every page: whether the data is a sample, and which dependency is down since when."""
    if workspace.is_sample(services):
        way_out = " Clear it in Settings." if services.actor.may(Right.SETTINGS) else ""
        st.info(f"Sample data: these leads were generated, so call nobody.{way_out}")
        if sample.loading(services) is not None:
            _loading(services)
    down = _what_is_down(services)
    if down:
        _until_it_is_back(services, frozenset(down))


def _what_is_down(services: CommandCenter) -> dict[str, dict[str, Any]]:
    checks = health.checks(services)["checks"]
    return {name: checks[name] for name in WHAT_STILL_WORKS if checks[name]["status"] not in WELL}


@st.fragment(run_every=LOOK_AGAIN_S)
def _until_it_is_back(services: CommandCenter, shown: frozenset[str]) -> None:
    """A notice for each thing that is down; the whole page comes anew once it is another one, or none any more."""
    down = _what_is_down(services)
    if down.keys() != shown:
        st.rerun()
    for name, check in down.items():
        with told("This notice"):  # a part that renews itself is not inside the page's own
            _down(services, name, check)


@st.fragment(run_every=TICK_S)
def _loading(services: CommandCenter) -> None:
    """How far the sample is, on every page until it is all there: its first leads show before its last are made."""
    with told("The progress of the sample"):
        share = sample.loading(services)
        if share is None:
            st.rerun()
        st.progress(share, text=f"Making and scoring leads: {share:.0%}")


def _down(services: CommandCenter, name: str, check: dict[str, Any]) -> None:
    since = check.get("since")
    moment = datetime.fromisoformat(since) if isinstance(since, str) else since
    told = f" since {when(moment)}" if moment else ""
    if check.get("getting_ready"):
        st.info(UNTIL_READY, title="The model is getting ready")
        return
    technical = _technical(name, check) if services.actor.may(Right.SETTINGS) else ""
    st.warning(f"{WHAT_STILL_WORKS[name]}{technical}", title=f"{NAMES[name]} is down{told}")


def _technical(name: str, check: dict[str, Any]) -> str:
    """Why it is down, where that is for an admin to read."""
    if name == "ml_model" and (why := str(check.get("detail", ""))):
        return choice(in_markdown(f" {why[:1].upper()}{why[1:]}.".replace("..", ".")))
    return FOR_ADMINS.get(name, "")
