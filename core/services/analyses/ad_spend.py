"""What lead sources cost: uploaded with a preview, kept, taken away, and set against what the sources brought."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from core.errors import FileError
from core.leads import utc_now
from core.leads.clock import month_after
from core.leads.money import CENT
from core.services import audit
from core.services.access import Right, for_right
from core.services.analyses.attribution import Attribution, Kind, attribution
from core.services.lead import leads
from core.store import LeadFilter
from core.store.spend import StoredSpend

if TYPE_CHECKING:
    from core.analytics.attribution import Model
    from core.services.center import CommandCenter
    from core.transfer.spend import SpendRow

MOST_BYTES: Final = 2_000_000
HEADER: Final = ("channel", "month", "amount_usd")
UTC_ZONE: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Preview:
    """Rows that can be kept, sources spelt as leads or the spend kept do; what cannot; and sources without a lead."""

    rows: tuple[SpendRow, ...]
    problems: tuple[str, ...]
    unknown: tuple[str, ...]
    blank: int

    @property
    def total_usd(self) -> Decimal:
        """The sum of the rows."""
        return sum((row.amount_usd for row in self.rows), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a channel cost and brought: its leads and credited closings of the months with spend.

    A figure is None where it would be divided by nothing. ``months`` of the span have spend of this channel.
    """

    label: str
    spent_usd: Decimal
    months: int
    leads: int
    closings: float
    gci_usd: Decimal

    @property
    def per_lead_usd(self) -> Decimal | None:
        """Dollars a lead."""
        return (self.spent_usd / self.leads).quantize(CENT) if self.leads else None

    @property
    def per_closing_usd(self) -> Decimal | None:
        """Dollars a credited closing; None under a twentieth of one."""
        return (self.spent_usd / Decimal(repr(self.closings))).quantize(CENT) if self.closings >= 0.05 else None

    @property
    def gci_per_dollar(self) -> float | None:
        """Commission earned for each dollar spent."""
        return float(self.gci_usd / self.spent_usd) if self.spent_usd else None


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of the months from ``first`` to ``last`` (their first days), whole ones.

    ``counted`` are the leads that they are set against: those of the same months.
    """

    first: date
    last: date
    counted: LeadFilter
    costs: tuple[Cost, ...]
    found: Attribution


@for_right(Right.MONEY)
def spend(center: CommandCenter) -> tuple[StoredSpend, ...]:
    """All that is kept, by channel and month. Raises StoreUnavailable."""
    return center.per_version("ad spend", lambda: tuple(center.store.spend.all()))


@for_right(Right.MONEY)
def preview(center: CommandCenter, file: bytes) -> Preview:
    """What a file holds, before anything is kept. Raises FileError for one that cannot be used at all."""
    from core.transfer.spend import read_spend

    if len(file) > MOST_BYTES:
        raise FileError(f"The file has {len(file):,} bytes; at most {MOST_BYTES:,}. A row is a channel and a month.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spend.csv"
        path.write_bytes(file)
        read = read_spend(path)
    sources = leads.facets(center).sources
    own = {name.casefold(): name for name in (*(one.channel for one in spend(center)), *sources)}
    spelt: dict[tuple[str, date], SpendRow] = {}
    problems = list(read.problems)
    for row in read.rows:
        named = replace(row, channel=own.get(row.channel.casefold(), row.channel))
        twin = spelt.setdefault((named.channel, named.month), named)
        if twin is not named:
            problems.append(f"row {row.number}: the source and month of row {twin.number} again. Add them up.")
    rows = tuple(spelt.values())
    unknown = sorted({row.channel for row in rows} - set(sources))
    return Preview(rows, tuple(problems), tuple(_unknown(name, list(sources)) for name in unknown), read.blank)


@for_right(Right.MONEY)
def save(center: CommandCenter, rows: Sequence[SpendRow], replace_all: bool) -> None:
    """Keep the rows in place of those of the same channel and month, or of all. Raises StoreUnavailable."""
    now, by = utc_now(), center.actor.name
    center.store.spend.put([StoredSpend(r.channel, r.month, r.amount_usd, now, by) for r in rows], replace_all)
    total = sum((row.amount_usd for row in rows), Decimal("0.00"))
    audit.note(center, "spend uploaded", "spend", rows=len(rows), usd=str(total), replaced_all=replace_all)


@for_right(Right.MONEY)
def remove(center: CommandCenter, channel: str | None) -> int:
    """Take away what is kept of a channel, or (None) all of it; returns how many rows. Raises StoreUnavailable."""
    rows = center.store.spend.remove(channel)
    audit.note(center, "spend deleted", channel or "all channels", rows=rows)
    return rows


@for_right(Right.MONEY)
def template(center: CommandCenter) -> bytes:
    """A CSV to fill in: each of the team's sources with this month and an empty amount."""
    from core.transfer.table import Table, TableColumn, as_csv

    month = f"{utc_now():%Y-%m}"
    rows = [(source, month, None) for source in leads.facets(center).sources]
    return as_csv(Table(tuple(TableColumn(name) for name in HEADER), rows))


@for_right(Right.MONEY)
def costs(center: CommandCenter, wanted: LeadFilter, model: Model, lookback_days: int,
          half_life_days: int, zone: ZoneInfo = UTC_ZONE) -> Costs | None:  # fmt: skip
    """Costs of the sources against their leads and credits of the same months; None without spend in the period.

    Spend is told by month, so all leads of each month that the period touches count, from the first to the last with
    spend: a part of them against the whole spend would look dear. Months are those of ``zone``.
    """
    kept = [one for one in spend(center) if _inside(one.month, wanted, zone)]
    kept = [one for one in kept if not wanted.sources or one.channel in wanted.sources]
    if not kept:
        return None
    first, last = min(one.month for one in kept), max(one.month for one in kept)
    counted = replace(wanted, created_from=_moment(first, zone), created_to=_moment(month_after(last), zone))
    found = attribution(center, counted, lookback_days, half_life_days)
    return Costs(first, last, counted, _by_channel(center, kept, found, model, counted), found)


def _by_channel(
    center: CommandCenter, kept: Sequence[StoredSpend], found: Attribution, model: Model, counted: LeadFilter
) -> tuple[Cost, ...]:
    paid: dict[str, list[Decimal]] = {}
    for one in kept:
        paid.setdefault(one.channel, []).append(one.amount_usd)
    told: list[Cost] = []
    for channel in found.channels:
        mine = [name for name in channel.sources if name in paid]
        if channel.kind is Kind.CONTACT or not mine:
            continue
        amounts = [amount for name in mine if name is not None for amount in paid.pop(name)]
        gci = Decimal(repr(channel.gci_usd[model])).quantize(CENT)
        told.append(
            Cost(channel.label, sum(amounts, Decimal(0)), len(amounts), channel.leads, channel.closings[model], gci)
        )
    arrived = _leads_of(center, counted, paid)
    told += [
        Cost(name, sum(rest, Decimal(0)), len(rest), arrived[name], 0.0, Decimal(0)) for name, rest in paid.items()
    ]
    return tuple(sorted(told, key=lambda one: (-one.spent_usd, one.label)))


def _leads_of(center: CommandCenter, counted: LeadFilter, names: Mapping[str, object]) -> dict[str, int]:
    """Leads of sources none of whose leads is decided yet."""
    return {name: center.store.browse(replace(counted, sources=(name,)), page_size=1).total for name in names}


def _unknown(name: str, own: Sequence[str]) -> str:
    near = get_close_matches(name, own, 1)
    return f"{name} (did you mean {near[0]}?)" if near else name


def _inside(month: date, wanted: LeadFilter, zone: ZoneInfo) -> bool:
    begins, ends = _moment(month, zone), _moment(month_after(month), zone)
    return (wanted.created_from is None or ends > wanted.created_from) and (
        wanted.created_to is None or begins < wanted.created_to
    )


def _moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
