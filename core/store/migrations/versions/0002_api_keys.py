"""Keys with which programs call the API."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text, row_id

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the table; a name is taken only as long as its key lives."""
    op.create_table(
        "api_keys",
        sa.Column("key_id", row_id(), primary_key=True),
        sa.Column("name", key_text(), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("last_used_at", UtcTime),
        sa.Column("revoked_at", UtcTime),
        sa.UniqueConstraint("digest", name="uq_api_keys_digest"),
    )
    living = sa.text("revoked_at IS NULL")
    op.create_index(
        "ix_api_keys_living_name", "api_keys", ["name"], unique=True, sqlite_where=living, postgresql_where=living
    )


def downgrade() -> None:
    """Take the table away, and every key with it."""
    op.drop_table("api_keys")
