"""The kernels as functions in C's way of calling, compiled by numba: addresses and counts in, nothing back.

A table (``core.scoring.kernel.table``) is an array of counts, then addresses of arrays. The entries allocate nothing,
raise nothing and call nothing outside, so that they can be kept without their compiler (``core.scoring.kernel.image``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np
from numba import carray, njit, types
from numba.extending import intrinsic

from core.scoring.kernel.many_leads import contributions_of_many_into
from core.scoring.kernel.one_lead import contributions_into
from core.scoring.kernel.paths import paths_into
from core.scoring.kernel.prediction import predict_into, predict_many_into
from core.scoring.kernel.sizes import BLOCK, LANES, TOGETHER, WIDTH

numba.config.SLP_VECTORIZE = 1  # read when a kernel is compiled; halves the time of a single lead

_MOST: Final = 32  # entries of a table
SIGNATURE: Final = types.void(*[types.intp] * 5)
OPTIONS: Final[dict[str, Any]] = {"error_model": "numpy", "nogil": True}


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(_context: Any, _address: Any) -> Any:
    """An address as a pointer."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.voidptr(types.intp), codegen


@njit(inline="always")
def _at(address, shape, dtype):  # type: ignore[no-untyped-def]
    """The array that begins at ``address``."""
    return carray(_pointer(address), shape, dtype)


def predict_one(rows: int, leads: int, table: int, scratch: int, out: int) -> None:
    """Each lead down many trees in step; ``table`` is of a forest's steps, ``rows`` are floats."""
    t = _at(table, _MOST, np.intp)
    nodes, trees, columns = t[0], t[1], t[2]
    predict_into(
        _at(rows, (leads, columns), np.int32), _at(t[3], nodes, np.int64), _at(t[4], nodes, np.float64),
        _at(t[5], trees, np.int32), _at(t[6], trees + 1, np.int32), _at(scratch, TOGETHER, np.uintp),
        _at(scratch + 8 * TOGETHER, columns, np.int32), _at(out, leads, np.float64),
    )  # fmt: skip


def predict_many(rows: int, leads: int, table: int, scratch: int, out: int) -> None:
    """Leads down the trees in step; ``table`` is of a forest's steps, ``rows`` are ordered integers."""
    t = _at(table, _MOST, np.intp)
    nodes, trees, columns = t[0], t[1], t[2]
    predict_many_into(
        _at(rows, (leads, columns), np.int32), _at(t[3], nodes, np.int64), _at(t[4], nodes, np.float64),
        _at(t[5], trees, np.int32), _at(t[6], trees + 1, np.int32), _at(scratch, BLOCK, np.uintp),
        _at(out, leads, np.float64),
    )  # fmt: skip


def explain_one(rows: int, leads: int, table: int, scratch: int, out: int) -> None:
    """TreeSHAP of leads one by one; ``table`` is of an explainer's records."""
    t = _at(table, _MOST, np.intp)
    trees, columns, groups, most, words = t[0], t[1], t[2], t[3], t[4]
    lanes = most * LANES
    work = (
        _at(scratch, lanes, np.float64), _at(scratch + 8 * lanes, lanes, np.float64),
        _at(scratch + 16 * lanes, lanes, np.float64), _at(scratch + 24 * lanes, lanes, np.float64),
        _at(scratch + 32 * lanes, most, np.float64),
    )  # fmt: skip
    records = (_at(t[6], words, np.float64), _at(t[6], 2 * words, np.uint32), _at(t[6], 2 * words, np.float32))
    contributions_into(
        _at(rows, (leads, columns), np.float32), trees, _at(t[5], (trees + 1, 2), np.uint32), records,
        _at(t[7], (groups, 3, LANES), np.float64), work,
        _at(scratch + 32 * lanes + 8 * most, columns * LANES, np.float64), _at(out, (leads, columns), np.float64),
    )  # fmt: skip


@njit(inline="always")
def _shape_of(t):  # type: ignore[no-untyped-def]
    trees, steps = t[0], t[1]
    return (
        _at(t[7], trees + 1, np.uint32), _at(t[8], steps, np.uint32), _at(t[9], steps, np.uint32),
        _at(t[10], steps, np.uint32), _at(t[11], steps, np.bool_),
    )  # fmt: skip


@njit(inline="always")
def _tests_of(t, first, count, factors):  # type: ignore[no-untyped-def]
    return (
        _at(t[first], count, np.uint32), _at(t[first + 1], count, np.float32), _at(t[first + 2], count, np.uint32),
        _at(t[first + 3], factors, np.float64),
    )  # fmt: skip


def explain_many(rows: int, leads: int, table: int, scratch: int, out: int) -> None:
    """TreeSHAP of leads in blocks; ``table`` is of an explainer."""
    t = _at(table, _MOST, np.intp)
    steps, ends, columns, groups, levels = t[1], t[2], t[3], t[4], t[6]
    lanes, lane = 8 * levels * LANES * BLOCK, 8 * levels * BLOCK
    after = scratch + 2 * lanes + lane
    work = (
        _at(scratch, (levels, LANES, BLOCK), np.float64), _at(scratch + lanes, (levels, LANES, BLOCK), np.float64),
        _at(scratch + 2 * lanes, (levels, BLOCK), np.float64), _at(after, levels, np.intp),
        _at(after + 8 * levels, levels, np.float64),
    )  # fmt: skip
    blocks = (
        _at(after + 16 * levels, (columns, BLOCK), np.float64),
        _at(after + 16 * levels + 8 * columns * BLOCK, (columns, BLOCK), np.float64),
    )
    contributions_of_many_into(
        _at(rows, (leads, columns), np.float32), _shape_of(t),
        _tests_of(t, 12, steps, (groups, steps, 3, WIDTH)), _tests_of(t, 16, ends, (groups, ends, 3, WIDTH)),
        work, blocks, _at(out, (leads, columns), np.float64),
    )  # fmt: skip


def paths(_rows: int, _leads: int, table: int, _scratch: int, _out: int) -> None:
    """The paths of a forest; ``table`` holds its arrays, then those to be filled."""
    t = _at(table, _MOST, np.intp)
    nodes, trees = t[0], t[1]
    paths_into(
        _at(t[2], nodes, np.int32), _at(t[3], nodes, np.int32), _at(t[4], trees + 1, np.int32),
        _at(t[5], nodes, np.float64), _at(t[6], nodes, np.int32), _at(t[7], nodes, np.int32),
        _at(t[8], nodes, np.bool_), _at(t[9], nodes, np.float64), _at(t[10], nodes, np.int32),
        _at(t[11], nodes, np.int32),
    )  # fmt: skip


ENTRIES: Final[tuple[Callable[[int, int, int, int, int], None], ...]] = (
    predict_one, predict_many, explain_one, explain_many, paths,
)  # fmt: skip
