r"""A forest as the kernel for one lead reads it: each tree one short stretch of memory.

Where :math:`z` is the share of training leads that meet all conditions on a step's feature down to it, and :math:`o` is
1 when the lead meets them, the feature's factor at node :math:`t` is :math:`F = t o + (1 - t) z` and its part of
:math:`c` is :math:`(o - z) / F`; so :math:`z` is all that a step needs to hold (``core.scoring.kernel.edges`` derives
the rest). An end with a left leaf of value :math:`v_l` and a right one of :math:`v_r` adds to the sums
:math:`P F_a^{-1} (t v + (1 - t) m)` with :math:`m = v_l z_l + v_r z_r` and :math:`v` the value on the lead's side, 0
where a condition above has failed already; its gain is :math:`P (F_a^{-1} (v - m) - c_a F_a^{-1} (t v + (1 - t) m))`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.scoring.kernel.sizes import END_WORDS, LANES, STEP_WORDS
from core.scoring.kernel.table import Room, Table

Numbers = NDArray[np.integer]


def records_of(
    steps: tuple[Numbers, NDArray[np.float64], NDArray[np.float32], Numbers, Numbers, Numbers],
    ends: tuple[Numbers, NDArray[np.float64], NDArray[np.float32], Numbers, Numbers, Numbers],
    quadrature: tuple[NDArray[np.float64], NDArray[np.float64]],
    columns: int,
) -> Room:
    """The table of ``one_lead`` with room for one lead.

    ``steps``: starts (trees + 1,), then of each z, limit, above, parent and column with the side, 1 for left, in the
    lowest bit. ``ends``: starts, then values (n, 3), limit, above, parent and column. ``quadrature``: times, weights.
    """
    starts, end_starts = np.asarray(steps[0]), np.asarray(ends[0])
    first_word = starts * STEP_WORDS + end_starts * END_WORDS
    words = np.zeros(max(1, int(first_word[-1])))
    halves, floats = words.view(np.uint32), words.view(np.float32)
    at = _places(starts, first_word, STEP_WORDS)
    words[at] = steps[1]
    floats[2 * at + 2] = steps[2]
    for half, numbers in enumerate(steps[3:], 3):
        halves[2 * at + half] = numbers
    at = _places(end_starts, first_word + np.append(np.diff(starts), 0) * STEP_WORDS, END_WORDS)
    for word in range(3):
        words[at + word] = ends[1][:, word]
    floats[2 * at + 6] = ends[2]
    for half, numbers in enumerate(ends[3:], 7):
        halves[2 * at + half] = numbers
    most_steps = int(np.diff(starts).max())
    times, weights = (values.reshape(-1, LANES) for values in quadrature)
    lanes = np.stack([times, 1.0 - times, weights], axis=1)
    table = Table(
        (len(starts) - 1, columns, len(lanes), most_steps, len(words)),
        [(np.stack([first_word, np.append(np.diff(starts), 0)], axis=1), np.uint32), (words, np.float64),
         (lanes, np.float64)],
    )  # fmt: skip
    return Room("explain_one", table, columns, (4 * LANES + 1) * most_steps + LANES * columns, (1, columns))


def _places(starts: Numbers, first_word: Numbers, size: int) -> Numbers:
    """The first word of each record; those of a tree follow each other."""
    counts = np.diff(starts)
    tree = np.repeat(np.arange(len(counts)), counts)
    places: Numbers = first_word[tree] + (np.arange(starts[-1]) - starts[tree]) * size
    return places
