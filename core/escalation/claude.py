"""Asks Claude, one question at a time or a batch of them."""

from __future__ import annotations

from collections.abc import Sequence

from core.escalation.answer import Answer
from core.escalation.circuit import CircuitState
from core.escalation.prices import PriceTable
from core.escalation.question import Question
from core.settings import Settings


class Claude:
    """A client for one event loop. Asking never raises for Claude's sake: the answer says why there is no opinion."""

    model: str
    prices: PriceTable

    @classmethod
    def open(cls, settings: Settings) -> Claude | None:
        """None without a key. Raises SettingsError for a model without prices and an address that is none."""
        raise NotImplementedError

    @property
    def circuit(self) -> CircuitState:
        """Whether Claude is being asked at the moment."""
        raise NotImplementedError

    def worst_cost_micro_usd(self, question: Question, *, batch: bool = False) -> int:
        """The most that ``ask`` (or one question of a batch) can cost, retries included."""
        raise NotImplementedError

    async def ask(self, question: Question) -> Answer:
        """Ask, try again a bounded number of times where that can help, and say what came of it."""
        raise NotImplementedError

    async def ask_batch(self, questions: Sequence[Question]) -> str:
        """Hand in questions at half the price, each of another lead; the batch's id. Raises ClaudeUnavailable."""
        raise NotImplementedError

    async def batch_answers(self, batch_id: str, questions: Sequence[Question]) -> dict[str, Answer] | None:
        """The answers by lead_id, None while the batch is running. ``questions`` as they were handed in."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections."""
        raise NotImplementedError
