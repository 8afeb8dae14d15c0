"""The weekly report: made now as PDF or slides, or by itself into a folder."""

import streamlit as st

from pages.components import frame
from pages.components.empty import no_leads_yet
from pages.components.period_filters import period_filters
from pages.components.reports.report_make import report_make
from pages.components.reports.report_schedule import report_schedule

NOW, BY_ITSELF = VIEWS = ("Make a report", "Every week")

center = frame.center()
frame.title("Reports", "The week for the Monday meeting: a PDF to read, slides to show, from the figures of the pages.")

view = st.segmented_control(
    "View", VIEWS, default=NOW, required=True, key="reports", bind="query-params", label_visibility="collapsed"
)
if view == BY_ITSELF:
    report_schedule(center)
elif center.store.lead_count():
    report_make(center, period_filters(center, with_period=False))
else:
    no_leads_yet(center)
