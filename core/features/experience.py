"""Experience: homes bought or sold before, and use of the trade's terms."""

from __future__ import annotations

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence

TERMS_OF_AN_EXPERT = 4


def previous_real_estate_experience(evidence: Evidence) -> float:
    """0 none, 1 has bought or sold, 2 investor or several homes.

    >>> from core.features.evidence import said
    >>> texts = ("We are first-time buyers", "We sold our house", "I am an investor")
    >>> [previous_real_estate_experience(said(text)) for text in texts]
    [0.0, 1.0, 2.0]
    """
    values = [float(str(signal.value)) for signal in evidence.of("experience")]
    if values:
        return max(values)
    return 0.0 if evidence.wrote else UNKNOWN


def market_knowledge(evidence: Evidence) -> float:
    """Different terms of the trade that the lead used, as a share of four; four or more are 1.

    >>> from core.features.evidence import said
    >>> market_knowledge(said("Is there an HOA? Would they waive the appraisal?"))
    0.5
    """
    if not evidence.wrote:
        return UNKNOWN
    used = {str(signal.value).rstrip("s") for signal in evidence.of("term")}
    return min(1.0, len(used) / TERMS_OF_AN_EXPERT)
