"""From a file to a candidate: what it finds, what it claims, and that it is served as it was measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from core.errors import FileError, ModelRefused
from core.features.catalog import INDEX, NAMES, UNKNOWN
from core.registry import load_model, promote
from core.scoring import sentences
from core.services.center import CommandCenter
from core.services.model.model_registry import ModelRegistry
from core.services.model.training import Order, TrainJob, train_file
from core.training.quality import quality
from core.training.table.fairness import looks_protected, protected_of
from core.training.table.judge import call_order, chance_of_order, signal_of
from core.training.table.learn import Learned, learn
from core.training.table.read import Request
from tests.services.centers import settings_in
from tests.training.exports import drawn, plain_export, shuffled_export, write
from tests.training.test_leaks import _column


def _center(folder: Path) -> CommandCenter:
    return CommandCenter(settings_in(folder), folder / "none")


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    path = plain_export(tmp_path_factory.mktemp("train") / "a.csv")
    return learn(Request(path, "Won"), "try", "a test")


def test_an_order_that_is_there_is_found_and_measured_on_the_other_side(learned: Learned) -> None:
    report, holdout = learned.report, learned.model.holdout
    assert report.signal == "usable"
    assert report.rows == 600
    assert len(holdout.converted) == report.holdout_rows
    assert report.measured.roc_auc == pytest.approx(roc_auc_score(holdout.converted, holdout.probability), abs=1e-12)
    assert report.measured.brier == pytest.approx(brier_score_loss(holdout.converted, holdout.probability))
    assert report.measured.roc_auc_low < report.measured.roc_auc < report.measured.roc_auc_high
    assert report.measured.roc_auc > 0.75
    assert report.columns_used == ("Strength", "Group")


def test_contributions_name_own_columns_and_sum_to_the_raw_probability(learned: Learned) -> None:
    rows = np.full((1, len(NAMES) + 2), UNKNOWN, dtype=np.float32)
    _, group = learned.model.own_columns
    rows[0, -2:] = 5.0, group.places["a"]
    score = learned.model.score_many(rows)[0]
    told = sentences(score, 2)
    assert {one["feature"] for one in told} == {"Strength", "Group"}
    assert any(one["text"].startswith("Group: a: raises the chance") for one in told)
    assert score.base_value + score.contributions.sum() == pytest.approx(score.raw_probability, abs=1e-12)
    assert score.features_known == 0


def test_a_lead_of_whom_no_own_column_is_known_gets_the_same_probability_from_the_28_alone(learned: Learned) -> None:
    bare = np.full((1, len(NAMES)), UNKNOWN, dtype=np.float32)
    wide = np.full((1, len(NAMES) + 2), UNKNOWN, dtype=np.float32)
    alone, whole = learned.model.score_many(bare)[0], learned.model.score_many(wide)[0]
    assert alone.raw_probability == whole.raw_probability
    assert alone.probability == whole.probability
    assert alone.contributions.shape == (28,)
    assert alone.base_value + alone.contributions.sum() == pytest.approx(alone.raw_probability, abs=1e-12)


def test_shuffled_outcomes_are_no_signal(tmp_path: Path) -> None:
    # With an error of 5 % each, more than 4 of 12 have a chance of 0.2 %. All of it: tests/measure/training.py null.
    found = [
        learn(Request(shuffled_export(tmp_path / f"{n}.csv", n), "Won"), "try", "").report.signal for n in range(12)
    ]
    assert found.count("usable") <= 3


def test_the_verdict_needs_both_the_interval_and_the_shuffles() -> None:
    generator = np.random.default_rng(0)
    won = generator.random(400) < 0.3
    noise, telling = generator.random(400), won + generator.random(400)
    assert signal_of(quality(telling, won), chance_of_order(telling, won, 0)) == "usable"
    assert signal_of(quality(noise, won), 0.6) == "none"
    assert signal_of(quality(noise, won), 0.04) == "weak"


def test_a_permutation_test_by_hand() -> None:
    # 2 of 4 won and stand on top: 1 of the 6 ways to choose two ranks does as well, so the chance is about 1/6.
    said, won = np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True])
    assert chance_of_order(said, won, seed=1, shuffles=5_000) == pytest.approx(1 / 6, abs=0.02)


def test_the_first_fifth_of_calls_by_hand() -> None:
    # Ten rows, two calls. By score rows 0 and 1: both won. The newest are rows 8 and 9: none. As listed 0 and 1.
    said, won = np.linspace(1, 0, 10), np.array([True, True, *[False] * 7, False])
    found = call_order(said, won, np.arange(10.0), np.arange(10) + 2)
    assert (found.calls, found.by_score, found.newest_first, found.as_listed) == (2, 2, 0, 2)
    assert found.sentence.startswith("Calling by our order reaches 2 of 2 successes in the first fifth")


def test_a_leak_is_left_out_and_the_report_shows_the_figure_with_it(tmp_path: Path) -> None:
    strength, group, won = drawn()
    lines = [(s, g, 900 if w else "", "yes" if w else "no") for s, g, w in zip(strength, group, won, strict=True)]
    path = write(tmp_path / "a.csv", ["Strength", "Group", "Fee", "Won"], lines)
    report = learn(Request(path, "Won"), "try", "").report
    assert "Fee" not in report.columns_used
    assert report.with_suspects == pytest.approx(1.0, abs=0.01)
    assert report.measured.roc_auc < 0.95
    assert any(told.startswith("With Fee the ROC AUC would seem") for told in report.warnings)
    named = learn(Request(path, "Won", columns=("Strength", "Fee")), "try", "").report
    assert named.columns_used == ("Strength", "Fee")
    assert any("too good to be true" in told for told in named.warnings)


def test_a_file_of_leaks_alone_is_one_sentence(tmp_path: Path) -> None:
    _, _, won = drawn()
    lines = [("2025-01-02" if w else "", 5 if w else "", "yes" if w else "no") for w in won]
    path = write(tmp_path / "a.csv", ["Close Date", "Fee", "Won"], lines)
    with pytest.raises(FileError, match="Every column that could be used seems to know the outcome"):
        learn(Request(path, "Won"), "try", "")


def test_columns_of_a_crm_become_features_of_the_28(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    won = generator.random(400) < 0.4
    views = np.where(won, generator.integers(5, 30, 400), generator.integers(0, 12, 400))
    rows = [
        (f"p{n}@x.com", f"P{n}", views[n], "zillow" if n % 2 else "web", "won" if won[n] else "lost")
        for n in range(400)
    ]
    path = write(tmp_path / "a.csv", ["Email", "Name", "Page Views", "Source", "Status"], rows)
    found = learn(Request(path, "Status"), "try", "")
    assert found.model.feature_names == ("property_views",)
    assert [own.name for own in found.model.own_columns] == ["Source"]
    assert found.report.columns_used == ("Page Views", "Source")
    assert {one.name for one in found.report.columns_dropped} == {"Email", "Name"}
    lead = np.full((2, len(NAMES)), UNKNOWN, dtype=np.float32)
    lead[:, INDEX["property_views"]] = 1, 25
    low, high = found.model.score_many(lead).probability
    assert low < high


def test_under_30_outcomes_it_reports_and_is_not_promoted(tmp_path: Path) -> None:
    strength, _, won = drawn(120, seed=5)
    lines = [(s + 0.8 * w, "won" if w else "lost") for s, w in zip(strength, won, strict=True)]
    kept = [line for line in lines if line[1] == "lost"] + [line for line in lines if line[1] == "won"][:22]
    path = write(tmp_path / "a.csv", ["Strength", "Status"], kept)
    report = train_file(
        ModelRegistry(tmp_path / "none", tmp_path), Order(Request(path, "Status", columns=("Strength",)), "few")
    )
    assert report.signal == "usable"
    assert not report.promotable
    assert report.measured.roc_auc_high - report.measured.roc_auc_low > 0.05
    with pytest.raises(ModelRefused, match="only a report"):
        promote(tmp_path / "none", tmp_path, "few")


def test_a_registered_version_scores_as_it_was_measured_and_says_that_it_is_for_files(tmp_path: Path) -> None:
    job = TrainJob.start(_center(tmp_path), Order(Request(plain_export(tmp_path / "a.csv"), "Won"), "mine"))
    assert job.wait(120)
    assert job.error is None
    assert job.result is not None
    model = load_model(tmp_path / "models" / "mine")
    assert [own.name for own in model.own_columns] == ["Strength", "Group"]
    assert quality(model.holdout.probability, model.holdout.converted).roc_auc == job.result.measured.roc_auc
    assert model.card["report"]["version"] == "mine"
    assert job.result.files_only
    assert any(told.endswith("cannot tell leads that come one by one apart.") for told in job.result.warnings)
    promote(tmp_path / "none", tmp_path, "mine")


def test_a_training_that_is_stopped_registers_nothing(tmp_path: Path) -> None:
    job = TrainJob(_center(tmp_path), Order(Request(plain_export(tmp_path / "a.csv"), "Won"), "mine"))
    job.cancel()
    job.begin()
    assert job.wait(120)
    assert job.cancelled
    assert not (tmp_path / "models").exists()


def test_protected_columns_are_known_by_name_and_their_groups_compared() -> None:
    assert [looks_protected(name) for name in ("Zip Code", "maritalStatus", "MessageLanguage", "Mileage", "stage")] == [
        "where people live, which can stand in for race",
        "family",
        "race or national origin",
        None,
        None,
    ]
    # 100 rows; the 20 with the highest scores are all of group m: called first are 20 of 50 against 0 of 50.
    said = np.linspace(1, 0, 100)
    sex = ["m"] * 50 + ["f"] * 50
    found = protected_of(_column("Sex", sex), True, said, said > 0.5, 0.2)
    assert found is not None
    assert {group.group: group.called_first for group in found.groups} == {"m": 0.4, "f": 0.0}
    assert found.ratio == 0
    assert "less than four fifths" in found.sentence


def test_rows_of_one_probability_are_called_first_alike_in_whatever_order_they_stand() -> None:
    # All are said the same, so a fifth of either group is called first, although the file lists all "f" before.
    sex = ["f"] * 100 + ["m"] * 100
    found = protected_of(_column("Sex", sex), True, np.full(200, 0.3), np.arange(200) % 2 == 0, 0.2)
    assert found is not None
    assert [group.called_first for group in found.groups] == pytest.approx([0.2, 0.2])
    assert found.ratio == pytest.approx(1)
