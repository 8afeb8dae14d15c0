"""Scoring a lead that is stored writes its score alone: what changed meanwhile stands, and who was erased stays so."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import orjson
import pytest

from core.errors import NotFound
from core.leads import Lead, LeadHistory
from core.realtime.lead_queue import LeadQueue
from core.services import worker
from core.services.center import CommandCenter
from core.services.lead import personal_data
from core.services.scores import batch_request, scoring
from core.services.scores.batch_request import score_requests
from core.services.scores.wire import ScoreIn
from tests.services.made import told, wrote


def after(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, then: Callable[[], object]) -> None:
    """Something else commits when ``name`` has returned, once."""
    real = getattr(owner, name)

    def called(*args: Any, **rest: Any) -> Any:
        found = real(*args, **rest)
        monkeypatch.setattr(owner, name, real)
        then()
        return found

    monkeypatch.setattr(owner, name, called)


@pytest.fixture
def ana(center: CommandCenter) -> LeadHistory:
    lead = told("ana", email="ana@example.com", phone="512-555-0198", agent="Agent A").lead
    history = LeadHistory(lead=lead, interactions=(wrote("Can we see it?"),))
    scoring.score_lead(center, history)
    return history


def reassign(center: CommandCenter) -> None:
    center.store.save_histories([LeadHistory(lead=Lead(lead_id="ana", agent="Agent B", phone="737-555-0100"))])


def test_a_change_of_the_lead_meanwhile_is_kept(
    center: CommandCenter, ana: LeadHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(monkeypatch, center.store, "history", lambda: reassign(center))
    scored = scoring.score_stored(center, "ana")
    assert scored.score.raw_probability == pytest.approx(0.8)  # of all that was known when it was read
    assert (center.store.lead("ana").agent, center.store.lead("ana").phone) == ("Agent B", "737-555-0100")
    assert len(center.store.scores("ana")) == 2
    assert center.store.outbox_after()[-1].payload["agent"] == "Agent B"
    center.store.save_histories([ana])
    after(monkeypatch, batch_request, "score_each", lambda: reassign(center))
    assert len(score_requests(center, [ScoreIn(lead_id="ana")]).scored) == 1
    assert center.store.lead("ana").agent == "Agent B"
    assert center.store.interaction_count("ana") == 1


def test_who_is_erased_meanwhile_stays_erased(
    center: CommandCenter, ana: LeadHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(monkeypatch, center.store, "history", lambda: personal_data.erase(center, ["ana"]))
    with pytest.raises(NotFound, match="no lead 'ana' any more"):
        scoring.score_stored(center, "ana")
    assert center.store.lead_count() == 0


def test_in_a_batch_the_others_are_scored(
    center: CommandCenter, ana: LeadHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(monkeypatch, batch_request, "score_each", lambda: personal_data.erase(center, ["ana"]))
    answer = score_requests(center, [ScoreIn(lead_id="ana"), ScoreIn(lead_id="new")])
    assert [(refusal.index, refusal.lead_id) for refusal in answer.refused] == [(0, "ana")]
    assert "erased" in answer.refused[0].error
    assert [request.lead_id for request, _ in answer.scored] == ["new"]
    assert center.store.lead_count() == 1


def test_a_worker_leaves_who_is_erased_meanwhile(
    center: CommandCenter, ana: LeadHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = LeadQueue(center.redis_url, "one")
    queue.add([(lead_id, orjson.dumps({"lead_id": lead_id})) for lead_id in ("ana", "new")])
    after(monkeypatch, worker, "score_batch", lambda: personal_data.erase(center, ["ana"]))
    one = worker.Worker(center, queue, print)
    one.run(Event(), once=True)
    queue.close()
    assert one.given_up == 0
    with pytest.raises(NotFound):
        center.store.lead("ana")
    assert len(center.store.scores("new")) == 1
