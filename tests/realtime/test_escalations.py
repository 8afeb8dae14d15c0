"""The bell beside the queue of escalations: heard once by one of all, and never needed."""

from __future__ import annotations

import pytest
from redis import Redis

from core.errors import FeedUnavailable
from core.realtime.escalations import ESCALATIONS, GROUP, EscalationBell


def test_each_escalation_is_heard_by_one_of_several_processes_and_leaves_the_stream(url: str, client: Redis) -> None:
    first, second = EscalationBell(url, "one"), EscalationBell(url, "two")
    first.ring([1, 2, 3])
    assert first.heard(most=2) + second.heard() == 3
    assert first.heard() == second.heard() == 0
    assert client.xlen(ESCALATIONS) == 0
    assert client.xpending(ESCALATIONS, GROUP)["pending"] == 0
    first.close()
    second.close()


def test_a_group_that_is_gone_is_made_again(url: str, client: Redis) -> None:
    bell = EscalationBell(url, "one")
    bell.ring([1])
    assert bell.heard() == 1
    client.flushall()
    bell.ring([2])
    assert bell.heard() == 1
    bell.close()


def test_a_redis_that_is_gone_is_said_at_once() -> None:
    bell = EscalationBell("redis://127.0.0.1:9", "one")
    with pytest.raises(FeedUnavailable):
        bell.ring([1])
    with pytest.raises(FeedUnavailable):
        bell.heard()
    bell.close()
