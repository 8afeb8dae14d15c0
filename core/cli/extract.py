"""``jorge extract``: JSON lines in, features and the words they were found in out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from pydantic import ValidationError

from core.cli.shown import shown
from core.errors import LeadError
from core.features import CATALOG, LeadFeatures, extract
from core.features.catalog import UNKNOWN
from core.features.signal import Signal
from core.leads import Lead, LeadHistory, utc_now
from core.services.scores.wire import LeadIn, ScoreIn, TouchIn, few_fields

LONGEST_LINE = 5_000_000
NEEDS_DATES = frozenset(
    {
        "response_time_hours",
        "response_rate",
        "interaction_count",
        "interactions_last_7_days",
        "days_since_last_interaction",
    }
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        'Reads JSON lines: {"messages": ["...", {"text": "...", "direction": "inbound", "timestamp": "...Z"}]}, '
        "the lead_data of a score request, or a whole score request."
    )


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - it takes none
    """Answer line by line; 2 when a line could not be used (it is answered with an error object)."""
    status = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            answer = read_line(line)
        except LeadError as error:
            print(f"line {number}: {shown(str(error))}", file=sys.stderr)
            answer, status = {"error": str(error)}, 2
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()
    return status


def read_line(line: bytes) -> dict[str, Any]:
    """Features and signals of one line. Raises LeadError for one that cannot be used."""
    if len(line) > LONGEST_LINE:
        raise LeadError(f"holds {len(line):,} bytes; at most {LONGEST_LINE:,} are allowed")
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise LeadError(f"is not JSON ({error})") from error
    if not isinstance(told, dict):
        raise LeadError('is not a JSON object; write {"messages": [...]} or the data of a lead')
    try:
        return _of_messages(told) if "messages" in told else _of_lead(told)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in problem["loc"])[:200]
        raise LeadError(f"{where}: {problem['msg'].removeprefix('Value error, ')}") from error


def _of_lead(told: dict[str, Any]) -> dict[str, Any]:
    if "lead_id" in told:
        return _answer(extract(ScoreIn.model_validate(told).to_history(), utc_now()))
    data = LeadIn.model_validate(told)
    return _answer(extract(ScoreIn(lead_id="line", lead_data=data).to_history(), utc_now()))


def _of_messages(told: dict[str, Any]) -> dict[str, Any]:
    """Messages without dates say nothing about how fast or how often somebody writes: that stays unknown."""
    messages = told["messages"]
    if not isinstance(messages, list) or len(told) > 1:
        raise LeadError('messages must be a list, and stand alone: {"messages": [...]}')
    now = utc_now()
    dated = all(isinstance(message, dict) and "timestamp" in message for message in messages)
    touches = [_touch(message, now, place) for place, message in enumerate(messages)]
    history = LeadHistory(lead=Lead(lead_id="line"), interactions=tuple(touch.to_domain() for touch in touches))
    return _answer(extract(history, now), None if dated else NEEDS_DATES.__contains__)


def _touch(message: object, now: datetime, place: int) -> TouchIn:
    if isinstance(message, str):
        message = {"text": message}
    if not isinstance(message, dict):
        raise LeadError(f"messages.{place} is neither a text nor an object")
    try:
        few_fields(message)
    except ValueError as error:
        raise LeadError(f"messages.{place} {error}") from error
    return TouchIn.model_validate({"timestamp": now, "type": "chat", **message})


def _answer(found: LeadFeatures, hidden: Callable[[str], bool] | None = None) -> dict[str, Any]:
    return {
        "features": {
            feature.name: None
            if value == UNKNOWN or (hidden is not None and hidden(feature.name))
            else round(float(value), 6)
            for feature, value in zip(CATALOG, found.values, strict=True)
        },
        "signals": [_signal(signal) for signal in found.signals],
    }


def _signal(signal: Signal) -> dict[str, Any]:
    said = {
        "kind": signal.kind,
        "text": signal.text,
        "start": signal.start,
        "end": signal.end,
        "message": signal.message,
        "value": signal.value,
    }
    return said if signal.field is None else said | {"field": signal.field}
