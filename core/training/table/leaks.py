"""Columns that know the future, found on the rows to learn from.

A column is suspect when its name is one that CRMs give to outcomes (or speaks of an ending and its values tell the
outcomes apart); when it is filled for one outcome only; when one of its values stands for one outcome only; when its
dates lie after the row's own; or when it *decides*: alone it orders the rows better than all other columns together.
The last is judged by ROC AUC: the column alone, by its encoded place, against a small forest of all columns that are
not near-perfect themselves, by out-of-bag votes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.training.quality import roc_auc
from core.training.table.cells import Column
from core.training.table.suspicion import Suspect, by_filling, by_name, by_values, later_than

NEARLY_DECIDES: Final = 0.95
CERTAIN: Final = 0.995
STANDS_OUT: Final = 0.75
MARGIN: Final = 0.02
FEWEST_OTHERS: Final = 3
MOST_ROWS: Final = 8_000
_TREES, _DEPTH = 60, 8
Matrix = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What the model could read of the rows to learn from: ``names`` of the columns of ``matrix`` (n, names)."""

    names: tuple[str, ...]
    matrix: Matrix

    def without(self, left_out: set[str]) -> Inputs:
        """The same without some columns."""
        kept = [position for position, name in enumerate(self.names) if name not in left_out]
        return Inputs(tuple(self.names[position] for position in kept), self.matrix[:, kept])


def suspects_of(
    inputs: Inputs,
    converted: Flags,
    columns: Sequence[Column],
    day: NDArray[np.float64] | None,
    seed: int,
    behind: Mapping[str, str] = MappingProxyType({}),
) -> list[Suspect]:
    """Every suspect among the inputs, the most telling first.

    ``behind`` names the column that alone tells a feature, which is then judged by that column's name and cells.
    """
    alone = {name: auc_alone(inputs.matrix[:, place], converted) for place, name in enumerate(inputs.names)}
    by_column = {column.name: column for column in columns}
    found: dict[str, Suspect] = {}
    for name, auc in alone.items():
        column = behind.get(name, name)
        reason = by_name(column, auc) or _by_content(by_column.get(column), converted, day)
        if reason is not None:
            told = reason if column == name else f"comes from {column!r}, which {reason}"
            found[name] = Suspect(name, told, round(auc, 4))
    for suspect in _deciding(inputs.without(set(found)), alone, converted, seed):
        found[suspect.name] = suspect
    return sorted(found.values(), key=lambda suspect: (not suspect.left_out, -suspect.auc_alone))


def auc_alone(values: NDArray[np.float32], converted: Flags) -> float:
    """How well one column orders the rows, whichever way round, in [0.5, 1]."""
    found = roc_auc(values.astype(np.float64), converted)
    return max(found, 1.0 - found)


def _by_content(column: Column | None, converted: Flags, day: NDArray[np.float64] | None) -> str | None:
    if column is None:
        return None
    later = 0.0 if day is None else later_than(column, day)
    if later > 0.5:
        return f"holds dates after the row's own in {later:.0%} of the rows"
    return by_filling(column, converted) or by_values(column, converted)


def _deciding(inputs: Inputs, alone: Mapping[str, float], converted: Flags, seed: int) -> list[Suspect]:
    """Columns that order the rows better than all others together; near-perfect ones that do not are mentioned."""
    perfect = {name for name in inputs.names if alone[name] >= NEARLY_DECIDES}
    found = []
    if perfect:
        others = _auc_together(inputs.without(perfect), converted, seed)
        found = [_near_perfect(name, alone[name], others) for name in sorted(perfect)]
    best = max((name for name in inputs.names if name not in perfect), key=lambda name: alone[name], default=None)
    if best is not None and alone[best] >= STANDS_OUT and len(inputs.names) - len(perfect) > FEWEST_OTHERS:
        others = _auc_together(inputs.without(perfect | {best}), converted, seed)
        if alone[best] > others + MARGIN:
            told = (
                f"alone it tells the outcomes apart ({alone[best]:.2f}) better than all others together ({others:.2f})"
            )
            found.append(Suspect(best, f"stands out: {told}; check when it is filled", round(alone[best], 4), False))
    return found


def _near_perfect(name: str, auc: float, others: float) -> Suspect:
    if auc >= CERTAIN or auc > others + MARGIN:
        reason = f"nearly decides alone: ROC AUC {auc:.3f}, all other columns together reach {others:.3f}"
        return Suspect(name, reason, round(auc, 4))
    reason = f"nearly decides alone (ROC AUC {auc:.3f}), but the other columns together do as well ({others:.3f})"
    return Suspect(name, f"{reason}; check when it is filled", round(auc, 4), left_out=False)


def _auc_together(inputs: Inputs, converted: Flags, seed: int) -> float:
    """ROC AUC of a small forest by out-of-bag votes, 0.5 without a column."""
    from sklearn.ensemble import RandomForestClassifier

    if not inputs.names:
        return 0.5
    picked = np.random.default_rng(seed).permutation(len(converted))[:MOST_ROWS]
    forest = RandomForestClassifier(
        _TREES, max_depth=_DEPTH, min_samples_leaf=5, max_features=0.5, oob_score=True, random_state=seed, n_jobs=1
    ).fit(inputs.matrix[picked], converted[picked])
    votes = np.nan_to_num(forest.oob_decision_function_[:, 1], nan=float(converted[picked].mean()))
    return roc_auc(votes, converted[picked])
