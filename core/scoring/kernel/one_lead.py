"""TreeSHAP of leads one by one: three passes over a tree without a branch that depends on the lead.

A branch would be guessed wrong every third time. One lead finds the forest in no cache of the processor, so what counts
is how many bytes are read, and that they lie in the order in which they are. A tree is one stretch of memory: a record
of STEP_WORDS for each of its steps, then of END_WORDS for each of its ends. Factors of the lanes are not read but
computed: the four lanes of a factor and of its inverse are one instruction each (indices are unsigned, and the four
are read before any is written).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from core.scoring.kernel.sizes import END_WORDS, LANES, STEP_WORDS

_U = np.uintp
_LANES, _STEP, _END = _U(LANES), _U(STEP_WORDS), _U(END_WORDS)
_1, _2, _3, _4, _5 = _U(1), _U(2), _U(3), _U(4), _U(5)
_6, _7, _8, _9 = _U(6), _U(7), _U(8), _U(9)


@njit(inline="always")
def _four(array, at):  # type: ignore[no-untyped-def]
    return array[at], array[at + _1], array[at + _2], array[at + _3]


@njit(inline="always")
def _add(array, at, a0, a1, a2, a3):  # type: ignore[no-untyped-def]
    b0, b1, b2, b3 = _four(array, at)
    array[at], array[at + _1], array[at + _2], array[at + _3] = b0 + a0, b1 + a1, b2 + a2, b3 + a3


@njit(error_model="numpy")
def _down(lead, start, steps, words, halves, floats, times, rest, work):  # type: ignore[no-untyped-def]
    """From the root on: whether each step's feature is met so far, its factor's inverse and c, and the products."""
    product, inverse, share, below, met = work
    t0, t1, t2, t3 = times
    r0, r1, r2, r3 = rest
    product[:LANES], inverse[:LANES] = 1.0, 1.0
    share[:LANES], below[:LANES] = 0.0, 0.0
    met[0] = 1.0
    at = start + _STEP
    for number in range(_1, steps):
        half = at * _2
        z, above, parent, tested = words[at], _U(halves[half + _3]), _U(halves[half + _4]), _U(halves[half + _5])
        at += _STEP
        passes = _U(lead[tested >> _1] <= floats[half + _2]) == (tested & _1)
        o = met[above] * np.float64(passes)
        met[number] = o
        p0, p1, p2, p3 = _four(product, parent * _LANES)
        i0, i1, i2, i3 = _four(inverse, above * _LANES)
        f0, f1, f2, f3 = t0 * o + r0 * z, t1 * o + r1 * z, t2 * o + r2 * z, t3 * o + r3 * z
        p0, p1, p2, p3 = p0 * (f0 * i0), p1 * (f1 * i1), p2 * (f2 * i2), p3 * (f3 * i3)
        i0, i1, i2, i3 = 1.0 / f0, 1.0 / f1, 1.0 / f2, 1.0 / f3
        to, gained = number * _LANES, o - z
        product[to], product[to + _1], product[to + _2], product[to + _3] = p0, p1, p2, p3
        inverse[to], inverse[to + _1], inverse[to + _2], inverse[to + _3] = i0, i1, i2, i3
        i0, i1, i2, i3 = gained * i0, gained * i1, gained * i2, gained * i3
        share[to], share[to + _1], share[to + _2], share[to + _3] = i0, i1, i2, i3
        below[to], below[to + _1], below[to + _2], below[to + _3] = 0.0, 0.0, 0.0, 0.0


@njit(error_model="numpy")
def _at_ends(lead, start, ends, words, halves, floats, times, rest, work, gains):  # type: ignore[no-untyped-def]
    """Each end's gain, and its sums for the step that it hangs from."""
    product, inverse, share, below, met = work
    t0, t1, t2, t3 = times
    r0, r1, r2, r3 = rest
    at = start
    for _ in range(ends):
        half = at * _2
        above, hangs, column = _U(halves[half + _7]), _U(halves[half + _8]) * _LANES, _U(halves[half + _9])
        o = met[above]
        value = o * words[at + _U(lead[column] > floats[half + _6])]
        failing = words[at + _2]
        at += _END
        p0, p1, p2, p3 = _four(product, hangs)
        i0, i1, i2, i3 = _four(inverse, above * _LANES)
        c0, c1, c2, c3 = _four(share, above * _LANES)
        f0, f1 = i0 * (t0 * value + r0 * failing), i1 * (t1 * value + r1 * failing)
        f2, f3 = i2 * (t2 * value + r2 * failing), i3 * (t3 * value + r3 * failing)
        _add(below, hangs, p0 * f0, p1 * f1, p2 * f2, p3 * f3)
        gained = value - failing
        i0, i1, i2, i3 = gained * i0 - c0 * f0, gained * i1 - c1 * f1, gained * i2 - c2 * f2, gained * i3 - c3 * f3
        _add(gains, column * _LANES, o * p0 * i0, o * p1 * i1, o * p2 * i2, o * p3 * i3)


@njit(error_model="numpy")
def _up(start, steps, halves, work, gains):  # type: ignore[no-untyped-def]
    """Back to the root: each step's gain, and its sums for the step above."""
    _product, _inverse, share, below, met = work
    number = steps - _1
    while number > _U(0) and number < steps:
        half = (start + number * _STEP) * _2
        above, parent, column = _U(halves[half + _3]), _U(halves[half + _4]), _U(halves[half + _5]) >> _1
        o = met[above]
        b0, b1, b2, b3 = _four(below, number * _LANES)
        c0, c1, c2, c3 = _four(share, number * _LANES)
        a0, a1, a2, a3 = _four(share, above * _LANES)
        _add(below, parent * _LANES, b0, b1, b2, b3)
        c0, c1, c2, c3 = c0 - a0, c1 - a1, c2 - a2, c3 - a3
        _add(gains, column * _LANES, o * b0 * c0, o * b1 * c1, o * b2 * c2, o * b3 * c3)
        number -= _1


@njit(error_model="numpy")
def contributions_into(rows, trees, starts, records, quadrature, work, gains, out):  # type: ignore[no-untyped-def]
    """Exact TreeSHAP contributions of ``rows`` (n, n_features) float32 into ``out`` (n, n_features), overwritten.

    ``starts`` (trees + 1, 2): the first word of each tree's records, and its number of steps. ``records``: the words of
    all trees, as float64, as uint32 and as float32. ``quadrature`` (groups, 3, LANES): times, one less them, weights.
    ``work`` is scratch: products, inverses, shares and sums (steps of a tree * LANES), met (steps); so is ``gains``
    (n_features * LANES).
    """
    words, halves, floats = records
    for row in range(rows.shape[0]):
        lead = rows[row]
        for column in range(out.shape[1]):
            out[row, column] = 0.0
        for group in range(quadrature.shape[0]):
            q = quadrature[group]
            times = (q[0, 0], q[0, 1], q[0, 2], q[0, 3])
            rest = (q[1, 0], q[1, 1], q[1, 2], q[1, 3])
            gains[:] = 0.0
            for tree in range(trees):
                start, steps = _U(starts[tree, 0]), _U(starts[tree, 1])
                if steps == 0:
                    continue
                after = start + steps * _STEP
                ends = (_U(starts[tree + 1, 0]) - after) // _END
                _down(lead, start, steps, words, halves, floats, times, rest, work)
                _at_ends(lead, after, ends, words, halves, floats, times, rest, work, gains)
                _up(start, steps, halves, work, gains)
            for column in range(out.shape[1]):
                at = column * LANES
                here = gains[at] * q[2, 0] + gains[at + 1] * q[2, 1] + gains[at + 2] * q[2, 2] + gains[at + 3] * q[2, 3]
                out[row, column] += here / trees
