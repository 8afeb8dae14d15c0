"""Activity: listings looked at, visits asked for."""

from __future__ import annotations

from datetime import timedelta

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence
from core.leads import InteractionKind

RECENT = timedelta(days=30)
VIEWS = frozenset({InteractionKind.PROPERTY_VIEW, InteractionKind.PROPERTY_SAVE})
_VISITS = frozenset({InteractionKind.SHOWING_REQUEST, InteractionKind.SHOWING})


def property_views(evidence: Evidence) -> float:
    """Listings viewed or saved in the last 30 days.

    >>> from core.features.evidence import touched
    >>> property_views(touched("1 in property_view", "2 in property_save", "3 in email"))
    2.0
    """
    if not evidence.met:
        return UNKNOWN
    since = evidence.as_of - RECENT
    return float(len([1 for moment, kind, _, _, _ in evidence.met if kind in VIEWS and moment > since]))


def showing_requests(evidence: Evidence) -> float:
    """Visits asked for or booked: such touches, and messages that ask for one.

    >>> from core.features.evidence import said, touched
    >>> showing_requests(touched("1 in showing_request", "2 out showing"))
    2.0
    >>> showing_requests(said("Can we see the house? I'd love to tour it.", "Thanks"))
    1.0
    """
    if not evidence.met and not evidence.wrote:
        return UNKNOWN
    visits = [touch.text for _, kind, _, _, touch in evidence.met if kind in _VISITS]
    if not evidence.of("showing"):
        return float(len(visits))
    asking = {signal.message for signal in evidence.of("showing") if signal.field in (None, "message")}
    counted = [1 for message in evidence.messages if message.number in asking and message.text not in visits]
    return float(len(visits) + len(counted))
