"""Who changed what, and what a second model says beside the one that answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.columns import UtcTime, key_text, row_id

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build both tables; rows of the audit log are never changed and never taken away."""
    op.create_table(
        "audit",
        sa.Column("audit_id", row_id(), primary_key=True),
        sa.Column("happened_at", UtcTime, nullable=False),
        sa.Column("actor", key_text(), nullable=False),
        sa.Column("action", key_text(), nullable=False),
        sa.Column("subject", key_text(), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_happened_at", "audit", ["happened_at"])
    op.create_table(
        "shadow_scores",
        sa.Column("model_version", key_text(), primary_key=True),
        sa.Column("score_id", sa.BigInteger, sa.ForeignKey("scores.score_id"), primary_key=True),
        sa.Column("probability", sa.Double, nullable=False),
    )
    op.create_index("ix_shadow_scores_score_id", "shadow_scores", ["score_id"])
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_trigger()
    else:
        _sqlite_triggers()


def downgrade() -> None:
    """Take both tables away, and the log with them."""
    op.drop_table("shadow_scores")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")


def _sqlite_triggers() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def _postgresql_trigger() -> None:
    op.execute("""
        CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'integrity_constraint_violation';
        END $$""")
    op.execute("""
        CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""")
