"""The page of reports: make one, see it, set when it comes by itself."""

from __future__ import annotations

from pathlib import Path

from core.services.center import CommandCenter
from core.services.reports.schedule import schedule
from pages.components.reports.report_make import JOB
from tests.pages.conftest import Open


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
