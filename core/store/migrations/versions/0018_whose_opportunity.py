"""Whose an opportunity of the CRM is, is found without a look at all that is known of contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_INDEX = "ix_crm_known_opportunity"
_OF_OPPORTUNITY = sa.text("kind = 'opportunity'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(_INDEX, "crm_known", ["entity_id"], sqlite_where=_OF_OPPORTUNITY, postgresql_where=_OF_OPPORTUNITY)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index(_INDEX, "crm_known")
