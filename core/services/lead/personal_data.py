"""What is kept of a person: shown, handed out as a file, and erased everywhere when they ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import orjson

from core.errors import FeedUnavailable, InputError, NotFound
from core.features import NAMES
from core.leads import utc_now
from core.services import audit
from core.services.access import Right, for_right
from core.services.live import tell

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from core.services.center import CommandCenter
    from core.store.personal import Contact

PENDING: Final = "erasures_pending"
MOST_LEADS: Final = 100


@dataclass(frozen=True, slots=True)
class Erased:
    """Rows that went, by table; ``in_redis`` is None while Redis is down, and is made up for when it is back."""

    leads: int
    rows: dict[str, int] = field(default_factory=dict)
    in_redis: int | None = None


@for_right(Right.SETTINGS)
def find(center: CommandCenter, who: str) -> list[Contact]:
    """Leads of the person with the e-mail address, phone number or lead id ``who``; a person may be several leads.

    Raises InputError for an empty text, StoreUnavailable.
    """
    from core.store.personal import contacts_of

    wanted = who.strip()
    if not wanted:
        raise InputError("nothing to look for; give an e-mail address, a phone number or a lead's id")
    with center.store.database.read() as connection:
        return contacts_of(connection, wanted)


@for_right(Right.SETTINGS)
def held(center: CommandCenter, lead_ids: Sequence[str]) -> dict[str, int]:
    """How many rows each table holds of the leads. Raises StoreUnavailable."""
    from core.store.personal import count_of

    with center.store.database.read() as connection:
        return count_of(connection, _checked(lead_ids))


@for_right(Right.SETTINGS)
def export(center: CommandCenter, lead_ids: Sequence[str]) -> bytes:
    """Everything that is kept of the leads, as JSON: an object a table, scores with their features by name.

    Raises NotFound when none of the leads is stored, StoreUnavailable.
    """
    from core.store.personal import rows_of

    with center.store.database.read() as connection:
        rows = rows_of(connection, _checked(lead_ids))
    if not rows["leads"]:
        raise NotFound(f"there is no lead {', '.join(lead_ids)[:200]}; look it up by e-mail address or phone number")
    for score in rows["scores"]:
        for packed in ("features", "contributions"):
            score[packed] = dict(zip(NAMES, score[packed], strict=False))
    audit.note(center, "person exported", audit.mark(lead_ids), leads=len(lead_ids))
    whole = {"exported_at": utc_now(), "kept": {name: found for name, found in rows.items() if found}}
    return orjson.dumps(whole, default=_as_json, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)


@for_right(Right.SETTINGS)
def erase(center: CommandCenter, lead_ids: Sequence[str]) -> Erased:
    """Delete the leads with all that hangs on them: the record, the feed, what waits in Redis, open screens.

    What cannot be reached now (Redis is down) is kept in mind and done as soon as it can be. Counts of past days stay;
    they name nobody. Raises NotFound when none of the leads is stored, StoreUnavailable.
    """
    wanted = _checked(lead_ids)
    with center.store.database.write() as connection:
        rows = _erase(connection, wanted)
    if not rows["leads"]:
        raise NotFound(f"there is no lead {', '.join(wanted)[:200]}; it may be erased already")
    return _erased(center, wanted, rows)


@for_right(Right.SETTINGS)
def erase_unheard(center: CommandCenter, before: datetime) -> int:
    """Erase a portion of the leads that nobody has heard from since ``before`` and that did not sign.

    Returns how many went; a lead that writes now is kept, as both are looked at in one transaction. Raises
    StoreUnavailable.
    """
    from core.store.personal import unheard_since

    with center.store.database.write() as connection:
        lead_ids = unheard_since(connection, before, MOST_LEADS)
        rows = _erase(connection, lead_ids) if lead_ids else {}
    return _erased(center, lead_ids, rows).leads if rows else 0


def _erase(connection: Connection, lead_ids: list[str]) -> dict[str, int]:
    """The rows that went, by table; what is not in the record is kept in mind."""
    from core.store.feed import set_workspace_value, workspace_value
    from core.store.personal import erase as erase_rows

    rows = erase_rows(connection, lead_ids)
    if rows["leads"]:
        waiting = workspace_value(connection, PENDING) or []
        set_workspace_value(connection, PENDING, sorted({*waiting, *lead_ids}))
    return rows


def _erased(center: CommandCenter, wanted: list[str], rows: dict[str, int]) -> Erased:
    center.kept.clear()  # lists of a page hold names
    audit.note(center, "person erased", audit.mark(wanted), leads=rows["leads"], rows=sum(rows.values()))
    return Erased(rows["leads"], rows, finish_pending(center))


@for_right(Right.SETTINGS)
def finish_pending(center: CommandCenter) -> int | None:
    """Take what was erased out of Redis and off open screens; None while Redis is down. Raises StoreUnavailable."""
    from core.realtime.forgetting import forget_leads
    from core.realtime.passing import LEAD_ERASED
    from core.store.feed import set_workspace_value, workspace_value

    waiting = center.store.workspace(PENDING) or []
    if not waiting:
        return 0
    try:
        gone = forget_leads(center.redis_url, waiting)
    except FeedUnavailable:
        for lead_id in waiting:  # the screens of this process at least
            tell(center, LEAD_ERASED, lead_id=lead_id)
        return None
    with center.store.database.write() as connection:
        left = set(workspace_value(connection, PENDING) or []) - set(waiting)
        set_workspace_value(connection, PENDING, sorted(left))
    return gone


def _checked(lead_ids: Sequence[str]) -> list[str]:
    if not 1 <= len(lead_ids) <= MOST_LEADS:
        raise InputError(f"{len(lead_ids)} leads are named; must be 1 to {MOST_LEADS} at a time")
    return list(lead_ids)


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not known to JSON")
