"""The report says what the services say, and comes by itself once, when it is due."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from core.analytics.ab_test import Design, Metric, Variant
from core.errors import InputError
from core.leads import (
    OPEN_STAGES,
    Direction,
    Interaction,
    InteractionKind,
    Lead,
    LeadHistory,
    Outcome,
    Stage,
    utc_now,
)
from core.scoring import Tier
from core.services import audit
from core.services.analyses import ab_tests, forecast, speed
from core.services.center import CommandCenter
from core.services.commission import commission_plans, pipeline
from core.services.reports.folder import keep
from core.services.reports.gather import gather
from core.services.reports.making import ReportJob, as_file
from core.services.reports.order import Order, Part
from core.services.reports.schedule import ReportWork, Schedule, make, make_when_due, schedule, set_schedule
from core.services.sample import load_sample
from core.store import LeadFilter
from core.words import duration
from tests.services.acting import MANAGER
from tests.services.centers import settings_in
from tests.services.escalations.conftest import until

CHICAGO = "America/Chicago"
MONDAY_7 = datetime(2026, 11, 23, 13, tzinfo=UTC)  # 7:00 in Chicago, six hours behind


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    """120 sample leads."""
    with CommandCenter(settings_in(tmp_path_factory.mktemp("reported"))) as opened:
        load_sample(opened, leads=120, seed=11)
        yield opened


def pdf_text(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_pdf_says_what_the_services_say(sampled: CommandCenter) -> None:
    now = utc_now()
    commission_plans.set_goal(sampled, None, f"{now:%Y}", Decimal(900_000))
    order = Order(now, zone=ZoneInfo(CHICAGO))
    text = pdf_text(as_file(gather(sampled, order), "pdf"))
    total = pipeline.pipeline(sampled, LeadFilter(), now.date()).total
    assert f"Open leads {total.leads:,}" in text or f"{total.leads:,} {total.counted:,} with a price" in text
    assert f"${total.expected_usd:,.0f}" in text
    moved = pipeline.what_moved(sampled, LeadFilter(), now.date(), order.start)
    assert f"than the ${moved.before_usd:,.0f} when" in text
    before_contract = (Stage.GENERATED, Stage.QUALIFIED, Stage.SHOWING)
    hot = sampled.store.browse(LeadFilter(tiers=(Tier.HOT,), stages=before_contract))
    assert (f"{hot.total} hot lead" if hot.total else "No lead before a contract is hot now.") in text
    came = sampled.store.browse(LeadFilter(created_from=order.start, created_to=order.end)).total
    assert f"{came} lead{'' if came == 1 else 's'} came in" in text
    told = forecast.outlook(sampled, LeadFilter(), now)
    if told.too_few is None:
        assert f"${told.by_horizon[0].commission.middle:,.0f}" in text
    else:
        assert f"{told.too_few} closings so far; 30 are needed" in text
    assert "of $900,000 closed" in text
    assert sampled.model.version in text
    assert "Sample data" in text


def test_the_filters_choose_the_leads_and_stand_in_the_heading(sampled: CommandCenter) -> None:
    rows = sampled.store.browse(LeadFilter(stages=tuple(OPEN_STAGES))).rows
    agent = next(row.agent for row in rows if row.agent)
    wanted = LeadFilter(agents=(agent,))
    report = gather(sampled, Order(utc_now(), wanted=wanted, parts=(Part.MOVED,)))
    assert f"Agent: {agent}" in report.heading
    (section,) = report.sections
    total = pipeline.pipeline(sampled, wanted, utc_now().date()).total
    assert section.figures[0].value == f"{total.leads:,}"


def test_answers_and_tests_say_what_their_pages_say(sampled: CommandCenter) -> None:
    now, variants = utc_now(), (Variant("As ever", 0.5), Variant("Text first", 0.5))
    design = Design("Who writes first", variants, Metric.ANSWERED, 1, 0.3, 0.1, 0.8, 0.05, sequential=True)
    ab_tests.start(sampled, "First words", design)
    order = Order(now, days=30, zone=ZoneInfo(CHICAGO), parts=(Part.ANSWERS, Part.TESTS))
    answers, tests = gather(sampled, order).sections
    of_month = replace(order.selection, created_from=order.start, created_to=order.end)
    told = speed.speed_to_lead(sampled, of_month, order.zone, now=now)
    assert told is not None
    half, hour, never = answers.figures
    assert half.value == duration(told.everyone.median)
    assert f"{told.everyone.leads:,} leads" in half.note
    assert hour.value == f"{100 * told.everyone.within[1]:.0f} %"
    assert never.value == f"{told.everyone.never:,}"
    waiting = speed.hot_and_waiting(sampled, LeadFilter(), now)
    assert answers.sentences[0].startswith(f"{waiting.total:,} hot lead" if waiting.total else "No hot lead waits")
    listed = [] if answers.table is None else [row[5] for row in answers.table.rows]
    assert listed == [one.expected_usd for one in waiting.leads[:10]]
    assert tests.sentences[0].startswith("First words, since ")
    assert "No verdict yet" in tests.sentences[0]
    assert tests.table is not None
    assert [row[1] for row in tests.table.rows] == ["As ever", "Text first"]
    text = pdf_text(as_file(gather(sampled, order), "pdf"))
    assert f"Half answered within {half.value}" in text
    assert "No verdict yet" in text


def test_an_empty_workspace_says_what_is_missing(center: CommandCenter) -> None:
    report = gather(center, Order(utc_now()))
    told = {section.title: section.missing for section in report.sections}
    assert told["What the next months bring"].startswith("0 closings so far; 30 are needed")
    assert told["Hot leads to call"] == "No lead before a contract is hot now."
    assert all(told[title] for title in told if title != "The model")
    for kind in ("pdf", "pptx"):
        assert len(as_file(report, kind)) > 1_000


def test_days_are_whole_ones_of_the_zone() -> None:
    # November 8 in Chicago begins at UTC-6; daylight time had ended on November 1, so October 31 began at UTC-5
    order = Order(datetime(2026, 11, 8, 3, tzinfo=UTC), 7, zone=ZoneInfo(CHICAGO))  # still the 7th there
    assert (str(order.first_day), str(order.last_day)) == ("2026-10-31", "2026-11-06")
    assert order.start.astimezone(UTC) == datetime(2026, 10, 31, 5, tzinfo=UTC)
    assert order.end.astimezone(UTC) == datetime(2026, 11, 7, 6, tzinfo=UTC)
    assert order.before.astimezone(UTC) == datetime(2026, 10, 24, 5, tzinfo=UTC)
    with pytest.raises(InputError, match="days is 0"):
        Order(utc_now(), 0)


def test_a_job_tells_its_steps_and_ends_with_the_files(sampled: CommandCenter) -> None:
    job = ReportJob.start(sampled, Order(utc_now(), parts=(Part.HOT, Part.MODEL)), ("pdf", "pptx"))
    assert job.wait(60)
    assert job.error is None
    assert job.result is not None
    assert job.result.files["pdf"].startswith(b"%PDF")
    assert job.result.files["pptx"].startswith(b"PK")
    broken = ReportJob.start(sampled, Order(utc_now(), parts=()), ("doc",))
    assert broken.wait(60)
    assert broken.error
    assert broken.result is None


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (MONDAY_7 - timedelta(seconds=1), datetime(2026, 11, 16, 13, tzinfo=UTC)),
        (MONDAY_7, MONDAY_7),
        (datetime(2026, 11, 29, 23, tzinfo=UTC), MONDAY_7),
        (datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC)),  # a day into summer time: UTC-5
        (datetime(2026, 3, 9, 11, 59, tzinfo=UTC), datetime(2026, 3, 2, 13, tzinfo=UTC)),
    ],
)
def test_a_report_is_due_at_its_hour_of_the_teams_clock(now: datetime, due: datetime) -> None:
    assert Schedule("/r", 0, 7, CHICAGO).due(now) == due


def test_the_next_is_due_a_week_later_also_over_a_change_of_the_clock() -> None:
    made = Schedule("/r", 0, 7, CHICAGO)
    assert made.following(datetime(2026, 3, 2, 13, tzinfo=UTC)) == datetime(2026, 3, 9, 12, tzinfo=UTC)


def set_in(center: CommandCenter, folder: Path, **more: object) -> Schedule:
    since = MONDAY_7 - timedelta(days=1)
    wanted = Schedule(str(folder), 0, 7, CHICAGO, since=since, **({"formats": ("pdf",)} | more))  # type: ignore[arg-type]
    set_schedule(center, wanted)
    return wanted


def test_it_is_made_once_and_caught_up_once_after_a_downtime(center: CommandCenter, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    set_in(center, folder)
    assert schedule(center) is not None
    assert make_when_due(center, MONDAY_7 - timedelta(minutes=1)) is None  # what was due before it was set is not made
    assert make_when_due(center, MONDAY_7 + timedelta(minutes=1)) is not None
    assert make_when_due(center, MONDAY_7 + timedelta(days=2)) is None
    assert make_when_due(center, MONDAY_7 + timedelta(days=25)) is not None  # three Mondays were missed: one report
    assert make_when_due(center, MONDAY_7 + timedelta(days=25, minutes=5)) is None
    assert sorted(path.name for path in folder.iterdir()) == [
        "jorge-report-2026-11-23-0701.pdf",
        "jorge-report-2026-12-18-0700.pdf",
    ]
    set_schedule(center, None)
    assert make_when_due(center, MONDAY_7 + timedelta(days=70)) is None


def test_of_several_servers_one_makes_it(center: CommandCenter, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    set_in(center, folder)
    runs: list[object] = []
    with CommandCenter(center.settings, center.models_dir) as other:
        threads = [
            threading.Thread(target=lambda one=one: runs.append(make_when_due(one, MONDAY_7)))
            for one in (center, other, center, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len([run for run in runs if run is not None]) == 1
    assert len(list(folder.iterdir())) == 1
    assert len(center.store.reports.last()) == 1


def test_a_server_that_died_with_its_turn_loses_no_report(center: CommandCenter) -> None:
    turns = center.store.reports
    assert turns.take(MONDAY_7, MONDAY_7)
    assert not turns.take(MONDAY_7, MONDAY_7 + timedelta(minutes=29))
    assert turns.take(MONDAY_7, MONDAY_7 + timedelta(minutes=31))
    turns.finish(MONDAY_7, MONDAY_7)
    assert not turns.take(MONDAY_7, MONDAY_7 + timedelta(days=1))
    assert not turns.take(MONDAY_7 - timedelta(days=7), MONDAY_7 + timedelta(days=1))
    behind = MONDAY_7 - timedelta(seconds=5)  # a server whose clock is a little slow
    assert not turns.take(MONDAY_7 - timedelta(days=7), behind)
    ahead = MONDAY_7 + timedelta(days=63)  # a clock that was wrong for a while
    assert turns.take(ahead, ahead)
    turns.finish(ahead, ahead)
    week = MONDAY_7 + timedelta(days=7)
    assert turns.take(week, week)
    turns.finish(week, week)
    assert not turns.take(week, week)


def test_a_folder_that_went_away_is_told_and_the_report_is_kept(center: CommandCenter, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    set_in(center, folder)
    folder.rmdir()
    folder.write_text("a file stands where the folder was")
    run = make_when_due(center, MONDAY_7)
    assert run is not None
    assert f"{folder} cannot be written" in run.problem
    (kept,) = run.files
    assert Path(kept).parent == center.data_dir / "reports"
    assert Path(kept).read_bytes().startswith(b"%PDF")
    assert center.store.reports.last() == [run]
    with pytest.raises(InputError, match="cannot be written"):
        set_in(center, folder)


@pytest.mark.parametrize("folder", ["", "reports", "a\0b"])
def test_a_folder_is_named_in_full(center: CommandCenter, folder: str) -> None:
    with pytest.raises(InputError, match="must be a whole path on the server"):
        set_schedule(center, Schedule(folder))


def test_a_server_makes_it_by_itself(center: CommandCenter, tmp_path: Path) -> None:
    set_schedule(center, Schedule(str(tmp_path / "out"), formats=("pdf",), since=utc_now() - timedelta(days=8)))
    work = ReportWork(center, look_s=0.05).start()
    try:
        until(lambda: bool(center.store.reports.last()))
    finally:
        work.close()
    assert [one.by for one in center.store.reports.last()] == ["schedule"]
    assert [(entry.actor, entry.action) for entry in audit.find(center, "report made")] == [("schedule", "report made")]


def test_run_now_notes_a_run_and_leaves_the_next_one_due(center: CommandCenter, tmp_path: Path) -> None:
    wanted = set_in(center, tmp_path / "out", formats=("pptx",))
    run = make(center.acting_as(MANAGER), wanted, MONDAY_7 - timedelta(hours=1))
    assert run.problem == ""
    assert make_when_due(center, MONDAY_7) is not None
    by = ["schedule", "max@team.example"]  # newest first
    assert [one.by for one in center.store.reports.last()] == by
    assert [entry.actor for entry in audit.find(center, "report made")] == by


def test_only_our_oldest_reports_are_taken_away(tmp_path: Path) -> None:
    (tmp_path / "jorge-report-mine.pdf").write_text("not ours")
    (tmp_path / "notes.pdf").write_text("not ours")
    for day in range(1, 6):
        keep(tmp_path, f"2026-11-0{day}-0700", {"pdf": b"1", "pptx": b"2"}, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "jorge-report-2026-11-04-0700.pdf",
        "jorge-report-2026-11-04-0700.pptx",
        "jorge-report-2026-11-05-0700.pdf",
        "jorge-report-2026-11-05-0700.pptx",
        "jorge-report-mine.pdf",
        "notes.pdf",
    ]


def test_without_a_call_or_message_on_record_nobody_is_called_slow(center: CommandCenter) -> None:
    now = utc_now()
    came = Lead(lead_id="ana", created_at=now - timedelta(days=2))
    center.store.save_histories([LeadHistory(lead=came)])
    (section,) = gather(center, Order(now, parts=(Part.ANSWERS,))).sections
    assert section.figures == ()
    assert section.missing.startswith("No call or message of the team is on record")
    called = Interaction(occurred_at=now, kind=InteractionKind.CALL, direction=Direction.OUTBOUND)
    center.store.save_histories([LeadHistory(lead=came, interactions=(called,))])
    (section,) = gather(center, Order(now, parts=(Part.ANSWERS,))).sections
    assert not section.missing
    assert [one.value for one in section.figures][1:] == ["0 %", "0"]  # answered, two days after it came


def test_hot_leads_to_call_have_neither_signed_nor_been_lost(center: CommandCenter) -> None:
    from tests.store.made import scored

    center.save_many([scored(name, 0.9, Tier.HOT) for name in ("open", "gone", "signed")])
    ends = (("gone", Stage.LOST), ("signed", Stage.CONTRACT))
    center.store.add_outcomes([Outcome(lead_id=name, stage=stage, occurred_at=utc_now()) for name, stage in ends])
    (section,) = gather(center, Order(utc_now(), parts=(Part.HOT,))).sections
    assert section.sentences[0].startswith("1 hot lead before a contract.")
    assert section.table is not None
    assert len(section.table.rows) == 1
