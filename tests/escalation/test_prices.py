"""Prices by hand, in micro-dollars: a price in dollars for a million tokens is that many micro-dollars a token."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingsError
from core.escalation import PriceTable, Usage
from core.escalation.prices import OWN_FILE, SHIPPED

HAIKU = "claude-haiku-5-5"
PRICES = PriceTable.load()


@pytest.mark.parametrize(
    ("usage", "micro_usd"),
    [
        (Usage(2_000, 0, 0, 500), 450),  # 2,000 * 0.10 + 500 * 0.50
        (Usage(1_000, 1_300, 0, 400), 313),  # 100 + 1,300 * 0.01 + 200
        (Usage(1_000, 0, 1_300, 400), 463),  # 100 + 1,300 * 0.125 = 162.5, and 200: 462.5, rounded up
        (Usage(100_000, 0, 0, 1_000), 10_500),  # still the lower price: 10,000 + 500
        (Usage(98_000, 1_000, 1_001, 1_000), 52_176),  # 100,001: 49,000 + 50 + 625.625 + 2,500 = 52,175.625
        (Usage(0, 0, 0, 0), 0),
    ],
)
def test_the_price_of_a_call(usage: Usage, micro_usd: int) -> None:
    assert PRICES.cost_micro_usd(HAIKU, usage) == micro_usd


def test_a_batch_costs_half_rounded_up() -> None:
    assert PRICES.cost_micro_usd(HAIKU, Usage(2_000, 0, 0, 501), batch=True) == 226  # (200 + 250.5) / 2 = 225.25


TOKENS = st.integers(0, 60_000)


@given(TOKENS, TOKENS, TOKENS, st.integers(0, 6_000), st.booleans(), st.sampled_from(list(PRICES.models)))
def test_the_bound_holds_however_the_cache_behaves(
    plain: int, cached: int, written: int, output: int, batch: bool, model: str
) -> None:
    usage = Usage(plain, cached, written, output)
    bound = PRICES.bound_micro_usd(model, plain + cached + written, 6_000, batch=batch)
    assert PRICES.cost_micro_usd(model, usage, batch=batch) <= bound


def test_a_model_without_a_price_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(SettingsError, match=f"'gpt', for which no prices are known; choose one of {HAIKU}, "):
        PRICES.cost_micro_usd("gpt", Usage())


def test_a_teams_own_table_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = SHIPPED.read_text().replace("output = 0.50", "output = 5.00")
    (tmp_path / OWN_FILE).write_text(own)
    assert PriceTable.load(tmp_path).cost_micro_usd(HAIKU, Usage(output_tokens=10)) == 50
    assert PriceTable.load(tmp_path / "elsewhere").cost_micro_usd(HAIKU, Usage(output_tokens=10)) == 5


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("input = 0.10", "input = -1", r"models\.claude-haiku-5-5\.input is '-1'.*greater than or equal to 0"),
        ("batch_share = 0.5", "batch_share = 2.0", "batch_share is '2.0'"),
        ("input = 0.10", "inptu = 0.10", "input|inptu"),
        ("[models", "[[models", "cannot be read as a table of prices"),
    ],
)
def test_a_slip_of_the_hand_in_the_table_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    (tmp_path / OWN_FILE).write_text(SHIPPED.read_text().replace(old, new, 1))
    with pytest.raises(SettingsError, match=words) as caught:
        PriceTable.load(tmp_path)
    assert OWN_FILE in str(caught.value)
