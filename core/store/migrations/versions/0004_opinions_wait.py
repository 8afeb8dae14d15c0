"""Opinions wait in a queue, and what is spent on them is booked by the day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text, row_id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the table of opinions anew: nothing has ever been written to the old one."""
    op.drop_table("opinions")
    op.create_table(
        "opinions",
        *_whom(),
        sa.Column("queued_at", UtcTime, nullable=False),
        sa.Column("queued_by", sa.Text),
        sa.Column("heard_until", UtcTime),
        sa.Column("not_before", UtcTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("asked_at", UtcTime),
        sa.Column("answered_at", UtcTime),
        sa.Column("batch_id", sa.Text),
        sa.Column("claude_model", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        sa.Column("answer", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("tokens_in", sa.Integer),
        sa.Column("tokens_cached", sa.Integer),
        sa.Column("tokens_out", sa.Integer),
        sa.Column("took_ms", sa.Double),
        sa.Column("reserved_micro_usd", sa.BigInteger),
        sa.Column("cost_micro_usd", sa.BigInteger),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", UtcTime),
        sa.Column("decision", sa.Text),
    )
    op.create_index("ix_opinions_lead_id_queued_at", "opinions", ["lead_id", "queued_at"])
    op.create_index("ix_opinions_status_queued_at", "opinions", ["status", "queued_at"])
    op.create_index("ix_opinions_queued_at", "opinions", ["queued_at"])
    op.create_index("ix_opinions_asked_at", "opinions", ["asked_at"])
    op.create_index("ix_opinions_score_id", "opinions", ["score_id"])
    op.create_table(
        "claude_spending",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("calls", sa.BigInteger, nullable=False),
        sa.Column("micro_usd", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO counters (name, n) VALUES ('escalated_to', 0)")


def downgrade() -> None:
    """Back to the table as it was, without its rows."""
    op.execute("DELETE FROM counters WHERE name = 'escalated_to'")
    op.drop_table("claude_spending")
    op.drop_table("opinions")
    op.create_table(
        "opinions",
        *_whom(),
        sa.Column("asked_at", UtcTime, nullable=False),
    )


def _whom() -> list[sa.Column[object]]:
    return [
        sa.Column("opinion_id", row_id(), primary_key=True),
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), nullable=False),
        sa.Column("score_id", sa.BigInteger, sa.ForeignKey("scores.score_id"), nullable=False),
        sa.Column("asked_because", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
    ]
