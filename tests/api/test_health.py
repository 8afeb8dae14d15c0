from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.realtime import start_embedded
from core.services import health
from core.services.center import CommandCenter
from core.store import Store
from tests.api.conftest import ML, bearer
from tests.realtime.waiting import quickest, until
from tests.services.centers import settings_in
from tests.services.made import told


def asked_until(client: TestClient, status: str) -> dict[str, Any]:
    """What health says once it says so: what a busy machine takes half a second for is told of as down."""
    told: list[dict[str, Any]] = []

    def ask() -> bool:
        told.append(client.get(f"{ML}/health").json())
        return bool(told[-1]["status"] == status)

    until(ask)
    return told[-1]


def test_a_whole_system_is_healthy_and_every_dependency_was_asked(client: TestClient) -> None:
    body = asked_until(client, "healthy")
    assert body["timestamp"].endswith("Z")
    assert set(body["checks"]) == {"ml_model", "redis", "database", "claude"}
    for name in ("ml_model", "redis", "database"):
        assert body["checks"][name]["status"] == "healthy"
        assert 0 <= body["checks"][name]["response_time_ms"] < 1_000
    assert body["checks"]["claude"] == {"status": "not_configured", "response_time_ms": None}


def test_health_says_when_the_first_score_would_have_to_wait(tmp_path: Path, models_dir: Path) -> None:
    with CommandCenter(settings_in(tmp_path), models_dir) as center:
        client = TestClient(build_api(lambda: center), headers=bearer(center))
        assert client.get(f"{ML}/health").json()["checks"]["ml_model"]["warm"] is False
        assert client.post(f"{ML}/score", json={"lead_id": "a"}).status_code == 200
        assert client.get(f"{ML}/health").json()["checks"]["ml_model"]["warm"] is True


def test_with_redis_gone_scores_are_answered_and_health_names_redis(tmp_path: Path, models_dir: Path) -> None:
    redis = start_embedded(tmp_path / "elsewhere")
    assert redis is not None
    settings = settings_in(tmp_path / "data", jorge_redis_url=redis.url)
    with CommandCenter(settings, models_dir) as center, TestClient(build_api(lambda: center)) as client:
        asked_until(client, "healthy")
        redis.close()
        checks = asked_until(client, "degraded")["checks"]
        assert checks["redis"]["status"] == "unhealthy"
        assert "since" in checks["redis"]
        assert checks["database"]["status"] == "healthy"

        def post() -> None:
            assert client.post(f"{ML}/score", json={"lead_id": "a"}, headers=bearer(center)).status_code == 200

        quickest(post, 1.0)


def test_without_a_model_the_answer_is_503_and_names_it(tmp_path: Path) -> None:
    with CommandCenter(settings_in(tmp_path), tmp_path / "none") as center:
        client = TestClient(build_api(lambda: center), headers=bearer(center))
        response = client.post(f"{ML}/score", json={"lead_id": "a"})
        assert response.status_code == 503
        assert response.json()["error"]["details"] == [{"dependency": "ml_model"}]
        assert int(response.headers["retry-after"]) > 0
        health = client.get(f"{ML}/health").json()
        assert health["status"] == "unhealthy"
        assert health["checks"]["ml_model"]["status"] == "unhealthy"
        assert health["checks"]["database"]["status"] == "healthy"


def test_a_model_whose_files_were_changed_is_refused_and_named(tmp_path: Path) -> None:
    from tests.services.stump import VERSION, register

    register(tmp_path / "models")
    (tmp_path / "models" / VERSION / "served.json").write_text("{}")
    with CommandCenter(settings_in(tmp_path), tmp_path / "models") as center:
        client = TestClient(build_api(lambda: center), headers=bearer(center))
        response = client.post(f"{ML}/score", json={"lead_id": "a"})
        assert response.status_code == 503
        assert response.json()["error"]["details"] == [{"dependency": "ml_model"}]


def test_without_the_database_the_answer_is_503_and_names_it(tmp_path: Path, models_dir: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = settings_in(tmp_path, jorge_database_url=f"sqlite:///{tmp_path}/file/jorge.db")
    with CommandCenter(settings, models_dir) as center:
        client = TestClient(build_api(lambda: center), headers=bearer(center))
        response = client.post(f"{ML}/score", json={"lead_id": "a"})
        assert response.status_code == 503
        assert response.json()["error"]["details"] == [{"dependency": "database"}]
        assert client.get(f"{ML}/health").json()["status"] == "unhealthy"


def test_health_tells_strangers_neither_paths_nor_causes(tmp_path: Path) -> None:
    with CommandCenter(settings_in(tmp_path), tmp_path / "none") as center:
        assert str(tmp_path) not in TestClient(build_api(lambda: center)).get(f"{ML}/health").text


def test_a_model_that_is_promoted_elsewhere_is_taken_up(tmp_path: Path, models_dir: Path) -> None:
    from core.registry import promote
    from core.services import center as center_module
    from core.services.scores import scoring
    from tests.services.stump import estimator, register

    register(tmp_path / "models", "stump-2", default=False, grown=estimator())
    register(tmp_path / "models")
    with CommandCenter(settings_in(tmp_path / "data"), tmp_path / "models") as center:
        assert scoring.score_lead(center, told()).score.model_version == "stump-1"
        promote(tmp_path / "models", center.data_dir, "stump-2")
        until(
            lambda: scoring.score_lead(center, told()).score.model_version == "stump-2",
            center_module.PROMOTION_FRESH_S + 2,
        )


def test_a_dependency_that_hangs_is_told_of_within_the_limit_and_asked_once(
    quick: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, free = [], threading.Event()

    def hangs(store: Store) -> None:
        asked.append(store)
        free.wait(60)

    monkeypatch.setattr(Store, "ping", hangs)
    found: list[dict[str, Any]] = []
    quickest(lambda: found.append(quick.get(f"{ML}/health").json()), health.LIMIT_S + 0.25)
    found.append(quick.get(f"{ML}/health").json())
    free.set()
    for answer in found:
        assert answer["status"] == "unhealthy"
        assert answer["checks"]["database"]["status"] == "unhealthy"
        assert answer["checks"]["ml_model"]["status"] == "healthy"
    assert len(asked) == 1
    monkeypatch.undo()
    until(lambda: quick.get(f"{ML}/health").json()["checks"]["database"]["status"] == "healthy")


def test_a_fault_of_ours_while_asking_is_told_as_a_dependency_that_is_down(
    quick: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: Store) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Store, "ping", breaks)
    response = quick.get(f"{ML}/health")
    assert response.json()["checks"]["database"]["status"] == "unhealthy"
    assert "secret" not in response.text
