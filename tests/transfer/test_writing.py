"""Scores out: columns of the contract, nothing a spreadsheet runs, nothing half written."""

from __future__ import annotations

import csv
import resource
import stat
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FileError
from core.transfer import (
    SCORE_COLUMNS,
    ReadLead,
    ScoreCells,
    ScoreWriter,
    check_out,
    defused,
    read_leads,
    rejected_path,
    text_of,
)

Made = Callable[..., Path]
SCORE = ScoreCells(
    lead_id="lead_1",
    ml_score=82.456,
    ml_confidence=0.91236,
    classification="hot",
    escalation_recommended=False,
    estimated_sale_price=Decimal(625_000),
    estimated_commission=Decimal("37500.00"),
    reasons=("Answers within 2 hours: raises the chance by 9 points", "-4 points for a far-off time frame"),
    features_known=24,
    model_version="2026-11-01",
)
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


def own(cells: list[str]) -> str:
    """A row's own cells as the file of scores has them."""
    return text_of(defused(cells))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_row_holds_the_contracts_columns_then_the_files_own(tmp_path: Path) -> None:
    out = tmp_path / "OUT.csv"
    with ScoreWriter(out, ["Name", "Phone", "=x"]) as writer:
        writer.write(SCORE.text, own(["Ana\nLima", "+15125550101", "-5"]))
    header, row = _rows(out)
    assert header == [*SCORE_COLUMNS, "Name", "Phone", "'=x"]
    assert ", ".join(header[:12]) == (
        "lead_id, ml_score, ml_confidence, classification, escalation_recommended, estimated_sale_price, "
        "estimated_commission, reason_1, reason_2, reason_3, features_known, model_version"
    )
    assert row[:7] == ["lead_1", "82.46", "0.9124", "hot", "false", "625000.00", "37500.00"]
    assert row[7:12] == [SCORE.reasons[0], "'" + SCORE.reasons[1], "", "24", "2026-11-01"]
    assert row[12:] == ["Ana\nLima", "'+15125550101", "'-5"]
    assert not rejected_path(out).exists()


def test_an_unknown_price_is_an_empty_cell(tmp_path: Path) -> None:
    from dataclasses import replace

    unknown = replace(SCORE, estimated_sale_price=None, estimated_commission=None, lead_id="-x", reasons=())
    assert unknown.cells()[:7] == ["'-x", "82.46", "0.9124", "hot", "false", "", ""]


def test_rows_not_scored_go_to_a_file_of_their_own(tmp_path: Path) -> None:
    out = tmp_path / "OUT.csv"
    with ScoreWriter(out, ["Name", "Note"]) as writer:
        writer.reject(4, "row 4: Budget is -1; must be 0 or more. Correct the row.", own(["@Ana", "\ud800"]))
    assert _rows(tmp_path / "OUT.rejected.csv") == [
        ["row_number", "reason", "Name", "Note"],
        ["4", "row 4: Budget is -1; must be 0 or more. Correct the row.", "'@Ana", "\\ud800"],
    ]


def test_an_error_leaves_no_half_file_and_the_earlier_result_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "OUT.csv"
    out.write_text("earlier")

    def fail() -> None:
        with ScoreWriter(out, ["Name"]) as writer:
            writer.write(SCORE.text, own(["Ana"]))
            writer.reject(3, "row 3: no.", own(["Bo"]))
            raise RuntimeError("the model went away")

    with pytest.raises(RuntimeError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["OUT.csv"]
    assert out.read_text() == "earlier"


def test_a_better_file_takes_the_rejected_rows_of_the_earlier_away(tmp_path: Path) -> None:
    out = tmp_path / "OUT.csv"
    with ScoreWriter(out, ["Name"]) as writer:
        writer.reject(3, "row 3: no.", own(["Bo"]))
    with ScoreWriter(out, ["Name"]) as writer:
        writer.write(SCORE.text, own(["Bo"]))
    assert [path.name for path in tmp_path.iterdir()] == ["OUT.csv"]
    assert stat.S_IMODE(out.stat().st_mode) & 0o600 == 0o600


def test_a_place_that_cannot_be_written_is_said_before_anything_is_scored(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "OUT.csv", tmp_path / ("x" * 300 + ".csv")):
        with pytest.raises(FileError), ScoreWriter(place, ["Name"]):
            raise AssertionError(place)


def test_the_file_that_is_read_is_never_written_over(made: Made) -> None:
    for source, out in [("leads.csv", "leads.csv"), ("leads.rejected.csv", "leads.csv")]:
        path = made("name\nAna\n", source)
        with pytest.raises(FileError, match=f"^{source} is the file that is read"):
            check_out(path, path.with_name(out))
        check_out(path, path.with_name("others.csv"))
    for folder in (Path(), Path("/")):
        with pytest.raises(FileError, match="is a folder"):
            check_out(path, folder)


def test_a_disk_that_is_full_at_the_end_leaves_both_files_of_the_earlier_run(tmp_path: Path) -> None:
    out = tmp_path / "OUT.csv"
    for place in (out, rejected_path(out)):
        place.write_text("earlier")

    def run(reject: bool) -> None:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        with ScoreWriter(out, ["Name"]) as writer:
            writer.write(SCORE.text, own(["Ana" * 500]))  # less than what is held back until the end
            if reject:
                writer.reject(3, "no.", own(["Bo"]))
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
            try:
                writer.finish()
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    for reject in (True, False):
        with pytest.raises(FileError, match=r"OUT\.csv cannot be written"):
            run(reject)
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
            "OUT.csv": "earlier",
            "OUT.rejected.csv": "earlier",
        }


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_was_written_reads_back_as_the_same_cells(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    out = tmp_path_factory.mktemp("round") / "OUT.csv"
    with ScoreWriter(out, ["Given", "Own", "Other"]) as writer:
        for row in rows:
            writer.write(SCORE.text, own(row))
    assert [row[12:] for row in _rows(out)[1:]] == [
        [
            "'" + cell if cell.lstrip()[:1] in tuple("=+-@＝＋－＠") or cell[:1] in tuple("\t\r\n") else cell
            for cell in row
        ]
        for row in rows
    ]
    try:
        found = list(read_leads(out))
    except FileError:  # only what is one control character in fifty or more is taken for no text
        data = out.read_bytes()
        assert 50 * sum((byte < 32 and byte not in b"\t\n\v\f\r") or byte == 127 for byte in data) > len(data)
    else:
        assert len(found) == len(rows)


def test_a_result_can_be_scored_again(made: Made, tmp_path: Path) -> None:
    source = made("Name,Email,Phone,Budget\n@Ana,ana@example.com,+15125550101,-\n")
    (before,) = read_leads(source)
    assert isinstance(before, ReadLead)
    with ScoreWriter(tmp_path / "OUT.csv", ["Name", "Email", "Phone", "Budget"]) as writer:
        writer.write(SCORE.text, own(before.cells))
    (after,) = read_leads(tmp_path / "OUT.csv")
    assert isinstance(after, ReadLead)
    lead = after.history.lead
    assert (lead.name, lead.email, lead.phone) == ("@Ana", "ana@example.com", "+15125550101")
