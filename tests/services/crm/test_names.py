"""Ids of stages and users get their names from the CRM's REST API, on a server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.errors import CrmUnavailable, InputError
from core.leads import Stage
from core.services.access import Role
from core.services.access.people import give_role
from core.services.center import CommandCenter
from core.services.crm import intake, names, rules
from core.services.crm.work import work
from core.services.lead import personal_data
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.crm.hooks import LOCATION, body, public, sign
from tests.services.crm.rest_server import TOKEN, Rest, running

PIPELINES = {
    "pipelines": [
        {"id": "p1", "name": "Buyers", "stages": [{"id": "st-7", "name": "Under contract"}, {"id": "st-8"}, "odd"]},
        {"id": "p2", "name": "Sellers", "stages": None},
    ]
}
USERS = {
    "users": [
        {"id": "u1", "name": "ana  DIAZ", "email": "ana@team.example"},
        {"id": "u2", "firstName": "Ben", "lastName": "Ode", "email": "BEN@team.example"},
        {"id": "u3", "firstName": "Cy", "lastName": "Fox"},
    ]
}


def searched(asked: dict[str, str]) -> dict[str, Any]:
    """Two users a page, whatever was asked for, as servers have limits of their own."""
    assert asked["companyId"] == "agency-1"
    skip = int(asked["skip"])
    return {"users": USERS["users"][skip : skip + 2], "count": 3}


@pytest.fixture
def rest() -> Iterator[Rest]:
    with running() as server:
        server.told = {
            "/opportunities/pipelines": PIPELINES,
            f"/locations/{LOCATION}": {"location": {"id": LOCATION, "companyId": "agency-1"}},
            "/users/search": searched,
        }
        yield server


@pytest.fixture
def center(rest: Rest, tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    told = {
        "jorge_ghl_webhook_keys": public(),
        "jorge_ghl_location_ids": LOCATION,
        "jorge_ghl_api_url": rest.url,
        "jorge_ghl_api_token": SecretStr(TOKEN),
    }
    with CommandCenter(settings_in(tmp_path / "data", **told), models_dir) as opened:
        give_role(opened, "ana@team.example", Role.AGENT, agent="Ana Diaz")
        give_role(opened, "ben@team.example", Role.AGENT, agent="Benjamin Ode")
        for contact, user in (
            ("c1", "u1"),
            ("c2", "u2"),
            ("c3", "u3"),
            ("c4", "  ANA diaz"),
            ("c5", "Ben@Team.example"),
        ):
            tell(opened, f"w-{contact}", "ContactCreate", id=contact, name=f"Lead {contact}", assignedTo=user)
        tell(opened, "w-op", "OpportunityStageUpdate", id="op1", contactId="c1", pipelineStageId="st-7", status="open")
        yield opened


def tell(center: CommandCenter, webhook_id: str, kind: str, **fields: Any) -> None:
    sent = body(kind, webhook_id, **fields)
    intake.take(center, sent, sign(sent))
    while work(center):
        pass


def agents(center: CommandCenter) -> dict[str, str | None]:
    return {contact: center.store.agent_of(contact) for contact in ("c1", "c2", "c3", "c4", "c5")}


def test_agents_are_known_by_name_and_e_mail_whatever_case_and_spaces(center: CommandCenter) -> None:
    """A name without the CRM's help; an id by the e-mail of its user, else by the name."""
    assert agents(center) == {"c1": "u1", "c2": "u2", "c3": "u3", "c4": "Ana Diaz", "c5": "Benjamin Ode"}
    assert names.ask_names(center) == 4
    assert agents(center) == {
        "c1": "Ana Diaz", "c2": "Benjamin Ode", "c3": "Cy Fox", "c4": "Ana Diaz", "c5": "Benjamin Ode",
    }  # fmt: skip


def test_erasing_a_lead_takes_the_examples_of_fields_and_leaves_whose_leads_users_get(
    center: CommandCenter, models_dir: Path
) -> None:
    """That the user u2 is Benjamin Ode is known by e-mail alone: the CRM calls him Ben."""
    names.ask_names(center)
    tell(center, "w-6", "ContactCreate", id="c6", name="Eve", customFields=[{"id": "cf1", "value": "Hyde Park"}])
    assert [example for _, _, example in center.store.crm.names(rules.FIELD)] == ["Hyde Park"]
    personal_data.erase(center, ["c3"])
    assert [example for _, _, example in center.store.crm.names(rules.FIELD)] == [None]
    with CommandCenter(center.settings, models_dir) as restarted:
        tell(restarted, "w-7", "ContactCreate", id="c7", name="Fay", assignedTo="u2")
        assert restarted.store.agent_of("c7") == "Benjamin Ode"


def test_a_stage_that_came_as_an_id_means_what_its_name_says(center: CommandCenter) -> None:
    assert [choice.name for choice in rules.stage_choices(center)] == [None]
    assert center.store.outcomes("c1") == []
    names.ask_names(center)
    assert [(choice.name, choice.stage) for choice in rules.stage_choices(center)] == [
        ("Under contract", Stage.CONTRACT)
    ]
    assert [outcome.stage for outcome in center.store.outcomes("c1")] == [Stage.CONTRACT]


def test_names_are_asked_for_while_one_is_missing_and_then_kept(
    center: CommandCenter, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[object] = []
    turn = names.CrmNames._turn
    monkeypatch.setattr(names.CrmNames, "_turn", lambda self: turns.append(turn(self)))
    asking = names.CrmNames(center, look_s=0.02).start()
    try:
        until(lambda: not names.unnamed(center))
        asked_by = len(turns)
        until(lambda: len(turns) > asked_by + 2)
    finally:
        asking.close()
    assert not names.unnamed(center)
    location = f"/locations/{LOCATION}"
    assert [path for _, path, _ in rest.asked] == ["/opportunities/pipelines", location, *["/users/search"] * 3]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_that_may_not_look_at_the_location_gets_users_by_the_older_path(
    center: CommandCenter, rest: Rest, status: int
) -> None:
    rest.told = {"/opportunities/pipelines": PIPELINES, "/users/": USERS}
    rest.otherwise = status
    assert names.ask_names(center) == 4
    assert agents(center)["c2"] == "Benjamin Ode"
    assert [path for _, path, _ in rest.asked][1:] == [f"/locations/{LOCATION}", "/users/"]


def test_a_location_without_an_agency_is_asked_by_the_older_path(center: CommandCenter, rest: Rest) -> None:
    rest.told |= {f"/locations/{LOCATION}": {"location": None}, "/users/": USERS}
    assert names.ask_names(center) == 4


@pytest.mark.parametrize(
    ("status", "error"), [(401, CrmUnavailable), (429, CrmUnavailable), (503, CrmUnavailable), (404, InputError)]
)
def test_while_the_crm_does_not_tell_ids_stand_in(
    center: CommandCenter, rest: Rest, status: int, error: type[Exception]
) -> None:
    rest.answers = [(status, {})]
    with pytest.raises(error):
        names.ask_names(center)
    assert agents(center)["c1"] == "u1"


def test_without_a_token_nobody_is_asked(tmp_path: Path, models_dir: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "none"), models_dir) as center:
        assert not names.can_ask(center)
