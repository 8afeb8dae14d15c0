"""Which callers each route lets in, by token and by key."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.api.build import FAMILIES, PREFIX, build_api
from core.api.callers import GuardedRoute, needs
from core.services.access import Role, Scope, make_key, revoke_key
from core.services.center import CommandCenter
from core.settings import PROJECT_ROOT
from tests.api.conftest import ML, bearer
from tests.realtime.waiting import until

SCORED = frozenset({Scope.SCORE, Scope.ADMIN})
EITHER = frozenset({Scope.SCORE, Scope.READ, Scope.ADMIN})
READ = frozenset({Scope.READ, Scope.ADMIN})
ALLOWED = {
    ("POST", "/score"): SCORED,
    ("POST", "/batch-score"): SCORED,
    ("POST", "/outcomes"): SCORED,
    ("GET", "/score/{lead_id}"): EITHER,  # a program may read back what it had scored
    ("GET", "/leads"): READ,
    ("GET", "/leads/{lead_id}"): READ,
    ("GET", "/model/status"): READ,
    ("GET", "/metrics"): READ,
}


@pytest.fixture
def anyone(center: CommandCenter) -> TestClient:
    return TestClient(build_api(lambda: center))


def test_every_route_of_every_family_is_in_the_table() -> None:
    guarded = [route for family in FAMILIES for route in family.routes]
    assert all(isinstance(route, GuardedRoute) for route in guarded)
    found = {(method, route.path) for route in guarded if isinstance(route, APIRoute) for method in route.methods or ()}
    assert found == set(ALLOWED)


def asked(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    address = PREFIX + re.sub(r"\{\w+\}", "nobody", path)
    return client.request(method, address, content=b"{" if method == "POST" else None, headers=headers).status_code


@pytest.mark.parametrize(("method", "path"), ALLOWED)
def test_a_key_opens_only_the_routes_of_its_scope(
    anyone: TestClient, center: CommandCenter, method: str, path: str
) -> None:
    for scope in Scope:
        key = make_key(center, scope.value, scope)
        status = asked(anyone, method, path, {"X-API-Key": key})
        assert (status == 403) is (scope not in ALLOWED[method, path]), (scope, status)
        assert status in {200, 403, 404, 422}


@pytest.mark.parametrize(("method", "path"), ALLOWED)
def test_every_role_may_score_and_read_and_a_stranger_may_nothing(
    anyone: TestClient, center: CommandCenter, method: str, path: str
) -> None:
    for role in Role:
        assert asked(anyone, method, path, bearer(center, role)) in {200, 404, 422}
    assert asked(anyone, method, path, {}) == 401


def test_a_refusal_says_which_scope_is_needed(anyone: TestClient, center: CommandCenter) -> None:
    key = make_key(center, "crm", Scope.READ)
    answer = anyone.post(f"{ML}/score", json={"lead_id": "a"}, headers={"X-API-Key": key})
    assert answer.status_code == 403
    assert answer.json()["error"] == {
        "code": "forbidden",
        "message": "this needs the scope score; yours: read",
        "details": [],
    }


def test_a_key_counts_only_in_its_header(anyone: TestClient, center: CommandCenter) -> None:
    key = make_key(center, "crm", Scope.ADMIN)
    assert anyone.get(f"{ML}/leads", headers={"X-API-Key": key}).status_code == 200
    for name in ("api_key", "key", "token", "access_token", "X-API-Key"):
        assert anyone.get(f"{ML}/leads", params={name: key}).status_code == 401
        anyone.cookies.set(name, key)
        assert anyone.get(f"{ML}/leads").status_code == 401
    assert anyone.get(f"{ML}/leads", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert anyone.get(f"{ML}/leads", auth=("crm", key)).status_code == 401


def test_a_valid_key_does_not_help_a_token_that_is_not(anyone: TestClient, center: CommandCenter) -> None:
    key = make_key(center, "crm", Scope.ADMIN)
    headers = {"X-API-Key": key, "Authorization": "Bearer abc"}
    assert anyone.get(f"{ML}/leads", headers=headers).status_code == 401


def test_a_revoked_key_is_refused_by_the_running_server(anyone: TestClient, center: CommandCenter) -> None:
    headers = {"X-API-Key": make_key(center, "crm", Scope.READ)}
    assert anyone.get(f"{ML}/leads", headers=headers).status_code == 200
    revoke_key(center, "crm")
    until(lambda: anyone.get(f"{ML}/leads", headers=headers).status_code == 401, within_s=5.0)


def test_a_key_for_reading_opens_the_socket_and_one_for_scoring_does_not(
    client: TestClient, live: CommandCenter
) -> None:
    client.headers.pop("Authorization")
    reading, scoring = (make_key(live, scope.value, scope) for scope in (Scope.READ, Scope.SCORE))
    with client.websocket_connect(f"{ML}/ws/live-scores", headers={"X-API-Key": reading}) as socket:
        assert socket.receive_json()["event_type"] == "heartbeat"
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(f"{ML}/ws/live-scores", headers={"X-API-Key": scoring}),
    ):
        pass


def test_a_route_that_does_not_say_what_it_needs_cannot_be_made() -> None:
    def silent() -> None: ...

    with pytest.raises(TypeError, match="/x does not say which scope"):
        GuardedRoute("/x", silent)
    with pytest.raises(TypeError, match="/x does not say which scope"):
        GuardedRoute("/x", needs()(silent))


def test_the_documentation_has_the_same_table() -> None:
    page = (PROJECT_ROOT / "docs/api-security.md").read_text()
    rows = re.findall(r"^\| `(GET|POST) (\S+)` \| (\S+) \| (\S+) \| (\S+) \|$", page, re.MULTILINE)
    told = {
        (method, path): {scope for scope, may in zip(Scope, allowed, strict=True) if may == "yes"}
        for method, path, *allowed in rows
    }
    assert told == ALLOWED
