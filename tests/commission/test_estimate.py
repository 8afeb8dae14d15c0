"""Sale price and commission of one lead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commission import CommissionEstimate, commission_on, estimate_commission, median_usd
from core.features import values_of
from core.features.catalog import INDEX
from core.leads import Interaction, InteractionKind, Lead, LeadHistory

RATE = Decimal("0.06")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def _features(budget: float = -1) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    values = np.full(28, -1, dtype=np.float32)
    values[INDEX["budget_midpoint_usd"]] = budget
    return values


def _history(*prices: int, asked: int | None = None) -> LeadHistory:
    touches = tuple(
        Interaction(
            occurred_at=datetime(2026, 7, day, tzinfo=UTC),
            kind=InteractionKind.PROPERTY_VIEW,
            listing_price_usd=Decimal(price),
        )
        for day, price in enumerate(prices, start=1)
    )
    lead = Lead(lead_id="a", listing_price_usd=None if asked is None else Decimal(asked))
    return LeadHistory(lead=lead, interactions=touches)


def test_a_stated_budget_comes_before_everything_else() -> None:
    found = estimate_commission(_history(900_000), _features(625_000), RATE, Decimal(400_000))
    assert found == CommissionEstimate(Decimal("625000.00"), "stated budget", RATE, Decimal("37500.00"))


def test_without_a_budget_the_median_of_viewed_listings_counts() -> None:
    found = estimate_commission(_history(300_000, 900_000, 410_000), _features(), RATE, Decimal(400_000))
    assert (found.sale_price_usd, found.price_basis) == (Decimal("410000.00"), "viewed listings")
    assert found.commission_usd == Decimal("24600.00")  # 410,000 x 0.06


def test_the_listing_asked_about_is_one_of_them_and_zero_is_no_price() -> None:
    found = estimate_commission(_history(0, 400_000, asked=500_000), _features(), RATE)
    assert found.sale_price_usd == Decimal("450000.00")  # (400,000 + 500,000) / 2


def test_views_after_the_moment_of_scoring_do_not_count() -> None:
    history = _history(300_000, 900_000)
    found = estimate_commission(history, _features(), RATE, as_of=datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert found.sale_price_usd == Decimal("300000.00")
    naive = datetime(2026, 7, 1, 12)  # noqa: DTZ001
    assert estimate_commission(history, _features(), RATE, as_of=naive) == found
    east = datetime(2026, 7, 2, 1, tzinfo=timezone(timedelta(hours=2)))  # July 1, 23:00 in UTC: before the second view
    assert estimate_commission(history, _features(), RATE, as_of=east) == found


def test_without_either_the_areas_median_counts() -> None:
    found = estimate_commission(_history(), _features(), Decimal("0.025"), Decimal("399999.99"))
    assert (found.price_basis, found.commission_usd) == ("area median", Decimal("10000.00"))  # 9,999.99975


@pytest.mark.parametrize("budget", [-1, 0, 2e9])
def test_an_unknown_price_stays_unknown(budget: float) -> None:
    assert estimate_commission(_history(), _features(budget), RATE) == CommissionEstimate(None, None, RATE, None)


@pytest.mark.parametrize("rate", ["-0.01", "6", "NaN", "Infinity"])
def test_a_rate_is_a_share(rate: str) -> None:
    with pytest.raises(ValueError, match="must be from 0 to 1"):
        estimate_commission(_history(), _features(), Decimal(rate))


@given(st.integers(0, 10**11), st.integers(0, 1000))
def test_commissions_are_rounded_half_up_like_whole_cents_by_hand(cents: int, per_mille: int) -> None:
    price, rate = Decimal(cents) / 100, Decimal(per_mille) / 1000
    by_hand = (2 * cents * per_mille + 1000) // 2000  # integers only
    assert commission_on(price, rate) == Decimal(by_hand) / 100


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=9))
def test_the_median_is_numpys(prices: list[int]) -> None:
    assert float(median_usd(map(Decimal, prices)) or 0) == float(np.median(prices))


@given(
    st.lists(st.integers(1, 10**11), min_size=1, max_size=2),
    st.sampled_from([np.float32, np.float64]),
)
def test_prices_of_the_leads_fields_are_kept_to_the_cent(cents: list[int], of_type: type[np.floating]) -> None:
    prices = dict(zip(("price_min_usd", "price_max_usd"), (Decimal(amount) / 100 for amount in cents), strict=False))
    history = LeadHistory(lead=Lead.model_validate({"lead_id": "a", **prices}))
    features = values_of(history, NOON).astype(of_type)
    found = estimate_commission(history, features, RATE)
    half_cents = 2 * cents[0] if len(cents) == 1 else sum(cents)
    assert found.sale_price_usd == Decimal((half_cents + 1) // 2) / 100  # half a cent is rounded up


@pytest.mark.parametrize(
    ("price", "commission"),
    [("625000.10", "37500.01"), ("999999.99", "60000.00"), ("16777217", "1006633.02")],
)
def test_the_commission_is_of_the_price_that_was_told(price: str, commission: str) -> None:
    # 37,500.006, 59,999.9994 and 1,006,633.02; the nearest float32 are 625,000.125, 1,000,000 and 16,777,216
    history = LeadHistory(lead=Lead(lead_id="a", price_max_usd=Decimal(price)))
    found = estimate_commission(history, values_of(history, NOON), RATE)
    assert found == CommissionEstimate(Decimal(price), "stated budget", RATE, Decimal(commission))


@pytest.mark.parametrize(
    "fields",
    [
        {"budget_range": "$16,777,217"},
        {"message": "We can spend up to $16,777,217."},
        {"measured": {"budget_midpoint_usd": 16_777_217.0}},
    ],
)
def test_a_price_beyond_the_whole_numbers_of_a_float32_is_read_again(fields: dict[str, object]) -> None:
    history = LeadHistory(lead=Lead.model_validate({"lead_id": "a", **fields}))
    assert estimate_commission(history, values_of(history, NOON), RATE).sale_price_usd == Decimal("16777217.00")


def test_a_price_at_the_first_whole_number_of_a_float32_is_read_again() -> None:
    # From 8,388,608 = 2 ** 23 on a float32 holds whole numbers only; the middle, 8,388,608.50, becomes that very one.
    history = LeadHistory(lead=Lead(lead_id="a", budget_range="$8,388,608 - $8,388,609"))
    features = values_of(history, NOON).astype(np.float32)
    assert features[INDEX["budget_midpoint_usd"]] == 8_388_608
    assert estimate_commission(history, features, RATE).sale_price_usd == Decimal("8388608.50")


def test_a_price_that_is_not_the_features_is_not_taken() -> None:
    history = LeadHistory(lead=Lead(lead_id="a", price_max_usd=Decimal("625000.10"), budget_range="$20,000,001"))
    for other in (700_000, 9_000_000):
        assert estimate_commission(history, _features(other), RATE).sale_price_usd == Decimal(other)
