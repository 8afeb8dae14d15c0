from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import Forbidden, SettingsError, Unauthenticated
from core.services.access import (
    Credentials,
    Role,
    Scope,
    admit,
    api_token,
    check_setting,
    check_token,
    listener,
    screen_token,
)
from core.services.access.tokens import issuer_of
from core.services.center import CommandCenter
from tests.services.centers import settings_in


def unsealed(folder: Path) -> CommandCenter:
    return CommandCenter(settings_in(folder, jorge_jwt_secret=None), folder)


def test_a_token_names_whom_it_was_made_for(center: CommandCenter) -> None:
    caller = check_token(center, api_token(center, "ana", Role.MANAGER, 2))
    assert (caller.subject, caller.role) == ("ana", Role.MANAGER)


def test_only_an_admin_may_do_everything(center: CommandCenter) -> None:
    for role, allowed in ((Role.AGENT, 2), (Role.MANAGER, 2), (Role.ADMIN, 3)):
        caller = check_token(center, api_token(center, "ana", role, 2))
        for scope in (Scope.SCORE, Scope.READ, Scope.ADMIN)[:allowed]:
            caller.require(scope)
        if allowed < 3:
            with pytest.raises(Forbidden, match="this needs the scope admin; yours: score, read"):
                caller.require(Scope.ADMIN)


def test_a_token_serves_only_for_what_it_was_made(center: CommandCenter) -> None:
    api, screen = Credentials(api_token(center, "ana", Role.AGENT, 1)), Credentials(screen_token(center))
    assert listener(center, screen).scopes == {Scope.READ}
    assert listener(center, api).subject == "ana"
    with pytest.raises(Unauthenticated):
        admit(center, screen, Scope.READ)


@pytest.mark.parametrize("hours", [0, -1, 9_000, float("nan"), float("inf")])
def test_a_senseless_lifetime_is_refused(center: CommandCenter, hours: float) -> None:
    with pytest.raises(SettingsError):
        api_token(center, "ana", Role.AGENT, hours)


def test_a_secret_is_made_once_readable_by_its_owner_alone(tmp_path: Path) -> None:
    token = api_token(unsealed(tmp_path), "ana", Role.AGENT, 1)
    path = tmp_path / "jwt_secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes().strip()) >= 32
    assert check_token(unsealed(tmp_path), token).subject == "ana"


def test_processes_that_start_at_once_come_to_the_same_secret(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(str(issuer_of(unsealed(tmp_path)).key))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["jwt_secret"]


def test_a_short_secret_stops_everything(tmp_path: Path) -> None:
    center = CommandCenter(settings_in(tmp_path, jorge_jwt_secret=SecretStr("short")), tmp_path)
    with pytest.raises(SettingsError, match="JORGE_JWT_SECRET has 5 bytes; must have 32 or more"):
        check_setting(center)
    (tmp_path / "jwt_secret").write_text("short\n")
    with pytest.raises(SettingsError, match="must have 32 or more"):
        check_setting(unsealed(tmp_path))


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="JORGE_JWT_SECRET"):
        check_setting(unsealed(tmp_path / "file"))
