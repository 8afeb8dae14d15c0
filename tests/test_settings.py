"""A wrong setting stops the start and says what is allowed, without telling a secret."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import PROJECT_ROOT, Settings, load_settings, misspelt


def test_a_threshold_out_of_range_names_key_value_and_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JORGE_THRESHOLD", "1.5")
    with pytest.raises(SettingsError, match=r"JORGE_THRESHOLD is '1.5': .*less than or equal to 0.99"):
        load_settings()


def test_two_wrong_values_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JORGE_THRESHOLD", "high")
    monkeypatch.setenv("JORGE_COMMISSION_RATE", "6")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert re.search(r"JORGE_THRESHOLD is 'high'.*JORGE_COMMISSION_RATE is '6'", str(caught.value))


def test_the_database_lies_in_the_data_folder_unless_an_address_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", "/somewhere")
    monkeypatch.delenv("JORGE_DATABASE_URL", raising=False)
    assert load_settings().database_url == "sqlite:////somewhere/jorge.db"
    monkeypatch.setenv("JORGE_DATABASE_URL", "postgresql+psycopg://db/jorge")
    assert load_settings().database_url == "postgresql+psycopg://db/jorge"


def test_a_secret_is_not_in_the_text_of_the_settings() -> None:
    assert "hush" not in repr(Settings(jorge_jwt_secret="hush", anthropic_api_key="hush"))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("JORGE_RATE_LIMIT_SCORE_PER_MINUTE", "-1", "greater than or equal to 0"),
        ("JORGE_RATE_LIMIT_BATCH_PER_MINUTE", "many", "valid integer"),
        ("JORGE_RATE_LIMIT_READ_PER_MINUTE", "1000001", "less than or equal to 1000000"),
        ("JORGE_LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_limit_or_a_level_that_is_none_names_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert f"{name} is {value!r}" in str(caught.value)
    assert allowed in str(caught.value)


def test_a_name_that_is_nearly_a_setting_is_told_and_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("JORGE_TRESHOLD=0.7\nJORGE_LOG_LEVEL=INFO\nJORGE_IMAGE=jorge:2\n")
    monkeypatch.setattr("core.settings._ENV_FILE", tmp_path / ".env")
    others = ("JORGE_API_PORT", "JORGE_API_SERVICE_HOST", "JORGE_API_PORT_8501_TCP_ADDR", "JORGE_BACKUPS", "REDIS_URI")
    for name in ("JORGE_REDIS_URI", "jorge_without_signin", *others):
        monkeypatch.setenv(name, "x")
    assert misspelt() == {
        "JORGE_REDIS_URI": "JORGE_REDIS_URL",
        "JORGE_TRESHOLD": "JORGE_THRESHOLD",
        "JORGE_WITHOUT_SIGNIN": "JORGE_WITHOUT_SIGN_IN",
    }


PATHS = {
    "JORGE_DATA_DIR": ("mine", "{here}/mine"),
    "JORGE_DATABASE_URL": ("sqlite:///kept/jorge.db?timeout=5", "sqlite:///{here}/kept/jorge.db?timeout=5"),
    "JORGE_JWT_PUBLIC_KEY": ("./key.pem", "{here}/key.pem"),
    "JORGE_GHL_WEBHOOK_KEYS": ("a.pub, b.pub", "{here}/a.pub,{here}/b.pub"),
}


def test_relative_paths_of_the_environment_stay_where_the_command_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, (written, _) in PATHS.items():
        monkeypatch.setenv(name, written)
    monkeypatch.chdir(tmp_path)
    first = load_settings()
    monkeypatch.chdir("/")  # as a server goes to the project's folder, and children are started there
    assert load_settings() == first
    for name, (_, meant) in PATHS.items():
        assert str(getattr(first, name.lower())) == os.environ[name] == meant.format(here=tmp_path)


@pytest.mark.parametrize(
    "value",
    ["sqlite:////kept/jorge.db", "sqlite:///:memory:", "sqlite://", "postgresql://ana:p%40ss@db.example/jorge?a=b"],
)
def test_an_address_without_a_relative_path_is_left_as_it_is(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JORGE_DATABASE_URL", value)
    assert load_settings().database_url == value


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_data_folder_is_none_and_not_the_folder_one_stands_in(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JORGE_DATA_DIR", value)
    assert load_settings().jorge_data_dir == PROJECT_ROOT / "data"


def test_a_key_itself_is_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "-----BEGIN PUBLIC KEY-----\\nMIIB,\\n-----END PUBLIC KEY-----"
    monkeypatch.setenv("JORGE_JWT_PUBLIC_KEY", key)
    monkeypatch.setenv("JORGE_GHL_WEBHOOK_KEYS", key)
    settings = load_settings()
    assert settings.jorge_jwt_public_key == settings.jorge_ghl_webhook_keys == key


@pytest.mark.parametrize(("written", "meant"), [("mine", "{project}/mine"), ("~/mine", "{home}/mine")])
def test_what_env_says_holds_whatever_folder_a_command_is_started_in(written: str, meant: str, tmp_path: Path) -> None:
    project, home, elsewhere = (tmp_path / name for name in ("project", "home", "elsewhere"))
    for folder in (project / "core", home, elsewhere):
        folder.mkdir(parents=True)
    for name in ("__init__.py", "errors.py", "settings.py"):
        shutil.copy(PROJECT_ROOT / "core" / name, project / "core" / name)
    (project / ".env").write_text(f"JORGE_THRESHOLD=0.7\nJORGE_DATA_DIR={written}\n")
    ask = "from core.settings import load_settings as ask; print(ask().jorge_threshold, ask().jorge_data_dir)"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(project), "HOME": str(home)}
    for cwd in (project, elsewhere):
        told = subprocess.run(
            [sys.executable, "-c", ask], cwd=cwd, env=env, check=True, capture_output=True, text=True
        ).stdout
        assert told.split() == ["0.7", meant.format(project=project, home=home)]


def test_an_env_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "core").mkdir(parents=True)
    for name in ("__init__.py", "errors.py", "settings.py"):
        shutil.copy(PROJECT_ROOT / "core" / name, project / "core" / name)
    (project / ".env").write_bytes("JORGE_OIDC_NAME=Müller\n".encode("latin-1"))
    ask = "from core.settings import load_settings as ask; ask()"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(project)}
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=env, check=False, capture_output=True, text=True
    )
    told = "/project/.env cannot be read (it is not UTF-8); let this user read it, as text in UTF-8"
    assert done.stderr.rstrip().endswith(told)
    assert "core.errors.SettingsError: " in done.stderr
