"""What is kept of a person is handed out whole and erased everywhere, on a real store, feed and Redis."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError, NotFound
from core.leads import Lead, LeadHistory, utc_now
from core.realtime.connection import connect
from core.realtime.events import STREAM
from core.services import audit, housekeeping
from core.services.access import trusted
from core.services.center import CommandCenter
from core.services.lead import personal_data
from core.services.scores import scoring
from core.services.scores.reading.reader import can_read_beside
from core.services.worker import enqueue_leads
from core.store import personal
from tests.realtime.waiting import alive
from tests.services.centers import settings_in
from tests.services.escalations.conftest import until
from tests.services.made import NOON, told, wrote


class Named(str):
    """A name that can be found in memory."""


@pytest.fixture
def live(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    """A center whose feed runs, with two leads."""
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as opened:
        opened.start_live()
        for lead_id in ("ana", "bo"):
            scoring.score_lead(opened, told(lead_id, name=f"Name of {lead_id}", email=f"{lead_id}@example.com"))
        until(lambda: len(opened.hub.recent()) == 2)
        yield opened


def in_redis(center: CommandCenter, word: str) -> bool:
    client = connect(center.redis_url)
    try:
        streams = [key for key in client.keys("*") if client.type(key) == b"stream"]
        return any(word.encode() in repr(client.xrange(stream)).encode() for stream in streams)
    finally:
        client.close()


def test_erasing_reaches_record_feed_queue_and_memory(live: CommandCenter) -> None:
    enqueue_leads(live, [told("ana", name="Name of ana")])
    assert in_redis(live, "Name of ana")
    erased = personal_data.erase(live, ["ana"])
    assert erased.leads == 1
    assert erased.in_redis == 2  # the event of the score, and the request that waited
    assert not in_redis(live, "Name of ana")
    assert in_redis(live, "Name of bo")
    until(lambda: live.hub.recent() == [])
    with pytest.raises(NotFound):
        live.store.history("ana")
    assert live.store.history("bo").lead.name == "Name of bo"


@pytest.mark.parametrize("redis_is_up", [True, False])
def test_what_was_read_is_no_longer_remembered(
    tmp_path: Path, models_dir: Path, remembered: Callable[[], bool], redis_is_up: bool
) -> None:
    address = None if redis_is_up else "redis://127.0.0.1:1/0"
    with CommandCenter(settings_in(tmp_path, jorge_redis_url=address), models_dir) as center:
        center.start_live()
        scoring.score_lead(center, told("ana"))
        assert remembered()
        personal_data.erase(center, ["ana"])
        until(lambda: not remembered())


def names_in_memory() -> int:
    """What nobody holds any more but in a circle counts as gone."""
    gc.collect()
    return sum(type(one) is Named for one in gc.get_objects())


@pytest.mark.parametrize("has_feed", [True, False])
def test_lists_that_were_kept_name_it_no_longer(tmp_path: Path, models_dir: Path, has_feed: bool) -> None:
    with CommandCenter(settings_in(tmp_path), models_dir) as center, CommandCenter(settings_in(tmp_path)) as other:
        if has_feed:
            other.start_live()
        scoring.score_lead(center, told("ana", created_at=utc_now()))
        for one in (center, other):
            assert one.per_version("names", lambda: [Named("Ana Lima")])
        personal_data.erase(center, ["ana"])
        if not has_feed:
            housekeeping.Housekeeping(other)._turn()
        until(lambda: not names_in_memory())


@pytest.mark.skipif(not can_read_beside(), reason="nothing reads beside a server here")
def test_the_process_that_reads_beside_ends_with_what_it_remembers(live: CommandCenter) -> None:
    reader = live.reader
    assert reader is not None
    reader.features([told(str(number)) for number in range(2)], NOON)  # starts it
    pid = reader.pid
    assert pid is not None
    personal_data.erase(live, ["ana"])
    until(lambda: reader.pid is None)
    assert not alive(pid)
    reader.features([told("bo")] * 2, NOON)  # starts another, at once
    assert reader.pid not in (None, pid)


def test_other_processes_let_go_within_the_time_of_a_turn(live: CommandCenter, remembered: Callable[[], bool]) -> None:
    keeping = housekeeping.Housekeeping(live, look_s=0.01).start()
    until(lambda: not remembered())
    keeping.close()


def test_the_feed_goes_on_in_order_after_an_erasure(live: CommandCenter) -> None:
    personal_data.erase(live, ["bo"])  # the newest event goes
    scoring.score_lead(live, told("cy"))
    until(lambda: [event["lead_id"] for event in live.hub.recent()] == ["cy"])
    assert live.hub.position == 3
    assert live.hub.status().ok


def test_an_erasure_that_is_read_together_with_a_later_event_leaves_the_event(
    live: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.realtime.hub.UNHEARD_GATHER_S", 1.0)
    scoring.score_lead(live, told("di"))
    until(lambda: len(live.hub.recent()) == 3)  # from here the next second is read in one go
    personal_data.erase(live, ["bo"])
    scoring.score_lead(live, told("cy"))
    until(lambda: [event["lead_id"] for event in live.hub.recent()] == ["cy"], 10)


def test_it_can_come_back_as_a_new_lead(live: CommandCenter) -> None:
    personal_data.erase(live, ["ana"])
    scoring.score_lead(live, told("ana", name="Ana again"))
    assert live.store.history("ana").lead.name == "Ana again"
    assert len(live.store.scores("ana")) == 1


def test_the_audit_log_tells_of_it_without_naming_anybody(live: CommandCenter) -> None:
    carol = live.acting_as(trusted("carol"))
    personal_data.export(carol, ["ana"])
    personal_data.erase(carol, ["ana"])
    erased, exported = audit.find(live, most=2)
    assert (exported.action, erased.action, erased.actor) == ("person exported", "person erased", "carol")
    assert exported.subject == erased.subject
    assert "ana" not in f"{erased.subject}{erased.details}"


def test_an_export_holds_every_row_with_features_by_name(live: CommandCenter) -> None:
    kept = json.loads(personal_data.export(live, ["ana"]))["kept"]
    assert kept["leads"][0]["email"] == "ana@example.com"
    assert kept["scores"][0]["features"]["budget_clarity"] is not None
    assert kept["scores"][0]["probability"] == live.store.latest_score("ana").score.probability
    assert set(kept) >= {"leads", "lead_latest", "scores", "outbox"}
    assert "bo@example.com" not in json.dumps(kept)


def test_while_redis_is_down_the_rest_goes_and_redis_follows(tmp_path: Path, models_dir: Path) -> None:
    closed = settings_in(tmp_path / "data", jorge_redis_url="redis://127.0.0.1:1/0")
    with CommandCenter(closed, models_dir) as center:
        scoring.score_lead(center, told("ana"))
        assert personal_data.erase(center, ["ana"]).in_redis is None
        assert center.store.workspace(personal_data.PENDING) == ["ana"]
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as center:
        client = connect(center.redis_url)
        client.xadd(STREAM, {"data": b'{"lead_id":"ana"}'}, id="1-1")
        client.close()
        assert personal_data.finish_pending(center) == 1
        assert center.store.workspace(personal_data.PENDING) == []
        assert personal_data.finish_pending(center) == 0


def test_what_is_not_there_is_said(live: CommandCenter) -> None:
    with pytest.raises(NotFound, match="no lead nobody"):
        personal_data.erase(live, ["nobody"])
    with pytest.raises(NotFound, match="no lead nobody"):
        personal_data.export(live, ["nobody"])
    with pytest.raises(InputError, match="nothing to look for"):
        personal_data.find(live, "  ")
    with pytest.raises(InputError, match="0 leads are named"):
        personal_data.erase(live, [])
    assert live.store.workspace(personal_data.PENDING) is None


def test_a_quiet_lead_that_writes_while_the_rule_is_at_work_is_kept(
    live: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lead_id in ("quiet", "writes"):
        scoring.score_lead(live, told(lead_id, created_at=utc_now() - timedelta(days=120)))
    housekeeping.set_keep_months(live, 3)
    message = LeadHistory(lead=Lead(lead_id="writes"), interactions=(wrote("We want to buy", 0, utc_now()),))
    writers: list[threading.Thread] = []
    real = personal.unheard_since

    def looked(*args: Any) -> list[str]:
        found = real(*args)
        if not writers:  # begins to write now, and is in the record as soon as it may
            writers.append(threading.Thread(target=lambda: live.store.save_histories([message])))
            writers[0].start()
            writers[0].join(0.2)
        return found

    monkeypatch.setattr(personal, "unheard_since", looked)
    housekeeping.erase_kept_too_long(live)
    writers[0].join()
    with pytest.raises(NotFound):
        live.store.history("quiet")
    assert [touch.text for touch in live.store.history("writes").interactions] == ["We want to buy"]


def test_quiet_leads_are_erased_only_by_a_rule(live: CommandCenter) -> None:
    wrote_long_ago = wrote("Hello", days_ago=0, at=utc_now() - timedelta(days=100))
    lead = told("quiet", created_at=utc_now() - timedelta(days=120))
    scoring.score_lead(live, lead.model_copy(update={"interactions": (wrote_long_ago,)}))
    assert housekeeping.erase_kept_too_long(live) == 0
    housekeeping.set_keep_months(live, 4)  # 4 x 30.4375 days are 121.75
    assert housekeeping.kept_too_long(live, 4) == housekeeping.erase_kept_too_long(live) == 0
    housekeeping.set_keep_months(live, 3)  # 91.3 days
    assert housekeeping.kept_too_long(live, 3) == 1
    assert housekeeping.erase_kept_too_long(live) == 1
    assert live.store.lead_count() == 2
    noted = audit.find(live, "person erased")
    assert [entry.actor for entry in noted] == ["retention"]
    with pytest.raises(InputError, match="months is 0"):
        housekeeping.set_keep_months(live, 0)
