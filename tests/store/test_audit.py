from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from core.errors import LeadError, StoreUnavailable
from core.store import Store
from core.store.audit import AuditEntry
from core.store.schema import audit
from tests.store.made import at, scored


def noted(store: Store, minutes: float, actor: str, action: str, subject: str, **details: object) -> None:
    store.audit.add(AuditEntry(at(minutes), actor, action, subject, details))


def test_what_was_noted_is_found_newest_first(store: Store) -> None:
    noted(store, 1, "ana", "model promoted", "m2", reason="better on our closings")
    noted(store, 2, "ben", "threshold changed", "workspace", before=0.85, after=0.9)
    assert store.audit.find() == [
        AuditEntry(at(2), "ben", "threshold changed", "workspace", {"before": 0.85, "after": 0.9}),
        AuditEntry(at(1), "ana", "model promoted", "m2", {"reason": "better on our closings"}),
    ]
    assert store.audit.actions() == ["model promoted", "threshold changed"]


def test_entries_are_searched_by_words_in_any_case_and_by_action(store: Store) -> None:
    noted(store, 1, "ana", "model promoted", "m2", reason="Better")
    noted(store, 2, "ben", "threshold changed", "100%", after=0.9)
    assert [entry.subject for entry in store.audit.find("BETTER")] == ["m2"]
    assert [entry.subject for entry in store.audit.find("0%")] == ["100%"]
    assert store.audit.count(action="model promoted") == 1
    assert [entry.actor for entry in store.audit.find(most=1, skip=1)] == ["ana"]


@pytest.mark.parametrize("change", [update(audit).values(actor="nobody"), delete(audit)])
def test_no_entry_can_be_changed_or_taken_away(store: Store, change: object) -> None:
    noted(store, 1, "ana", "model promoted", "m2")
    with pytest.raises((LeadError, StoreUnavailable)), store.database.write() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    assert store.audit.find()[0].actor == "ana"


def test_clearing_the_workspace_keeps_the_log(store: Store) -> None:
    store.save_scored([scored("a")])
    noted(store, 1, "ana", "workspace cleared", "workspace")
    store.clear()
    assert store.lead_count() == 0
    assert store.audit.count() == 1
