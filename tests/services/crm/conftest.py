"""A center that takes webhooks of one location, signed with today's key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.services.center import CommandCenter
from tests.services.centers import models_dir, settings_in
from tests.services.crm.hooks import LOCATION, public

__all__ = ["models_dir"]


@pytest.fixture
def center(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    taking = {"jorge_ghl_webhook_keys": public(), "jorge_ghl_location_ids": LOCATION}
    with CommandCenter(settings_in(tmp_path / "data", **taking), models_dir) as opened:
        yield opened
