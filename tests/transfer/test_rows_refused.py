"""Cells that cannot be right: the row is left out, with all that is wrong in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.leads import utc_now
from core.transfer import MOST_CELL_CHARACTERS, ReadLead, Rejected, read_leads, recognise

Made = Callable[..., Path]


def _reason(path: Path) -> str:
    (row,) = read_leads(path)
    assert isinstance(row, Rejected)
    return row.reason


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("budget", "-250000", "budget is -250000; must be 0 or more"),
        ("budget", "NaN", "budget is 'NaN'; must be an amount in dollars such as 450000 or $450,000"),
        ("budget", "inf", "budget is 'inf'; must be an amount in dollars such as 450000 or $450,000"),
        ("max price", "($5)", "max price is '($5)'; must be 0 or more"),
        ("max price", "5000000000", "max price is 5000000000; must be at most 1,000,000,000"),
        ("max price", "lots", "max price is 'lots'; must be an amount in dollars such as 450000 or $450,000"),
        ("created", "1999-12-31", "created is '1999-12-31'; must be a date from 2000-01-01 to now"),
        ("created", "31/31/2026", "created is '31/31/2026'; must be a date such as 2026-07-22 or 7/22/2026"),
        ("created", "2999-01-01", "created is '2999-01-01'; must be a date from 2000-01-01 to now"),
        ("created", "soon", "created is 'soon'; must be a date such as 2026-07-22 or 7/22/2026"),
        ("property_views", "-1", "property_views is -1; must be a number of 0 or more"),
        ("property_views", "1e999", "property_views is '1e999'; must be a number of 0 or more"),
        ("response_rate", "1.5", "response_rate is 1.5; must be from 0 to 1"),
        ("questions_asked", "1_000", "questions_asked is '1_000'; must be a number of 0 or more"),
        ("source", "x" * 301, "source holds 301 characters; at most 300 are allowed"),
        ("message", "x" * 20_001, "message holds 20,001 characters; at most 20,000 are allowed"),
        ("shoe size", "a\x00b", "shoe size holds a NUL character; remove it"),
        (
            "shoe size",
            "x" * (MOST_CELL_CHARACTERS + 1),
            "shoe size holds 100,001 characters; at most 100,000 are allowed",
        ),
    ],
)
def test_a_wrong_cell_is_named_with_what_is_allowed(made: Made, column: str, cell: str, problem: str) -> None:
    path = made(f'name,email,{column}\nAna,a@example.com,"{cell}"\n' + "\n" * 50)
    assert _reason(path) == f"row 2: {problem}. Correct the row."


def test_all_problems_of_a_row_are_said_at_once(made: Made) -> None:
    path = made("name,budget,min price,created\nAna,-1,x,2999-01-01\n")
    assert _reason(path).count(";") == 5  # three problems with one each, and two between them
    assert _reason(path).startswith("row 2: budget is -1; must be 0 or more; min price is 'x'; must be an amount")


def test_half_a_character_spoils_its_row_only(made: Made) -> None:
    path = made(b"name,email\nA\xed\xa0\x80na,a@example.com\nBo,b@example.com\n")
    first, second = read_leads(path)
    assert isinstance(first, Rejected)
    assert first.reason == "row 2: name holds a broken character (not valid text); type it again. Correct the row."
    assert isinstance(second, ReadLead)


def test_a_row_that_names_nobody_is_left_out_unless_the_file_names_nobody(made: Made) -> None:
    path = made("name,email,source\n,,Zillow\n")
    assert _reason(path) == "row 2: has no name, e-mail, phone or ID; give at least one. Correct the row."
    (row,) = read_leads(made("property_views,response_rate\n12,0.5\n"))
    assert isinstance(row, ReadLead)
    assert row.history.lead.measured == {"property_views": 12, "response_rate": 0.5}


def test_cells_that_say_nothing_are_unknown_not_zero(made: Made) -> None:
    for nothing in ("", " ", "-", "Select", "N/A", "none", "NULL", "--"):
        (row,) = read_leads(
            made(f"name,budget,created,property_views,tags\nAna,{nothing},{nothing},{nothing},{nothing}\n")
        )
        assert isinstance(row, ReadLead)
        lead = row.history.lead
        assert (lead.budget_range, lead.created_at, lead.measured, lead.tags) == (None, None, {}, ())


def test_rows_may_lack_their_last_cells_or_end_with_a_comma(made: Made) -> None:
    first, second = read_leads(made("name,email,source\nAna\nBo,b@example.com,Zillow,,\n"))
    assert isinstance(first, ReadLead)
    assert first.cells == ["Ana", "", ""]
    assert isinstance(second, ReadLead)
    assert second.cells == ["Bo", "b@example.com", "Zillow"]


def test_an_activity_after_the_moment_of_scoring_is_not_known_at_it(made: Made) -> None:
    yesterday = (utc_now() - timedelta(days=1)).date().isoformat()
    path = made(f"name,last activity\nAna,{yesterday}\n")
    (row,) = read_leads(path, as_of=utc_now() - timedelta(days=30))
    assert isinstance(row, ReadLead)
    assert row.history.lead.measured == {}


def test_a_mapping_edited_by_hand_is_what_is_read(made: Made) -> None:
    path = made("who,wish,price\nAna,a yard,500000\n")
    mapping = recognise(["who", "wish", "price"]).with_field("who", "name").with_field("wish", "message")
    (row,) = read_leads(path, mapping.with_field("price", None))
    assert isinstance(row, ReadLead)
    lead = row.history.lead
    assert (lead.name, lead.message, lead.budget_range) == ("Ana", "a yard", None)


def test_ids_that_a_spreadsheet_spoilt_are_not_taken_for_ids(made: Made) -> None:
    first, second, third = (
        row.history.lead.lead_id
        for row in read_leads(made("id,email\n1.23E+15,a@example.com\n1.23E+15,b@example.com\na/b,c@example.com\n"))
        if isinstance(row, ReadLead)
    )
    assert first.startswith("lead_")
    assert first != second
    assert third.startswith("a_b-")


def test_an_id_that_a_script_took_for_a_number_is_the_same(made: Made) -> None:
    for written in ("id,name\n12,Ana\n", "id,name\n12.0,Ana\n"):
        (row,) = read_leads(made(written))
        assert isinstance(row, ReadLead)
        assert row.history.lead.lead_id == "12"


def test_the_same_person_has_the_same_id_in_every_file(made: Made) -> None:
    (one,) = read_leads(made("name,email\nAna,Ana@Example.com\n"))
    _, two = read_leads(made("email,phone\nx@example.com,1\nana@example.com ,5125550101\n"))
    assert isinstance(one, ReadLead)
    assert isinstance(two, ReadLead)
    assert one.history.lead.lead_id == two.history.lead.lead_id
