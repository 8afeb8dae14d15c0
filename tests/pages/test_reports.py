"""The page of reports: make one, see it, set when it comes by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from core.services.center import CommandCenter
from core.services.reports.schedule import Schedule, schedule, set_schedule
from core.store.report_runs import ReportRun
from pages.components.reports import report_schedule
from pages.components.reports.report_make import JOB
from tests.pages.conftest import LookAs, Open
from tests.services.acting import MANAGER


def test_a_report_is_made_in_the_background_shown_and_taken_away(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "reports")
    app.checkbox(key="part_forecast").uncheck().run()
    app.button(key="make_report").click().run()
    assert app.session_state[JOB].wait(60)
    app.run()
    assert not app.exception
    assert any(subheader.value.startswith("Weekly report, ") for subheader in app.subheader)
    titles = [one.value for one in app.markdown]
    assert "**The model**" in titles
    assert "**What the next months bring**" not in titles
    assert set(app.session_state[JOB].result.files) == {"pdf", "pptx"}


def test_of_an_empty_workspace_no_report_is_offered(empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty, "reports")
    assert "No leads yet" in [head.value for head in app.subheader]
    assert "make_report" not in [button.key for button in app.button]


def test_a_run_that_fails_says_why_and_goes_on_saying_it(
    own: CommandCenter, open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_schedule(own, Schedule(str(tmp_path / "weekly"), 4, 7, "UTC", ("pdf",), 3, 7))
    app = open_page(own, "reports", reports="Every week")

    def gone(*_: object) -> ReportRun:
        raise StoreUnavailable("the database does not answer; start it again")

    monkeypatch.setattr(report_schedule, "make", gone)
    app.button(key="run_report").click().run()
    for _ in range(3):  # as many ticks
        app.run()
        assert not app.exception
    assert any(text.value == "the database does not answer; start it again" for text in app.text)
    assert not app.button(key="run_report").disabled


def test_a_manager_reads_the_schedule_and_cannot_change_it(
    own: CommandCenter, open_page: Open, look_as: LookAs, tmp_path: Path
) -> None:
    look_as(MANAGER)
    app = open_page(own, "reports", reports="Every week")
    assert not app.exception
    assert any("Only admins may start one" in caption.value for caption in app.caption)
    assert not app.text_input
    set_schedule(own, Schedule(str(tmp_path / "weekly"), 4, 7, "UTC", ("pdf",), 3, 7))
    app = open_page(own, "reports", reports="Every week")
    assert "stop_report" not in [button.key for button in app.button]
    assert not app.button(key="run_report").disabled


def test_a_schedule_is_set_and_a_wrong_folder_is_refused_with_a_sentence(
    own: CommandCenter, open_page: Open, tmp_path: Path
) -> None:
    app = open_page(own, "reports", reports="Every week")
    app.text_input(key="report_folder").set_value("not a whole path")
    app.button[0].click().run()
    assert any("must be a whole path on the server" in text.value for text in app.text)
    assert schedule(own) is None
    app.text_input(key="report_folder").set_value(str(tmp_path / "weekly"))
    app.selectbox(key="report_weekday").select("Friday")
    app.button[0].click().run()
    assert not app.exception
    kept = schedule(own)
    assert kept is not None
    assert (kept.weekday, kept.hour, kept.zone, kept.folder) == (4, 7, "America/Chicago", str(tmp_path / "weekly"))
    assert any("The next report is due" in text.value for text in app.text)
