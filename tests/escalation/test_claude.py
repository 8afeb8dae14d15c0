"""The real SDK against the stand-in: every way to fail ends as an answer that says why, with exact books."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from typing import Any

import pytest

from core.errors import SettingsError
from core.escalation import Answer, AnswerStatus, Band, Claude, PriceTable, Usage
from core.escalation import claude as asking_claude
from core.escalation.fake import Plan, running_fake
from core.escalation.prompt import Prompt
from tests.escalation.asking import ask, ask_all, question, reply, settings

ANSWERED, REFUSED, FAILED = AnswerStatus.ANSWERED, AnswerStatus.REFUSED, AnswerStatus.FAILED
MODEL = "claude-haiku-5-5"


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """The SDK takes seconds to load on a busy machine; no test should measure that."""
    import anthropic.resources.messages  # noqa: F401


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking_claude, "FIRST_PAUSE_S", 0.01)


def test_a_question_is_answered_with_an_opinion_marked_as_simulated() -> None:
    answer = ask(question("We are pre-approved, can we see it on Saturday?"))
    assert answer.status is ANSWERED
    assert answer.opinion is not None
    assert answer.opinion.band is Band.STRONG  # 40 % and 15 for each of two signs
    assert answer.opinion.draft_reply.startswith("Hi Ana, ")
    assert answer.simulated
    assert answer.why is None
    assert answer.claude_model == f"simulated/{MODEL}"
    assert answer.request_id is not None
    assert answer.took_ms > 0


def test_the_request_is_what_the_messages_api_wants() -> None:
    plan = Plan()
    ask(question("hello"), plan)
    body, headers = json.loads(plan.received[0].body), plan.received[0].headers
    assert headers["authorization"] == "Bearer sk-test"
    assert body["model"] == MODEL
    assert body["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert body["output_config"]["effort"] == "low"
    assert body["output_config"]["format"]["type"] == "json_schema"
    assert set(body) == {"model", "max_tokens", "system", "messages", "output_config"}


def test_the_second_question_reads_the_system_prompt_from_the_cache() -> None:
    first, second = ask_all([question("hello"), question("hello")], Plan())
    assert first.usage is not None
    assert second.usage is not None
    assert first.usage.cached_tokens == second.usage.cache_write_tokens == 0
    assert second.usage.cached_tokens == first.usage.cache_write_tokens > 1_000
    assert second.cost_micro_usd < first.cost_micro_usd


def test_a_thinking_block_before_the_opinion_is_skipped() -> None:
    assert ask(question("hello"), Plan(default="thinking")).status is ANSWERED


def test_a_refusal_is_told_and_booked_and_not_tried_again() -> None:
    plan = Plan(default="refusal")
    answer = ask(question("hello"), plan)
    assert (answer.status, answer.why) == (REFUSED, "Claude declined to give an opinion (general_harms).")
    assert answer.cost_micro_usd > 0
    assert len(plan.asked) == 1


@pytest.mark.parametrize(
    ("mode", "words", "calls"),
    [
        ("400", "refuses the request (400, invalid_request_error)", 1),
        ("401", "does not accept the key; check ANTHROPIC_API_KEY (401", 1),
        ("402", "cannot pay", 1),
        ("403", "may not ask Claude", 1),
        ("404", "check JORGE_CLAUDE_MODEL and ANTHROPIC_BASE_URL (404", 1),
        ("413", "too long for Claude (413", 1),
        ("429", "more often than the key allows (429, rate_limit_error)", 3),
        ("500", "service failed (500, api_error)", 3),
        ("503", "overloaded (503)", 3),
        ("529", "overloaded (529, overloaded_error)", 3),
        ("redirect", "refuses the request (307)", 1),
    ],
)
def test_an_error_is_told_and_costs_nothing(mode: str, words: str, calls: int) -> None:
    plan = Plan(default=mode)
    answer = ask(question("hello"), plan)
    assert answer.status is FAILED
    assert answer.why is not None
    assert words in answer.why
    assert (answer.usage, answer.cost_micro_usd, answer.unsure_micro_usd) == (None, 0, 0)
    assert len(plan.asked) == calls
    assert (answer.retry_after_s is not None) is (calls > 1)


@pytest.mark.parametrize("mode", ["cut", "dropped", "not_json"])
def test_an_answer_that_breaks_off_may_have_been_charged(mode: str) -> None:
    """Three tries without a whole answer: three times the most that one can cost, which was reserved."""
    asked, plan = question("hello"), Plan(default=mode)
    answer = ask(asked, plan)
    assert (answer.status, len(plan.asked), answer.cost_micro_usd) == (FAILED, 3, 0)
    claude = Claude.open(settings("http://127.0.0.1:1"))
    assert claude is not None
    assert answer.unsure_micro_usd == claude.worst_cost_micro_usd(asked) > 0


@pytest.mark.parametrize("mode", ["wrong_json", "wrong_schema", "out_of_range", "max_tokens"])
def test_an_answer_that_cannot_be_used_is_paid_at_most_twice(mode: str) -> None:
    plan = Plan(default=mode)
    answer = ask(question("hello"), plan)
    assert (answer.status, len(plan.asked), answer.unsure_micro_usd) == (FAILED, 2, 0)
    assert answer.usage is not None
    assert answer.cost_micro_usd > 0
    assert answer.retry_after_s is None


@pytest.mark.parametrize(
    "first", ["429", "500", "529", "503", "cut", "dropped", "wrong_json", "wrong_schema", "max_tokens"]
)
def test_a_passing_trouble_is_overcome_by_another_try(first: str) -> None:
    plan = Plan(modes=[first])
    assert ask(question("hello"), plan).status is ANSWERED
    assert len(plan.asked) == 2


def test_every_answer_with_200_is_booked() -> None:
    """The same question twice: the first answer cannot be read, the second can; both are paid."""
    twice = ask(question("hello"), Plan(modes=["wrong_json"]))
    assert twice.usage is not None
    prices = PriceTable.load()
    half, whole = ask_all([question("hello")] * 2, Plan(modes=["refusal"]))
    assert half.usage is not None
    assert whole.usage is not None
    assert twice.usage.input_tokens == half.usage.input_tokens + whole.usage.input_tokens
    assert twice.usage.cached_tokens == whole.usage.cached_tokens
    assert whole.cost_micro_usd == prices.cost_micro_usd(MODEL, whole.usage)
    assert twice.cost_micro_usd > whole.cost_micro_usd


def test_the_worst_cost_is_never_exceeded() -> None:
    modes = ["wrong_json", "wrong_schema", "cut", "out_of_range", "max_tokens", "thinking", "dropped", "cut", "cut"]
    asked = [question("Ünï " * 400, "你好" * 700, lead_id=f"l{number}") for number in range(5)]
    claude = Claude.open(settings("http://127.0.0.1:1"))
    assert claude is not None
    for one, answer in zip(asked, ask_all(asked, Plan(modes=modes)), strict=True):
        assert answer.cost_micro_usd + answer.unsure_micro_usd <= claude.worst_cost_micro_usd(one)


def test_a_short_retry_after_is_waited_for_and_a_long_one_ends_the_question() -> None:
    began = time.monotonic()
    assert ask(question("hello"), Plan(modes=["429"], retry_after="1")).status is ANSWERED
    assert time.monotonic() - began >= 1
    plan = Plan(default="429", retry_after="3600")
    began = time.monotonic()
    answer, after = ask_all([question("hello")] * 2, plan)
    assert time.monotonic() - began < 30
    assert (answer.status, answer.retry_after_s, len(plan.asked)) == (FAILED, 3600.0, 1)
    assert after.retry_after_s == pytest.approx(3600, abs=5)  # the circuit is held open for as long


@pytest.mark.parametrize("mode", ["slow", "stalled"])
def test_a_dripping_answer_ends_with_the_time_limit(mode: str) -> None:
    """Each piece comes well within the limit for one read; 60 pieces of 0.2 s would take 12 s."""
    began = time.monotonic()
    answer = ask(question("hello"), Plan(default=mode, drip_s=0.2), timeout_s=1.0)
    assert time.monotonic() - began < 9
    assert (answer.status, answer.why) == (FAILED, "Claude did not answer within 1 s.")
    assert answer.unsure_micro_usd > 0


def test_nobody_there_is_told_and_costs_nothing() -> None:
    async def work() -> Answer:
        claude = Claude.open(settings("http://127.0.0.1:9"))
        assert claude is not None
        try:
            return await claude.ask(question("hello"))
        finally:
            await claude.close()

    answer = asyncio.run(work())
    assert answer.why == "Claude cannot be reached; check the network and ANTHROPIC_BASE_URL."
    assert (answer.cost_micro_usd, answer.unsure_micro_usd) == (0, 0)


def test_a_proxy_of_the_environment_does_not_come_between_this_machine_and_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert ask(question("hello")).status is ANSWERED


def test_the_circuit_opens_after_five_failures_and_nobody_is_asked() -> None:
    plan = Plan(modes=["401"] * 5)
    answers = ask_all([question("hello")] * 7, plan)
    assert [answer.status for answer in answers] == [FAILED] * 7
    assert len(plan.asked) == 5
    assert answers[6].why is not None
    assert "left alone for 60 s" in answers[6].why


def test_many_questions_at_once_are_each_answered_once() -> None:
    async def work(address: str) -> list[Answer]:
        claude = Claude.open(settings(address))
        assert claude is not None
        try:
            return await asyncio.gather(*(claude.ask(question(f"no {number}")) for number in range(20)))
        finally:
            await claude.close()

    plan = Plan(texts=[reply()] * 20)
    with running_fake(plan) as address:
        answers = asyncio.run(work(address))
    assert [answer.status for answer in answers] == [ANSWERED] * 20
    assert len(plan.asked) == 20


def test_without_a_key_there_is_no_client() -> None:
    assert Claude.open(settings("http://127.0.0.1:9", anthropic_api_key=None)) is None
    assert Claude.open(settings("http://127.0.0.1:9", anthropic_api_key="  ")) is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"jorge_claude_model": "claude-3-opus"},
            "JORGE_CLAUDE_MODEL is 'claude-3-opus', for which no prices are known",
        ),
        ({"anthropic_base_url": "localhost:80"}, "ANTHROPIC_BASE_URL is 'localhost:80'; must be like"),
        ({"anthropic_api_key": "sk-ü"}, r"ANTHROPIC_API_KEY \(not shown\)"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(fields: dict[str, Any], words: str) -> None:
    address = fields.pop("anthropic_base_url", "http://127.0.0.1:9")
    with pytest.raises(SettingsError, match=words):
        Claude.open(settings(address, **fields))


def test_a_count_of_tokens_that_is_none_is_not_booked() -> None:
    """What cannot be counted may have been charged."""
    answer = ask(question("hello"), Plan(default="odd_usage"))
    assert answer.usage is None
    assert answer.unsure_micro_usd > 0


def test_usage_adds_up() -> None:
    assert Usage(1, 2, 3, 4) + Usage(10, 20, 30, 40) == Usage(11, 22, 33, 44)
    assert Usage(1, 2, 3, 4).prompt_tokens == 6


def test_a_prompt_is_kept_no_longer_than_its_question() -> None:
    claude = Claude.open(settings("http://127.0.0.1:1"))
    assert claude is not None
    asked = question("My sister Ines wants to see it")
    claude.worst_cost_micro_usd(asked)
    assert _prompts_kept() == 1
    claude.worst_cost_micro_usd(asked)
    assert _prompts_kept() == 1
    del asked
    assert _prompts_kept() == 0


def _prompts_kept() -> int:
    gc.collect()
    return sum(type(one) is Prompt and "wants to see it" in str(one) for one in gc.get_objects())
