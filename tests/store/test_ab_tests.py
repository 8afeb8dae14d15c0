"""A/B tests in the record: who is assigned, and what is counted, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.analytics.ab_test import Design, Metric, Variant, variant_of
from core.analytics.ab_test_reading import DayCount
from core.errors import InputError, NotFound
from core.leads import Direction, Interaction, InteractionKind, LeadHistory, Outcome, Stage, utc_now
from core.store import Store
from tests.store.made import history, scored

DESIGN = Design(
    "Who calls", (Variant("As ever", 0.5), Variant("Call at once", 0.5)), Metric.ANSWERED, 1, 0.3, 0.1, 0.8, 0.05,
    sequential=False, sample=700,
)  # fmt: skip


def arrived(lead_id: str, minutes_ago: float, *sent: tuple[float, InteractionKind], **fields: object) -> LeadHistory:
    """A lead that came in some minutes ago, with touches of ours some minutes later."""
    came = utc_now() - timedelta(minutes=minutes_ago)
    touches = [
        Interaction(occurred_at=came + timedelta(minutes=after), kind=kind, direction=Direction.OUTBOUND)
        for after, kind in sent
    ]
    return history(lead_id, *touches, created_at=came, **fields)


def answering(lead_id: str, minutes_ago: float, after: float) -> LeadHistory:
    """The lead writes 30 minutes after its arrival; what we send then after less than five is a bot's."""
    told = arrived(lead_id, minutes_ago, (after, InteractionKind.SMS))
    came = told.interactions[0].occurred_at - timedelta(minutes=after)
    said = Interaction(
        occurred_at=came + timedelta(minutes=30), kind=InteractionKind.SMS, direction=Direction.INBOUND, text="Hello?"
    )
    return told.model_copy(update={"interactions": (said, *told.interactions)})


def test_only_leads_that_arrive_while_a_test_runs_are_assigned_and_each_once(store: Store) -> None:
    store.save_histories([arrived("early", 5)])
    begun = utc_now() - timedelta(days=3)
    test_id = store.ab_tests.start("Calls", DESIGN, begun, "Ana")
    store.save_histories([arrived("early", 5), arrived("old", 5 * 1_440), arrived("new", 1), history("untold")])
    store.save_scored([scored("scored"), scored("new")])
    first = {lead_id: store.ab_tests.of_lead(lead_id) for lead_id in ("new", "untold", "scored", "early", "old")}
    assert {lead_id: len(found) for lead_id, found in first.items()} == {
        "new": 1, "untold": 1, "scored": 1, "early": 0, "old": 0,
    }  # fmt: skip
    for lead_id in ("new", "untold", "scored"):
        (given,) = first[lead_id]
        assert given.variant == variant_of(test_id, lead_id, (0.5, 0.5))
        assert given.test.design == DESIGN
    store.save_histories([arrived("new", 2_000)])
    assert store.ab_tests.of_lead("new") == first["new"]
    store.ab_tests.end(test_id, utc_now(), {"decided": None, "reason": "no time"})
    store.save_histories([arrived("late", 0)])
    assert store.ab_tests.of_lead("late") == store.ab_tests.of_lead("new") == []
    (kept,) = store.ab_tests.all()
    assert kept.ending == {"decided": None, "reason": "no time"}
    with pytest.raises(NotFound, match="ended already"):
        store.ab_tests.end(test_id, utc_now(), {})


def test_an_answer_counts_within_its_days_and_when_these_are_over(store: Store) -> None:
    begun = utc_now() - timedelta(days=30)
    test_id = store.ab_tests.start("Calls", DESIGN, begun, "Ana")
    mail, call, note = InteractionKind.EMAIL, InteractionKind.CALL, InteractionKind.NOTE
    ripe = 3 * 1_440
    leads = {
        "in_time": (arrived("in_time", ripe, (60, mail)), True),
        "automatic": (arrived("automatic", ripe, (4, mail)), False),
        "called": (arrived("called", ripe, (1, call)), True),
        "noted": (arrived("noted", ripe, (60, note)), False),
        "late": (arrived("late", ripe, (1_441, mail)), False),
        "twice": (arrived("twice", ripe, (30, mail), (90, call)), True),
        "bot": (answering("bot", ripe, 33), False),
        "person": (answering("person", ripe, 36), True),
        "young": (arrived("young", 600, (60, mail)), False),
    }
    store.save_histories([told for told, _ in leads.values()])
    (test,) = store.ab_tests.all()
    counts = store.ab_tests.counts(test, utc_now())
    for variant in (0, 1):
        mine = [name for name in leads if variant_of(test_id, name, (0.5, 0.5)) == variant]
        found = [one for one in counts if one.variant == variant]
        assert sum(one.leads for one in found) == len(mine)
        assert sum(one.ripe for one in found) == sum(name != "young" for name in mine)
        assert sum(one.successes for one in found) == sum(leads[name][1] for name in mine)


def test_a_contract_counts_as_a_showing_and_what_was_before_the_arrival_does_not(store: Store) -> None:
    design = replace(DESIGN, metric=Metric.SHOWING, within_days=10)
    store.ab_tests.start("Showings", design, utc_now() - timedelta(days=60), "Ana")
    came = utc_now() - timedelta(days=20)
    when = {"shown": (Stage.SHOWING, 3), "signed": (Stage.CONTRACT, 9), "late": (Stage.SHOWING, 11),
            "before": (Stage.SHOWING, -1), "qualified": (Stage.QUALIFIED, 1)}  # fmt: skip
    store.save_histories([history(name, created_at=came) for name in when])
    for name, (stage, after) in when.items():
        store.add_outcome(Outcome(lead_id=name, stage=stage, occurred_at=came + timedelta(days=after)))
    (test,) = store.ab_tests.all()
    counts = store.ab_tests.counts(test, utc_now())
    assert sum(one.successes for one in counts) == 2
    usual = store.ab_tests.usual(Metric.SHOWING, 10, came - timedelta(days=1), came + timedelta(days=1))
    assert (usual.leads, usual.successes) == (5, 2)
    signed = store.ab_tests.usual(Metric.SIGNED, 10, came - timedelta(days=1), came + timedelta(days=1))
    assert (signed.leads, signed.successes) == (5, 1)
    assert store.ab_tests.usual(Metric.SIGNED, 10, came, came).leads == 0


def test_a_name_is_taken_once_and_clearing_the_leads_leaves_the_tests(store: Store) -> None:
    store.ab_tests.start("Calls", DESIGN, utc_now() - timedelta(days=1), "Ana")
    with pytest.raises(InputError, match="'Calls' already"):
        store.ab_tests.start("Calls", DESIGN, utc_now(), "Ana")
    store.save_histories([arrived("a", 1)])
    version = store.version()
    store.clear()
    assert store.version() > version
    (test,) = store.ab_tests.all()
    assert store.ab_tests.counts(test, utc_now()) == []
    store.save_histories([arrived("a", 1)])
    assert [(one.leads, one.ripe) for one in store.ab_tests.counts(test, utc_now())] == [(1, 0)]
    assert isinstance(store.ab_tests.counts(test, utc_now())[0], DayCount)
