"""What came of a scored file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.charts import score_distribution
from core.charts.frame import CONFIG
from core.features.catalog import CATALOG, NAMES
from core.scoring import TierEdges
from core.services.lead_files.files import ScoreResult
from core.transfer import FeaturesFilled
from core.words import counted
from pages.components.score_csv.csv_upload import CSV
from pages.components.words import BOTH_SIDES, FOR_CLAUDE

FIRST = 50
LABELS = {feature.name: feature.label for feature in CATALOG}


def csv_result(result: ScoreResult, edges: TierEdges) -> None:
    """Counts, downloads, how far to trust it, the best rows, the distribution, and the rows that were not used."""
    _counts(result)
    if result.closings:
        st.caption(f"{counted(result.closings, 'closing')} recorded with the day that the file tells.")
    _downloads(result)
    trust, spread = st.columns(2, gap="medium")
    with trust:
        _trust(result.filled)
    with spread:
        st.subheader("How the scores spread", anchor=False)
        st.plotly_chart(
            score_distribution(result.distribution, edges.hot, edges.warm),
            key="csv_spread",
            config=CONFIG,
            alt="Number of leads by score, coloured by tier",
        )
    _best(result)
    if result.problems:
        _problems(result)


def _counts(result: ScoreResult) -> None:
    with st.grid(6, min_column_width=120):
        st.metric("Scored", f"{result.scored:,}", border=True)
        for tier, count in result.tiers.items():
            st.metric(tier.capitalize(), f"{count:,}", border=True)
        st.metric("For Claude", f"{result.to_claude:,}", border=True, help=FOR_CLAUDE)
        st.metric("Not used", f"{result.rejected + result.duplicates:,}", border=True)


def _downloads(result: ScoreResult) -> None:
    stem = Path(CSV.name("leads")).stem
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download the result",
            result.out_path.read_bytes,
            file_name=f"{stem}.scored.csv",
            mime="text/csv",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            key="csv_result",
        )
        if result.rejected_path is not None:
            st.download_button(
                "Download the rows that were not used",
                result.rejected_path.read_bytes,
                file_name=f"{stem}.rejected.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key="csv_rejected",
            )
        if result.saved:
            st.page_link("leads.py", label="See them among the leads", icon=":material/group:")


def _trust(filled: FeaturesFilled) -> None:
    st.subheader("How far to trust it", anchor=False)
    told = sum(1 for count in filled.counts.values() if count)
    st.metric(
        "Features the file fills",
        f"{told} of {len(NAMES)}",
        f"{filled.known_mean:.1f} known a lead",
        delta_arrow="off",
        delta_color="off",
    )
    st.text(filled.sentence)
    with st.expander("Feature by feature"):
        st.dataframe(
            pd.DataFrame(
                {"Feature": [LABELS[name] for name in filled.shares], "Known for": list(filled.shares.values())}
            ),
            hide_index=True,
            column_config={"Known for": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)},
            alt="Share of the leads for which each feature is known",
        )


def _best(result: ScoreResult) -> None:
    if not result.scored:
        return
    st.subheader("Highest scores", anchor=False)
    if result.ended:
        st.caption(f"Without {counted(result.ended, 'lead')} that the file calls closed or lost.")
    rows = result.top[:FIRST]
    if not rows:
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Score": [100 * row.probability for row in rows],
                "Tier": [row.tier.capitalize() for row in rows],
                "Name": [row.name or row.lead_id for row in rows],
                "Confidence": [100 * row.confidence for row in rows],
                BOTH_SIDES: [None if row.commission_usd is None else float(row.commission_usd) for row in rows],
                "Known": [row.features_known for row in rows],
                "Strongest reason": [row.reasons[0] if row.reasons else None for row in rows],
                "Row": [row.row_number for row in rows],
            }
        ),
        hide_index=True,
        placeholder="",
        column_config={
            "Score": st.column_config.ProgressColumn(format="%.0f", min_value=0, max_value=100, width=110),
            "Tier": st.column_config.TextColumn(width=70),
            "Confidence": st.column_config.NumberColumn(format="%.0f %%", width=90),
            BOTH_SIDES: st.column_config.NumberColumn(format="$%,.0f", width=155),
            "Known": st.column_config.NumberColumn(help="Features known, of 28", width=70),
            "Strongest reason": st.column_config.TextColumn(width="large"),
            "Row": st.column_config.NumberColumn(help="Row of the file", width=70),
        },
        alt="The open leads of the file with the highest scores",
    )


def _problems(result: ScoreResult) -> None:
    st.subheader("Rows that were not used", anchor=False)
    st.caption(f"{result.rejected:,} cannot be used, {result.duplicates:,} are people who are in the file already.")
    st.dataframe(
        pd.DataFrame({"Row and reason": list(result.problems)}),
        hide_index=True,
        alt="Rows of the file that were not scored, with the reason",
    )
