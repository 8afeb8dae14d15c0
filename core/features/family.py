"""Family demographics: familial status, protected by the Fair Housing Act; a model may leave both out."""

from __future__ import annotations

from core.features.evidence import Evidence


def family_size_mentioned(evidence: Evidence) -> float:
    """1 when the lead spoke of who would live there.

    >>> from core.features.evidence import said
    >>> [family_size_mentioned(said(text)) for text in ("We are a family of four", "A single family home")]
    [1.0, 0.0]
    """
    return evidence.mentioned("family")


def school_interest(evidence: Evidence) -> float:
    """1 when the lead spoke of schools.

    >>> from core.features.evidence import said
    >>> [school_interest(said(text)) for text in ("Good schools nearby?", "I like old school charm")]
    [1.0, 0.0]
    """
    return evidence.mentioned("school")
