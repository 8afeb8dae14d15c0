"""Response patterns: how soon and how often the lead answers, and how lively the contact is."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence
from core.leads import Interaction, InteractionKind

WEEK, QUARTER = timedelta(days=7), timedelta(days=90)
ANSWER_WITHIN = WEEK
_WITHOUT_WORDS = frozenset({InteractionKind.NOTE, InteractionKind.PROPERTY_VIEW, InteractionKind.PROPERTY_SAVE})


def _with_words(evidence: Evidence) -> list[tuple[bool, datetime, Interaction]]:
    """The touches with words, oldest first: whether it was the lead, when, and the touch."""
    return [(theirs, moment, touch) for moment, kind, theirs, _, touch in evidence.met if kind not in _WITHOUT_WORDS]


def response_time_hours(evidence: Evidence) -> float:
    """Median hours from our message to the lead's answer; of several in a row the last one counts.

    Where we have no message of ours to measure from, the time that the sending system measured serves.

    >>> from core.features.evidence import touched
    >>> response_time_hours(touched("0 out email", "2 in email", "24 out sms", "30 in sms"))
    4.0
    """
    times: list[float] = []
    ours = None
    for theirs, moment, touch in evidence.once(_with_words):
        if not theirs:
            ours = moment
            continue
        if ours is not None:
            times.append((moment - ours).total_seconds() / 3600)
        elif (measured := touch.response_time_hours) is not None:
            times.append(measured)
        ours = None
    return _median(times) if times else UNKNOWN


def _median(times: list[float]) -> float:
    """As ``statistics.median`` has it, in a third of the time.

    >>> _median([3.0, 1.0]), _median([5.0, 1.0, 2.0])
    (2.0, 2.0)
    """
    times = sorted(times)
    middle = len(times) // 2
    return float(times[middle]) if len(times) % 2 else (times[middle - 1] + times[middle]) / 2


def response_rate(evidence: Evidence) -> float:
    """Share of our messages that the lead answered within seven days.

    A message that was not answered yet and is younger than that is left out: it may still be.

    >>> from core.features.evidence import touched
    >>> response_rate(touched("0 out email", "2 in email", "24 out sms", "400 out sms"))
    0.3333333333333333
    """
    spoken = evidence.once(_with_words)
    if not spoken:
        return UNKNOWN
    answers = [moment for theirs, moment, _ in spoken if theirs]
    open_since = evidence.as_of - ANSWER_WITHIN
    answered = open_or_not = 0
    for at in [moment for theirs, moment, _ in spoken if not theirs]:
        place = bisect_right(answers, at)
        in_time = place < len(answers) and answers[place] - at <= ANSWER_WITHIN
        answered += in_time
        open_or_not += in_time or at < open_since
    return answered / open_or_not if open_or_not else UNKNOWN


def _touches_since(evidence: Evidence, since: datetime) -> float:
    moments = evidence.moments
    return float(len(moments) - bisect_right(moments, since)) if moments else UNKNOWN


def interaction_count(evidence: Evidence) -> float:
    """Dated touches, from either side, in the last 90 days.

    >>> from core.features.evidence import touched
    >>> interaction_count(touched("0 out email", "2 in email", "24 in property_view"))
    3.0
    """
    return _touches_since(evidence, evidence.as_of - QUARTER)


def interactions_last_7_days(evidence: Evidence) -> float:
    """Dated touches, from either side, in the last 7 days.

    >>> from core.features.evidence import touched
    >>> interactions_last_7_days(touched("0 out email", "700 in email"))  # seen at hour 720
    1.0
    """
    return _touches_since(evidence, evidence.as_of - WEEK)


def days_since_last_interaction(evidence: Evidence) -> float:
    """Days since the lead itself last did something.

    >>> from core.features.evidence import touched
    >>> days_since_last_interaction(touched("648 in email", "700 out email"))  # seen at hour 720
    3.0
    """
    if not evidence.inbound:
        return UNKNOWN
    return (evidence.as_of - evidence.inbound[-1].occurred_at).total_seconds() / 86_400
