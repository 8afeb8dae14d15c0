"""Touches that a person logged: known apart from those that programs tell, and counted as a person's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import NotFound
from core.leads import Direction, Interaction, InteractionKind
from core.store import LeadFilter, LeadSort, Store
from core.store.figures.best_hour import tries_by_hour
from core.store.figures.speed import answered_leads, waiting_ids
from core.store.personal import erase, rows_of
from core.store.schema import interactions
from tests.store.made import at, history, scored, touch

DAY = 1_440


def ours(minutes: float, text: str | None = None, kind: InteractionKind = InteractionKind.CALL) -> Interaction:
    return touch(minutes, text, kind=kind, direction=Direction.OUTBOUND)


def activity(store: Store) -> list[object]:
    return [row.last_activity_at for row in store.browse(sort=LeadSort.NEWEST).rows]


def test_a_touch_is_kept_once_and_taken_back_alone(store: Store) -> None:
    store.save_scored([scored(history("a", touch(5), created_at=at(0))), scored(history("b", created_at=at(-9)))])
    before = store.version()
    call, later = ours(30, "She asks for a call"), ours(60, "She asks for a call")
    assert [store.logged.add("a", one) for one in (call, call, later)] == [True, False, True]
    assert store.version() > before  # what was computed from the touches is computed anew
    assert store.history("a").interactions == (touch(5), call, later)
    assert store.logged.of_lead("a") == [later, call]
    assert store.logged.of_lead("b") == []
    assert activity(store) == [at(60), at(-9)]
    before = store.version()
    assert [store.logged.take_back("b", later), store.logged.take_back("a", later)] == [False, True]
    assert store.version() > before
    assert not store.logged.take_back("a", later)
    assert store.history("a").interactions == (touch(5), call)
    assert activity(store) == [at(30), at(-9)]
    store.logged.take_back("a", call)
    assert activity(store) == [at(5), at(-9)]


def test_what_was_said_of_two_calls_of_one_moment_keeps_them_apart(store: Store) -> None:
    store.save_histories([history("a")])
    told = [Interaction(**{**dict(ours(3)), "subject": subject}) for subject in (None, "Talked", "No answer")]
    assert [store.logged.add("a", one) for one in told] == [True, True, True]
    assert store.logged.take_back("a", told[1])
    assert {one.subject for one in store.logged.of_lead("a")} == {None, "No answer"}


def test_the_same_call_from_a_program_is_another_one(store: Store) -> None:
    call = ours(30, "Hello Ana")
    store.save_histories([history("a", call)])
    assert not store.logged.take_back("a", call)
    assert store.logged.of_lead("a") == []
    assert store.logged.add("a", call)
    assert store.history("a").interactions == (call, call)
    assert store.logged.take_back("a", call)
    assert store.history("a").interactions == (call,)
    store.logged.add("a", call)
    store.save_histories([history("a", call)])  # told again, as programs do
    assert store.interaction_count("a") == 2


def test_a_lead_that_is_not_stored_has_no_touch(store: Store) -> None:
    with pytest.raises(NotFound, match="there is no lead 'nobody'"):
        store.logged.add("nobody", ours(1))
    assert store.interaction_count("nobody") == 0
    assert store.lead_count() == 0


def test_a_logged_text_is_a_persons_answer_however_soon(store: Store) -> None:
    text = ours(2, "Hi Ana", InteractionKind.SMS)
    store.save_scored([scored(history(name, created_at=at(0), agent=name)) for name in ("logs", "program")])
    store.save_histories([history("program", text)])
    assert set(waiting_ids(store.database, LeadFilter(), at(60))) == {"logs", "program"}
    store.logged.add("logs", text)
    assert waiting_ids(store.database, LeadFilter(), at(60)) == ("program",)
    found = answered_leads(store.database, LeadFilter(), at(60))
    waited = dict(
        zip((found.agents[place] for place in found.agent), DAY * (found.answered - found.arrived), strict=True)
    )
    assert waited["logs"] == pytest.approx(2)
    assert waited["program"] != waited["program"]  # nan: nobody answered yet
    store.logged.take_back("logs", text)
    assert set(waiting_ids(store.database, LeadFilter(), at(60))) == {"logs", "program"}


def test_a_logged_text_is_a_try_however_soon(store: Store) -> None:
    text = ours(2, "Hi Ana", InteractionKind.SMS)
    store.save_scored([scored(history("a", text, touch(50, "Hello"), created_at=at(0)))])
    later = at(9 * DAY)
    assert tries_by_hour(store.database, LeadFilter(), later).hours == ()
    store.logged.add("a", ours(3, "Hi again", InteractionKind.SMS))
    (only,) = tries_by_hour(store.database, LeadFilter(), later).hours
    assert (only.tries, only.answered, only.call) == (1, 1, False)


def test_who_is_erased_takes_the_notes_along(store: Store) -> None:
    store.save_histories([history("ana"), history("bo")])
    for lead_id in ("ana", "bo"):
        store.logged.add(lead_id, ours(3, f"Note of {lead_id}"))
    with store.database.write() as connection:
        assert [row["text"] for row in rows_of(connection, ["ana"])["interactions"]] == ["Note of ana"]
        assert erase(connection, ["ana"])["interactions"] == 1
        assert connection.execute(select(interactions.c.text)).scalars().all() == ["Note of bo"]
