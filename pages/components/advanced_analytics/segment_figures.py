"""What the leads of a segment or of a cluster are worth, as cells of a table."""

from __future__ import annotations

from core.store.segments import SegmentSums
from core.transfer.table import Kind, TableColumn, Value

FIGURES = (
    TableColumn("Leads", Kind.COUNT),
    TableColumn("Open", Kind.COUNT),
    TableColumn("Expected", Kind.MONEY),
    TableColumn("Decided", Kind.COUNT),
    TableColumn("Signed", Kind.COUNT),
    TableColumn("Share", Kind.SHARE),
    TableColumn("Share from", Kind.SHARE),
    TableColumn("Share to", Kind.SHARE),
    TableColumn("Came in, 30 days", Kind.COUNT),
    TableColumn("30 days before", Kind.COUNT),
    TableColumn("Change", Kind.COUNT),
)


def figures(sums: SegmentSums, share: float | None, ends: tuple[float, float] | None) -> tuple[Value, ...]:
    """The cells under ``FIGURES``."""
    low, high = ends or (None, None)
    return (
        sums.leads, sums.open, sums.expected_usd, sums.decided, sums.signed, share, low, high, sums.lately, sums.before,
        sums.lately - sums.before,
    )  # fmt: skip
