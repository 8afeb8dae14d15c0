"""What cannot be used is refused in one shape, and nothing of it is repeated or stored."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.errors import NotFound
from core.services.center import CommandCenter
from tests.api.conftest import ML

PRIVATE = "ana.private@example.com"


def lead(**data: Any) -> dict[str, Any]:
    return {"lead_id": "x", "lead_data": data}


def touch(**data: Any) -> dict[str, Any]:
    return lead(interaction_history=[{"timestamp": "2026-01-01T00:00:00Z"} | data])


BODIES = {
    "an unknown field": lead(favourite_colour=PRIVATE),
    "an unknown option": {"lead_id": "x", "options": {"fast": True}},
    "no lead id": {"lead_data": {"name": PRIVATE}},
    "a lead id with a slash": {"lead_id": "../etc/passwd"},
    "a lead id with a line feed": {"lead_id": "abc\n"},
    "an empty lead id": {"lead_id": ""},
    "a long lead id": {"lead_id": "x" * 101},
    "a number for a name": lead(name=7),
    "a text for a number": touch(response_time_hours="2.5"),
    "true for a number": touch(message_length=True),
    "a fraction for a count": touch(questions_asked=1.5),
    "negative hours": touch(response_time_hours=-1),
    "negative money": lead(price_min_usd=-1),
    "a huge price": lead(price_min_usd=10**15),
    "a huge count": touch(message_length=10**30),
    "a share above 1": lead(jorge_insights={"engagement_level": 1.01}),
    "a date before 2000": lead(created_at="1999-12-31T23:59:59Z"),
    "a date in the future": lead(created_at="2199-01-01T00:00:00Z"),
    "a date beyond the calendar": lead(created_at="9999-12-31T23:59:59-23:00"),
    "no date": lead(created_at="soon"),
    "a list for a lead": {"lead_id": "x", "lead_data": []},
    "a NUL character": lead(name=f"{PRIVATE}\x00"),
    "a NUL character in a text": touch(text=f"{PRIVATE}\x00"),
    "a long name": lead(name="x" * 301),
    "a long text": touch(text="x" * 20_001),
    "an unknown direction": touch(direction="sideways"),
    "null for an id": {"lead_id": None},
    "a list": [1, 2],
    "a text": "x",
    "nothing": None,
}
RAW = {
    "half a character": b'{"lead_id": "x", "lead_data": {"name": "\\ud800"}}',
    "half a character in a field's name": b'{"lead_id": "x", "lead_data": {"\\ud800": 1}}',
    "NaN": b'{"lead_id": "x", "lead_data": {"jorge_insights": {"engagement_level": NaN}}}',
    "infinity": b'{"lead_id": "x", "lead_data": {"price_min_usd": Infinity}}',
    "1e999": b'{"lead_id": "x", "lead_data": {"price_max_usd": 1e999}}',
    "an endless number": b'{"lead_id": "x", "lead_data": {"price_max_usd": ' + b"9" * 5000 + b"}}",
    "no JSON": b"lead_id=x",
    "bytes that are no UTF-8": b'{"lead_id": "\xff\xfe"}',
    "an empty body": b"",
    "deep nesting": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_cannot_be_used_is_refused_with_422_and_not_repeated(
    quick: TestClient, center: CommandCenter, what: str
) -> None:
    refused(quick.post(f"{ML}/score", json=BODIES[what]), center)


@pytest.mark.parametrize("what", RAW)
def test_bytes_that_are_no_request_are_refused_with_422(quick: TestClient, center: CommandCenter, what: str) -> None:
    headers = {"content-type": "application/json"}
    refused(quick.post(f"{ML}/score", content=RAW[what], headers=headers), center)


def refused(response: Any, center: CommandCenter) -> None:
    assert response.status_code == 422, response.text
    body = json.loads(response.content)
    assert set(body) == {"success", "error", "request_id"}
    assert body["success"] is False
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["request_id"] == response.headers["x-request-id"]
    assert PRIVATE not in response.text
    with pytest.raises(NotFound):
        center.store.history("x")


JSON_LEAD = b'{"lead_id": "x"}'


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, "The body is not said to be JSON; send it with the header Content-Type: application/json."),
        (
            {"content-type": "application/x-www-form-urlencoded"},  # what curl -d says unless told otherwise
            "The body is not said to be JSON; send it with the header Content-Type: application/json.",
        ),
        (
            {"content-type": "application/json", "content-encoding": "gzip"},
            "The body is compressed; send it as it is, without the header Content-Encoding.",
        ),
    ],
)
def test_a_body_with_the_wrong_header_is_told_which(
    quick: TestClient, center: CommandCenter, headers: dict[str, str], told: str
) -> None:
    packed = gzip.compress(JSON_LEAD) if "content-encoding" in headers else JSON_LEAD
    response = quick.post(f"{ML}/score", content=packed, headers=headers)
    refused(response, center)
    assert response.json()["error"]["message"] == told


def test_where_a_body_stops_being_json_is_told(quick: TestClient, center: CommandCenter) -> None:
    response = quick.post(f"{ML}/score", content=b'{"lead_id": }', headers={"content-type": "application/json"})
    refused(response, center)
    assert response.json()["error"] == {
        "code": "invalid_request",
        "message": "The body is not JSON: Expecting value at character 12; correct it.",
        "details": [],
    }


@pytest.mark.parametrize("kind", ["application/json", "APPLICATION/JSON; charset=utf-8", "application/vnd.crm+json"])
def test_every_kind_of_json_is_read(quick: TestClient, kind: str) -> None:
    headers = {"content-type": kind, "content-encoding": "identity"}
    assert quick.post(f"{ML}/score", content=JSON_LEAD, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("body", "field", "told"),
    [
        ([1], "", "must be a JSON object"),
        ({"lead_id": "x", "options": None}, "options", "must be a JSON object"),
        (lead(interaction_history=None), "lead_data.interaction_history", "must be a list"),
        (lead(interaction_history=[7]), "lead_data.interaction_history.0", "must be a JSON object"),
    ],
)
def test_what_is_no_object_or_list_is_told_in_words_of_json(
    quick: TestClient, body: object, field: str, told: str
) -> None:
    details = quick.post(f"{ML}/score", json=body).json()["error"]["details"]
    assert details == [{"field": field, "problem": told}]


def test_the_details_say_which_field_and_what_is_allowed(quick: TestClient) -> None:
    details = quick.post(f"{ML}/score", json=touch(response_time_hours=-1)).json()["error"]["details"]
    assert details == [
        {
            "field": "lead_data.interaction_history.0.response_time_hours",
            "problem": "Input should be greater than or equal to 0",
        }
    ]


def test_a_body_with_countless_mistakes_gets_a_short_answer(quick: TestClient) -> None:
    touches = [{"type": 1} for _ in range(5_000)]
    response = quick.post(f"{ML}/score", json=lead(interaction_history=touches))
    assert response.status_code == 422
    assert len(response.content) < 5_000


def test_a_body_that_is_declared_too_large_is_refused_unread(quick: TestClient) -> None:
    response = quick.post(f"{ML}/score", content=b"x" * 1_000_001)
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"


def test_a_body_that_grows_too_large_without_saying_so_is_refused(quick: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 100_000

    response = quick.post(f"{ML}/score", content=endless(), headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert response.json()["success"] is False


def test_an_unknown_address_and_a_wrong_method_have_the_same_shape(quick: TestClient) -> None:
    for response, status in ((quick.get(f"{ML}/nothing"), 404), (quick.get(f"{ML}/score"), 405)):
        assert response.status_code == status
        assert set(response.json()) == {"success", "error", "request_id"}


def test_a_request_id_of_the_client_is_kept_when_it_is_harmless(quick: TestClient) -> None:
    for given, kept in (("trace-12345678", True), ("<script>alert(1)</script>", False)):
        response = quick.get(f"{ML}/score/nobody", headers={"X-Request-ID": given})
        assert (response.json()["request_id"] == given) is kept


def test_a_fault_of_ours_is_a_500_that_says_nothing_of_it(
    quick: TestClient, center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError(PRIVATE)

    monkeypatch.setattr(type(center), "commits", property(fails))
    response = quick.post(f"{ML}/score", json={"lead_id": "x"})
    assert response.status_code == 500
    assert response.json()["error"] == {
        "code": "internal",
        "message": "Something failed on our side; try again.",
        "details": [],
    }


def test_a_body_full_of_unknown_fields_is_refused_in_one_sentence(quick: TestClient) -> None:
    many = {f"k{number}": 1 for number in range(50_000)}
    for body in ({"lead_id": "x"} | many, lead(**many), lead(interaction_history=[many]), lead(jorge_insights=many)):
        response = quick.post(f"{ML}/score", json=body)
        assert response.status_code == 422
        (problem,) = response.json()["error"]["details"]
        assert problem["problem"].startswith("has 50,00")
        assert problem["problem"].endswith(" fields; must have at most 100")
    batch = {"leads": [lead(), lead(interaction_history=[many]), {"lead_id": "y"} | many]}
    answer = quick.post(f"{ML}/batch-score", json=batch).json()
    assert [refused["index"] for refused in answer["errors"]] == [1, 2]
    assert all("must have at most 100" in refused["error"] for refused in answer["errors"])


def test_of_many_interactions_the_first_that_is_wrong_is_told(quick: TestClient) -> None:
    moment = "2026-01-24T10:30:00Z"
    touches = [{"timestamp": moment}, *[{"timestamp": moment, "type": 1}] * 4_000]
    (problem,) = quick.post(f"{ML}/score", json=lead(interaction_history=touches)).json()["error"]["details"]
    assert problem["field"] == "lead_data.interaction_history.1.type"
    began = time.thread_time()
    batch = {
        "leads": [{"lead_id": f"a{number}", "lead_data": {"interaction_history": touches}} for number in range(30)]
    }
    answer = quick.post(f"{ML}/batch-score", json=batch)
    assert (answer.status_code, answer.json()["failed"]) == (200, 30)
    assert time.thread_time() - began < 20
