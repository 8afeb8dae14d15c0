"""Saved segments, clusters of leads, and what the leads of a filter are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, case, delete, func, insert, select

from core.errors import NotFound
from core.features.catalog import NAMES, UNKNOWN
from core.leads import OPEN_STAGES
from core.store.browse import conditions_of
from core.store.columns import from_cents, from_json, to_json, unpack
from core.store.connect import Database
from core.store.figures.ends import DECIDED, has_signed
from core.store.figures.pipeline import Rates, chance_ppm, expected_cents, gci_cents
from core.store.filters import LeadFilter
from core.store.schema import lead_latest, scores
from core.store.schema_analysis import cluster_members, clusterings, segments
from core.store.write import next_version

MONTH: Final = timedelta(days=30)
_OPEN: Final = tuple(stage.value for stage in OPEN_STAGES)
_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A name for the leads that a rule lets through."""

    name: str
    rule: Mapping[str, Any]
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True)
class SegmentSums:
    """Leads of a segment; ``decided`` signed or were lost, ``expected_usd`` is of the open ones.

    ``lately`` came in within the last 30 days, ``before`` within the 30 days before these.
    """

    leads: int
    open: int
    decided: int
    signed: int
    expected_usd: Decimal
    lately: int
    before: int


@dataclass(frozen=True, slots=True)
class StoredClustering:
    """Clusters as they were found; ``report`` says how and what they are called."""

    clustering_id: int
    made_at: datetime
    made_by: str
    model_version: str
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class LeadFeatures:
    """The features of leads as their latest scores saw them: (leads, 28) float32, -1 where not known."""

    lead_ids: tuple[str, ...]
    features: NDArray[np.float32]
    model_version: str | None
    other_models: int


class SegmentTable:
    """All reading and writing of segments and clusters. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, segment: StoredSegment, instead_of: str | None = None) -> None:
        """Keep a segment in place of one of the same name, and of ``instead_of``."""
        row = {
            "name": segment.name,
            "rule": to_json(dict(segment.rule)),
            "saved_at": segment.saved_at,
            "saved_by": segment.saved_by,
        }
        with self._database.write() as connection:
            connection.execute(delete(segments).where(segments.c.name.in_([segment.name, instead_of])))
            connection.execute(insert(segments), row)
            next_version(connection)

    def remove(self, name: str) -> None:
        """Take a segment away. Raises NotFound."""
        with self._database.write() as connection:
            if not connection.execute(delete(segments).where(segments.c.name == name)).rowcount:
                raise NotFound(f"there is no segment {name!r}; reload the page")
            next_version(connection)

    def all(self) -> list[StoredSegment]:
        """Every segment, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(segments).order_by(segments.c.name))
            return [StoredSegment(row.name, from_json(row.rule), row.saved_at, row.saved_by) for row in rows]

    def sums(self, wanted: LeadFilter, rates: Rates, now: datetime) -> SegmentSums:
        """The leads that ``wanted`` lets through, summed up."""
        with self._database.read() as connection:
            query = select(*_sums(rates, now)).where(*conditions_of(wanted, now, connection.dialect.name))
            return _told(connection.execute(query).one())

    def cluster_sums(
        self, clustering_id: int, wanted: LeadFilter, rates: Rates, now: datetime
    ) -> dict[int, SegmentSums]:
        """The same for each cluster, of the leads that ``wanted`` lets through as well."""
        member = cluster_members.c
        with self._database.read() as connection:
            query = (
                select(member.cluster, *_sums(rates, now))
                .select_from(lead_latest)
                .join(cluster_members, member.lead_id == lead_latest.c.lead_id)
                .where(member.clustering_id == clustering_id, *conditions_of(wanted, now, connection.dialect.name))
                .group_by(member.cluster)
            )
            return {row[0]: _told(row[1:]) for row in connection.execute(query)}

    def features(self) -> LeadFeatures:
        """The latest features of every scored lead, as far as the model that made most of them saw them."""
        latest = (
            select(scores.c.score_id)
            .where(scores.c.lead_id == lead_latest.c.lead_id)
            .order_by(scores.c.scored_at.desc(), scores.c.score_id.desc())
            .limit(1)
            .correlate(lead_latest)
            .scalar_subquery()
        )
        chosen = select(latest).select_from(lead_latest).where(lead_latest.c.scored_at.is_not(None))
        query = select(scores.c.lead_id, scores.c.model_version, scores.c.features).where(scores.c.score_id.in_(chosen))
        with self._database.read() as connection:
            cursor = connection.execute(query.order_by(scores.c.lead_id)).cursor
            rows = cursor.fetchall() if cursor is not None else []
        versions = [row[1] for row in rows]
        most = max(sorted(set(versions)), key=versions.count, default=None)
        kept = [row for row in rows if row[1] == most]
        table = np.full((len(kept), len(NAMES)), UNKNOWN, dtype=np.float32)
        for place, row in enumerate(kept):
            values = unpack(bytes(row[2]), "<f4")
            table[place, : len(values)] = values
        return LeadFeatures(tuple(row[0] for row in kept), table, most, len(rows) - len(kept))

    def save_clusters(
        self,
        made_at: datetime,
        made_by: str,
        model_version: str,
        report: Mapping[str, Any],
        lead_ids: Sequence[str],
        clusters: NDArray[np.int64],
    ) -> int:
        """Keep a clustering and who belongs where, in place of the members of the one before."""
        row = {
            "made_at": made_at,
            "made_by": made_by,
            "model_version": model_version,
            "report": to_json(dict(report)),
        }
        with self._database.write() as connection:
            connection.execute(delete(cluster_members))
            made = connection.execute(insert(clusterings).returning(clusterings.c.clustering_id), row).scalar_one()
            _add_members(connection, int(made), lead_ids, clusters.tolist())
            next_version(connection)
        return int(made)

    def clustering(self) -> StoredClustering | None:
        """The newest clustering, None before the first."""
        query = select(clusterings).order_by(clusterings.c.clustering_id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return StoredClustering(row.clustering_id, row.made_at, row.made_by, row.model_version, from_json(row.report))


def _add_members(connection: Connection, made: int, lead_ids: Sequence[str], clusters: Sequence[int]) -> None:
    """Those that were deleted meanwhile are left out."""
    for start in range(0, len(lead_ids), _ROWS):
        ids = lead_ids[start : start + _ROWS]
        here = set(connection.execute(select(lead_latest.c.lead_id).where(lead_latest.c.lead_id.in_(ids))).scalars())
        rows = [
            {"lead_id": lead_id, "clustering_id": made, "cluster": cluster}
            for lead_id, cluster in zip(ids, clusters[start : start + _ROWS], strict=True)
            if lead_id in here
        ]
        if rows:
            connection.execute(insert(cluster_members), rows)


def _sums(rates: Rates, now: datetime) -> list[Any]:
    row = lead_latest.c
    is_open = row.stage.in_(_OPEN)
    gci = gci_cents(row.sale_price_usd, row.agent, row.side, rates)
    parts = (
        is_open,
        row.stage.in_(DECIDED),
        row.stage.in_(DECIDED) & has_signed(),
        (row.created_at >= now - MONTH) & (row.created_at < now),
        (row.created_at >= now - 2 * MONTH) & (row.created_at < now - MONTH),
    )
    expected = func.sum(case((is_open, expected_cents(gci, chance_ppm(rates)))))
    return [
        func.count(),
        *(func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in parts),
        func.coalesce(expected, 0),
    ]


def _told(row: Sequence[Any]) -> SegmentSums:
    leads, opened, decided, signed, lately, before, expected = (int(value) for value in row)
    return SegmentSums(leads, opened, decided, signed, from_cents(expected), lately, before)
