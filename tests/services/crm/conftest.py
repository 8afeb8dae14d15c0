"""A center that takes webhooks of one location, signed with today's key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.leads import utc_now
from core.services.center import CommandCenter
from core.services.crm import intake
from tests.services.centers import models_dir, settings_in
from tests.services.crm.hooks import LOCATION, Tell, body, public, sign

__all__ = ["models_dir"]


@pytest.fixture
def center(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    taking = {"jorge_ghl_webhook_keys": public(), "jorge_ghl_location_ids": LOCATION}
    with CommandCenter(settings_in(tmp_path / "data", **taking), models_dir) as opened:
        yield opened


@pytest.fixture
def tell(center: CommandCenter) -> Tell:
    """Send an event of so many seconds ago; each has an id of its own."""
    sent: list[bytes] = []

    def one(kind: str, ago: float = 60.0, **fields: Any) -> None:
        sent.append(body(kind, f"w{len(sent)}", utc_now() - timedelta(seconds=ago), **fields))
        intake.take(center, sent[-1], sign(sent[-1]))

    return one
