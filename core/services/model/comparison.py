"""Two versions on the same leads, which neither of them learned from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelRefused, StoreUnavailable
from core.leads import utc_now
from core.monitoring.compare import Difference, differences
from core.services.model.live_quality import WAIT
from core.services.workspace import threshold

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter

FEWEST: Final = 200
FEWEST_OF_A_KIND: Final = 30
GATED: Final = {"roc_auc": "ROC AUC", "brier": "Brier score"}
OWN_LEADS, HELD_OUT = "your own decided leads", "held-out leads"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``second`` beside ``first`` on ``leads`` of which ``converted`` did; ``on`` says which leads these are.

    ``differences`` is empty when there are no leads on which the two can be compared.
    """

    first: str
    second: str
    on: str
    leads: int = 0
    converted: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def worse(self) -> tuple[Difference, ...]:
        """The figures that decide on a promotion in which the second is worse beyond the interval."""
        return tuple(one for one in self.differences if one.name in GATED and one.second_is_worse)


def compare(center: CommandCenter, first: str, second: str) -> Comparison:
    """Hold two versions against each other.

    On the team's decided leads that neither learned from, where there are 200 with 30 of each end; else on leads that
    were held out from the second's training, or from the first's. Either says what it would of a live lead: columns
    that only files bring are unknown. Raises NotFound, ModelRefused.
    """
    one, other = open_version(center, first), open_version(center, second)
    at = threshold(center)
    features, converted = _decided(center, learned_until(one), learned_until(other))
    if _enough(converted):
        said = [model.score_many(features, explain=False).probability for model in (one, other)]
        return _compared(one, other, OWN_LEADS, said, converted, at)
    for held_by in (other, one):
        reference = center.registry.reference(held_by.version)
        if reference is None or not 0 < reference.converted.sum() < len(reference):
            continue
        said = [model.score_many(reference.features, explain=False).probability for model in (one, other)]
        return _compared(one, other, f"{HELD_OUT} of {held_by.version}", said, reference.converted, at)
    return Comparison(first, second, "no lead that both can be measured on")


def refuse_a_worse_one(found: Comparison) -> None:
    """Raise ModelRefused when the second is worse beyond the interval, or cannot be compared with the first."""
    if not found.differences:
        raise ModelRefused(
            f"{found.second!r} cannot be compared with {found.first!r}: there is {found.on}. "
            "Promote it with a reason, which goes into the audit log"
        )
    if found.worse:
        told = "; ".join(f"{GATED[one.name]} {one.second:.4f} against {one.first:.4f}" for one in found.worse)
        raise ModelRefused(
            f"{found.second!r} is worse than {found.first!r} on {found.leads:,} leads ({found.on}): {told}. "
            "Promote it with a reason, which goes into the audit log"
        )


def refuse_for_files_alone(model: ScoringModel, instead: str) -> None:
    """Raise ModelRefused for a model that uses none of the 28 features; ``instead`` says what can be done."""
    if model.feature_names:
        return
    names = ", ".join(repr(column.name) for column in model.own_columns[:3])
    more = f" and {len(model.own_columns) - 3} more" if len(model.own_columns) > 3 else ""
    raise ModelRefused(
        f"{model.version!r} rests alone on columns that only files bring ({names}{more}); a lead that comes by itself "
        f"has none of them, and all would be given the same chance. {instead}"
    )


def open_version(center: CommandCenter, version: str) -> ScoringModel:
    """A registered model, its files checked. Raises NotFound, ModelRefused."""
    return center.registry.open(version)


def learned_until(model: ScoringModel) -> datetime | None:
    """The last moment of a score in the store that ``model`` learned from; None when it learned from elsewhere."""
    told = model.card.get("learned_until")
    return None if told is None else datetime.fromisoformat(str(told))


def _decided(center: CommandCenter, *learned: datetime | None) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    known = [moment for moment in learned if moment is not None]
    try:
        found = center.store.shadow.decided(max(known) if known else None, stood_until=utc_now() - WAIT)
    except StoreUnavailable:  # held-out leads lie in files: a model can be changed without the database
        return np.empty((0, 0), dtype=np.float32), np.empty(0, dtype=np.bool_)
    return found.features, found.converted


def _enough(converted: NDArray[np.bool_]) -> bool:
    won = int(converted.sum())
    return len(converted) >= FEWEST and min(won, len(converted) - won) >= FEWEST_OF_A_KIND


def _compared(
    one: ScoringModel, other: ScoringModel, on: str, said: list[Any], converted: NDArray[np.bool_], at: float
) -> Comparison:
    found = differences(said[0], said[1], converted, at)
    return Comparison(one.version, other.version, on, len(converted), int(converted.sum()), tuple(found))
