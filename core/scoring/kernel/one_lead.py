"""TreeSHAP of leads one by one: three passes over a tree without a branch that depends on the lead.

A branch would be guessed wrong every third time. Arrays are flat and indices unsigned, and the four lanes are read
before any is written: the compiler then makes each of the four lines one instruction.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from core.scoring.kernel.sizes import LANES, WIDTH

_U = np.uintp
_LANES, _WIDTH = _U(LANES), _U(WIDTH)
_1, _2, _3 = _U(1), _U(2), _U(3)


@njit(inline="always")
def _state(lead, column, limit, met_above):  # type: ignore[no-untyped-def]
    return met_above * (_1 + _U(lead[column] > limit))


@njit(inline="always")
def _four(array, at):  # type: ignore[no-untyped-def]
    return array[at], array[at + _1], array[at + _2], array[at + _3]


@njit(error_model="numpy")
def _down(lead, first, steps, parent, met_when, column, limit, above, factors, product, below, met, states):  # type: ignore[no-untyped-def]
    """From the root on: each step's state, and the products of changes down to it."""
    product[:LANES] = 1.0
    below[:LANES] = 0.0
    met[0] = _1
    for number in range(_1, steps):
        step = first + number
        state = _state(lead, column[step], limit[step], met[above[step]])
        states[number] = state
        met[number] = _U(state == met_when[step])
        p0, p1, p2, p3 = _four(product, parent[step] * _LANES)
        f0, f1, f2, f3 = _four(factors, (step * _3 + state) * _WIDTH)
        to = number * _LANES
        product[to], product[to + _1], product[to + _2], product[to + _3] = p0 * f0, p1 * f1, p2 * f2, p3 * f3
        below[to], below[to + _1], below[to + _2], below[to + _3] = 0.0, 0.0, 0.0, 0.0


@njit(inline="always")
def _add(array, at, a0, a1, a2, a3):  # type: ignore[no-untyped-def]
    b0, b1, b2, b3 = _four(array, at)
    array[at], array[at + _1], array[at + _2], array[at + _3] = b0 + a0, b1 + a1, b2 + a2, b3 + a3


@njit(error_model="numpy")
def _at_ends(lead, first, last, parent, column, limit, above, factors, product, below, met, gains):  # type: ignore[no-untyped-def]
    """Each end's gain, and its sums for the step that it hangs from."""
    for end in range(first, last):
        hangs = parent[end] * _LANES
        at = (end * _3 + _state(lead, column[end], limit[end], met[above[end]])) * _WIDTH
        p0, p1, p2, p3 = _four(product, hangs)
        f0, f1, f2, f3 = _four(factors, at)
        _add(below, hangs, p0 * f0, p1 * f1, p2 * f2, p3 * f3)
        g0, g1, g2, g3 = _four(factors, at + _LANES)
        _add(gains, column[end] * _LANES, p0 * g0, p1 * g1, p2 * g2, p3 * g3)


@njit(error_model="numpy")
def _up(first, steps, parent, column, factors, below, states, gains):  # type: ignore[no-untyped-def]
    """Back to the root: each step's gain, and its sums for the step above."""
    number = steps - _1
    while number > _U(0) and number < steps:
        step = first + number
        b0, b1, b2, b3 = _four(below, number * _LANES)
        g0, g1, g2, g3 = _four(factors, (step * _3 + states[number]) * _WIDTH + _LANES)
        _add(gains, column[step] * _LANES, b0 * g0, b1 * g1, b2 * g2, b3 * g3)
        _add(below, parent[step] * _LANES, b0, b1, b2, b3)
        number -= _1


@njit(error_model="numpy")
def contributions_into(rows, shape, tests, ends, groups, work, out):  # type: ignore[no-untyped-def]
    """Exact TreeSHAP contributions of ``rows`` (n, n_features) float32 into ``out`` (n, n_features), overwritten.

    The factors of all ``groups`` lie in one flat array. ``work`` is scratch: products and sums (steps of a tree *
    LANES), met and states (steps), gains (n_features * LANES).
    """
    starts, parent, _level, met_when, end_starts, end_parent, _end_of, _is_twig = shape
    column, limit, above, factors = tests
    end_column, end_limit, end_above, end_factors = ends
    product, below, met, states, gains = work
    trees = starts.shape[0] - 1
    group_size, end_group_size = column.shape[0] * 3 * WIDTH, end_column.shape[0] * 3 * WIDTH
    for row in range(rows.shape[0]):
        lead = rows[row]
        gains[:] = 0.0
        for group in range(groups):
            flat = factors[group * group_size :]
            end_flat = end_factors[group * end_group_size :]
            for tree in range(trees):
                first, steps = _U(starts[tree]), _U(starts[tree + 1] - starts[tree])
                if steps == 0:
                    continue
                _down(
                    lead, first, steps, parent, met_when, column, limit, above, flat, product, below, met,
                    states,
                )  # fmt: skip
                _at_ends(
                    lead, _U(end_starts[tree]), _U(end_starts[tree + 1]), end_parent, end_column, end_limit, end_above,
                    end_flat, product, below, met, gains,
                )  # fmt: skip
                _up(first, steps, parent, column, flat, below, states, gains)
        for number in range(out.shape[1]):
            at = number * LANES
            out[row, number] = (gains[at] + gains[at + 1] + gains[at + 2] + gains[at + 3]) / trees
