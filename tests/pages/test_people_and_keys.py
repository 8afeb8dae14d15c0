"""Settings: an admin makes and revokes keys of programs, and sees which agents cannot sign in yet."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.services.access import Role, Scope, list_keys
from core.services.access.keys import check_key
from core.services.access.people import give_role
from core.services.center import CommandCenter
from core.services.scores.scoring import score_lead
from tests.pages.conftest import Open
from tests.services.made import untold


def test_a_key_is_shown_once_and_revoked(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "settings")
    app.text_input(key="key_name").input(" crm ")
    app.selectbox(key="key_scope").select(Scope.READ)
    next(one for one in app.button if one.label == "Make the key").click().run()
    (shown,) = [one.value for one in app.code if one.value.startswith("jorge_")]
    assert check_key(own, shown).scopes == {Scope.READ}
    assert ["crm"] in [list(one.value["Program"]) for one in app.dataframe if "Program" in one.value.columns]
    app.run()
    assert not [one for one in app.code if one.value.startswith("jorge_")], "only once"
    app.selectbox(key="key_out").select("crm").run()
    app.button(key="key_out_yes").click().run()
    (kept,) = list_keys(own)
    assert kept.revoked_at is not None
    assert not app.exception


def test_a_name_that_is_none_is_refused_in_words(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "settings")
    app.text_input(key="key_name").input("a b")
    next(one for one in app.button if one.label == "Make the key").click().run()
    assert any("letters, digits" in one.value for one in (*app.error, *app.warning, *app.text))
    assert list_keys(own) == []


def give(app: AppTest, email: str, role: Role, agent: str | None = None) -> None:
    app.text_input(key="person_email").input(email)
    app.selectbox(key="person_role").select(role)
    if agent is not None:
        app.selectbox(key="person_agent").select(agent)
    next(one for one in app.button if one.label == "Give the role").click().run()
    assert not app.exception


def people(center: CommandCenter) -> list[tuple[str, str, str | None]]:
    return [(one.email, "out" if one.revoked_at else one.role, one.agent) for one in center.store.people.all().values()]


def test_a_role_is_given_and_changed(empty: CommandCenter, open_page: Open) -> None:
    score_lead(empty, untold("a", agent="Ana Diaz"))
    app = open_page(empty, "settings")
    give(app, "ana", Role.AGENT)
    assert any("is no e-mail address" in one.value for one in app.text)
    give(app, " Ana@Team.example ", Role.AGENT, "Ana Diaz")
    assert people(empty) == [("ana@team.example", "agent", "Ana Diaz")]
    app = open_page(empty, "settings")
    give(app, "ana@team.example", Role.MANAGER)  # the role alone is meant
    assert people(empty) == [("ana@team.example", "manager", "Ana Diaz")]
    give(app, "ana@team.example", Role.MANAGER, "No lead is theirs")
    assert people(empty) == [("ana@team.example", "manager", None)]


def test_a_person_is_put_out_but_not_the_last_admin(empty: CommandCenter, open_page: Open) -> None:
    give_role(empty, "ana@team.example", Role.ADMIN)
    for others, told in ((False, "admin"), (True, "out")):
        if others:
            give_role(empty, "bo@team.example", Role.ADMIN)
        app = open_page(empty, "settings")
        app.selectbox(key="person_out").select("ana@team.example").run()
        app.button(key="person_out_yes").click().run()
        assert not app.exception
        assert any("is the only admin" in one.value for one in app.text) is not others
        assert people(empty)[0] == ("ana@team.example", told, None)
    (table,) = [one.value for one in app.dataframe if "Role from" in one.value.columns]
    assert list(table["Role"]) == ["out", "admin"]


def test_agents_who_cannot_sign_in_yet_are_listed_once_somebody_can(own: CommandCenter, open_page: Open) -> None:
    for lead_id, agent in (("a", "diaz, ana"), ("b", "Ben Ode"), ("c", "Ben Ode")):
        score_lead(own, untold(lead_id, agent=agent))
    app = open_page(own, "settings")
    assert not any("nobody's above" in one.value for one in app.caption)
    give_role(own, "ana@team.example", Role.AGENT, agent="Ana Diaz")
    app.run()
    assert any("nobody's above" in one.value for one in app.caption)
    (table,) = [one.value for one in app.dataframe if "Name on leads" in one.value.columns]
    assert "Ben Ode" in set(table["Name on leads"])
    assert "diaz, ana" not in set(table["Name on leads"])
