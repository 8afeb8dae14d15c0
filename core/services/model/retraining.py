"""Learn from the team's own outcomes: train anew, or only set the level right. Either is a challenger first.

Each lead is learned from as it stood at a moment drawn without a look at its end (``core.store.figures.drawn``): the
features that were stored with the score of then. So nothing that was learned of the lead later can leak in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.leads import utc_now
from core.services import audit
from core.services.access import Right, for_right
from core.services.model.comparison import Comparison, compare
from core.services.model.live_quality import WAIT, WAIT_DAYS
from core.services.model.shadow import challenge
from core.words import counted

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter
    from core.training.dataset import TrainingSet

FEWEST: Final = 30  # of either outcome, among the leads learned from
RETRAIN, RECALIBRATE = "retrain", "recalibrate"
_NAMED: Final = {RETRAIN: "retrained", RECALIBRATE: "recalibrated"}
STEPS: Final = ("Reading the outcomes", "Learning", "Checking against scikit-learn and shap", "Comparing")
SOURCE: Final = "the team's own decided leads"
_OF_THE_OLD_LEADS: Final = (
    "selective", "tiers", "windows", "heads", "calibration_losses", "report", "with_protected",
)  # fmt: skip
"""Of a card: what was measured on the leads, or at the level, that the model was held against before."""
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Learned:
    """A new version, registered and judging in the shadow, beside the champion on leads that neither learned from."""

    version: str
    comparison: Comparison


@for_right(Right.MODELS)
def learn(center: CommandCenter, how: str, tell: Tell = lambda _step: None) -> Learned:
    """Retrain or recalibrate on what is stored, register the version and let it judge in the shadow.

    Raises InputError while there are too few outcomes, or no order to keep; ModelRefused; StoreUnavailable.
    """
    tell(STEPS[0])
    champion = center.model
    earlier, later = _sides(own_outcomes(center))
    tell(STEPS[1])
    version = f"{_NAMED[how]}-{utc_now():%Y%m%d-%H%M%S}"
    make = _retrained if how == RETRAIN else _recalibrated
    made = make(center, champion, version, earlier, later, tell)
    _register(center, *made, later)
    audit.note(center, "model trained", version, how=how, leads=len(earlier), converted=int(earlier.converted.sum()))
    challenge(center, version)
    tell(STEPS[3])
    return Learned(version, compare(center, champion.version, version))


@for_right(Right.MODELS)
def own_outcomes(center: CommandCenter) -> TrainingSet:
    """Decided leads as they stood at their drawn moments, in the order of the scores of then.

    Moments of the last 60 days are left out: leads that are decided so soon are not like the rest.
    """
    from core.training.dataset import TrainingSet

    found = center.store.shadow.decided(stood_until=utc_now() - WAIT)
    return TrainingSet(
        features=found.features,
        on_arrival=found.features,
        scored_at=found.scored_at.astype("datetime64[s]"),
        converted=found.converted,
        closed=found.closed,
        closed_in_time=np.full(len(found), np.nan),
    )


def missing(leads: TrainingSet) -> str | None:
    """What is missing before anything can be learned, as a sentence; None when there is enough."""
    from core.training.dataset import temporal_split

    converted = int(leads.converted.sum())
    told = (
        f"{counted(len(leads), 'lead is', 'leads are')} decided and scored {WAIT_DAYS} days ago or earlier, "
        f"{converted:,} signed; "
        f"{FEWEST} of either outcome are needed among the earlier 70 %, and some among the later 30 %."
    )
    try:
        sides = temporal_split(leads)
    except ValueError:
        return told
    earlier, later = (int(side.converted.sum()) for side in sides)
    enough = FEWEST <= earlier <= len(sides[0]) - FEWEST and 0 < later < len(sides[1])
    return None if enough else told


def _sides(leads: TrainingSet) -> tuple[TrainingSet, TrainingSet]:
    from core.training.dataset import temporal_split

    lacking = missing(leads)
    if lacking is not None:
        raise InputError(lacking)
    return temporal_split(leads)


def _retrained(
    _center: CommandCenter, _champion: ScoringModel, version: str, earlier: TrainingSet, later: TrainingSet, tell: Tell
) -> tuple[ScoringModel, Any, dict[str, Any], str]:
    from core.training.card import card_text, describe
    from core.training.fit import ForestPlan, fit, model_of
    from core.training.oracle import agreement, refuse_unless_exact

    plan = ForestPlan()
    fitted = fit(earlier, plan)
    model = model_of(fitted, plan, version, later)
    tell(STEPS[2])
    exact = agreement(model, fitted.estimator, later.features)
    refuse_unless_exact(exact)
    card = describe(model, fitted, plan, earlier, later, exact, SOURCE) | _moments(earlier)
    return model, fitted.estimator, card, card_text(version, card)


def _recalibrated(
    center: CommandCenter, champion: ScoringModel, version: str, earlier: TrainingSet, later: TrainingSet, tell: Tell
) -> tuple[ScoringModel, Any, dict[str, Any], str]:
    from core.scoring import Holdout
    from core.training.card import span_of
    from core.training.quality import quality
    from core.training.recalibrate import line_of, moved_edges, recalibrated

    try:
        line = line_of(_said(champion, earlier), earlier.converted)
    except ValueError as error:
        raise InputError(str(error)) from error
    moved = replace(
        champion,
        version=version,
        calibration=recalibrated(champion.calibration, *line),
        tier_edges=moved_edges(champion.tier_edges, *line),
    )
    holdout = Holdout(_said(moved, later), later.converted)
    tell(STEPS[2])
    before = {name: told for name, told in champion.card.items() if name not in _OF_THE_OLD_LEADS}
    card = (
        before
        | _moments(earlier)
        | {
            "source": f"{before.get('source', champion.version)}, its level set on {SOURCE}",
            "calibrated_on": {"leads": len(earlier), "slope": line[0], "intercept": line[1], "was": champion.version},
            "held_out": span_of(later),
            "quality": quality(holdout.probability, holdout.converted).to_json(),
        }
    )
    text = (
        f"# Model {version}\n\nThe forest of {champion.version}, its level set on {len(earlier):,} of {SOURCE}. "
        "The order of leads is unchanged.\n"
    )
    return replace(moved, holdout=holdout, card=card), center.registry.estimator(champion.version), card, text


def _register(
    center: CommandCenter, model: ScoringModel, estimator: Any, card: dict[str, Any], text: str, later: TrainingSet
) -> None:
    from core.monitoring.reference import reference_of
    from core.registry import save_model

    reference = reference_of(later.features, model.holdout.probability, later.converted)
    save_model(center.registry.new_folder(model.version), model, estimator, card, text, reference)
    center.registry.register(model.version)


def _said(model: ScoringModel, leads: TrainingSet) -> NDArray[np.float64]:
    return model.score_many(leads.features, explain=False).probability


def _moments(earlier: TrainingSet) -> dict[str, str]:
    """When it was trained, and the last score that it learned from: later ones may judge it."""
    last = earlier.scored_at.max().astype("datetime64[s]").astype(datetime).replace(tzinfo=UTC)
    return {"trained_at": f"{utc_now():%Y-%m-%dT%H:%M:%SZ}", "learned_until": (last + timedelta(seconds=1)).isoformat()}
