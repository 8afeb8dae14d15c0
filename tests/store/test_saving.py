"""What is saved comes back, and what is told again changes only what it tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from sqlalchemy.exc import IntegrityError

from core.errors import LeadError, NotFound
from core.features import extract
from core.features.catalog import INDEX, NAMES
from core.leads import Direction, Insights, InteractionKind, LeadHistory, Side, Stage
from core.scoring import Tier
from core.store import LeadSort, Store
from tests.store.made import at, history, impossible, scored, touch

EVERYTHING: dict[str, Any] = {
    "name": "Ana Lima",
    "email": "ana@example.com",
    "phone": "(512) 555-0100",
    "source": "zillow",
    "agent": "Bo",
    "side": Side.SELLER,
    "stage": Stage.SHOWING,
    "created_at": datetime(2025, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "budget_range": "500k-750k",
    "price_min_usd": Decimal("500000.01"),
    "price_max_usd": Decimal("999999999.99"),
    "location_preference": "Downtown Austin",
    "timeline": "3-6 months",
    "financing": "cash",
    "pre_approval": "yes",
    "listing_price_usd": Decimal("0.10"),
    "listing_address": "1 Oak Street",
    "message": "Hello\nthere",
    "tags": ("hot", "vip"),
    "insights": Insights(engagement_level=0.7, buying_signals_count=3),
    "measured": {"property_views": 12.5},
}


def test_a_lead_with_every_field_comes_back_as_it_was(store: Store) -> None:
    touches = (
        touch(-90, "first", response_time_hours=2.1, message_length=5, questions_asked=1, subject="Re: house"),
        touch(
            -60,
            None,
            kind=InteractionKind.PROPERTY_VIEW,
            listing_price_usd=Decimal("425000.50"),
            listing_area="Zilker",
        ),
        touch(0, "ours", direction=Direction.OUTBOUND),
    )
    told = history("lead_1", *touches, **EVERYTHING)
    store.save_histories([told])
    assert store.history("lead_1") == told
    assert store.history("lead_1").lead.model_fields_set == told.lead.model_fields_set


def test_times_in_another_zone_come_back_as_the_same_moment_in_utc(store: Store) -> None:
    noon_in_austin = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=-6)))
    store.save_histories([history("a", created_at=noon_in_austin)])
    created_at = store.history("a").lead.created_at
    assert created_at == datetime(2026, 1, 1, 18, tzinfo=UTC)
    assert created_at.utcoffset() == timedelta(0)


def test_a_later_history_that_tells_less_erases_nothing(store: Store) -> None:
    store.save_histories([history("a", **EVERYTHING)])
    store.save_histories([history("a", name=None, email="", tags=(), measured={}, insights=Insights())])
    assert store.history("a").lead == history("a", **EVERYTHING).lead


def test_a_later_history_changes_what_it_tells_and_merges_what_was_measured(store: Store) -> None:
    store.save_histories([history("a", **EVERYTHING)])
    later = history(
        "a", phone="555", measured={"questions_asked": 4}, insights=Insights(engagement_level=0.9), tags=("cold",)
    )
    store.save_histories([later])
    lead = store.history("a").lead
    assert (lead.phone, lead.name, lead.side, lead.stage) == ("555", "Ana Lima", Side.SELLER, Stage.SHOWING)
    assert lead.measured == {"property_views": 12.5, "questions_asked": 4}
    assert lead.insights == Insights(engagement_level=0.9, buying_signals_count=3)
    assert lead.tags == ("cold",)


def test_two_histories_of_one_lead_in_one_call_are_told_one_after_the_other(store: Store) -> None:
    first, second = history("a", touch(0), name="Ana", phone="1"), history("a", touch(0), touch(1), phone="2")
    store.save_histories([first, second])
    known = store.history("a")
    assert (known.lead.name, known.lead.phone) == ("Ana", "2")
    assert known.interactions == (touch(0), touch(1))


def test_interactions_told_again_are_stored_once(store: Store) -> None:
    call = touch(5, None, kind=InteractionKind.CALL)
    told = history("a", touch(0), touch(0, "Another text at once"), touch(0, direction=Direction.OUTBOUND), call)
    for _ in range(3):
        store.save_histories([told])
    store.save_histories([history("a", touch(9), touch(0))])
    assert store.history("a").interactions == (*told.interactions, touch(9))


def test_the_same_words_at_the_same_moment_are_one_message_but_calls_without_words_are_each_a_call(
    store: Store,
) -> None:
    call = touch(0, None, kind=InteractionKind.CALL)
    store.save_histories([history("a", touch(0, "Hi"), touch(0, "Hi"), call, call, call)])
    store.save_histories([history("a", call, call)])
    assert store.history("a").interactions == (touch(0, "Hi"), call, call, call)


def test_views_of_two_listings_on_the_same_day_are_two(store: Store) -> None:
    views = [
        touch(0, None, kind=InteractionKind.PROPERTY_VIEW, listing_price_usd=Decimal(price)) for price in (1, 2, 2)
    ]
    store.save_histories([history("a", *views)])
    assert len(store.history("a").interactions) == 3


def test_a_history_longer_than_a_lead_may_have_gives_its_newest_5000(store: Store) -> None:
    older = LeadHistory(lead=history("a").lead, interactions=tuple(touch(n, str(n)) for n in range(-9000, -4500)))
    newer = LeadHistory(lead=history("a").lead, interactions=tuple(touch(n, str(n)) for n in range(-4500, 0)))
    store.save_histories([newer, older])
    read = store.history("a").interactions
    assert [one.text for one in read] == [str(n) for n in range(-5000, 0)]


def test_of_texts_beyond_a_million_characters_only_the_newest_are_read_and_of_the_others_the_length(
    store: Store,
) -> None:
    touches = [touch(n, f"{n:03d}" + "x" * 19_997, message_length=7) for n in range(60)]  # 60 x 20,000 = 1.2 million
    touches[5] = touch(5, None, kind=InteractionKind.CALL, direction=Direction.OUTBOUND, message_length=3)
    store.save_histories([history("a", *touches)])
    read = store.history("a").interactions
    assert [one.text for one in read[10:]] == [one.text for one in touches[10:]], "50 x 20,000 = 1 million"
    assert [one.text for one in read[:10]] == [None] * 10
    assert [one.message_length for one in read] == [20_000] * 5 + [3] + [20_000] * 4 + [7] * 50
    assert [(one.occurred_at, one.kind, one.direction) for one in read] == [
        (one.occurred_at, one.kind, one.direction) for one in touches
    ]
    whole, bounded = (extract(told, at(60)).values for told in (history("a", *touches), store.history("a")))
    counted = [INDEX[name] for name in (*NAMES[:5], "message_length_avg", "property_views")]
    assert bounded[counted].tolist() == whole[counted].tolist()


def test_an_unknown_lead_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="no lead 'nobody'"):
        store.history("nobody")
    with pytest.raises(NotFound, match="no score of lead 'nobody'"):
        store.latest_score("nobody")
    assert store.scores("nobody") == []
    assert store.outcomes("nobody") == []
    assert store.override("nobody") is None


def test_a_score_comes_back_bit_for_bit(store: Store) -> None:
    given = scored("a", 1 / 3, Tier.HOT, reasons=("Because", "Für Ümläute 🏠"), via="csv", escalated=True)
    store.save_scored([given])
    read = store.latest_score("a")
    assert read.score.contributions.tobytes() == given.score.contributions.tobytes()
    assert read.score.features.tobytes() == given.score.features.tobytes()
    assert read.score.features.dtype == np.float32
    for name in ("probability", "raw_probability", "confidence", "tier", "base_value", "model_version"):
        assert getattr(read.score, name) == getattr(given.score, name)
    assert (read.score.closing_probability, read.score.timeline_probability) == (0.0625, None)
    assert read.contributions == dict(zip(NAMES, given.score.contributions.tolist(), strict=True))
    assert read.features["interaction_count"] == 7.0
    assert read.features["budget_clarity"] is None
    assert read.reasons == given.reasons
    assert (read.via, read.scored_at, read.escalation_recommended) == ("csv", at(0), True)


@pytest.mark.parametrize("amount", ["0.00", "0.01", "37500.10", "999999999.99", "1000000000.00"])
def test_money_comes_back_exactly(store: Store, amount: str) -> None:
    store.save_scored([scored("a", commission=Decimal(amount))])
    read = store.latest_score("a")
    assert str(read.commission_usd) == amount
    assert str(store.browse().rows[0].commission_usd) == amount
    assert (str(read.sale_price_usd), str(read.rate)) == ("625000.00", "0.06")


def test_a_commission_that_is_not_known_stays_unknown(store: Store) -> None:
    store.save_scored([scored("a", commission=None)])
    read = store.latest_score("a")
    assert (read.sale_price_usd, read.price_basis, read.commission_usd) == (None, None, None)


def test_scores_are_listed_newest_first_and_none_is_replaced(store: Store) -> None:
    for minutes, probability in ((0, 0.1), (9, 0.2), (5, 0.3), (9, 0.4)):
        store.save_scored([scored("a", probability, minutes=minutes)])
    assert [one.score.probability for one in store.scores("a")] == [0.4, 0.2, 0.3, 0.1]
    assert [one.score.probability for one in store.scores("a", most=2)] == [0.4, 0.2]
    assert store.latest_score("a").score.probability == 0.4


def test_a_score_of_an_earlier_moment_does_not_become_the_latest(store: Store) -> None:
    store.save_scored([scored("a", 0.9, Tier.HOT, minutes=10)])
    store.save_scored([scored("a", 0.1, Tier.COLD, minutes=5)])
    row = store.browse().rows[0]
    assert (row.probability, row.tier, row.scored_at) == (0.9, Tier.HOT, at(10))


def test_a_batch_with_one_impossible_lead_stores_nothing(store: Store) -> None:
    with pytest.raises(LeadError, match="cannot store these values"):
        store.save_scored([scored("a"), impossible("b")])
    assert store.browse().total == 0
    assert store.version() == 0
    assert store.last_feed_seq() == 0


def test_a_stored_score_can_neither_be_changed_nor_deleted(store: Store) -> None:
    store.save_scored([scored("a", 0.5)])
    for statement in ("UPDATE scores SET probability = 0.9", "DELETE FROM scores"):
        with pytest.raises(LeadError) as refused, store.database.write() as connection:
            connection.exec_driver_sql(statement)
        assert isinstance(refused.value.__cause__, IntegrityError)
        assert "append-only" in str(refused.value.__cause__)
    assert store.latest_score("a").score.probability == 0.5


def test_clearing_deletes_every_lead_but_no_setting_and_no_number(store: Store) -> None:
    store.save_scored([scored("a"), scored("b")])
    store.set_workspace("threshold", 0.9)
    before = store.version()
    store.clear()
    assert store.browse().total == store.lead_count() == 0
    assert store.recent_scores() == []
    assert store.outbox_after() == []
    assert store.workspace("threshold") == 0.9
    assert store.version() > before
    store.save_scored([scored("c")])
    assert [event.feed_seq for event in store.outbox_after()] == [3]
    with pytest.raises(LeadError), store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM scores")


def test_saving_nothing_is_no_change(store: Store) -> None:
    store.save_histories([])
    store.save_scored([])
    assert store.version() == 0


def test_more_leads_than_one_statement_takes_are_saved_in_one_transaction(store: Store) -> None:
    store.save_scored([scored(f"lead_{number}", number / 1300) for number in range(1300)])
    assert store.version() == 1
    assert store.lead_count() == 1300
    page = store.browse(sort=LeadSort.SCORE, page_size=2)
    assert [row.lead_id for row in page.rows] == ["lead_1299", "lead_1298"]
