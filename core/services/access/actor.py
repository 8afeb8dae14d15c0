"""Who acts on a workspace, and what they may: the one table of rights, for screens, API and command line alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.errors import Forbidden
from core.services.access.caller import Caller, Role, Scope


class Right(StrEnum):
    """What one may be allowed to; the value completes the sentence "Who may not ...".

    ``LEADS`` is to work with leads at all; without ``ALL_LEADS`` only with one's own and those of nobody.
    """

    LEADS = "work with leads"
    ALL_LEADS = "see the leads of other agents"
    MONEY = "see the team's money, forecasts and reports"
    MODELS = "change models"
    SETTINGS = "change settings, keys and people"


WHO: Final = {
    Right.LEADS: "people with a role",
    Right.ALL_LEADS: "managers",
    Right.MONEY: "managers",
    Right.MODELS: "admins",
    Right.SETTINGS: "admins",
}
OF_ROLE: Final = {
    Role.AGENT: frozenset({Right.LEADS}),
    Role.MANAGER: frozenset({Right.LEADS, Right.ALL_LEADS, Right.MONEY}),
    Role.ADMIN: frozenset(Right),
}
# A program has a key from an admin: what it may read is not one agent's, what it may change is said by its scope.
_OF_SCOPE: Final = {
    Scope.SCORE: frozenset({Right.LEADS, Right.ALL_LEADS}),
    Scope.READ: frozenset({Right.LEADS, Right.ALL_LEADS, Right.MONEY}),
    Scope.ADMIN: frozenset(Right),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: ``name`` as the audit log says it, ``agent`` as leads name them (None: no lead is theirs).

    ``email`` is of who signed in, whose sign-in ends at ``until``; None for programs, and for the machine itself.
    """

    name: str
    rights: frozenset[Right]
    agent: str | None = None
    role: Role | None = None
    email: str | None = None
    until: datetime | None = field(default=None, compare=False)

    @classmethod
    def in_role(
        cls, name: str, role: Role, agent: str | None = None, email: str | None = None, until: datetime | None = None
    ) -> Actor:
        """Somebody with a role."""
        return cls(name, OF_ROLE[role], agent, role, email, until)

    @property
    def seen_by(self) -> str | None:
        """Whose leads are shown beside those of nobody: "" for nobody's alone, None for all leads."""
        return None if Right.ALL_LEADS in self.rights else self.agent or ""

    def sees(self, owner: str | None) -> bool:
        """Whether a lead of the agent ``owner`` (None: nobody's) may be shown.

        >>> ana = Actor.in_role("ana@team.example", Role.AGENT, "Ana Diaz")
        >>> ana.sees("Ana Diaz"), ana.sees(None), ana.sees("Ben Ode")
        (True, True, False)
        """
        return Right.ALL_LEADS in self.rights or owner is None or owner == self.agent

    def may(self, right: Right) -> bool:
        """Whether this is allowed."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Raise Forbidden unless this is allowed.

        >>> Actor.in_role("ana", Role.AGENT).require(Right.MODELS)
        Traceback (most recent call last):
        core.errors.Forbidden: only admins may change models; you are here as agent
        """
        if right not in self.rights:
            here = "without a role" if self.role is None else f"as {self.role}"
            raise Forbidden(f"only {WHO[right]} may {right}; you are here {here}")


def trusted(name: str) -> Actor:
    """Whom nothing narrows, as no session of a person is behind them: our own work, or the machine's command line."""
    return Actor(name, frozenset(Right), role=Role.ADMIN)


SYSTEM: Final = trusted("dashboard")
THIS_COMPUTER: Final = trusted("this computer")
WATCH: Final = trusted("automatic watch")
BY_SCHEDULE: Final = trusted("schedule")
RETENTION: Final = trusted("retention")


def program(caller: Caller) -> Actor:
    """The actor behind an API key."""
    return Actor(caller.name, frozenset[Right]().union(*(_OF_SCOPE[scope] for scope in caller.scopes)))
