"""Can the model be trusted: what it is, how good it is on leads it did not learn from, what a tier is worth."""

import streamlit as st

from core.services import workspace
from core.services.model_report import model_report
from pages.components import frame
from pages.components.drivers import what_drives
from pages.components.model_card import calibration, facts, measured, own_tiers, tiers, versions, windows
from pages.components.views import DRIVERS, open_view

center = frame.center()
frame.title("Model status", "Which model answers, how it was measured, and how far its numbers can be believed.")

if open_view("How good it is", key="show") == DRIVERS:
    what_drives(center)
    st.page_link(
        "leads.py",
        label="The same for a selection of leads",
        icon=":material/filter_list:",
        query_params={"view": DRIVERS},
    )
    st.stop()

report = model_report(center, workspace.tier_edges(center))
facts(report)
measured(report)
said, worth = st.columns([3, 2], gap="medium")
with said:
    calibration(report)
with worth:
    tiers(report)
    own_tiers(center)
windows(report)
versions(center)
