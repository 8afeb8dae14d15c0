"""A challenger may answer a share of leads: the trials, and in which arm a score was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text, row_id

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_IN_A_TRIAL = sa.text("trial_id IS NOT NULL")


def upgrade() -> None:
    """Build the table; a score made outside of trials has neither number."""
    op.create_table(
        "model_trials",
        sa.Column("trial_id", row_id(), primary_key=True),
        sa.Column("champion", key_text(), nullable=False),
        sa.Column("challenger", key_text(), nullable=False),
        sa.Column("design", sa.Text, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.Column("ending", sa.Text),
        sqlite_autoincrement=True,
    )
    op.add_column("scores", sa.Column("trial_id", sa.BigInteger))
    op.add_column("scores", sa.Column("trial_arm", sa.Integer))
    op.create_index(
        "ix_scores_trial",
        "scores",
        ["trial_id", "lead_id", "scored_at"],
        sqlite_where=_IN_A_TRIAL,
        postgresql_where=_IN_A_TRIAL,
    )


def downgrade() -> None:
    """Take the table away; who answered stays with each score as its version."""
    op.drop_index("ix_scores_trial", "scores")
    op.drop_column("scores", "trial_arm")
    op.drop_column("scores", "trial_id")
    op.drop_table("model_trials")
