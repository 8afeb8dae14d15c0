"""The model in life: what is said of it, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.analytics.ab_test import Metric
from core.services import audit
from core.services.access import trusted
from core.services.center import CommandCenter
from core.services.model import trials
from core.services.model.model_work import retrain_every_days, set_retrain_every_days
from core.services.model.promotion import promote
from core.services.model.shadow import challenge, judge_waiting, set_takes_back, takes_back
from tests.pages.conftest import LookAs, Open, center_in, press
from tests.services.acting import MANAGER
from tests.services.lived import live_through
from tests.services.stump import estimator, register

LIFE, VERSIONS = "Does it still hold", "Versions"


@pytest.fixture
def stumps(tmp_path: Path) -> Iterator[CommandCenter]:
    """A stump answers, and its twin could."""
    register(tmp_path / "models")
    register(tmp_path / "models", "twin", default=False, grown=estimator())
    with center_in(tmp_path / "data", models_dir=tmp_path / "models") as center:
        yield center


def test_without_outcomes_it_says_what_is_missing(stumps: CommandCenter, open_page: Open) -> None:
    app = open_page(stumps, "model_status", show=LIFE)
    assert not app.exception
    assert "0 decided leads so far, 0 signed; 200 are needed, 30 of either outcome." in [one.value for one in app.text]
    assert "No outcomes to hold it against yet" in [one.value for one in app.subheader]
    assert "Too few to tell" in [one.value for one in app.subheader]


def test_what_too_few_outcomes_could_only_refuse_is_off_and_says_why(stumps: CommandCenter, open_page: Open) -> None:
    button = open_page(stumps, "model_status", show=LIFE).button(key="learn_retrain")
    assert button.disabled
    assert button.help == (
        "0 leads are decided and scored 60 days ago or earlier, 0 signed; 30 of either outcome are needed among the "
        "earlier 70 %, and some among the later 30 %."
    )
    live_through(stumps, 150)  # too few for a verdict on the model, enough to learn from
    app = open_page(stumps, "model_status", show=LIFE)
    assert not app.button(key="learn_retrain").disabled


def test_what_was_said_is_shown_beside_what_happened(stumps: CommandCenter, open_page: Open) -> None:
    live_through(stumps, 300)
    app = open_page(stumps, "model_status", show=LIFE)
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    ends = stumps.store.shadow.decided()
    told = ends.probability > 0.7
    assert f"{ends.converted[told].sum()} of {told.sum()} signed" in app.table[0].value.to_string()


def test_a_change_of_the_base_rate_asks_for_its_button(stumps: CommandCenter, open_page: Open) -> None:
    live_through(stumps, 400, truth=lambda said: said / 3)
    app = open_page(stumps, "model_status", show=LIFE)
    assert "More or fewer sign than is said. The order holds; set the level right." in [
        one.value for one in app.caption
    ]
    app.button(key="learn_retrain").click().run()
    app.session_state["learn_job"].wait(120)
    app.run()
    assert not app.exception


def test_two_versions_stand_beside_each_other(stumps: CommandCenter, open_page: Open) -> None:
    app = open_page(stumps, "model_status", show=VERSIONS)
    assert not app.exception
    tables = [frame.value for frame in app.dataframe]
    assert list(tables[0]["Is"]) == ["answering", "shipped"]
    assert set(tables[1]["So it is"]) == {"no different"}
    app.button(key="challenge").click().run()
    assert not app.exception
    assert "twin judges unseen" in [one.value for one in app.subheader]


def test_how_a_challenger_fares_is_told_with_an_interval(stumps: CommandCenter, open_page: Open) -> None:
    challenge(stumps, "twin")
    live_through(stumps, 120)
    judge_waiting(stumps)
    app = open_page(stumps, "model_status", show=VERSIONS)
    told = next(one.value for one in app.text if "On 120 outcomes" in one.value)
    assert told.startswith("No difference is proven.")


def test_a_trial_is_begun_read_and_stopped(stumps: CommandCenter, open_page: Open) -> None:
    app = open_page(stumps, "model_status", show=VERSIONS)
    app.button(key="trial").click().run()
    assert not app.exception
    assert app.slider(key="trial_share").value == 20
    assert app.selectbox(key="trial_metric").value == Metric.SIGNED
    trials.start(stumps, "twin", 0.4)
    live_through(stumps, 150)
    while trials.judge_trial(stumps):
        pass
    app = open_page(stumps, "model_status", show=VERSIONS)
    assert "twin answers 40 % of the leads" in [one.value for one in app.subheader]
    told = next(one.value for one in app.text if "150 outcomes" in one.value)
    assert told.startswith("No difference is proven on 150 outcomes")
    by_arm = next(frame.value for frame in app.dataframe if "Answered by" in frame.value)
    assert list(by_arm["Answered by"]) == ["stump-1", "twin"] * 3
    assert by_arm["Leads"].sum() == 3 * 150
    assert "answering 40 %" in next(frame.value for frame in app.dataframe if "Is" in frame.value)["Is"].to_list()
    app.button(key="trial_stop").click().run()
    assert not app.exception
    assert app.button(key="trial_stop_yes").disabled  # until a reason is given
    trials.end(stumps, "enough seen")
    app = open_page(stumps, "model_status", show=VERSIONS)
    assert list(app.dataframe[0].value["Why"]) == ["enough seen"]


def test_a_trial_is_decided_taken_back_and_its_version_retired(stumps: CommandCenter, open_page: Open) -> None:
    register(stumps.data_dir / "models", "mine", default=False, grown=estimator())
    trials.start(stumps, "mine", 0.2)
    app = open_page(stumps, "model_status", show=VERSIONS, version="mine")

    def said_yes(opens: str, inside: str) -> dict[str, str]:
        """What each version is after the button, and the question behind it."""
        app.button(key=opens).click().run()
        press(app, opens, inside)
        assert not app.exception
        table = next(frame.value for frame in app.dataframe if "Is" in frame.value)
        return dict(zip(table["Version"], table["Is"], strict=True))

    told = said_yes("trial_promote", "trial_promote_yes")
    assert told == {"mine": "answering", "stump-1": "judging unseen", "twin": "shipped"}
    assert list(app.dataframe[0].value["Why"]) == ["mine answers all leads"]
    assert stumps.model.version == "mine"
    told = said_yes("roll_back", "roll_back_yes")
    assert told == {"mine": "", "stump-1": "answering", "twin": "shipped"}
    assert "roll_back" not in {button.key for button in app.button}
    app.selectbox(key="version").select("mine").run()
    told = said_yes("retire", "retire_yes")
    assert told["mine"] == "retired"
    assert not {button.key for button in app.button} & {"promote", "challenge", "trial", "retire"}
    actions = ["model retired", "model rolled back", "trial ended", "model promoted", "trial started"]
    assert [entry.action for entry in audit.find(stumps)] == actions


def test_a_promotion_asks_first_and_stands_in_the_log(stumps: CommandCenter, open_page: Open) -> None:
    app = open_page(stumps, "model_status", show=VERSIONS)
    app.button(key="promote").click().run()
    assert stumps.model.version == "stump-1"
    promote(stumps.acting_as(trusted("ana")), "twin")
    app = open_page(stumps, "model_status", show=VERSIONS)
    assert "Roll back to stump-1" in [one.label for one in app.button]
    log = open_page(stumps, "settings").dataframe[-1].value
    assert list(log["What"]) == ["model promoted"]
    assert list(log["Who"]) == ["ana"]


def test_the_log_is_searched(stumps: CommandCenter, open_page: Open) -> None:
    audit.note(stumps, "key made", "crm")
    audit.note(stumps, "key made", "zapier")
    app = open_page(stumps, "settings")
    app.text_input(key="audit").set_value("zap").run()
    assert list(app.dataframe[-1].value["Of"]) == ["zapier"]
    app.text_input(key="audit").set_value("nobody").run()
    assert "No entries" in [one.value for one in app.subheader]


def test_an_open_tab_does_not_undo_what_another_admin_has_set(stumps: CommandCenter, open_page: Open) -> None:
    app = open_page(stumps, "model_status", show=VERSIONS)
    set_retrain_every_days(stumps, 7)
    set_takes_back(stumps, wanted=False)
    app.run()
    assert not app.exception
    assert retrain_every_days(stumps) == 7
    assert not takes_back(stumps)
    assert app.session_state["retrain_every_7"] == "Every week"


def test_a_manager_reads_of_models_and_finds_no_control_that_can_only_refuse(
    stumps: CommandCenter, open_page: Open, look_as: LookAs
) -> None:
    look_as(MANAGER)
    app = open_page(stumps, "model_status", show=LIFE)
    assert app.button(key="learn_retrain").disabled
    challenge(stumps, "twin")
    app = open_page(stumps, "model_status", show=VERSIONS)
    assert not app.exception
    assert not {button.key for button in app.button} & {"promote", "challenge", "trial", "retire", "stop_shadow"}
    assert app.toggle[0].disabled
    trials.start(stumps, "twin", 0.4)
    app = open_page(stumps, "model_status", show=VERSIONS)
    assert "twin answers 40 % of the leads" in [one.value for one in app.subheader]
    assert not {button.key for button in app.button} & {"trial_stop", "trial_promote"}


def test_habits_are_kept_and_noted(stumps: CommandCenter, open_page: Open) -> None:
    app = open_page(stumps, "model_status", show=VERSIONS)
    app.toggle[0].set_value(False).run()
    assert not takes_back(stumps)
    app.session_state["retrain_every_None"] = "Every week"
    app.run()
    assert retrain_every_days(stumps) == 7
    assert [entry.subject for entry in audit.find(stumps)] == ["retrain_every_days", "automatic_roll_back"]
