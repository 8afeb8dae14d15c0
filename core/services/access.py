"""Who asks: JSON web tokens, made and checked.

Tokens for the API and tokens for a page's WebSocket have audiences of their own, so that one never serves as the
other. They are signed with HS256 and a secret from ``JORGE_JWT_SECRET``, or one of our own making in the data folder.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Forbidden, SettingsError, Unauthenticated
from core.leads import utc_now

if TYPE_CHECKING:
    from core.services.center import CommandCenter

ALGORITHM = "HS256"
API, SCREEN = "jorge-api", "jorge-screen"
SHORTEST_SECRET = 32  # bytes, RFC 7518 section 3.2
LONGEST_TOKEN = 4_096
SCREEN_LIFETIME = timedelta(minutes=10)
LONGEST_HOURS = 24.0 * 366
LEEWAY_S = 5


class Role(StrEnum):
    """What a caller may do; each may do what the ones before it may."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


_RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a valid token names."""

    subject: str
    role: Role
    expires_at: datetime

    def require(self, role: Role) -> None:
        """Raise Forbidden unless the caller's role is ``role`` or above.

        >>> Caller("ana", Role.AGENT, datetime.max).require(Role.MANAGER)
        Traceback (most recent call last):
        core.errors.Forbidden: your role is agent; this needs manager
        """
        if _RANK[self.role] < _RANK[role]:
            raise Forbidden(f"your role is {self.role}; this needs {role}")


def api_token(center: CommandCenter, subject: str, role: Role, hours: float) -> str:
    """A token for the API. Raises SettingsError for a lifetime outside (0, 8784] hours."""
    if not 0 < hours <= LONGEST_HOURS:
        raise SettingsError(f"hours is {hours}; must be above 0 and at most {LONGEST_HOURS:.0f}")
    return _signed(center, subject, role, API, timedelta(hours=hours))


def screen_token(center: CommandCenter, subject: str = "screen") -> str:
    """A token of ten minutes for a page's own WebSocket; the API refuses it."""
    return _signed(center, subject, Role.AGENT, SCREEN, SCREEN_LIFETIME)


def check_token(center: CommandCenter, token: str, *audiences: str) -> Caller:
    """Whom ``token`` names. Raises Unauthenticated for every token that is not ours, not valid now or not for these."""
    import jwt

    if len(token) > LONGEST_TOKEN:
        raise Unauthenticated("the token is too long to be one of ours")
    try:
        claims = jwt.decode(
            token,
            secret(center),
            algorithms=[ALGORITHM],
            audience=audiences or (API,),
            leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "sub", "aud"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("the token has expired; make a new one with: jorge token") from error
    except (jwt.PyJWTError, ValueError) as error:  # ValueError: bytes that are no JSON, below the library's own checks
        raise Unauthenticated("the token is not valid; make one with: jorge token") from error
    return _caller(claims)


def _caller(claims: dict[str, Any]) -> Caller:
    try:
        role = Role(claims.get("role", ""))
    except ValueError as error:
        raise Unauthenticated("the token names no role; make a new one with: jorge token") from error
    return Caller(str(claims["sub"]), role, datetime.fromtimestamp(claims["exp"], UTC))


def _signed(center: CommandCenter, subject: str, role: Role, audience: str, lifetime: timedelta) -> str:
    import jwt

    now = utc_now()
    claims = {"sub": subject, "role": role.value, "aud": audience, "iat": now, "exp": now + lifetime}
    return jwt.encode(claims, secret(center), algorithm=ALGORITHM)


def secret(center: CommandCenter) -> str:
    """The signing secret, read or made once. Raises SettingsError for one that is too short or cannot be kept."""
    if center.jwt_secret is None:
        if center.settings.jorge_jwt_public_key:
            raise SettingsError("JORGE_JWT_PUBLIC_KEY cannot be used yet; set JORGE_JWT_SECRET instead")
        given = center.settings.jorge_jwt_secret
        if given is None:
            center.jwt_secret = _kept_secret(center.data_dir / "jwt_secret")
        else:
            center.jwt_secret = _long_enough(given.get_secret_value(), "JORGE_JWT_SECRET")
    return center.jwt_secret


def _kept_secret(path: Path) -> str:
    """The secret in ``path``; made there, readable by its owner alone, when there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_secret(path)
        return _long_enough(path.read_text(encoding="ascii").strip(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be used: {error}; set JORGE_JWT_SECRET or make it readable") from error


def _make_secret(path: Path) -> None:
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
    if size < SHORTEST_SECRET:
        raise SettingsError(f"{where} has {size} bytes; must have {SHORTEST_SECRET} or more")
    return value
