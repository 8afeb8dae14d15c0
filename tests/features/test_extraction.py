"""The 28 features of a history: known and unknown, measured by others, and never from the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.features import INDEX, NAMES, UNKNOWN, extract, values_of
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory
from core.sample import generate

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
AS_OF = START + timedelta(days=30)


def touch(hours: float, direction: str = "in", kind: str = "email", **more: object) -> Interaction:
    way = Direction.INBOUND if direction == "in" else Direction.OUTBOUND
    return Interaction.model_validate(
        {"occurred_at": START + timedelta(hours=hours), "kind": kind, "direction": way, **more}
    )


def features(*touches: Interaction, as_of: datetime = AS_OF, **fields: object) -> dict[str, float]:
    lead = Lead.model_validate({"lead_id": "a", **fields})
    values = extract(LeadHistory(lead=lead, interactions=touches), as_of).values
    assert values.shape == (28,)
    assert values.dtype == np.float32
    return dict(zip(NAMES, (float(value) for value in values), strict=True))


def test_a_bare_contact_has_nothing_known() -> None:
    found = extract(LeadHistory(lead=Lead(lead_id="a", name="Ana", email="a@b.co", phone="5125550198")), AS_OF)
    assert found.known == 0
    assert found.signals == ()


def test_a_lead_that_wrote_but_named_no_price_has_no_range_and_an_unknown_budget() -> None:
    found = features(touch(1, text="Hello there, thanks"))
    assert found["price_range_mentioned"] == 0
    assert found["budget_midpoint_usd"] == found["budget_clarity"] == UNKNOWN
    assert found["financing_mentioned"] == found["areas_named"] == found["pre_approval"] == 0
    assert found["timeline_urgency"] == found["job_stability_score"] == found["question_depth"] == UNKNOWN


def test_touches_without_a_word_leave_the_features_of_texts_unknown() -> None:
    found = features(touch(1, kind="property_view"), touch(2, kind="call"))
    of_texts = ("price_range_mentioned", "location_specificity", "family_size_mentioned", "message_length_avg")
    assert [found[name] for name in of_texts] == [UNKNOWN] * 4
    assert found["property_views"] == 1
    assert found["interaction_count"] == 2


def test_what_we_wrote_is_not_what_the_lead_said() -> None:
    found = features(
        touch(0, "out", text="Are you pre-approved? Budget 500k in San Jose?"),
        touch(1, "in", "note", text="Told me by phone: 700k, Oakland"),
        touch(2, text="Not sure."),
    )
    assert found["price_range_mentioned"] == found["areas_named"] == found["questions_asked"] == 0
    assert found["message_length_avg"] == len("Not sure.")


def test_the_example_of_the_contract_is_read_from_its_fields() -> None:
    found = features(
        touch(10, kind="email", response_time_hours=2.5, message_length=156, questions_asked=3),
        budget_range="500k-750k",
        location_preference="Downtown Austin",
        timeline="3-6 months",
        insights={
            "engagement_level": 0.7,
            "buying_signals_count": 3,
            "objections_resolved": 1,
            "rapport_building_score": 0.6,
        },
    )
    expected = {
        "response_time_hours": 2.5,
        "price_range_mentioned": 2,
        "budget_midpoint_usd": 625_000,
        "budget_clarity": 1 - 250 / 625,
        "timeline_urgency": 1 / (1 + 4.5 / 3),
        "location_specificity": 2,
        "areas_named": 1,
        "message_length_avg": 156,
        "questions_asked": 3,
        "jorge_engagement_score": 0.7,
        "jorge_buying_signals": 3,
        "jorge_objection_handling": 1,
        "jorge_rapport_score": 0.6,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-3)


def test_response_time_is_the_median_from_our_last_message_to_each_answer() -> None:
    found = features(
        touch(0, "out"), touch(5, "out"), touch(6),  # 1 hour after the last of ours
        touch(7),  # nothing of ours to answer
        touch(10, "out"), touch(13),  # 3 hours
        touch(20, "out"), touch(30),  # 10 hours
    )  # fmt: skip
    assert found["response_time_hours"] == 3


def test_a_listing_view_is_no_answer() -> None:
    found = features(touch(0, "out"), touch(1, kind="property_view"))
    assert found["response_time_hours"] == UNKNOWN
    assert found["response_rate"] == 0


def test_an_answer_after_more_than_seven_days_does_not_count_as_one() -> None:
    week = 7 * 24
    assert features(touch(0, "out"), touch(week))["response_rate"] == 1
    assert features(touch(0, "out"), touch(week + 0.1))["response_rate"] == 0


def test_a_message_of_yesterday_is_not_yet_unanswered() -> None:
    yesterday = 29 * 24
    assert features(touch(yesterday, "out"))["response_rate"] == UNKNOWN
    assert features(touch(0, "out"), touch(yesterday, "out"))["response_rate"] == 0
    assert features(touch(yesterday, "out"), touch(yesterday + 1))["response_rate"] == 1


def test_touches_are_counted_within_their_days() -> None:
    found = features(touch(0), touch(24 * 80), touch(24 * 99), as_of=START + timedelta(days=100))
    assert found["interaction_count"] == 2  # the first is 100 days old
    assert found["interactions_last_7_days"] == 1
    assert found["days_since_last_interaction"] == 1


def test_the_days_since_the_lead_was_heard_from_leave_our_own_messages_out() -> None:
    found = features(touch(24), touch(24 * 29, "out"), touch(24 * 29, "in", "note"))
    assert found["days_since_last_interaction"] == 29


def test_the_newest_budget_counts_and_a_listings_price_does_not_replace_it() -> None:
    found = features(
        touch(0, text="My budget is 500k"),
        touch(1, text="We can go up to 550k"),
        touch(2, text="I saw one for $689,000, nice"),
        budget_range="300k-400k",
    )
    assert (found["price_range_mentioned"], found["budget_midpoint_usd"]) == (1, 550_000)


def test_a_price_from_a_listing_counts_only_where_no_budget_is_known() -> None:
    text = "Is the $689,000 one sold?"
    assert features(touch(0, text=text))["budget_midpoint_usd"] == 689_000
    assert features(touch(0, text=text), price_max_usd=500_000)["budget_midpoint_usd"] == 500_000


def test_bounds_of_the_crm_make_a_range() -> None:
    found = features(price_min_usd=400_000, price_max_usd=600_000)
    assert found["price_range_mentioned"] == 2
    assert found["budget_midpoint_usd"] == 500_000
    assert found["budget_clarity"] == pytest.approx(1 - 200 / 500)


@pytest.mark.parametrize("text", ["N/A", "-", "Select", "any", "none"])
def test_a_field_that_says_nothing_is_no_signal(text: str) -> None:
    lead = Lead(lead_id="a", budget_range=text, location_preference=text, timeline=text, financing=text)
    assert extract(LeadHistory(lead=lead), AS_OF).signals == ()


@pytest.mark.parametrize(
    ("field", "expected"),
    [("Yes", 2), ("$450,000", 2), ("Not yet", 0), ("In progress", 1), ("Pre-Approved", 2), ("", UNKNOWN)],
)
def test_the_field_for_approval_is_read_as_an_answer(field: str, expected: float) -> None:
    assert features(pre_approval=field)["pre_approval"] == expected


def test_what_the_lead_says_later_about_approval_replaces_the_field() -> None:
    assert features(touch(0, text="We just got pre-approved!"), pre_approval="No")["pre_approval"] == 2
    assert features(touch(0, text="We are not pre-approved yet"), pre_approval="Yes")["pre_approval"] == 0


def test_a_preference_for_places_lists_them() -> None:
    found = features(location_preference="Zilker; Mueller / 78704, Austin, TX")
    assert found["areas_named"] == 4
    assert found["location_specificity"] == 2


def test_a_listing_is_as_exact_as_a_street() -> None:
    assert features(listing_address="1204 Elm St")["location_specificity"] == 3


def test_the_own_message_of_a_form_counts_once_even_when_it_also_came_as_a_touch() -> None:
    text = "Is it still available?"
    assert features(message=text)["questions_asked"] == 1
    assert features(touch(0, kind="form", text=text), message=text)["questions_asked"] == 1


def test_showings_count_touches_and_messages_that_ask_for_one() -> None:
    found = features(
        touch(0, kind="showing_request", text="Can I see it?"),
        touch(1, text="Could we tour it today?"),
        touch(2, text="ok"),
    )
    assert found["showing_requests"] == 2


def test_views_older_than_thirty_days_do_not_count() -> None:
    found = features(touch(0, kind="property_view"), touch(240, kind="property_save"), as_of=START + timedelta(days=35))
    assert found["property_views"] == 1


def test_measured_values_serve_where_nothing_else_tells() -> None:
    measured = {
        "property_views": 45.0,
        "response_time_hours": 3.0,
        "questions_asked": 7.0,
        "interaction_count": 9.0,
        "unheard_of": 1.0,
    }
    found = features(measured=measured)
    assert {name: found[name] for name in measured if name in INDEX} == {
        name: value for name, value in measured.items() if name in INDEX
    }
    told = features(touch(0, text="Is it sold?"), touch(1, kind="property_view"), measured=measured)
    assert (told["property_views"], told["questions_asked"], told["interaction_count"]) == (1, 1, 2)
    silent = features(touch(0, text="Hello"), measured=measured)
    assert (silent["property_views"], silent["questions_asked"]) == (45, 7)


def test_measured_values_are_brought_into_range() -> None:
    found = features(measured={"response_rate": 7.0, "property_views": 1e300, "pre_approval": 9.0})
    assert (found["response_rate"], found["pre_approval"]) == (1, 2)
    assert np.isfinite(found["property_views"])


def test_nothing_after_as_of_counts() -> None:
    before = (touch(0, "out"), touch(2, text="Looking in San Jose, 500k"))
    after = (touch(24 * 31, text="Budget is 900k, pre-approved, in Oakland"), touch(24 * 32, kind="showing_request"))
    assert features(*before) == features(*before, *after)


def test_a_lead_that_was_not_there_yet_has_nothing_known() -> None:
    found = features(created_at=AS_OF + timedelta(days=2), budget_range="500k", measured={"property_views": 3.0})
    assert set(found.values()) == {UNKNOWN}


def test_a_creation_time_a_little_ahead_of_our_clock_does_no_harm() -> None:
    assert features(created_at=AS_OF + timedelta(hours=1), budget_range="500k")["budget_midpoint_usd"] == 500_000


def test_interactions_out_of_order_give_the_same_features() -> None:
    touches = [touch(0, "out"), touch(2, text="My budget is 500k"), touch(5, "out"), touch(9, text="up to 550k now?")]
    assert features(*touches) == features(*reversed(touches))


def test_a_naive_moment_is_taken_as_utc() -> None:
    assert features(touch(0, text="Hi"), as_of=AS_OF.replace(tzinfo=None)) == features(touch(0, text="Hi"))


def test_signals_name_the_message_or_the_field_that_they_stand_in() -> None:
    lead = Lead(lead_id="a", budget_range="about 500k", message="In Oakland")
    touches = (touch(0, "out", text="Hi"), touch(1, text="In San Jose"))
    found = extract(LeadHistory(lead=lead, interactions=touches), AS_OF).signals
    assert [(signal.field, signal.message, signal.text) for signal in found] == [
        ("budget_range", -1, "500k"),
        ("message", -1, "Oakland"),
        (None, 1, "San Jose"),
    ]


def test_quoted_text_of_ours_is_not_the_leads_in_an_answer() -> None:
    text = "No thanks.\n\nOn Mon, Jan 5, 2026 at 9:00 AM Jorge <j@t.co> wrote:\n> Is 900k in Oakland ok? Pre-approved?"
    found = features(touch(0, text=text))
    assert found["price_range_mentioned"] == found["areas_named"] == found["questions_asked"] == 0
    assert found["message_length_avg"] == len("No thanks.")


def test_every_kind_of_interaction_is_a_touch_but_for_the_teams_notes() -> None:
    touches = tuple(touch(hour, kind=kind.value) for hour, kind in enumerate(InteractionKind))
    assert features(*touches)["interaction_count"] == len(InteractionKind) - 1


def test_values_without_the_signals_are_the_same_values() -> None:
    for item in generate(200, 5, AS_OF):
        assert values_of(item.history, AS_OF).tobytes() == extract(item.history, AS_OF).values.tobytes()
