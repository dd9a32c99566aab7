"""Districts of ideas."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idea_district",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_idea_district_place")),
        sa.CheckConstraint(
            "length(entry_id) BETWEEN 1 AND 64", name=op.f("ck_idea_district_entry_id")
        ),
        sa.PrimaryKeyConstraint("idea_id", "place"),
        sa.UniqueConstraint("idea_id", "entry_id", name="uq_idea_district_entry"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
    )
    op.create_index("ix_idea_district_entry", "idea_district", ["entry_id", "idea_id"])


def downgrade() -> None:
    op.drop_table("idea_district")
