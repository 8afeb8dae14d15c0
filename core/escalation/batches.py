"""The Message Batches API: many questions at half the price, answered within a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from core.errors import InputError
from core.escalation.answer import Answer, AnswerStatus
from core.escalation.prompt import Prompt
from core.escalation.tally import Tally
from core.escalation.trouble import Trouble

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

MOST_QUESTIONS: Final = 10_000  # the service takes 100,000 and 256 MB; ours are up to 60 kB each
Asked = Sequence[tuple[str, Prompt]]

_NO_RESULT: Final = {
    "errored": "Claude could not answer this question of the batch.",
    "canceled": "The batch was cancelled before this question was asked.",
    "expired": "The batch ended before this question was asked.",
}
_CHANGED: Final = "The conversation changed since it was handed in; ask again for an opinion of what is known now."


async def submit(client: AsyncAnthropic, asked: Asked) -> str:
    """Hand in; the batch's id. Raises InputError for none, too many, or two of one lead."""
    ids = {lead_id for lead_id, _ in asked}
    if not asked or len(asked) > MOST_QUESTIONS or len(ids) < len(asked):
        raise InputError(
            f"a batch has {len(asked)} questions of {len(ids)} leads; must be one each, 1 to {MOST_QUESTIONS}"
        )
    requests: Any = [{"custom_id": _custom_id(lead_id, prompt), "params": prompt.params} for lead_id, prompt in asked]
    return (await client.messages.batches.create(requests=requests)).id


async def collect(
    client: AsyncAnthropic, batch_id: str, asked: Asked, new_tally: Callable[[], Tally]
) -> dict[str, Answer] | None:
    """What came of every question in ``asked``, None while the batch is running."""
    batch = await client.messages.batches.retrieve(batch_id)
    if batch.processing_status != "ended":
        return None
    leads = {_of_lead(lead_id): (lead_id, prompt) for lead_id, prompt in asked}
    answers = {
        lead_id: Answer(AnswerStatus.FAILED, why="The batch holds no answer for this lead.") for lead_id, _ in asked
    }
    async for line in await client.messages.batches.results(batch_id):
        known = leads.get(line.custom_id.partition("-")[0])
        if known is not None:
            lead_id, prompt = known
            answers[lead_id] = _answer(line, _custom_id(lead_id, prompt), prompt, new_tally())
    return answers


def _answer(line: Any, custom_id: str, prompt: Prompt, tally: Tally) -> Answer:
    kind = line.result.type
    if kind != "succeeded":
        return Answer(AnswerStatus.FAILED, why=_NO_RESULT.get(kind, _NO_RESULT["errored"]))
    try:
        outcome = tally.read(line.result.message, prompt)
    except (AttributeError, TypeError, ValueError):
        outcome = Trouble("Claude's answer is no answer of the Messages API.")
    if line.custom_id != custom_id:  # its placeholders are those of another text
        outcome = Trouble(_CHANGED)
    if isinstance(outcome, Trouble):
        outcome = Answer(AnswerStatus.FAILED, why=outcome.why)
    return tally.stamped(outcome)


def _of_lead(lead_id: str) -> str:
    return blake2b(lead_id.encode(), digest_size=12).hexdigest()


def _custom_id(lead_id: str, prompt: Prompt) -> str:
    """Finds the lead again, and changes with what its placeholders may stand for; 57 characters."""
    return f"{_of_lead(lead_id)}-{prompt.digest}"
