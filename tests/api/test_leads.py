"""Browsing leads, one lead with its history, and outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.analytics.bridge import Moved
from core.api.build import build_api
from core.api.examples import LEAD_ANSWER, LEAD_ROW, LEADS_ANSWER, OUTCOME_ANSWER, OUTCOME_REQUEST
from core.leads import Stage, utc_now
from core.scoring import Tier
from core.services.access import Role, api_token, trusted
from core.services.analyses.behind import Behind, Tried, leads_behind
from core.services.analyses.best_hour import Way
from core.services.center import CommandCenter
from core.services.lead import leads as lead_service
from core.services.sample import load_sample
from core.services.scores import scoring
from core.store import ArrivalClock, LeadFilter
from tests.api.conftest import ML, bearer
from tests.services.made import told, untold, wrote


@pytest.fixture
def three(center: CommandCenter) -> CommandCenter:
    """Ana at 80 points from Zillow, Cy at 40 from a referral, Bo at 10 from nowhere."""
    scoring.score_lead(center, told("ana", source="Zillow", email="ana@example.com"))
    scoring.score_lead(center, told("cy", pre_approval=None, name="Cy Young", source="Referral"))
    scoring.score_lead(center, untold("bo"))
    return center


@pytest.fixture
def boss(center: CommandCenter) -> TestClient:
    """The API as a manager calls it."""
    api = build_api(lambda: center)
    return TestClient(api, headers=bearer(center, Role.MANAGER), raise_server_exceptions=False)


def ids(client: TestClient, query: str = "") -> list[str]:
    response = client.get(f"{ML}/leads{query}")
    assert response.status_code == 200, response.text
    return [row["lead_id"] for row in response.json()["leads"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ana", "cy", "bo"]),
        ("?sort=score_lowest", ["bo", "cy", "ana"]),
        ("?sort=name", ["ana", "bo", "cy"]),
        ("?source=Zillow&source=Referral", ["ana", "cy"]),
        ("?search=EXAMPLE.com", ["ana"]),
        ("?search=cy+young", ["cy"]),
        ("?score_min=10&score_max=40", ["cy", "bo"]),
        ("?tier=hot", ["ana"]),
        ("?tier=warm&tier=cold&sort=name", ["bo", "cy"]),
        ("?stage=closed", []),
        ("?agent=Nobody", []),
        ("?scored_from=2026-01-01T00:00:00Z&page_size=1", ["ana"]),
        ("?scored_to=9999-12-31T23:59:59Z&scored_from=0001-01-01T00:00:00&page_size=1", ["ana"]),
        ("?scored_to=2026-01-01T00:00:00", []),
        ("?page_size=1&page=2", ["cy"]),
        ("?page=4", []),
        ("?price_band=3", ["ana", "cy"]),
        ("?price_band=0&not_told=price", ["bo"]),
        ("?not_told=source", ["bo"]),
        ("?not_told=source&source=Zillow", ["ana", "bo"]),
        ("?not_told=agent&search=bo", ["bo"]),
        ("?first_tier=hot", ["ana"]),
        ("?first_tier=none", []),
        ("?side=buyer&sort=name", ["ana", "bo", "cy"]),
        ("?side=seller", []),
        ("?furthest=closed&furthest=contract", []),
        ("?furthest=generated&search=ana", ["ana"]),
        ("?staged_to=2020-01-01T00:00:00Z", []),
        ("?closing=past", []),
        ("?group=test:1:0", []),
    ],
)
def test_the_list_is_filtered_sorted_and_paged(
    quick: TestClient, three: CommandCenter, query: str, found: list[str]
) -> None:
    assert ids(quick, query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?stands=usual&search=ana", ["ana"]),
        ("?stands=stuck", []),
        ("?left=generated", []),
        ("?moved=arrived&sort=name", ["ana", "bo", "cy"]),
        ("?moved=lost", []),
        ("?answered=0", []),
        ("?tried_hour=9&tried_by=calls&zone=America/Chicago", []),
        ("?tried_by=messages", []),
        ("?no_chance=true", []),
        ("?soon=never&sort=name", []),  # nobody told when they came in
        ("?soon=five_minutes", []),
        ("?waits=true&search=ana", ["ana"]),
        ("?lately=answers", []),
        ("?counted=did", []),
    ],
)
def test_managers_ask_for_what_lies_behind_a_figure(
    boss: TestClient, three: CommandCenter, query: str, found: list[str]
) -> None:
    assert ids(boss, query) == found


def test_a_line_says_what_the_document_says(quick: TestClient, three: CommandCenter) -> None:
    answer = quick.get(f"{ML}/leads?search=ana").json()
    assert set(answer) == set(LEADS_ANSWER)
    assert (answer["total"], answer["page"], answer["page_size"]) == (1, 1, 50)
    row = answer["leads"][0]
    assert set(row) == set(LEAD_ROW)
    assert (row["name"], row["classification"], row["stage"]) == ("Ana Lima", "hot", "generated")
    assert row["ml_score"] == pytest.approx(80)
    assert row["estimated_commission"] == 37_500.00  # 6 % of 625,000, the middle of the budget


def test_pages_hold_every_lead_once_also_where_all_are_equal(quick: TestClient, center: CommandCenter) -> None:
    for number in range(25):
        scoring.score_lead(center, untold(f"lead-{number:02}"))
    pages = [ids(quick, f"?page_size=10&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [10, 10, 5]
    every = [lead_id for page in pages for lead_id in page]
    assert every == sorted((f"lead-{number:02}" for number in range(25)), reverse=True)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=100001", "page=1e3", "page=99999999999999999999", "page_size=0", "page_size=201", "page_size=-1",
     "score_min=-1", "score_max=101", "score_min=NaN", "score_min=1e999", "tier=lukewarm", "stage=gone", "sort=random",
     "search=" + "x" * 201, "search=%00", "source=%00", "created_from=soon", "created_to=9999-12-31T23:59:59-23:00",
     "for_claude=perhaps", "favourite=1", "price_band=5", "price_band=-1", "price_band=x", "not_told=side",
     "first_tier=lukewarm", "side=both-ends", "furthest=lost", "arrival_hour=24", "arrival_weekday=7", "zone=Mars/Base",
     "zone=../../etc/passwd", "zone=%00", "closing=2026-13", "closing=soon", "group=test", "group=agent:1:0",
     "left=closed", "group=test:9999999999:0", "stands=long", "moved=away", "answered=8", "tried_hour=-1",
     "tried_by=fax", "no_chance=perhaps", "soon=later", "waits=long",
     "lately=all", "counted=all", "staged_from=soon", "staged_to=0.0", "&".join(["tried_hour=1"] * 25),
     "&".join(["source=x"] * 51)],
)  # fmt: skip
def test_a_query_out_of_bounds_is_refused_and_not_repeated(quick: TestClient, query: str) -> None:
    response = quick.get(f"{ML}/leads?{query}")
    assert response.status_code == 422, response.text
    error = response.json()["error"]
    assert error["code"] == "invalid_request"
    assert len(response.content) < 5_000


def test_one_lead_comes_with_its_scores_outcomes_and_number_of_interactions(
    quick: TestClient, center: CommandCenter
) -> None:
    history = told("ana", source="Zillow")
    scoring.score_lead(center, history)
    two = history.model_copy(update={"interactions": (wrote("Hello", 2), wrote("Is it free?", 1))})
    scoring.score_lead(center, two, force_refresh=True)
    quick.post(f"{ML}/outcomes", json=OUTCOME_REQUEST | {"lead_id": "ana"})
    answer = quick.get(f"{ML}/leads/ana").json()
    assert set(answer) == set(LEAD_ANSWER)
    assert set(answer["lead"]) == set(LEAD_ANSWER["lead"])
    assert (answer["lead"]["name"], answer["lead"]["source"], answer["lead"]["stage"]) == (
        "Ana Lima", "Zillow", "closed",
    )  # fmt: skip
    assert answer["interactions"] == 2
    assert len(answer["scores"]) == 2
    assert answer["scores"][0]["scored_at"] > answer["scores"][1]["scored_at"]
    assert set(answer["scores"][0]) == set(LEAD_ANSWER["scores"][0])
    assert answer["outcomes"] == [
        {"stage": "closed", "occurred_at": "2026-04-02T15:00:00Z", "sale_price_usd": 615_000.0, "reason": None}
    ]
    assert (answer["classification"], answer["override"]) == ("hot", None)


def test_an_override_in_force_goes_before_the_models_tier(quick: TestClient, three: CommandCenter) -> None:
    until = utc_now() + timedelta(days=1)
    maya = three.acting_as(trusted("maya"))
    lead_service.override_score(maya, "bo", Tier.HOT, "Sold him a house before", until)
    answer = quick.get(f"{ML}/leads/bo").json()
    assert (answer["classification"], answer["scores"][0]["classification"]) == ("hot", "cold")
    assert (answer["override"]["reason"], answer["override"]["actor"]) == ("Sold him a house before", "maya")
    assert ids(quick, "?tier=hot") == ["ana", "bo"]


def test_a_lead_that_was_never_scored_has_no_score(quick: TestClient, center: CommandCenter) -> None:
    center.store.save_histories([untold("quiet")])
    answer = quick.get(f"{ML}/leads/quiet").json()
    assert (answer["scores"], answer["classification"], answer["interactions"]) == ([], None, 0)
    assert quick.get(f"{ML}/leads").json()["leads"][0]["ml_score"] is None


@pytest.mark.parametrize("lead_id", ["nobody", "x" * 100])
def test_an_unknown_lead_is_404(quick: TestClient, lead_id: str) -> None:
    response = quick.get(f"{ML}/leads/{lead_id}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
    assert quick.post(f"{ML}/outcomes", json=OUTCOME_REQUEST | {"lead_id": lead_id}).status_code == 404


@pytest.mark.parametrize("lead_id", ["x" * 101, "a b", "ana%00", "%F0%9F%8F%A0"])
def test_what_is_no_lead_id_is_422(quick: TestClient, lead_id: str) -> None:
    assert quick.get(f"{ML}/leads/{lead_id}").status_code == 422


def test_an_outcome_moves_the_lead_and_is_kept_with_who_sent_it(quick: TestClient, three: CommandCenter) -> None:
    body = OUTCOME_REQUEST | {"lead_id": "ana", "reason": "Cash"}
    answer = quick.post(f"{ML}/outcomes", json=body)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == set(OUTCOME_ANSWER)
    assert answer.json()["recorded"] is True
    assert '"sale_price_usd":615000.00' in answer.text
    assert three.store.lead("ana").stage is Stage.CLOSED


def test_an_outcome_that_is_sent_again_is_recorded_once(quick: TestClient, three: CommandCenter) -> None:
    body: dict[str, Any] = {"lead_id": "ana", "stage": "contract", "occurred_at": "2026-04-01T12:00:00Z"}
    priced = body | {"sale_price_usd": 600_000}
    same_moment = body | {"occurred_at": "2026-04-01T14:00:00+02:00"}
    told_new = [
        quick.post(f"{ML}/outcomes", json=sent).json()["recorded"] for sent in (body, same_moment, priced, priced)
    ]
    assert told_new == [True, False, True, False]
    outcomes = three.store.outcomes("ana")
    assert [(outcome.stage, outcome.sale_price_usd) for outcome in outcomes] == [(Stage.CONTRACT, Decimal(600_000))]


@pytest.mark.parametrize(
    "wrong",
    [{"stage": "won"}, {"stage": None}, {"occurred_at": "soon"}, {"occurred_at": "1999-01-01T00:00:00Z"},
     {"occurred_at": "2199-01-01T00:00:00Z"}, {"sale_price_usd": -1}, {"sale_price_usd": 10**12}, {"reason": "x" * 301},
     {"reason": "a\x00b"}, {"lead_id": "no id"}, {"lead_id": 7}, {"more": 1}],
    ids=str,
)  # fmt: skip
def test_an_outcome_that_cannot_be_is_refused_with_the_field(
    quick: TestClient, three: CommandCenter, wrong: dict[str, Any]
) -> None:
    response = quick.post(f"{ML}/outcomes", json=OUTCOME_REQUEST | {"lead_id": "ana"} | wrong)
    assert response.status_code == 422, response.text
    assert response.json()["error"]["details"][0]["field"] in wrong
    assert not any(str(value) in response.text for name, value in wrong.items() if len(str(value)) > 4)
    assert three.store.outcomes("ana") == []


def test_arrivals_are_told_by_the_clock_of_the_zone(quick: TestClient, center: CommandCenter) -> None:
    # Friday, 6 March 2026, 03:30 in UTC is Thursday, 21:30 in Chicago
    scoring.score_lead(center, told("late", created_at=datetime(2026, 3, 6, 3, 30, tzinfo=UTC)))
    for query, found in (
        ("?arrival_hour=3&arrival_weekday=4", ["late"]),
        ("?arrival_hour=21", []),
        ("?arrival_hour=21&arrival_weekday=3&zone=America/Chicago", ["late"]),
        ("?arrival_hour=3&zone=America/Chicago", []),
    ):
        assert ids(quick, query) == found


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("price_band=7", "less than or equal to 4"),
        ("zone=Mars/Base", "zone is 'Mars/Base'; must be a name such as America/Chicago"),
        ("not_told=side", "'source', 'agent', 'area' or 'price'"),
        ("furthest=lost", "'generated', 'qualified', 'showing', 'contract' or 'closed'"),
        ("answered=9", "less than or equal to 6"),
    ],
)
def test_a_refusal_says_what_is_allowed(quick: TestClient, query: str, sentence: str) -> None:
    error = quick.get(f"{ML}/leads?{query}").json()["error"]
    assert query.split("=")[0] in str(error["details"])
    assert sentence in str(error["details"])


def test_what_lies_behind_a_figure_is_what_the_page_lists(boss: TestClient, center: CommandCenter) -> None:
    load_sample(center, leads=60, seed=3)
    clock = ArrivalClock("America/Chicago", tuple(range(8, 13)), (0, 1, 2))
    agent = next(iter(center.store.facets().agents))
    asked: list[tuple[dict[str, Any], Behind]] = [
        ({"stands": "stuck"}, Behind(stuck=True)),
        ({"stands": "usual"}, Behind(stuck=False)),
        ({"left": "qualified"}, Behind(left=Stage.QUALIFIED)),
        ({"moved": "scored"}, Behind(moved=Moved.SCORED)),
        ({"answered": [1, 6], "answered_by_any": True}, Behind(answered=(1, 6), automatic_too=True)),
        (
            {"tried_hour": list(range(8, 13)), "tried_weekday": [0, 1, 2], "zone": clock.zone},
            Behind(tried=Tried(clock)),
        ),
        ({"tried_by": "calls"}, Behind(tried=Tried(ArrivalClock("UTC"), Way.CALLS))),
    ]
    for query, behind in asked:
        for more, wanted in (({}, LeadFilter()), ({"agent": agent}, LeadFilter(agents=(agent,)))):
            listed = boss.get(f"{ML}/leads", params={**query, **more, "page_size": 200}).json()
            expected = lead_service.browse(center, leads_behind(center, wanted, behind), page_size=200)
            assert [row["lead_id"] for row in listed["leads"]] == [row.lead_id for row in expected.rows]
            assert listed["total"] == expected.total


def test_an_agent_may_not_ask_for_what_lies_behind_a_managers_figure(center: CommandCenter) -> None:
    scoring.score_lead(center, untold("bo"))
    agent = {"Authorization": f"Bearer {api_token(center, 'Ana Diaz', Role.AGENT, 1)}"}
    client = TestClient(build_api(lambda: center), raise_server_exceptions=False)
    assert client.get(f"{ML}/leads?price_band=1&not_told=price", headers=agent).json()["total"] == 1
    refused = client.get(f"{ML}/leads?stands=stuck", headers=agent)
    assert refused.status_code == 403
    assert "only managers may" in refused.json()["error"]["message"]
