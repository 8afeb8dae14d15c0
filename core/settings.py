"""Settings from the environment or ``.env``; a wrong value stops the start and says what is allowed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
MODELS_DIR = PROJECT_ROOT / "models"
CallsPerMinute = Annotated[int, Field(ge=0, le=1_000_000)]  # 0: no limit
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
_DATA_DIR: Final = PROJECT_ROOT / "data"
_ENV_FILE: Final = PROJECT_ROOT / ".env"
_ALIKE: Final = 0.8  # of difflib; names of others that begin with JORGE_, such as Kubernetes gives, are further off
_SQLITE: Final = re.compile(r"(sqlite(?:\+pysqlite)?:///(?:file:)?)(?!:memory:)([^?]+)(.*)", re.DOTALL)


def _path(value: str, folder: str) -> str:
    return os.path.abspath(os.path.join(folder, os.path.expanduser(value)))


def _data_dir(value: str, folder: str) -> str:
    """An empty one is none: it would be the folder that a command was started in."""
    return _path(value, folder) if value.strip() else str(_DATA_DIR)


def _address(value: str, folder: str) -> str:
    found = _SQLITE.fullmatch(value)
    return value if found is None else f"{found[1]}{_path(found[2], folder)}{found[3]}"


def _key_file(value: str, folder: str) -> str:
    """A key itself is left as it is."""
    return value if "-----BEGIN " in value or not value.strip() else _path(value.strip(), folder)


def _key_files(value: str, folder: str) -> str:
    return value if "-----BEGIN " in value else ",".join(_key_file(part, folder) for part in value.split(","))


_WITH_PATHS: Final[dict[str, Callable[[str, str], str]]] = {
    "jorge_data_dir": _data_dir,
    "jorge_database_url": _address,
    "jorge_jwt_public_key": _key_file,
    "jorge_ghl_webhook_keys": _key_files,
}


class Settings(BaseSettings):
    """What can be set, with its default; every name is upper-cased in the environment."""

    model_config = SettingsConfigDict(
        env_file=_ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True, populate_by_name=True
    )

    jorge_data_dir: Path = _DATA_DIR
    jorge_database_url: str | None = None
    jorge_redis_url: str | None = None
    jorge_jwt_secret: SecretStr | None = None
    jorge_jwt_public_key: str | None = None
    jorge_jwt_audience: str | None = None
    jorge_jwt_issuer: str | None = None
    jorge_allowed_hosts: str = ""
    jorge_oidc_metadata_url: str | None = None
    jorge_oidc_client_id: str | None = None
    jorge_oidc_client_secret: SecretStr | None = None
    jorge_oidc_public_url: str = "http://127.0.0.1:8501"
    jorge_oidc_name: str = "your work account"
    jorge_oidc_role_claim: str | None = None
    jorge_oidc_roles: str = ""
    jorge_oidc_agent_claim: str | None = None
    jorge_oidc_hours: Annotated[float, Field(gt=0, le=720)] = 12.0
    jorge_oidc_admins: str = ""
    jorge_cookie_secret: SecretStr | None = None
    jorge_without_sign_in: bool = False
    jorge_cors_origins: str = ""
    jorge_rate_limit_score_per_minute: CallsPerMinute = 100
    jorge_rate_limit_batch_per_minute: CallsPerMinute = 20
    jorge_rate_limit_read_per_minute: CallsPerMinute = 600
    jorge_log_level: LogLevel = "INFO"
    jorge_ghl_webhook_keys: str | None = None
    jorge_ghl_location_ids: str = ""
    jorge_ghl_api_url: str = "https://services.leadconnectorhq.com"
    jorge_ghl_api_token: SecretStr | None = None
    jorge_ghl_score_field: str = ""
    jorge_ghl_tier_field: str = ""
    jorge_ghl_reasons_field: str = ""
    jorge_ghl_write_points: Annotated[float, Field(ge=0.1, le=100)] = 5.0
    jorge_ghl_most_requests: Annotated[int, Field(ge=1, le=10_000)] = 100
    jorge_threshold: Annotated[float, Field(ge=0.5, le=0.99)] = 0.85
    jorge_commission_rate: Annotated[float, Field(gt=0, le=0.2)] = 0.06
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    jorge_claude_model: str = "claude-haiku-5-5"
    jorge_claude_monthly_budget_usd: Annotated[float, Field(ge=0, le=1_000_000)] = 25.0
    jorge_claude_daily_budget_usd: Annotated[float, Field(ge=0, le=1_000_000)] = 5.0
    jorge_claude_timeout_s: Annotated[float, Field(ge=1, le=600)] = 60.0

    @field_validator(*_WITH_PATHS, mode="before")
    @classmethod
    def _in_the_project(cls, value: Any, info: ValidationInfo) -> Any:
        """Paths of ``.env`` are the project's, whatever folder a process was started in."""
        if info.field_name is None or not isinstance(value, (str, Path)):
            return value
        return _WITH_PATHS[info.field_name](str(value), str(PROJECT_ROOT))

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address of the record; SQLite in the data folder unless one is set."""
        return self.jorge_database_url or f"sqlite:///{self.jorge_data_dir / 'jorge.db'}"

    @property
    def one_machine(self) -> bool:
        """Whether the record is a file (SQLite), which the processes of one machine use with one data folder."""
        return self.database_url.startswith("sqlite")

    @property
    def admins(self) -> frozenset[str]:
        """E-mails, in lower case, of who is an admin whatever the workspace says."""
        return frozenset(part.strip().lower() for part in self.jorge_oidc_admins.split(",") if part.strip())


def load_settings() -> Settings:
    """Read the settings. Raises SettingsError naming key, value and what is allowed."""
    _hold_paths()
    try:
        return Settings()
    except ValidationError as error:
        problems = error.errors(include_url=False)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingsError(f"{_ENV_FILE} cannot be read ({why}); let this user read it, as text in UTF-8") from error
    # Raised outside the handler, so that the library's error, which holds the values of secrets, does not hang on.
    raise SettingsError("; ".join(_told(problem) for problem in problems))


def misspelt() -> dict[str, str]:
    """Names of the environment and of ``.env`` that are nearly a setting's and do nothing, each with that setting."""
    from dotenv import dotenv_values

    known = {name.upper() for name in Settings.model_fields}
    given = {name.upper() for name in (*os.environ, *dotenv_values(_ENV_FILE, encoding="utf-8"))}
    ours = sorted(name for name in given - known if name.startswith("JORGE_"))
    return {name: near[0] for name in ours if (near := get_close_matches(name, known, 1, _ALIKE))}


def _hold_paths() -> None:
    """Make paths of the environment absolute: they are the shell's folder's, which a server and its children leave."""
    for name, value in os.environ.items():
        absolute = _WITH_PATHS.get(name.lower())
        if absolute is not None:
            os.environ[name] = absolute(value, "")


def _told(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0])
    secret = "SecretStr" in str(Settings.model_fields[name.lower()].annotation)
    value = "(not shown)" if secret else repr(problem["input"])
    return f"{name.upper()} is {value}: {problem['msg']}"
