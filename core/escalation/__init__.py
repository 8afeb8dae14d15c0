"""A second opinion by Claude: what is asked, what may come back, what it costs. Nothing here imports its SDK early."""

from core.escalation.answer import Answer, AnswerStatus, Usage
from core.escalation.circuit import CircuitState
from core.escalation.claude import Claude
from core.escalation.opinion import Band, Evidence, Opinion
from core.escalation.prices import PriceTable
from core.escalation.question import Finding, Question, Reason

__all__ = [
    "Answer",
    "AnswerStatus",
    "Band",
    "CircuitState",
    "Claude",
    "Evidence",
    "Finding",
    "Opinion",
    "PriceTable",
    "Question",
    "Reason",
    "Usage",
]
