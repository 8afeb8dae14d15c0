"""What a workspace does by itself to keep no more than it should: erasures made up for, and leads kept too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from core.errors import InputError
from core.leads import utc_now
from core.services import audit
from core.services.access import RETENTION, Right, for_right
from core.services.lead.personal_data import erase_unheard, finish_pending
from core.services.running.repeated import Repeated
from core.services.scores.remembered import forget_texts

if TYPE_CHECKING:
    from core.services.center import CommandCenter

KEEP_MONTHS: Final = "keep_leads_months"
MOST_MONTHS: Final = 120
EVERY: Final = timedelta(days=1)
LOOK_S: Final = 60.0
_DAYS_A_MONTH: Final = 30.4375  # a twelfth of 365.25


@for_right(Right.SETTINGS)
def keep_months(center: CommandCenter) -> int | None:
    """After how many months without a word a lead that did not sign is erased; None (the default) for never."""
    kept = center.setting(KEEP_MONTHS)
    return kept if isinstance(kept, int) and kept > 0 else None


@for_right(Right.SETTINGS)
def set_keep_months(center: CommandCenter, months: int | None) -> None:
    """Keep the rule, None for none. Raises InputError, StoreUnavailable."""
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise InputError(f"months is {months}; must be from 1 to {MOST_MONTHS}, or none")
    audit.set_and_note(center, KEEP_MONTHS, months)


@for_right(Right.SETTINGS)
def kept_too_long(center: CommandCenter, months: int, now: datetime | None = None) -> int:
    """How many leads the rule would erase now. Raises StoreUnavailable."""
    from core.store.personal import unheard_count

    with center.store.database.read() as connection:
        return unheard_count(connection, _before(months, now or utc_now()))


@for_right(Right.SETTINGS)
def erase_kept_too_long(center: CommandCenter, now: datetime | None = None) -> int:
    """Erase what the rule says, in portions; returns how many leads went. Raises StoreUnavailable."""
    months, gone = keep_months(center), 0
    by_rule = center.acting_as(RETENTION)
    while months is not None and (some := erase_unheard(by_rule, _before(months, now or utc_now()))):
        gone += some
    return gone


def _before(months: int, now: datetime) -> datetime:
    return now - timedelta(days=months * _DAYS_A_MONTH)


class Housekeeping(Repeated):
    """A thread from ``start`` to ``close``; any number of processes may run one."""

    what = "Housekeeping"

    def __init__(self, center: CommandCenter, look_s: float = LOOK_S) -> None:
        super().__init__(look_s)
        self._center = center

    def _turn(self) -> None:
        forget_texts()  # a lead may have been erased in another process
        self._center.kept.clear()
        finish_pending(self._center)
        due = keep_months(self._center) is not None
        if due and self._center.store.turns.take("retention", EVERY, utc_now()):
            erase_kept_too_long(self._center)
