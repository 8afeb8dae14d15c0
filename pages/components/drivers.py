"""What drives the scores of a selection of leads: how far each feature moves them, on whom, and at which values."""

from __future__ import annotations

import streamlit as st

from core.charts import beeswarm, dependence, mean_contributions
from core.charts.dependence import MOST_DOTS
from core.charts.frame import CONFIG
from core.features.catalog import UNKNOWN
from core.services.analyses import drivers
from core.services.analyses.drivers import Driver, Drivers
from core.services.center import CommandCenter
from core.services.lead import leads
from core.store import LeadFilter
from core.words import counted
from pages.components.empty import no_leads_yet, nothing
from pages.components.words import percent

SHOWN = 12


def what_drives(center: CommandCenter, wanted: LeadFilter | None = None) -> bool:
    """Show what drives the latest scores of the leads that ``wanted`` lets through; whether there was any to show."""
    found = drivers.drivers(center, wanted)
    if not found.drivers:
        if leads.browse(center, page_size=1).total:
            nothing("No score to explain", "None of these leads is scored yet.")
        else:
            no_leads_yet(center)
        return False
    st.caption(_whom(found))
    far, each = st.columns([2, 3], gap="medium")
    with far:
        _how_far(found)
    with each:
        _on_whom(found)
    st.caption(
        "In points of the model's raw probability, before calibration. Right of zero a feature raises a lead's chance, "
        "left of zero it lowers it; the average lead that the model learned from starts at "
        f"{percent(found.selection.base_value, 1)}."
    )
    _one_feature(found)
    return True


def _whom(found: Drivers) -> str:
    selection = found.selection
    said = counted(selection.scored, "scored lead")
    looked_at = len(selection) + selection.by_other_models
    if looked_at < selection.scored:
        said = f"{looked_at:,} of {said}, an even sample"
    others = f"; {selection.by_other_models:,} scored by other models are left out" if selection.by_other_models else ""
    return f"{said}, all drawn and counted, as model {selection.model_version} scored them{others}."


def _how_far(found: Drivers) -> None:
    st.subheader("How far each moves a score", anchor=False)
    st.plotly_chart(
        mean_contributions([(driver.label, driver.mean) for driver in found.drivers[:SHOWN]]),
        key="mean_contributions",
        config=CONFIG,
        alt="Mean absolute contribution of each feature, largest first",
    )
    first = found.drivers[0]
    st.text(f"“{first.label}” moves a score by {_points(first.mean)} on average, up or down.")


def _on_whom(found: Drivers) -> None:
    st.subheader("Up or down, lead by lead", anchor=False)
    contributions, values = found.columns(SHOWN)
    st.plotly_chart(
        beeswarm([driver.label for driver in found.drivers[:SHOWN]], contributions, values, UNKNOWN),
        key="beeswarm",
        config=CONFIG,
        alt="The contribution of each feature to each lead, coloured by the feature's value",
    )


@st.fragment
def _one_feature(found: Drivers) -> None:
    """One feature by its value; choosing another runs this part alone."""
    st.subheader("One feature, by its value", anchor=False)
    labels = {driver.feature: driver.label for driver in found.drivers}
    chosen = st.selectbox("Feature", list(labels), format_func=labels.__getitem__, key="driver", width=320)
    told = drivers.dependence(found.selection, chosen)
    st.plotly_chart(
        dependence(told.groups, told.group, told.values, told.contributions),
        key="dependence",
        config=CONFIG,
        alt=f"What {labels[chosen]} adds to a lead's chance, by its value",
    )
    drawn = min(MOST_DOTS, len(found.selection))
    driver = next(one for one in found.drivers if one.feature == chosen)
    st.caption(f"{_drawn(drawn, len(found.selection))} {_spread(driver)}")


def _drawn(drawn: int, leads: int) -> str:
    every = f"A dot is a lead: {drawn:,} of {leads:,} are drawn, all are counted in the averages."
    return every if drawn < leads else "A dot is a lead, a bar the average of its column."


def _spread(driver: Driver) -> str:
    known = "" if driver.known == 1 else f" It is known of {percent(driver.known)}."
    return f"For nine leads in ten it adds between {100 * driver.low:+.1f} and {100 * driver.high:+.1f} points.{known}"


def _points(share: float) -> str:
    points = f"{100 * share:.1f}"
    return f"{points} point{'' if points == '1.0' else 's'}"
