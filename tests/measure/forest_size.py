"""What a forest's size costs and brings: ``python -m tests.measure.forest_size``. Takes about three minutes."""

from __future__ import annotations

import time

import numpy as np

from core.scoring import kernel
from core.training.fit import ForestPlan
from core.training.sample_model import train_on
from core.training.sample_set import sample_training_set

PLANS = (
    ForestPlan(),
    ForestPlan(depth=6),
    ForestPlan(depth=8, leads_per_leaf=50),
    ForestPlan(depth=10, leads_per_leaf=10),
    ForestPlan(depth=12, leads_per_leaf=5),
    ForestPlan(trees=50),
    ForestPlan(trees=200),
)


def main() -> None:
    """Train each plan on the same leads and print a line of the table."""
    leads = sample_training_set()
    print("| trees | depth | leads a leaf | nodes | ROC AUC | Brier | ECE | one lead explained, us |")
    print("|---|---|---|---|---|---|---|---|")
    for plan in PLANS:
        trained = train_on(leads, "try", plan, "the sample generator")
        model, quality = trained.model, trained.card["quality"]
        rows = np.ascontiguousarray(leads.features[:200, model.columns])
        took = []
        for row in rows:
            begun = time.perf_counter_ns()
            kernel.contributions(model.explainer, row[None, :])
            took.append(time.perf_counter_ns() - begun)
        print(
            f"| {plan.trees} | {plan.depth} | {plan.leads_per_leaf} | {len(model.forest.feature):,} "
            f"| {quality['roc_auc']:.4f} | {quality['brier']:.4f} | {quality['ece']:.4f} "
            f"| {np.median(took) / 1000:.0f} |"
        )


if __name__ == "__main__":
    main()
