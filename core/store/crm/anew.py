"""Contacts that are to be read anew after a rule changed: kept with the rule, until the last of them is.

A fault or a restart in between loses nothing: whoever goes on begins where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from core.leads.agent_names import AgentNames
from core.store import feed
from core.store.crm.schema import crm_known
from core.transfer.gohighlevel import Kind, Rules

KEY: Final = "crm_read_anew"
AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Anew:
    """Contacts after ``done`` of which one of ``kinds`` is known are still told by the rules ``before``."""

    before: Rules
    kinds: tuple[str, ...]
    done: str = ""


def note(connection: Connection, before: Rules, *kinds: Kind) -> None:
    """All contacts of which one of ``kinds`` is known are to be read anew."""
    _keep(connection, Anew(before, tuple(kind.value for kind in kinds)))


def left(connection: Connection) -> Anew | None:
    """What is left to be done."""
    kept = feed.workspace_value(connection, KEY)
    return _of(kept) if isinstance(kept, dict) else None


def portion(connection: Connection, now: Anew) -> list[str]:
    """The next contacts, which the caller reads anew in this transaction."""
    query = select(crm_known.c.contact_id).where(crm_known.c.contact_id > now.done, crm_known.c.kind.in_(now.kinds))
    contacts = list(connection.execute(query.distinct().order_by(crm_known.c.contact_id).limit(AT_ONCE)).scalars())
    _keep(connection, Anew(now.before, now.kinds, contacts[-1]) if len(contacts) == AT_ONCE else None)
    return contacts


def _keep(connection: Connection, now: Anew | None) -> None:
    if now is None:
        feed.set_workspace_value(connection, KEY, None)
        return
    agents = now.before.agents
    named = {"called": sorted(agents.called), "meant": dict(agents.meant), "users": dict(agents.users)}
    plain = {"stages", "stage_names", "fields"}
    told = {name: dict(getattr(now.before, name)) for name in plain} | {"value_is_price": now.before.value_is_price}
    feed.set_workspace_value(
        connection, KEY, {"before": told | {"agents": named}, "kinds": now.kinds, "done": now.done}
    )


def _of(kept: dict[str, Any]) -> Anew:
    rules = dict(kept["before"])
    named = rules.pop("agents")
    meant = {told: tuple(agents) for told, agents in named["meant"].items()}
    before = Rules(**rules, agents=AgentNames(frozenset(named["called"]), meant, named["users"]))
    return Anew(before, tuple(kept["kinds"]), kept["done"])
