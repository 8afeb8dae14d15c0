"""Groups of leads that the list of leads can be narrowed to: variants of A/B tests, arms of trials, and clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.services.analyses import ab_tests, clusters
from core.services.model import trials
from core.store import LeadGroup

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.ab_tests import StoredTest
    from core.store.trials import StoredTrial


def lead_groups(center: CommandCenter) -> dict[str, LeadGroup]:
    """Every group by its label; of two with the same label the newer stays. Raises StoreUnavailable."""
    found = {}
    for test in reversed(ab_tests.all_tests(center)):
        for place in range(len(test.design.variants)):
            found[variant_label(test, place)] = LeadGroup("test", test.test_id, place)
    for trial in reversed(trials.all_trials(center)):
        for arm in range(len(trial.design.variants)):
            found[arm_label(trial, arm)] = LeadGroup("trial", trial.trial_id, arm)
    kept = clusters.stored(center)
    if kept is not None:
        for place, one in enumerate(kept.report["clusters"]):
            found[cluster_label(one["name"])] = LeadGroup("cluster", kept.clustering_id, place)
    return found


def cluster_label(name: str) -> str:
    """How the list of leads names a cluster."""
    return f"Cluster: {name}"


def variant_label(test: StoredTest, place: int) -> str:
    """How the list of leads names a variant."""
    return f"{test.name}: {test.design.variants[place].name}"


def arm_label(trial: StoredTrial, arm: int) -> str:
    """How the list of leads names those that one of two models answers in a trial."""
    return f"Trial {trial.trial_id}: {trial.design.variants[arm].name}"
