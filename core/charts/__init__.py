"""Figures: numbers in, a Plotly figure out. Nothing here reads a store or knows a screen."""

from core.charts.calibration import CalibrationBin, calibration_curve
from core.charts.coverage import CoveragePoint, coverage_curve
from core.charts.distribution import score_distribution
from core.charts.history import ScorePoint, score_history
from core.charts.tiers import TierShare, tier_shares
from core.charts.waterfall import waterfall

__all__ = [
    "CalibrationBin",
    "CoveragePoint",
    "ScorePoint",
    "TierShare",
    "calibration_curve",
    "coverage_curve",
    "score_distribution",
    "score_history",
    "tier_shares",
    "waterfall",
]
