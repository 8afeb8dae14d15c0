"""Whom a name means: what people and programs write, each told by hand."""

from __future__ import annotations

import pytest

from core.leads.agent_names import AgentNames, folded

TEAM = [
    ("ana@team.example", "Ana Diaz"),
    ("ben@team.example", "Ode, Ben"),
    ("bill@team.example", "Bill Fox"),
    ("bfox@team.example", "BILL FOX"),
    ("rosa@team.example", "Rosa de la Vega"),
]
USERS = [
    ("u1", "Anita", "ANA@team.example"),
    ("u2", "ben  ode", None),
    ("u3", "Cy Moss", "cy@team.example"),
    ("u4", "bill fox", None),
    ("u5", None, "ana@team.example"),
]
NAMES = AgentNames.among(TEAM, USERS)


@pytest.mark.parametrize(
    ("told", "agent"),
    [
        ("Ana Diaz", "Ana Diaz"),
        ("  ana   DIAZ ", "Ana Diaz"),
        ("Diaz, Ana", "Ana Diaz"),
        ("DIAZ,ANA", "Ana Diaz"),
        ("ana@team.example", "Ana Diaz"),
        ("ANA@Team.Example", "Ana Diaz"),
        ("Ana Diaz <ana@team.example>", "Ana Diaz"),
        ("\uff21na\u00a0Diaz", "Ana Diaz"),  # full width, a space that does not break
        ("Ben Ode", "Ode, Ben"),  # the admin may have it the other way round
        ("de la Vega, Rosa", "Rosa de la Vega"),
        ("u1", "Ana Diaz"),  # the CRM's id: by the e-mail of its user before the name
        ("u2", "Ode, Ben"),  # by the name
        ("u3", "Cy Moss"),  # who may not sign in here is called as the CRM calls them
    ],
)
def test_a_name_means_the_agent_whom_people_mean_by_it(told: str, agent: str) -> None:
    assert NAMES.of(told) == agent
    assert NAMES.of(agent) == agent, "what was settled stays"


@pytest.mark.parametrize("told", ["Ana", "A. Diaz", "Ana Diaz, Jr, III", "Diaz", "U1", "u5", ",", "", "Diaz,", "ana@"])
def test_what_is_nobody_is_left_as_it_came(told: str) -> None:
    assert (NAMES.of(told), NAMES.whom(told)) == (told, ())


def test_what_may_be_several_is_left_as_it_came_but_their_own_spelling_counts() -> None:
    assert NAMES.of("bill fox") == "bill fox"
    assert NAMES.whom("bill fox") == ("BILL FOX", "Bill Fox")
    assert [NAMES.of(told) for told in ("Bill Fox", "BILL FOX", "bfox@team.example")] == ["Bill Fox", *["BILL FOX"] * 2]
    assert NAMES.of("u4") == "bill fox", "a user whose name fits two"


def test_without_a_team_every_name_stays() -> None:
    assert AgentNames().of("Ana Diaz") == "Ana Diaz"


def test_a_name_with_a_comma_at_one_end_is_no_first_name() -> None:
    assert [folded(told) for told in ("Diaz,", ",Ana", "Fox, Bill, Jr")] == ["diaz,", ",ana", "fox, bill, jr"]
