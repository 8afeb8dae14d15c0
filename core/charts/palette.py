"""The colours of the charts, the same in light and dark.

Every mark colour reaches a contrast of 3:1 on both backgrounds of ``.streamlit/config.toml``, and no two of
hot, warm and cold look alike to eyes that do not tell red from green (a test simulates them).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PRIMARY: Final = "#17907F"
HOT: Final = "#D1433F"
WARM: Final = "#B9801A"
COLD: Final = "#4A83C0"
NEUTRAL: Final = "#6F8287"

RAISES: Final = PRIMARY
LOWERS: Final = "#8C6BBE"

LOW_VALUE: Final = COLD
HIGH_VALUE: Final = "#C0567F"

TIER_COLORS: Final[Mapping[str, str]] = MappingProxyType({"hot": HOT, "warm": WARM, "cold": COLD})

CATEGORICAL: Final = (PRIMARY, LOWERS, WARM, COLD, HOT, "#C0567F", "#7B8B2F", NEUTRAL)


def faded(color: str, share: float) -> str:
    """Return ``color`` (``#RRGGBB``) with an opacity of ``share`` in [0, 1], for areas behind a line.

    >>> faded("#17907F", 0.2)
    'rgba(23, 144, 127, 0.2)'
    """
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {share})"
