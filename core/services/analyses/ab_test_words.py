"""A/B tests in an agent's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.analytics.ab_test import Design, Metric
from core.analytics.ab_test_reading import FEWEST_DAILY, FEWEST_EITHER, Look, Verdict
from core.leads.clock import of_days
from core.services.analyses.ab_tests import TestState, VariantFigures
from core.words import counted, day_words

METRICS = {Metric.ANSWERED: "Answered", Metric.SHOWING: "Showing booked", Metric.SIGNED: "Contract signed"}
USUAL_WITHIN = {Metric.ANSWERED: 1, Metric.SHOWING: 14, Metric.SIGNED: 90}
DAILY, ONCE = "Every day", "Once, at the end"
SAID = {
    Verdict.MISMATCH.value: "Nothing: the shares were not those planned",
    Verdict.WAITING.value: "Nothing yet",
    Verdict.DIFFERENT.value: "A difference beyond chance",
    Verdict.NO_DIFFERENCE.value: "No difference beyond chance",
}


def metric_words(design: Design) -> str:
    """What is counted, and within what time."""
    span = "24 h" if design.within_days == 1 else f"{design.within_days} days"
    return f"{METRICS[design.metric]} within {span}"


def ending_words(ending: Mapping[str, Any]) -> str:
    """What a test said when it ended."""
    return SAID.get(str(ending.get("said")), "")


def figures_words(ending: Mapping[str, Any]) -> str:
    """The counts when it ended: successes of the leads whose days were over.

    >>> figures_words({"variants": [{"name": "A", "successes": 3, "ripe": 9}]})
    'A 3 of 9'
    """
    told = [f"{one['name']} {one['successes']:,} of {one['ripe']:,}" for one in ending.get("variants", ())]
    return "; ".join(told)


def p_words(p: float | None) -> str:
    """A p-value as one reads it."""
    return "" if p is None else "under 0.001" if p < 0.001 else f"{p:.3f}"


def verdict_words(state: TestState) -> tuple[str, str]:
    """The verdict as a headline, and what it rests on."""
    reading, design = state.reading, state.test.design
    first = state.variants[0].name
    if reading.verdict is Verdict.MISMATCH:
        counts = ", ".join(f"{one.name} {one.assigned:,} ({100 * one.share:g} % planned)" for one in state.variants)
        return (
            "No verdict: the shares are not those planned",
            f"Assigned: {counts}. At one look chance brings this in fewer than 1 of 1,000 tests (p "
            f"{p_words(reading.mismatch_p)}), some day within 90 days of daily looks in about 1 of 100. "
            "Leads of a variant are lost or told twice somewhere; find out where, then begin anew.",
        )
    if reading.verdict is Verdict.DIFFERENT:
        told = [
            _found(state.variants[comparison.variant], comparison.crossed, first)
            for comparison in reading.comparisons
            if comparison.different
        ]
        return "; ".join(told), _beyond(state)
    if reading.verdict is Verdict.NO_DIFFERENCE:
        return (
            "No difference beyond chance",
            f"The planned sample is full; a lift of {100 * design.lift:g} points would have been seen with "
            f"{100 * design.power:g} %. The intervals say how large a difference may still be.",
        )
    return "No verdict yet", _waiting(state)


def _found(one: VariantFigures, crossed: Look | None, first: str) -> str:
    """A difference as it was found: by a daily reading at the look that left 0 out, whatever came after it."""
    found = one.difference if crossed is None else crossed.difference
    if found is None:  # pragma: no cover - a difference is found between variants that have leads
        return f"{one.name} differs from {first}"
    band = "" if crossed is None else f" ({100 * crossed.low:+.1f} to {100 * crossed.high:+.1f})"
    return f"{one.name} does {'better' if found > 0 else 'worse'} than {first}: {100 * found:+.1f} points{band}"


def _beyond(state: TestState) -> str:
    if not state.test.design.sequential:
        return "The planned sample is full, and chance alone brings as large a difference in too few tests."
    told = ["The band left 0 out; it holds at every look at once, so looking daily does not make this a false alarm."]
    for comparison in state.reading.comparisons:
        one, crossed = state.variants[comparison.variant], comparison.crossed
        if crossed is not None and one.difference is not None:
            told.append(_since(one, crossed, one.difference))
    return " ".join(told)


def _since(one: VariantFigures, crossed: Look, today: float) -> str:
    day = day_words(of_days(crossed.day))
    found = f"found with the {counted(crossed.leads, 'lead')} that came until {day}"
    told = f"{one.name}: {found}; all leads so far: {100 * today:+.1f}"
    if today * crossed.difference < 0:
        return f"{told} points, the other way. The effect may have changed since: do not decide by the headline alone."
    return f"{told} points."


def _waiting(state: TestState) -> str:
    reading, design = state.reading, state.test.design
    if design.sequential:
        if all(one.p is None for one in reading.comparisons):
            return (
                f"{counted(reading.ripe, 'lead has', 'leads have')} an outcome; a daily reading begins at "
                f"{FEWEST_DAILY} of two variants, with at least {FEWEST_EITHER} that did and {FEWEST_EITHER} that did "
                "not."
            )
        return "The band still holds 0. Look again whenever you like, or stop the test."
    if reading.full_on is None:
        return (
            f"{reading.assigned:,} of {design.sample:,} planned leads have come. This reading is made once, when the "
            "sample is full: who looks earlier and stops at a lucky moment sees differences that are none."
        )
    return (
        f"The {design.sample:,} planned leads have come; {reading.ripe:,} have an outcome so far. "
        "The verdict comes when the last of them has had its days."
    )
