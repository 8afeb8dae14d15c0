"""Commission plans; a list of leads also says side, since when a stage lasts, and the chance to close."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text, row_id

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is missing and fill it from leads and scores."""
    op.create_table(
        "commission_plans",
        sa.Column("plan_id", row_id(), primary_key=True),
        sa.Column("agent", key_text()),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
    )
    op.add_column("lead_latest", sa.Column("stage_at", UtcTime))
    op.add_column("lead_latest", sa.Column("side", key_text(), nullable=False, server_default="buyer"))
    op.add_column("lead_latest", sa.Column("closing_probability", sa.Double))
    op.execute("""
        UPDATE lead_latest SET
            side = COALESCE((SELECT side FROM leads WHERE leads.lead_id = lead_latest.lead_id), 'buyer'),
            stage_at = (
                SELECT COALESCE(stage_at, CASE WHEN lead_latest.stage = 'generated' THEN leads.created_at END)
                FROM leads WHERE leads.lead_id = lead_latest.lead_id),
            closing_probability = (
                SELECT closing_probability FROM scores
                WHERE scores.lead_id = lead_latest.lead_id AND scores.scored_at = lead_latest.scored_at
                ORDER BY score_id DESC LIMIT 1)""")


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("commission_plans")
    for name in ("stage_at", "side", "closing_probability"):
        op.drop_column("lead_latest", name)
