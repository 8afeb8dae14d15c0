"""``jorge simulate``: generated leads, posted to a running server as a client would."""

from __future__ import annotations

import argparse
import http.client
import itertools
import sys
import time
from urllib.parse import urlsplit

import orjson

from core.errors import InputError, Unavailable
from core.sample import stream
from core.services.access import Role, api_token
from core.services.center import CommandCenter
from core.services.wire import to_request
from core.settings import load_settings

PATH = "/api/v1/ml/score"
MOST_A_SECOND = 500.0
TIMEOUT_S = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--rate", type=float, default=1.0, help="leads a second (default 1)")
    parser.add_argument("--seconds", type=float, help="how long (default: until Ctrl-C)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same people")
    parser.add_argument("--url", default="http://127.0.0.1:8501", help="the server (default %(default)s)")
    parser.add_argument("--token", help="a token (default: one made here, for a server with the same data folder)")


def run(arguments: argparse.Namespace) -> int:
    """Post until the time is up or Ctrl-C; 0 unless the server cannot be reached or refuses."""
    if not 0 < arguments.rate <= MOST_A_SECOND:
        raise InputError(f"--rate is {arguments.rate}; must be above 0 and at most {MOST_A_SECOND:.0f}")
    if arguments.seconds is not None and arguments.seconds <= 0:
        raise InputError(f"--seconds is {arguments.seconds}; must be above 0")
    token = arguments.token or _own_token(24.0)
    poster = Poster(arguments.url, token)
    posted, began = 0, time.monotonic()
    try:
        for history in stream(arguments.seed):
            due = began + posted / arguments.rate
            if arguments.seconds is not None and due - began >= arguments.seconds:
                break
            time.sleep(max(0.0, due - time.monotonic()))
            poster.post(orjson.dumps(to_request(history)))
            posted += 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
    finally:
        poster.close()
    took = max(time.monotonic() - began, 1e-9)
    print(f"{posted:,} leads posted in {took:.1f} s, slowest answer {poster.slowest_ms:.0f} ms.")
    return 0


def _own_token(hours: float) -> str:
    with CommandCenter(load_settings()) as center:
        return api_token(center, "simulate", Role.AGENT, hours, counted=False)


class Poster:
    """One kept connection to the server; opened again once when it was lost."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"--url is {url!r}; must be like http://127.0.0.1:8501")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.slowest_ms = 0.0

    def post(self, body: bytes) -> None:
        """Post one score request. Raises Unavailable when the server is not there, InputError when it refuses."""
        for attempt in itertools.count():
            started = time.monotonic()
            try:
                self._connection.request("POST", PATH, body, self._headers)
                response = self._connection.getresponse()
                answer = response.read()
                break
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                if attempt:
                    raise Unavailable(
                        f"no server answers at {self._url} ({error}); start it with: jorge serve"
                    ) from error
        self.slowest_ms = max(self.slowest_ms, 1000 * (time.monotonic() - started))
        if response.status != http.client.OK:
            raise InputError(f"the server at {self._url} answered {response.status}: {_message(answer)}")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _message(answer: bytes) -> str:
    try:
        return str(orjson.loads(answer)["error"]["message"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "an answer that is not ours"
