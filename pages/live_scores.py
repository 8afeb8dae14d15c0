"""What came in, newest first, pushed by the server as it is scored."""

import streamlit as st

from core.services import live
from pages.components import frame
from pages.components.empty import no_leads_yet
from pages.components.live_scores.live_feed import live_feed
from pages.components.live_scores.today import midnight, today
from pages.components.threshold_slider import threshold_slider

center = frame.center()
threshold_slider(center)
frame.title("Live scores", "Every lead as it is scored, newest first. Open one to see whom to call and why.")

snapshot = live.snapshot(center, since=midnight())
if snapshot.rows:
    today(center)
else:
    no_leads_yet(center)

opened = live_feed(snapshot, live.screen_token(center))
if opened:
    st.switch_page("lead.py", query_params={"id": opened})
