"""Amounts as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.commission.typed import typed_usd


@pytest.mark.parametrize(
    ("text", "amount"),
    [("18,000", "18000"), (" $1,234,567.89 ", "1234567.89"), ("1.5", "1.5"), ("18000", "18000"), ("$ 1,500", "1500")],
)
def test_commas_part_thousands(text: str, amount: str) -> None:
    assert typed_usd(text, "Cap") == Decimal(amount)


@pytest.mark.parametrize("text", ["1,5", "18,00", "18.000,50", "1,2345", ",500", "1800,000"])
def test_a_comma_that_parts_no_thousands_is_asked_about(text: str) -> None:
    with pytest.raises(ValueError, match=r"Cap is '.*'; write an amount such as 18,000 or 18,000\.50"):
        typed_usd(text, "Cap")
