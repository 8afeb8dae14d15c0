"""What is for the API goes to it, past what stands around the pages; everything else goes to the pages."""

from __future__ import annotations

import gc

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.api.build import build_api
from core.api.doors import Beside, doors, nothing_else
from core.services.center import CommandCenter
from core.services.running.warm import YOUNG, settle
from tests.api.conftest import bearer
from tests.api.served import served


def _page(_request: object) -> PlainTextResponse:
    return PlainTextResponse("a page")


@pytest.fixture
def beside(center: CommandCenter) -> TestClient:
    pages = Starlette(routes=[Route("/{path:path}", _page)])
    return TestClient(Beside(build_api(lambda: center), pages), follow_redirects=False)


@pytest.mark.parametrize("address", ["/", "/leads", "/apiary", "/api-keys", "/metrics2", "/pages/api/v1/ml/health"])
def test_pages_get_what_is_theirs(beside: TestClient, address: str) -> None:
    assert beside.get(address).text == "a page"


def test_the_api_gets_what_is_its_own(beside: TestClient) -> None:
    assert beside.get("/api").headers["location"] == "/api/docs"
    assert beside.get("/api/").headers["location"] == "/api/docs"
    assert "database" in beside.get("/api/v1/ml/health").json()["checks"]
    assert beside.post("/api/v1/ml/score", json={"lead_id": "ana"}).json()["error"]["code"] == "unauthenticated"
    assert beside.get("/api/nowhere").json()["error"]["code"] == "not_found"
    assert beside.get("/metrics").status_code in (200, 401)


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("POST", "/api", 405, "method_not_allowed"),
        ("DELETE", "/api", 405, "method_not_allowed"),
        ("POST", "/api/", 405, "method_not_allowed"),
        ("POST", "/metrics", 405, "method_not_allowed"),
        ("PUT", "/api/v1/ml/score", 405, "method_not_allowed"),
        ("BREW", "/api/v1/ml/health", 405, "method_not_allowed"),
        ("GET", "/api/v1/ml/ws/live-scores", 404, "not_found"),
        ("POST", "/api/docs/no.js", 405, "method_not_allowed"),
        ("GET", "/api/docs/no.js", 404, "not_found"),
    ],
)
def test_what_the_api_does_not_take_is_refused_in_its_one_shape(
    beside: TestClient, method: str, address: str, status: int, code: str
) -> None:
    answer = beside.request(method, address, headers={"x-request-id": "asked-by-me"})
    assert answer.status_code == status
    told = answer.json()
    assert (told["success"], told["error"]["code"], told["request_id"]) == (False, code, "asked-by-me")


@pytest.mark.parametrize(
    "address", ["/api", "/api/docs", "/api/openapi.json", "/api/v1/ml/metrics", "/api/v1/ml/score/bo"]
)
def test_a_head_is_answered_as_a_get_without_its_body(beside: TestClient, center: CommandCenter, address: str) -> None:
    asked, read = (beside.request(method, address, headers=bearer(center)) for method in ("HEAD", "GET"))
    assert asked.content == b""
    assert asked.status_code == read.status_code != 405
    assert asked.headers.keys() == read.headers.keys()
    assert asked.headers.get("content-length") == read.headers.get("content-length")


def test_a_monitor_may_ask_with_head_and_go_on_on_its_connection(center: CommandCenter) -> None:
    with served(center) as url, httpx.Client(base_url=url, trust_env=False, timeout=20) as monitor:
        for address in ("/api/v1/ml/health", "/metrics"):
            asked = monitor.head(address)
            assert (asked.status_code, asked.content) == (200, b"")
            assert int(asked.headers["content-length"]) > 100
            assert monitor.get(address).status_code == 200
        refused = monitor.head("/api/v1/ml/score")
        assert (refused.status_code, refused.headers["allow"], refused.content) == (405, "POST", b"")
        assert monitor.head("/api/v1/ml/leads").status_code == 401


def test_a_replica_for_programs_says_in_the_same_shape_that_there_is_nothing(center: CommandCenter) -> None:
    api = build_api(lambda: center)
    alone = TestClient(Starlette(routes=[*doors(api), nothing_else(api)]), follow_redirects=False)
    for address in ("/nowhere", "/v1/ml/health", "/docs", "/openapi.json"):
        answer = alone.get(address)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert alone.get("/api").headers["location"] == "/api/docs"
    assert alone.get("/metrics").status_code in (200, 401)


def test_what_is_loaded_is_left_out_of_later_collections() -> None:
    before = gc.get_threshold()
    try:
        settle()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold()[0] == YOUNG
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
