"""All reading and writing of opinions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.errors import NotFound
from core.leads import utc_now
from core.store.connect import Database
from core.store.figures import judgement
from core.store.opinions import gather, queue, read, spending
from core.store.opinions.gather import Decide
from core.store.opinions.rows import Limits, Reservation, Result, Spending, Status, StoredOpinion, Waiting
from core.store.rows import Override

PORTION = 100  # scores looked at in one transaction: other writers wait for a few milliseconds


class OpinionTable:
    """The queue of escalations, the opinions and the ledger. Thread-safe; every method is one transaction.

    Every method raises StoreUnavailable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # The queue

    def has_news(self) -> bool:
        """Whether there are scores that ``gather`` has not looked at."""
        with self._database.read() as connection:
            return gather.has_news(connection)

    def gather(self, decide: Decide) -> tuple[int, list[int]]:
        """Look at the next scores, at most ``PORTION`` (``gather.gather``)."""
        with self._database.write() as connection:
            return gather.gather(connection, decide, PORTION)

    def request(self, lead_id: str, by: str | None = None) -> int:
        """Put a lead before all others. Raises NotFound for a lead that has no score."""
        with self._database.write() as connection:
            opinion_id = gather.request(connection, lead_id, by)
        if opinion_id is None:
            raise NotFound(f"there is no score of lead {lead_id!r}; score it first")
        return opinion_id

    def waiting(self, most: int = 1, now: datetime | None = None) -> list[Waiting]:
        """Whose turn it is: what a person asked for, then the newest."""
        with self._database.read() as connection:
            return queue.waiting(connection, now or utc_now(), most)

    def reserve(
        self, row: Waiting, micro_usd: int, limits: Limits, now: datetime | None = None, batch_id: str | None = None
    ) -> Reservation:
        """Take an escalation and set its worst cost aside, both or neither; on the disk when this returns."""
        with self._database.write() as connection:
            return queue.reserve(connection, row, micro_usd, limits, now or utc_now(), batch_id)

    def requested(self, opinion_id: int) -> Waiting | None:
        """A waiting escalation by its number; None when it does not wait (any more)."""
        with self._database.read() as connection:
            return queue.waiting_one(connection, opinion_id)

    def reserve_alone(self, micro_usd: int, limits: Limits, now: datetime | None = None) -> Reservation:
        """Set money aside for a question that belongs to no score."""
        day = (now or utc_now()).astimezone(UTC).date()
        with self._database.write() as connection:
            answer = spending.fits(connection, day, micro_usd, limits)
            if answer is Reservation.RESERVED:
                spending.book(connection, day, micro_usd, calls=1)
            return answer

    def settle_alone(self, reserved_micro_usd: int, cost_micro_usd: int, reserved_at: datetime) -> None:
        """Book what such a question cost in place of what was set aside, on the day of that."""
        with self._database.write() as connection:
            spending.book(connection, reserved_at.astimezone(UTC).date(), cost_micro_usd - reserved_micro_usd)

    def settle(self, opinion_id: int, result: Result, now: datetime | None = None) -> bool:
        """Keep what came of asking, book its cost and tell the feed; False when the row was not in Claude's hands."""
        with self._database.write() as connection:
            return queue.settle(connection, opinion_id, result, now or utc_now())

    def put_back(self, opinion_id: int, result: Result, not_before: datetime, *, is_try: bool = True) -> bool:
        """Let it wait again; False when it was not in Claude's hands."""
        with self._database.write() as connection:
            return queue.put_back(connection, opinion_id, result, not_before, is_try=is_try)

    def sweep(self, lease: timedelta, batch_lease: timedelta, now: datetime | None = None) -> int:
        """Explain calls whose process died; returns how many."""
        moment = now or utc_now()
        with self._database.read() as connection:
            if not queue.has_stale(connection, moment, lease, batch_lease):
                return 0
        with self._database.write() as connection:
            return queue.sweep(connection, moment, lease, batch_lease)

    def decide(self, opinion_id: int, decision: str, by: str, override: Override | None = None) -> bool:
        """A person decided, with a tier of their own or without; False when somebody was faster."""
        with self._database.write() as connection:
            done = queue.decide(connection, opinion_id, decision, by, utc_now())
            if done and override is not None:
                judgement.add_override(connection, override)
            return done

    def name_batch(self, old: str, batch_id: str) -> None:
        """The batch that was being made has got its name."""
        with self._database.write() as connection:
            queue.name_batch(connection, old, batch_id)

    def batches(self) -> list[str]:
        """The batches whose answers are still to come."""
        with self._database.read() as connection:
            return queue.batches(connection)

    def in_batch(self, batch_id: str) -> dict[str, int]:
        """The escalations of a batch that are not answered yet, by lead."""
        with self._database.read() as connection:
            return queue.in_batch(connection, batch_id)

    def spending(self, now: datetime | None = None) -> Spending:
        """What is reserved or spent today and this month, in UTC."""
        with self._database.read() as connection:
            return spending.spent(connection, (now or utc_now()).astimezone(UTC).date())

    # Reading

    def of_lead(self, lead_id: str, most: int = 10) -> list[StoredOpinion]:
        """A lead's escalations, newest first."""
        with self._database.read() as connection:
            return read.of_lead(connection, lead_id, most)

    def one(self, opinion_id: int) -> StoredOpinion:
        """An escalation. Raises NotFound."""
        with self._database.read() as connection:
            found = read.one(connection, opinion_id)
        if found is None:
            raise NotFound(f"there is no escalation {opinion_id}; look it up on the page of escalations")
        return found

    # ``seen_by``: only of leads of this agent and of those of nobody

    def for_review(
        self, most: int = 50, skip: int = 0, seen_by: str | None = None, *, by_commission: bool = False
    ) -> list[StoredOpinion]:
        """What waits, or got no opinion: the newest first, or those with the largest commission."""
        with self._database.read() as connection:
            return read.listed(connection, read.OPEN_TO_REVIEW, most, skip, seen_by, by_commission=by_commission)

    def to_review(self, seen_by: str | None = None) -> int:
        """How many ``for_review`` has in all."""
        with self._database.read() as connection:
            return read.count(connection, read.OPEN_TO_REVIEW, seen_by)

    def count(self, status: Status, seen_by: str | None = None) -> int:
        """How many escalations are in ``status``."""
        with self._database.read() as connection:
            return read.count(connection, (status.value,), seen_by)

    def tallies(self, since: datetime, seen_by: str | None = None) -> list[read.Tally]:
        """Escalations queued since, by reason and status."""
        with self._database.read() as connection:
            return read.tallies(connection, since, seen_by)

    def queued_moments(self, since: datetime, seen_by: str | None = None) -> list[tuple[datetime, str, str]]:
        """When escalations were queued since, with reason and status, oldest first."""
        with self._database.read() as connection:
            return read.queued_moments(connection, since, seen_by)

    def mean_cost_micro_usd(self, most: int = 100) -> float | None:
        """Mean cost of the last answered opinions; None without one."""
        with self._database.read() as connection:
            return read.mean_cost(connection, most)

    def judged(self, seen_by: str | None = None) -> list[read.Judged]:
        """Opinions whose lead's outcome became known afterwards."""
        with self._database.read() as connection:
            return read.judged(connection, seen_by)

    def open_standings(self, since: datetime) -> list[read.Standing]:
        """The latest scores, made since, of leads that are not decided."""
        with self._database.read() as connection:
            return read.open_standings(connection, since)

    def decided_standings(self) -> list[read.Standing]:
        """Of every decided lead the last score that was made before it was decided."""
        with self._database.read() as connection:
            return read.decided_standings(connection)
