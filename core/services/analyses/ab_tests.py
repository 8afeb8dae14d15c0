"""A/B tests: set one up, see what it says, end it with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from core.analytics.ab_test import Design, Metric
from core.analytics.ab_test_reading import Reading, Verdict, read
from core.analytics.sample_size import leads_needed, leads_needed_daily
from core.errors import InputError
from core.leads import utc_now
from core.leads.clock import hour_begun
from core.leads.text import LINE_CHARACTERS
from core.scoring.interval import newcombe
from core.scoring.selective import wilson
from core.services import audit
from core.services.access import Right, for_right, own_lead
from core.store import LeadFilter, LeadGroup
from core.store.filters import check_text

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.ab_tests import Assignment, StoredTest, Usual

RATE_DAYS: Final = 28
USUAL_DAYS: Final = 180
MOST_NAME: Final = 80


class Counted(StrEnum):
    """Which leads of a test: those whose outcome is known, as their days are over, or those of them that did it."""

    KNOWN = "known"
    DID = "did"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many leads a design needs (``sample`` read once, ``daily`` read every day) and how soon they have come.

    ``per_day`` leads came in of late; ``days`` until as many have come as its reading needs, and their outcome is
    known; None when nobody comes.
    """

    sample: int
    daily: int
    per_day: float
    days: float | None


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """One variant as the reading counts it; ends are at 95 %, Wilson's of the rate, Newcombe's of the difference.

    What compares with the first variant is None for the first itself, and ``p`` while none may be said.
    """

    name: str
    share: float
    assigned: int
    ripe: int
    successes: int
    rate: float | None
    rate_ends: tuple[float, float] | None
    difference: float | None = None
    difference_ends: tuple[float, float] | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class TestState:
    """A test with what it says now."""

    __test__ = False  # pytest takes any class of this name for tests

    test: StoredTest
    reading: Reading
    variants: tuple[VariantFigures, ...]


def all_tests(center: CommandCenter) -> list[StoredTest]:
    """Every test, the newest first. Raises StoreUnavailable."""
    return center.per_version("ab_tests", center.store.ab_tests.all)


@for_right(Right.MONEY)
def usual(center: CommandCenter, metric: Metric, within_days: int, now: datetime | None = None) -> Usual:
    """How often the leads of 180 days succeeded, the youngest of whom had their days. Raises StoreUnavailable."""
    until = hour_begun(now or utc_now()) - timedelta(days=within_days)
    since = until - timedelta(days=USUAL_DAYS)
    key = ("ab_usual", metric, within_days, until.date())
    return center.analysed(key, lambda: center.store.ab_tests.usual(metric, within_days, since, until))


@for_right(Right.MONEY)
def plan(center: CommandCenter, design: Design, now: datetime | None = None) -> Plan:
    """What a design needs, at the rate at which leads came in over the last 28 days. Raises StoreUnavailable."""
    moment = now or utc_now()
    lately = LeadFilter(created_from=moment - timedelta(days=RATE_DAYS), created_to=moment)
    came = center.analysed(("ab_rate", moment.date()), lambda: center.store.browse(lately, page_size=1).total)
    sample, daily, per_day = leads_needed(design), leads_needed_daily(design), came / RATE_DAYS
    needed = daily if design.sequential else sample
    return Plan(sample, daily, per_day, needed / per_day + design.within_days if came else None)


@for_right(Right.MONEY)
def start(center: CommandCenter, name: str, design: Design) -> int:
    """Start a test; leads that come in from now on are assigned. Raises InputError, StoreUnavailable."""
    check_text(design.change, "what is changed", LINE_CHARACTERS)
    for told in (name, *(variant.name for variant in design.variants)):
        check_text(told, "name", MOST_NAME)
    if not name.strip() or not design.change.strip():
        raise InputError("the test needs a name, and a sentence on what is changed")
    planned = replace(design, sample=leads_needed(design))
    test_id = center.store.ab_tests.start(name.strip(), planned, utc_now(), center.actor.name)
    size = planned.sample
    audit.note(center, "A/B test started", name.strip(), metric=design.metric.value, sample=size)
    return test_id


@for_right(Right.MONEY)
def state(center: CommandCenter, test: StoredTest, now: datetime | None = None) -> TestState:
    """What a test says. Raises StoreUnavailable."""
    hour = hour_begun(now or utc_now())
    return center.analysed(("ab_state", test.test_id, hour), lambda: _state(center, test, hour))


@for_right(Right.MONEY)
def counted(center: CommandCenter, group: LeadGroup | None, which: Counted) -> tuple[str, ...]:
    """The leads that a test counts so: of one variant when ``group`` is one, else of every test.

    Raises StoreUnavailable.
    """
    hour = hour_begun(utc_now())
    one = group if group is not None and group.of == "test" else None
    tests = [test for test in all_tests(center) if one is None or test.test_id == one.number]
    place, succeeded = None if one is None else one.place, which is Counted.DID
    found = (center.store.ab_tests.counted(test, place, hour, succeeded=succeeded) for test in tests)
    return tuple(sorted({lead_id for ids in found for lead_id in ids}))


@for_right(Right.MONEY)
def end(center: CommandCenter, test: StoredTest, decided: str | None, reason: str) -> None:
    """End a test: ``decided`` is the variant that is done from now on, None when the test is stopped without one.

    What it said at this moment is kept with it. Raises InputError, NotFound, StoreUnavailable.
    """
    check_text(reason, "reason", LINE_CHARACTERS)
    if not reason.strip():
        raise InputError("reason is empty; say why the test ends")
    if decided is not None and decided not in {variant.name for variant in test.design.variants}:
        raise InputError(f"{decided!r} is no variant of this test")
    now = utc_now()
    said = _state(center, test, now)
    kept = {"decided": decided, "reason": reason.strip(), "by": center.actor.name, "said": said.reading.verdict.value}
    center.store.ab_tests.end(test.test_id, now, {**kept, "variants": counts_to_keep(said.variants)})
    audit.note(center, "A/B test ended", test.name, decided=decided, reason=reason.strip())


def of_lead(center: CommandCenter, lead_id: str) -> list[Assignment]:
    """Which variant of each running test a lead was given. Raises StoreUnavailable."""
    own_lead(center, lead_id)
    return center.store.ab_tests.of_lead(lead_id)


def _state(center: CommandCenter, test: StoredTest, now: datetime) -> TestState:
    reading = read(test.design, center.store.ab_tests.counts(test, now))
    return TestState(test, reading, figures_of(test.design, reading))


def counts_to_keep(variants: Iterable[VariantFigures]) -> list[dict[str, str | int]]:
    """The counts of each variant, as they are kept with what a test or a trial said when it ended."""
    return [
        {"name": one.name, "assigned": one.assigned, "ripe": one.ripe, "successes": one.successes} for one in variants
    ]


def figures_of(design: Design, reading: Reading) -> tuple[VariantFigures, ...]:
    """Each variant with its rate, and how it differs from the first."""
    first = reading.variants[0]
    figures = []
    for place, (variant, one) in enumerate(zip(design.variants, reading.variants, strict=True)):
        found = VariantFigures(
            variant.name, variant.share, one.assigned, one.ripe, one.successes, one.rate,
            wilson(one.successes, one.ripe) if one.ripe else None,
        )  # fmt: skip
        if place and one.rate is not None and first.rate is not None:
            p = reading.comparisons[place - 1].p
            found = replace(
                found,
                difference=one.rate - first.rate,
                difference_ends=newcombe((one.successes, first.successes), (one.ripe, first.ripe)),
                p=None if reading.verdict is Verdict.MISMATCH else p,
            )
        figures.append(found)
    return tuple(figures)
