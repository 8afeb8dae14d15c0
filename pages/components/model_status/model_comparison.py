"""Two versions on the same leads, side by side."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.services.model.comparison import Comparison
from core.words import counted

FIGURES = {
    "roc_auc": "Tells leads apart",
    "brier": "Brier score",
    "ece": "Off by, on average",
    "answers_alone": "Answers alone",
    "right_alone": "Is right there",
}
SHARES = ("ece", "answers_alone", "right_alone")


def comparison_table(found: Comparison) -> None:
    """Show what each version does figure by figure, and whether they differ; or why that cannot be told."""
    if not found.differences:
        st.caption(f"There is {found.on}, so {found.second} cannot be compared with {found.first}.")
        return
    rows = found.differences
    st.dataframe(
        pd.DataFrame(
            {
                "": [FIGURES[one.name] for one in rows],
                f"{found.first} (answers)": [shown(one.name, one.first) for one in rows],
                found.second: [shown(one.name, one.second) for one in rows],
                "Difference": [shown(one.name, one.second - one.first, "+") for one in rows],
                "95 % interval": [
                    f"{shown(one.name, one.low, '+')} to {shown(one.name, one.high, '+')}" for one in rows
                ],
                "So it is": [
                    "better" if one.second_is_better else "worse" if one.second_is_worse else "no different"
                    for one in rows
                ],
            }
        ),
        hide_index=True,
        alt="Both versions on the same leads",
    )
    st.caption(
        f"On the same {counted(found.leads, 'lead')} ({found.on}), {found.converted:,} of whom signed. "
        "The interval is that of the difference."
    )


def shown(name: str, value: float, sign: str = "") -> str:
    """A figure with as many digits as it deserves; shares in percent.

    >>> shown("brier", 0.08, "+"), shown("ece", 0.0261), shown("roc_auc", -0.0, "+")
    ('+0.0800', '2.6 %', '0.000')
    """
    if not value:
        sign, value = "", 0.0
    if name in SHARES:
        return f"{100 * value:{sign}.1f} %"
    return f"{value:{sign}.4f}" if name == "brier" else f"{value:{sign}.3f}"
