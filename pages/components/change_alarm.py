"""A change so large that somebody should look, with the way to the leads behind it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.analytics.anomalies import SLOW, Change
from core.services.analyses.change_words import detail, headline
from core.services.analyses.missing_words import NOT_TOLD, named
from core.store import LeadFilter
from core.words import counted
from pages.components.figure_filters import LATELY
from pages.components.figure_table import Address, leads_link
from pages.components.period_filters import leads_address
from pages.components.words import choice


def alarm(wanted: LeadFilter, change: Change) -> None:
    """Show one change that stands, with the way to the leads of the recent days."""
    st.warning(detail(change), title=choice(headline(change)), icon=":material/notification_important:")
    if change.n:
        leads_link(choice(f"Open the {counted(change.n, 'lead')}: {headline(change)}"), _spoken_of(wanted, change))


def _spoken_of(wanted: LeadFilter, change: Change) -> Address:
    kind = "agent" if change.kind == SLOW else "source"
    name = named(kind, None if change.where == NOT_TOLD else change.where)
    told = leads_address(replace(wanted, created_from=None, created_to=None), lately=LATELY[change.kind])
    return {**told, kind: [choice(name)]}
