"""Single cells: amounts, dates, phones, column names; against independent readings of the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import phonenumbers
import pytest
from dateutil import parser as dateutil_parser
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FileError
from core.leads import utc_now
from core.transfer import TARGETS, defuse, outcome_columns, recognise
from core.transfer.amounts import parse_money, parse_number, shown
from core.transfer.contacts import e164, parse_contact
from core.transfer.dates import DateReader
from core.transfer.headers import target_of
from core.transfer.spend import parse_month
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
        ("$1,000,000,000", "1000000000"),
        ("-0", "0"),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, dollars: str) -> None:
    assert parse_money(text) == Decimal(dollars)


@pytest.mark.parametrize(
    "text", ["1,2,3", "1.2.3", "12,34,567", "450k-500k", "£450", "1..5", "5e999", "four", "1,000,000,000.01"]
)
def test_amounts_that_could_mean_several_things_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_money(text)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("0 %", 0), ("12,5", 12.5), ("45%", 0.45), ("1,204", 1204), ("100", 100)]
)
def test_numbers_are_read_from_nothing_to_their_most(text: str, number: float) -> None:
    assert parse_number(text, 1204) == number


@pytest.mark.parametrize(("text", "why"), [
    ("-0.1", "must be a number of 0 or more"), ("nan", "must be a number of 0 or more"), ("1_0", "must be a number"),
    ("1205", "must be from 0 to 1204"), ("%", "must be a number of 0 or more"),
])  # fmt: skip
def test_numbers_beyond_that_are_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_number(text, 1204)


def test_a_message_quotes_sixty_characters_at_most() -> None:
    assert shown("x" * 60) == repr("x" * 60)
    assert shown("x" * 61) == repr("x" * 59 + "…")


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
        ("46225.75", "2026-07-22T18:00"),  # as many characters as 20260722
        ("2026-07-22 10:28 PM", "2026-07-22T22:28"),
    ],
)
def test_dates_of_many_programs(text: str, expected: str) -> None:
    late = datetime(2030, 1, 1, tzinfo=UTC)
    assert DateReader(latest=late)(text).isoformat()[:16] == expected


def test_parts_of_a_second_are_kept_so_that_what_follows_within_one_stays_in_order() -> None:
    assert DateReader()("2026-02-22T10:28:39.250Z") == datetime(2026, 2, 22, 10, 28, 39, 250_000, UTC)


@pytest.mark.parametrize(
    "text",
    ["10", "July", "2026", "13/13/2026", "2026-02-30", "0/0/0000", "012/4/2026", "00:00", "9" * 400, "٣/٤/٢٠٢٦x"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a date"):
        DateReader()(text)


def test_a_month_of_costs_is_one_from_2000_to_this_one() -> None:
    today = utc_now().date()
    assert parse_month("2000-01") == date(2000, 1, 1)
    assert parse_month(f"{today:%Y-%m}") == today.replace(day=1)
    for month in ("1999-12", f"{today.replace(day=1) + timedelta(days=31):%Y-%m}"):
        with pytest.raises(ValueError, match=f"month is '{month}'; must be from 2000-01 to this month"):
            parse_month(month)


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
        ("5125550101.0", None, "+15125550101"),
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
        ("Fone", None),  # so short a word is near to too many
        ("Phon", None),
        ("State", None),
        ("Stage", "stage"),
        ("sub_source", "source"),
        ("buying_timeframe", "timeline"),
        ("AreaSearchedMost", "location_preference"),
        ("Pre-Approved?", "pre_approval"),
        ("Response Time Hours", "measured.response_time_hours"),
        ("Close Date", "closed_at"),
        ("Sold Date", "closed_at"),
        ("Closing date", "closed_at"),
        ("Sales Price", "sale_price_usd"),
        ("Converted Date", None),  # of a Salesforce lead that became an opportunity
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


def test_outcomes_are_read_as_nothing_that_is_scored() -> None:
    columns = ["Close Date", "Recent Deal Amount", "Total Revenue", "Lifecycle Stage", "Deal Price", "Days To Close"]
    columns += ["Became a Customer Date", "Sold Date", "Closing Date"]
    assert outcome_columns(columns) == tuple(columns)
    assert dict(recognise(columns).fields) == {
        "Close Date": "closed_at",
        "Recent Deal Amount": "sale_price_usd",
        "Lifecycle Stage": "stage",
        "Deal Price": "sale_price_usd",
        "Became a Customer Date": "customer_since",
        "Sold Date": "closed_at",
        "Closing Date": "closed_at",
    }


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
        # of customers and clients only who bought already
        ("Past Client", "closed"),
        ("Existing customer", "closed"),
        ("Spoke with Customer", "qualified"),
        ("Met with Customer", "showing"),
        ("Potential customer", "generated"),
        ("Not a customer yet", "generated"),
        # what is denied is not so
        ("Not closed", "generated"),
        ("Not yet under contract", "generated"),
        ("Open - Not Contacted", "generated"),
        ("Not active", "generated"),
        ("Closed - Not Converted", "lost"),
        ("Closed - No sale", "lost"),
        ("Closed (not sold)", "lost"),
        ("Not interested", "lost"),
        ("No longer interested", "lost"),
        ("Won't sell", "generated"),
        # between a signature and the keys
        ("Contingent", "contract"),
        ("Clear to Close", "contract"),
        ("Closing scheduled", "contract"),
        ("Attorney Review", "contract"),
        ("In Escrow", "contract"),
        ("Escrow closed", "closed"),
        ("Closed contract", "closed"),
        ("Sale Closed", "closed"),
        # an offer comes after a showing and before a contract
        ("Submitting Offers", "showing"),
        ("Offer made", "showing"),
        ("Offer accepted", "contract"),
        ("Offer rejected", "showing"),
        # gone
        ("Rejected", "lost"),
        ("Contract terminated", "lost"),
        ("Deal fell through", "lost"),
        ("Under contract - cancelled", "lost"),
        ("Bought with another agent", "lost"),
        ("Sold by another realtor", "lost"),
        ("Working with other agent", "lost"),
        ("Don't contact", "lost"),
        ("Do not call", "lost"),
        ("Spam", "lost"),
        ("Wrong number", "lost"),
        ("Appointment cancelled", "generated"),
        ("Appointment set", "showing"),
        ("Listing Agreement", "qualified"),
        ("won Buyers Closed", "closed"),
        ("open Buyers Under Contract", "contract"),
        # each opportunity of a cell by its own status, whatever its pipeline is called; lost is who is lost in all
        ("open Past clients Follow up", "generated"),
        ("open Lost leads Contacted", "qualified"),
        ("won Lost leads Reactivated", "closed"),
        ("lost Buyers New, open Sellers Showing booked", "showing"),
        ("open Buyers New, open Buyers, first time Under Contract", "contract"),
        ("lost Sellers New, won Buyers Closed", "closed"),
        ("abandoned Buyers New, lost Sellers New", "lost"),
        ("Open deal", "qualified"),
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
