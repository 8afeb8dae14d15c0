"""The colours of the charts, the same in light and dark, but for words on a field of shades.

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

# The colours of a page's words and of the page, by its theme.
PAGES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "light": ("#0B1718", "#FFFFFF"),
        "dark": ("#E4ECEB", "#10191B"),
    }
)

TIER_COLORS: Final[Mapping[str, str]] = MappingProxyType({"hot": HOT, "warm": WARM, "cold": COLD})

CATEGORICAL: Final = (PRIMARY, LOWERS, WARM, COLD, HOT, "#C0567F", "#7B8B2F", NEUTRAL)


def words_on_shades(theme: str | None) -> dict[str, str]:
    """Return the font of words on a field of ``shades``, on a page of ``theme``.

    A viewer who changes the theme sees the words as they were until something is asked of the page: with the light of
    the page they stood on behind them, they are read until then.

    >>> words_on_shades(None)["color"]
    '#0B1718'
    """
    words, page = PAGES["dark" if theme == "dark" else "light"]
    return {"color": words, "shadow": ", ".join([f"0 0 2px {page}"] * 3)}


def shades(color: str, lowest: float = 0.08) -> tuple[tuple[float, str], tuple[float, str]]:
    """Return a colour scale for a field: ``color`` ever stronger over the page, whose words are read on each shade.

    >>> shades("#17907F")[1]
    (1.0, 'rgba(23, 144, 127, 0.6)')
    """
    return ((0.0, faded(color, lowest)), (1.0, faded(color, 0.6)))


def faded(color: str, share: float) -> str:
    """Return ``color`` (``#RRGGBB``) with an opacity of ``share`` in [0, 1], for areas behind a line.

    >>> faded("#17907F", 0.2)
    'rgba(23, 144, 127, 0.2)'
    """
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {share})"
