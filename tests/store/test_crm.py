"""What a CRM told is told apart from what it told before, on both databases."""

from __future__ import annotations

from core.store import Store
from core.store.crm import CrmEvent
from core.transfer.gohighlevel import Rules, parse_event, project
from tests.store.made import at

CONTACT = {"type": "ContactCreate", "id": "ana", "name": "Ana Lima"}


def event(webhook_id: str) -> CrmEvent:
    return CrmEvent(webhook_id, "ContactCreate", at(0), at(0), payload=CONTACT)


def test_an_event_is_new_once(store: Store) -> None:
    assert [store.crm.receive(event(webhook_id)) for webhook_id in ("w1", "w1", "w2")] == [True, False, True]
    assert [one.webhook_id for one in store.crm.waiting()] == ["w1", "w2"]


def test_a_name_that_comes_later_is_kept(store: Store) -> None:
    told = (("stage", "st1", None, None), ("stage", "st1", "Toured", None), ("stage", "st1", None, None))
    rules = Rules()
    for number, name in enumerate(told):
        store.crm.receive(event(f"w{number}"))
        (waiting,) = store.crm.waiting()
        read = parse_event(CONTACT, waiting.webhook_id, waiting.sent_at)
        assert store.crm.apply(
            waiting.event_no, read, lambda: lambda contact, known: project(contact, known, rules), [name]
        )
    assert store.crm.names("stage") == [("st1", "Toured", None)]
