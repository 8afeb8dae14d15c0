"""The filters of the list of leads that are set, each a word that takes it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from core.analytics.anomalies import RECENT_DAYS
from core.services.access import Right
from core.services.analyses.missing_words import band_named, named
from core.services.center import CommandCenter
from core.services.commission.pipeline_words import MOVED, month_label
from core.words import day_words
from pages.components.figure_filters import EMPTY as OF_FIGURES
from pages.components.figure_filters import LATELY, answer_words, counted_words, stands_words
from pages.components.filter_boxes import first_page
from pages.components.lead_filters import EMPTY, first_tier_words
from pages.components.words import HOURS, WEEKDAYS, choice, in_markdown

MOST_SHOWN: Final = 24
_LISTS: Final[dict[str, tuple[str, Callable[[Any], str]]]] = {
    "source": ("Source", lambda name: choice(named("source", name))),
    "agent": ("Agent", lambda name: choice(named("agent", name))),
    "area": ("Area", lambda name: choice(named("area", name))),
    "stage": ("Stage", str.capitalize),
    "furthest": ("Came as far as", str.capitalize),
    "side": ("Side", str.capitalize),
    "price": ("Price", band_named),
    "hour": ("Came in at", lambda hour: f"{HOURS[hour]}:00 to {HOURS[hour]}:59"),
    "weekday": ("Came in on a", lambda day: WEEKDAYS[day]),
    "first_tier": ("First tier", first_tier_words),
    "answer": ("First answer", answer_words),
    "tried_hour": ("Tried at", lambda hour: f"{HOURS[hour]}:00 to {HOURS[hour]}:59"),
    "tried_weekday": ("Tried on a", lambda day: WEEKDAYS[day]),
}
_ONES: Final[dict[str, tuple[str, Callable[[Any], str]]]] = {
    "closing": ("Expected to close", month_label),
    "group": ("Group", str),
    "since": ("In this stage", lambda days: _span(days)),
    "since_utc": ("Days of the stage are UTC", lambda _: ""),
    "score": ("Score", lambda ends: f"{ends[0]} to {ends[1]}"),
    "came_in": ("Came in", lambda days: _span(days)),
    "for_claude": ("For Claude", lambda _: ""),
    "tried_by": ("Tried by", str),
    "quick": ("Quick messages count as a person's", lambda _: ""),
    "stands": ("Stands there", stands_words),
    "left": ("Left the stage", str.capitalize),
    "moved": ("Moved the pipeline", MOVED.__getitem__),
    "no_chance": ("Price, but no chance to close", lambda _: ""),
    "soon": ("Answered", str),
    "waits": ("Nobody has answered", lambda _: ""),
    "lately": (f"Of the last {RECENT_DAYS} days", LATELY.__getitem__),
    "counted": ("Counted by an A/B test", counted_words),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One filter in words; ``value`` is the one of several of ``key`` that it stands for, None for all of them."""

    key: str
    label: str
    value: Any = None
    one_of_several: bool = False


def active_filters(center: CommandCenter) -> None:
    """Show the filters behind "More filters" that are set; a click on one takes it away.

    Of a manager's link that an agent opens, say that its filter is not in force.
    """
    if not center.actor.may(Right.MONEY) and any(key in st.query_params for key in OF_FIGURES):
        st.info(
            "The address asks for the leads behind a manager's figure. Your role has no such filter, so it is left out."
        )
    words = list(_words())
    if not words:
        return
    with st.container(horizontal=True, gap="xsmall"):
        for word in words[:MOST_SHOWN]:
            st.button(
                in_markdown(word.label), key=f"without_{word.key}_{word.value}", icon=":material/close:",
                icon_position="right", on_click=_take_away, args=(word,), help="Take this filter away",
            )  # fmt: skip
        if len(words) > MOST_SHOWN:
            st.caption(f"and {len(words) - MOST_SHOWN} more")


def _words() -> Iterator[Word]:
    for key, (label, say) in _LISTS.items():
        for value in st.session_state.get(key) or ():
            yield Word(key, f"{label}: {say(value)}", value, one_of_several=True)
    for key, (label, say) in _ONES.items():
        value = st.session_state.get(key, EMPTY[key])
        if value != EMPTY[key] and value not in ((), []):
            yield Word(key, f"{label}: {say(value)}".removesuffix(": "))


def _take_away(word: Word) -> None:
    rest = [value for value in st.session_state[word.key] if value != word.value] if word.one_of_several else None
    st.session_state[word.key] = EMPTY[word.key] if rest is None else rest
    first_page()


def _span(days: Any) -> str:
    told: list[date] = [days] if isinstance(days, date) else list(days)
    return " to ".join(day_words(day) for day in dict.fromkeys(told))
