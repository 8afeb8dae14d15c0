"""Who changed what: noted by the services that change something, searched and exported here.

Details hold plain values such as a threshold before and after; names, addresses and words of leads never stand here.
"""

from __future__ import annotations

import csv
import io
import json
import logging
from typing import TYPE_CHECKING, Any, Final

from core.errors import JorgeError
from core.leads import utc_now

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.audit import AuditEntry

DASHBOARD: Final = "dashboard"
WATCH: Final = "automatic watch"
MOST_ROWS: Final = 50_000
COLUMNS: Final = ("happened_at", "actor", "action", "subject", "details")
_log = logging.getLogger(__name__)


def note(center: CommandCenter, action: str, subject: str, actor: str = DASHBOARD, **details: Any) -> None:
    """Keep that ``actor`` did ``action`` to ``subject``.

    What is noted has happened already, so a database that is down is told in the process's own log and stops nothing.
    """
    from core.store.audit import AuditEntry  # here: printing a token must not wait for a database

    try:
        center.store.audit.add(AuditEntry(utc_now(), actor, action, subject, details))
    except JorgeError as error:
        _log.warning("Not in the audit log: %s %s (%s)", action, subject, error)


def set_and_note(center: CommandCenter, key: str, value: Any, actor: str = DASHBOARD) -> None:
    """Keep a setting of the workspace, and who changed it from what to what. Raises StoreUnavailable."""
    before = center.setting(key)
    center.set_setting(key, value)
    if before != value:
        note(center, "setting changed", key, actor, before=before, after=value)


def find(center: CommandCenter, words: str = "", most: int = 50, skip: int = 0) -> list[AuditEntry]:
    """The newest entries that hold ``words``. Raises StoreUnavailable."""
    return center.store.audit.find(words, most=most, skip=skip)


def audit_as_csv(center: CommandCenter, words: str = "") -> bytes:
    """The newest 50,000 entries that hold ``words`` as UTF-8 CSV under ``COLUMNS``, safe to open in a spreadsheet."""
    from core.transfer import defused

    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for entry in center.store.audit.find(words, most=MOST_ROWS):
        told = json.dumps(dict(entry.details), ensure_ascii=False) if entry.details else ""
        writer.writerow(defused([entry.happened_at.isoformat(), entry.actor, entry.action, entry.subject, told]))
    note(center, "audit log exported", "audit log")
    return out.getvalue().encode("utf-8", "backslashreplace")
