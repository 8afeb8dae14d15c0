"""The catalog of 28 features and how each is computed from a lead's history."""

from core.features.catalog import CATALOG, INDEX, NAMES, UNKNOWN, Feature
from core.features.evidence import forget_texts
from core.features.extraction import extract, stated_midpoint, values_of
from core.features.signal import LeadFeatures, Signal
from core.features.text.read import signals_in

__all__ = [
    "CATALOG",
    "INDEX",
    "NAMES",
    "UNKNOWN",
    "Feature",
    "LeadFeatures",
    "Signal",
    "extract",
    "forget_texts",
    "signals_in",
    "stated_midpoint",
    "values_of",
]
