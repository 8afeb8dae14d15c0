"""What is said in place of a source, agent, area or price that nobody told."""

from __future__ import annotations

from typing import Final

from core.leads import band_words

NOT_TOLD: Final = "Not told"  # in a column whose head says of what
NO_SOURCE, NOBODY, NO_AREA, NO_PRICE = "No source told", "No agent", "No area told", "No price yet"
MISSING: Final = {"source": NO_SOURCE, "agent": NOBODY, "area": NO_AREA}


def named(kind: str, name: str | None) -> str:
    """The name, or the words for none.

    >>> named("source", "Zillow"), named("agent", None)
    ('Zillow', 'No agent')
    """
    return MISSING[kind] if name is None else name


def band_named(band: int | None) -> str:
    """A price band in words.

    >>> band_named(0), band_named(None)
    ('under $300k', 'No price yet')
    """
    return NO_PRICE if band is None else band_words(band)
