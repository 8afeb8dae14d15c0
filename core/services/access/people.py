"""The people of a workspace: who may sign in, as what, and which leads are theirs.

A role is given by an admin here, or by a claim of the identity provider; an admin's word stands before a claim. The
sign-in's cookie lasts for weeks, so the role is looked up at each use, at most a second old.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.errors import InputError, NotFound, StoreUnavailable, Unauthenticated
from core.leads import utc_now
from core.services import audit
from core.services.access.actor import OF_ROLE, Actor, Right, program
from core.services.access.caller import Caller, Role
from core.services.access.rights import for_right

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.people import StoredPerson

FRESH_S: Final = 1.0
MOST_VIEWS: Final = 1_000
LONGEST: Final = 200
_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}")
_ORDER: Final = (Role.AGENT, Role.MANAGER, Role.ADMIN)


def everybody(center: CommandCenter) -> Mapping[str, StoredPerson]:
    """All that are kept, by e-mail, at most a second old. Raises StoreUnavailable."""
    return center.kept.for_a_while(FRESH_S, "people", lambda: center.store.people.all())


@for_right(Right.SETTINGS)
def list_people(center: CommandCenter) -> list[StoredPerson]:
    """Everybody, also who was put out, by e-mail. Raises StoreUnavailable."""
    return list(center.store.people.all().values())


@for_right(Right.SETTINGS)
def give_role(
    center: CommandCenter,
    email: str,
    role: Role,
    name: str | None = None,
    agent: str | None = None,
) -> None:
    """Let a person in, or in again, with a role; ``agent`` is how leads name them: "" is nobody, None as it was.

    Raises InputError for what is no e-mail or too long, and for the last admin who would be none any more.
    """
    from core.store.people import StoredPerson

    address, called, of_leads = _email(email), _line("name", name), _line("agent", agent)
    known = center.store.people.all().get(address)
    if role is not Role.ADMIN:
        _not_the_last_admin(center, address)
    person = StoredPerson(address, called, role.value, of_leads, False, utc_now(), center.actor.name)
    if known is not None:
        of_leads = known.agent if agent is None else of_leads
        person = replace(known, name=called or known.name, role=role.value, agent=of_leads, from_claim=False)
        person = replace(person, revoked_at=None)
    keep(center, person)
    before = None if known is None else "none" if known.revoked_at else known.role
    audit.note(center, "role given", address, before=before, after=role.value, agent=of_leads)


@for_right(Right.SETTINGS)
def take_role(center: CommandCenter, email: str) -> None:
    """Put a person out: they are out with their next click, and no claim lets them in again. Raises NotFound."""
    address = _email(email)
    known = center.store.people.all().get(address)
    if known is None or known.revoked_at is not None:
        raise NotFound(f"nobody with a role has the e-mail {address!r}; list them with: jorge people")
    _not_the_last_admin(center, address)
    keep(center, replace(known, revoked_at=utc_now(), from_claim=False))
    audit.note(center, "role taken", address, before=known.role)


def keep(center: CommandCenter, person: StoredPerson) -> None:
    """Keep a person; leads, plans and goals say the agent's own name from now on. Raises StoreUnavailable."""
    from core.services.commission.commission_plans import GOALS  # which are for whoever may see the money

    spelled = center.store.people.keep(person)
    center.kept.forget("people")
    if spelled:
        center.change_setting(
            GOALS,
            lambda goals: goals and [goal | {"agent": spelled.get(goal["agent"], goal["agent"])} for goal in goals],
        )
    for told, agent in spelled.items():
        audit.note(center, "agent's name spelled", agent, before=told, after=agent)


@for_right(Right.SETTINGS)
def strangers(center: CommandCenter) -> list[tuple[str, int, tuple[str, ...]]]:
    """Names on leads that are no agent's, with their leads, and whom each may mean. Raises StoreUnavailable."""
    return center.store.people.strangers()


def acting(center: CommandCenter, caller: Caller) -> CommandCenter:
    """The center as ``caller`` of the API may use it. Raises Unauthenticated for a person who was put out."""
    actor, views = actor_behind(center, caller), center.access.views
    view = views.get(actor)
    if view is None:
        if len(views) >= MOST_VIEWS:
            views.clear()
        view = views[actor] = center.acting_as(actor)
    return view


def actor_behind(center: CommandCenter, caller: Caller) -> Actor:
    """The actor behind a token or a key. A token gives at most the role that its person has by now.

    An agent's token shows the leads of its person's agent name, else of its subject. Raises Unauthenticated.
    """
    if caller.role is None:
        return program(caller)
    try:
        person = everybody(center).get(caller.subject.lower())
    except StoreUnavailable:
        person = None  # what the token says, which is signed, must do until the database is back
    role, agent = caller.role, caller.agent if caller.page else caller.subject
    if person is not None and person.email not in center.settings.admins:
        if person.revoked_at is not None:
            raise Unauthenticated("access was taken away; ask an admin")
        if person.role not in list(Role):
            raise Unauthenticated("the account has no role any more; ask an admin")
        role = min(role, Role(person.role), key=_ORDER.index)
        agent = person.agent
    return Actor(caller.name, OF_ROLE[role], agent, role)


def _not_the_last_admin(center: CommandCenter, email: str) -> None:
    admins = [one.email for one in center.store.people.all().values() if _is_admin(one)]
    if admins == [email] and not center.settings.admins:
        raise InputError(f"{email} is the only admin; make somebody else an admin first")


def _is_admin(person: StoredPerson) -> bool:
    return person.revoked_at is None and person.role == Role.ADMIN


def _email(given: str) -> str:
    address = given.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise InputError(f"{given[:80]!r} is no e-mail address; give one such as ana@team.example")
    return address


def _line(what: str, given: str | None) -> str | None:
    text = (given or "").strip()
    if len(text) > LONGEST:
        raise InputError(f"{what} has {len(text)} characters; must have at most {LONGEST}")
    if not text.isprintable():
        raise InputError(f"{what} holds a character that is not shown; must be one line of plain text")
    return text or None
