"""The analyzer's door: the model first, Claude where it is needed, and what happens when either fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.analyzer import (
    CLAUDE,
    ML,
    EnhancedLeadIntelligence,
    MLEnhancedLeadAnalyzer,
    MLLeadPredictor,
    get_ml_enhanced_lead_analyzer,
    get_ml_enhanced_lead_analyzer_async,
)
from core.errors import ClaudeUnavailable, InputError
from core.escalation.fake import Plan, running_fake
from core.services.center import CommandCenter, use
from core.store.opinions import Status
from tests.services.centers import center, models_dir, settings_in
from tests.services.escalations.conftest import with_claude

__all__ = ["center", "models_dir"]
TOLD = {"lead_id": "ana", "budget_range": "500k-750k", "message": "Could we see it on Saturday?"}


@pytest.fixture
def plan() -> Plan:
    return Plan()


@pytest.fixture
def asking(tmp_path: Path, models_dir: Path, plan: Plan) -> Iterator[CommandCenter]:
    with (
        running_fake(plan) as address,
        CommandCenter(with_claude(tmp_path / "data", address), models_dir) as opened,
    ):
        yield opened


def analysis(analyzer: EnhancedLeadIntelligence, **more: bool):  # type: ignore[no-untyped-def]
    return asyncio.run(analyzer.get_comprehensive_lead_analysis("Ana Lima", TOLD, **more))


def test_the_model_alone_gives_score_confidence_and_features(center: CommandCenter) -> None:
    found = asyncio.run(MLLeadPredictor(center).predict_lead_score(TOLD))
    assert found.score == pytest.approx(40)  # a budget, no approval
    assert found.confidence == pytest.approx(0.6)
    assert found.features["budget_midpoint_usd"] == 625_000
    assert center.store.lead_count() == 0


def test_claude_is_asked_where_the_model_is_unsure_and_the_score_stays_the_models(asking: CommandCenter) -> None:
    found = analysis(MLEnhancedLeadAnalyzer(asking))
    assert found.sources == [ML, CLAUDE]
    assert found.final_score == pytest.approx(40)
    assert found.opinion is not None
    assert found.recommended_action == found.opinion["next_best_action"]
    [row] = asking.store.opinions.of_lead("ana")
    assert row.status is Status.ANSWERED
    assert row.cost_micro_usd == asking.store.opinions.spending().day_micro_usd


def test_without_a_key_the_models_answer_stands_and_says_so(center: CommandCenter) -> None:
    found = analysis(MLEnhancedLeadAnalyzer(center))
    assert found.sources == [ML]
    assert "the model's answer stands" in found.reasons[-1]
    assert "ANTHROPIC_API_KEY" in found.reasons[-1]


def test_when_claude_fails_the_models_answer_stands_and_says_why(asking: CommandCenter, plan: Plan) -> None:
    plan.default = "refusal"
    found = analysis(MLEnhancedLeadAnalyzer(asking))
    assert found.sources == [ML]
    assert "declined" in found.reasons[-1]


def test_when_the_model_fails_claude_answers_alone(tmp_path: Path, plan: Plan) -> None:
    with (
        running_fake(plan) as address,
        CommandCenter(with_claude(tmp_path / "data", address), tmp_path / "no models") as center,
    ):
        found = analysis(MLEnhancedLeadAnalyzer(center))
        spent = center.store.opinions.spending()
    assert found.sources == [CLAUDE]
    assert found.confidence is None
    assert 0 < found.final_score < 100
    assert spent.calls == 1
    assert spent.day_micro_usd > 0


def test_analyses_that_claude_made_alone_are_counted_among_all(tmp_path: Path, models_dir: Path, plan: Plan) -> None:
    with running_fake(plan) as address:
        settings = with_claude(tmp_path / "data", address, jorge_threshold=0.55)
        with CommandCenter(settings, models_dir) as center:
            analyzer = MLEnhancedLeadAnalyzer(center)
            assert analysis(analyzer).sources == [ML]  # 0.6 is sure enough
        with CommandCenter(settings, tmp_path / "no models") as without_model:
            analyzer._center = without_model
            for _ in range(3):
                assert analysis(analyzer).sources == [CLAUDE]
    told = analyzer.get_ml_performance_metrics()
    assert (told["ml_predictions"], told["claude_escalations"]) == (1, 3)
    assert told["ml_usage_rate_percent"] == 25  # one of four
    assert told["claude_escalation_rate_percent"] == 75


def test_when_both_fail_it_says_so(tmp_path: Path) -> None:
    with CommandCenter(settings_in(tmp_path), tmp_path / "no models") as center, pytest.raises(ClaudeUnavailable):
        analysis(MLEnhancedLeadAnalyzer(center))


def test_a_forced_refresh_asks_claude_however_sure_the_model_is(asking: CommandCenter, plan: Plan) -> None:
    from core.services import workspace

    workspace.set_threshold(asking, 0.55)
    analyzer = MLEnhancedLeadAnalyzer(asking)
    assert analysis(analyzer).sources == [ML]
    assert analysis(analyzer, force_refresh=True).sources == [ML, CLAUDE]
    assert len(plan.asked) == 1
    told = analyzer.get_ml_performance_metrics()
    assert (told["ml_predictions"], told["claude_escalations"], told["claude_escalation_rate_percent"]) == (2, 1, 50)


def test_claude_alone_answers_with_its_band(asking: CommandCenter) -> None:
    found = analysis(EnhancedLeadIntelligence(asking))
    assert found.sources == [CLAUDE]
    assert found.opinion is not None
    assert asking.store.lead_count() == 0


def test_a_budget_that_is_used_up_is_an_answer_of_the_model_alone(tmp_path: Path, models_dir: Path, plan: Plan) -> None:
    with running_fake(plan) as address:
        settings = with_claude(tmp_path / "data", address, jorge_claude_daily_budget_usd=0.0)
        with CommandCenter(settings, models_dir) as center:
            found = analysis(MLEnhancedLeadAnalyzer(center))
    assert found.sources == [ML]
    assert "day's budget" in found.reasons[-1]
    assert plan.asked == []


def test_a_context_with_an_unknown_field_is_refused_by_name(center: CommandCenter) -> None:
    with pytest.raises(InputError, match="favourite_colour"):
        asyncio.run(MLLeadPredictor(center).predict_lead_score({"favourite_colour": "blue"}))


def test_there_is_one_shared_analyzer(center: CommandCenter) -> None:
    use(center)
    try:
        assert asyncio.run(get_ml_enhanced_lead_analyzer_async()) is get_ml_enhanced_lead_analyzer()
    finally:
        use(None)
