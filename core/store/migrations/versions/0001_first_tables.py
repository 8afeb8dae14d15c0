"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import Cents, Rate, UtcTime, key_text, row_id

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "leads",
    "interactions",
    "outcomes",
    "lead_latest",
    "scores",
    "opinions",
    "overrides",
    "outbox",
    "workspace",
    "day_counters",
    "counters",
)
_SORTED_BY = (
    "probability",
    "confidence",
    "commission_usd",
    "created_at",
    "last_activity_at",
    "scored_at",
    "name_key",
)


def upgrade() -> None:
    """Build every table, index and trigger."""
    _people()
    _judgements()
    _bookkeeping()
    _list_indexes()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()
    op.execute("INSERT INTO counters (name, n) VALUES ('version', 0), ('feed_seq', 0)")


def downgrade() -> None:
    """Drop everything."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_score_change()")


def _people() -> None:
    op.create_table(
        "leads",
        sa.Column("lead_id", key_text(), primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("agent", sa.Text),
        sa.Column("side", sa.Text),
        sa.Column("stage", sa.Text),
        sa.Column("stage_at", UtcTime),
        sa.Column("created_at", UtcTime),
        sa.Column("budget_range", sa.Text),
        sa.Column("price_min_usd", Cents),
        sa.Column("price_max_usd", Cents),
        sa.Column("location_preference", sa.Text),
        sa.Column("timeline", sa.Text),
        sa.Column("financing", sa.Text),
        sa.Column("pre_approval", sa.Text),
        sa.Column("listing_price_usd", Cents),
        sa.Column("listing_address", sa.Text),
        sa.Column("message", sa.Text),
        sa.Column("tags", sa.Text),
        sa.Column("insights", sa.Text),
        sa.Column("measured", sa.Text),
    )
    op.create_table(
        "interactions",
        sa.Column("interaction_id", row_id(), primary_key=True),
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), nullable=False),
        sa.Column("occurred_at", UtcTime, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("response_time_hours", sa.Double),
        sa.Column("message_length", sa.Integer),
        sa.Column("questions_asked", sa.Integer),
        sa.Column("listing_price_usd", Cents),
        sa.Column("listing_area", sa.Text),
        sa.UniqueConstraint("lead_id", "occurred_at", "digest"),
    )
    op.create_table(
        "outcomes",
        sa.Column("outcome_id", row_id(), primary_key=True),
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("occurred_at", UtcTime, nullable=False),
        sa.Column("recorded_at", UtcTime, nullable=False),
        sa.Column("actor", sa.Text),
        sa.Column("sale_price_usd", Cents),
        sa.Column("reason", sa.Text),
        sa.UniqueConstraint("lead_id", "occurred_at", "stage"),
    )
    op.create_index("ix_outcomes_stage", "outcomes", ["stage", "lead_id"])
    op.create_table(
        "lead_latest",
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("name_key", key_text()),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("search", key_text(), nullable=False),
        sa.Column("source", key_text()),
        sa.Column("agent", key_text()),
        sa.Column("stage", key_text(), nullable=False),
        sa.Column("area", key_text()),
        sa.Column("created_at", UtcTime),
        sa.Column("last_activity_at", UtcTime),
        sa.Column("scored_at", UtcTime),
        sa.Column("model_version", sa.Text),
        sa.Column("tier", key_text()),
        sa.Column("probability", sa.Double),
        sa.Column("confidence", sa.Double),
        sa.Column("escalation_recommended", sa.Boolean, nullable=False),
        sa.Column("sale_price_usd", Cents),
        sa.Column("commission_usd", Cents),
        sa.Column("override_tier", key_text()),
        sa.Column("override_expires_at", UtcTime),
    )


def _judgements() -> None:
    op.create_table(
        "scores",
        sa.Column("score_id", row_id(), primary_key=True),
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), nullable=False),
        sa.Column("scored_at", UtcTime, nullable=False),
        sa.Column("model_version", sa.Text, nullable=False),
        sa.Column("via", sa.Text, nullable=False),
        sa.Column("probability", sa.Double, nullable=False),
        sa.Column("raw_probability", sa.Double, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("base_value", sa.Double, nullable=False),
        sa.Column("closing_probability", sa.Double),
        sa.Column("timeline_probability", sa.Double),
        sa.Column("features", sa.LargeBinary, nullable=False),
        sa.Column("contributions", sa.LargeBinary, nullable=False),
        sa.Column("sale_price_usd", Cents),
        sa.Column("price_basis", sa.Text),
        sa.Column("rate", Rate, nullable=False),
        sa.Column("commission_usd", Cents),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("escalation_recommended", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_scores_lead_id_scored_at", "scores", ["lead_id", "scored_at"])
    op.create_index("ix_scores_scored_at", "scores", ["scored_at", "tier", "escalation_recommended"])
    op.create_table(
        "opinions",
        sa.Column("opinion_id", row_id(), primary_key=True),
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), nullable=False),
        sa.Column("score_id", sa.BigInteger, sa.ForeignKey("scores.score_id")),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("answered_at", UtcTime),
        sa.Column("asked_because", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("claude_model", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("tier", sa.Text),
        sa.Column("probability", sa.Double),
        sa.Column("rationale", sa.Text),
        sa.Column("recommended_action", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("tokens_in", sa.Integer),
        sa.Column("tokens_out", sa.Integer),
        sa.Column("cost_micro_usd", sa.BigInteger),
    )
    op.create_index("ix_opinions_lead_id_asked_at", "opinions", ["lead_id", "asked_at"])
    op.create_index("ix_opinions_asked_at", "opinions", ["asked_at"])
    op.create_index("ix_opinions_score_id", "opinions", ["score_id"])
    op.create_table(
        "overrides",
        sa.Column("override_id", row_id(), primary_key=True),
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime),
    )
    op.create_index("ix_overrides_lead_id_made_at", "overrides", ["lead_id", "made_at"])


def _bookkeeping() -> None:
    op.create_table(
        "outbox",
        sa.Column("outbox_id", row_id(), primary_key=True),
        sa.Column("feed_seq", sa.BigInteger, unique=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_unnumbered",
        "outbox",
        ["outbox_id"],
        sqlite_where=sa.text("feed_seq IS NULL"),
        postgresql_where=sa.text("feed_seq IS NULL"),
    )
    op.create_table(
        "workspace",
        sa.Column("key", key_text(), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "day_counters",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("name", key_text(), primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "counters",
        sa.Column("name", key_text(), primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
    )


def _list_indexes() -> None:
    """Both directions of a sort walk one index; a missing value is the lowest, as SQLite has it anyway."""
    nulls = " NULLS FIRST" if op.get_bind().dialect.name == "postgresql" else ""
    for column in _SORTED_BY:
        op.create_index(f"ix_lead_latest_{column}", "lead_latest", [sa.text(column + nulls), "lead_id"])
    for column in ("source", "agent", "area"):
        op.create_index(f"ix_lead_latest_{column}", "lead_latest", [column])


def _sqlite_triggers() -> None:
    op.execute(
        "CREATE TRIGGER scores_no_update BEFORE UPDATE ON scores "
        "BEGIN SELECT RAISE(ABORT, 'scores are append-only: a row is never changed'); END"
    )
    op.execute(
        "CREATE TRIGGER scores_no_delete BEFORE DELETE ON scores "
        "WHEN NOT EXISTS (SELECT 1 FROM counters WHERE name = 'clearing') "
        "BEGIN SELECT RAISE(ABORT, 'scores are append-only: rows go only when the workspace is cleared'); END"
    )


def _postgresql_triggers() -> None:
    op.execute("""
        CREATE FUNCTION refuse_score_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                RAISE EXCEPTION 'scores are append-only: a row is never changed'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF NOT EXISTS (SELECT 1 FROM counters WHERE name = 'clearing') THEN
                RAISE EXCEPTION 'scores are append-only: rows go only when the workspace is cleared'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$""")
    op.execute("""
        CREATE TRIGGER scores_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON scores
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_score_change()""")
