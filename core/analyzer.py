"""Analysis of a lead for programs that import it: a thin door onto scoring and the second opinion.

The model answers first; Claude is asked where the model is unsure or fails. When Claude fails, or is not set up, the
model's answer stands and says so; when the model fails, Claude's does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from pydantic import ValidationError

from core.errors import InputError, JorgeError, ModelRefused, ModelUnavailable
from core.leads import LeadHistory
from core.scoring import Tier
from core.services.center import CommandCenter, current
from core.services.escalations import second
from core.services.scores.refusal import in_words
from core.services.scores.wire import ScoreIn

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead
    from core.store.opinions import Result

ML, CLAUDE = "ML_RandomForest", "Claude_Analysis"
NO_OPINION: Final = "Claude gave no opinion, so the model's answer stands:"
_ACTIONS: Final = {
    Tier.HOT: "Call today.",
    Tier.WARM: "Answer within a day and keep in touch.",
    Tier.COLD: "Leave it to the newsletter until it writes again.",
}


@dataclass(frozen=True, slots=True)
class MLPrediction:
    """``score`` in [0, 100], ``confidence`` in [0.5, 1], ``features`` by name, None where not known."""

    score: float
    confidence: float
    classification: str
    features: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class LeadAnalysis:
    """``final_score`` is the model's where it answered, else the middle of Claude's band; in [0, 100].

    ``confidence`` is the model's, None where only Claude answered. ``sources`` says who answered. ``reasons`` ends with
    why Claude gave no opinion where it was asked and gave none. ``opinion`` is Claude's, whole, as JSON values.
    """

    final_score: float
    classification: str
    confidence: float | None
    analysis_time_ms: float
    sources: list[str]
    reasons: list[str]
    recommended_action: str
    opinion: Mapping[str, Any] | None = field(default=None, repr=False)


class MLLeadPredictor:
    """The model alone."""

    def __init__(self, center: CommandCenter | None = None) -> None:
        self._center = center

    @property
    def center(self) -> CommandCenter:
        """The services behind it: those of this process unless others were given."""
        return self._center or current()

    async def predict_lead_score(self, lead_context: Mapping[str, Any]) -> MLPrediction:
        """Score a lead without storing it. Raises InputError, ModelUnavailable, ModelRefused."""
        from core.services.scores.scoring import compute

        history = history_of("", lead_context)
        scored = await asyncio.to_thread(compute, self.center, history, via="analyzer")
        return _prediction(scored)


class EnhancedLeadIntelligence:
    """Claude alone."""

    def __init__(self, center: CommandCenter | None = None) -> None:
        self._center = center
        self._times_ms: dict[str, list[float]] = {ML: [], CLAUDE: []}
        self._hits = 0
        self._by_claude_alone = 0

    @property
    def center(self) -> CommandCenter:
        """The services behind it: those of this process unless others were given."""
        return self._center or current()

    async def get_comprehensive_lead_analysis(
        self, lead_name: str, lead_context: Mapping[str, Any], force_refresh: bool = False
    ) -> LeadAnalysis:
        """Ask Claude about a lead, inside the budget. Raises InputError, ClaudeUnavailable."""
        del force_refresh  # an opinion is always fresh
        began = perf_counter()
        history = history_of(lead_name, lead_context)
        result = await second.opinion(self.center, history, None)
        return self._by_claude(result, began)

    def _by_claude(self, result: Result, began: float) -> LeadAnalysis:
        from core.errors import ClaudeUnavailable

        if result.answer is None or result.low is None or result.high is None:
            raise ClaudeUnavailable(result.error or "Claude gave no opinion.")
        self._times_ms[CLAUDE].append(result.took_ms)
        self._by_claude_alone += 1
        middle = (result.low + result.high) / 2
        tier = second.edges(self.center).tier(middle)
        return LeadAnalysis(
            final_score=100 * middle,
            classification=tier.value,
            confidence=None,
            analysis_time_ms=_since(began),
            sources=[CLAUDE],
            reasons=_said(result),
            recommended_action=result.answer.get("next_best_action") or _ACTIONS[tier],
            opinion=result.answer,
        )


class MLEnhancedLeadAnalyzer(EnhancedLeadIntelligence):
    """The model first; Claude where it is unsure, where it fails, and where a refresh is forced."""

    async def get_comprehensive_lead_analysis(
        self, lead_name: str, lead_context: Mapping[str, Any], force_refresh: bool = False
    ) -> LeadAnalysis:
        """Score and store a lead, and ask Claude when the score needs it. Raises InputError, StoreUnavailable.

        When the model fails the answer is Claude's alone; ClaudeUnavailable is raised when both fail.
        """
        from core.services.scores import scoring

        began = perf_counter()
        history = history_of(lead_name, lead_context)
        try:
            told = await asyncio.to_thread(
                scoring.answer, self.center, history, via="analyzer", force_refresh=force_refresh
            )
        except (ModelUnavailable, ModelRefused):
            return self._by_claude(await second.opinion(self.center, history, None), began)
        self._times_ms[ML].append(told.processing_time_ms)
        self._hits += told.cache_hit
        result: Result | None = None
        if force_refresh or told.scored.escalation_recommended:
            result = await self._asked(history, told.scored)
        return self._by_model(told.scored, result, began)

    async def _asked(self, history: LeadHistory, scored: ScoredLead) -> Result:
        try:
            result = await second.opinion(self.center, history, scored)
        except JorgeError as error:
            return second.none(str(error))
        self._times_ms[CLAUDE].append(result.took_ms)
        return result

    def _by_model(self, scored: ScoredLead, result: Result | None, began: float) -> LeadAnalysis:
        answer = None if result is None else result.answer
        reasons = list(scored.reasons)
        if result is not None:
            reasons += _said(result) if answer is not None else [f"{NO_OPINION} {result.error}"]
        return LeadAnalysis(
            final_score=scored.score.ml_score,
            classification=scored.score.tier.value,
            confidence=scored.score.confidence,
            analysis_time_ms=_since(began),
            sources=[ML] if answer is None else [ML, CLAUDE],
            reasons=reasons,
            recommended_action=(answer or {}).get("next_best_action") or _ACTIONS[scored.score.tier],
            opinion=answer,
        )

    def get_ml_performance_metrics(self) -> dict[str, Any]:
        """What this analyzer did since it was made; times in ms, None where there was nothing to time.

        The two shares are of all analyses, those that Claude made alone included; they sum to 100.
        """
        predictions, opinions = (self._times_ms[name] for name in (ML, CLAUDE))
        n = len(predictions)
        analyses = n + self._by_claude_alone
        return {
            "ml_predictions": n,
            "claude_escalations": len(opinions),
            "cache_hits": self._hits,
            "ml_usage_rate_percent": 100 * (analyses - len(opinions)) / analyses if analyses else None,
            "claude_escalation_rate_percent": 100 * len(opinions) / analyses if analyses else None,
            "ml_avg_time_ms": fmean(predictions) if n else None,
            "claude_avg_time_ms": fmean(opinions) if opinions else None,
        }


def history_of(lead_name: str, lead_context: Mapping[str, Any]) -> LeadHistory:
    """The lead of a context: the ``lead_data`` of a score request, ``lead_id`` beside it or not. Raises InputError.

    >>> history_of("Ana", {"lead_id": "a", "budget_range": "500k-750k"}).lead.name
    'Ana'
    """
    data = dict(lead_context)
    lead_id = data.pop("lead_id", None) or f"analysis_{uuid4().hex}"
    inner = data.pop("lead_data", None)
    told = dict(inner) if isinstance(inner, Mapping) else data
    if lead_name:
        told.setdefault("name", lead_name)
    try:
        return ScoreIn.model_validate({"lead_id": lead_id, "lead_data": told}).to_history()
    except ValidationError as error:
        raise InputError(in_words(error.errors(include_url=False, include_input=False))) from error


def _prediction(scored: ScoredLead) -> MLPrediction:
    from core.features import NAMES, UNKNOWN

    values = zip(NAMES, scored.score.features.tolist(), strict=True)
    return MLPrediction(
        score=scored.score.ml_score,
        confidence=scored.score.confidence,
        classification=scored.score.tier.value,
        features={name: None if value == UNKNOWN else value for name, value in values},
    )


def _said(result: Result) -> list[str]:
    """What Claude goes by, then what speaks against it."""
    answer = result.answer or {}
    return [item["why"] for item in answer.get("evidence", ())] + list(answer.get("objections", ()))


def _since(began: float) -> float:
    return 1000 * (perf_counter() - began)


_shared: MLEnhancedLeadAnalyzer | None = None


def get_ml_enhanced_lead_analyzer() -> MLEnhancedLeadAnalyzer:
    """The one analyzer of this process."""
    global _shared
    if _shared is None:
        _shared = MLEnhancedLeadAnalyzer()
    return _shared


async def get_ml_enhanced_lead_analyzer_async() -> MLEnhancedLeadAnalyzer:
    """The same, for callers in a running loop; store and model are opened before it returns."""
    analyzer = get_ml_enhanced_lead_analyzer()
    await asyncio.to_thread(analyzer.center.open_all)
    return analyzer
