"""What a contribution is said to do, and in which order contributions are told."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from core.features.catalog import NAMES, UNKNOWN
from core.scoring import Score, reasons, sentences
from core.scoring.explain import effect
from core.scoring.own_column import OwnColumn
from core.scoring.statements import statement
from tests.scoring.made import explained

HALVES = (*(tenth / 1000 + 0.0005 for tenth in range(10)), *(point / 100 + 0.005 for point in range(1, 103)))


def _score(contributions: np.ndarray) -> Score:
    return explained(np.full(len(contributions), UNKNOWN, dtype=np.float32), contributions)


def _near(half: float) -> list[float]:
    """Floats around ``half``, which is where a number is rounded the other way, and their negatives."""
    found = [half]
    for _ in range(5):
        found = [math.nextafter(found[0], 0.0), *found, math.nextafter(found[-1], 2.0)]
    return [*found, *(-size for size in found)]


def test_every_sentence_says_what_effect_says_also_where_a_number_is_rounded_the_other_way() -> None:
    amounts = [amount for half in HALVES for amount in _near(half)]
    amounts += [0.0, -0.0, 1.0, -1.5, 7.25, *np.random.default_rng(4).normal(0, 0.2, 2_000).tolist()]
    amounts += [0.0] * (-len(amounts) % len(NAMES))
    for row in np.array(amounts).reshape(-1, len(NAMES)):
        for told in sentences(_score(row)):
            assert told["text"].endswith(f": not known: {effect(told['contribution'])}")
            assert told["contribution"] == row[NAMES.index(told["feature"])]


def test_the_largest_comes_first_and_equals_stand_in_the_catalogs_order() -> None:
    contributions = np.zeros(len(NAMES))
    contributions[[3, 5, 9]] = 0.02, -0.3, -0.02
    score = _score(contributions)
    assert [told["feature"] for told in sentences(score)[:5]] == [NAMES[place] for place in (5, 3, 9, 0, 1)]
    assert reasons(score, 5) == tuple(told["text"] for told in sentences(score, 3))
    assert [text.rpartition(": ")[2] for text in reasons(score)] == [
        "lowers the chance by 30 points",
        "raises the chance by 2 points",
        "lowers the chance by 2 points",
    ]


@pytest.mark.parametrize("name", ["Größe", 'a "quoted" one'])
def test_a_column_of_a_teams_own_is_said_by_its_name(name: str) -> None:
    contributions = np.append(np.zeros(len(NAMES)), 0.1)
    score = replace(_score(contributions), own_columns=(OwnColumn(name, "number", shift=18.0),))
    score.features[-1] = 7.0
    assert sentences(score, 1) == [
        {
            "feature": name,
            "value": 7.0,
            "contribution": 0.1,
            "text": f"{name}: 25: raises the chance by 10 points",
        }
    ]
    assert score.features_known == 0, "of the 28"


def test_silence_is_not_said_to_be_a_no_and_one_minute_is_one() -> None:
    assert statement("pre_approval", 0.0) == "No pre-approval known"
    assert statement("previous_real_estate_experience", 0.0) == "No earlier purchase or sale known"
    assert statement("response_time_hours", 1 / 60) == "Answers within 1 minute"
    assert statement("response_time_hours", 2 / 60) == "Answers within 2 minutes"


def test_who_answers_in_two_and_a_half_hours_is_not_said_to_answer_within_two() -> None:
    said = {2.0: "2 hours", 2.5: "2.5 hours", 9.94: "9.9 hours", 9.96: "10 hours", 12.4: "12 hours"}
    for hours, words in said.items():
        assert statement("response_time_hours", hours) == f"Answers within {words}"


def test_a_large_number_of_a_column_is_told_in_digits() -> None:
    column = OwnColumn("Price", "number", shift=50_000.0)
    assert column.statement(1_200_000.0) == "Price: 1,250,000"
    assert column.statement(575_000.5) == "Price: 625,000"  # six digits are enough
    assert column.statement(0.0) == "Price: 50,000"
    assert OwnColumn("Price", "number").statement(999_999.75) == "Price: 1,000,000"
