"""People who stand in a file twice: the first row is scored, the others are listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leads import Lead
from core.transfer import Deduplicator, person_of

Made = Callable[..., Path]
Reasons = Callable[[Path], list[str]]


def _repeats(row: int, of: int, by: str) -> str:
    return f"row {row}: repeats row {of} (same {by}); only row {of} was scored. Merge the two in your CRM."


@pytest.mark.parametrize(
    ("first", "second", "by"),
    [
        ("Ana,ana@example.com,", "A. Lima,ANA@example.com ,", "e-mail"),
        ("Ana,,5125550101", "Ana Lima,,+1 (512) 555-0101", "phone"),
        ("Ana,ana@example.com,5125550101", "Ana L,,512-555-0101", "phone"),
        ("Ana L,,512-555-0101", "Ana,ana@example.com,5125550101", "phone"),
        ("Ana  Lima,ana@example.com,5125550101", "ana lima,ana2@example.com,5125550101", "phone"),
        ("Ana,ana@example.com,5125550101", ",bo@example.com,5125550101", "phone"),
        ("Ana,ana@example.com,5125550101", "Bo,bo@example.com,5125550101", None),  # one household
        ("Ana,ana@example.com,", "Ana,ana2@example.com,", None),  # a name is no person
        ("Ana,,1111111111", "Bo,,1111111111", None),  # a placeholder is no phone
        ("Ana,ask her,", "Bo,ask her,", None),
    ],
)
def test_a_person_is_known_by_e_mail_then_by_phone(
    made: Made, reasons: Reasons, first: str, second: str, by: str | None
) -> None:
    path = made(f"name,email,phone\n{first}\n{second}\n")
    assert reasons(path) == ([_repeats(3, 2, by)] if by else [])


def test_one_id_is_one_person(made: Made, reasons: Reasons) -> None:
    path = made("ID,name,email\n7,Ana,ana@example.com\n8,Bo,bo@example.com\n7,Cy,cy@example.com\n")
    assert reasons(path) == [_repeats(4, 2, "ID")]


def test_a_third_row_points_to_the_first_too(made: Made, reasons: Reasons) -> None:
    path = made("email\na@example.com\na@example.com\nA@example.com\n")
    assert reasons(path) == [_repeats(3, 2, "e-mail"), _repeats(4, 2, "e-mail")]


@given(st.lists(st.integers(0, 30), max_size=60))
def test_scored_and_repeated_rows_add_up_and_each_person_is_scored_once(people: list[int]) -> None:
    first: dict[int, int] = {}
    with Deduplicator() as known:
        for number, person in enumerate(people, start=2):
            lead = Lead(lead_id=f"row{number}", email=f"p{person}@example.com")
            (found,) = known.check([person_of(number, lead)])
            assert (found.first_row if found else number) == first.setdefault(person, number)
