"""Compile the kernels and keep them on disk: ``python -m core.scoring.warm`` takes seconds once, then nothing."""

from __future__ import annotations

import numpy as np

from core.scoring import kernel
from core.scoring.forest import LEAF, Forest
from core.scoring.kernel import image


def warm() -> None:
    """Make the image of the kernels where there is none, and run every kernel once on a forest of a single split."""
    if image.load() is None:
        from core.scoring.kernel.build import build

        build()
    stump = Forest.from_arrays(
        {
            "feature": [0, LEAF, LEAF],
            "threshold": [0.5, 0.0, 0.0],
            "right": [2, LEAF, LEAF],
            "value": [0.5, 0.25, 0.75],
            "cover": [2.0, 1.0, 1.0],
            "roots": [0, 3],
            "n_features": 1,
        }
    )
    explainer = kernel.explainer_of(stump)
    for leads in (1, kernel.FEWEST_FOR_A_BLOCK):
        rows = np.zeros((leads, 1), dtype=np.float32)
        kernel.predict(stump, rows)
        kernel.contributions(explainer, rows)


if __name__ == "__main__":
    warm()
