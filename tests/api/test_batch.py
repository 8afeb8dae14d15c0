"""Batches: each lead is judged by itself, and all that can be used is scored at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.api.examples import BATCH_REQUEST
from core.errors import LeadError, NotFound, StoreUnavailable
from core.scoring.model import ScoringModel
from core.services.center import CommandCenter
from core.services.live import screen_token
from core.services.scores.reading.reader import can_read_beside
from core.store import Store
from tests.api.conftest import ML, bearer
from tests.api.test_live import opened
from tests.api.test_score import LEAD
from tests.realtime.waiting import until

PRIVATE = "ana.private@example.com"


def leads(count: int) -> list[dict[str, Any]]:
    return [{"lead_id": f"lead-{number}", "lead_data": LEAD["lead_data"]} for number in range(count)]


def post(client: TestClient, requests: list[Any], **options: Any) -> dict[str, Any]:
    body = {"leads": requests} | ({"options": options} if options else {})
    response = client.post(f"{ML}/batch-score", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    assert answer["succeeded"] + answer["failed"] == answer["total"] == len(requests)
    assert (len(answer["results"]), len(answer["errors"])) == (answer["succeeded"], answer["failed"])
    return answer


def test_the_answer_of_a_lead_in_a_batch_is_its_answer_alone(quick: TestClient) -> None:
    alone = quick.post(f"{ML}/score", json=LEAD | {"lead_id": "alone"}).json()
    answer = post(quick, leads(2))
    assert answer["success"] is True
    assert [result["lead_id"] for result in answer["results"]] == ["lead-0", "lead-1"]
    assert answer["processing_time_ms"] == pytest.approx(sum(r["processing_time_ms"] for r in answer["results"]), 1e-2)
    for result in answer["results"]:
        assert set(result) == set(alone)
        for name in ("ml_score", "ml_confidence", "probability_ranges", "feature_importance", "features_known"):
            assert result[name] == pytest.approx(alone[name]), name


BAD: list[Any] = [
    {"lead_id": "bad", "lead_data": {"name": f"{PRIVATE}\x00"}},
    {"lead_id": "bad", "favourite": PRIVATE},
    {"lead_id": f"<{PRIVATE}>"},
    {"lead_id": 10**30},
    {"lead_id": "bad", "lead_data": {"price_min_usd": 10**400}},
    {},
    None,
    7,
    PRIVATE,
    [],
    [PRIVATE],
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_a_bad_lead_is_told_with_its_place_and_the_others_are_scored(
    quick: TestClient, center: CommandCenter, bad: Any
) -> None:
    answer = post(quick, [*leads(1), bad, {"lead_id": "last"}])
    assert [result["lead_id"] for result in answer["results"]] == ["lead-0", "last"]
    error = answer["errors"][0]
    assert error["index"] == 1
    told = bad.get("lead_id") if isinstance(bad, dict) else None
    assert error["lead_id"] == ("bad" if told == "bad" else None)
    assert error["error"]
    assert PRIVATE not in json.dumps(answer)
    assert center.store.lead_count() == 2


def test_numbers_that_no_float_holds_refuse_their_own_lead_alone(quick: TestClient) -> None:
    bad = b'{"lead_id": "x", "lead_data": {"jorge_insights": {"engagement_level": %b}}}'
    body = (
        b'{"leads": [{"lead_id": "good"}, '
        + b", ".join(bad % word for word in (b"NaN", b"1e999", b"-Infinity"))
        + b"]}"
    )
    response = quick.post(f"{ML}/batch-score", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert [error["index"] for error in answer["errors"]] == [1, 2, 3]
    assert [result["lead_id"] for result in answer["results"]] == ["good"]


def test_half_a_character_refuses_its_own_lead_alone(quick: TestClient) -> None:
    body = b'{"leads": [{"lead_id": "good"}, {"lead_id": "x", "lead_data": {"name": "\\ud800"}}, {"\\udfff": 1}]}'
    response = quick.post(f"{ML}/batch-score", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200, response.text
    assert [error["index"] for error in response.json()["errors"]] == [1, 2]


@pytest.mark.parametrize(
    "body",
    [{}, {"leads": []}, {"leads": leads(101)}, {"leads": {}}, {"leads": "x"}, {"leads": leads(1), "more": 1},
     {"leads": leads(1), "options": {"force_refresh": True}},
     {"leads": leads(1), "options": {"parallel_processing": 1}}],
    ids=["nothing", "none", "101", "an object", "a text", "an unknown field", "an unknown option", "no flag"],
)  # fmt: skip
def test_a_batch_that_is_none_is_refused_whole(quick: TestClient, center: CommandCenter, body: dict[str, Any]) -> None:
    response = quick.post(f"{ML}/batch-score", json=body)
    assert response.status_code == 422
    assert set(response.json()) == {"success", "error", "request_id"}
    assert center.store.lead_count() == 0


def test_a_lead_that_is_sent_twice_is_scored_twice_and_the_later_score_is_its_last(
    quick: TestClient, center: CommandCenter
) -> None:
    told = {"lead_id": "twice", "lead_data": LEAD["lead_data"]}
    told_less = {"lead_id": "twice", "lead_data": {"name": "Ana"}}
    answer = post(quick, [told, told_less])
    assert [result["ml_score"] for result in answer["results"]] == [pytest.approx(80), pytest.approx(10)]
    assert center.store.latest_score("twice").score.ml_score == pytest.approx(10)
    assert len(center.store.scores("twice")) == 2
    assert center.store.lead_count() == 1


def test_a_known_lead_needs_only_its_id_in_a_batch_too(quick: TestClient) -> None:
    post(quick, [{"lead_id": "known", "lead_data": LEAD["lead_data"]}])
    again = post(quick, [{"lead_id": "known"}, {"lead_id": "unknown"}])
    assert [result["ml_score"] for result in again["results"]] == [pytest.approx(80), pytest.approx(10)]


def test_options_hold_for_the_batch_and_a_leads_own_go_before_them(quick: TestClient) -> None:
    own = {"lead_id": "own", "options": {"return_feature_importance": True}}
    options = {"return_feature_importance": False, "calculate_jorge_commission": False, "parallel_processing": False}
    plain, special = post(quick, [{"lead_id": "plain"}, own], **options)["results"]
    assert (plain["feature_importance"], plain["jorge_commission"]) == (None, None)
    assert special["feature_importance"] is not None
    assert special["jorge_commission"] is not None


@pytest.mark.skipif(not can_read_beside(), reason="needs a second core, and sockets that can be handed on")
def test_a_client_may_have_its_batch_helped_by_a_second_process_or_not(client: TestClient, live: CommandCenter) -> None:
    message = "We look for a house with a garden in Austin, up to 600k. " * 30  # too long to be remembered
    told = {"message": message}  # nothing with a time: days since then would be others with each answer
    wordy = [{"lead_id": f"lead-{number}", "lead_data": told} for number in range(100)]

    def scores(**options: Any) -> list[Any]:
        results = post(client, wordy, **options)["results"]
        return [(result["ml_score"], result["explanation"], result["feature_importance"]) for result in results]

    alone = scores(parallel_processing=False)
    reader = live.reader
    assert reader is not None
    assert reader.pid is None
    until(lambda: scores() == alone and reader.rows_read and reader.texts_written)
    helped = reader.rows_read, reader.texts_written
    assert scores(parallel_processing=False) == alone
    assert (reader.rows_read, reader.texts_written) == helped


def test_a_batch_is_one_pass_of_the_model_and_one_commit(
    quick: TestClient, center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[int] = []
    score_many = ScoringModel.score_many

    def counted(self: ScoringModel, matrix: Any, *rest: Any) -> Any:
        passes.append(len(matrix))
        return score_many(self, matrix, *rest)

    monkeypatch.setattr(ScoringModel, "score_many", counted)
    before, told = center.store.version(), center.store.last_feed_seq()
    post(quick, leads(100))
    assert passes == [100]
    assert center.store.version() == before + 1  # rises by one with every commit
    assert center.store.last_feed_seq() == told + 100


def test_a_lead_that_breaks_the_model_or_the_database_is_alone_in_its_fate(
    quick: TestClient, center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.services.scores import batches

    score_batch, save = batches.score_batch, Store.save_scored

    def breaks(center: CommandCenter, histories: Any, **rest: Any) -> Any:
        if any(history.lead.lead_id == "lead-1" for history in histories):
            raise RuntimeError(PRIVATE)
        return score_batch(center, histories, **rest)

    def refuses(self: Store, rows: Any, **rest: Any) -> Any:
        if any(row.history.lead.lead_id == "lead-3" for row in rows):
            raise LeadError("lead-3 holds what no database takes", "name")
        return save(self, rows, **rest)

    monkeypatch.setattr(batches, "score_batch", breaks)
    monkeypatch.setattr(Store, "save_scored", refuses)
    answer = post(quick, leads(5))
    assert [result["lead_id"] for result in answer["results"]] == ["lead-0", "lead-2", "lead-4"]
    assert [error["index"] for error in answer["errors"]] == [1, 3]
    assert PRIVATE not in json.dumps(answer)
    with pytest.raises(NotFound):
        center.store.latest_score("lead-3")


def test_when_the_database_is_down_the_batch_is_answered_with_503(
    quick: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise StoreUnavailable("the database does not answer")

    monkeypatch.setattr(Store, "save_scored", down)
    response = quick.post(f"{ML}/batch-score", json={"leads": leads(2)})
    assert response.status_code == 503
    assert response.json()["error"]["details"] == [{"dependency": "database"}]


def test_the_live_feed_tells_how_far_a_batch_is(client: TestClient, live: CommandCenter) -> None:
    headers = bearer(live)
    with opened(client, {"type": "auth", "token": screen_token(live)}) as socket:
        assert socket.receive_json()["event_type"] == "heartbeat"
        body = {"leads": [{"lead_id": "a"}, {"lead_id": "not an id"}, {"lead_id": "b"}, {"lead_id": "c"}]}
        answer = client.post(f"{ML}/batch-score", json=body, headers=headers).json()
        told: list[dict[str, Any]] = []
        deadline = time.monotonic() + 10
        while (not told or told[-1]["completed"] < 4) and time.monotonic() < deadline:
            event = socket.receive_json()
            if event["event_type"] == "batch_processing":
                told.append(event)
    assert {event["batch_id"] for event in told} == {answer["batch_id"]}
    assert [(event["completed"], event["total"], event["progress_percent"]) for event in told] == [
        (0, 4, 0.0), (1, 4, 25.0), (4, 4, 100.0),
    ]  # fmt: skip
    assert all(event["timestamp"].endswith("Z") for event in told)


def test_a_hundred_leads_take_less_processor_time_than_thirty_single_ones(quick: TestClient) -> None:
    post(quick, leads(100))  # what is loaded once

    def batch(turn: int) -> None:
        post(quick, [lead | {"lead_id": f"b-{turn}-{lead['lead_id']}"} for lead in leads(100)])

    def singles(turn: int) -> None:
        for lead in leads(30):
            quick.post(f"{ML}/score", json=lead | {"lead_id": f"s-{turn}-{lead['lead_id']}"})

    times = [(processor_s(batch, turn), processor_s(singles, turn)) for turn in range(3)]
    assert min(batch_s for batch_s, _ in times) < min(singles_s for _, singles_s in times)


def processor_s(run: Callable[[int], None], turn: int) -> float:
    began = time.process_time()
    run(turn)
    return time.process_time() - began


def test_the_example_of_the_document_does_what_it_says(quick: TestClient) -> None:
    answer = post(quick, BATCH_REQUEST["leads"], **BATCH_REQUEST["options"])
    assert (answer["succeeded"], answer["failed"]) == (2, 1)
    assert answer["errors"][0]["error"] == "lead_id: String should match pattern '^[A-Za-z0-9_-]{1,100}$'"
