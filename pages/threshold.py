"""What the threshold means: how many leads the model answers alone, and how often it is right on them."""

import streamlit as st

from core.services import workspace
from core.services.access import Right
from pages.components import frame
from pages.components.threshold.policy_choice import policy_choice
from pages.components.threshold.threshold_trade import threshold_table, threshold_trade, threshold_words
from pages.components.threshold_slider import threshold_slider

center = frame.center()
threshold = threshold_slider(center)
frame.title(
    "Threshold", "Where the model is sure enough, its answer stands. Below it the lead is marked for a second opinion."
)

threshold_words(workspace.what_moves(center, threshold))
threshold_trade(center, threshold)
with st.expander("The same as numbers"):
    threshold_table(center)
if center.actor.may(Right.MONEY):  # it counts the commission at stake
    policy_choice(center)
