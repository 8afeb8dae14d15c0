from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import LeadError, NotFound
from core.leads import Lead, LeadHistory, Outcome, Stage, utc_now
from core.scoring import Tier
from core.services.access import trusted
from core.services.center import CommandCenter
from core.services.lead import leads
from core.services.scores import scoring
from core.store import LeadFilter
from core.store.rows import Override
from tests.services.made import NOON, told, untold, wrote


def test_the_list_and_its_facets_show_what_is_stored(center: CommandCenter) -> None:
    scoring.score_lead(center, told("a", source="zillow"))
    scoring.score_lead(center, untold("b", source="facebook"))
    page = leads.browse(center)
    assert [row.lead_id for row in page.rows] == ["a", "b"]  # highest score first
    assert leads.browse(center, LeadFilter(tiers=(Tier.COLD,))).total == 1
    assert leads.facets(center).sources == {"zillow": 1, "facebook": 1}
    scoring.score_lead(center, untold("c", source="facebook"))
    assert leads.facets(center).sources == {"facebook": 2, "zillow": 1}


def test_a_leads_screen_has_its_history_scores_signals_and_commission(center: CommandCenter) -> None:
    lead = LeadHistory(lead=told().lead, interactions=(wrote("We must move by June 1. Zip 78704, please."),))
    scoring.score_lead(center, lead)
    detail = leads.lead_detail(center, "ana")
    assert detail.history.lead.name == "Ana Lima"
    assert detail.latest is not None
    assert detail.latest is detail.scores[0]
    assert len(detail.contributions) == 28
    assert detail.commission is not None
    assert detail.commission.commission_usd == Decimal("37500.00")
    assert detail.shown_tier is Tier.HOT
    for signal in detail.signals:
        if signal.message == 0:
            assert lead.interactions[0].text is not None
            assert lead.interactions[0].text[signal.start : signal.end] == signal.text
    assert {"zip", "deadline"} & {signal.kind for signal in detail.signals}


def test_a_lead_that_was_never_scored_has_a_screen_without_figures(center: CommandCenter) -> None:
    center.store.save_histories([untold()])
    detail = leads.lead_detail(center, "bo")
    assert (detail.latest, detail.commission, detail.contributions, detail.shown_tier) == (None, None, (), None)
    with pytest.raises(NotFound):
        leads.lead_detail(center, "nobody")


def test_the_record_of_a_lead_is_what_its_screen_shows_and_counts_its_interactions(center: CommandCenter) -> None:
    lead = LeadHistory(lead=untold("bo").lead, interactions=(wrote("Hello", 2), wrote("Any news?")))
    center.store.save_histories([lead])
    before = leads.lead_record(center, "bo")
    assert (before.shown_tier, before.scores, before.interactions) == (None, (), 2)
    scoring.score_stored(center, "bo")
    leads.override_score(center, "bo", Tier.HOT, "called me", None)
    record, screen = leads.lead_record(center, "bo"), leads.lead_detail(center, "bo")
    assert record.lead == screen.history.lead
    assert (record.override, record.outcomes) == (screen.override, screen.outcomes)
    assert [one.score_id for one in record.scores] == [one.score_id for one in screen.scores]
    assert (record.scores[0].score.tier, record.shown_tier, screen.shown_tier) == (Tier.COLD, Tier.HOT, Tier.HOT)


def test_an_override_is_shown_while_it_is_valid_and_no_longer(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    soon = utc_now() + timedelta(days=7)
    leads.override_score(center.acting_as(trusted("bea")), "ana", Tier.COLD, "  bought elsewhere ", soon)
    detail = leads.lead_detail(center, "ana")
    assert detail.shown_tier is Tier.COLD
    assert detail.override is not None
    assert (detail.override.reason, detail.override.actor) == ("bought elsewhere", "bea")
    assert detail.latest is not None
    assert detail.latest.score.tier is Tier.HOT  # the model's own answer stays
    assert center.store.override("ana", soon) is None


def test_a_tier_by_hand_ends_when_a_person_ends_it_and_the_models_shows_again(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    leads.override_score(center, "ana", Tier.COLD, "bought elsewhere", None)
    assert leads.end_override(center, "ana")
    detail = leads.lead_detail(center, "ana")
    assert (detail.override, detail.shown_tier) == (None, Tier.HOT)
    assert leads.browse(center, LeadFilter(tiers=(Tier.HOT,))).total == 1
    assert not leads.end_override(center, "ana")


def test_ending_a_tier_leaves_a_newer_one_of_a_server_whose_clock_is_ahead(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    now = utc_now()
    for tier, at in ((Tier.COLD, now - timedelta(days=1)), (Tier.WARM, now + timedelta(minutes=1))):
        center.store.add_override(Override("ana", tier, "why", "bea", at, None))
    assert center.store.end_override("ana", now)
    assert leads.browse(center, LeadFilter(tiers=(Tier.WARM,))).total == 1


def test_an_override_without_reason_or_end_in_the_past_is_refused(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    with pytest.raises(LeadError):
        leads.override_score(center, "ana", Tier.COLD, "   ", None)
    with pytest.raises(LeadError):
        leads.override_score(center, "ana", Tier.COLD, "late", utc_now() - timedelta(days=1))
    with pytest.raises(NotFound):
        leads.override_score(center, "nobody", Tier.COLD, "why", None)


def test_an_outcome_moves_the_lead_to_its_stage(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    outcome = Outcome(lead_id="ana", stage=Stage.CLOSED, occurred_at=NOON, sale_price_usd=Decimal(600_000), reason=None)
    leads.record_outcome(center, outcome)
    detail = leads.lead_detail(center, "ana")
    assert detail.outcomes == (outcome,)
    assert detail.history.lead.stage is Stage.CLOSED


def test_an_outcome_taken_back_leaves_the_lead_where_the_others_left_it(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    showing = Outcome(lead_id="ana", stage=Stage.SHOWING, occurred_at=NOON - timedelta(days=3))
    closed = Outcome(lead_id="ana", stage=Stage.CLOSED, occurred_at=NOON, sale_price_usd=Decimal(600_000))
    for outcome in (showing, closed):
        leads.record_outcome(center, outcome)
    before = center.store.version()
    assert leads.take_back_outcome(center, closed)
    assert center.store.version() > before  # what was computed from it is computed anew
    detail = leads.lead_detail(center, "ana")
    assert (detail.outcomes, detail.history.lead.stage) == ((showing,), Stage.SHOWING)
    assert [row.stage for row in leads.browse(center).rows] == [Stage.SHOWING]
    assert leads.browse(center, LeadFilter(furthest=(Stage.CLOSED,))).total == 0
    assert not leads.take_back_outcome(center, closed)
    assert leads.take_back_outcome(center, showing)
    assert leads.lead_detail(center, "ana").history.lead.stage is Stage.GENERATED
    assert [row.stage for row in leads.browse(center).rows] == [Stage.GENERATED]


def test_without_outcomes_a_lead_stands_again_where_a_file_put_it(center: CommandCenter) -> None:
    told_by_file = LeadHistory(lead=Lead(lead_id="ana", stage=Stage.SHOWING, created_at=NOON - timedelta(days=9)))
    center.store.save_histories([told_by_file])
    closed = Outcome(lead_id="ana", stage=Stage.CLOSED, occurred_at=NOON)
    leads.record_outcome(center, closed)
    leads.take_back_outcome(center, closed)
    assert center.store.lead("ana").stage is Stage.SHOWING
    (row,) = leads.browse(center).rows
    assert row.stage is Stage.SHOWING
    assert center.store.browse(LeadFilter(staged_from=NOON - timedelta(days=99))).total == 0, "nobody told since when"

    leads.record_outcome(center, closed)
    later = told_by_file.model_copy(update={"lead": told_by_file.lead.model_copy(update={"stage": Stage.CONTRACT})})
    center.store.save_histories([later])
    assert center.store.lead("ana").stage is Stage.CLOSED, "an outcome counts before what a file says"
    leads.take_back_outcome(center, closed)
    assert center.store.lead("ana").stage is Stage.CONTRACT


def test_of_outcomes_at_one_moment_the_last_that_was_told_stays_when_another_is_taken_back(
    center: CommandCenter,
) -> None:
    scoring.score_lead(center, told())
    days = {Stage.QUALIFIED: 3, Stage.LOST: 1, Stage.SHOWING: 1}
    reached = [Outcome(lead_id="ana", stage=one, occurred_at=NOON - timedelta(days=ago)) for one, ago in days.items()]
    for outcome in reached:
        leads.record_outcome(center, outcome)
    assert leads.lead_detail(center, "ana").history.lead.stage is Stage.SHOWING
    assert leads.take_back_outcome(center, reached[0])
    assert leads.lead_detail(center, "ana").history.lead.stage is Stage.SHOWING


def test_why_a_score_moved_is_the_change_of_each_contribution_and_they_sum_to_the_whole(
    center: CommandCenter,
) -> None:

    before = scoring.compute(center, told(pre_approval=None), via="t").score
    after = scoring.compute(center, told(), via="t").score
    moves = leads.why_moved(before, after)
    assert sum(move.change for move in moves) == pytest.approx(after.raw_probability - before.raw_probability)
    assert [move.feature for move in moves] == ["pre_approval", "budget_midpoint_usd"]
    # with pre-approval unknown (left everywhere): v(b) = .6, v(p) = .5 * .1 + .5 * .4 = .25, v(b, p) = .4, so
    # budget ((.6 - .35) + (.4 - .25)) / 2 = .20 and pre-approval ((.25 - .35) + (.4 - .6)) / 2 = -.15
    assert [round(move.change, 6) for move in moves] == [0.3, 0.1]  # -.15 to .15, .20 to .30
    assert moves[0].before is None
    assert moves[0].after == 2
    assert "before: " in moves[0].text
    assert leads.why_moved(after, after) == []
