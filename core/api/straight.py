"""Endpoints that take a body, or only the request: called without what FastAPI goes through for all others.

To find out what an endpoint depends on costs FastAPI twice as long as reading its body. The document, the model of the
body and its errors are FastAPI's own.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import InputError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_JSON: Final = re.compile(r"\s*application/(?:[^/;]*\+)?json\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)
_PARAMETERS: Final = frozenset({"body", "request"})


def straight(route: APIRoute) -> Handler | None:
    """What calls the endpoint of ``route``; None for one that takes anything but ``body`` and ``request``."""
    taken = inspect.signature(route.endpoint).parameters.keys()
    if not taken <= _PARAMETERS or route.dependant.dependencies:
        return None
    call: Callable[..., Awaitable[Response]] = route.endpoint
    if not inspect.iscoroutinefunction(route.endpoint):
        call = partial(run_in_threadpool, route.endpoint)
    if "body" not in taken:
        return lambda request: call(request=request)  # type: ignore[return-value]

    async def handle(request: Request) -> Response:
        body = _checked(route, await _told(request))
        return await call(body=body, request=request)

    return handle


async def _told(request: Request) -> Any:
    """The JSON value of the body, None where there is none. Raises InputError for no JSON."""
    try:
        raw = await request.body()
        if not raw:
            return None
        _plain_json(request.headers)
        return json.loads(raw)
    except json.JSONDecodeError as error:
        raise InputError(f"The body is not JSON: {error.msg} at character {error.pos}; correct it.") from error
    except (HTTPException, InputError):
        raise
    except Exception as error:  # no UTF-8, or nested without end
        raise HTTPException(400, "There was an error parsing the body") from error


def _plain_json(headers: Headers) -> None:
    """Raise InputError for a body that says of itself that it is no JSON, or packed: what it holds is not looked at."""
    if not _JSON.fullmatch(headers.get("content-type", "")):
        raise InputError("The body is not said to be JSON; send it with the header Content-Type: application/json.")
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise InputError("The body is compressed; send it as it is, without the header Content-Encoding.")


def _checked(route: APIRoute, told: Any) -> Any:
    field = route.body_field
    if field is None or told is None:
        raise RequestValidationError([{"type": "missing", "loc": ("body",), "msg": "Field required", "input": None}])
    body, problems = field.validate(told, {}, loc=("body",))
    if problems:
        raise RequestValidationError(problems)
    return body
