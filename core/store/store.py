"""The record: every lead, score and outcome, in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import NotFound
from core.leads import Lead, LeadHistory, Outcome, utc_now
from core.store import browse, feed, outcome, read, write
from core.store.ab_tests import AbTestTable
from core.store.audit import AuditTable
from core.store.connect import Database
from core.store.crm import CrmTable
from core.store.figures import contributions, judgement
from core.store.figures.areas import AreaTable
from core.store.figures.contributions import Contributions
from core.store.figures.pipeline import PipelineTable
from core.store.figures.pipeline_past import PipelinePast
from core.store.filters import Facets, LeadFilter, LeadPage, LeadSort
from core.store.keys import KeyTable
from core.store.logged import LoggedTouches
from core.store.model_files import ModelTable
from core.store.opinions import OpinionTable, gather
from core.store.people import PeopleTable
from core.store.performance import PerformanceTable
from core.store.plans import PlanTable
from core.store.report_runs import ReportRuns
from core.store.rows import DayCounts, LiveRow, OutboxEvent, Override, StoredScore, TierOutcomes
from core.store.segments import SegmentTable
from core.store.shadow import ShadowTable
from core.store.spend import SpendTable
from core.store.stream import StreamTable
from core.store.trials import TrialTable
from core.store.turns import TurnTable

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead


class Store:
    """All reading and writing of the record. Thread-safe; every method is one transaction.

    Every method raises StoreUnavailable when the database does not answer, and LeadError when it cannot take a value.
    What a method has written is on the disk when it returns.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.keys = KeyTable(database)
        self.stream = StreamTable(database)
        self.audit = AuditTable(database)
        self.shadow = ShadowTable(database)
        self.trials = TrialTable(database)
        self.turns = TurnTable(database)
        self.opinions = OpinionTable(database)
        self.plans = PlanTable(database)
        self.spend = SpendTable(database)
        self.crm = CrmTable(database)
        self.logged = LoggedTouches(database)
        self.people = PeopleTable(database)
        self.models = ModelTable(database)
        self.pipeline = PipelineTable(database)
        self.pipeline_past = PipelinePast(database)
        self.areas = AreaTable(database)
        self.ab_tests = AbTestTable(database)
        self.reports = ReportRuns(database)
        self.segments = SegmentTable(database)
        self.performance = PerformanceTable(database)
        self._facets: tuple[int, Facets] | None = None

    def close(self) -> None:
        """Close all connections; the store must not be used afterwards."""
        self.database.close()

    def ping(self) -> None:
        """Return when the database answers; raise StoreUnavailable when it does not."""
        self.version()

    # Writing

    def save_histories(self, histories: Sequence[LeadHistory]) -> None:
        """Upsert leads and add their interactions that are not stored yet, all or nothing.

        What a later history does not tell never erases what is known (``core.store.profile`` has the rule).
        """
        if histories:
            with self.database.write() as connection:
                write.save_histories(connection, histories)

    def save_scored(
        self,
        rows: Sequence[ScoredLead],
        written: Callable[[], None] = lambda: None,
        closings: Sequence[Outcome] = (),
        actor: str | None = None,
    ) -> list[OutboxEvent]:
        """Upsert leads, add interactions, scores, ``closings`` and their events, which are returned, all or nothing.

        ``written`` is called when nothing is left but to commit. For many threads see GroupCommit. Raises NotFound for
        a lead that was read from the record (``ScoredLead.of_record``) and is gone.
        """
        if not rows:
            return []
        with self.database.write() as connection:
            told = write.save_scored(connection, rows)
            for row in rows:
                if row.opinion_wanted:
                    gather.request(connection, row.history.lead.lead_id, row.via)
            told += outcome.add_closings(connection, closings, actor)
            written()
        return told

    def add_outcome(self, told: Outcome, actor: str | None = None) -> bool:
        """Record that a lead reached a stage; False when that was known. Raises NotFound for one that is not stored."""
        return self.add_outcomes([told], actor) > 0

    def add_outcomes(self, told: Sequence[Outcome], actor: str | None = None) -> int:
        """Record many outcomes, all or nothing; how many told something new. Raises NotFound for a lead not stored."""
        if not told:
            return 0
        with self.database.write() as connection:
            return len(outcome.add_outcomes(connection, told, actor))

    def take_back_outcome(self, told: Outcome) -> bool:
        """Forget a recorded outcome, by its lead, stage and moment; False when there is none."""
        with self.database.write() as connection:
            return outcome.take_back(connection, told)

    def add_override(self, override: Override) -> None:
        """Put a person's tier before the model's. Raises NotFound for a lead that is not stored."""
        with self.database.write() as connection:
            judgement.add_override(connection, override)

    def end_override(self, lead_id: str, at: datetime) -> bool:
        """Give the model's tier back its place from a moment on; False when no override is in force then."""
        with self.database.write() as connection:
            return judgement.end_override(connection, lead_id, at)

    def add_event(self, payload: dict[str, Any]) -> None:
        """Put an event that belongs to no score into the feed, such as ``model_status``."""
        with self.database.write() as connection:
            write.add_events(connection, [payload])

    def set_workspace(self, key: str, value: object) -> None:
        """Keep a JSON value under ``key``."""
        with self.database.write() as connection:
            feed.set_workspace_value(connection, key, value)

    def change_workspace(self, key: str, change: Callable[[Any], Any]) -> tuple[Any, Any]:
        """Keep what ``change`` makes of the value under ``key``, None when there is none; both, before and after.

        Nobody else changes it meanwhile: a part of a value is changed so that no other part is lost.
        """
        with self.database.write() as connection:
            return feed.change_workspace_value(connection, key, change)

    def clear(self) -> None:
        """Delete every lead and all that hangs on it. Workspace settings and the numbering of the feed stay."""
        with self.database.write() as connection:
            feed.clear(connection)

    # Reading

    def history(self, lead_id: str) -> LeadHistory:
        """A lead with its newest interactions (5,000, and a million characters of text), oldest first.

        Of older texts only the length is told. Raises NotFound.
        """
        with self.database.read() as connection:
            return read.history_of(connection, lead_id)

    def histories(self, lead_ids: Iterable[str]) -> dict[str, LeadHistory]:
        """Those of the leads that are stored, as ``history`` gives them, by id, all of one moment."""
        with self.database.read() as connection:
            return read.histories_of(connection, lead_ids)

    def lead(self, lead_id: str) -> Lead:
        """A lead without its interactions. Raises NotFound."""
        with self.database.read() as connection:
            return read.lead_row(connection, lead_id)

    def interaction_count(self, lead_id: str) -> int:
        """How many interactions with a lead are stored."""
        with self.database.read() as connection:
            return read.interaction_count(connection, lead_id)

    def latest_score(self, lead_id: str) -> StoredScore:
        """The latest score of a lead. Raises NotFound when there is none."""
        found = self.scores(lead_id, most=1)
        if not found:
            raise NotFound(f"there is no score of lead {lead_id!r}; score it first")
        return found[0]

    def scores(self, lead_id: str, most: int = 50) -> list[StoredScore]:
        """A lead's scores, newest first, ``most`` at most; empty when there is none."""
        with self.database.read() as connection:
            return read.scores_of(connection, lead_id, most)

    def browse(
        self,
        wanted: LeadFilter | None = None,
        sort: LeadSort = LeadSort.SCORE,
        page: int = 1,
        page_size: int = 50,
    ) -> LeadPage:
        """Page ``page`` (from 1) of a list of leads. Raises InputError for a page or size out of range."""
        with self.database.read() as connection:
            return browse.browse(connection, wanted or LeadFilter(), sort, page, page_size, utc_now())

    def agent_of(self, lead_id: str) -> str | None:
        """Whose lead it is; None for nobody's, and for one that is not stored."""
        with self.database.read() as connection:
            return read.agent_of(connection, lead_id)

    def facets(self, seen_by: str | None = None) -> Facets:
        """The sources, agents and areas there are, each with its number of leads; kept until the next change.

        ``seen_by``: only of leads of this agent and those of nobody, not kept.
        """
        with self.database.read() as connection:
            if seen_by is not None:
                return browse.facets(connection, seen_by)
            version = feed.counter(connection, "version")
            kept = self._facets
            if kept is None or kept[0] != version:
                kept = self._facets = (version, browse.facets(connection))
        return kept[1]

    def lead_count(self) -> int:
        """How many leads are stored."""
        with self.database.read() as connection:
            return read.lead_count(connection)

    def outcomes(self, lead_id: str) -> list[Outcome]:
        """What is recorded of a lead, oldest first."""
        with self.database.read() as connection:
            return outcome.outcomes_of(connection, lead_id)

    def override(self, lead_id: str, at: datetime | None = None) -> Override | None:
        """The override in force at a moment (now by default); None when there is none."""
        with self.database.read() as connection:
            return judgement.override_of(connection, lead_id, at or utc_now())

    def day_counts(self, since: datetime, seen_by: str | None = None) -> DayCounts:
        """Scores made at or after an aware moment, by tier, and cache hits from its day on.

        ``seen_by``: only scores of this agent's leads and of nobody's.
        """
        with self.database.read() as connection:
            return read.day_counts(connection, since, seen_by)

    def recent_scores(self, most: int = 100, seen_by: str | None = None) -> list[LiveRow]:
        """The latest scores over all leads (``seen_by``: this agent's and nobody's), newest first."""
        with self.database.read() as connection:
            return read.recent_scores(connection, most, seen_by)

    def confidences(self, seen_by: str | None = None) -> NDArray[np.float64]:
        """The latest confidence of every scored lead (``seen_by``: this agent's and nobody's), in [0.5, 1]."""
        with self.database.read() as connection:
            return read.confidences(connection, seen_by)

    def contributions(self, wanted: LeadFilter | None = None, most: int = contributions.MOST_LEADS) -> Contributions:
        """What each feature brought to the latest scores of the leads of a filter, of at most ``most`` of them."""
        with self.database.read() as connection:
            return contributions.contributions_of(connection, wanted or LeadFilter(), most, utc_now())

    def tier_outcomes(self) -> list[TierOutcomes]:
        """What became of the leads of each tier, hot first, by scores made before it was known."""
        with self.database.read() as connection:
            return judgement.tier_outcomes(connection)

    def area_median_prices(self) -> dict[str, Decimal]:
        """The median price of the team's own closings in each area where there are any."""
        with self.database.read() as connection:
            return judgement.area_median_prices(connection)

    def workspace(self, key: str) -> Any | None:
        """The JSON value kept under ``key``; None when there is none."""
        with self.database.read() as connection:
            return feed.workspace_value(connection, key)

    def version(self) -> int:
        """A number that rises with every change of leads, scores, outcomes or overrides."""
        with self.database.read() as connection:
            return feed.counter(connection, "version")

    def outbox_after(self, feed_seq: int = 0, most: int = 1_000) -> list[OutboxEvent]:
        """Numbered events after ``feed_seq``, oldest first, ``most`` at most."""
        with self.database.read() as connection:
            return feed.outbox_after(connection, feed_seq, most)

    def last_feed_seq(self) -> int:
        """The number of the last event; 0 before the first."""
        with self.database.read() as connection:
            return feed.counter(connection, "feed_seq")
