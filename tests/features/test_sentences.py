"""Sentences as leads write them; what each is to be read as was written down before the rules were made to do so."""

from __future__ import annotations

from datetime import date

import pytest

from core.features import signals_in
from core.features.budget import stated_range
from core.features.evidence import said
from core.features.experience import previous_real_estate_experience
from core.features.readiness import job_stability_score, pre_approval
from core.features.timeline import timeline_urgency

MONDAY = date(2026, 3, 2)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def values(text: str, kind: str) -> list[object]:
    return [signal.value for signal in signals_in(text, MONDAY) if signal.kind == kind]


NO_PRICE = lines("""
    we got outbid by 30k
    the roof would cost about 25k
    a new hvac costs 28k
    needs 40k in work
    needs about 60k of repairs
    put 50k toward renovations
    my student loans are 45k
    we have 30k in credit card debt
    my car loan is 28k
    Grant of up to $25,000 for first time buyers
    down payment assistance of 35k
    60k for the down payment
    have around 40k for closing costs and down payment
    my parents are gifting us 60k
    I inherited 400k
    I need to net at least 400k
    after payoff we'd walk away with 150k
    my mortgage balance is 220k
    can we use an FHA 203k loan on it?
    seller credit of 10k
    Is there any chance they'd come down 20k?
    I have about $150k saved up
""")


@pytest.mark.parametrize("text", NO_PRICE)
def test_sums_that_buy_no_home_are_no_price(text: str) -> None:
    assert values(text, "price") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("somewhere btwn 350 and 425k", [[350_000, 425_000]]),
        ("$600s", [[600_000, 700_000]]),
        ("mid-$500s", [[533_000, 567_000]]),
        ("$450k is the most for a house that needs work", [450_000]),
        ("a fixer for 400k needing work", [400_000]),
        ("preapproved for 425", [425_000]),
        ("prequalified for 425 and have 5% down", [425_000]),
        ("would they do 615?", [615_000]),
        ("they countered 455", [455_000]),
        ("it sold for 203k", [203_000]),
        ("kitchen is dated but 500k is fair", [500_000]),
    ],
)
def test_what_stands_near_such_words_may_still_be_a_price(text: str, expected: list[object]) -> None:
    assert values(text, "price") == expected


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("We were approved for 650 but want to stay under 600", 600_000, 600_000),
        ("approved for 600k, prefer between 500k and 550k", 500_000, 550_000),
        ("Budget: 450k, approved for 500k", 450_000, 450_000),
        ("approved for 600k", 600_000, 600_000),
        ("we bought it for 275k and want to sell for 450k", 450_000, 450_000),
        ("we paid 275k for ours", 275_000, 275_000),
        ("Just sold my house for 380k, looking to spend 500k", 500_000, 500_000),
    ],
)
def test_what_the_lead_wants_to_spend_stands_before_what_a_bank_allows_and_what_it_paid_once(
    text: str, low: int, high: int
) -> None:
    assert stated_range(said(text)) == (low, high)


OTHERS_CASH = lines("""
    We lost to a cash buyer
    we keep losing to cash offers
    the other buyer is paying cash
    they went with an all cash offer
    do they accept cash offers only?
    Is this cash only?
    FHA or cash only?
    we were told only cash buyers
    What cash do I need at closing?
    how much cash do we need to bring
    I wish I could pay cash lol
    Would the seller accept cash?
""")


@pytest.mark.parametrize("text", OTHERS_CASH)
def test_the_cash_of_others_and_a_question_about_it_make_nobody_a_cash_buyer(text: str) -> None:
    assert values(text, "pre_approval") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cash", 2.0),
        ("450 cash offer, close in 2 weeks", 2.0),
        ("If I pay cash would they take 400?", 2.0),
        ("They want 500k but I can pay cash at 470k", 2.0),
        ("We have the cash, no mortgage needed", 2.0),
        ("Once we sell our home we will have cash", 1.0),
        ("once we sell, we'll pay cash", 1.0),
        ("our lender approved us for 480", 2.0),
        ("approved 500k", 2.0),
        ("I am approved", 2.0),
        ("my loan was approved!", 2.0),
        ("we're not approved", 0.0),
        ("bank hasn't approved us for that much", 0.0),
        ("the complex is approved for FHA", 0.0),
        ("I was approved by the HOA board", 0.0),
        ("permits were approved for the addition", 0.0),
        ("My offer was approved", 0.0),
    ],
)
def test_an_approval_is_the_leads_own_and_a_lenders(text: str, expected: float) -> None:
    assert pre_approval(said(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is it a good rental property?", 0.0),
        ("is this a flip?", 0.0),
        ("can it be used as an airbnb?", 0.0),
        ("who owned it before?", 0.0),
        ("Do you work with investors?", 0.0),
        ("the seller bought the house in 2019", 0.0),
        ("an investor bought it before us", 0.0),
        ("I'm an investor, do you work with investors?", 2.0),
        ("is it zoned for airbnb? I run 3 airbnbs", 2.0),
        ("looking to invest in rentals. Is it tenant occupied?", 2.0),
        ("we flip houses, got anything?", 2.0),
        ("we bought our house in 2015", 1.0),
    ],
)
def test_what_others_own_and_a_question_about_a_home_are_no_experience(text: str, expected: float) -> None:
    assert previous_real_estate_experience(said(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Can my contractor come along?", -1.0),
        ("my contractor looked at the roof", -1.0),
        ("are you a full time agent?", -1.0),
        ("the home has a full time tenant", -1.0),
        ("who is the listing agent, is he retired?", -1.0),
        ("near the military base", -1.0),
        ("I'm self employed so no w2", 0.4),
        ("I'm a general contractor", 0.4),
        ("I work full time. When can you show it?", 0.9),
    ],
)
def test_work_is_the_leads_own(text: str, expected: float) -> None:
    assert job_stability_score(said(text)) == expected


NO_TIMELINE = lines("""
    roof replaced in 2021?
    taxes in 2024 were 8k
    I retired in 2022 and want to downsize
    I paid 310 for it in 2016
    lease was signed in January 2025
    in February 2026 the seller left
    not just browsing, we're serious
    Is it available immediately?
    is it vacant now
    when would it be ready to move in?
""")


@pytest.mark.parametrize("text", NO_TIMELINE)
def test_years_gone_by_and_when_a_home_is_free_are_no_timeline(text: str) -> None:
    assert values(text, "timeline") == []


@pytest.mark.parametrize(
    ("text", "months"),
    [  # from January 5, when ``said`` writes: July 1 is 177 days away, the year after 361, half of June 5.4
        ("sometime in 2026", 177 / 30.4375),
        ("in January 2026", 0.5),
        ("by 2027", 361 / 30.4375),
        ("need a place asap, what do you have?", 0),
        ("Is anything available now? We need to move immediately.", 0),
    ],
)
def test_this_year_and_later_ones_lie_ahead(text: str, months: float) -> None:
    assert timeline_urgency(said(text)) == pytest.approx(1 / (1 + months / 3), abs=1e-3)


NO_VISIT = lines("""
    we can't make the showing
    need to cancel our showing tomorrow
    no open house please
    I missed the open house
    we went to the open house on sunday
    Thanks for the tour Monday!
    don't bother scheduling a tour
    we will not be able to come see it
    i'd love to see this one come down in price
""")
VISIT = lines("""
    available for a tour thurs?
    showing request for 123 Elm St
    what times are available to view
    could we swing by saturday
    We can't do Saturday, is there an open house Sunday?
    No problem, can we see it tomorrow?
    I missed your call. Can we tour it Friday?
    We are going to schedule a tour this week, ok?
    Are we able to come see it Saturday?
""")


@pytest.mark.parametrize(("text", "asked"), [(text, False) for text in NO_VISIT] + [(text, True) for text in VISIT])
def test_a_visit_is_asked_for_not_missed_or_over(text: str, asked: bool) -> None:
    assert bool(values(text, "showing")) == asked


BINDING = lines("""
    our lease isn't up until October
    We close on our current house April 15
    our closing is march 20
    by memorial day
    our house is under contract
""")


@pytest.mark.parametrize("text", BINDING)
def test_what_binds_a_date_is_a_deadline(text: str) -> None:
    assert values(text, "deadline")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("move in ready homes in Plano", ["Plano"]),
        ("is it move-in ready?", []),
        ("south austin or east nashville", ["south austin", "east nashville"]),
        ("west temple st", []),
        ("Hi, this is Charlotte from Zillow", []),
        ("my husband Austin and I", []),
        ("My realtor is Madison", []),
        ("ask for Kyle", []),
        ("it's Tyler, we met sunday", []),
        ("my sister Charlotte lives in Charlotte", ["Charlotte"]),
        ("is it Austin or Pflugerville?", ["Austin", "Pflugerville"]),
        ("in Phase 2", []),
    ],
)
def test_a_first_name_is_no_city_and_a_side_of_a_city_is_one(text: str, expected: list[str]) -> None:
    assert values(text, "area") == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I have 1 more place to see", False),
        ("we own 2 rental place", False),
        ("3 homes on one court", False),
        ("12 Oak Way", True),
        ("12 oak way", True),
        ("9 nice ct", True),
        ("100 Isle of Palms Dr", True),
        ("25 One Tree Place", True),
    ],
)
def test_a_number_before_a_word_of_every_day_is_no_address(text: str, found: bool) -> None:
    assert bool(values(text, "address")) == found
