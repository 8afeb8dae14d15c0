"""A file on its way through the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.services.center import CommandCenter
from core.services.lead_files.files import ScoreJob
from pages.components.score_csv.csv_upload import CSV
from tests.pages.conftest import Open

EXPORT = (
    "Contact Id,First Name,Last Name,Phone,Email,Created,Last Activity,Tags\n"
    "a1,Ana,Lima,+15125550198,ana@example.org,2026-06-08T10:28:39-07:00,Jul 22 2026 02:09 PM,buyer\n"
    "a2,Bob,Ray,+15125550199,bob@example.org,2026-06-09T10:28:39-07:00,,seller\n"
    "a3,Bob,Ray,+15125550199,bob@example.org,2026-06-09T10:28:39-07:00,,seller\n"
    ",,,,,2026-06-09T10:28:39-07:00,,\n"
)


def uploaded(app: AppTest, text: str | bytes, name: str = "contacts.csv") -> AppTest:
    content = text.encode() if isinstance(text, str) else text
    app.file_uploader[0].upload(name, content)
    return app.run()


def scored(app: AppTest) -> AppTest:
    app.button(key="csv_start").click().run()
    job = app.session_state[CSV.job]
    assert isinstance(job, ScoreJob)
    assert job.wait(30)
    return app.run()


def test_an_export_is_recognised_scored_and_can_be_taken_away(empty: CommandCenter, open_page: Open) -> None:
    app = uploaded(open_page(empty, "score_csv"), EXPORT)
    assert "GoHighLevel contacts" in [text.value for text in app.text]
    app = scored(app)
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Scored"] == "2"
    assert shown["Not used"] == "2"  # the second Bob and the row without anybody
    assert "of 28" in shown["Features the file fills"]
    assert len(app.get("download_button")) == 2  # the result, and the rows that were not used
    assert empty.store.browse(page_size=5).total == 2


def test_a_row_that_cannot_be_used_is_listed_with_its_number(empty: CommandCenter, open_page: Open) -> None:
    app = scored(uploaded(open_page(empty, "score_csv"), EXPORT))
    reasons = list(app.dataframe[-1].value["Row and reason"])
    assert any("row 5" in reason for reason in reasons)


def test_the_highest_scores_are_of_leads_that_can_be_called(empty: CommandCenter, open_page: Open) -> None:
    export = "Name,Email,Stage,Close Date\nAna,a@example.org,Lead,\nBo,b@example.org,Closed,2026-05-01\n"
    app = scored(uploaded(open_page(empty, "score_csv"), export))
    assert list(app.dataframe[-1].value["Name"]) == ["Ana"]
    told = [caption.value for caption in app.caption]
    assert "Without 1 lead that the file calls closed or lost." in told
    assert "1 closing recorded with the day that the file tells." in told


def test_a_file_of_the_past_alone_says_so(empty: CommandCenter, open_page: Open) -> None:
    app = scored(uploaded(open_page(empty, "score_csv"), "Name,Email,Stage\nBo,b@example.org,Lost\n"))
    assert not app.exception
    assert "Without 1 lead that the file calls closed or lost." in [caption.value for caption in app.caption]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("header.csv", b"Name,Email\n"),
        ("zip.csv", b"PK\x03\x04" + bytes(200)),
        ("nul.csv", b"Name\x00,Email\nAna,a@example.org\n"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_clear_sentence(
    name: str, content: bytes, empty: CommandCenter, open_page: Open
) -> None:
    app = uploaded(open_page(empty, "score_csv"), content, name)
    assert not app.exception
    assert len(app.text) == 1
    assert app.text[0].value.endswith(".")
    app.button(key="csv_other").click().run()
    assert app.file_uploader


def test_a_column_can_be_read_as_something_else(empty: CommandCenter, open_page: Open) -> None:
    app = uploaded(open_page(empty, "score_csv"), "Who,Mail,Wish\nAna,ana@example.org,three bedrooms\n")
    app.session_state["csv_mapping"] = {
        "edited_rows": {2: {"Read as": "What the lead wrote"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app = scored(app)
    assert not app.exception
    stored = empty.store.browse(page_size=1).rows[0]
    history = empty.store.history(stored.lead_id)
    said = [history.lead.message, *(touch.text for touch in history.interactions)]
    assert "three bedrooms" in said


def test_starting_over_removes_the_upload_from_the_disk(empty: CommandCenter, open_page: Open) -> None:
    app = uploaded(open_page(empty, "score_csv"), EXPORT)
    uploads = Path(empty.data_dir) / "uploads"
    assert any(uploads.rglob("*.csv"))
    app.button(key="csv_other").click().run()
    assert not any(uploads.rglob("*.csv"))


def test_leads_of_a_file_never_mix_with_sample_leads(own: CommandCenter, open_page: Open) -> None:
    app = scored(uploaded(open_page(own, "score_csv"), EXPORT))
    assert {metric.label: metric.value for metric in app.metric}["Scored"] == "2"
    assert own.store.browse(page_size=1).total == 60
    assert not app.get("page_link")
