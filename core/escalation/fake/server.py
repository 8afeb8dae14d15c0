"""The endpoints of the stand-in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from core.escalation.fake import replies
from core.escalation.fake.checks import complaint
from core.escalation.fake.plan import HEADER, Plan, Received
from core.leads import utc_now

LARGEST_BODY: Final = 32 * 1024 * 1024
_STALL_S: Final = 60.0
_PIECES: Final = 60
SIMULATED_HEADER: Final = "x-jorge-simulated"
Work = Callable[[Request, Any, Plan], Awaitable[Response]]


def fake_claude(plan: Plan | None = None) -> Starlette:
    """The stand-in as an application; ``plan`` says what it does, and keeps what it was sent."""
    plan = plan or Plan()

    def route(path: str, work: Work, method: str) -> Route:
        async def answer(request: Request) -> Response:
            body = await request.body()
            plan.keep(Received(request.url.path, dict(request.headers), body))
            refused = _refused(request, body)
            return refused if refused is not None else await work(request, _json(body), plan)

        return Route(path, answer, methods=[method])

    return Starlette(
        routes=[
            route("/v1/messages", _create, "POST"),
            route("/v1/messages/batches", _create_batch, "POST"),
            route("/v1/messages/batches/{batch_id}", _retrieve_batch, "GET"),
            route("/v1/messages/batches/{batch_id}/results", _batch_results, "GET"),
        ]
    )


async def _create(request: Request, body: Any, plan: Plan) -> Response:
    wrong = complaint(body)
    if wrong is not None:
        return _error(400, wrong)
    return await _in_mode(plan.next_mode(request.headers.get(HEADER)), body, plan)


async def _create_batch(request: Request, body: Any, plan: Plan) -> Response:
    asked = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(asked, list) or not asked:
        return _error(400, "requests: at least one request is required")
    ids = [str(one.get("custom_id", "")) for one in asked]
    wrong = next(filter(None, (complaint(one.get("params")) for one in asked)), None)
    if len(set(ids)) < len(ids) or any(not 1 <= len(name) <= 64 for name in ids):
        wrong = "requests: custom_id must be unique and have 1 to 64 characters"
    if wrong is not None:
        return _error(400, wrong)
    mode = plan.next_mode() if plan.batch_modes else "success"
    if mode != "success":
        return await _in_mode(mode, asked[0]["params"], plan)
    batch = {"requests": asked, "polls": 0, "made_at": utc_now(), "id": (batch_id := replies.new_id("msgbatch"))}
    plan.batches[batch_id] = batch
    return _answered(_batch(batch, ended=False, host=str(request.base_url)))


async def _retrieve_batch(request: Request, _: Any, plan: Plan) -> Response:
    batch = plan.batches.get(request.path_params["batch_id"])
    if batch is None:
        return _error(404, "no such batch")
    batch["polls"] += 1
    return _answered(_batch(batch, ended=batch["polls"] > plan.batch_polls, host=str(request.base_url)))


async def _batch_results(request: Request, _: Any, plan: Plan) -> Response:
    batch = plan.batches.get(request.path_params["batch_id"])
    if batch is None or batch["polls"] <= plan.batch_polls:
        return _error(404, "no results yet")
    lines = [_result(one, plan) for one in reversed(batch["requests"])]  # in any order but that of the questions
    return Response("".join(json.dumps(line) + "\n" for line in lines), media_type="application/binary")


def _refused(request: Request, body: bytes) -> Response | None:
    if not request.headers.get("x-api-key") and not request.headers.get("authorization", "").startswith("Bearer "):
        return _error(401, "a key is required, as x-api-key or as a bearer token")
    if not request.headers.get("anthropic-version"):
        return _error(400, "anthropic-version: header is required")
    if len(body) > LARGEST_BODY:
        return _error(413, "Request exceeds the maximum size")
    return None


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


async def _in_mode(mode: str, body: dict[str, Any], plan: Plan) -> Response:
    if mode == "503":
        return Response("<html><h1>503 Service Unavailable</h1></html>", 503, media_type="text/html")
    if mode.isdigit():
        return _error(int(mode), f"simulated {replies.ERRORS[int(mode)]}", plan.retry_after if mode == "429" else None)
    if mode == "redirect":
        return Response(status_code=307, headers={"location": "http://127.0.0.1:9/elsewhere"})
    if mode == "stalled":
        await asyncio.sleep(_STALL_S)
    if mode == "not_json":
        return Response("<html>sign in to the network</html>", media_type="text/html")
    answer = _answered(replies.message(body, mode, plan))
    if mode in ("slow", "cut", "dropped"):
        return _broken(answer, mode, plan)
    return answer


def _broken(whole: Response, mode: str, plan: Plan) -> Response:
    data = bytes(whole.body)

    async def pieces() -> AsyncIterator[bytes]:
        if mode == "slow":
            step = max(1, len(data) // _PIECES)
            for at in range(0, len(data), step):
                yield data[at : at + step]
                await asyncio.sleep(plan.drip_s)
        elif mode == "cut":
            yield data[: len(data) // 2]

    return StreamingResponse(pieces(), headers=dict(whole.headers), media_type="application/json")


def _answered(body: dict[str, Any]) -> JSONResponse:
    return JSONResponse(body, headers={"request-id": replies.new_id("req"), SIMULATED_HEADER: "true"})


def _error(status: int, text: str, retry_after: str | None = None) -> JSONResponse:
    request_id = replies.new_id("req")
    headers = {"request-id": request_id, SIMULATED_HEADER: "true"}
    if retry_after is not None:
        headers["retry-after"] = retry_after
    return JSONResponse(replies.error(status, text, request_id), status, headers=headers)


def _batch(batch: dict[str, Any], *, ended: bool, host: str) -> dict[str, Any]:
    made_at: datetime = batch["made_at"]
    total = len(batch["requests"])
    counts = {"processing": 0 if ended else total, "succeeded": total if ended else 0}
    return {
        "id": batch["id"],
        "type": "message_batch",
        "processing_status": "ended" if ended else "in_progress",
        "request_counts": {**counts, "errored": 0, "canceled": 0, "expired": 0},
        "created_at": made_at.isoformat(),
        "expires_at": (made_at + timedelta(hours=24)).isoformat(),
        "ended_at": utc_now().isoformat() if ended else None,
        "archived_at": None,
        "cancel_initiated_at": None,
        "results_url": f"{host}v1/messages/batches/{batch['id']}/results" if ended else None,
    }


def _result(one: dict[str, Any], plan: Plan) -> dict[str, Any]:
    mode = plan.next_mode()
    if mode.isdigit():
        failed = replies.error(int(mode), "simulated", replies.new_id("req"))
        return {"custom_id": one["custom_id"], "result": {"type": "errored", "error": failed}}
    if mode in ("cut", "dropped"):
        return {"custom_id": one["custom_id"], "result": {"type": "expired"}}
    message = replies.message(one["params"], mode, plan)
    return {"custom_id": one["custom_id"], "result": {"type": "succeeded", "message": message}}
