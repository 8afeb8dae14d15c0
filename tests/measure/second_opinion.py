"""What the second opinion holds and what it costs the first answer.

python -m tests.measure.second_opinion many [--leads 1000]   a fifth of Claude's calls fails
python -m tests.measure.second_opinion api [--requests 600]  p95 of the API with and without escalation, in turns
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from core.escalation.fake import Plan, running_fake
from core.sample import stream
from core.services.center import CommandCenter
from core.services.scores.wire import to_request
from core.store.opinions import Status
from tests.browser.conftest import Server, serving
from tests.services.escalations.conftest import desk, scores_hash, settled, unsure, until, with_claude
from tests.services.escalations.test_many import one_in_five, ready_again, rows_of
from tests.services.stump import register

PAUSE_S = 0.02
WARM_UP = 100  # the first requests load compiled code


def many(leads: int) -> None:
    """Every lead is answered or explained, nobody twice, and no budget is exceeded at any moment."""
    with tempfile.TemporaryDirectory() as work, running_fake(Plan(modes=one_in_five(10 * leads))) as address:
        folder = Path(work)
        register(folder / "models")
        limit = 0.35 * leads / 1_000  # dollars: about enough, so that the budget comes into play
        settings = with_claude(folder / "data", address, jorge_claude_daily_budget_usd=limit)
        with CommandCenter(settings, folder / "models") as center:
            unsure(center, *(f"lead_{number}" for number in range(leads)))
            before, most = scores_hash(center.store), 0
            began = time.perf_counter()
            with desk(center, at_once=8) as running:
                spent = running.state

                def done() -> bool:
                    nonlocal most
                    ready_again(center.store)
                    most = max(most, center.store.opinions.spending().day_micro_usd)
                    idle = spent.now.value == "day" and center.store.opinions.count(Status.ASKED) == 0
                    return idle or settled(center.store, leads)

                until(done, 1_800)
            took_s = time.perf_counter() - began
            rows = rows_of(center.store)
            _tell(rows, most, round(limit * 10**6), took_s)
            print(f"stored scores unchanged: {scores_hash(center.store) == before}")
            total = center.store.opinions.spending().day_micro_usd
            print(f"books agree with the rows: {total == sum(cost for *_, cost in rows)}")


def _tell(rows: list[tuple[str, str, str | None, int, int]], most: int, limit: int, took_s: float) -> None:
    states = Counter(status for _, status, *_ in rows)
    unexplained = [lead_id for lead_id, status, error, *_ in rows if status in ("failed", "refused") and not error]
    answers = Counter(lead_id for lead_id, status, *_ in rows if status == Status.ANSWERED)
    print(f"{len(rows):,} escalations in {took_s:.0f} s: {dict(states)}")
    print(f"without opinion and without explanation: {len(unexplained)}")
    print(f"answered twice: {sum(1 for n in answers.values() if n > 1)}; leads twice in the queue: {_twice(rows)}")
    print(f"most set aside or spent at any look: ${most / 1e6:.6f} of ${limit / 1e6:.6f}")


def _twice(rows: list[tuple[str, str, str | None, int, int]]) -> int:
    return sum(1 for n in Counter(lead_id for lead_id, *_ in rows).values() if n > 1)


def api(requests: int) -> None:
    """Two servers side by side, one that never escalates; each request goes to both, in changing order."""
    with tempfile.TemporaryDirectory() as work, _fake_process() as address:
        plain, asking = Path(work) / "plain", Path(work) / "asking"
        with _environment(JORGE_THRESHOLD="0.5"), serving(plain) as without:
            with_key = {"ANTHROPIC_API_KEY": "a key", "ANTHROPIC_BASE_URL": address, "JORGE_THRESHOLD": "0.85"}
            with _environment(**with_key), serving(asking) as with_it:
                times = _in_turns([without, with_it], requests)
        print(f"{requests:,} requests to each server, one every {1000 * PAUSE_S:.0f} ms")
        for name, found in zip(("without", "with"), times, strict=True):
            p50, p95 = np.percentile(found, [50, 95])
            print(f"{name:>8} escalation: p50 {p50:.2f} ms, p95 {p95:.2f} ms")
        ratios = [_p95_ratio(times, seed) for seed in range(400)]
        low, middle, high = np.percentile(ratios, [2.5, 50, 97.5])
        print(f"p95 with / without: {middle:.3f} (95 % of resampled pairs: {low:.3f} to {high:.3f})")
        _answered(asking)


def _p95_ratio(times: list[list[float]], seed: int) -> float:
    picked = np.random.default_rng(seed).integers(0, len(times[0]), len(times[0]))
    without, with_it = (np.percentile(np.array(one)[picked], 95) for one in times)
    return float(with_it / without)


def _in_turns(servers: list[Server], requests: int) -> list[list[float]]:
    lines = [http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30) for server in servers]
    times: list[list[float]] = [[], []]
    dice = random.Random(3)
    for number, lead in enumerate(islice(stream(seed=9), requests + WARM_UP)):
        body = json.dumps(to_request(lead) | {"lead_id": f"lead_{number}"}).encode()
        for place in dice.sample((0, 1), 2):
            try:
                took = _post(lines[place], servers[place].token, body)
            except ConnectionError:  # a line that lay idle too long
                lines[place].close()
                took = _post(lines[place], servers[place].token, body)
            if number >= WARM_UP:
                times[place].append(took)
            time.sleep(PAUSE_S / 2)
    return times


def _post(line: http.client.HTTPConnection, token: str, body: bytes) -> float:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    began = time.perf_counter()
    line.request("POST", "/api/v1/ml/score", body, headers)
    answer = line.getresponse()
    answer.read()
    took = 1000 * (time.perf_counter() - began)
    assert answer.status == 200, answer.status
    return took


def _answered(folder: Path) -> None:
    from core.settings import Settings

    with CommandCenter(Settings(jorge_data_dir=folder)) as center:
        print({status.value: n for status in Status if (n := center.store.opinions.count(status))})


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    unlimited = {"JORGE_RATE_LIMIT_SCORE_PER_MINUTE": "0"}
    before = {name: os.environ.get(name) for name in (*values, *unlimited)}
    os.environ.update(values | unlimited)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def _fake_process() -> Iterator[str]:
    """The stand-in in a process of its own, as Claude is not on this machine either."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "core", "fake-claude", "--port", str(port)])
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("many", "api"))
    parser.add_argument("--leads", type=int, default=1_000)
    parser.add_argument("--requests", type=int, default=600)
    wanted = parser.parse_args()
    if wanted.what == "many":
        many(wanted.leads)
    else:
        api(wanted.requests)
