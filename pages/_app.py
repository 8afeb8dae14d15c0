"""The script that the server runs for every screen: menu, notices, then the page that was asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.services.center import current
from pages.components import frame, menu, session_room, sign_in

STATIC = Path(__file__).parent / "static"

st.set_page_config(page_title="Jorge", page_icon=str(STATIC / "icon.png"), layout="wide")
st.logo(str(STATIC / "mark.svg"), icon_image=str(STATIC / "icon.png"))

session_room.tidy()
sign_in.guard(current())  # nobody without a role gets past this line
page = menu.menu(
    {
        "Leads": [
            st.Page("live_scores.py", title="Live scores", icon=":material/bolt:", default=True),
            st.Page("leads.py", title="Leads", icon=":material/group:"),
            st.Page("lead.py", title="One lead", icon=":material/person:", visibility="hidden"),
            st.Page("score_csv.py", title="Score a CSV", icon=":material/upload_file:"),
            st.Page("escalations.py", title="Escalations", icon=":material/forum:"),
            st.Page("threshold.py", title="Threshold", icon=":material/tune:"),
        ],
        "Business": [
            st.Page("commission_pipeline.py", title="Commission pipeline", icon=":material/payments:"),
            st.Page("predictive_insights.py", title="Predictive insights", icon=":material/insights:"),
            st.Page("advanced_analytics.py", title="Advanced analytics", icon=":material/query_stats:"),
            st.Page("reports.py", title="Reports", icon=":material/summarize:"),
        ],
        "Model": [
            st.Page("model_status.py", title="Model status", icon=":material/monitoring:"),
            st.Page("train.py", title="Train", icon=":material/school:"),
        ],
        "Workspace": [st.Page("settings.py", title="Settings", icon=":material/settings:")],
    }
)
frame.show(page.run)
