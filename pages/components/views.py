"""The switch between the views of a page, kept in the address; only the one that is open runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.services.center import CommandCenter
from core.store import LeadFilter
from pages.components.as_of import as_of
from pages.components.empty import no_leads_yet
from pages.components.period_filters import period_filters

DRIVERS = "What drives the scores"


def open_view(first: str, key: str, *further: str) -> str:
    """Show a switch between ``first``, ``further`` and what drives the scores; return what is open.

    What is open stands under ``key`` in the address.
    """
    return _switch([first, *further, DRIVERS], key)


def analyses(center: CommandCenter, views: Mapping[str, Callable[[CommandCenter, LeadFilter], None]]) -> None:
    """Show the filters and a switch between ``views``, and the one that is open, with the time of its figures.

    A view need not reckon with an empty workspace: then the ways to get leads in stand in its place.
    """
    wanted = period_filters(center)
    chosen = _switch(list(views), "show")
    as_of(center)
    if center.store.lead_count():
        views[chosen](center, wanted)
    else:
        no_leads_yet(center)


def _switch(views: Sequence[str], key: str) -> str:
    chosen = st.segmented_control(
        "View", views, default=views[0], required=True, key=key, bind="query-params", label_visibility="collapsed"
    )
    return chosen or views[0]
