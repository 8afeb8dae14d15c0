"""One lead: whom to call and why, what was said, how the score moved, and what can be done about it."""

import streamlit as st

from core.errors import NotFound
from core.services.lead import leads
from pages.components import frame
from pages.components.empty import nothing
from pages.components.lead.conversation import conversation
from pages.components.lead.expected_commission import expected_commission
from pages.components.lead.explanation import explanation
from pages.components.lead.lead_actions import lead_actions, outcomes_so_far
from pages.components.lead.lead_card import lead_card
from pages.components.lead.lead_variants import lead_variants
from pages.components.lead.logged_touches import touches_logged
from pages.components.lead.score_history import past_scores
from pages.components.lead.second_reading import second_reading
from pages.components.lead.what_raises import what_could_change
from pages.components.look import look

center = frame.center()
top = st.container(gap=None)
top.page_link(
    "leads.py", label="All leads", icon=":material/arrow_back:", query_params=st.session_state.get("leads_view")
)
lead_id = st.query_params.get("id", "")
try:
    detail = leads.lead_detail(center, lead_id)
except NotFound:
    frame.title("One lead", "Open a lead from the live scores or from the list.")
    nothing("No such lead", "The address names no lead of this workspace. Pick one from the list.")
    st.stop()

with top:  # where there is no such lead, the title above brings the look with it
    look()
lead_card(center, detail)
lead_variants(center, lead_id)
lead_actions(center, detail)
why, said = st.columns([3, 2], gap="medium")
with why:
    explanation(detail)
with said:
    conversation(detail)
    touches_logged(center, detail)
second_reading(center, detail)
what_could_change(center, detail)
moved, money = st.columns([3, 2], gap="medium")
with moved:
    past_scores(detail)
with money:
    expected_commission(center, detail)
    outcomes_so_far(center, detail)
