"""The bodies that the stand-in answers with, in the shapes of the real service."""

from __future__ import annotations

import itertools
import json
from typing import Any, Final

from core.escalation.fake.obedient import obeyed
from core.escalation.fake.plan import Plan
from core.escalation.fake.simulated import simulated_opinion
from core.escalation.tally import SIMULATED

ERRORS: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}
_CACHED_FROM: Final = 1_024  # tokens; a shorter prefix is not kept
_CHARACTERS_A_TOKEN: Final = 3
_numbers = itertools.count(1)


def new_id(kind: str) -> str:
    """An id that no other request of this process has."""
    return f"{kind}_simulated{next(_numbers):010d}"


def error(status: int, message: str, request_id: str) -> dict[str, Any]:
    """The body of an error."""
    kind = ERRORS.get(status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}


def message(body: dict[str, Any], mode: str, plan: Plan) -> dict[str, Any]:
    """A whole answer of the Messages API."""
    text, stop_reason = _text(body, mode, plan), "end_turn"
    content: list[dict[str, Any]] = [{"type": "text", "text": text, "citations": None}]
    if mode == "thinking":
        content.insert(0, {"type": "thinking", "thinking": "The lead asks for a tour.", "signature": "c2lnbmVk"})
    if mode == "refusal":
        content, stop_reason, text = [], "refusal", ""
    if mode == "max_tokens":
        stop_reason = "max_tokens"
    details = {"type": "refusal", "category": "general_harms", "explanation": None} if mode == "refusal" else None
    return {
        "id": new_id("msg"),
        "type": "message",
        "role": "assistant",
        "model": SIMULATED + body["model"],
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "stop_details": details,
        "usage": {"input_tokens": "many", "output_tokens": -1} if mode == "odd_usage" else _usage(body, text, plan),
    }


def _text(body: dict[str, Any], mode: str, plan: Plan) -> str:
    ready = plan.next_text()
    if ready is not None:
        return ready
    if mode == "obedient":
        return obeyed(body)
    opinion = simulated_opinion(body)
    if mode == "wrong_schema":
        return json.dumps({"rating": 100, "comment": "hot"})
    if mode == "out_of_range":
        many = [{"quote": "x" * 5_000, "why": "y" * 5_000}] * 40
        return json.dumps({**opinion, "evidence": many, "band": "over 100 %", "draft_reply": "z" * 20_000})
    text = json.dumps(opinion, ensure_ascii=False)
    return text[: len(text) // 2] if mode in ("wrong_json", "max_tokens") else text


def _usage(body: dict[str, Any], text: str, plan: Plan) -> dict[str, Any]:
    """Tokens by length; the system prompt is written to a cache once and read from it afterwards."""
    system = json.dumps(body.get("system", "")).encode()
    kept = _tokens(system) if b"cache_control" in system and _tokens(system) >= _CACHED_FROM else 0
    known = kept > 0 and system in plan.cached
    if kept:
        plan.cached.add(system)
    rest = _tokens(json.dumps(body["messages"]).encode()) + (0 if kept else _tokens(system))
    return {
        "input_tokens": rest,
        "cache_creation_input_tokens": 0 if known else kept,
        "cache_read_input_tokens": kept if known else 0,
        "output_tokens": min(_tokens(text.encode()) + 1, body["max_tokens"]),
        "service_tier": "standard",
    }


def _tokens(data: bytes) -> int:
    return len(data) // _CHARACTERS_A_TOKEN
