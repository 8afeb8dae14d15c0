"""The API behind a real server on a free port of this machine, at the addresses that clients know."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette

from core.api.build import build_api
from core.api.doors import doors
from core.services.access import Role, api_token
from core.services.center import CommandCenter


@contextmanager
def served(center: CommandCenter, *, sockets: bool = False) -> Iterator[str]:
    """The address of a server of ``center``, without the dashboard; with ``sockets`` it also takes WebSockets."""
    api = build_api(lambda: center)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with api.router.lifespan_context(api):
            yield

    app = Starlette(routes=doors(api), lifespan=lifespan)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", access_log=False, ws="auto" if sockets else "none")
        )
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def unlimited(center: CommandCenter, role: Role = Role.AGENT) -> str:
    """A token whose calls are not counted."""
    return api_token(center, "tests", role, 1, counted=False)
