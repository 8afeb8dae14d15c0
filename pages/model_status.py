"""Can the model be trusted: what it is, how good it is, whether that still holds, and which others there are."""

import streamlit as st

from core.services import workspace
from core.services.model.live_quality import live_quality
from core.services.model.model_report import model_report
from pages.components import frame
from pages.components.drivers import what_drives
from pages.components.model_status.model_card import calibration, facts, measured, own_tiers, tiers, windows
from pages.components.model_status.model_learning import habits, learning
from pages.components.model_status.model_life import came_true, changed_leads, findings
from pages.components.model_status.model_today import today
from pages.components.model_status.model_trial import on_trial
from pages.components.model_status.model_versions import judging_unseen, versions
from pages.components.problem import told
from pages.components.views import DRIVERS, open_view

LIFE, VERSIONS = "Does it still hold", "Versions"
center = frame.center()
frame.title("Model status", "Which model answers, how it was measured, and how far its numbers can be believed.")
view = open_view("How good it is", "show", LIFE, VERSIONS)

if view == DRIVERS:
    if what_drives(center):
        st.page_link(
            "leads.py",
            label="The same for a selection of leads",
            icon=":material/filter_list:",
            query_params={"view": DRIVERS},
        )
elif view == LIFE:
    found = live_quality(center)
    learning()
    findings(center, found)
    came_true(found)
    changed_leads(found.drift)
elif view == VERSIONS:
    learning()
    for part in (on_trial, judging_unseen, versions, habits):
        with told("This part"):
            part(center)
else:
    report = model_report(center, workspace.tier_edges(center))
    facts(report, center.registry.champion_since())
    measured(report)
    said, worth = st.columns([3, 2], gap="medium")
    with said:
        calibration(report)
    with worth:
        tiers(report)
        own_tiers(center)
    windows(report)
    today(center)
