"""What events make of leads, interactions and scores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.analytics.ab_test import Design, Metric, Variant
from core.errors import NotFound
from core.features import INDEX, values_of
from core.leads import Direction, InteractionKind, Side, utc_now
from core.services.center import CommandCenter
from core.services.crm import rules
from core.services.crm.work import score_changed, take_in, work
from tests.services.crm.hooks import ANA, AT, Tell


def test_a_contact_becomes_a_lead_that_is_scored_and_told_of(center: CommandCenter, tell: Tell) -> None:
    tell("ContactCreate", **ANA)
    assert work(center) == 2, "one event, one score"
    lead = center.store.lead(ANA["id"])
    assert (lead.name, lead.email, lead.phone) == ("Ana Lima", "ana@example.com", "+15125550198")
    assert (lead.source, lead.agent, lead.side) == ("zillow", "user7", Side.SELLER)
    assert lead.created_at == datetime(2026, 6, 8, 17, 28, 39, tzinfo=UTC)
    assert lead.tags == ("Seller lead", "hot")
    assert lead.budget_range is None, "nobody has said what the custom field holds"
    (score,) = center.store.scores(ANA["id"])
    assert score.via == "crm"
    (told,) = center.store.outbox_after()
    assert (told.payload["event_type"], told.payload["lead_name"]) == ("lead_scored", "Ana Lima")
    assert work(center) == 0


def test_a_line_break_in_a_name_or_source_does_not_reach_the_record(center: CommandCenter, tell: Tell) -> None:
    tell("ContactCreate", **{**ANA, "lastName": "Lima\nBraga", "source": "zillow\r\npremier"})
    work(center)
    lead = center.store.lead(ANA["id"])
    assert (lead.name, lead.source) == ("Ana Lima Braga", "zillow premier")
    (told,) = center.store.outbox_after()
    assert told.payload["lead_name"] == "Ana Lima Braga"


def test_a_custom_field_counts_from_the_moment_that_somebody_says_what_it_holds(
    center: CommandCenter, tell: Tell
) -> None:
    tell("ContactCreate", **ANA)
    work(center)
    assert [name for name, _, _ in center.store.crm.names(rules.FIELD)] == ["cf1", "cf2"]
    assert rules.set_fields(center, {"cf1": "budget_range", "cf2": "location_preference"}) == 1
    lead = center.store.lead(ANA["id"])
    assert (lead.budget_range, lead.location_preference) == ("500k-750k", "Downtown, Hyde Park")
    assert work(center) == 1, "it is scored anew"
    rules.set_fields(center, {"cf2": None})
    assert center.store.lead(ANA["id"]).location_preference is None


def test_a_message_before_its_contact_makes_a_bare_lead_that_the_contact_completes(
    center: CommandCenter, tell: Tell
) -> None:
    written = {"messageType": "SMS", "direction": "inbound", "body": "Is it still there?", "from": "+15125550198"}
    tell("InboundMessage", **AT, **written, messageId="m1", dateAdded="2026-06-09T08:00:00Z")
    work(center)
    lead = center.store.lead(ANA["id"])
    assert (lead.name, lead.phone) == (None, "+15125550198")
    assert lead.created_at == datetime(2026, 6, 9, 8, tzinfo=UTC)
    tell("ContactCreate", **ANA)
    work(center)
    history = center.store.history(ANA["id"])
    assert history.lead.name == "Ana Lima"
    assert history.lead.created_at == datetime(2026, 6, 8, 17, 28, 39, tzinfo=UTC)
    (touch,) = history.interactions
    assert (touch.kind, touch.direction, touch.text) == (
        InteractionKind.SMS,
        Direction.INBOUND,
        "Is it still there?",
    )


def test_what_was_sent_earlier_and_comes_later_does_not_overwrite(center: CommandCenter, tell: Tell) -> None:
    tell("ContactUpdate", ago=10, **(ANA | {"phone": "+15125550111"}))
    tell("ContactUpdate", ago=50, **(ANA | {"phone": "+15125550100", "source": "old", "city": "Austin"}))
    tell("ContactTagUpdate", ago=5, id=ANA["id"], tags=[])
    work(center)
    lead = center.store.lead(ANA["id"])
    assert (lead.phone, lead.source, lead.tags, lead.side) == ("+15125550111", "zillow", (), Side.BUYER)


def test_the_direction_counts_and_not_the_type(center: CommandCenter, tell: Tell) -> None:
    tell("OutboundMessage", **AT, messageType="CALL", direction="inbound", messageId="c1", callDuration=120)
    tell("InboundMessage", **AT, messageType="TYPE_SMS", messageId="s1", body="hello")
    tell("OutboundMessage", **AT, messageType="Live Chat", messageId="s2", body="hi")
    work(center)
    found = {(touch.kind, touch.direction) for touch in center.store.history(ANA["id"]).interactions}
    assert found == {
        (InteractionKind.CALL, Direction.INBOUND),
        (InteractionKind.SMS, Direction.INBOUND),
        (InteractionKind.CHAT, Direction.OUTBOUND),
    }


@pytest.mark.parametrize("to", ["ana@example.com", ["ana@example.com", "bo@example.com"], [], None, {"a": 1}])
def test_an_e_mail_is_kept_as_a_person_reads_it_whoever_it_went_to(center: CommandCenter, tell: Tell, to: Any) -> None:
    html = "<style>p{}</style><p>Hello Ana,</p><p>see &amp; call<script>alert(1)</script></p>"
    tell("OutboundMessage", **AT, messageType="Email", subject="Your\n home", body=html, to=to, messageId="e1")
    work(center)
    (touch,) = center.store.history(ANA["id"]).interactions
    assert (touch.subject, touch.text) == ("Your home", "Hello Ana,\n\nsee & call")
    assert center.store.lead(ANA["id"]).email == ("ana@example.com" if to and not isinstance(to, dict) else None)


OURS = "Would your budget of 900k be fine? Ben"


@pytest.mark.parametrize(
    "quote",
    [
        f"<blockquote>{OURS}</blockquote>",
        f'<div class="gmail_quote"><div class="gmail_attr">Am Mo., 2. März 2026 schrieb Ben:<br></div>{OURS}</div>',
        f'<DIV CLASS="gmail_quote gmail_quote_container">Il giorno lun 2 mar 2026 Ben ha scritto:<br><br>{OURS}</DIV>',
        f"<blockquote>Ben:<blockquote>older</blockquote>{OURS}</blockquote>",
    ],
)
def test_what_an_e_mail_quotes_of_us_is_kept_and_is_not_the_leads_word(
    center: CommandCenter, tell: Tell, quote: str
) -> None:
    body = f"<div>Yes, 500k works for me</div>{quote}"
    tell("InboundMessage", **AT, messageType="Email", contentType="text/html", body=body, messageId="e1")
    work(center)
    history = center.store.history(ANA["id"])
    (touch,) = history.interactions
    lines = (touch.text or "").splitlines()
    assert f"> {OURS}" in lines
    assert [line for line in lines if line and not line.startswith(">")] == ["Yes, 500k works for me"]
    assert values_of(history, utc_now())[INDEX["budget_midpoint_usd"]] == 500_000


def test_a_contact_that_is_deleted_in_the_crm_is_marked_and_stays(center: CommandCenter, tell: Tell) -> None:
    tell("ContactCreate", 60, **ANA)
    tell("ContactDelete", 30, id=ANA["id"])
    work(center)
    lead = center.store.lead(ANA["id"])
    assert (lead.name, lead.tags) == ("Ana Lima", ("Seller lead", "hot", "Deleted in CRM"))
    tell("ContactUpdate", 40, **(ANA | {"firstName": "Anna"}))
    work(center)
    assert center.store.lead(ANA["id"]).tags[-1] == "Deleted in CRM", "what was sent before cannot bring it back"
    tell("ContactUpdate", 20, **ANA)
    work(center)
    assert center.store.lead(ANA["id"]).tags == ("Seller lead", "hot")


def test_an_event_that_tells_nothing_new_makes_no_score(center: CommandCenter, tell: Tell) -> None:
    tell("ContactCreate", 60, **ANA)
    work(center)
    tell("ContactUpdate", 30, **(ANA | {"dnd": True, "customFields": [{"id": "cf9", "value": "82"}]}))
    work(center)
    assert len(center.store.scores(ANA["id"])) == 1


def test_values_that_cannot_be_used_are_left_out_and_the_others_count(center: CommandCenter, tell: Tell) -> None:
    strange: dict[str, Any] = {
        "phone": {"a": 1},
        "email": "x\u0000y@example.com",
        "source": "s" * 1_000,
        "tags": [None, 7],
    }
    rules.set_fields(center, {"cf1": "price_max_usd"})
    tell("ContactCreate", **(ANA | strange | {"customFields": [{"id": "cf1", "value": "-5"}, 3, {"value": "x"}]}))
    work(center)
    lead = center.store.lead(ANA["id"])
    assert (lead.name, lead.phone, lead.email, lead.source) == ("Ana Lima", None, "xy@example.com", None)
    assert (lead.tags, lead.price_max_usd) == (("7",), None)


def test_a_score_that_became_old_while_it_was_made_is_not_kept(center: CommandCenter, tell: Tell) -> None:
    tell("ContactCreate", 60, **ANA)
    take_in(center)
    (due,) = center.store.crm.due()
    tell("ContactUpdate", 30, **(ANA | {"phone": "+15125550111"}))
    take_in(center)
    from core.services.scores.batches import score_batch

    (scored,) = score_batch(center, [center.store.history(ANA["id"])], via="crm")
    assert center.store.crm.save_scored([(due, scored)]) == []
    assert score_changed(center) == 1
    assert len(center.store.scores(ANA["id"])) == 1


def test_two_servers_that_score_the_same_state_do_not_leave_out_what_comes_between(
    center: CommandCenter, tell: Tell
) -> None:
    from core.services.scores.batches import score_batch

    tell("ContactCreate", 60, **ANA)
    take_in(center)
    (due,) = center.store.crm.due()  # read by both
    (scored,) = score_batch(center, [center.store.history(ANA["id"])], via="crm")
    assert center.store.crm.save_scored([(due, scored)]) == [scored]
    assert center.store.crm.due() == []
    tell("ContactUpdate", 30, **(ANA | {"phone": "+15125550111"}))
    take_in(center)
    assert center.store.crm.save_scored([(due, scored)]) == []  # of the slower one
    assert score_changed(center) == 1
    assert center.store.crm.due() == []
    assert len(center.store.scores(ANA["id"])) == 2


def test_a_lead_of_the_crm_has_its_place_in_an_ab_test_like_every_other(center: CommandCenter, tell: Tell) -> None:
    shares = (Variant("A", 0.5), Variant("B", 0.5))
    design = Design(
        "call first", shares, Metric.ANSWERED, 1, baseline=0.1, lift=0.05, power=0.8, alpha=0.05, sequential=True,
        sample=100,
    )  # fmt: skip
    center.store.ab_tests.start("t", design, utc_now() - timedelta(hours=1), "ben")
    created = utc_now() - timedelta(minutes=30)
    tell("ContactCreate", 60, **(ANA | {"dateAdded": created.isoformat()}))
    tell("ContactCreate", 60, **(ANA | {"id": "before", "dateAdded": "2026-06-08T10:28:39-07:00"}))
    take_in(center)
    assert len(center.store.ab_tests.of_lead(ANA["id"])) == 1
    work(center)
    tell("ContactUpdate", 30, **(ANA | {"dateAdded": created.isoformat(), "phone": "+15125550111"}))
    work(center)
    assert len(center.store.ab_tests.of_lead(ANA["id"])) == 1
    assert center.store.ab_tests.of_lead("before") == []  # it came in before the test began


def test_nothing_is_made_of_events_that_wait(center: CommandCenter, tell: Tell) -> None:
    tell("ContactCreate", **ANA)
    with pytest.raises(NotFound):
        center.store.lead(ANA["id"])
