"""The model in life: what changed since it was measured, and what that asks for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.charts import CalibrationBin, calibration_curve
from core.charts.frame import CONFIG
from core.features.catalog import CATALOG
from core.monitoring.drift import FEWEST, PROBABILITY, Drift, Shift
from core.monitoring.findings import Finding, Subject, Verdict
from core.monitoring.live import Live
from core.services.access import Right
from core.services.center import CommandCenter
from core.services.model.drift import DAYS
from core.services.model.live_quality import WAIT_DAYS, LiveQuality
from core.services.model.retraining import RECALIBRATE, RETRAIN, missing, own_outcomes
from core.words import counted
from pages.components.empty import nothing
from pages.components.model_status.model_learning import learn_button
from pages.components.words import in_percent

LABELS = {feature.name: feature.label for feature in CATALOG} | {PROBABILITY: "The chance it gives"}
COLORS = {Verdict.STEADY: "green", Verdict.CHANGED: "orange", Verdict.TOO_FEW: "gray", Verdict.UNKNOWN: "gray"}
ASKS = {
    Subject.MIX: "The mix of leads",
    Subject.BASE_RATE: "How many sign",
    Subject.ORDER: "Who signs",
}
MEANS = {
    Subject.MIX: "Other leads come in than before. What is said of them may still hold: see below whether it does.",
    Subject.BASE_RATE: "More or fewer sign than is said. The order holds; set the level right.",
    Subject.ORDER: "What makes leads sign is another thing now. Train anew on your own outcomes.",
}
FEWEST_DRAWN = 30  # decided leads; of fewer a curve is drawn by luck
ALONE = 12  # rows shown before the whole table is asked for


def findings(center: CommandCenter, found: LiveQuality) -> None:
    """Three cards, each with its verdict, what it rests on, and the button that it asks for."""
    lacking = None
    if any(finding.verdict is Verdict.TOO_FEW for finding in found.findings) and center.actor.may(Right.MODELS):
        lacking = missing(own_outcomes(center))
    with st.grid(3, min_column_width=260):
        for finding in found.findings:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _finding(center, finding, lacking)


def _finding(center: CommandCenter, finding: Finding, lacking: str | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{ASKS[finding.subject]}**")
        st.badge(finding.verdict.value, color=COLORS[finding.verdict])  # type: ignore[arg-type]
    st.text(finding.told)
    if finding.verdict is Verdict.CHANGED:
        st.caption(MEANS[finding.subject])
    st.space("stretch")
    if finding.subject is Subject.BASE_RATE:
        learn_button(center, RECALIBRATE, urgent=finding.verdict is Verdict.CHANGED, lacking=lacking)
    elif finding.subject is Subject.ORDER:
        learn_button(center, RETRAIN, urgent=finding.verdict is Verdict.CHANGED, lacking=lacking)


def came_true(found: LiveQuality) -> None:
    """What was said of the team's own leads against what became of them."""
    st.subheader("Did it come true for your own leads?", anchor=False)
    if found.live is None:
        nothing(
            "No outcomes to hold it against yet",
            f"Counted are leads as they stood on a day {WAIT_DAYS} days ago or earlier, scored by this version, and "
            "decided by now.",
        )
        return
    live = found.live
    if live.leads < FEWEST_DRAWN:
        _bands(live)
    else:
        curve, table = st.columns([3, 2], gap="medium")
        with curve:
            _curve(live)
        with table:
            _bands(live)
    order = (
        "Only one kind of outcome so far."
        if live.roc_auc is None
        else f"Tells leads apart: {live.roc_auc:.3f} ({live.roc_auc_low:.3f} to {live.roc_auc_high:.3f})."
    )
    st.caption(
        f"{order} Brier score {live.brier:.4f}, {live.brier_baseline:.4f} without a model. From "
        f"{counted(live.leads, 'decided lead')}, each by its score on one day of its first three months that "
        f"was drawn without a look at its end, {WAIT_DAYS} days to a year ago; "
        f"{counted(found.still_open, 'lead of that time is', 'leads of that time are')} still open. "
        '"Off" marks what lies outside the 95 % interval: one line in twenty does by chance.'
    )


def _curve(live: Live) -> None:
    bins = [
        CalibrationBin(band.said, band.converted / band.leads, band.leads, band.share_low, band.share_high)
        for band in live.bands
    ]
    st.plotly_chart(
        calibration_curve(bins, "Your leads"),
        key="live_calibration",
        config=CONFIG,
        alt="Said against happened, own leads",
    )


def _bands(live: Live) -> None:
    st.table(
        {
            f"Said {100 * band.low:.0f} to {100 * band.high:.0f} %": (
                f"{band.converted:,} of {band.leads:,} signed" + ("" if band.fits else ", off")
            )
            for band in live.bands
        },
        border="horizontal",
        alt="Of the leads that were told about the same chance, how many signed",
    )


def changed_leads(drift: Drift | None) -> None:
    """Each feature and the probability, now against then; what moved most comes first."""
    st.subheader("Are they still the same kind of leads?", anchor=False)
    if drift is None:
        nothing("Nothing to compare with", "This version was registered without the leads that it was measured on.")
        return
    if drift.too_few:
        nothing(
            "Too few to tell",
            f"{counted(drift.now, 'lead')} of the last {DAYS} days can be looked at, each on one day of its first "
            f"three months, and {drift.then:,} were kept with the model; {FEWEST} of each are needed.",
        )
        return
    ordered = sorted(drift.shifts, key=lambda one: (not one.changed, -one.psi))
    st.caption(
        f"{drift.now:,} leads of the last {DAYS} days, each on one day of its first three months, against "
        f"{drift.then:,} that the model was measured on. Changed is what moved noticeably (0.1 and more) and not by "
        "chance (under 1 %)."
    )
    _shifts(ordered[:ALONE], "drift")
    with st.expander(f"All {len(ordered)}"):
        _shifts(ordered, "drift_all")


def _shifts(shifts: list[Shift], key: str) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "Feature": [LABELS.get(one.name, one.name) for one in shifts],
                "": ["changed" if one.changed else "steady" for one in shifts],
                "Moved by": [one.psi for one in shifts],
                "By chance": [in_percent(one.chance) for one in shifts],
                "Middle then": [one.median_then for one in shifts],
                "Middle now": [one.median_now for one in shifts],
                "Not known then": [in_percent(one.unknown_then) for one in shifts],
                "Not known now": [in_percent(one.unknown_now) for one in shifts],
                "Test": [one.test for one in shifts],
            }
        ),
        hide_index=True,
        key=key,
        column_config={
            "Moved by": st.column_config.NumberColumn(
                format="%.3f", help="Population stability index: under 0.1 hardly, over 0.25 very different"
            ),
            "By chance": st.column_config.NumberColumn(
                format="%.1f %%", help="How likely so much difference is when nothing changed, over all tests of a look"
            ),
            "Middle then": st.column_config.NumberColumn(format="localized"),
            "Middle now": st.column_config.NumberColumn(format="localized"),
            "Not known then": st.column_config.NumberColumn(format="%.0f %%"),
            "Not known now": st.column_config.NumberColumn(format="%.0f %%"),
        },
        alt="Distributions of features now against then",
    )
