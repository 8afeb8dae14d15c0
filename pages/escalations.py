"""The second opinion: what it is asked about, what it costs, what it was worth, and what waits for a person."""

import streamlit as st

from core.services.access import Right
from core.services.escalations import report
from pages.components import frame
from pages.components.empty import nothing
from pages.components.escalations.escalation_figures import escalation_figures, why_and_when, worth
from pages.components.escalations.escalation_review import for_review
from pages.components.escalations.escalation_state import budget_form, escalation_state
from pages.components.words import viewer_zone

center = frame.center()
frame.title("Escalations", "Leads that the model is unsure of go to Claude for a second opinion, inside a budget.")
escalation_state(center)
found = report.report(center, zone=viewer_zone())
if not found.total:
    nothing(
        "No escalations in the last 30 days",
        "A lead lands here when the model's confidence is below the threshold, or when somebody asks Claude by hand.",
    )
    st.stop()

escalation_figures(found)
why_and_when(found)
worth(found.verdict)
for_review(center)
with st.container(horizontal=True, vertical_alignment="center"):
    if center.actor.may(Right.SETTINGS):
        budget_form(center)
    st.page_link("threshold.py", label="Which leads are asked about", icon=":material/tune:")
