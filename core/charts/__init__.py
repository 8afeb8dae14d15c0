"""Figures: numbers in, a Plotly figure out. Nothing here reads a store or knows a screen."""

from core.charts.beeswarm import beeswarm
from core.charts.best_hour import answer_rates, week_field
from core.charts.calibration import CalibrationBin, calibration_curve
from core.charts.cohorts import Curve, HeatCell, HeatRow, cohort_field, curves_by_age
from core.charts.coverage import CoveragePoint, coverage_curve
from core.charts.dependence import ValueGroup, dependence
from core.charts.distribution import score_distribution
from core.charts.escalations import escalations_by_day
from core.charts.forecast import ForecastBar, forecast_bars, forecasts_against_truth
from core.charts.history import ScorePoint, score_history
from core.charts.lift import lift_curve
from core.charts.mean_contributions import mean_contributions
from core.charts.speed import Estimate, answer_times, signed_by_answer
from core.charts.tiers import TierShare, tier_shares
from core.charts.trends import Difference, TrendPoint, differences, same_months, trend_lines
from core.charts.waterfall import waterfall

__all__ = [
    "CalibrationBin",
    "CoveragePoint",
    "Curve",
    "Difference",
    "Estimate",
    "ForecastBar",
    "HeatCell",
    "HeatRow",
    "ScorePoint",
    "TierShare",
    "TrendPoint",
    "ValueGroup",
    "answer_rates",
    "answer_times",
    "beeswarm",
    "calibration_curve",
    "cohort_field",
    "coverage_curve",
    "curves_by_age",
    "dependence",
    "differences",
    "escalations_by_day",
    "forecast_bars",
    "forecasts_against_truth",
    "lift_curve",
    "mean_contributions",
    "same_months",
    "score_distribution",
    "score_history",
    "signed_by_answer",
    "tier_shares",
    "trend_lines",
    "waterfall",
    "week_field",
]
