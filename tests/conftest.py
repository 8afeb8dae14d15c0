"""What all tests share."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is; speed is measured where it is promised.
settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--today", help="a day, or a moment in UTC, at which the project's clock begins")


def pytest_configure(config: pytest.Config) -> None:
    """Shift the clock that ``utc_now`` and tokens read; Redis and processes of their own keep the machine's."""
    told = config.getoption("--today")
    if told is not None:
        from jwt import api_jwt

        from core.leads import clock

        ahead = datetime.fromisoformat(told).replace(tzinfo=UTC) - datetime.now(UTC)
        shifted = Moments("Shifted", (datetime,), {"now": classmethod(lambda _, tz: datetime.now(tz) + ahead)})
        for reading in (clock, api_jwt):
            vars(reading)["datetime"] = shifted


def pytest_collection_finish() -> None:
    """What was collected stays to the end; to look through it again and again for what can go took 4 s in 100."""
    gc.collect()
    gc.freeze()


class Moments(type):
    """The type of a shifted ``datetime``, which every moment is one of."""

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, datetime)
