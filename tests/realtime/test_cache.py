from __future__ import annotations

import enum
import os
import signal
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from core.realtime import EmbeddedRedis, ScoreCache, cache_key, connect
from tests.realtime.waiting import quickest


class Color(enum.Enum):
    RED = "red"


def probability(entry: dict[str, Any]) -> float:
    return float(entry["probability"])


@pytest.mark.parametrize(("confidence", "ttl_s"), [(0.96, 900), (0.9, 600), (0.5, 300)])
def test_a_score_is_kept_as_long_as_it_is_sure(client: Redis, confidence: float, ttl_s: int) -> None:
    cache = ScoreCache(client)
    key = cache_key("lead", confidence)
    assert cache.get(key, probability) is None
    assert cache.set(key, {"probability": 0.25}, confidence)
    assert cache.get(key, probability) == 0.25
    assert ttl_s - 2 <= int(client.ttl(key)) <= ttl_s


@pytest.mark.parametrize("poison", [b"", b"{", b"null", b"[1]", b"{}", b'{"probability": "x"}', b"\xff\x00"])
def test_a_poisoned_entry_is_a_miss_and_is_removed(client: Redis, poison: bytes) -> None:
    cache = ScoreCache(client)
    client.set("jorge:score:k", poison)
    assert cache.get("jorge:score:k", probability) is None
    assert not client.exists("jorge:score:k")
    assert cache.set("another", {"probability": 0.5}, 0.9)  # Redis did not fail: it is asked again at once


def test_an_entry_of_another_kind_is_a_miss_and_is_removed(client: Redis) -> None:
    cache = ScoreCache(client)
    client.lpush("jorge:score:k", "x")
    assert cache.get("jorge:score:k", probability) is None
    assert not client.exists("jorge:score:k")
    assert cache.set("another", {"probability": 0.5}, 0.9)  # Redis did not fail: it is asked again at once


def test_without_redis_every_score_is_a_miss() -> None:
    cache = ScoreCache(None)
    assert cache.set("key", {}, 0.9) is False
    assert cache.get("key", probability) is None


def test_a_frozen_server_costs_one_caller_one_time_out_a_second(server: EmbeddedRedis) -> None:
    client = connect(server.url, retries=0)
    now = [100.0]
    cache = ScoreCache(client, clock=lambda: now[0])
    cache.set("key", {"probability": 0.5}, 0.9)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGSTOP)
    try:

        def first_of_a_second() -> None:
            now[0] += 1.1
            assert cache.get("key", probability) is None

        def thousand_more() -> None:
            for _ in range(1000):
                assert cache.get("key", probability) is None

        assert quickest(first_of_a_second, 0.5) > 0.2
        quickest(thousand_more, 0.2)
    finally:
        os.kill(server.pid, signal.SIGCONT)
    now[0] += 1.1
    assert cache.get("key", probability) == 0.5
    assert cache.get("key", probability) == 0.5  # it does not rest any more
    client.close()


def test_equal_parts_give_equal_keys_and_others_do_not() -> None:
    parts: list[tuple[Any, ...]] = [
        (),
        ("",),
        ("", ""),
        ("ab",),
        ("a", "b"),
        (["a", "b"],),
        (1,),
        ("1",),
        (1.5,),
        (True,),
        (None,),
        (b"1",),
        (Decimal("1.0"),),
        (Decimal("1.00"),),
        (date(2026, 1, 2),),
        (datetime(2026, 1, 2, tzinfo=UTC),),
        ("2026-01-02",),
        ("red",),
        (np.array([1, 2], dtype=np.float32),),
        (np.array([1, 2], dtype=np.float64),),
        (np.array([[1], [2]], dtype=np.float32),),
        (np.float32(1.5),),
        ({"a": [1, {"b": None}]},),
    ]
    keys = [cache_key(*each) for each in parts]
    assert len(set(keys)) == len(parts)
    assert keys == [cache_key(*each) for each in parts]
    assert all(key.startswith("jorge:score:") and len(key) == 52 for key in keys)


def test_an_enum_member_counts_as_its_value() -> None:
    assert cache_key(Color.RED) == cache_key("red")


@given(st.dictionaries(st.text(), st.integers(-(2**63), 2**63) | st.text()))
def test_the_order_of_a_dict_does_not_matter(part: dict[str, Any]) -> None:
    assert cache_key(part) == cache_key(dict(reversed(part.items())))


def test_a_part_that_has_no_stable_form_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be part of a key"):
        cache_key(object())
    with pytest.raises(TypeError, match="array of objects"):
        cache_key(np.array([object()]))
