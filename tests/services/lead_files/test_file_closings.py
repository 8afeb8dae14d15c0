"""The sales that a file dates: on record with their leads, once, and of no weight in any score."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from core.leads import Outcome, Stage
from core.services.center import CommandCenter
from core.services.lead.leads import record_outcome, take_back_outcome
from core.services.lead_files import file_run
from core.services.lead_files.files import ScoreOrder, ScoreResult, score_file
from core.store import LeadFilter
from core.transfer import SCORE_COLUMNS
from core.transfer.parquet import as_csv_file
from tests.services.centers import settings_in

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
MAY_1 = datetime(2026, 5, 1)  # noqa: DTZ001 - as a table that knows no zones has it
HEADER = "ID,Name,Date Added,Stage,Looking In,Close Date,Sale Price"
PAST = "1,Ana Lima,2026-02-01,Closed,Zilker,2026-05-01,612000"
PLANNED = "2,Bo Reed,2026-02-01,Under contract,Zilker,2026-09-01,500000"
UNDATED = "3,Cy Poe,2026-02-01,Closed,Zilker,,"


def kept(center: CommandCenter, folder: Path, *lines: str, **more: object) -> ScoreResult:
    path = folder / "leads.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return score_file(center, ScoreOrder(path, folder / "out.csv", as_of=NOON, **more))  # type: ignore[arg-type]


def written(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def sale(lead_id: str = "1", day: int = 1, hour: int = 0, price: int | None = 612_000) -> Outcome:
    at = datetime(2026, 5, day, hour, tzinfo=UTC)
    usd = None if price is None else Decimal(price)
    return Outcome(lead_id=lead_id, stage=Stage.CLOSED, occurred_at=at, sale_price_usd=usd)


def stage(center: CommandCenter, lead_id: str = "1") -> Stage:
    return center.store.lead(lead_id).stage


def test_a_closing_with_its_day_is_on_record_with_its_lead_once(center: CommandCenter, tmp_path: Path) -> None:
    assert kept(center, tmp_path, PAST, PLANNED, UNDATED).closings == 1
    assert [center.store.outcomes(lead_id) for lead_id in "123"] == [[sale()], [], []]
    assert [stage(center, lead_id) for lead_id in "123"] == [Stage.CLOSED, Stage.CONTRACT, Stage.CLOSED]
    assert center.store.pipeline_past.undated_closings() == 1
    told = [event.payload["event_type"] for event in center.store.outbox_after()]
    assert told == ["lead_scored"] * 3 + ["outcome_recorded"]
    assert kept(center, tmp_path, PAST, PLANNED, UNDATED).closings == 0
    assert center.store.outcomes("1") == [sale()]


def test_a_newer_file_completes_the_price(center: CommandCenter, tmp_path: Path) -> None:
    kept(center, tmp_path, PAST.replace("612000", ""))
    assert center.store.outcomes("1") == [sale(price=None)]
    assert kept(center, tmp_path, PAST).closings == 1
    assert center.store.outcomes("1") == [sale()]
    kept(center, tmp_path, PAST.replace("612000", ""))
    assert center.store.outcomes("1") == [sale()]


def test_a_file_that_is_not_kept_stores_nothing(center: CommandCenter, tmp_path: Path) -> None:
    assert kept(center, tmp_path, PAST, save=False).closings == 0
    assert center.store.browse().total == 0
    assert center.store.outbox_after() == []


def test_a_later_stage_told_by_hand_is_not_overwritten(center: CommandCenter, tmp_path: Path) -> None:
    kept(center, tmp_path, PAST)
    record_outcome(center, Outcome(lead_id="1", stage=Stage.QUALIFIED, occurred_at=NOON - timedelta(days=3)))
    kept(center, tmp_path, PAST)
    assert stage(center) is Stage.QUALIFIED
    kept(center, tmp_path, PAST.replace("612000", "615000"))
    assert stage(center) is Stage.QUALIFIED
    assert center.store.outcomes("1")[0] == sale(price=615_000)


def test_a_closing_of_the_same_day_that_was_recorded_otherwise_is_the_same_sale(
    center: CommandCenter, tmp_path: Path
) -> None:
    kept(center, tmp_path, "1,Ana Lima,2026-02-01,Hot,Zilker,,")
    record_outcome(center, sale(hour=17, price=None))  # noon in Chicago
    assert kept(center, tmp_path, PAST).closings == 1  # its price
    assert center.store.outcomes("1") == [sale(hour=17)]
    center.set_setting("team_zone", "America/Chicago")  # the same midnight is 5:00 in UTC from now on
    assert kept(center, tmp_path, PAST).closings == 0
    assert kept(center, tmp_path, PAST.replace("2026-05-01", "2026-05-20")).closings == 1  # another sale
    assert [told.occurred_at.day for told in center.store.outcomes("1")] == [1, 20]


def test_a_closing_that_was_taken_back_leaves_the_stage_that_the_file_told(
    center: CommandCenter, tmp_path: Path
) -> None:
    kept(center, tmp_path, PAST)
    assert take_back_outcome(center, sale())
    assert (stage(center), center.store.pipeline_past.undated_closings()) == (Stage.CLOSED, 1)


def test_who_stands_twice_in_a_file_closes_by_the_first_row(center: CommandCenter, tmp_path: Path) -> None:
    result = kept(center, tmp_path, PAST, PAST.replace("2026-05-01", "2026-06-01"))
    assert (result.duplicates, result.closings) == (1, 1)
    assert center.store.outcomes("1") == [sale()]


def test_no_price_of_a_row_hangs_on_a_closing_that_another_row_tells(
    center: CommandCenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_run, "BATCH", 1)
    kept(center, tmp_path, PAST, UNDATED)
    assert [row["estimated_sale_price"] for row in written(tmp_path / "out.csv")] == ["", ""]
    kept(center, tmp_path, UNDATED)  # with the next file the area has a median
    assert "612000.00" in (tmp_path / "out.csv").read_text()


def test_more_processes_record_the_same_and_write_the_same_bytes(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_run, "BATCH", 2)
    lines = [
        f"{number},P {number},2026-0{number % 6 + 1}-03,{('Closed', 'Hot', 'Lost')[number % 3]},Zilker,"
        f"2026-07-{number:02},{400_000 + number}"
        for number in range(1, 25)
    ]
    found = []
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        folder.mkdir()
        with CommandCenter(settings_in(folder / "data"), models_dir) as center:
            result = kept(center, folder, *lines, processes=processes)
            told = {row.lead_id: center.store.outcomes(row.lead_id) for row in center.store.browse().rows}
        found.append(((folder / "out.csv").read_bytes(), result.closings, told))
    assert found[0] == found[1]
    assert found[0][1] == 8  # every third of 24


def test_timestamps_of_a_parquet_file_are_days_of_closings(center: CommandCenter, tmp_path: Path) -> None:
    moments = [datetime(2026, 5, 1, 17, tzinfo=UTC), None]
    path = tmp_path / "leads.parquet"
    table = {
        "ID": ["1", "2"],
        "Stage": ["Closed", "Closed"],
        "Close Date": pa.array(moments, pa.timestamp("us", tz="UTC")),
        "Closed On": pa.array([None, MAY_1], pa.timestamp("ns")),
        "Sold Date": pa.array([None, date(2026, 4, 1)], pa.date32()),
        "Sale Price": pa.array([612_000.0, None]),
    }
    pyarrow.parquet.write_table(pa.table(table), path)
    with as_csv_file(path) as plain:
        assert score_file(center, ScoreOrder(plain, tmp_path / "out.csv", as_of=NOON)).closings == 2
    assert [center.store.outcomes(lead_id) for lead_id in "12"] == [[sale(hour=17)], [sale("2", price=None)]]


def test_no_score_hangs_on_what_became_of_the_lead(tmp_path: Path) -> None:
    header = "ID,Date Added,Last Activity,Budget,Timeframe,Message,Stage"
    told = [
        f'{number},2026-0{number}-01,2026-07-2{number},${number}00k,0-3 Months,"We saw {number} homes",Closed'
        for number in range(1, 7)
    ]
    ends = [f",2026-07-0{number},{number}15000,2026-07-0{number}" for number in range(1, 7)]
    bare, full = tmp_path / "bare.csv", tmp_path / "full.csv"
    bare.write_text("\n".join([header, *told]) + "\n")
    more = [header + ",Close Date,Sale Price,Became a Customer Date", *map("".join, zip(told, ends, strict=True))]
    full.write_text("\n".join(more) + "\n")
    scores = []
    with CommandCenter(settings_in(tmp_path / "data")) as center:  # the shipped model reads all 28
        for path in (bare, full):
            out = score_file(center, ScoreOrder(path, tmp_path / "out.csv", save=False, as_of=NOON)).out_path
            scores.append([[row[name] for name in SCORE_COLUMNS] for row in written(out)])
    assert scores[0] == scores[1]
    assert len({row[1] for row in scores[0]}) > 1


def test_the_score_made_at_import_is_no_forecast_of_a_closing_before_it(center: CommandCenter, tmp_path: Path) -> None:
    kept(center, tmp_path, PAST, PLANNED)
    store = center.store
    assert len(store.shadow.decided()) == 0  # what models are judged by and learn from
    assert [one.converted + one.lost for one in store.tier_outcomes()] == [0, 0, 0]
    assert len(store.shadow.watched([], NOON + timedelta(days=1))) == 1  # Bo, who is open
    assert [told.lead_id for told in store.pipeline_past.closings(NOON - timedelta(days=365))] == ["1"]
    assert store.browse(LeadFilter(stages=(Stage.CLOSED,))).total == 1
