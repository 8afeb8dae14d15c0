"""Is everything up? Each dependency is asked by itself, and the answer names what is down."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from core.errors import JorgeError
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
    down has a ``detail``.
    """
    from core.store.events import wire_time

    found = {
        "ml_model": _check(lambda: _ask_model(center)),
        "redis": _check(lambda: _ask_redis(center)),
        "database": _check(lambda: center.store.ping()),
        "claude": {
            "status": SET_UP if center.settings.anthropic_api_key else NOT_SET_UP,
            "response_time_ms": None,
        },
    }
    down = [name for name, check in found.items() if check["status"] == UNHEALTHY]
    status = UNHEALTHY if set(down) & set(_ESSENTIAL) else DEGRADED if down else HEALTHY
    return {"status": status, "timestamp": wire_time(utc_now()), "checks": found}


def _check(ask: Callable[[], object]) -> dict[str, Any]:
    started = perf_counter()
    try:
        ask()
    except JorgeError as error:
        return {"status": UNHEALTHY, "response_time_ms": _since(started), "detail": str(error)}
    return {"status": HEALTHY, "response_time_ms": _since(started)}


def _ask_model(center: CommandCenter) -> None:
    import numpy as np

    from core.features.catalog import NAMES, UNKNOWN

    center.model.score(np.full(len(NAMES), UNKNOWN, dtype=np.float32))


def _ask_redis(center: CommandCenter) -> None:
    feed = center.feed
    if feed is not None:
        feed.ping()
        return
    from core.errors import FeedUnavailable
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
