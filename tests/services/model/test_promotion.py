from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelRefused, NotFound, StoreUnavailable
from core.registry import list_versions, load_reference, save_model
from core.services import audit
from core.services.access import trusted
from core.services.center import CommandCenter
from core.services.model.comparison import compare
from core.services.model.promotion import promote, retire, roll_back
from core.services.scores.scoring import score_lead
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.made import told
from tests.services.stump import backwards, estimator, held_out, many_held_out, register, stump


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
        told = [event.payload for event in center.store.outbox_after()]
    assert [(event["event_type"], event["model_version"], event["change"]) for event in told] == [
        ("model_status", "stump-2", "promoted"), ("model_status", "stump-1", "rolled_back"),
    ]  # fmt: skip
    assert all(event["timestamp"].endswith("Z") for event in told)


def test_what_cannot_be_promoted_is_not_told(tmp_path: Path, models: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "data"), models) as center:
        with pytest.raises(NotFound):
            promote(center, "no such version")
        assert center.store.last_feed_seq() == 0


def test_without_the_database_a_model_can_still_be_promoted(tmp_path: Path, models: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = settings_in(tmp_path / "data", jorge_database_url=f"sqlite:///{tmp_path}/file/jorge.db")
    with CommandCenter(settings, models) as center:
        promote(center, "stump-2")
        assert center.model.version == "stump-2"
        with pytest.raises(StoreUnavailable):
            center.store.ping()


def noted(center: CommandCenter) -> list[tuple[str, str, str]]:
    return [(one.actor, one.action, one.subject) for one in audit.find(center)]


@pytest.fixture
def worse(models: Path) -> Path:
    """Beside the stump a version that says 0.1 where the stump says 0.8, and the other way round."""
    save_model(models / "worse", backwards("worse"), estimator(), {"rows": 4}, "# Worse", many_held_out())
    return models


def test_a_worse_model_is_promoted_only_with_a_reason_which_is_kept(tmp_path: Path, worse: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "data"), worse) as center:
        with pytest.raises(ModelRefused, match=r"'worse' is worse than 'stump-1' on 80 leads \(.*\): ROC AUC 0"):
            promote(center, "worse")
        assert center.model.version == "stump-1"
        assert noted(center) == []
        with pytest.raises(ModelRefused, match="differs from scikit-learn"):  # a reason does not bend arithmetic
            promote(center, "worse", "I like it")


def test_promotion_with_a_reason_and_the_way_back_stand_in_the_audit_log(tmp_path: Path, models: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "data"), models) as center:
        promote(center.acting_as(trusted("ana")), "stump-2", "asked for by the broker")
        roll_back(center.acting_as(trusted("ben")), "it was a try")
        back, there = audit.find(center)
    assert (back.actor, back.action, back.subject) == ("ben", "model rolled back", "stump-1")
    assert dict(back.details) == {"before": "stump-2", "reason": "it was a try"}
    assert (there.actor, there.action, there.subject) == ("ana", "model promoted", "stump-2")
    assert there.details["reason"] == "asked for by the broker"
    assert there.details["before"] == "stump-1"


def test_a_version_of_which_nothing_is_known_needs_a_reason(tmp_path: Path, models: Path) -> None:
    blind = tmp_path / "blind"
    for version in ("one", "two"):
        save_model(blind / version, stump(version), estimator(), {"rows": 4}, "# Blind")
    (blind / "default").write_text("one\n")
    with CommandCenter(settings_in(tmp_path / "data"), blind) as center:
        with pytest.raises(ModelRefused, match="cannot be compared with 'one'"):
            promote(center, "two")
        promote(center, "two", reason="known from elsewhere")
        assert center.model.version == "two"


def test_two_versions_are_compared_on_held_out_leads_with_differences_by_hand(tmp_path: Path, worse: Path) -> None:
    """The stump says 0.8 of 40 leads of whom 32 convert, and 0.1 of 40 of whom 4 do.

    Its Brier score is (0.8 * 0.04 + 0.2 * 0.64 + 0.1 * 0.81 + 0.9 * 0.01) / 2 = 0.125; told the other way round it is
    (0.8 * 0.81 + 0.2 * 0.01 + 0.1 * 0.04 + 0.9 * 0.64) / 2 = 0.615.
    """
    with CommandCenter(settings_in(tmp_path / "data"), worse) as center:
        found = compare(center, "stump-1", "worse")
    assert (found.on, found.leads, found.converted) == ("held-out leads of worse", 80, 36)
    brier = next(one for one in found.differences if one.name == "brier")
    assert brier.first == pytest.approx(0.125)
    assert brier.second == pytest.approx(0.615)
    assert brier.low < 0.49 < brier.high
    assert {one.name for one in found.worse} == {"roc_auc", "brier"}


def test_a_retired_version_never_answers_again(tmp_path: Path, models: Path) -> None:
    register(models, "stump-3", default=False, grown=estimator())
    with CommandCenter(settings_in(tmp_path / "data"), models) as center:
        promote(center, "stump-2")
        promote(center, "stump-3")
        with pytest.raises(ModelRefused, match="answers now"):
            retire(center, "stump-3")
        with pytest.raises(ModelRefused, match="comes with the product"):
            retire(center, "stump-1")
        retire(center.acting_as(trusted("ana")), "stump-2")
        assert {one.version: one.retired for one in list_versions(models, center.data_dir)} == {
            "stump-1": False, "stump-2": True, "stump-3": False,
        }  # fmt: skip
        with pytest.raises(ModelRefused, match="is retired"):
            promote(center, "stump-2", reason="all the same")
        assert roll_back(center) == "stump-1"  # the way back leads past the retired one
        assert ("ana", "model retired", "stump-2") in noted(center)


def test_a_running_center_takes_a_promotion_up_while_it_is_asked_without_a_failed_request(
    tmp_path: Path, models: Path
) -> None:
    settings = settings_in(tmp_path / "data")
    with CommandCenter(settings, models) as serving, CommandCenter(settings, models) as elsewhere:
        stop, answered, failed = threading.Event(), [], []

        def ask() -> None:
            while not stop.is_set():
                try:
                    answered.append(score_lead(serving, told()).score.model_version)
                except Exception as error:
                    failed.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            until(lambda: answered)
            promote(elsewhere, "stump-2")
            took_s = until(lambda: "stump-2" in answered)
        finally:
            stop.set()
        for thread in threads:
            thread.join()
    assert failed == []
    assert set(answered) == {"stump-1", "stump-2"}
    assert took_s < 5


def test_the_reference_is_kept_with_its_digest(tmp_path: Path, models: Path) -> None:
    kept = load_reference(models / "stump-1")
    assert kept is not None
    assert np.array_equal(kept.features, held_out().features)
    path = models / "stump-1" / "reference.npz"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelRefused, match="not the file that was registered"):
        load_reference(models / "stump-1")
