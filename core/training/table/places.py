"""From a cell's text to the number that trees read of an own column."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import UNKNOWN
from core.scoring.own_column import CATEGORY, NUMBER, OwnColumn, folded
from core.transfer.dates import DateReader

_PLAIN: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_MARKS: Final = re.compile(r"[$€£%\s'\u00a0\u202f]|USD|usd")
_THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_COMMA: Final = re.compile(r"[-+]?\d+,\d+")
_ONLY_A_YEAR: Final = re.compile(r"\d{4}|\d{2}")
_MOST: Final = 1e30  # stays finite in float32
_LONGEST: Final = 40
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)  # a planned date may lie ahead
SECONDS_A_DAY: Final = 86_400.0


def number_of(text: str) -> float:
    """The number in a cell, NaN when there is none.

    >>> [number_of(text) for text in ("-1.8", "$1,250", "45%", "3,5", "about 7")]
    [-1.8, 1250.0, 45.0, 3.5, nan]
    """
    if len(text) > _LONGEST:
        return math.nan
    if not _PLAIN.fullmatch(text):
        text = _MARKS.sub("", text)
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        elif _COMMA.fullmatch(text):
            text = text.replace(",", ".")
        elif not _PLAIN.fullmatch(text):
            return math.nan
    value = float(text)
    return value if abs(value) <= _MOST else math.nan


def days_of(text: str, day_first: bool = False) -> float:
    """The date in a cell as days since 1970, NaN when there is none; a year alone is a number.

    >>> days_of("1970-01-03"), days_of("2001-01-01"), days_of("2001")
    (nan, 11323.0, nan)
    """
    if len(text) > _LONGEST or _ONLY_A_YEAR.fullmatch(text):
        return math.nan
    try:
        return _reader(day_first)(text).timestamp() / SECONDS_A_DAY
    except ValueError:
        return math.nan


@lru_cache(maxsize=2)
def _reader(day_first: bool) -> DateReader:
    return DateReader(day_first, _LATEST)


def place_of(column: OwnColumn, text: str) -> float:
    """The number that the trees read for a cell's text; ``UNKNOWN`` for nothing and for what cannot be read.

    >>> place_of(OwnColumn("Age", "number", shift=18.0), "25"), place_of(OwnColumn("Age", "number"), "")
    (7.0, -1.0)
    """
    if not text:
        return UNKNOWN
    if column.kind == CATEGORY:
        return column.places.get(folded(text), column.elsewhere)
    value = number_of(text) if column.kind == NUMBER else days_of(text, column.day_first)
    return UNKNOWN if math.isnan(value) else float(np.float32(max(0.0, value - column.shift)))


def places_of(columns: Sequence[OwnColumn], told: Mapping[str, str]) -> NDArray[np.float32]:
    """The places of one row, (columns,), from its cells by the name of the column."""
    return np.array([place_of(column, told.get(column.name, "")) for column in columns], dtype=np.float32)
