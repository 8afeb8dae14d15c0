"""Each CRM's export, read and compared with what a person reads in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.features import extract
from core.features.catalog import NAMES, UNKNOWN
from core.leads import Direction, InteractionKind, Side, Stage
from core.transfer import ReadLead, recognise, sniff

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
Leads = Callable[[Path], list[ReadLead]]


@pytest.mark.parametrize(
    ("name", "encoding", "separator", "header_row", "form"),
    [
        ("gohighlevel_contacts.csv", "utf-8", ",", 1, "gohighlevel_contacts"),
        ("gohighlevel_opportunities.csv", "ascii", ",", 1, "gohighlevel_opportunities"),
        ("gohighlevel_import.csv", "ascii", ",", 1, "gohighlevel_import"),
        ("follow_up_boss.csv", "ascii", ",", 1, "follow_up_boss"),
        ("hubspot.csv", "ascii", ",", 1, "hubspot"),
        ("salesforce.csv", "ascii", ",", 1, "salesforce"),
        ("salesforce_report.csv", "ascii", ",", 1, "salesforce"),
        ("lead_metadata.csv", "ascii", ",", 1, "lead_metadata"),
        ("cp1252_semicolon.csv", "cp1252", ";", 3, "generic"),
        ("utf16_tab.csv", "utf-16", "\t", 1, "generic"),
        ("dates_day_first.csv", "ascii", "|", 1, "generic"),
        ("dirty.csv", "ascii", ",", 3, "generic"),
    ],
)
def test_an_export_is_recognised_by_its_bytes_and_header(
    files: Path, name: str, encoding: str, separator: str, header_row: int, form: str
) -> None:
    dialect = sniff(files / name)
    assert (dialect.encoding, dialect.separator, dialect.header_row) == (encoding, separator, header_row)
    assert recognise(dialect.columns).format == form


def test_gohighlevel_contacts_tell_name_phone_tags_and_last_activity(files: Path, leads: Leads) -> None:
    ana, bruno, chloe, nobody = (row.history.lead for row in leads(files / "gohighlevel_contacts.csv"))
    assert (ana.lead_id, ana.name, ana.email) == ("aB3dE5fG7hI9", "Ana Lima", "ana.lima@example.com")
    assert (ana.phone, ana.tags, ana.stage) == ("+15125550101", ("buyer", "hot lead"), Stage.SHOWING)
    assert ana.created_at == datetime(2026, 6, 8, 17, 28, 39, tzinfo=UTC)  # 10:28:39 at seven hours behind
    # from Jul 22, 14:09 to Aug 1, 12:00: 9 days and 21:51 hours = 9 + 21.85 / 24
    assert ana.measured == {"days_since_last_interaction": 9.91}
    assert (bruno.email, bruno.stage, bruno.measured) == (None, Stage.CLOSED, {})
    assert (chloe.name, chloe.phone, chloe.side) == ("Chloë Nguyễn", None, Side.SELLER)
    assert (nobody.lead_id, nobody.name) == ("dE6gH8iJ0kL2", None)


def test_gohighlevel_opportunities_keep_the_outcome_out_of_all_but_the_stage(files: Path, leads: Leads) -> None:
    ana, bruno, dana = leads(files / "gohighlevel_opportunities.csv")
    assert (ana.history.lead.name, ana.history.lead.agent) == ("Ana Lima", "Rosa Bell")
    assert [row.history.lead.stage for row in (ana, bruno, dana)] == [Stage.SHOWING, Stage.LOST, Stage.CLOSED]
    assert [row.row_number for row in (ana, bruno, dana)] == [2, 3, 4]  # line breaks in quotes make no rows
    (note,) = ana.history.interactions
    assert (note.kind, note.direction) == (InteractionKind.NOTE, Direction.OUTBOUND)
    assert note.text == 'Called twice,\nleft a "voicemail"\nwants a yard'
    assert ana.history.lead.message is None
    assert all(lead.history.lead.measured == {} for lead in (ana, bruno, dana))
    assert dana.history.lead.listing_price_usd is dana.history.lead.price_max_usd is None  # Lead Value is no price


def test_the_gohighlevel_import_template_has_a_second_phone(files: Path, leads: Leads) -> None:
    eli, fay = (row.history.lead for row in leads(files / "gohighlevel_import.csv"))
    assert (eli.phone, eli.created_at, eli.tags) == (
        "+15125550105",
        datetime(2026, 7, 14, tzinfo=UTC),
        ("first time buyer",),
    )
    assert (fay.phone, fay.created_at, fay.stage) == ("+15125550107", datetime(2026, 6, 2, tzinfo=UTC), Stage.CLOSED)
    assert fay.email is None


def test_follow_up_boss_tells_prices_message_and_touches(files: Path, leads: Leads) -> None:
    gus, hana = leads(files / "follow_up_boss.csv")
    lead = gus.history.lead
    assert (lead.lead_id, lead.agent, lead.source) == ("9001", "Rosa Bell", "Zillow")
    assert (lead.price_min_usd, lead.price_max_usd) == (Decimal(400_000), Decimal(525_000))
    assert (lead.listing_price_usd, lead.listing_address) == (Decimal(489_000), "12 Elm St, Austin, TX, 78704")
    assert lead.message == "Is this one still available?\nWe sell our house in May."
    assert (lead.timeline, lead.pre_approval, lead.tags) == ("0-3 Months", "Pre-approved", ("Buyer", "Relocation"))
    assert lead.measured == {"interaction_count": 8}  # 3 calls and 5 texts, all in the 61 days since June 1st
    assert [touch.text for touch in gus.history.interactions] == ["Sent him the disclosures.", "Met at open house"]
    assert {touch.direction for touch in gus.history.interactions} == {Direction.OUTBOUND}
    closed = hana.history.lead
    assert (closed.email, closed.phone) == ("hana@example.com", "+15125550111")  # the second of each
    assert (closed.timeline, closed.price_min_usd, closed.listing_price_usd) == (None, None, None)
    assert (closed.tags, closed.pre_approval, closed.stage) == ((), None, Stage.CLOSED)


def test_what_the_team_noted_is_no_touch_and_no_word_of_the_lead(files: Path, leads: Leads) -> None:
    gus, _ = leads(files / "follow_up_boss.csv")
    values = dict(zip(NAMES, extract(gus.history, NOON).values.tolist(), strict=True))
    assert values["interaction_count"] == 8  # calls and texts; two notes do not make it 2 or 10
    assert values["property_views"] == values["response_rate"] == values["interactions_last_7_days"] == UNKNOWN
    assert values["message_length_avg"] == len(gus.history.lead.message or "")
    without = gus.history.model_copy(update={"interactions": ()})
    assert extract(without, NOON).values.tolist() == list(values.values())


def test_hubspot_counts_are_brought_into_the_windows_of_the_features(files: Path, leads: Leads) -> None:
    ivy, jon = (row.history.lead for row in leads(files / "hubspot.csv"))
    assert ivy.measured == {  # created within both windows: all 14 views and 6 contacts fall into them
        "days_since_last_interaction": 2.167,
        "property_views": 14,
        "interaction_count": 6,
    }
    # Jon: 180 days from Feb 2nd, 10:00 to Aug 1st, 10:00; the windows end two hours later.
    # 360 contacts x (90 days - 2 h) / 180 days = 179.8; 1,204 views x (30 days - 2 h) / 180 days = 200.1
    assert (jon.measured["interaction_count"], jon.measured["property_views"]) == (180, 200)
    assert (ivy.stage, jon.stage) == (Stage.QUALIFIED, Stage.CLOSED)
    assert ivy.location_preference is None  # where a person lives is not where it is looking
    assert ivy.message == "Looking for a condo near the lake under 600k"


def test_salesforce_statuses_become_stages(files: Path, leads: Leads) -> None:
    rows = leads(files / "salesforce.csv")
    assert [row.history.lead.stage for row in rows] == [Stage.GENERATED, Stage.CLOSED, Stage.LOST]
    assert rows[0].history.lead.lead_id == "00Q5e00000AbCdE"
    (kim,) = leads(files / "salesforce_report.csv")
    assert (kim.history.lead.agent, kim.history.lead.stage) == ("rbell", Stage.QUALIFIED)


def test_portal_leads_wrote_their_message_themselves(files: Path, reasons: Callable[[Path], list[str]]) -> None:
    from core.transfer import read_leads

    ned, ola, pia = read_leads(files / "lead_metadata.csv")
    assert isinstance(ned, ReadLead)
    assert isinstance(ola, ReadLead)
    lead = ned.history.lead
    assert (lead.message, lead.price_max_usd) == ("Hi, is the garage heated?", Decimal(450_000))
    assert (lead.listing_address, lead.location_preference) == ("45 Oak Ave, Austin, TX, 78745", "78704")
    assert (lead.timeline, lead.financing, lead.side) == ("1-3 months", "Cash", Side.BUYER)
    assert ola.history.lead.side is Side.SELLER
    assert reasons(files / "lead_metadata.csv") == ["row 4: lead_max_price is -1; must be 0 or more. Correct the row."]
    assert pia.row_number == 4


def test_a_european_spreadsheet_is_read_with_its_own_marks(files: Path, leads: Leads) -> None:
    jose, zoe = (row.history.lead for row in leads(files / "cp1252_semicolon.csv"))
    assert (jose.name, jose.budget_range, jose.price_max_usd) == ("José Muñoz", "“500k” – 550k €", Decimal(450_000))
    assert (zoe.name, zoe.budget_range, zoe.price_max_usd) == ("Zoë Brontë", None, Decimal(1_250_000))
    assert zoe.created_at == datetime(2026, 8, 1, tzinfo=UTC)


def test_names_in_any_script_come_through_utf_16(files: Path, leads: Leads) -> None:
    assert [row.history.lead.name for row in leads(files / "utf16_tab.csv")] == ["علي حسن", "Emma 🏡 Ross"]


def test_one_date_that_is_clear_decides_its_column(files: Path, leads: Leads) -> None:
    xia, yan = (row.history.lead for row in leads(files / "dates_day_first.csv"))
    assert xia.created_at == datetime(2026, 4, 3, tzinfo=UTC)  # 25/04 further down: the day comes first
    # Last Activity has no clear date of its own, so it follows the other: 5 June to 1 August, noon = 57.5 days
    assert xia.measured["days_since_last_interaction"] == 57.5
    assert yan.created_at == datetime(2026, 4, 25, tzinfo=UTC)


def test_a_dirty_list_gives_its_good_rows_and_a_reason_for_each_other(
    files: Path, reasons: Callable[[Path], list[str]]
) -> None:
    from core.transfer import read_leads

    quinn, rae, sol, _ = (row for row in read_leads(files / "dirty.csv") if isinstance(row, ReadLead))
    assert (quinn.row_number, rae.row_number, sol.row_number) == (4, 5, 7)
    assert quinn.history.lead.name == 'Quinn "Q" Ash'
    assert (rae.history.lead.email, rae.history.lead.phone) == ("rae@example.com", "+15125550161")
    assert (sol.history.lead.name, sol.history.lead.phone) == ("@Sol Orr", None)
    assert reasons(files / "dirty.csv") == [
        "row 8: repeats row 4 (same e-mail); only row 4 was scored. Merge the two in your CRM.",
        "row 9: Budget is -250000; must be 0 or more. Correct the row.",
        "row 10: Date Added is '1999-12-31'; must be a date from 2000-01-01 to now; Budget is 'nan'; must be an "
        "amount in dollars such as 450000 or $450,000. Correct the row.",
        "row 11: has 9 cells, but the header has 7 columns. Correct the row.",
    ]
