"""Training on the screen: from the file to the model that answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.registry import champion_version
from core.services.center import CommandCenter
from core.services.model import promotion
from core.services.model.training import TrainJob
from pages.components.train.train_setup import NO_DATE
from pages.components.train.train_upload import TRAINING
from tests.pages.conftest import Open
from tests.training.exports import known_export, plain_export, shuffled_export, write


def uploaded(app: AppTest, path: Path) -> AppTest:
    app.file_uploader[0].upload(path.name, path.read_bytes())
    return app.run()


def trained(app: AppTest) -> AppTest:
    app.button(key="train_start").click().run()
    job = app.session_state[TRAINING.job]
    assert isinstance(job, TrainJob)
    assert job.wait(120)
    return app.run()


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in app.text)


def test_a_file_is_learned_from_reported_and_promoted_for_a_reason(
    empty: CommandCenter, open_page: Open, tmp_path: Path
) -> None:
    app = uploaded(open_page(empty, "train"), known_export(tmp_path / "closings.csv"))
    assert app.selectbox(key="train_outcome").value == "Won"
    app = trained(app)
    assert not app.exception
    assert {metric.label for metric in app.metric} >= {"Tells leads apart", "Brier score", "Lift in the top tenth"}
    assert "These columns predict the outcome" in texts(app)
    assert "Calling by our order reaches" in texts(app)
    job = app.session_state[TRAINING.job]
    assert isinstance(job, TrainJob)
    assert job.result is not None
    assert champion_version(empty.models_dir, empty.data_dir) == "sample-1"
    app.text_input(key="train_reason").input("our own closings").run()
    app.button(key="train_promote").click().run()
    assert not app.exception
    assert champion_version(empty.models_dir, empty.data_dir) == job.result.version
    answers_now = f"{job.result.version} answers now"
    assert any(one.value.startswith(answers_now) for one in app.success)
    promotion.roll_back(empty)
    app.run()
    assert not app.success
    assert f"Registered as {job.result.version}. The present model (sample-1) goes on answering." in texts(app)


def test_trees_that_add_up_can_be_asked_for(empty: CommandCenter, open_page: Open, tmp_path: Path) -> None:
    app = uploaded(open_page(empty, "train"), plain_export(tmp_path / "closings.csv"))
    app.button_group(key="train_family").set_value("boosting").run()
    app = trained(app)
    assert not app.exception
    assert any(one.value.startswith("Learned by gradient boosting: ") for one in app.caption)
    assert "It rests alone on columns that only your files bring" in texts(app)
    app.button(key="train_promote").click().run()
    assert "rests alone on columns that only files bring" in texts(app)
    assert champion_version(empty.models_dir, empty.data_dir) == "sample-1"


def test_without_a_signal_nothing_can_be_promoted(empty: CommandCenter, open_page: Open, tmp_path: Path) -> None:
    app = trained(uploaded(open_page(empty, "train"), shuffled_export(tmp_path / "noise.csv", seed=2)))
    assert not app.exception
    assert "Nothing was registered" in texts(app)
    assert "train_promote" not in [button.key for button in app.button]


def test_words_that_say_no_outcome_are_asked_about(empty: CommandCenter, open_page: Open, tmp_path: Path) -> None:
    rows = [(n, "gold" if n % 3 else "silver") for n in range(90)]
    app = uploaded(open_page(empty, "train"), write(tmp_path / "a.csv", ["x", "Medal"], rows))
    assert app.selectbox(key="train_positive_Medal").options == ["gold", "silver"]


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        (["x", "Won"], [(n, "yes" if n % 2 else "no") for n in range(6)], "6 rows"),
        (["x", "Won"], [(f"text {n}", f"other {n}") for n in range(70)], "none can tell an outcome"),
        (
            ["Close Date", "Won"],
            [("2025-01-01" if n % 2 else "", "yes" if n % 2 else "no") for n in range(90)],
            "seems to",
        ),
    ],
)
def test_a_file_that_teaches_nothing_is_one_sentence(
    empty: CommandCenter, open_page: Open, tmp_path: Path, header: list[str], rows: list[tuple[object, ...]], said: str
) -> None:
    app = uploaded(open_page(empty, "train"), write(tmp_path / "a.csv", header, rows))
    if any(button.key == "train_start" for button in app.button):
        app = trained(app)
    assert not app.exception
    assert said in texts(app)


def test_what_was_chosen_for_a_file_is_there_again_after_its_training(
    empty: CommandCenter, open_page: Open, tmp_path: Path
) -> None:
    rows = [(n, f"2025-01-{n % 28 + 1:02}", "yes" if n % 2 else "no", "gold" if n % 3 else "tin") for n in range(90)]
    app = uploaded(open_page(empty, "train"), write(tmp_path / "a.csv", ["x", "Created", "Won", "Medal"], rows))
    assert (app.selectbox(key="train_outcome").value, app.selectbox(key="train_date").value) == ("Won", "Created")
    app.selectbox(key="train_outcome").set_value("Medal").run()
    app.selectbox(key="train_positive_Medal").set_value("tin").run()
    app.selectbox(key="train_date").set_value(NO_DATE).run()
    app.multiselect(key="train_columns").set_value(["x"]).run()
    app.button_group(key="train_family").set_value("forest").run()
    app = trained(app)
    app.button(key="train_back").click().run()
    assert not app.exception
    assert not any("default value" in warning.value for warning in app.warning)
    for _ in range(2):
        assert app.selectbox(key="train_outcome").value == "Medal"
        assert app.selectbox(key="train_positive_Medal").value == "tin"
        assert app.selectbox(key="train_date").value == NO_DATE
        assert app.multiselect(key="train_columns").value == ["x"]
        assert app.session_state["train_family"] == "forest"
        app.run()


def test_starting_over_removes_the_upload(empty: CommandCenter, open_page: Open, tmp_path: Path) -> None:
    app = uploaded(open_page(empty, "train"), plain_export(tmp_path / "a.csv"))
    app.button(key="train_other").click().run()
    assert app.file_uploader
    assert not any((empty.data_dir / "uploads").rglob("*.csv"))
