"""People who may sign in, with their roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "people",
        sa.Column("email", key_text(), primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("role", key_text(), nullable=False),
        sa.Column("agent", key_text()),
        sa.Column("from_claim", sa.Boolean, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("claimed_at", UtcTime),
        sa.Column("signed_in_at", UtcTime),
        sa.Column("revoked_at", UtcTime),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("people")
