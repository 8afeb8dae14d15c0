"""A report as a file: plain values in, the bytes of a PDF or a slide deck out. Nothing here reads a store."""

from core.reports.document import BridgeChart, Chart, Figure, PairChart, RangeChart, Report, Section

__all__ = ["BridgeChart", "Chart", "Figure", "PairChart", "RangeChart", "Report", "Section"]
