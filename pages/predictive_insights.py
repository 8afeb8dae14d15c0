"""What is coming: closings and commission ahead, how good such forecasts were, and what has changed."""

import streamlit as st

from pages.components import frame
from pages.components.forecast_ahead import forecast_ahead
from pages.components.forecast_backtest import forecast_backtest
from pages.components.forecast_opportunities import forecast_opportunities
from pages.components.forecast_trends import forecast_trends
from pages.components.period_filters import period_filters

FORECAST = "Forecast"
VIEWS = {
    FORECAST: forecast_ahead,
    "Past forecasts": forecast_backtest,
    "Trends": forecast_trends,
    "Opportunities": forecast_opportunities,
}

center = frame.center()
frame.title("Predictive insights", "What the next months bring, how such forecasts did, and what has changed.")

wanted = period_filters(center)
chosen = st.segmented_control(
    "View",
    list(VIEWS),
    default=FORECAST,
    required=True,
    key="show",
    bind="query-params",
    label_visibility="collapsed",
)
VIEWS[chosen or FORECAST](center, wanted)
