"""What all tests share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is; speed is measured where it is promised.
settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--today", help="a day, or a moment in UTC, at which the project's clock begins")


def pytest_configure(config: pytest.Config) -> None:
    """Shift the clock that ``utc_now`` reads; tokens, Redis and processes of their own keep the machine's."""
    told = config.getoption("--today")
    if told is not None:
        from core.leads import clock

        ahead = datetime.fromisoformat(told).replace(tzinfo=UTC) - datetime.now(UTC)
        shifted = type("Shifted", (datetime,), {"now": classmethod(lambda _, zone: datetime.now(zone) + ahead)})
        vars(clock)["datetime"] = shifted
