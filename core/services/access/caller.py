"""Who calls, and what they may do: decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import Forbidden, Unauthenticated
from core.leads import utc_now


class Scope(StrEnum):
    """What a call needs.

    ``SCORE`` sends leads and outcomes and gets their scores, ``READ`` reads what is stored and listens to the feed,
    ``ADMIN`` changes models and settings and may do everything else too.
    """

    SCORE = "score"
    READ = "read"
    ADMIN = "admin"


class Role(StrEnum):
    """What a person is; each may do what the ones before it may."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


_OF_ROLE = {
    Role.AGENT: frozenset({Scope.SCORE, Scope.READ}),
    Role.MANAGER: frozenset({Scope.SCORE, Scope.READ}),
    Role.ADMIN: frozenset(Scope),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a valid token or API key names.

    ``subject`` is the token's ``sub`` or the key's name. A key has no ``role``, and lasts until it is revoked:
    ``expires_at`` is None. Calls of one that is not ``counted`` know no limit. A ``page`` is one of ours, opened by
    somebody whose leads are those of ``agent``; it lasts as long as their sign-in, where people sign in.
    """

    subject: str
    scopes: frozenset[Scope]
    role: Role | None = None
    expires_at: datetime | None = None
    counted: bool = True
    page: bool = False
    agent: str | None = None

    @classmethod
    def by_role(cls, subject: str, role: Role, expires_at: datetime, *, counted: bool = True) -> Caller:
        """Whom a token names: the role says what they may do."""
        return cls(subject, _OF_ROLE[role], role, expires_at, counted)

    @classmethod
    def by_key(cls, name: str, scope: Scope) -> Caller:
        """Whom an API key names."""
        return cls(name, frozenset(Scope) if scope is Scope.ADMIN else frozenset({scope}))

    @property
    def name(self) -> str:
        """Tells a key from a person of the same name: ``key:crm``, ``token:ana``."""
        return f"{'key' if self.role is None else 'token'}:{self.subject}"

    def require_now(self) -> None:
        """Raise Unauthenticated once this has ended."""
        if self.expires_at is not None and self.expires_at <= utc_now():
            raise Unauthenticated("the sign-in has ended; sign in again")

    def require(self, *scopes: Scope) -> None:
        """Raise Forbidden unless the caller has one of ``scopes``.

        >>> Caller.by_key("crm", Scope.SCORE).require(Scope.READ)
        Traceback (most recent call last):
        core.errors.Forbidden: this needs the scope read; yours: score
        """
        if self.scopes.isdisjoint(scopes):
            has = ", ".join(own for own in Scope if own in self.scopes)
            raise Forbidden(f"this needs the scope {' or '.join(scopes)}; yours: {has}")
