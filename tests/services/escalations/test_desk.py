"""From a doubtful score to an opinion beside it, by the real client over loopback."""

from __future__ import annotations

import threading
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.escalation import Band
from core.escalation.fake import Plan
from core.leads import utc_now
from core.services import workspace
from core.services.center import CommandCenter
from core.services.escalations import backlog, budget
from core.services.escalations.desk import EscalationDesk
from core.services.escalations.desk_state import DeskState
from core.store.opinions import Status
from tests.api.conftest import bearer
from tests.services.escalations.conftest import desk, scores_hash, settled, unsure, until, with_claude
from tests.services.made import told


def test_a_doubtful_lead_gets_an_opinion_beside_its_score(asking: CommandCenter) -> None:
    unsure(asking, "ana")
    before = scores_hash(asking.store)
    with desk(asking):
        until(lambda: settled(asking.store, 1))
    [row] = asking.store.opinions.of_lead("ana")
    assert row.status is Status.ANSWERED
    assert row.answer is not None
    assert Band(row.answer["band"]).low == row.low
    assert row.simulated
    assert row.cost_micro_usd == asking.store.opinions.spending().day_micro_usd
    assert scores_hash(asking.store) == before
    kinds = [event.payload["event_type"] for event in asking.store.outbox_after()]
    assert kinds == ["lead_scored", "lead_escalated", "opinion_received"]


def test_a_sure_lead_is_left_to_the_model(asking: CommandCenter, plan: Plan) -> None:
    from core.services.scores import scoring

    workspace.set_threshold(asking, 0.75)  # the model is 0.8 sure
    scoring.score_lead(asking, told("sure"))
    unsure(asking, "doubtful")
    with desk(asking):
        until(lambda: settled(asking.store, 1))
    assert asking.store.opinions.of_lead("sure") == []
    assert len(plan.asked) == 1


def test_a_source_may_have_a_threshold_of_its_own(asking: CommandCenter) -> None:
    from core.services.scores import scoring

    workspace.set_threshold_by_source(asking, {"zillow": 0.75})
    from_zillow = scoring.score_lead(asking, told("a", source="zillow"))
    from_elsewhere = scoring.score_lead(asking, told("b", source="website"))
    assert not from_zillow.escalation_recommended  # 0.8 against 0.75
    assert from_elsewhere.escalation_recommended  # 0.8 against 0.85


def test_without_a_key_escalations_wait_for_a_person(center: CommandCenter) -> None:
    unsure(center, "ana", "bo")
    with desk(center) as running:
        until(lambda: center.store.opinions.count(Status.WAITING) == 2)
        assert running.state.now is DeskState.OFF
    assert len(center.store.opinions.for_review()) == 2


def test_looking_ends_though_leads_keep_coming(asking: CommandCenter) -> None:
    """Each look locks the database: under a steady load the desk would have it many times a second."""
    ended = threading.Event()

    def keep_coming() -> None:
        number = 0
        while not ended.is_set():
            unsure(asking, f"lead_{number}")
            number += 1

    coming = threading.Thread(target=keep_coming)
    coming.start()
    try:
        until(lambda: asking.store.opinions.has_news())
        looking = threading.Thread(target=EscalationDesk(asking)._look, daemon=True)
        looking.start()
        looking.join(5.0)
        assert not looking.is_alive()
    finally:
        ended.set()
        coming.join()
    assert asking.store.opinions.waiting(1)


def test_the_queue_stops_before_a_budget_is_exceeded_and_says_until_when(
    tmp_path: Path, models_dir: Path, address: str, plan: Plan
) -> None:
    settings = with_claude(tmp_path / "data", address, jorge_claude_daily_budget_usd=0.012)
    with CommandCenter(settings, models_dir) as center:
        unsure(center, *(f"lead_{number}" for number in range(40)))
        with desk(center) as running:
            until(lambda: running.state.now is DeskState.DAY_SPENT)
            until(lambda: center.store.opinions.count(Status.ASKED) == 0)
            state = budget.state(center)
        assert 0 < state.day_usd <= Decimal("0.012")
        assert running.state.until is not None
        assert running.state.until.hour == 0
        assert center.store.opinions.count(Status.ANSWERED) == len(plan.asked) < 40
        assert center.store.opinions.count(Status.WAITING) == 40 - len(plan.asked)


@pytest.mark.parametrize(
    ("mode", "status", "why"),
    [
        ("refusal", Status.REFUSED, "declined"),
        ("wrong_schema", Status.FAILED, ""),
        ("401", Status.FAILED, "key"),
        ("max_tokens", Status.FAILED, ""),
    ],
)
def test_where_there_is_no_opinion_the_row_says_why(
    asking: CommandCenter, plan: Plan, mode: str, status: Status, why: str
) -> None:
    plan.default = mode
    unsure(asking, "ana")
    with desk(asking):
        until(lambda: settled(asking.store, 1))
    [row] = asking.store.opinions.of_lead("ana")
    assert row.status is status
    assert row.answer is None
    assert row.error
    assert why in row.error


def test_a_backlog_is_handed_in_at_half_the_price_and_collected(asking: CommandCenter, plan: Plan) -> None:
    names = [f"lead_{number}" for number in range(6)]
    with desk(asking, at_once=0):  # nobody asks one by one
        unsure(asking, *names)
        until(lambda: asking.store.opinions.count(Status.WAITING) == 6)
        asking.set_setting(backlog.WANTED, True)
        until(lambda: settled(asking.store, 6))
    assert asking.store.opinions.count(Status.ANSWERED) == 6
    assert plan.asked == []
    assert len(plan.batches) == 1
    batch = {row.batch_id for name in names for row in asking.store.opinions.of_lead(name)}
    assert batch == set(plan.batches)
    spent = asking.store.opinions.spending().day_micro_usd
    assert spent == sum(row.cost_micro_usd or 0 for name in names for row in asking.store.opinions.of_lead(name))


@pytest.mark.parametrize(("mode", "status"), [("529", Status.WAITING), ("dropped", Status.FAILED)])
def test_a_batch_that_was_surely_not_taken_leaves_its_questions_waiting(
    asking: CommandCenter, plan: Plan, mode: str, status: Status
) -> None:
    plan.batch_modes, plan.default = True, mode
    with desk(asking, at_once=0):
        unsure(asking, "ana", "ben")
        until(lambda: asking.store.opinions.count(Status.WAITING) == 2)
        asking.set_setting(backlog.WANTED, True)
        until(lambda: (asking.store.opinions.of_lead("ben")[0].error or "").startswith("The batch was not taken"))
        until(lambda: asking.store.opinions.count(status) == 2)
    assert (asking.store.opinions.spending().day_micro_usd == 0) == (status is Status.WAITING)
    tries = [row.tries for name in ("ana", "ben") for row in asking.store.opinions.of_lead(name)]
    assert tries == ([0, 0] if status is Status.WAITING else [1, 1])


def test_batches_that_were_not_taken_leave_a_question_its_tries(asking: CommandCenter, plan: Plan) -> None:
    unsure(asking, "ana")
    plan.batch_modes, plan.default = True, "529"
    with desk(asking, at_once=0):
        until(lambda: asking.store.opinions.count(Status.WAITING) == 1)
        for tried in range(1, 4):
            asking.set_setting(backlog.WANTED, True)
            until(partial(has_handed_in, plan, tried))  # its question is reserved by then
            until(lambda: asking.store.opinions.count(Status.WAITING) == 1)
    [row] = asking.store.opinions.of_lead("ana")
    assert (row.status, row.tries) == (Status.WAITING, 0)
    plan.batch_modes, plan.default = False, "429"
    with desk(asking):
        until(lambda: (asking.store.opinions.of_lead("ana")[0].error or "").startswith("Claude"))
        until(lambda: asking.store.opinions.count(Status.WAITING) == 1)
    [row] = asking.store.opinions.of_lead("ana")
    assert (row.status, row.tries) == (Status.WAITING, 1)  # it is tried again


def has_handed_in(plan: Plan, batches: int) -> bool:
    return sum(request.path == "/v1/messages/batches" for request in plan.received) == batches


def test_a_new_day_is_not_told_of_as_spent(asking: CommandCenter) -> None:
    with desk(asking) as running:
        until(lambda: running.state.now is DeskState.ASKING)
        midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
        running.state.is_now(DeskState.DAY_SPENT, "The day's budget has no room for the next question.", midnight)
        until(lambda: running.state.now is DeskState.ASKING, seconds=5)


def test_a_forced_refresh_in_the_api_asks_at_once_and_does_not_wait_for_the_answer(
    asking: CommandCenter, plan: Plan
) -> None:
    plan.default = "stalled"
    workspace.set_threshold(asking, 0.5)  # the model is sure of everybody
    client = TestClient(build_api(lambda: asking), headers=bearer(asking))
    body = {"lead_id": "ana", "lead_data": {"name": "Ana"}, "options": {"force_refresh": True}}
    with desk(asking):
        answer = client.post("/v1/ml/score", json=body)
        assert answer.status_code == 200
        until(lambda: asking.store.opinions.count(Status.ASKED) == 1)
        assert asking.store.opinions.of_lead("ana")[0].asked_because == "requested"
        assert len(plan.received) <= 1
    told = [event.payload for event in asking.store.outbox_after() if event.payload["event_type"] == "lead_escalated"]
    assert [event["reason"] for event in told] == ["requested"]
