"""Does the model that answers score a lead, and do its reasons add up to the score?"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from core.analyzer import ML, MLEnhancedLeadAnalyzer, MLLeadPredictor
from core.errors import JorgeError
from core.validation.room import Room

LEAD: Final[dict[str, Any]] = {
    "lead_id": "validate-analyzer",
    "source": "zillow",
    "budget_range": "500k-750k",
    "location_preference": "Downtown Austin",
    "timeline": "3-6 months",
    "message": "We are pre-approved for $650k and want to see 12 Oak Street. Is it still there?",
}
MOST_DIFFERENCE: Final = 1e-9


class AnalysisWrong(JorgeError):
    """The analysis of a lead contradicts itself."""


def look(room: Room) -> str:
    """Raises AnalysisWrong, ModelUnavailable, ModelRefused, NotFound."""
    center = room.center
    predicted = asyncio.run(MLLeadPredictor(center).predict_lead_score(LEAD))
    analysis = asyncio.run(MLEnhancedLeadAnalyzer(center).get_comprehensive_lead_analysis("Ana Lima", LEAD))
    score = center.store.latest_score(LEAD["lead_id"]).score
    off = abs(score.base_value + float(score.contributions.sum()) - score.raw_probability)
    if off > MOST_DIFFERENCE:
        raise AnalysisWrong(f"contributions miss the probability by {off:.1e}; at most {MOST_DIFFERENCE:.0e} is right")
    if analysis.sources != [ML] or not analysis.final_score == score.ml_score == predicted.score:
        raise AnalysisWrong(
            f"the same lead was scored {analysis.final_score}, {score.ml_score} and {predicted.score} "
            f"by {', '.join(analysis.sources)}"
        )
    return f"{score.model_version} scores the built-in lead {score.ml_score:.1f}; contributions add up within {off:.0e}"
