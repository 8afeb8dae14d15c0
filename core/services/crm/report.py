"""How the connection to the CRM goes, for the settings page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from core.leads import utc_now
from core.services.access import Right, for_right
from core.services.crm.refusals import COUNTED
from core.services.crm.rules import FIELD
from core.services.crm.writing import fields_of

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.crm import CrmEvent, TypeCount

DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class CrmReport:
    """Of the last seven days: events by type and what became of them, and refused ones by reason.

    ``last`` is the event that came last, ever; ``failures`` are the newest that could not be used.
    """

    since: datetime
    last: CrmEvent | None
    counts: Sequence[TypeCount]
    refused: Sequence[tuple[str, int]]
    failures: Sequence[CrmEvent]


@for_right(Right.SETTINGS)
def report(center: CommandCenter) -> CrmReport:
    """As it stands now. Raises StoreUnavailable."""
    since = utc_now() - timedelta(days=DAYS)
    counted = center.store.performance.counts(since)
    refused = {name.removeprefix(COUNTED): n for name, n in counted.items() if name.startswith(COUNTED)}
    table = center.store.crm
    return CrmReport(since, table.last_event(), table.counts(since), sorted(refused.items()), table.failures())


@for_right(Right.SETTINGS)
def custom_fields(center: CommandCenter) -> list[tuple[str, str | None]]:
    """The ids of custom fields that events named, with an example of a value; without those that we write."""
    ours = set(fields_of(center).values())
    return [(name, example) for name, _, example in center.store.crm.names(FIELD) if name not in ours]
