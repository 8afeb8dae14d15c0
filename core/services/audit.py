"""Who did what: noted by the services that change or hand out something, searched and exported here by admins.

Details hold plain values such as a threshold before and after; names, addresses and words of leads never stand here.
"""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from core.errors import InputError, JorgeError
from core.leads import utc_now

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.audit import AuditEntry

MOST_ROWS: Final = 50_000
MOST_PAGE_SIZE: Final = 500
COLUMNS: Final = ("happened_at", "actor", "action", "subject", "details")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: ``words`` occur in who, what, of or details, in any case, or are the id of the lead concerned.

    What is left empty does not restrict.

    ``since`` is inclusive, ``until`` exclusive.
    """

    words: str = ""
    who: str | None = None
    what: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of entries, newest first, and how many there are in all."""

    entries: list[AuditEntry]
    total: int


def note(center: CommandCenter, action: str, subject: str, **details: Any) -> None:
    """Keep that whoever uses the center did ``action`` to ``subject``.

    What is noted has happened already, so a database that is down is told in the process's own log and stops nothing.
    """
    center.kept.look_again()  # who changed something sees what it did to every figure
    from core.store.audit import AuditEntry  # here: printing a token must not wait for a database

    try:
        center.store.audit.add(AuditEntry(utc_now(), center.actor.name, action, subject, details))
    except JorgeError as error:
        _log.warning("Not in the audit log: %s %s (%s)", action, subject, error)


def mark(lead_ids: Sequence[str]) -> str:
    """How entries name leads: ``find`` knows the id, who reads the log does not."""
    from core.store.audit import mark as mark_of

    return mark_of(lead_ids)


def set_and_note(center: CommandCenter, key: str, value: Any) -> None:
    """Keep a setting of the workspace, and who changed it from what to what. Raises StoreUnavailable."""
    before, _ = center.change_setting(key, lambda _: value)
    if before != value:
        note(center, "setting changed", key, before=before, after=value)


def find(center: CommandCenter, words: str = "", most: int = 50, skip: int = 0) -> list[AuditEntry]:
    """The newest entries that hold ``words``. Raises Forbidden, StoreUnavailable."""
    _for_admins(center)
    return center.store.audit.find(words, most=most, skip=skip)


def page(center: CommandCenter, wanted: Wanted, number: int = 1, size: int = 100) -> Found:
    """Page ``number`` (from 1) of what is wanted, newest first. Raises InputError, Forbidden, StoreUnavailable."""
    _for_admins(center)
    if number < 1 or not 1 <= size <= MOST_PAGE_SIZE:
        raise InputError(f"page {number} of {size} entries; pages count from 1, with 1 to {MOST_PAGE_SIZE} entries")
    table = center.store.audit
    person, since, until = wanted.who, wanted.since, wanted.until
    total = table.count(wanted.words, wanted.what, who=person, since=since, until=until)
    skip = size * (number - 1)
    return Found(table.find(wanted.words, wanted.what, size, skip, who=person, since=since, until=until), total)


def choices(center: CommandCenter) -> tuple[list[str], list[str]]:
    """Who and what occurs in the log, each by name. Raises Forbidden, StoreUnavailable."""
    _for_admins(center)
    return center.store.audit.actors(), center.store.audit.actions()


def audit_as_csv(center: CommandCenter, words: str | Wanted = "") -> bytes:
    """The newest 50,000 entries that are wanted as UTF-8 CSV under ``COLUMNS``, safe to open in a spreadsheet."""
    from core.transfer import defused

    _for_admins(center)
    wanted = Wanted(words) if isinstance(words, str) else words
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    found = center.store.audit.find(
        wanted.words, wanted.what, MOST_ROWS, who=wanted.who, since=wanted.since, until=wanted.until
    )
    for entry in found:
        told = json.dumps(dict(entry.details), ensure_ascii=False) if entry.details else ""
        writer.writerow(defused([entry.happened_at.isoformat(), entry.actor, entry.action, entry.subject, told]))
    note(center, "audit log exported", "audit log", rows=len(found))
    return out.getvalue().encode("utf-8", "backslashreplace")


def _for_admins(center: CommandCenter) -> None:
    from core.services.access.actor import Right  # here, as access notes in this log

    center.actor.require(Right.SETTINGS)
