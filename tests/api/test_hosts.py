"""Under which names the API answers, and to which other sites."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.api.build import build_api
from core.api.hosts import hosts_of
from core.services.access import screen_token
from core.services.center import CommandCenter
from tests.api.conftest import ML, bearer
from tests.services.centers import settings_in

SITE = "https://crm.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


def called(center: CommandCenter, host: str = "localhost", **settings: object) -> TestClient:
    api = build_api(lambda: center, settings_in(center.data_dir, **settings))
    return TestClient(api, base_url=f"http://{host}")


@pytest.mark.parametrize(
    "host",
    ["localhost:8501", "LOCALHOST", "127.0.0.1:8501", "[::1]:8501", "192.168.1.7", "jorge.lan", "a.team.example"],
)
def test_the_api_answers_to_its_own_names_and_to_addresses(center: CommandCenter, host: str) -> None:
    client = called(center, jorge_allowed_hosts="jorge.lan, .team.example")
    assert client.get(f"{ML}/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example@localhost",
        "localhost, evil.example",
        "team.example.evil.example",
        "xteam.example",
        "jorge.lan:80:80",
        "",
    ],
)
def test_a_page_that_bends_its_name_to_this_machine_is_refused(center: CommandCenter, host: str) -> None:
    client = called(center, jorge_allowed_hosts="jorge.lan, .team.example")
    for path in (f"{ML}/health", f"{ML}/score/a", "/docs", "/nothing"):
        answer = client.get(path, headers={"Host": host} | bearer(center))
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "forbidden"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert "evil" not in answer.text


def test_two_hosts_in_one_request_are_refused(center: CommandCenter) -> None:
    headers = [("Host", "localhost"), ("Host", "evil.example")]
    assert called(center).get(f"{ML}/health", headers=headers).status_code == 403


def test_a_star_lets_every_name_in(center: CommandCenter) -> None:
    assert called(center, "any.example", jorge_allowed_hosts="*").get(f"{ML}/health").status_code == 200


def test_the_name_at_which_people_sign_in_is_ours(center: CommandCenter) -> None:
    told = {"jorge_oidc_public_url": "https://Leads.example:8443", "jorge_allowed_hosts": "jorge.lan"}
    signing_in = hosts_of(settings_in(center.data_dir, jorge_oidc_metadata_url="https://id.example", **told))
    assert signing_in.names == {"leads.example", "jorge.lan"}
    assert hosts_of(settings_in(center.data_dir, **told)).names == {"jorge.lan"}


def test_the_socket_is_refused_under_a_foreign_name_though_the_pages_origin_fits_it(live: CommandCenter) -> None:
    token = {"type": "auth", "token": screen_token(live)}
    api = build_api(lambda: live, settings_in(live.data_dir))
    with TestClient(api, base_url="http://localhost") as client:
        ours = {"Origin": "http://localhost", "Host": "localhost"}
        with client.websocket_connect(f"{ML}/ws/live-scores", headers=ours) as socket:
            socket.send_json(token)
            assert socket.receive_json()["event_type"] == "heartbeat"
        foreign: dict[str, Any] = {"Origin": "http://evil.example", "Host": "evil.example"}
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"{ML}/ws/live-scores", headers=foreign):
            pass


def test_no_other_site_is_let_in_unless_one_is_named(center: CommandCenter) -> None:
    client = called(center)
    preflight = client.options(f"{ML}/score", headers=PREFLIGHT | {"Origin": SITE})
    assert preflight.status_code == 405
    answer = client.get(f"{ML}/health", headers={"Origin": SITE})
    assert answer.status_code == 200
    for response in (preflight, answer):
        assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (SITE, True),
        ("https://other.example", True),
        ("http://crm.example", False),
        ("https://crm.example.evil.example", False),
        ("https://crm.example:444", False),
        ("null", False),
    ],
)
def test_only_the_named_sites_are_let_in(center: CommandCenter, origin: str, allowed: bool) -> None:
    client = called(center, jorge_cors_origins=f"{SITE}, https://other.example/")
    preflight = client.options(f"{ML}/score", headers=PREFLIGHT | {"Origin": origin})
    answer = client.post(f"{ML}/score", json={"lead_id": "a"}, headers=bearer(center) | {"Origin": origin})
    refused = client.post(f"{ML}/score", json={"lead_id": "a"}, headers={"Origin": origin})
    assert (preflight.status_code == 200) is allowed
    for response in (preflight, answer, refused):
        assert (response.headers.get("access-control-allow-origin") == origin) is allowed
        assert "access-control-allow-credentials" not in response.headers


def test_a_named_site_may_read_the_id_of_a_request_and_when_to_come_back(center: CommandCenter) -> None:
    client = called(center, jorge_cors_origins=SITE)
    answer = client.get(f"{ML}/health", headers={"Origin": SITE})
    assert answer.headers["access-control-expose-headers"].lower() == "x-request-id, retry-after"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("trace-12345678", True),
        ("a" * 64, True),
        ("short", False),
        ("a" * 65, False),
        ("<script>alert(1)</script>", False),
        ("trace 12345678", False),
        ('trace-1"}{"level', False),
    ],
)
def test_an_id_of_the_clients_is_kept_only_when_it_is_harmless(center: CommandCenter, given: str, kept: bool) -> None:
    answer = called(center).get(f"{ML}/score/nobody", headers={"X-Request-ID": given})
    told = answer.headers["x-request-id"]
    assert (told == given) is kept
    assert answer.json()["request_id"] == told
    assert len(told) >= 8


def test_every_request_gets_an_id_of_its_own(center: CommandCenter) -> None:
    client = called(center)
    assert len({client.get(f"{ML}/health").headers["x-request-id"] for _ in range(20)}) == 20
