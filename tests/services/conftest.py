"""Fixtures of these tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.features.evidence import read_message
from core.features.text.fields import field_signals
from core.leads import Lead
from tests.services.centers import center, models_dir
from tests.services.made import NOON
from tests.services.small_disk import small_disk

__all__ = ["center", "models_dir", "small_disk"]


@pytest.fixture
def remembered() -> Callable[[], bool]:
    """Whether what a lead wrote is still remembered since it was read here."""
    text, day = "We sold 12 Oak Lane, my sister Ines wants to see yours", NOON.date()
    message, answer = read_message(text, day, 0), field_signals(Lead(lead_id="a", listing_address=text), day)[0]

    def are() -> bool:
        kept = read_message(text, day, 0) is message
        also_kept = field_signals(Lead(lead_id="a", listing_address=text), day)[0] is answer
        assert kept == also_kept
        return kept

    assert are()
    return are
