"""What is coming: closings and commission ahead, how good such forecasts were, and what has changed."""

from pages.components import frame
from pages.components.predictive_insights.forecast_ahead import forecast_ahead
from pages.components.predictive_insights.forecast_backtest import forecast_backtest
from pages.components.predictive_insights.forecast_opportunities import forecast_opportunities
from pages.components.predictive_insights.forecast_trends import forecast_trends
from pages.components.views import analyses

center = frame.center()
frame.title("Predictive insights", "What the next months bring, how such forecasts did, and what has changed.")
analyses(
    center,
    {
        "Forecast": forecast_ahead,
        "Past forecasts": forecast_backtest,
        "Trends": forecast_trends,
        "Opportunities": forecast_opportunities,
    },
)
