"""Which places of a text a finding already holds."""

from __future__ import annotations


class Taken:
    """Places of a text of ``length`` characters; taking one costs time in its own length only.

    >>> taken = Taken(10)
    >>> taken.take(2, 5), taken.take(4, 6), taken.take(5, 7)
    (True, False, True)
    """

    __slots__ = ("_marks",)

    def __init__(self, length: int) -> None:
        self._marks = bytearray(length)

    def take(self, start: int, end: int) -> bool:
        """Take ``start:end`` and return True; return False when any of it is taken."""
        if self._marks.find(1, start, end) >= 0:
            return False
        self._marks[start:end] = b"\x01" * (end - start)
        return True

    def holds(self, start: int, end: int) -> bool:
        """Whether all of ``start:end`` is taken."""
        return self._marks.find(0, start, end) < 0
