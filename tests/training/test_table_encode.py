"""Own columns as numbers: what is unknown, rare or new, and that no row of the other side is looked at."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.features.catalog import UNKNOWN
from core.scoring.own_column import OwnColumn, own_column_from_json
from core.training.table.cells import Column, ColumnBuilder
from core.training.table.encode import Unfit, encode, kind_of, places
from core.training.table.places import place_of
from core.training.table.read import Request, read_table
from core.training.table.split import split_of
from tests.training.exports import plain_export, write


def column(values: list[str], name: str = "Thing") -> Column:
    builder = ColumnBuilder(name)
    for value in values:
        builder.add(value)
    return builder.built()


def test_nothing_chosen_is_unknown_in_numbers_dates_and_words() -> None:
    for filled in (["3", "7.5", "-2", "9"], ["2025-01-02", "2025-03-04", "2024-05-06", "2025-05-06"], list("abba")):
        cells = column([*filled * 10, "Select", "-", "", "n/a"])
        won = np.arange(44) % 2 == 0
        encoded, unfit = encode([cells], won, seed=0)
        assert not unfit
        assert (encoded.matrix[-4:, 0] == UNKNOWN).all()
        assert (encoded.matrix[:-4, 0] >= 0).all()
        assert (places(encoded.columns[0], cells)[-4:] == UNKNOWN).all()


def test_numbers_below_the_least_one_learned_stay_known() -> None:
    own = kind_of(column(["-1.8", "1.4", "0.5", "0.1"] * 10, "Rate"))
    assert isinstance(own, OwnColumn)
    assert (place_of(own, "-1.8"), place_of(own, "-3.4"), place_of(own, "what")) == (0.0, 0.0, UNKNOWN)
    assert own.statement(place_of(own, "1.4")) == "Rate: 1.4"


def test_a_category_is_placed_by_its_share_of_successes_and_a_new_one_like_the_rare_ones() -> None:
    # Of 40 "a" 30 won, of 40 "b" 10; "c" occurs three times, fewer than a category needs.
    cells = column(["a"] * 40 + ["b"] * 40 + ["c"] * 3)
    won = np.array([True] * 30 + [False] * 10 + [True] * 10 + [False] * 30 + [False] * 3)
    own = encode([cells], won, seed=0)[0].columns[0]
    assert place_of(own, "a") == pytest.approx(0.75, abs=0.02)
    assert place_of(own, " A ") == place_of(own, "a")
    assert place_of(own, "b") == pytest.approx(0.25, abs=0.02)
    assert place_of(own, "never seen") == place_of(own, "c") == own.elsewhere
    assert (own.statement(place_of(own, "A")), own.statement(UNKNOWN)) == ("Thing: a", "Thing: not known")


@given(
    st.lists(st.sampled_from(["red", "Red", "blue", "", "green", "12"]), min_size=40, max_size=60), st.integers(0, 9)
)
def test_every_category_says_who_it_is_and_survives_json(values: list[str], seed: int) -> None:
    won = np.random.default_rng(seed).random(len(values)) < 0.4
    won[:2] = [True, False]
    encoded, _ = encode([column(values)], won, seed=0)
    for own in encoded.columns:
        again = own_column_from_json(json.loads(json.dumps(own.to_json())))
        for value in set(values):
            assert place_of(again, value) == place_of(own, value)
        for name, place in own.places.items():
            assert own.statement(place).casefold() == f"thing: {name}"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([f"row {number} tells its own tale" for number in range(60)], "free text"),
        ([f"u{number}" for number in range(60)], "identifier"),
        ([str(7000 + number) for number in range(60)], "identifier"),
        (["same"] * 60, "always the same"),
        ([""] * 60, "tells nothing"),
    ],
)
def test_a_column_that_teaches_nothing_is_said_why(values: list[str], why: str) -> None:
    found = kind_of(column(values))
    assert isinstance(found, Unfit)
    assert why in found.reason


def test_prices_that_all_differ_are_no_identifiers() -> None:
    prices = [str(price) for price in np.random.default_rng(0).choice(900_000, 100, replace=False) + 100_000]
    assert isinstance(kind_of(column(prices)), OwnColumn)


def test_nobody_is_on_both_sides_whatever_the_seed(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    rows = [(f"p{generator.integers(0, 80)}@x.com", n, "yes" if generator.random() < 0.3 else "no") for n in range(200)]
    table = read_table(Request(write(tmp_path / "a.csv", ["Email", "x", "Won"], rows), "Won"))
    for seed in range(20):
        split = split_of(table, seed, 0.3)
        assert not set(table.person[split.learn]) & set(table.person[split.judge])
        assert sorted([*split.learn, *split.judge]) == list(range(200))


def test_with_a_date_the_later_rows_judge_and_people_learned_from_do_not(tmp_path: Path) -> None:
    rows = [
        (f"2025-{1 + day // 28:02}-{1 + day % 28:02}", f"p{day % 90}@x.com", "yes" if day % 3 else "no")
        for day in range(100)
    ]
    table = read_table(Request(write(tmp_path / "a.csv", ["Created", "Email", "Won"], rows), "Won", date="Created"))
    split = split_of(table, 0, 0.3)
    assert table.day is not None
    assert table.day[split.learn].max() < table.day[split.judge].min()
    # Rows 70 to 99 are later; 90 to 99 are of the people of rows 0 to 9.
    assert (split.kind, split.left_out, len(split.judge)) == ("temporal", 10, 20)


def test_outcomes_of_the_other_side_change_nothing_that_was_encoded(tmp_path: Path) -> None:
    table = read_table(Request(plain_export(tmp_path / "a.csv"), "Won"))
    split = split_of(table, 0, 0.3)
    first = encode([one.rows(split.learn) for one in table.columns], table.converted[split.learn], 0)[0]
    table.converted[split.judge] = ~table.converted[split.judge]
    second = encode([one.rows(split.learn) for one in table.columns], table.converted[split.learn], 0)[0]
    assert [one.to_json() for one in first.columns] == [one.to_json() for one in second.columns]
