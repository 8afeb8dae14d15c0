"""The first screen."""

from __future__ import annotations

from core.leads import Lead, LeadHistory, utc_now
from core.services import sample
from core.services.center import CommandCenter
from core.services.scores import scoring
from pages.components.words import choice
from tests.pages.conftest import Open, press


def test_an_empty_workspace_shows_three_ways_in(empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty)
    assert [head.value for head in app.subheader] == [
        "No leads yet",
        "Look around with a sample",
        "Score your own export",
        "Send leads as they come",
    ]
    assert app.button(key="to_score_csv").label == "Score a CSV"
    assert "/api/v1/ml/score" in app.code[0].value


def test_the_button_fills_an_empty_workspace_with_the_sample(empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty)
    app.button(key="load_sample").click().run(timeout=90)
    assert not app.exception
    assert empty.store.browse(page_size=1).total == 2_000
    assert any("Sample data" in note.value for note in app.info)


def test_every_page_shows_how_far_the_sample_is_until_it_is_all_there(own: CommandCenter, open_page: Open) -> None:
    own.set_setting(sample.LOADING, {"share": 0.25, "at": utc_now().isoformat()})
    app = open_page(own, "leads")
    assert [bar.proto.text for bar in app.get("progress")] == ["Making and scoring leads: 25%"]
    app = open_page(own, "settings")
    app.button(key="clear_sample").click().run()
    press(app, "clear_sample", "clear_yes")
    assert any("still being loaded, 25%" in text.value for text in app.text)
    assert own.store.browse(page_size=1).total == 60


def test_the_counters_are_those_of_the_store(empty: CommandCenter, open_page: Open) -> None:
    for number in range(3):
        scoring.score_lead(empty, LeadHistory(lead=Lead(lead_id=f"lead_{number}", name="Ana Lima")))
    app = open_page(empty)
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Scored today"] == "3"
    assert shown["Came unchanged"] == "0"


def test_the_label_of_a_choice_cannot_become_an_image_or_a_link() -> None:
    assert "![" not in choice("![x](https://example.org/x.png)")
    assert "](" not in choice("[x](https://example.org)")
    assert choice("Zillow (paid)") == "Zillow (paid)"
