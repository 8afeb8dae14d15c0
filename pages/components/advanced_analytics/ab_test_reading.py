"""One A/B test that runs: who was given what, what came of it, whether that says anything, and the way to end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from core.analytics.ab_test_reading import Verdict
from core.charts.ab_tests import day_by_day, rates
from core.charts.frame import CONFIG
from core.services.analyses import ab_tests as service
from core.services.analyses.ab_test_words import METRICS, metric_words, p_words, verdict_words
from core.services.analyses.ab_tests import Counted, TestState
from core.services.center import CommandCenter
from core.services.lead.lead_groups import variant_label
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.figure_chart import figure_chart
from pages.components.figure_filters import counted_words
from pages.components.figure_table import Address, figure_table, leads_link
from pages.components.problem import attempt, problem
from pages.components.variant_figures import look_marks, rate_marks, variant_cells
from pages.components.words import choice, when

STOP = "Stop without a decision"
COLUMNS = (
    TableColumn("Variant"),
    TableColumn("Planned", Kind.SHARE),
    TableColumn("Assigned", Kind.COUNT),
    TableColumn("Known", Kind.COUNT),
    TableColumn("Did", Kind.COUNT),
    TableColumn("Rate", Kind.SHARE),
    TableColumn("Rate from", Kind.SHARE),
    TableColumn("Rate to", Kind.SHARE),
    TableColumn("Lift", Kind.NUMBER),
    TableColumn("Lift from", Kind.NUMBER),
    TableColumn("Lift to", Kind.NUMBER),
    TableColumn("p"),
)


def ab_test_reading(state: TestState, center: CommandCenter) -> None:
    """Show a test in a card of its own."""
    test, reading = state.test, state.reading
    with st.container(border=True):
        st.subheader(choice(test.name), anchor=False)
        st.text(test.design.change)
        how = "read every day" if test.design.sequential else f"read once, after {counted(test.design.sample, 'lead')}"
        st.caption(f"{metric_words(test.design)}, {how}. Since {when(test.started_at)}.")
        headline, detail = verdict_words(state)
        with st.container(gap="xxsmall"):
            st.badge(_badge(reading.verdict), color=_color(reading.verdict))
            st.text(headline)
            st.text(detail)
        behind = [{"group": choice(variant_label(test, place))} for place in range(len(test.design.variants))]
        _charts(state, behind)
        _table(state, behind)
        waiting = reading.assigned - reading.ripe
        if waiting:
            who = counted(waiting, "lead is", "leads are")
            st.caption(f"{who} assigned and not counted yet: the outcome's days are not over.")
        _ending(center, state)


def _badge(verdict: Verdict) -> str:
    return {
        Verdict.MISMATCH: "Stopped",
        Verdict.WAITING: "Running",
        Verdict.DIFFERENT: "Different",
        Verdict.NO_DIFFERENCE: "No difference",
    }[verdict]


def _color(verdict: Verdict) -> Literal["red", "green", "gray"]:
    return "red" if verdict is Verdict.MISMATCH else "green" if verdict is Verdict.DIFFERENT else "gray"


def _charts(state: TestState, behind: Sequence[Address]) -> None:
    test = state.test
    drawn = rate_marks(state.variants)
    if drawn:
        figure_chart(
            rates(drawn, METRICS[test.design.metric]),
            key=f"ab_rates_{test.test_id}",
            alt="Rate of each variant with its 95 % interval",
            ways={one.name: address for one, address in zip(state.variants, behind, strict=True)},
            click="a mark",
        )
    for comparison in state.reading.comparisons:
        if not comparison.looks:
            continue
        name, first = test.design.variants[comparison.variant].name, test.design.variants[0].name
        st.caption(choice(f"{name} against {first}, day by day; the band holds at every look at once"))
        st.plotly_chart(
            day_by_day(look_marks(comparison.looks)), key=f"ab_days_{test.test_id}_{comparison.variant}", config=CONFIG,
            alt="Difference from the first variant, day by day",
        )  # fmt: skip


def _table(state: TestState, behind: Sequence[Address]) -> None:
    rows = [(one.name, one.share, *variant_cells(one), p_words(one.p)) for one in state.variants]
    figure_table(
        Table(COLUMNS, rows),
        key=f"ab_table_{state.test.test_id}",
        name="Variants of the test",
        addresses=behind,
    )
    with st.container(horizontal=True):
        for one, address in zip(state.variants, behind, strict=True):
            for which, leads in ((Counted.KNOWN, one.ripe), (Counted.DID, one.successes)):
                if leads:
                    words = f"{one.name}, {counted_words(which).lower()}: {leads:,}"
                    leads_link(choice(words), _of_these(address, which))
    st.caption(
        "Known: leads whose outcome's days are over; rates are of these. Lift: points above the first. Both with the "
        "interval at 95 % of a single look, today. p: of the chosen reading; read every day, the smallest so far. "
        f"Are the shares as planned? p {p_words(state.reading.mismatch_p)}; under 0.001 stops the verdict. "
        "A click opens the leads.",
        help="Intervals of rates by Wilson, of lifts by Newcombe.",
    )


def _of_these(variant: Address, which: Counted) -> Address:
    return {**variant, "counted": counted_words(which)}


def _ending(center: CommandCenter, state: TestState) -> None:
    test = state.test
    with (
        st.popover("End this test", icon=":material/flag:", key=f"ab_end_{test.test_id}"),
        st.form(f"ab_ending_{test.test_id}", border=False),
    ):
        names = [variant.name for variant in test.design.variants]
        decided = st.selectbox("From now on", [STOP, *names], key=f"ab_decided_{test.test_id}", format_func=choice)
        reason = st.text_input("Reason", max_chars=300, key=f"ab_reason_{test.test_id}")
        sure = st.checkbox("Yes, end it: no further lead is assigned.", key=f"ab_sure_{test.test_id}")
        if not st.form_submit_button("End the test", type="primary", key=f"ab_end_now_{test.test_id}"):
            return
        if not sure:
            problem("Confirm that the test shall end.", "Not ended")
            return
        with attempt(otherwise="Not ended"):
            service.end(center, test, None if decided == STOP else decided, reason or "")
            st.rerun()
