"""That closed leads whose day nobody told count as no closing."""

from __future__ import annotations

import streamlit as st

from core.services.center import CommandCenter
from core.services.commission.pipeline import undated_closings
from core.services.commission.pipeline_words import undated_words


def undated(center: CommandCenter) -> None:
    """Say how many, where there are any: an export of a CRM may say that a lead closed, and not when."""
    if leads := undated_closings(center):
        st.caption(undated_words(leads))
