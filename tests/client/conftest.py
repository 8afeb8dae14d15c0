"""A client of a running server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.client import JorgeClient
from core.services.center import CommandCenter
from tests.api.served import served, unlimited
from tests.services.centers import models_dir, settings_in

__all__ = ["models_dir"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[tuple[CommandCenter, str]]:
    """A center and the address at which it is served."""
    folder = tmp_path_factory.mktemp("served")
    with CommandCenter(settings_in(folder), models_dir) as center, served(center) as url:
        yield center, url


@pytest.fixture
def jorge(running: tuple[CommandCenter, str]) -> Iterator[JorgeClient]:
    """A client with a token."""
    center, url = running
    with JorgeClient(url, token=unlimited(center)) as client:
        yield client
