from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.realtime.events import from_outbox, from_stream, seq_of, wire
from tests.realtime.outbox import Row

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def row(payload: dict[str, Any], seq: int = 7, at: datetime = NOON) -> Row:
    return Row(seq, "abc", payload, at)


def test_an_event_carries_its_place_in_the_feed_as_the_id_to_resume_by() -> None:
    event = from_outbox(row({"event_type": "lead_scored", "event_id": "of the record", "lead_id": "a"}))
    assert event == {
        "event_type": "lead_scored",
        "event_id": "7-1",
        "lead_id": "a",
        "timestamp": "2026-11-20T12:00:00Z",
    }
    assert (event.id, event.seq) == ("7-1", 7)
    assert json.loads(event.raw) == event


def test_a_time_given_by_the_event_itself_stands() -> None:
    assert from_outbox(row({"timestamp": "2026-01-01T00:00:00Z"}))["timestamp"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("at", [NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=-6)))])
def test_times_leave_in_utc(at: datetime) -> None:
    assert from_outbox(row({}, at=at))["timestamp"] == "2026-11-20T12:00:00Z"


def test_one_event_that_strict_json_refuses_does_not_stop_the_feed() -> None:
    event = from_outbox(row({"name": "half \ud800 pair", "huge": 2**70, "odd": float("nan"), "usd": Decimal("1.50")}))
    assert event["name"] == "half ? pair"
    assert event["huge"] == 2.0**70
    assert event["odd"] is None
    assert event["usd"] == "1.50"


@settings(max_examples=50)
@given(st.dictionaries(st.text(), st.recursive(st.none() | st.text() | st.floats() | st.integers(), st.lists)))
def test_any_payload_survives_the_stream(payload: dict[str, Any]) -> None:
    event = from_outbox(row(payload))
    again = from_stream(b"7-1", {b"data": event.raw, b"outbox_id": b"abc"})
    assert again == event
    assert again is not None
    assert again.raw == event.raw


@pytest.mark.parametrize(
    ("entry_id", "fields"),
    [
        (b"7-0", {b"data": b'{"event_id":"7-0"}'}),
        (b"1763677000000-0", {b"data": b"{}"}),
        (b"7-1", {b"data": b'{"event_id":"8-1"}'}),
        (b"7-1", {b"data": b"\xff"}),
        (b"7-1", {b"other": b"{}"}),
        (b"7-1", {}),
        (b"7-1", None),
    ],
)
def test_an_entry_that_the_relay_did_not_write_is_not_an_event(
    entry_id: bytes, fields: dict[bytes, bytes] | None
) -> None:
    assert from_stream(entry_id, fields) is None


@given(st.text() | st.binary())
def test_any_text_as_an_id_is_a_number_or_none(event_id: str | bytes) -> None:
    found = seq_of(event_id)
    assert found is None or 0 <= found < 10**18


def test_the_bytes_of_an_event_are_utf8_json() -> None:
    assert orjson.loads(wire(row({"name": "Zoë 李"})))["name"] == "Zoë 李"


@pytest.mark.parametrize(
    ("amount", "written"),
    [(37500.0, b"37500.00"), (0.1, b"0.10"), (999999999.99, b"999999999.99"), (None, b"null"), (float("nan"), b"null")],
)
def test_money_is_a_number_with_two_decimals(amount: float | None, written: bytes) -> None:
    for more in ({}, {"name": "half \ud800 pair"}):  # which the strict writer refuses
        raw = from_outbox(row({"lead_id": "a", "estimated_commission": amount, **more})).raw
        assert b'"estimated_commission":' + written + b"," in raw
