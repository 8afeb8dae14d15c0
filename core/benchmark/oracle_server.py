"""The same server with scikit-learn and shap doing the scoring: ``python -m core.benchmark.oracle_server serve``.

Takes the words of ``jorge``. All else - HTTP, checks, features, storing, the feed - is what ``jorge serve`` runs.
"""

from __future__ import annotations

import runpy
import sys
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]


@cache
def _oracle() -> tuple[Any, Any]:
    """The estimator of the model that answers, and shap's explainer of it."""
    import shap

    from core.registry import champion_version, load_estimator, version_folder
    from core.settings import MODELS_DIR, load_settings

    data_dir = load_settings().jorge_data_dir
    estimator = load_estimator(version_folder(MODELS_DIR, data_dir, champion_version(MODELS_DIR, data_dir)))
    estimator.set_params(n_jobs=1)  # the fastest for a lead at a time
    return estimator, shap.TreeExplainer(estimator, feature_perturbation="tree_path_dependent")


def predict(_forest: object, rows: Rows) -> NDArray[np.float64]:
    """In the place of ``core.scoring.kernel.predict``."""
    return np.asarray(_oracle()[0].predict_proba(rows))[:, 1]


def contributions(_explainer: object, rows: Rows) -> NDArray[np.float64]:
    """In the place of ``core.scoring.kernel.contributions``."""
    return np.asarray(_oracle()[1].shap_values(rows, check_additivity=False))[..., 1]


def replace_kernel() -> None:
    """From here on this process scores with scikit-learn and shap."""
    from core.scoring import kernel

    vars(kernel).update(predict=predict, contributions=contributions)


def main() -> None:
    """Run the command with the kernel replaced."""
    _oracle()
    replace_kernel()
    sys.argv[0] = "jorge"
    runpy.run_module("core", run_name="__main__")


if __name__ == "__main__":
    main()
