"""The finders on their traps, one kind after the other."""

from __future__ import annotations

from datetime import date

import pytest

from core.features import signals_in

MONDAY = date(2026, 3, 2)


def values(text: str, kind: str, written_on: date | None = MONDAY) -> list[object]:
    return [signal.value for signal in signals_in(text, written_on) if signal.kind == kind]


def words(text: str, kind: str) -> list[str]:
    return [signal.text for signal in signals_in(text, MONDAY) if signal.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500k", 500_000),
        ("500K!", 500_000),
        ("$1.2M", 1_200_000),
        ("1.5 mil", 1_500_000),
        ("$350,000.00", 350_000),
        ("USD 400,000", 400_000),
        ("450000", 450_000),
        ("looking for something under 600", 600_000),
        ("600ish, our budget", 600_000),
        ("550 is our max", 550_000),
        ("my budget is around half a million", 500_000),
        ("three quarters of a million", 750_000),
        ("two million", 2_000_000),
        ("six hundred and fifty thousand", 650_000),
        ("up to $725,000", 725_000),
        ("500k+", 500_000),
        ("pre-approved for 450k", 450_000),
    ],
)
def test_a_figure_in_any_dress_is_a_price(text: str, expected: int) -> None:
    assert values(text, "price") == [expected]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("500k-750k", 500_000, 750_000),
        ("450-500k", 450_000, 500_000),
        ("$300K – $350K", 300_000, 350_000),
        ("between 450 and 500", 450_000, 500_000),
        ("between 500 and 1.2 million", 500_000, 1_200_000),
        ("between 1 and 1.5 million", 1_000_000, 1_500_000),
        ("from 300 to 350", 300_000, 350_000),
        ("500,000 to 550,000", 500_000, 550_000),
        ("price range 350 to 400 thousand", 350_000, 400_000),
        ("750k to 500k", 500_000, 750_000),
    ],
)
def test_two_figures_with_a_word_between_are_a_range_lowest_first(text: str, low: int, high: int) -> None:
    assert values(text, "price") == [[low, high]]


@pytest.mark.parametrize(
    "text",
    [
        "call me at 512-555-0198, (512) 555 0198, +1 512 555 0198 or 5125550198",
        "1204 Elm St, 12500 Oak Drive, 450 Main Street",
        "built in 1998, renovated 2015",
        "2000 sq ft, 1,800-2,200 square feet, under 600 sq ft",
        "on 3/14, 2026-03-14 or 03/14/2026",
        "in 78704, Austin TX 78500",
        "3 beds, 2 baths, 4 bedrooms",
        "my 401k and my 401(k)",
        "credit score of 720",
        "HOA under 300, HOA is $450, hoa fee of $12,000",
        "60k down payment and 60k down",
        "I make 120k a year; salary is $150,000; income of 95k",
        "100k miles, 100k followers, 1 million people",
        "20k over asking, $15k under asking, $20,000 off",
        "thanks a million, one in 450",
        "within 45 minutes or 300 miles",
        "we owe 200k on it",
        "MLS 1234500, unit 450, lot 700",
        "between 2 and 3 pm",
    ],
)
def test_other_numbers_are_no_price(text: str) -> None:
    assert values(text, "price") == []


@pytest.mark.parametrize("text", ["$2,500 a month", "2500/mo", "rent is 2500", "my rent of $2,500"])
def test_a_monthly_sum_is_rent_and_no_price(text: str) -> None:
    assert values(text, "rent") == [2500]
    assert values(text, "price") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in Downtown Austin", ["Downtown Austin"]),
        ("around San Jose", ["San Jose"]),
        ("homes in hyde park", ["hyde park"]),
        ("something in walnut creek please", ["walnut creek"]),
        ("the Mueller neighborhood", ["Mueller"]),
        ("In Zilker.", ["Zilker"]),
        ("north of Dripping Springs", ["Dripping Springs"]),
        ("moving to Ann Arbor", ["Ann Arbor"]),
        ("Fremont, Hayward or Union City", ["Fremont", "Hayward", "Union City"]),
        ("a place in Winston-Salem", ["Winston-Salem"]),
        ("in the Bay Area", ["Bay Area"]),
        ("in Portland, Oregon", ["Portland"]),
        ("homes in texas", ["texas"]),
        ("Novato is good for me", ["Novato"]),
        ("i live in kalispell and rent", ["kalispell"]),
    ],
)
def test_a_place_is_known_by_how_it_is_written_about(text: str, expected: list[str]) -> None:
    assert words(text, "area") == expected


@pytest.mark.parametrize(
    "text",
    [
        "in March, in May, in spring, in 2026",
        "in cash, in general, in my price range, in good condition",
        "Is it in Spanish? I am interested in buying in person",
        "near the airport, near good schools, close to work",
        "Hi Austin, this is Madison Jackson. Thanks, Tyler",
        "I banked with Wells Fargo",
        "I work at Google with Maria",
        "reading the listing on my mobile in bed",
        "That sounds great. Perfect! Yup, sounds good",
        "in escrow, in closing, in progress, in a hurry, in touch",
        "Can I see it on Monday? I am in",
    ],
)
def test_other_words_after_in_are_no_place(text: str) -> None:
    assert words(text, "area") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [  # 2 March 2026 is a Monday
        ("the 14th", "2026-03-14"),
        ("the 1st", "2026-04-01"),
        ("9th of this month", "2026-03-09"),
        ("4th of next month", "2026-04-04"),
        ("8th of March", "2026-03-08"),
        ("March 10th", "2026-03-10"),
        ("Jan 5", "2027-01-05"),
        ("Dec. 24, 2026", "2026-12-24"),
        ("2026-05-06", "2026-05-06"),
        ("on 5/6", "2026-05-06"),
        ("5/6/26", "2026-05-06"),
        ("this Saturday", "2026-03-07"),
        ("next Thursday", "2026-03-12"),
        ("Wednesday next week", "2026-03-11"),
        ("Sunday this week", "2026-03-08"),
        ("Saturday morning", "2026-03-07"),
        ("tomorrow", "2026-03-03"),
        ("day after tomorrow", "2026-03-04"),
        ("later today", "2026-03-02"),
        ("this weekend", "2026-03-07"),
    ],
)
def test_a_day_is_read_as_seen_from_the_day_of_writing(text: str, expected: str) -> None:
    assert values(text, "date") == [expected]


@pytest.mark.parametrize(
    "text",
    ["24/7", "a 3/2 house", "1/2 bath", "2 may be enough", "the 2nd floor", "that's all for today", "February 30th"],
)
def test_what_only_looks_like_a_day_is_no_date(text: str) -> None:
    assert [value for value in values(text, "date") if value is not None] == []


def test_without_the_day_of_writing_a_relative_day_is_found_and_has_no_value() -> None:
    assert values("next Friday or 2026-05-06", "date", None) == [None, "2026-05-06"]
    assert values("by June", "timeline", None) == [None]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("ASAP please", 0),
        ("in 3 months", 3),
        ("within 90 days", 3),
        ("3-6 months", 4.5),
        ("in a couple of months", 2),
        ("within the next year", 12),
        ("moving next month", 1),
        ("in about six weeks", 1.4),
    ],
)
def test_urgency_halves_at_three_months(text: str, months: float) -> None:
    assert values(text, "timeline") == [pytest.approx(1 / (1 + months / 3), abs=2e-3)]


@pytest.mark.parametrize(
    "text",
    [
        "call me asap",
        "we lived here for 3 months",
        "3 months ago",
        "a 12 month lease",
        "30 year fixed",
        "a 5 year old roof",
        "just looking for a house",
    ],
)
def test_other_times_are_no_timeline(text: str) -> None:
    assert values(text, "timeline") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are pre-approved", 2.0),
        ("already preapproved by Chase", 2.0),
        ("have a pre approval letter", 2.0),
        ("approved for 450k", 2.0),
        ("cash offer", 2.0),
        ("not pre-approved yet", 0.0),
        ("I haven't been preapproved", 0.0),
        ("we still need to get pre-approved", 0.0),
        ("Pre-approved: no", 0.0),
        ("working on my pre-approval", 1.0),
        ("in the process of getting pre-approved", 1.0),
        ("my pre-approval is in progress", 1.0),
        ("we will be pre-approved next week", 1.0),
    ],
)
def test_approval_is_read_with_what_negates_or_delays_it(text: str, expected: float) -> None:
    assert values(text, "pre_approval") == [expected]


def test_cash_flow_and_not_paying_cash_are_no_cash() -> None:
    assert values("it has good cash flow", "pre_approval") == []
    assert values("not paying cash", "pre_approval") == []


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("3-4 bedrooms", "beds", [[3, 4]]),
        ("two and a half baths", "baths", [2.5]),
        ("2 1/2 bathrooms", "baths", [2.5]),
        ("3br/2ba", "baths", [2]),
        ("3br/2ba", "beds", [3]),
        ("bedrooms: 3, bathrooms: 2", "baths", [2]),
        ("one bed and bath", "baths", [1]),
        ("living room and 2 dining rooms", "beds", []),
        ("a studio apartment", "beds", [0]),
        ("it has 2 beds, 2 bed rooms", "beds", [2, 2]),
    ],
)
def test_beds_and_baths_are_counted(text: str, kind: str, expected: list[object]) -> None:
    assert values(text, kind) == expected


def test_a_number_in_an_address_belongs_to_the_address_alone() -> None:
    found = [(signal.kind, signal.text) for signal in signals_in("450 San Jose Street, San Jose, CA 95112", MONDAY)]
    assert found == [("address", "450 San Jose Street"), ("area", "San Jose"), ("zip", "95112")]


def test_questions_need_no_mark() -> None:
    assert words("what are the taxes\nIs it sold. I wonder.", "question") == ["what are the taxes", "Is it sold"]
