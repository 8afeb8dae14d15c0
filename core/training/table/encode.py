"""Own columns into numbers: what kind each is, and encoders that saw the training part only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import UNKNOWN
from core.scoring.own_column import CATEGORY, DATE, NUMBER, OwnColumn, folded
from core.training.table.cells import Column
from core.training.table.places import place_of

READ_SHARE: Final = 0.95  # of the cells that tell something: then it is a column of numbers, or of dates
UNIQUE_SHARE: Final = 0.9
TEXT_SHARE: Final = 0.4
MOST_CATEGORIES: Final = 300
FEWEST_OF_A_CATEGORY: Final = 5
_FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Unfit:
    """A column that nothing can be learned from, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """``columns`` as they are served, and ``matrix`` float32 (n, columns) of the training rows.

    Categories stand in the matrix as the other folds' rows would place them, so that no row tells its own outcome.
    """

    columns: tuple[OwnColumn, ...]
    matrix: NDArray[np.float32]


def kind_of(column: Column) -> OwnColumn | Unfit:
    """How a column is read, judged by the rows to learn from, without their outcome."""
    present = column.present
    known = int(column.known.sum())
    if not known:
        return Unfit(column.name, "tells nothing in the rows to learn from")
    if len(present) == 1 and known == len(column.codes):
        return Unfit(column.name, f"is always the same ({present[0][:40]!r})")
    numbers = column.as_numbers()
    if np.isfinite(numbers).sum() >= READ_SHARE * known:
        if _counts_up(numbers[np.isfinite(numbers)], known):
            return Unfit(column.name, "is an identifier: another number for every row")
        return OwnColumn(column.name, NUMBER, shift=float(np.nanmin(numbers)))
    days = column.as_days()
    if np.isfinite(days).sum() >= READ_SHARE * known:
        return OwnColumn(column.name, DATE, shift=float(np.floor(np.nanmin(days))), day_first=column.day_first)
    return _kind_of_text(column, present, known)


def _counts_up(numbers: NDArray[np.float64], known: int) -> bool:
    """Whole numbers, nearly all different, that fill their range as a counter does, or are too long to be amounts."""
    different = np.unique(numbers)
    if known < 30 or len(different) < UNIQUE_SHARE * known or (different != np.floor(different)).any():
        return False
    spread = different[-1] - different[0] + 1
    return bool(spread <= 2 * known or different[0] >= 1e9)


def _kind_of_text(column: Column, present: list[str], known: int) -> OwnColumn | Unfit:
    different = len({folded(text) for text in present})
    if different >= UNIQUE_SHARE * known and known >= 30:
        words = np.mean([len(text.split()) for text in present[:200]])
        return Unfit(column.name, "is free text" if words >= 3 else "is an identifier: another one for every row")
    if different > MOST_CATEGORIES and different > TEXT_SHARE * known:
        return Unfit(column.name, f"is free text or names: {different:,} different ones in {known:,} rows")
    return OwnColumn(column.name, CATEGORY)


def encode(columns: Sequence[Column], converted: NDArray[np.bool_], seed: int) -> tuple[Encoded, tuple[Unfit, ...]]:
    """Fit the encoders of ``columns`` on the rows to learn from."""
    fit, unfit = [], []
    parts = []
    for column in columns:
        kind = kind_of(column)
        if isinstance(kind, Unfit):
            unfit.append(kind)
            continue
        placed, values = _categories(kind, column, converted, seed) if kind.kind == CATEGORY else (kind, None)
        fit.append(placed)
        parts.append(places(placed, column) if values is None else values)
    matrix = np.column_stack(parts) if parts else np.empty((len(converted), 0))
    return Encoded(tuple(fit), matrix.astype(np.float32)), tuple(unfit)


def places(own: OwnColumn, column: Column) -> NDArray[np.float32]:
    """The places of a column's cells as they are served, (n,)."""
    return np.array([place_of(own, text) for text in column.values], dtype=np.float32)[column.codes]


def places_matrix(own: Sequence[OwnColumn], columns: Sequence[Column]) -> NDArray[np.float32]:
    """The same for several columns, (n, own), found by name."""
    by_name = {column.name: column for column in columns}
    rows = len(columns[0].codes) if columns else 0
    return np.column_stack([places(one, by_name[one.name]) for one in own]) if own else np.empty((rows, 0), np.float32)


def _categories(
    kind: OwnColumn, column: Column, converted: NDArray[np.bool_], seed: int
) -> tuple[OwnColumn, NDArray[np.float32]]:
    """Place categories by their share of successes, drawn to the mean of all the more the rarer they are.

    Rare ones, and those beyond the most frequent, share one place.
    """
    from sklearn.model_selection import StratifiedKFold
    from sklearn.preprocessing import TargetEncoder

    names, label = _labels(column)
    known = np.flatnonzero(column.known)
    values = np.full(len(column.codes), UNKNOWN, dtype=np.float32)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    encoder = TargetEncoder(target_type="binary", cv=folds)
    inputs = label[column.codes[known], None]
    happened = converted[known]
    if min(happened.sum(), (~happened).sum()) >= _FOLDS:
        values[known] = encoder.fit_transform(inputs, happened)[:, 0]
    else:
        values[known] = encoder.fit(inputs, happened).transform(inputs)[:, 0] if 0 < happened.sum() < len(known) else 0
    shares = dict(enumerate(_shares(encoder, len(names), float(happened.mean()))))
    told = {name: shares[number] for number, name in enumerate(names) if number}
    apart = _apart(told)
    said = _as_written(column, set(told))
    elsewhere = float(np.float32(shares[0]))
    return OwnColumn(kind.name, CATEGORY, places=apart, names=said, elsewhere=elsewhere), values


def _labels(column: Column) -> tuple[list[str], NDArray[np.int64]]:
    """The categories kept, and for each of the column's values the number of its category; 0 is for all others."""
    counts: dict[str, int] = {}
    for text, count in zip(column.values[1:], column.counts[1:], strict=True):
        counts[folded(text)] = counts.get(folded(text), 0) + int(count)
    fewest = FEWEST_OF_A_CATEGORY if len(counts) > 2 else 1
    frequent = sorted((name for name, count in counts.items() if count >= fewest), key=lambda name: -counts[name])
    names = ["", *frequent[:MOST_CATEGORIES]]
    number = {name: position for position, name in enumerate(names)}
    return names, np.array([0, *(number.get(folded(text), 0) for text in column.values[1:])])


def _shares(encoder: object, count: int, mean: float) -> NDArray[np.float64]:
    """The place of each category by its number; one that has no row to learn from stands at the mean."""
    if not hasattr(encoder, "encodings_"):
        return np.full(count, mean)
    found = np.full(count, float(encoder.target_mean_))  # type: ignore[attr-defined]
    found[encoder.categories_[0].astype(int)] = encoder.encodings_[0]  # type: ignore[attr-defined]
    return np.asarray(np.clip(found, 0.0, 1.0))


def _apart(places_: dict[str, float]) -> dict[str, float]:
    """The same places as float32, moved by the least step where two would be equal, so that each says who it is."""
    last = np.float32(-1)
    found = {}
    for name in sorted(places_, key=lambda name: places_[name]):
        last = max(np.float32(places_[name]), np.nextafter(last, np.float32(2)))
        found[name] = float(last)
    return found


def _as_written(column: Column, kept: set[str]) -> dict[str, str]:
    written: dict[str, str] = {}
    for text in column.present:
        if folded(text) in kept:
            written.setdefault(folded(text), text)
    return written
