"""What a lead may be worth, with the arithmetic of the commission pipeline."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.leads import Side
from core.services.center import CommandCenter
from core.services.lead.lead_money import LeadMoney, lead_money
from core.services.lead.leads import LeadDetail
from pages.components.empty import nothing
from pages.components.words import dollars, in_markdown, percent

RATES: Final = {
    Side.BUYER: "Rate of the buyer's side",
    Side.SELLER: "Rate of the seller's side",
    Side.BOTH: "Rate, both sides together",
}


def expected_commission(center: CommandCenter, detail: LeadDetail) -> None:
    """Show price, rate and chance multiplied out; say so when one of them is not known."""
    st.subheader("Expected commission", anchor=False)
    money = lead_money(center, detail.history.lead.lead_id)
    if money is None:
        nothing("Nothing to expect any more", "The lead is closed or lost; the commission pipeline counts open leads.")
    elif money.lead.price_usd is None:
        nothing("No price to go by", "No budget was stated, no listing viewed, and the area has no closings yet.")
    else:
        _arithmetic(money, detail)


def _arithmetic(money: LeadMoney, detail: LeadDetail) -> None:
    lead, basis = money.lead, None if detail.commission is None else detail.commission.price_basis
    rows = {
        f"Sale price ({basis})" if basis else "Sale price": dollars(lead.price_usd),
        RATES[lead.side]: percent(float(money.rate), 2),
        "Commission if it closes": dollars(lead.gci_usd),
    }
    if lead.chance is not None:
        of = ", in contract" if money.by_contracts else ""  # the score's own chance stands above, and is another
        rows[f"Chance to close{of}"] = percent(float(lead.chance), 1)
        rows["Expected commission"] = dollars(lead.expected_usd)
    st.table({label: in_markdown(value) for label, value in rows.items()}, border="horizontal")
    told = "Price times rate is the commission; times the chance is what to expect on average, as in the pipeline."
    if lead.chance is None:
        told = "Nothing is expected yet: the model never learned from closings, so the chance to close is not known."
    elif money.by_contracts:
        told += " In contract the chance is how the team's contracts of this age ended."
    st.caption(told)
