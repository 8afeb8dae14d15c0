"""Leads are stored under their agents' own names, in whatever way a file, a program or the CRM wrote these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from core.leads.agent_names import AgentNames
from core.store.prepared import Prepared
from core.store.schema import commission_plans, counters, lead_latest, leads, people

COUNTER: Final = "agent_names"
_CHANGES: Final = Prepared(lambda _: select(counters.c.n).where(counters.c.name == bindparam("name")))
_kept: WeakKeyDictionary[Engine, tuple[int, AgentNames]] = WeakKeyDictionary()


class Spelling:
    """How one transaction spells agents; names are looked up when the first needs it, and kept until one changes.

    ``changes`` is what ``COUNTER`` counts, read when it is not told.
    """

    def __init__(self, connection: Connection, changes: int | None = None) -> None:
        self._connection = connection
        self._changes = changes
        self._names: AgentNames | None = None

    def settle(self, before: Mapping[str, Any] | None, after: dict[str, Any]) -> None:
        """Let a row of ``leads`` that tells another agent than ``before`` say that agent's own name."""
        told = after["agent"]
        if told and (before is None or before["agent"] != told):
            if self._names is None:
                self._names = _current(self._connection, self._changes)
            after["agent"] = self._names.of(told)


def _current(connection: Connection, changes: int | None) -> AgentNames:
    if changes is None:
        found = _CHANGES.read(connection, {"name": COUNTER})
        changes = found[0]["n"] if found else 0
    before = _kept.get(connection.engine)
    if before is None or before[0] != changes:
        before = _kept[connection.engine] = (changes, known(connection))
    return before[1]


def known(connection: Connection) -> AgentNames:
    """The names as this transaction sees them."""
    from core.store.crm.schema import crm_names  # the CRM's tables are written with what imports this

    ours = select(people.c.email, people.c.agent).where(people.c.agent.is_not(None))
    users = select(crm_names.c.name_id, crm_names.c.name, crm_names.c.example).where(crm_names.c.kind == "user")
    return AgentNames.among(
        [(row.email, row.agent) for row in connection.execute(ours)],
        [(row.name_id, row.name, row.example) for row in connection.execute(users)],
    )


def respell(connection: Connection) -> dict[str, str]:
    """Let all leads and plans say the names that count now; returns by old spelling the new one."""
    count = update(counters).where(counters.c.name == COUNTER).values(n=counters.c.n + 1)
    if not connection.execute(count).rowcount:
        connection.execute(insert(counters).values(name=COUNTER, n=1))
    names, stored = known(connection), set[str]()
    for table in (lead_latest, commission_plans):
        query = select(table.c.agent).where(table.c.agent.is_not(None)).distinct()
        stored.update(connection.execute(query).scalars())
    changed = {told: agent for told in sorted(stored) if (agent := names.of(told)) != told}
    for told, agent in changed.items():
        for table in (leads, lead_latest, commission_plans):
            connection.execute(update(table).where(table.c.agent == told).values(agent=agent))
    return changed


def strangers(connection: Connection) -> list[tuple[str, int, tuple[str, ...]]]:
    """Names on leads that are no agent's, with their leads, the most first, and whom each may mean."""
    names, many = known(connection), func.count()
    query = select(lead_latest.c.agent, many).where(lead_latest.c.agent.is_not(None)).group_by(lead_latest.c.agent)
    return [
        (told, int(n), names.whom(told))
        for told, n in connection.execute(query.order_by(many.desc(), lead_latest.c.agent))
        if told not in names.called
    ]
