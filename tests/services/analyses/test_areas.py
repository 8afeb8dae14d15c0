"""Areas of a sample workspace against reading every lead, and places out of a file."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest

from core.errors import FileError, InputError
from core.leads import OPEN_STAGES, Stage, utc_now
from core.scoring.selective import wilson
from core.services.access import trusted
from core.services.analyses import areas
from core.services.center import CommandCenter
from core.services.commission import pipeline
from core.services.sample import load_sample
from core.settings import Settings
from core.store import LeadFilter
from core.store.figures.areas import Place

SIGNED = (Stage.CONTRACT, Stage.CLOSED)
DECIDED = (*SIGNED, Stage.LOST)


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    with CommandCenter(Settings(jorge_data_dir=tmp_path_factory.mktemp("areas"))) as center:
        load_sample(center, leads=250, seed=5)
        yield center


def test_the_database_counts_what_reading_every_lead_gives(center: CommandCenter) -> None:
    today = utc_now().date()
    found = areas.areas(center, LeadFilter(), today)
    rows = center.store.browse(page_size=1_000).rows
    assert len(found) > 5
    for one in found:
        mine = [row for row in rows if row.area == one.sums.area]
        decided = sum(row.stage in DECIDED for row in mine)
        signed = [row for row in mine if any(one.stage in SIGNED for one in center.store.outcomes(row.lead_id))]
        assert (one.sums.leads, one.sums.decided, one.sums.signed) == (len(mine), decided, len(signed))
        opened = [row for row in mine if row.stage in OPEN_STAGES]
        assert (one.sums.open, one.sums.hot) == (len(opened), sum(row.shown_tier == "hot" for row in opened))
        assert one.share_ends == (wilson(len(signed), decided) if decided else None)
        prices = [
            outcome.sale_price_usd
            for row in mine
            for outcome in center.store.outcomes(row.lead_id)
            if outcome.stage is Stage.CLOSED and outcome.sale_price_usd
        ]
        assert one.sums.closings == len(prices)
        assert float(one.sums.median_usd or 0) == pytest.approx(float(median(prices)) if prices else 0, abs=0.01)
    everything = pipeline.pipeline(center, LeadFilter(), today).total
    assert sum(one.sums.expected_usd for one in found) == everything.expected_usd
    assert sum(one.sums.open for one in found) == everything.leads


def test_a_place_is_used_from_the_moment_it_is_known(center: CommandCenter) -> None:
    areas.put(center.acting_as(trusted("Ana")), {"Zilker": Place(30.267, -97.773)})
    known = {one.sums.area: one.place for one in areas.areas(center, LeadFilter(), utc_now().date())}
    assert known["Zilker"] == Place(30.267, -97.773)
    areas.forget(center, "Zilker")
    assert areas.places(center) == {}
    assert [(entry.action, entry.subject) for entry in center.store.audit.find()][:2] == [
        ("area's place forgotten", "Zilker"),
        ("areas placed", "1 area"),
    ]
    for place, words in ((Place(91, 0), "latitude is 91"), (Place(0, 181), "longitude is 181")):
        with pytest.raises(InputError, match=words):
            areas.put(center, {"Zilker": place})
    with pytest.raises(InputError, match="area is empty"):
        areas.put(center, {" ": Place(0, 0)})


@pytest.mark.parametrize(
    "text", ["lon;LAT;Name\r\n-97.773;30.267;Zilker\r\n\r\n", "area\tlatitude\tlng\nZilker\t30.267\t-97.773"]
)
def test_a_file_is_read_whatever_its_order_and_separator(text: str) -> None:
    for content in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16"), text.encode("utf-16-le")):
        assert areas.places_in(content) == {"Zilker": Place(30.267, -97.773)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column area and no column latitude"),
        ("area,latitude,longitude\n", "names no area"),
        ("area,latitude,longitude\nZilker,30.2\n", "line 2 has 2 cells;"),
        ("area,latitude,longitude\nZilker\n", "line 2 has 1 cell;"),
        ("area,latitude,longitude\nZilker,north,-97\n", "line 2: 'north' and '-97' must be degrees"),
        ("area,latitude,longitude\nZilker,130,-97\n", "line 2: latitude is 130.0; must be from -90 to 90"),
        ("area,latitude,longitude\nZilker,nan,-97\n", "line 2: latitude is nan"),
        ("area,latitude,longitude\n,30,-97\n", "line 2: area is empty"),
        (
            "area,latitude,longitude\nZilker,30.2,-97.8\nMueller,30.3,-97.7\nZilker ,30.4,-97.8\n",
            "lines 2 and 4 put 'Zilker' in two places; keep one",
        ),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(text: str, words: str) -> None:
    with pytest.raises(FileError, match=words):
        areas.places_in(text.encode())


def test_an_area_may_stand_twice_at_one_place() -> None:
    text = "area,latitude,longitude\nZilker,30.2,-97.8\nZilker,30.20,-97.8\n"
    assert areas.places_in(text.encode()) == {"Zilker": Place(30.2, -97.8)}


def test_a_name_is_read_in_the_encoding_of_the_file() -> None:
    text = "area,latitude,longitude\nCañon City,38.44,-105.24\n"
    for encoding in ("utf-8", "cp1252", "utf-16"):
        assert list(areas.places_in(text.encode(encoding))) == ["Cañon City"]
    short = "area,latitude,longitude\nPeña,30.1,-97.1\n"  # so few words look like Chinese to a guess
    assert list(areas.places_in(short.encode("cp1252"))) == ["Peña"]


def test_a_spreadsheet_is_told_to_be_saved_as_csv() -> None:
    with pytest.raises(FileError, match=r"Excel \(.xlsx\) file, not a CSV"):
        areas.places_in(b"PK\x03\x04" + bytes(500))


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(FileError, match="2,000,001 bytes"):
        areas.places_in(b"x" * 2_000_001)
