"""A page of leads as a table: a click opens the lead; the view can be taken away as CSV."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.services.center import CommandCenter
from core.services.lead.lead_export import MOST_ROWS, leads_as_csv
from core.store import LeadFilter, LeadPage, LeadRow, LeadSort
from core.words import counted
from pages.components.lead_filters import PAGE_SIZE
from pages.components.line_opened import ENTER_OPENS, line_keys
from pages.components.words import BOTH_SIDES, ago, in_percent, local

TIER_COLORS = {"hot": "red", "warm": "orange", "cold": "blue"}
BY_HAND = " by hand"
TIERS = {f"{tier.capitalize()}{hand}": color for tier, color in TIER_COLORS.items() for hand in ("", BY_HAND)}
# A laptop 1,280 wide shows 876 pixels of it: what one goes by stands before what may be scrolled to.
COLUMNS = {
    "Score": st.column_config.ProgressColumn("Score", format="%.0f", min_value=0, max_value=100, width=80),
    "Tier": st.column_config.MultiselectColumn("Tier", options=list(TIERS), color=list(TIERS.values()), width=70),
    "Name": st.column_config.TextColumn("Name", width=135),
    "Confidence": st.column_config.NumberColumn("Confidence", format="%.0f %%", width=80),
    "Stage": st.column_config.TextColumn("Stage", width=80),
    "Last active": st.column_config.TextColumn("Last active", width=92),
    "Came in": st.column_config.DatetimeColumn("Came in", format="MMM D, YYYY", width=100),
    BOTH_SIDES: st.column_config.NumberColumn(
        BOTH_SIDES,
        format="$%,.0f",
        width=150,
        help="Price x the team's total rate, if the lead closes. A lead's own page has its side's commission, and what "
        "to expect of it.",
    ),
}


def lead_table(found: LeadPage) -> None:
    """Show one page of leads with its count and the page switch below; open the lead that is clicked."""
    with st.container(gap=None):
        keys = line_keys("lead_table")
        st.caption(counted(found.total, "lead"))
        if keys.used:
            st.caption(ENTER_OPENS)
    chosen = st.dataframe(
        as_frame(found.rows),
        column_config=COLUMNS,
        hide_index=True,
        placeholder="",
        key="lead_table",
        on_select="rerun",
        selection_mode="single-cell",
        height="content" if len(found.rows) < 20 else 720,
        alt="Leads with score, tier, confidence, source, agent, stage and commission of both sides",
    )
    pages = max(1, -(-found.total // PAGE_SIZE))
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")
    line = keys.opened(chosen.selection.cells)
    if line is not None:
        view = st.query_params
        st.session_state["leads_view"] = {key: view.get_all(key) for key in view}
        st.switch_page("lead.py", query_params={"id": found.rows[line].lead_id})


def as_frame(rows: Sequence[LeadRow]) -> pd.DataFrame:
    """One line a lead, in the words and on the clock of who looks."""
    return pd.DataFrame(
        [
            {
                "Score": row.ml_score,
                "Tier": [row.shown_tier.capitalize() + BY_HAND * (row.override_tier is not None)]
                if row.shown_tier
                else [],
                "Name": row.name or row.lead_id,
                "Confidence": in_percent(row.confidence),
                "Source": row.source,
                "Agent": row.agent,
                "Stage": row.stage.value.capitalize(),
                "Last active": ago(row.last_activity_at) if row.last_activity_at else None,
                "Came in": local(row.created_at).replace(tzinfo=None) if row.created_at else None,
                BOTH_SIDES: None if row.commission_usd is None else float(row.commission_usd),
                "Area": row.area,
            }
            for row in rows
        ]
    )


def download_view(center: CommandCenter, wanted: LeadFilter, sort: LeadSort, total: int) -> None:
    """Offer the leads of the view as CSV, the first 5,000 of them."""
    taken = min(total, MOST_ROWS)
    st.download_button(
        f"Download {counted(taken, 'lead')} as CSV",
        lambda: leads_as_csv(center, wanted, sort, taken),
        file_name="leads.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
