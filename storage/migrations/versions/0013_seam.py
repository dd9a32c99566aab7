"""Text that came after it was settled; acts that were undone, and of which people were told."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, Json, UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_late_contribution()
    op.add_column("stage_change", sa.Column("undoes", sa.Integer(), nullable=True))
    op.create_table(
        "statement_told",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["stage_change.id"]),
        sa.PrimaryKeyConstraint("change_id"),
    )


def downgrade() -> None:
    op.drop_table("statement_told")
    op.drop_column("stage_change", "undoes")
    op.drop_table("late_contribution")


def _create_late_contribution() -> None:
    op.create_table(
        "late_contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("update", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("passages", Json, nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("applied_seq", BigId, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'applied', 'set_aside')",
            name=op.f("ck_late_contribution_state"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_late_contribution_sha256")),
        sa.CheckConstraint("epoch >= 1 AND place >= 1", name=op.f("ck_late_contribution_place")),
        sa.CheckConstraint(
            "(state = 'applied') = (applied_seq IS NOT NULL)"
            " AND (state = 'set_aside') = (reason IS NOT NULL)"
            " AND (state <> 'waiting' OR \"update\" IS NOT NULL)",
            name=op.f("ck_late_contribution_outcome"),
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "place"),
        sa.UniqueConstraint("document_id", "sha256"),
    )
