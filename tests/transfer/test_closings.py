"""What a file tells of sales and their days, and that none of it is scored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.features import values_of
from core.leads import Outcome, Stage
from core.transfer import ReadLead, read_leads, recognise
from tests.transfer.conftest import NOON

Made = Callable[..., Path]
Leads = Callable[[Path], list[ReadLead]]


def closing(lead_id: str, year: int, month: int, day: int, *time: int, price: int | None = None) -> Outcome:
    hour, minute = (*time, 0, 0)[:2]
    at = datetime(year, month, day, hour, minute, tzinfo=UTC)
    sale = None if price is None else Decimal(price)
    return Outcome(lead_id=lead_id, stage=Stage.CLOSED, occurred_at=at, sale_price_usd=sale)


def test_the_exports_of_crms_tell_when_a_lead_closed_and_at_what_price(files: Path, leads: Leads) -> None:
    told = {name: [row.closing for row in leads(files / f"{name}.csv")] for name in ("hubspot", "follow_up_boss")}
    assert told == {
        "hubspot": [None, closing("102", 2026, 8, 1, price=512_000)],
        "follow_up_boss": [None, closing("9002", 2026, 5, 1, price=612_000)],
    }


@pytest.mark.parametrize(
    ("header", "row", "day"),
    [
        ("Stage,Close Date", "Closed,2026-05-01", (2026, 5, 1)),
        ("Stage,Close Date", "Past Client,5/1/2026 4:30 PM", (2026, 5, 1, 16, 30)),
        ("Stage,Close Date", "Closed,2026-05-01 00:00:00.000000", (2026, 5, 1)),  # a timestamp of Parquet
        ("Stage,Close Date", "Under contract,2026-05-01", None),  # only expected
        ("Stage,Close Date", "Lost,2026-05-01", None),
        ("Stage,Close Date", "Closed,2026-08-15", None),  # it has not come
        ("Stage,Close Date", "Closed,2031-01-01", None),
        ("Stage,Close Date", "Closed,1985-05-01", None),
        ("Stage,Close Date", "Closed,last spring", None),
        ("Stage,Close Date", "Closed,", None),
        ("Close Date", "2026-05-01", None),  # a CRM plans such days too
        ("Status,Stage,Close Date", "Customer,Connected,2026-05-01", (2026, 5, 1)),  # the furthest of its stages
        ("Stage,Close Date,Recent Deal Close Date", "Closed,2025-02-01,2026-05-01", (2026, 5, 1)),  # the latest sale
        ("Stage,Close Date,Closed On", "Closed,2026-05-01,2026-09-01", (2026, 5, 1)),
        ("Became a Customer Date", "2026-05-01", (2026, 5, 1)),
        ("Stage,Became a Customer Date", "Connected,2026-05-01", (2026, 5, 1)),
        ("Stage,Became a Customer Date,Close Date", "Customer,2026-05-09,2026-05-01", (2026, 5, 1)),
        ("Became a Customer Date,Close Date", "2026-05-09,2026-09-01", (2026, 5, 9)),
        ("Became a Customer Date", "2026-09-01", None),
        ("Stage,Became a Customer Date", "Unqualified,2026-05-01", None),
    ],
)
def test_a_closing_needs_a_stage_that_says_closed_and_a_day_that_has_come(
    made: Made, leads: Leads, header: str, row: str, day: tuple[int, ...] | None
) -> None:
    [found] = leads(made(f"ID,{header}\n7,{row}\n"))
    assert found.closing == (closing("7", *day) if day else None)


def test_who_became_a_customer_is_closed_whatever_the_other_columns_say(made: Made, leads: Leads) -> None:
    path = made(
        "ID,Lead Status,Became a Customer Date\n1,Connected,2026-05-01\n2,Connected,\n3,Unqualified,2026-05-01\n"
    )
    assert [row.history.lead.stage for row in leads(path)] == [Stage.CLOSED, Stage.QUALIFIED, Stage.LOST]


@pytest.mark.parametrize(
    ("price", "usd"), [("$612,000", 612_000), ("0", None), ("call me", None), ("-5", None), ("", None)]
)
def test_a_price_that_cannot_be_read_leaves_the_closing_without_one(
    made: Made, leads: Leads, price: str, usd: int | None
) -> None:
    [found] = leads(made(f'ID,Stage,Sold Date,Sold Price\n7,Sold,2026-05-01,"{price}"\n'))
    assert found.closing == closing("7", 2026, 5, 1, price=usd)


def test_a_day_without_a_zone_is_on_the_clock_of_the_files_other_dates(made: Made) -> None:
    path = made("ID,Stage,Close Date\n7,Closed,2026-05-01\n8,Closed,2026-05-01T09:00:00Z\n")
    rows = read_leads(path, as_of=NOON, zone=ZoneInfo("America/Chicago"))
    told = [row.closing for row in rows if isinstance(row, ReadLead)]
    assert told == [closing("7", 2026, 5, 1, 5), closing("8", 2026, 5, 1, 9)]  # midnight in Chicago is 5:00 in UTC


def test_closing_days_are_read_like_each_other_and_do_not_turn_the_dates_that_are_scored(
    made: Made, leads: Leads
) -> None:
    path = made("ID,Date Added,Stage,Close Date\n1,3/4/2026,Closed,5/6/2026\n2,3/4/2026,Closed,25/6/2026\n")
    rows = leads(path)
    assert [row.closing for row in rows] == [closing("1", 2026, 6, 5), closing("2", 2026, 6, 25)]
    assert {row.history.lead.created_at for row in rows} == {datetime(2026, 3, 4, tzinfo=UTC)}


def test_a_file_that_shows_the_day_first_shows_it_for_closing_days_too(made: Made, leads: Leads) -> None:
    [row] = leads(made("ID,Date Added,Stage,Close Date\n1,25/4/2026,Closed,5/6/2026\n"))
    assert row.closing == closing("1", 2026, 6, 5)


def test_the_28_features_are_the_same_with_and_without_what_became_of_the_lead(made: Made) -> None:
    header = "ID,Date Added,Last Activity,Budget,Timeframe,Message,Calls"
    told = '7,2026-06-01,2026-07-30,$500k-$600k,0-3 Months,"When can we see it? We are pre-approved.",12'
    ends = ("Close Date,Became a Customer Date,Sale Price", "2026-07-15,2026-07-16,615000")
    bare = made(f"{header},Stage\n{told},Closed\n", "bare.csv")
    full = made(f"{header},Stage,{ends[0]}\n{told},Closed,{ends[1]}\n", "full.csv")
    [one], [two] = (list(read_leads(path, as_of=NOON)) for path in (bare, full))
    assert isinstance(one, ReadLead)
    assert isinstance(two, ReadLead)
    assert two.closing == closing("7", 2026, 7, 15, price=615_000)
    assert one.history == two.history
    assert values_of(one.history, NOON).tolist() == values_of(two.history, NOON).tolist()


def test_a_column_of_closing_days_is_found_by_a_name_that_is_slightly_wrong() -> None:
    fields = recognise(["Name", "Close Dat", "Salle Price"]).fields
    assert (fields["Close Dat"], fields["Salle Price"]) == ("closed_at", "sale_price_usd")
