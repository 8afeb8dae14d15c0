"""Clusters of leads over their features, with names in plain words.

Numbers that may be large are taken by their logarithm, and each is set to mean 0 and variance 1 over the leads of whom
it is known. A value that is not known is set to that mean, so that it pulls no lead anywhere, and whether it is known
counts as a feature of its own. k-means (Lloyd 1982, by scikit-learn) makes the clusters; of 3 to 8 that number is
taken whose mean silhouette (Rousseeuw 1987) is the highest. How stable they are is the adjusted Rand index (Hubert and
Arabie 1985) between these clusters and those of bootstrap samples: 1 is the same every time, 0 is chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import CATALOG, UNKNOWN

FEWEST: Final = 60
MOST_FITTED: Final = 5_000
NUMBERS: Final = range(3, 9)
SILHOUETTE_LEADS: Final = 2_000
BOOTSTRAPS: Final = 20
FEWEST_KNOWN: Final = 0.05  # a feature is used when this share of the leads has it
TELLING: Final = 0.4  # standard deviations from all leads, from which a difference is worth a word
MOST_WORDS: Final = 3
_KNOWN_WEIGHT: Final = 0.5  # whether a value is known counts less than the value
_LOGARITHM: Final = ("hours", "days", "count", "usd", "characters")
Array = NDArray[np.float64]
Tell = Callable[[str, float], None]

# How a cluster is called whose leads lie below and above the others; None where that says nothing an agent would say.
WORDS: Final[dict[str, tuple[str | None, str | None]]] = {
    "response_time_hours": ("quick answers", "slow answers"),
    "response_rate": ("answers rarely", "answers mostly"),
    "interaction_count": ("few touches", "many touches"),
    "interactions_last_7_days": (None, "active this week"),
    "days_since_last_interaction": ("heard from lately", "long quiet"),
    "price_range_mentioned": ("names no price", "names a price range"),
    "budget_midpoint_usd": ("small budget", "large budget"),
    "budget_clarity": ("wide budget", "clear budget"),
    "financing_mentioned": ("no word on financing", "speaks of financing"),
    "timeline_urgency": ("in no hurry", "in a hurry"),
    "deadline_mentioned": (None, "has a deadline"),
    "location_specificity": ("vague on the place", "exact on the place"),
    "areas_named": (None, "names several areas"),
    "pre_approval": ("not pre-approved", "pre-approved"),
    "job_stability_score": (None, "steady work"),
    "previous_real_estate_experience": ("first time", "has bought or sold before"),
    "market_knowledge": (None, "knows the market"),
    "message_length_avg": ("short messages", "long messages"),
    "questions_asked": ("few questions", "many questions"),
    "question_depth": ("general questions", "specific questions"),
    "property_views": ("views few listings", "views many listings"),
    "showing_requests": ("asks for no showing", "asks for showings"),
    "jorge_engagement_score": ("little talk with the bot", "talks with the bot"),
    "jorge_buying_signals": (None, "buying signals"),
    "jorge_objection_handling": (None, "objections resolved"),
    "jorge_rapport_score": ("little rapport", "good rapport"),
}


@dataclass(frozen=True, slots=True)
class Trait:
    """What sets a cluster apart: mean of those known in the cluster and over all leads, ``apart`` in deviations.

    ``known`` says that it is not the value but whether one is known; the means are then shares of the leads.
    """

    feature: str
    known: bool
    mean: float
    all_mean: float
    apart: float
    words: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Leads that are alike, by name; ``traits`` are those that set them apart most, the first three make the name."""

    name: str
    leads: int
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Clustering:
    """Clusters, largest first, and for each lead its place among them.

    ``silhouettes`` by number of clusters; ``stability`` are the adjusted Rand indices of the bootstrap, ascending.
    """

    clusters: tuple[Cluster, ...]
    members: NDArray[np.int64]
    silhouettes: dict[int, float]
    stability: tuple[float, ...]
    features_used: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    values: Array  # scaled columns, unknown at 0
    names: tuple[tuple[str, bool], ...]  # of the columns: feature, and whether the column says that it is known


def find_clusters(features: NDArray[np.float32], seed: int = 0, tell: Tell = lambda _what, _share: None) -> Clustering:
    """Cluster leads by ``features`` (leads, 28), -1 where not known; what the law protects is never looked at.

    ``tell`` is called with what is being done and the share that is done. Raises ValueError under 60 leads, or where
    all leads are alike.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    if len(features) < FEWEST:
        raise ValueError(f"{len(features)} scored leads; at least {FEWEST} are needed for clusters")
    prepared = _prepare(features)
    if not prepared.names:
        raise ValueError("all leads are alike in what is known of them; there is nothing to tell them apart by")
    draw = np.random.default_rng(seed)
    fitted = _some(prepared.values, MOST_FITTED, draw)
    looked = _some(fitted, SILHOUETTE_LEADS, draw)
    silhouettes, models = {}, {}
    for place, number in enumerate(NUMBERS):
        tell("Trying numbers of clusters", 0.5 * place / len(NUMBERS))
        models[number] = KMeans(number, n_init=5, random_state=seed).fit(fitted)
        found = models[number].predict(looked)
        several = len(np.unique(found)) > 1
        silhouettes[number] = float(silhouette_score(looked, found)) if several else -1.0
    best = max(silhouettes, key=lambda number: silhouettes[number])
    own, stability = models[best].predict(fitted), []
    for place in range(BOOTSTRAPS):
        tell("Seeing whether they are the same again", 0.5 + 0.5 * place / BOOTSTRAPS)
        sample = fitted[draw.integers(len(fitted), size=len(fitted))]
        again = KMeans(best, n_init=5, random_state=seed + 1 + place).fit(sample)
        stability.append(float(adjusted_rand_score(own, again.predict(fitted))))
    members = _largest_first(models[best].predict(prepared.values), best)
    used = tuple(dict.fromkeys(name for name, _ in prepared.names))
    return Clustering(_named(features, prepared, members, best), members, silhouettes, tuple(sorted(stability)), used)


def _some(rows: Array, most: int, draw: np.random.Generator) -> Array:
    return rows if len(rows) <= most else rows[np.sort(draw.choice(len(rows), most, replace=False))]


def _largest_first(labels: NDArray[np.int32], number: int) -> NDArray[np.int64]:
    order = np.argsort(-np.bincount(labels, minlength=number), kind="stable")
    return np.argsort(order)[labels].astype(np.int64)


def _prepare(features: NDArray[np.float32]) -> _Prepared:
    columns, names = [], []
    for place, feature in enumerate(CATALOG):
        if feature.protected:
            continue
        told = features[:, place].astype(np.float64)
        known = told != UNKNOWN
        if known.mean() < FEWEST_KNOWN:
            continue
        value = np.log1p(np.maximum(told, 0.0)) if feature.unit in _LOGARITHM else told
        spread = value[known].std()
        if spread > 1e-9:
            columns.append(np.where(known, (value - value[known].mean()) / spread, 0.0))
            names.append((feature.name, False))
        if known.mean() <= 1 - FEWEST_KNOWN:
            columns.append(_KNOWN_WEIGHT * (known - known.mean()) / known.std())
            names.append((feature.name, True))
    return _Prepared(np.column_stack(columns) if columns else np.empty((len(features), 0)), tuple(names))


def _named(
    features: NDArray[np.float32], prepared: _Prepared, members: NDArray[np.int64], number: int
) -> tuple[Cluster, ...]:
    found: list[Cluster] = []
    for cluster in range(number):
        mine = members == cluster
        traits = _traits(features, prepared, mine)
        taken = [one.name for one in found]
        found.append(Cluster(_name(traits, taken), int(mine.sum()), tuple(traits)))
    return tuple(found)


def _traits(features: NDArray[np.float32], prepared: _Prepared, mine: NDArray[np.bool_]) -> list[Trait]:
    """What sets the leads apart, farthest first; one feature gives one trait."""
    places = {feature.name: place for place, feature in enumerate(CATALOG)}
    labels = {feature.name: feature.label for feature in CATALOG}
    found: dict[str, Trait] = {}
    for column, (name, about_known) in enumerate(prepared.names):
        told = features[:, places[name]].astype(np.float64)
        known = told != UNKNOWN
        here = mine if about_known else mine & known
        if not here.any():
            continue
        apart = float(prepared.values[here, column].mean()) / (_KNOWN_WEIGHT if about_known else 1.0)
        low, high = (f"{labels[name].lower()} not known", None) if about_known else WORDS[name]
        words = high if apart > 0 else low
        trait = Trait(
            name, about_known, float(known[mine].mean() if about_known else told[here].mean()),
            float(known.mean() if about_known else told[known].mean()), apart, words or "",
        )  # fmt: skip
        few_known = (
            not about_known and known[mine].mean() < 0.5
        )  # a word on a value that most of them lack would mislead
        if words and not few_known and (name not in found or abs(apart) > abs(found[name].apart)):
            found[name] = trait
    return sorted(found.values(), key=lambda trait: -abs(trait.apart))


def _name(traits: Sequence[Trait], taken: Sequence[str]) -> str:
    """The words of the three that differ most, and of more where another cluster has that name."""
    telling = [trait.words for trait in traits if abs(trait.apart) >= TELLING]
    for count in range(MOST_WORDS, len(telling) + 1):
        name = ", ".join(telling[:count]).capitalize()
        if name not in taken:
            return name
    name = ", ".join(telling[:MOST_WORDS]).capitalize() or "Much like all leads"
    return name if name not in taken else f"{name} ({len(taken) + 1})"
