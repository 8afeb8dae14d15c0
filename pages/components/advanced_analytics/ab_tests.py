"""A/B tests: those that run with what they say, the form for a new one, and what was decided before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from core.services.analyses import ab_tests as service
from core.services.analyses.ab_test_words import ending_words, figures_words, metric_words
from core.services.center import CommandCenter
from core.services.lead.lead_groups import variant_label
from core.store import LeadFilter
from core.store.ab_tests import StoredTest
from core.transfer.table import Kind, Table, TableColumn, Value
from pages.components.advanced_analytics.ab_test_reading import ab_test_reading
from pages.components.advanced_analytics.ab_test_setup import ab_test_setup
from pages.components.empty import nothing
from pages.components.figure_table import Address, figure_table
from pages.components.words import choice

SET_UP = "Set up a test"
COLUMNS = (
    TableColumn("Test"),
    TableColumn("What was changed"),
    TableColumn("Measured by"),
    TableColumn("Began", Kind.MOMENT),
    TableColumn("Ended", Kind.MOMENT),
    TableColumn("Decided"),
    TableColumn("What it said"),
    TableColumn("Figures then"),
    TableColumn("Why"),
    TableColumn("By"),
)

VARIANT_COLUMNS = (
    TableColumn("Variant"),
    TableColumn("Test"),
    TableColumn("Assigned", Kind.COUNT),
    TableColumn("Known then", Kind.COUNT),
    TableColumn("Did then", Kind.COUNT),
)


def ab_tests(center: CommandCenter, _wanted: LeadFilter) -> None:
    """Show the tests that run, then the form, then the past ones."""
    tests = service.all_tests(center)
    running = [test for test in tests if test.ended_at is None]
    if not running:
        nothing("No A/B test runs", "Set one up: leads that come in are given a variant, and their screens say which.")
    for test in running:
        ab_test_reading(service.state(center, test), center)
    if running:
        st.caption("A test counts every lead that it assigned; the filters above do not narrow it.")
    if st.toggle(SET_UP, value=not tests, key="ab_set_up"):
        ab_test_setup(center)
    past = [test for test in tests if test.ended_at is not None]
    if past:
        _past(past)


def _past(past: Sequence[StoredTest]) -> None:
    st.subheader("What was tried", anchor=False)
    rows = []
    for test in past:
        ending = test.ending or {}
        rows.append(
            (
                test.name,
                test.design.change,
                metric_words(test.design),
                test.started_at,
                test.ended_at,
                ending.get("decided") or "Stopped without a decision",
                ending_words(ending),
                figures_words(ending),
                ending.get("reason"),
                ending.get("by"),
            )
        )
    figure_table(Table(COLUMNS, rows), key="ab_past", name="Past tests")
    variants = list(_variants(past))
    with st.expander("Their variants; a click opens the leads"):
        figure_table(
            Table(VARIANT_COLUMNS, [row for row, _ in variants]), key="ab_past_variants", name="Variants of past tests",
            addresses=[address for _, address in variants],
        )  # fmt: skip


def _variants(past: Sequence[StoredTest]) -> Iterator[tuple[tuple[Value, ...], Address]]:
    for test in past:
        for place, one in enumerate((test.ending or {}).get("variants", ())):
            row = (one["name"], test.name, one["assigned"], one["ripe"], one["successes"])
            yield row, {"group": choice(variant_label(test, place))}
