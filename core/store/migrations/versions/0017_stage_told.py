"""What an import told of a lead's stage stays beside an outcome, so that it comes back when that is taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; where no outcome has set the stage, an import has told it."""
    op.add_column("leads", sa.Column("stage_told", sa.Text))
    op.execute("UPDATE leads SET stage_told = stage WHERE stage_at IS NULL")


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("leads", "stage_told")
