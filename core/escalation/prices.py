"""What a call costs: a table that a person can edit, in micro-dollars so that cents add up exactly.

A price in US dollars for a million tokens is the price of one token in micro-dollars.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import SettingsError
from core.escalation.answer import Usage

SHIPPED: Final = Path(__file__).with_name("prices.toml")
OWN_FILE: Final = "claude_prices.toml"

PerMillion = Annotated[Decimal, Field(ge=0, le=10_000)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rates(_Table):
    """US dollars for a million tokens of each kind."""

    input: PerMillion
    cache_write: PerMillion
    cache_read: PerMillion
    output: PerMillion


class LongPrompt(Rates):
    """The rates of calls whose prompt is longer than ``above_tokens``."""

    above_tokens: Annotated[int, Field(ge=1)]


class ModelPrice(Rates):
    """One model's rates, and the ``effort`` it is asked with (None: it does not know the setting)."""

    effort: str | None = None
    long_prompt: LongPrompt | None = None

    def rates(self, prompt_tokens: int) -> Rates:
        """The rates of a call with a prompt of this many tokens, cached ones included."""
        long = self.long_prompt
        return long if long is not None and prompt_tokens > long.above_tokens else self


class PriceTable(_Table):
    """What every model costs that may be asked.

    >>> prices = PriceTable.load()
    >>> prices.cost_micro_usd("claude-haiku-5-5", Usage(input_tokens=2_000, output_tokens=500))
    450
    """

    checked_on: date
    batch_share: Annotated[Decimal, Field(gt=0, le=1)]
    models: Mapping[str, ModelPrice]

    @classmethod
    def load(cls, data_dir: Path | None = None) -> PriceTable:
        """The team's own table where there is one in ``data_dir``, else the shipped one. Raises SettingsError."""
        own = None if data_dir is None else data_dir / OWN_FILE
        path = own if own is not None and own.exists() else SHIPPED
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise SettingsError(f"{path}: {where} is {str(first['input'])[:50]!r}: {first['msg']}") from None
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path} cannot be read as a table of prices ({error}); copy {SHIPPED}") from error

    def price(self, model: str) -> ModelPrice:
        """What ``model`` costs. Raises SettingsError for one that is not in the table."""
        if model not in self.models:  # its cost could not be bounded
            raise SettingsError(
                f"JORGE_CLAUDE_MODEL is {model[:80]!r}, for which no prices are known; choose one of "
                f"{', '.join(self.models)}, or add it to {OWN_FILE} in the data folder"
            )
        return self.models[model]

    def cost_micro_usd(self, model: str, usage: Usage, *, batch: bool = False) -> int:
        """The price of a call in micro-dollars, rounded up. Raises SettingsError for an unknown model."""
        rates = self.price(model).rates(usage.prompt_tokens)
        plain = (
            usage.input_tokens * rates.input
            + usage.cache_write_tokens * rates.cache_write
            + usage.cached_tokens * rates.cache_read
            + usage.output_tokens * rates.output
        )
        return _rounded_up(plain * (self.batch_share if batch else 1))

    def bound_micro_usd(self, model: str, prompt_tokens: int, output_tokens: int, *, batch: bool = False) -> int:
        """The most that a call can cost which has at most this many tokens, however the cache behaves."""
        rates = self.price(model).rates(prompt_tokens)
        dearest = max(rates.input, rates.cache_write, rates.cache_read)
        plain = prompt_tokens * dearest + output_tokens * rates.output
        return _rounded_up(plain * (self.batch_share if batch else 1))


def _rounded_up(micro_usd: Decimal) -> int:
    return int(micro_usd.to_integral_value(ROUND_CEILING))
