"""Financial readiness: approval by a lender, and signs of steady work."""

from __future__ import annotations

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence


def pre_approval(evidence: Evidence) -> float:
    """0 none, 1 under way, 2 approved or cash; the newest message that speaks of it counts.

    >>> from core.features.evidence import said
    >>> [pre_approval(said(text)) for text in ("not pre-approved yet", "getting preapproved", "paying cash", "Hi")]
    [0.0, 1.0, 2.0, 0.0]
    """
    values = [float(str(signal.value)) for signal in evidence.newest("pre_approval")]
    if values:
        return max(values)
    return 0.0 if evidence.wrote else UNKNOWN


def job_stability_score(evidence: Evidence) -> float:
    """Mean of what the lead said about work: 0.9 steady, 0.7 employed, 0.4 irregular, 0.1 out of work.

    >>> from core.features.evidence import said
    >>> job_stability_score(said("We both work full-time")), job_stability_score(said("Hello"))
    (0.9, -1.0)
    """
    values = [float(str(signal.value)) for signal in evidence.of("employment")]
    return round(sum(values) / len(values), 6) if values else UNKNOWN
