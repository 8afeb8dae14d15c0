"""Areas: what each brings, and where it lies as far as a person has said."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from core.errors import FileError, InputError
from core.leads import utc_now
from core.leads.text import LINE_CHARACTERS
from core.scoring.selective import wilson
from core.services import audit
from core.services.access import Right, for_right
from core.services.commission.closing_chances import expecting
from core.store import LeadFilter
from core.store.figures.areas import AreaSums, Place
from core.store.filters import check_text
from core.words import counted

if TYPE_CHECKING:
    from core.services.center import CommandCenter

MOST_PLACES: Final = 5_000
MOST_BYTES: Final = 2_000_000
HEADERS: Final = ("area", "latitude", "longitude")
ALIASES: Final = {"lat": "latitude", "lon": "longitude", "lng": "longitude", "long": "longitude", "name": "area"}


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """An area's sums, the interval at 95 % of its signed share (None without a decided lead), and where it lies."""

    sums: AreaSums
    share: float | None
    share_ends: tuple[float, float] | None
    place: Place | None


@for_right(Right.MONEY)
def areas(center: CommandCenter, wanted: LeadFilter, today: date) -> list[AreaFigures]:
    """Every area of the leads that ``wanted`` lets through, most leads first. Raises StoreUnavailable."""
    rates = expecting(center, today)
    key = ("areas", wanted, today, rates.default)
    return center.analysed(key, lambda: _areas(center, wanted, today))


@for_right(Right.MONEY)
def places(center: CommandCenter) -> dict[str, Place]:
    """Where areas lie, by name. Raises StoreUnavailable."""
    return center.per_version("area_places", center.store.areas.places)


@for_right(Right.MONEY)
def put(center: CommandCenter, told: Mapping[str, Place]) -> None:
    """Keep where areas lie. Raises InputError for what is no place on earth, StoreUnavailable."""
    for area, place in told.items():
        check_text(area, "area", LINE_CHARACTERS)
        if not area.strip():
            raise InputError("area is empty; name the area as the table does")
        _check(place)
    center.store.areas.place(told, utc_now(), center.actor.name)
    audit.note(center, "areas placed", counted(len(told), "area"))


@for_right(Right.MONEY)
def forget(center: CommandCenter, area: str) -> None:
    """Forget where an area lies. Raises StoreUnavailable."""
    center.store.areas.forget([area])
    audit.note(center, "area's place forgotten", area)


def places_in(content: bytes) -> dict[str, Place]:
    """The areas of a CSV file with the columns area, latitude and longitude, in any order.

    Raises FileError for a file that is none, with the line that cannot be used.

    >>> places_in(b"Area,Latitude,Longitude\\nZilker,30.267,-97.773\\n")
    {'Zilker': Place(latitude=30.267, longitude=-97.773)}
    """
    from core.transfer.encoding import ASCII_SO_FAR, detect, opening
    from core.transfer.limits import HEAD_BYTES

    if len(content) > MOST_BYTES:
        raise FileError(f"the file has {len(content):,} bytes; at most {MOST_BYTES:,}")
    codec = detect(content[:HEAD_BYTES])
    known = codec.startswith(("utf", ASCII_SO_FAR))
    text = content.decode(*opening(codec if known else "cp1252"))  # the few words of such a file let no other be told
    first = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        columns = _columns(next(rows, []))
        found: dict[str, Place] = {}
        lines: dict[str, int] = {}
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            area, place = _place_in(cells, columns, rows.line_num)
            if found.setdefault(area, place) != place:
                raise FileError(f"lines {lines[area]} and {rows.line_num} put {area[:40]!r} in two places; keep one")
            lines.setdefault(area, rows.line_num)
            if len(found) > MOST_PLACES:
                raise FileError(f"the file names more than {MOST_PLACES:,} areas")
    except csv.Error as error:
        raise FileError(f"line {rows.line_num}: {error}") from error
    if not found:
        raise FileError("the file names no area; give a line for each, after the header")
    return found


def _columns(header: list[str]) -> list[int]:
    """Where area, latitude and longitude stand."""
    told = [cell.strip().lower() for cell in header]
    names = [ALIASES.get(name, name) for name in told]
    missing = [name for name in HEADERS if name not in names]
    if missing:
        raise FileError(f"the file has no column {' and no column '.join(missing)}; needed: {', '.join(HEADERS)}")
    return [names.index(name) for name in HEADERS]


def _place_in(cells: list[str], columns: list[int], line: int) -> tuple[str, Place]:
    if len(cells) <= max(columns):
        raise FileError(f"line {line} has {counted(len(cells), 'cell')}; needed: area, latitude, longitude")
    area, *told = (cells[column].strip() for column in columns)
    if not area:
        raise FileError(f"line {line}: area is empty")
    try:
        place = Place(float(told[0]), float(told[1]))
        _check(place)
    except ValueError as error:
        raise FileError(f"line {line}: {told[0][:40]!r} and {told[1][:40]!r} must be degrees such as 30.267") from error
    except InputError as error:
        raise FileError(f"line {line}: {error}") from error
    return area, place


def _check(place: Place) -> None:
    if not -90 <= place.latitude <= 90:
        raise InputError(f"latitude is {place.latitude}; must be from -90 to 90 degrees north")
    if not -180 <= place.longitude <= 180:
        raise InputError(f"longitude is {place.longitude}; must be from -180 to 180 degrees east")


def _areas(center: CommandCenter, wanted: LeadFilter, today: date) -> list[AreaFigures]:
    known = center.store.areas.places()
    found = []
    for one in center.store.areas.sums(wanted, expecting(center, today), utc_now()):
        ends = wilson(one.signed, one.decided) if one.decided else None
        share = one.signed / one.decided if one.decided else None
        found.append(AreaFigures(one, share, ends, known.get(one.area or "")))
    return found
