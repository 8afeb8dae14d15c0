"""The head of the commission pipeline: what is open, what it may bring, and how much of it can be counted."""

from __future__ import annotations

import streamlit as st

from core.services.analyses.missing_words import band_named
from core.services.commission.pipeline import Pipeline
from core.services.commission.pipeline_words import net_words
from core.store import LeadFilter
from core.words import counted
from pages.components.period_filters import leads_address
from pages.components.words import dollars

OPEN = ["Generated", "Qualified", "Showing", "Contract"]


def pipeline_figures(found: Pipeline, wanted: LeadFilter) -> None:
    """Four figures with the leads that they stand on, and a link to these."""
    total = found.total
    net, told = net_words(found)
    leads = counted(total.counted, "lead")
    with st.grid(4, min_column_width=170):  # what its longest words take; on a phone two by two
        st.metric("Open leads", f"{total.leads:,}", border=True)
        st.metric(
            "If all of them close",
            dollars(total.gci_usd) if total.counted else "not known",
            border=True,
            help=f"Price x side rate of {leads}.",
        )
        st.metric(
            "Expected commission",
            dollars(total.expected_usd) if total.counted else "not known",
            border=True,
            help=f"Chance to close x price x side rate, of {leads}; {total.closings:.1f} closings.",
        )
        st.metric(
            net,
            dollars(total.net_usd) if total.counted else "not known",
            border=True,
            help=f"Where each agent's year stands now, {told}.",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(counted_words(total.leads, total.priced, total.counted))
        st.page_link(
            "leads.py",
            label="See the open lead" if total.leads == 1 else f"See the {total.leads:,} open leads",
            icon=":material/group:",
            query_params={**leads_address(wanted), "stage": OPEN},
        )
        for missing, lack, address in (
            (total.leads - total.priced, "no price", {"price": [band_named(None)]}),
            (total.priced - total.counted, "no chance to close", {"no_chance": "true"}),
        ):
            if missing:
                st.page_link(
                    "leads.py",
                    label=f"The one with {lack}" if missing == 1 else f"The {missing:,} with {lack}",
                    icon=":material/group:",
                    query_params={**leads_address(wanted), "stage": OPEN, **address},
                )


def counted_words(leads: int, priced: int, counted: int) -> str:
    """Which leads the money counts, and what the others lack.

    >>> counted_words(10, 8, 8)
    'The money counts 8 of 10 open leads; 2 have no price yet.'
    >>> counted_words(3, 3, 3)
    'The money counts all 3 open leads.'
    """
    if leads == counted:
        return "The money counts the one open lead." if leads == 1 else f"The money counts all {leads:,} open leads."
    lacks = []
    if leads > priced:
        lacks.append(f"{leads - priced:,} {_have(leads - priced)} no price yet")
    if priced > counted:
        lacks.append(
            f"{priced - counted:,} {_have(priced - counted)} a price but no chance to close: "
            "the model that scored them never learned from closings, or they are not scored"
        )
    return f"The money counts {counted:,} of {leads:,} open leads; {'; '.join(lacks)}."


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
