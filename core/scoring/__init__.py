"""Scores a lead: probability, confidence, tier and exact contributions, from plain arrays.

``ScoringModel`` stands in ``core.scoring.model``; its compiled kernel is loaded with the first score.
"""

from core.scoring.explain import Contribution, reasons, sentences
from core.scoring.score import Score, Scores
from core.scoring.selective import Holdout, Selective, answered_alone, wilson
from core.scoring.tiers import Tier, TierEdges

__all__ = [
    "Contribution",
    "Holdout",
    "Score",
    "Scores",
    "Selective",
    "Tier",
    "TierEdges",
    "answered_alone",
    "reasons",
    "sentences",
    "wilson",
]
