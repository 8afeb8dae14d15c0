"""One draw of the generator, shared by the tests that look at many leads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.sample import SampleLead, generate

END = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def drawn() -> list[SampleLead]:
    """Two thousand leads, as many as the sample workspace holds."""
    return list(generate(2_000, seed=7, end=END))


@pytest.fixture(scope="session")
def mature() -> list[SampleLead]:
    """About 5,400 leads of two and a half years whose outcome is known."""
    return [sample for sample in generate(6_500, seed=11, end=END, months=30) if sample.mature]
