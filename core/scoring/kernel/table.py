"""What a kernel is told of a forest: counts, and where its arrays lie."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Table:
    """Counts, then addresses of arrays, in one array of integers at ``address``; it keeps the arrays alive.

    Each array is taken as its type and contiguous, a copy where it is not. Pickled it is made anew: addresses are of
    one process.
    """

    __slots__ = ("_numbers", "address", "arrays", "counts")

    def __init__(self, counts: Iterable[int], arrays: Sequence[tuple[NDArray[Any], DTypeLike]]) -> None:
        self.counts = tuple(int(count) for count in counts)
        self.arrays = tuple(np.ascontiguousarray(array, dtype=dtype) for array, dtype in arrays)
        self._numbers = np.array([*self.counts, *(address_of(array) for array in self.arrays)], dtype=np.intp)
        self.address = address_of(self._numbers)

    def __reduce__(self) -> tuple[Any, ...]:
        return Table, (self.counts, tuple((array, array.dtype) for array in self.arrays))


class Room(threading.local):
    """Where one lead goes in and comes out of the kernel ``name``, in each thread another place, made once.

    ``row`` float32 of ``shape`` (1, columns), ``out`` float64 of the shape of ``results``; ``arguments`` are the
    kernel's, which also gets ``scratch`` numbers of 8 bytes.
    """

    def __init__(self, name: str, table: Table, columns: int, scratch: int, results: tuple[int, ...]) -> None:
        self.name, self.table, self.sizes = name, table, (columns, scratch, results)
        self.shape = (1, columns)
        self.row = np.zeros(self.shape, dtype=np.float32)
        self.out = np.zeros(results)
        self._scratch = np.empty(scratch)
        self.arguments = (address_of(self.row), 1, table.address, address_of(self._scratch), address_of(self.out))

    def __reduce__(self) -> tuple[Any, ...]:
        return Room, (self.name, self.table, *self.sizes)


def address_of(array: NDArray[Any]) -> int:
    """Where an array's first value lies."""
    return int(array.__array_interface__["data"][0])
