"""Runs the stand-in on a port of this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from core.escalation.fake.plan import Plan
from core.escalation.fake.server import fake_claude

_START_S = 10.0


def server_of(plan: Plan) -> uvicorn.Server:
    """A server that says nothing of what it is asked."""
    return uvicorn.Server(
        uvicorn.Config(fake_claude(plan), log_level="critical", access_log=False, lifespan="off", ws="none")
    )


@contextmanager
def running_fake(plan: Plan | None = None) -> Iterator[str]:
    """The address of a stand-in that runs in a thread of its own, on a free port, until the block ends."""
    server = server_of(plan or Plan())
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until = time.monotonic() + _START_S
        while not server.started and time.monotonic() < until:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join(_START_S)
