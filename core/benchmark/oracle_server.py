"""The same server with scikit-learn and shap doing the scoring: ``python -m core.benchmark.oracle_server serve``.

Takes the words of ``jorge``. All else - HTTP, checks, features, storing, the feed - is what ``jorge serve`` runs.
"""

from __future__ import annotations

import runpy
import sys
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from core.training.oracle import Oracle

Rows = NDArray[np.float32]


@cache
def _oracle() -> Oracle:
    """What scikit-learn and shap say of the model that answers."""
    from core.services.center import CommandCenter
    from core.settings import load_settings
    from core.training.oracle import Oracle

    with CommandCenter(load_settings()) as center:
        return Oracle(center.registry.estimator(center.registry.champion()))


def predict(_forest: object, rows: Rows) -> NDArray[np.float64]:
    """In the place of ``core.scoring.kernel.predict``."""
    return _oracle().predict(rows)


def contributions(_explainer: object, rows: Rows) -> NDArray[np.float64]:
    """In the place of ``core.scoring.kernel.contributions``."""
    return _oracle().contributions(rows)


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
