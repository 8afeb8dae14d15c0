"""What a manager changes things by: speed of answers, cohorts, the funnel, what brings closings, and what was tried."""

from pages.components import frame
from pages.components.advanced_analytics.ab_tests import ab_tests
from pages.components.advanced_analytics.areas_view import areas_view
from pages.components.advanced_analytics.attribution_view import attribution_view
from pages.components.advanced_analytics.best_hour_view import best_hour_view
from pages.components.advanced_analytics.cohorts_view import cohorts_view
from pages.components.advanced_analytics.funnel_view import funnel_view
from pages.components.advanced_analytics.segments_view import segments_view
from pages.components.advanced_analytics.speed_to_lead import speed_to_lead
from pages.components.views import analyses

center = frame.center()
frame.title("Advanced analytics", "How soon leads are answered, what became of them, and what brought them.")
analyses(
    center,
    {
        "Speed to lead": speed_to_lead,
        "Cohorts": cohorts_view,
        "Funnel": funnel_view,
        "Attribution": attribution_view,
        "A/B tests": ab_tests,
        "Segments": segments_view,
        "Areas": areas_view,
        "Best hour": best_hour_view,
    },
)
