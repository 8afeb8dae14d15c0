"""A center whose Claude is the stand-in, reached over loopback by the real client."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from core.escalation.fake import Plan, running_fake
from core.services.center import CommandCenter
from core.services.escalations.desk import EscalationDesk
from core.services.scores import scoring
from core.settings import Settings
from core.store import Store
from core.store.opinions import Status
from core.store.schema import scores
from tests.services.centers import center, models_dir, settings_in
from tests.services.made import NOON, told, wrote

__all__ = ["center", "models_dir"]
Open = Callable[..., CommandCenter]


@pytest.fixture
def plan() -> Plan:
    return Plan()


@pytest.fixture
def address(plan: Plan) -> Iterator[str]:
    with running_fake(plan) as url:
        yield url


@pytest.fixture
def asking(tmp_path: Path, models_dir: Path, address: str) -> Iterator[CommandCenter]:
    """A center that may ask the stand-in; no desk runs yet."""
    with CommandCenter(with_claude(tmp_path / "data", address), models_dir) as opened:
        yield opened


def with_claude(folder: Path, address: str, **more: object) -> Settings:
    key = {"anthropic_api_key": SecretStr("a key"), "anthropic_base_url": address, "jorge_claude_timeout_s": 20.0}
    return settings_in(folder, **(key | more))


def unsure(center: CommandCenter, *lead_ids: str, text: str = "Could we see it on Saturday?") -> None:
    """Score leads whose budget is told and whose loan is not approved: 0.4, confidence 0.6, below the threshold."""
    for number, lead_id in enumerate(lead_ids):
        lead = told(lead_id, pre_approval=None)
        scoring.score_lead(
            center, lead.model_copy(update={"interactions": (wrote(f"{text} We are {number + 2} people.", at=NOON),)})
        )


@contextmanager
def desk(center: CommandCenter, **more: object) -> Iterator[EscalationDesk]:
    """The desk of a server, looking around twenty times a second."""
    running = EscalationDesk(center, look_s=0.05, **more).start()  # type: ignore[arg-type]
    try:
        yield running
    finally:
        running.close()


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def settled(store: Store, total: int) -> bool:
    done = (Status.ANSWERED, Status.REFUSED, Status.FAILED)
    return sum(store.opinions.count(status) for status in done) >= total


def scores_hash(store: Store) -> str:
    """A digest over every column of every score."""
    with store.database.read() as connection:
        rows = connection.execute(select(scores).order_by(scores.c.score_id)).all()
    return hashlib.sha256(repr(rows).encode()).hexdigest()
