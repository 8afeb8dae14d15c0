"""Which entries of the lead stream are scored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the table."""
    op.create_table(
        "stream_entries",
        sa.Column("entry_key", key_text(), primary_key=True),
        sa.Column("scored_at", UtcTime, nullable=False),
    )
    op.create_index("ix_stream_entries_scored_at", "stream_entries", ["scored_at"])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("stream_entries")
