"""The stand-in turns down what the real service turns down, and says that it is none."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

import httpx
import pytest

from core.escalation import PriceTable
from core.escalation.fake import MODES, Plan, running_fake
from core.escalation.prompt import prompt_of
from tests.escalation.asking import question

HEADERS = {"x-api-key": "k", "anthropic-version": "2026-10-21"}


def params(**changes: Any) -> dict[str, Any]:
    """A request that is in order, but for ``changes``."""
    model = "claude-haiku-5-5"
    return {**prompt_of(question("hello"), model, PriceTable.load().price(model)).params, **changes}


def post(body: Any, plan: Plan | None = None, headers: dict[str, str] | None = None) -> httpx.Response:
    """What the stand-in answers to one request."""
    with running_fake(plan) as address:
        return httpx.post(f"{address}/v1/messages", json=body, headers=HEADERS | (headers or {}), trust_env=False)


SCHEMA_WITH_BOUNDS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"n": {"type": "integer", "minimum": 1}},
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"max_tokens": 0}, "max_tokens: must be from 1"),
        ({"messages": []}, "messages: at least one message"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages.0.role"),
        ({"temprature": 1}, "temprature: Extra inputs are not permitted"),
        ({"output_config": {"effort": "little"}}, "output_config.effort"),
        (
            {"output_config": {"format": {"schema": SCHEMA_WITH_BOUNDS}}},
            "'integer' type, property 'minimum' is not supported",
        ),
        ({"output_config": {"format": {"schema": {"type": "object"}}}}, "'additionalProperties' must be explicitly"),
    ],
)
def test_a_request_out_of_order_is_an_invalid_request(changes: dict[str, Any], words: str) -> None:
    answer = post(params(**changes))
    assert answer.status_code == 400
    error = answer.json()
    assert error["type"] == "error"
    assert error["error"]["type"] == "invalid_request_error"
    assert words in error["error"]["message"]
    assert error["request_id"] == answer.headers["request-id"]


def test_without_a_key_nobody_is_answered() -> None:
    answer = post(params(), headers={"x-api-key": ""})
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "authentication_error")


def test_every_answer_says_that_it_is_simulated() -> None:
    answer = post(params())
    assert answer.headers["x-jorge-simulated"] == "true"
    assert answer.json()["model"] == "simulated/claude-haiku-5-5"
    assert "Simulated: no one has read this conversation." in answer.json()["content"][0]["text"]


def test_a_header_says_what_the_next_answer_is() -> None:
    assert post(params(), Plan(modes=["500"]), {"x-fake-mode": "529"}).status_code == 529


def test_the_same_question_gets_the_same_opinion() -> None:
    first, second = (post(params()).json() for _ in range(2))
    assert first["content"] == second["content"]
    assert first["id"] != second["id"]


def test_a_mode_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"there is no mode \['sucess'\]; there are: success, "):
        Plan(modes=["sucess"])
    assert len(MODES) >= 20


def test_the_command_says_how_to_use_it_and_stops_cleanly() -> None:
    command = [sys.executable, "-m", "core", "fake-claude", "--port", "0", "--mode", "refusal"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()
        address = first.split()[6]
        answer = httpx.post(f"{address}/v1/messages", json=params(), headers=HEADERS, trust_env=False)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert f"ANTHROPIC_BASE_URL={address}" in second
    assert answer.json()["stop_reason"] == "refusal"
    assert (process.returncode, errors) == (0, "")


def test_the_sdk_is_not_loaded_before_somebody_asks() -> None:
    script = "import sys, core.escalation, core.escalation.fake; print({'anthropic', 'httpx2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
