"""How the service did in a span of time, in sums that the database makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, case, func, insert, select, update

from core.leads import utc_now
from core.store.connect import Database
from core.store.opinions.schema import opinions
from core.store.schema import day_counters, scores


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """Scores made in a span: how many, how many were below the threshold of their time, and how sure they were.

    ``confidence`` is their mean, in [0.5, 1], None without scores; ``sure`` have at least the confidence asked for.
    """

    scored: int
    escalated: int
    sure: int
    confidence: float | None


class PerformanceTable:
    """The daily counters, and sums over scores and opinions. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_counts(self, counts: Mapping[str, int], day: date | None = None) -> None:
        """Raise several daily counters in one commit; ``day`` in UTC, today by default."""
        if not counts:
            return
        on = day or utc_now().date()
        with self._database.write() as connection:
            for name, n in sorted(counts.items()):
                _add_count(connection, name, n, on)

    def counts(self, since: datetime) -> dict[str, int]:
        """The sums of all daily counters from the day (UTC) of ``since`` on, by name."""
        query = (
            select(day_counters.c.name, func.sum(day_counters.c.n))
            .where(day_counters.c.day >= since.astimezone(UTC).date())
            .group_by(day_counters.c.name)
        )
        with self._database.read() as connection:
            return {name: int(n) for name, n in connection.execute(query)}

    def score_summary(self, since: datetime, sure_from: float) -> ScoreSummary:
        """Number, escalations and confidence of the scores made at or after an aware moment."""
        query = select(
            func.count(),
            func.coalesce(func.sum(case((scores.c.escalation_recommended, 1), else_=0)), 0),
            func.coalesce(func.sum(case((scores.c.confidence >= sure_from, 1), else_=0)), 0),
            func.avg(scores.c.confidence),
        ).where(scores.c.scored_at >= since)
        with self._database.read() as connection:
            scored, escalated, sure, confidence = connection.execute(query).one()
        return ScoreSummary(scored, int(escalated), int(sure), None if confidence is None else float(confidence))

    def opinion_ms(self, since: datetime) -> float | None:
        """Mean time that Claude took, in ms, for opinions asked one by one since; None when there is none."""
        query = select(func.avg(opinions.c.took_ms)).where(
            opinions.c.asked_at >= since, opinions.c.status == "answered", opinions.c.batch_id.is_(None)
        )
        with self._database.read() as connection:
            took = connection.execute(query).scalar()
        return None if took is None else float(took)


def _add_count(connection: Connection, name: str, n: int, day: date) -> None:
    same = (day_counters.c.day == day) & (day_counters.c.name == name)
    if not connection.execute(update(day_counters).where(same).values(n=day_counters.c.n + n)).rowcount:
        connection.execute(insert(day_counters).values(day=day, name=name, n=n))
