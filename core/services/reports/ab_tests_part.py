"""The A/B tests that run, and what each says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reports.document import Section
from core.services.access import Right, for_right
from core.services.analyses import ab_tests
from core.services.analyses.ab_test_words import metric_words, verdict_words
from core.services.reports.order import Order
from core.transfer.table import Kind, Table, TableColumn
from core.words import day_words

if TYPE_CHECKING:
    from core.services.center import CommandCenter


@for_right(Right.MONEY)
def running_tests(center: CommandCenter, order: Order) -> Section:
    """What each running A/B test says."""
    title = "A/B tests that run"
    running = [test for test in ab_tests.all_tests(center) if test.ended_at is None]
    if not running:
        return Section(title, missing="No test runs now. Advanced analytics, A/B tests, sets one up.")
    sentences, rows = [], []
    for test in running:
        state = ab_tests.state(center, test, order.now)
        headline, detail = verdict_words(state)
        since = day_words(test.started_at.astimezone(order.zone).date())
        sentences.append(f"{test.name}, since {since} ({metric_words(test.design).lower()}). {headline}. {detail}")
        for one in state.variants:
            low, high = one.rate_ends or (None, None)
            rows.append((test.name, one.name, one.assigned, one.ripe, one.successes, one.rate, low, high))
    columns = (
        TableColumn("Test"), TableColumn("Variant"), TableColumn("Assigned", Kind.COUNT),
        TableColumn("Counted", Kind.COUNT), TableColumn("Did", Kind.COUNT), TableColumn("Rate", Kind.SHARE),
        TableColumn("From", Kind.SHARE), TableColumn("To", Kind.SHARE),
    )  # fmt: skip
    return Section(
        title,
        sentences=tuple(sentences),
        table=Table(columns, rows),
        table_title="Variants",
        note="A test counts all leads that it was given, whatever the filters of this report. Counted are leads whose "
        "days for the outcome are over; rates stand with their 95 % intervals.",
    )
