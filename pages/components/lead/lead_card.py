"""The head of a lead's screen: who, how to reach, the call and its reasons."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.leads import DECIDED_STAGES
from core.services import workspace
from core.services.center import CommandCenter
from core.services.lead.leads import LeadDetail
from core.store import Override, StoredScore
from pages.components.words import percent, when

HERE = Path(__file__).parent
MOST_DIGITS = 6
SCORE = "How many of 100 such leads sign a contract, by what really happened."
CLOSE = "As the model says. Under contract, the expected commission goes by how the team's contracts ended."
TIMELINE = "How likely it happens in the time that the lead named."
KNOWN = "Of the 28 things that the model looks at, how many are known of this lead. The more, the surer."
_mount = st.components.v2.component(
    "lead_card",
    html='<article class="card"></article>',
    css=(HERE / "lead_card.css").read_text(encoding="utf-8"),
    js=(HERE / "lead_card.js").read_text(encoding="utf-8"),
)


def lead_card(center: CommandCenter, detail: LeadDetail) -> None:
    """Show who it is with contact to copy, the tier in force, the strongest reasons, and the score's figures."""
    lead, latest, override = detail.history.lead, detail.latest, detail.override
    tier = detail.shown_tier
    _mount(
        key="lead_card",
        data={
            "name": lead.name or lead.lead_id,
            "tier": tier.value if tier else None,
            "note": _overridden(override),
            "contact": [[label, text] for label, text in (("E-mail", lead.email), ("Phone", lead.phone)) if text],
            "facts": [
                ["Source", lead.source or "not told"],
                ["Agent", lead.agent or "nobody yet"],
                ["Stage", lead.stage.value.capitalize()],
                ["Side", lead.side.value.capitalize()],
                ["Came in", when(lead.created_at)],
                ["Lead id", lead.lead_id],
            ],
            "reasons": list(latest.reasons) if latest else [],
        },
    )
    if latest:
        own = workspace.threshold_by_source(center)
        _figures(latest, own.get(lead.source or "", workspace.threshold(center)))
        _scored(latest, undecided=lead.stage not in DECIDED_STAGES)


def _overridden(override: Override | None) -> str:
    if override is None:
        return ""
    until = f"until {when(override.expires_at)}" if override.expires_at else "until it is changed"
    return f"set by {override.actor} {until}: {override.reason}"


def _figures(latest: StoredScore, threshold: float) -> None:
    score = latest.score
    with st.grid(5, min_column_width=140):
        st.metric("Score", f"{score.ml_score:.0f}", border=True, help=SCORE)
        st.metric(
            "Confidence",
            _apart(score.confidence, threshold),
            border=True,
            help="How likely the model is right in what it says: that the lead will sign, or that it will not.",
        )
        st.metric("Chance to close", _chance(score.closing_probability), border=True, help=CLOSE)
        st.metric("Within its timeline", _chance(score.timeline_probability), border=True, help=TIMELINE)
        st.metric("Features known", f"{score.features_known} of 28", border=True, help=KNOWN)


def _scored(latest: StoredScore, *, undecided: bool) -> None:
    """When and by which model; of a lead that signed or was lost, no opinion is of use any more."""
    claude = " Below the threshold: worth a second opinion." if latest.escalation_recommended and undecided else ""
    with st.container(horizontal=True, gap="xsmall"):
        st.text(f"Scored {when(latest.scored_at)} by model {latest.score.model_version}.{claude}")


def _apart(confidence: float, threshold: float) -> str:
    """A confidence in per cent, below the threshold with as many digits as tell the two apart.

    >>> _apart(0.8495, 0.85), _apart(0.848, 0.85), _apart(0.61, 0.85), _apart(0.8512, 0.85)
    ('84.95 %', '84.8 %', '61 %', '85 %')
    """
    digits = 0
    while confidence < threshold and digits < MOST_DIGITS and percent(confidence, digits) == percent(threshold, digits):
        digits += 1
    return percent(confidence, digits)


def _chance(probability: float | None) -> str:
    return "not known" if probability is None else percent(probability)
