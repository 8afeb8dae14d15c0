from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.services.center import CommandCenter
from tests.api.conftest import ML

LEAD: dict[str, Any] = {
    "lead_id": "lead_12345",
    "lead_data": {
        "name": "Ana Lima",
        "email": "ana@example.com",
        "phone": "+15125550100",
        "source": "zillow",
        "created_at": "2026-01-20T09:00:00Z",
        "budget_range": "500k-750k",
        "location_preference": "Downtown Austin",
        "timeline": "3-6 months",
        "interaction_history": [
            {
                "timestamp": "2026-01-24T10:30:00Z",
                "type": "email_response",
                "direction": "inbound",
                "text": "We are pre-approved. Is the house on Oak Street still there?",
                "response_time_hours": 2.5,
                "message_length": 156,
                "questions_asked": 3,
            }
        ],
        "jorge_insights": {
            "engagement_level": 0.7,
            "buying_signals_count": 3,
            "objections_resolved": 1,
            "rapport_building_score": 0.6,
        },
    },
    "options": {
        "return_feature_importance": True,
        "calculate_jorge_commission": True,
        "force_refresh": False,
    },
}


def test_the_request_of_the_contract_gets_the_answer_of_the_contract(quick: TestClient) -> None:
    response = quick.post(f"{ML}/score", json=LEAD)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert set(answer) == {
        "success", "lead_id", "ml_score", "ml_confidence", "classification", "probability_ranges",
        "feature_importance", "explanation", "jorge_commission", "escalation_recommended", "cache_hit",
        "model_version", "features_known", "scored_at", "processing_time_ms",
    }  # fmt: skip
    assert answer["success"] is True
    assert answer["lead_id"] == "lead_12345"
    assert answer["classification"] == "hot"
    assert answer["ml_score"] == pytest.approx(80)
    assert answer["probability_ranges"] == {
        "conversion": pytest.approx(0.8),
        "closing": pytest.approx(0.64),  # 0.8 that it signs, times 0.8 that it closes then
        "timeline_accuracy": None,  # the stump was never trained on it
    }
    assert answer["features_known"] > 10
    assert answer["scored_at"].endswith("Z")


def test_contributions_and_base_value_sum_to_the_raw_probability(quick: TestClient) -> None:
    explanation = quick.post(f"{ML}/score", json=LEAD).json()["explanation"]
    told = [item["contribution"] for item in explanation["contributions"]]
    assert len(told) == 28
    assert told == sorted(told, key=abs, reverse=True)
    assert explanation["base_value"] + sum(told) == pytest.approx(explanation["raw_probability"], abs=1e-9)
    assert all(item["text"] for item in explanation["contributions"])


def test_feature_importance_holds_the_shares_of_the_absolute_contributions(quick: TestClient) -> None:
    # contributions .30 and .15, all others 0: shares 2/3 and 1/3
    importance = quick.post(f"{ML}/score", json=LEAD).json()["feature_importance"]
    assert importance == {
        "budget_midpoint_usd": pytest.approx(2 / 3),
        "pre_approval": pytest.approx(1 / 3),
    }


def test_money_is_a_number_with_two_decimals(quick: TestClient) -> None:
    response = quick.post(f"{ML}/score", json=LEAD)
    assert '"estimated_sale_price":625000.00,' in response.text
    assert '"estimated_commission":37500.00,' in response.text
    assert response.json()["jorge_commission"]["commission_rate"] == 0.06


def test_a_lead_of_whom_nothing_is_told_is_scored_and_its_price_is_unknown(quick: TestClient) -> None:
    answer = quick.post(f"{ML}/score", json={"lead_id": "a"}).json()
    assert answer["features_known"] == 0
    assert answer["jorge_commission"]["estimated_sale_price"] is None
    assert answer["jorge_commission"]["estimated_commission"] is None
    assert all(item["value"] is None for item in answer["explanation"]["contributions"])


def test_options_leave_out_what_is_not_wanted(quick: TestClient) -> None:
    options = {"return_feature_importance": False, "calculate_jorge_commission": False}
    answer = quick.post(f"{ML}/score", json=LEAD | {"options": options}).json()
    assert answer["feature_importance"] is None
    assert answer["jorge_commission"] is None


def test_the_same_request_again_is_a_cache_hit_unless_a_refresh_is_forced(client: TestClient) -> None:
    refreshed = LEAD | {"options": {"force_refresh": True}}
    hits = [client.post(f"{ML}/score", json=body).json()["cache_hit"] for body in (LEAD, LEAD, refreshed)]
    assert hits == [False, True, False]


def test_the_last_score_is_the_one_that_was_answered(quick: TestClient) -> None:
    answered = quick.post(f"{ML}/score", json=LEAD).json()
    stored = quick.get(f"{ML}/score/lead_12345").json()
    for timing in ("processing_time_ms",):
        answered.pop(timing), stored.pop(timing)
    assert stored == answered


def test_there_is_no_score_of_a_lead_that_was_never_scored(quick: TestClient) -> None:
    response = quick.get(f"{ML}/score/nobody")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_a_known_lead_needs_only_its_id(quick: TestClient, center: CommandCenter) -> None:
    quick.post(f"{ML}/score", json=LEAD)
    again = quick.post(f"{ML}/score", json={"lead_id": "lead_12345"}).json()
    assert again["ml_score"] == pytest.approx(80)
    assert center.store.history("lead_12345").lead.name == "Ana Lima"


def test_times_without_a_zone_are_utc_and_interactions_may_come_in_any_order(quick: TestClient) -> None:
    touches = [
        {"timestamp": "2026-02-02T10:00:00", "type": "sms", "text": "second"},
        {"timestamp": "2026-02-01T10:00:00+02:00", "type": "property_view"},
    ]
    body = {"lead_id": "b", "lead_data": {"interaction_history": touches}}
    assert quick.post(f"{ML}/score", json=body).status_code == 200


def test_the_document_describes_every_route(quick: TestClient) -> None:
    paths = quick.get("/openapi.json").json()["paths"]
    assert {f"{ML}/score", f"{ML}/score/{{lead_id}}", f"{ML}/health"} <= set(paths)
    assert json.dumps(paths).count("ErrorOut") >= 6
