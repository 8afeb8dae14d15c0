"""How often a caller may call."""

from __future__ import annotations

from enum import StrEnum


class Rate(StrEnum):
    """Calls that are counted together."""

    SCORE = "score"
    BATCH = "batch"
    READ = "read"
