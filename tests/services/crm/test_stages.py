"""What opportunities and appointments make of stages and outcomes, by the rules that persons set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.errors import StoreUnavailable
from core.leads import Interaction, InteractionKind, Lead, LeadHistory, Outcome, Stage, utc_now
from core.services.center import CommandCenter
from core.services.crm import rules
from core.services.crm.work import take_in, work
from tests.services.crm.hooks import ANA, AT, Tell

OPPORTUNITY = {"id": "op1", **AT, "pipelineId": "p1", "monetaryValue": 615_000}


def test_an_opportunity_moves_the_lead_through_our_stages(center: CommandCenter, tell: Tell) -> None:
    tell("OpportunityCreate", 100, **OPPORTUNITY, pipelineStageId="st1", status="open")
    tell("OpportunityStageUpdate", 80, **OPPORTUNITY, pipelineStageId="st2", stageName="Under contract")
    tell("OpportunityMonetaryValueUpdate", 60, **(OPPORTUNITY | {"monetaryValue": "620,000"}))
    tell("OpportunityStatusUpdate", 40, **(OPPORTUNITY | {"monetaryValue": "620,000"}), status="won")
    work(center)
    found = center.store.outcomes(ANA["id"])
    assert [(one.stage, one.sale_price_usd) for one in found] == [
        (Stage.CONTRACT, Decimal(620_000)),
        (Stage.CLOSED, Decimal(620_000)),
    ]
    assert center.store.lead(ANA["id"]).stage is Stage.CLOSED
    choices = [(one.stage_id, one.stage, one.is_guess) for one in rules.stage_choices(center)]
    assert choices == [("st1", None, True), ("st2", Stage.CONTRACT, True)]


@pytest.mark.parametrize("late", [False, True])
def test_an_opportunity_of_contacts_that_were_merged_counts_once(center: CommandCenter, tell: Tell, late: bool) -> None:
    """Its past goes with it to the contact that it is of now, also when that is told late."""
    tell("ContactCreate", 100, **ANA)
    tell("ContactCreate", 100, **(ANA | {"id": "again", "email": "ana@work.example"}))
    signed = {"pipelineStageId": "st2", "stageName": "Under contract", "status": "open"}
    if not late:
        tell("OpportunityCreate", 80, **OPPORTUNITY, **signed)
        work(center)
    tell("ContactDelete", 60, id=ANA["id"])
    tell("OpportunityStatusUpdate", 40, **(OPPORTUNITY | {"contactId": "again"}), **(signed | {"status": "won"}))
    work(center)
    if late:
        tell("OpportunityCreate", 80, **OPPORTUNITY, **signed)
        work(center)
    price = Decimal(615_000)
    found = [(one.stage, one.sale_price_usd) for one in center.store.outcomes("again")]
    assert found == [(Stage.CONTRACT, price), (Stage.CLOSED, price)]
    assert center.store.outcomes(ANA["id"]) == []
    assert [center.store.lead(one).stage for one in (ANA["id"], "again")] == [Stage.GENERATED, Stage.CLOSED]


def test_a_person_says_what_a_stage_means_and_the_past_is_read_anew(center: CommandCenter, tell: Tell) -> None:
    tell("OpportunityCreate", 100, **OPPORTUNITY, pipelineStageId="st1", status="open")
    tell("OpportunityStageUpdate", 80, **OPPORTUNITY, pipelineStageId="st2", stageName="Under contract")
    work(center)
    rules.set_stages(center, {"st1": Stage.QUALIFIED, "st2": Stage.SHOWING})
    assert [one.stage for one in center.store.outcomes(ANA["id"])] == [Stage.QUALIFIED, Stage.SHOWING]
    rules.set_stages(center, {"st2": None})
    assert [one.stage for one in center.store.outcomes(ANA["id"])] == [Stage.QUALIFIED]
    assert center.store.lead(ANA["id"]).stage is Stage.QUALIFIED
    rules.set_value_is_price(center, False)
    rules.set_stages(center, {"st2": Stage.CLOSED})
    assert [one.sale_price_usd for one in center.store.outcomes(ANA["id"])] == [None, None]


def signed(center: CommandCenter) -> int:
    return sum(bool(center.store.outcomes(f"c{number:02}")) for number in range(60))


@pytest.mark.parametrize("by", ["saving again", "another server", "another rule"])
def test_a_rule_that_a_fault_left_half_applied_is_applied_to_the_rest(
    center: CommandCenter, tell: Tell, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    for number in range(60):
        tell("ContactCreate", id=f"c{number:02}", firstName="Ana")
        tell("OpportunityCreate", 50, id=f"o{number}", contactId=f"c{number:02}", pipelineStageId="st1", status="open")
    while take_in(center):
        pass
    portions, real = [], center.store.crm.read_anew

    def cut(*args: Any) -> None:
        portions.append(args)
        if len(portions) == 2:
            raise StoreUnavailable("the connection was cut")
        real(*args)

    monkeypatch.setattr(center.store.crm, "read_anew", cut)
    with pytest.raises(StoreUnavailable):
        rules.set_stages(center, {"st1": Stage.CONTRACT})
    monkeypatch.undo()
    assert signed(center) == 50
    if by == "saving again":
        assert rules.set_stages(center, {"st1": Stage.CONTRACT}) == 60
    elif by == "another rule":
        rules.set_fields(center, {"cf1": "budget_range"})
    else:
        with CommandCenter(center.settings, center.models_dir) as other:
            work(other)
    assert signed(center) == 60
    assert center.store.crm.to_read_anew() is None


def test_an_event_is_read_by_the_rules_that_count_when_it_is_written(
    center: CommandCenter, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell("ContactCreate", 60, **ANA)
    tell("OpportunityCreate", 60, **OPPORTUNITY, pipelineStageId="st1", status="open")
    take_in(center)
    tell("ContactUpdate", 30, **(ANA | {"customFields": [{"id": "cf1", "value": "600k-650k"}]}))
    apply = center.store.crm.apply
    with CommandCenter(center.settings, center.models_dir) as other:

        def late(*args: Any) -> bool:
            rules.set_fields(other, {"cf1": "budget_range"})
            rules.set_stages(other, {"st1": Stage.CONTRACT})
            return apply(*args)

        monkeypatch.setattr(center.store.crm, "apply", late)
        take_in(center)
    assert center.store.lead(ANA["id"]).budget_range == "600k-650k"
    assert [one.stage for one in center.store.outcomes(ANA["id"])] == [Stage.CONTRACT]


def test_rules_are_changed_on_two_servers_within_a_second_and_through_a_fault(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CommandCenter(center.settings, center.models_dir) as other:
        rules.set_stages(center, {"s1": Stage.SHOWING})
        assert [rules.rules_of(one).stages for one in (center, other)] == [{"s1": "showing"}] * 2
        rules.set_stages(center, {"s2": Stage.CONTRACT})
        rules.set_stages(other, {"s3": Stage.LOST})
        everything = {"s1": "showing", "s2": "contract", "s3": "lost"}
        assert rules.rules_of(center).stages == everything

        def down(_: str) -> None:
            raise StoreUnavailable("the connection was cut")

        monkeypatch.setattr(other.store, "workspace", down)
        with pytest.raises(StoreUnavailable):
            rules.set_stages(other, {"s4": Stage.LOST})
        monkeypatch.undo()
        assert rules.rules_of(other).stages == everything


@pytest.mark.parametrize(("status", "reason"), [("lost", None), ("abandoned", "abandoned")])
def test_lost_and_abandoned_are_lost(center: CommandCenter, tell: Tell, status: str, reason: str | None) -> None:
    tell("OpportunityStatusUpdate", **OPPORTUNITY, status=status)
    work(center)
    (outcome,) = center.store.outcomes(ANA["id"])
    assert (outcome.stage, outcome.reason, outcome.sale_price_usd) == (Stage.LOST, reason, None)


def test_what_others_recorded_of_the_lead_stays(center: CommandCenter, tell: Tell) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    lead = Lead(lead_id=ANA["id"], name="Ana L.", timeline="3 months", created_at=at)
    center.store.save_histories([LeadHistory(lead=lead, interactions=(Interaction(occurred_at=at, text="Hello"),))])
    center.store.add_outcome(Outcome(lead_id=ANA["id"], stage=Stage.QUALIFIED, occurred_at=at), "API")
    tell("ContactCreate", **ANA)
    tell("OpportunityStatusUpdate", 50, **OPPORTUNITY, status="won")
    tell("OpportunityStatusUpdate", 40, **OPPORTUNITY, status="lost")
    work(center)
    history = center.store.history(ANA["id"])
    assert (history.lead.name, history.lead.timeline) == ("Ana Lima", "3 months")
    assert [touch.text for touch in history.interactions] == ["Hello"]
    stages = [one.stage for one in center.store.outcomes(ANA["id"])]
    assert stages == [Stage.QUALIFIED, Stage.CLOSED, Stage.LOST]
    center.store.save_histories([LeadHistory(lead=Lead(lead_id=ANA["id"], name="Ana Lima-Reed"))])
    tell("InboundMessage", **AT, messageType="SMS", body="Hi", messageId="m1")
    work(center)
    assert center.store.lead(ANA["id"]).name == "Ana Lima-Reed", "a message tells nothing of the name"


def test_an_appointment_is_a_request_and_once_kept_a_showing(center: CommandCenter, tell: Tell) -> None:
    start = (utc_now() + timedelta(days=3)).isoformat()
    visit = {"id": "ap1", **AT, "title": "Tour of Oak Street", "startTime": start}
    tell("AppointmentCreate", 90, appointment=visit | {"appointmentStatus": "confirmed"})
    work(center)
    (asked,) = center.store.history(ANA["id"]).interactions
    assert (asked.kind, asked.subject) == (InteractionKind.SHOWING_REQUEST, "Tour of Oak Street")
    assert center.store.outcomes(ANA["id"]) == []
    kept = visit | {"appointmentStatus": "showed", "startTime": (utc_now() - timedelta(minutes=2)).isoformat()}
    tell("AppointmentUpdate", 10, appointment=kept)
    work(center)
    kinds = [touch.kind for touch in center.store.history(ANA["id"]).interactions]
    assert sorted(kinds) == [InteractionKind.SHOWING, InteractionKind.SHOWING_REQUEST]
    assert [one.stage for one in center.store.outcomes(ANA["id"])] == [Stage.SHOWING]
    tell("AppointmentUpdate", 5, appointment=kept | {"appointmentStatus": "noshow"})
    work(center)
    assert [touch.kind for touch in center.store.history(ANA["id"]).interactions] == [InteractionKind.SHOWING_REQUEST]
    assert center.store.outcomes(ANA["id"]) == []
