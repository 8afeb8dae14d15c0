"""Location: how exactly the lead says where, and how many areas it names."""

from __future__ import annotations

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence
from core.features.text.area_words import DIRECTIONS, QUARTER_MARKS
from core.features.text.places import CITIES, SHORT_FORMS, STATES

REGION, QUARTER, STREET = 1.0, 2.0, 3.0
_WIDE = frozenset({"greater", "metro", "metropolitan", "northern", "southern", "eastern", "western"})


def _is_known(name: str) -> bool:
    return name in CITIES or name in STATES or name in SHORT_FORMS


def specificity(name: str, city_named: bool = False) -> float:
    """Return how exact the name of an area is: 1 city or region, 2 neighbourhood.

    ``city_named`` says that the lead also names a city that is known: an unknown name then lies within it.

    >>> [specificity(name) for name in ("Austin", "Downtown Austin", "Alamo Heights", "Texas")]
    [1.0, 2.0, 2.0, 1.0]
    """
    low = " ".join(name.lower().split())
    words = low.split()
    if _is_known(low) or words[0] in _WIDE or words[-1] in ("county", "area"):
        return REGION
    if words[0] in DIRECTIONS or words[-1] in QUARTER_MARKS:
        return QUARTER
    return QUARTER if city_named else REGION


def location_specificity(evidence: Evidence) -> float:
    """0 none, 1 city or region, 2 neighbourhood or ZIP code, 3 street or listing; the most exact one named.

    >>> from core.features.evidence import said
    >>> texts = ("A house", "in San Jose", "in Downtown Austin", "in 78704", "Is 12 Elm Street sold?")
    >>> [location_specificity(said(text)) for text in texts]
    [0.0, 1.0, 2.0, 2.0, 3.0]
    """
    if evidence.of("address"):
        return STREET
    if evidence.of("zip"):
        return QUARTER
    areas = evidence.of("area")
    if areas:
        names = [str(signal.value).lower() for signal in areas]
        city_named = any(name in CITIES for name in names)
        return max(specificity(name, city_named) for name in names)
    return 0.0 if evidence.wrote or evidence.lead.location_preference else UNKNOWN


def areas_named(evidence: Evidence) -> float:
    """Number of different areas and ZIP codes named.

    >>> from core.features.evidence import said
    >>> areas_named(said("in San Jose or Fremont", "in san jose, 95112"))
    3.0
    """
    named = evidence.of("area") + evidence.of("zip")
    if named:
        return float(len({str(signal.value).lower() for signal in named}))
    return 0.0 if evidence.wrote or evidence.lead.location_preference else UNKNOWN
