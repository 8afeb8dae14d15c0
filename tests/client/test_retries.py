"""What the client repeats, and what it never does: against a server that plays a script."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from core.client import BadAnswer, JorgeClient, TooManyRequests, Unavailable, Unreachable

GOOD = {"status": "healthy", "timestamp": "2026-01-01T00:00:00Z", "checks": {}}


def answer(status: int, body: object, **headers: str) -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(text)}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + text


def refused(status: int, **headers: str) -> bytes:
    error = {"code": "x", "message": "said", "details": [], }  # fmt: skip
    return answer(status, {"success": False, "error": error, "request_id": "r"}, **headers)


@contextmanager
def playing(*script: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives one answer of ``script`` to each connection, and keeps the requests; b"" hangs up."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def play() -> None:
            for part in script:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    requests.append(connection.recv(65_536).split(b"\r\n")[0])
                    connection.sendall(part.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))

        thread = threading.Thread(target=play, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # else a thread with answers left waits on, for the next test's socket
            thread.join()


def test_reading_is_tried_again_when_the_server_hangs_up_or_is_unavailable() -> None:
    with playing(b"", refused(503), answer(200, GOOD)) as (url, requests), JorgeClient(url) as client:
        assert client.health()["status"] == "healthy"
    assert requests == [b"GET /api/v1/ml/health HTTP/1.1"] * 3


def test_reading_gives_up_after_the_retries() -> None:
    with (
        playing(refused(503), refused(503)) as (url, requests),
        JorgeClient(url, retries=1) as client,
        pytest.raises(Unavailable, match="said"),
    ):
        client.health()
    assert len(requests) == 2


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.score("a"),
        lambda client: client.batch_score([{"lead_id": "a"}]),
        lambda client: client.record_outcome("a", "closed", "2026-01-01T00:00:00Z"),
    ],
    ids=["score", "batch", "outcome"],
)
@pytest.mark.parametrize(
    ("first", "raised"), [(b"", Unreachable), (refused(503), Unavailable), (refused(429), TooManyRequests)]
)
def test_what_writes_is_sent_once(call: Callable[[JorgeClient], object], first: bytes, raised: type[Exception]) -> None:
    with playing(first, answer(200, {})) as (url, requests), JorgeClient(url) as client:
        with pytest.raises(raised):
            call(client)
        assert len(requests) == 1


def test_the_client_waits_as_long_as_the_server_asks() -> None:
    script = (refused(429, **{"Retry-After": "1"}), answer(200, GOOD))
    with playing(*script) as (url, requests), JorgeClient(url) as client:
        began = time.monotonic()
        client.health()
        assert time.monotonic() - began >= 1.0
    assert len(requests) == 2


def test_a_wait_beyond_half_a_minute_is_left_to_the_caller() -> None:
    with (
        playing(refused(429, **{"Retry-After": "3600"})) as (url, _),
        JorgeClient(url) as client,
        pytest.raises(TooManyRequests) as limited,
    ):
        client.health()
    assert limited.value.retry_after_s == 3_600


@pytest.mark.parametrize(
    "strange",
    [
        answer(200, b"<html>"),
        answer(502, b"Bad gateway"),
        answer(500, {"detail": "x"}),
        answer(404, []),
        answer(404, b""),
    ],
    ids=["a page", "a proxy's page", "another shape", "a list", "nothing"],
)
def test_an_answer_that_is_not_of_this_api_is_an_error_of_its_own(strange: bytes) -> None:
    with playing(strange) as (url, _), JorgeClient(url) as client, pytest.raises(BadAnswer):
        client.health()


def test_bytes_that_are_no_http_are_no_answer() -> None:
    with playing(b"hello\r\n") as (url, _), JorgeClient(url, retries=0) as client, pytest.raises(Unreachable):
        client.health()
