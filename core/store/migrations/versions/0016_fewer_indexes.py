"""Each index of the lists is a page more to write with every score; those of rare orders are gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ORDERS = ("confidence", "commission_usd", "name_key")
_FILTERS = ("source", "agent", "area")
_TOGETHER = "ix_lead_latest_agent_source_area"


def upgrade() -> None:
    """Drop six, and add one that counts leads by agent, source and area, and finds those of an agent."""
    for column in (*_ORDERS, *_FILTERS):
        op.drop_index(f"ix_lead_latest_{column}", "lead_latest")
    op.create_index(_TOGETHER, "lead_latest", ["agent", "source", "area"])


def downgrade() -> None:
    """As it was."""
    op.drop_index(_TOGETHER, "lead_latest")
    nulls = " NULLS FIRST" if op.get_bind().dialect.name == "postgresql" else ""
    for column in _ORDERS:
        op.create_index(f"ix_lead_latest_{column}", "lead_latest", [sa.text(column + nulls), "lead_id"])
    for column in _FILTERS:
        op.create_index(f"ix_lead_latest_{column}", "lead_latest", [column])
