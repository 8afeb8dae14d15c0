"""Rows scored in processes of their own: the same result, and nothing left behind."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from core.errors import FileError
from core.features.catalog import INDEX
from core.leads import Outcome, Stage
from core.services.center import CommandCenter
from core.services.lead_files import file_run
from core.services.lead_files.file_rows import FileTerms, ScoredBatch, score_rows
from core.services.lead_files.file_workers import IN_FLIGHT, Workers
from core.services.lead_files.files import Progress, ScoreOrder, score_file
from core.services.running.job import StoppedError
from core.services.scores.terms import terms_of
from core.transfer import Row, recognise, sniff, start_reading
from tests.services.stump import stump
from tests.store.made import scored

EXPORTS = sorted((Path(__file__).parents[2] / "transfer" / "files").glob("*.csv"))
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
MANY = 4_000


def file_terms(center: CommandCenter, path: Path) -> tuple[FileTerms, list[Row]]:
    dialect = sniff(path)
    reading, rows = start_reading(path, recognise(dialect.columns), NOON, dialect)
    return FileTerms(reading, center.model, terms_of(center), keep_leads=True), list(rows)


def children() -> set[int]:
    """Processes that this one started and that still run (Linux tells)."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    while True:
        try:
            return {int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()}
        except (FileNotFoundError, ProcessLookupError):
            continue  # a thread ended between being listed and being read: what it left belongs to another thread now


needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """4,000 rows of every kind: usable, wrong, repeated, and blank."""
    path = tmp_path / "many.csv"
    rows = []
    for number in range(MANY):
        budget = ("$500k", "-1", "", "450-600k")[number % 4]
        email = "" if number % 50 == 7 else f"p{number - number % 97 // 90}@example.com"
        rows.append(f'"P {number}",{email},{budget},"says ""hi"" in Zilker; =1+1",Zilker\n')
        rows.append("\n" if number % 30 == 0 else "")
    path.write_text("Name,Email,Budget,Message,Looking In\n" + "".join(rows))
    return path


def test_what_goes_through_the_pipes_gives_the_same_answer_for_every_export(center: CommandCenter) -> None:
    assert len(EXPORTS) >= 12
    for path in EXPORTS:
        file, rows = file_terms(center, path)
        sent: tuple[FileTerms, list[Row]] = pickle.loads(pickle.dumps((file, rows), pickle.HIGHEST_PROTOCOL))
        assert_same(pickle.loads(pickle.dumps(score_rows(*sent), pickle.HIGHEST_PROTOCOL)), score_rows(file, rows))


def test_a_process_of_its_own_gives_the_same_answer(center: CommandCenter) -> None:
    file, rows = file_terms(center, EXPORTS[0])
    assert len(rows) >= 2
    with Workers(file, 1) as workers:
        halves = list(workers.score([rows[:1], rows[1:]]))  # its terms once, then batch after batch
    for there, half in zip(halves, (rows[:1], rows[1:]), strict=True):
        assert_same(there, score_rows(file, half))


def assert_same(there: ScoredBatch, here: ScoredBatch) -> None:
    assert there.rows == here.rows
    assert there.last_row == here.last_row
    assert np.array_equal(there.features, here.features)
    assert [lead.history for lead in there.leads] == [lead.history for lead in here.leads]


@pytest.mark.parametrize(
    ("zone", "written", "days"),
    [
        ("Australia/Sydney", "Jul 22 2026 11:30 PM", 0.021),  # 13:30 UTC: half an hour, 1/48 of a day
        ("America/Chicago", "7/22/2026 8:30 AM", 0.021),
        ("Asia/Kolkata", "2026-07-22T13:30:00Z", 0.021),  # what names its zone is on that
        (None, "Jul 22 2026 11:30 PM", 0.0),  # on a clock that is ahead: just now
        (None, "Jul 22 2026 02:00 AM", 0.5),
        (None, "Jul 23 2026 04:01 AM", -1.0),  # no clock is 14 hours and a minute ahead
        ("UTC", "Jul 22 2026 11:30 PM", -1.0),
    ],
)
def test_dates_without_a_zone_are_on_the_teams_clock_in_every_process(
    center: CommandCenter, tmp_path: Path, zone: str | None, written: str, days: float
) -> None:
    center.set_setting("team_zone", zone)
    path = tmp_path / "leads.csv"
    path.write_text(f'Name,Last Activity\nAna Lima,"{written}"\n')
    as_of = datetime(2026, 7, 22, 14, tzinfo=UTC)
    for processes in (1, 2):
        order = ScoreOrder(path, tmp_path / f"{processes}.csv", as_of=as_of, processes=processes)
        score_file(center, order)
        [lead_id] = [row.lead_id for row in center.store.browse().rows]
        told = center.store.latest_score(lead_id).score.features[INDEX["days_since_last_interaction"]]
        assert told == pytest.approx(days, abs=1e-6)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_two_processes_write_the_same_bytes_as_one(
    center: CommandCenter, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_run, "BATCH", 300)
    one = score_file(center, ScoreOrder(many, many.with_name("1.csv"), save=False, as_of=NOON, processes=1))
    two = score_file(center, ScoreOrder(many, many.with_name("2.csv"), save=False, as_of=NOON, processes=2))
    assert one.out_path.read_bytes() == two.out_path.read_bytes()
    assert one.rejected_path is not None
    assert two.rejected_path is not None
    assert one.rejected_path.read_bytes() == two.rejected_path.read_bytes()
    assert (one.top, one.problems, one.tiers, one.distribution) == (two.top, two.problems, two.tiers, two.distribution)
    assert one.filled.counts == two.filled.counts
    assert one.scored + one.rejected + one.duplicates == MANY
    assert min(one.scored, one.rejected, one.duplicates) > 0


def test_leads_scored_elsewhere_are_stored_here(center: CommandCenter, many: Path) -> None:
    result = score_file(center, ScoreOrder(many, many.with_name("out.csv"), processes=2))
    assert center.store.browse().total == result.scored


@pytest.mark.parametrize("processes", [1, 2])
def test_the_price_of_an_area_is_the_workspaces_own(center: CommandCenter, tmp_path: Path, processes: int) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("Name,Looking In,Budget\nAna,Zilker,\nBo,Nowhere,\nCy,Zilker,$500k\n")
    center.store.save_scored([scored("sold", location_preference="Zilker")])
    center.store.add_outcomes(
        [Outcome(lead_id="sold", stage=Stage.CLOSED, occurred_at=NOON, sale_price_usd=Decimal(400_000))]
    )
    result = score_file(center, ScoreOrder(path, tmp_path / "out.csv", processes=processes))
    stored = {row.name: row.commission_usd for row in center.store.browse().rows if row.name}
    # 400,000 and 500,000 at 6 %
    expected = {"Ana": Decimal("24000.00"), "Bo": None, "Cy": Decimal("30000.00")}
    assert {row.name: row.commission_usd for row in result.top} == expected == stored
    assert '"400000.00","24000.00"' in result.out_path.read_text()


def test_only_a_few_batches_are_taken_ahead_however_long_the_file(center: CommandCenter) -> None:
    file, rows = file_terms(center, EXPORTS[0])
    taken = 0

    def endless() -> Iterator[list[Row]]:
        nonlocal taken
        while True:
            taken += 1
            yield rows

    with Workers(file, 2) as workers:
        for answered, _ in enumerate(workers.score(endless()), start=1):
            assert taken - answered < IN_FLIGHT * 2
            if answered == 30:
                break


@needs_linux
def test_a_job_that_is_stopped_in_the_middle_leaves_no_file_and_no_process(center: CommandCenter, many: Path) -> None:
    before = children()

    def stop(progress: Progress) -> None:
        if progress.rows_done:
            assert len(children() - before) == 2
            raise StoppedError("stop")

    with pytest.raises(StoppedError):
        score_file(center, ScoreOrder(many, many.with_name("out.csv"), save=False, processes=2), stop)
    assert children() == before
    assert [path.name for path in many.parent.glob("*.csv*")] == ["many.csv"]
    assert list(many.parent.glob(".*part")) == []


@needs_linux
def test_a_process_that_is_killed_ends_the_work_with_a_sentence_and_leaves_no_file(
    center: CommandCenter, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_run, "BATCH", 100)
    before = children()

    def kill(progress: Progress) -> None:
        for pid in children() - before if progress.rows_done else ():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(FileError, match=r"was ended from outside.*nothing was written"):
        score_file(center, ScoreOrder(many, many.with_name("out.csv"), save=False, processes=2), kill)
    assert children() == before
    assert [path.name for path in many.parent.glob("*.csv*")] == ["many.csv"]


def test_an_error_in_a_process_is_raised_as_it_would_be_here(center: CommandCenter) -> None:
    file, rows = file_terms(center, EXPORTS[0])
    broken = FileTerms(file.reading, stump("other"), None, keep_leads=False)  # type: ignore[arg-type]
    with pytest.raises(AttributeError) as here:
        score_rows(broken, rows)
    with Workers(broken, 1) as workers, pytest.raises(AttributeError) as there:
        list(workers.score([rows]))
    assert str(there.value) == str(here.value)


@needs_linux
def test_a_process_whose_parent_is_gone_ends_by_itself(center: CommandCenter) -> None:
    file, rows = file_terms(center, EXPORTS[0])
    before = children()
    with Workers(file, 1) as workers:
        list(workers.score([rows]))
        (pid,) = children() - before
        workers._all[0].close()  # what the system does with the pipes of a process that died
        deadline = time.monotonic() + 20
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            assert time.monotonic() < deadline
            time.sleep(0.02)
