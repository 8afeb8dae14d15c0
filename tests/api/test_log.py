"""What the server's log tells of calls, and what it never tells."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.api.logs import logging_to_stderr
from core.services.access import Scope, make_key, screen_token
from core.services.center import CommandCenter
from tests.api.conftest import ML, bearer
from tests.realtime.waiting import away_from_the_turn_of_a_minute
from tests.services.centers import settings_in

PRIVATE = (
    "Xanthippe",
    "xanthippe@private.example",
    "5125550177",
    "Zwischenstadt",
    "we-saw-the-owl-house",
    "lead-of-hers",
)
LEAD = {
    "lead_id": "lead-of-hers",
    "lead_data": {
        "name": "Xanthippe",
        "email": "xanthippe@private.example",
        "phone": "+15125550177",
        "location_preference": "Zwischenstadt",
        "interaction_history": [{"timestamp": "2026-01-01T00:00:00Z", "text": "we-saw-the-owl-house"}],
    },
}


class Log:
    """What came to stderr."""

    def __init__(self) -> None:
        self.text = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@contextmanager
def logged(monkeypatch: pytest.MonkeyPatch, level: str = "INFO") -> Iterator[Log]:
    """Complete when the block has ended."""
    written, log = io.StringIO(), Log()
    monkeypatch.setattr("sys.stderr", written)
    try:
        with logging_to_stderr(level):
            yield log
    finally:
        log.text = written.getvalue()


def test_a_call_is_one_line_with_its_id_its_route_and_its_caller(
    quick: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with logged(monkeypatch) as log:
        answer = quick.get(f"{ML}/score/nobody", headers={"X-Request-ID": "trace-12345678"})
    assert answer.status_code == 404
    (line,) = log.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert 0 < line.pop("duration_ms") < 10_000
    assert line == {
        "level": "INFO",
        "logger": "jorge.access",
        "request_id": "trace-12345678",
        "method": "GET",
        "route": f"{ML}/score/{{lead_id}}",
        "status": 404,
        "caller": "token:tests",
    }


def test_a_key_is_told_by_its_name_and_a_stranger_by_nothing(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = make_key(center, "crm", Scope.READ)
    client = TestClient(build_api(lambda: center))
    with logged(monkeypatch) as log:
        for given in (key, key[:-1] + ("A" if key[-1] != "A" else "B"), ""):
            client.get(f"{ML}/score/nobody", headers={"X-API-Key": given})
    assert [(line["status"], line["caller"]) for line in log.lines] == [(404, "key:crm"), (401, None), (401, None)]
    assert key[12:] not in log.text


def test_whoever_is_refused_is_named_once_they_are_known(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    away_from_the_turn_of_a_minute()
    settings = settings_in(center.data_dir, jorge_rate_limit_score_per_minute=1)
    with CommandCenter(settings, center.models_dir) as limited, logged(monkeypatch) as log:
        client = TestClient(build_api(lambda: limited))
        for scope in (Scope.READ, Scope.SCORE):
            key = make_key(limited, scope.value, scope)
            for _ in range(2):
                client.post(f"{ML}/score", json=LEAD, headers={"X-API-Key": key})
    assert [(line["status"], line["caller"]) for line in log.lines] == [
        (403, "key:read"),
        (403, "key:read"),
        (200, "key:score"),
        (429, "key:score"),
    ]


def test_no_call_of_any_route_writes_a_lead_into_the_log(
    quick: TestClient, center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = quick.get("/openapi.json").json()["paths"]
    with logged(monkeypatch, "DEBUG") as log:
        for path, methods in paths.items():
            for method in {"get", "post"} | set(methods):
                address = re.sub(r"\{\w+\}", "lead-of-hers", path)
                for body in (LEAD, {"leads": [LEAD]}, LEAD | {"stage": "Xanthippe"}, {"name": "Xanthippe"}):
                    quick.request(
                        method, address, json=body, params={"q": "Xanthippe", "search": "we-saw-the-owl-house"}
                    )
        for address in ("/nothing/lead-of-hers", f"{ML}/score/Xanthippe@Zwischenstadt", f"{ML}/leads?search=Xanthippe"):
            quick.get(address)
        fails(center, monkeypatch)
        assert quick.post(f"{ML}/score", json=LEAD | {"options": {"force_refresh": True}}).status_code == 500
    statuses = {line["status"] for line in log.lines if line["logger"] == "jorge.access"}
    assert {200, 404, 405, 422, 500} <= statuses
    assert [word for word in PRIVATE if word.lower() in log.text.lower()] == []


def fails(center: CommandCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("Xanthippe of Zwischenstadt cannot be stored")

    monkeypatch.setattr(type(center), "commits", property(failing))


def test_a_fault_is_told_with_its_kind_its_place_and_the_id_of_the_request(
    quick: TestClient, center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with logged(monkeypatch) as log:
        fails(center, monkeypatch)
        answer = quick.post(f"{ML}/score", json=LEAD)
    fault, call = log.lines
    assert (fault["level"], call["status"]) == ("ERROR", 500)
    assert re.fullmatch(
        rf"Request {answer.json()['request_id']} failed with RuntimeError at .*\.py:\d+", fault["message"]
    )
    assert "Traceback" not in log.text


def test_an_exception_that_somebody_logs_is_told_by_its_type_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with logged(monkeypatch) as log:
        try:
            raise ValueError("Xanthippe")
        except ValueError:
            logging.getLogger("core.somewhere").exception("It failed\nwith a second line")
    (line,) = log.lines
    assert (line["message"], line["error"]) == ("It failed\nwith a second line", "ValueError")
    assert "Xanthippe" not in log.text


def test_above_info_calls_are_not_told(quick: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with logged(monkeypatch, "WARNING") as log:
        quick.get(f"{ML}/score/nobody")
    assert log.text == ""


def test_a_socket_is_one_line_when_it_ends(
    client: TestClient, live: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.headers.pop("Authorization")
    with logged(monkeypatch) as log, client.websocket_connect(f"{ML}/ws/live-scores") as socket:
        socket.send_json({"type": "auth", "token": screen_token(live)})
        assert socket.receive_json()["event_type"] == "heartbeat"
    (line,) = [line for line in log.lines if line["method"] == "WEBSOCKET"]
    assert (line["status"], line["caller"]) == (101, "token:screen")
    assert line["route"] == f"{ML}/ws/live-scores"


def test_a_terminal_that_hangs_stops_no_call(quick: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    released = threading.Event()

    class Hanging(io.StringIO):
        def write(self, text: str) -> int:
            released.wait(30)
            return super().write(text)

    monkeypatch.setattr("sys.stderr", Hanging())
    monkeypatch.setattr("core.api.logs.WAITING", 5)
    with logging_to_stderr("INFO"):
        for _ in range(30):
            assert quick.get(f"{ML}/score/nobody").status_code == 404
        released.set()


def test_the_bearer_is_not_in_the_log(center: CommandCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = bearer(center)
    with logged(monkeypatch, "DEBUG") as log:
        TestClient(build_api(lambda: center)).get(f"{ML}/score/nobody", headers=headers)
    assert headers["Authorization"].rsplit(".", 1)[1] not in log.text
