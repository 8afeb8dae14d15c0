"""What lead sources cost, by month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import Cents, UtcTime, key_text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "ad_spend",
        sa.Column("channel", key_text(), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("amount_usd", Cents, nullable=False),
        sa.Column("saved_at", UtcTime, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("ad_spend")
