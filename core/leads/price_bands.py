"""The bands that prices are compared in."""

from __future__ import annotations

from typing import Final

BAND_EDGES_USD: Final = (300_000, 450_000, 600_000, 900_000)
BANDS: Final = tuple(range(len(BAND_EDGES_USD) + 1))


def band_words(band: int) -> str:
    """A price band, counted by the edges that its prices reach, in words.

    >>> band_words(0), band_words(1), band_words(4)
    ('under $300k', '$300k to $450k', '$900k and more')
    """
    edges = [f"${edge // 1000}k" for edge in BAND_EDGES_USD]
    if band == 0:
        return f"under {edges[0]}"
    return f"{edges[-1]} and more" if band == len(edges) else f"{edges[band - 1]} to {edges[band]}"
