"""The second opinion in SQL: what waits to be asked, what was answered, and what it cost."""

from core.store.opinions.read import Judged, Standing, Tally
from core.store.opinions.rows import (
    MAKING,
    REQUESTED,
    Candidate,
    Limits,
    Reservation,
    Result,
    Spending,
    Status,
    StoredOpinion,
    Waiting,
)
from core.store.opinions.table import PORTION, OpinionTable

__all__ = [
    "MAKING",
    "PORTION",
    "REQUESTED",
    "Candidate",
    "Judged",
    "Limits",
    "OpinionTable",
    "Reservation",
    "Result",
    "Spending",
    "Standing",
    "Status",
    "StoredOpinion",
    "Tally",
    "Waiting",
]
