"""A client of the scoring API, on the standard library alone: this folder can be copied into another project.

>>> client = JorgeClient("http://127.0.0.1:8501", token="...")
>>> client.score("lead_1", {"budget_range": "500k-750k"})["ml_score"]  # doctest: +SKIP
82.5
"""

from core.client.answers import BatchAnswer, LeadAnswer, LeadsAnswer, MailAnswer, OutcomeAnswer, ScoreAnswer
from core.client.client import JorgeClient
from core.client.errors import (
    ApiError,
    BadAnswer,
    ClientError,
    Forbidden,
    InvalidRequest,
    NotFound,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    Unreachable,
)
from core.client.service_answers import HealthAnswer, MetricsAnswer, ModelAnswer

__all__ = [
    "ApiError",
    "BadAnswer",
    "BatchAnswer",
    "ClientError",
    "Forbidden",
    "HealthAnswer",
    "InvalidRequest",
    "JorgeClient",
    "LeadAnswer",
    "LeadsAnswer",
    "MailAnswer",
    "MetricsAnswer",
    "ModelAnswer",
    "NotFound",
    "OutcomeAnswer",
    "ScoreAnswer",
    "TooLarge",
    "TooManyRequests",
    "Unauthenticated",
    "Unavailable",
    "Unreachable",
]
