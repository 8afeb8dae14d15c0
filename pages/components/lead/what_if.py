"""Try a change: a control for each feature, and what the model would say, moving while it is dragged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.errors import InputError
from core.features.catalog import CATALOG, INDEX
from core.scoring import Score, Scores
from core.scoring.explain import UNNOTICEABLE
from core.services.center import CommandCenter
from core.services.lead import what_if
from core.services.lead.leads import LeadDetail
from core.services.lead.value_words import value_words
from core.services.lead.what_if import Curve, Scenario
from core.store import StoredScore
from pages.components.problem import told
from pages.components.words import dollars, percent, when

HERE = Path(__file__).parent
HTML = """\
<section class="what-if" aria-label="Try a change">
  <div class="result" role="status" aria-live="polite"></div>
  <h4 class="heading"></h4>
  <ol class="moved" role="list"></ol>
  <div class="controls"></div>
</section>
"""
MOVED = 5
_mount = st.components.v2.component(
    "what_if",
    html=HTML,
    css=(HERE / "what_if.css").read_text(encoding="utf-8"),
    js=(HERE / "what_if.js").read_text(encoding="utf-8"),
)


@st.fragment
def try_a_change(center: CommandCenter, detail: LeadDetail, stored: StoredScore) -> None:
    """Show the controls; the browser holds the model's answer at each of their stops, so it follows a drag at once.

    When a control is let go, its value comes here, and the answers for all further changes are made anew.
    """
    with told("Trying a change"):  # a rerun of this part alone is not inside the page's own
        _panel(center, detail, stored)


def _panel(center: CommandCenter, detail: LeadDetail, stored: StoredScore) -> None:
    st.subheader("Try a change", anchor=False)
    key = f"what_if_{detail.history.lead.lead_id}"
    kept = st.session_state.get(key, {}).get("changes") or {}
    try:
        found = what_if.scenario(center, detail.history, stored, kept)
    except InputError:  # another model answers now, and knows less
        kept = {}
        found = what_if.scenario(center, detail.history, stored)
    _mount(key=key, data=(_sent(found, kept),), on_changes_change=_nothing)
    st.caption(f"Nothing is saved. {_as_of(found)} Contributions are in points of the raw probability.")


def _as_of(found: Scenario) -> str:
    stored, present = found.stored.score, found.present
    known = f"From what was known {when(found.stored.scored_at)}."
    if stored.model_version == present.model_version and stored.tier == present.tier:
        return known
    return f"{known} The model and tiers of today say {present.ml_score:.0f}, {present.tier.value}."


def _sent(found: Scenario, changes: dict[str, float | None]) -> dict[str, Any]:
    """The scenario as plain values for the browser."""
    return {
        "present": {**_outcome(found, found.present), "strongest": _largest(found.present.contributions)},
        "changed": {**_outcome(found, found.changed), "moved": _moved(found, found.changed)},
        "changes": changes,
        "controls": [_control(found, curve) for curve in found.curves()],
    }


def _outcome(found: Scenario, score: Score) -> dict[str, Any]:
    expected = found.expected_commission(score)
    unknown = "nothing any more" if found.money is None else "not known"
    return {
        "score": round(score.ml_score, 1),
        "tier": score.tier.value,
        "confidence": percent(score.confidence),
        "expected": unknown if expected is None else dollars(expected),
    }


def _control(found: Scenario, curve: Curve) -> dict[str, Any]:
    moved = _moved_of_each(found, curve.scores)
    return {
        "name": curve.feature,
        "label": CATALOG[INDEX[curve.feature]].label,
        "at": curve.at,
        "present": curve.present_at,
        "values": curve.values,
        "words": [value_words(curve.feature, value) for value in curve.values],
        "outcomes": [
            {**_outcome(found, score), "moved": places} for score, places in zip(curve.scores, moved, strict=True)
        ],
    }


def _moved(found: Scenario, score: Score) -> list[tuple[str, float]]:
    return _largest(score.contributions - found.present.contributions)


def _moved_of_each(found: Scenario, scores: Scores) -> list[list[tuple[str, float]]]:
    return [_largest(row) for row in scores.contributions - found.present.contributions]


def _largest(changes: np.ndarray[Any, np.dtype[np.float64]]) -> list[tuple[str, float]]:
    """The contributions that moved most, as label and points."""
    order = np.argsort(-np.abs(changes), kind="stable")[:MOVED]
    return [
        (CATALOG[place].label, round(100 * float(changes[place]), 1))
        for place in order
        if abs(changes[place]) >= UNNOTICEABLE
    ]


def _nothing() -> None:
    """A state needs a callback to be an attribute of the result."""
