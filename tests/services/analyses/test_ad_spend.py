"""Files of what sources cost, and costs against what the sources brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.analytics.attribution import Model
from core.errors import FileError
from core.leads import Outcome, Side, Stage
from core.services import audit
from core.services.access import Actor, Role, trusted
from core.services.access.actor import OF_ROLE
from core.services.analyses import ad_spend
from core.services.center import CommandCenter
from core.store import LeadFilter
from tests.store.made import at, scored

DAY = 1_440


def filled(center: CommandCenter) -> None:
    """Four leads of March 2026: Zillow closes one of three, Ads one of one; a closing earns 3 % of 500,000."""
    sources = {"z1": "Zillow", "z2": "Zillow", "z3": "Zillow", "a1": "Ads"}
    center.save_many([scored(name, created_at=at(0), source=of, side=Side.BUYER) for name, of in sources.items()])
    center.store.add_outcomes(
        [
            *(Outcome(lead_id=one, stage=Stage.CONTRACT, occurred_at=at(10 * DAY)) for one in ("z1", "a1")),
            *(
                Outcome(lead_id=one, stage=Stage.CLOSED, occurred_at=at(40 * DAY), sale_price_usd=Decimal(500_000))
                for one in ("z1", "a1")
            ),
            *(Outcome(lead_id=one, stage=Stage.LOST, occurred_at=at(20 * DAY)) for one in ("z2", "z3")),
        ]
    )


def test_rows_are_read_and_faults_are_said(center: CommandCenter) -> None:
    filled(center)
    told = ad_spend.preview(
        center,
        b"Source;Month;Spend\nzillow;2026-03;$1,500.50\nZilow;March 2026;20\nAds;soon;5\nAds;2026-03;-5\n;2026-03;5\n"
        b"ZILLOW;3/2026;7\nAds;2026-02;\n",
    )
    assert [(row.channel, row.month, row.amount_usd) for row in told.rows] == [
        ("Zillow", date(2026, 3, 1), Decimal("1500.50")),
        ("Zilow", date(2026, 3, 1), Decimal("20.00")),
    ]
    assert told.unknown == ("Zilow (did you mean Zillow?)",)
    assert told.problems == (
        "row 4: month is 'soon'; must be a month such as 2026-03. Correct the row.",
        "row 5: amount is -5; must be 0 or more. Correct the row.",
        "row 6: channel is empty; name a lead source. Correct the row.",
        "row 7: the source and month of row 2 again. Add them up.",
    )
    assert told.blank == 1
    assert told.total_usd == Decimal("1520.50")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "is empty"),
        (b"name,month,amount\na,2026-01,5\n", "no column 'channel'"),
        (b"PK\x03\x04zip", "not a CSV"),
        (b"x" * 2_000_001, "at most 2,000,000"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(file: bytes, words: str, center: CommandCenter) -> None:
    with pytest.raises(FileError, match=words):
        ad_spend.preview(center, file)


def test_dates_with_the_day_first_are_read_as_the_rest_of_the_file_writes_them(center: CommandCenter) -> None:
    told = ad_spend.preview(center, b"channel,date,cost\nAds,05/03/2026,1\nAds,05/04/2026,2\nAds,31/05/2026,3\n")
    assert [row.month for row in told.rows] == [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
    us = ad_spend.preview(center, b"channel,date,cost\nAds,03/05/2026,1\nAds,05/31/2026,3\n")
    assert [row.month for row in us.rows] == [date(2026, 3, 1), date(2026, 5, 1)]


def test_the_same_file_in_other_case_takes_the_place_of_what_is_kept(center: CommandCenter) -> None:
    for content in (b"channel,month,usd\nNew Site,2026-03,10\n", b"channel,month,usd\nNEW SITE,3/2026,12\n"):
        told = ad_spend.preview(center, content)
        assert told.unknown == ("New Site",)  # no lead is of it yet
        ad_spend.save(center, told.rows, replace_all=False)
    assert [(one.channel, one.amount_usd) for one in ad_spend.spend(center)] == [("New Site", Decimal(12))]


def test_who_saved_a_row_is_named(center: CommandCenter) -> None:
    manager = center.acting_as(Actor("Mia Manager", OF_ROLE[Role.MANAGER], None, Role.MANAGER))
    ad_spend.save(manager, ad_spend.preview(manager, b"channel,month,usd\nAds,2026-03,10\n").rows, replace_all=False)
    assert [one.saved_by for one in ad_spend.spend(center)] == ["Mia Manager"]


def test_the_template_can_be_filled_in(center: CommandCenter) -> None:
    filled(center)
    empty = ad_spend.template(center)
    assert ad_spend.preview(center, empty).blank == 2
    full = empty.replace(b'""', b'"12.5"')
    assert {row.channel for row in ad_spend.preview(center, full).rows} == {"Zillow", "Ads"}


def test_costs_are_divided_by_what_the_source_brought(center: CommandCenter) -> None:
    filled(center)
    rows = ad_spend.preview(center, b"channel,month,amount_usd\nZillow,2026-03,1500.50\nNew,2026-03,10\n").rows
    ad_spend.save(center.acting_as(trusted("ana")), rows, replace_all=False)
    found = ad_spend.costs(center, LeadFilter(), Model.FIRST_TOUCH, 180, 14)
    assert found is not None
    zillow, new = found.costs
    assert (zillow.label, zillow.leads, zillow.months) == ("Zillow", 3, 1)
    assert zillow.closings == pytest.approx(1.0)
    assert zillow.per_lead_usd == Decimal("500.17")  # 1,500.50 / 3
    assert zillow.per_closing_usd == Decimal("1500.50")
    assert zillow.gci_usd == Decimal("15000.00")
    assert zillow.gci_per_dollar == pytest.approx(15_000 / 1_500.5)
    assert (new.leads, new.per_lead_usd, new.per_closing_usd, new.gci_per_dollar) == (0, None, None, 0.0)
    (entry,) = audit.find(center, "spend uploaded")
    assert (entry.actor, entry.details["rows"], entry.details["usd"]) == ("ana", 2, "1510.50")


def test_a_month_that_the_period_touches_counts_whole(center: CommandCenter) -> None:
    # Two leads on each of 1 October to 30 November 2025: 62 + 60 = 122 leads for 2 x $3,000, $49.18 each.
    days = [date(2025, 10, 1) + timedelta(days=day) for day in range(61)]
    came = [datetime(day.year, day.month, day.day, 6, tzinfo=UTC) for day in days for _ in range(2)]
    center.save_many([scored(f"o{n}", created_at=moment, source="Ads") for n, moment in enumerate(came)])
    rows = ad_spend.preview(center, b"channel,month,amount_usd\nAds,2025-10,3000\nAds,2025-11,3000\n").rows
    ad_spend.save(center, rows, replace_all=False)
    middle = LeadFilter(created_from=datetime(2025, 10, 20, tzinfo=UTC), created_to=datetime(2025, 11, 10, tzinfo=UTC))
    for wanted in (middle, LeadFilter()):
        found = ad_spend.costs(center, wanted, Model.FIRST_TOUCH, 180, 14)
        assert found is not None
        (ads,) = found.costs
        assert (ads.spent_usd, ads.leads, ads.per_lead_usd) == (Decimal(6000), 122, Decimal("49.18"))
        assert center.store.browse(replace(found.counted, sources=("Ads",))).total == ads.leads


def test_months_are_those_of_the_clock_that_is_asked_for(center: CommandCenter) -> None:
    # 02:00 UTC on 1 November is still October in Chicago.
    center.save_many([scored("o", created_at=datetime(2025, 11, 1, 2, tzinfo=UTC), source="Ads")])
    rows = ad_spend.preview(center, b"channel,month,amount_usd\nAds,2025-10,3000\n").rows
    ad_spend.save(center, rows, replace_all=False)
    for zone, leads in (("UTC", 0), ("America/Chicago", 1)):
        found = ad_spend.costs(center, LeadFilter(), Model.FIRST_TOUCH, 180, 14, ZoneInfo(zone))
        assert found is not None
        assert [one.leads for one in found.costs] == [leads]


def test_only_the_months_with_spend_count(center: CommandCenter) -> None:
    filled(center)
    rows = ad_spend.preview(center, b"channel,month,amount_usd\nZillow,2026-02,100\n").rows
    ad_spend.save(center, rows, replace_all=False)
    found = ad_spend.costs(center, LeadFilter(), Model.LINEAR, 180, 14)
    assert found is not None
    assert [(one.label, one.leads, one.closings) for one in found.costs] == [("Zillow", 0, 0.0)]
    later = LeadFilter(created_from=datetime(2026, 3, 1, tzinfo=UTC))
    assert ad_spend.costs(center, later, Model.LINEAR, 180, 14) is None
    assert ad_spend.remove(center, None) == 1
    assert ad_spend.costs(center, LeadFilter(), Model.LINEAR, 180, 14) is None
    assert audit.find(center, "spend deleted")
