from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import NotFound, StoreUnavailable
from core.services.center import CommandCenter
from core.services.promotion import promote, roll_back
from tests.services.centers import settings_in
from tests.services.stump import estimator, register


@pytest.fixture
def models(tmp_path: Path) -> Path:
    register(tmp_path / "models")
    register(tmp_path / "models", "stump-2", default=False, grown=estimator())
    return tmp_path / "models"


def test_a_change_of_the_model_is_told_on_the_feed(tmp_path: Path, models: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "data"), models) as center:
        promote(center, "stump-2")
        assert center.model.version == "stump-2"
        assert roll_back(center) == "stump-1"
        center.store.number_outbox()
        told = [event.payload for event in center.store.outbox_after()]
    assert [(event["event_type"], event["model_version"], event["change"]) for event in told] == [
        ("model_status", "stump-2", "promoted"), ("model_status", "stump-1", "rolled_back"),
    ]  # fmt: skip
    assert all(event["timestamp"].endswith("Z") for event in told)


def test_what_cannot_be_promoted_is_not_told(tmp_path: Path, models: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "data"), models) as center:
        with pytest.raises(NotFound):
            promote(center, "no such version")
        assert center.store.number_outbox() == 0


def test_without_the_database_a_model_can_still_be_promoted(tmp_path: Path, models: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = settings_in(tmp_path / "data", jorge_database_url=f"sqlite:///{tmp_path}/file/jorge.db")
    with CommandCenter(settings, models) as center:
        promote(center, "stump-2")
        assert center.model.version == "stump-2"
        with pytest.raises(StoreUnavailable):
            center.store.ping()
