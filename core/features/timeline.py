"""Timeline urgency: how soon the lead means to act, and whether something binds it."""

from __future__ import annotations

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence
from core.features.text.fields import answer


def timeline_urgency(evidence: Evidence) -> float:
    """1 now, falling with the stated horizon: half at three months; 0 for just browsing. The newest word counts.

    >>> from core.features.evidence import said
    >>> [timeline_urgency(said(text)) for text in ("We need it ASAP", "in 3 months", "just browsing", "Hello")]
    [1.0, 0.5, 0.0, -1.0]
    """
    newest = evidence.newest("timeline")
    return max([float(str(signal.value)) for signal in newest]) if newest else UNKNOWN


def deadline_mentioned(evidence: Evidence) -> float:
    """1 when something binds the date: the end of a lease, a new job, "by June 1".

    >>> from core.features.evidence import said
    >>> deadline_mentioned(said("Our lease ends in May")), deadline_mentioned(said("No hurry"))
    (1.0, 0.0)
    """
    mentioned = evidence.mentioned("deadline")
    return 0.0 if mentioned == UNKNOWN and answer(evidence.lead.timeline) else mentioned
