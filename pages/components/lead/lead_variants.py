"""Which variants of A/B tests a lead was given, so that the agent knows what to do."""

from __future__ import annotations

import streamlit as st

from core.services.analyses import ab_tests
from core.services.center import CommandCenter
from pages.components.words import when


def lead_variants(center: CommandCenter, lead_id: str) -> None:
    """A line for each test that runs; nothing without one."""
    given = ab_tests.of_lead(center, lead_id)
    if not given:
        return
    with st.container(border=True, gap="xxsmall"):
        for one in given:
            st.text(f"{one.test.name}: {one.test.design.variants[one.variant].name}")
            st.caption(f"A/B test, given {when(one.assigned_at)}. What is tested:", width="content")
            st.text(one.test.design.change)
