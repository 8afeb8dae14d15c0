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
from core.leads import Outcome, Stage, utc_now
from core.scoring import Tier
from core.services import audit, live, workspace
from core.services.access import Right, may_send, own_lead, owner_of
from core.services.analyses import ab_tests, drivers
from core.services.center import CommandCenter
from core.services.escalations import report, review
from core.services.lead import lead_export, leads
from core.services.lead_files import files
from core.services.lead_files.file_order import ScoreOrder
from core.services.lead_files.file_run import score_file
from core.services.lead_files.files import ScoreJob
from core.services.model.model_work import LearnJob
from core.services.model.training import TrainJob
from core.services.scores import batch_request, scoring
from core.services.scores.wire import ScoreIn
from core.store import LeadFilter, LeadSort
from core.store.opinions import Status
from tests.services.acting import ADMIN, ANA, MANAGER, NOBODYS, OTHERS, OWN, fill
from tests.services.made import untold

Center = CommandCenter
SEEN = {OWN, NOBODYS}

# Services that show lists and counts: what each shows of the three leads to whoever acts.
SHOWS: dict[str, Callable[[Center], set[str]]] = {
    "leads.browse": lambda center: {row.lead_id for row in leads.browse(center).rows},
    "leads.facets": lambda center: _counted(sum(leads.facets(center).sources.values())),
    "lead_export.leads_as_csv": lambda center: _named(
        lead_export.leads_as_csv(center, LeadFilter(), LeadSort.SCORE).decode()
    ),
    "live.snapshot": lambda center: _snapshot(center),
    "drivers.drivers": lambda center: _counted(len(drivers.drivers(center).selection)),
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
    "leads.lead_detail": leads.lead_detail,
    "leads.override_score": lambda center, lead_id: leads.override_score(center, lead_id, Tier.HOT, "why", None, "x"),
    "leads.record_outcome": lambda center, lead_id: leads.record_outcome(
        center, Outcome(lead_id=lead_id, stage=Stage.QUALIFIED, occurred_at=utc_now()), "x"
    ),
    "scoring.answer": lambda center, lead_id: scoring.answer(center, untold(lead_id)),
    "scoring.begin": lambda center, lead_id: scoring.begin(center, untold(lead_id)).wait(),
    "scoring.score_lead": lambda center, lead_id: scoring.score_lead(center, untold(lead_id)),
    "scoring.score_stored": scoring.score_stored,
    "batch_request.history_of": lambda center, lead_id: batch_request.history_of(center, ScoreIn(lead_id=lead_id)),
    "batch_request.score_requests": lambda center, lead_id: _batch(center, lead_id),
    "ab_tests.of_lead": ab_tests.of_lead,
    "escalations.review.second_reading": review.second_reading,
    "escalations.review.ask_now": lambda center, lead_id: review.ask_now(center, lead_id, "x"),
    "escalations.review.agree": lambda center, lead_id: review.agree(center, _opinion(center, lead_id), "x"),
    "escalations.review.set_tier": lambda center, lead_id: review.set_tier(
        center, _opinion(center, lead_id), Tier.HOT, "x"
    ),
}

# Services that look for the right themselves, as ``for_right`` would be in the way.
REFUSES: dict[str, Callable[[Center], object]] = {
    "audit.find": audit.find,
    "audit.page": lambda center: audit.page(center, audit.Wanted()),
    "audit.choices": audit.choices,
    "audit.audit_as_csv": audit.audit_as_csv,
    "file_run.score_file": lambda center: score_file(center, ScoreOrder(center.data_dir / "a", center.data_dir / "b")),
    "TrainJob.start": lambda center: TrainJob.start(center, None),  # type: ignore[arg-type]
    "LearnJob.start": lambda center: LearnJob.start(center, "retrain"),
}

# Services open to every role, with why that is right: none shows leads or money, or changes models or settings.
OPEN = {
    "ab_tests.all_tests": "names and designs of tests, by which leads are filtered",
    "access.admission": "who calls, before it is known what they may",
    "access.keys.check_key": "who calls",
    "access.keys.known_key": "who calls",
    "access.people": "who somebody is; what changes people is for admins",
    "access.rates": "how often somebody calls",
    "access.rights": "the checks themselves",
    "access.sign_in": "who somebody is",
    "access.tokens": "who calls; made by the command line and, for a page's socket, in the role of its viewer",
    "answering": "which model answers, as every score says",
    "audit.mark": "a hash of what the caller has",
    "audit.who": "a name",
    "audit.note": "what was done is always noted",
    "audit.set_and_note": "called by services that have asked",
    "background": "the server's own process",
    "batches": "scores what was read by a service that has asked",
    "cached": "scores what was read by a service that has asked",
    "center.use": "the wiring",
    "clusters.stored": "names of groups, by which leads are filtered",
    "comparison": "two models on held-out leads, as numbers",
    "crm.intake": "a webhook that the CRM has signed",
    "crm.names": "settings; what asks the CRM is the server's own process",
    "crm.rules.is_on": "a setting",
    "crm.rules.rules_of": "settings, for the server's own process",
    "crm.writing": "settings and counts; what changes them is for admins",
    "crm.work": "the server's own process",
    "drift": "shares over all leads, as numbers",
    "escalations.budget.limits": "a setting",
    "escalations.budget.state": "what Claude has cost",
    "escalations.policy": "a setting; what changes it is for admins",
    "escalations.questions": "the server's own process",
    "escalations.review.desk_state": "how asking goes",
    "escalations.review.is_set_up": "a setting",
    "escalations.second": "asks Claude of what it is handed",
    "files.inspect": "looks at a file that the viewer brought",
    "files.not_kept_because": "says what the viewer may",
    "gauges": "numbers of the service for Prometheus, of no lead",
    "health": "what is up",
    "lead_groups": "names of tests and segments",
    "lead_mail": "takes a lead in, and scores it by a service that has asked",
    "live.feed_status": "what is up",
    "live.last_event_id": "a number",
    "live.screen_token": "carries the viewer's own role",
    "live.tell": "tells the feed, which is narrowed for each listener",
    "live_quality": "numbers of the model",
    "model_alerts": "the server's own process",
    "model_report": "numbers of the model",
    "trials.all_trials": "names of versions and shares, by which leads are filtered",
    "trials.end_if_worse": "the server's own process",
    "trials.judge_trial": "the server's own process",
    "trials.standing": "numbers of two models",
    "trials.state": "numbers of two models, with counts of leads",
    "model_work.retrain_every_days": "a setting",
    "model_work.train_when_due": "the server's own process",
    "performance": "counts of the service",
    "pipeline.month_filter": "which spans of time a month means",
    "pipeline.months": "which spans of time a month means",
    "model_events.tell": "tells the feed of a version",
    "reading": "numbers of what was read by a service that has asked",
    "reports.order.kept_zone": "a setting",
    "reports.order.team_zone": "a setting",
    "reports.schedule.make_when_due": "the server's own process",
    "reports.schedule.schedule": "a setting",
    "scoring.compute": "scores what was read by a service that has asked",
    "scoring.finish": "scores what was read by a service that has asked",
    "segments.names": "names",
    "shadow": "numbers of a model; what changes it is for admins",
    "terms": "settings",
    "warm": "the server's own start",
    "what_if": "scores what was read by a service that has asked",
    "worker.queue_status": "how long the queue is",
    "workspace": "settings; what changes them is for admins",
}


@pytest.fixture
def team(center: Center) -> Center:
    fill(center)
    return center


def services() -> dict[str, Callable[..., Any]]:
    """Every public function of a service that takes a center, by the name that the tables above use."""
    found = {}
    for module in pkgutil.walk_packages(core.services.__path__, "core.services."):
        for name, one in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(one) and one.__module__ == module.name and not name.startswith("_")
            if own and next(iter(inspect.signature(one).parameters), "") == "center":
                found[f"{module.name.removeprefix('core.services.')}.{name}"] = one
    return found


def is_open(name: str) -> bool:
    return any(name == listed or name.startswith(f"{listed}.") for listed in OPEN)


def test_every_service_asks_what_its_actor_may_or_says_why_it_need_not() -> None:
    forgotten = [
        name
        for name, service in services().items()
        if not hasattr(service, "right")
        and name not in SHOWS.keys() | OF_ONE.keys() | REFUSES.keys()
        and not is_open(name)
    ]
    assert not forgotten, (
        f"put @for_right(Right....) above {forgotten}, or narrow what they show and add a case to SHOWS or OF_ONE "
        "of this file, or say in OPEN why everybody may"
    )


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
    return scores, decisions, team.store.override(OTHERS), team.store.outcomes(OTHERS)


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


def test_a_job_that_scores_a_file_into_the_store_is_refused_in_its_thread(center: Center) -> None:
    center.data_dir.mkdir(exist_ok=True)
    path = center.data_dir / "leads.csv"
    path.write_text("name\nAna\n")
    job = ScoreJob.start(center.acting_as(ANA), path)
    assert job.wait(20)
    assert job.error is not None
    assert "only managers may see the leads of other agents" in job.error


def test_an_agents_file_is_scored_and_stays_out_of_the_record(team: Center) -> None:
    assert files.not_kept_because(team.acting_as(ANA)) == "managers store the leads of a file"
    assert files.not_kept_because(team.acting_as(MANAGER)) is None
