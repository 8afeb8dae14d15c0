"""Columns that know the future are found, each for its own reason; honest ones are left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.training.table.cells import Column, ColumnBuilder
from core.training.table.encode import encode
from core.training.table.leaks import Inputs, suspects_of
from core.training.table.learn import learn
from core.training.table.read import Request
from core.training.table.suspicion import Suspect, by_name

Texts = NDArray[Any]
ROWS = 1_000
GENERATOR = np.random.default_rng(7)
WON = GENERATOR.random(ROWS) < 0.2
HONEST = {f"signal {place}": (WON * 0.6 + GENERATOR.normal(size=ROWS)).round(3).astype(str) for place in range(5)}


def found_in(columns: dict[str, Texts], day: NDArray[np.float64] | None = None) -> dict[str, Suspect]:
    made = [_column(name, values.tolist()) for name, values in columns.items()]
    encoded, _ = encode(made, WON, seed=0)
    inputs = Inputs(tuple(one.name for one in encoded.columns), encoded.matrix)
    return {one.name: one for one in suspects_of(inputs, WON, made, day, seed=0)}


def _column(name: str, values: list[str]) -> Column:
    builder = ColumnBuilder(name)
    for value in values:
        builder.add(value)
    return builder.built()


def test_honest_columns_are_not_suspected() -> None:
    area = GENERATOR.choice([f"area {place}" for place in range(30)], ROWS)
    sometimes = np.where(GENERATOR.random(ROWS) < 0.4, GENERATOR.normal(size=ROWS).round(2).astype(str), "")
    assert found_in(HONEST | {"area": area, "sometimes": sometimes}) == {}


def test_a_column_of_a_crms_outcomes_is_known_by_its_name() -> None:
    noise = GENERATOR.choice(["new", "old", "hot"], ROWS)
    suspect = found_in(HONEST | {"Lead Status": noise})["Lead Status"]
    assert suspect.left_out
    assert "CRM" in suspect.reason


def test_words_of_an_ending_need_values_that_tell_the_outcomes_apart() -> None:
    telling = (WON * 1.0 + GENERATOR.normal(size=ROWS)).round(3).astype(str)
    noise = GENERATOR.normal(size=ROWS).round(3).astype(str)
    found = found_in(HONEST | {"duration": telling, "final walkthrough": noise})
    assert set(found) == {"duration"}


def test_what_became_of_an_earlier_campaign_is_no_outcome() -> None:
    assert by_name("poutcome", 0.9) is None
    assert by_name("previous_result", 0.9) is None
    assert by_name("result", 0.9) is not None


def test_a_column_filled_for_the_lost_alone_is_found_though_it_hardly_orders() -> None:
    # Filled for 40 % of the lost and none of the won: alone its ROC AUC is only 0.5 + 0.4 / 2 = 0.7.
    reason = np.where(~WON & (GENERATOR.random(ROWS) < 0.4), "price", "")
    suspect = found_in(HONEST | {"Why": reason})["Why"]
    assert suspect.auc_alone == pytest.approx(0.7, abs=0.03)
    assert "of those lost and for 0% of the others" in suspect.reason


def test_a_value_that_only_winners_have_is_found() -> None:
    label = np.where(WON & (GENERATOR.random(ROWS) < 0.5), "escrow", GENERATOR.choice(["a", "b"], ROWS))
    suspect = found_in(HONEST | {"Label": label})["Label"]
    assert "'escrow' stands for those won only" in suspect.reason


def test_a_column_that_nearly_decides_is_found_and_told_with_figures() -> None:
    nearly = (WON * 4.0 + GENERATOR.normal(size=ROWS)).round(3).astype(str)
    suspect = found_in(HONEST | {"magic": nearly})["magic"]
    assert suspect.left_out
    assert "nearly decides alone: ROC AUC 0.99" in suspect.reason


def test_several_strong_columns_that_agree_are_mentioned_and_used() -> None:
    # Each alone has a ROC AUC of 0.957 or so, all others together more: no single one gives the outcome away.
    strong = {f"measure {place}": (WON * 2.45 + GENERATOR.normal(size=ROWS)).round(3).astype(str) for place in range(9)}
    strong |= {f"weaker {place}": (WON * 1.9 + GENERATOR.normal(size=ROWS)).round(3).astype(str) for place in range(4)}
    assert not [one for one in found_in(strong).values() if one.left_out]


def test_a_column_that_outdoes_all_others_is_mentioned_whatever_its_name() -> None:
    weak = {f"weak {place}": (WON * 0.15 + GENERATOR.normal(size=ROWS)).round(3).astype(str) for place in range(5)}
    better = (WON * 1.6 + GENERATOR.normal(size=ROWS)).round(3).astype(str)
    suspect = found_in(weak | {"talk": better})["talk"]
    assert "better than all others together" in suspect.reason
    assert not suspect.left_out


def test_dates_after_the_rows_own_are_found() -> None:
    day = np.arange(ROWS).astype(np.float64) + 19_000
    later = (np.datetime64("1970-01-01") + (day + 30).astype(int)).astype(str)
    before = (np.datetime64("1970-01-01") + (day - 30).astype(int)).astype(str)
    assert "dates after the row's own in 100%" in found_in(HONEST | {"Paper sent": later}, day)["Paper sent"].reason
    assert "First seen" not in found_in(HONEST | {"First seen": before}, day)


def test_a_feature_that_one_column_tells_is_judged_by_that_columns_name_and_cells(tmp_path: Path) -> None:
    """The winners' last activity is their closing, months after the others went silent: nobody knew it beforehand."""
    draw, end = np.random.default_rng(3), datetime(2026, 6, 1, tzinfo=UTC)
    lines = ["Contact Id,Created,Last Activity,Web Page,Outcome"]
    for number in range(400):
        created, won = end - timedelta(days=draw.uniform(60, 700)), draw.random() < 0.25
        last = min(created + timedelta(days=draw.uniform(60, 400) if won else draw.exponential(20)), end)
        told = (created.isoformat(), f"{last:%b %d %Y %I:%M %p}", draw.choice(["a", "b"]), "won" if won else "lost")
        lines.append(f"c{number}," + ",".join(told))
    path = tmp_path / "contacts.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    learned = learn(Request(path, "Outcome", date="Created"), "try", "a test")
    [suspect] = [one for one in learned.report.suspects if one.name == "days_since_last_interaction"]
    assert suspect.left_out
    assert suspect.reason.startswith("comes from 'Last Activity', which is named like something")
    assert "Last Activity" not in learned.report.columns_used
    named = learn(Request(path, "Outcome", date="Created", columns=("Last Activity", "Web Page")), "try", "a test")
    assert "Last Activity" in named.report.columns_used
