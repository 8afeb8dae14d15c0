"""Keeps the books of one question: what was charged, what may have been, and who answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.escalation.answer import Answer, AnswerStatus, Usage
from core.escalation.prices import PriceTable
from core.escalation.prompt import Prompt
from core.escalation.reading import Unusable, opinion_of
from core.escalation.trouble import Trouble

if TYPE_CHECKING:
    from anthropic.types import Message

SIMULATED: Final = "simulated/"  # how the stand-in's models are called
MOST_PAID: Final = 2  # an answer that cannot be used is asked for once more, not more


class Tally:
    """``bound_micro_usd`` is the most that one attempt can cost."""

    def __init__(self, model: str, prices: PriceTable, bound_micro_usd: int, *, batch: bool = False) -> None:
        self._model, self._prices, self._bound, self._batch = model, prices, bound_micro_usd, batch
        self._usage: Usage | None = None
        self._cost = self._unsure = self._paid = 0
        self._in_flight = False
        self._request_id: str | None = None
        self._claude_model: str | None = None

    def began(self) -> None:
        """A request is on its way."""
        self._in_flight = True

    def not_charged(self) -> None:
        """It was turned down: errors cost nothing."""
        self._in_flight = False

    def broke_off(self) -> None:
        """It ended without a whole answer, which may have been charged."""
        if self._in_flight:
            self._unsure += self._bound
        self._in_flight = False

    def read(self, message: Message, prompt: Prompt) -> Answer | Trouble:
        """Book a whole answer, then read it. Anything that is no answer of the Messages API raises."""
        self._book(message)
        if message.stop_reason == "refusal":
            return Answer(AnswerStatus.REFUSED, why=_refusal(message))
        if message.stop_reason in ("max_tokens", "model_context_window_exceeded"):
            return self._unusable("Claude's answer was longer than allowed and was cut.")
        text = "".join(block.text for block in message.content if block.type == "text")
        try:
            return Answer(AnswerStatus.ANSWERED, opinion=opinion_of(text, prompt))
        except Unusable as error:
            return self._unusable(str(error))

    def stamped(self, answer: Answer, took_ms: float = 0.0) -> Answer:
        """``answer`` with what was booked."""
        return replace(
            answer,
            usage=self._usage,
            cost_micro_usd=self._cost,
            unsure_micro_usd=self._unsure,
            request_id=self._request_id,
            claude_model=self._claude_model,
            simulated=(self._claude_model or "").startswith(SIMULATED),
            took_ms=took_ms,
        )

    def _book(self, message: Message) -> None:
        told = message.usage
        usage = Usage(
            input_tokens=_count(told.input_tokens),
            cached_tokens=_count(told.cache_read_input_tokens),
            cache_write_tokens=_count(told.cache_creation_input_tokens),
            output_tokens=_count(told.output_tokens),
        )
        cost = self._prices.cost_micro_usd(self._model, usage, batch=self._batch)
        self._claude_model = str(message.model)[:100]
        self._request_id = getattr(message, "_request_id", None) or self._request_id
        self._usage = usage if self._usage is None else self._usage + usage
        self._cost += cost
        self._paid += 1
        self._in_flight = False

    def _unusable(self, why: str) -> Answer | Trouble:
        if self._batch or self._paid >= MOST_PAID:
            return Answer(AnswerStatus.FAILED, why=why)
        return Trouble(why, again=True)


def _count(tokens: object) -> int:
    if tokens is None:
        return 0
    if not isinstance(tokens, int) or tokens < 0:
        raise TypeError("a count of tokens is no whole number")
    return tokens


def _refusal(message: Message) -> str:
    category = message.stop_details.category if message.stop_details is not None else None
    return f"Claude declined to give an opinion{f' ({category[:40]})' if category else ''}."
