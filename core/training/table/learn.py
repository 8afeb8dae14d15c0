"""From a file to a candidate and its report: read, split, encode, guard, grow, calibrate, judge."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import FileError
from core.features.catalog import CATALOG, FAMILIES, INDEX, NAMES
from core.scoring.model import ScoringModel
from core.scoring.own_column import OwnColumn
from core.scoring.selective import Holdout, answered_alone
from core.training.card import THRESHOLDS
from core.training.export import forest_of
from core.training.fit import LEAST_OUTCOMES, edges_of
from core.training.oracle import agreement, leads_at_every_edge, refuse_unless_exact
from core.training.quality import quality, roc_auc
from core.training.table.catalog_columns import (
    NOT_FOR_LEARNING,
    CatalogPart,
    catalog_part,
    columns_behind,
    latest_moment,
    single_column,
)
from core.training.table.cells import Column
from core.training.table.describe import card_of, card_text_of
from core.training.table.encode import Encoded, encode, places_matrix
from core.training.table.fairness import protected_of
from core.training.table.family import learn_family
from core.training.table.grow import Grown, Plan, calibration_of
from core.training.table.judge import CALLED_FIRST, call_order, chance_of_order, lift_curve, signal_of
from core.training.table.leaks import Inputs, suspects_of
from core.training.table.read import Request, Table, Tell, read_table
from core.training.table.report import Dropped, Report
from core.training.table.split import Split, split_of
from core.training.table.suspicion import Suspect
from core.training.table.warn import warnings_of

SEED: Final = 20_261_001
ASKED: Final = 40  # leads on which scikit-learn and shap judge; a promotion asks about 200
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """A candidate with what a registry keeps of it, and the report.

    ``learned`` and ``judged`` are the row numbers of the two sides, as a spreadsheet counts; ``judged_features`` the
    features (n, 28) of the latter.
    """

    model: ScoringModel
    estimator: Any
    card: dict[str, Any]
    card_text: str
    report: Report
    learned: NDArray[np.intp]
    judged: NDArray[np.intp]
    judged_features: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """The table, its two sides, and what could be read of it."""

    table: Table
    split: Split
    catalog: CatalogPart
    own: Encoded
    unfit: tuple[Dropped, ...]
    inputs: Inputs

    @property
    def converted(self) -> NDArray[np.bool_]:
        return self.table.converted[self.split.learn]


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    model: ScoringModel
    grown: Grown
    raw: NDArray[np.float64]  # of held-out rows, before calibration


def learn(
    request: Request, version: str, source: str, tell: Tell = lambda _what, _done: None, seed: int = SEED
) -> Learned:
    """Learn from a file. Raises FileError, in one sentence, for one that nothing can be learned from."""
    prepared = _prepare(request, tell, seed)
    tell("Looking for columns that know the future", len(prepared.inputs.names))
    suspects = _suspects(prepared, request, seed)
    left_out = {suspect.name for suspect in suspects if suspect.left_out}
    inputs = prepared.inputs.without(left_out)
    if not inputs.names:
        raise FileError(_nothing_left(suspects, prepared.unfit))
    fitted = _fit(prepared, inputs, version, request.family, tell, seed)
    tell("Measuring", prepared.split.judge.size)
    with_suspects = _seeming(prepared, fitted.grown.plan, seed) if left_out else None
    report = _report(prepared, fitted, inputs, suspects, with_suspects, seed)
    refuse_unless_exact(agreement(fitted.model, fitted.grown.estimator, leads_at_every_edge(fitted.model, ASKED)))
    card = card_of(fitted.model, report, source, _period(prepared))
    text = card_text_of(version, card, report)
    learned, judged = (prepared.table.row_numbers[rows] for rows in (prepared.split.learn, prepared.split.judge))
    features = prepared.catalog.features[prepared.split.judge]
    return Learned(fitted.model, fitted.grown.estimator, card, text, report, learned, judged, features)


def _prepare(request: Request, tell: Tell, seed: int) -> _Prepared:
    table = read_table(request, tell)
    split = split_of(table, seed, request.holdout_share)
    catalog = catalog_part(request.path, table, latest_moment(table), tell)
    dropped = [Dropped(*left) for left in table.left_out]
    own_columns: list[Column] = []
    for column in table.columns:
        why_not = NOT_FOR_LEARNING.get(table.mapping.fields.get(column.name, ""))
        if why_not is not None:
            dropped.append(Dropped(column.name, why_not))
        elif column.name not in catalog.fields:
            own_columns.append(column.rows(split.learn))
    own, unfit = encode(own_columns, table.converted[split.learn], seed)
    dropped += [Dropped(one.name, one.reason) for one in unfit]
    features = catalog.features[split.learn]
    told = [item.name for item in CATALOG if not item.protected and np.ptp(features[:, INDEX[item.name]]) > 0]
    names = (*told, *(column.name for column in own.columns))
    if len(set(names)) < len(names):  # an own column is named like a feature that other columns tell
        told = [name for name in told if name not in {column.name for column in own.columns}]
        names = (*told, *(column.name for column in own.columns))
    matrix = np.column_stack([features[:, [INDEX[name] for name in told]], own.matrix])
    return _Prepared(table, split, catalog, own, tuple(dropped), Inputs(names, matrix.astype(np.float32)))


def _suspects(prepared: _Prepared, request: Request, seed: int) -> list[Suspect]:
    """The suspects; those that the user named in ``columns`` stay in."""
    table, learn_rows = prepared.table, prepared.split.learn
    columns = [column.rows(learn_rows) for column in table.columns]
    day = None if table.day is None else table.day[learn_rows]
    if not prepared.inputs.names:
        return []
    found = suspects_of(prepared.inputs, prepared.converted, columns, day, seed, _behind(prepared))
    if not request.columns:
        return found
    return [Suspect(one.name, one.reason, one.auc_alone, left_out=False) for one in found]


def _behind(prepared: _Prepared) -> dict[str, str]:
    """The column behind each feature that a single column tells."""
    own = {column.name for column in prepared.own.columns}
    features = [name for name in prepared.inputs.names if name in INDEX and name not in own]
    found = {name: single_column(name, prepared.catalog.fields) for name in features}
    return {name: column for name, column in found.items() if column is not None}


def _nothing_left(suspects: list[Suspect], unfit: tuple[Dropped, ...]) -> str:
    if suspects:
        first = suspects[0]
        return (
            f"Every column that could be used seems to know the outcome beforehand ({first.name!r} {first.reason}"
            f"{', and others' if len(suspects) > 1 else ''}); name columns with --columns to use them all the same."
        )
    first_reason = f" ({unfit[0].name!r} {unfit[0].reason})" if unfit else ""
    return f"No column is left to learn from{first_reason}; export the file with more columns."


def _fit(prepared: _Prepared, inputs: Inputs, version: str, family: str, tell: Tell, seed: int) -> _Fitted:
    converted = prepared.converted
    grown = learn_family(family, inputs.matrix, converted, prepared.split.kind == "temporal", seed, tell)
    unknown = np.zeros((len(converted), len(FAMILIES)))  # an export tells of all its leads alike: nothing to learn
    calibration, losses = calibration_of(grown.out_of_bag, unknown, converted, seed)
    kept = set(inputs.names)
    own = tuple(column for column in prepared.own.columns if column.name in kept)
    own_names = {column.name for column in own}
    bare = ScoringModel(
        version=version,
        feature_names=tuple(name for name in inputs.names if name not in own_names),
        forest=forest_of(grown.estimator),
        calibration=calibration,
        tier_edges=edges_of(calibration(grown.out_of_bag, unknown)),
        holdout=Holdout(np.empty(0), np.empty(0, dtype=bool)),
        own_columns=own,
        card={"calibration_losses": losses},
    )
    scores = bare.score_many(
        held_out_matrix(prepared.table, prepared.catalog, own, prepared.split.judge), explain=False
    )
    holdout = Holdout(scores.probability, prepared.table.converted[prepared.split.judge])
    model = ScoringModel(
        version, bare.feature_names, bare.forest, calibration, bare.tier_edges, holdout, own_columns=own, card=bare.card
    )
    return _Fitted(model, grown, scores.raw_probability)


def held_out_matrix(table: Table, catalog: CatalogPart, own: tuple[OwnColumn, ...], rows: NDArray[np.intp]) -> Matrix:
    """The 28 features and the places of own columns of some rows, as they are served, (rows, 28 + own)."""
    columns = [column.rows(rows) for column in table.columns]
    places = places_matrix(own, columns) if own else np.empty((len(rows), 0))
    return np.column_stack([catalog.features[rows], places]).astype(np.float32)


def _seeming(prepared: _Prepared, plan: Plan, seed: int) -> float:
    """ROC AUC on held-out rows of trees that may use every column, suspects included."""
    estimator = plan.fitted(prepared.inputs.matrix, prepared.converted, seed)
    own = prepared.own.columns
    matrix = held_out_matrix(prepared.table, prepared.catalog, own, prepared.split.judge)
    own_names = {column.name for column in own}
    catalog = [INDEX[name] for name in prepared.inputs.names if name not in own_names]
    seen = matrix[:, [*catalog, *range(len(NAMES), matrix.shape[1])]]
    return round(roc_auc(plan.said(estimator, seen), prepared.table.converted[prepared.split.judge]), 4)


def _report(
    prepared: _Prepared,
    fitted: _Fitted,
    inputs: Inputs,
    suspects: list[Suspect],
    with_suspects: float | None,
    seed: int,
) -> Report:
    table, judge = prepared.table, prepared.split.judge
    probability, converted = fitted.model.holdout.probability, table.converted[judge]
    measured, raw = quality(probability, converted, seed), quality(fitted.raw, converted, seed)
    chance = chance_of_order(probability, converted, seed)
    signal = signal_of(measured, chance)
    kept = set(inputs.names)
    dropped = [
        *prepared.unfit,
        *(Dropped(one.name, f"may know the future: {one.reason}") for one in suspects if one.left_out),
    ]
    used = _columns_used(prepared, kept)
    protected = [
        protected_of(column.rows(judge), column.name in used, probability, converted, CALLED_FIRST)
        for column in table.columns
    ]
    report = Report(
        rows=len(table),
        positives=int(table.converted.sum()),
        rows_in_file=table.rows_in_file,
        split=prepared.split.kind,
        holdout_rows=len(judge),
        measured=measured,
        raw=raw,
        signal=signal,
        chance=chance,
        selective=tuple(answered_alone(fitted.model.holdout, threshold) for threshold in THRESHOLDS),
        order=call_order(
            probability, converted, None if table.day is None else table.day[judge], table.row_numbers[judge]
        ),
        lift=lift_curve(probability, converted),
        columns_used=tuple(used),
        columns_dropped=tuple(dropped),
        suspects=tuple(suspects),
        with_suspects=with_suspects,
        protected=tuple(one for one in protected if one is not None),
        forest=asdict(fitted.grown.plan)
        | {
            "family": fitted.grown.plan.family,
            "seed": seed,
            "plans_tried": len(fitted.grown.losses),
            "features": list(fitted.model.feature_names),
        },
        warnings=(),
        own_columns=len(fitted.model.own_columns),
        promotable=signal == "usable" and _enough(table),
    )
    return warnings_of(report, table, prepared.split, fitted.model)


def _enough(table: Table) -> bool:
    won = int(table.converted.sum())
    return min(won, len(table) - won) >= LEAST_OUTCOMES


def _columns_used(prepared: _Prepared, kept: set[str]) -> list[str]:
    """The file's columns that the model uses, in the file's order."""
    own = {column.name for column in prepared.own.columns} & kept
    features = kept - own
    direct = {name for feature in features for name in columns_behind(feature, prepared.catalog.fields)}
    single = {name for feature in NAMES for name in columns_behind(feature, prepared.catalog.fields)}
    shared = {name for name in prepared.catalog.fields if name not in single} if features else set()
    used = own | direct | shared
    return [column.name for column in prepared.table.columns if column.name in used]


def _period(prepared: _Prepared) -> dict[str, tuple[str, str]]:
    """First and last day of the rows learned from and of those judged by; empty without a column of dates."""
    day = prepared.table.day
    if day is None:
        return {}
    sides = {"trained_on": prepared.split.learn, "held_out": prepared.split.judge}
    return {side: (_on(day[rows].min()), _on(day[rows].max())) for side, rows in sides.items()}


def _on(day: float) -> str:
    """The date of a day since 1970."""
    return str(np.datetime64(int(day), "D"))
