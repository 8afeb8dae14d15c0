"""What we sent to leads is found without a look at what they sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OURS = sa.text("direction = 'outbound' AND kind <> 'note'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_interactions_ours",
        "interactions",
        ["lead_id", "occurred_at"],
        sqlite_where=_OURS,
        postgresql_where=_OURS,
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_interactions_ours", "interactions")
