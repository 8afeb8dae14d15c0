"""What came of asking: an opinion or the reason why there is none, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.escalation.opinion import Opinion


class AnswerStatus(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    REFUSED = "refused"  # Claude declined
    FAILED = "failed"  # Claude could not be reached, or what it said cannot be used


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the service counts them. ``input_tokens`` leaves out those read from and written to its cache."""

    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0

    @property
    def prompt_tokens(self) -> int:
        """Length of the prompt, cached or not; decides the price."""
        return self.input_tokens + self.cached_tokens + self.cache_write_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question; exactly one of ``opinion`` and ``why`` is set.

    ``usage`` and ``cost_micro_usd`` count every attempt that was answered with 200, also when its content could not
    be used. ``unsure_micro_usd`` is the most that attempts may have cost which broke off before their answer was
    whole: the service may have charged them. A ``simulated`` answer came from the stand-in: nobody was paid.
    ``retry_after_s`` is set when it is worth asking again then.
    """

    status: AnswerStatus
    opinion: Opinion | None = None
    why: str | None = None
    usage: Usage | None = None
    cost_micro_usd: int = 0
    unsure_micro_usd: int = 0
    request_id: str | None = None
    claude_model: str | None = None
    simulated: bool = False
    took_ms: float = 0.0
    retry_after_s: float | None = None
