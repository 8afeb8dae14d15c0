"""Places as leads name them in a chat; what each text is to be read as was written down before it was read."""

from __future__ import annotations

import pytest

from core.features import signals_in
from tests.features.test_sentences import lines


def areas(text: str) -> list[str]:
    return [signal.text for signal in signals_in(text) if signal.kind == "area"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hyde Park, Tarrytown or Zilker?", ["Hyde Park", "Tarrytown", "Zilker"]),
        ("Tarrytown, Hyde Park, Bryker Woods", ["Tarrytown", "Hyde Park", "Bryker Woods"]),
        ("Westlake Hills and Lakeway please", ["Westlake Hills", "Lakeway"]),
        ("Zilker or Clarksville. We rent now.", ["Zilker", "Clarksville"]),
        ("Mueller / Crestview / Hyde Park", ["Mueller", "Crestview", "Hyde Park"]),
    ],
)
def test_a_bare_list_is_one_of_areas_where_one_of_them_shows_it(text: str, expected: list[str]) -> None:
    assert areas(text) == expected


NO_LISTS = lines("""
    Sarah, Mike and Tom
    Brick, Stone or Stucco?
    Tarrytown or Zilker?
    Sarah Park, Compass
    Jim Woods and Sarah will come
    Mike Hill, Sarah and I would love to see it
""")


@pytest.mark.parametrize("text", NO_LISTS)
def test_a_list_that_may_be_of_anything_is_none_of_areas(text: str) -> None:
    assert areas(text) == []


NOT_THERE = lines("""
    something near Costco
    near costco
    close to Whole Foods would be a plus
    by the H-E-B on Slaughter
    near the HEB
    walking distance to Trader Joe's
    near Target
    near Central Market
    near In-N-Out
    near the YMCA
    is it near Barton Hills Elementary?
    I prefer Barton Hills Elementary
    Barton Hills Elementary is good
    close to Lincoln Middle School please
    zoned for Westlake High
    near Johnson high school
    near Lamar Junior High
    near Seton Hospital
    close to Chase bank
    near a Catholic church
    near St. Mary's Church
    near Hwy 290
    close to Interstate 35
    near Mom
    near Dr. Smith's office
    preapproved through Chase
    through USAA
    moving in together
    want to move in quickly
    i want one in white
    house in bankruptcy
    interested in duplexes
""")


@pytest.mark.parametrize("text", NOT_THERE)
def test_a_shop_a_school_a_lender_or_a_person_is_no_area(text: str) -> None:
    assert areas(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("near Target and Home Depot in Cedar Park", ["Cedar Park"]),
        ("near Barton Hills Elementary or Zilker Park", ["Zilker Park"]),
        ("close to Plano elementary schools", ["Plano"]),
        ("in Frisco ISD", ["Frisco"]),
        ("in the Austin market", ["Austin"]),
        ("near a bank in Waco", ["Waco"]),
        ("in Apple Valley", ["Apple Valley"]),
        ("near White Rock Lake", ["White Rock Lake"]),
        ("Please search through Walnut Creek", ["Walnut Creek"]),
        ("near Austin high rises", ["Austin"]),
        ("in St helena please", ["St helena"]),
        ("near Palo colorado", ["Palo colorado"]),
    ],
)
def test_what_stands_beside_such_a_name_is_read_still(text: str, expected: list[str]) -> None:
    assert areas(text) == expected
