"""Puts the routes together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from core.api import lead_mail, leads, live, model, scores, status, webhooks
from core.api.callers import CenterProvider
from core.api.docs_page import docs_page
from core.api.documented import DESCRIPTION, TAGS, DocumentedApi
from core.api.failures import install
from core.api.hosts import Hosts, hosts_of
from core.api.prometheus import prometheus_route
from core.api.rim import Rim
from core.services.access.origins import origins_in
from core.services.center import CommandCenter
from core.settings import Settings

PREFIX = "/v1/ml"
CRM_PREFIX = "/v1"
FAMILIES: tuple[APIRouter, ...] = (scores.router, leads.router, model.router)  # further families of routes go here


def build_api(center: CenterProvider, settings: Settings | None = None) -> FastAPI:
    """The API, to be mounted under ``/api``; ``center`` gives the center of the process when a request needs it.

    Without ``settings`` it may be called under every name, and by no other site.
    """
    origins = origins_in(settings.jorge_cors_origins if settings else "")
    hosts = hosts_of(settings) if settings else Hosts.of("*")
    middleware = [Middleware(Rim, hosts=hosts, count=lambda status: center().performance.called(status))]
    if origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST"],
                allow_headers=["authorization", "content-type", "x-api-key", "x-request-id"],
                expose_headers=["x-request-id", "retry-after"],
            )
        )
    api = DocumentedApi(
        title="Jorge lead scoring",
        version="1",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nobody is told; /metrics counts
        docs_url=None,
        redoc_url=None,
        middleware=middleware,
        lifespan=_lifespan(center),
        swagger_ui_oauth2_redirect_url=None,
    )
    api.state.center = center
    api.state.sockets = 0
    api.state.origins = frozenset(origins)
    install(api)
    for family in FAMILIES:
        api.include_router(family, prefix=PREFIX)
    api.include_router(lead_mail.router, prefix=CRM_PREFIX)
    api.include_router(webhooks.router, prefix=CRM_PREFIX)
    api.include_router(status.router, prefix=PREFIX)
    api.include_router(live.router, prefix=PREFIX)
    api.include_router(prometheus_route(center))
    api.include_router(docs_page(api))
    return api


def _lifespan(center: CenterProvider) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The API runs the live feed: Redis, relay and hub live exactly as long as it does."""

    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        running = await asyncio.to_thread(_start, center)
        try:
            yield
        finally:
            await asyncio.to_thread(running.close)

    return lifespan


def _start(center: CenterProvider) -> CommandCenter:
    running = center()
    running.start_live()
    return running
