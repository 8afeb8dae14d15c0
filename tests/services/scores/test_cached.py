"""Answers from the cache: on a real Redis, a real store and a real feed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from redis import Redis

from core.leads import Outcome, Stage, utc_now
from core.realtime import FeedEvent
from core.realtime.cache import PREFIX
from core.realtime.connection import connect
from core.registry import promote
from core.scoring import TierEdges
from core.services import workspace
from core.services.center import CommandCenter
from core.services.scores import cached, scoring
from core.services.scores.terms import Given
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.made import told, untold
from tests.services.stump import estimator, register


@pytest.fixture
def live(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    """A center whose feed runs."""
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as opened:
        opened.start_live()
        yield opened


@pytest.fixture
def redis(live: CommandCenter) -> Iterator[Redis]:
    client = connect(live.redis_url)
    yield client
    client.close()


def hit(center: CommandCenter, **fields: object) -> bool:
    return scoring.answer(center, told(**fields)).cache_hit  # type: ignore[arg-type]


def entries(redis: Redis, number: int) -> set[bytes]:
    """The keys of what is kept, once it is so many: a score comes there a moment after its answer."""

    def kept() -> list[bytes]:
        return redis.keys(f"{PREFIX}*")  # type: ignore[return-value]

    until(lambda: len(kept()) == number)
    return set(kept())


def entry(redis: Redis) -> bytes:
    (key,) = entries(redis, 1)
    return key


def test_the_same_lead_again_gets_the_same_score_to_the_last_bit_and_is_not_stored_twice(live: CommandCenter) -> None:
    first, again = scoring.answer(live, told()), scoring.answer(live, told())
    assert (first.cache_hit, again.cache_hit) == (False, True)
    one, two = first.scored, again.scored
    assert (two.scored_at, two.commission, two.reasons) == (one.scored_at, one.commission, one.reasons)
    assert (two.history, two.escalation_recommended, two.via) == (one.history, one.escalation_recommended, one.via)
    assert two.score.contributions.tobytes() == one.score.contributions.tobytes()
    assert np.array_equal(two.score.features, one.score.features)
    for name in ("probability", "raw_probability", "confidence", "tier", "base_value", "closing_probability"):
        assert getattr(two.score, name) == getattr(one.score, name), name
    assert len(live.store.scores("ana")) == 1


def test_hits_are_counted_in_the_record(live: CommandCenter) -> None:
    assert [hit(live) for _ in range(4)] == [False, True, True, True]
    live.performance.flush()
    assert live.store.performance.counts(utc_now())["cache_hits"] == 3


def test_a_hit_is_told_on_the_feed(live: CommandCenter) -> None:
    async def listen() -> FeedEvent:
        async with asyncio.timeout(5), live.hub.subscribe() as events:
            for _ in range(2):
                await asyncio.to_thread(hit, live)
            while (event := await anext(events))["event_type"] != "cache_hit":
                pass
            return event

    event = asyncio.run(listen())
    assert (event["lead_id"], event["lead_name"], event["classification"]) == ("ana", "Ana Lima", "hot")
    assert event["ml_score"] == pytest.approx(80)
    assert event["ml_confidence"] == pytest.approx(0.8)


def test_a_score_is_kept_as_long_as_it_is_sure(live: CommandCenter, redis: Redis) -> None:
    scoring.answer(live, told())  # confidence 0.8
    assert 295 <= int(redis.ttl(entry(redis))) <= 300
    redis.flushall()
    scoring.answer(live, untold())  # probability 0.1, confidence 0.9
    assert 595 <= int(redis.ttl(entry(redis))) <= 600


def test_force_refresh_goes_round_the_cache_and_renews_it(live: CommandCenter) -> None:
    first = scoring.answer(live, told()).scored
    forced = scoring.answer(live, told(), force_refresh=True)
    assert not forced.cache_hit
    again = scoring.answer(live, told())
    assert again.cache_hit
    assert first.scored_at < forced.scored.scored_at == again.scored.scored_at


def test_every_change_of_what_a_score_depends_on_is_a_miss(live: CommandCenter) -> None:
    scoring.score_lead(live, told(location_preference="Hyde Park"))

    def missed() -> bool:
        return not hit(live, location_preference="Hyde Park")

    assert not missed()
    assert not hit(live, location_preference="Hyde Park", name="Ana M. Lima")  # another lead's words
    assert missed()  # the record's latest is now the other one's
    workspace.set_threshold(live, 0.7)
    assert missed()
    workspace.set_tier_edges(live, TierEdges(hot=0.9, warm=0.2))
    assert missed()
    workspace.set_commission_rate(live, "0.03")
    assert missed()
    closed = Outcome(lead_id="ana", stage=Stage.CLOSED, occurred_at=utc_now(), sale_price_usd=Decimal(640_000))
    live.store.add_outcome(closed)
    live.kept.clear()  # the median is read once a minute
    assert missed()
    assert not missed()


def test_a_promoted_model_answers_at_once(live: CommandCenter, models_dir: Path) -> None:
    scoring.score_lead(live, told())
    register(models_dir, "stump-2", default=False, grown=estimator())
    promote(models_dir, live.data_dir, "stump-2")
    live.kept.clear()  # noticed within two seconds
    answered = scoring.answer(live, told())
    assert (answered.cache_hit, answered.scored.score.model_version) == (False, "stump-2")


def test_a_lead_that_was_scored_otherwise_since_is_a_miss(live: CommandCenter) -> None:
    assert [hit(live), hit(live, pre_approval="Not yet"), hit(live), hit(live)] == [False, False, False, True]
    assert live.store.latest_score("ana").score.raw_probability == pytest.approx(0.8)


def test_a_cleared_record_is_filled_again(live: CommandCenter) -> None:
    hit(live)
    live.store.clear()
    assert not hit(live)
    assert live.store.latest_score("ana").score.raw_probability == pytest.approx(0.8)


POISON = [
    b"", b"{", b"[]", b"{}", b'{"scored_at": 7}', b'{"scored_at": "yesterday"}', b"\xff",
    b'{"scored_at": "2026-01-01T00:00:00"}', b'{"scored_at": "2026-01-01T00:00:00+00:00", "ml_score": 99}',
]  # fmt: skip


@pytest.mark.parametrize("poison", POISON)
def test_a_broken_or_poisoned_entry_is_a_miss(live: CommandCenter, redis: Redis, poison: bytes) -> None:
    hit(live)
    redis.set(entry(redis), poison, keepttl=True)
    assert not hit(live)
    assert hit(live)


def test_an_entry_of_another_lead_is_a_miss(live: CommandCenter, redis: Redis) -> None:
    scoring.score_lead(live, untold("bo"))
    others = entry(redis)
    scoring.score_lead(live, told("ana"))
    (own,) = entries(redis, 2) - {others}
    redis.set(own, redis.get(others))  # type: ignore[arg-type]
    assert not hit(live)


def test_nothing_of_a_person_stands_in_redis(live: CommandCenter, redis: Redis) -> None:
    scored = scoring.score_lead(live, told(email="ana@lima.example"))
    assert json.loads(redis.get(entry(redis))) == {"scored_at": scored.scored_at.isoformat()}  # type: ignore[arg-type]


def test_with_redis_frozen_leads_are_scored_and_stored_and_only_one_of_them_waits(live: CommandCenter) -> None:
    hit(live)
    server = live._adapters.embedded.get()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGSTOP)
    try:
        took = []
        for number in range(20):
            began = time.monotonic()
            assert not hit(live, lead_id=f"lead-{number}")
            took.append(time.monotonic() - began)
    finally:
        os.kill(server.pid, signal.SIGCONT)
    assert len(live.store.recent_scores()) == 21
    assert sum(seconds > 0.2 for seconds in took) <= 2  # a time-out of 0.25 s, and at most one more a second later


def test_a_center_without_a_feed_has_no_cache(center: CommandCenter) -> None:
    assert cached.find_all([(center, told(), Given.of(center, told()))]) == [None]
    assert [hit(center), hit(center)] == [False, False]


def test_of_a_lead_that_was_not_kept_lately_redis_is_not_asked(live: CommandCenter, redis: Redis) -> None:
    def asked() -> int:
        told = redis.info("commandstats")
        return int(told.get("cmdstat_get", {"calls": 0})["calls"])

    before = asked()
    assert [hit(live, lead_id=name) for name in ("ana", "ben", "eve")] == [False, False, False]
    assert asked() == before
    assert [hit(live, lead_id=name) for name in ("ana", "ben")] == [True, True]
    assert asked() == before + 2


def test_servers_that_share_a_redis_find_what_the_other_kept(
    live: CommandCenter, redis: Redis, models_dir: Path, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path / "data").model_copy(update={"jorge_redis_url": live.redis_url})
    assert not hit(live)
    entry(redis)
    with CommandCenter(settings, models_dir) as other:
        other.start_live()
        assert hit(other)
