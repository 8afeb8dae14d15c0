"""The record of leads, scores and outcomes in SQL: ``open_store(url)`` gives the one door to it."""

from core.store.figures.contributions import Contributions
from core.store.filters import ArrivalClock, Facets, LeadFilter, LeadGroup, LeadPage, LeadRow, LeadSort
from core.store.group_commit import GroupCommit
from core.store.opening import open_store
from core.store.profile import area_of
from core.store.rows import DayCounts, LiveRow, OutboxEvent, Override, StoredScore, TierOutcomes
from core.store.store import Store

__all__ = [
    "ArrivalClock",
    "Contributions",
    "DayCounts",
    "Facets",
    "GroupCommit",
    "LeadFilter",
    "LeadGroup",
    "LeadPage",
    "LeadRow",
    "LeadSort",
    "LiveRow",
    "OutboxEvent",
    "Override",
    "Store",
    "StoredScore",
    "TierOutcomes",
    "area_of",
    "open_store",
]
