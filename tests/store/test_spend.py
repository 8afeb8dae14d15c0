"""What sources cost, kept and taken away, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.store import Store
from core.store.spend import StoredSpend
from tests.store.made import NOON, scored

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def paid(channel: str, month: date, usd: str) -> StoredSpend:
    return StoredSpend(channel, month, Decimal(usd), NOON, "ana")


def test_the_same_source_and_month_again_replaces(store: Store) -> None:
    before = store.version()
    store.spend.put([paid("Zillow", MARCH, "100.10"), paid("Ads", MARCH, "50.00")], replace_all=False)
    store.spend.put([paid("Zillow", MARCH, "120.15"), paid("Zillow", APRIL, "1.00")], replace_all=False)
    assert store.spend.all() == [
        paid("Ads", MARCH, "50.00"),
        paid("Zillow", MARCH, "120.15"),
        paid("Zillow", APRIL, "1.00"),
    ]
    assert store.version() == before + 2


def test_all_can_be_replaced_or_taken_away(store: Store) -> None:
    store.spend.put([paid("Zillow", MARCH, "100.10"), paid("Ads", MARCH, "50.00")], replace_all=False)
    store.spend.put([paid("Web", MARCH, "7.00")], replace_all=True)
    assert [one.channel for one in store.spend.all()] == ["Web"]
    assert store.spend.remove("nobody") == 0
    assert store.spend.remove("Web") == 1
    store.spend.put([paid("Zillow", MARCH, "100.10"), paid("Ads", MARCH, "50.00")], replace_all=False)
    assert store.spend.remove(None) == 2
    assert store.spend.all() == []


def test_costs_outlive_the_leads(store: Store) -> None:
    store.save_scored([scored("a")])
    store.spend.put([paid("Zillow", MARCH, "100.10")], replace_all=False)
    store.clear()
    assert store.spend.all() == [paid("Zillow", MARCH, "100.10")]
