"""Names that people give to kept versions of a text."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import BigId, UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "named_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", BigId, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("renamed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('named', 'before_restore')", name="kind"),
        sa.CheckConstraint("kind = 'before_restore' OR name != ''", name="name"),
        sa.CheckConstraint("length(name) <= 100", name="name_length"),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["by"], ["person.id"]),
        sa.ForeignKeyConstraint(
            ["document_id", "epoch", "seq"],
            ["text_version.document_id", "text_version.epoch", "text_version.seq"],
        ),
    )
    op.create_index("ix_named_version_idea_id", "named_version", ["idea_id"])
    op.create_index(
        "ix_named_version_document_id_epoch_seq", "named_version", ["document_id", "epoch", "seq"]
    )


def downgrade() -> None:
    op.drop_table("named_version")
