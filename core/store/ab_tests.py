"""A/B tests: what is tested, which lead got which variant, and what became of them, counted by the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Subquery,
    and_,
    case,
    exists,
    func,
    insert,
    select,
    type_coerce,
    update,
)

from core.analytics.ab_test import Design, Metric, design_of
from core.analytics.ab_test_reading import DayCount
from core.errors import InputError, NotFound
from core.leads import Stage
from core.store.columns import from_json, to_json
from core.store.connect import Database
from core.store.figures.ends import CONVERTED
from core.store.figures.first_answer import by_person, is_ours
from core.store.figures.milestones import days
from core.store.schema import interactions, lead_latest, outcomes
from core.store.schema_analysis import ab_assignments, ab_tests
from core.store.write import next_version

_DAY: Final = timedelta(days=1)
_REACHED: Final = {Metric.SHOWING: (Stage.SHOWING.value, *CONVERTED), Metric.SIGNED: CONVERTED}


@dataclass(frozen=True, slots=True)
class StoredTest:
    """A test; ``ending`` is what was decided when it ended, None while it runs."""

    test_id: int
    name: str
    design: Design
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    ending: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which variant (from 0) of a running test a lead was given, and when."""

    test: StoredTest
    variant: int
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class Usual:
    """Leads of some days, and how many of them succeeded: what a test's first variant may expect."""

    leads: int
    successes: int


class AbTestTable:
    """All reading and writing of A/B tests. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, name: str, design: Design, started_at: datetime, started_by: str) -> int:
        """Start a test; leads that come in from now on are assigned. Raises InputError for a name that is taken."""
        row = {"name": name, "design": to_json(design.as_json()), "started_at": started_at, "started_by": started_by}
        with self._database.write() as connection:
            if connection.execute(select(ab_tests.c.test_id).where(ab_tests.c.name == name)).first():
                raise InputError(f"there is a test {name!r} already; give this one another name")
            made = connection.execute(insert(ab_tests).returning(ab_tests.c.test_id), row).scalar_one()
            next_version(connection)
            return int(made)

    def end(self, test_id: int, ended_at: datetime, ending: Mapping[str, Any]) -> None:
        """End a test that runs; nobody is assigned any more. Raises NotFound when it does not run."""
        running = (ab_tests.c.test_id == test_id) & ab_tests.c.ended_at.is_(None)
        change = update(ab_tests).where(running).values(ended_at=ended_at, ending=to_json(dict(ending)))
        with self._database.write() as connection:
            if not connection.execute(change).rowcount:
                raise NotFound("this test has ended already, or there is none; reload the page")
            next_version(connection)

    def all(self) -> list[StoredTest]:
        """Every test, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(ab_tests).order_by(ab_tests.c.test_id.desc()))
            return [_test(row) for row in rows]

    def of_lead(self, lead_id: str) -> list[Assignment]:
        """What a lead was given in the tests that run, the oldest test first."""
        query = (
            select(ab_tests, ab_assignments.c.variant, ab_assignments.c.assigned_at)
            .join(ab_assignments, ab_assignments.c.test_id == ab_tests.c.test_id)
            .where(ab_assignments.c.lead_id == lead_id, ab_tests.c.ended_at.is_(None))
            .order_by(ab_tests.c.test_id)
        )
        with self._database.read() as connection:
            return [Assignment(_test(row), row.variant, row.assigned_at) for row in connection.execute(query)]

    def counts(self, test: StoredTest, now: datetime) -> list[DayCount]:
        """Leads by day of arrival and variant; an outcome counts within its days, when these are over by ``now``."""
        given = select(ab_assignments).where(ab_assignments.c.test_id == test.test_id).subquery()
        with self._database.read() as connection:
            return count_by_day(connection, given, test.design, now)

    def counted(self, test: StoredTest, variant: int | None, now: datetime, *, succeeded: bool) -> tuple[str, ...]:
        """The leads of a variant (None: of any) whose days are over by ``now``, or those of them that ``succeeded``."""
        given, design = ab_assignments.c, test.design
        query = select(given.lead_id).where(given.test_id == test.test_id, _ripe(given.arrived_at, design, now))
        if variant is not None:
            query = query.where(given.variant == variant)
        with self._database.read() as connection:
            if succeeded:
                dialect = connection.dialect.name
                did = _success(design.metric, design.within_days, given.lead_id, given.arrived_at, dialect)
                query = query.where(did)
            return tuple(connection.execute(query).scalars())

    def usual(self, metric: Metric, within_days: int, since: datetime, until: datetime) -> Usual:
        """How often leads that came in from ``since`` until (exclusive) ``until`` succeeded."""
        row = lead_latest.c
        with self._database.read() as connection:
            succeeded = _success(metric, within_days, row.lead_id, row.created_at, connection.dialect.name)
            counted = select(func.count(), func.coalesce(func.sum(case((succeeded, 1), else_=0)), 0))
            found = connection.execute(counted.where(row.created_at >= since, row.created_at < until)).one()
        return Usual(int(found[0]), int(found[1]))


def count_by_day(connection: Connection, given: Subquery, design: Design, now: datetime) -> list[DayCount]:
    """Leads by day of arrival and variant. ``given`` has ``lead_id``, ``variant`` and ``arrived_at``, a row a lead.

    An outcome counts within the design's days, when these are over by ``now``.
    """
    row, dialect = given.c, connection.dialect.name
    day = func.floor(days(row.arrived_at, dialect)).label("day")
    ripe = _ripe(row.arrived_at, design, now)
    succeeded = and_(ripe, _success(design.metric, design.within_days, row.lead_id, row.arrived_at, dialect))
    query = (
        select(
            day, row.variant, func.count(), func.sum(case((ripe, 1), else_=0)),
            func.sum(case((succeeded, 1), else_=0)),
        )
        .group_by(day, row.variant)
        .order_by(day, row.variant)
    )  # fmt: skip
    return [DayCount(*(int(value) for value in found)) for found in connection.execute(query)]


def _ripe(arrived: ColumnElement[Any], design: Design, now: datetime) -> ColumnElement[bool]:
    """Whether the days of a lead's outcome are over."""
    return arrived <= now - timedelta(days=design.within_days)


def _success(
    metric: Metric, within_days: int, lead_id: ColumnElement[str], arrived: ColumnElement[Any], dialect: str
) -> ColumnElement[bool]:
    """Whether the lead did what is counted within some days of its arrival."""
    until = _later(arrived, within_days * _DAY, dialect)
    if metric is Metric.ANSWERED:
        touch = interactions.c
        return exists().where(
            touch.lead_id == lead_id,
            touch.occurred_at >= _later(arrived, timedelta(), dialect),
            touch.occurred_at < until,
            is_ours(interactions),
            by_person(dialect, arrived),
        )
    told = outcomes.c
    return exists().where(
        told.lead_id == lead_id,
        told.stage.in_(_REACHED[metric]),
        told.occurred_at >= _later(arrived, timedelta(), dialect),
        told.occurred_at < until,
    )


def _later(moment: ColumnElement[Any], span: timedelta, dialect: str) -> ColumnElement[Any]:
    if dialect == "postgresql":
        return type_coerce(moment, DateTime(timezone=True)) + span
    return type_coerce(moment, BigInteger) + span // timedelta(microseconds=1)


def _test(row: Any) -> StoredTest:
    return StoredTest(
        row.test_id, row.name, design_of(from_json(row.design)), row.started_at, row.started_by, row.ended_at,
        None if row.ending is None else from_json(row.ending),
    )  # fmt: skip
