"""What a figure counts is what the list of leads finds behind it, for every figure that has a filter of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.analytics.anomalies import DRIED_UP, SLOW
from core.errors import InputError
from core.leads import OPEN_STAGES, Direction, Interaction, InteractionKind, Lead, LeadHistory, utc_now
from core.scoring import Tier
from core.services.analyses import best_hour, funnel, insights, segments, speed
from core.services.analyses.behind import Behind, Tried, leads_behind
from core.services.analyses.best_hour import Way
from core.services.analyses.missing_words import NOT_TOLD
from core.services.analyses.speed import Soon
from core.services.center import CommandCenter
from core.services.commission import pipeline
from core.services.lead import leads
from core.services.sample import load_sample
from core.services.scores.scoring import score_lead
from core.store import ArrivalClock, LeadFilter
from core.store.schema import interactions, lead_latest
from tests.services.centers import settings_in

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[CommandCenter]:
    """A workspace with 400 sample leads; tests only read it."""
    with CommandCenter(settings_in(tmp_path_factory.mktemp("lived")), models_dir) as center:
        load_sample(center, leads=400, seed=8)
        yield center


@pytest.fixture(scope="module")
def forgotten(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[CommandCenter]:
    """A workspace of one agent, who never tried a third of the leads, and of late answered in two days."""
    with CommandCenter(settings_in(tmp_path_factory.mktemp("forgotten")), models_dir) as center:
        load_sample(center, leads=400, seed=8)
        ids = [row.lead_id for row in center.store.browse(page_size=400).rows]
        with center.store.database.write() as connection:
            connection.execute(lead_latest.update().values(agent="Ana"))
            ours = (interactions.c.direction == "outbound") & interactions.c.lead_id.in_(ids[::3])
            connection.execute(interactions.delete().where(ours))
        for number in range(10):
            score_lead(center, answered_late(f"late-{number}", utc_now() - timedelta(days=10)))
        yield center


def answered_late(lead_id: str, arrived: datetime) -> LeadHistory:
    """A lead of Ana's who heard from her two days later."""
    answer = Interaction(
        occurred_at=arrived + timedelta(days=2), kind=InteractionKind.EMAIL, direction=Direction.OUTBOUND
    )
    lead = Lead(lead_id=lead_id, agent="Ana", created_at=arrived)
    return LeadHistory(lead=lead, interactions=(answer,))


def total(center: CommandCenter, behind: Behind, wanted: LeadFilter | None = None) -> int:
    return leads.browse(center, leads_behind(center, wanted or LeadFilter(), behind), page_size=1).total


def one_agent(center: CommandCenter) -> LeadFilter:
    return LeadFilter(agents=(next(iter(center.store.facets().agents)),))


@pytest.mark.parametrize("automatic", [False, True])
def test_each_span_of_answer_times_counts_its_leads(lived: CommandCenter, automatic: bool) -> None:
    for wanted in (LeadFilter(), one_agent(lived)):
        found = speed.speed_to_lead(lived, wanted, CHICAGO, automatic_too=automatic)
        assert found is not None
        curve = found.signed
        if curve is None:
            continue
        counts = [one.leads for one in curve.buckets]
        assert sum(counts) == curve.leads > 0
        behind = [Behind(answered=(place,), automatic_too=automatic) for place in range(len(counts))]
        assert [total(lived, one, wanted) for one in behind] == counts
        assert total(lived, Behind(answered=(0, 6), automatic_too=automatic), wanted) == counts[0] + counts[6]


@pytest.mark.parametrize("way", list(Way))
def test_each_hour_of_the_week_counts_whom_it_was_tried_with(lived: CommandCenter, way: Way) -> None:
    found = best_hour.best_hour(lived, LeadFilter(), way, CHICAGO)
    assert found is not None

    def tried(hours: tuple[int, ...], weekdays: tuple[int, ...]) -> int:
        return total(lived, Behind(tried=Tried(ArrivalClock(CHICAGO.key, hours, weekdays), way)))

    assert tuple(tried((hour,), ()) for hour in range(24)) == found.leads_of_hours
    assert tuple(tried((), (day,)) for day in range(7)) == found.leads_of_weekdays
    for hour in range(8, 20, 3):
        assert tuple(tried((hour,), (day,)) for day in range(7)) == tuple(day[hour] for day in found.leads_of_week)
    for slots, counts in ((found.hours, found.leads_of_hours), (found.weekdays, found.leads_of_weekdays)):
        for rate, count in zip(slots.rates, counts, strict=True):
            assert (count > 0) is (rate.tries > 0)
            assert count <= rate.tries


def test_each_part_of_a_bar_of_the_funnel_counts_its_leads(lived: CommandCenter) -> None:
    for wanted in (LeadFilter(), one_agent(lived)):
        steps = funnel.funnel(lived, wanted)
        for stage, step in zip(OPEN_STAGES, steps, strict=True):
            here = replace(wanted, furthest=(stage,), stages=OPEN_STAGES)
            assert total(lived, Behind(stuck=True), here) == step.stuck
            assert total(lived, Behind(stuck=False), here) == step.open - step.stuck
            assert 0 < total(lived, Behind(left=stage), wanted) <= step.settled
    assert any(step.stuck for step in funnel.funnel(lived, LeadFilter()))


def test_each_step_of_the_bridge_counts_its_leads(lived: CommandCenter) -> None:
    today = utc_now().date()
    steps = pipeline.what_moved(lived, LeadFilter(), today).steps
    assert len(steps) >= 3
    for step in steps:
        assert total(lived, Behind(moved=step.moved)) == step.leads


@pytest.mark.parametrize("automatic", [False, True])
def test_each_headline_figure_of_the_answers_counts_its_leads(forgotten: CommandCenter, automatic: bool) -> None:
    for wanted in (LeadFilter(), LeadFilter(sources=(next(iter(forgotten.store.facets().sources)),))):
        found = speed.speed_to_lead(forgotten, wanted, CHICAGO, automatic_too=automatic)
        assert found is not None
        counts = [total(forgotten, Behind(soon=soon, automatic_too=automatic), wanted) for soon in Soon]
        assert counts == list(found.soon.values())
        assert found.soon[Soon.NEVER] == found.everyone.never > 0
        assert counts[0] <= counts[1] <= counts[2] <= found.everyone.leads - found.everyone.never


def test_all_hot_leads_that_wait_are_counted(forgotten: CommandCenter) -> None:
    hot = speed.hot_and_waiting(forgotten, LeadFilter())
    wanted = LeadFilter(tiers=(Tier.HOT,))
    ids = leads_behind(forgotten, wanted, Behind(waits=True)).ids
    assert ids is not None
    assert {one.lead_id for one in hot.leads} == set(ids)  # fewer than are named one by one
    assert total(forgotten, Behind(waits=True), wanted) == hot.total > 0
    assert total(forgotten, Behind(waits=True)) > hot.total


def test_each_comparison_of_late_counts_its_leads(forgotten: CommandCenter) -> None:
    kinds = set()
    for change in insights.anomalies(forgotten, LeadFilter()):
        name = None if change.where == NOT_TOLD else change.where
        one = LeadFilter(agents=(name,)) if change.kind == SLOW else LeadFilter(sources=(name,))
        assert total(forgotten, Behind(lately=change.kind), one) == change.n
        kinds |= {change.kind} if change.n else set()
    assert {DRIED_UP, SLOW} <= kinds


def test_the_leads_with_a_price_and_no_chance_are_counted(center: CommandCenter) -> None:
    load_sample(center, leads=60, seed=3)
    assert total(center, Behind(without_chance=True)) == 0
    ids = [row.lead_id for row in center.store.browse(LeadFilter(stages=OPEN_STAGES), page_size=60).rows]
    with center.store.database.write() as connection:
        chosen = lead_latest.c.lead_id.in_(ids[::3])
        connection.execute(lead_latest.update().where(chosen).values(closing_probability=None))
    found = pipeline.pipeline(center, LeadFilter(), utc_now().date()).total
    assert found.priced - found.counted == total(center, Behind(without_chance=True)) > 0


def test_two_figures_at_once_are_those_behind_both_and_other_filters_narrow(lived: CommandCenter) -> None:
    left, stands = Behind(left=OPEN_STAGES[0]), Behind(stuck=True)
    both = leads_behind(lived, LeadFilter(), Behind(left=OPEN_STAGES[0], stuck=True)).ids
    assert both is not None
    one, other = (leads_behind(lived, LeadFilter(), behind).ids or () for behind in (left, stands))
    assert set(both) == set(one) & set(other) != set()
    narrowed = LeadFilter(escalated_only=True)
    assert leads_behind(lived, narrowed, left).ids == one
    assert total(lived, left, narrowed) < len(one)
    assert leads_behind(lived, narrowed, Behind()) == narrowed


def test_a_segment_does_not_keep_what_moves(lived: CommandCenter) -> None:
    with pytest.raises(InputError, match="cannot keep the leads behind a figure"):
        segments.save(lived, "Stuck", leads_behind(lived, LeadFilter(), Behind(stuck=True)))
