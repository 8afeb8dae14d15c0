"""Which scores Claude is asked about: those the model is unsure of, or those where an answer could matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError, ModelRefused, ModelUnavailable
from core.escalation import Reason
from core.scoring import TierEdges
from core.scoring.interval import probability_interval
from core.services import audit, workspace
from core.services.access import Right, for_right
from core.services.escalations.budget import MICRO
from core.store.opinions import Candidate, Standing

if TYPE_CHECKING:
    from core.scoring import Holdout
    from core.services.center import CommandCenter

POLICY = "escalation_policy"
_PRICED = 100


class Policy(StrEnum):
    """``plain``: confidence under the threshold. ``by_value``: the answer could change what an agent does."""

    PLAIN = "plain"
    BY_VALUE = "by_value"


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What deciding needs, taken once for many leads; ``price_usd`` is that of asking once, None while not known."""

    policy: Policy
    threshold: float
    by_source: Mapping[str, float]
    edges: TierEdges | None
    holdout: Holdout | None
    price_usd: Decimal | None


def policy(center: CommandCenter) -> Policy:
    """The one in force."""
    kept = center.setting(POLICY)
    return Policy(kept) if kept in set(Policy) else Policy.PLAIN


@for_right(Right.SETTINGS)
def set_policy(center: CommandCenter, chosen: str) -> None:
    """Keep a policy for the workspace. Raises InputError for another word."""
    if chosen not in set(Policy):
        raise InputError(f"policy is {chosen!r}; must be one of {', '.join(Policy)}")
    audit.set_and_note(center, POLICY, str(chosen))


def terms(center: CommandCenter, chosen: Policy | None = None) -> Terms:
    """What the workspace has set and the model knows; without a model only the plain rule can decide."""
    edges: TierEdges | None = None
    holdout: Holdout | None = None
    try:
        edges, holdout = workspace.tier_edges(center), center.model.holdout
    except (ModelUnavailable, ModelRefused):
        edges = None
    return Terms(
        policy=chosen or policy(center),
        threshold=workspace.threshold(center),
        by_source=workspace.threshold_by_source(center),
        edges=edges,
        holdout=holdout,
        price_usd=price_of_asking(center),
    )


def price_of_asking(center: CommandCenter) -> Decimal | None:
    """What the last hundred opinions cost on average, in dollars; before the first one what a call is expected to.

    None when the model's prices are not known.
    """
    from core.errors import JorgeError
    from core.escalation import PriceTable, Usage

    paid = center.store.opinions.mean_cost_micro_usd(_PRICED)
    if paid is None:
        typical = Usage(input_tokens=2_500, output_tokens=900)
        try:
            table = PriceTable.load(center.data_dir)
            paid = table.cost_micro_usd(center.settings.jorge_claude_model, typical)
        except JorgeError:
            return None
    return Decimal(repr(paid)) / MICRO


def decide(given: Terms, candidates: Sequence[Candidate]) -> list[str | None]:
    """For each score the reason to ask, or None."""
    if given.policy is Policy.PLAIN or not measurable(given):
        return [Reason.LOW_CONFIDENCE.value if one.escalation_recommended else None for one in candidates]
    probability = np.array([one.probability for one in candidates], dtype=np.float64)
    worth = worth_asking(given, probability, [one.commission_usd for one in candidates])
    return [Reason.WORTH_ASKING.value if one else None for one in worth]


def measurable(given: Terms) -> bool:
    """Whether the interval of a probability and the price of asking are known; else only the plain rule can decide."""
    if given.holdout is None or given.edges is None or given.price_usd is None:
        return False
    return probability_interval(given.holdout, np.empty(0)) is not None


def worth_asking(
    given: Terms, probability: NDArray[np.float64], commission_usd: Sequence[Decimal | None]
) -> NDArray[np.bool_]:
    """Where the interval of the probability crosses an edge of a tier, and what hangs on it exceeds the price.

    What hangs on it: the width of the interval times the commission. A lead whose commission is not known has none.
    """
    interval = None if given.holdout is None else probability_interval(given.holdout, probability)
    if interval is None or given.edges is None or given.price_usd is None:
        return np.zeros(len(probability), dtype=np.bool_)
    low, high = interval
    crossed = ((low < given.edges.hot) & (given.edges.hot <= high)) | (
        (low < given.edges.warm) & (given.edges.warm <= high)
    )
    money = np.array([float(usd or 0) for usd in commission_usd], dtype=np.float64)
    return np.asarray(crossed & ((high - low) * money > float(given.price_usd)))


def asked(given: Terms, standings: Sequence[Standing]) -> NDArray[np.bool_]:
    """Which of stored scores the policy asks about, at the thresholds of now."""
    if given.policy is Policy.PLAIN or not measurable(given):
        at = np.array([given.by_source.get(one.source or "", given.threshold) for one in standings], dtype=np.float64)
        return np.array([one.confidence for one in standings], dtype=np.float64) < at
    probability = np.array([one.probability for one in standings], dtype=np.float64)
    return worth_asking(given, probability, [one.commission_usd for one in standings])
