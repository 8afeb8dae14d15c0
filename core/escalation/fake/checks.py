"""Turns down what the real service turns down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_KNOWN: Final = frozenset(
    {"model", "max_tokens", "messages", "system", "output_config", "thinking", "metadata", "service_tier"}
    | {"stop_sequences", "stream", "temperature", "tool_choice", "tools", "top_k", "top_p"}
)
_NO_KEYWORDS: Final = ("minimum", "maximum", "minLength", "maxLength", "maxItems", "multipleOf", "pattern")
_EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")
_MOST_TOKENS: Final = 128_000


def complaint(body: Any) -> str | None:
    """What is wrong with the parameters of one message, None when nothing is."""
    if not isinstance(body, dict):
        return "the body must be a JSON object"
    unknown = set(body) - _KNOWN
    if unknown:
        return f"{sorted(unknown)[0]}: Extra inputs are not permitted"
    if not isinstance(body.get("model"), str):
        return "model: Field required"
    tokens = body.get("max_tokens")
    if not isinstance(tokens, int) or not 1 <= tokens <= _MOST_TOKENS:
        return f"max_tokens: must be from 1 to {_MOST_TOKENS}"
    return _of_messages(body.get("messages")) or _of_output(body.get("output_config") or {})


def _of_messages(messages: Any) -> str | None:
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    for number, message in enumerate(messages):
        if message.get("role") not in ("user", "assistant"):
            return f"messages.{number}.role: must be user or assistant"
        if not message.get("content"):
            return f"messages.{number}.content: text content blocks must be non-empty"
    return None


def _of_output(config: Mapping[str, Any]) -> str | None:
    if config.get("effort", "low") not in _EFFORTS:
        return f"output_config.effort: must be one of {', '.join(_EFFORTS)}"
    form = config.get("format")
    return None if form is None else _of_schema(form.get("schema"), "output_config.format.schema")


def _of_schema(schema: Any, where: str) -> str | None:
    if not isinstance(schema, dict):
        return f"{where}: must be an object"
    for keyword in _NO_KEYWORDS:
        if keyword in schema:
            return f"{where}: For '{schema.get('type')}' type, property '{keyword}' is not supported"
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        return f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false"
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return next(filter(None, (_of_schema(part, where) for part in inner)), None)
