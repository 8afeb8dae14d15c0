from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from core.errors import FeedUnavailable, StoreUnavailable
from core.scoring import Tier
from core.services import health, live
from core.services.analyses import segments
from core.services.center import CommandCenter, current, use
from core.services.performance import Performance
from core.services.running import slot as slot_module
from core.services.running.slot import Slot
from core.services.scores import scoring
from core.store import LeadFilter
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.made import told, untold


def test_a_slot_opens_once_and_only_when_it_is_needed() -> None:
    numbers = count(1)
    slot = Slot(lambda: next(numbers))
    assert slot.peek() is None
    assert (slot.get(), slot.get(), slot.peek()) == (1, 1, 1)
    assert slot.drop() == 1
    assert slot.get() == 2


def test_a_slot_that_fails_is_named_at_once_and_tried_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []
    now = [100.0]
    monkeypatch.setattr(slot_module, "monotonic", lambda: now[0])

    def opens_at_the_third() -> str:
        attempts.append(1)
        if len(attempts) < 3:
            raise StoreUnavailable("down")
        return "up"

    slot = Slot(opens_at_the_third, retry_s=3)
    for at in (100.0, 101.0, 102.999):
        now[0] = at
        with pytest.raises(StoreUnavailable):
            slot.get()
    assert len(attempts) == 1
    assert slot.failing_since is not None
    now[0] = 103.0
    with pytest.raises(StoreUnavailable):
        slot.get()
    now[0] = 106.0
    assert slot.get() == "up"
    assert slot.failing_since is None


def test_a_dependency_that_comes_back_is_found_without_a_restart(tmp_path: Path, models_dir: Path) -> None:
    folder = tmp_path / "store"
    folder.write_text("a file where the folder should be")
    settings = settings_in(tmp_path, jorge_database_url=f"sqlite:///{folder}/jorge.db")
    with CommandCenter(settings, models_dir) as center:
        center._adapters.store._retry_s = 0.05
        assert health.checks(center)["checks"]["database"]["status"] == "unhealthy"
        folder.unlink()
        until(lambda: health.checks(center)["checks"]["database"]["status"] == "healthy")
        scoring.score_lead(center, told())


def test_hits_are_handed_on_together_and_kept_while_nobody_takes_them() -> None:
    taken: list[Mapping[str, int]] = []
    down = [True]

    def keep(counts: Mapping[str, int]) -> None:
        if down[0]:
            raise StoreUnavailable("down")
        taken.append(counts)

    counter = Performance(keep, flush_s=60)
    counter.hit()
    counter.flush()
    counter.hit()
    down[0] = False
    counter.flush()
    counter.flush()
    assert taken == [{"cache_hits": 2}]


def test_hits_are_handed_on_by_themselves_after_a_moment() -> None:
    taken: list[Mapping[str, int]] = []
    counter = Performance(taken.append, flush_s=0.02)
    counter.hit()
    counter.hit()
    until(lambda: sum(counts["cache_hits"] for counts in taken) == 2)


def test_a_process_has_one_center() -> None:
    use(None)
    try:
        assert current() is current()
    finally:
        use(None)


def test_without_a_server_there_is_no_feed_and_the_rest_works(center: CommandCenter) -> None:
    with pytest.raises(FeedUnavailable, match="jorge serve"):
        center.hub  # noqa: B018
    scoring.score_lead(center, told())
    snapshot = live.snapshot(center)
    assert snapshot.feed is None
    assert snapshot.counts.scored == 1
    checks = health.checks(center)
    assert checks["status"] == "degraded"
    assert "jorge serve" in checks["checks"]["redis"]["detail"]


def test_the_feed_of_a_server_carries_each_score_once(tmp_path: Path, models_dir: Path) -> None:
    with CommandCenter(settings_in(tmp_path), models_dir) as center:
        center.start_live()
        until(lambda: center.hub.status().ok)
        scoring.score_lead(center, told("a"))
        center.save_many([scoring.compute(center, untold("b"), via="csv")])
        until(lambda: len(center.hub.recent()) == 2)
        assert [event["lead_id"] for event in center.hub.recent()] == ["a", "b"]
        assert health.checks(center)["status"] == "healthy"


def test_a_check_that_fails_says_since_when_and_forgets_it_when_all_is_well(tmp_path: Path) -> None:
    with CommandCenter(settings_in(tmp_path), tmp_path / "none") as center:
        first = health.checks(center)["checks"]["ml_model"]
        again = health.checks(center)["checks"]["ml_model"]
    assert first["status"] == "unhealthy"
    assert first["since"] == again["since"]
    assert "ml_model" in center.down_since


def test_what_was_computed_of_the_store_is_computed_again_only_after_a_change(center: CommandCenter) -> None:
    computed: list[int] = []

    def compute() -> int:
        computed.append(1)
        return len(computed)

    assert [center.per_version("k", compute) for _ in range(3)] == [1, 1, 1]
    scoring.score_lead(center, told())
    assert center.per_version("k", compute) == 2


def test_an_analysis_of_few_leads_is_computed_again_at_every_change(center: CommandCenter) -> None:
    numbers = count(1)
    assert center.analysed("k", lambda: next(numbers)) == 1
    scoring.score_lead(center, told())
    assert center.analysed("k", lambda: next(numbers)) == 2


def test_an_analysis_of_many_leads_waits_for_its_minute_and_says_of_when_it_is(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.services.center.MANY_LEADS", 0)
    numbers = count(1)
    assert center.analysed("k", lambda: next(numbers)) == 1
    before = center.seen()
    scoring.score_lead(center, told())
    assert center.analysed("k", lambda: next(numbers)) == 1
    assert center.seen() == before
    assert before.version < center.store.version()
    monkeypatch.setattr("core.services.center.ANALYSED_BEHIND_S", 0.0)  # as if the minute were over
    assert center.analysed("k", lambda: next(numbers)) == 2
    assert center.seen().version == center.store.version()


def test_what_somebody_changed_by_hand_is_in_every_analysis_at_once(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.services.center.MANY_LEADS", 0)
    numbers = count(1)
    scoring.score_lead(center, told())
    assert center.analysed("k", lambda: next(numbers)) == 1
    scoring.score_lead(center, told())  # by itself, so it waits
    assert center.analysed("k", lambda: next(numbers)) == 1
    segments.save(center, "Hot ones", LeadFilter(tiers=(Tier.HOT,)))
    assert center.analysed("k", lambda: next(numbers)) == 2


def test_a_record_that_does_not_change_is_as_of_now(center: CommandCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.services.center.MANY_LEADS", 0)
    first = center.seen()
    again = center.seen()
    assert again.version == first.version
    assert again.at > first.at
