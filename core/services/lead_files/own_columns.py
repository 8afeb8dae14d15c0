"""Scoring a file with a model that learned columns of the team's own beside the catalog of 28."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.transfer import Mapping, ReadLead


def beside_own(mapping: Mapping, model: ScoringModel) -> Mapping:
    """``mapping`` without the columns that ``model`` reads as they are and not as what their name says."""
    from core.training.table.catalog_columns import AS_THEY_ARE

    own = {column.name for column in model.own_columns}
    for name, target in mapping.fields.items():
        if name in own and target not in AS_THEY_ARE:
            mapping = mapping.with_field(name, None)
    return mapping


def with_own_places(
    model: ScoringModel, columns: Sequence[str], rows: Sequence[ReadLead], features: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The 28 ``features`` of ``rows`` with the places of the model's own columns behind them, (n, 28 + own).

    ``columns`` are the file's; a column that it lacks is unknown in every row.
    """
    from core.training.table.cells import cell_text
    from core.training.table.places import places_of

    at = {name: index for index, name in enumerate(columns)}
    known = [(own.name, at[own.name]) for own in model.own_columns if own.name in at]
    places = [
        places_of(model.own_columns, {name: cell_text(row.cells[index]) for name, index in known}) for row in rows
    ]
    own = np.array(places, dtype=np.float32).reshape(len(rows), len(model.own_columns))
    return np.hstack([features, own])
