"""Changed and broken bodies for every route that takes one: ``python -m tests.measure.bodies [--bodies N] [--http N]``.

Valid bodies are changed at random (values, names, types, depth, bytes) and sent to the API, in this process and over
HTTP. What must hold: an answer in JSON, none of 500 and above, none with a stack trace, and no growing memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from core.api.build import build_api
from core.cli.serve import share_one_heap
from core.services.center import CommandCenter
from core.services.crm import work
from core.services.running.warm import give_back
from tests.api.served import served, unlimited
from tests.measure.changed import Call, Maker
from tests.services.centers import settings_in
from tests.services.crm.hooks import LOCATION, public

AT_ONCE = 8
PARTS = 20
GROWN_MB = 45  # from the second part to the last: eight histories of 5,000 touches, read at once


@dataclass
class Told:
    """What came back. ``wrong`` are calls whose answer must not be."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[tuple[Call, int, bytes]] = field(default_factory=list)

    def add(self, call: Call, status: int, answer: bytes) -> None:
        self.statuses[status] += 1
        if status >= 500 or _is_a_trace(answer) or not _is_json(answer):
            self.wrong.append((call, status, answer[:500]))


def _is_a_trace(answer: bytes) -> bool:
    return b"Traceback" in answer or b'File \\"' in answer or b".py:" in answer


def _is_json(answer: bytes) -> bool:
    try:
        json.loads(answer)
    except ValueError:
        return False
    return True


async def through(app: Any, call: Call, token: str) -> tuple[int, bytes]:
    """Send a call to the ASGI app itself; whatever it raises, it raises here."""
    path, _, query = call.path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
        "method": call.method,
        "path": httpx.URL(path or "/").path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "headers": [(b"host", b"testserver")]
        + [(name.encode(), value.encode()) for name, value in call.headers(token).items()],
    }
    status, parts = 0, []
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": call.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, b"".join(parts)


async def over_http(client: httpx.AsyncClient, call: Call, token: str) -> tuple[int, bytes]:
    """Send a call to a server."""
    answer = await client.request(call.method, "/api" + call.path, content=call.body, headers=call.headers(token))
    return answer.status_code, answer.content


async def send_all(
    numbers: range, maker: Maker, send: Callable[[Call], Awaitable[tuple[int, bytes]]], told: Told
) -> None:
    """Send the calls of ``numbers``, some at once."""
    left = iter(numbers)

    async def one() -> None:
        for number in left:
            call = maker.call(number)
            told.add(call, *await send(call))

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))


def in_process(center: CommandCenter, numbers: range, maker: Maker, told: Told, parts: int = 1) -> list[float]:
    """Send calls to the app, the webhooks' events being worked through in between; resident MB after each part.

    What is free is given back before it is measured, as the server does every 20 seconds.
    """
    app, token = build_api(lambda: center), unlimited(center)
    size = -(-len(numbers) // parts)
    sizes = []
    for start in range(0, len(numbers), size):
        asyncio.run(send_all(numbers[start : start + size], maker, lambda call: through(app, call, token), told))
        while work.take_in(center):
            pass
        work.score_changed(center)
        give_back()
        sizes.append(resident_mb())
    return sizes


def to_server(center: CommandCenter, numbers: range, maker: Maker, told: Told) -> None:
    """Send calls over HTTP."""
    token = unlimited(center)

    async def run(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client:
            await send_all(numbers, maker, partial(_sent, client, token), told)

    with served(center) as url:
        asyncio.run(run(url))


async def _sent(client: httpx.AsyncClient, token: str, call: Call) -> tuple[int, bytes]:
    return await over_http(client, call, token)


def resident_mb(process_id: str = "self") -> float:
    """Resident memory of a process on Linux; 0 elsewhere."""
    status = Path(f"/proc/{process_id}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bodies", type=int, default=100_000)
    parser.add_argument("--http", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    share_one_heap()  # as the server does
    told, over, maker = Told(), Told(), Maker(arguments.seed)
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder), jorge_ghl_webhook_keys=public(), jorge_ghl_location_ids=LOCATION)
        with CommandCenter(settings) as center:
            sizes = in_process(center, range(arguments.bodies), maker, told, PARTS)
            to_server(center, range(arguments.bodies, arguments.bodies + arguments.http), maker, over)
    for name, found in (("in process", told), ("over HTTP", over)):
        print(f"{name}: {sum(found.statuses.values()):,} bodies, answers {dict(sorted(found.statuses.items()))}")
    print("resident MB:", " ".join(f"{size:.0f}" for size in sizes), f"CPU {time.process_time() - began:.0f} s")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    for call, status, answer in (told.wrong + over.wrong)[:20]:
        print("WRONG", status, call.method, call.path[:200], call.body[:400], answer)
    grown = sizes[-1] - sizes[1]  # the first warms up
    print(f"{grown:.0f} MB more after the last part than after the second")
    sys.exit(bool(told.wrong or over.wrong or grown > GROWN_MB))


if __name__ == "__main__":
    main()
