"""Leads by price band, by the hour and weekday of their arrival, and by what nobody told, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.errors import LeadError
from core.leads import BANDS
from core.store import ArrivalClock, LeadFilter, Store
from core.store.figures.arrivals import decided_groups
from tests.store.made import at, history, scored

PRICES = {
    "a": "0.01", "b": "299999.99", "c": "300000", "d": "449999.99", "e": "450000", "f": "599999.99", "g": "600000",
    "h": "899999.99", "i": "900000", "j": "25000000", "k": None,
}  # fmt: skip
IN_BAND = {0: "ab", 1: "cd", 2: "ef", 3: "gh", 4: "ij", None: "k"}
ZONES = ("UTC", "America/Chicago", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca")


def found(store: Store, wanted: LeadFilter) -> str:
    return "".join(sorted(row.lead_id for row in store.browse(wanted, page_size=1_000).rows))


def test_a_band_holds_the_prices_from_its_edge_to_below_the_next(store: Store) -> None:
    for lead_id, price in PRICES.items():
        one = scored(lead_id)
        told = replace(one.commission, sale_price_usd=None if price is None else Decimal(price))
        store.save_scored([replace(one, commission=told)])
    for band, ids in IN_BAND.items():
        assert found(store, LeadFilter(bands=(band,))) == ids
    assert found(store, LeadFilter(bands=(0, None, 4))) == "abijk"
    assert found(store, LeadFilter(bands=BANDS)) == "abcdefghij"


def test_a_band_counts_what_the_opportunities_count(store: Store) -> None:
    from core.leads import Stage

    for number, price in enumerate(PRICES.values()):
        one = scored(history(f"x{number}", stage=Stage.LOST, created_at=at(0)))
        told = replace(one.commission, sale_price_usd=None if price is None else Decimal(price))
        store.save_scored([replace(one, commission=told)])
    counted = {one.band: one.decided for one in decided_groups(store.database, LeadFilter(), at(1))}
    assert counted == {band: store.browse(LeadFilter(bands=(band,))).total for band in (*BANDS, None)}


def test_nobody_told_is_a_choice_beside_the_names(store: Store) -> None:
    people = {"a": ("web", "Ana", "Zilker"), "b": (None, "Ana", None), "c": ("web", None, None)}
    for lead_id, (source, agent, area) in people.items():
        store.save_histories([history(lead_id, source=source, agent=agent, location_preference=area)])
    assert found(store, LeadFilter(sources=(None,))) == "b"
    assert found(store, LeadFilter(sources=("web", None))) == "abc"
    assert found(store, LeadFilter(agents=(None,))) == "c"
    assert found(store, LeadFilter(areas=(None,), agents=("Ana",))) == "b"
    assert found(store, LeadFilter(sources=(None,), seen_by="Ben")) == ""  # of Ana, whom Ben does not see


@pytest.mark.parametrize("zone", ZONES)
def test_hours_and_weekdays_are_those_of_the_clock_on_the_wall(store: Store, zone: str) -> None:
    """Against Python's own calendar, every 37 minutes around two changes of the clock, and once a while over years."""
    start = datetime(2025, 3, 8, tzinfo=UTC)
    near = [start + timedelta(minutes=37 * step) for step in range(120)]
    near += [datetime(2025, 11, 1, tzinfo=UTC) + timedelta(minutes=37 * step) for step in range(120)]
    moments = [*near, *(datetime(2000, 1, 1, 0, 17, tzinfo=UTC) + timedelta(days=97.3 * step) for step in range(95))]
    store.save_histories([history(f"{n:03}", created_at=moment) for n, moment in enumerate(moments)])
    store.save_histories([history("never")])
    local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
    for hours, days in (((0,), ()), ((1, 2, 3), (6,)), ((), (0, 5)), ((23,), (5, 6))):
        expected = [
            f"{n:03}"
            for n, moment in enumerate(local)
            if (not hours or moment.hour in hours) and (not days or moment.weekday() in days)
        ]
        assert found(store, LeadFilter(arrival=ArrivalClock(zone, hours, days))) == "".join(expected)


@pytest.mark.parametrize(
    ("zone", "hours", "weekdays", "says"),
    [
        ("UTC", (24,), (), "hours holds 24; must be from 0 to 23"),
        ("UTC", (), (-1,), "weekdays holds -1; must be from 0 to 6"),
        ("../etc/passwd", (), (), "must be a name such as America/Chicago"),
        ("Nowhere/Land", (), (), "must be a name such as America/Chicago"),
    ],
)
def test_what_no_clock_shows_is_refused(
    zone: str, hours: tuple[int, ...], weekdays: tuple[int, ...], says: str
) -> None:
    with pytest.raises(LeadError, match=says):
        ArrivalClock(zone, hours, weekdays)
