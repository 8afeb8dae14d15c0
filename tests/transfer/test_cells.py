"""Single cells: amounts, dates, phones, column names; against independent readings of the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import phonenumbers
import pytest
from dateutil import parser as dateutil_parser
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FileError
from core.transfer import TARGETS, defuse, outcome_columns, recognise
from core.transfer.amounts import parse_money
from core.transfer.contacts import e164, parse_contact
from core.transfer.dates import DateReader
from core.transfer.headers import target_of
from core.transfer.words import NOTHING, stage_of

MOMENTS = st.integers(1, 9_490 * 86_400).map(lambda s: datetime(2000, 1, 2) + timedelta(seconds=s))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("450000", "450000"),
        ("$450,000", "450000"),
        ("450k", "450000"),
        ("$1.2M", "1200000"),
        ("1.25 million", "1250000"),
        ("450.000,00", "450000"),
        ("450.000", "450000"),
        ("1.250.000", "1250000"),
        ("450,5", "450.50"),
        ("1 250 000", "1250000"),
        ("USD 450,000.75", "450000.75"),
        ("4.5E+05", "450000"),
        ("500000+", "500000"),
        ("0.005", "0.01"),
        ("-0", "0"),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, dollars: str) -> None:
    assert parse_money(text) == Decimal(dollars)


@pytest.mark.parametrize("text", ["1,2,3", "1.2.3", "12,34,567", "450k-500k", "£450", "1..5", "5e999", "four"])
def test_amounts_that_could_mean_several_things_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_money(text)


@given(st.decimals(0, 999_999_999, places=2))
def test_an_amount_survives_being_written_in_either_style(amount: Decimal) -> None:
    american = f"${amount:,.2f}"
    european = american[1:].translate(str.maketrans(",.", ".,"))
    assert parse_money(american) == parse_money(european) == parse_money(str(amount)) == amount


@given(
    MOMENTS, st.sampled_from(["%Y-%m-%dT%H:%M:%S", "%b %d %Y %I:%M:%S %p", "%d %B %Y %H:%M:%S", "%B %d, %Y %H:%M:%S"])
)
def test_dates_agree_with_dateutil_in_every_unambiguous_style(at: datetime, style: str) -> None:
    text = at.strftime(style)
    assert DateReader()(text) == dateutil_parser.parse(text).replace(tzinfo=UTC) == at.replace(tzinfo=UTC)


@given(MOMENTS, st.booleans())
def test_numeric_dates_follow_the_column(at: datetime, day_first: bool) -> None:
    text = at.strftime("%d/%m/%Y %H:%M:%S" if day_first else "%m/%d/%Y %I:%M:%S %p")
    assert DateReader(day_first)(text) == at.replace(tzinfo=UTC)


@given(MOMENTS, st.integers(-12, 14))
def test_zones_are_brought_to_utc(at: datetime, hours: int) -> None:
    zoned = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    text = zoned.strftime("%Y-%m-%d %H:%M:%S %z")
    if zoned.astimezone(UTC).year >= 2000:
        assert DateReader()(zoned.isoformat()) == zoned
        assert DateReader()(f"{at:%m/%d/%Y %H:%M:%S} {text[-5:]}") == zoned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jul 22 2026 02:09 PM", "2026-07-22T14:09"),
        ("Jul 22 2026 12:09 AM", "2026-07-22T00:09"),
        ("Wed, 22 Jul 2026 10:28:39 GMT", "2026-07-22T10:28"),
        ("July 22nd, 2026 at 2:09 pm", "2026-07-22T14:09"),
        ("22-Jul-26", "2026-07-22T00:00"),
        ("7/22/26 9:05", "2026-07-22T09:05"),
        ("7/22/2026 9:05 AM CST", "2026-07-22T15:05"),
        ("2026/07/22", "2026-07-22T00:00"),
        ("20260722", "2026-07-22T00:00"),
        ("1784714919000", "2026-07-22T10:08"),  # 20,656 days, 10 h, 8 min and 39 s after 1970
        ("1784714919", "2026-07-22T10:08"),
        ("46225.5", "2026-07-22T12:00"),
        ("2026-07-22 10:28 PM", "2026-07-22T22:28"),
    ],
)
def test_dates_of_many_programs(text: str, expected: str) -> None:
    late = datetime(2030, 1, 1, tzinfo=UTC)
    assert DateReader(latest=late)(text).isoformat()[:16] == expected


@pytest.mark.parametrize(
    "text", ["10", "July", "2026", "13/13/2026", "2026-02-30", "0/0/0000", "00:00", "9" * 400, "٣/٤/٢٠٢٦x"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a date"):
        DateReader()(text)


@given(st.from_regex(r"(\+?1[ .-]?)?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{4}", fullmatch=True))
def test_plain_united_states_numbers_read_as_phonenumbers_reads_them(text: str) -> None:
    ours = e164(text)
    if ours is not None:
        parsed = phonenumbers.parse(text, "US")
        assert ours == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("text", "email", "phone"),
    [
        ("ana@example.com / 512-555-0101", "ana@example.com", "+15125550101"),
        ("(512) 555-0101 or ANA@example.com", "ana@example.com", "+15125550101"),
        ("Ana <ana@example.com>", "ana@example.com", None),
        ("mailto:ana@example.com", "ana@example.com", None),
        ("512-555-0101 / 512-555-0102", None, "+15125550101"),
        ("512-555-0101 x12", None, "+15125550101"),
        ("o'brien@example.com", "o'brien@example.com", None),
        ("ana.lima@example.com; bo@example.com", "ana.lima@example.com", None),
        ("ana@", None, None),
        ("000-000-0000", None, None),
    ],
)
def test_a_cell_may_hold_an_e_mail_and_a_phone(text: str, email: str | None, phone: str | None) -> None:
    found = parse_contact(text)
    assert (found.email, found.phone) == (email, phone)
    assert (found.as_written is None) == bool(email or phone)


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("\ufeffE-mail", "email"),
        ("Cell_Phone", "phone"),
        ("Frist Name", "first_name"),
        ("Adress", None),
        ("State", None),
        ("Stage", "stage"),
        ("sub_source", "source"),
        ("buying_timeframe", "timeline"),
        ("AreaSearchedMost", "location_preference"),
        ("Pre-Approved?", "pre_approval"),
        ("Response Time Hours", "measured.response_time_hours"),
        ("Close Date", None),
        ("Lead Value", None),
    ],
)
def test_columns_are_known_by_their_names(column: str, target: str | None) -> None:
    assert target_of(column) == target


def test_every_target_has_a_label_of_its_own() -> None:
    assert len({target.label for target in TARGETS}) == len({target.name for target in TARGETS}) == len(TARGETS)


def test_a_mapping_cannot_name_what_does_not_exist() -> None:
    mapping = recognise(["Name", "Hat"])
    with pytest.raises(FileError, match="no column 'Coat'"):
        mapping.with_field("Coat", "name")
    with pytest.raises(FileError, match="cannot be read as 'shoe'"):
        mapping.with_field("Hat", "shoe")
    assert mapping.with_field("Name", None).unmapped == ("Hat", "Name")


def test_outcomes_are_never_read_as_anything_but_a_stage() -> None:
    columns = ["Close Date", "Recent Deal Amount", "Total Revenue", "Lifecycle Stage", "Deal Price", "Days To Close"]
    assert outcome_columns(columns) == tuple(columns)
    assert dict(recognise(columns).fields) == {"Lifecycle Stage": "stage"}


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("open", "generated"),
        ("won", "closed"),
        ("abandoned", "lost"),
        ("Pending", "contract"),
        ("Under Contract", "contract"),
        ("Showing Homes", "showing"),
        ("Sales Qualified Lead", "qualified"),
        ("UNQUALIFIED", "lost"),
        ("customer", "closed"),
        ("Working - Contacted", "qualified"),
        ("Wonderful", "generated"),
    ],
)
def test_words_of_crms_become_stages(text: str, stage: str) -> None:
    assert stage_of(text) == stage


@given(st.text(max_size=30))
def test_no_cell_is_left_that_a_spreadsheet_runs(cell: str) -> None:
    safe = defuse(cell)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe in (cell, "'" + cell)


def test_nothing_chosen_is_written_in_small_letters() -> None:
    assert {word.lower() for word in NOTHING} == NOTHING
