"""Fixtures of these tests: the API with a real store and a real Redis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.leads import utc_now
from core.services.access import Role, api_token
from core.services.center import CommandCenter
from tests.services.centers import SECRET, center, models_dir, settings_in

__all__ = ["center", "models_dir"]
ML = "/v1/ml"


@pytest.fixture
def live(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    """A center whose feed the API's lifespan starts."""
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as opened:
        yield opened


@pytest.fixture
def client(live: CommandCenter) -> Iterator[TestClient]:
    """A client with a valid token."""
    with TestClient(build_api(lambda: live), headers=bearer(live), base_url="http://jorge.test") as opened:
        yield opened


@pytest.fixture
def quick(center: CommandCenter) -> TestClient:
    """A client of an API without a feed, for what does not need one: its lifespan is not run."""
    return TestClient(build_api(lambda: center), headers=bearer(center), raise_server_exceptions=False)


def bearer(center: CommandCenter, role: Role = Role.AGENT) -> dict[str, str]:
    return {"Authorization": f"Bearer {api_token(center, 'tests', role, 1)}"}


def forged(key: str = SECRET, algorithm: str = "HS256", drop: tuple[str, ...] = (), **claims: object) -> str:
    """A token with claims of one's own choice."""
    now = utc_now()
    told = {
        "sub": "tests",
        "role": "agent",
        "aud": "jorge-api",
        "iat": now,
        "exp": now + timedelta(hours=1),
    } | claims
    return jwt.encode({name: told[name] for name in told if name not in drop}, key, algorithm=algorithm)
