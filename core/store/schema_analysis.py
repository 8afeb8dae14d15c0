"""The tables of the advanced analytics: A/B tests, trials of models, segments, clusters, areas, what sources cost."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Double, ForeignKey, Index, Integer, Table, Text

from core.store.columns import Cents, UtcTime, key_text, row_id
from core.store.schema import metadata

# A test runs from ``started_at`` until ``ended_at``; what was found and decided then is kept with it.
ab_tests = Table(
    "ab_tests",
    metadata,
    Column("test_id", row_id(), primary_key=True),
    Column("name", key_text(), nullable=False, unique=True),
    Column("design", Text, nullable=False),  # JSON object
    Column("started_at", UtcTime, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("ended_at", UtcTime),
    Column("ending", Text),  # JSON object: what was decided, by whom, why, and the figures of that moment
    sqlite_autoincrement=True,  # a number that comes again would assign leads as an earlier test did
)

# Which variant a lead has been given, and when; never changed.
ab_assignments = Table(
    "ab_assignments",
    metadata,
    Column("test_id", BigInteger, ForeignKey("ab_tests.test_id"), primary_key=True),
    Column("lead_id", key_text(), ForeignKey("leads.lead_id"), primary_key=True),
    Column("variant", Integer, nullable=False),  # counts the design's variants from 0
    Column("arrived_at", UtcTime, nullable=False),  # from when on the outcome counts
    Column("assigned_at", UtcTime, nullable=False),
    Index("ix_ab_assignments_lead_id", "lead_id"),
)

# A trial runs from ``started_at`` until ``ended_at``; which lead was in which arm stands with its scores.
model_trials = Table(
    "model_trials",
    metadata,
    Column("trial_id", row_id(), primary_key=True),
    Column("champion", key_text(), nullable=False),
    Column("challenger", key_text(), nullable=False),
    Column("design", Text, nullable=False),  # JSON object
    Column("started_at", UtcTime, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("ended_at", UtcTime),
    Column("ending", Text),  # JSON object: what was decided, by whom, why, and the figures of that moment
    sqlite_autoincrement=True,  # a number that comes again would assign leads as an earlier trial did
)

segments = Table(
    "segments",
    metadata,
    Column("name", key_text(), primary_key=True),
    Column("rule", Text, nullable=False),  # JSON object: the filters of the list of leads
    Column("saved_at", UtcTime, nullable=False),
    Column("saved_by", Text, nullable=False),
)

clusterings = Table(
    "clusterings",
    metadata,
    Column("clustering_id", row_id(), primary_key=True),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("report", Text, nullable=False),  # JSON object
    sqlite_autoincrement=True,
)

# The members of the newest clustering alone.
cluster_members = Table(
    "cluster_members",
    metadata,
    Column("lead_id", key_text(), ForeignKey("leads.lead_id"), primary_key=True),
    Column("clustering_id", BigInteger, ForeignKey("clusterings.clustering_id"), nullable=False),
    Column("cluster", Integer, nullable=False),
)

area_places = Table(
    "area_places",
    metadata,
    Column("area", key_text(), primary_key=True),
    Column("latitude", Double, nullable=False),
    Column("longitude", Double, nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("placed_by", Text, nullable=False),
)

# What the team paid for a lead source in a month (its first day), as a person uploaded it.
ad_spend = Table(
    "ad_spend",
    metadata,
    Column("channel", key_text(), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("amount_usd", Cents, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("saved_by", Text, nullable=False),
)
