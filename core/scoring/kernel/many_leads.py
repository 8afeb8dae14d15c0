"""TreeSHAP of many leads: blocks of leads side by side, so that an edge's numbers are read once for all of them.

Each loop over a block is written lane by lane and chooses by ``select`` instead of a branch, because then the compiler
turns it into vector instructions without masked stores. What such a loop costs is reading and writing the block's
products and sums, so twigs, the most common steps, keep theirs in registers.
"""

from __future__ import annotations

from typing import Any

from numba import njit, types
from numba.extending import intrinsic

from core.scoring.kernel.sizes import BLOCK, GOES_LEFT, LANES, NO_END

VECTOR, NARROWEST = 8, 24  # leads in the widest register; fewer than three of these go through scalar code


@intrinsic  # type: ignore[untyped-decorator]
def select(_context: Any, _condition: Any, _yes: Any, _no: Any) -> Any:
    """``yes if condition else no`` of two floats as one instruction; Python's own form becomes a branch."""

    def codegen(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.select(*arguments)

    return types.float64(types.boolean, types.float64, types.float64), codegen


@njit(inline="always")
def _four(factors, at, state, first):  # type: ignore[no-untyped-def]
    """Four lanes of an edge in one state."""
    return (
        factors[at, state, first], factors[at, state, first + 1],
        factors[at, state, first + 2], factors[at, state, first + 3],
    )  # fmt: skip


@njit(inline="always")
def _descend(width, block, column, limit, factors, step, met_left, level, above, met, product):  # type: ignore[no-untyped-def]
    """Enter an inner node: who still meets its edge, and the products of changes down to it."""
    f0, f1, f2, f3 = _four(factors, step, 0, 0)
    l0, l1, l2, l3 = _four(factors, step, 1, 0)
    r0, r1, r2, r3 = _four(factors, step, 2, 0)
    up = level - 1
    for lead in range(width):
        met_above = met[above, lead] > 0.5
        left = block[column, lead] <= limit
        met[level, lead] = select(met_above & (left == met_left), 1.0, 0.0)
        product[level, 0, lead] = product[up, 0, lead] * select(met_above, select(left, l0, r0), f0)
        product[level, 1, lead] = product[up, 1, lead] * select(met_above, select(left, l1, r1), f1)
        product[level, 2, lead] = product[up, 2, lead] * select(met_above, select(left, l2, r2), f2)
        product[level, 3, lead] = product[up, 3, lead] * select(met_above, select(left, l3, r3), f3)


@njit(inline="always")
def _end(width, block, column, limit, factors, end, level, above, met, product, below, out):  # type: ignore[no-untyped-def]
    """The leaves right below a node: their gain, and the first sums of the node."""
    f0, f1, f2, f3 = _four(factors, end, 0, 0)
    l0, l1, l2, l3 = _four(factors, end, 1, 0)
    r0, r1, r2, r3 = _four(factors, end, 2, 0)
    g0, g1, g2, g3 = _four(factors, end, 1, LANES)
    h0, h1, h2, h3 = _four(factors, end, 2, LANES)
    for lead in range(width):
        met_above = met[above, lead] > 0.5
        left = block[column, lead] <= limit
        p0, p1, p2, p3 = (
            product[level, 0, lead],
            product[level, 1, lead],
            product[level, 2, lead],
            product[level, 3, lead],
        )
        gain = select(left, g0, h0) * p0 + select(left, g1, h1) * p1
        gain += select(left, g2, h2) * p2 + select(left, g3, h3) * p3
        out[column, lead] += select(met_above, gain, 0.0)
        below[level, 0, lead] = p0 * select(met_above, select(left, l0, r0), f0)
        below[level, 1, lead] = p1 * select(met_above, select(left, l1, r1), f1)
        below[level, 2, lead] = p2 * select(met_above, select(left, l2, r2), f2)
        below[level, 3, lead] = p3 * select(met_above, select(left, l3, r3), f3)


@njit(inline="always")
def _ascend(width, column, factors, step, met_left, level, above, keep, met, below, out):  # type: ignore[no-untyped-def]
    """Leave a node whose children are done: its edge's gain, and its sums to its parent (``keep`` 0: the first)."""
    g0, g1, g2, g3 = _four(factors, step, 1 if met_left else 2, LANES)
    h0, h1, h2, h3 = _four(factors, step, 2 if met_left else 1, LANES)
    up = level - 1
    for lead in range(width):
        b0, b1, b2, b3 = below[level, 0, lead], below[level, 1, lead], below[level, 2, lead], below[level, 3, lead]
        here = met[level, lead] > 0.5
        gain = select(here, g0, h0) * b0 + select(here, g1, h1) * b1
        gain += select(here, g2, h2) * b2 + select(here, g3, h3) * b3
        out[column, lead] += select(met[above, lead] > 0.5, gain, 0.0)
        below[up, 0, lead] = keep * below[up, 0, lead] + b0
        below[up, 1, lead] = keep * below[up, 1, lead] + b1
        below[up, 2, lead] = keep * below[up, 2, lead] + b2
        below[up, 3, lead] = keep * below[up, 3, lead] + b3


@njit(inline="always")
def _twig(  # type: ignore[no-untyped-def]  # noqa: PLR0915 - in one piece, so that nothing leaves the registers
    width, block, column, limit, factors, step, level, above,
    end_column, end_limit, end_factors, end, end_above, keep, met, product, below, out,
):  # fmt: skip
    """A node whose children are leaves, entered and left in one go; its end tests another feature than its edge."""
    f0, f1, f2, f3 = _four(factors, step, 0, 0)
    l0, l1, l2, l3 = _four(factors, step, 1, 0)
    r0, r1, r2, r3 = _four(factors, step, 2, 0)
    g0, g1, g2, g3 = _four(factors, step, 1, LANES)
    h0, h1, h2, h3 = _four(factors, step, 2, LANES)
    u0, u1, u2, u3 = _four(end_factors, end, 0, 0)
    v0, v1, v2, v3 = _four(end_factors, end, 1, 0)
    w0, w1, w2, w3 = _four(end_factors, end, 2, 0)
    x0, x1, x2, x3 = _four(end_factors, end, 1, LANES)
    y0, y1, y2, y3 = _four(end_factors, end, 2, LANES)
    up = level - 1
    for lead in range(width):
        met_above = met[above, lead] > 0.5
        left = block[column, lead] <= limit
        end_met_above = met[end_above, lead] > 0.5
        end_left = block[end_column, lead] <= end_limit
        p0 = product[up, 0, lead] * select(met_above, select(left, l0, r0), f0)
        p1 = product[up, 1, lead] * select(met_above, select(left, l1, r1), f1)
        p2 = product[up, 2, lead] * select(met_above, select(left, l2, r2), f2)
        p3 = product[up, 3, lead] * select(met_above, select(left, l3, r3), f3)
        end_gain = select(end_left, x0, y0) * p0 + select(end_left, x1, y1) * p1
        end_gain += select(end_left, x2, y2) * p2 + select(end_left, x3, y3) * p3
        b0 = p0 * select(end_met_above, select(end_left, v0, w0), u0)
        b1 = p1 * select(end_met_above, select(end_left, v1, w1), u1)
        b2 = p2 * select(end_met_above, select(end_left, v2, w2), u2)
        b3 = p3 * select(end_met_above, select(end_left, v3, w3), u3)
        gain = select(left, g0, h0) * b0 + select(left, g1, h1) * b1
        gain += select(left, g2, h2) * b2 + select(left, g3, h3) * b3
        out[end_column, lead] += select(end_met_above, end_gain, 0.0)
        out[column, lead] += select(met_above, gain, 0.0)
        below[up, 0, lead] = keep * below[up, 0, lead] + b0
        below[up, 1, lead] = keep * below[up, 1, lead] + b1
        below[up, 2, lead] = keep * below[up, 2, lead] + b2
        below[up, 3, lead] = keep * below[up, 3, lead] + b3


@njit(inline="always")
def _leave(width, level, first, levels, met_when, tests, work, out):  # type: ignore[no-untyped-def]
    """Leave the open step of ``level``."""
    column, _limit, above, factors = tests
    _product, below, met, open_step, keep = work
    step = open_step[level]
    _ascend(
        width, column[step], factors, step, met_when[step] == GOES_LEFT, level, levels[first + above[step]],
        keep[level - 1], met, below, out,
    )  # fmt: skip
    keep[level - 1] = 1.0


@njit(inline="always")
def _enter(width, block, step, level, first, levels, met_when, tests, work):  # type: ignore[no-untyped-def]
    """Open ``step`` at ``level``."""
    column, limit, above, factors = tests
    product, _below, met, open_step, keep = work
    open_step[level] = step
    keep[level] = 0.0
    _descend(
        width, block, column[step], limit[step], factors, step, met_when[step] == GOES_LEFT, level,
        levels[first + above[step]], met, product,
    )  # fmt: skip


@njit(error_model="numpy")
def _explain_tree(width, block, tree, shape, tests, ends, work, out):  # type: ignore[no-untyped-def]
    """One tree for one block, walked once in preorder with a stack by level; ``out`` is added to."""
    starts, levels, met_when, end_of, is_twig = shape
    column, limit, above, factors = tests
    end_column, end_limit, end_above, end_factors = ends
    product, below, met, _open_step, keep = work
    first = starts[tree]
    level = 0
    keep[0] = 0.0
    for step in range(first, starts[tree + 1]):
        while level > 0 and level >= levels[step]:
            _leave(width, level, first, levels, met_when, tests, work, out)
            level -= 1
        end = end_of[step]
        if is_twig[step] and column[step] != end_column[end]:
            _twig(
                width, block, column[step], limit[step], factors, step, level + 1, levels[first + above[step]],
                end_column[end], end_limit[end], end_factors, end, levels[first + end_above[end]],
                keep[level], met, product, below, out,
            )  # fmt: skip
            keep[level] = 1.0
            continue
        if step > first:
            level += 1
            _enter(width, block, step, level, first, levels, met_when, tests, work)
        if end != NO_END:
            _end(
                width, block, end_column[end], end_limit[end], end_factors, end, level, levels[first + end_above[end]],
                met, product, below, out,
            )  # fmt: skip
            keep[level] = 1.0
    while level > 0:
        _leave(width, level, first, levels, met_when, tests, work, out)
        level -= 1


@njit(error_model="numpy")
def contributions_of_many_into(rows, shape, tests, ends, work, blocks, out):  # type: ignore[no-untyped-def]
    """Exact TreeSHAP contributions of ``rows`` (n, n_features) float32 into ``out`` (n, n_features), overwritten.

    ``work`` is scratch: products and sums (levels, LANES, BLOCK), met (levels, BLOCK), the open step (levels,) and what
    to keep (levels,); ``blocks``: leads and contributions, each (n_features, BLOCK).
    """
    product, below, met, open_step, keep = work
    block, block_out = blocks
    product[:], below[:], met[:], open_step[:], keep[:], block[:] = 1.0, 0.0, 1.0, 0, 0.0, 0.0
    trees = shape[0].shape[0] - 1
    for start in range(0, rows.shape[0], BLOCK):
        count = min(BLOCK, rows.shape[0] - start)
        width = max(NARROWEST, -(-count // VECTOR) * VECTOR)
        for lead in range(count):
            for column in range(rows.shape[1]):
                block[column, lead] = rows[start + lead, column]
        block_out[:] = 0.0
        for group in range(tests[3].shape[0]):
            of_steps = (tests[0], tests[1], tests[2], tests[3][group])
            of_ends = (ends[0], ends[1], ends[2], ends[3][group])
            for tree in range(trees):
                _explain_tree(width, block, tree, shape, of_steps, of_ends, work, block_out)
        for lead in range(count):
            for column in range(rows.shape[1]):
                out[start + lead, column] = block_out[column, lead] / trees
