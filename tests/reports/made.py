"""A report with names that try to break it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.charts.forecast import ForecastBar
from core.reports.document import BridgeChart, Figure, PairChart, RangeChart, Report, Section
from core.transfer.table import Kind, Table, TableColumn

HOSTILE = (
    "<b>bold</b> **stars** [link](javascript:alert(1)) {nb}",
    "שלום עולם",
    "محمد علي",
    "李小龙 김민수 山田",
    "Ana 😀🏠👨‍👩‍👧 Lima",
    "\u202eevil\u202c \x00\x07\x1b[31m",
    "x" * 2_000,
    "=HYPERLINK(\"http://example.org\")",
    "Zoë Ångström ไทย हिन्दी",
    "",
)  # fmt: skip
MADE_AT = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


def table(names: tuple[str, ...]) -> Table:
    columns = (
        TableColumn("Lead"),
        TableColumn("Agent"),
        TableColumn("Seen", Kind.MOMENT),
        TableColumn("$", Kind.MONEY),
    )
    return Table(columns, [(name, name, MADE_AT, Decimal("-1234.50")) for name in names])


def report(names: tuple[str, ...] = HOSTILE, rows: int = 1) -> Report:
    """Every kind of part, with ``names`` wherever text of others may stand."""
    bars = tuple(ForecastBar(name, 1000.0, 2500.0, 4000.0) for name in names)
    steps = tuple((name, 100.0 * (-1) ** place) for place, name in enumerate(names[:6]))
    after = 900.0 + sum(change for _, change in steps)
    pairs = tuple((name, 7.0, 3.0) for name in names)
    return Report(
        title="Weekly report",
        heading=(f"Agent: {', '.join(names)}",),
        made_at=MADE_AT,
        zone=ZoneInfo("America/Chicago"),
        sections=(
            Section("Ranges", names, tuple(Figure(name, name, name) for name in names),
                    RangeChart("Money", "USD", True, bars), table(names * rows), "People", note="How it was made"),
            Section("Pairs", chart=PairChart("By source", "Leads", False, ("This week", "Before"), pairs)),
            Section("Bridge", chart=BridgeChart("Why", ("Then", "Now"), 900.0, steps, after)),
            Section("Nothing", missing="12 closings so far; 30 are needed for a forecast."),
        ),
    )  # fmt: skip
