"""What the CRM is to be told: the record compared with what it was told last, so that nothing is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from core.store.connect import Database
from core.store.crm.schema import crm_people
from core.store.schema import lead_latest

LEASE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ToWrite:
    """A contact whose score moved since the CRM was told; ``tries`` counts from the last success."""

    contact_id: str
    lead_id: str
    probability: float
    tier: str
    tries: int


@dataclass(frozen=True, slots=True)
class WriteCounts:
    """Contacts that the CRM was told of, that it is to be told of, and of those that failed at the last try."""

    written: int
    waiting: int
    failing: int
    last_at: datetime | None


class WriteTable:
    """Telling the CRM. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, moved: float, now: datetime, most: int) -> list[ToWrite]:
        """Contacts whose tier changed, or whose probability moved by ``moved``, reserved for a minute."""
        query = _with_scores(select(crm_people, lead_latest.c.probability, lead_latest.c.tier))
        due = or_(crm_people.c.next_write_at.is_(None), crm_people.c.next_write_at <= now)
        with self._database.write() as connection:
            rows = list(
                connection.execute(query.where(_news(moved), due).order_by(crm_people.c.contact_id).limit(most))
            )
            ids = [row.contact_id for row in rows]
            if ids:
                reserved = update(crm_people).where(crm_people.c.contact_id.in_(ids))
                connection.execute(reserved.values(next_write_at=now + LEASE, write_tries=crm_people.c.write_tries + 1))
        return [ToWrite(row.contact_id, row.lead_id, row.probability, row.tier, row.write_tries + 1) for row in rows]

    def written(self, told: ToWrite, now: datetime) -> None:
        """The CRM knows it now."""
        values = {
            "written_at": now, "written_probability": told.probability, "written_tier": told.tier,
            "next_write_at": None, "write_tries": 0, "write_problem": None,
        }  # fmt: skip
        self._set(told, values)

    def failed(self, told: ToWrite, problem: str, again_at: datetime) -> None:
        """It could not be told; it is tried again from ``again_at`` on."""
        self._set(told, {"write_problem": problem[:300], "next_write_at": again_at})

    def put_back(self, told: ToWrite) -> None:
        """It was not tried after all."""
        self._set(told, {"next_write_at": None, "write_tries": told.tries - 1})

    def counts(self, moved: float) -> WriteCounts:
        """For the screen."""
        with self._database.read() as connection:
            waiting = _count(connection, _news(moved))
            failing = _count(connection, and_(_news(moved), crm_people.c.write_problem.is_not(None)))
            told = select(func.count(crm_people.c.written_at), func.max(crm_people.c.written_at))
            written, last_at = connection.execute(told).one()
        return WriteCounts(int(written), waiting, failing, last_at)

    def problems(self, most: int = 20) -> list[tuple[str, str, datetime | None]]:
        """Leads of which the CRM could not be told, why, and when it is tried again."""
        query = select(crm_people.c.lead_id, crm_people.c.write_problem, crm_people.c.next_write_at)
        failed = query.where(crm_people.c.write_problem.is_not(None)).order_by(crm_people.c.lead_id).limit(most)
        with self._database.read() as connection:
            return [(row.lead_id, row.write_problem, row.next_write_at) for row in connection.execute(failed)]

    def _set(self, told: ToWrite, values: dict[str, Any]) -> None:
        with self._database.write() as connection:
            connection.execute(update(crm_people).where(crm_people.c.contact_id == told.contact_id).values(**values))


def _with_scores(query: Any) -> Any:
    return query.select_from(crm_people).join(lead_latest, lead_latest.c.lead_id == crm_people.c.lead_id)


def _news(moved: float) -> ColumnElement[bool]:
    """What the CRM does not know yet, of contacts that it still has."""
    row, score = crm_people.c, lead_latest.c
    return and_(
        row.deleted_at.is_(None),
        score.probability.is_not(None),
        or_(
            row.written_at.is_(None),
            row.written_tier != score.tier,
            func.abs(score.probability - row.written_probability) >= moved - 1e-9,
        ),
    )


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    return int(connection.execute(_with_scores(select(func.count())).where(condition)).scalar_one())
