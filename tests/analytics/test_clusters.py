"""Clusters of leads whose groups are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, silhouette_score

from core.analytics.clusters import FEWEST, NUMBERS, WORDS, Clustering, _prepare, find_clusters
from core.features.catalog import CATALOG, INDEX, NAMES, UNKNOWN


def four_groups(each: int = 90, seed: int = 3) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Quick and pre-approved with small budgets; slow with large ones; viewers of listings; little known of."""
    draw = np.random.default_rng(seed)
    features = np.full((4 * each, len(NAMES)), UNKNOWN, dtype=np.float32)
    group = np.repeat(np.arange(4), each)

    def tell(which: int, name: str, values: NDArray[np.float64]) -> None:
        features[group == which, INDEX[name]] = np.maximum(values, 0)

    for which, (hours, budget, approval, views) in enumerate(((1, 2e5, 2, 1), (70, 9e5, 0, 1), (20, 5e5, 1, 40))):
        tell(which, "response_time_hours", hours * draw.lognormal(0, 0.2, each))
        tell(which, "budget_midpoint_usd", budget * draw.lognormal(0, 0.08, each))
        tell(which, "pre_approval", np.full(each, float(approval)))
        tell(which, "property_views", draw.poisson(views, each).astype(float))
    tell(3, "property_views", draw.poisson(1, each).astype(float))
    return features, group


@pytest.fixture(scope="module")
def found() -> Clustering:
    return find_clusters(four_groups()[0])


def test_groups_that_are_there_are_found_again_and_again(found: Clustering) -> None:
    _, group = four_groups()
    assert len(found.clusters) == 4
    assert adjusted_rand_score(group, found.members) > 0.97
    assert found.stability[0] > 0.9
    assert set(found.silhouettes) == set(NUMBERS)
    assert max(found.silhouettes, key=lambda number: found.silhouettes[number]) == 4
    sizes = [cluster.leads for cluster in found.clusters]
    assert sizes == sorted(sizes, reverse=True) == np.bincount(found.members).tolist()


def test_a_name_says_what_sets_the_leads_apart(found: Clustering) -> None:
    features, group = four_groups()
    names = [found.clusters[np.bincount(found.members[group == which]).argmax()].name for which in range(4)]
    assert sorted(names[0].lower().split(", ")) == ["pre-approved", "quick answers", "small budget"]
    assert sorted(names[1].lower().split(", ")) == ["large budget", "not pre-approved", "slow answers"]
    assert "views many listings" in names[2].lower()
    assert "not known" in names[3]
    assert len(set(names)) == 4
    first = found.clusters[found.members[0]]
    trait = next(one for one in first.traits if one.feature == "response_time_hours")
    hours = features[:, INDEX["response_time_hours"]]
    mine = hours[found.members == found.members[0]]
    assert trait.mean == pytest.approx(mine[mine >= 0].mean(), rel=1e-6)
    assert trait.all_mean == pytest.approx(hours[hours >= 0].mean(), rel=1e-6)


def test_the_silhouette_is_that_of_the_clusters_that_are_given_back(found: Clustering) -> None:
    features, _ = four_groups()
    values = _prepare(features).values
    assert found.silhouettes[4] == pytest.approx(silhouette_score(values, found.members))


def test_unknown_pulls_nowhere_and_counts_as_a_feature_of_its_own() -> None:
    features, group = four_groups()
    prepared = _prepare(features)
    budget = prepared.values[:, prepared.names.index(("budget_midpoint_usd", False))]
    assert (budget[group == 3] == 0).all()
    assert budget[group != 3].mean() == pytest.approx(0)
    known = prepared.values[:, prepared.names.index(("budget_midpoint_usd", True))]
    assert known[group == 3].max() < 0 < known[group != 3].min()


def test_what_the_law_protects_is_never_looked_at() -> None:
    features, _ = four_groups()
    protected = {feature.name for feature in CATALOG if feature.protected}
    for name in protected:
        features[:, INDEX[name]] = np.arange(len(features)) % 2
    assert protected
    assert not protected & {name for name, _ in _prepare(features).names}
    assert set(WORDS) == {feature.name for feature in CATALOG} - protected


def test_too_few_leads_and_leads_that_are_all_alike_are_refused() -> None:
    features, _ = four_groups()
    with pytest.raises(ValueError, match=f"59 scored leads; at least {FEWEST}"):
        find_clusters(features[:59])
    with pytest.raises(ValueError, match="all leads are alike"):
        find_clusters(np.full((80, len(NAMES)), UNKNOWN, dtype=np.float32))
