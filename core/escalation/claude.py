"""Asks Claude, one question at a time or a batch of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from random import SystemRandom
from typing import TYPE_CHECKING, Final, TypeVar
from weakref import WeakKeyDictionary

from core.errors import ClaudeUnavailable, JorgeError, SettingsError
from core.escalation import batches
from core.escalation.answer import Answer, AnswerStatus
from core.escalation.circuit import Circuit, CircuitState
from core.escalation.connection import address_of, connect
from core.escalation.prices import PriceTable
from core.escalation.prompt import MAX_TOKENS, Prompt, prompt_of
from core.escalation.question import Question
from core.escalation.tally import Tally
from core.escalation.trouble import Trouble, trouble_of
from core.settings import Settings

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

ATTEMPTS: Final = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 8.0
LONGEST_OBEYED_S: Final = 10.0  # a longer ``retry-after`` ends the question: whoever asked comes back later
RESTED_S: Final = 60.0  # after a passing trouble that names no time
BATCH_TIMEOUT_S: Final = 600.0
T = TypeVar("T")


class Claude:
    """A client for one event loop. Asking never raises for Claude's sake: the answer says why there is no opinion."""

    def __init__(self, key: str, address: str, model: str, prices: PriceTable, timeout_s: float) -> None:
        self.model, self.prices = model, prices
        self._price = prices.price(model)
        self._key, self._address, self._timeout_s = key, address, timeout_s
        self._client: AsyncAnthropic | None = None
        self._connecting = asyncio.Lock()
        self._circuit = Circuit()
        self._random = SystemRandom()
        self._prompts: WeakKeyDictionary[Question, Prompt] = WeakKeyDictionary()

    @classmethod
    def open(cls, settings: Settings) -> Claude | None:
        """None without a key. Raises SettingsError for a model without prices and an address that is none."""
        key = _key_of(settings)
        if not key:
            return None
        prices = PriceTable.load(settings.jorge_data_dir)
        return cls(key, address_of(settings), settings.jorge_claude_model, prices, settings.jorge_claude_timeout_s)

    @staticmethod
    def check(settings: Settings) -> None:
        """Raise SettingsError as ``open`` would with a key, whether there is one or not."""
        _key_of(settings)
        address_of(settings)
        PriceTable.load(settings.jorge_data_dir).price(settings.jorge_claude_model)

    @property
    def circuit(self) -> CircuitState:
        """Whether Claude is being asked at the moment."""
        return self._circuit.state

    def worst_cost_micro_usd(self, question: Question, *, batch: bool = False) -> int:
        """The most that ``ask`` (or one question of a batch) can cost, retries included."""
        once = self._bound_micro_usd(self._prompt(question), batch=batch)
        return once if batch else ATTEMPTS * once

    def _prompt(self, question: Question) -> Prompt:
        """Whoever reserves money before asking has the same question rendered once; it is kept as long as that is."""
        prompt = self._prompts.get(question)
        if prompt is None:
            prompt = self._prompts[question] = prompt_of(question, self.model, self._price)
        return prompt

    async def ask(self, question: Question) -> Answer:
        """Ask, try again a bounded number of times where that can help, and say what came of it."""
        began = time.perf_counter()
        prompt = self._prompt(question)
        wait_s = self._circuit.wait_s()
        if wait_s is not None:
            why = f"Claude failed too often and is left alone for {wait_s:.0f} s."
            return Answer(AnswerStatus.FAILED, why=why, retry_after_s=wait_s)
        tally = Tally(self.model, self.prices, self._bound_micro_usd(prompt))
        try:
            await self._connected()
            answer = await self._within_time(prompt, tally)
        except BaseException:
            self._circuit.given_up()
            raise
        return tally.stamped(answer, took_ms=1000 * (time.perf_counter() - began))

    async def _within_time(self, prompt: Prompt, tally: Tally) -> Answer:
        deadline = time.monotonic() + self._timeout_s
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._attempts(prompt, tally, deadline)
        except TimeoutError:
            tally.broke_off()
            self._circuit.failed()
            return _failed(Trouble(f"Claude did not answer within {self._timeout_s:.0f} s.", again=True))

    async def _attempts(self, prompt: Prompt, tally: Tally, deadline: float) -> Answer:
        attempt = 0
        while True:
            attempt += 1
            outcome = await self._attempt(prompt, tally)
            if isinstance(outcome, Answer):
                self._circuit.worked()
                return outcome
            pause_s = self._pause_s(attempt, outcome, deadline)
            if pause_s is None:
                break
            await asyncio.sleep(pause_s)
        long_wait = (outcome.retry_after_s or 0.0) > LONGEST_OBEYED_S
        self._circuit.failed(outcome.retry_after_s if long_wait else None)
        return _failed(outcome)

    async def _attempt(self, prompt: Prompt, tally: Tally) -> Answer | Trouble:
        """One call: an answer (also one that refuses, or that cannot be used for good), or what to do about it."""
        client = await self._connected()
        tally.began()
        try:
            message = await client.messages.create(**prompt.params)
            return tally.read(message, prompt)
        except Exception as error:
            trouble = trouble_of(error)
            if trouble.unsure:
                tally.broke_off()
            else:
                tally.not_charged()
            return trouble

    def _pause_s(self, attempt: int, trouble: Trouble, deadline: float) -> float | None:
        """How long to wait before the next try; None when there is to be none. Full jitter, so that a crowd spreads."""
        if not trouble.again or attempt >= ATTEMPTS:
            return None
        pause_s = self._random.uniform(0, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (attempt - 1)))
        if trouble.retry_after_s is not None:
            pause_s += trouble.retry_after_s
            if trouble.retry_after_s > LONGEST_OBEYED_S:
                return None
        return pause_s if time.monotonic() + pause_s < deadline else None

    async def ask_batch(self, questions: Sequence[Question]) -> str:
        """Hand in questions at half the price, each of another lead; the batch's id. Raises ClaudeUnavailable.

        It is tried once: a batch whose confirmation was lost may be there, and a second one would be paid as well.
        """
        prompts = [(question.lead_id, self._prompt(question)) for question in questions]
        return await self._or_unavailable(lambda client: batches.submit(client, prompts))

    async def batch_answers(self, batch_id: str, questions: Sequence[Question]) -> dict[str, Answer] | None:
        """The answers by lead_id, None while the batch is running. ``questions`` as they were handed in.

        Raises ClaudeUnavailable when Claude cannot be asked; nothing is lost, ask again.
        """
        asked = [(question.lead_id, self._prompt(question)) for question in questions]
        return await self._or_unavailable(lambda client: batches.collect(client, batch_id, asked, self._batch_tally))

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _or_unavailable(self, work: Callable[[AsyncAnthropic], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(BATCH_TIMEOUT_S):
                return await work(await self._connected())
        except JorgeError:
            raise
        except Exception as error:
            trouble = trouble_of(error)
            raise ClaudeUnavailable(trouble.why, unsure=trouble.unsure) from error

    async def _connected(self) -> AsyncAnthropic:
        async with self._connecting:
            if self._client is None:
                self._client = await connect(self._key, self._address, self._timeout_s)
            return self._client

    def _bound_micro_usd(self, prompt: Prompt, *, batch: bool = False) -> int:
        return self.prices.bound_micro_usd(self.model, prompt.most_tokens, MAX_TOKENS, batch=batch)

    def _batch_tally(self) -> Tally:
        return Tally(self.model, self.prices, 0, batch=True)


def _key_of(settings: Settings) -> str:
    """Empty where none is set. Raises SettingsError, without the key."""
    key = settings.anthropic_api_key.get_secret_value().strip() if settings.anthropic_api_key else ""
    if not (key.isascii() and key.isprintable()):
        raise SettingsError("ANTHROPIC_API_KEY (not shown) holds characters that no key has; copy it again")
    return key


def _failed(trouble: Trouble) -> Answer:
    later = trouble.retry_after_s if trouble.retry_after_s is not None else RESTED_S if trouble.again else None
    return Answer(AnswerStatus.FAILED, why=trouble.why, retry_after_s=later)
