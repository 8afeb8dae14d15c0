"""Model status, the performance summary, and what Prometheus reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from core.api.build import build_api
from core.api.examples import METRICS_ANSWER, MODEL_ANSWER
from core.api.prometheus import prometheus_text
from core.services import performance
from core.services.center import CommandCenter
from core.services.performance import BOUNDS_MS, Performance, bucket
from core.services.scores import scoring
from core.services.workspace import set_threshold
from tests.api.conftest import ML, bearer
from tests.api.test_score import LEAD
from tests.services.made import told, untold

NAMES = {
    "jorge_ml_predictions",
    "jorge_ml_response_time_seconds",
    "jorge_ml_cache_hit_rate",
    "jorge_ml_claude_escalations",
    "jorge_http_requests",
}


def test_the_models_status_is_measured_on_its_held_out_leads(quick: TestClient) -> None:
    answer = quick.get(f"{ML}/model/status").json()
    assert set(answer) == set(MODEL_ANSWER)
    assert (answer["version"], answer["trained_at"]) == ("stump-1", None)  # its manifest does not say when
    assert answer["training"] == {"rows": 4, "converted": None, "from": None, "to": None}
    # Held out: 0.1 lost, 0.1 converted, 0.8 and 0.8 converted. Of the 3 pairs of a converted and the lost lead, the
    # converted one stands above in 2 and equal in 1: (2 + 0.5) / 3. Brier: (0.01 + 0.81 + 0.04 + 0.04) / 4.
    assert answer["metrics"]["roc_auc"] == pytest.approx(2.5 / 3)
    assert answer["metrics"]["brier"] == pytest.approx(0.225)
    assert answer["calibration"]["method"] is None
    assert sum(bin_["count"] for bin_ in answer["calibration"]["bins"]) == 4
    assert answer["drift"] == {
        "verdict": "too few to tell",  # four held-out leads, none scored yet
        "reference_leads": 4,
        "current_leads": 0,
        "fewest_leads": 200,
        "window_days": 90,
        "features": [],
    }
    assert answer["threshold"] == 0.85


def test_the_escalation_rate_is_the_share_of_stored_leads_below_the_threshold(
    quick: TestClient, center: CommandCenter
) -> None:
    def escalation() -> dict[str, Any]:
        answer: dict[str, Any] = quick.get(f"{ML}/model/status").json()["escalation"]
        return answer

    assert escalation() == {"rate_percent": None, "leads_scored": 0, "below_threshold": 0}
    scoring.score_lead(center, told("sure-of-yes"))  # 0.8, so as sure that it converts
    scoring.score_lead(center, untold("sure-of-no"))  # 0.1, so 0.9 sure that it does not
    scoring.score_lead(center, told("unsure", pre_approval=None))  # 0.4, so 0.6 sure
    below = sorted(float(confidence) for confidence in center.store.confidences())
    assert below == pytest.approx([0.6, 0.8, 0.9])
    assert escalation() == {"rate_percent": 66.67, "leads_scored": 3, "below_threshold": 2}
    set_threshold(center, 0.7)
    assert escalation() == {"rate_percent": 33.33, "leads_scored": 3, "below_threshold": 1}


def test_before_anything_was_scored_nothing_is_claimed(quick: TestClient) -> None:
    answer = quick.get(f"{ML}/metrics").json()
    assert set(answer) == set(METRICS_ANSWER)
    assert (answer["ml_predictions"], answer["claude_escalations"], answer["cache_hits"]) == (0, 0, 0)
    assert answer["response_time_stats"] == dict.fromkeys(METRICS_ANSWER["response_time_stats"])
    assert answer["ml_usage_rate_percent"] is None
    assert answer["cache_performance"] == {"hit_rate_percent": None}
    assert answer["target_ms"] == 50


def test_the_summary_counts_what_was_stored_and_what_was_answered(client: TestClient, live: CommandCenter) -> None:
    for body in (LEAD, LEAD, {"lead_id": "b"}):  # the second is answered from the cache
        assert client.post(f"{ML}/score", json=body).status_code == 200
    client.post(f"{ML}/batch-score", json={"leads": [{"lead_id": "c"}]})
    live.performance.flush()
    answer = client.get(f"{ML}/metrics").json()
    # Scores: 0.8 sure (below 0.85: for Claude), and twice 0.1, so 0.9 sure.
    assert (answer["ml_predictions"], answer["claude_escalations"], answer["cache_hits"]) == (3, 1, 1)
    assert answer["ml_usage"] == {"direct_ml_percent": 66.67, "claude_escalation_percent": 33.33}
    assert (answer["ml_usage_rate_percent"], answer["claude_escalation_rate_percent"]) == (66.67, 33.33)
    assert answer["confidence_stats"]["avg_confidence"] == pytest.approx((0.8 + 0.9 + 0.9) / 3)
    assert answer["confidence_stats"]["high_confidence_percent"] == 66.67
    assert answer["cache_performance"] == {"hit_rate_percent": 33.33}  # one of three single requests
    assert answer["window"]["responses_timed"] == 3
    times = answer["response_time_stats"]
    assert 0 < times["p50_ms"] <= times["p95_ms"]
    assert times["avg_ms"] > 0
    assert answer["ml_avg_time_ms"] > 0
    assert answer["claude_avg_time_ms"] is None


def test_times_survive_the_process(quick: TestClient, center: CommandCenter) -> None:
    center.performance.answered(1.0, cache_hit=False)
    center.performance.flush()
    other = Performance(lambda counts: center.store.performance.add_counts(counts))
    other.answered(2_000.0, cache_hit=False)
    other.flush()
    times = quick.get(f"{ML}/metrics").json()["response_time_stats"]
    assert times["target_met_percent"] == 50.0
    assert times["p95_ms"] > 1_000


def test_counts_that_the_database_does_not_take_wait_for_the_next_time() -> None:
    from core.errors import StoreUnavailable

    kept: list[dict[str, int]] = []
    down = [True]

    def keep(counts: Any) -> None:
        if down[0]:
            raise StoreUnavailable("down")
        kept.append(dict(counts))

    counted = Performance(keep, flush_s=60)
    counted.answered(0.6, cache_hit=True)
    counted.flush()
    down[0] = False
    counted.answered(0.6, cache_hit=True)
    counted.flush()
    assert kept[0]["answers_timed"] == 2
    assert kept[0][bucket(2)] == 2  # (0.5, 0.75] ms
    assert len(kept) == 1


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_percentile_is_wrong_by_no_more_than_the_bound_it_falls_into(share: float) -> None:
    import numpy as np

    drawn = np.sort(np.random.default_rng(7).lognormal(1.0, 0.8, 5_000))
    times = [0] * (len(BOUNDS_MS) + 1)
    for value in drawn:
        times[int(np.searchsorted(BOUNDS_MS, value))] += 1
    exact = float(np.quantile(drawn, share))
    place = int(np.searchsorted(BOUNDS_MS, exact))
    found = performance.percentile(times, share)
    assert found is not None
    assert BOUNDS_MS[place - 1] <= found <= BOUNDS_MS[place]


def samples(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    return {
        family.name: {
            (sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))): sample.value
            for sample in family.samples
        }
        for family in text_string_to_metric_families(text)
    }


GAUGES = {
    "jorge_dependency_up", "jorge_feed_behind_events", "jorge_model_findings", "jorge_claude_budget_used_ratio",
}  # fmt: skip


def test_prometheus_reads_what_this_process_counted(quick: TestClient, center: CommandCenter) -> None:
    quick.post(f"{ML}/score", json=LEAD)
    strange = {"lead_id": "b", "lead_data": {"source": "a source that nobody knows"}}
    quick.post(f"{ML}/batch-score", json={"leads": [strange, {"lead_id": "c"}]})
    response = quick.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    found = samples(response.text)
    assert set(found) == NAMES | GAUGES
    assert found["jorge_http_requests"] == {("jorge_http_requests_total", "status=200"): 2}  # not counting this one
    assert found["jorge_dependency_up"]["jorge_dependency_up", "dependency=database"] == 1
    predictions = "jorge_ml_predictions_total"
    assert found["jorge_ml_predictions"] == {
        (predictions, "classification=hot", "source=zillow"): 1,
        (predictions, "classification=cold", "source=other"): 1,
        (predictions, "classification=cold", "source=unknown"): 1,
    }
    assert found["jorge_ml_claude_escalations"] == {
        ("jorge_ml_claude_escalations_total", "reason=low_confidence"): 1  # 0.8 is below 0.85; 0.9 is not
    }
    assert found["jorge_ml_cache_hit_rate"] == {("jorge_ml_cache_hit_rate",): 0.0}
    times = found["jorge_ml_response_time_seconds"]
    assert times["jorge_ml_response_time_seconds_count",] == 1
    assert times["jorge_ml_response_time_seconds_bucket", "le=+Inf"] == 1
    assert 0 < times["jorge_ml_response_time_seconds_sum",] < 5


def test_the_names_are_there_before_anything_was_scored() -> None:
    text, _ = prometheus_text(Performance(lambda _: None).totals())
    assert set(samples(text.decode())) == NAMES


def test_sources_without_end_make_labels_with_an_end(center: CommandCenter) -> None:
    for number in range(50):
        scoring.score_lead(center, untold(f"lead-{number}", source=f"source {number}"))
    assert set(center.performance.totals().predictions) == {("cold", "other")}


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.9", {}, 401),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.9"}, 401),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.9"}, 401),
        ("not an address", {}, 401),
    ],
)
def test_prometheus_needs_a_credential_unless_it_runs_on_this_machine(
    center: CommandCenter, address: str, headers: dict[str, str], status: int
) -> None:
    client = TestClient(build_api(lambda: center), client=(address, 5000))
    response = client.get("/metrics", headers=headers)
    assert response.status_code == status
    if status == 401:
        assert response.json()["error"]["code"] == "unauthenticated"
    assert client.get("/metrics", headers=headers | bearer(center)).status_code == 200


def test_the_window_begins_at_midnight_utc(quick: TestClient, center: CommandCenter) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    scoring.score_lead(center, untold(), as_of=yesterday)
    center.store.performance.add_counts({"answers_timed": 5, bucket(0): 5}, yesterday.date())
    answer = quick.get(f"{ML}/metrics").json()
    assert (answer["ml_predictions"], answer["window"]["responses_timed"]) == (0, 0)
    assert answer["window"]["since"].endswith("T00:00:00Z")
