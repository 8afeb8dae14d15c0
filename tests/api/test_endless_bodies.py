"""Bodies that never end, over a real connection: cut off at the bound, or when their time is over."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

from core.api import bodies
from core.services.center import CommandCenter
from tests.api.served import served, unlimited

CHUNK = b"2710\r\n" + b" " * 10_000 + b"\r\n"  # 0x2710 = 10,000
SCORE = "/api/v1/ml/score"


def sent_without_end(url: str, path: str, token: str, chunk: bytes, pause_s: float) -> tuple[int, bytes]:
    """Send ``chunk`` again and again until the server ends the connection: how many went out, what came back."""
    told, times, answer = urlsplit(url), 0, b""
    with socket.create_connection((told.hostname or "", told.port or 0), timeout=20) as connection:
        head = f"POST {path} HTTP/1.1\r\nhost: {told.netloc}\r\nauthorization: Bearer {token}\r\n"
        connection.sendall(f"{head}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n".encode())
        connection.settimeout(pause_s)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                connection.sendall(chunk)
                times += 1
                part = connection.recv(65_536)
                if not part:
                    break
                answer += part
            except TimeoutError:
                continue
            except OSError:  # it does not listen any more
                break
        else:
            raise TimeoutError(f"still listened to after 20 s; answered {answer[:300]!r}")
    return times, answer


@pytest.mark.parametrize("path", [SCORE, "/api/v1/ml/outcomes"])
def test_a_stream_without_end_is_refused_at_the_bound_and_cut_off(center: CommandCenter, path: str) -> None:
    with served(center) as url:
        times, answer = sent_without_end(url, path, unlimited(center), CHUNK, 0.001)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer.lower()
    assert times < 2_000, "20 MB were enough to see that it does not end"


@pytest.mark.parametrize("chunked", [False, True])
def test_who_sends_too_much_before_listening_is_told_so(center: CommandCenter, chunked: bool) -> None:
    body = b" " * 2_500_000
    with served(center) as url, httpx.Client(base_url=url, trust_env=False) as client:
        for _ in range(2):  # the connection goes on
            told = {"Authorization": f"Bearer {unlimited(center)}", "Content-Type": "application/json"}
            refused = client.post(SCORE, content=iter([body]) if chunked else body, headers=told)
            assert refused.status_code == 413
            assert refused.json()["error"]["code"] == "too_large"


def test_a_body_fed_by_drops_is_refused_when_its_time_is_over(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_S", 0.5)
    began = time.monotonic()
    with served(center) as url:
        times, answer = sent_without_end(url, SCORE, unlimited(center), b"1\r\n \r\n", 0.05)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code":"too_slow"' in answer
    assert times >= 2
    assert time.monotonic() - began >= 0.5
