"""A/B tests with who was given which variant, saved segments, clusters, and where areas lie."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text, row_id

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _experiments()
    op.create_table(
        "segments",
        sa.Column("name", key_text(), primary_key=True),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("saved_at", UtcTime, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
    )
    op.create_table(
        "clusterings",
        sa.Column("clustering_id", row_id(), primary_key=True),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("model_version", sa.Text, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cluster_members",
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), primary_key=True),
        sa.Column("clustering_id", sa.BigInteger, sa.ForeignKey("clusterings.clustering_id"), nullable=False),
        sa.Column("cluster", sa.Integer, nullable=False),
    )
    op.create_table(
        "area_places",
        sa.Column("area", key_text(), primary_key=True),
        sa.Column("latitude", sa.Double, nullable=False),
        sa.Column("longitude", sa.Double, nullable=False),
        sa.Column("placed_at", UtcTime, nullable=False),
        sa.Column("placed_by", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    for name in ("area_places", "cluster_members", "clusterings", "segments", "ab_assignments", "ab_tests"):
        op.drop_table(name)


def _experiments() -> None:
    op.create_table(
        "ab_tests",
        sa.Column("test_id", row_id(), primary_key=True),
        sa.Column("name", key_text(), nullable=False, unique=True),
        sa.Column("design", sa.Text, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.Column("ending", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ab_assignments",
        sa.Column("test_id", sa.BigInteger, sa.ForeignKey("ab_tests.test_id"), primary_key=True),
        sa.Column("lead_id", key_text(), sa.ForeignKey("leads.lead_id"), primary_key=True),
        sa.Column("variant", sa.Integer, nullable=False),
        sa.Column("arrived_at", UtcTime, nullable=False),
        sa.Column("assigned_at", UtcTime, nullable=False),
    )
    op.create_index("ix_ab_assignments_lead_id", "ab_assignments", ["lead_id"])
