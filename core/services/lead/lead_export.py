"""A view of the list of leads as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from core.services import audit
from core.services.access import narrowed
from core.store import LeadFilter, LeadRow, LeadSort
from core.transfer import defused

if TYPE_CHECKING:
    from core.services.center import CommandCenter

MOST_ROWS = 5_000
_PAGE = 1_000
COLUMNS = (
    "lead_id",
    "name",
    "email",
    "phone",
    "source",
    "agent",
    "stage",
    "area",
    "tier",
    "ml_score",
    "ml_confidence",
    "estimated_sale_price",
    "estimated_commission",
    "created_at",
    "last_activity_at",
    "scored_at",
    "model_version",
)


def leads_as_csv(center: CommandCenter, wanted: LeadFilter, sort: LeadSort, most: int = MOST_ROWS) -> bytes:
    """The first ``most`` (at most 5,000) leads of a view as UTF-8 CSV under ``COLUMNS``.

    Cells that a spreadsheet would run begin with a quotation mark. Raises StoreUnavailable.
    """
    wanted = narrowed(center, wanted)
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    left, page, told = min(most, MOST_ROWS), 1, 0
    while left > 0:
        rows = center.store.browse(wanted, sort, page, _PAGE).rows
        writer.writerows(defused(_cells(row)) for row in rows[:left])
        told += min(left, len(rows))
        left, page = left - len(rows), page + 1
        if len(rows) < _PAGE:
            break
    audit.note(center, "leads exported", "leads", rows=told)
    return out.getvalue().encode("utf-8", "backslashreplace")


def _cells(row: LeadRow) -> list[str]:
    told = (
        row.lead_id,
        row.name,
        row.email,
        row.phone,
        row.source,
        row.agent,
        row.stage.value,
        row.area,
        row.shown_tier and row.shown_tier.value,
        None if row.ml_score is None else f"{row.ml_score:.2f}",
        None if row.confidence is None else f"{row.confidence:.4f}",
        row.sale_price_usd,
        row.commission_usd,
        row.created_at and row.created_at.isoformat(),
        row.last_activity_at and row.last_activity_at.isoformat(),
        row.scored_at and row.scored_at.isoformat(),
        row.model_version,
    )
    return ["" if value is None else str(value) for value in told]
