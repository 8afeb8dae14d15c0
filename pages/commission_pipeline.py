"""What open leads are expected to bring, what agents net of it, what moved, and whether the goals are in reach."""

import streamlit as st

from core.leads import utc_now
from core.services.commission import pipeline
from pages.components import frame
from pages.components.as_of import as_of
from pages.components.commission_pipeline.pipeline_agents import pipeline_agents
from pages.components.commission_pipeline.pipeline_breakdown import pipeline_breakdown
from pages.components.commission_pipeline.pipeline_goals import pipeline_goals
from pages.components.commission_pipeline.pipeline_moved import pipeline_moved
from pages.components.commission_pipeline.pipeline_plans import pipeline_plans
from pages.components.empty import no_leads_yet, nothing
from pages.components.period_filters import period_filters
from pages.components.pipeline_figures import pipeline_figures

OPEN, MOVED, AGENTS, GOALS, PLANS = VIEWS = ("Open leads", "What moved", "Agents and caps", "Goals", "Plans")

center = frame.center()
frame.title("Commission pipeline", "What open leads are expected to bring: chance to close x price x side rate.")
wanted = period_filters(center)
as_of(center)
found = pipeline.pipeline(center, wanted, utc_now().date())
if not found.total.leads and not center.store.lead_count():
    no_leads_yet(center)
    st.stop()

pipeline_figures(found, wanted)
view = st.segmented_control(
    "View", VIEWS, default=OPEN, required=True, key="part", bind="query-params", label_visibility="collapsed"
)
if view == AGENTS:
    pipeline_agents(center, found, wanted)
elif view == GOALS:
    pipeline_goals(center, found)
elif view == PLANS:
    pipeline_plans(center, found)
elif view == MOVED:
    pipeline_moved(center, wanted, found.today)
elif found.total.leads:
    pipeline_breakdown(found, wanted)
else:
    nothing("No open lead matches", "Every lead that the filters let through is closed or lost. Loosen a filter.")
