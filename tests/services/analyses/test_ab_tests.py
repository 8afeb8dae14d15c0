"""A/B tests from their start to their end, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.analytics.ab_test import Design, Metric, Variant
from core.analytics.ab_test_reading import DayCount, Verdict, read
from core.errors import InputError
from core.leads import Direction, Interaction, InteractionKind, utc_now
from core.scoring.interval import newcombe
from core.scoring.selective import wilson
from core.services import audit
from core.services.access import trusted
from core.services.analyses import ab_tests
from core.services.analyses.ab_test_words import verdict_words
from core.services.analyses.ab_tests import Counted, TestState, figures_of
from core.services.analyses.behind import Behind, leads_behind
from core.services.center import CommandCenter
from core.services.lead.lead_groups import lead_groups
from core.settings import Settings
from core.store import LeadFilter
from core.store.ab_tests import StoredTest
from tests.services.acting import MANAGER
from tests.store.made import history

DESIGN = Design(
    "Call within five minutes", (Variant("As ever", 0.5), Variant("Call at once", 0.5)), Metric.ANSWERED, 1, 0.2, 0.2,
    0.8, 0.05, sequential=True,
)  # fmt: skip


@pytest.fixture
def center(tmp_path: Path) -> Iterator[CommandCenter]:
    with CommandCenter(Settings(jorge_data_dir=tmp_path)) as center:
        yield center


def live_on(center: CommandCenter, leads: int = 300, days_ago: float = 10.0) -> None:
    """Leads of one a minute since a moment; those who are to be called at once are, of the others one in five."""
    begun = utc_now() - timedelta(days=days_ago)
    names = [f"lead_{number}" for number in range(leads)]
    came = {name: begun + timedelta(minutes=number) for number, name in enumerate(names)}
    center.store.save_histories([history(name, created_at=came[name]) for name in names])
    called = []
    for number, name in enumerate(names):
        (given,) = center.store.ab_tests.of_lead(name)
        if given.variant == 1 or number % 5 == 0:
            call = Interaction(
                occurred_at=came[name] + timedelta(minutes=2), kind=InteractionKind.CALL, direction=Direction.OUTBOUND
            )
            called.append(history(name, call, created_at=came[name]))
    center.store.save_histories(called)


def begin(center: CommandCenter, monkeypatch: pytest.MonkeyPatch, design: Design = DESIGN, days_ago: int = 20) -> None:
    """Start a test some days ago."""
    then = utc_now() - timedelta(days=days_ago)
    monkeypatch.setattr(ab_tests, "utc_now", lambda: then)
    ab_tests.start(center, " Calls ", design)
    monkeypatch.undo()


def test_who_starts_and_ends_a_test_is_kept_with_it_as_in_the_audit_log(center: CommandCenter) -> None:
    manager = center.acting_as(MANAGER)
    ab_tests.start(manager, "Calls", DESIGN)
    (test,) = ab_tests.all_tests(manager)
    ab_tests.end(manager, test, None, "The season is over")
    (ended,) = ab_tests.all_tests(manager)
    assert ended.ending is not None
    assert (ended.started_by, ended.ending["by"]) == ("max@team.example", "max@team.example")
    assert {entry.actor for entry in audit.find(center)} == {"max@team.example"}


def test_the_leads_whom_a_test_counts_are_found(center: CommandCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(center, monkeypatch)
    live_on(center, 200, days_ago=1.08)  # by the full hour the day of 0.08 x 24 x 60 = 115 leads is over, or of 55
    (test,) = ab_tests.all_tests(center)
    variants = ab_tests.state(center, test).variants
    for one, group in zip(variants, lead_groups(center).values(), strict=True):
        for which, leads in ((Counted.KNOWN, one.ripe), (Counted.DID, one.successes)):
            wanted = leads_behind(center, LeadFilter(group=group), Behind(counted=which))
            assert center.store.browse(wanted).total == leads
    assert variants[0].successes < variants[0].ripe < variants[0].assigned
    did = leads_behind(center, LeadFilter(), Behind(counted=Counted.DID)).ids
    assert did is not None
    assert len(did) == sum(one.successes for one in variants)


def test_a_test_from_its_start_to_its_end(center: CommandCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(center, monkeypatch)
    live_on(center)
    (test,) = ab_tests.all_tests(center)
    assert test.name == "Calls"
    assert test.design.sample > 0
    state = ab_tests.state(center, test)
    assert state.reading.verdict is Verdict.DIFFERENT
    first, second = state.variants
    assert first.assigned + second.assigned == first.ripe + second.ripe == 300
    assert second.rate == 1.0
    assert second.rate_ends == wilson(second.ripe, second.ripe)
    assert second.difference == 1.0 - (first.rate or 0)
    assert second.difference_ends == newcombe((second.successes, first.successes), (second.ripe, first.ripe))
    assert second.p is not None
    assert second.p < 0.001
    groups = lead_groups(center)
    assert list(groups) == ["Calls: As ever", "Calls: Call at once"]
    for figures, group in zip(state.variants, groups.values(), strict=True):
        assert center.store.browse(LeadFilter(group=group)).total == figures.assigned
    with pytest.raises(InputError, match="reason is empty"):
        ab_tests.end(center, test, "Call at once", " ")
    with pytest.raises(InputError, match="'Nobody' is no variant"):
        ab_tests.end(center, test, "Nobody", "why not")
    ab_tests.end(center.acting_as(trusted("Ana")), test, "Call at once", "It wins")
    (ended,) = ab_tests.all_tests(center)
    assert ended.ending is not None
    assert (ended.ending["decided"], ended.ending["said"], ended.ending["by"]) == ("Call at once", "different", "Ana")
    assert ended.ending["variants"][1] == {
        "name": "Call at once", "assigned": second.assigned, "ripe": second.ripe, "successes": second.successes,
    }  # fmt: skip
    noted = center.store.audit.find()
    assert [(entry.actor, entry.action, entry.subject) for entry in noted] == [
        ("Ana", "A/B test ended", "Calls"),
        ("dashboard", "A/B test started", "Calls"),
    ]
    assert noted[0].details["reason"] == "It wins"


def test_a_plan_counts_days_at_the_recent_rate(center: CommandCenter) -> None:
    assert ab_tests.plan(center, DESIGN).days is None
    came = utc_now() - timedelta(days=5)
    center.store.save_histories([history(f"lead_{number}", created_at=came) for number in range(56)])
    told = ab_tests.plan(center, DESIGN)
    assert told.per_day == 2.0  # 56 leads in 28 days
    assert told.days == told.daily / 2 + 1
    assert ab_tests.plan(center, replace(DESIGN, sequential=False)).days == told.sample / 2 + 1


def test_the_usual_rate_is_of_leads_that_have_had_their_days(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(center, monkeypatch)
    live_on(center, 50)
    usual = ab_tests.usual(center, Metric.ANSWERED, 1)
    answered = sum(one.successes for one in ab_tests.state(center, ab_tests.all_tests(center)[0]).variants)
    assert (usual.leads, usual.successes) == (50, answered)
    assert ab_tests.usual(center, Metric.ANSWERED, 30).leads == 0


@pytest.mark.parametrize(("name", "change", "words"), [(" ", "x", "needs a name"), ("x", "", "needs a name")])
def test_a_test_without_name_or_change_does_not_start(
    center: CommandCenter, name: str, change: str, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        ab_tests.start(center, name, replace(DESIGN, change=change))


def test_the_words_say_the_difference_that_was_found_and_that_it_has_turned() -> None:
    # 75 of 200 against 40 of 200 on the first day, 267 of 800 against 290 of 800 by the second: +17.5, then -2.9.
    design = replace(DESIGN, sample=600)
    days = [DayCount(20_000, 0, 200, 200, 40), DayCount(20_000, 1, 200, 200, 75)]
    turned = [*days, DayCount(20_001, 0, 600, 600, 250), DayCount(20_001, 1, 600, 600, 192)]
    test = StoredTest(1, "Calls", design, utc_now(), "ana", None, None)
    for counts, today in ((days, "+17.5 points."), (turned, "-2.9 points, the other way.")):
        reading = read(design, counts)
        headline, detail = verdict_words(TestState(test, reading, figures_of(design, reading)))
        look = reading.comparisons[0].looks[0]
        assert headline == (
            f"Call at once does better than As ever: +17.5 points ({100 * look.low:+.1f} to {100 * look.high:+.1f})"
        )
        assert f"found with the 400 leads that came until Oct 4, 2024; all leads so far: {today}" in detail
