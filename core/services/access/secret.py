"""The secret that signs our own tokens: from ``JORGE_JWT_SECRET``, or made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from core.errors import SettingsError
from core.settings import Settings

SHORTEST = 32  # bytes, RFC 7518 section 3.2
FILE = "jwt_secret"


def secret_kept_in(settings: Settings) -> Path | None:
    """The file of the secret that signs tokens for the API; None when the settings hold a secret or a public key."""
    if settings.jorge_jwt_secret is not None or settings.jorge_jwt_public_key is not None:
        return None
    return settings.jorge_data_dir / FILE


def signing_secret(settings: Settings) -> str:
    """The secret, made when there is none. Raises SettingsError for one that is too short or cannot be kept."""
    if settings.jorge_jwt_secret is None:
        return _kept(settings.jorge_data_dir / FILE, "JORGE_JWT_SECRET")
    return _long_enough(settings.jorge_jwt_secret.get_secret_value(), "JORGE_JWT_SECRET")


def kept_secret(settings: Settings, name: str, key: str) -> str:
    """A secret of the data folder, made when there is none; ``key`` would set it. Raises SettingsError."""
    return _kept(settings.jorge_data_dir / name, key)


def _kept(path: Path, key: str) -> str:
    """The secret in ``path``; made there, readable by its owner alone, when there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        return _long_enough(path.read_text(encoding="ascii").strip(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be used: {error}; set {key} or make it readable") from error


def _make(path: Path) -> None:
    """Write a new secret whole or not at all; when two processes race, the first to finish wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(48) + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)


def _long_enough(value: str, where: str) -> str:
    size = len(value.encode())
    if size < SHORTEST:
        raise SettingsError(f"{where} has {size} bytes; must have {SHORTEST} or more")
    return value
