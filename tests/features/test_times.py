"""Times as leads name them in a chat; what each text is to be read as was written down before it was read.

All texts were written on Monday, 2 March 2026.
"""

from __future__ import annotations

from datetime import date

import pytest

from core.features import signals_in
from tests.features.test_sentences import lines

MONDAY = date(2026, 3, 2)


def values(text: str, kind: str = "timeline") -> list[object]:
    return [signal.value for signal in signals_in(text, MONDAY) if signal.kind == kind]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("need to move in 6mo", 6),
        ("6mo", 6),
        ("3 mos tops", 3),
        ("prob 4-6mos out", 5),
        ("in 2yrs maybe", 24),
        ("moving in 8wks", 8 * 7 / 30),
        ("in 90days", 3),
        ("we have a 60 day window", 2),
        ("we want to move by the 4th of june", 91 / 30.4375),  # June 1 is 91 days away
        ("hope to find something soon", 1),
    ],
)
def test_a_length_of_time_may_stand_close_to_its_number(text: str, months: float) -> None:
    assert values(text) == [pytest.approx(1 / (1 + months / 3), abs=2e-3)]


NO_TIME = lines("""
    we have a 6mo and a toddler
    with a 3mo baby
    on a 6mo lease right now
    need 6mo rental
    6mo minimum
    30yr conventional loan
    been here 5yrs
    in the army 10yrs
    every 6mo
    On the 11th of March.
    For March 7th.
    The 7th of this month.
    For Tuesday next week please.
    I want to visit on the 11th of March
    call me next week
    next week works
    I'm off next week
    back in town in 2 weeks
    on vacation till April
    visiting in June
    No, not right now.
    Nothing right now, thanks.
    I am not ready to schedule it right now
""")


@pytest.mark.parametrize("text", NO_TIME)
def test_a_childs_age_a_loan_a_trip_a_day_and_a_bare_no_are_no_horizon(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not looking right now", 0.0),
        ("we're not really interested right now", 0.0),
        ("I don't want to buy right now", 0.0),
        ("I'm not ready yet", 0.0),
        ("moving next week", 0.923),
    ],
)
def test_what_a_lead_does_not_want_now_is_told(text: str, expected: float) -> None:
    assert values(text) == [expected]
