"""``jorge keys``, as a person types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.cli.main import main
from core.services import audit
from core.services.access import Credentials, Scope, admit
from core.services.center import CommandCenter
from core.settings import load_settings

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))
    for name in ("JORGE_DATABASE_URL", "JORGE_REDIS_URL", "JORGE_JWT_SECRET", "JORGE_JWT_PUBLIC_KEY"):
        monkeypatch.delenv(name, raising=False)


def made(capsys: Out, name: str = "crm", scope: str = "score") -> str:
    assert main(["keys", "make", name, "--scope", scope]) == 0
    captured = capsys.readouterr()
    assert "cannot be shown again" in captured.err
    lines = captured.out.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_a_new_key_stands_on_its_own_on_stdout_and_opens_the_api(capsys: Out) -> None:
    key = made(capsys)
    with CommandCenter(load_settings()) as center:
        assert admit(center, Credentials(key=key), Scope.SCORE).name == "key:crm"


def test_the_user_of_the_machine_stands_in_the_list_and_in_the_audit_log(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "rosa")
    made(capsys)
    assert main(["keys", "revoke", "crm"]) == 0
    assert main(["keys", "list"]) == 0
    assert " rosa " in capsys.readouterr().out
    with CommandCenter(load_settings()) as center:
        noted = [(entry.actor, entry.action) for entry in audit.find(center)]
    assert noted == [("rosa", "key revoked"), ("rosa", "key made")]


def test_the_list_shows_a_keys_beginning_and_never_the_key(capsys: Out) -> None:
    key = made(capsys)
    assert main(["keys"]) == 0
    listed = capsys.readouterr().out
    assert re.search(rf"^crm +{re.escape(key[:12])}\.\.\. +score ", listed, re.MULTILINE)
    assert key not in listed
    assert key[12:] not in listed


def test_no_file_of_the_workspace_holds_the_key(capsys: Out, tmp_path: Path) -> None:
    key = made(capsys)
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert any(path.name.startswith("jorge.db") for path in files)
    assert all(key[12:].encode() not in path.read_bytes() for path in files)


def test_a_revoked_key_is_listed_as_revoked_and_its_name_is_free(capsys: Out) -> None:
    first = made(capsys)
    assert main(["keys", "revoke", "crm"]) == 0
    assert "revoked" in capsys.readouterr().err
    assert made(capsys) != first
    assert main(["keys", "list"]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert [row.endswith(" -") for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["make", "crm", "--scope", "score"], "there is a key 'crm' already"),
        (["make", "no/slash", "--scope", "score"], "must be 1 to 64 letters"),
        (["make", "", "--scope", "read"], "must be 1 to 64 letters"),
        (["revoke", "nobody"], "there is no living key 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_2(capsys: Out, words: list[str], said: str) -> None:
    made(capsys)
    assert main(["keys", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert len(captured.err.splitlines()) == 1


def test_with_an_issuers_key_tokens_come_from_there_and_keys_from_here(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.services.issuers import public_pem, rsa_key

    monkeypatch.setenv("JORGE_JWT_PUBLIC_KEY", public_pem(rsa_key()))
    assert main(["token"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "tokens come from the issuer" in captured.err
    assert made(capsys).startswith("jorge_")
