"""What the team did and no program told of: logged by hand, counted at once, and taken back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import InputError, NotFound
from core.features.catalog import INDEX
from core.leads import Direction, Interaction, InteractionKind, LeadHistory, utc_now
from core.services import audit
from core.services.access import trusted
from core.services.analyses import speed
from core.services.analyses.speed import Soon
from core.services.center import CommandCenter
from core.services.lead import leads, logged_touches, personal_data
from core.services.lead.logged_touches import Rescored, Way, Went, log_touch, take_back_touch, way_of
from core.services.scores import scoring
from core.store import LeadFilter
from tests.services.centers import settings_in
from tests.services.made import NOON, told, untold, wrote

WORDS = "Pre-approved up to $900,000, wants 78704 by June 1, can we see it?"


@pytest.mark.parametrize(
    ("way", "went", "kind", "subject"),
    [
        (Way.CALL, Went.TALKED, InteractionKind.CALL, "Talked"),
        (Way.CALL, Went.NO_ANSWER, InteractionKind.CALL, "No answer"),
        (Way.CALL, None, InteractionKind.CALL, None),
        (Way.TEXT, None, InteractionKind.SMS, None),
        (Way.EMAIL, None, InteractionKind.EMAIL, None),
        (Way.MEETING, None, InteractionKind.OTHER, "Meeting"),
    ],
)
def test_a_touch_is_an_interaction_of_the_team(
    center: CommandCenter, way: Way, went: Went | None, kind: InteractionKind, subject: str | None
) -> None:
    scoring.score_lead(center, told())
    log_touch(center, "ana", way, NOON, went, "  Likes the garden ")
    detail = leads.lead_detail(center, "ana")
    (touch,) = detail.logged
    assert detail.history.interactions == (touch,)
    assert touch == Interaction(
        occurred_at=NOON, kind=kind, direction=Direction.OUTBOUND, subject=subject, text="Likes the garden"
    )
    assert way_of(touch) is way


def test_the_score_is_made_anew_with_the_touch_and_again_without_it(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    before = center.store.latest_score("ana").score
    assert before.features[INDEX["interaction_count"]] == -1  # not known
    done = log_touch(center, "ana", Way.CALL, utc_now() - timedelta(days=8))
    assert done.done
    assert (done.before, done.after) == pytest.approx((80.0, 80.0))  # the stump looks at no touch
    called = center.store.latest_score("ana").score
    counts = [called.features[INDEX[name]] for name in ("interaction_count", "interactions_last_7_days")]
    assert counts == [1, 0]
    assert called.features[INDEX["response_rate"]] == 0  # not answered within seven days
    (touch,) = leads.lead_detail(center, "ana").logged
    assert take_back_touch(center, "ana", touch).done
    again = center.store.latest_score("ana").score
    assert (again.features == before.features).all()
    assert len(center.store.scores("ana")) == 3
    assert leads.lead_detail(center, "ana").history.interactions == ()


def test_before_the_first_score_there_is_none_to_compare_with(center: CommandCenter) -> None:
    center.store.save_histories([untold()])
    done = log_touch(center, "bo", Way.CALL, NOON)
    assert (done.done, done.before) == (True, None)
    assert done.after == pytest.approx(10.0)


def test_a_note_is_never_read_as_the_leads_words(center: CommandCenter) -> None:
    scoring.score_lead(center, untold())
    log_touch(center, "bo", Way.CALL, NOON, Went.TALKED, WORDS)
    detail = leads.lead_detail(center, "bo")
    assert detail.signals == ()
    assert detail.latest is not None
    read = ("pre_approval", "budget_midpoint_usd", "deadline_mentioned", "questions_asked", "location_specificity")
    assert [detail.latest.score.features[INDEX[name]] for name in read] == [-1] * 5
    scoring.score_lead(center, LeadHistory(lead=untold("cy").lead, interactions=(wrote(WORDS),)))
    said = center.store.latest_score("cy").score.features
    assert [said[INDEX[name]] != -1 for name in read] == [True] * 5  # as the lead's own words they would be


def test_the_same_touch_again_changes_nothing(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    assert log_touch(center, "ana", Way.CALL, NOON, Went.TALKED).done
    assert not log_touch(center, "ana", Way.CALL, NOON, Went.TALKED).done
    (touch,) = leads.lead_detail(center, "ana").logged
    assert take_back_touch(center, "ana", touch).done
    assert not take_back_touch(center, "ana", touch).done
    assert len(center.store.scores("ana")) == 3
    assert [entry.action for entry in audit.find(center)] == ["touch taken back", "touch logged"]


def test_what_a_program_told_is_not_taken_back(center: CommandCenter) -> None:
    call = Interaction(occurred_at=NOON, kind=InteractionKind.CALL, direction=Direction.OUTBOUND)
    scoring.score_lead(center, LeadHistory(lead=told().lead, interactions=(call,)))
    assert leads.lead_detail(center, "ana").logged == ()
    assert not take_back_touch(center, "ana", call).done
    assert center.store.history("ana").interactions == (call,)


@pytest.mark.parametrize(
    ("at", "way", "went", "note", "problem"),
    [
        (utc_now() + timedelta(hours=2), Way.CALL, None, "", "between 2000-01-01 and now"),
        (datetime(1999, 12, 31, 23, 59, tzinfo=UTC), Way.CALL, None, "", "is 1999-12-31 23:59; must be between"),
        (NOON, Way.TEXT, Went.TALKED, "", "talked was told of a text"),
        (NOON, Way.CALL, None, "x" * 301, "301 characters; must have at most 300"),
        (NOON, Way.CALL, None, "a\x00b", "the note holds a NUL character; remove it"),
        (NOON, Way.CALL, None, "\ud800", "the note holds half a character"),
    ],
)
def test_what_cannot_be_is_refused(
    center: CommandCenter, at: datetime, way: Way, went: Went | None, note: str, problem: str
) -> None:
    scoring.score_lead(center, told())
    with pytest.raises(InputError, match=problem):
        log_touch(center, "ana", way, at, went, note)
    assert center.store.interaction_count("ana") == 0
    assert len(center.store.scores("ana")) == 1


def test_a_lead_that_is_not_there_is_not_made(center: CommandCenter) -> None:
    with pytest.raises(NotFound):
        log_touch(center, "nobody", Way.CALL, NOON)
    assert center.store.lead_count() == 0


def test_while_no_model_answers_the_touch_is_kept(tmp_path: Path) -> None:
    with CommandCenter(settings_in(tmp_path), tmp_path / "no models") as center:
        center.store.save_histories([told()])
        assert log_touch(center, "ana", Way.CALL, NOON) == Rescored(True, None, None)
        assert len(leads.lead_detail(center, "ana").logged) == 1
        assert [entry.action for entry in audit.find(center)] == ["touch logged"]


def test_the_audit_log_says_who_did_what_and_not_the_words(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    log_touch(center.acting_as(trusted("bea")), "ana", Way.TEXT, NOON, note="Secret words")
    (entry,) = audit.find(center)
    assert (entry.actor, entry.action, dict(entry.details)) == ("bea", "touch logged", {"way": "text"})
    assert "ana" not in entry.subject
    assert audit.find(center, "ana") == [entry]  # who knows the id finds it


def test_a_hot_lead_that_was_called_waits_no_longer_and_counts_as_answered_then(center: CommandCenter) -> None:
    arrived = utc_now() - timedelta(hours=3)
    scoring.score_lead(center, told(created_at=arrived))
    assert (speed.hot_and_waiting(center, LeadFilter()).total, speed.hot_and_waiting(center, LeadFilter()).late) == (
        1,
        1,
    )
    assert not speed.any_answer(center)
    before = speed.speed_to_lead(center, LeadFilter())
    assert before is not None
    assert before.soon[Soon.NEVER] == 1
    log_touch(center, "ana", Way.CALL, arrived + timedelta(minutes=30), Went.NO_ANSWER)  # a call always counts
    assert speed.hot_and_waiting(center, LeadFilter()).total == 0
    assert speed.waiting(center, LeadFilter()) == ()
    after = speed.speed_to_lead(center, LeadFilter())
    assert after is not None
    assert {soon: n for soon, n in after.soon.items() if n} == {Soon.HOUR: 1, Soon.DAY: 1}
    assert after.everyone.median == pytest.approx(0.5)  # one lead, called after half an hour
    (touch,) = leads.lead_detail(center, "ana").logged
    take_back_touch(center, "ana", touch)
    assert speed.waiting(center, LeadFilter()) == ("ana",)


def test_the_list_and_the_feed_move_at_once(center: CommandCenter) -> None:
    scoring.score_lead(center, told(created_at=NOON))
    at = utc_now() - timedelta(minutes=2)
    log_touch(center, "ana", Way.CALL, at)
    (row,) = leads.browse(center).rows
    assert row.last_activity_at == at
    told_on_feed = [event.payload for event in center.store.outbox_after()]
    assert [(event["event_type"], event["via"]) for event in told_on_feed] == [
        ("lead_scored", "api"),
        ("lead_scored", "screen"),
    ]


def test_an_erasure_takes_the_note_along(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    log_touch(center, "ana", Way.CALL, NOON, Went.TALKED, "Note of Ana")
    kept = json.loads(personal_data.export(center, ["ana"]))["kept"]
    assert [row["text"] for row in kept["interactions"]] == ["Note of Ana"]
    assert personal_data.erase(center, ["ana"]).rows["interactions"] == 1
    with pytest.raises(NotFound):
        log_touch(center, "ana", Way.CALL, NOON)
    assert logged_touches.MOST_NOTE == 300
