"""What leads ask for and tell of themselves in a chat, written down before it was read."""

from __future__ import annotations

import pytest

from core.features import signals_in
from core.features.evidence import said
from core.features.experience import previous_real_estate_experience
from core.features.readiness import job_stability_score, pre_approval


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("I like to fix a visit to this apartment.", True),
        ("I want to plan a visit there to see it.", True),
        ("I am willing to visit on March 9th.", True),
        ("Fine, lets visit there.", True),
        ("let's see it sunday", True),
        ("let's see how it goes", False),
        ("No I don't need you to schedule a visit yet.", False),
        ("we don't want to tour it", False),
        ("is there a floor plan", False),
    ],
)
def test_a_visit_may_be_fixed_or_planned_and_is_not_wanted_by_who_says_so(text: str, asked: bool) -> None:
    assert any(signal.kind == "showing" for signal in signals_in(text)) == asked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("have cash after our home in Ohio closes", 1.0),
        ("paying cash when my condo sells", 1.0),
        ("have cash if I find the right house", 2.0),
    ],
)
def test_cash_of_a_sale_that_is_still_to_come_is_under_way(text: str, expected: float) -> None:
    assert pre_approval(said(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("getting divorced and need to sell the house and split the proceeds", 1.0),
        ("trying to sell a condo in Tulsa", 1.0),
        ("do they have to sell the house?", 0.0),
        ("the owners want to sell the house", 0.0),
    ],
)
def test_who_has_to_sell_a_home_owns_one(text: str, expected: float) -> None:
    assert previous_real_estate_experience(said(text)) == expected


def test_who_moves_from_one_city_to_another_for_work_has_work() -> None:
    assert job_stability_score(said("Relocating from Seattle to Raleigh for work in August")) == 0.7
    assert job_stability_score(said("Moving from Seattle to Raleigh for the schools")) == -1.0
