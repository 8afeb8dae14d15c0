"""Outcomes, overrides, and what is computed from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import LeadError, NotFound
from core.leads import Outcome, Stage
from core.scoring import Tier
from core.store import LeadFilter, Override, Store, TierOutcomes
from tests.store.made import at, history, scored


def reached(lead_id: str, stage: Stage, minutes: float, price: str | None = None, reason: str | None = None) -> Outcome:
    sale_price_usd = None if price is None else Decimal(price)
    return Outcome(lead_id=lead_id, stage=stage, occurred_at=at(minutes), sale_price_usd=sale_price_usd, reason=reason)


def test_an_outcome_moves_the_lead_in_the_same_transaction_and_tells_the_feed(store: Store) -> None:
    store.save_histories([history("a", name="Ana")])
    before = store.version()
    closed = reached("a", Stage.CLOSED, 10, "625000.00", "Signed")
    store.add_outcome(closed, "Bo")
    assert store.outcomes("a") == [closed]
    assert store.history("a").lead.stage == Stage.CLOSED
    assert store.browse(LeadFilter(stages=(Stage.CLOSED,))).total == 1
    assert store.version() == before + 1
    event = store.outbox_after()[0].payload
    assert event == {
        "event_type": "outcome_recorded",
        "timestamp": "2026-03-02T12:10:00Z",
        "lead_id": "a",
        "lead_name": "Ana",
        "stage": "closed",
    }


def test_an_outcome_of_an_earlier_day_does_not_move_the_lead_back(store: Store) -> None:
    store.save_histories([history("a")])
    for stage, minutes in ((Stage.CONTRACT, 20), (Stage.QUALIFIED, 10)):
        store.add_outcome(reached("a", stage, minutes))
    assert [outcome.stage for outcome in store.outcomes("a")] == [Stage.QUALIFIED, Stage.CONTRACT]
    assert store.history("a").lead.stage == store.browse().rows[0].stage == Stage.CONTRACT


def test_a_history_read_before_an_outcome_and_saved_after_it_does_not_undo_it(store: Store) -> None:
    store.save_histories([history("a", stage=Stage.SHOWING)])
    read_before = store.history("a")
    store.add_outcome(reached("a", Stage.LOST, 5))
    store.save_scored([scored(read_before)])
    assert store.history("a").lead.stage == store.browse().rows[0].stage == Stage.LOST


def test_an_imported_stage_is_changed_by_the_next_import_until_there_is_an_outcome(store: Store) -> None:
    store.save_histories([history("a", stage=Stage.QUALIFIED)])
    store.save_histories([history("a", stage=Stage.SHOWING)])
    store.save_histories([history("a", name="Ana")])
    assert store.history("a").lead.stage == Stage.SHOWING


def test_an_outcome_told_again_is_stored_once_and_adds_what_was_not_known(store: Store) -> None:
    store.save_histories([history("a")])
    store.add_outcome(reached("a", Stage.CLOSED, 0))
    store.add_outcome(reached("a", Stage.CLOSED, 0, "1.50"))
    store.add_outcome(reached("a", Stage.CLOSED, 0, None, "Cash"))
    assert store.outcomes("a") == [reached("a", Stage.CLOSED, 0, "1.50", "Cash")]


def test_an_outcome_or_an_override_of_an_unknown_lead_is_refused_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(NotFound, match="no lead 'nobody'"):
        store.add_outcome(reached("nobody", Stage.CLOSED, 0))
    with pytest.raises(NotFound, match="no lead 'nobody'"):
        store.add_override(Override("nobody", Tier.HOT, "why", "Bo", at(0)))
    assert store.version() == 0
    assert store.last_feed_seq() == 0


def test_many_outcomes_are_recorded_all_or_none(store: Store) -> None:
    store.save_histories([history("a"), history("b")])
    both = [reached("a", Stage.CONTRACT, 1), reached("a", Stage.CLOSED, 2), reached("b", Stage.LOST, 1)]
    with pytest.raises(NotFound):
        store.add_outcomes([*both, reached("nobody", Stage.LOST, 1)])
    assert (store.outcomes("a"), store.last_feed_seq()) == ([], 0)
    store.add_outcomes(both, "import")
    store.add_outcomes([])
    assert [store.history(lead_id).lead.stage for lead_id in "ab"] == [Stage.CLOSED, Stage.LOST]
    assert (store.last_feed_seq(), store.version()) == (3, 2)


def test_the_override_in_force_is_the_newest_that_was_made_and_has_not_expired(store: Store) -> None:
    store.save_scored([scored("a")])
    first = Override("a", Tier.HOT, "Called me", "Bo", at(0))
    second = Override("a", Tier.COLD, "Moved away", "Cy", at(10), at(20))
    for override in (first, second):
        store.add_override(override)
    assert store.override("a", at(-1)) is None
    assert store.override("a", at(5)) == first
    assert store.override("a", at(10)) == second
    assert store.override("a", at(19.99)) == second
    assert store.override("a", at(20)) is None  # what the second replaced does not come back
    assert store.override("a") is None


@pytest.mark.parametrize(
    ("reason", "actor", "lifetime", "says"),
    [
        (" ", "Bo", 1, "reason is empty"),
        ("why", "", 1, "actor is empty"),
        ("x" * 301, "Bo", 1, "reason has 301 characters"),
        ("a\x00", "Bo", 1, "NUL"),
        ("why", "Bo", 0, "expires_at"),
    ],
)
def test_an_override_without_a_reason_a_person_or_a_lifetime_is_refused(
    reason: str, actor: str, lifetime: int, says: str
) -> None:
    with pytest.raises(LeadError, match=says):
        Override("a", Tier.HOT, reason, actor, at(0), at(lifetime))


def test_tiers_are_judged_by_the_last_score_before_the_end_was_known(store: Store) -> None:
    tiers = {"hot then closed": (Tier.HOT, Stage.CLOSED), "cold, lost": (Tier.COLD, Stage.LOST)}
    day = 1_440
    for number, (tier, stage) in enumerate(tiers.values()):
        store.save_scored([scored(f"decided-{number}", tier=Tier.WARM, minutes=0)])
        store.save_scored([scored(f"decided-{number}", tier=tier, minutes=1 * day)])  # stands on days 17.4 and 11.7
        store.add_outcome(reached(f"decided-{number}", stage, 20 * day))
        store.save_scored([scored(f"decided-{number}", tier=Tier.WARM, minutes=25 * day)])  # knows the end
    store.save_scored([scored("signed", tier=Tier.HOT)])  # its moment is day 9
    store.add_outcome(reached("signed", Stage.CONTRACT, 10 * day))
    store.add_outcome(reached("signed", Stage.LOST, 11 * day))
    store.save_scored([scored("open", tier=Tier.HOT)])
    store.save_scored([scored("too-late", tier=Tier.HOT, minutes=50 * day)])
    store.add_outcome(reached("too-late", Stage.CLOSED, 1 * day))
    store.save_histories([history("never-scored")])
    assert store.tier_outcomes() == [
        TierOutcomes(Tier.HOT, converted=2, lost=0, open=1),
        TierOutcomes(Tier.WARM, converted=0, lost=0, open=0),
        TierOutcomes(Tier.COLD, converted=0, lost=1, open=0),
    ]
    assert [one.share for one in store.tier_outcomes()] == [1.0, None, 0.0]


def test_the_median_price_of_an_area_is_that_of_its_own_closings(store: Store) -> None:
    prices = {"a": "400000.00", "b": "500000.01", "c": "900000.00"}
    for lead_id, price in prices.items():
        store.save_histories([history(lead_id, location_preference="zilker, Austin")])
        store.add_outcome(reached(lead_id, Stage.CONTRACT, 0, "1.00"))
        store.add_outcome(reached(lead_id, Stage.CLOSED, 1, price))
    store.save_histories([history("else", location_preference="Downtown")])
    store.add_outcome(reached("else", Stage.CLOSED, 1, "7.00"))
    store.add_outcome(reached("else", Stage.CLOSED, 2))
    assert store.area_median_prices() == {"Zilker": Decimal("500000.01"), "Downtown": Decimal("7.00")}
    store.save_histories([history("d", location_preference="Zilker")])
    store.add_outcome(reached("d", Stage.CLOSED, 1, "500000.02"))
    # (500000.01 + 500000.02) / 2 = 500000.015, rounded half up
    assert store.area_median_prices() == {"Zilker": Decimal("500000.02"), "Downtown": Decimal("7.00")}


def test_counts_since_a_moment_include_it_and_nothing_before(store: Store) -> None:
    store.save_scored([scored("a", tier=Tier.HOT, minutes=-1, escalated=True)])
    store.save_scored([scored("a", tier=Tier.HOT, minutes=0), scored("b", tier=Tier.COLD, minutes=3, escalated=True)])
    store.save_scored([scored("a", tier=Tier.WARM, minutes=4)])
    counts = store.day_counts(at(0))
    assert (counts.scored, counts.hot, counts.warm, counts.cold, counts.escalated) == (3, 1, 1, 1, 1)
    assert store.day_counts(at(60)).scored == 0


def test_cache_hits_are_counted_by_day(store: Store) -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    store.performance.add_counts({"cache_hits": 2}, day.date())
    store.performance.add_counts({"cache_hits": 3}, day.date())
    store.performance.add_counts({"cache_hits": 5}, (day - timedelta(days=1)).date())
    store.performance.add_counts({"other": 7}, day.date())
    assert store.day_counts(day).cache_hits == 5
    assert store.day_counts(day - timedelta(seconds=1)).cache_hits == 10
    store.performance.add_counts({"cache_hits": 1})
    assert store.performance.counts(datetime.now(UTC)) == {"cache_hits": 1}
    assert store.version() == 0


def test_recent_scores_are_of_all_leads_newest_first_with_who_they_are_about(store: Store) -> None:
    store.save_scored([scored("a", 0.1, minutes=0, name="Ana", source="zillow"), scored("b", 0.2, minutes=5)])
    store.save_scored([scored("a", 0.3, minutes=9, via="csv")])
    rows = store.recent_scores(2)
    assert [(row.lead_id, row.ml_score, row.name, row.source, row.via) for row in rows] == [
        ("a", 30.0, "Ana", "zillow", "csv"),
        ("b", 20.0, None, None, "api"),
    ]
    assert (rows[0].scored_at, rows[0].tier, rows[0].commission_usd) == (at(9), Tier.WARM, Decimal("37500.00"))


def test_a_clock_that_was_set_back_hides_no_score_among_the_recent_ones(store: Store) -> None:
    for number in range(3):
        store.save_scored([scored(f"before-{number}", minutes=60)])
    store.save_scored([scored("after", minutes=0)])
    assert [row.lead_id for row in store.recent_scores(2)] == ["after", "before-2"]


def test_confidences_are_the_latest_of_each_scored_lead(store: Store) -> None:
    assert store.confidences().shape == (0,)
    store.save_scored([scored("a", 0.9), scored("b", 0.25)])
    store.save_scored([scored("a", 0.4, minutes=1)])
    store.save_histories([history("c")])
    assert sorted(store.confidences().tolist()) == [0.6, 0.75]
