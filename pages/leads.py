"""Find leads: search, filters, order, all kept in the address so that a view can be shared."""

import streamlit as st

from core.services.lead import leads
from core.store import LeadFilter
from core.words import counted
from pages.components import frame
from pages.components.drivers import what_drives
from pages.components.empty import no_leads_yet, nothing
from pages.components.filter_boxes import first_page
from pages.components.lead_filters import PAGE_SIZE, clear_filters, lead_filters, page_number
from pages.components.leads.active_filters import active_filters
from pages.components.leads.lead_table import download_view, lead_table
from pages.components.segment_save import save_segment
from pages.components.threshold_slider import threshold_slider
from pages.components.views import DRIVERS, open_view

center = frame.center()
threshold_slider(center)
frame.title("Leads", "Search, filter and sort every lead. The address keeps the view, so it can be shared.")

wanted, sort = lead_filters(center)
active_filters(center)
if open_view("List", key="view") == DRIVERS:
    what_drives(center, wanted)
    st.stop()
found = leads.browse(center, wanted, sort, page_number(), PAGE_SIZE)

if found.rows:
    lead_table(found)
    with st.container(horizontal=True):
        download_view(center, wanted, sort, found.total)
        save_segment(center, wanted, st.session_state.get("closing"))
elif found.total:
    nothing("This page is past the end", f"{counted(found.total, 'lead matches', 'leads match')}, on fewer pages.")
    st.button("To the first page", key="to_first_page", icon=":material/first_page:", on_click=first_page)
elif wanted == LeadFilter():
    no_leads_yet(center)
else:
    nothing("No lead matches", "Loosen a filter, or clear them all.")
    st.button("Clear filters", key="clear_after_nothing", on_click=clear_filters)
