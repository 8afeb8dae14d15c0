"""What an agent may see and change is checked in the services: each of them is listed here, or refuses."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

import core.services
from core.errors import Forbidden, NotFound
from core.leads import Interaction, Outcome, Stage, utc_now
from core.scoring import Tier
from core.services import audit, live, workspace
from core.services.access import Right, may_send, own_lead, owner_of
from core.services.analyses import ab_tests, drivers
from core.services.analyses.clusters import ClusterJob
from core.services.center import CommandCenter
from core.services.escalations import report, review
from core.services.lead import lead_export, lead_money, leads, logged_touches
from core.services.lead_files import files
from core.services.lead_files.file_order import ScoreOrder
from core.services.lead_files.file_run import score_file
from core.services.lead_files.files import ScoreJob
from core.services.model.model_work import LearnJob
from core.services.model.training import TrainJob
from core.services.reports.making import ReportJob
from core.services.reports.order import Order
from core.services.running.job import Job
from core.services.scores import batch_request, scoring
from core.services.scores.wire import ScoreIn
from core.store import LeadFilter, LeadSort
from core.store.opinions import Status
from tests.services.access.open_services import OPEN
from tests.services.acting import ADMIN, ANA, MANAGER, NOBODYS, OTHERS, OWN, fill
from tests.services.made import untold

Center = CommandCenter
SEEN = {OWN, NOBODYS}

# Services that show lists and counts: what each shows of the three leads to whoever acts.
SHOWS: dict[str, Callable[[Center], set[str]]] = {
    "lead.leads.browse": lambda center: {row.lead_id for row in leads.browse(center).rows},
    "lead.leads.facets": lambda center: _counted(sum(leads.facets(center).sources.values())),
    "lead.lead_export.leads_as_csv": lambda center: _named(
        lead_export.leads_as_csv(center, LeadFilter(), LeadSort.SCORE).decode()
    ),
    "live.snapshot": lambda center: _snapshot(center),
    "analyses.drivers.drivers": lambda center: _counted(len(drivers.drivers(center).selection)),
    "workspace.what_moves": lambda center: _counted(workspace.what_moves(center, 0.8).total),
    "escalations.report.report": lambda center: _counted(report.report(center).total),
    "escalations.review.for_review": lambda center: {one.lead_id for one in review.for_review(center, 10)},
    "escalations.review.to_review": lambda center: _counted(review.to_review(center)),
    "escalations.review.count": lambda center: _counted(review.count(center, Status.WAITING)),
}

# Services that concern one lead: for another agent's there is no such lead.
OF_ONE: dict[str, Callable[[Center, str], object]] = {
    "access.rights.own_lead": lambda center, lead_id: own_lead(center, lead_id),
    "access.rights.may_send": lambda center, lead_id: may_send(center, untold(lead_id)),
    "lead.leads.lead_detail": leads.lead_detail,
    "lead.leads.lead_record": leads.lead_record,
    "lead.lead_money.lead_money": lead_money.lead_money,
    "lead.leads.override_score": lambda center, lead_id: leads.override_score(center, lead_id, Tier.HOT, "why", None),
    "lead.leads.end_override": lambda center, lead_id: leads.end_override(center, lead_id),
    "lead.leads.record_outcome": lambda center, lead_id: leads.record_outcome(
        center, Outcome(lead_id=lead_id, stage=Stage.QUALIFIED, occurred_at=utc_now())
    ),
    "lead.leads.take_back_outcome": lambda center, lead_id: leads.take_back_outcome(
        center, Outcome(lead_id=lead_id, stage=Stage.QUALIFIED, occurred_at=utc_now())
    ),
    "lead.logged_touches.log_touch": lambda center, lead_id: logged_touches.log_touch(
        center, lead_id, logged_touches.Way.CALL, utc_now()
    ),
    "lead.logged_touches.take_back_touch": lambda center, lead_id: logged_touches.take_back_touch(
        center, lead_id, Interaction(occurred_at=utc_now())
    ),
    "scores.scoring.answer": lambda center, lead_id: scoring.answer(center, untold(lead_id)),
    "scores.scoring.begin": lambda center, lead_id: scoring.begin(center, untold(lead_id)).wait(),
    "scores.scoring.score_lead": lambda center, lead_id: scoring.score_lead(center, untold(lead_id)),
    "scores.scoring.score_stored": scoring.score_stored,
    "scores.batch_request.history_of": lambda center, lead_id: batch_request.history_of(
        center, ScoreIn(lead_id=lead_id)
    ),
    "scores.batch_request.score_requests": lambda center, lead_id: _batch(center, lead_id),
    "analyses.ab_tests.of_lead": ab_tests.of_lead,
    "escalations.review.second_reading": review.second_reading,
    "escalations.review.ask_now": lambda center, lead_id: review.ask_now(center, lead_id),
    "escalations.review.agree": lambda center, lead_id: review.agree(center, _opinion(center, lead_id)),
    "escalations.review.set_tier": lambda center, lead_id: review.set_tier(center, _opinion(center, lead_id), Tier.HOT),
}

# Services that look for the right themselves, as ``for_right`` would be in the way.
REFUSES: dict[str, Callable[[Center], object]] = {
    "audit.find": audit.find,
    "audit.page": lambda center: audit.page(center, audit.Wanted()),
    "audit.choices": audit.choices,
    "audit.audit_as_csv": audit.audit_as_csv,
    "lead_files.file_run.score_file": lambda center: score_file(
        center, ScoreOrder(center.data_dir / "a", center.data_dir / "b")
    ),
    "model.training.TrainJob.start": lambda center: TrainJob.start(center, None),  # type: ignore[arg-type]
    "model.model_work.LearnJob.start": lambda center: LearnJob.start(center, "retrain"),
}


@pytest.fixture
def team(center: Center) -> Center:
    fill(center)
    return center


def services() -> dict[str, Callable[..., Any]]:
    """Every public function of a service that takes a center, by its whole name, and what begins a class from one."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.walk_packages(core.services.__path__, "core.services."):
        where, inside = module.name.removeprefix("core.services."), importlib.import_module(module.name)
        for name, one in vars(inside).items():
            if getattr(one, "__module__", "") != module.name or name.startswith("_"):
                continue
            ways = [
                getattr(one, way) for way, kind in getattr(one, "__dict__", {}).items() if isinstance(kind, classmethod)
            ]
            found |= {f"{where}.{way.__qualname__}": way for way in [one, *ways] if _takes_a_center(way)}
    return found


def _takes_a_center(one: Any) -> bool:
    is_one = inspect.isfunction(one) or inspect.ismethod(one)
    return is_one and next(iter(inspect.signature(one).parameters), "") == "center"


def test_every_service_asks_what_its_actor_may_or_says_why_it_need_not() -> None:
    there, listed = services(), [*SHOWS, *OF_ONE, *REFUSES, *OPEN]
    forgotten = [name for name, service in there.items() if not hasattr(service, "right") and name not in listed]
    assert not forgotten, (
        f"put @for_right(Right....) above {forgotten}, or narrow what they show and add a case to SHOWS or OF_ONE "
        "of this file, or say in open_services.py why everybody may"
    )
    stale = [name for name in listed if name not in there or hasattr(there[name], "right")]
    assert not stale, f"{stale} are no services, or ask by themselves: take them out of these lists"
    assert len(set(listed)) == len(listed), "a service is in one of the lists only"


@pytest.mark.parametrize("name", [name for name, service in services().items() if hasattr(service, "right")])
def test_an_agent_is_refused_before_anything_else_happens(center: Center, name: str) -> None:
    service = services()[name]
    rest = [one for one in list(inspect.signature(service).parameters.values())[1:] if one.default is one.empty]
    positional = [None for one in rest if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    named = {one.name: None for one in rest if one.kind is one.KEYWORD_ONLY}
    with pytest.raises(Forbidden):
        service(center.acting_as(ANA), *positional, **named)


@pytest.mark.parametrize("name", REFUSES)
def test_an_agent_is_refused_by_those_that_ask_inside(center: Center, name: str) -> None:
    with pytest.raises(Forbidden):
        REFUSES[name](center.acting_as(ANA))


@pytest.mark.parametrize("name", SHOWS)
def test_an_agent_sees_own_leads_and_those_of_nobody_a_manager_all(team: Center, name: str) -> None:
    for _ in range(2):  # what is kept for one must not be shown to the other
        assert SHOWS[name](team.acting_as(MANAGER)) == {OWN, NOBODYS, OTHERS}
        assert SHOWS[name](team.acting_as(ANA)) == SEEN


@pytest.mark.parametrize("name", OF_ONE)
def test_another_agents_lead_is_not_there_for_an_agent(team: Center, name: str) -> None:
    before = _state(team)
    with pytest.raises(NotFound, match="there is no lead 'of-ben'"):
        OF_ONE[name](team.acting_as(ANA), OTHERS)
    assert _state(team) == before
    for lead_id in (OWN, NOBODYS):
        OF_ONE[name](team.acting_as(ANA), lead_id)
    OF_ONE[name](team.acting_as(MANAGER), OTHERS)


def test_a_lead_that_comes_to_another_agent_is_not_there_for_who_asked_before(center: Center) -> None:
    agent = center.acting_as(ANA)
    with pytest.raises(NotFound):
        leads.lead_detail(agent, "x9")
    scoring.score_lead(center, untold("x9", agent="Ben Ode"))
    with pytest.raises(NotFound):
        leads.lead_detail(agent, "x9")
    scoring.score_lead(center, untold("x8"))
    assert leads.lead_detail(agent, "x8").history.lead.agent is None
    scoring.score_lead(center, untold("x8", agent="Ben Ode"))
    with pytest.raises(NotFound):
        leads.lead_detail(agent, "x8")


def test_a_search_does_not_find_what_may_not_be_seen(team: Center) -> None:
    for wanted in (LeadFilter(text=OTHERS), LeadFilter(agents=("Ben Ode",)), LeadFilter(sources=("ben's list",))):
        assert leads.browse(team, wanted).total == 1
        assert leads.browse(team.acting_as(ANA), wanted).total == 0


def test_a_manager_changes_neither_models_nor_settings(center: Center) -> None:
    manager = center.acting_as(MANAGER)
    for name, service in services().items():
        right = getattr(service, "right", None)
        if right in (Right.MODELS, Right.SETTINGS):
            with pytest.raises(Forbidden, match="only admins may"):
                service(manager, *[None] * 9)
        elif right is not None:
            assert manager.actor.may(right), name


def test_who_is_put_out_while_a_page_is_open_is_refused_at_the_next_call(team: Center) -> None:
    allowed = [True]

    def who() -> Any:
        if not allowed[0]:
            raise Forbidden("Your access was taken away; ask an admin of your team for one")
        return ADMIN

    view = team.acting_as(who)
    assert leads.browse(view).total == 3
    allowed[0] = False
    with pytest.raises(Forbidden, match="taken away"):
        leads.browse(view)


def test_a_view_shares_the_workspace_and_its_actor_is_in_the_log(team: Center) -> None:
    view = team.acting_as(ADMIN)
    assert view.store is team.store
    workspace.set_threshold(view, 0.9)
    assert workspace.threshold(team) == 0.9
    assert audit.find(team)[0].actor == "ada@team.example"
    assert owner_of(view, OTHERS) == "Ben Ode"


def _state(team: Center) -> object:
    scores = [one.score_id for one in team.store.scores(OTHERS)]
    decisions = [one.status for one in team.store.opinions.of_lead(OTHERS)]
    touches = team.store.interaction_count(OTHERS)
    return scores, decisions, touches, team.store.override(OTHERS), team.store.outcomes(OTHERS)


def _named(text: str) -> set[str]:
    return {lead_id for lead_id in (OWN, NOBODYS, OTHERS) if lead_id in text}


def _counted(n: int) -> set[str]:
    """Two leads are the agent's view, three everybody's: which they are, the lists have told."""
    return {2: SEEN, 3: {OWN, NOBODYS, OTHERS}}.get(n, set())


def _snapshot(center: Center) -> set[str]:
    shown = live.snapshot(center)
    assert shown.counts.scored == len(shown.rows)
    return {row.lead_id for row in shown.rows}


def _opinion(center: Center, lead_id: str) -> int:
    return center.store.opinions.of_lead(lead_id)[0].opinion_id


def _batch(center: Center, lead_id: str) -> None:
    answer = batch_request.score_requests(center, [ScoreIn(lead_id=lead_id)])
    if answer.refused:
        raise NotFound(answer.refused[0].error)


def test_a_job_is_refused_in_its_thread(center: Center) -> None:
    center.data_dir.mkdir(exist_ok=True)
    path = center.data_dir / "leads.csv"
    path.write_text("name\nAna\n")
    view, money = center.acting_as(ANA), "see the team's money, forecasts and reports"
    begun: dict[Job[Any], str] = {
        ScoreJob.start(view, path): "see the leads of other agents",
        ClusterJob.start(view): money,
        ReportJob.start(view, Order(utc_now()), ("pdf",)): money,
    }
    for job, what in begun.items():
        assert job.wait(20)
        assert f"only managers may {what}" in str(job.error)


def test_an_agents_file_is_scored_and_stays_out_of_the_record(team: Center) -> None:
    assert files.not_kept_because(team.acting_as(ANA)) == "managers store the leads of a file"
    assert files.not_kept_because(team.acting_as(MANAGER)) is None
