"""How good a model is, in four figures, on leads that it did not learn from."""

from __future__ import annotations

import streamlit as st

from core.training.quality import Quality
from pages.components.words import percent


def quality_figures(found: Quality, did: str, off_by_beside: str) -> None:
    """Discrimination, calibration and lift. ``did`` is what the chance is of, such as "signed"."""
    with st.grid(4, min_column_width=150):
        _figure(
            "Tells leads apart",
            f"{found.roc_auc:.3f}",
            f"{found.roc_auc_low:.3f} to {found.roc_auc_high:.3f}",
            f"ROC AUC: the chance that a lead that {did} stands above one that did not; 0.5 is guessing.",
        )
        _figure(
            "Off by, on average",
            percent(found.ece, 1),
            off_by_beside,
            "Expected calibration error: mean distance between what was said and what happened, over ten groups.",
        )
        _figure(
            "Brier score",
            f"{found.brier:.4f}",
            f"{found.brier_baseline:.4f} without a model",
            "Mean squared error of the probability; lower is better.",
        )
        _figure(
            "Lift in the top tenth",
            f"{found.lift_at_10:.1f} times",
            f"{found.converted:,} of {found.leads:,} {did}",
            f"The share that {did} among the top tenth by score, as a multiple of everybody's.",
        )


def _figure(label: str, value: str, beside: str, told: str) -> None:
    st.metric(
        label, value, border=True, height="stretch", delta=beside, delta_arrow="off", delta_color="off", help=told
    )
