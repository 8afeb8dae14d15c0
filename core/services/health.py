"""Is everything up? Each dependency is asked by itself, for a short time, and the answer names what is down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import FeedUnavailable, JorgeError, ModelNotReady
from core.features.catalog import NAMES, UNKNOWN
from core.leads import utc_now
from core.services.crm import writing

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter

HEALTHY, DEGRADED, UNHEALTHY = "healthy", "degraded", "unhealthy"
SET_UP, NOT_SET_UP = "configured", "not_configured"
LIMIT_S = 0.5
_ESSENTIAL = ("ml_model", "database")
_asking_lock = threading.Lock()


def checks(center: CommandCenter) -> dict[str, Any]:
    """Ask every dependency: ``{"status", "timestamp", "checks": {name: {"status", "response_time_ms"}}}``.

    All are asked at once, and what has not answered within half a second counts as down. Without a model or the
    database the whole is unhealthy, without Redis degraded: leads are still scored, and the screens read the database.
    Claude is not called, only whether it is set up is told; it is no fault when not. ``crm`` stands there while scores
    are written back. What is down has a ``detail`` and ``since`` when this process has known; a model that is only
    being made ready also has ``getting_ready``. ``warm`` of the model says whether its compiled code is loaded: for a
    second or two after a start it is not, and the first score would wait for it.
    """
    from core.store.events import wire_time

    asked = {name: _asked(center, name, ask) for name, ask in _QUESTIONS.items()}
    until = perf_counter() + LIMIT_S
    found = {name: _check(center, name, answer, until) for name, answer in asked.items()}
    if found["ml_model"]["status"] == HEALTHY:
        found["ml_model"]["warm"] = _is_warm(center.model)
    found["claude"] = {
        "status": SET_UP if center.settings.anthropic_api_key else NOT_SET_UP,
        "response_time_ms": None,
    }
    if writing.is_on(center):
        found["crm"] = _crm(center)
    down = [name for name, check in found.items() if check["status"] == UNHEALTHY]
    status = UNHEALTHY if set(down) & set(_ESSENTIAL) else DEGRADED if down else HEALTHY
    return {"status": status, "timestamp": wire_time(utc_now()), "checks": found}


def _crm(center: CommandCenter) -> dict[str, Any]:
    """Whether the CRM took what it was told last; it is not called here."""
    trouble = writing.problem(center)
    if trouble is None:
        center.down_since.pop("crm", None)
        return {"status": HEALTHY, "response_time_ms": None}
    from core.store.events import wire_time

    since = center.down_since.setdefault("crm", utc_now())
    return {"status": UNHEALTHY, "response_time_ms": None, "since": wire_time(since), "detail": trouble[0]}


def _asked(center: CommandCenter, name: str, ask: Callable[[CommandCenter], object]) -> Future[float]:
    """Ask in a thread of its own; its answer is the time it took, in ms. Who hangs still is not asked a second time."""
    with _asking_lock:
        running = center.asking.get(name)
        if running is not None and not running.done():
            return running
        answer = center.asking[name] = Future()
    threading.Thread(target=_ask, args=(center, ask, answer), name=f"health-{name}", daemon=True).start()
    return answer


def _ask(center: CommandCenter, ask: Callable[[CommandCenter], object], answer: Future[float]) -> None:
    started = perf_counter()
    try:
        ask(center)
    except Exception as error:  # whoever waits must hear of it, whatever it is
        answer.set_exception(error)
    else:
        answer.set_result(_since(started))


def _check(center: CommandCenter, name: str, answer: Future[float], until: float) -> dict[str, Any]:
    from core.store.events import wire_time

    started, soon = perf_counter(), {}
    try:
        took = answer.result(max(0.0, until - started))
    except TimeoutError:
        problem = f"{name} did not answer within {1000 * LIMIT_S:.0f} ms"
    except JorgeError as error:
        problem = str(error)
        soon = {"getting_ready": True} if isinstance(error, ModelNotReady) else {}
    except Exception as error:
        problem = f"asking {name} failed with {type(error).__name__}"
    else:
        center.down_since.pop(name, None)
        return {"status": HEALTHY, "response_time_ms": took}
    since = center.down_since.setdefault(name, utc_now())
    return {
        "status": UNHEALTHY,
        "response_time_ms": _since(started),
        "since": wire_time(since),
        "detail": problem,
        **soon,
    }


def _ask_model(center: CommandCenter) -> None:
    """Open it, which checks its files; let it score once its compiled code is there: a first screen must not wait."""
    model = center.model
    if _is_warm(model):
        model.score(np.full(len(NAMES), UNKNOWN, dtype=np.float32))


def _is_warm(model: ScoringModel) -> bool:
    return "explainer" in vars(model)


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


_QUESTIONS: dict[str, Callable[[CommandCenter], object]] = {
    "ml_model": _ask_model,
    "redis": _ask_redis,
    "database": lambda center: center.store.ping(),
}


def _since(started: float) -> float:
    return round(1000 * (perf_counter() - started), 3)
