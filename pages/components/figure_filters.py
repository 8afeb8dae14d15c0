"""The filters of the list of leads that stand for a manager's figure, each bound to the address."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from core.analytics.anomalies import DRIED_UP, JUNK, RECENT_DAYS, SLOW
from core.analytics.answer_curve import BOUNDS_HOURS
from core.analytics.bridge import Moved
from core.leads import OPEN_STAGES
from core.services.access import Right
from core.services.analyses.ab_tests import Counted
from core.services.analyses.behind import Behind, Tried
from core.services.analyses.best_hour import Way
from core.services.analyses.speed import Soon
from core.services.center import CommandCenter
from core.services.commission.pipeline_words import MOVED
from core.store import ArrivalClock
from core.words import duration
from pages.components.filter_boxes import one_of, some_of, whether
from pages.components.words import HOURS, WEEKDAYS, viewer_zone

USUAL, STUCK = "As long as usual", "Longer than usual"
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


def figure_filters(center: CommandCenter) -> Behind:
    """Show the filters; whoever may not see a manager's figures has none of them."""
    if not center.actor.may(Right.MONEY):
        return Behind()
    st.caption("Behind the manager's figures")
    clock = "A try is a call or message of a person, counted as in the best hour to call; by your clock."
    hours = some_of("Tried at", "tried_hour", range(24), HOURS.__getitem__, clock)
    weekdays = some_of("Tried on a", "tried_weekday", range(7), WEEKDAYS.__getitem__, clock)
    way = one_of("Tried by", "tried_by", list(Way), str.capitalize, clock)
    answered = some_of(
        "First answer", "answer", range(len(BOUNDS_HOURS)), answer_words,
        "Of the leads that are old enough to judge and were open for three days, as the speed to lead counts them.",
    )  # fmt: skip
    soon = one_of("Answered", "soon", list(Soon), str, "As the headline figures of the speed to lead count it.")
    quick = whether("Quick messages count as a person's", "quick")
    waits = whether("Nobody has answered", "waits", "Leads before a contract that no person has called or written to.")
    stands = one_of(
        "Stands there", "stands", (False, True), stands_words, "Open leads, as the funnel counts who is stuck."
    )
    left = one_of(
        "Left the stage", "left", OPEN_STAGES, str.capitalize, "Forward or lost there, as the funnel compares segments."
    )
    moved = one_of(
        "Moved the pipeline", "moved", list(Moved), MOVED.__getitem__, "Why its expected commission is another one "
        "than a week ago.",
    )  # fmt: skip
    no_chance = whether(
        "Price, but no chance to close", "no_chance", "Open leads that the pipeline's money leaves out."
    )
    lately = one_of(
        f"Of the last {RECENT_DAYS} days", "lately", list(LATELY), LATELY.__getitem__, "The leads that the trends "
        "compare with those before.",
    )  # fmt: skip
    counted = one_of(
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


def stands_words(stuck: bool) -> str:
    """What the filter says of leads that are stuck, or are not."""
    return STUCK if stuck else USUAL
