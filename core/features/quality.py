"""Communication quality: how much the lead writes and asks, and how far its questions go."""

from __future__ import annotations

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence


def message_length_avg(evidence: Evidence) -> float:
    """Mean characters a message of the lead, quotes and signatures left out.

    Where a message came without its text, the length that the sending system measured serves.

    >>> from core.features.evidence import said
    >>> message_length_avg(said("Hello", "Hello again"))
    8.0
    """
    lengths = [message.length for message in evidence.messages]
    lengths += [
        touch.message_length for touch in evidence.inbound if not touch.text and touch.message_length is not None
    ]
    return sum(lengths) / len(lengths) if lengths else UNKNOWN


def questions_asked(evidence: Evidence) -> float:
    """Questions that the lead asked; counted by the sending system where there is no text.

    >>> from core.features.evidence import said
    >>> questions_asked(said("Is it sold? What are the taxes?", "Thanks!"))
    2.0
    """
    counts = [message.asked for message in evidence.messages]
    counts += [
        touch.questions_asked for touch in evidence.inbound if not touch.text and touch.questions_asked is not None
    ]
    return float(sum(counts)) if counts else UNKNOWN


def question_depth(evidence: Evidence) -> float:
    """Share of the questions that go into specifics: offer, inspection, fees, taxes; unknown without a question.

    >>> from core.features.evidence import said
    >>> question_depth(said("Is it sold? What are the taxes?"))
    0.5
    """
    depths = [float(str(signal.value)) for signal in evidence.of("question")]
    return sum(depths) / len(depths) if depths else UNKNOWN
