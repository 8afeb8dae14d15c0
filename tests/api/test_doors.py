"""What is for the API goes to it, past what stands around the pages; everything else goes to the pages."""

from __future__ import annotations

import gc

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.api.build import build_api
from core.api.doors import Beside
from core.services.center import CommandCenter
from core.services.running.warm import YOUNG, settle


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
