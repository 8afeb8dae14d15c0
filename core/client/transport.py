"""One kept connection: sends a request, reads the answer, and repeats only what cannot do harm twice."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any, Final
from urllib.parse import urlsplit

from core.client.errors import BY_STATUS, ApiError, BadAnswer, TooManyRequests, Unavailable, Unreachable

IDLE_S: Final = 2.0  # servers close a connection that rests; a POST must not be lost to finding that out
FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 30.0
LARGEST_ANSWER: Final = 64 * 1024 * 1024
_SAFE: Final = frozenset({"GET"})


class Transport:
    """For one thread. ``retries`` counts further attempts of a GET, after 0.1, 0.2, 0.4 ... seconds."""

    def __init__(self, url: str, headers: dict[str, str], timeout_s: float, retries: int) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise ValueError(f"url is {url!r}; must be like http://127.0.0.1:8501")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=timeout_s)
        self._base = parts.path.rstrip("/")
        self._headers, self._retries = headers, retries
        self._used_at = 0.0

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._connection.close()

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of the answer. Raises ClientError."""
        text = None if body is None else json.dumps(body, allow_nan=False).encode()
        attempts = 1 + (self._retries if method in _SAFE else 0)
        pause_s = FIRST_PAUSE_S
        while True:
            attempts -= 1
            try:
                return self._once(method, path, text)
            except (Unreachable, TooManyRequests, Unavailable) as error:
                asked_s = error.retry_after_s if isinstance(error, ApiError) else None
                wait_s = pause_s if asked_s is None else float(asked_s)
                if not attempts or wait_s > LONGEST_PAUSE_S:
                    raise
            time.sleep(wait_s)
            pause_s *= 2

    def _once(self, method: str, path: str, text: bytes | None) -> Any:
        if time.monotonic() - self._used_at > IDLE_S:
            self._connection.close()
        headers = self._headers | ({"Content-Type": "application/json"} if text is not None else {})
        try:
            self._connection.request(method, self._base + path, text, headers)
            response = self._connection.getresponse()
            answer = response.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Unreachable(f"no answer from {self._connection.host}: {error or type(error).__name__}") from error
        self._used_at = time.monotonic()
        return _read(response, answer)


def _read(response: http.client.HTTPResponse, answer: bytes) -> Any:
    try:
        told = json.loads(answer)
    except ValueError:
        raise BadAnswer(f"status {response.status} with an answer that is not JSON") from None
    if response.status == http.client.OK:
        return told
    try:
        error = told["error"]
        kind = BY_STATUS.get(response.status, ApiError)
        wait = response.getheader("Retry-After", "")
        raise kind(
            response.status,
            str(error["code"]),
            str(error["message"]),
            list(error["details"]),
            str(told["request_id"]),
            int(wait) if wait.isdigit() else None,
        )
    except (KeyError, TypeError):
        raise BadAnswer(f"status {response.status} with an answer of another shape") from None
