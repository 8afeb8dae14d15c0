"""Sums as leads name them in a chat; what each text is to be read as was written down before it was read."""

from __future__ import annotations

import pytest

from core.features import signals_in
from tests.features.test_sentences import lines


def values(text: str, kind: str = "price") -> list[object]:
    return [signal.value for signal in signals_in(text) if signal.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we can go up to 1.3", 1_300_000),
        ("can go as high as 1.45 in Plano", 1_450_000),
        ("could stretch to 1.25 if it has a view", 1_250_000),
        ("want to stay under 1.2. Need 4 beds, 3 baths", 1_200_000),
        ("in the 1.2 to 1.5 range", [1_200_000, 1_500_000]),
        ("1.2 is our max", 1_200_000),
        ("budget 1.3, what are the taxes?", 1_300_000),
        ("asking 1.35 which seems high", 1_350_000),
    ],
)
def test_a_bare_figure_counts_millions_where_it_can_be_nothing_else(text: str, expected: object) -> None:
    assert values(text) == [expected]


NO_MILLIONS = lines("""
    we can go up to 1.5 acres
    the lot can go up to 1.5
    we can go up to 2.5 baths
    go up to 2.5, two baths are too few
    we could go up to 1.5 hours from Denver
    rates may go up to 6.9
    rate went up to 4.9
    the hoa can go up to 1.5
    commute up to 1.5 is ok
    would you go 1.5 on commission
    pay 2.5 for the agent
    offering 2.5 to the buyers agent
    approved at 6.5
    qualify at 7.25
    cap rate 4.5
    hoa max 1.5
    up to 1.4
    under 1.2
""")


@pytest.mark.parametrize("text", NO_MILLIONS)
def test_acres_baths_hours_rates_and_commissions_are_no_millions(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("busco casa en Round Rock menos de 350 mil", [350_000]),
        ("$350 mil", [350_000]),
        ("mi presupuesto es de 325", [325_000]),
        ("hasta 350", [350_000]),
        ("1.5 mil", [1_500_000]),
        ("Tengo 20 mil para el down payment", []),
        ("15 mil", []),
    ],
)
def test_mil_counts_thousands_in_spanish_and_millions_where_nothing_else_is_a_home(
    text: str, expected: list[object]
) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("high 300s low 400s", [[367_000, 433_000]]),
        ("high 300s/low 400s", [[367_000, 433_000]]),
        ("high 300s or low 400s", [[367_000, 433_000]]),
        ("mid 300s or mid 500s", [[333_000, 367_000], [533_000, 567_000]]),
        ("in buda or kyle under 400 w a yard", [400_000]),
    ],
)
def test_hundreds_that_touch_are_one_range(text: str, expected: list[object]) -> None:
    assert values(text) == expected


NO_RENT = lines("""
    is the HOA 250 a month or a year
    insurance is 200/mo
    i make 6500 a month
    my car payment is 450 a month
    student loan 300/month
    condo fee 450/mo
""")


@pytest.mark.parametrize("text", NO_RENT)
def test_other_monthly_sums_are_no_rent(text: str) -> None:
    assert values(text, "rent") == []


def test_a_rent_beside_a_fee_is_one() -> None:
    assert values("HOA is 250, rent 2000/mo", "rent") == [2000]
