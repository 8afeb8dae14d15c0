"""What a lead may be worth, with the arithmetic."""

from __future__ import annotations

import streamlit as st

from core.services.lead.leads import LeadDetail
from core.services.lead.leads import expected_commission as expected
from pages.components.empty import nothing
from pages.components.words import dollars, in_markdown, percent


def expected_commission(detail: LeadDetail) -> None:
    """Show price, rate and chance multiplied out; say so when no price is known."""
    st.subheader("Expected commission", anchor=False)
    told = detail.commission
    if told is None or told.sale_price_usd is None or told.commission_usd is None:
        nothing("No price to go by", "No budget was stated, no listing viewed, and the area has no closings yet.")
        return
    rows = {
        f"Sale price ({told.price_basis})": dollars(told.sale_price_usd),
        "Rate, both sides together": percent(float(told.rate), 2),
        "Commission if it closes": dollars(told.commission_usd),
    }
    if detail.latest:
        closing = detail.latest.score.closing_probability
        chance = "Chance to convert" if closing is None else "Chance to close"
        rows[chance] = percent(detail.latest.score.probability if closing is None else closing, 1)
        rows["Expected commission"] = dollars(expected(detail.latest))
    st.table({label: in_markdown(value) for label, value in rows.items()}, border="horizontal")
    st.caption("Price times rate is the commission; times the chance is what to expect on average.")
