"""Events get their number with what they tell of; none waits for it any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Number what still waits, and drop the index that found it."""
    op.execute("""
        UPDATE outbox SET feed_seq = (SELECT n FROM counters WHERE name = 'feed_seq') + waiting.place
        FROM (
            SELECT outbox_id, ROW_NUMBER() OVER (ORDER BY outbox_id) AS place FROM outbox WHERE feed_seq IS NULL
        ) AS waiting
        WHERE waiting.outbox_id = outbox.outbox_id""")
    op.execute("""
        UPDATE counters SET n = (SELECT COALESCE(MAX(feed_seq), 0) FROM outbox)
        WHERE name = 'feed_seq' AND n < (SELECT COALESCE(MAX(feed_seq), 0) FROM outbox)""")
    op.drop_index("ix_outbox_unnumbered", "outbox")


def downgrade() -> None:
    """Bring the index back."""
    op.create_index(
        "ix_outbox_unnumbered",
        "outbox",
        ["outbox_id"],
        sqlite_where=sa.text("feed_seq IS NULL"),
        postgresql_where=sa.text("feed_seq IS NULL"),
    )
