from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.monitoring.findings import Finding, Measured, Subject, Verdict, findings
from core.monitoring.live import live
from core.services import audit
from core.services.center import CommandCenter
from core.services.model.live_quality import live_quality
from core.services.model.model_alerts import look_for_changes, turned_away
from core.services.model.model_report import model_status
from tests.services.lived import live_through


def told(center: CommandCenter) -> dict[Subject, Finding]:
    return {one.subject: one for one in live_quality(center, fresh_s=-1).findings}


def test_without_an_end_it_says_what_is_missing(center: CommandCenter) -> None:
    found = live_quality(center)
    assert found.live is None
    assert told(center)[Subject.BASE_RATE].verdict is Verdict.TOO_FEW
    assert told(center)[Subject.ORDER].told == (
        "0 decided leads so far, 0 signed; 200 are needed, 30 of either outcome."
    )


def test_a_model_whose_word_comes_true_is_steady(center: CommandCenter) -> None:
    live_through(center, 800)
    found = live_quality(center, fresh_s=-1)
    assert found.live is not None
    assert found.live.leads == 800
    assert found.live.converted / 800 == pytest.approx(found.live.said, abs=0.04)
    assert {round(band.low, 1) for band in found.live.bands} == {0.1, 0.4, 0.8}
    assert told(center)[Subject.BASE_RATE].verdict is Verdict.STEADY
    assert found.still_open == 0


def test_half_as_many_conversions_are_a_change_of_the_base_rate(center: CommandCenter) -> None:
    live_through(center, 800, truth=lambda said: said / 2)
    assert told(center)[Subject.BASE_RATE].verdict is Verdict.CHANGED


def test_losses_that_nobody_marks_are_no_change_of_the_base_rate() -> None:
    """The 1,000 leads were told 16 % and 160 convert; of the 840 others only every third is marked as lost.

    Of the 440 decided 36.4 % converted. As if none of the open ones did: 160 of 1,000, which is what was said.
    """
    ended = live(np.full(440, 0.16), np.arange(440) < 160, np.full(560, 0.16))
    _, base, _ = findings(None, ended, None)
    assert base.verdict is Verdict.UNKNOWN
    assert base.told == (
        "Said 16.0 % on average; 160 of 440 signed, 36.4 %. "
        "560 others of that time are still open; whether more sign shows once the lost among them are marked."
    )


def test_more_than_was_said_of_all_is_a_change_however_many_are_open() -> None:
    """260 of 1,000 in place of 160: one standard error is sqrt(1,000 * 0.16 * 0.84), 11.6 leads, so 8.6 of them."""
    ended = live(np.full(540, 0.16), np.arange(540) < 260, np.full(460, 0.16))
    assert ended is not None
    assert ended.more_at_least == pytest.approx(100 / 11.593, abs=1e-3)
    assert findings(None, ended, None)[1].verdict is Verdict.CHANGED


def test_a_team_that_marks_few_losses_is_not_told_of_a_change(center: CommandCenter) -> None:
    live_through(center, 800, losses_told=1 / 4)
    found = live_quality(center, fresh_s=-1)
    assert found.live is not None
    assert found.live.leads + found.still_open == 800
    assert found.still_open > 300
    assert told(center)[Subject.BASE_RATE].verdict is Verdict.UNKNOWN
    assert look_for_changes(center) == []


def test_what_cannot_be_known_any_more_is_no_alarm_any_more(center: CommandCenter) -> None:
    live_through(center, 300, truth=lambda said: np.minimum(said + 0.1, 1.0))
    assert look_for_changes(center) == ["base rate"]
    assert turned_away(center) == ["base rate"]
    live_through(center, 800, prefix="later", losses_told=1 / 4)
    assert told(center)[Subject.BASE_RATE].verdict is Verdict.UNKNOWN
    assert look_for_changes(center) == []
    assert turned_away(center) == []


def test_young_scores_and_scores_of_other_versions_are_left_out(center: CommandCenter) -> None:
    live_through(center, 100, days_ago=(60, 45), decided_after_days=40)  # decided, but too young to be like the rest
    assert live_quality(center, fresh_s=-1).live is None
    live_through(center, 10, days_ago=(300, 200), prefix="older")
    found = live_quality(center, fresh_s=-1).live
    assert found is not None
    assert found.leads == 10


def test_an_order_that_is_gone_is_not_taken_for_a_base_rate() -> None:
    """Everybody converts with the same 45 %, whatever was said; it was 0.9 once, on 300 and 300 leads."""
    draw = np.random.default_rng(0)
    said: NDArray[np.float64] = draw.choice([0.1, 0.8], 1000)
    found = live(said, draw.uniform(size=1000) < 0.45)
    base, order = findings(None, found, Measured(0.9, 300, 300))[1:]
    assert base.verdict is Verdict.STEADY
    assert order.verdict is Verdict.CHANGED
    assert order.told.endswith("0.900 when it was measured.")


def test_new_leads_of_another_kind_are_seen_in_the_status(center: CommandCenter) -> None:
    drift = model_status(center)["drift"]
    assert drift["verdict"] == "too few to tell"  # the stump's reference has four leads
    assert drift["reference_leads"] == 4
    assert drift["features"] == []


def test_a_turn_is_told_once_on_the_feed_and_in_the_log(center: CommandCenter) -> None:
    assert look_for_changes(center) == []
    live_through(center, 400, truth=lambda said: said / 2)
    assert look_for_changes(center) == ["base rate"]
    assert look_for_changes(center) == []
    told = [event.payload for event in center.store.outbox_after() if event.payload["event_type"] == "model_status"]
    assert [(event["model_version"], event["change"]) for event in told] == [("stump-1", "base rate: changed")]
    (entry,) = audit.find(center)
    assert (entry.actor, entry.action, entry.subject) == ("automatic watch", "base rate: changed", "stump-1")
