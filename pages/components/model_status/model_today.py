"""What the model did today: how much, how fast, and how often it was not sure enough."""

from __future__ import annotations

import streamlit as st

from core.services import performance
from core.services.center import CommandCenter
from pages.components.fact_row import fact_row

NONE_YET = "none yet"


def today(center: CommandCenter) -> None:
    """Scores, escalation rate, answers from the cache and response times since midnight (UTC)."""
    st.subheader("Today", anchor=False)
    found = performance.summary(center)
    times = found["response_time_stats"]
    fact_row(
        {
            "Scores made": f"{found['ml_predictions']:,}",
            "For a second opinion": _percent(found["claude_escalation_rate_percent"]),
            "Answered from the cache": _percent(found["cache_performance"]["hit_rate_percent"]),
            "Half of all answers within": _ms(times["p50_ms"]),
            "95 of 100 within": _ms(times["p95_ms"]),
            f"Within {found['target_ms']:.0f} ms": _percent(times["target_met_percent"]),
        }
    )
    st.caption("Since midnight UTC, over all servers of this workspace. Times are those of single score requests.")


def _percent(value: float | None) -> str:
    return NONE_YET if value is None else f"{value:.1f} %"


def _ms(value: float | None) -> str:
    return NONE_YET if value is None else f"{value:.2f} ms"
