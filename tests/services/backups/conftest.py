"""Centers on an empty database of either kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.services.center import CommandCenter
from tests.services.centers import models_dir, settings_in
from tests.store.conftest import postgres, url

__all__ = ["models_dir", "postgres", "url"]


@pytest.fixture
def opened(url: str, tmp_path: Path, models_dir: Path) -> Iterator[Callable[[], CommandCenter]]:
    """Opens a center on the same database and folder as often as it is called, as a new process would."""
    centers: list[CommandCenter] = []

    def one() -> CommandCenter:
        centers.append(CommandCenter(settings_in(tmp_path / "data", jorge_database_url=url), models_dir))
        return centers[-1]

    yield one
    for center in centers:
        center.close()
