"""Money is exact, in cents, from nothing to a billion."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leads import Interaction, Lead, usd
from core.leads.money import MOST_USD


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("625000", "625000.00"),
        (0, "0.00"),
        ("0.005", "0.01"),  # half a cent goes up
        ("0.0049", "0.00"),
        (0.1, "0.10"),  # as written, not as stored in binary
        (Decimal("19.999"), "20.00"),
        (MOST_USD, "1000000000.00"),
    ],
)
def test_an_amount_is_kept_in_whole_cents(amount: Decimal | float | str, expected: str) -> None:
    assert str(usd(amount)) == expected


@pytest.mark.parametrize("amount", [-1, "-0.01", "nan", "inf", "-inf", MOST_USD + 1, "1e400", float("nan")])
def test_an_amount_that_cannot_be_is_refused_with_what_is_allowed(amount: Decimal | float | str) -> None:
    with pytest.raises(ValueError, match="must be from 0 to 1000000000"):
        usd(amount)


@pytest.mark.parametrize("amount", ["", "abc", "$5", "1,000"])
def test_what_is_no_number_is_refused_as_such(amount: str) -> None:
    with pytest.raises(ValueError, match="must be a number"):
        usd(amount)


@given(cents=st.integers(0, 10**11))
def test_cents_come_back_as_they_went_in(cents: int) -> None:
    assert int(usd(Decimal(cents) / 100) * 100) == cents


@pytest.mark.parametrize("amount", [-250_000, float("nan"), float("inf"), "2e9"])
def test_a_lead_and_a_listing_refuse_such_amounts(amount: float | str) -> None:
    with pytest.raises(ValueError, match="price_max_usd"):
        Lead.model_validate({"lead_id": "a", "price_max_usd": amount})
    with pytest.raises(ValueError, match="listing_price_usd"):
        Interaction.model_validate({"occurred_at": "2026-01-01T00:00:00Z", "listing_price_usd": amount})
