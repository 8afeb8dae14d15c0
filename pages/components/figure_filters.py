"""The filters of the list of leads that stand for a manager's figure, each bound to the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from core.analytics.anomalies import DRIED_UP, JUNK, RECENT_DAYS, SLOW
from core.analytics.answer_curve import BOUNDS_HOURS
from core.analytics.bridge import Moved
from core.leads import OPEN_STAGES, Stage
from core.services.access import Right
from core.services.analyses.ab_tests import Counted
from core.services.analyses.behind import Behind, Tried
from core.services.analyses.best_hour import Way
from core.services.analyses.speed import Soon
from core.services.center import CommandCenter
from core.services.commission.pipeline_words import MOVED
from core.store import ArrivalClock
from pages.components.words import HOURS, WEEKDAYS, duration, viewer_zone

USUAL, STUCK, NO_CHANCE = "As long as usual", "Longer than usual", "true"
EMPTY: Final[dict[str, Any]] = {
    "no_chance": False,
    "moved": None,
    "stands": None,
    "left": None,
    "answer": [],
    "quick": False,
    "tried_hour": [],
    "tried_weekday": [],
    "tried_by": None,
    "soon": None,
    "waits": False,
    "lately": None,
    "counted": None,
}
LATELY: Final = {
    DRIED_UP: "Arrivals by source",
    JUNK: "First scores by source",
    SLOW: "First answers by agent",
}


def figure_filters(center: CommandCenter, on_change: Callable[[], None]) -> Behind:
    """Show the filters; whoever may not see a manager's figures has none of them."""
    if not center.actor.may(Right.MONEY):
        return Behind()
    st.caption("Behind the manager's figures")

    def one(label: str, key: str, options: Sequence[Any], say: Callable[[Any], str], told: str) -> Any:
        return st.selectbox(
            label, options, index=None, key=key, format_func=say, bind="query-params", on_change=on_change,
            placeholder="Any", help=told,
        )  # fmt: skip

    def some(label: str, key: str, options: Sequence[Any], say: Callable[[Any], str], told: str) -> tuple[Any, ...]:
        return tuple(
            st.multiselect(
                label, options, key=key, format_func=say, bind="query-params", on_change=on_change, help=told
            )
        )

    clock = "A try is a call or message of a person, counted as in the best hour to call; by your clock."
    hours = some("Tried at", "tried_hour", range(24), HOURS.__getitem__, clock)
    weekdays = some("Tried on a", "tried_weekday", range(7), WEEKDAYS.__getitem__, clock)
    way = one("Tried by", "tried_by", list(Way), lambda way: str(way).capitalize(), clock)
    answered = some(
        "First answer", "answer", range(len(BOUNDS_HOURS)), answer_words,
        "Of the leads that are old enough to judge and were open for three days, as the speed to lead counts them.",
    )  # fmt: skip
    soon = one("Answered", "soon", list(Soon), str, "As the headline figures of the speed to lead count it.")
    quick = st.toggle("Quick messages count as a person's", key="quick", bind="query-params", on_change=on_change)
    waits = st.toggle(
        "Nobody has answered", key="waits", bind="query-params", on_change=on_change,
        help="Leads before a contract that no person has called or written to.",
    )  # fmt: skip
    stands = one(
        "Stands there", "stands", (False, True), stands_words, "Open leads, as the funnel counts who is stuck."
    )
    left = one(
        "Left the stage", "left", OPEN_STAGES, stage_words, "Forward or lost there, as the funnel compares segments."
    )
    moved = one(
        "Moved the pipeline", "moved", list(Moved), MOVED.__getitem__, "Why its expected commission is another one "
        "than a week ago.",
    )  # fmt: skip
    no_chance = st.toggle(
        "Price, but no chance to close", key="no_chance", bind="query-params", on_change=on_change,
        help="Open leads that the pipeline's money leaves out.",
    )  # fmt: skip
    lately = one(
        f"Of the last {RECENT_DAYS} days", "lately", list(LATELY), LATELY.__getitem__, "The leads that the trends "
        "compare with those before.",
    )  # fmt: skip
    counted = one(
        "Counted by an A/B test", "counted", list(Counted), counted_words, "Of the variant that is chosen as group, "
        "else of any test.",
    )  # fmt: skip
    tried = (
        Tried(ArrivalClock(viewer_zone().key, hours, weekdays), way or Way.ALL) if hours or weekdays or way else None
    )
    return Behind(
        without_chance=no_chance, moved=moved, stuck=stands, left=left, answered=answered, automatic_too=quick,
        tried=tried, soon=soon, waits=waits, lately=lately, counted=counted,
    )  # fmt: skip


def answer_words(place: int) -> str:
    """A span of times to the first answer, by its place among them all.

    >>> [answer_words(place) for place in (0, 3, 6)]
    ['within 5 min', '1 h to 4 h', 'not within 3 days']
    """
    start, end = BOUNDS_HOURS[place]
    if end is None:
        return f"not within {duration(start)}"
    return f"{duration(start)} to {duration(end)}" if start else f"within {duration(end)}"


def counted_words(which: Counted) -> str:
    """Which leads of a test."""
    return {Counted.KNOWN: "Outcome known", Counted.DID: "Did it"}[which]


def stage_words(stage: Stage) -> str:
    """A stage in words."""
    return stage.value.capitalize()


def stands_words(stuck: bool) -> str:
    """What the filter says of leads that are stuck, or are not."""
    return STUCK if stuck else USUAL
