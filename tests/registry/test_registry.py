"""Versions on disk: what is read is what was registered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import registry
from core.errors import ModelRefused, ModelUnavailable, NotFound
from core.registry import Lists, versions
from core.scoring.model import ScoringModel
from core.training.dataset import temporal_split
from core.training.fit import Fitted, ForestPlan, fit, model_of
from tests.training.leads import some_leads

PLAN = ForestPlan(trees=60, depth=4)


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit(temporal_split(some_leads())[0], PLAN)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "models", tmp_path / "data"


def _register(root: Path, fitted: Fitted, version: str) -> ScoringModel:
    model = model_of(fitted, PLAN, version, temporal_split(some_leads())[1])
    registry.save_model(root / version, model, fitted.estimator, {"rows": 1050}, "# Card\n")
    return model


def test_a_version_reads_back_and_scores_to_the_bit(folders: tuple[Path, Path], fitted: Fitted) -> None:
    models, _ = folders
    saved = _register(models, fitted, "first")
    loaded = registry.load_model(models / "first")
    rows = some_leads(50).features
    assert (loaded.score_many(rows).probability == saved.score_many(rows).probability).all()
    assert (loaded.score_many(rows).contributions == saved.score_many(rows).contributions).all()
    assert loaded.card == {"rows": 1050}
    assert np.array_equal(loaded.holdout.converted, saved.holdout.converted)


@pytest.mark.parametrize("name", ["forest.npz", "served.json", "holdout.npz"])
def test_a_changed_file_is_refused_by_its_digest(folders: tuple[Path, Path], fitted: Fitted, name: str) -> None:
    models, _ = folders
    _register(models, fitted, "first")
    path = models / "first" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelRefused, match=f"{name} of model 'first' is not the file that was registered"):
        registry.load_model(models / "first")


def test_an_estimator_that_the_manifest_does_not_name_is_never_opened(
    folders: tuple[Path, Path], fitted: Fitted, tmp_path: Path
) -> None:
    models, _ = folders
    _register(models, fitted, "first")
    trap = tmp_path / "ran"
    # A pickle that creates a file when it is read: protocol 0, os.system.
    (models / "first" / "estimator.joblib").write_bytes(f"cos\nsystem\n(S'touch {trap}'\ntR.".encode())
    with pytest.raises(ModelRefused, match="not the file that was registered"):
        registry.load_estimator(models / "first")
    assert not trap.exists()


def test_a_model_of_a_feature_that_this_product_does_not_know_is_refused_before_it_answers(
    folders: tuple[Path, Path], fitted: Fitted
) -> None:
    models, _ = folders
    _register(models, fitted, "newer")
    served, manifest = models / "newer" / "served.json", models / "newer" / "manifest.json"
    was = sha256(served.read_bytes()).hexdigest()
    served.write_text(served.read_text().replace('"response_rate"', '"mood"'))
    manifest.write_text(manifest.read_text().replace(was, sha256(served.read_bytes()).hexdigest()))
    with pytest.raises(ModelRefused, match="feature 'mood' is not one of ours"):
        registry.load_model(models / "newer")


def test_a_manifest_that_is_not_json_is_refused(folders: tuple[Path, Path], fitted: Fitted) -> None:
    models, _ = folders
    _register(models, fitted, "first")
    (models / "first" / "manifest.json").write_text("[")
    with pytest.raises(ModelRefused, match="cannot be read"):
        registry.load_model(models / "first")


def test_a_version_never_changes(folders: tuple[Path, Path], fitted: Fitted) -> None:
    models, _ = folders
    _register(models, fitted, "first")
    with pytest.raises(ModelRefused, match="exists already"):
        _register(models, fitted, "first")


def test_promotion_and_rollback_walk_the_same_way_back(folders: tuple[Path, Path], fitted: Fitted) -> None:
    models, data = folders
    _register(models, fitted, "shipped")
    (models / "default").write_text("shipped\n")
    _register(data / "models", fitted, "own-1")
    _register(data / "models", fitted, "own-2")

    registry.promote(models, data, "own-1")
    registry.promote(models, data, "own-2")
    assert registry.open_champion(models, data).version == "own-2"
    assert registry.roll_back(models, data) == "own-1"
    assert registry.roll_back(models, data) == "shipped"
    with pytest.raises(NotFound, match="nothing was promoted"):
        registry.roll_back(models, data)
    listed = {version.version: (version.champion, version.shipped) for version in registry.list_versions(models, data)}
    assert listed == {"own-1": (False, False), "own-2": (False, False), "shipped": (True, True)}


def test_what_is_retired_between_two_turns_of_a_version_leaves_one_turn(folders: tuple[Path, Path]) -> None:
    models, data = folders
    for version in ("one", "two", "three"):
        (models / version).mkdir(parents=True)
        (models / version / registry.MANIFEST).touch()  # nobody opens it here
    (models / "default").write_text("one\n")
    registry.change_lists(data, Lists(), Lists(promoted=("two", "three", "two")))  # as promoting them writes it
    registry.retire(models, data, "three")
    assert registry.version_before(models, data) == "one"
    assert registry.roll_back(models, data) == "one"
    registry.change_lists(data, registry.read_lists(data), Lists(promoted=("two", "one"), retired=("three",)))
    registry.retire(models, data, "two")
    assert registry.version_before(models, data) is None  # "one" answers, and nothing is before it


def test_what_is_promoted_or_retired_while_a_version_is_checked_stands(
    folders: tuple[Path, Path], fitted: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    models, data = folders
    for version in ("one", "two", "three"):
        _register(models, fitted, version)
    (models / "default").write_text("one\n")
    registry.promote(models, data, "two")
    real = versions.refuse_unfit

    def then(change: Callable[[], object]) -> Callable[..., None]:
        def checked(*args: Any) -> None:
            real(*args)
            change()

        return checked

    monkeypatch.setattr(versions, "refuse_unfit", then(lambda: registry.roll_back(models, data)))
    with pytest.raises(ModelRefused, match="at the same moment"):
        registry.promote(models, data, "three")
    assert registry.champion_version(models, data) == "one"
    monkeypatch.setattr(versions, "refuse_unfit", then(lambda: registry.retire(models, data, "three")))
    with pytest.raises(ModelRefused, match="at the same moment"):
        registry.promote(models, data, "three")
    assert registry.read_lists(data) == registry.Lists((), ("three",), registry.champion_since(data))


def test_a_broken_version_is_not_promoted_and_the_champion_stays(folders: tuple[Path, Path], fitted: Fitted) -> None:
    models, data = folders
    _register(models, fitted, "shipped")
    (models / "default").write_text("shipped\n")
    _register(data / "models", fitted, "own")
    served = data / "models" / "own" / "served.json"
    served.write_text(json.dumps(json.loads(served.read_text()) | {"tier_edges": {"hot": 0, "warm": 1}}))
    with pytest.raises(ModelRefused):
        registry.promote(models, data, "own")
    assert registry.champion_version(models, data) == "shipped"


def test_a_model_that_differs_from_its_estimator_is_not_promoted(folders: tuple[Path, Path], fitted: Fitted) -> None:
    models, data = folders
    _register(models, fitted, "shipped")
    (models / "default").write_text("shipped\n")
    model = model_of(fitted, PLAN, "own", temporal_split(some_leads())[1])
    threshold = model.forest.threshold.copy()
    threshold[0] = np.nextafter(threshold[0], np.float32(np.inf))  # one split of sixty trees, by the least that can be
    altered = replace(model, forest=replace(model.forest, threshold=threshold))
    registry.save_model(data / "models" / "own", altered, fitted.estimator, {}, "# Card\n")
    with pytest.raises(ModelRefused, match="differs from scikit-learn"):
        registry.promote(models, data, "own")
    assert registry.champion_version(models, data) == "shipped"


def test_an_estimator_that_these_libraries_cannot_read_is_refused(folders: tuple[Path, Path], fitted: Fitted) -> None:
    models, data = folders
    _register(data / "models", fitted, "own")
    folder = data / "models" / "own"
    (folder / "estimator.joblib").write_bytes(b"of another time")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["estimator.joblib"] = sha256(b"of another time").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelRefused, match="train it again"):
        registry.promote(models, data, "own")


@pytest.mark.parametrize("version", ["../shipped", "", "a/b", ".", "none"])
def test_a_name_that_is_no_version_is_not_found(folders: tuple[Path, Path], version: str) -> None:
    with pytest.raises(NotFound, match="no model version"):
        registry.version_folder(*folders, version)


def test_without_any_model_the_sentence_says_how_to_get_one(folders: tuple[Path, Path]) -> None:
    with pytest.raises(ModelUnavailable, match="jorge train --sample"):
        registry.open_champion(*folders)
