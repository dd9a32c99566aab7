"""Ideas that were begun at a workshop."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTCDateTime

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workshop_idea",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workshop_id", "idea_id"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"]),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["table_id"], ["workshop_table.id"]),
    )
    op.create_index("ix_workshop_idea_idea_id", "workshop_idea", ["idea_id"])


def downgrade() -> None:
    op.drop_table("workshop_idea")
