"""Who may come in, as what, and who may not: settings, claims, people."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.cli.serve import check_address
from core.errors import Forbidden, InputError, NotFound, SettingsError, Unauthenticated
from core.leads import utc_now
from core.services import audit
from core.services.access import Caller, Role, screen_token, sign_in
from core.services.access.people import actor_behind, give_role, take_role
from core.services.access.tokens import check_screen_token
from core.services.center import CommandCenter
from tests.services.acting import MANAGER
from tests.services.centers import settings_in

ANA = "ana@team.example"
PROVIDER: dict[str, object] = {
    "jorge_oidc_metadata_url": "https://id.example/.well-known/openid-configuration",
    "jorge_oidc_client_id": "jorge",
    "jorge_oidc_client_secret": SecretStr("hush"),
    "jorge_oidc_public_url": "https://leads.example/",
}


@pytest.fixture
def team(tmp_path: Path, models_dir: Path) -> CommandCenter:
    claims = {"jorge_oidc_role_claim": "groups", "jorge_oidc_roles": "Leads=manager,Staff=agent"}
    return CommandCenter(settings_in(tmp_path, **PROVIDER, **claims), models_dir)


def claims(email: str = ANA, hours_ago: float = 1, **more: object) -> dict[str, object]:
    return {"email": email, "name": "Ana", "iat": (utc_now() - timedelta(hours=hours_ago)).timestamp(), **more}


def test_a_pages_token_says_when_the_sign_in_ends(team: CommandCenter) -> None:
    """Twelve hours after it began, which was three hours ago."""
    told = claims(hours_ago=3, groups=["Staff"])
    with team:
        page = check_screen_token(team, screen_token(team.acting_as(sign_in.signed_in(team, told))))
        alone = check_screen_token(team, screen_token(team))
    assert page.expires_at is not None
    assert abs(page.expires_at - (utc_now() + timedelta(hours=9))) < timedelta(seconds=30)
    assert alone.expires_at is None


def test_streamlits_secrets_come_from_our_settings_with_a_cookie_secret_that_stays(tmp_path: Path) -> None:
    made = sign_in.secrets(settings_in(tmp_path, **PROVIDER))["auth"]
    assert made["redirect_uri"] == "https://leads.example/oauth2callback"
    assert made[sign_in.PROVIDER]["client_secret"] == "hush"
    assert len(made["cookie_secret"]) >= 32
    assert (tmp_path / "cookie_secret").stat().st_mode & 0o077 == 0
    assert sign_in.secrets(settings_in(tmp_path, **PROVIDER))["auth"] == made
    assert sign_in.secrets(settings_in(tmp_path)) == {}


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("jorge_oidc_client_id", None, "JORGE_OIDC_CLIENT_ID"),
        ("jorge_oidc_client_secret", None, "JORGE_OIDC_CLIENT_SECRET"),
        ("jorge_oidc_metadata_url", "http://id.example/x", "https"),
        ("jorge_oidc_metadata_url", "https://login.microsoftonline.com/common/v2.0/x", "your own tenant"),
        ("jorge_oidc_roles", "Leads=boss", "JORGE_OIDC_ROLES"),
        ("jorge_cookie_secret", SecretStr("short"), "JORGE_COOKIE_SECRET"),
    ],
)
def test_settings_that_cannot_work_are_named(tmp_path: Path, key: str, value: object, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        sign_in.check(settings_in(tmp_path, **(PROVIDER | {key: value})))


def test_without_a_provider_only_this_machine_is_listened_to(tmp_path: Path) -> None:
    alone = settings_in(tmp_path)
    check_address(alone, "127.0.0.1", open_to_all=False)
    check_address(alone, "0.0.0.0", open_to_all=True)
    check_address(settings_in(tmp_path, **PROVIDER), "0.0.0.0", open_to_all=False)
    with pytest.raises(SettingsError, match="--without-sign-in"):
        check_address(alone, "0.0.0.0", open_to_all=False)


def test_a_claim_gives_the_highest_role_and_the_newest_sign_in_counts(team: CommandCenter) -> None:
    with team:
        assert sign_in.signed_in(team, claims(hours_ago=3, groups=["Staff", "Leads"])).role is Role.MANAGER
        assert sign_in.signed_in(team, claims(hours_ago=1, groups=["Staff"])).role is Role.AGENT
        older = sign_in.signed_in(team, claims(hours_ago=3, groups=["Leads"]))  # a cookie in another browser
        assert older.role is Role.AGENT
        assert older.agent is None
        with pytest.raises(Forbidden, match="no role"):
            sign_in.signed_in(team, claims(hours_ago=0.5, groups=[]))
        noted = [(entry.actor, entry.action, entry.subject) for entry in audit.find(team)]
        assert noted == [(ANA, "sign-in refused", ANA), ("Ana", "signed in", ANA), ("Ana", "signed in", ANA)]


def test_an_admins_word_stands_before_the_claim_and_who_is_put_out_stays_out(team: CommandCenter) -> None:
    with team:
        give_role(team, " Ana@Team.example", Role.AGENT, agent="Ana Diaz")
        actor = sign_in.signed_in(team, claims(groups=["Leads"]))
        assert (actor.role, actor.agent, actor.seen_by) == (Role.AGENT, "Ana Diaz", "Ana Diaz")
        take_role(team, ANA)
        with pytest.raises(Forbidden, match="taken away"):
            sign_in.signed_in(team, claims(hours_ago=0.1, groups=["Leads"]))
        with pytest.raises(NotFound):
            take_role(team, ANA)


def test_an_old_sign_in_an_unverified_address_and_a_stranger_are_refused(team: CommandCenter) -> None:
    with team:
        with pytest.raises(Unauthenticated, match="12 hours"):
            sign_in.signed_in(team, claims(hours_ago=13, groups=["Leads"]))
        with pytest.raises(Forbidden, match="not verified"):
            sign_in.signed_in(team, claims(email_verified=False, groups=["Leads"]))
        for _ in range(2):
            with pytest.raises(Forbidden, match="no role here"):
                sign_in.signed_in(team, claims("zoe@else.example", hours_ago=2))
        with pytest.raises(Forbidden, match="without an e-mail"):
            sign_in.signed_in(team, {"iat": utc_now().timestamp()})


def test_the_first_admin_comes_from_the_settings_and_the_last_one_stays(center: CommandCenter) -> None:
    give_role(center, ANA, Role.ADMIN)
    with pytest.raises(InputError, match="only admin"):
        take_role(center, ANA)
    with pytest.raises(InputError, match="only admin"):
        give_role(center, ANA, Role.AGENT)
    with pytest.raises(Forbidden):
        give_role(center.acting_as(MANAGER), "max@team.example", Role.ADMIN)


def test_a_token_gives_no_more_than_its_person_may_today(center: CommandCenter) -> None:
    later: datetime = utc_now() + timedelta(hours=1)
    token = Caller.by_role(ANA, Role.ADMIN, later)
    assert actor_behind(center, token).role is Role.ADMIN
    give_role(center, "ada@team.example", Role.ADMIN)
    give_role(center, ANA, Role.AGENT, agent="Ana Diaz")
    assert actor_behind(center, token).seen_by == "Ana Diaz"
    take_role(center, ANA)
    with pytest.raises(Unauthenticated, match="taken away"):
        actor_behind(center, token)
    assert actor_behind(center, Caller.by_role("Ben Ode", Role.AGENT, later)).seen_by == "Ben Ode"


def test_another_machine_is_refused_while_nobody_signs_in(center: CommandCenter) -> None:
    assert sign_in.here(center, None).name == "this computer"
    with pytest.raises(Forbidden, match="own machine"):
        sign_in.here(center, "10.0.0.7")


def test_a_name_that_is_too_long_or_holds_what_is_not_shown_is_refused_for_what_it_is(team: CommandCenter) -> None:
    with pytest.raises(InputError, match="name has 201 characters; must have at most 200"):
        give_role(team, ANA, Role.AGENT, "x" * 201)
    with pytest.raises(InputError, match="name holds a character that is not shown; must be one line of plain text"):
        give_role(team, ANA, Role.AGENT, "Ana\x1b[31m")
