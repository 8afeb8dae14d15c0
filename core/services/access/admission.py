"""The door: who calls, whether they may, and whether it was not too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from core.errors import Unauthenticated
from core.leads import utc_now
from core.services.access import tokens
from core.services.access.caller import Caller, Scope
from core.services.access.keys import check_key, known_key
from core.services.access.rates import Rate, count_call, limiter_of, per_minute

if TYPE_CHECKING:
    from core.services.center import CommandCenter

KNOWN = 1_000
_LEEWAY = timedelta(seconds=tokens.LEEWAY_S)
_NOTHING = "send Authorization: Bearer <token> or X-API-Key: <key>; jorge token and jorge keys make them"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller shows; a token goes before a key."""

    token: str | None = None
    key: str | None = None


def admit(center: CommandCenter, shown: Credentials, *scopes: Scope, rate: Rate = Rate.READ) -> Caller:
    """Who calls. Raises Unauthenticated, Forbidden for a caller with none of ``scopes``, TooManyRequests.

    May ask the database or Redis: not for the thread of an event loop.
    """
    caller = identify(center, shown)
    caller.require(*scopes)
    count_call(center, caller, rate)
    return caller


def identify(center: CommandCenter, shown: Credentials) -> Caller:
    """Whom a token or a key names. Raises Unauthenticated, StoreUnavailable. May ask the database."""
    if shown.token is not None:
        return _checked(center, shown.token)
    if shown.key is not None:
        return check_key(center, shown.key)
    raise Unauthenticated(_NOTHING)


def known(center: CommandCenter, shown: Credentials) -> Caller | None:
    """``identify`` from memory, for the thread of an event loop; None when memory does not tell."""
    if shown.token is not None:
        return _remembered(center, _digest(shown.token))
    return None if shown.key is None else known_key(center, shown.key)


def listener(center: CommandCenter, shown: Credentials) -> Caller:
    """Who wants to listen to the feed: as ``admit`` for reading, but a page's own token will do as well."""
    if shown.token is not None:
        try:
            return tokens.check_screen_token(center, shown.token)
        except Unauthenticated:
            pass  # then it is one for the API
    return admit(center, shown, Scope.READ)


def prepare(center: CommandCenter) -> None:
    """Load what the first call would have to wait for. Raises SettingsError."""
    import jwt  # noqa: F401

    tokens.issuer_of(center)
    if any(per_minute(center.settings).values()):
        limiter_of(center)


def _checked(center: CommandCenter, token: str) -> Caller:
    """``check_token``, whose answer stays the same until the token expires."""
    digest = _digest(token)
    caller = _remembered(center, digest)
    if caller is None:
        caller = tokens.check_token(center, token)
        remembered = center.access.known
        if len(remembered) >= KNOWN:
            remembered.clear()
        remembered[digest] = caller
    return caller


def _remembered(center: CommandCenter, digest: bytes) -> Caller | None:
    caller = center.access.known.get(digest)
    if caller is None or caller.expires_at is None or caller.expires_at + _LEEWAY <= utc_now():
        return None
    return caller


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
