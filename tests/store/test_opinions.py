"""The queue of escalations and its ledger: nothing lost, nothing asked twice, no budget exceeded."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import NotFound
from core.leads import Outcome, Stage, utc_now
from core.scoring import Tier
from core.store import Override, Store, open_store
from core.store.opinions import REQUESTED, Candidate, Limits, Reservation, Result, Status, Waiting
from core.store.opinions.queue import LOST
from tests.store.made import at, history, scored, touch

PLENTY = Limits(day_micro_usd=10**9, month_micro_usd=10**9)
LEASE, BATCH_LEASE = timedelta(minutes=3), timedelta(hours=26)


def plain(candidates: Sequence[Candidate]) -> list[str | None]:
    """Ask about whatever the model was unsure of."""
    return ["low_confidence" if one.escalation_recommended else None for one in candidates]


def unsure(store: Store, *lead_ids: str, minutes: float = 0) -> None:
    store.save_scored([scored(lead_id, minutes=minutes, escalated=True) for lead_id in lead_ids])


def answered(cost: int = 700) -> Result:
    return Result(Status.ANSWERED, cost, took_ms=812.5, answer={"band": "10 to 30 %"}, low=0.1, high=0.3)


def first(store: Store) -> Waiting:
    return store.opinions.waiting()[0]


def events(store: Store) -> list[tuple[str, str]]:
    return [(one.payload["event_type"], one.payload["lead_id"]) for one in store.outbox_after()]


def test_every_unsure_score_is_queued_once_and_told_on_the_feed(store: Store) -> None:
    unsure(store, "a", "b")
    store.save_scored([scored("sure", minutes=1)])
    assert store.opinions.gather(plain)[0] == 3
    assert {row.lead_id for row in store.opinions.waiting(9)} == {"a", "b"}
    assert store.opinions.gather(plain) == (0, [])
    assert events(store)[-2:] == [("lead_escalated", "a"), ("lead_escalated", "b")]


def test_scores_are_gathered_in_portions_without_losing_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.opinions.table.PORTION", 2)
    unsure(store, *(f"lead_{number}" for number in range(5)))
    looked = [store.opinions.gather(plain)[0] for _ in range(4)]
    assert looked == [2, 2, 1, 0]
    assert len(store.opinions.waiting(9)) == 5


def test_only_a_leads_latest_score_is_asked_about(store: Store) -> None:
    unsure(store, "a", minutes=10)
    unsure(store, "a", minutes=5)  # came late, and is older
    store.opinions.gather(plain)
    [row] = store.opinions.waiting(9)
    assert row.score_id == store.latest_score("a").score_id


def test_a_lead_that_waits_keeps_one_place_and_waits_with_its_newest_score(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    unsure(store, "a", minutes=5)
    store.opinions.gather(plain)
    [row] = store.opinions.waiting(9)
    assert row.score_id == store.latest_score("a").score_id


def test_a_lead_that_waits_is_let_go_when_a_later_score_is_sure(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    store.save_scored([scored("a", minutes=5)])
    store.opinions.gather(plain)
    [row] = store.opinions.of_lead("a")
    assert (row.status, row.error) == (Status.EXPIRED, "A later score needs no second opinion.")


def test_a_decided_lead_is_not_asked_about(store: Store) -> None:
    store.save_histories([history("a")])
    store.add_outcome(Outcome(lead_id="a", stage=Stage.LOST, occurred_at=at(-9)))
    unsure(store, "a")
    store.opinions.gather(plain)
    assert store.opinions.waiting(9) == []


def test_a_lead_is_not_asked_about_again_before_it_is_heard_from(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    store.opinions.reserve(first(store), 1_000, PLENTY)
    unsure(store, "a", minutes=1)
    store.opinions.gather(plain)  # while Claude reads
    store.opinions.settle(store.opinions.of_lead("a")[0].opinion_id, answered())
    unsure(store, "a", minutes=2)
    store.opinions.gather(plain)
    assert store.opinions.waiting(9) == []
    store.save_scored([scored(history("a", touch(60, "I changed my mind")), minutes=61, escalated=True)])
    store.opinions.gather(plain)
    assert len(store.opinions.waiting(9)) == 1


def test_what_a_person_asks_for_comes_first(store: Store) -> None:
    unsure(store, "a", "b", "c")
    store.opinions.gather(plain)
    store.opinions.request("a", "maria")
    store.save_scored([scored("sure")])
    store.opinions.request("sure")
    assert [row.lead_id for row in store.opinions.waiting(9)] == ["sure", "a", "c", "b"]
    assert store.opinions.of_lead("a")[0].queued_by == "maria"


def test_what_was_heard_before_a_request_is_not_asked_about_again(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    store.save_scored([scored(history("a", touch(60, "Is it still there?")), minutes=61, escalated=True)])
    store.opinions.request("a")
    store.opinions.reserve(first(store), 1_000, PLENTY)  # with the newer words, before anybody gathered
    store.opinions.settle(store.opinions.of_lead("a")[0].opinion_id, answered())
    store.opinions.gather(plain)
    assert store.opinions.waiting(9) == []


def test_a_request_for_a_lead_in_claudes_hands_asks_no_second_time(store: Store) -> None:
    unsure(store, "a")
    asked = store.opinions.request("a")
    store.opinions.reserve(first(store), 1_000, PLENTY)
    assert store.opinions.request("a") == asked
    assert store.opinions.waiting(9) == []


def test_a_request_for_a_lead_without_a_score_is_refused(store: Store) -> None:
    store.save_histories([history("a")])
    with pytest.raises(NotFound, match="score it first"):
        store.opinions.request("a")


def test_a_score_that_wants_an_opinion_queues_it_in_its_own_commit(store: Store) -> None:
    wanted = scored("a")
    object.__setattr__(wanted, "opinion_wanted", True)
    store.save_scored([wanted])
    assert [row.asked_because for row in store.opinions.waiting(9)] == [REQUESTED]
    store.opinions.gather(plain)  # the model is sure, and a person wants it all the same
    assert len(store.opinions.waiting(9)) == 1


def test_a_question_is_taken_by_one_of_many_processes(url: str) -> None:
    stores = [open_store(url) for _ in range(4)]
    unsure(stores[0], "a")
    stores[0].opinions.gather(plain)
    row = first(stores[0])
    got: list[Reservation] = []
    threads = [
        threading.Thread(target=lambda one=one: got.append(one.opinions.reserve(row, 10, PLENTY))) for one in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [Reservation.RESERVED, *[Reservation.TAKEN] * 3]
    assert stores[0].opinions.spending().month_micro_usd == 10
    for one in stores:
        one.close()


def test_many_processes_never_reserve_more_than_the_budget(url: str) -> None:
    stores = [open_store(url) for _ in range(4)]
    unsure(stores[0], *(f"lead_{number}" for number in range(40)))
    stores[0].opinions.gather(plain)
    rows = stores[0].opinions.waiting(40)
    limits = Limits(day_micro_usd=1_000, month_micro_usd=10**9)

    def reserve(place: int) -> None:
        for row in rows[place::4]:
            stores[place].opinions.reserve(row, 90, limits)

    threads = [threading.Thread(target=reserve, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].opinions.spending().day_micro_usd == 990  # 11 x 90; a twelfth would make 1,080
    assert stores[0].opinions.count(Status.ASKED) == 11
    for one in stores:
        one.close()


def test_the_books_hold_what_a_call_cost_in_place_of_what_was_set_aside(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    row = first(store)
    store.opinions.reserve(row, 5_000, PLENTY)
    assert store.opinions.spending().day_micro_usd == 5_000
    assert store.opinions.settle(row.opinion_id, answered(700))
    assert store.opinions.spending().day_micro_usd == 700
    assert not store.opinions.settle(row.opinion_id, answered(700))  # twice told is once booked
    assert store.opinions.spending().day_micro_usd == 700
    [kept] = store.opinions.of_lead("a")
    assert (kept.status, kept.answer, kept.low, kept.cost_micro_usd) == (
        Status.ANSWERED, {"band": "10 to 30 %"}, 0.1, 700,
    )  # fmt: skip
    assert events(store)[-1] == ("opinion_received", "a")


def test_what_is_settled_after_midnight_is_booked_on_the_day_of_its_reservation(store: Store) -> None:
    before, after = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 2, 1, 0, 0, 3, tzinfo=UTC)
    assert store.opinions.reserve_alone(900, PLENTY, before) is Reservation.RESERVED
    store.opinions.settle_alone(900, 100, before)
    assert store.opinions.spending(before).day_micro_usd == 100
    assert store.opinions.spending(after).day_micro_usd == store.opinions.spending(after).month_micro_usd == 0


def test_an_opinion_is_decided_once_also_after_its_answer(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    row = first(store)
    store.opinions.reserve(row, 5_000, PLENTY)
    assert store.opinions.settle(row.opinion_id, answered())
    assert store.opinions.decide(row.opinion_id, "agreed", "ben")
    assert not store.opinions.decide(
        row.opinion_id, "set to cold", "carol", Override("a", Tier.COLD, "r", "carol", at(9), None)
    )
    kept = store.opinions.one(row.opinion_id)
    assert (kept.decided_by, kept.decision) == ("ben", "agreed")
    assert store.override("a") is None


def test_a_month_ends_and_the_next_has_a_budget_of_its_own(store: Store) -> None:
    unsure(store, "a", "b", "c")
    store.opinions.gather(plain)
    rows = store.opinions.waiting(3)
    limits = Limits(day_micro_usd=100, month_micro_usd=150)
    march, last, april = (datetime(2026, 3, day, 23, 59, tzinfo=UTC) for day in (1, 31, 30))
    assert store.opinions.reserve(rows[0], 100, limits, march) is Reservation.RESERVED
    assert store.opinions.reserve(rows[1], 1, limits, march) is Reservation.DAY_SPENT
    assert store.opinions.reserve(rows[1], 51, limits, last) is Reservation.MONTH_SPENT
    assert store.opinions.reserve(rows[1], 50, limits, last) is Reservation.RESERVED
    assert store.opinions.reserve(rows[2], 100, limits, april.replace(month=4)) is Reservation.RESERVED
    assert store.opinions.spending(last).month_micro_usd == 150


def test_a_try_that_is_put_back_is_paid_for_and_waits_for_its_time(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    row = first(store)
    store.opinions.reserve(row, 5_000, PLENTY)
    busy = Result(Status.FAILED, 40, took_ms=3.0, error="Claude is overloaded.")
    later = utc_now() + timedelta(minutes=2)
    assert store.opinions.put_back(row.opinion_id, busy, later)
    assert store.opinions.waiting(9) == []
    [again] = store.opinions.waiting(9, later)
    assert again.tries == 1
    store.opinions.reserve(again, 5_000, PLENTY)
    store.opinions.settle(row.opinion_id, answered(700))
    assert store.opinions.of_lead("a")[0].cost_micro_usd == 740
    assert store.opinions.spending().day_micro_usd == 740


def test_a_call_that_was_in_flight_at_a_kill_is_explained_and_counts_as_spent(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    row = first(store)
    store.opinions.reserve(row, 5_000, PLENTY)
    asked_at = utc_now()
    assert store.opinions.sweep(LEASE, BATCH_LEASE, asked_at + timedelta(minutes=2)) == 0
    assert store.opinions.sweep(LEASE, BATCH_LEASE, asked_at + timedelta(minutes=4)) == 1
    [lost] = store.opinions.of_lead("a")
    assert (lost.status, lost.error, lost.cost_micro_usd) == (Status.FAILED, LOST, 5_000)
    assert store.opinions.spending().day_micro_usd == 5_000
    assert not store.opinions.settle(row.opinion_id, answered())
    assert [one.opinion_id for one in store.opinions.for_review()] == [row.opinion_id]
    assert events(store)[-1] == ("opinion_received", "a")


def test_a_batch_that_never_got_its_name_is_explained_sooner_than_one_that_is_being_answered(store: Store) -> None:
    unsure(store, "a", "b")
    store.opinions.gather(plain)
    first, second = store.opinions.waiting(2)
    store.opinions.reserve(first, 10, PLENTY, batch_id="making_1")
    store.opinions.reserve(second, 10, PLENTY, batch_id="making_2")
    store.opinions.name_batch("making_2", "msgbatch_1")
    soon, late = utc_now() + timedelta(minutes=14), utc_now() + timedelta(minutes=16)
    assert store.opinions.sweep(LEASE, BATCH_LEASE, soon) == 0
    assert store.opinions.sweep(LEASE, BATCH_LEASE, late) == 1
    assert store.opinions.in_batch("msgbatch_1") == {second.lead_id: second.opinion_id}
    assert store.opinions.sweep(LEASE, BATCH_LEASE, utc_now() + timedelta(hours=27)) == 1


def test_a_person_decides_once_and_may_set_a_tier(store: Store) -> None:
    unsure(store, "a", "b")
    store.opinions.gather(plain)
    row = first(store)
    mine = Override(row.lead_id, Tier.HOT, "Called back twice", "maria", utc_now())
    assert store.opinions.decide(row.opinion_id, "set to hot", "maria", mine)
    assert not store.opinions.decide(row.opinion_id, "agreed", "carl")
    [kept] = store.opinions.of_lead(row.lead_id)
    assert (kept.status, kept.decision, kept.decided_by) == (Status.DECIDED, "set to hot", "maria")
    override = store.override(row.lead_id)
    assert override is not None
    assert override.tier is Tier.HOT
    assert store.opinions.reserve(row, 10, PLENTY) is Reservation.TAKEN


def test_clearing_the_leads_does_not_give_the_money_back(store: Store) -> None:
    unsure(store, "a")
    store.opinions.gather(plain)
    store.opinions.reserve(first(store), 5_000, PLENTY)
    store.clear()
    assert store.opinions.spending().month_micro_usd == 5_000
    assert store.opinions.count(Status.ASKED) == 0
    unsure(store, "b")
    store.opinions.gather(plain)
    assert len(store.opinions.waiting(9)) == 1
