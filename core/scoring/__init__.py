"""Scores a lead: probability, confidence, tier and exact contributions, from plain arrays."""

from core.scoring.score import Score, Scores
from core.scoring.tiers import Tier, TierEdges

__all__ = ["Score", "Scores", "Tier", "TierEdges"]
