"""The kernel against scikit-learn, shap, and Shapley values by their definition."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from core.features.catalog import UNKNOWN
from core.scoring import kernel
from core.scoring.forest import LEAF, Forest, floor_float32, ordered
from core.training.export import forest_of
from tests.scoring.forests import forests, leads, some_forest
from tests.scoring.shapley_by_hand import shapley_values


def _training_leads(columns: int, rows: int = 600, seed: int = 3) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    generator = np.random.default_rng(seed)
    values = generator.random((rows, columns)).astype(np.float32)
    values[generator.random(values.shape) < 0.2] = UNKNOWN
    converted = generator.random(rows) < 1 / (1 + np.exp(2 - 3 * values[:, 0] - 2 * values[:, -1] * values[:, 0]))
    return values, converted


@pytest.mark.parametrize(
    ("columns", "plan"),
    [
        (28, {"n_estimators": 30, "max_depth": 8, "min_samples_leaf": 5}),
        (28, {"n_estimators": 5, "max_depth": None}),
        (64, {"n_estimators": 10, "max_depth": 12}),
        (6, {"n_estimators": 25, "max_depth": 1}),
        (6, {"n_estimators": 1, "max_depth": 3, "class_weight": "balanced"}),
        (6, {"n_estimators": 20, "max_depth": 4, "class_weight": {False: 1, True: 7}}),
        (3, {"n_estimators": 500, "max_depth": 2}),
        (5, {"n_estimators": 4, "max_depth": 6, "min_samples_leaf": 600}),
    ],
    ids=["usual", "deep", "64 columns", "stumps", "one tree", "weights", "500 trees", "constant"],
)
def test_any_forest_agrees_with_scikit_learn_bit_for_bit_and_with_shap(columns: int, plan: dict[str, Any]) -> None:
    import shap

    values, converted = _training_leads(columns)
    estimator = RandomForestClassifier(random_state=0, n_jobs=1, **plan).fit(values, converted)
    forest = forest_of(estimator)
    explainer = kernel.explainer_of(forest)
    rows = values[:140]  # more than one block

    predicted = kernel.predict(forest, rows)
    explained = kernel.contributions(explainer, rows)
    oracle = shap.TreeExplainer(estimator).shap_values(rows, check_additivity=False)[..., 1]

    assert (predicted == estimator.predict_proba(rows)[:, 1]).all()
    one_by_one = np.concatenate([kernel.contributions(explainer, row[None, :]) for row in rows[:20]])
    assert np.abs(explained - oracle).max() <= 1e-10
    assert np.abs(one_by_one - oracle[:20]).max() <= 1e-10
    assert np.abs(explainer.base_value + explained.sum(axis=1) - predicted).max() <= 1e-12


@settings(max_examples=150, deadline=None)
@given(forests(), st.data())
def test_contributions_are_the_shapley_values_of_the_definition(forest: Forest, data: st.DataObject) -> None:
    lead = data.draw(leads(forest.n_features))
    explained = kernel.contributions(kernel.explainer_of(forest), lead[None, :])[0]
    assert np.abs(explained - shapley_values(forest, lead)).max() <= 1e-12


@settings(max_examples=60, deadline=None)
@given(forests(columns=3, depth=14, most_trees=2), st.data())
def test_base_value_and_contributions_sum_to_the_prediction(forest: Forest, data: st.DataObject) -> None:
    lead = data.draw(leads(forest.n_features))[None, :]
    explainer = kernel.explainer_of(forest)
    total = explainer.base_value + kernel.contributions(explainer, lead).sum()
    assert abs(total - kernel.predict(forest, lead)[0]) <= 1e-12


@settings(max_examples=60, deadline=None)
@given(forests(columns=5, depth=10), st.data())
def test_many_leads_are_explained_as_each_alone(forest: Forest, data: st.DataObject) -> None:
    rows = np.stack(data.draw(st.lists(leads(forest.n_features), min_size=20, max_size=24)))
    explainer = kernel.explainer_of(forest)
    together = kernel.contributions(explainer, np.tile(rows, (12, 1)))  # more than one block
    alone = np.concatenate([kernel.contributions(explainer, row[None, :]) for row in rows])
    assert np.abs(together - np.tile(alone, (12, 1))).max() <= 1e-14


def test_threads_that_ask_for_single_leads_get_each_its_own() -> None:
    forest = some_forest()
    explainer = kernel.explainer_of(forest)
    rows = np.random.default_rng(7).random((400, forest.n_features)).astype(np.float32)

    def answers(which: range) -> list[tuple[float, list[float]]]:
        return [
            (
                float(kernel.predict(forest, rows[at : at + 1])[0]),
                kernel.contributions(explainer, rows[at : at + 1])[0].tolist(),
            )
            for at in which
        ]

    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(answers, [range(start, 400, 4) for start in range(4)]))
    for start, part in enumerate(parts):
        assert part == answers(range(start, 400, 4))


@settings(max_examples=60, deadline=None)
@given(forests(columns=5, depth=10, most_trees=40), st.data())
def test_one_lead_is_predicted_as_many_are(forest: Forest, data: st.DataObject) -> None:
    rows = np.stack(data.draw(st.lists(leads(forest.n_features), min_size=5, max_size=6)))
    together = kernel.predict(forest, rows)
    assert [kernel.predict(forest, row[None, :])[0] for row in rows] == together.tolist()
    assert kernel.predict(forest, rows[:2]).tolist() == together[:2].tolist()


def test_a_stump_explains_as_by_hand() -> None:
    # Left holds 3 of 4 training leads with value 0.2, right 1 of 4 with 0.8: base 0.75 * 0.2 + 0.25 * 0.8 = 0.35.
    stump = Forest.from_arrays(
        {
            "feature": [1, LEAF, LEAF],
            "threshold": [0.5, 0, 0],
            "right": [2, LEAF, LEAF],
            "value": [0.35, 0.2, 0.8],
            "cover": [4.0, 3.0, 1.0],
            "roots": [0, 3],
            "n_features": 2,
        }
    )
    explainer = kernel.explainer_of(stump)
    goes_right = np.array([[0.0, 1.0]], dtype=np.float32)
    assert explainer.base_value == pytest.approx(0.35, abs=1e-15)
    assert kernel.contributions(explainer, goes_right)[0] == pytest.approx([0.0, 0.45], abs=1e-15)


@given(st.lists(st.floats(-(2.0**99), 2.0**99), min_size=1, max_size=20), st.floats(-(2.0**99), 2.0**99, width=32))
def test_a_floored_threshold_decides_as_the_wide_one_does(thresholds: list[float], value: float) -> None:
    wide = np.array(thresholds)
    assert ((np.float32(value) <= floor_float32(wide)) == (value <= wide)).all()


@given(st.lists(st.floats(allow_nan=False, width=32), min_size=2, max_size=20))
def test_ordered_integers_compare_as_their_floats_do(values: list[float]) -> None:
    wide = np.array(values, dtype=np.float32)
    as_integers = ordered(wide)
    assert ((as_integers[:, None] > as_integers) == (wide[:, None] > wide)).all()


@pytest.mark.parametrize(
    "damage",
    [
        {"right": [1, LEAF, LEAF]},
        {"right": [3, LEAF, LEAF]},
        {"feature": [2, LEAF, LEAF]},
        {"feature": [-2, LEAF, LEAF]},
        {"roots": [0, 2]},
        {"roots": [0]},
        {"cover": [4.0, 0.0, 1.0]},
        {"value": [0.0, float("nan"), 1.0]},
        {"threshold": [0.5]},
    ],
)
def test_arrays_that_point_outside_the_forest_are_refused(damage: dict[str, Any]) -> None:
    sound: dict[str, Any] = {
        "feature": [1, LEAF, LEAF],
        "threshold": [0.5, 0, 0],
        "right": [2, LEAF, LEAF],
        "value": [0.35, 0.2, 0.8],
        "cover": [4.0, 3.0, 1.0],
        "roots": [0, 3],
        "n_features": 2,
    }
    with pytest.raises(ValueError, match="do not describe a forest"):
        Forest.from_arrays(sound | damage)
