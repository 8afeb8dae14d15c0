"""What a replica for programs alone serves: the API under /api and its counts at /metrics, without Streamlit."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import anyio.to_thread
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Route

from core.api.build import build_api
from core.api.doors import doors, nothing_else
from core.services.center import current
from core.services.running.warm import settle, warm_and_stay_small
from core.settings import load_settings


def api_alone() -> Starlette:
    """The application, for a process that serves nothing else."""
    api = build_api(current, load_settings())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with api.router.lifespan_context(api):  # a mounted app's own lifespan is not run
            center = current()
            await anyio.to_thread.run_sync(center.open_all)
            settle()
            center.start_background()
            warm = partial(warm_and_stay_small, center, screens=False)
            threading.Thread(target=warm, name="warm", daemon=True).start()
            yield

    routes = [Route("/", RedirectResponse("/api/docs")), *doors(api), nothing_else(api)]
    return Starlette(routes=routes, lifespan=lifespan)
