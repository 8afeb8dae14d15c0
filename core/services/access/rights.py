"""Where services ask what the actor of their center may: one line at a service's head, one for what it shows of leads.

``@for_right(Right.MONEY)`` above a service refuses whoever lacks the right. What reads leads goes through ``narrowed``,
and what concerns one lead through ``own_lead``. ``tests/services/access/test_rights.py`` walks over all services, so
that a new one cannot forget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar, cast

from core.errors import NotFound
from core.services.access.actor import Right

if TYPE_CHECKING:
    from core.leads import LeadHistory
    from core.services.center import CommandCenter
    from core.store import LeadFilter

OWNER_FRESH_S: Final = 5.0
P = ParamSpec("P")
Result = TypeVar("Result")
Service = Callable[Concatenate["CommandCenter", P], Result]


def allow(center: CommandCenter, right: Right) -> None:
    """Raise Forbidden unless whoever acts has the right."""
    center.actor.require(right)


def for_right(right: Right) -> Callable[[Service[P, Result]], Service[P, Result]]:
    """Say above a service, whose first argument is the center, what it takes; others get Forbidden."""

    def declared(service: Service[P, Result]) -> Service[P, Result]:
        @wraps(service)
        def guarded(center: CommandCenter, *args: P.args, **kwargs: P.kwargs) -> Result:
            center.actor.require(right)
            return service(center, *args, **kwargs)

        vars(guarded)["right"] = right
        return cast("Service[P, Result]", guarded)

    return declared


def narrowed(center: CommandCenter, wanted: LeadFilter | None = None) -> LeadFilter:
    """``wanted`` as far as whoever acts may see it; keys of kept results that hold it differ by themselves."""
    from core.store import LeadFilter

    asked = wanted or LeadFilter()
    return asked if center.actor.seen_by is None else replace(asked, seen_by=center.actor.seen_by)


def own_lead(center: CommandCenter, lead_id: str, told: str | None = None) -> None:
    """Raise NotFound for a lead of another agent, in the words for one that is not there; ``told`` are other such."""
    if center.actor.seen_by is not None and not center.actor.sees(owner_of(center, lead_id)):
        raise NotFound(told or f"there is no lead {lead_id!r}; look it up in the list of leads")


def may_send(center: CommandCenter, history: LeadHistory) -> None:
    """Raise NotFound when an agent sends a lead that another agent has; costs nothing for everybody else."""
    if center.actor.seen_by is not None:
        own_lead(center, history.lead.lead_id)


def owner_of(center: CommandCenter, lead_id: str) -> str | None:
    """The agent of a lead, at most some seconds old; None for nobody's lead and for one that is not there.

    These are asked for each time: a moment later the lead may be somebody's.
    """
    key = ("owner", lead_id)
    owner = center.kept.for_a_while(OWNER_FRESH_S, key, lambda: center.store.agent_of(lead_id))
    if owner is None:
        center.kept.forget(key)
    return owner
