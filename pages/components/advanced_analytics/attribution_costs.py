"""What sources cost and earned, by a model that is picked, and the upload of what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from core.analytics.attribution import Model
from core.errors import JorgeError
from core.services.analyses import ad_spend
from core.services.analyses.ad_spend import Costs, Preview
from core.services.analyses.missing_words import named
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.store.spend import StoredSpend
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted, month_words
from pages.components.advanced_analytics.attribution_words import MODELS
from pages.components.empty import nothing
from pages.components.figure_table import figure_table
from pages.components.period_filters import leads_address
from pages.components.problem import attempt, problem
from pages.components.words import choice, dollars, viewer_zone

SHOWN_PROBLEMS = 20
UPLOADS = "spend_uploads"


def attribution_costs(center: CommandCenter, wanted: LeadFilter, lookback: int, half_life: int) -> None:
    """Show cost per lead and closing and commission per dollar, and take a file of what sources cost."""
    st.subheader("What sources cost and earned", anchor=False)
    if wanted.agents or wanted.areas or wanted.sides:
        nothing(
            "Costs are kept by source and month",
            "They cannot be told by agent, area or side; clear these filters to see them.",
        )
    elif not ad_spend.spend(center):
        nothing("No spend yet", "Upload what you paid for each source and month; the template below has your sources.")
    else:
        _costs(center, wanted, lookback, half_life)
    with st.expander("What was paid: upload, look at, delete", icon=":material/payments:"):
        _upload(center)
        _kept(center)


def _costs(center: CommandCenter, wanted: LeadFilter, lookback: int, half_life: int) -> None:
    chosen = st.selectbox(
        "Closings by", list(Model), index=list(Model).index(Model.FIRST_TOUCH), key="cost_model",
        format_func=MODELS.__getitem__, bind="query-params", width=220,
    )  # fmt: skip
    model = chosen or Model.FIRST_TOUCH
    found = ad_spend.costs(center, wanted, model, lookback, half_life, viewer_zone())
    if found is None:
        nothing("No spend in this period", "Widen the period, or upload what was paid in its months.")
        return
    _table(found)
    st.caption(
        f"All leads that arrived from {month_words(found.first)} to {month_words(found.last)}, the months with spend, "
        f"and the credit of their closings by {MODELS[model]}. Spend is told by month, so a month that the period "
        "only touches counts "
        "whole. Months counts those with spend of the source. Young leads have yet to close, so the last months look "
        "dear."
    )


def _table(found: Costs) -> None:
    columns = (
        TableColumn("Source"), TableColumn("Spent", Kind.LEDGER), TableColumn("Months", Kind.COUNT),
        TableColumn("Leads", Kind.COUNT), TableColumn("Cost per lead", Kind.LEDGER),
        TableColumn("Closings", Kind.NUMBER), TableColumn("Cost per closing", Kind.MONEY),
        TableColumn("Commission", Kind.MONEY), TableColumn("Earned per dollar", Kind.NUMBER),
    )  # fmt: skip
    rows = [
        (
            one.label, one.spent_usd, one.months, one.leads, one.per_lead_usd, one.closings, one.per_closing_usd,
            one.gci_usd, one.gci_per_dollar,
        )
        for one in found.costs
    ]  # fmt: skip
    own = {one.label: one.sources for one in found.found.channels}
    addresses = [
        {
            **leads_address(found.counted),
            "source": [choice(named("source", name)) for name in own.get(one.label, (one.label,))],
        }
        for one in found.costs
    ]
    figure_table(Table(columns, rows), key="costs_table", name="What sources cost and earned", addresses=addresses)


def _upload(center: CommandCenter) -> None:
    uploads = st.session_state.setdefault(UPLOADS, 0)
    st.download_button(
        "Template with your sources", lambda: ad_spend.template(center), file_name="spend.csv", mime="text/csv",
        icon=":material/download:", type="tertiary", on_click="ignore", key="spend_template",
    )  # fmt: skip
    sent = st.file_uploader(
        "CSV with the columns channel, month (2026-03) and amount_usd", type=["csv", "txt", "tsv"],
        key=f"spend_file_{uploads}", max_upload_size=2,
    )  # fmt: skip
    if sent is None:
        return
    try:
        found = ad_spend.preview(center, sent.getvalue())
    except JorgeError as error:
        problem(error, "This file cannot be used")
        return
    _preview(found)
    whole = st.toggle("Replace all that is kept, not only the same sources and months", key="spend_replace")
    if found.rows and st.button(f"Keep {counted(len(found.rows), 'row')}", type="primary", key="spend_save"):
        with attempt(otherwise="Not saved"):
            ad_spend.save(center, found.rows, whole)
            st.session_state[UPLOADS] = uploads + 1
            st.rerun()


def _preview(found: Preview) -> None:
    blank = f" Passed over, without an amount: {counted(found.blank, 'row')}." if found.blank else ""
    st.text(f"{counted(len(found.rows), 'row')} can be kept, {dollars(found.total_usd)} in all.{blank}")
    columns = (TableColumn("Source"), TableColumn("Month", Kind.MONTH), TableColumn("Amount", Kind.LEDGER))
    rows = [(row.channel, row.month, row.amount_usd) for row in found.rows]
    figure_table(Table(columns, rows), key="spend_preview", name="Spend in the file")
    if found.problems:
        more = len(found.problems) - SHOWN_PROBLEMS
        st.text(f"{counted(len(found.problems), 'row')} cannot be used:")
        st.text("\n".join(found.problems[:SHOWN_PROBLEMS]) + (f"\nand {more:,} more" if more > 0 else ""))
    if found.unknown:
        st.text(f"No lead has these as its source, so their costs bring nothing: {', '.join(found.unknown)}")


def _kept(center: CommandCenter) -> None:
    kept = ad_spend.spend(center)
    if not kept:
        return
    columns = (
        TableColumn("Source"), TableColumn("Month", Kind.MONTH), TableColumn("Amount", Kind.LEDGER),
        TableColumn("Saved", Kind.MOMENT), TableColumn("Saved by"),
    )  # fmt: skip
    rows = [(one.channel, one.month, one.amount_usd, one.saved_at, one.saved_by) for one in kept]
    figure_table(Table(columns, rows), key="spend_kept", name="Spend")
    with st.form("spend_delete", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        channels = list(dict.fromkeys(one.channel for one in kept))
        which = st.selectbox(
            "Delete the spend of", channels, index=None, placeholder="All sources", format_func=choice,
            key="spend_of", width=240,
        )  # fmt: skip
        asked = st.form_submit_button("Delete", key="spend_remove", icon=":material/delete:")
    if asked:
        _confirm(center, which, [one for one in kept if which in (None, one.channel)])


@st.dialog("Delete this spend?")
def _confirm(center: CommandCenter, which: str | None, gone: Sequence[StoredSpend]) -> None:
    total = sum((one.amount_usd for one in gone), Decimal(0))
    st.text(
        f"{counted(len(gone), 'row')} of {which or 'all sources'}, {dollars(total)} in all, will "
        "be gone. It cannot be undone; upload the file again to have them back."
    )
    if st.button("Delete", type="primary", key="spend_remove_yes"):
        with attempt(otherwise="Not deleted"):
            ad_spend.remove(center, which)
            st.rerun()
