"""Sizes and marks that the kernels share with those who call them."""

from __future__ import annotations

from typing import Final

import numpy as np

LANES: Final = 4
WIDTH: Final = 2 * LANES  # of a state: the change of the product, lane by lane, then the gain
BLOCK: Final = 128  # leads side by side
TOGETHER: Final = 32  # trees that one lead goes down side by side
STEP_WORDS, END_WORDS = 3, 5  # of 8 bytes
FAILED_ABOVE, GOES_LEFT, GOES_RIGHT = 0, 1, 2
NO_END: Final = np.uint32(0xFFFFFFFF)
