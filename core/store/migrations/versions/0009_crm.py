"""A CRM may be connected: its events, what is known by them, and what it is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text, row_id

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "crm_events",
        sa.Column("event_no", row_id(), primary_key=True),
        sa.Column("webhook_id", key_text(), nullable=False),
        sa.Column("event_type", key_text(), nullable=False),
        sa.Column("state", key_text(), nullable=False),
        sa.Column("sent_at", UtcTime, nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("payload", sa.Text),
        sa.UniqueConstraint("webhook_id", name="uq_crm_events_webhook_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_crm_events_state_event_no", "crm_events", ["state", "event_no"])
    op.create_index("ix_crm_events_received_at", "crm_events", ["received_at"])
    op.create_table(
        "crm_known",
        sa.Column("contact_id", key_text(), primary_key=True),
        sa.Column("kind", key_text(), primary_key=True),
        sa.Column("entity_id", key_text(), primary_key=True),
        sa.Column("known", sa.Text, nullable=False),
    )
    op.create_table(
        "crm_people",
        sa.Column("contact_id", key_text(), primary_key=True),
        sa.Column("lead_id", key_text(), nullable=False),
        sa.Column("score_due", sa.BigInteger, nullable=False),
        sa.Column("deleted_at", UtcTime),
        sa.Column("next_write_at", UtcTime),
        sa.Column("write_tries", sa.Integer, nullable=False),
        sa.Column("write_problem", sa.Text),
        sa.Column("written_at", UtcTime),
        sa.Column("written_probability", sa.Double),
        sa.Column("written_tier", key_text()),
    )
    for column in ("lead_id", "score_due", "next_write_at"):
        op.create_index(f"ix_crm_people_{column}", "crm_people", [column])
    op.create_table(
        "crm_names",
        sa.Column("kind", key_text(), primary_key=True),
        sa.Column("name_id", key_text(), primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("example", sa.Text),
    )


def downgrade() -> None:
    """Take them away again."""
    for name in ("crm_names", "crm_people", "crm_known", "crm_events"):
        op.drop_table(name)
