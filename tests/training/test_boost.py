"""Trees that add up: the same numbers as scikit-learn and shap give, a probability all the same, chosen when better."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shap

from core.benchmark.kernels import kernel_rows
from core.registry import load_model, promote
from core.scoring import kernel
from core.scoring.calibration import IsotonicCalibration, PlattCalibration
from core.scoring.held import held_within
from core.scoring.without import without_columns
from core.services.model.model_registry import ModelRegistry
from core.services.model.training import Order, train_file
from core.training.export import forest_of
from core.training.oracle import agreement, leads_at_every_edge, refuse_unless_exact
from core.training.table.boost import BoostPlan, boosts_for
from core.training.table.choice import AUTO, BOOSTING, FOREST
from core.training.table.family import CLEARLY_LATER, ahead_later, learn_family
from core.training.table.grow import Grown, calibration_of, plans_for
from core.training.table.learn import Learned, learn
from core.training.table.read import Request
from tests.training.exports import known_export, plain_export


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    path = plain_export(tmp_path_factory.mktemp("boost") / "a.csv")
    return learn(Request(path, "Won", family=BOOSTING), "try", "a test")


def _rows(count: int, columns: int, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(count, columns)).astype(np.float32)
    rows[generator.random(rows.shape) < 0.2] = -1.0  # not told
    return rows


def _grown(family: str, rows: np.ndarray, happened: np.ndarray, later: bool = False) -> Grown:
    return learn_family(family, rows, happened, later, 0, lambda _what, _done: None)


@pytest.mark.parametrize("depth", [1, 4, 6])
def test_boosted_trees_laid_out_say_what_scikit_learn_says_and_are_explained_as_shap_explains_them(depth: int) -> None:
    rows, judged = _rows(2_000, 5, seed=0), _rows(100, 5, seed=1)
    happened = rows[:, 0] + rows[:, 1] * rows[:, 2] > 1
    estimator = BoostPlan(depth, 20, 0.1, 60).fitted(rows, happened, seed=0)
    forest = forest_of(estimator)
    explainer = kernel.explainer_of(forest)
    said, found = kernel.predict(forest, judged), kernel.contributions(explainer, judged)
    theirs = shap.TreeExplainer(estimator, feature_perturbation="tree_path_dependent")
    assert said == pytest.approx(estimator.predict(judged), abs=1e-12)
    assert found == pytest.approx(theirs.shap_values(judged, check_additivity=False), abs=1e-12)
    assert explainer.base_value == pytest.approx(happened.mean(), abs=1e-9)  # squares: the mean of what was learned
    assert explainer.base_value + found.sum(axis=1) == pytest.approx(said, abs=1e-12)
    assert not forest.stays_within


def test_a_sum_past_the_end_is_held_there_and_its_contributions_shrink_alike() -> None:
    # From 0.2 to 1.2 by 1.2 and -0.2 is a way of 1.0; to 1.0 it is 0.8, so each counts for four fifths: 0.96 and -0.16.
    raw, base, found = held_within(np.array([1.2, 0.5]), 0.2, np.array([[1.2, -0.2], [0.1, 0.2]]))
    assert raw.tolist() == [1.0, 0.5]
    assert base == 0.2
    assert found[0] == pytest.approx([0.96, -0.16])
    assert found[1].tolist() == [0.1, 0.2]


def test_where_the_start_itself_lies_outside_everything_still_adds_up() -> None:
    # From -0.1 to 0.3 by 0.5 and -0.1; from 0 to 0.3 each counts for 0.3 / 0.4.
    raw, base, found = held_within(np.array([0.3, -0.1]), -0.1, np.array([[0.5, -0.1], [0.0, 0.0]]))
    assert raw.tolist() == [0.3, 0.0]
    assert base == 0.0
    assert found.tolist() == [pytest.approx([0.375, -0.075]), [0.0, 0.0]]


def test_a_boosted_model_keeps_the_promise_of_every_model(learned: Learned) -> None:
    leads = leads_at_every_edge(learned.model, 300)
    scores = learned.model.score_many(leads)
    assert ((scores.raw_probability >= 0) & (scores.raw_probability <= 1)).all()
    assert scores.base_value + scores.contributions.sum(axis=1) == pytest.approx(scores.raw_probability, abs=1e-12)
    assert ((scores.probability >= 0) & (scores.probability <= 1)).all()
    refuse_unless_exact(agreement(learned.model, learned.estimator, leads))
    assert learned.report.forest["family"] == BOOSTING
    assert learned.report.signal == "usable"


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_its_speed_is_measured_against_its_own_ensemble(learned: Learned) -> None:
    rows = list(kernel_rows(learned.model, learned.estimator, leads_at_every_edge(learned.model, 300), quick=True))
    assert len(rows) == 7
    assert all((row.max_difference or 0) <= 1e-10 for row in rows)


def test_without_own_columns_it_says_the_same_as_when_they_are_unknown(learned: Learned) -> None:
    forest = learned.model.forest
    judged = np.array([[3.0, -1.0], [-1.0, -1.0]], dtype=np.float32)
    alone = without_columns(forest, frozenset({1}))
    assert kernel.predict(alone, judged[:, :1].copy()).tolist() == kernel.predict(forest, judged).tolist()


def test_it_is_registered_loaded_and_promoted_like_any_model(tmp_path: Path) -> None:
    path = known_export(tmp_path / "a.csv")
    train_file(ModelRegistry(tmp_path / "none", tmp_path), Order(Request(path, "Won", family=BOOSTING), "added"))
    promote(tmp_path / "none", tmp_path, "added")  # asks scikit-learn and shap
    served = load_model(tmp_path / "models" / "added")
    assert served.card["forest"]["family"] == BOOSTING
    assert served.calibration.to_json()["kind"] in ("platt", "isotonic")


def test_calibration_keeps_the_order_of_sums_below_nothing() -> None:
    generator = np.random.default_rng(4)
    raw = np.linspace(-0.2, 1.1, 400)
    happened = generator.random(400) < np.clip(raw, 0.02, 0.98)
    found, _ = calibration_of(raw, np.zeros((400, 9)), happened, seed=0)
    said = found(raw, np.zeros((400, 9)))
    assert (np.diff(said) >= 0).all()
    assert said[0] <= said[-1] - 0.5
    if isinstance(found, PlattCalibration):
        assert (found.low, found.high) == pytest.approx((-0.4, 1.2))  # as much room again beyond -0.2 and 1.1
    else:
        assert isinstance(found, IsotonicCalibration)
        assert found.raw.min() == pytest.approx(-0.2)


def test_auto_takes_the_trees_that_add_up_where_many_columns_add_up_and_never_with_few_outcomes() -> None:
    rows = np.random.default_rng(5).normal(size=(700, 20)).astype(np.float32)
    happened = rows.sum(axis=1) + np.random.default_rng(6).normal(size=700) > 1
    assert _grown(AUTO, rows, happened).plan.family == BOOSTING
    few = np.zeros(100, dtype=bool)
    few[::5] = True  # twenty successes
    assert _grown(AUTO, rows[:100, :2], few).plan.family == FOREST


def test_later_blocks_tell_which_family_is_ahead() -> None:
    # Thirty columns add up at any time, so later blocks say so too; which one is named first only turns the sign.
    rows = np.random.default_rng(7).normal(size=(800, 30)).astype(np.float32)
    happened = rows.sum(axis=1) + np.random.default_rng(8).normal(size=800) > 1
    boosted, forest = boosts_for(800, later=True)[0], plans_for(800, later=True)[0]
    ahead = ahead_later(boosted, forest, rows, happened, seed=0)
    assert ahead > CLEARLY_LATER
    assert ahead_later(forest, boosted, rows, happened, seed=0) == -ahead


def test_blocks_without_both_outcomes_put_nobody_ahead() -> None:
    happened = np.arange(100) >= 98  # before the last block nothing ever happened
    boosted, forest = boosts_for(100, later=True)[0], plans_for(100, later=True)[0]
    assert ahead_later(boosted, forest, _rows(100, 2, seed=0), happened, seed=0) == 0.0
