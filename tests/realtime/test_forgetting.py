"""An erased lead leaves Redis and the memory of every process; all others stay, and the feed goes on."""

from __future__ import annotations

import sys
from typing import cast

import orjson
from redis import Redis

from core.realtime.backlog import Backlog
from core.realtime.events import STREAM, FeedEvent
from core.realtime.forgetting import forget_leads
from core.realtime.hub import FeedHub
from core.realtime.lead_queue import DEAD, LEADS, LeadQueue
from core.realtime.passing import PASSING, passing
from core.realtime.relay import Relay
from tests.realtime.outbox import Outbox


def of(lead_id: str) -> bytes:
    return orjson.dumps({"lead_id": lead_id, "lead_name": f"name of {lead_id}"})


def held(client: Redis, stream: str, field: bytes) -> list[bytes]:
    entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", client.xrange(stream))
    return [fields[field] for _, fields in entries]


def ids(client: Redis) -> list[bytes]:
    return [entry_id for entry_id, _ in cast("list[tuple[bytes, object]]", client.xrange(STREAM))]


def test_every_stream_lets_go_of_it_and_of_nothing_else(url: str, client: Redis) -> None:
    for number, lead_id in enumerate(("ana", "bo", "ana"), 1):
        client.xadd(STREAM, {"data": of(lead_id)}, id=f"{number}-1")
    client.xadd(PASSING, {"data": of("ana")})
    client.xadd(DEAD, {"request": of("ana"), "key": "k"})
    client.xadd(DEAD, {"request": b"not JSON", "key": "k"})
    queue = LeadQueue(url, "w")
    queue.add([("k1", of("ana")), ("k2", of("bo"))])
    assert len(queue.read(10)) == 2  # both are in a worker's hands
    assert forget_leads(url, ["ana"]) == 5  # 2 + 1 + 1 + 1
    assert ids(client) == [b"2-1"]
    assert held(client, DEAD, b"request") == [b"not JSON"]
    assert held(client, LEADS, b"request") == [of("bo")]
    assert queue.status().in_work == 1
    assert [orjson.loads(data)["event_type"] for data in held(client, PASSING, b"data")] == ["lead_erased"]
    assert forget_leads(url, ["ana"]) == 1  # only what told of it; done again it does no harm
    queue.close()


def test_entries_that_name_no_lead_as_we_do_are_passed_over(url: str, client: Redis) -> None:
    for request in (b'{"lead_id":["ana"]}', b'{"lead_id":{}}', b'{"lead_id":1}', b'["ana"]'):
        client.xadd(LEADS, {"request": request, "key": "k"})
        client.xadd(DEAD, {"request": request, "key": "k"})
    client.xadd(DEAD, {"request": of("ana"), "key": "k"})
    assert forget_leads(url, ["ana"]) == 1
    assert client.xlen(LEADS) == client.xlen(DEAD) == 4
    assert [orjson.loads(data)["event_type"] for data in held(client, PASSING, b"data")] == ["lead_erased"]


def test_more_than_a_page_is_looked_through(url: str, client: Redis) -> None:
    with client.pipeline(transaction=False) as pipe:
        for number in range(1, 2_502):
            pipe.xadd(STREAM, {"data": of("ana" if number % 2 else "bo")}, id=f"{number}-1")
        pipe.execute()
    assert forget_leads(url, ["ana"]) == 1_251  # the odd ones of 2,501
    assert client.xlen(STREAM) == 1_250


def test_the_feed_goes_on_after_its_newest_event_was_erased(url: str, client: Redis, outbox: Outbox) -> None:
    relay = Relay(outbox, client)
    outbox.write(2)  # of event_1 and event_2
    assert relay.run_once() == 2
    outbox.erase(2)
    forget_leads(url, ["event_2"])
    assert relay.run_once() == 0
    outbox.write()
    assert relay.run_once() == 1
    assert ids(client) == [b"1-1", b"3-1"]


def test_an_event_that_was_handed_over_and_not_yet_added_is_dropped(url: str, client: Redis, outbox: Outbox) -> None:
    relay = Relay(outbox, client)
    outbox.write()
    assert relay.run_once() == 1
    outbox.write(3)
    relay.hand(outbox.outbox_after(1, 9))
    outbox.erase(3)
    forget_leads(url, ["event_3"])
    relay.forget(["event_3"])
    assert [relay.run_once(), relay.run_once()] == [1, 1]  # around the gap
    assert ids(client) == [b"1-1", b"2-1", b"4-1"]


def test_an_event_that_was_added_after_the_forgetting_is_deleted_and_told_again(
    url: str, client: Redis, outbox: Outbox
) -> None:
    relay = Relay(outbox, client)
    outbox.write()
    assert relay.run_once() == 1
    outbox.write(2)
    relay.hand(outbox.outbox_after(1, 9))
    outbox.erase(2)
    forget_leads(url, ["event_2"])
    assert relay.run_once() == 2  # this server has not heard of the erasure yet
    relay.forget(["event_2"])
    assert relay.run_once() == 0
    assert ids(client) == [b"1-1", b"3-1"]
    told = [orjson.loads(data) for data in held(client, PASSING, b"data")]
    assert [(event["event_type"], event["lead_id"]) for event in told] == [("lead_erased", "event_2")] * 2
    relay.forget(["event_2"])  # as the second telling makes it
    assert relay.run_once() == 0
    assert client.xlen(PASSING) == 2


def test_memory_lets_go_of_it(outbox: Outbox) -> None:
    backlog = Backlog(outbox, None)
    for number, lead_id in ((1, "bo"), (2, "ana")):
        backlog.add([FeedEvent(number, orjson.dumps({"event_id": f"{number}-1", "lead_id": lead_id}))])
    backlog.forget("nobody")
    assert len(backlog.recent(9)) == 2
    backlog.forget("ana")
    assert backlog.recent(9) == []


def test_a_hub_keeps_nothing_of_an_event_of_the_moment(outbox: Outbox) -> None:
    hub, event = FeedHub(outbox, None), passing("cache_hit", {"lead_id": "ana", "lead_name": "Ana Lima"})
    holders = sys.getrefcount(event)
    hub.tell([event])
    assert sys.getrefcount(event) == holders
