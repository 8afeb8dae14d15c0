"""All reading and writing of what a CRM told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, func, select, text, update

from core.store import feed
from core.store.agent_names import respell
from core.store.columns import from_json, to_json
from core.store.connect import Database
from core.store.crm import anew, inbox
from core.store.crm.anew import Anew
from core.store.crm.inbox import CrmEvent, EventState, TypeCount
from core.store.crm.schema import OF_OPPORTUNITY, crm_known, crm_names, crm_people
from core.store.crm.tell import tell
from core.store.crm.writing import WriteTable
from core.store.prepared import insert_new, upsert
from core.store.write import next_version, save_scored
from core.transfer.gohighlevel import Event, Kind, Known, Projection, Rules, shares

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead

KEPT: Final = timedelta(days=30)  # an event is known for so long; it may be sent again for five minutes
Project = Callable[[str, Mapping[tuple[str, str], Known]], Projection]
Names = Iterable[tuple[str, str, str | None, str | None]]  # kind, id, name, example


@dataclass(frozen=True, slots=True)
class Due:
    """A contact whose lead is to be scored after ``changes`` changes in all."""

    contact_id: str
    lead_id: str
    changes: int


class CrmTable:
    """What a CRM told, and what it was told. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.writing = WriteTable(database)

    # Events

    def receive(self, event: CrmEvent) -> bool:
        """Keep an event; on the disk when this returns. False when its id was known: nothing is done a second time."""
        with self._database.write() as connection:
            return inbox.receive(connection, event)

    def waiting(self, most: int = 200) -> list[CrmEvent]:
        """The oldest events that nobody has worked through."""
        with self._database.read() as connection:
            return inbox.waiting(connection, most)

    def apply(self, event_no: int, event: Event, projecting: Callable[[], Project], names: Names = ()) -> bool:
        """Take in what an event tells: what is known, the lead with all that hangs on it, and that the event is done.

        All of it or nothing, once: False when another server was quicker. ``projecting`` is asked for the way of
        reading while nobody else writes: by rules that were read before, a contact that was read anew meanwhile would
        be told what counts no longer. Raises what it and the way raise.
        """
        with self._database.write() as connection:
            if not inbox.waiting(connection, 1, event_no):
                return False
            self._take_in(connection, event, projecting())
            _name(connection, names)
            inbox.finish(connection, [event_no], EventState.DONE)
        return True

    def _take_in(self, connection: Connection, event: Event, project: Project) -> None:
        key = (event.kind.value, event.entity_id)
        for contact_id, state in shares(_held(connection, event), event).items():
            before = _known(connection, contact_id)
            after = {**before, key: state}
            if after == before:
                continue
            row = {"contact_id": contact_id, "kind": key[0], "entity_id": key[1], "known": to_json(state)}
            was, now = project(contact_id, before) if before else None, project(contact_id, after)
            connection.execute(upsert(connection.dialect.name, "crm_known"), row)
            self._change(connection, contact_id, was, now, event.sent_at)

    def _change(
        self, connection: Connection, contact_id: str, was: Projection | None, now: Projection, at: datetime
    ) -> None:
        if not tell(connection, was, now):
            return
        person = {
            "contact_id": contact_id, "lead_id": now.lead.lead_id, "score_due": 0, "write_tries": 0, "deleted_at": None,
        }  # fmt: skip
        connection.execute(insert_new(connection.dialect.name, "crm_people"), person)
        values: dict[str, Any] = {"score_due": func.abs(crm_people.c.score_due) + 1}
        if now.deleted != (was is not None and was.deleted):
            values["deleted_at"] = at if now.deleted else None
        connection.execute(update(crm_people).where(crm_people.c.contact_id == contact_id).values(**values))
        next_version(connection)

    def change_rule(self, key: str, change: Callable[[Any], Any], rules: Rules, kind: Kind) -> tuple[Any, Any] | None:
        """Keep what ``change`` makes of a rule; both, before and after. Until then ``rules`` have counted.

        Contacts of which a ``kind`` is known are to be read anew. None, and nothing done, while an earlier change has
        something left.
        """
        with self._database.write() as connection:
            if anew.left(connection) is not None:
                return None
            changed = feed.change_workspace_value(connection, key, change)
            if changed[0] != changed[1]:
                anew.note(connection, rules, kind)
            return changed

    def to_read_anew(self) -> Anew | None:
        """What is left to be read anew; None when nothing is."""
        with self._database.read() as connection:
            return anew.left(connection)

    def read_anew(self, left: Anew, before: Project, after: Project, at: datetime) -> None:
        """Bring the next leads from what ``before`` made of what is known to what ``after`` makes of it.

        Nothing where another server was quicker.
        """
        with self._database.write() as connection:
            if anew.left(connection) != left:
                return
            for contact_id in anew.portion(connection, left):
                known = _known(connection, contact_id)
                self._change(connection, contact_id, before(contact_id, known), after(contact_id, known), at)

    def contacts_with(self, kind: Kind | None = None) -> list[str]:
        """The contacts of which something (of ``kind``) is known."""
        query = select(crm_known.c.contact_id).distinct().order_by(crm_known.c.contact_id)
        with self._database.read() as connection:
            return list(connection.execute(query if kind is None else query.where(crm_known.c.kind == kind)).scalars())

    def finish(self, event_no: int, state: EventState, reason: str | None = None) -> None:
        """Say what became of an event that changed nothing."""
        with self._database.write() as connection:
            inbox.finish(connection, [event_no], state, reason)

    def again(self) -> int:
        """Let every event that failed wait again; returns how many."""
        with self._database.write() as connection:
            return inbox.again(connection)

    def forget(self, now: datetime) -> int:
        """Delete events of more than 30 days ago that wait for nothing; returns how many."""
        with self._database.write() as connection:
            return inbox.forget(connection, now - KEPT)

    # Scores

    def due(self, most: int = 100) -> list[Due]:
        """Contacts whose lead changed since it was scored."""
        query = select(crm_people).where(crm_people.c.score_due > 0).order_by(crm_people.c.contact_id).limit(most)
        with self._database.read() as connection:
            return [Due(row.contact_id, row.lead_id, row.score_due) for row in connection.execute(query)]

    def save_scored(self, rows: Sequence[tuple[Due, ScoredLead]]) -> list[ScoredLead]:
        """Keep scores, each with the mark that it is no longer due; returns those that were.

        One that another server made, or that is old already because more changed meanwhile, is left out. The count of
        changes only rises, also over scores, so that an old one never looks like the present one.
        """
        fresh = []
        with self._database.write() as connection:
            for due, scored in rows:
                same = (crm_people.c.contact_id == due.contact_id) & (crm_people.c.score_due == due.changes)
                if connection.execute(update(crm_people).where(same).values(score_due=-due.changes)).rowcount:
                    fresh.append(scored)
            if fresh:
                save_scored(connection, fresh)
        return fresh

    # Screens

    def counts(self, since: datetime) -> list[TypeCount]:
        """Events since a moment by type and what became of them, the most first."""
        with self._database.read() as connection:
            return inbox.counts(connection, since)

    def failures(self, most: int = 50) -> list[CrmEvent]:
        """The newest events that could not be used, and why."""
        with self._database.read() as connection:
            return inbox.failures(connection, most)

    def last_event(self) -> CrmEvent | None:
        """The event that came last; None before the first."""
        with self._database.read() as connection:
            return inbox.last(connection)

    def names(self, kind: str) -> list[tuple[str, str | None, str | None]]:
        """Ids that events named, each with its name and an example of its value, as far as known."""
        query = select(crm_names).where(crm_names.c.kind == kind).order_by(crm_names.c.name_id)
        with self._database.read() as connection:
            return [(row.name_id, row.name, row.example) for row in connection.execute(query)]

    def set_names(self, names: Names, rules: Rules) -> bool:
        """Keep what ids are called. Until then ``rules`` have counted: contacts are to be read anew.

        False, and nothing done, while an earlier change has something left.
        """
        with self._database.write() as connection:
            if anew.left(connection) is not None:
                return False
            _name(connection, names)
            if respell(connection):
                next_version(connection)
            anew.note(connection, rules, Kind.CONTACT, Kind.OPPORTUNITY)
            return True

    def contacts(self) -> int:
        """How many leads the CRM told of."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(crm_people)).scalar_one())


def _known(connection: Connection, contact_id: str) -> dict[tuple[str, str], Known]:
    rows = connection.execute(select(crm_known).where(crm_known.c.contact_id == contact_id))
    return {(row.kind, row.entity_id): from_json(row.known) for row in rows}


def _held(connection: Connection, event: Event) -> dict[str, Known]:
    """By contact, what is known of the entity of an event; an opportunity may have been another contact's."""
    same = crm_known.c.entity_id == event.entity_id
    if event.kind is Kind.OPPORTUNITY:
        same &= text(OF_OPPORTUNITY)
    else:
        same &= (crm_known.c.contact_id == event.contact_id) & (crm_known.c.kind == event.kind.value)
    rows = connection.execute(select(crm_known.c.contact_id, crm_known.c.known).where(same))
    return {row.contact_id: from_json(row.known) for row in rows}


def _name(connection: Connection, names: Names) -> None:
    """A name that comes replaces one that was known; nothing that is known is lost."""
    for kind, name_id, name, example in names:
        row = {"kind": kind, "name_id": name_id, "name": name, "example": example}
        if connection.execute(insert_new(connection.dialect.name, "crm_names"), row).rowcount or not (name or example):
            continue
        told = {key: value for key, value in (("name", name), ("example", example)) if value}
        same = (crm_names.c.kind == kind) & (crm_names.c.name_id == name_id)
        connection.execute(update(crm_names).where(same).values(**told))
