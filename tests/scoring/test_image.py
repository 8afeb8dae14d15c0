"""Kernels from an image on disk: the same numbers as numba's own, and no image that does not fit is run."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.scoring import kernel
from core.scoring.kernel import image, native
from core.scoring.warm import warm
from core.settings import MODELS_DIR, PROJECT_ROOT
from tests.scoring.forests import some_forest

pytestmark = pytest.mark.skipif(not image.SUPPORTED, reason="there are no images for this kind of machine")


@pytest.fixture(scope="module", autouse=True)
def _made() -> None:
    warm()  # what setup does; nothing where it was done


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the image, for a test to spoil."""
    copy = tmp_path / "copy.image"
    copy.write_bytes(image.image_path().read_bytes())
    monkeypatch.setattr(image, "image_path", lambda: copy)
    return copy


def test_warming_makes_an_image() -> None:
    found = image.load()
    assert found is not None
    assert set(found) == set(image.NAMES)


def test_the_image_computes_what_numba_does(monkeypatch: pytest.MonkeyPatch) -> None:
    forest = some_forest()
    rows = np.random.default_rng(4).random((150, forest.n_features)).astype(np.float32)

    def computed() -> list[NDArray[np.float64]]:
        explainer = kernel.explainer_of(forest)
        found = [kernel.predict(forest, rows[:count]) for count in (1, 150)]
        return [*found, *(kernel.contributions(explainer, rows[:count]) for count in (3, 150))]

    from_image = computed()
    monkeypatch.setattr(native, "_loaded", native._compiled())
    for ours, numbas in zip(from_image, computed(), strict=True):
        assert np.abs(ours - numbas).max() <= 1e-15


@pytest.mark.parametrize("place", [0, 20, 5_000, -1], ids=["mark", "digest", "code", "end"])
def test_a_damaged_image_is_passed_over(elsewhere: Path, place: int) -> None:
    damaged = bytearray(elsewhere.read_bytes())
    damaged[place] ^= 1
    elsewhere.write_bytes(damaged)
    assert image.load() is None


@pytest.mark.parametrize("size", [0, 30, 4_096, 8_192])
def test_half_an_image_is_passed_over(elsewhere: Path, size: int) -> None:
    elsewhere.write_bytes(elsewhere.read_bytes()[:size])
    assert image.load() is None


def test_another_processor_has_another_image(monkeypatch: pytest.MonkeyPatch) -> None:
    here = image.image_path()
    image.key.cache_clear()
    monkeypatch.setattr(image, "_processor", lambda: "flags: fewer")
    try:
        assert image.image_path() != here
    finally:
        image.key.cache_clear()


def test_scoring_loads_neither_numba_nor_llvm() -> None:
    script = (
        "import sys; from pathlib import Path; import numpy as np; from core.registry import open_champion\n"
        f"model = open_champion(Path({str(MODELS_DIR)!r}), Path('/nowhere'))\n"
        "model.score(np.full(28, -1, dtype=np.float32))\n"
        "print([name for name in ('numba', 'llvmlite', 'sklearn', 'shap', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT_ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_an_explainer_that_was_pickled_has_addresses_of_its_own() -> None:
    forest = some_forest()
    explainer = kernel.explainer_of(forest)
    again = pickle.loads(pickle.dumps(explainer))
    lead = np.full((1, forest.n_features), 0.3, dtype=np.float32)
    assert again.table.address != explainer.table.address
    assert (kernel.contributions(again, lead) == kernel.contributions(explainer, lead)).all()


def test_rows_of_another_width_are_refused() -> None:
    forest = some_forest()
    with pytest.raises(ValueError, match=r"must be \(n, "):
        kernel.predict(forest, np.zeros((2, forest.n_features + 1), dtype=np.float32))
