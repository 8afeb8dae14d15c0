"""The file's columns that a CRM is known to have, as features of the catalog of 28."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features import values_of
from core.features.catalog import CATALOG, NAMES, UNKNOWN
from core.leads import utc_now
from core.training.table.places import SECONDS_A_DAY
from core.training.table.read import Table
from core.transfer import Mapping, ReadLead, start_reading
from core.transfer.headers import ENDS, MEASURED
from core.transfer.rows import parser_for

WHO: Final = frozenset({"lead_id", "name", "first_name", "last_name", "email", "phone"})
NOT_FOR_LEARNING: Final = dict.fromkeys(WHO, "says who the lead is; used only to keep a person's rows together") | {
    "note": "is what your team wrote, often once the outcome was known"
}
AS_THEY_ARE: Final = ENDS | {"source", "agent", "side", "tags", "created_at"}  # tell none of the 28
_UNREADABLE_SHARE: Final = 0.05
_LOOKED_AT: Final = 300
_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class CatalogPart:
    """``features`` float32 (n, 28) of the table's rows; ``fields`` the target of each column that they came from."""

    features: NDArray[np.float32]
    fields: dict[str, str]


def readable_fields(table: Table, as_of: datetime) -> dict[str, str]:
    """Columns that tell features of the 28, and whose cells can be read as what their name says."""
    found = {}
    for column in table.columns:
        target = table.mapping.fields.get(column.name)
        if target is None or target in NOT_FOR_LEARNING or target in AS_THEY_ARE:
            continue
        parse = parser_for(target, column.day_first, as_of)
        looked_at = column.present[:_LOOKED_AT]
        unreadable = sum(not _reads(parse, text) for text in looked_at)
        if looked_at and unreadable <= _UNREADABLE_SHARE * len(looked_at):
            found[column.name] = target
    return found


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def catalog_part(path: Path, table: Table, as_of: datetime, tell: Callable[[str, int], None]) -> CatalogPart:
    """The features that the file tells, as of ``as_of``; a row that cannot be read as a lead tells none."""
    fields = readable_fields(table, as_of)
    features = np.full((len(table), len(NAMES)), UNKNOWN, dtype=np.float32)
    if not fields:
        return CatalogPart(features, fields)
    dates = {column: target for column, target in table.mapping.fields.items() if target == "created_at"}
    reading, rows = start_reading(path, Mapping(table.mapping.format, fields | dates), as_of, table.dialect)
    place = {number: position for position, number in enumerate(table.row_numbers.tolist())}
    wanted = (row for row in rows if row[0] in place)
    for done, row in enumerate(reading.leads(wanted), start=1):
        if isinstance(row, ReadLead):
            features[place[row.row_number]] = values_of(row.history, as_of)
        if done % _EVERY == 0:
            tell("Reading what leads said and did", done)
    return CatalogPart(features, fields)


def latest_moment(table: Table) -> datetime:
    """When the file was exported, as far as it tells: its latest date that is not ahead of us, else now."""
    now = utc_now()
    days = [column.as_days() for column in table.columns if table.mapping.fields.get(column.name) in _DATED]
    days += [table.day] if table.day is not None else []
    moments = np.concatenate([*days, [np.nan]]) * SECONDS_A_DAY
    past = moments[moments <= now.timestamp()]
    return datetime.fromtimestamp(float(past.max()), UTC) if len(past) else now


_DATED: Final = frozenset({"created_at", "last_activity_at"})
_MAKES: Final = {
    "last_activity_at": "days_since_last_interaction",
    "touches": "interaction_count",
    "page_views": "property_views",
}


def columns_behind(feature: str, fields: dict[str, str]) -> list[str]:
    """The file's columns that one feature came from, as far as the target says; else its label.

    >>> columns_behind("property_views", {"Pageviews": "page_views"}), columns_behind("areas_named", {})
    (['Pageviews'], ['Areas named'])
    """
    return _direct(feature, fields) or [CATALOG[NAMES.index(feature)].label]


def single_column(feature: str, fields: dict[str, str]) -> str | None:
    """The one column of the file that tells a feature by itself; None where several do, or words.

    >>> single_column("property_views", {"Pageviews": "page_views"}), single_column("areas_named", {})
    ('Pageviews', None)
    """
    direct = _direct(feature, fields)
    return direct[0] if len(direct) == 1 else None


def _direct(feature: str, fields: dict[str, str]) -> list[str]:
    return [name for name, target in fields.items() if target == MEASURED + feature or _MAKES.get(target) == feature]
