"""What is understood of a file, and what is said of one that nothing can be learned from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import FileError
from core.training.table.cells import ColumnBuilder
from core.training.table.outcome import outcome_of
from core.training.table.read import Request, read_table
from tests.training.exports import ROWS, drawn, plain_export, write


def outcomes(values: list[str], positive: str | None = None) -> list[int]:
    builder = ColumnBuilder("Result")
    for value in values:
        builder.add(value)
    return [int(found) for found in outcome_of(builder.built(), positive)]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["yes", "no", "Yes", ""], [1, 0, 1, -1]),
        (["1", "0", "1.0"], [1, 0, 1]),
        (["TRUE", "false"], [1, 0]),
        (["Closed", "Lost", "Select", "Trash"], [1, 0, -1, 0]),
        (["won", "lost", "open", "abandoned"], [1, 0, -1, 0]),
        (["Closed - Converted", "Closed - Not Converted", "Open - Not Contacted"], [1, 0, -1]),
        (["Sold", "Met with customer", "Not closed yet", "Bought with another agent"], [1, -1, -1, 0]),
        (["Under contract", "Past client", "Not interested", "Nurturing"], [1, 1, 0, -1]),
    ],
)
def test_words_of_outcomes_are_understood(values: list[str], found: list[int]) -> None:
    assert outcomes(values) == found


def test_with_a_positive_value_all_others_are_failures() -> None:
    assert outcomes(["gold", "silver", "Gold", "lead"], "gold") == [1, 0, 1, 0]


@pytest.mark.parametrize(
    ("values", "positive", "said"),
    [
        (["no", "no"], None, "holds only 'no'"),
        (["A", "B", "C"], None, "3 different values"),
        (["benign", "malignant"], None, "--positive VALUE"),
        ([f"he said {number}" for number in range(90)], None, "90 different texts"),
        (["A", "B"], "C", "'C' does not occur"),
        (["", "-", "n/a"], None, "is empty"),
        (["lost", "open", "lost"], None, "no success|3 different|which is the success"),
    ],
)
def test_an_outcome_that_is_none_is_one_sentence(values: list[str], positive: str | None, said: str) -> None:
    with pytest.raises(FileError, match=said):
        outcomes(values, positive)


def test_separator_encoding_and_an_outcome_named_loosely_are_understood(tmp_path: Path) -> None:
    strength, _, won = drawn(60)
    lines = ((value, "Müller", "ja" if flag else "nein") for value, flag in zip(strength, won, strict=True))
    path = write(tmp_path / "a.csv", ["Stärke", "Name", "Is Won"], lines, encoding="cp1252")
    table = read_table(Request(path, "is_won", positive="ja"))
    assert table.converted.tolist() == won
    assert [column.name for column in table.columns] == ["Stärke", "Name"]


def test_rows_without_an_outcome_or_date_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [(f"2025-01-{day % 28 + 1:02}", day, "won" if day % 3 else "lost") for day in range(60)]
    rows += [("2025-02-01", 5, "open"), ("someday", 5, "won"), ("2025-02-02", 5, "")]
    table = read_table(Request(write(tmp_path / "a.csv", ["When", "x", "Status"], rows), "Status", date="When"))
    assert len(table) == 60
    assert table.warnings == (
        "2 of 63 rows told no outcome yet and were left out.",
        "1 row without a date that can be read was left out.",
    )


@pytest.mark.parametrize(
    ("header", "rows", "date", "said"),
    [
        (["x", "Won"], [(1, "yes"), (2, "no"), (3, "yes"), (4, "no"), (5, "no")], None, "5 rows; at least 40"),
        (["x", "Won"], [(1, "yes")], None, "has 1 row; at least 40"),
        (["x", "Won"], [(number, "yes" if number < 3 else "no") for number in range(50)], None, "3 successes and 47"),
        (["When", "Won"], [(f"soon {n}", "yes" if n % 2 else "no") for n in range(50)], "When", "50 of 50 cells"),
        (["x", "Won"], [(1, "yes")] * 50, "Sent", "no column 'Sent'; it has 'x', 'Won'"),
        ([*(f"c{n}" for n in range(299)), "Won"], [[*range(299), "yes"]] * 50, None, "300 columns; at most 200"),
    ],
)
def test_a_file_that_cannot_be_learned_from_is_one_sentence(
    tmp_path: Path, header: list[str], rows: list[tuple[object, ...]], date: str | None, said: str
) -> None:
    with pytest.raises(FileError, match=said) as error:
        read_table(Request(write(tmp_path / "a.csv", header, rows), "Won", date=date))
    assert "\n" not in str(error.value)


def test_of_300_columns_those_that_are_named_can_be_used(tmp_path: Path) -> None:
    rows = [[*range(299), "yes" if number % 2 else "no"] for number in range(50)]
    path = write(tmp_path / "a.csv", [*(f"c{n}" for n in range(299)), "Won"], rows)
    table = read_table(Request(path, "Won", columns=("c7", "c9")))
    assert [column.name for column in table.columns] == ["c7", "c9"]
    assert len(table.left_out) == 297


def test_rows_of_one_person_share_a_number(tmp_path: Path) -> None:
    # Row 0 and 1 share an e-mail, 1 and 2 a phone: one person of three rows. The other 47 stand alone.
    rows = [("a@x.com", "", "yes"), ("A@X.com", "(512) 555-0150", "no"), ("b@x.com", "+15125550150", "no")]
    rows += [(f"p{number}@x.com", "", "yes" if number % 2 else "no") for number in range(47)]
    table = read_table(Request(write(tmp_path / "a.csv", ["Email", "Phone", "Won"], rows), "Won"))
    assert table.person[0] == table.person[1] == table.person[2]
    assert len(np.unique(table.person)) == 48


def test_the_same_row_twice_is_one_person_unless_the_file_has_few_kinds_of_rows(tmp_path: Path) -> None:
    rows = [(float(number), "yes" if number % 2 else "no") for number in range(60)]
    unlike = read_table(Request(write(tmp_path / "a.csv", ["x", "Won"], [*rows, rows[5]]), "Won"))
    assert unlike.person[5] == unlike.person[60]
    kinds = [(number % 3, "yes" if number % 2 else "no") for number in range(60)]
    alike = read_table(Request(write(tmp_path / "b.csv", ["x", "Won"], kinds), "Won"))
    assert len(np.unique(alike.person)) == 60


def test_every_row_of_the_file_is_read(tmp_path: Path) -> None:
    table = read_table(Request(plain_export(tmp_path / "a.csv"), "Won"))
    assert len(table) == ROWS
    assert table.row_numbers.tolist() == list(range(2, ROWS + 2))
