"""Sums by area against plain arithmetic, and places of areas, on both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.commission import SideRates
from core.leads import Outcome, Side, Stage
from core.scoring import Tier
from core.store import LeadFilter, Override, Store
from core.store.figures.areas import Place
from core.store.figures.pipeline import Rates
from tests.store.figures.test_pipeline import by_hand, priced
from tests.store.made import NOON, at, scored

D = Decimal
RATES = Rates(SideRates(D("0.025"), D("0.03")), {})
LATER = NOON + timedelta(days=400)


def closed(store: Store, lead_id: str, *prices: str | None) -> None:
    for place, price in enumerate(prices):
        told = None if price is None else D(price)
        store.add_outcome(Outcome(lead_id=lead_id, stage=Stage.CLOSED, occurred_at=at(place), sale_price_usd=told))


def test_an_area_is_summed_up_as_by_hand(store: Store) -> None:
    zilker: dict[str, Any] = {"location_preference": "zilker"}
    rock: dict[str, Any] = {"location_preference": "Round Rock, TX"}
    store.save_scored(
        [
            priced("a", 0.25, "400000", **zilker),
            priced("b", 0.5, "500000.01", side=Side.SELLER, **zilker),
            priced("c", 0.5, None, **zilker),
            priced("gone", 0.5, "100000", stage=Stage.LOST, **zilker),
            scored("hot", 0.9, Tier.HOT, **rock),
            scored("made_hot", 0.1, Tier.COLD, **rock),
            scored("signed", 0.9, Tier.HOT, stage=Stage.CONTRACT, **rock),
            scored("nowhere"),
        ]
    )
    store.add_override(Override("made_hot", Tier.HOT, "Knows the seller", "Ana", NOON))
    found = {one.area: one for one in store.areas.sums(LeadFilter(), RATES, LATER)}
    assert set(found) == {"Zilker", "Round Rock", None}
    one = found["Zilker"]
    assert (one.leads, one.open, one.hot, one.decided, one.signed) == (4, 3, 0, 1, 0)
    assert one.expected_usd == by_hand(0.25, "400000", "0.025") + by_hand(0.5, "500000.01", "0.03")
    two = found["Round Rock"]
    assert (two.leads, two.open, two.hot, two.decided, two.signed) == (3, 3, 3, 1, 1)
    assert two.expected_usd == 3 * by_hand(0.0625, "625000", "0.025")
    assert (found[None].leads, found[None].median_usd) == (1, None)
    sellers = store.areas.sums(LeadFilter(sides=(Side.SELLER,)), RATES, LATER)
    assert [(one.area, one.leads) for one in sellers] == [("Zilker", 1)]


@pytest.mark.parametrize(
    ("prices", "median"), [((3, 1, 2), "2.00"), ((4, 1, 2, 9), "3.00"), ((5,), "5.00"), ((1, 2), "1.50")]
)
def test_the_median_price_is_of_closings_one_a_lead(store: Store, prices: tuple[int, ...], median: str) -> None:
    store.save_scored([scored(f"lead_{n}", location_preference="Mueller") for n in range(len(prices) + 1)])
    for number, price in enumerate(prices):
        closed(store, f"lead_{number}", None, str(price))
    closed(store, f"lead_{len(prices)}", None)
    (found,) = store.areas.sums(LeadFilter(), RATES, LATER)
    assert (found.closings, found.median_usd) == (len(prices), D(median))


def test_places_are_kept_moved_and_forgotten_and_outlive_the_leads(store: Store) -> None:
    version = store.version()
    store.areas.place({"Zilker": Place(30.267, -97.773), "Mueller": Place(30.3, -97.7)}, NOON, "Ana")
    store.areas.place({"Mueller": Place(30.299, -97.704)}, NOON, "Bo")
    store.areas.place({}, NOON, "Bo")
    assert store.version() == version + 2
    store.clear()
    assert store.areas.places() == {"Mueller": Place(30.299, -97.704), "Zilker": Place(30.267, -97.773)}
    store.areas.forget(["Zilker"])
    assert list(store.areas.places()) == ["Mueller"]
