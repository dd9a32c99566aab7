"""What ideas mean, and hints at similar ones that a team dismissed."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idea_meaning",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_idea_meaning_sha256")),
        sa.PrimaryKeyConstraint("idea_id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
    )
    op.create_index("ix_idea_meaning_at", "idea_meaning", ["at"])
    op.create_table(
        "dismissed_hint",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("idea_id <> other_id", name=op.f("ck_dismissed_hint_other")),
        sa.PrimaryKeyConstraint("idea_id", "other_id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
    )


def downgrade() -> None:
    op.drop_table("dismissed_hint")
    op.drop_table("idea_meaning")
