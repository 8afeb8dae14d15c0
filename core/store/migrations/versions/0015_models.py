"""The team's models lie in the record, where several servers share it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "model_versions",
        sa.Column("version", key_text(), primary_key=True),
        sa.Column("registered_at", UtcTime, nullable=False),
        sa.Column("manifest", sa.Text, nullable=False),
    )
    op.create_table(
        "model_files",
        sa.Column("version", key_text(), sa.ForeignKey("model_versions.version"), primary_key=True),
        sa.Column("name", key_text(), primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("model_files")
    op.drop_table("model_versions")
    op.execute("DELETE FROM workspace WHERE key = 'models'")
