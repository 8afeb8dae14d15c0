"""``jorge simulate``: generated leads, posted to a running server or put into the lead stream, as others would."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from core.client import ApiError, BadAnswer, JorgeClient, Unreachable
from core.errors import InputError, Unavailable
from core.leads import LeadHistory
from core.sample import stream
from core.services.access import Role, api_token
from core.services.center import CommandCenter
from core.services.scores.wire import to_request
from core.services.worker import enqueue_leads
from core.settings import load_settings
from core.words import counted

MOST_A_SECOND = 500.0
TIMEOUT_S = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--rate", type=float, default=1.0, help="leads a second (default 1)")
    parser.add_argument("--seconds", type=float, help="how long (default: until Ctrl-C)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same people")
    parser.add_argument("--through", choices=("api", "stream"), default="api", help="stream: for jorge worker")
    parser.add_argument("--url", default="http://127.0.0.1:8501", help="the server (default %(default)s)")
    parser.add_argument("--token", help="a token (default: one made here, for a server with the same data folder)")


def run(arguments: argparse.Namespace) -> int:
    """Post until the time is up or Ctrl-C; 0 unless the server cannot be reached or refuses."""
    if not 0 < arguments.rate <= MOST_A_SECOND:
        raise InputError(f"--rate is {arguments.rate}; must be above 0 and at most {MOST_A_SECOND:.0f}")
    if arguments.seconds is not None and arguments.seconds <= 0:
        raise InputError(f"--seconds is {arguments.seconds}; must be above 0")
    if arguments.through == "stream":
        with CommandCenter(load_settings()) as center:
            return _simulate(arguments, lambda history: enqueue_leads(center, [history]))
    try:
        client = JorgeClient(arguments.url, token=arguments.token or _own_token(24.0), timeout_s=TIMEOUT_S)
    except ValueError as error:
        raise InputError(f"--{error}") from error
    try:
        return _simulate(arguments, lambda history: _post(client, history, arguments.url))
    finally:
        client.close()


def _simulate(arguments: argparse.Namespace, send: Callable[[LeadHistory], None]) -> int:
    posted, slowest_s, began = 0, 0.0, time.monotonic()
    try:
        for history in stream(arguments.seed):
            due = began + posted / arguments.rate
            if arguments.seconds is not None and due - began >= arguments.seconds:
                break
            time.sleep(max(0.0, due - time.monotonic()))
            started = time.monotonic()
            send(history)
            slowest_s = max(slowest_s, time.monotonic() - started)
            posted += 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
    took = max(time.monotonic() - began, 1e-9)
    print(f"{counted(posted, 'lead')} posted in {took:.1f} s, slowest answer {1000 * slowest_s:.0f} ms.")
    return 0


def _own_token(hours: float) -> str:
    with CommandCenter(load_settings()) as center:
        return api_token(center, "simulate", Role.AGENT, hours, counted=False)


def _post(client: JorgeClient, history: LeadHistory, url: str) -> None:
    """Post one lead. Raises Unavailable when the server is not there, InputError when it refuses."""
    request = to_request(history)
    try:
        client.score(request["lead_id"], request["lead_data"])
    except Unreachable as error:
        raise Unavailable(f"no server answers at {url} ({error}); start it with: jorge serve") from error
    except ApiError as error:
        raise InputError(f"the server at {url} answered {error.status}: {error.message}") from error
    except BadAnswer as error:
        raise InputError(f"what answers at {url} is not this API: {error}") from error
