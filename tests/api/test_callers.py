"""Attacks on tokens: each is refused with 401, before the body is looked at."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.leads import utc_now
from core.services.access import screen_token
from core.services.center import CommandCenter
from tests.api.conftest import ML, forged


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned() -> str:
    claims = {"sub": "tests", "role": "admin", "aud": "jorge-api", "iat": 0, "exp": 99999999999}
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def raised_to_admin() -> str:
    head, body, signature = forged().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{part(claims | {'role': 'admin'})}.{signature}"


TOKENS: dict[str, Callable[[], str]] = {
    "one without a signature": unsigned,
    "one whose role was changed": raised_to_admin,
    "one of another secret": lambda: forged("another secret that is just as long as ours is"),
    "one signed with another algorithm": lambda: forged(algorithm="HS512"),
    "an expired one": lambda: forged(exp=utc_now() - timedelta(minutes=1)),
    "one from the future": lambda: forged(iat=utc_now() + timedelta(hours=1)),
    "one that never expires": lambda: forged(drop=("exp",)),
    "one without a time of issue": lambda: forged(drop=("iat",)),
    "one that names nobody": lambda: forged(drop=("sub",)),
    "one for another audience": lambda: forged(aud="someone-else"),
    "one for no audience": lambda: forged(drop=("aud",)),
    "a screen's": lambda: forged(aud="jorge-screen"),
    "one with a role we do not know": lambda: forged(role="owner"),
    "one without a role": lambda: forged(drop=("role",)),
    "an empty one": lambda: "",
    "no token at all": lambda: "abc",
    "three dots": lambda: "...",
    "one of a megabyte": lambda: "x" * 60_000,
    "bytes that are no text": lambda: "\xff\xfe.\xff.\xff",
}


@pytest.fixture
def anyone(center: CommandCenter) -> TestClient:
    return TestClient(build_api(lambda: center))


@pytest.mark.parametrize("what", TOKENS)
def test_a_token_that_is_not_ours_is_refused(anyone: TestClient, what: str) -> None:
    token = TOKENS[what]()
    header = f"Bearer {token}".encode("latin-1")
    response = anyone.post(f"{ML}/score", json={"lead_id": "a"}, headers={b"Authorization": header})
    assert response.status_code == 401, response.text
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["error"]["code"] == "unauthenticated"


def test_a_valid_token_is_let_in_as_a_bearers_and_not_as_a_key(anyone: TestClient) -> None:
    for headers, status in (({"Authorization": f"Bearer {forged()}"}, 200), ({"X-API-Key": forged()}, 401)):
        assert anyone.post(f"{ML}/score", json={"lead_id": "a"}, headers=headers).status_code == status


def test_who_has_no_token_learns_nothing_about_the_body(anyone: TestClient) -> None:
    for content in (b"{", b'{"lead_id": 7}'):
        response = anyone.post(f"{ML}/score", content=content, headers={"content-type": "application/json"})
        assert response.status_code == 401
    assert anyone.get(f"{ML}/score/not there").status_code == 401


def test_a_screen_token_does_not_open_the_api(anyone: TestClient, center: CommandCenter) -> None:
    headers = {"Authorization": f"Bearer {screen_token(center)}"}
    assert anyone.get(f"{ML}/score/a", headers=headers).status_code == 401


def test_health_needs_no_token(anyone: TestClient) -> None:
    assert anyone.get(f"{ML}/health").status_code == 200
