"""The parts of the model's page."""

from __future__ import annotations

import json
from datetime import date, datetime

import pandas as pd
import streamlit as st

from core.charts import calibration_curve, tier_shares
from core.charts.frame import CONFIG
from core.features.catalog import CATALOG
from core.scoring.selective import wilson
from core.services.center import CommandCenter
from core.services.model import model_report
from core.services.model.model_report import ModelReport
from core.words import counted, day_words
from pages.components.empty import nothing
from pages.components.fact_row import fact_row
from pages.components.quality_figures import quality_figures
from pages.components.words import in_percent, percent, when

LABELS = {feature.name: feature.label for feature in CATALOG}


def facts(report: ModelReport, since: datetime | None) -> None:
    """Version and since when it answers, what it learned from and what it leaves out; the whole card on demand."""
    began = {"Version": report.version, "Answers since": "the start" if since is None else when(since)}
    fact_row(began | _facts(report))
    with st.expander("The whole model card"):
        st.code(json.dumps(dict(report.card), indent=2, default=str), language="json", wrap_lines=True)


def _facts(report: ModelReport) -> dict[str, str]:
    card = report.card
    told: dict[str, str] = {}
    if card.get("source"):
        told["Learned from"] = _began_large(str(card["source"]))
    for label, key in (("Leads learned from", "trained_on"), ("Leads held out", "held_out")):
        span = card.get(key)
        if isinstance(span, dict):
            dates = f", {_day(span['from'])} to {_day(span['to'])}" if span.get("from") else ""
            told[label] = f"{span.get('leads', 0):,}{dates}"
    left_out = [LABELS.get(name, name) for name in card.get("protected_left_out", [])]
    if left_out:
        told["Protected, left out"] = ", ".join(left_out)
    return told


def _day(written: object) -> str:
    """A day as a card has it, in the words of the screens; a card of somebody else's may have it otherwise."""
    try:
        return day_words(date.fromisoformat(str(written)[:10]))
    except ValueError:
        return str(written)


def windows(report: ModelReport) -> None:
    """How it does when less of a lead is known, as the card has it."""
    told = [line for line in report.card.get("windows", []) if isinstance(line, dict)]
    if not told:
        return
    st.subheader("When less is known of a lead", anchor=False)
    st.dataframe(
        pd.DataFrame(
            {
                "What is known": [_began_large(str(line.get("name", ""))) for line in told],
                "Tells leads apart": [line.get("roc_auc") for line in told],
                "Off by": [in_percent(line.get("ece")) for line in told],
                "Chance, on average": [in_percent(line.get("mean_probability")) for line in told],
                "Confidence, on average": [in_percent(line.get("mean_confidence")) for line in told],
            }
        ),
        hide_index=True,
        column_config={
            "Tells leads apart": st.column_config.NumberColumn(format="%.3f", help="ROC AUC; 0.5 is guessing"),
            "Off by": st.column_config.NumberColumn(format="%.1f %%", help="Expected calibration error"),
            "Chance, on average": st.column_config.NumberColumn(format="%.1f %%"),
            "Confidence, on average": st.column_config.NumberColumn(format="%.1f %%"),
        },
        alt="Quality of the model on held-out leads by what is known of them",
    )


def measured(report: ModelReport) -> None:
    """Discrimination, calibration and lift on held-out leads."""
    found = report.quality
    if found is None:
        nothing("Not measured", "This model came without held-out leads of both outcomes.")
        return
    quality_figures(found, "signed", "0 is perfect")
    st.caption(f"Measured on {counted(found.leads, 'lead')} that the model did not learn from.")


def _began_large(words: str) -> str:
    """The words with a large first letter; abbreviations keep theirs, which ``capitalize`` would make small."""
    return words[:1].upper() + words[1:]


def calibration(report: ModelReport) -> None:
    """Said against happened, with counts."""
    st.subheader("Does it happen as often as it says?", anchor=False)
    if not report.bins:
        nothing("No held-out leads", "Nothing to hold the model's word against.")
        return
    st.plotly_chart(
        calibration_curve(report.bins),
        key="calibration",
        config=CONFIG,
        alt="Predicted against observed share of conversions in ten groups of held-out leads",
    )
    st.caption(f"Ten groups of about {report.bins[0].count:,} held-out leads; bars are 95 % intervals.")


def tiers(report: ModelReport) -> None:
    """What each tier is worth on held-out leads."""
    st.subheader("What a tier is worth", anchor=False)
    st.plotly_chart(
        tier_shares(report.tiers), key="tier_shares", config=CONFIG, alt="Share signed in each tier, held-out leads"
    )
    st.caption("Share of the held-out leads of each tier that signed.")


def own_tiers(center: CommandCenter) -> None:
    """The same from the team's own outcomes, once there are any."""
    found = model_report.own_tiers(center)
    if not found:
        st.caption("None of your own leads was decided after it was scored; record outcomes to see the same for them.")
        return
    st.table(
        {one.tier.value.capitalize(): _decided(one.converted, one.converted + one.lost) for one in found},
        border="horizontal",
        alt="Share signed, with its 95 % interval, in each tier among the team's own decided leads",
    )


def _decided(converted: int, leads: int) -> str:
    """A share with its 95 % interval: of few leads it says little.

    >>> _decided(1, 1)
    '100 % (21 to 100) of your 1 decided lead'
    """
    low, high = (100 * end for end in wilson(converted, leads))
    return f"{percent(converted / leads)} ({low:.0f} to {high:.0f}) of your {counted(leads, 'decided lead')}"
