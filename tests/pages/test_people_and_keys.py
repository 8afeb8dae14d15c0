"""Settings: an admin makes and revokes keys of programs, and sees which agents cannot sign in yet."""

from __future__ import annotations

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
