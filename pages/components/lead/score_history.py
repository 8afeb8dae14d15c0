"""How a lead's score moved, and what moved it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.charts import ScorePoint, score_history
from core.charts.frame import CONFIG
from core.services.lead.leads import MOST_SCORES, LeadDetail, why_moved
from core.store import StoredScore
from pages.components.words import local, when

MOST_MOVERS = 3


def past_scores(detail: LeadDetail) -> None:
    """Show the chance over time and a line for each score: what changed since the one before, and which model."""
    st.subheader("How the score moved", anchor=False)
    scores = sorted(detail.scores, key=lambda stored: stored.scored_at)
    if not scores:
        st.caption("Not scored yet.")
        return
    if len(scores) == MOST_SCORES:
        st.caption(f"The last {MOST_SCORES} scores; earlier ones, if there are any, are not shown.")
    if len(scores) > 1:
        points = [
            ScorePoint(local(one.scored_at), one.score.probability, one.score.tier.value, one.score.model_version)
            for one in scores
        ]
        st.plotly_chart(score_history(points), key="score_history", config=CONFIG, alt="The chance over time")
        with st.container(gap="xxsmall"):
            st.caption(f"Since {when(scores[-2].scored_at)}:")
            for line in movers(scores[-2], scores[-1]):
                st.text(line)
    st.dataframe(
        _table(scores),
        hide_index=True,
        column_config={
            "Score": st.column_config.NumberColumn(format="%.0f", width=60),
            "What moved it": st.column_config.TextColumn(width="large"),
        },
        alt="Scores of this lead, newest first",
    )


def _table(scores: list[StoredScore]) -> pd.DataFrame:
    earlier: list[StoredScore | None] = [None, *scores[:-1]]
    lines = [
        {
            "When": when(one.scored_at),
            "Score": one.score.ml_score,
            "Tier": one.score.tier.value.capitalize(),
            "What moved it": "; ".join(movers(before, one)),
            "Model": one.score.model_version,
        }
        for before, one in zip(earlier, scores, strict=True)
    ]
    return pd.DataFrame(lines[::-1])


def movers(before: StoredScore | None, after: StoredScore) -> list[str]:
    """What moved the raw probability most between two scores, in sentences."""
    if before is None:
        return ["First score"]
    if before.score.model_version != after.score.model_version:
        return ["Another model"]
    moved = why_moved(before.score, after.score, MOST_MOVERS)
    return [move.text for move in moved] or ["Nothing changed"]
