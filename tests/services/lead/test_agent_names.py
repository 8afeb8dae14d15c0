"""An agent's leads are theirs however a program or a file wrote the name, before and after they were let in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.commission import Agreement, SideRates
from core.services.access import Role
from core.services.access.people import give_role, strangers
from core.services.audit import find
from core.services.center import CommandCenter
from core.services.commission import commission_plans
from core.services.crm import names
from core.services.crm.rules import rules_of
from core.services.lead import leads
from core.services.scores.scoring import score_lead
from core.store import Store
from core.store.people import StoredPerson
from tests.services.acting import ANA
from tests.services.made import untold
from tests.store.conftest import postgres, url

__all__ = ["postgres", "url"]


def post(center: CommandCenter, **agents: str | None) -> None:
    for lead_id, agent in agents.items():
        score_lead(center, untold(lead_id, agent=agent))


def seen(center: CommandCenter) -> set[str]:
    return {row.lead_id for row in leads.browse(center.acting_as(ANA)).rows}


def test_leads_that_come_after_an_agent_was_let_in_are_theirs(center: CommandCenter) -> None:
    give_role(center, "ana@team.example", Role.AGENT, agent="Ana Diaz")
    post(center, a="Diaz, ANA", b="Ana@Team.example", c="  ana  diaz ", d="Ana", e="Ben Ode")
    assert seen(center) == {"a", "b", "c"}
    assert center.store.agent_of("a") == "Ana Diaz"
    assert set(leads.facets(center).agents) == {"Ana Diaz", "Ana", "Ben Ode"}, "figures by agent count her once"


def test_leads_that_were_there_before_are_theirs_with_the_role(center: CommandCenter) -> None:
    post(center, a="DIAZ, ANA", b="ana@team.example", c="Ben Ode")
    assert seen(center) == set()
    give_role(center, "ana@team.example", Role.AGENT, agent="Ana Diaz")
    assert seen(center) == {"a", "b"}
    noted = [entry for entry in find(center) if entry.action == "agent's name spelled"]
    assert {entry.details["before"] for entry in noted} == {"DIAZ, ANA", "ana@team.example"}
    give_role(center, "ana@team.example", Role.AGENT, agent="Ana Diaz")
    assert len([entry for entry in find(center) if entry.action == "agent's name spelled"]) == 2, "once"


def test_a_name_that_could_be_two_agents_is_nobodys_and_said(center: CommandCenter) -> None:
    give_role(center, "ana@team.example", Role.AGENT, agent="Ana Diaz")
    give_role(center, "other@team.example", Role.AGENT, agent="ANA DIAZ")
    post(center, a="ana diaz", b="ana diaz", c="Cy Moss", d="Ana Diaz", e=None)
    assert seen(center) == {"d", "e"}
    assert strangers(center) == [("ana diaz", 2, ("ANA DIAZ", "Ana Diaz")), ("Cy Moss", 1, ())]


def test_plans_and_goals_go_with_the_name(center: CommandCenter) -> None:
    post(center, a="DIAZ, ANA")
    commission_plans.save_plan(
        center, "DIAZ, ANA", date(2026, 1, 1), Agreement(SideRates(Decimal("0.03"), Decimal("0.03")))
    )
    commission_plans.set_goal(center, "DIAZ, ANA", "2026", Decimal(100_000))
    commission_plans.set_goal(center, None, "2026", Decimal(900_000))
    give_role(center, "ana@team.example", Role.AGENT, agent="Ana Diaz")
    assert [goal.agent for goal in commission_plans.goals(center)] == [None, "Ana Diaz"]
    assert [plan.agent for plan in center.store.plans.all()] == ["Ana Diaz"]


def test_the_crms_ids_of_users_mean_them_in_what_programs_post_too(center: CommandCenter) -> None:
    give_role(center, "ana@team.example", Role.AGENT, agent="Ana Diaz")
    post(center, a="u1")
    assert seen(center) == set()
    assert center.store.crm.set_names([("user", "u1", "Anita", "ana@team.example")], rules_of(center))
    assert seen(center) == {"a"}
    post(center, b="u1")
    assert seen(center) == {"a", "b"}
    assert not names.unnamed(center)


def test_both_databases_keep_names_and_other_processes_see_a_change_at_once(url: str) -> None:
    from core.store import open_store
    from tests.store.made import history  # the rows of the store's own tests

    one, other = open_store(url), open_store(url)
    try:
        before, after, third = (history(lead_id, agent="diaz, ana") for lead_id in ("before", "after", "third"))
        other.save_histories([before])
        assert _agents(one) == {"before": "diaz, ana"}
        assert one.people.keep(_person("ana@team.example", "Ana Diaz")) == {"diaz, ana": "Ana Diaz"}
        other.save_histories([after])
        assert _agents(one) == {"before": "Ana Diaz", "after": "Ana Diaz"}
        one.people.keep(_person("ann@team.example", "Ana  Diaz"))
        other.save_histories([third])
        assert _agents(one)["third"] == "diaz, ana", "two could be meant from now on"
        assert other.people.strangers() == [("diaz, ana", 1, ("Ana  Diaz", "Ana Diaz"))]
    finally:
        one.close()
        other.close()


def _agents(store: Store) -> dict[str, str | None]:
    found = {lead_id: store.agent_of(lead_id) for lead_id in ("before", "after", "third")}
    return {lead_id: agent for lead_id, agent in found.items() if agent is not None}


def _person(email: str, agent: str) -> StoredPerson:
    from core.leads import utc_now

    return StoredPerson(email, None, "agent", agent, False, utc_now(), "tests")
