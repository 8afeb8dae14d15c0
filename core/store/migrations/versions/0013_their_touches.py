"""What leads did themselves is found, and told apart by kind, without a look at what we sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_THEIRS = sa.text("direction = 'inbound' AND kind <> 'note'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_interactions_theirs",
        "interactions",
        ["lead_id", "occurred_at", "kind"],
        sqlite_where=_THEIRS,
        postgresql_where=_THEIRS,
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_interactions_theirs", "interactions")
