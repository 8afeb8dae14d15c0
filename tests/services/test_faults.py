"""A ledger of acknowledged leads through faults of Redis, the disk and the clock: none lost, none told twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from core.errors import StoreUnavailable
from core.leads import utc_now
from core.realtime import STREAM, connect, stream_end
from core.realtime.embedded import EmbeddedRedis
from core.services import health
from core.services.center import CommandCenter
from core.services.scores import batches, scoring
from core.store.schema import outbox
from tests.realtime.conftest import started
from tests.realtime.proxy import proxied
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.made import told
from tests.services.small_disk import fill


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    own = started(tmp_path / "redis")
    yield own
    own.close()


def acknowledged(center: CommandCenter, name: str, count: int) -> dict[str, float]:
    """Score leads one after the other; what was answered for each."""
    found = {}
    for number in range(count):
        lead_id = f"{name}-{number}"
        found[lead_id] = scoring.score_lead(center, told(lead_id)).score.probability
    return found


def in_the_stream(redis: EmbeddedRedis, center: CommandCenter) -> Counter[str]:
    """The leads that the feed told of, once it has told of all."""
    client = connect(redis.url)
    until(lambda: stream_end(client).seq == center.store.last_feed_seq() and _all_have_a_number(center), 30)
    entries: Any = client.xrange(STREAM)
    client.close()
    events = [orjson.loads(fields[b"data"]) for _, fields in entries]
    return Counter(event["lead_id"] for event in events if event["event_type"] == "lead_scored")


def _all_have_a_number(center: CommandCenter) -> bool:
    with center.store.database.read() as connection:
        return connection.execute(select(outbox.c.outbox_id).where(outbox.c.feed_seq.is_(None))).first() is None


def is_kept(center: CommandCenter, ledger: dict[str, float]) -> bool:
    return {lead_id: center.store.latest_score(lead_id).score.probability for lead_id in ledger} == ledger


def test_with_redis_slow_frozen_and_cut_off_every_lead_is_kept_and_told_once(
    redis: EmbeddedRedis, tmp_path: Path, models_dir: Path
) -> None:
    with (
        proxied(redis.url) as proxy,
        CommandCenter(settings_in(tmp_path / "data", jorge_redis_url=proxy.url), models_dir) as center,
    ):
        center.start_live()
        ledger = acknowledged(center, "well", 5)
        proxy.latency_s = 0.1
        ledger |= acknowledged(center, "slow", 5)
        proxy.latency_s = 3.0  # longer than any call to Redis may take
        ledger |= acknowledged(center, "slower", 5)
        proxy.latency_s, proxy.frozen = 0.0, True
        began = time.monotonic()
        ledger |= acknowledged(center, "frozen", 5)
        assert time.monotonic() - began < 20, "the answer does not hang on Redis"
        assert health.checks(center)["status"] == "degraded"
        proxy.frozen = False
        proxy.cut(refusing=True)
        ledger |= acknowledged(center, "cut", 5)
        proxy.cut(refusing=False)
        ledger |= acknowledged(center, "back", 5)
        assert is_kept(center, ledger)
        assert len(ledger) == 30
        assert in_the_stream(redis, center) == dict.fromkeys(ledger, 1)


def test_with_redis_full_every_lead_is_kept_and_told_once_when_there_is_room_again(
    redis: EmbeddedRedis, tmp_path: Path, models_dir: Path
) -> None:
    client = connect(redis.url)
    with CommandCenter(settings_in(tmp_path / "data", jorge_redis_url=redis.url), models_dir) as center:
        center.start_live()
        ledger = acknowledged(center, "before", 3)
        until(lambda: 0 < center.store.last_feed_seq() == stream_end(client).seq, 10)
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "100kb")
        ledger |= acknowledged(center, "full", 10)
        assert is_kept(center, ledger)
        assert not _all_have_a_number(center) or (stream_end(client).seq or 0) < center.store.last_feed_seq()
        client.config_set("maxmemory", "0")
        assert in_the_stream(redis, center) == dict.fromkeys(ledger, 1)
    client.close()


def test_with_the_disk_full_a_lead_is_refused_and_what_was_acknowledged_is_there_when_there_is_room(
    small_disk: Path, models_dir: Path
) -> None:
    with CommandCenter(settings_in(small_disk / "data"), models_dir) as center:
        ledger = acknowledged(center, "before", 5)
        ballast = small_disk / "ballast"
        fill(ballast)
        refusals = []
        for number in range(40):
            try:
                ledger |= acknowledged(center, f"full-{number}", 1)
            except StoreUnavailable as error:
                refusals.append(str(error))
        assert all("full" in said or "disk I/O error" in said for said in refusals)
        assert refusals
        assert is_kept(center, ledger)
        ballast.unlink()
        ledger |= acknowledged(center, "after", 5)
        assert is_kept(center, ledger)
        with center.store.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            known = set(connection.exec_driver_sql("SELECT lead_id FROM scores").scalars())
        assert known == set(ledger), "what was refused left nothing behind"


@pytest.mark.parametrize("jump", [timedelta(days=-2), timedelta(days=2)], ids=["back", "ahead"])
def test_when_the_clock_jumps_every_lead_is_kept_and_told_once_in_the_order_of_the_commits(
    center: CommandCenter, jump: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    center.start_live()
    ledger = acknowledged(center, "before", 5)
    monkeypatch.setattr(batches, "utc_now", lambda: utc_now() + jump)
    ledger |= acknowledged(center, "after", 5)
    monkeypatch.undo()
    ledger |= acknowledged(center, "right", 5)
    assert is_kept(center, ledger)
    until(lambda: _all_have_a_number(center), 10)
    with center.store.database.read() as connection:
        rows = connection.execute(select(outbox.c.payload).order_by(outbox.c.feed_seq)).scalars()
        events = [orjson.loads(payload) for payload in rows]
    assert [event["lead_id"] for event in events if event["event_type"] == "lead_scored"] == list(ledger)
