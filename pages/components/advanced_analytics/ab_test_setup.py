"""The form for a new A/B test: what it needs is computed as it is filled in."""

from __future__ import annotations

import streamlit as st

from core.analytics.ab_test import MOST_DAYS, MOST_VARIANTS, Design, Metric, Variant
from core.errors import InputError
from core.services.analyses import ab_tests as service
from core.services.analyses.ab_test_words import DAILY, METRICS, ONCE, USUAL_WITHIN
from core.services.center import CommandCenter
from core.words import counted
from pages.components.problem import attempt, problem
from pages.components.words import percent

NAMES = ("As ever", "The change", "Another change", "A third change", "A fourth change")
FEWEST_USUAL = 30  # of fewer leads the usual rate, and with it the size of the test, is a guess
POWERS, ALPHAS = (0.8, 0.9, 0.95), (0.05, 0.01, 0.1)


def ab_test_setup(center: CommandCenter) -> None:
    """Ask for the design, say how many leads and days it takes, and start it."""
    with st.container(border=True):
        with st.grid(2, min_column_width=280):
            name = st.text_input("Name of the test", max_chars=service.MOST_NAME, key="ab_name")
            change = st.text_input(
                "What is changed", max_chars=300, key="ab_change", placeholder="Call within five minutes of arrival"
            )
        variants = _variants()
        metric, within_days = _metric()
        baseline = _baseline(center, metric, within_days)
        lift, power, alpha, daily = _strictness(baseline)
        try:
            design = Design(change, variants, metric, within_days, baseline, lift, power, alpha, daily)
            _needs(service.plan(center, design), design)
        except InputError as error:
            problem(error, "This cannot be tested")
            return
        st.caption(
            "From then on every lead that comes in is given a variant at random, in these shares, and keeps it. The "
            "draw is repeatable: the same lead in the same test always gets the same variant."
        )
        if st.button("Start the test", type="primary", key="ab_start"):
            with attempt(otherwise="Not started"):
                service.start(center, name, design)
                st.session_state.pop("ab_set_up", None)
                st.rerun()


def _variants() -> tuple[Variant, ...]:
    number = st.segmented_control(
        "Variants", list(range(2, MOST_VARIANTS + 1)), default=2, required=True, key="ab_number"
    )
    count = number or 2
    found = []
    left = 100.0
    with st.grid(2, min_column_width=280):
        for place in range(count):
            usual = round(100 / count, 1) if place < count - 1 else left
            name = st.text_input(
                f"Variant {place + 1}" + (" (what the others are held against)" if not place else ""),
                NAMES[place], max_chars=service.MOST_NAME, key=f"ab_variant_{place}",
            )  # fmt: skip
            share = st.number_input(
                f"Share of variant {place + 1}, percent", 1.0, 99.0, usual, 5.0, key=f"ab_share_{count}_{place}",
                format="%.1f",
            )  # fmt: skip
            left = max(1.0, round(left - usual, 1))
            found.append(Variant(name.strip(), round(share / 100, 6)))
    return tuple(found)


def _metric() -> tuple[Metric, int]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Measured by", list(Metric), format_func=METRICS.__getitem__, key="ab_metric", width=220)
        metric = chosen or Metric.ANSWERED
        within = st.number_input(
            "Within days of arrival", 1, MOST_DAYS, USUAL_WITHIN[metric], key=f"ab_within_{metric.value}", width=180
        )
    return metric, int(within)


def _baseline(center: CommandCenter, metric: Metric, within_days: int) -> float:
    usual = service.usual(center, metric, within_days)
    rate = usual.successes / usual.leads if usual.leads >= FEWEST_USUAL else None
    if rate is None:
        st.caption(
            f"{counted(usual.leads, 'lead')} of the last {service.USUAL_DAYS} days old enough to tell: too few to say "
            "the usual rate; set it by hand."
        )
    else:
        st.caption(
            f"Of {counted(usual.leads, 'lead')} of the last {service.USUAL_DAYS} days old enough to tell, "
            f"{usual.successes:,} did: {percent(rate, 1)}."
        )
    start = min(max(round(100 * (rate if rate is not None else 0.3), 1), 0.1), 98.0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        told = st.number_input(
            "Usual rate, percent", 0.1, 98.0, start, 0.5, key=f"ab_base_{metric.value}_{within_days}", format="%.1f",
            width=180,
        )  # fmt: skip
    return round(told / 100, 6)


def _strictness(baseline: float) -> tuple[float, float, float, bool]:
    usual = round(min(5.0, 50 * (1 - baseline)), 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        lift = st.number_input(
            "Smallest lift worth having, points",
            0.1,
            98.0,
            usual,
            0.5,
            key=f"ab_lift_{usual}",
            format="%.1f",
            width=240,
        )
        power = st.selectbox(
            "Chance to find it", POWERS, format_func=percent, key="ab_power", width=170,
            help="The power: how often a test finds a lift of just that size.",
        )  # fmt: skip
        alpha = st.selectbox(
            "False alarms", ALPHAS, format_func=percent, key="ab_alpha", width=150,
            help="The significance level, two-sided: how often a test finds a difference where there is none.",
        )  # fmt: skip
        reading = st.segmented_control("Read", [DAILY, ONCE], default=DAILY, required=True, key="ab_reading")
    return round(lift / 100, 6), power or POWERS[0], alpha or ALPHAS[0], reading != ONCE


def _needs(plan: service.Plan, design: Design) -> None:
    with st.grid(3, min_column_width=180):
        st.metric("Leads needed, read once", f"{plan.sample:,}", border=True)
        st.metric("Leads needed, read daily", f"{plan.daily:,}", border=True, help="At just that lift.")
        days = "nobody comes in" if plan.days is None else counted(round(plan.days), "day")
        st.metric("Until then", days, border=True)
    st.caption(
        f"At {plan.per_day:,.1f} leads a day, as in the last {service.RATE_DAYS} days, and {design.within_days} "
        "more until the last outcome is known. A larger difference is found sooner by the daily reading."
    )
