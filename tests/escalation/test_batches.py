"""Many questions at half the price, found again by whoever asks for them later."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from core.errors import ClaudeUnavailable, InputError
from core.escalation import Answer, AnswerStatus, Claude, Question
from core.escalation.fake import Plan, running_fake
from core.leads import Stage
from tests.escalation.asking import question, said, settings

T = TypeVar("T")
ASKED = [question(f"offer number {number}", lead_id=f"lead-{number}") for number in range(4)]


def with_claude(work: Callable[[Claude], Awaitable[T]], plan: Plan) -> T:
    """What ``work`` gives with a client of the stand-in."""

    async def run(address: str) -> T:
        claude = Claude.open(settings(address))
        assert claude is not None
        try:
            return await work(claude)
        finally:
            await claude.close()

    with running_fake(plan) as address:
        return asyncio.run(run(address))


def collected(asked: list[Question], plan: Plan, later: list[Question] | None = None) -> dict[str, Answer]:
    """Hand in, wait for the end, and collect, with ``later`` as what is asked for at the end."""

    async def work(claude: Claude) -> dict[str, Answer]:
        batch_id = await claude.ask_batch(asked)
        answers = None
        while answers is None:
            answers = await claude.batch_answers(batch_id, later or asked)
        return answers

    return with_claude(work, plan)


def test_every_lead_gets_its_own_answer_at_half_the_price() -> None:
    answers = collected(ASKED, Plan())
    assert list(answers) == [one.lead_id for one in ASKED]
    for number, answer in enumerate(answers.values()):
        assert answer.status is AnswerStatus.ANSWERED
        assert answer.opinion is not None
        assert [item.quote for item in answer.opinion.evidence] == [f"offer number {number}"]
        assert answer.simulated
        assert answer.usage is not None
        plain = 0.1 * answer.usage.input_tokens + 0.01 * answer.usage.cached_tokens
        plain += 0.125 * answer.usage.cache_write_tokens + 0.5 * answer.usage.output_tokens
        assert plain / 2 <= answer.cost_micro_usd < plain / 2 + 1


def test_a_running_batch_has_no_answers_yet() -> None:
    async def work(claude: Claude) -> list[bool]:
        batch_id = await claude.ask_batch(ASKED)
        return [await claude.batch_answers(batch_id, ASKED) is None for _ in range(4)]

    assert with_claude(work, Plan(batch_polls=2)) == [True, True, False, False]


def test_the_id_of_a_question_tells_nothing_of_the_lead() -> None:
    plan = Plan()
    collected([question("hello", lead_id="ana-lima")], plan)
    request = json.loads(plan.received[0].body)["requests"][0]
    assert "ana" not in request["custom_id"]
    assert len(request["custom_id"]) <= 64
    assert "Ana" not in json.dumps(request)


def test_each_question_that_came_to_nothing_says_why() -> None:
    """The stand-in answers in the reverse order of the questions."""
    answers = list(collected(ASKED, Plan(modes=["500", "dropped", "refusal", "wrong_schema"])).values())
    assert [answer.why for answer in reversed(answers)] == [
        "Claude could not answer this question of the batch.",
        "The batch ended before this question was asked.",
        "Claude declined to give an opinion (general_harms).",
        "Claude's answer does not have the form that was asked for (evidence).",
    ]
    assert [answer.cost_micro_usd > 0 for answer in reversed(answers)] == [False, False, True, True]


def test_a_lead_that_changed_meanwhile_gets_no_opinion_of_its_old_self_but_it_is_booked() -> None:
    changed = replace(ASKED[1], history=question("offer", said("Bob here", 9), lead_id="lead-1").history)
    answers = collected(ASKED, Plan(), [ASKED[0], changed])
    assert list(answers) == ["lead-0", "lead-1"]
    assert answers["lead-0"].status is AnswerStatus.ANSWERED
    assert (answers["lead-1"].status, answers["lead-1"].opinion) == (AnswerStatus.FAILED, None)
    assert "changed since it was handed in" in (answers["lead-1"].why or "")
    assert answers["lead-1"].cost_micro_usd > 0


def test_a_lead_that_only_moved_on_gets_the_opinion_it_was_asked_for() -> None:
    moved = question("offer number 1", lead_id="lead-1", stage=Stage.SHOWING, budget_range="500k")
    answer = collected(ASKED, Plan(), [replace(moved, asked_on=None)])["lead-1"]
    assert answer.status is AnswerStatus.ANSWERED


def test_a_lead_that_was_not_in_the_batch_is_told_so() -> None:
    other = question("hello", lead_id="other")
    assert collected(ASKED, Plan(), [other])["other"].why == "The batch holds no answer for this lead."


def test_nobody_hands_in_nothing_or_the_same_lead_twice() -> None:
    for asked in ([], [ASKED[0], ASKED[0]]):
        with pytest.raises(InputError, match=r"must be one each, 1 to 10,?000"):
            collected(asked, Plan())


def test_a_batch_that_is_not_there_is_told() -> None:
    async def work(claude: Claude) -> object:
        return await claude.batch_answers("msgbatch_unknown", ASKED)

    with pytest.raises(ClaudeUnavailable, match="check JORGE_CLAUDE_MODEL") as caught:
        with_claude(work, Plan())
    assert not caught.value.unsure


@pytest.mark.parametrize(("mode", "unsure"), [("dropped", True), ("529", False)])
def test_a_batch_is_handed_in_once_and_it_is_told_whether_it_may_be_charged(mode: str, unsure: bool) -> None:
    plan = Plan(modes=[mode], batch_modes=True)
    with pytest.raises(ClaudeUnavailable) as caught:
        with_claude(lambda claude: claude.ask_batch(ASKED), plan)
    assert caught.value.unsure is unsure
    assert len(plan.received) == 1
