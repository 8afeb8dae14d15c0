"""A wrong setting stops the start and says what is allowed, without telling a secret."""

from __future__ import annotations

import re

import pytest

from core.errors import SettingsError
from core.settings import Settings, load_settings


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
