"""Is everything up? Each dependency is asked by itself, and the answer names what is down."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import FeedUnavailable, JorgeError
from core.features.catalog import NAMES, UNKNOWN
from core.leads import utc_now

if TYPE_CHECKING:
    from core.services.center import CommandCenter

HEALTHY, DEGRADED, UNHEALTHY = "healthy", "degraded", "unhealthy"
SET_UP, NOT_SET_UP = "configured", "not_configured"
_ESSENTIAL = ("ml_model", "database")


def checks(center: CommandCenter) -> dict[str, Any]:
    """Ask every dependency: ``{"status", "timestamp", "checks": {name: {"status", "response_time_ms"}}}``.

    Without a model or the database the whole is unhealthy, without Redis degraded: leads are still scored, and the
    screens read the database. Claude is not called, only whether it is set up is told; it is no fault when not. What is
    down has a ``detail`` and ``since`` when this process has known.
    """
    from core.store.events import wire_time

    found = {
        "ml_model": _check(center, "ml_model", lambda: _ask_model(center)),
        "redis": _check(center, "redis", lambda: _ask_redis(center)),
        "database": _check(center, "database", lambda: center.store.ping()),
        "claude": {
            "status": SET_UP if center.settings.anthropic_api_key else NOT_SET_UP,
            "response_time_ms": None,
        },
    }
    down = [name for name, check in found.items() if check["status"] == UNHEALTHY]
    status = UNHEALTHY if set(down) & set(_ESSENTIAL) else DEGRADED if down else HEALTHY
    return {"status": status, "timestamp": wire_time(utc_now()), "checks": found}


def _check(center: CommandCenter, name: str, ask: Callable[[], object]) -> dict[str, Any]:
    from core.store.events import wire_time

    started = perf_counter()
    try:
        ask()
    except JorgeError as error:
        took, since = _since(started), center.down_since.setdefault(name, utc_now())
        return {
            "status": UNHEALTHY,
            "response_time_ms": took,
            "since": wire_time(since),
            "detail": str(error),
        }
    center.down_since.pop(name, None)
    return {"status": HEALTHY, "response_time_ms": _since(started)}


def _ask_model(center: CommandCenter) -> None:
    """Open it, which checks its files; let it score once its compiled code is there: a first screen must not wait."""
    model = center.model
    if "explainer" in vars(model):
        model.score(np.full(len(NAMES), UNKNOWN, dtype=np.float32))


def _ask_redis(center: CommandCenter) -> None:
    feed = center.feed
    if feed is not None:
        feed.ping()
        return
    from core.realtime.connection import connect, redis_errors

    url = center.settings.jorge_redis_url
    if url is None:
        raise FeedUnavailable("the embedded Redis runs in the server; start it with: jorge serve")
    client = connect(url, retries=0)
    try:
        with redis_errors("answering"):
            client.ping()
    finally:
        client.close()


def _since(started: float) -> float:
    return round(1000 * (perf_counter() - started), 3)
