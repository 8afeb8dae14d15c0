"""Fixtures: a center on a real store in a folder of its own, with the stump for a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.services.center import CommandCenter
from core.settings import Settings
from tests.services.stump import register

SECRET = "a secret of the tests, long enough for HS256 and for HS512 with its sixty-four bytes"


def settings_in(folder: Path, **values: object) -> Settings:
    """Settings that depend on nothing outside the tests."""
    fixed: dict[str, object] = {
        "jorge_data_dir": folder,
        "jorge_database_url": None,
        "jorge_redis_url": None,
        "jorge_jwt_secret": SecretStr(SECRET),
        "jorge_jwt_public_key": None,
        "jorge_cors_origins": "",
        "jorge_rate_limit_score_per_minute": 0,
        "jorge_rate_limit_batch_per_minute": 0,
        "jorge_rate_limit_read_per_minute": 0,
        "jorge_threshold": 0.85,
        "jorge_commission_rate": 0.06,
        "anthropic_api_key": None,
    }
    return Settings(_env_file=None, **(fixed | values))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models whose default is the stump."""
    folder = tmp_path_factory.mktemp("models")
    register(folder)
    return folder


@pytest.fixture
def center(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    """A center without a feed."""
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as opened:
        yield opened
