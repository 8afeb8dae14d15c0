"""The tables. ``migrations/`` builds them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.store.columns import Cents, Rate, UtcTime, key_text, row_id

HEAD = "0018"  # the newest revision under migrations/versions

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What we were told of a lead. NULL is "not told": a later NULL never erases a value.
leads = Table(
    "leads",
    metadata,
    Column("lead_id", key_text(), primary_key=True),
    Column("name", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("source", Text),
    Column("agent", Text),
    Column("side", Text),
    Column("stage", Text),
    Column("stage_at", UtcTime),  # of the outcome that set the stage; NULL when an import told it
    Column("stage_told", Text),  # what an import told last, to which the stage returns without outcomes
    Column("created_at", UtcTime),
    Column("budget_range", Text),
    Column("price_min_usd", Cents),
    Column("price_max_usd", Cents),
    Column("location_preference", Text),
    Column("timeline", Text),
    Column("financing", Text),
    Column("pre_approval", Text),
    Column("listing_price_usd", Cents),
    Column("listing_address", Text),
    Column("message", Text),
    Column("tags", Text),  # JSON list
    Column("insights", Text),  # JSON object
    Column("measured", Text),  # JSON object
)

interactions = Table(
    "interactions",
    metadata,
    Column("interaction_id", row_id(), primary_key=True),
    Column("lead_id", key_text(), ForeignKey("leads.lead_id"), nullable=False),
    Column("occurred_at", UtcTime, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("subject", Text),
    Column("text", Text),
    Column("response_time_hours", Double),
    Column("message_length", Integer),
    Column("questions_asked", Integer),
    Column("listing_price_usd", Cents),
    Column("listing_area", Text),
    UniqueConstraint("lead_id", "occurred_at", "digest"),  # also the order in which a history is read
)

# What we sent, for all leads at once. A query must say the same words, not parameters, to be answered from it.
OURS = "interactions.direction = 'outbound' AND interactions.kind <> 'note'"
_OURS = text(OURS.replace("interactions.", ""))
Index(
    "ix_interactions_ours",
    interactions.c.lead_id,
    interactions.c.occurred_at,
    sqlite_where=_OURS,
    postgresql_where=_OURS,
)

# What leads did themselves, with its kind: all that paths of touchpoints need, without a look at the table.
THEIRS = "interactions.direction = 'inbound' AND interactions.kind <> 'note'"
_THEIRS = text(THEIRS.replace("interactions.", ""))
Index(
    "ix_interactions_theirs",
    interactions.c.lead_id,
    interactions.c.occurred_at,
    interactions.c.kind,
    sqlite_where=_THEIRS,
    postgresql_where=_THEIRS,
)

# Append-only: triggers refuse UPDATE, and DELETE outside Store.clear().
scores = Table(
    "scores",
    metadata,
    Column("score_id", row_id(), primary_key=True),
    Column("lead_id", key_text(), ForeignKey("leads.lead_id"), nullable=False),
    Column("scored_at", UtcTime, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("probability", Double, nullable=False),
    Column("raw_probability", Double, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("tier", Text, nullable=False),
    Column("base_value", Double, nullable=False),
    Column("closing_probability", Double),
    Column("timeline_probability", Double),
    Column("features", LargeBinary, nullable=False),  # 28 little-endian float32, catalog order
    Column("contributions", LargeBinary, nullable=False),  # 28 little-endian float64
    Column("sale_price_usd", Cents),
    Column("price_basis", Text),
    Column("rate", Rate, nullable=False),
    Column("commission_usd", Cents),
    Column("reasons", Text, nullable=False),  # JSON list
    Column("escalation_recommended", Boolean, nullable=False),
    Column("trial_id", BigInteger),  # of the trial in which it was made; NULL outside of trials
    Column("trial_arm", Integer),  # 0 where the champion was to answer, 1 where the challenger was
    Index("ix_scores_lead_id_scored_at", "lead_id", "scored_at"),
    Index("ix_scores_scored_at", "scored_at", "tier", "escalation_recommended"),
    Index(
        "ix_scores_trial",
        "trial_id",
        "lead_id",
        "scored_at",
        sqlite_where=text("trial_id IS NOT NULL"),
        postgresql_where=text("trial_id IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("outcome_id", row_id(), primary_key=True),
    Column("lead_id", key_text(), ForeignKey("leads.lead_id"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("occurred_at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("actor", Text),
    Column("sale_price_usd", Cents),
    Column("reason", Text),
    UniqueConstraint("lead_id", "occurred_at", "stage"),
    Index("ix_outcomes_stage", "stage", "lead_id"),
)

overrides = Table(
    "overrides",
    metadata,
    Column("override_id", row_id(), primary_key=True),
    Column("lead_id", key_text(), ForeignKey("leads.lead_id"), nullable=False),
    Column("tier", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Index("ix_overrides_lead_id_made_at", "lead_id", "made_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("outbox_id", row_id(), primary_key=True),
    Column("feed_seq", BigInteger, unique=True),  # without a gap, in the order of the commits
    Column("event_id", Text, nullable=False),  # random: tells this record from another
    Column("created_at", UtcTime, nullable=False),
    Column("payload", Text, nullable=False),  # JSON object
    sqlite_autoincrement=True,
)

# One narrow row a lead, all that a list of leads shows, filters or sorts by.
lead_latest = Table(
    "lead_latest",
    metadata,
    Column("lead_id", key_text(), ForeignKey("leads.lead_id"), primary_key=True),
    Column("name", Text),
    Column("name_key", key_text()),
    Column("email", Text),
    Column("phone", Text),
    Column("search", key_text(), nullable=False),
    Column("source", key_text()),
    Column("agent", key_text()),
    Column("stage", key_text(), nullable=False),
    Column("stage_at", UtcTime),  # since when it stands there; NULL when nobody told
    Column("side", key_text(), nullable=False, server_default="buyer"),
    Column("area", key_text()),
    Column("created_at", UtcTime),
    Column("last_activity_at", UtcTime),
    Column("scored_at", UtcTime),
    Column("model_version", Text),
    Column("tier", key_text()),
    Column("probability", Double),
    Column("confidence", Double),
    Column("closing_probability", Double),
    Column("escalation_recommended", Boolean, nullable=False),
    Column("sale_price_usd", Cents),
    Column("commission_usd", Cents),
    Column("override_tier", key_text()),
    Column("override_expires_at", UtcTime),
)

# Each index is a page more to write with every score: rare orders of a list do without.
SORTED_BY = ("probability", "created_at", "last_activity_at", "scored_at")
for _column in SORTED_BY:
    Index(f"ix_lead_latest_{_column}", lead_latest.c[_column], lead_latest.c.lead_id)
Index("ix_lead_latest_agent_source_area", lead_latest.c.agent, lead_latest.c.source, lead_latest.c.area)

workspace = Table(
    "workspace",
    metadata,
    Column("key", key_text(), primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

day_counters = Table(
    "day_counters",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", key_text(), primary_key=True),
    Column("n", BigInteger, nullable=False),
)

# Keys of programs for the API. A revoked one stays, so that the log's names can be traced; its name is free again.
api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", row_id(), primary_key=True),
    Column("name", key_text(), nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("prefix", Text, nullable=False),
    Column("scope", Text, nullable=False),  # score, read, admin
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("last_used_at", UtcTime),  # to the minute
    Column("revoked_at", UtcTime),
    Index(
        "ix_api_keys_living_name",
        "name",
        unique=True,
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
)

# version: goes up with every change; feed_seq: the last number given; clearing: there while clear() runs
counters = Table(
    "counters",
    metadata,
    Column("name", key_text(), primary_key=True),
    Column("n", BigInteger, nullable=False),
)

# What came through the lead stream and is scored, so that an entry that is delivered again changes nothing.
stream_entries = Table(
    "stream_entries",
    metadata,
    Column("entry_key", key_text(), primary_key=True),
    Column("scored_at", UtcTime, nullable=False),
    Index("ix_stream_entries_scored_at", "scored_at"),
)

# Who changed what. Append-only: triggers refuse UPDATE and DELETE, also while the workspace is cleared.
audit = Table(
    "audit",
    metadata,
    Column("audit_id", row_id(), primary_key=True),
    Column("happened_at", UtcTime, nullable=False),
    Column("actor", key_text(), nullable=False),
    Column("action", key_text(), nullable=False),
    Column("subject", key_text(), nullable=False),
    Column("details", Text, nullable=False),  # JSON object, nothing personal
    Index("ix_audit_happened_at", "happened_at"),
    sqlite_autoincrement=True,
)

# What a model that does not answer would have said of a score's features. Never on the feed.
shadow_scores = Table(
    "shadow_scores",
    metadata,
    Column("model_version", key_text(), primary_key=True),
    Column("score_id", BigInteger, ForeignKey("scores.score_id"), primary_key=True),
    Column("probability", Double, nullable=False),
    Index("ix_shadow_scores_score_id", "score_id"),
)

# What agents and brokerage agreed, by the day from which it counts; of the same day the last one made counts.
commission_plans = Table(
    "commission_plans",
    metadata,
    Column("plan_id", row_id(), primary_key=True),
    Column("agent", key_text()),  # NULL: everyone without a plan of their own
    Column("valid_from", Date, nullable=False),
    Column("terms", Text, nullable=False),  # JSON object
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
)

# Who may sign in; someone put out stays with the moment, so that no claim lets them in again.
people = Table(
    "people",
    metadata,
    Column("email", key_text(), primary_key=True),  # lower case
    Column("name", Text),
    Column("role", key_text(), nullable=False),
    Column("agent", key_text()),  # as leads name them
    Column("from_claim", Boolean, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("claimed_at", UtcTime),
    Column("signed_in_at", UtcTime),
    Column("revoked_at", UtcTime),
)
